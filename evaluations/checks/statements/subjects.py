"""What a sentence is about: which numeric targets, which fiscal year, which quantities."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.checks.mentions import Quantity, YearMention, quantities, same_width, year_mentions
from evaluations.checks.picture import Passage, Picture
from evaluations.form.contents import Indicator, NumericTarget
from evaluations.form.printed_figures import figure, target_number
from evaluations.keys import TargetKey
from tokku.japanese import parse_circled

# Kinds of records whose texts are about the zone's figures; those of plans and schemes are not.
_KINDS = {kind.source for kind in catalogue.KINDS.values() if kind.speaks_of_figures}
# The experts' remarks on another year, which the authors cannot correct.
_WRITTEN_BY_OTHERS = {"previous_remarks"}

APPROXIMATELY = r"(?:およそ|おおよそ|おおむね|概ね|約|ほぼ)"
# As many names or years are looked at before a place, so that the cost does not grow with the text squared.
_MOST_LOOKED_AT = 6
_AFTER_APPROXIMATE = re.compile(r"余|弱|強|程度|前後|近く|超|以上")
_REFERENCE = re.compile(
    r"(?P<what>数値目標|評価指標) ?\((?P<indicator>\d{1,3})\)(?: ?[-ー] ?(?P<number>[①-⑳]|\d{1,2}))?"
)
_LIST = re.compile(r"[、,・]|及び|並びに|と|や|、及び|・|」、「")
_TOPIC = re.compile(
    r"[」)]?(?:は|が|も|のみ|だけ|について|に関して|に係る|に関する|における|の(?:実績|進捗|目標|うち)|[(「:、])"
)
_EXCLUDED = re.compile(r"[」)]?(?:を除|以外)")
# After these words a year is only compared with (前年度を上回る), not the one that the sentence is about.
_COMPARED = re.compile(
    r"(?:の?(?:実績値?|進捗[度率])?(?:[の(]?[\d,.]{1,15}[^\d、。)]{1,4}\)?)?)?"
    r"(?:から|に(?:比べ|比較|対し)|と(?:比べ|比較|同)|より|比|並み|に(?:引き)?続|を[^、。]{0,8}[上下]回|を超)"
    rf"|の(?:実績値?の)?{APPROXIMATELY}?[\d.]{{1,6}}倍"
)
_RANGE = re.compile(r" ?(?:~|以降|以前|まで|-)")
_RIGHT_BEFORE = re.compile(rf"(?:の?実績値?)?(?:[はがも]、?|の|[(:])?(?:{APPROXIMATELY}|延べ)?")
_YEAR_TOPIC = re.compile(r"(?:に|において|における[^、。]{0,12})?は")
# After these words a figure is of a part alone; after 令和5年度に限れば it is still the zone's.
_PART = re.compile(
    r"(?<!年度)(?<!年)(?:に(?:限(?:れば|ると|って(?:は|も|見|み|言|い)|定(?:すれば|すると|して|した))|絞(?:れば|ると|って))"
    r"|(?:のみ|だけ)(?:で(?:は、|も、|見|み)|を(?:見|み|取り出))|を除(?:けば|くと|いて|いた))(?!.*(?:全体|合計))"
)
_WORD = re.compile(r"[一-龥々]+|[ァ-ヴー]+|[A-Za-z]+")
# A noun with は, が, も; not 下回ったが, where が joins two clauses.
_SUBJECT = re.compile(
    r"([^、。はがも]{0,29}[一-龥々ァ-ヴーA-Za-z\d)」])(?:は|が|も|については|に関しては)、?$"
)
_GENERAL = re.compile(
    r"(?:.*(?:年度|全体|特区|区域|この|その)の?)?(?:実績値?|進捗[度率]?|件数|数値?|結果|全体|年度)"
)
_HEAD = re.compile(r"の|による|における|に関する|に係る")
# 横浜市の and 国内の make it another count; 令和5年度の and 数値目標（1）の do not.
_NARROWED = re.compile(r"(?<!年度)(?<!全体)(?<!特区)(?<!区域)(?<!\))の「?$")
# 1回当たりの参加者 is what no target counts.
_EACH = re.compile(r"[当あ]たり|ごと|毎|平均")
# 下回った年度はない and 下回ったわけではない deny something and state nothing.
_DENIED = re.compile(
    r"[^、。\n]{0,16}?(?:(?<=[ただ])(?:年度?|こと|わけ|もの)|(?<=る)(?:年度?|わけ))(?:では|[はがも])、?"
    r"(?:(?:これまで|過去|かつて|一[度つ])[にで]?[はも]?、?){0,2}(?:存在し|見られ|見当たら)?(?:な[いかく]|ず)"
)
_COUNTER = re.compile(r"(?:延べ)?(?:件数|者数|額|数|値)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a numeric target (`key`) or an indicator (its number); neither where it is ambiguous."""

    start: int
    end: int
    key: TargetKey | None
    indicator: int | None = None


