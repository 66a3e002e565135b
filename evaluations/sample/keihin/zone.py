"""The zone, its plan, and the texts of the body that are the same in every year."""

from datetime import date

from evaluations.form.contents import Achievement, Approach, Plan, RegionalText, Zone
from evaluations.sample.entries import achievement, narrative
from evaluations.sample.keihin.targets import DATA_PROJECTS, NAMES, NEW_BUSINESSES, TRIALS
from tokku.figures import Figure
from tokku.japanese import fiscal_year_name

# Local government code and name, in the order of the authors.
MUNICIPALITIES = (("140007", "神奈川県"), ("141003", "横浜市"), ("141305", "川崎市"))
KANAGAWA, YOKOHAMA, KAWASAKI = (name for _, name in MUNICIPALITIES)

ZONE = Zone(
    kind="international",
    name="京浜臨海部ライフイノベーション国際戦略総合特区",
    designated_on=date(2011, 12, 22),
    certified_on=date(2012, 3, 9),
    last_certified_on=date(2022, 3, 25),
    municipalities=(KANAGAWA, YOKOHAMA, KAWASAKI),
)

PLAN = Plan(
    term=3,
    first_year=2022,
    last_year=2026,
    overview=(
        "京浜臨海部に集まる企業、大学、研究機関及び病院が連携し、一人一人の体質や暮らしに合った予防と治療を早く届けるとともに、"
        "健康に関わる産業を育てる計画である。\n"
        "取組の柱は、健康や医療に関するデータを安全に使える環境づくり、新しい医薬品や医療機器を早く届けるための治験と評価手法の充実、"
        "研究成果を製品やサービスにつなげる企業間の連携と人材の育成の3つである。"
    ),
    goal=(
        "発症前の予防と一人一人に合った医療を支える製品やサービスを京浜臨海部から生み出し、"
        "世界に届ける産業拠点を形成する。"
    ),
)

WEIGHT_RATIONALE = (
    "評価指標（1）の3つの数値目標は、投資、企業及び人材という、産業の集積の異なる側面を表している。"
    "優劣を付けられないことから、寄与度はそれぞれ33%とした。\n"
    "評価指標（1）の進捗度は、3つの数値目標の進捗度を寄与度により加重平均して算出している。"
)

PATHWAY = (
    "この計画では、4つの評価指標を一続きの流れとして捉えている。"
    "まず、評価指標（1）の投資、企業の進出及び人材の育成が、産業の土台となる。\n"
    "その土台の上で、評価指標（2）のデータの活用が研究の精度を高め、"
    "評価指標（3）の国際共同治験が成果を患者に届けるまでの時間を縮める。\n"
    "これらの取組が実を結んだものが、評価指標（4）の新しい商品やサービスである。"
    "商品やサービスから得た収益が次の投資と人材を呼び込み、拠点が自ら成長していく。"
)

_APPROACHES = (
    (
        DATA_PROJECTS,
        "健康診断や診療、日々の生活から得られるデータは、別々の機関に保管されており、つなぎ合わせて使うことが難しい。"
        "本人の同意と安全な管理を前提に、医療機関、行政及び企業がデータを共に使える仕組みを整え、"
        "病気の予防や早期の発見に役立つ事業を生み出す。",
    ),
    (
        TRIALS,
        "新しい医薬品や医療機器を実用化するには、安全性と有効性を確かめる治験が欠かせない。"
        "区域内の病院が海外の病院と同時に治験を進められるよう、受入体制と審査の手続を整える。\n"
        "再生医療のように評価の方法が定まっていない分野では、研究機関と企業が協力して、品質を確かめる手法づくりを進める。",
    ),
    (
        NEW_BUSINESSES,
        "優れた研究成果があっても、使う人の要望と結び付かなければ製品にはならない。"
        "医療や介護の現場の声を企業や大学に届け、試作、検証、資金調達及び販路の開拓を続けて支援することにより、"
        "新しい製品やサービスと、それを担う企業を育てる。",
    ),
)


def by_municipality(*values: int | None) -> tuple[tuple[str, Figure | None], ...]:
    """Actuals of 神奈川県, 横浜市 and 川崎市; None where one is not entered yet."""
    return tuple(
        (name, Figure.of(value)) for name, value in zip(ZONE.municipalities, values, strict=True)
    )


def approaches(
    fiscal_year: int, achievements: tuple[tuple[Achievement, ...], ...]
) -> tuple[Approach, ...]:
    """The approaches with a year's achievements, which are given for each approach in order."""
    return tuple(
        Approach(
            targets=(target,),
            narrative=narrative,
            result_label=f"{fiscal_year_name(fiscal_year)}における{NAMES[target]}",
            achievements=approach_achievements,
        )
        for (target, narrative), approach_achievements in zip(
            _APPROACHES, achievements, strict=True
        )
    )


def trials(of_kanagawa: str, of_yokohama: str) -> tuple[Achievement, ...]:
    """What the two hospitals did under the second approach."""
    return (
        achievement(None, "国際共同治験の実施"),
        Achievement(
            level="sub",
            heading="神奈川県立がんセンター",
            text=of_kanagawa,
            municipality=KANAGAWA,
        ),
        Achievement(
            level="sub",
            heading="横浜市立大学附属病院",
            text=of_yokohama,
            municipality=YOKOHAMA,
        ),
    )


JOINT_NARRATIVE = narrative(
    None,
    "3県市は、立地、研究開発及び販路の開拓の各段階の支援を分担し、互いの制度を併せて案内している。",
)
ORGANISATION = RegionalText(
    kind="organisation",
    text="3県市の担当課による連絡会議を毎月開き、企業から受けた相談とその後の経過を共有している。",
)
NO_PRIVATE = RegionalText(kind="private", text="該当なし")
