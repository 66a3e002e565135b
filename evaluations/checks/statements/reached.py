"""Whether a target was reached, as texts state it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.subjects import Statement, figures_text, is_denied, statements
from evaluations.form.contents import NumericTarget
from evaluations.progress import Formula
from tokku.japanese import fiscal_year_name

# What happened, not what is hoped for: 達成した, but not 達成するため, 達成できるよう or 達成した企業.
_DONE = r"(?=[。、)」\s]|が|もの|ところ|こと|ため|結果|ほか|上|$)"
HOW = r"(?:いずれも|全て|すべて|無事に?|既に|大きく|大幅に|僅かに|わずかに|やや|若干)?"
GOAL = (
    r"(?:目標(?:値|数|額)?|(?<=目標)値)(?:として設定した値)?(?:\([^()]{1,20}\))?"
    r"(?:の?[\d,.]{1,15}[^\d、。はをにがも%割倍]{1,4})?"
)
REACHED = (
    rf"(?:達成(?:(?=[。)]|$)|(?:した|してい(?:る|た)|でき(?:た|ている)|することができた|となった){_DONE}"
    r"|し、|して、|しており|してい(?=る)|でき、|できており|することができ、|となり|となっ(?=た|て))"
    rf"|達し(?:た{_DONE}|、|ており|ている)|クリアした{_DONE})"
)
EXCEEDED = r"(?:上回(?:った|り、|っており|っている|る結果|る実績|る水準)|超え(?:た|、|ており|ている|る結果|る実績)|超過(?:した|し、|している))"
BELOW = r"(?:下回(?:った|り、|っており|っている|る結果|る実績|る水準))"
MISSED = (
    r"(?:未達成?(?=[。、)で]|とな(?:った|り|っ)|に終わ|だ)"
    r"|達成(?:には|に|とは|は|することが)?(?:でき(?:なかった|ず|ておらず|ていない)|しなかった|せず|至ら(?:なかった|ず|ない)|ならなかった|届か(?:なかった|ず))"
    r"|(?:届か|及ば|達し|達成し)(?:なかった|ず|ていない|ておらず))"
    # 達成できなかった企業 is about companies.
    r"(?![一-龥ァ-ヴー]{0,4}(?:企業|事業(?!化)|者|社|団体|機関|人|案件|施設|分野|項目|取組))"
)
_CLAIM = re.compile(
    rf"{GOAL}(?:を|は|も|が|に|には|と|に対し|に対して)?、?{HOW}"
    rf"(?:(?P<missed>{MISSED})|(?P<reached>{REACHED})|(?P<exceeded>{EXCEEDED})|(?P<below>{BELOW}))"
)
_IN_A_ROW = re.compile(r"(?P<years>\d)(?:年|か年|ヶ年)度?(?:連続|続け)|[前昨]年度に(?:引き)?続")
_CLAIM_TEXTS = {
    "reached": "目標に達したとする文です",
    "exceeded": "目標を上回ったとする文です",
    "below": "目標を下回ったとする文です",
    "missed": "目標に達しなかったとする文です",
}
COUNT = r"(?:\d{1,2}|[一二三四五六七八九十]) ?(?:つ|個|項目|件|指標)"


@check("目標の達成・未達の記述", Level.BLOCKING)
def target_reached(picture: Picture) -> Iterator[Finding]:
    """目標を達成した, 上回った, 下回った, 未達 against the figures of 別紙1."""
    for statement in statements(picture, "目標"):
        for match in _CLAIM.finditer(statement.text):
            if _is_about_several(statement, match.start()) or is_denied(
                statement.text, match.end()
            ):
                continue
            for key in statement.targets(match.start()):
                target = picture.contents.target(key)
                if not statement.is_about(match.start(), target):
                    continue
                years = _claimed_years(statement, match.start())
                year = next((y for y in years if is_false(match.lastgroup, target, y)), None)
                if year is None:
                    continue
                yield target_reached.finding(
                    statement.passage,
                    f"{_CLAIM_TEXTS[match.lastgroup]}が、{fiscal_year_name(year)}の{figures_text(picture, key, year)}"
                    "と合いません。文と別紙1のどちらが正しいか確かめ、誤っている方を直してください。",
                    words=statement.words(*match.span()),
                    found=statement.words(*match.span()),
                    expected=figures_text(picture, key, year),
                )


def _claimed_years(statement: Statement, place: int) -> list[int]:
    """The years that a claim is about; several for 2年連続で and 前年度に引き続き."""
    year = statement.year(place)
    in_a_row = _IN_A_ROW.search(statement.text[max(place - 24, 0) : place])
    several = int(in_a_row["years"] or 2) if in_a_row else 1
    return [year - n for n in range(several)] if year else []


def _is_about_several(statement: Statement, place: int) -> bool:
    """Whether a count or "all" stands before the claim: 5つが目標値に達した is about no single target."""
    before = statement.text[max(place - 16, 0) : place]
    return bool(re.search(rf"(?:{COUNT}|全て|すべて|全|いずれも?)[^、。]{{0,8}}$", before))


def is_false(claim: str, target: NumericTarget, year: int) -> bool:
    """Whether the figures of a year contradict a claim (a group of `_CLAIM`).

    False where a figure is missing or the target is assessed in words.
    """
    figures = target.figures(year)
    reached = is_reached(target, year)
    if reached is None or target.assessment.qualitative:
        return False
    if claim in ("reached", "missed"):
        return reached != (claim == "reached")
    if figures.formula == Formula.LESS_IS_BETTER:
        return False
    above = figures.actual > figures.target
    return not above if claim == "exceeded" else figures.actual >= figures.target


def is_reached(target: NumericTarget, year: int) -> bool | None:
    """Whether the exact figures reach the target: 99.6% is printed as 100% but not reached. None without figures."""
    figures = target.figures(year)
    if not isinstance(target.progress(year), Decimal):
        return None
    if figures.formula == Formula.LESS_IS_BETTER:
        return figures.actual <= figures.target
    if figures.formula == Formula.IMPROVEMENT and figures.baseline > figures.target:
        return figures.actual <= figures.target
    return figures.actual >= figures.target
