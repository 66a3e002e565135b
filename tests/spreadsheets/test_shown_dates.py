"""Dates in cells are read as Excel in Japanese shows them."""

import csv
import subprocess
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.libreoffice import needs_calc
from tests.spreadsheets.test_files import repacked, workbook
from tokku.spreadsheets import xlsx
from tokku.spreadsheets.shown_dates import shown

DAY, FIRST, LAST = date(2024, 4, 1), date(2019, 5, 1), date(2019, 4, 30)
MOMENT = datetime(2024, 12, 9, 15, 7, 5)  # noqa: DTZ001  cells know no time zone

SHOWN = [
    (DAY, '[$-411]ggge"年"m"月"d"日"', "令和6年4月1日"),
    (DAY, '[$-411]ggge"年"m"月"d"日";@', "令和6年4月1日"),
    (DAY, '[$-ja-JP-x-gannen]ggge"年"m"月"d"日";@', "令和6年4月1日"),
    (FIRST, '[$-ja-JP-x-gannen]ggge"年"m"月"d"日";@', "令和元年5月1日"),
    (FIRST, '[$-411]ggge"年"m"月"d"日"', "令和1年5月1日"),
    (LAST, '[$-411]ggge"年"m"月"d"日"', "平成31年4月30日"),
    (date(1989, 1, 7), '[$-411]gggee"年"mm"月"dd"日"', "昭和64年01月07日"),
    (date(1920, 1, 2), '[$-411]ggge"年"m"月"d"日"', "1920年1月2日"),
    (DAY, "[$-411]ge.m.d", "R6.4.1"),
    (DAY, '[$-411]gge"年"', "令6年"),
    (DAY, '[$-411]ggge"年度"', "令和6年度"),
    (DAY, "yyyy/m/d", "2024/4/1"),
    (DAY, "yyyy/m/d;@", "2024/4/1"),
    (DAY, "yyyy/mm/dd", "2024/04/01"),
    (DAY, "yyyy\\-mm\\-dd", "2024-04-01"),
    (DAY, 'yyyy"年"m"月"d"日"', "2024年4月1日"),
    (DAY, 'yyyy"年"m"月"', "2024年4月"),
    (DAY, 'm"月"d"日"(aaa)', "4月1日(月)"),
    (DAY, "[$-411]aaaa", "月曜日"),
    (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年4月1日"),
    (DAY, "d-mmm-yy", "1-Apr-24"),
    (DAY, "dddd, mmmm d", "Monday, April 1"),
    (DAY, "m/d", "4/1"),
    (DAY, "General", "2024/4/1"),
    (MOMENT, "yyyy/m/d h:mm", "2024/12/9 15:07"),
    (MOMENT, "yyyy/m/d h:mm:ss", "2024/12/9 15:07:05"),
    (MOMENT, 'h"時"mm"分"ss"秒"', "15時07分05秒"),
    (MOMENT, "h:mm AM/PM", "3:07 PM"),
    (MOMENT, "mm:ss.0", "07:05.0"),
    (time(9, 30), "h:mm:ss", "9:30:00"),
    (time(9, 30), "[$-F400]h:mm:ss\\ AM/PM", "9:30:00"),
    (time(0, 5), "h:mm AM/PM", "12:05 AM"),
    (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    (timedelta(hours=2), "[mm]:ss", "120:00"),
]
# Of these LibreOffice 7.4 shows something else than Excel in Japanese.
NOT_IN_CALC = ("gannen", "(aaa)", "F800", "F400", "General", "dddd")


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN)
def test_a_date_is_read_as_its_cell_shows_it(value, number_format, text):
    def change(sheet):
        sheet["A2"].number_format = number_format

    assert shown(value, number_format) == text
    if number_format != "General":
        assert xlsx.read(workbook(["列"], [value], change=change)).lines[0].cells == (text,)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (14, "2024/4/1"),
        (22, "2024/4/1 0:00"),
        (27, "R6.4.1"),
        (30, "4/1/24"),
        (31, "2024年4月1日"),
        (55, "2024年4月"),
        (56, "4月1日"),
        (57, "R6.4.1"),
        (58, "令和6年4月1日"),
    ],
)
def test_a_format_that_the_file_has_by_number_alone_is_that_of_japanese(number, text):
    """令和6年4月1日 as Excel in Japanese stores it, when it is typed into a plain cell."""
    content = workbook(
        ["列"], [45383], change=lambda sheet: setattr(sheet["A2"], "number_format", "0")
    )
    content = repacked(
        content,
        lambda part: part,
        styles=lambda part: part.replace(b'numFmtId="1"', b'numFmtId="%d"' % number),
    )
    assert xlsx.read(content).lines[0].cells == (text,)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (5, "General", "5"),
        (1.5, "0.00E+00", "1.50"),
        (-5, '[$-411]ggge"年"', "-5"),
        (7, '0"日"', "7"),
        (7, "@", "7"),
    ],
)
def test_what_is_no_date_is_none(value, number_format, text):
    def change(sheet):
        sheet["A2"].number_format = number_format

    assert xlsx.read(workbook(["列"], [value], change=change)).lines[0].cells == (text,)


@pytest.mark.full
@needs_calc
def test_calc_shows_the_same(tmp_path):
    table = [row for row in SHOWN if not any(mark in row[1] for mark in NOT_IN_CALC)]
    table = [row for row in table if row[0] != date(1920, 1, 2)]  # 大正, which no plan reaches
    book = Workbook()
    for number, (value, number_format, _) in enumerate(table, 1):
        cell = book.active.cell(number, 1, value)
        cell.number_format = number_format
    saved = BytesIO()
    book.save(saved)
    (tmp_path / "dates.xlsx").write_bytes(saved.getvalue())
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", tmp_path]
    subprocess.run(
        [*command, tmp_path / "dates.xlsx"], check=True, capture_output=True, timeout=180
    )

    with open(tmp_path / "dates.csv", encoding="utf-8") as file:
        of_calc = [row[0] for row in csv.reader(file)]

    assert of_calc == [text for *_, text in table]