@dataclass(frozen=True)
class Statement:
    """A sentence of a passage. Places are counted from its first letter."""

    picture: Picture
    passage: Passage
    start: int
    text: str

    def words(self, start: int, end: int) -> str:
        return self.passage.words(self.start + start, self.start + end)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.text))

    @cached_property
    def _by_start(self) -> dict[int, Quantity]:
        return {quantity.start: quantity for quantity in self.quantities}

    def quantity_at(self, place: int) -> Quantity | None:
        return self._by_start.get(place)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The targets and indicators that the sentence names, in order."""
        named = [
            Mention(start, end, key)
            for start, end, key in self.picture.targets_in(self.text)
            if not (start and _WORD.match(self.text[start - 1]))
            and not _NARROWED.search(self.text[max(start - 5, 0) : start])
        ]
        referred = [self._reference(match) for match in _REFERENCE.finditer(self.text)]
        return tuple(sorted(named + referred, key=lambda mention: mention.start))

    def _reference(self, match: re.Match[str]) -> Mention:
        number = int(match["indicator"])
        if match["what"] == "評価指標":
            return Mention(*match.span(), None, number)
        keys = [key for key, *_ in self.picture.contents.targets() if key.indicator == number]
        if match["number"]:
            digits = match["number"]
            place = int(digits) if digits.isdecimal() else parse_circled(digits)
            keys = [key for key in keys if key.number == place]
        return Mention(*match.span(), keys[0] if len(keys) == 1 else None)

    def mentions_before(self, place: int, most: int = 1) -> tuple[Mention, ...]:
        """The last `most` mentions before `place`, in the order of the text."""
        end = bisect_left(self.mentions, place, key=lambda mention: mention.end - 1)
        return self.mentions[max(end - most, 0) : end]

    def mention_before(self, place: int) -> Mention | None:
        return next(iter(self.mentions_before(place)), None)

    def targets(self, place: int) -> tuple[TargetKey, ...]:
        """The targets that the words at `place` are about: those named last, else the passage's own.

        Several where they are listed together (投資額及び参加者数は); none where uncertain.
        """
        own_target = self.passage.target
        last = self.mention_before(place)
        if last is None or last.key == own_target is not None:
            return (own_target,) if own_target and not self._is_about_part(place) else ()
        if _EXCLUDED.match(self.text, last.end) or self._is_about_part(place):
            return ()
        if not last.key or not _TOPIC.match(self.text, last.end):
            return (own_target,) if own_target and not last.key and last.indicator is None else ()
        named = [last.key]
        for mention in reversed(self.mentions_before(place, _MOST_LOOKED_AT)[:-1]):
            if not mention.key or not _LIST.fullmatch(self.text, mention.end, last.start):
                break
            named.append(mention.key)
            last = mention
        return tuple(reversed(named))

    def _is_about_part(self, place: int) -> bool:
        """Whether the clause is about one municipality or another part: 横浜市では…, 医療機器に限れば…"""
        before = self.text[max(place - 40, 0) : place]
        if _PART.search(before):
            return True
        names = self.picture.contents.zone.municipalities
        return any(
            f"{name}{particle}" in before
            for name in names
            for particle in ("は", "では", "が", "の実績", "において", "分")
        )

    def is_about(self, place: int, target: NumericTarget) -> bool:
        """Whether the subject right before `place`, if there is one, can be what the target counts.

        For the target 研修等の参加者数, 参加者が can; 来訪者が is another count.
        """
        start = max(place - 40, 0)
        subject = _SUBJECT.search(self.text[start:place])
        named = self.mention_before(place)
        if not subject or (named and named.key and start + subject.end(1) - named.end in (0, 1)):
            return True
        return is_of(subject[1], target)

    def indicator(self, place: int) -> int | None:
        """The number of the indicator named last before `place`; None where a target is named after it."""
        mention = self.mention_before(place)
        return mention.indicator if mention else None

    def year(self, place: int) -> int | None:
        """The fiscal year that the words at `place` are about; None where uncertain."""
        years = self.passage.years
        place += self.start
        flat = self.passage.flat
        end = bisect_left(years, place, key=lambda mention: mention.start)
        for mention in reversed(years[max(end - _MOST_LOOKED_AT, 0) : end]):
            is_in_sentence = mention.start >= self.start
            year = self.fiscal_year(mention)
            # 次年度から begins something; texts do not compare with a future year.
            is_to_come = year is not None and year > self.picture.year
            if mention.month or (_COMPARED.match(flat, mention.end) and not is_to_come):
                continue
            if is_in_sentence and (not mention.is_fiscal or _RANGE.match(flat, mention.end)):
                return None
            if is_in_sentence:
                return year
            # A past year as the topic of an earlier sentence may hold on; a future one (次年度は…) does not.
            earlier = year is not None and year < self.picture.year
            return None if earlier and _YEAR_TOPIC.match(flat, mention.end) else self.picture.year
        return self.picture.year

    def year_of(self, match: re.Match[str]) -> int | None:
        """The year named in the group `year` of a match, else the year of its place."""
        named = next(year_mentions(match["year"] or ""), None)
        return self.fiscal_year(named) if named else self.year(match.end())

    def year_of_quantity(self, quantity: Quantity) -> int | None:
        """The year right before a quantity (令和4年度の8件, 前年度（8件）), else the year of its place."""
        before = self.text[max(quantity.start - 16, 0) : quantity.start]
        for mention in year_mentions(before):
            if _RIGHT_BEFORE.fullmatch(before, mention.end) and mention.is_fiscal:
                return self.fiscal_year(mention)
        return self.year(quantity.start)

    def fiscal_year(self, mention: YearMention) -> int | None:
        return mention.fiscal_year if mention.offset is None else self.picture.year + mention.offset


def statements(picture: Picture, *words: str) -> Iterator[Statement]:
    """The sentences about the zone's figures that contain any of `words`."""
    for passage in picture.prose:
        if passage.kind not in _KINDS or passage.source.field in _WRITTEN_BY_OTHERS:
            continue
        if any(word in passage.flat for word in words):
            for sentence in passage.sentences:
                if any(word in sentence.text for word in words):
                    yield Statement(picture, passage, sentence.start, sentence.text)


