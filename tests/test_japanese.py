"""Eras and fiscal years, numbers, marks and characters of Japanese texts."""

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokku.japanese import (
    circled,
    era_date,
    era_year,
    fiscal_year_name,
    fold,
    fold_but_numbers,
    katakana,
    number,
    parse_circled,
    parse_era_date,
    parse_era_year,
    parse_number,
    plain,
    round_half_up,
    why_no_number,
)

# Far more digits than the 28 of Python's usual arithmetic.
decimals = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent, Context(prec=60)),
    st.integers(-(10**45), 10**45),
    st.integers(-12, 3),
)


# Eras and fiscal years


@pytest.mark.parametrize(
    ("fiscal_year", "name"),
    [
        (2023, "令和5年度"),
        (2020, "令和2年度"),
        (2019, "令和元年度"),  # As a whole, though April 2019 was still 平成.
        (2018, "平成30年度"),
        (1990, "平成2年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
        (1926, "昭和元年度"),
    ],
)
def test_fiscal_year_has_one_era_as_a_whole(fiscal_year, name):
    assert fiscal_year_name(fiscal_year) == name
    assert parse_era_year(name) == fiscal_year


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 2, 29), "令和6年2月29日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2011, 12, 22), "平成23年12月22日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
    ],
)
def test_era_changes_on_its_day(day, name):
    assert era_date(day) == name
    assert parse_era_date(name) == day


@given(st.integers(1926, 2019 + 98))
def test_printed_fiscal_year_is_read_again(fiscal_year):
    assert parse_era_year(era_year(fiscal_year)) == fiscal_year
    assert parse_era_year(fiscal_year_name(fiscal_year)) == fiscal_year


@given(st.dates(date(1926, 12, 25), date(2117, 12, 31)))
def test_printed_date_is_read_again(day):
    assert parse_era_date(era_date(day)) == day


@pytest.mark.parametrize(
    ("text", "fiscal_year"),
    [
        ("令和５年度", 2023),
        ("令和 5 年度", 2023),
        ("令和05年", 2023),
        ("令和1", 2019),
        ("㋿元年度", 2019),
        ("平成35年度", 2023),  # Plans older than 令和 count on.
        ("R3年度", 2021),
        ("Ｒ３年度", 2021),
        ("R 元 年度", 2019),
        ("H28年度", 2016),
        ("S63", 1988),
    ],
)
def test_fiscal_year_is_read_however_it_is_typed(text, fiscal_year):
    assert parse_era_year(text) == fiscal_year


def test_date_is_read_however_it_is_typed():
    assert parse_era_date("平成２３年 １２月 ２２日") == date(2011, 12, 22)
    assert parse_era_date("平成31年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "令和5年度\ud800",
        *["令和", "令和度", "令和0年度", "令和00", "令和100年度", "令和-1"],
    ]
    + ["R0年度", "R100年度", "RH3年度", "r3年度", "X3年度", "R5.5年度", "T5年度", "M45年度"]
    + ["大正5年度", "2023年度", "5年度", "令和5年度末", "令和五年度", "令和5.5年度"],
)
def test_text_that_names_no_fiscal_year_is_refused(text):
    with pytest.raises(ValueError, match="^年度として読み取れません："):
        parse_era_year(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("令和5年2月29日", "存在しない日付です："),
        ("令和5年4月31日", "存在しない日付です："),
        ("令和5年13月1日", "存在しない日付です："),
        ("令和5年0月1日", "存在しない日付です："),
        ("令和5年1月0日", "存在しない日付です："),
        ("令和0年5月1日", "日付として読み取れません："),
        ("令和5年4月", "日付として読み取れません："),
        ("2023年4月1日", "日付として読み取れません："),
        ("令和5年4月1日頃", "日付として読み取れません："),
        ("令和5年度4月1日", "日付として読み取れません："),
        ("", "日付として読み取れません："),
    ],
)
def test_text_that_names_no_day_is_refused(text, reason):
    with pytest.raises(ValueError, match=f"^{reason}{text}$"):
        parse_era_date(text)


