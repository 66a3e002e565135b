"""The source keys of a document lead to the rows that its words came from."""

import pytest

from evaluations import sample
from evaluations.form import compose
from evaluations.keys import RecordKey
from evaluations.models import Actual, Evaluation
from evaluations.records.load import load, load_rows
from evaluations.years.rows import rows_of_year
from tests import factories
from tests.evaluations.views.entry import open_year
from tokku.document.tree import Table


def sourced(document):
    """Source and text of every block and cell that has a source."""
    for section in document.sections:
        for block in section.blocks:
            cells = [c for row in block.rows for c in row.cells] if isinstance(block, Table) else []
            for element in cells or [block]:
                if getattr(element, "source", None):
                    yield element.source, element.text


@pytest.mark.django_db
def test_every_key_leads_to_the_row_with_the_printed_words():
    evaluation = factories.evaluation(sample.evaluations()[2023])
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    rows = load_rows(rows_of_year(evaluation)).rows
    count = 0
    for source, text in sourced(compose(load(evaluation))):
        for row in rows.get(RecordKey.parse(source.record), ()):
            field = row.entry_field(source.field)
            if not field or isinstance(row, Actual) or source.record.startswith("regional_text/o"):
                continue
            if field == "targets":  # The form prints their numbers, not their names.
                related = getattr(row, "all_targets", False) or row.targets.exists()
                assert related == (text != "—"), source
                count += 1
                continue
            stored_text = row.text_of(field)
            if source.field in ("used", "note") and not stored_text:
                continue
            if any(line in text for line in stored_text.split("\n")):
                count += 1
            else:
                pytest.fail(f"{source}: {stored_text!r} is not in {text!r}")
    assert count > 100


@pytest.mark.parametrize("hidden", [(), ("川崎市",), ("横浜市", "川崎市")])
def test_keys_are_those_of_the_document_without_hidden_rows(secretariat, hidden):
    evaluation = open_year(secretariat, schemes=3)
    keys = [factories.municipality(name).pk for name in hidden]
    rows = load_rows(rows_of_year(evaluation), keys).rows
    schemes = {
        source.record: text
        for source, text in sourced(compose(load_rows(rows_of_year(evaluation), keys).contents))
        if source.record.startswith("scheme/") and source.field == "name"
    }
    assert schemes == {
        str(key): rows_of_key[0].name for key, rows_of_key in rows.items() if key.source == "scheme"
    }


def test_figure_of_the_zone_has_a_row_of_each_municipality(secretariat):
    rows = load_rows(rows_of_year(open_year(secretariat))).rows
    this_year = rows[RecordKey.parse("target/1-1/2023")]
    assert [row.municipality.name for row in this_year] == ["神奈川県", "横浜市", "川崎市"]
    assert this_year[0].entry_field("actual") == "value"
    assert this_year[0].entry_field("target") == ""
    assert RecordKey.parse("target/1-1/2022") not in rows
