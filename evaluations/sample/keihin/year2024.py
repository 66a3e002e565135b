"""Fiscal 2024 (令和6年度), being filled in: 横浜市 has entered most, 神奈川県 some, 川崎市 little."""

from evaluations.form.contents import Assessment, EvaluationTexts
from evaluations.sample.entries import achievement, narrative
from evaluations.sample.keihin.supports import peptide_medicine, regenerative_medicine
from evaluations.sample.keihin.targets import (
    DATA_PROJECTS,
    ENTRANTS,
    INVESTMENT,
    NEW_BUSINESSES,
    TRAINEES,
    TRIALS,
)
from evaluations.sample.keihin.year2023 import TEXTS as LAST
from evaluations.sample.keihin.zone import (
    JOINT_NARRATIVE,
    KANAGAWA,
    KAWASAKI,
    ORGANISATION,
    PATHWAY,
    WEIGHT_RATIONALE,
    YOKOHAMA,
    by_municipality,
    trials,
)

ACTUALS = {
    INVESTMENT: by_municipality(15, 88, None),
    ENTRANTS: by_municipality(None, 3, None),
    TRAINEES: by_municipality(1_502, 55_210, None),
    DATA_PROJECTS: by_municipality(2, 2, None),
    TRIALS: by_municipality(42, 25, 0),
    NEW_BUSINESSES: by_municipality(None, 4, None),
}

TEXTS = EvaluationTexts(
    previous_score=LAST.score,
    previous_remarks=LAST.remarks,
    response_to_previous=(
        "研修を受けた人のその後を把握するため、令和6年度から、主な研修の修了者に就業の状況を尋ねる調査を始めた。\n"
        "新規事業化件数については、試作の段階から薬事と量産の両面の助言を受けられる相談の窓口を設けた。"
    ),
    considerations=(
        "進出企業及び機関数の目標値は、令和5年度の8者から令和6年度は12者に上がっており、"
        "前年度と同じ実績値であっても進捗度は下がる。"
    ),
    weight_rationale=WEIGHT_RATIONALE,
    pathway=PATHWAY,
    no_measures_reason=(
        "令和6年度は、新たな特例措置を必要とする事業は生じていない。"
        "事業者への聴き取りで挙がった事項について、現行の制度で対応できるかどうかを国に確かめている。"
    ),
    fiscal_support_count=0,
)

ASSESSMENTS = {
    TRIALS: Assessment(
        self_assessment=(
            "実績値は67件、進捗度は112%であった。内訳は神奈川県立がんセンター42件、横浜市立大学附属病院25件であり、"
            "いずれも前年度を上回った。"
        )
    ),
}

ACHIEVEMENTS = (
    (
        achievement(
            KANAGAWA,
            "診療記録の要約を支援する仕組みの試行",
            "県立の医療機関が、長い診療記録から要点を抜き出して示す仕組みを試し、医師の確認に要する時間の変化を調べている。",
        ),
        achievement(
            YOKOHAMA,
            "睡眠の記録に基づく生活改善の助言サービスの実証",
            "市内の企業が、寝具に組み込んだ計測器の記録を解析し、睡眠の質に応じた助言を携帯端末に届ける実証を始めた。",
        ),
    ),
    trials(
        "令和6年度に新たに始めた国際共同治験は42件であり、前年度から2件増えた。",
        "令和6年度に新たに始めた国際共同治験は25件であり、前年度から1件増えた。"
        "海外の病院との定例の会議を設け、患者の登録の状況を互いに確かめている。",
    ),
    (
        achievement(
            YOKOHAMA,
            "手術の練習に用いる臓器模型の販売開始",
            "LIP.横浜トライアル助成金を受けた企業が、切開や縫合の感触を再現した模型を製品化し、病院と大学への販売を始めた。",
        ),
        achievement(KAWASAKI, "細胞の輸送に用いる保温容器の製品化"),
    ),
)

MEASURES_USED = None

NATIONAL_SUPPORTS = (regenerative_medicine(usage=""), peptide_medicine(usage=""))

SCHEME_RESULTS = {
    "fiscal": {
        "産業集積奨励金": "区域内での認定は累計6件、交付は累計5件である。",
        "企業誘致促進補助金": "区域内での認定と交付は、いずれも累計4件である。",
        "企業立地促進補助金": "",
        "企業誘致促進賃料補助金": "",
        "LIP.横浜トライアル助成金": "令和6年度は10件に助成した。",
        "横浜市企業立地促進条例": "令和6年度は15件を認定した。",
        "次世代重点・成長分野立地促進助成": "令和6年度は11件に助成した。",
        "横浜市新技術開発等支援事業": "令和6年度は開発費の助成を8件、販路の開拓の支援を6件行った。",
        "川崎市新技術・新製品開発等支援事業補助金": "令和6年度は3件に補助した。",
        "川崎市産学共同研究開発プロジェクト補助金": "",
        "川崎市ナノ・マイクロ機器利用促進補助金": "",
        "川崎臨海部研究開発機能強化補助金制度": "",
    },
    "tax": {"横浜市企業立地促進条例": "令和6年度は29件の税負担を軽減した。"},
    "loan": {
        "神奈川県企業立地促進融資": "",
        "かながわベンチャー輝きファンド": "総額20億円の民間のファンドと連携し、県内の企業への出資を促した。",
        "ヘルスケア・ニューフロンティアファンド": "",
    },
    "other_rules": {
        "BioJapan開催支援・パビリオン出展": (
            "令和6年10月にパシフィコ横浜で開催した。合同の展示区画には31の企業及び団体が出展した。"
        ),
        "京浜臨海部ライフイノベーション国際戦略総合特区セミナー開催": "",
        "LIP.横浜 中小企業・スタートアップ等支援事業": (
            "大手企業等と引き合わせるオンラインの催しを令和7年2月に開き、251名が参加した。"
        ),
        "LIP.横浜 ヘルスケアビジネス支援事業": (
            "講座を3回開き、延べ308名が参加した。資金の調達に向けた催しでは17件の提案があった。"
        ),
        "LIP.横浜 海外展開支援": "",
        "サイエンスカフェの開催": "",
        "キングスカイフロント拠点活動活性化推進事業": "",
        "キングスカイフロント 夏の科学イベント": "",
        "国外とのネットワーク構築": "",
    },
}

REGIONAL_TEXTS = (
    JOINT_NARRATIVE,
    narrative(
        KANAGAWA,
        "神奈川県では、民間と連携したファンドにより、創業間もない企業を資金の面から支えた。",
    ),
    narrative(
        YOKOHAMA,
        "横浜市では、「LIP.横浜」を通じて、試作品の開発など10件に助成した。"
        "また、海外の投資家との面談を望む企業に対し、事前の助言を行う講座を設けた。",
    ),
    narrative(KAWASAKI, ""),
    narrative(None, ""),
    ORGANISATION,
)