def is_of(subject: str, target: NumericTarget) -> bool:
    """Whether the subject can be what a target counts, by its last noun.

    For the target 研修等の参加者数, 研修参加者 can; 研修 and 来訪者 cannot.
    """
    if _EACH.search(subject):
        return False
    if _GENERAL.fullmatch(subject):
        return True
    nouns = _WORD.findall(_COUNTER.sub("", subject))
    counted = _HEAD.split(same_width(target.name))[-1]
    return bool(nouns) and nouns[-1][-3:] in counted


def is_denied(text: str, place: int) -> bool:
    """Whether the clause is denied after `place`: 下回った年度はない."""
    return bool(_DENIED.match(text, place))


# Figures as sentences have them


def scale(target: NumericTarget) -> tuple[Decimal, str]:
    """The factor and unit in which sentences give a target's values: (100000000, 円) for 億円."""
    quantity = next(quantities("1" + same_width(target.unit)), None)
    return (quantity.value, quantity.unit) if quantity else (Decimal(1), target.unit)


def same_unit(unit: str, other_unit: str) -> bool:
    return unit == other_unit or {unit, other_unit} == {"人", "名"}


def is_approximate(text: str, quantity: Quantity) -> bool:
    before = text[max(quantity.start - 5, 0) : quantity.start]
    return bool(
        re.search(APPROXIMATELY + "$", before) or _AFTER_APPROXIMATE.match(text, quantity.end)
    )


def agrees(quantity: Quantity, value: Decimal, *, approximate: bool = False) -> bool:
    """Whether `quantity` states `value`, in the same unit, rounded or cut off as it is written.

    An approximate quantity may be off by a tenth of the value.
    """
    if approximate:
        return abs(quantity.value - value) <= abs(value) / 10
    last_digit = Decimal(1).scaleb(quantity.value.as_tuple().exponent)
    return -last_digit / 2 <= value - quantity.value < last_digit


def indicator_and_target(picture: Picture, key: TargetKey) -> tuple[Indicator, NumericTarget]:
    return next(
        (indicator, target)
        for target_key, indicator, target in picture.contents.targets()
        if target_key == key
    )


def figures_text(picture: Picture, key: TargetKey, year: int) -> str:
    """The figures of a target as findings state them: 数値目標（4）の目標値10件、実績値8件."""
    indicator, target = indicator_and_target(picture, key)
    figures = target.figures(year)
    return (
        f"数値目標{target_number(indicator, target)}の"
        f"目標値{figure(figures.target, target)}、実績値{figure(figures.actual, target)}"
    )
