"""Fiscal 2020 (令和2年度), being filled in: 三浦市 has entered most, 横浜市 some, 横須賀市 little."""

from evaluations.form.contents import Assessment, EvaluationTexts
from evaluations.sample.entries import achievement, narrative
from evaluations.sample.miura.supports import (
    fruit_liquor,
    guest_house,
    huts_on_fields,
    meals_at_farms,
    morning_market,
    sea_taxi,
)
from evaluations.sample.miura.targets import GUESTS, LUNCHES, SALES
from evaluations.sample.miura.year2019 import TEXTS as LAST
from evaluations.sample.miura.zone import (
    JOINT_NARRATIVE,
    MIURA,
    ORGANISATION,
    PATHWAY,
    WEIGHT_RATIONALE,
    YOKOHAMA,
    YOKOSUKA,
    by_municipality,
    seaweed,
)
from tokku.figures import Figure

ACTUALS = {
    SALES: by_municipality(None, "5.6", "2.0"),
    LUNCHES: Figure.of(27),
    GUESTS: by_municipality(None, 620, None),
}

TEXTS = EvaluationTexts(
    previous_score=LAST.score,
    previous_remarks=LAST.remarks,
    considerations=(
        "新型コロナウイルス感染症への対応として、宿泊を伴う体験プログラムは、4月から9月まで受入れを止めた。"
    ),
    weight_rationale=WEIGHT_RATIONALE,
    pathway=PATHWAY,
    tax_support_count=0,
)

ASSESSMENTS = {
    LUNCHES: Assessment(
        self_assessment=(
            "実績値は27%、進捗度は83%であった。前年度から2ポイント高まったものの、"
            "学校の休業により春の野菜を使う機会が失われ、目標値に届かなかった。"
        ),
    ),
}

ACHIEVEMENTS = (
    (
        achievement(YOKOSUKA, "直売所の間での品物の融通"),
        achievement(
            MIURA,
            "家庭に向けた魚の加工品の販売",
            "飲食店の休業により行き先を失った魚を干物や漬け魚に加工し、直売所で販売した。",
        ),
    ),
    (
        achievement(
            MIURA,
            "少人数での磯の観察",
            "家族ごとに時間を分け、1日1組で磯の生き物を観察する1泊の体験を始めた。",
        ),
        achievement(YOKOHAMA, "農園での夜の体験"),
    ),
    (
        achievement(None, "3市をまたぐ海岸の清掃"),
        *seaweed("", "中学生の参加を見合わせ、漁業者がウニを取り除いた。"),
    ),
)

MEASURES = (
    fruit_liquor(""),
    morning_market("令和2年度は、感染症への対応のため、朝市の開催を見送った。"),
    sea_taxi(""),
    huts_on_fields(used=None),
    meals_at_farms(used=True),
)

NATIONAL_SUPPORTS = (guest_house(usage=""),)

SCHEME_RESULTS = {
    "直売所設備更新補助金": "",
    "体験の宿開設補助金": "令和2年度は2件に補助した。",
    "農園体験開設助成": "令和2年度は3件に助成した。",
    "半島めぐみ給食推進事業": "",
    "漁業後継者育成資金": "令和2年度は2件、500万円を貸し付けた。",
    "海岸の利用手続の一本化": "令和2年度の届出は11件であった。",
    "磯の生き物の採取に関する要綱": "",
    "海のめぐみ学習会": "",
}

REGIONAL_TEXTS = (
    JOINT_NARRATIVE,
    narrative(YOKOSUKA, ""),
    narrative(MIURA, "三浦市では、体験の宿開設補助金により2件の改修を助けた。"),
    narrative(YOKOHAMA, ""),
    ORGANISATION,
)
