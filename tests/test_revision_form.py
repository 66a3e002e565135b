"""Two people edit one row: tokku/revision_form.py merges their input in every order."""

import pytest
from django.http import QueryDict

from evaluations.entry.forms import form_for


@pytest.fixture
def row(evaluation):
    """The evaluation, its texts 総合 and 道筋."""
    evaluation.overall, evaluation.pathway = "総合", "道筋"
    evaluation.save()
    return evaluation


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def save(row, **values):
    """Someone else saves."""
    stored_row = fresh(row)
    for name, value in values.items():
        setattr(stored_row, name, value)
    stored_row.save()


def send(row, shown_row, values, fields=("overall", "pathway"), **choices):
    """The form bound to these values, typed on a page that showed `shown_row`; `choices` are inputs on conflicts."""
    page = form_for(shown_row, fields=fields)
    data = QueryDict(mutable=True)
    data[page.revision_name] = str(shown_row.revision)
    for name in fields:
        value = page[name].value()
        data[page.add_prefix(name)] = values.get(name, "" if value is None else str(value))
    for name, value in choices.items():
        data[page.add_prefix(name.replace("__", "-"))] = str(value)
    return form_for(fresh(row), data, fields=fields)


def shown_again(form):
    """The data that is sent from a page that shows the form again."""
    data = QueryDict(mutable=True)
    data[form.revision_name] = str(form.row.revision)
    for bound in form:
        data[bound.html_name] = "" if bound.value() is None else str(bound.value())
        if bound.conflict:
            data[f"{bound.html_name}-conflict"] = str(bound.conflict.revision)
    return data


def test_what_was_typed_is_saved_as_the_next_revision(row):
    form = send(row, row, {"overall": "新しい総合"})
    assert form.is_valid()
    assert form.has_changed()
    form.save()
    assert fresh(row).overall == "新しい総合"
    assert fresh(row).revision == row.revision + 1


def test_nothing_typed_is_no_change(row):
    form = send(row, row, {})
    assert form.is_valid()
    assert not form.has_changed()


def test_line_ends_of_a_browser_are_no_change(row):
    save(row, overall="一行目\n二行目")
    shown_row = fresh(row)
    form = send(row, shown_row, {"overall": "一行目\r\n\r\n二行目 \r\n"})
    assert form.is_valid()
    assert not form.has_changed()


def test_field_left_alone_keeps_what_the_other_saved(row):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    form = send(row, shown_row, {"pathway": "私の道筋"})
    assert form.is_valid()
    form.save()
    assert (fresh(row).overall, fresh(row).pathway) == ("ほかの人の総合", "私の道筋")


def test_nothing_typed_over_an_older_revision_is_no_change(row):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    form = send(row, shown_row, {})
    assert form.is_valid()
    assert not form.has_changed()


def test_both_typed_the_same(row):
    shown_row = fresh(row)
    save(row, overall="同じ")
    form = send(row, shown_row, {"overall": "同じ"})
    assert form.is_valid()
    assert not form.has_changed()


def test_both_changed_is_a_conflict_that_shows_both(row, official):
    shown_row = fresh(row)
    colleague_row = fresh(row)
    colleague_row.overall = "ほかの人の総合"
    colleague_row._history_user = official
    colleague_row.save()
    form = send(row, shown_row, {"overall": "私の総合"})
    assert not form.is_valid()
    conflict = form.conflicts["overall"]
    assert (conflict.stored, conflict.by) == ("ほかの人の総合", str(official))
    assert conflict.at is not None
    assert conflict.revision == shown_row.revision + 1
    assert form["overall"].value() == "私の総合"
    assert fresh(row).overall == "ほかの人の総合"


def test_conflict_names_the_one_who_changed_this_field(row, official, other_official):
    shown_row = fresh(row)
    for person, values in ((official, {"overall": "A"}), (other_official, {"pathway": "B"})):
        colleague_row = fresh(row)
        for name, value in values.items():
            setattr(colleague_row, name, value)
        colleague_row._history_user = person
        colleague_row.save()
    form = send(row, shown_row, {"overall": "私の総合"})
    form.is_valid()
    assert form.conflicts["overall"].by == str(official)


@pytest.mark.parametrize(
    ("keep", "expected"), [("typed", "私の総合"), ("stored", "ほかの人の総合")]
)
def test_person_chooses(row, keep, expected):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    revision = fresh(row).revision
    choice = {"overall__conflict": revision, "overall__keep": keep}
    form = send(row, shown_row, {"overall": "私の総合"}, **choice)
    assert form.is_valid(), form.errors
    if form.has_changed():
        form.save()
    assert fresh(row).overall == expected


@pytest.mark.parametrize("keep", ["", "both"])
def test_without_a_choice_it_stays_a_conflict(row, keep):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    choice = {"overall__conflict": fresh(row).revision, "overall__keep": keep}
    form = send(row, shown_row, {"overall": "私の総合"}, **choice)
    assert not form.is_valid()
    assert "overall" in form.conflicts
    assert "選んでください" in form.errors["overall"][0]


@pytest.mark.parametrize("keep", ["typed", "stored"])
def test_choice_is_asked_for_again_when_a_version_has_changed_since(row, keep):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    shown_revision = fresh(row).revision
    save(row, overall="更に新しい総合")
    choice = {"overall__conflict": shown_revision, "overall__keep": keep}
    form = send(row, shown_row, {"overall": "私の総合"}, **choice)
    assert not form.is_valid()
    assert form.conflicts["overall"].stored == "更に新しい総合"
    assert "更に保存しました" in form.errors["overall"][0]


