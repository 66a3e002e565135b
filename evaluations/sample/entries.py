"""Builders of entries for the texts of both zones."""

from evaluations.form.contents import Achievement, RegionalText


def achievement(municipality: str | None, heading: str, text: str = "") -> Achievement:
    return Achievement(level="main", heading=heading, text=text, municipality=municipality)


def narrative(municipality: str | None, text: str) -> RegionalText:
    return RegionalText(kind="narrative", municipality=municipality, text=text)
