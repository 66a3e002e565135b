"""Fiscal 2019 (令和元年度), in which visitors were not surveyed: complete."""

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
from evaluations.sample.miura.targets import (
    GUESTS,
    LUNCHES,
    SALES,
    SATISFACTION,
    SEAWEED,
    VOLUNTEERS,
)
from evaluations.sample.miura.year2018 import TEXTS as LAST
from evaluations.sample.miura.zone import (
    JOINT_NARRATIVE,
    MIURA,
    ORGANISATION,
    PATHWAY,
    PRIVATE,
    WEIGHT_RATIONALE,
    YOKOHAMA,
    YOKOSUKA,
    by_municipality,
    seaweed,
)
from tokku.figures import Figure

ACTUALS = {
    SALES: by_municipality("5.6", "5.0", "1.7"),
    LUNCHES: Figure.of(25),
    GUESTS: by_municipality(1_050, 1_420, 370),
    VOLUNTEERS: Figure.of(1_312),
}

TEXTS = EvaluationTexts(
    previous_score=LAST.score,
    previous_remarks=LAST.remarks,
    response_to_previous=(
        "藻場の再生について前年度と比べられるよう、観察の場所と項目をそろえた記録の様式を定め、"
        "漁業者による観察の結果を年度ごとに並べて示すこととした。"
    ),
    considerations=(
        "令和元年9月の台風により、農業用の施設や漁港に被害が生じた。"
        "また、新型コロナウイルス感染症の感染の拡大を受け、令和2年3月は、体験の受入れと学校給食が止まった。\n"
        "来訪者の満足度は、調査を実施しない年度に当たる。"
    ),
    weight_rationale=WEIGHT_RATIONALE,
    pathway=PATHWAY,
    fiscal_support_count=1,
    tax_support_count=0,
    loan_support_count=0,
    overall=(
        "令和元年度は、海の環境を守る活動の延べ人数が目標値に達した一方、台風と感染症の影響により、"
        "販売額、使用割合及び体験プログラムの参加者数は目標値に届かなかった。"
        "評価指標の進捗度は、（1）が89%、（2）が86%、（3）が105%である。\n"
        "次年度は、被害を受けた農家や漁家の受入れの再開を助け、少人数でも開ける体験を増やす。"
    ),
    score="3.7",
    remarks=(
        "台風の被害を受けながらも、海の環境を守る活動への参加が増えたことを評価する。\n"
        "学校給食での使用割合を高めるには、冬から春にかけての品目の確保が鍵となる。"
    ),
)

ASSESSMENTS = {
    SALES: Assessment(
        self_assessment=(
            "実績値は12.3億円、進捗度は98%であった。内訳は横須賀市5.6億円、三浦市5.0億円、横浜市1.7億円である。"
            "台風により秋の野菜の作付けが遅れ、販売額は前年度と同じ額にとどまった。"
        ),
        external_factors="令和元年9月の台風により、農業用の施設の多くが壊れた。",
    ),
    LUNCHES: Assessment(
        self_assessment=(
            "実績値は25%、進捗度は75%であった。前年度から1ポイント高まったものの、"
            "台風の後に地元の野菜が不足し、目標値に届かなかった。次年度は、魚を使う献立の日を増やす。"
        ),
        external_factors="新型コロナウイルス感染症への対応として、令和2年3月は学校が休業した。",
    ),
    GUESTS: Assessment(
        self_assessment=(
            "実績値は2,840人、進捗度は86%であった。内訳は横須賀市1,050人、三浦市1,420人、横浜市370人である。"
            "秋の台風と年度末の感染症により受入れを中止した日が多く、前年度から310人減った。"
        ),
        external_factors="新型コロナウイルス感染症の感染の拡大により、令和2年3月の受入れを全て中止した。",
    ),
    SATISFACTION: Assessment(
        qualitative=(
            "令和元年度は、調査を実施しない年度であるため、数値による評価を行わない。"
            "体験の参加者から受入先に寄せられた感想では、受入れの担い手との触れ合いを喜ぶ声が多い。"
        ),
        alternative="調査を実施しない年度は、体験の参加者から受入先に寄せられた感想を基に定性的に評価する。",
        self_assessment=(
            "前年度の調査で声の多かった移動の不便さに対し、駅から受入先までの送迎を始めた。"
            "次の調査で、その効果を確かめる。"
        ),
    ),
    VOLUNTEERS: Assessment(
        self_assessment=(
            "実績値は1,312人、進捗度は105%であった。"
            "台風の後に流れ着いた物を片付ける日を設けたところ、半島の外からも多くの人が加わり、前年度から48人増えた。"
        ),
    ),
    SEAWEED: Assessment(
        qualitative=(
            "前年度と同じ場所での潜水による観察では、手入れを続けている海域で海藻の芽が更に増え、"
            "貝の姿も見られるようになった。藻場は、前年度に比べて再生が進んでいると評価する。"
        ),
        alternative=(
            "面積は上空からの測量によるほかなく、測量は令和3年度に行う。"
            "それまでは、漁業者が潜水により観察した海藻の芽とウニの様子を基に定性的に評価する。"
        ),
        self_assessment=(
            "計画した海域の全てで手入れを行い、前年度と同じ様式で記録した。"
            "台風の後に石が動いた場所では、種を付けた石を沈め直した。"
        ),
        external_factors="令和元年9月の台風による高波で、沈めた石の一部が動いた。",
    ),
}