def test_choice_holds_when_another_field_changed_in_between(row):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合")
    shown_revision = fresh(row).revision
    save(row, pathway="ほかの人の道筋")
    choice = {"overall__conflict": shown_revision, "overall__keep": "typed"}
    form = send(row, shown_row, {"overall": "私の総合"}, **choice)
    assert form.is_valid()
    form.save()
    assert (fresh(row).overall, fresh(row).pathway) == ("私の総合", "ほかの人の道筋")


def test_fields_beside_a_conflict_are_merged_then_too(row):
    """The page of a conflict, sent as it stands, must not write an old text over a newer one."""
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合", pathway="ほかの人の道筋")
    first_form = send(row, shown_row, {"overall": "私の総合"})
    assert not first_form.is_valid()
    assert first_form["pathway"].value() == "ほかの人の道筋"
    second_data = shown_again(first_form)
    second_data[first_form.add_prefix("overall-keep")] = "typed"
    second = form_for(fresh(row), second_data, fields=("overall", "pathway"))
    assert second.is_valid(), second.errors
    second.save()
    assert (fresh(row).overall, fresh(row).pathway) == ("私の総合", "ほかの人の道筋")


def test_field_in_error_is_asked_about_until_it_can_be_read(row):
    fields = ("overall", "tax_support_count")
    shown_row = fresh(row)
    save(row, tax_support_count=7)
    first_form = send(row, shown_row, {"tax_support_count": "１o"}, fields)
    assert not first_form.is_valid()
    assert first_form.conflicts["tax_support_count"].stored == "7"
    assert len(first_form.errors["tax_support_count"]) == 2
    second_data = shown_again(first_form)
    second_data[first_form.add_prefix("tax_support_count")] = "10"
    second = form_for(fresh(row), second_data, fields=fields)
    assert not second.is_valid()
    assert second.conflicts["tax_support_count"].stored == "7"


def test_field_left_alone_is_not_asked_about_when_a_third_save_comes_in_between(row):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合", pathway="ほかの人の道筋")
    first_form = send(row, shown_row, {"overall": "私の総合"})
    assert not first_form.is_valid()
    save(row, pathway="更に新しい道筋")
    second = form_for(fresh(row), shown_again(first_form), fields=("overall", "pathway"))
    assert not second.is_valid()
    assert {*second.conflicts} == {"overall"}
    assert second["pathway"].value() == "更に新しい道筋"


@pytest.mark.parametrize("keep", ["typed", "stored"])
def test_what_was_there_at_first_can_be_typed_again(row, keep):
    """A field put back to what it said before both changed it, in a page that has shown both versions."""
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合", pathway="ほかの人の道筋")
    first_form = send(row, shown_row, {"overall": "私の総合"})
    assert not first_form.is_valid()
    second_data = shown_again(first_form)
    second_data[first_form.add_prefix("overall")], second_data[first_form.add_prefix("pathway")] = (
        "総合",
        "道筋",
    )
    second_data[first_form.add_prefix("overall-keep")] = keep
    second = form_for(fresh(row), second_data, fields=("overall", "pathway"))
    assert second.is_valid(), second.errors
    second.save()
    overall = {"typed": "総合", "stored": "ほかの人の総合"}[keep]
    assert (fresh(row).overall, fresh(row).pathway) == (overall, "道筋")


def test_choosing_what_is_stored_settles_what_cannot_be_read(row):
    fields = ("overall", "tax_support_count")
    shown_row = fresh(row)
    save(row, tax_support_count=7)
    first_form = send(row, shown_row, {"tax_support_count": "１o"}, fields)
    assert not first_form.is_valid()
    second_data = shown_again(first_form)
    second_data[first_form.add_prefix("tax_support_count-keep")] = "stored"
    second = form_for(fresh(row), second_data, fields=fields)
    assert second.is_valid(), second.errors
    assert not second.has_changed()


def test_what_was_typed_stands_there_until_the_whole_row_is_settled(row):
    shown_row = fresh(row)
    save(row, overall="ほかの人の総合", pathway="ほかの人の道筋")
    choice = {"overall__conflict": fresh(row).revision, "overall__keep": "stored"}
    form = send(row, shown_row, {"overall": "私の総合", "pathway": "私の道筋"}, **choice)
    assert not form.is_valid()
    assert form["overall"].value() == "私の総合"
    assert form.conflicts["overall"].chosen == "stored"


def test_what_was_typed_is_in_no_row_before_it_is_saved(row):
    stored_row = fresh(row)
    form = send(row, stored_row, {"overall": "私の総合"})
    assert form.is_valid()
    assert form.row.overall == "総合"
    assert form.save().overall == "私の総合"


@pytest.mark.parametrize("revision", ["", "x", "²", "-1", "99", "9" * 5000])
def test_unknown_revision_never_writes_over_what_is_stored(row, revision):
    form = send(row, row, {"overall": "私の総合"}, revision=revision)
    assert not form.is_valid()
    assert form.conflicts["overall"].stored == "総合"


def test_form_that_was_not_sent_says_so(row):
    assert not form_for(row, QueryDict("a=b")).was_sent
    assert send(row, row, {}).was_sent


def test_unchanged_rows_ask_the_database_nothing(row, django_assert_num_queries):
    form = send(row, row, {})
    with django_assert_num_queries(0):
        assert form.is_valid()
