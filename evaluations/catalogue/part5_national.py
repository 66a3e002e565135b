"""Part 5: national support: grants, tax relief and loans."""

from evaluations.catalogue.structure import (
    Carryover,
    Excuse,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    text,
)

PART = FormHeading("国の財政・税制・金融支援の活用実績及び自己評価", "5", level=2)
# By the kind of support (NationalSupportKind). The form prints a count after the heading.
COUNTS = {
    "fiscal": FormHeading("財政支援：評価対象年度における事業件数", "①", PART, level=3),
    "tax": FormHeading("税制支援：評価対象年度における適用件数", "②", PART, level=3),
    "loan": FormHeading(
        "金融支援（利子補給金）：評価対象年度における新規契約件数", "③", PART, level=3
    ),
}
ADJUSTMENT_FUNDS = FormHeading("＜調整費を活用した事業＞", within=COUNTS["fiscal"], level=4)
NO_FISCAL_SUPPORT_REASON = FormHeading(
    "＜該当する事業がない理由＞", within=COUNTS["fiscal"], level=4
)
OUTLINE = FormHeading("事業の概要", "ア", PART)
_USAGE = "評価対象年度における{}の活用状況と目標達成への寄与"
KINDS = {"fiscal": "財政支援", "tax": "税制支援", "loan": "金融支援"}
USAGE = {kind: FormHeading(_USAGE.format(name), "イ", PART) for kind, name in KINDS.items()}

NATIONAL_SUPPORT = RowKind(
    model="supports.nationalsupport",
    source="national_support",
    speaks_of_figures=True,
    page="supports",
    named_by="name",
    is_listed=True,
    goes_on=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "municipality kind position"),
        Field(name="name", next_year=Carryover.CARRIED, is_entered=True),
        text(
            "outline",
            Carryover.CARRIED,
            heading=OUTLINE,
            instruction="{within}　{heading}",
            is_required=True,
        ),
        text(
            "usage",
            Carryover.BESIDE,
            narration=Narration.DONE,
            heading=USAGE,
            instruction="{within}　{heading}",
            is_required=True,
            is_of_year=True,
        ),
    ),
)


def _count(name: str, kind: str, code: str) -> Field:
    return Field(
        name=name,
        next_year=Carryover.BESIDE,
        heading=COUNTS[kind],
        instruction="{within}{heading}",
        is_entered=True,
        is_required=True,
        code=code,
    )


OF_EVALUATION = (
    _count("fiscal_support_count", "fiscal", "8"),
    text(
        "no_fiscal_support_reason",
        Carryover.BESIDE,
        narration=Narration.YEAR,
        heading=NO_FISCAL_SUPPORT_REASON,
        instruction="{place}{heading}　＜調整費を活用した事業＞に記載する事業がないときに記載します。",
        is_required=True,
        excuses=(Excuse.HAS_FISCAL_SUPPORT,),
        is_of_year=True,
        code="9",
    ),
    _count("tax_support_count", "tax", "10"),
    _count("loan_support_count", "loan", "11"),
)
