"""Open data: sealed evaluations as tables for other systems, with a description of each column.

Everything is read from sealed versions and nothing from the records, so rows never change and have no more than the
form prints. Other systems rely on the names of columns: columns may be added, but not renamed.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from evaluations import scores
from evaluations.form.contents import Contents, Relation, number_of
from evaluations.keys import TargetKey
from evaluations.models import SealedVersion, Zone
from evaluations.models.targets import Nature
from evaluations.sealed.sealing import read_contents
from supports.models import SchemeCategory
from tokku.spreadsheets import delimited

Value = str | int | Decimal | None
# Other systems rely on this value too, whatever the form prints.
ALL_TARGETS = "全て"
TEXT, INTEGER, DECIMAL, DAY = "文字列", "整数", "小数（10進）", "日付（YYYY-MM-DD）"


@dataclass(frozen=True)
class DataColumn:
    """A column of a table, described in Japanese for the data dictionary."""

    name: str
    kind: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class DataTable:
    """A table of open data; `rows` gives the values of one sealed evaluation in the order of the columns."""

    name: str
    title: str
    meaning: str
    columns: tuple[DataColumn, ...]
    rows: Callable[["SealedYear"], Iterator[tuple[Value, ...]]]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True)
class SealedYear:
    """A sealed version, its printed contents, and each printed progress by target or indicator and year."""

    version: SealedVersion
    contents: Contents
    progress: dict[tuple[TargetKey | int, int], Decimal | None]

    @property
    def key(self) -> tuple[Value, ...]:
        zone = self.version.evaluation.zone.slug
        return zone, self.contents.fiscal_year, self.version.number


KEY = (
    DataColumn("zone", TEXT, "特区の略称（この画面のアドレスに使うもの）"),
    DataColumn("fiscal_year", INTEGER, "評価書の年度（評価対象年度）。西暦", "年度"),
    DataColumn("version", INTEGER, "確定版の番号。年度ごとに最も新しい版だけを載せる", "版"),
)
_INDICATOR = (
    DataColumn("indicator_number", INTEGER, "評価指標の番号"),
    DataColumn("indicator_name", TEXT, "評価指標の名称"),
)


def _figures(sealed: SealedYear) -> Iterator[tuple[Value, ...]]:
    for key, indicator, target in sealed.contents.targets():
        for figures in target.years:
            yield (
                *sealed.key,
                indicator.number,
                indicator.name,
                target.number,
                target.name,
                target.unit,
                target.nature,
                number_of(target.total),
                number_of(target.baseline),
                target.baseline_year,
                target.weight,
                figures.year,
                number_of(figures.target),
                number_of(figures.actual),
                sealed.progress.get((key, figures.year)),
                figures.actual and str(figures.actual),
            )


def _indicators(sealed: SealedYear) -> Iterator[tuple[Value, ...]]:
    year = sealed.contents.fiscal_year
    for indicator in sealed.contents.indicators:
        yield (
            *sealed.key,
            indicator.number,
            indicator.name,
            sealed.progress.get((indicator.number, year)),
        )


def _schemes(sealed: SealedYear) -> Iterator[tuple[Value, ...]]:
    for position, scheme in enumerate(sealed.contents.schemes, 1):
        yield (
            *sealed.key,
            position,
            scheme.category,
            SchemeCategory(scheme.category).label,
            scheme.name,
            "、".join(scheme.bodies),
            scheme.outline,
            _relation(scheme.relation),
            scheme.result,
        )


def _results(sealed: SealedYear) -> Iterator[tuple[Value, ...]]:
    contents, texts, version = sealed.contents, sealed.contents.texts, sealed.version
    score = texts.previous_score
    points = scores.number_of(score) if score else None
    yield (
        *sealed.key,
        contents.zone.name,
        "、".join(contents.zone.municipalities),
        timezone.localtime(version.sealed_at).date().isoformat(),
        version.sha256,
        points,
        texts.fiscal_support_count,
        texts.tax_support_count,
        texts.loan_support_count,
        texts.overall,
        score if score and points is None else "",
    )


TABLES = (
    DataTable(
        "figures",
        "数値目標の目標値と実績値",
        "数値目標ごと、計画の年度ごとに1行（別紙1）。評価書の年度より後の実績値は空",
        (
            *KEY,
            *_INDICATOR,
            DataColumn("target_number", INTEGER, "評価指標の中での数値目標の番号（①は1）"),
            DataColumn("target_name", TEXT, "数値目標の名称"),
            DataColumn("unit", TEXT, "total、baseline、target_value、actual_value の単位"),
            DataColumn(
                "nature", TEXT, "、".join(f"{code}：{label}" for code, label in Nature.choices)
            ),
            DataColumn("total", DECIMAL, "計画期間の目標。水準の場合は最終年度の値", "unit の単位"),
            DataColumn("baseline", DECIMAL, "基準値（水準の場合）", "unit の単位"),
            DataColumn("baseline_year", INTEGER, "基準年度。西暦", "年度"),
            DataColumn("weight", DECIMAL, "評価指標に対する寄与度", "％"),
            DataColumn("year", INTEGER, "値の年度。西暦", "年度"),
            DataColumn("target_value", DECIMAL, "year の目標値", "unit の単位"),
            DataColumn("actual_value", DECIMAL, "year の特区全体の実績値", "unit の単位"),
            DataColumn("progress", DECIMAL, "year の進捗度。印字された値（四捨五入後）", "％"),
            DataColumn(
                "actual_as_stated",
                TEXT,
                "実績値を記載のとおりに（約、以上、以下、速報値、未集計などを含む）",
            ),
        ),
        _figures,
    ),
    DataTable(
        "indicators",
        "評価指標の進捗度",
        "評価指標ごとに1行（本文3①）",
        (*KEY, *_INDICATOR, DataColumn("progress", DECIMAL, "評価対象年度の進捗度", "％")),
        _indicators,
    ),
    DataTable(
        "schemes",
        "地域独自の支援措置",
        "支援措置ごとに1行（別紙3）",
        (
            *KEY,
            DataColumn("position", INTEGER, "評価書の中での順序。1から"),
            DataColumn(
                "category",
                TEXT,
                "、".join(f"{code}：{label}" for code, label in SchemeCategory.choices),
            ),
            DataColumn("category_name", TEXT, "category の日本語の名称"),
            DataColumn("name", TEXT, "事業名・取組"),
            DataColumn(
                "municipalities",
                TEXT,
                "実施する自治体名。「、」で区切り、作成主体以外の名称（関係市町村など）は最後に、記載のまま",
            ),
            DataColumn("outline", TEXT, "事業概要"),
            DataColumn(
                "related_targets",
                TEXT,
                f"関連する数値目標。「{ALL_TARGETS}」か、1-2（評価指標1の数値目標②）の形で「、」で区切る",
            ),
            DataColumn("result", TEXT, "評価対象年度の実績"),
        ),
        _schemes,
    ),
    DataTable(
        "results",
        "評価書と評価の結果",
        "評価書ごとに1行",
        (
            *KEY,
            DataColumn("zone_name", TEXT, "特区の名称"),
            DataColumn("municipalities", TEXT, "作成主体の名称。「、」で区切る"),
            DataColumn("sealed_on", DAY, "確定した日"),
            DataColumn("sha256", TEXT, "確定版の文書（JSON）の SHA-256"),
            DataColumn("previous_score", DECIMAL, "前年度の評価点（本文2④）", "点"),
            DataColumn("fiscal_support_count", INTEGER, "財政支援の事業件数（本文5①）", "件"),
            DataColumn("tax_support_count", INTEGER, "税制支援の適用件数（本文5②）", "件"),
            DataColumn("loan_support_count", INTEGER, "金融支援の新規契約件数（本文5③）", "件"),
            DataColumn("overall", TEXT, "総合評価（本文7）"),
            DataColumn(
                "previous_grade", TEXT, "前年度の評価が点数でなく評語（Ａなど）のときの、その評語"
            ),
        ),
        _results,
    ),
)


def newest_versions(zone: Zone) -> Sequence[SealedVersion]:
    """The newest sealed version of each year, the newest year first."""
    versions_of_year = SealedVersion.objects.filter(evaluation=OuterRef("evaluation"))
    newest = versions_of_year.order_by("-number").values("number")[:1]
    return (
        SealedVersion.objects.filter(evaluation__zone=zone, number=Subquery(newest))
        .select_related("evaluation__zone")
        .order_by("-evaluation__fiscal_year")
    )


def rows(table: DataTable, zone: Zone) -> list[tuple[Value, ...]]:
    """All rows of a zone. Raises BrokenSeal when a version is not as it was sealed, or cannot be read."""
    return [
        tuple(_exact(value) for value in row)
        for version in newest_versions(zone)
        for row in table.rows(_read(version))
    ]


def as_csv(table: DataTable, zone: Zone) -> bytes:
    """CSV in UTF-8 with a byte order mark; blanks stay blank, text that looks like a formula stays text."""
    return delimited.write(table.title, table.names, rows(table, zone))


def as_json(table: DataTable, zone: Zone) -> bytes:
    """JSON with an object for each row; blanks are null, or "" for text."""
    data = {
        "zone": zone.slug,
        "table": table.name,
        "columns": table.names,
        "rows": [
            dict(zip(table.names, map(_number, row), strict=True)) for row in rows(table, zone)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _read(version: SealedVersion) -> SealedYear:
    sealed = read_contents(version)
    progress = {(printed.of, printed.year): printed.percent for printed in sealed.progress}
    return SealedYear(version, sealed.contents.printed(), progress)


def _relation(relation: Relation) -> str:
    if relation.all_targets:
        return ALL_TARGETS
    return "、".join(map(str, relation.targets))


def _exact(value: Value) -> Value:
    """A figure without trailing zeros: 116, 4.5."""
    if not isinstance(value, Decimal) or value == value.to_integral():
        return int(value) if isinstance(value, Decimal) else value
    return value.normalize()


def _number(value: Value) -> Any:
    """A value for JSON. Figures have 15 digits at most, which a float prints exactly."""
    return float(value) if isinstance(value, Decimal) else value
