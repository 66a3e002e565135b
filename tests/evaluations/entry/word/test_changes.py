"""An edited document: changes that are proposed, refused, or reported as leftovers."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations import moves, sample
from evaluations.entry.word.changes import read_edited
from evaluations.entry.word.origin import origin_of
from evaluations.entry.word.proposals import NotApplied, apply, proposals
from evaluations.form import UnreadableForm, compose
from evaluations.form import contents as c
from evaluations.models import Achievement, Actual, Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load_for
from supports.models import RegionalText, SchemeResult
from tests import factories
from tests.evaluations.views.entry import open_year
from tests.worlds import world
from tokku.document import json
from tokku.figures import Figure

pytestmark = pytest.mark.slow


@world
def evaluation(secretariat):
    return open_year(secretariat, schemes=2)


def exported(access):
    """The exported contents and the origin in the file."""
    access = Access(access.user, access.evaluation)  # What is stored may change afterwards.
    loaded = load_for(access)
    document = compose(loaded.contents)
    return loaded.contents, origin_of(access.evaluation, document, loaded.rows)


def access_of(person, evaluation):
    return Access(
        person, Evaluation.objects.select_related("zone", "edition__plan").get(pk=evaluation.pk)
    )


def edited(person, evaluation, edit, base=None):
    """The `EditedFile` of a document that the person exported, edited and uploaded."""
    access = access_of(person, evaluation)
    contents, origin = exported(access)
    return read_edited(access, compose(edit(contents)), origin if base is None else base)


def proposed(person, evaluation, edit, base=None):
    edited_file = edited(person, evaluation, edit, base)
    return proposals(access_of(person, evaluation), edited_file.typed)


def with_achievement(contents, place, **values):
    approach = contents.approaches[0]
    done = list(approach.achievements)
    done[place] = replace(done[place], **values)
    return replace(contents, approaches=(replace(approach, achievements=tuple(done)),))


def with_scheme(contents, name, /, **values):
    schemes = tuple(
        replace(scheme, **values) if scheme.name == name else scheme for scheme in contents.schemes
    )
    return replace(contents, schemes=schemes)


def unchanged(contents):
    return contents


def changes(proposal_list):
    return [
        (proposal.label, proposal.difference.old, proposal.difference.new)
        for proposal in proposal_list
    ]


@pytest.mark.parametrize("person", ["official", "secretariat"])
@pytest.mark.parametrize("base", [None, ""])
def test_unedited_document_proposes_nothing(request, evaluation, person, base):
    person = request.getfixturevalue(person)
    edited_file = edited(person, evaluation, unchanged, base)
    assert proposals(access_of(person, evaluation), edited_file.typed) == []
    assert edited_file.leftovers == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "year"),
    [(slug, year) for slug, zone in sample.ZONES.items() for year in zone.evaluations()],
)
def test_unedited_sample_proposes_nothing(secretariat, slug, year):
    evaluation = factories.evaluation(sample.ZONES[slug].evaluations()[year], slug)
    moves.move(evaluation, "open", by=secretariat)
    edited_file = edited(secretariat, evaluation, unchanged)
    assert proposals(access_of(secretariat, evaluation), edited_file.typed) == []
    assert edited_file.leftovers == []


def test_text_is_proposed_with_its_difference(official, evaluation):
    proposal_list = proposed(
        official, evaluation, lambda contents: with_achievement(contents, 0, text="書き直した。")
    )
    assert changes(proposal_list) == [("取組・成果「川崎市の成果」　内容", "内容", "書き直した。")]
    assert proposal_list[0].refusal == ""
    assert proposal_list[0].conflict is None


def test_renamed_heading_is_the_same_achievement(official, evaluation):
    proposal_list = proposed(
        official,
        evaluation,
        lambda contents: with_achievement(contents, 0, heading="川崎市の大きな成果"),
    )
    assert [(proposal.field, proposal.difference.new) for proposal in proposal_list] == [
        ("heading", "川崎市の大きな成果")
    ]


def test_others_rows_are_named_and_refused(official, evaluation):
    # Visible once handed in, and still not the official's to write.
    evaluation.submission_set.filter(municipality__name="横浜市").update(
        state="submitted", submitted_at="2024-06-01T00:00Z", submitted_by=official
    )
    proposal_list = proposed(
        official, evaluation, lambda contents: with_achievement(contents, 1, text="横から書いた。")
    )
    assert [proposal.refusal for proposal in proposal_list] == [
        "他の作成主体の欄は、その作成主体の担当者が入力します。"
    ]


def test_hidden_drafts_are_neither_exported_nor_named(official, evaluation):
    contents, _ = exported(access_of(official, evaluation))
    assert "横浜市の成果" not in str(contents)
    assert edited(official, evaluation, unchanged).leftovers == []


def test_relation_and_counts(secretariat, evaluation):
    def edit(contents):
        contents = with_scheme(
            contents, "川崎市の事業1", relation=c.Relation(targets=(c.TargetKey(1, 1),))
        )
        return replace(contents, texts=replace(contents.texts, tax_support_count=3))

    proposal_list = proposed(secretariat, evaluation, edit)
    assert {(proposal.field, proposal.difference.new) for proposal in proposal_list} == {
        ("tax_support_count", "3"),
        ("targets", "数値目標その1（件）"),
    }


def test_figure_of_the_zone_is_an_actual_where_one_row_is_behind_it(secretariat, evaluation):
    Actual.objects.filter(fiscal_year=2023).delete()
    target = evaluation.edition.indicator_set.get().numerictarget_set.get()
    row = Actual.objects.create(
        target=target,
        fiscal_year=2023,
        value=Decimal(6),
    )
    proposal_list = proposed(
        secretariat, evaluation, lambda contents: with_actual(contents, Figure.of(8))
    )
    assert changes(proposal_list) == [
        (f"実績値「{row.target.name}」（特区全体）　実績値", "6", "8")
    ]


def with_actual(contents, value):
    (indicator,) = contents.indicators
    target = indicator.targets[0]
    years = tuple(
        replace(figures, actual=value, by_municipality=()) if figures.year == 2023 else figures
        for figures in target.years
    )
    indicators = (replace(indicator, targets=(replace(target, years=years),)),)
    # A typed figure replaces the note that the figure was left out.
    omitted = tuple(record for record in contents.omitted if not record.startswith("target/"))
    return replace(contents, indicators=indicators, omitted=omitted)


def test_sum_of_municipalities_is_left_alone(secretariat, evaluation):
    for row in Actual.objects.filter(fiscal_year=2023):
        row.value = 1
        row.save()
    edited_file = edited(
        secretariat, evaluation, lambda contents: with_actual(contents, Figure.of(8))
    )
    (leftover,) = edited_file.leftovers
    assert (leftover.text, leftover.why) == (
        "3 → 8",
        "作成主体ごとの実績値から計算します。実績値の画面で入力してください。",
    )
    assert proposals(access_of(secretariat, evaluation), edited_file.typed) == []


def test_what_nobody_enters_here_is_named(secretariat, evaluation):
    edited_file = edited(
        secretariat,
        evaluation,
        lambda contents: replace(contents, plan=replace(contents.plan, overview="書き換えた概要")),
    )
    (leftover,) = edited_file.leftovers
    assert "計画の概要" in leftover.label
    assert leftover.text.endswith("→ 書き換えた概要")


def test_added_and_removed_rows_are_named(secretariat, evaluation):
    def edit(contents):
        approach = contents.approaches[0]
        new = c.Achievement(level="main", heading="全く新しい取組である", text="その内容")
        done = (approach.achievements[1], new)
        return replace(contents, approaches=(replace(approach, achievements=done),))

    edited_file = edited(secretariat, evaluation, edit)
    assert [(leftover.label, leftover.text) for leftover in edited_file.leftovers] == [
        ("追加された取組・成果", "全く新しい取組である\nその内容"),
        ("取組・成果「川崎市の成果」", ""),
    ]


def test_changed_order_is_reported_and_not_imported(secretariat, evaluation):
    def edit(contents):
        approach = contents.approaches[0]
        done = approach.achievements[::-1]
        return replace(contents, approaches=(replace(approach, achievements=done),))

    edited_file = edited(secretariat, evaluation, edit)
    assert edited_file.leftovers == []
    assert "文書で並べ替えた行があります。" in edited_file.notices[0]


def test_each_line_of_6_goes_to_its_part(secretariat, evaluation):
    parts = {
        "": "共同で取り組んだ。",
        "横浜市": "横浜で助成した。\n横浜で開いた。",
        "川崎市": "川崎で補助した。",
    }
    for name, text in parts.items():
        row = RegionalText.objects.get(
            evaluation=evaluation,
            kind="narrative",
            municipality=factories.municipality(name) if name else None,
        )
        row.text = text
        row.save()

    def edit(contents):
        texts = tuple(
            replace(text, text="横浜で助成した。\n横浜で広く開いた。\n横浜で加えた。")
            if text.municipality == "横浜市"
            else text
            for text in contents.regional_texts
        )
        return replace(contents, regional_texts=texts)

    (proposal,) = proposed(secretariat, evaluation, edit)
    assert proposal.row.municipality.name == "横浜市"
    assert proposal.difference.new == "横浜で助成した。\n横浜で広く開いた。\n横浜で加えた。"


# Changes between export and upload


def test_field_changed_meanwhile_is_a_conflict(official, colleague, evaluation):
    access = access_of(official, evaluation)
    contents, origin = exported(access)
    row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
    row.text = "同僚の内容"
    row.save()
    edited_file = read_edited(
        access, compose(with_achievement(contents, 0, text="私の内容")), origin
    )
    (proposal,) = proposals(access, edited_file.typed)
    assert proposal.conflict.stored == "同僚の内容"
    assert (proposal.difference.old, proposal.difference.new) == ("同僚の内容", "私の内容")


def test_field_that_only_the_records_changed_is_not_touched(official, evaluation):
    access = access_of(official, evaluation)
    contents, origin = exported(access)
    row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
    row.text = "同僚の内容"
    row.save()
    edited_file = read_edited(access, compose(contents), origin)
    assert proposals(access, edited_file.typed) == []


def test_deleted_row_is_named_with_its_text(official, evaluation):
    access = access_of(official, evaluation)
    contents, origin = exported(access)
    SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1").delete()
    changed = with_scheme(contents, "川崎市の事業1", result="Wordで書いた実績")
    edited_file = read_edited(access, compose(changed), origin)
    assert ("地域独自の支援措置（別紙3）", "Wordで書いた実績") in [
        (leftover.label, leftover.text) for leftover in edited_file.leftovers
    ]


def test_forged_origin_is_none(official, evaluation):
    edited_file = edited(official, evaluation, unchanged, base="eyJldmFsdWF0aW9uIjoxfQ:forged")
    assert "分からないため" in edited_file.notices[0]


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("keihin", lambda contents: replace(contents, fiscal_year=2022)),
        ("keihin", lambda contents: replace(contents, fiscal_year=2024)),
        ("other", lambda contents: replace(contents, zone=replace(contents.zone, name="別の特区"))),
    ],
    ids=["last year", "a copy for next year", "the same year of another zone"],
)
def test_origin_of_another_evaluation_is_none(secretariat, evaluation, slug, change):
    """The other evaluation has equal rows in equal revisions, and its title was changed in Word."""
    contents, _ = exported(access_of(secretariat, evaluation))
    other_evaluation = factories.evaluation(change(contents), slug)
    _, origin = exported(access_of(secretariat, other_evaluation))

    def edit(contents):
        return with_achievement(contents, 0, text="新しい内容")

    of_other = edited(secretariat, evaluation, edit, base=origin)
    no_municipality_label = edited(secretariat, evaluation, edit, base="")

    assert of_other == no_municipality_label
    assert "分からないため" in of_other.notices[0]
    (proposal,) = proposals(access_of(secretariat, evaluation), of_other.typed)
    assert (proposal.difference.old, proposal.difference.new) == ("内容", "新しい内容")
    assert not proposal.is_safe


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda contents: replace(contents, fiscal_year=2024), "別の年度の文書です：令和6年度"),
        (
            lambda contents: replace(contents, zone=replace(contents.zone, name="別の特区")),
            "別の特区の文書です：「別の特区」",
        ),
    ],
)
def test_another_document_is_refused(secretariat, evaluation, edit, sentence):
    with pytest.raises(UnreadableForm, match=sentence):
        edited(secretariat, evaluation, edit)


# Importing


def ticked(proposal_list):
    return [proposal.key for proposal in proposal_list]


def test_only_what_is_ticked_is_taken_over_with_its_reason(official, evaluation):
    def edit(contents):
        contents = with_achievement(contents, 0, heading="新しい見出し", text="新しい内容")
        return with_scheme(contents, "川崎市の事業1", result="実績")

    typed = edited(official, evaluation, edit).typed
    proposal_list = proposals(access_of(official, evaluation), typed)
    wanted = [proposal.key for proposal in proposal_list if proposal.field != "heading"]
    count = apply(evaluation, typed, wanted, by=official, file_name="評価書.docx")
    assert count == 2
    row = Achievement.objects.get(approach__evaluation=evaluation, text="新しい内容")
    assert row.heading == "川崎市の成果"
    assert row.history.first().history_change_reason == "評価書.docx から取込み"


def test_all_or_nothing(official, evaluation):
    def edit(contents):
        contents = with_achievement(contents, 0, text="新しい内容")
        return with_scheme(contents, "川崎市の事業1", name="あ" * 301)

    typed = edited(official, evaluation, edit).typed
    proposal_list = proposals(access_of(official, evaluation), typed)
    assert [bool(proposal.errors) for proposal in proposal_list] == [False, True]
    with pytest.raises(NotApplied):
        apply(evaluation, typed, ticked(proposal_list), by=official, file_name="")
    assert not Achievement.objects.filter(text="新しい内容").exists()


def test_refused_field_is_not_taken_over_by_ticking(official, evaluation):
    evaluation.submission_set.filter(municipality__name="横浜市").update(
        state="submitted", submitted_at="2024-06-01T00:00Z", submitted_by=official
    )
    typed = edited(
        official, evaluation, lambda contents: with_achievement(contents, 1, text="横から書いた。")
    ).typed
    proposal_list = proposals(access_of(official, evaluation), typed)
    with pytest.raises(NotApplied):
        apply(evaluation, typed, ticked(proposal_list), by=official, file_name="")
    assert not Achievement.objects.filter(text="横から書いた。").exists()


def test_conflict_is_settled_by_ticking_unless_it_changed_again(official, colleague, evaluation):
    access = access_of(official, evaluation)
    contents, origin = exported(access)
    typed = read_edited(
        access, compose(with_achievement(contents, 0, text="私の内容")), origin
    ).typed

    def colleague_writes(text):
        row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
        row.text = text
        row.save()

    def choose():
        """As the page sends it: the conflict that was shown, and the choice."""
        (proposal,) = proposals(access_of(official, evaluation), typed)
        typed[f"{proposal.key}-conflict"] = str(proposal.conflict.revision)
        typed[f"{proposal.key}-keep"] = "typed"
        return [proposal.key]

    colleague_writes("同僚の内容")
    wanted = choose()
    colleague_writes("同僚の更なる内容")
    with pytest.raises(NotApplied):
        apply(evaluation, typed, wanted, by=official, file_name="")
    assert apply(evaluation, typed, choose(), by=official, file_name="") == 1
    row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
    assert row.text == "私の内容"
    assert row.history.filter(text="同僚の更なる内容").exists()


# Cases that must not be confused


def narratives(evaluation, **texts):
    for row in RegionalText.objects.filter(evaluation=evaluation, kind="narrative"):
        row.text = texts.get(row.municipality.name if row.municipality else "joint", "")
        row.save()


def with_narrative(contents, name, text):
    """The part of a municipality with other words, as the file prints it."""
    parts = tuple(
        replace(part, text=text) if (part.kind, part.municipality) == ("narrative", name) else part
        for part in contents.regional_texts
    )
    return replace(contents, regional_texts=parts)


def test_secretariats_file_brings_an_official_no_others_words(official, secretariat, evaluation):
    """A file may hold drafts that its sender may not see: they stay with their parts."""
    narratives(
        evaluation, joint="共同", 神奈川県="神奈川の文", 横浜市="横浜の文", 川崎市="川崎の文"
    )
    contents, origin = exported(access_of(secretariat, evaluation))
    access = access_of(official, evaluation)
    edited_file = read_edited(access, compose(contents), origin)
    assert proposals(access, edited_file.typed) == []
    assert edited_file.leftovers == []
    edited_file = read_edited(
        access, compose(with_narrative(contents, "川崎市", "川崎の新しい文")), origin
    )
    assert changes(proposals(access, edited_file.typed)) == [
        ("地域独自の取組の状況及び自己評価（本文6）：川崎市　内容", "川崎の文", "川崎の新しい文")
    ]


def test_lines_of_a_deleted_part_are_proposed_nowhere(secretariat, evaluation):
    narratives(evaluation, joint="共同", 神奈川県="神奈川の文", 横浜市="横浜の文")
    contents, origin = exported(access_of(secretariat, evaluation))
    RegionalText.objects.get(evaluation=evaluation, text="神奈川の文").delete()
    access = access_of(secretariat, evaluation)
    assert proposals(access, read_edited(access, compose(contents), origin).typed) == []


def test_own_blank_part_is_filled(official, evaluation):
    narratives(evaluation, joint="共同")
    (proposal,) = proposed(
        official,
        evaluation,
        lambda contents: with_narrative(contents, "川崎市", "川崎の初めての文"),
    )
    assert (proposal.row.municipality, proposal.difference.new) == (
        official.municipality,
        "川崎の初めての文",
    )


def test_line_beside_several_blank_parts_is_left_to_people(secretariat, evaluation):
    narratives(evaluation, joint="共同")
    edited_file = edited(
        secretariat, evaluation, lambda contents: with_narrative(contents, "横浜市", "誰かの文")
    )
    assert [(leftover.text, leftover.why) for leftover in edited_file.leftovers] == [
        ("誰かの文", "どの作成主体の部分に入る文章か分かりません。")
    ]
    assert proposals(access_of(secretariat, evaluation), edited_file.typed) == []


def test_cell_of_several_parts_goes_back_to_them(secretariat, evaluation):
    for name in ("横浜市", "川崎市"):
        RegionalText.objects.create(
            evaluation=evaluation,
            kind="private",
            position=9,
            municipality=factories.municipality(name),
            text=f"{name}の民間の取組",
        )
    assert proposed(secretariat, evaluation, unchanged) == []
    (proposal,) = proposed(
        secretariat,
        evaluation,
        lambda contents: replace(
            contents,
            regional_texts=tuple(
                replace(text, text="横浜の新しい取組")
                if text.text.startswith("横浜市の民間")
                else text
                for text in contents.regional_texts
            ),
        ),
    )
    assert (proposal.row.municipality.name, proposal.difference.new) == (
        "横浜市",
        "横浜の新しい取組",
    )


def test_words_without_a_row_are_named(secretariat, evaluation):
    RegionalText.objects.filter(evaluation=evaluation).delete()
    edited_file = edited(
        secretariat,
        evaluation,
        lambda contents: replace(
            contents, regional_texts=(c.RegionalText(kind="organisation", text="体制を強めた。"),)
        ),
    )
    assert [(leftover.text, leftover.why) for leftover in edited_file.leftovers] == [
        ("体制を強めた。", "この内容を入力する行がありません。")
    ]


def only_actual(evaluation, **values):
    Actual.objects.filter(fiscal_year=2023).delete()
    target = evaluation.edition.indicator_set.get().numerictarget_set.get()
    target.aggregation = "once"
    target.save()
    return Actual.objects.create(target=target, fiscal_year=2023, **values)


def test_figure_of_a_municipality_that_is_hidden_is_not_disclosed(official, evaluation):
    only_actual(evaluation, municipality=factories.municipality("横浜市"), value=6)
    edited_file = edited(official, evaluation, unchanged)
    assert proposals(access_of(official, evaluation), edited_file.typed) == []
    assert edited_file.leftovers == []
    edited_file = edited(official, evaluation, lambda contents: with_actual(contents, Figure.of(7)))
    assert [
        (leftover.text, leftover.why)
        for leftover in edited_file.leftovers
        if "実績値" in leftover.label
    ] == [("7", "この行は他の作成主体が入力中のため、今は開けません。")]


def test_cleared_figure_is_proposed(secretariat, evaluation):
    only_actual(evaluation, value=6)
    (proposal,) = proposed(secretariat, evaluation, lambda contents: with_actual(contents, None))
    assert (proposal.field, proposal.difference.old, proposal.difference.new) == ("value", "6", "")
    # A text that was moved elsewhere in the file looks the same.
    assert not proposal.is_safe


def test_figure_that_is_printed_rounded_is_left_as_it_is(secretariat, evaluation):
    only_actual(evaluation, value=Decimal("88.4"))
    assert proposed(secretariat, evaluation, unchanged) == []
    (proposal,) = proposed(
        secretariat, evaluation, lambda contents: with_actual(contents, Figure.of(90))
    )
    assert (proposal.difference.old, proposal.difference.new) == ("88.4", "90")


def test_rows_of_the_same_name_are_told_apart_by_all_they_say(secretariat, evaluation):
    for scheme in ("川崎市の事業1", "横浜市の事業1"):
        row = SchemeResult.objects.get(evaluation=evaluation, name=scheme)
        row.name = "企業立地補助金"
        row.save()

    def edit(contents):
        first = next(scheme for scheme in contents.schemes if scheme.name == "企業立地補助金")
        return replace(
            contents, schemes=tuple(scheme for scheme in contents.schemes if scheme is not first)
        )

    edited_file = edited(secretariat, evaluation, edit)
    assert proposals(access_of(secretariat, evaluation), edited_file.typed) == []
    assert [leftover.why for leftover in edited_file.leftovers] == [
        "文書にない行です。削除するときは、入力の画面で行ってください。"
    ]


def test_a_scheme_of_the_year_is_renamed_and_gets_words(official, evaluation):
    """Whose it is stays to be said on the entry pages."""
    edited_file = edited(
        official,
        evaluation,
        lambda contents: with_scheme(
            contents,
            "川崎市の事業1",
            name="川崎市の事業一",
            municipalities=("川崎市", "横浜市"),
            other_bodies="5県",
        ),
    )
    typed = edited_file.typed
    changes = proposals(access_of(official, evaluation), typed)
    assert [(proposal.field, proposal.difference.new) for proposal in changes] == [
        ("name", "川崎市の事業一"),
        ("other_bodies", "5県"),
    ]
    (leftover,) = edited_file.leftovers
    assert leftover.label == "財政支援措置「川崎市の事業1」「自治体名」"
    keys = [proposal.key for proposal in changes]
    apply(evaluation, typed, keys, by=official, file_name="")
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業一")
    assert row.bodies == ("川崎市", "5県")
    assert {other.name for other in row.scheme.schemeresult_set.exclude(pk=row.pk)} == {
        "川崎市の事業1"
    }


def test_file_of_unknown_origin_is_taken_over_only_by_choice(official, evaluation):
    (proposal,) = proposed(
        official,
        evaluation,
        lambda contents: with_achievement(contents, 0, text="新しい内容"),
        base="",
    )
    assert not proposal.is_safe


def test_relation_is_one_answer(official, evaluation):
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    row.all_targets = True
    row.save()
    relation = c.Relation(targets=(c.TargetKey(1, 1),))
    typed = edited(
        official,
        evaluation,
        lambda contents: with_scheme(contents, "川崎市の事業1", relation=relation),
    ).typed
    (proposal,) = proposals(access_of(official, evaluation), typed)
    assert (proposal.difference.old, proposal.difference.new) == ("全て", "数値目標その1（件）")
    apply(evaluation, typed, [proposal.key], by=official, file_name="")
    row = SchemeResult.objects.get(pk=row.pk)
    assert (row.all_targets, row.targets.count()) == (False, 1)


def test_progress_that_somebody_writes_is_reported(secretariat, evaluation):
    access = access_of(secretariat, evaluation)
    contents, origin = exported(access)
    written = json.read(json.write(compose(contents)).replace("120%", "150%"))
    edited_file = read_edited(access, written, origin)
    assert {leftover.text for leftover in edited_file.leftovers} == {"120% → 150%"}
    assert {leftover.why for leftover in edited_file.leftovers} == {
        "目標値と実績値から計算します。Wordからは変更できません。"
    }


def test_edited_figure_of_the_plan_is_reported_by_target_and_year(secretariat, evaluation):
    def raised(contents):
        indicator = contents.indicators[0]
        target = indicator.targets[0]
        years = tuple(
            replace(figures, target=Figure.of(figures.target.number + 1))
            if figures.year == 2024
            else figures
            for figures in target.years
        )
        targets = (replace(target, years=years), *indicator.targets[1:])
        return replace(
            contents, indicators=(replace(indicator, targets=targets), *contents.indicators[1:])
        )

    labels = [leftover.label for leftover in edited(secretariat, evaluation, raised).leftovers]
    assert labels == ["数値目標（1-1/2024）「目標値」"]


def test_plan_that_was_renamed_since_is_nobodys_edit(secretariat, evaluation):
    access = access_of(secretariat, evaluation)
    contents, origin = exported(access)
    evaluation.edition.goal = "改めた目標"
    evaluation.edition.save()
    access = access_of(secretariat, evaluation)
    assert read_edited(access, compose(contents), origin).leftovers == []


def test_what_somebody_writes_beside_not_applicable_is_reported(secretariat, evaluation):
    access = access_of(secretariat, evaluation)
    contents, origin = exported(access)
    ticked = json.write(compose(contents)).replace(
        "□ 特例措置の効果が認められる", "■ 特例措置の効果が認められる", 1
    )
    edited_file = read_edited(access, json.read(ticked), origin)
    assert "特例措置の効果" in " ".join(
        leftover.label + leftover.text for leftover in edited_file.leftovers
    )
