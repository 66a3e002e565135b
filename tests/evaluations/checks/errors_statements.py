"""One wrong sentence at a random place of a sound evaluation, a function for each kind of error.

Each returns the evaluation and the field that is wrong now, or None if there is no place for the error.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random

from evaluations.checks.mentions import quantities, same_width
from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.printed_figures import figure
from evaluations.keys import TargetKey
from tests.evaluations.checks.changes import Changed, inserted, replaced, texts
from tokku.document.tree import Source
from tokku.japanese import number

# Texts and where they are


_FIELDS = {
    "evaluation": ("response_to_previous", "considerations", "overall"),
    "assessment": ("target_basis", "self_assessment"),
    "achievement": ("text",),
    "regional_text": ("text",),
}


def _is_of_results(source: Source) -> bool:
    """Whether it is a field on what was achieved."""
    return source.field in _FIELDS.get(source.record.split("/")[0], ())


def _sources(contents: Contents) -> list[Source]:
    return [source for source, _ in texts(contents) if _is_of_results(source)]


def _replaced(contents: Contents, random: Random, pattern: str, change: Callable) -> Changed:
    return replaced(contents, random, pattern, change, where=_is_of_results)


def _another(digits: str, random: Random) -> str:
    """Another number close by: 6, 7, 9 or 10 for 8; 70,203 with one digit changed."""
    value = int(digits.replace(",", ""))
    if value < 20:
        return str(random.choice([n for n in range(max(value - 2, 1), value + 3) if n != value]))
    text = str(value)
    while int(text) == value:
        place = random.randrange(len(text))
        text = text[:place] + random.choice("123456789") + text[place + 1 :]
    return f"{int(text):,}" if "," in digits else text


def _assessed(contents: Contents, random: Random) -> tuple[TargetKey, NumericTarget, Source]:
    key, _, target = random.choice([*contents.targets()])
    return key, target, Source(f"assessment/{key}", "self_assessment")


def _actuals(contents: Contents, target: NumericTarget) -> tuple[Decimal, Decimal]:
    """The actuals of the year before and of the evaluated year."""
    year = contents.fiscal_year
    return target.figures(year - 1).actual, target.figures(year).actual


def _wrong_figure(value: Decimal, target: NumericTarget, random: Random) -> str:
    return _another(number(value), random) + target.unit


# Numbers that were right


def another_actual(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(実績値は)([\d,]+)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_progress(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(進捗度は)(\d+)(?=%)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_progress_of_an_indicator(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(（\d）が)(\d+)(?=%)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_target(contents: Contents, random: Random) -> Changed:
    """目標値の10件 in words, or a sentence with another target than the year's."""
    _, target, source = _assessed(contents, random)
    figures = target.figures(contents.fiscal_year)
    wrong = _wrong_figure(figures.target, target, random)
    right = figure(figures.actual, target)
    return inserted(
        contents,
        random,
        source,
        random.choice(
            [
                f"目標値（{wrong}）に対し、実績値（{right}）であった。",
                f"目標値{wrong}に対し、実績は{right}であった。",
                f"令和5年度の目標値は{wrong}である。",
                f"目標として設定した値（{wrong}）に対し、実績は{right}となった。",
            ]
        ),
    )


def another_actual_beside_the_target(contents: Contents, random: Random) -> Changed:
    _, target, source = _assessed(contents, random)
    figures = target.figures(contents.fiscal_year)
    wrong = _wrong_figure(figures.actual, target, random)
    right = figure(figures.target, target)
    return inserted(
        contents,
        random,
        source,
        random.choice(
            [
                f"目標値（{right}）に対し、実績値（{wrong}）であった。",
                f"目標値{right}に対し、令和5年度の実績は{wrong}であった。",
                f"令和5年度の実績値は{wrong}（目標値{right}）となった。",
                f"目標{right}に対して実績{wrong}であった。",
            ]
        ),
    )


def another_actual_after_a_name(contents: Contents, random: Random) -> Changed:
    _, target, _ = _assessed(contents, random)
    figures = target.figures(contents.fiscal_year)
    wrong = _wrong_figure(figures.actual, target, random)
    source = Source("evaluation", "overall")
    if _matches(wrong, figures.target):
        return None
    return inserted(
        contents,
        random,
        source,
        random.choice(
            [
                f"{target.name}は{wrong}であった。",
                f"また、{target.name}は、令和5年度は{wrong}となった。",
                f"「{target.name}」は{wrong}であり、今後も取組を続ける。",
            ]
        ),
    )


def _matches(text: str, value: Decimal) -> bool:
    return text.startswith(number(value)) and not text[len(number(value))].isdigit()


