import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tokku.municipality_code import (
    check_digit,
    parse_municipality_code,
    validate_municipality_code,
)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("140007", id="神奈川県"),
        pytest.param("141003", id="横浜市"),
        pytest.param("141305", id="川崎市"),
        pytest.param("141500", id="相模原市"),  # 11 − 1 = 10, of which the last digit.
        pytest.param("131041", id="新宿区"),  # 11 − 0 = 11, likewise.
        pytest.param("010006", id="北海道"),
        pytest.param("401307", id="福岡市"),
        pytest.param("472018", id="那覇市"),
    ],
)
def test_published_codes_are_accepted(code):
    validate_municipality_code(code)


@given(st.from_regex("[0-9]{5}", fullmatch=True))
def test_one_last_digit_is_accepted(five_digits):
    for digit in range(10):
        if digit == check_digit(five_digits):
            validate_municipality_code(f"{five_digits}{digit}")
        else:
            with pytest.raises(ValidationError, match="検査数字（末尾の1桁）が合いません"):
                validate_municipality_code(f"{five_digits}{digit}")


@pytest.mark.parametrize(
    "code", ["", "14000", "1400077", "140007\n", " 140007", "１４０００７", "14000a", "٠١٢٣٤٥"]
)
def test_anything_but_six_digits_is_refused(code):
    with pytest.raises(ValidationError, match="半角数字6桁で入力してください"):
        validate_municipality_code(code)


@given(st.from_regex("[0-9]{6}", fullmatch=True))
def test_a_sheet_takes_the_codes_that_a_record_takes(code):
    try:
        validate_municipality_code(code)
    except ValidationError as refusal:
        with pytest.raises(ValueError, match=refusal.message):
            parse_municipality_code(code)
    else:
        assert parse_municipality_code(code) == code
        full_width = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
        assert parse_municipality_code(f"　{full_width} ") == code


@pytest.mark.parametrize(
    ("five_digits", "hint"),
    [
        ("14000", "検査数字がないのであれば 140007）"),
        ("11100", "先頭の0が落ちたのであれば 011100、検査数字がないのであれば 111007）"),
    ],
)
def test_five_digits_are_refused_with_what_they_may_be(five_digits, hint):
    with pytest.raises(ValueError, match=f"「{five_digits}」は5桁です。.*（{hint}"):
        parse_municipality_code(five_digits)


@pytest.mark.parametrize("text", ["", "7", "1400077", "横浜市", "14000a", "140007.0"])
def test_a_sheet_says_what_is_no_code(text):
    with pytest.raises(ValueError, match=f"「{text}」は全国地方公共団体コードではありません"):
        parse_municipality_code(text)
