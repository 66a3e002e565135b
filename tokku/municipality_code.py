"""The code of a municipality (全国地方公共団体コード): five digits and a check digit. How it is read, by all that reads one."""

import re

from django.core.exceptions import ValidationError

from tokku.japanese import fold


def check_digit(five_digits: str) -> int:
    """The sixth digit, by the notice of 総務省: 11 − (weighted sum mod 11), of which the last digit."""
    total = sum(
        int(digit) * weight for digit, weight in zip(five_digits, (6, 5, 4, 3, 2), strict=True)
    )
    return (11 - total % 11) % 10


def is_code_of_prefecture(code: str) -> bool:
    return code[2:5] == "000"


def is_code_of_union(code: str) -> bool:
    """Whether it is of a union of local governments (一部事務組合、広域連合): those from 801 on, by JIS X 0402."""
    return code[2:5] > "800"


def validate_municipality_code(code: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValidationError(
            "全国地方公共団体コードは、半角数字6桁で入力してください（例：140007）。"
        )
    if int(code[5]) != check_digit(code[:5]):
        raise ValidationError(_wrong_check_digit(code))


def parse_municipality_code(text: str) -> str:
    """The code that a cell of a sheet says, as six digits in any width.

    ValueError, with a sentence in Japanese, for anything else. Five digits are never completed: 11100 may be 011100,
    whose zero a spreadsheet took, or 111007 without its check digit, and both exist.
    """
    code = fold(text)
    if re.fullmatch(r"[0-9]{5}", code):
        raise ValueError(
            f"「{code}」は5桁です。検査数字を含む6桁で入力してください（{_six_digits_of(code)}）。"
        )
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValueError(
            f"「{text}」は全国地方公共団体コードではありません。検査数字を含む6桁で入力してください（例：140007）。"
        )
    if int(code[5]) != check_digit(code[:5]):
        raise ValueError(_wrong_check_digit(code))
    return code


def _wrong_check_digit(code: str) -> str:
    return f"全国地方公共団体コード {code} は、検査数字（末尾の1桁）が合いません。"


def _six_digits_of(code: str) -> str:
    """What five digits may have been."""
    completed = f"検査数字がないのであれば {code}{check_digit(code)}"
    padded = f"0{code}"
    if int(padded[5]) != check_digit(padded[:5]):
        return completed
    return f"先頭の0が落ちたのであれば {padded}、{completed}"