def another_difference_from_the_target(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(目標値を)([\d,]+)(?=\D{1,2}上回)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_number_of_targets(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(\d)(?=つの(?:数値目標のうち|評価指標を))",
        lambda match: _another(match[1], random),
    )


def another_number_of_targets_reached(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(のうち、新規事業化件数を除く5つが目標値に達した|のうち、新規事業化件数を除く5つが)",
        lambda match: random.choice(
            [
                f"のうち、{n}{ending}"
                for n in (2, 4, 6)
                for ending in (
                    "つが目標値に達した",
                    "項目で目標を達成した",
                    "つの数値目標で目標値を上回った",
                    "項目が目標を達成することができた",
                )
            ]
            + ["のうち2つが未達となった", "のうち、3項目で目標を達成できなかった"]
        ),
    )


def another_target_left_out(contents: Contents, random: Random) -> Changed:
    names = ["特区関連事業による投資額", "国際共同治験件数", "研修等の参加者数"]
    return _replaced(contents, random, "新規事業化件数(?=を除く)", lambda _: random.choice(names))


def all_targets_reached(contents: Contents, random: Random) -> Changed:
    sentences = [
        "全ての数値目標を達成した。",
        "数値目標をいずれも達成することができた。",
        "令和5年度は、すべての数値目標で目標値を上回った。",
        "いずれの数値目標も達成した。",
    ]
    return inserted(contents, random, Source("evaluation", "overall"), random.choice(sentences))


# Reached or not


def reached_or_not(contents: Contents, random: Random) -> Changed:
    """The opposite of what the figures say, in the target's own text or by its name."""
    key, target, source = _assessed(contents, random)
    figures = target.figures(contents.fiscal_year)
    name = ""
    if random.random() < 0.5:
        name, source = f"{target.name}は、", Source("evaluation", "overall")
    if figures.actual >= figures.target:
        sentences = ["目標を達成できなかった。", "目標値を下回った。", "目標値に届かなかった。"]
        sentences += [
            "目標未達となった。",
            "目標には及ばなかった。",
            "目標を達成することができなかった。",
        ]
    else:
        sentences = ["目標を達成した。", "目標値を上回った。", "目標値に達した。"]
        sentences += ["目標を達成することができた。", "目標値を上回る結果となった。"]
    return inserted(contents, random, source, name + random.choice(sentences))


def reached_for_not_reached(contents: Contents, random: Random) -> Changed:
    turned = {
        "届かなかった": "達した",
        "上回っている": "下回っている",
        "上回った": "下回った",
    }
    return _replaced(
        contents,
        random,
        r"(目標値(?:に|には|は|を|の10件には))(届かなかった|上回っている|上回った)",
        lambda match: match[1] + turned[match[2]],
    )


# Other years


def another_change(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(前年度から)([\d,]+)(?=\D{1,2}(?:の減|減っ|増え))",
        lambda match: match[1] + _another(match[2], random),
    )


def the_other_way(contents: Contents, random: Random) -> Changed:
    turned = {"増え": "減っ", "減っ": "増え", "の減": "の増"}

    def change(match: re.Match[str]) -> str:
        verb = turned[match[2]] + match[3]
        return match[1] + verb.replace("減っ、", "減り、").replace("減った", "減った")

    return _replaced(
        contents, random, r"(前年度から[\d,]+(?:件|億円|人))(増え|減っ|の減)(た|、|と)", change
    )


def more_for_less(contents: Contents, random: Random) -> Changed:
    _, target, source = _assessed(contents, random)
    before, now = _actuals(contents, target)
    up = ["前年度に比べて増加した。", "前年度を上回った。", "実績値は前年度より増えた。"]
    down = ["前年度に比べて減少した。", "前年度を下回った。", "実績値は令和4年度から減少した。"]
    level = ["前年度から横ばいであった。", "前年度並みとなった。"]
    if abs(now - before) * 10 <= before:
        level = []
    sentences = level + (up if now <= before else []) + (down if now >= before else [])
    return inserted(contents, random, source, random.choice(sentences))


def another_multiple(contents: Contents, random: Random) -> Changed:
    _, target, source = _assessed(contents, random)
    before, now = _actuals(contents, target)
    aim = target.figures(contents.fiscal_year).target
    base, words = random.choice([(aim, "目標値の"), (before, "前年度の")])
    wrong = now / base * Decimal(random.choice(["0.6", "1.4", "1.9"]))
    return inserted(
        contents,
        random,
        source,
        f"実績値は{words}{random.choice(['およそ', '約', ''])}"
        f"{random.choice([f'{wrong:.1f}倍', f'{wrong * 100:.0f}%'])}であった。",
    )


def another_sum_of_years(contents: Contents, random: Random) -> Changed:
    _, target, source = _assessed(contents, random)
    wrong = _wrong_figure(sum(_actuals(contents, target)), target, random)
    if _matches(wrong, target.total.number):
        return None
    return inserted(
        contents,
        random,
        source,
        random.choice(["累計で", "実績は累計で", "累計は"]) + f"{wrong}である。",
    )


def another_basis(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(毎年度|累計で|累計は|令和5年度は)([\d,]+)(?=者|件|億円|人)",
        lambda match: match[1] + _another(match[2], random),
    )


# Sums


def another_part(contents: Contents, random: Random) -> Changed:
    """In a breakdown that the sample has."""
    return _replaced(
        contents,
        random,
        r"(内訳は[^。]*?)(\d+)(?=件|者)",
        lambda match: match[1] + _another(match[2], random),
    )


def parts_of_another_whole(contents: Contents, random: Random) -> Changed:
    _, _, source = _assessed(contents, random)
    first, second = random.randint(3, 40), random.randint(3, 40)
    wrong = _another(str(first + second), random)
    return inserted(
        contents,
        random,
        source,
        random.choice(
            [
                f"取り組む事業は全体で{wrong}件であり、継続{first}件、新規{second}件となった。",
                f"相談の件数は合計{wrong}件（対面{first}件、電話{second}件）であった。",
                f"事業の総数は{wrong}件で、内訳は継続{first}件、新規{second}件である。",
                f"継続{first}件と新規{second}件を合わせて{wrong}件となった。",
                f"対面{first}回、電話{second}回の計{wrong}回の相談を行った。",
            ]
        ),
    )


def part_greater_than_its_whole(contents: Contents, random: Random) -> Changed:
    source = random.choice(_sources(contents))
    whole = random.randint(5, 60)
    part = whole + random.randint(1, 40)
    return inserted(
        contents,
        random,
        source,
        random.choice(
            [
                f"実施した件数は{whole}件となっており、そのうち新規のものは{part}件となっている。",
                f"{whole}社を訪問し、うち{part}社から回答を得た。",
                f"相談は{whole}件（うち新規{part}件）であった。",
                f"{whole}の診療科で治験を行い、うち{part}の診療科で実績を伸ばしている。",
            ]
        ),
    )


# The same in two places


def another_result_of_a_scheme(contents: Contents, random: Random) -> Changed:
    """In section 6, with the scheme's name."""
    schemes = [
        (scheme, quantity)
        for scheme in contents.schemes
        for quantity in quantities(same_width(scheme.result))
        if quantity.unit in ("件", "名", "回", "社")
        and "累計" not in scheme.result
        and quantity.value > 2
    ]
    if not schemes:
        return None
    scheme, quantity = random.choice(schemes)
    known_values = {other.value for other in quantities(same_width(scheme.result))}
    known_values |= {sum(known_values)}
    wrong = next(
        digits
        for digits in iter(lambda: _another(number(quantity.value), random), None)
        if Decimal(digits.replace(",", "")) not in known_values
    )
    parts = [source for source in _sources(contents) if source.record.startswith("regional_text")]
    name = random.choice([f"「{scheme.name}」", scheme.name])
    return inserted(
        contents,
        random,
        random.choice(parts),
        random.choice(
            [
                f"また、{name}の実績は{wrong}{quantity.unit}であった。",
                f"令和5年度は、{name}により{wrong}{quantity.unit}の実績があった。",
            ]
        ),
    )


def another_result_in_a_text(contents: Contents, random: Random) -> Changed:
    """In sentences on results that section 6 of the sample has, with or without a scheme's name."""
    return _replaced(
        contents,
        random,
        r"(区域内の企業|開発など|区域の取組を)(\d+)(?=件|名)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_count_of_an_achievement(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents,
        random,
        r"(国際共同治験は)(\d+)",
        lambda match: match[1] + _another(match[2], random),
    )


def another_number_in_a_repeated_sentence(contents: Contents, random: Random) -> Changed:
    """A sentence copied to two places, with another number in one of them."""
    sources = _sources(contents)
    first = random.choice([source for source in sources if source.record.startswith("assessment")])
    others = [source for source in sources if not source.record.startswith("assessment")]
    count = random.randint(20, 300)
    sentence = "区域内で実施している共同研究の件数は{}件となっている。"
    once = inserted(contents, random, first, sentence.format(count))
    wrong = sentence.format(_another(str(count), random))
    return inserted(once[0], random, random.choice(others), wrong)


ERRORS = (
    another_actual,
    another_progress,
    another_progress_of_an_indicator,
    another_target,
    another_actual_beside_the_target,
    another_actual_after_a_name,
    another_difference_from_the_target,
    another_number_of_targets,
    another_number_of_targets_reached,
    another_target_left_out,
    all_targets_reached,
    reached_or_not,
    reached_for_not_reached,
    another_change,
    the_other_way,
    more_for_less,
    another_multiple,
    another_sum_of_years,
    another_basis,
    another_part,
    parts_of_another_whole,
    part_greater_than_its_whole,
    another_result_of_a_scheme,
    another_result_in_a_text,
    another_count_of_an_achievement,
    another_number_in_a_repeated_sentence,
)
