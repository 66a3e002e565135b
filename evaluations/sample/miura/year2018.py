"""Fiscal 2018 (平成30年度), the first year of the plan: complete."""

from evaluations.form.contents import Assessment, EvaluationTexts
from evaluations.sample.entries import achievement, narrative
from evaluations.sample.miura.supports import (
    fish_processing,
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
    SALES: by_municipality("5.4", "5.1", "1.8"),
    LUNCHES: Figure.of(24),
    GUESTS: by_municipality(1_180, 1_560, 410),
    SATISFACTION: Figure.of(66),
    VOLUNTEERS: Figure.of(1_264),
}

TEXTS = EvaluationTexts(
    previous_score="3.8",
    previous_remarks=(
        "直売所の販売額が伸びており、生産者の意欲の高まりがうかがえる。\n"
        "日帰りの来訪者が多いことから、滞在の時間を延ばす工夫を求めたい。"
    ),
    response_to_previous=(
        "滞在の時間を延ばすため、第2期計画では、宿泊を伴う体験プログラムの参加者数を数値目標に加えた。"
        "平成30年10月には予約の窓口を一つにまとめ、受入先を自由に組み合わせられるようにした。"
    ),
    considerations=(
        "平成30年度は第2期計画の初年度である。\n"
        "来訪者の満足度の調査は、令和元年度を除いて実施することとしている。"
    ),
    weight_rationale=WEIGHT_RATIONALE,
    pathway=PATHWAY,
    fiscal_support_count=1,
    tax_support_count=0,
    loan_support_count=1,
    overall=(
        "平成30年度は、藻場の面積を除く5つの数値目標で目標値に達した。"
        "評価指標の進捗度は、（1）が102%、（2）が103%、（3）が105%である。\n"
        "藻場の面積は測量を行う年度でないため、潜水による観察の結果を基に定性的に評価した。"
        "次年度は、学校給食で使う品目を増やすとともに、冬に来訪者が減ることへの対応を進める。"
    ),
    score="4.0",
    remarks=(
        "計画の初年度として順調な滑り出しであり、3市の役割の分担も明確である。\n"
        "藻場の再生については、数値によらない評価であっても、前年度との比較が分かる書き方を望む。"
    ),
)

ASSESSMENTS = {
    SALES: Assessment(
        self_assessment=(
            "実績値は12.3億円、進捗度は103%であった。内訳は横須賀市5.4億円、三浦市5.1億円、横浜市1.8億円である。"
            "冷蔵の設備を更新した直売所で、魚の取扱いが増えた。"
        ),
    ),
    LUNCHES: Assessment(
        self_assessment=(
            "実績値は24%、進捗度は100%であった。夏の野菜に加え、冬のキャベツと大根を使う献立が3市に広がった。"
        ),
    ),
    GUESTS: Assessment(
        self_assessment=(
            "実績値は3,150人、進捗度は105%であった。内訳は横須賀市1,180人、三浦市1,560人、横浜市410人であり、"
            "夏休みの親子での参加が中心である。"
        ),
        external_factors="平成30年9月の台風により、漁の体験を中止した日がある。",
    ),
    SATISFACTION: Assessment(
        self_assessment=(
            "実績値は66%、進捗度は102%であった。受入れの担い手との触れ合いを良かった点に挙げる人が多い一方、"
            "移動の不便さを挙げる声も寄せられた。"
        ),
    ),
    VOLUNTEERS: Assessment(
        self_assessment=(
            "実績値は1,264人、進捗度は105%であった。初めての人も加われる日を春と秋に設けたことで、企業からの参加が加わった。"
        ),
    ),
    SEAWEED: Assessment(
        qualitative=(
            "潜水による観察では、手入れを続けている海域で海藻の芽が増え、ウニの数は減っている。"
            "藻場は、緩やかに再生しつつあると評価する。"
        ),
        alternative=(
            "面積は上空からの測量によるほかなく、測量は令和3年度に行う。"
            "それまでは、漁業者が潜水により観察した海藻の芽とウニの様子を基に定性的に評価する。"
        ),
        self_assessment=(
            "計画した海域の全てで手入れを行い、海藻の芽の増加を確かめた。今後も観察の場所を変えずに続け、変化を記録する。"
        ),
        external_factors="夏から秋にかけて海水温が高く、芽の伸びが止まった海域がある。",
    ),
}

