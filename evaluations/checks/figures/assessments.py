"""The texts on each numeric target's figures: causes of delay, comparisons, words in place of figures."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import NumericTarget
from evaluations.form.printed_figures import figure, percent, target_number
from evaluations.keys import RecordKey
from tokku.japanese import era_year, fold


@check("自己評価の未記入", Level.BLOCKING, finds_blanks=True)
def self_assessment_missing(picture: Picture) -> Iterator[Finding]:
    """別紙1: every numeric target has 進捗状況に係る自己評価."""
    for key, indicator, target in picture.contents.targets():
        if not target.assessment.self_assessment:
            yield self_assessment_missing.finding(
                picture.place_of(RecordKey("assessment", key), "self_assessment"),
                f"数値目標{target_number(indicator, target)}の自己評価がありません。"
                "進捗状況に係る自己評価を書いてください。",
            )


# Words that give a reason.
_CAUSE = re.compile(
    r"ため(?!に(?:は|も))|(?:に|こと)より|によ(?:る|って|り)|ことから|を受け|に伴|要因|原因|理由|背景|影響"
    r"|遅れ|遅延|遅く|長引|時間[をが](?:要|かか)|困難|難し|課題|不足|でき(?:ず|な)|決まら|整わ|中止|中断|延期"
    r"|高騰|上昇|混乱|相次"
)
# What is to be done next gives no reason for what happened.
_NEXT = re.compile(r"\s{0,9}(?:次年度|来年度|今後|引き続き)")
_PLAN = re.compile(r"(?:ていく|図る|努める|取り組む|進める|目指す|行う|する|予定である)\s{0,9}$")
_PAST = re.compile(r"(?:[っしきれえせけめいん]た|ず)[がもの、]|ものの")


@check("進捗の遅れの要因", Level.CAUTION)
def delay_without_cause(picture: Picture) -> Iterator[Finding]:
    """別紙1: 進捗が遅れている場合の要因分析 is required where the progress is below 100%."""
    for key, indicator, target in picture.contents.targets():
        progress, assessment = target.progress(picture.year), target.assessment
        if not isinstance(progress, Decimal) or progress >= 100 or not assessment.self_assessment:
            continue
        if assessment.qualitative or _gives_cause(
            f"{assessment.self_assessment}\n{assessment.external_factors}"
        ):
            continue
        yield delay_without_cause.finding(
            picture.place_of(RecordKey("assessment", key), "self_assessment"),
            f"数値目標{target_number(indicator, target)}の進捗度は{percent(progress)}ですが、"
            "自己評価に遅れの要因がありません。要因の分析を書いてください。",
            found=percent(progress),
        )


def _gives_cause(text: str) -> bool:
    return any(
        _CAUSE.search(sentence) for sentence in re.split(r"[。\n]", text) if not _is_plan(sentence)
    )


def _is_plan(sentence: str) -> bool:
    if _NEXT.match(sentence):
        return True
    return bool(_PLAN.search(sentence[-20:])) and not _PAST.search(sentence)


# A change is a jump from this much on: in percent of last year's actual, and in units of the last printed digit.
_JUMP, _STEPS = 20, 3
_COMPARISON = re.compile(
    r"前年|昨年|[増減](?:[加少えしっりとのに。、]|であ)|伸び|落ち込|上昇|低下|倍増|半減"
)


@check("前年度からの大きな増減", Level.NOTE)
def jump_unmentioned(picture: Picture) -> Iterator[Finding]:
    """An actual far from last year's that the self-assessment does not comment on."""
    for key, indicator, target in picture.contents.targets():
        actual, actual_last_year = (
            target.figures(picture.year).actual,
            target.figures(picture.year - 1).actual,
        )
        assessment = target.assessment
        if (
            None in (actual, actual_last_year)
            or not assessment.self_assessment
            or not _is_jump(actual, actual_last_year, target)
        ):
            continue
        texts = same_width(f"{assessment.self_assessment}\n{assessment.external_factors}")
        if _COMPARISON.search(texts) or f"{era_year(picture.year - 1)}年" in texts:
            continue
        yield jump_unmentioned.finding(
            picture.place_of(RecordKey("assessment", key), "self_assessment"),
            f"数値目標{target_number(indicator, target)}の実績値が前年度の{figure(actual_last_year, target)}から"
            f"{figure(actual, target)}に大きく変わっていますが、自己評価に触れられていません。"
            "増減の理由を書き添えてください。",
            found=figure(actual, target),
            expected=figure(actual_last_year, target),
        )


def _is_jump(actual: Decimal, actual_last_year: Decimal, target: NumericTarget) -> bool:
    change = abs(actual - actual_last_year)
    return change * 100 >= abs(actual_last_year) * _JUMP and change >= Decimal(_STEPS).scaleb(
        -target.decimals
    )


@check("定性的評価と実績値", Level.CAUTION)
def qualitative_with_figure(picture: Picture) -> Iterator[Finding]:
    """3①: words stand in place of the figures of the year, not beside them."""
    for key, indicator, target in picture.contents.targets():
        actual = target.figures(picture.year).actual
        if target.assessment.qualitative and actual is not None:
            yield qualitative_with_figure.finding(
                picture.place_of(RecordKey("assessment", key), "qualitative"),
                f"数値目標{target_number(indicator, target)}に定性的評価と実績値の両方があります。"
                "数値で評価するなら定性的評価を、そうでなければ実績値を消してください。",
                found=figure(actual, target),
            )


@check("定性的評価の考え方", Level.CAUTION)
def qualitative_unexplained(picture: Picture) -> Iterator[Finding]:
    """別紙1: 代替指標又は定性的評価の考え方 is required where words stand in place of figures."""
    for key, indicator, target in picture.contents.targets():
        assessment = target.assessment
        if assessment.qualitative and fold(assessment.alternative) in ("", "該当なし"):
            yield qualitative_unexplained.finding(
                picture.place_of(RecordKey("assessment", key), "alternative"),
                f"数値目標{target_number(indicator, target)}を定性的に評価していますが、その考え方がありません。"
                "別紙1の「代替指標又は定性的評価の考え方」を書いてください。",
                words=assessment.alternative,
            )


@check("印字された進捗度", Level.CAUTION)
def printed_progress(picture: Picture) -> Iterator[Finding]:
    """The progress printed in the file that the contents were read from equals the computed one."""
    reported = set()
    for printed in picture.printed:
        figure_key = (printed.key, printed.year, fold(printed.text))
        difference = printed.difference(picture.contents)
        if not difference or figure_key in reported:
            continue
        reported.add(figure_key)
        is_indicator = isinstance(printed.key, int)
        yield printed_progress.finding(
            picture.place_of(RecordKey("indicator", printed.key), "name")
            if is_indicator
            else picture.place_of(RecordKey("target", printed.key, printed.year), "progress"),
            f"{difference}目標値、実績値及び寄与度を元の文書と照らし、誤りがあれば直してください。",
            found=printed.text,
            expected=printed.expected(picture.contents),
        )
