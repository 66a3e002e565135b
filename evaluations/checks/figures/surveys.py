"""Years for which a target has no figure since nothing was surveyed, as the texts of 別紙1 say."""

import re
from dataclasses import astuple

from evaluations.checks.mentions import same_width, sentences, year_mentions
from evaluations.form.contents import NumericTarget

_SURVEY = "(?:調査|アンケート|測定|計測|統計)"
# 統計がまだ公表されていない and 調査に協力しない企業 say nothing of it.
_NOT_DONE = re.compile(
    rf"{_SURVEY}(?:(?!まだ|未だ|協力|回答|結果|票|集計|終わ|完了|届|行った|実施した|では(?!な))[^。、]){{0,10}}?"
    r"(?:ない|なかっ|せず|れず|行わず|おらず|無い|無かっ|対象外|見送|休止|中止|空白)|非調査年"
    r"|目標値?[^。]{0,10}?(?:設け|設定し|定め)(?:てい)?(?:な|ず)"
)
_EVERY_FEW = re.compile(
    r"隔年|[2-9二三四五](?:年|か年|カ年|ヶ年)(?:度)?(?:に ?[1一] ?[度回]|ごと|毎|おき|周期|間隔)|[1一]年おき"
)


def is_without_survey(target: NumericTarget, year: int, evaluated: int) -> bool:
    """Whether a year without a figure is one without a survey, as an evaluation of the year `evaluated` says.

    That a survey comes every other year says it only of a year for which nothing was aimed at either.
    """
    said = same_width("\n".join(astuple(target.assessment)))
    if target.figures(year).target is None and _EVERY_FEW.search(said):
        return True
    return any(
        _NOT_DONE.search(sentence.text)
        and year in (_years(sentence.text, evaluated) or {evaluated})
        for sentence in sentences(said)
    )


def _years(text: str, evaluated: int) -> set[int | None]:
    return {
        mention.fiscal_year if mention.offset is None else evaluated + mention.offset
        for mention in year_mentions(text)
    }
