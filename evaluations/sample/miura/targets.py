"""Indicators and numeric targets: what the plan sets for its four years, and why.

Targets with the aggregation `once` are counted by the zone's council as a whole, not by municipalities.
"""

from dataclasses import replace
from decimal import Decimal

from evaluations.form.contents import Assessment, Indicator, NumericTarget, YearFigures
from evaluations.keys import TargetKey
from tokku.figures import Figure, total_of

SALES = TargetKey(1, 1)
LUNCHES = TargetKey(1, 2)
GUESTS = TargetKey(2, 1)
SATISFACTION = TargetKey(2, 2)
VOLUNTEERS = TargetKey(3, 1)
SEAWEED = TargetKey(4, 1)

_INDICATORS = {
    1: "地元の農水産物の消費の広がり",
    2: "滞在して楽しむ来訪者の増加",
    3: "海の環境を守る活動への参加の広がり",
    4: "藻場の再生の進み具合",
}
_TARGETS = {
    SALES: NumericTarget(
        number=1,
        name="直売所における農水産物の販売額",
        unit="億円",
        total=Figure.of("51.0"),
        decimals=1,
        weight=Decimal(60),
        assessment=Assessment(
            strategy=(
                "朝に収穫し、又は水揚げした物をその日のうちに買える直売所は、地元での消費を広げる最も確かな場である。"
                "直売所の設備の更新を助けるとともに、3市の直売所が品物を融通し合う仕組みを整える。"
            ),
            target_basis=(
                "平成29年度の販売額11.6億円を基に、直売所の設備の更新による伸びを見込み、"
                "平成30年度は12.0億円とし、その後は毎年度0.5億円ずつ増やすこととした。4年間の累計は51.0億円である。"
            ),
        ),
    ),
    LUNCHES: NumericTarget(
        number=2,
        name="学校給食における地元の農水産物の使用割合",
        unit="%",
        total=Figure.of(30),
        nature="level",
        weight=Decimal(40),
        baseline=Figure.of(22),
        baseline_year=2016,
        formula="improvement",
        aggregation="once",
        assessment=Assessment(
            strategy=(
                "学校給食は、子どもが地元の食に親しむ機会であるとともに、規格の合わない野菜や魚の安定した行き先にもなる。"
                "献立を作る職員と生産者が旬の時期と量を話し合う場を設け、使う品目を増やす。"
            ),
            target_basis=(
                "3市の学校給食で使う農水産物のうち地元でとれたものの重さの割合を、協議会がまとめて算出する。"
                "平成28年度の22%から、毎年度おおむね2ポイントずつ高め、令和3年度に30%とすることとした。"
                "進捗度は、基準値からの改善の度合いによる。"
            ),
        ),
    ),
    GUESTS: NumericTarget(
        number=1,
        name="宿泊を伴う体験プログラムの参加者数",
        unit="人",
        total=Figure.of(13_900),
        weight=Decimal(50),
        assessment=Assessment(
            strategy=(
                "日帰りの多い半島で滞在の時間を延ばすには、泊まらなければ味わえない早朝の漁や夜の磯の観察が有効である。"
                "受入れを担う農家や漁家の準備を助け、予約の窓口を一つにまとめる。"
            ),
            target_basis=(
                "受入れを予定している農家、漁家及び宿泊施設の定員を積み上げ、平成30年度は3,000人とし、"
                "最終年度の令和3年度に4,000人とすることとした。4年間の累計は13,900人である。"
            ),
        ),
    ),
    SATISFACTION: NumericTarget(
        number=2,
        name="来訪者の満足度",
        unit="%",
        total=Figure.of(72),
        nature="level",
        weight=Decimal(50),
        baseline=Figure.of(62),
        baseline_year=2016,
        aggregation="once",
        assessment=Assessment(
            strategy=(
                "また訪れたいと思う人を増やすには、来訪者の声を受入れの改善に生かすことが欠かせない。"
                "調査の自由記述を受入れの担い手に伝え、案内の表示や移動の手段の見直しにつなげる。"
            ),
            target_basis=(
                "協議会が来訪者に行う調査で「満足」と答えた人の割合を、平成28年度の62%から令和3年度に72%へ高めることとした。"
                "令和元年度は調査を実施しないため、目標値を設けていない。"
            ),
        ),
    ),
    VOLUNTEERS: NumericTarget(
        number=1,
        name="海の環境を守る活動の延べ人数",
        unit="人",
        total=Figure.of(5_100),
        aggregation="once",
        assessment=Assessment(
            strategy=(
                "海岸の清掃や藻場の手入れに加わる人が増えるほど、海の変化に気付く目も増える。"
                "漁業者の指導の下で初めての人も加われる日を設け、学校や企業の参加を募る。"
            ),
            target_basis=(
                "市の境を越えて加わる人が多いため、協議会が活動の日ごとに数えた人数を特区全体の値とする。"
                "平成30年度は1,200人とし、その後は毎年度50人ずつ増やすこととした。4年間の累計は5,100人である。"
            ),
        ),
    ),
    SEAWEED: NumericTarget(
        number=1,
        name="藻場の面積",
        unit="ha",
        total=Figure.of(46),
        nature="level",
        baseline=Figure.of(40),
        baseline_year=2015,
        aggregation="once",
        assessment=Assessment(
            strategy=(
                "藻場は魚や貝の育つ場であり、その広がりは海の豊かさを表す。"
                "藻を食べるウニを取り除き、種を付けた石を沈める作業を、漁業者と市民が協力して続ける。"
            ),
            target_basis=(
                "平成27年度の40haから、作業を行う海域の広さを踏まえ、令和3年度に46haとすることとした。"
                "上空からの測量を行う年度の間は、潜水による観察の結果を基に定性的に評価する。"
            ),
        ),
    ),
}
_YEARLY = {
    SALES: ("12.0", "12.5", "13.0", "13.5"),
    LUNCHES: (24, 26, 28, 30),
    GUESTS: (3_000, 3_300, 3_600, 4_000),
    SATISFACTION: (65, None, 70, 72),
    VOLUNTEERS: (1_200, 1_250, 1_300, 1_350),
    SEAWEED: (42, 43, 44, 46),
}
_FIRST_YEAR = 2018

# An actual for each municipality, in the order of the authors; of what is reported once, the zone's.
Actuals = dict[TargetKey, tuple[tuple[str, Figure | None], ...] | Figure]


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
                for key in _TARGETS
                if key.indicator == number
            ),
        )
        for number, name in _INDICATORS.items()
    )


def _target(key: TargetKey, actuals: dict[int, Actuals], assessment: Assessment) -> NumericTarget:
    target = _TARGETS[key]
    return replace(
        target,
        years=tuple(
            _figures(year, value, actuals.get(year, {}).get(key))
            for year, value in enumerate(_YEARLY[key], _FIRST_YEAR)
        ),
        assessment=replace(
            assessment,
            strategy=target.assessment.strategy,
            target_basis=target.assessment.target_basis,
        ),
    )


def _figures(
    year: int,
    target: int | str | None,
    actual: tuple[tuple[str, Figure | None], ...] | Figure | None,
) -> YearFigures:
    figures = YearFigures(year=year, target=Figure.of(target))
    if isinstance(actual, tuple):
        total = total_of(value for _, value in actual)
        return replace(figures, actual=total, by_municipality=actual)
    return replace(figures, actual=actual)
