"""Indicators and numeric targets: what the plan sets for its five years, and why."""

from dataclasses import replace
from decimal import Decimal

from evaluations.form.contents import Assessment, Indicator, NumericTarget, YearFigures
from evaluations.keys import TargetKey
from tokku.figures import Figure, total_of

INVESTMENT = TargetKey(1, 1)
ENTRANTS = TargetKey(1, 2)
TRAINEES = TargetKey(1, 3)
DATA_PROJECTS = TargetKey(2, 1)
TRIALS = TargetKey(3, 1)
NEW_BUSINESSES = TargetKey(4, 1)

NAMES = {
    INVESTMENT: "特区関連事業による投資額",
    ENTRANTS: "特区関連事業の進出企業及び機関数",
    TRAINEES: "特区関連事業の研修等の参加者数",
    DATA_PROJECTS: "個別化・予防医療及び未病改善などを実現するためのデータサイエンスの活用等に取り組む事業数",
    TRIALS: "国際共同治験件数",
    NEW_BUSINESSES: "医薬品・医療機器・再生医療等製品・ヘルスケア製品等の新規事業化件数",
}
_INDICATORS = {
    1: "特区事業の実施によるライフイノベーション分野における経済効果",
    2: NAMES[DATA_PROJECTS],
    3: "医薬品・医療機器・再生医療等製品等の早期実用化に向けた取組件数",
    4: "新たに展開された商品・サービスの創出件数",
}
_UNITS = {
    INVESTMENT: "億円",
    ENTRANTS: "者",
    TRAINEES: "人",
    DATA_PROJECTS: "件",
    TRIALS: "件",
    NEW_BUSINESSES: "件",
}
_YEARLY = {
    INVESTMENT: {2022: 116, 2023: 116, 2024: 116, 2025: 116, 2026: 116},
    ENTRANTS: {2022: 6, 2023: 8, 2024: 12, 2025: 12, 2026: 12},
    TRAINEES: {2022: 49_000, 2023: 49_000, 2024: 49_000, 2025: 49_000, 2026: 49_000},
    DATA_PROJECTS: {2022: 6, 2023: 6, 2024: 6, 2025: 6, 2026: 6},
    TRIALS: {2022: 60, 2023: 60, 2024: 60, 2025: 60, 2026: 60},
    NEW_BUSINESSES: {2022: 10, 2023: 10, 2024: 10, 2025: 10, 2026: 10},
}
_REASONS = {
    INVESTMENT: Assessment(
        strategy=(
            "研究所や製造設備への投資は、企業が拠点に根付いていることを示す確かなしるしである。"
            "国の税制支援と3県市の補助制度を併せて案内し、新たな投資と立地企業の設備の更新を共に促す。"
        ),
        target_basis=(
            "区域内の用地の多くは既に使われており、大型の建設は限られる。"
            "このため、立地企業への聴き取りによる設備の更新の見込みを基に、第2期計画より高い毎年度116億円、"
            "5年間の累計で580億円とした。"
        ),
    ),
    ENTRANTS: Assessment(
        strategy=(
            "新しい企業や機関が加わることで、共同研究の相手が増え、拠点の新陳代謝が進む。"
            "共同利用の研究室への入居の支援と、進出を考える企業への個別の案内に力を入れる。"
        ),
        target_basis=(
            "令和4年度は6者、令和5年度は8者とし、共同利用の研究室の拡充が見込まれる令和6年度以降は12者とした。"
            "5年間の累計は50者である。"
        ),
    ),
    TRAINEES: Assessment(
        strategy=(
            "拠点が育つには、設備だけでなく、それを使いこなす人材と、人材どうしの交流が欠かせない。"
            "医療機器の操作の研修、展示会、講座などを区域内で続けて開き、学びと出会いの場を増やす。"
        ),
        target_basis=(
            "区域内の施設が計画している研修等の規模を積み上げ、オンラインによる参加も見込んで、"
            "毎年度49,000人、5年間の累計で245,000人とした。"
        ),
    ),
    DATA_PROJECTS: Assessment(
        strategy=(
            "健康や医療に関するデータを使う事業の数は、一人一人に合った予防や医療の広がりを表す。"
            "県と市の実証事業や国の補助事業を通じて、データを持つ機関とデータを使う企業とを結び付ける。"
        ),
        target_basis=(
            "第2期計画での実績と、区域内の企業や研究機関が予定している事業の数を踏まえ、"
            "毎年度6件、5年間の累計で30件とした。"
        ),
    ),
    TRIALS: Assessment(
        strategy=(
            "患者の少ない病気の薬を早く世に出すには、国をまたいで同時に治験を進めることが効果的である。"
            "拠点となる2つの病院を中心に、治験を支える職員の育成と手続の効率化を進める。"
        ),
        target_basis=(
            "第2期計画での実績を基に、病院が1年間に受け入れることのできる治験の数を考慮し、"
            "毎年度60件、5年間の累計で300件とした。"
        ),
    ),
    NEW_BUSINESSES: Assessment(
        strategy=(
            "研究成果は、製品やサービスとして使われて初めて健康づくりに役立つ。"
            "承認を要する医薬品や医療機器だけでなく、日常で使う健康関連の製品も対象に含め、"
            "試作から販売までを切れ目なく支援する。"
        ),
        target_basis=(
            "これまでの実績に、区域内の企業や研究機関が事業化を予定している案件の数を加味し、"
            "毎年度10件、5年間の累計で50件とした。"
        ),
    ),
}

# An actual for each municipality, in the order of the authors.
Actuals = dict[TargetKey, tuple[tuple[str, Figure | None], ...]]


def indicators(
    actuals: dict[int, Actuals], assessments: dict[TargetKey, Assessment]
) -> tuple[Indicator, ...]:
    """All indicators with the actuals of some fiscal years and the assessments of one."""
    return tuple(
        Indicator(
            number=number,
            name=name,
            targets=tuple(
                _target(key, actuals, assessments.get(key, Assessment()))
                for key in NAMES
                if key.indicator == number
            ),
        )
        for number, name in _INDICATORS.items()
    )


def _target(key: TargetKey, actuals: dict[int, Actuals], assessment: Assessment) -> NumericTarget:
    return NumericTarget(
        number=key.number,
        name=NAMES[key],
        unit=_UNITS[key],
        total=Figure.of(sum(_YEARLY[key].values())),
        total_in_man=key == TRAINEES,
        weight=Decimal(33) if key.indicator == 1 else None,
        aggregation="sum",
        years=tuple(
            _figures(year, target, actuals.get(year, {}).get(key, ()))
            for year, target in _YEARLY[key].items()
        ),
        assessment=replace(
            assessment, strategy=_REASONS[key].strategy, target_basis=_REASONS[key].target_basis
        ),
    )


def _figures(
    year: int, target: int, by_municipality: tuple[tuple[str, Figure | None], ...]
) -> YearFigures:
    return YearFigures(
        year=year,
        target=Figure.of(target),
        actual=total_of(value for _, value in by_municipality),
        by_municipality=by_municipality,
    )
