"""The fixed wording of the form, to the letter and in its order (FORM.md)."""

NOT_APPLICABLE = "該当なし"
NONE = "—"

ZONE_KINDS = {"international": "国際戦略", "regional": "地域活性化"}

# Body. 〔種別〕 stands for the kind of zone.
TITLE = "〔種別〕総合特別区域評価書"
AUTHORS = "作成主体の名称："

PART_1 = "1 〔種別〕総合特別区域の名称"

PART_2 = "2 総合特区計画の状況"
PLAN_OVERVIEW = "① 総合特区計画の概要"
PLAN_GOAL = "② 総合特区計画の目指す目標"
PLAN_DATES = "③ 総合特区の指定時期及び総合特区計画の認定時期"
PREVIOUS_RESULT = "④ 前年度の評価結果"
PREVIOUS_SCORE = "〔種別〕総合特区"
RESPONSE_TO_PREVIOUS = "⑤ 前年度の評価結果を踏まえた取組状況等"
CONSIDERATIONS = "⑥ 本年度の評価に際して考慮すべき事項"

PART_3 = "3 目標に向けた取組の進捗に関する評価（別紙1）"
INDICATORS = "① 評価指標"
QUALITATIVE = "《定性的評価》"
WEIGHT_RATIONALE = "② 寄与度の考え方"
PATHWAY = (
    "③ 総合特区として実現しようとする目標（数値目標を含む。）の達成に、"
    "特区で実施する各事業が連携することにより与える効果及び道筋"
)
APPROACHES = "④ 目標達成に向けた実施スケジュール"
ACHIEVEMENTS = "【具体的な取組・成果】"

PART_4 = "4 規制の特例措置を活用した事業等の実績及び自己評価（別紙2）"
MEASURES = {
    "specific": "① 特定〔種別〕事業",
    "general": "② 一般〔種別〕事業",
    "proposal": "③ 規制の特例措置の提案",
}
NO_MEASURES_REASON = "【該当する事業が無い理由】"

PART_5 = "5 国の財政・税制・金融支援の活用実績及び自己評価"
SUPPORT_COUNTS = {
    "fiscal": "① 財政支援：評価対象年度における事業件数",
    "tax": "② 税制支援：評価対象年度における適用件数",
    "loan": "③ 金融支援（利子補給金）：評価対象年度における新規契約件数",
}
ADJUSTMENT_FUNDS = "＜調整費を活用した事業＞"
NO_FISCAL_SUPPORT_REASON = "＜該当する事業がない理由＞"
SUPPORT_OUTLINE = "ア 事業の概要"
SUPPORT_USAGE = "イ 評価対象年度における〔支援〕の活用状況と目標達成への寄与"
SUPPORT_KINDS = {"fiscal": "財政支援", "tax": "税制支援", "loan": "金融支援"}

PART_6 = "6 地域独自の取組の状況及び自己評価（別紙3）"
PART_7 = "7 総合評価"

# 別紙1
ANNEX_1 = "■ 目標に向けた取組の進捗に関する評価"
TARGET_VALUE = "目標値"
ACTUAL_VALUE = "実績値"
WEIGHT = "寄与度(※):"
PROGRESS = "進捗度(%)"
CUMULATIVE = "(累計)"
ASSESSMENT = {
    "alternative": (
        "代替指標又は定性的評価の考え方\n"
        "※数値目標の実績に代えて代替指標又は定性的な評価を用いる場合"
    ),
    "strategy": "目標達成の考え方及び目標達成に向けた主な取組、関連事業",
    "target_basis": "各年度の目標設定の考え方や数値の根拠等\n※定性的評価の場合は、各年度の目標",
    "self_assessment": "進捗状況に係る自己評価(進捗が遅れている場合の要因分析)",
    "external_factors": "外部要因等特記事項",
}
ANNEX_1_NOTE = (
    "※寄与度:一つの評価指標に対して複数の数値目標がある場合、"
    "それぞれの数値目標が評価指標に与える寄与度を記入してください。"
)

# 別紙2
ANNEX_2 = "■規制の特例措置等を活用した事業の実績及び評価"
MEASURE_TABLES = {
    "specific": "規制の特例措置を活用した事業",
    "feasible": (
        "国との協議の結果、現時点で実現可能なことが明らかになった措置による事業"
        "(本文4②に記載したものを除く。)"
    ),
    "nationwide": (
        "国との協議の結果、全国展開された措置を活用した事業(本文4②に記載したものを除く。)"
    ),
}
RELATED_TARGETS = "関連する数値目標"
MEASURE_COLUMNS = {
    "specific": (
        "特定(国際戦略/地域活性化)事業の名称(事業の詳細は本文4①を参照)",
        RELATED_TARGETS,
        "規制所管府省による評価",
    ),
    "feasible": (
        "現時点で実現可能なことが明らかになった措置による事業の名称",
        RELATED_TARGETS,
        "評価対象年度における活用の有無",
        "備考(活用状況等)",
    ),
    "nationwide": (
        "全国展開された事業の名称",
        RELATED_TARGETS,
        "評価対象年度における活用の有無",
        "備考(活用状況等)",
    ),
}
ANNEX_2_NOTE = "※関連する数値目標の欄には、別紙1の評価指標と数値目標の番号を記載してください。"
MINISTRY = "規制所管府省名:"
MINISTRY_EFFECTS = {
    "recognised": "特例措置の効果が認められる",
    "not_recognised": "特例措置の効果が認められない",
}
MINISTRY_FOLLOW_UPS = {"review": "要件の見直しの必要性あり", "other": "その他"}
MINISTRY_REMARKS = "＜特記事項＞"
ALL_TARGETS = "全て"
USED = {True: "有", False: "無"}

# 別紙3
ANNEX_3 = (
    "■地域独自の取組の状況及び自己評価（地域における財政・税制・金融上の支援措置、"
    "規制緩和・強化等、体制強化、関連する民間の取組等）"
)
SCHEME_GROUPS = {
    "財政・税制・金融上の支援措置": {
        "fiscal": "財政支援措置の状況",
        "tax": "税制支援措置の状況",
        "loan": "金融支援措置の状況",
    },
    "規制緩和・強化等": {
        "relaxation": "規制緩和",
        "tightening": "規制強化",
        "other_rules": "その他",
    },
    # One table, which goes by the name of its group.
    "特区の掲げる目標の達成に寄与したその他の事業": {"other_projects": ""},
}
SCHEME_COLUMNS = ("事業名", "事業概要", RELATED_TARGETS, "実績", "自治体名")
RULE_COLUMNS = ("取組", *SCHEME_COLUMNS[1:])
REGIONAL_TEXTS_GROUP = "体制強化、関連する民間の取組等"
REGIONAL_TEXTS = {"organisation": "体制強化", "private": "民間の取組等"}


def for_kind(label: str, kind: str) -> str:
    """The label in a zone of this kind (ZoneKind)."""
    return label.replace("〔種別〕", ZONE_KINDS[kind])


def support_usage(kind: str) -> str:
    return SUPPORT_USAGE.replace("〔支援〕", SUPPORT_KINDS[kind])
