"""Answers and marks that occur in many parts of the form, to the letter."""

NOT_APPLICABLE = "該当なし"
OMITTED = "（未提出の内容を省略）"
NONE = "—"
ALL_TARGETS = "全て"
USED = {True: "有", False: "無"}
# The figures of a year, as sources of documents name them; no model has fields of these names.
FIGURES = {
    "target": "目標値",
    "actual": "実績値",
    "before": "修正前の実績値",
    "progress": "進捗度",
}
RELATED_TARGETS = "関連する数値目標"

# Instructions shared by several fields.
ANSWER_NOT_APPLICABLE = f"該当しない場合は「{NOT_APPLICABLE}」とします。"
CHOOSE_ALL = f"選ぶと、{{place}}「{RELATED_TARGETS}」に「{ALL_TARGETS}」と記載されます。"
CHOOSE_TARGETS = f"{{place}}「{RELATED_TARGETS}」　選んだ数値目標の、別紙1での番号が記載されます。"
