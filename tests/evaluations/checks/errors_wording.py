"""Errors of writing and of form, one at a random place of a sound evaluation."""

from dataclasses import replace
from random import Random

from evaluations.catalogue import ASSESSMENT, part3_approaches, part4_measures, part5_national
from evaluations.checks import Picture
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from tests.evaluations.checks.changes import (
    Found,
    adding,
    in_one_text,
    is_sentences,
    replaced,
    texts,
    with_text,
)
from tokku.document.tree import Source

# Writing


def doubled_particle(contents: Contents, random: Random) -> Found:
    particle = random.choice("をがのにはでと")
    places = f"(?<=[一-鿿ァ-ヺー\\d]){particle}(?=[一-鿿ァ-ヺ\\d、])"
    return _replaced(contents, random, places, lambda found: found * 2)


def doubled_particle_after_kana(contents: Contents, random: Random) -> Found:
    particle = random.choice("をがの")
    places = f"(?<=[たるい]){particle}(?=[一-鿿ァ-ヺ\\d、])"
    return _replaced(contents, random, places, lambda found: found * 2)


def two_particles(contents: Contents, random: Random) -> Found:
    """を where が was meant, and both stayed."""
    places = "(?<=[一-鿿ァ-ヺー])[をがは](?=[一-鿿ァ-ヺ\\d、])"

    def change(found: str) -> str:
        other = random.choice([letter for letter in "をがは" if letter != found])
        return random.choice((found + other, other + found))

    return _replaced(contents, random, places, change)


def doubled_word(contents: Contents, random: Random) -> Found:
    """支援支援, するする."""
    words = "(?<![一-鿿])[一-鿿]{2,4}(?![一-鿿])|(?<![ァ-ヺー])[ァ-ヺー]{3,8}(?![ァ-ヺー])|により|して|する|における"
    return _replaced(contents, random, words, lambda found: found * 2)


def doubled_mark(contents: Contents, random: Random) -> Found:
    return _replaced(
        contents, random, "[、。]", lambda found: random.choice((found * 2, "、。", "。、"))
    )


def space_within(contents: Contents, random: Random) -> Found:
    """Within a word, before a mark, or between a figure and its unit."""
    places = "(?<=[ぁ-ん])(?=[一-鿿ぁ-ん])|(?=[、。」])|(?<=\\d)(?=[件人名社])"
    return _replaced(contents, random, places, lambda found: random.choice(" 　"))


def full_stop_lost(contents: Contents, random: Random) -> Found:
    return _replaced(contents, random, "。(?=$|\n)", lambda found: "")


def bracket_lost(contents: Contents, random: Random) -> Found:
    """One of a pair left out."""
    return _replaced(contents, random, "[（）「」]", lambda found: "")


def bracket_of_another_kind(contents: Contents, random: Random) -> Found:
    others = {"（": "「", "）": "」", "」": "』", "「": "『"}
    return _replaced(contents, random, "[（）「」]", lambda found: others[found])


def brackets_of_two_widths(contents: Contents, random: Random) -> Found:
    said = random.choice(("（前年度比)", "(前年度比）"))
    return _replaced(contents, random, "(?<=[一-鿿])(?=[はがを])", lambda found: said)