ACHIEVEMENTS = (
    (
        achievement(
            YOKOSUKA,
            "直売所の間での品物の融通の拡大",
            "台風の後、被害の少なかった直売所から品物を回し、売場を閉じる日を減らした。",
        ),
        achievement(
            MIURA,
            "未利用の魚を用いた給食の献立づくり",
            "市場に出回らない小さな魚をすり身に加工し、汁物の具として給食に取り入れた。",
        ),
    ),
    (
        achievement(
            MIURA,
            "早朝の漁と朝食の体験",
            "駅から漁港までの送迎を始め、車を持たない人も加われるようにした。",
        ),
        achievement(
            YOKOHAMA,
            "農園での夜の体験",
            "枝豆の収穫に加え、夏野菜の料理を囲む1泊の体験を開いた。",
        ),
    ),
    (
        achievement(
            None,
            "3市をまたぐ海岸の清掃",
            "春の清掃に加え、台風で流れ着いた物を片付ける日を秋に設けた。",
        ),
        *seaweed(
            "春にウニを取り除き、台風の後は動いた石を元の海域に沈め直した。",
            "漁業者と中学生が、前年度に張った縄の海藻の育ち方を調べた。",
        ),
    ),
)

MEASURES = (
    fruit_liquor(
        "地元で採れたみかんを原料とする果実酒を、農家が自ら醸造する事業である。"
        "令和元年度は3軒の農家が製造し、体験の宿での提供が増えた。",
        effect="recognised",
    ),
    morning_market(
        "漁港の岸壁を月に1回、朝市の会場として用いる事業である。"
        "台風で岸壁の一部が壊れた10月と、感染症への対応を要した3月は開催を見送った。"
    ),
    sea_taxi(
        "岬と岬の間を遊漁船で結び、来訪者が海から半島を巡れるようにするための提案である。"
        "救命の設備と見張りの体制について、国から追加の資料を求められている。"
    ),
    huts_on_fields(used=True, note="前年度に設けた休憩所を、収穫の体験に引き続き用いた。"),
    meals_at_farms(used=True, note="三浦市の農家民宿が、夕食の提供を始めた。"),
)

NATIONAL_SUPPORTS = (
    guest_house(
        "財政支援を活用して客室と炊事場の工事を終えた。"
        "開設後は、宿泊を伴う体験プログラムの参加者数の増加に寄与すると見込んでいる。"
    ),
)

SCHEME_RESULTS = {
    "直売所設備更新補助金": "令和元年度は5件に補助した。うち2件は、台風で壊れた設備の更新である。",
    "体験の宿開設補助金": "令和元年度は3件に補助した。",
    "農園体験開設助成": "令和元年度は1件に助成した。",
    "半島めぐみ給食推進事業": "令和元年度は6月と11月に実施し、魚を使う献立を新たに加えた。",
    "漁業後継者育成資金": "令和元年度は1件、300万円を貸し付けた。",
    "海岸の利用手続の一本化": "令和元年度の届出は26件であり、許可までの日数は平均で4日縮まった。",
    "磯の生き物の採取に関する要綱": "要綱に基づき、体験を開く事業者の全てに説明を行った。",
    "海のめぐみ学習会": "令和元年度は小学校6校で開いた。",
}

REGIONAL_TEXTS = (
    JOINT_NARRATIVE,
    narrative(
        YOKOSUKA,
        "横須賀市では、直売所設備更新補助金により5件の設備の更新を助け、台風の被害を受けた直売所の再開を早めた。",
    ),
    narrative(
        MIURA,
        "三浦市では、海岸の利用手続の一本化により、清掃や体験の届出26件を一つの窓口で受け付けた。",
    ),
    narrative(
        YOKOHAMA,
        "横浜市では、農園体験開設助成により、市の南部の農園1件の開設を助けた。",
    ),
    ORGANISATION,
    PRIVATE,
)