def test_date_before_the_eras_is_refused():
    with pytest.raises(ValueError, match="年度が古すぎます：1925"):
        era_year(1925)
    with pytest.raises(ValueError, match="日付が古すぎます：1926-12-24"):
        era_date(date(1926, 12, 24))


# Numbers


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.5"), 0, "-1"),
        (Decimal("1.5"), 0, "2"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("0.49999999999999999999999999999999999999"), 0, "0"),
        (Decimal("-0.4"), 0, "0"),  # No -0 on paper.
        (Decimal("2.675"), 2, "2.68"),
        (Decimal(2), 2, "2.00"),
        (Decimal("12345678901234567890123456789012.5"), 0, "12345678901234567890123456789013"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(1, 3), 0, "0"),
        (Fraction(2, 3), 3, "0.667"),
        (Fraction(1, 8), 2, "0.13"),
        (Decimal(245_000), -4, "2.5E+5"),
        (Decimal(14_999_999_999_999_999_999), -19, "1E+19"),  # As a float it would be 1.5.
    ],
)
def test_rounds_half_up(value, decimals, rounded):
    assert str(round_half_up(value, decimals)) == rounded


@given(st.integers(-(10**40), 10**40), st.integers(0, 6))
def test_a_half_goes_away_from_zero(whole, decimals):
    half = Fraction(2 * whole + 1, 2 * 10**decimals)
    away = whole + 1 if whole >= 0 else whole
    assert Fraction(round_half_up(half, decimals)) == Fraction(away, 10**decimals)


@given(decimals, st.integers(0, 6))
def test_rounds_as_the_decimal_module_does(value, places):
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=100))
    assert round_half_up(value, places) == expected


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_by_half_a_unit_at_most(value, decimals):
    rounded = round_half_up(value, decimals)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded.as_tuple().exponent == -decimals


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", None, "0"),
        ("999", None, "999"),
        ("83442", None, "83,442"),
        ("1E+6", None, "1,000,000"),
        ("24.50", None, "24.5"),
        ("100.00", None, "100"),
        ("-5", None, "△5"),
        ("-1234.5", 0, "△1,235"),
        ("-0.4", 0, "0"),
        ("-0.0", None, "0"),
        ("4.5", 1, "4.5"),
        ("4", 1, "4.0"),
        ("999.95", 1, "1,000.0"),
        ("-1234567890123456789012345678901.5", 0, "△1,234,567,890,123,456,789,012,345,678,902"),
    ],
)
def test_number_is_printed_with_commas(value, decimals, text):
    assert number(Decimal(value), decimals) == text


@given(decimals)
@example(Decimal("-0.0"))
def test_printed_number_is_read_again(value):
    assert parse_number(number(value)) == value


@given(decimals, st.integers(0, 6))
def test_number_prints_what_rounding_gives(value, places):
    assert parse_number(number(value, places)) == round_half_up(value, places)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", "1234"),
        ("１，２３４", "1234"),
        ("１２．５", "12.5"),
        (" 49,000　", "49000"),
        ("1234567", "1234567"),
        ("0", "0"),
        ("△5", "-5"),
        ("▲５", "-5"),
        ("−1.50", "-1.50"),
        ("△0", "0"),
    ],
)
def test_number_is_read_however_it_is_typed(text, value):
    assert str(parse_number(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "　",
        "\ud800",
        "5 件",
        *["12o", "１２三", "1,23", "12,34,567", "1234,567", "1,2345", ",123", "1,", "1.", ".5"],
    ]
    + [
        "1.2.3",
        "1.5,000",
        "5△",
        "△",
        "△△5",
        "△-5",
        "+5",
        "1e5",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
    ],
)
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="^数値として読み取れません："):
        parse_number(text)