def full_width_figure(contents: Contents, random: Random) -> Found:
    """One figure in full width."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _replaced(
        contents, random, "(?<![\\d,])\\d{1,3}(?![\\d,])", lambda found: found.translate(wide)
    )


def figure_of_two_widths(contents: Contents, random: Random) -> Found:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _replaced(
        contents, random, "\\d{2,3}", lambda found: found[:-1] + found[-1].translate(wide)
    )


def other_counter(contents: Contents, random: Random) -> Found:
    said = random.choice(
        ("3ヶ所で開いた。", "6ヶ月続けた。", "4カ国が加わった。", "2箇所に広げた。")
    )
    return _added(contents, random, said)


def two_units_of_money(contents: Contents, random: Random) -> Found:
    return _added(contents, random, "投資は3億円、助成は120百万円である。")


def polite_sentence(contents: Contents, random: Random) -> Found:
    polite = {
        "である。": "です。",
        "した。": "しました。",
        "する。": "します。",
        "いる。": "います。",
    }
    return _replaced(contents, random, "である。|した。|する。|いる。", lambda found: polite[found])


def other_spelling(contents: Contents, random: Random) -> Found:
    said = random.choice(
        (
            "国および県が支えた。",
            "更に、取り組みを進めた。",
            "成果に繋がる。",
        )
    )
    return _added(contents, random, said)


# Letters


def letter_no_font_has(contents: Contents, random: Random) -> Found:
    return _put(contents, random, random.choice(("🎌", "\ue000", "한글", "ไทย", "😀")))


def letter_nobody_sees(contents: Contents, random: Random) -> Found:
    return _put(contents, random, random.choice(("\u200b", "\u00ad", "\u202e", "\u2060", "\ufe0f")))


def voicing_apart(contents: Contents, random: Random) -> Found:
    return _replaced(contents, random, "が", lambda found: "か\u3099")


def radical_for_kanji(contents: Contents, random: Random) -> Found:
    radicals = {"高": "⾼", "生": "⽣", "用": "⽤", "行": "⾏", "入": "⼊", "見": "⾒", "人": "⼈"}
    return _replaced(contents, random, "[高生用行入見人]", lambda found: radicals[found])


def half_width_katakana(contents: Contents, random: Random) -> Found:
    said = random.choice(("ｾﾝﾀｰ", "ﾃﾞｰﾀ", "ｻｰﾋﾞｽ"))
    return _put(contents, random, said)


def lookalike(contents: Contents, random: Random) -> Found:
    """漢字 and dashes within カタカナ."""
    alike = {
        "エ": "工",
        "カ": "力",
        "ロ": "口",
        "タ": "夕",
        "ト": "卜",
        "ニ": "二",
        "ー": "一",
        "ハ": "八",
    }
    places = "(?<=[ァ-ヺ])[エカロタトニーハ](?=[ァ-ヺ])"
    return _replaced(contents, random, places, lambda found: alike[found])


# Form


def left_open(contents: Contents, random: Random) -> Found:
    said = random.choice(
        (
            "●●件を認定した。",
            "○○社と組んだ。",
            "XX件である。",
            "TODO",
            "（要確認）",
            "令和〇〇年に開いた。",
            "〓田氏が述べた。",
            "（調整中）",
        )
    )
    return _added(contents, random, said)


def no_answer(contents: Contents, random: Random) -> Found:
    said = random.choice(("－", "特になし", "同上", "未定", "調整中", "・", "（作成中）"))
    required = {"strategy", "target_basis", "self_assessment", "narrative", "outline", "usage"}
    required |= {"overall", "pathway", "response_to_previous", "no_measures_reason"}
    return in_one_text(
        contents, random, lambda *_: said, where=lambda source: source.field in required
    )


def not_applicable_without_reason(contents: Contents, random: Random) -> Found:
    fields = (
        "no_measures_reason",
        "no_fiscal_support_reason",
        "self_assessment",
        "overall",
        "usage",
    )
    return in_one_text(
        contents, random, lambda *_: "該当なし", where=lambda source: source.field in fields
    )


def not_applicable_beside_text(contents: Contents, random: Random) -> Found:
    kinds = ("regional_text/private/1", "regional_text/organisation/1")
    return in_one_text(
        contents,
        random,
        lambda said, _: f"{said}\n{'窓口を設けた。' if said == '該当なし' else '該当なし'}",
        where=lambda source: source.record in kinds,
    )


def reason_beside_entries(contents: Contents, random: Random) -> Found:
    support = replace(random.choice(contents.national_supports), kind="fiscal")
    supports = (support, *contents.national_supports)
    return replace(contents, national_supports=supports), Source(
        "evaluation", "no_fiscal_support_reason"
    )


def label_in_a_text(contents: Contents, random: Random) -> Found:
    label = random.choice(
        (
            part5_national.OUTLINE.newest,
            random.choice(list(part5_national.USAGE.values())).newest,
            part4_measures.NO_MEASURES_REASON.newest,
            ASSESSMENT["strategy"].heading.newest,
            "外部要因等特記事項",
            part3_approaches.ACHIEVEMENTS.newest,
        )
    )
    return in_one_text(contents, random, lambda said, _: f"{label}\n{said}", where=is_sentences)


def instruction_in_a_text(contents: Contents, random: Random) -> Found:
    said = random.choice(
        (
            "※定性的評価の場合は、各年度の目標を記載してください。",
            "200字以内で記入のこと。",
            "別添の資料を確認してください。",
        )
    )
    return _added(contents, random, said)


def words_of_another_support(contents: Contents, random: Random) -> Found:
    """The text of 税制支援 says 金融支援, and the other way round."""

    def change(said: str, random: Random) -> str | None:
        return f"{random.choice(other)}を活用して機器を導入し、試験を進めた。"

    support = random.choice(("tax", "loan"))
    other = {"tax": ("金融支援", "財政支援"), "loan": ("税制支援", "財政支援")}[support]
    return in_one_text(
        contents,
        random,
        change,
        where=lambda source: (
            source.record.startswith(f"national_support/{support}/") and source.field == "usage"
        ),
    )


def copied_text(contents: Contents, random: Random) -> Found:
    """The text of one scheme stands at another too."""
    found = [(s, said) for s, said in texts(contents) if s.field in ("outline", "strategy")]
    (first, said), (second, _) = random.sample([one for one in found if len(one[1]) >= 45], 2)
    later = max(first, second, key=lambda one: _place(contents, one))
    return with_text(contents, second, said), later


def outline_of_another_table(contents: Contents, random: Random) -> Found:
    """The outline of a grant stands at a tax relief."""
    grants = [
        one for one in contents.schemes if one.category == "fiscal" and "税" not in one.outline
    ]
    source = Source("scheme/tax/1", "outline")
    return with_text(contents, source, random.choice(grants).outline), source


def approach_without_targets(contents: Contents, random: Random) -> Found:
    place = random.randrange(len(contents.approaches))
    approaches = list(contents.approaches)
    approaches[place] = replace(approaches[place], targets=())
    return replace(contents, approaches=tuple(approaches)), Source(
        f"approach/{place + 1}", "targets"
    )


def _place(contents: Contents, source: Source) -> int:
    return Picture(contents).passages_of(RecordKey.parse(source.record), source.field)[0].number


def _replaced(contents: Contents, random: Random, places: str, change) -> Found:
    """One of the places that an expression finds in a sentence changed."""
    return replaced(contents, random, places, lambda match: change(match[0]), where=is_sentences)


def _added(contents: Contents, random: Random, sentence: str) -> Found:
    return in_one_text(contents, random, adding(sentence), where=is_sentences)


def _put(contents: Contents, random: Random, letters: str) -> Found:
    """Letters at a random place within a text."""

    def one(said: str, random: Random) -> str:
        place = random.randrange(1, len(said))
        return said[:place] + letters + said[place:]

    return in_one_text(contents, random, one, where=is_sentences)


ERRORS = (
    doubled_particle,
    doubled_particle_after_kana,
    two_particles,
    doubled_word,
    doubled_mark,
    space_within,
    full_stop_lost,
    bracket_lost,
    bracket_of_another_kind,
    brackets_of_two_widths,
    full_width_figure,
    figure_of_two_widths,
    other_counter,
    two_units_of_money,
    polite_sentence,
    other_spelling,
    letter_no_font_has,
    letter_nobody_sees,
    voicing_apart,
    radical_for_kanji,
    half_width_katakana,
    lookalike,
    left_open,
    no_answer,
    not_applicable_without_reason,
    not_applicable_beside_text,
    reason_beside_entries,
    label_in_a_text,
    instruction_in_a_text,
    words_of_another_support,
    copied_text,
    outline_of_another_table,
    approach_without_targets,
)