ACHIEVEMENTS = (
    (
        achievement(
            YOKOSUKA,
            "直売所の間での品物の融通の開始",
            "野菜の多い直売所と魚の多い直売所が互いの品物を置き、天候により品薄となる日を減らした。",
        ),
        achievement(
            MIURA,
            "規格の合わない大根を用いた給食の献立づくり",
            "献立を作る職員が畑を訪れ、曲がった大根や小さな大根を無駄なく使う献立を生産者とともに考えた。",
        ),
    ),
    (
        achievement(
            MIURA,
            "早朝の漁と朝食の体験",
            "漁船に乗って網を上げ、とれた魚を漁家で味わう1泊の体験を新たに設けた。",
        ),
        achievement(
            YOKOHAMA,
            "農園での夜の体験",
            "市の南部の農園で、枝豆の収穫と星の観察を組み合わせた1泊の体験を夏に開いた。",
        ),
    ),
    (
        achievement(
            None,
            "3市をまたぐ海岸の清掃",
            "3市の海岸を春と秋の同じ日に清掃し、集めたごみの種類と量を記録した。",
        ),
        *seaweed(
            "春と秋にウニを取り除き、手入れをした海域に海藻の種を付けた石を沈めた。",
            "漁業者と中学生が、海藻の種を付けた縄を岩場に張った。",
        ),
    ),
)

MEASURES = (
    fruit_liquor(
        "地元で採れたみかんを原料とする果実酒を、農家が自ら醸造する事業である。"
        "平成30年度は2軒の農家が製造を始め、直売所と体験の宿で提供した。",
        effect="recognised",
        remarks="少量の製造であっても地元での消費につながっている。",
    ),
    morning_market(
        "漁港の岸壁を月に1回、朝市の会場として用いる事業である。"
        "漁船の出入りのない時間に限って用いており、水揚げの支障は生じていない。"
    ),
    sea_taxi(
        "岬と岬の間を遊漁船で結び、来訪者が海から半島を巡れるようにするための提案である。"
        "安全の確保の方法について、国と協議を続けている。"
    ),
    huts_on_fields(used=True, note="横浜市の農園で、日よけのある休憩所を設けた。"),
    meals_at_farms(used=False),
)

NATIONAL_SUPPORTS = (
    guest_house(
        "財政支援を活用して倉庫の耐震の工事を終えた。"
        "令和2年度の開設を目指しており、宿泊を伴う体験プログラムの参加者数の増加に寄与すると見込んでいる。"
    ),
    fish_processing(
        "利子補給金を活用して切り身を作る機械を導入し、学校給食への供給を始めた。"
        "学校給食における地元の農水産物の使用割合の向上に寄与している。"
    ),
)

SCHEME_RESULTS = {
    "直売所設備更新補助金": "平成30年度は3件に補助した。",
    "体験の宿開設補助金": "平成30年度は4件に補助した。",
    "農園体験開設助成": "平成30年度は2件に助成した。",
    "半島めぐみ給食推進事業": "平成30年度は6月と11月に実施し、3市の小学校の全てで地元の献立を提供した。",
    "漁業後継者育成資金": "平成30年度の貸付けはなかった。",
    "海岸の利用手続の一本化": "平成30年10月から受付を始め、届出は18件であった。",
    "磯の生き物の採取に関する要綱": "平成31年3月に要綱を定めた。",
    "海のめぐみ学習会": "平成31年1月から2月までに小学校5校で開いた。",
}

REGIONAL_TEXTS = (
    JOINT_NARRATIVE,
    narrative(
        YOKOSUKA,
        "横須賀市では、直売所設備更新補助金により3件の設備の更新を助けた。",
    ),
    narrative(
        MIURA,
        "三浦市では、体験の宿開設補助金により、漁家など4件の改修を助けた。",
    ),
    narrative(
        YOKOHAMA,
        "横浜市では、農園体験開設助成により、市の南部の農園など2件の開設を助けた。",
    ),
    ORGANISATION,
    PRIVATE,
)