@given(st.text(st.sampled_from("0123456789０１,，.．△▲－- o件\n\x00")) | st.text())
def test_any_text_is_a_number_or_refused_in_japanese(text):
    value, refusal = None, ""
    try:
        value = parse_number(text)
    except ValueError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(f"数値として読み取れません：{text}")
    else:
        assert parse_number(number(value)) == value


# Marks and characters


def test_circled_numbers_go_up_to_50():
    marks = "".join(map(circled, range(1, 51)))
    assert (
        marks == "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
    )
    assert list(map(parse_circled, marks)) == list(range(1, 51))


@pytest.mark.parametrize("value", [0, -1, 51])
def test_other_numbers_cannot_be_circled(value):
    with pytest.raises(ValueError, match="丸数字にできません"):
        circled(value)


@pytest.mark.parametrize("text", ["", "1", "①②", "⓪", "❶", "㈠", "㉠", "㊀"])
def test_other_characters_are_no_circled_number(text):
    with pytest.raises(ValueError, match="丸数字ではありません"):
        parse_circled(text)


def test_katakana_go_from_a_to_n_and_then_double():
    assert list(map(katakana, [1, 2, 3, 5, 6, 45, 46])) == list("アイウオカヲン")
    assert list(map(katakana, [47, 48, 92, 93])) == ["アア", "アイ", "アン", "イア"]
    assert katakana(46 + 46**2 + 1) == "アアア"
    assert len(set(map(katakana, range(1, 3000)))) == 2999


@pytest.mark.parametrize(
    ("spelling", "other"),
    [
        ("数値目標（１）－①", "数値目標(1)-1"),
        ("（1） ー ①", "(1)-①"),
        ("令和4〜令和8", "令和４～令和８"),
        ("寄与度(※)：33(％)", "寄与度（※）:33(%)"),
        ("ﾃﾞｰﾀ", "データ"),
        ("か゛", "が"),
        (" 目標　値\n\t", "目標値"),
    ],
)
def test_spellings_fold_to_one(spelling, other):
    assert fold(spelling) == fold(other)


@given(st.text() | st.text(st.sampled_from("か゛゜ﾞハ\u3099\u309a\u0304¯ー－〜 　①㎡㌔é\u0301")))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert not any(character.isspace() for character in fold(text))


spaces = st.text(st.sampled_from(" \u3000\t\n\r\u00a0\u2003\u200b\ufeff"), min_size=1)


@given(spaces, spaces, st.sampled_from(["10", "4.5", "1,234"]), st.data())
def test_white_space_in_a_number_is_never_closed_up(around, within, number, data):
    place = data.draw(st.integers(1, len(number) - 1))
    spaced = number[:place] + within + number[place:]
    folded = fold_but_numbers(f"{around}件数{around}{spaced}{around}件")
    assert fold(folded) == fold(f"{around}件数{around}{spaced}{around}件")
    with pytest.raises(ValueError, match="数値として読み取れません"):
        parse_number(folded.strip("件数\u200b\ufeff"))


@given(st.text(st.sampled_from(" \u3000\t\n")))
def test_white_space_outside_of_numbers_is_left_out(space):
    parts = "事業件数", "10", "件(4", "%)"
    assert fold_but_numbers(space.join(("", *parts, ""))) == "".join(parts)


@pytest.mark.parametrize(
    "hidden", "\u200b\u200d\u2060\ufeff\u00ad\u200e\u0000\u3164\u2800\ufe0f\u034f"
)
def test_invisible_letters_in_a_number_are_named(hidden):
    for text in (f"1{hidden}0", f"{hidden}10", f"10{hidden}"):
        with pytest.raises(ValueError, match="（目に見えない文字が入っています）$"):
            parse_number(text)
        assert "目に見えない文字が入っています。" in why_no_number(text)
    assert "見えない" not in why_no_number("1 0") + why_no_number("ヶ")


@given(decimals)
def test_plain_digits_are_exact_and_have_no_zeros_to_spare(value):
    assert Decimal(plain(value)) == value
    assert not ("." in plain(value) and plain(value).endswith(("0", ".")))
