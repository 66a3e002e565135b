"""Errors of writing and of form, one at a random place of a sound evaluation."""

from dataclasses import replace
from random import Random

from evaluations.catalogue import ASSESSMENT, part3_approaches, part4_measures, part5_national
from evaluations.checks import Picture
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from tests.evaluations.checks.changes import (
    Changed,
    adding,
    in_one_text,
    is_sentences,
    replaced,
    texts,
    with_text,
)
from tokku.document.tree import Source

# Writing


def doubled_particle(contents: Contents, random: Random) -> Changed:
    particle = random.choice("をがのにはでと")
    places = f"(?<=[一-鿿ァ-ヺー\\d]){particle}(?=[一-鿿ァ-ヺ\\d、])"
    return _replaced(contents, random, places, lambda matched: matched * 2)


def doubled_particle_after_kana(contents: Contents, random: Random) -> Changed:
    particle = random.choice("をがの")
    places = f"(?<=[たるい]){particle}(?=[一-鿿ァ-ヺ\\d、])"
    return _replaced(contents, random, places, lambda matched: matched * 2)


def two_particles(contents: Contents, random: Random) -> Changed:
    """を and が one after the other, as an edit may leave them."""
    places = "(?<=[一-鿿ァ-ヺー])[をがは](?=[一-鿿ァ-ヺ\\d、])"

    def change(matched: str) -> str:
        other = random.choice([letter for letter in "をがは" if letter != matched])
        return random.choice((matched + other, other + matched))

    return _replaced(contents, random, places, change)


def doubled_word(contents: Contents, random: Random) -> Changed:
    """支援支援, するする."""
    words = "(?<![一-鿿])[一-鿿]{2,4}(?![一-鿿])|(?<![ァ-ヺー])[ァ-ヺー]{3,8}(?![ァ-ヺー])|により|して|する|における"
    return _replaced(contents, random, words, lambda matched: matched * 2)


def doubled_mark(contents: Contents, random: Random) -> Changed:
    return _replaced(
        contents, random, "[、。]", lambda matched: random.choice((matched * 2, "、。", "。、"))
    )


def space_within(contents: Contents, random: Random) -> Changed:
    """Within a word, before a mark, or between a figure and its unit."""
    places = "(?<=[ぁ-ん])(?=[一-鿿ぁ-ん])|(?=[、。」])|(?<=\\d)(?=[件人名社])"
    return _replaced(contents, random, places, lambda matched: random.choice(" 　"))


def full_stop_lost(contents: Contents, random: Random) -> Changed:
    return _replaced(contents, random, "。(?=$|\n)", lambda matched: "")


def bracket_lost(contents: Contents, random: Random) -> Changed:
    """One of a pair left out."""
    return _replaced(contents, random, "[（）「」]", lambda matched: "")


def bracket_of_another_kind(contents: Contents, random: Random) -> Changed:
    others = {"（": "「", "）": "」", "」": "』", "「": "『"}
    return _replaced(contents, random, "[（）「」]", lambda matched: others[matched])


def brackets_of_two_widths(contents: Contents, random: Random) -> Changed:
    words = random.choice(("（前年度比)", "(前年度比）"))
    return _replaced(contents, random, "(?<=[一-鿿])(?=[はがを])", lambda matched: words)


