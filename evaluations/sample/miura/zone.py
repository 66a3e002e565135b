"""The zone, its plan, and the texts of the body that are the same in every year."""

from datetime import date

from evaluations.form.contents import Achievement, Approach, Plan, RegionalText, Zone
from evaluations.sample.entries import narrative
from evaluations.sample.miura.targets import (
    GUESTS,
    LUNCHES,
    SALES,
    SATISFACTION,
    SEAWEED,
    VOLUNTEERS,
)
from tokku.figures import Figure
from tokku.japanese import fiscal_year_name

# Local government code and name, in the order of the authors.
MUNICIPALITIES = (("142018", "横須賀市"), ("142107", "三浦市"), ("141003", "横浜市"))
YOKOSUKA, MIURA, YOKOHAMA = (name for _, name in MUNICIPALITIES)

ZONE = Zone(
    kind="regional",
    name="三浦半島海と里のめぐみ地域活性化総合特区",
    designated_on=date(2013, 2, 20),
    certified_on=date(2013, 6, 21),
    last_certified_on=date(2018, 3, 23),
    municipalities=(YOKOSUKA, MIURA, YOKOHAMA),
)

PLAN = Plan(
    term=2,
    first_year=2018,
    last_year=2021,
    overview=(
        "三浦半島の農業者、漁業者、宿泊施設及び学校が市の境を越えて協力し、海と里でとれた物を地元で味わい、"
        "海と里を楽しむ人が長く滞在する地域をつくる計画である。\n"
        "取組の柱は、農水産物を地元で使う仕組みづくり、体験を通じた滞在の促進、海の環境を守る活動の支援の3つである。"
    ),
    goal="海と里のめぐみを地元で生かし、訪れる人とともに守り育てる半島を実現する。",
)

WEIGHT_RATIONALE = (
    "評価指標（1）は、金額の大きさから地域の経済への効果が表れやすい販売額の寄与度を60%、使用割合の寄与度を40%とした。\n"
    "評価指標（2）の2つの数値目標は、滞在の量と質を表し、優劣を付けられないことから、寄与度はそれぞれ50%とした。"
)

PATHWAY = (
    "評価指標（1）の地元での消費の広がりが農業と漁業の収入を支え、"
    "その担い手が評価指標（2）の滞在して楽しむ来訪者を迎え入れる。\n"
    "来訪者が評価指標（3）の海の環境を守る活動に加わることで、評価指標（4）の藻場の再生が進み、"
    "魚や貝の水揚げとなって地元の食卓に戻ってくる。"
)

_APPROACHES = (
    (
        (SALES, LUNCHES),
        "三浦半島の野菜や魚の多くは半島の外に出荷され、地元で手に取りにくい。"
        "直売所と学校給食を地元での消費の両輪とし、生産者と使い手とを直接結び付ける。",
        "地元での消費の状況",
    ),
    (
        (GUESTS, SATISFACTION),
        "都心から近い半島を訪れる人の多くは、その日のうちに帰る。"
        "農家や漁家に泊まって作業を共にする体験を増やし、来訪者の声を基に受入れの質を高める。",
        "滞在の状況",
    ),
    (
        (VOLUNTEERS, SEAWEED),
        "海水温の上昇などにより、藻場は年々狭くなっている。"
        "漁業者だけでは手が足りない海岸の清掃と藻場の手入れを、市民、学校及び企業とともに進める。",
        "海の環境を守る活動の状況",
    ),
)


def by_municipality(*values: int | str | None) -> tuple[tuple[str, Figure | None], ...]:
    """Actuals of 横須賀市, 三浦市 and 横浜市; None where one is not entered yet."""
    return tuple(
        (name, Figure.of(value)) for name, value in zip(ZONE.municipalities, values, strict=True)
    )


def approaches(
    fiscal_year: int, achievements: tuple[tuple[Achievement, ...], ...]
) -> tuple[Approach, ...]:
    """The approaches with a year's achievements, which are given for each approach in order."""
    return tuple(
        Approach(
            targets=targets,
            narrative=narrative,
            result_label=f"{fiscal_year_name(fiscal_year)}における{label}",
            achievements=approach_achievements,
        )
        for (targets, narrative, label), approach_achievements in zip(
            _APPROACHES, achievements, strict=True
        )
    )


def seaweed(of_yokosuka: str, of_miura: str) -> tuple[Achievement, ...]:
    """What was done for the seaweed under the third approach, in the waters of each city."""
    return (
        Achievement(level="main", heading="藻場の手入れ"),
        Achievement(level="sub", heading="横須賀市沖", text=of_yokosuka, municipality=YOKOSUKA),
        Achievement(level="sub", heading="三浦市沖", text=of_miura, municipality=MIURA),
    )


JOINT_NARRATIVE = narrative(
    None, "3市は、協議会の下で、直売所、体験及び海の環境の3つの部会に分かれて取組を進めている。"
)
ORGANISATION = RegionalText(
    kind="organisation",
    text="3市と農業及び漁業の団体から成る協議会に専任の職員2名を置き、年4回の会議で進み具合を確かめている。",
)
PRIVATE = RegionalText(
    kind="private",
    text="地元の鉄道会社が、直売所を巡る乗車券を販売している。",
)
