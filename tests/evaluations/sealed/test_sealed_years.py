"""Sealed years read the same when the form is worded anew, and their fields that no form prints are never published."""

import hashlib
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import get_args, get_origin, get_type_hints

from evaluations.catalogue import annex1_targets, part3_progress, part5_national
from evaluations.catalogue import words as catalogue_words
from evaluations.catalogue.structure import FormHeading
from evaluations.form import UnreadableForm, interpret
from evaluations.form import contents as c
from evaluations.inspection import inspect
from evaluations.models import Actual, SealedVersion, Zone
from evaluations.permissions import Access
from evaluations.sample import evaluations
from evaluations.sealed.bundle import bundle
from evaluations.sealed.contents import write
from evaluations.sealed.media import Edition
from evaluations.sealed.open_data import TABLES, as_csv, as_json
from evaluations.sealed.sealing import read_contents, read_file, read_sealed
from evaluations.years.next_year import NextYear
from evaluations.years.rows_at_opening import prepare_rows
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.test_charts import words
from tests.evaluations.views.test_entry_pages import read
from tests.worlds import world
from tokku.document import json
from tokku.figures import Figure

# As the ministry may word its form one day: headings of parts, of lists and of texts.
REWORDED = {
    part3_progress.PART: "3 目標の達成状況に関する評価（別紙1）",
    part3_progress.INDICATORS: "① 評価指標及び数値目標",
    annex1_targets.ANNEX: "■ 取組の進捗の評価",
    part5_national.OUTLINE: "ア 事業の内容",
}


def reword(patch, heading, wording):
    """Give the heading other words in the forms of all years, and change the words for a relation to all targets."""
    original_of = FormHeading.of
    patch.setattr(
        FormHeading,
        "of",
        lambda self, *args: wording if self is heading else original_of(self, *args),
    )
    patch.setattr(catalogue_words, "ALL_TARGETS", "全数値目標")


@world
def last(secretariat):
    """The sample's fiscal 2023, sealed as 2022 is."""
    for year in (2022, 2023):
        last = factories.evaluation(evaluations()[year])
        campaign.sealed_as_it_is(last, secretariat)
        campaign.put(last, "final", secretariat)
    return last


def as_a_paper(version):
    """The contents that the document gives when it is read with the current headings; None if it is unreadable."""
    try:
        return interpret(read_sealed(version)).contents
    except UnreadableForm:
        return None


def read_by_everybody(client, person, last):
    """The outputs of all parts of the product that read sealed years."""
    zone = Zone.objects.get()
    return {
        "open data": [as_json(table, zone) for table in TABLES],
        "figures": [
            words(read(client, person, f"/keihin/2023/figures/{page}"))
            for page in ("", "1-1/", "1-1/2023/", "1/", "fiscal/")
        ],
        "next year": [
            [(f.name, f.value_from_object(draft.row)) for f in draft.row._meta.concrete_fields]
            for draft in NextYear(last).drafts
        ],
        "papers": [
            (
                json.write(read_sealed(version)),
                read_file(version, "pdf"),
                read_file(version, "docx"),
            )
            for version in SealedVersion.objects.all()
        ],
    }


def test_sealed_years_read_the_same_when_the_form_is_worded_anew(
    client, secretariat, last, monkeypatch
):
    version = last.sealedversion_set.get()
    contents = read_contents(version).contents
    before = read_by_everybody(client, secretariat, last)
    for heading, wording in REWORDED.items():
        with monkeypatch.context() as patch:
            reword(patch, heading, wording)
            assert as_a_paper(version) != contents.printed(), wording
            after = read_by_everybody(client, secretariat, last)
            for reader, output in before.items():
                assert after[reader] == output, (wording, reader)


def test_next_year_is_compared_with_a_sealed_year_when_the_form_is_worded_anew(
    secretariat, last, monkeypatch
):
    year = NextYear(last).save(by=secretariat)
    campaign.put(year, "open", secretariat)
    prepare_rows(year)
    Actual.objects.filter(target__indicator__number=4, fiscal_year=2023).update(value=77)

    def compared():
        inspection = inspect(Access(secretariat, year))
        assert inspection.why_without_last_year == ""
        return {
            (finding.finding.source, finding.finding.words, finding.finding.expected)
            for finding in inspection.findings
            if finding.finding.check.label == "前年度の評価書と違う数値"
        }

    before = compared()
    assert before
    for heading, wording in REWORDED.items():
        with monkeypatch.context() as patch:
            reword(patch, heading, wording)
            assert compared() == before, wording


# Fields that no form prints are not published

PLANTED = {
    tuple[c.Correction, ...]: (
        c.Correction(value=Figure("987654"), municipality="印字しない市", reason="印字しない文"),
    ),
    tuple[str, ...]: ("印字しない文",),
    tuple: (("印字しない市", Figure.of("987654.3")),),
    str: "印字しない文",
    Decimal: Decimal("987654.3"),
    int: 987654,
}


def planted(value):
    """The contents with something in every field that is not printed, and digits beyond those that are."""
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(map(planted, value))
    if not is_dataclass(value):
        return value
    values = {f.name: planted(getattr(value, f.name)) for f in fields(value)}
    for f in fields(value):
        if not f.metadata.get("printed", True):
            hint = get_type_hints(type(value))[f.name]
            kinds = {hint, get_origin(hint), *get_args(hint)}
            values[f.name] = next(sample for kind, sample in PLANTED.items() if kind in kinds)
    if isinstance(value, c.NumericTarget):
        values |= {
            "total": Figure.of(value.total.number + Decimal("0.3")),
            "baseline": Figure.of(PLANTED[Decimal]),
        }
    return type(value)(**values)


def public(version):
    """The files that are published or sent."""
    evaluation = version.evaluation
    files = {f"{table.name}.csv": as_csv(table, evaluation.zone) for table in TABLES}
    files |= {f"{table.name}.json": as_json(table, evaluation.zone) for table in TABLES}
    return files | {"bundle": bundle(Edition(evaluation, read_sealed(version), version))}


def test_fields_that_are_not_printed_are_in_no_published_file(secretariat):
    version = campaign.sealed_year(secretariat).sealedversion_set.get()
    before = public(version)
    sealed = read_contents(version)
    with_more = replace(sealed, contents=planted(sealed.contents))
    version.contents = write(with_more)
    version.contents_sha256 = hashlib.sha256(version.contents.encode()).hexdigest()
    version.save()
    for planted_value in ("印字しない文", "印字しない市", "987654"):
        assert planted_value in version.contents
    assert public(version) == before
