"""The code of a municipality (全国地方公共団体コード): five digits and a check digit."""

import re

from django.core.exceptions import ValidationError


def check_digit(five_digits: str) -> int:
    """The sixth digit, by the notice of 総務省: 11 − (weighted sum mod 11), of which the last digit."""
    total = sum(
        int(digit) * weight for digit, weight in zip(five_digits, (6, 5, 4, 3, 2), strict=True)
    )
    return (11 - total % 11) % 10


def validate_municipality_code(code: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValidationError(
            "全国地方公共団体コードは、半角数字6桁で入力してください（例：140007）。"
        )
    if int(code[5]) != check_digit(code[:5]):
        raise ValidationError(
            f"全国地方公共団体コード {code} は、検査数字（末尾の1桁）が合いません。"
        )
