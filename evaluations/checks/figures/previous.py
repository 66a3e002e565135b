"""2④: the score and the remarks that last year's evaluation received."""

from collections.abc import Iterator

from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.keys import RecordKey
from evaluations.scores import printed_score, same_score
from tokku.document.tree import Source
from tokku.japanese import fold


@check("前年度の評価結果の未記入", Level.CAUTION)
def previous_result_missing(picture: Picture) -> Iterator[Finding]:
    """2④ is required, except in the first year of a plan if there is no evaluation of the year before."""
    if not picture.last_year and picture.year <= picture.contents.plan.first_year:
        return
    texts = picture.contents.texts
    for name, label, missing in (
        ("previous_score", "評価点", texts.previous_score is None),
        ("previous_remarks", "専門家所見", fold(texts.previous_remarks) in ("", NOT_APPLICABLE)),
    ):
        if missing:
            yield previous_result_missing.finding(
                picture.place_of(RecordKey("evaluation"), name),
                f"2④に前年度の{label}がありません。前年度の評価書に対して返ってきた{label}を記入してください。",
            )


@check("前年度の評価点", Level.BLOCKING)
def previous_score(picture: Picture) -> Iterator[Finding]:
    """2④ prints the score that last year's evaluation received; 4.5 and 4.50 are the same."""
    returned_score = picture.last_year.texts.score if picture.last_year else None
    stated_score = picture.contents.texts.previous_score
    if returned_score and stated_score and not same_score(returned_score, stated_score):
        yield previous_score.finding(
            picture.place_of(RecordKey("evaluation"), "previous_score"),
            "2④の前年度の評価点が、前年度の評価書に対して返ってきた評価点と違います。"
            "通知を確かめて直してください。",
            words=printed_score(stated_score),
            found=printed_score(stated_score),
            expected=printed_score(returned_score),
        )


@check("前年度の専門家所見", Level.CAUTION)
def previous_remarks(picture: Picture) -> Iterator[Finding]:
    """2④ prints the remarks that last year's evaluation received, word for word."""
    returned_lines = picture.last_year.texts.remarks.split("\n") if picture.last_year else []
    returned_lines = [line for line in returned_lines if line.strip()]
    passages = picture.passages_of(RecordKey("evaluation"), "previous_remarks")
    if not returned_lines or not passages:
        return
    returned = {fold(line) for line in returned_lines}
    differing = [
        passage for passage in passages if fold(passage.text).removeprefix("・") not in returned
    ]
    printed = {fold(passage.text).removeprefix("・") for passage in passages}
    left_out = [line for line in returned_lines if fold(line) not in printed]
    places: list[Passage | Source] = [*differing] or ([passages[-1]] if left_out else [])
    for place in places:
        yield previous_remarks.finding(
            place,
            "2④の専門家所見が、前年度の評価書に対して返ってきた所見と違います。所見のとおりに直してください。",
            expected="\n".join(left_out),
        )