def full_width_figure(contents: Contents, random: Random) -> Changed:
    """One figure in full width."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _replaced(
        contents, random, "(?<![\\d,])\\d{1,3}(?![\\d,])", lambda matched: matched.translate(wide)
    )


def figure_of_two_widths(contents: Contents, random: Random) -> Changed:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _replaced(
        contents, random, "\\d{2,3}", lambda matched: matched[:-1] + matched[-1].translate(wide)
    )


def other_counter(contents: Contents, random: Random) -> Changed:
    sentence = random.choice(
        ("3ヶ所で開いた。", "6ヶ月続けた。", "4カ国が加わった。", "2箇所に広げた。")
    )
    return _added(contents, random, sentence)


def two_units_of_money(contents: Contents, random: Random) -> Changed:
    return _added(contents, random, "投資は3億円、助成は120百万円である。")


def polite_sentence(contents: Contents, random: Random) -> Changed:
    polite = {
        "である。": "です。",
        "した。": "しました。",
        "する。": "します。",
        "いる。": "います。",
    }
    return _replaced(
        contents, random, "である。|した。|する。|いる。", lambda matched: polite[matched]
    )


def other_spelling(contents: Contents, random: Random) -> Changed:
    sentence = random.choice(
        (
            "国および県が支えた。",
            "更に、取り組みを進めた。",
            "成果に繋がる。",
        )
    )
    return _added(contents, random, sentence)


# Letters


def letter_no_font_has(contents: Contents, random: Random) -> Changed:
    return _put(contents, random, random.choice(("🎌", "\ue000", "한글", "ไทย", "😀")))


def letter_nobody_sees(contents: Contents, random: Random) -> Changed:
    return _put(contents, random, random.choice(("\u200b", "\u00ad", "\u202e", "\u2060", "\ufe0f")))


def voicing_apart(contents: Contents, random: Random) -> Changed:
    return _replaced(contents, random, "が", lambda matched: "か\u3099")


def radical_for_kanji(contents: Contents, random: Random) -> Changed:
    radicals = {"高": "⾼", "生": "⽣", "用": "⽤", "行": "⾏", "入": "⼊", "見": "⾒", "人": "⼈"}
    return _replaced(contents, random, "[高生用行入見人]", lambda matched: radicals[matched])


def half_width_katakana(contents: Contents, random: Random) -> Changed:
    letters = random.choice(("ｾﾝﾀｰ", "ﾃﾞｰﾀ", "ｻｰﾋﾞｽ"))
    return _put(contents, random, letters)


def lookalike(contents: Contents, random: Random) -> Changed:
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
    return _replaced(contents, random, places, lambda matched: alike[matched])


# Form


def left_open(contents: Contents, random: Random) -> Changed:
    words = random.choice(
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
    return _added(contents, random, words)


def no_answer(contents: Contents, random: Random) -> Changed:
    answer = random.choice(("－", "特になし", "同上", "未定", "調整中", "・", "（作成中）"))
    required = {"strategy", "target_basis", "self_assessment", "narrative", "outline", "usage"}
    required |= {"overall", "pathway", "response_to_previous", "no_measures_reason"}
    return in_one_text(
        contents, random, lambda *_: answer, where=lambda source: source.field in required
    )


def not_applicable_without_reason(contents: Contents, random: Random) -> Changed:
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


def not_applicable_beside_text(contents: Contents, random: Random) -> Changed:
    kinds = ("regional_text/private/1", "regional_text/organisation/1")
    return in_one_text(
        contents,
        random,
        lambda text, _: f"{text}\n{'窓口を設けた。' if text == '該当なし' else '該当なし'}",
        where=lambda source: source.record in kinds,
    )


def reason_beside_entries(contents: Contents, random: Random) -> Changed:
    support = replace(random.choice(contents.national_supports), kind="fiscal")
    supports = (support, *contents.national_supports)
    return replace(contents, national_supports=supports), Source(
        "evaluation", "no_fiscal_support_reason"
    )


def label_in_a_text(contents: Contents, random: Random) -> Changed:
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
    return in_one_text(contents, random, lambda text, _: f"{label}\n{text}", where=is_sentences)


def instruction_in_a_text(contents: Contents, random: Random) -> Changed:
    sentence = random.choice(
        (
            "※定性的評価の場合は、各年度の目標を記載してください。",
            "200字以内で記入のこと。",
            "別添の資料を確認してください。",
        )
    )
    return _added(contents, random, sentence)


def words_of_another_support(contents: Contents, random: Random) -> Changed:
    """金融支援 in a text on 税制支援, and the other way round."""

    def change(text: str, random: Random) -> str | None:
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


def copied_text(contents: Contents, random: Random) -> Changed:
    """The text of one scheme copied to another."""
    candidates = [(s, text) for s, text in texts(contents) if s.field in ("outline", "strategy")]
    (first, text), (second, _) = random.sample(
        [candidate for candidate in candidates if len(candidate[1]) >= 45], 2
    )
    later = max(first, second, key=lambda source: _place(contents, source))
    return with_text(contents, second, text), later


def outline_of_another_table(contents: Contents, random: Random) -> Changed:
    """The outline of a grant in the row of a tax relief."""
    grants = [
        scheme
        for scheme in contents.schemes
        if scheme.category == "fiscal" and "税" not in scheme.outline
    ]
    source = Source("scheme/tax/1", "outline")
    return with_text(contents, source, random.choice(grants).outline), source


def approach_without_targets(contents: Contents, random: Random) -> Changed:
    place = random.randrange(len(contents.approaches))
    approaches = list(contents.approaches)
    approaches[place] = replace(approaches[place], targets=())
    return replace(contents, approaches=tuple(approaches)), Source(
        f"approach/{place + 1}", "targets"
    )


def _place(contents: Contents, source: Source) -> int:
    return Picture(contents).passages_of(RecordKey.parse(source.record), source.field)[0].number


def _replaced(contents: Contents, random: Random, places: str, change) -> Changed:
    """With one match of `places` in a field of sentences replaced by `change`."""
    return replaced(contents, random, places, lambda match: change(match[0]), where=is_sentences)


def _added(contents: Contents, random: Random, sentence: str) -> Changed:
    return in_one_text(contents, random, adding(sentence), where=is_sentences)


def _put(contents: Contents, random: Random, letters: str) -> Changed:
    """With `letters` at a random place within a text."""

    def insert(text: str, random: Random) -> str:
        place = random.randrange(1, len(text))
        return text[:place] + letters + text[place:]

    return in_one_text(contents, random, insert, where=is_sentences)


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
