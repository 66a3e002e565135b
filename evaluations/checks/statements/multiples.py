"""Multiples, tenths and percentages of a target or of last year's actual, as texts state them."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.subjects import (
    APPROXIMATELY,
    Statement,
    is_approximate,
    is_denied,
    statements,
)
from evaluations.checks.statements.totals import sum_to
from evaluations.form.contents import NumericTarget
from tokku.japanese import number

_MULTIPLE = re.compile(
    rf"(?P<base>目標(?:値|数|額)?|前年度|昨年度)(?:の?実績値?)?(?:の|に(?:対し|比べ)て?|と比べて?|比で?|を)、?(?:実績値?[はが]、?)?"
    rf"{APPROXIMATELY}?(?=\d)"
)
_PROGRESS = re.compile(r"(?:進捗[度率]|達成率)[はがも]、?$")
_PERCENT_DIRECTION = re.compile(
    r"(?:ほど|程度|以上|も|の)?(?:(?P<up>増|上回|多|伸び|超過)|(?P<down>減|下回|少な))"
)
_UNIT_VALUES = {"倍": Decimal(1), "割": Decimal("0.1"), "%": Decimal("0.01")}
_OF_ALL_YEARS = re.compile(r"年間|累計|期間|計画")


@check("倍率・割合の記述", Level.CAUTION)
def multiple(picture: Picture) -> Iterator[Finding]:
    """目標値のおよそ1.5倍, 目標の6割, 前年度比20%増, 5年間の目標の28% against 別紙1."""
    for statement in statements(picture, "倍", "割", "%"):
        for match in _MULTIPLE.finditer(statement.text):
            quantity = statement.quantity_at(match.end())
            year = statement.year(match.start())
            if not quantity or quantity.unit not in _UNIT_VALUES or not year:
                continue
            # 進捗度は前年度の60%から is no share of last year's actual.
            if _PROGRESS.search(statement.text, max(match.start() - 8, 0), match.start()):
                continue
            if statement.text.startswith(("から", "より"), quantity.end) or is_denied(
                statement.text, quantity.end
            ):
                continue
            targets = [
                picture.contents.target(key) for key in statement.targets(match.start())
            ] or _any_target(statement, match)
            if statement.targets(match.start()):
                targets = [
                    target for target in targets if statement.is_about(match.start(), target)
                ]
            ratios = [
                ratio for target in targets for ratio in _ratios(statement, match, target, year)
            ]
            if not ratios or None in ratios:
                continue
            if any(_fits(statement, match, quantity, ratio) for ratio in ratios):
                continue
            expected = "、".join(dict.fromkeys(_ratio_text(quantity, ratio) for ratio in ratios))
            yield multiple.finding(
                statement.passage,
                f"倍率又は割合が、別紙1の数値から計算した{expected}と合いません。計算し直し、どちらかを直してください。",
                words=statement.words(match.start(), quantity.end),
                found=statement.words(quantity.start, quantity.end),
                expected=expected,
            )


def _any_target(statement: Statement, match: re.Match[str]) -> list[NumericTarget]:
    """All targets where a text of the evaluation as a whole names none: the ratio should fit one of them."""
    if statement.passage.kind != "evaluation" or not match["base"].startswith("目標"):
        return []
    if statement.mention_before(match.start()):
        return []
    return [target for _, _, target in statement.picture.contents.targets()]


def _ratios(
    statement: Statement, match: re.Match[str], target: NumericTarget, year: int
) -> list[Decimal | None]:
    """The actual divided by the base; after 累計 or 5年間 also the sum of actuals divided by the plan's total."""
    figures = target.figures(year)
    if match["base"] in ("前年度", "昨年度"):
        return [_share(figures.actual, target.figures(year - 1).actual)]
    ratios = [_share(figures.actual, figures.target)]
    if _OF_ALL_YEARS.search(statement.text[max(match.start() - 30, 0) : match.start()]):
        ratios.append(_share(sum_to(target, year), target.total.number))
    return ratios


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else part / whole


def _fits(statement: Statement, match: re.Match[str], quantity: Quantity, ratio: Decimal) -> bool:
    """1.5倍 for 1.45 to 1.6; およそ1.5倍 for 1.44 and 1.56 too."""
    direction = _PERCENT_DIRECTION.match(statement.text, quantity.end)
    if quantity.unit != "倍" and direction:
        ratio = ratio - 1 if direction["up"] else 1 - ratio
    stated = quantity.value * _UNIT_VALUES[quantity.unit]
    unit = Decimal(1).scaleb(-quantity.decimals) * _UNIT_VALUES[quantity.unit]
    after = statement.text[quantity.end : quantity.end + 3]
    if re.match("以上|超|を超", after):
        return stated <= ratio < stated * 2
    if re.match("未満|以下|近|弱", after):
        return stated * Decimal("0.8") <= ratio <= stated
    if is_approximate(statement.text, quantity) or re.match("余|強", after):
        return abs(ratio - stated) <= max(unit * Decimal("0.6"), unit / 10)
    return -unit / 2 <= ratio - stated < unit


def _ratio_text(quantity: Quantity, ratio: Decimal) -> str:
    """The ratio as a text in the unit of `quantity`: 1.4倍, 8割, 145%."""
    value = ratio / _UNIT_VALUES[quantity.unit]
    return number(value, max(quantity.decimals, quantity.unit == "倍")) + quantity.unit
