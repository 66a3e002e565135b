"""The geometry of the pictures: whole pixels, for the templates to draw as SVG. No queries.

Shapes, fillings and kinds of line tell the series apart, so that they do on a black and white print too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from unicodedata import east_asian_width

from evaluations.charts.series import TargetSeries
from evaluations.form.printed_figures import figure
from tokku.japanese import round_half_up

# Measures of a chart with an axis of years, in pixels.
LEFT, RIGHT, TOP, PLOT, BELOW = 12, 12, 48, 150, 28
NARROWEST_YEAR, NARROWEST_CHART = 70, 350  # the names of the series stand in a line above
TOP_OF_LINES = 78  # leaves room for the name of the goal, on a second line, and a figure
GOAL_NAME = 44  # where the name of the goal begins
LETTER, WIDE_LETTER = 9, 15  # the width of a digit, with some air, and of a Japanese character
FULL = Decimal(100)


class Bar(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class Point(NamedTuple):
    x: int
    y: int


@dataclass(frozen=True)
class Scale:
    """From values to pixels. 0 is always on the scale."""

    low: Fraction
    high: Fraction
    first: int  # the pixel of `low`
    last: int

    @classmethod
    def of(cls, values: Iterable[Decimal | None], first: int, last: int) -> "Scale":
        numbers = [Fraction(value) for value in values if value is not None] + [Fraction(0)]
        low, high = min(numbers), max(numbers)
        return cls(low, high if high > low else low + 1, first, last)

    def __call__(self, value: Decimal | Fraction | int) -> int:
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return int(round_half_up(self.first + share * (self.last - self.first)))

    def column(self, value: Decimal, centre: int, width: int) -> Bar:
        """An upright bar from 0 to the value, at least one pixel high."""
        top, bottom = sorted((self(value), self(0)))
        return Bar(centre - width // 2, top, width, max(bottom - top, 1))


def width_of(text: str) -> int:
    return sum(
        WIDE_LETTER if east_asian_width(character) in "WFA" else LETTER for character in text
    )


@dataclass(frozen=True)
class BarColumn:
    """A year of a bar chart; `text` stands above its bars."""

    x: int
    name: str
    target: Bar | None
    actual: Bar | None
    text: str
    text_y: int


@dataclass(frozen=True)
class BarChart:
    width: int
    height: int
    axis: int
    columns: tuple[BarColumn, ...]

    @property
    def below(self) -> int:
        """Where the names of the years stand."""
        return self.height - 8

    @property
    def has_targets(self) -> bool:
        return any(column.target for column in self.columns)


@dataclass(frozen=True)
class SeriesLine:
    """The points of one line; `kind`, which styles it, is target, actual or needed."""

    kind: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True)
class LineChart:
    width: int
    height: int
    axis: int
    names: tuple[tuple[int, str], ...]  # of the years, with their middle
    lines: tuple[SeriesLine, ...]
    goal: int  # the height of the goal
    goal_text: str
    text: str  # the last actual
    text_at: Point

    @property
    def below(self) -> int:
        return self.height - 8

    @property
    def has_needed(self) -> bool:
        return any(line.kind == "needed" for line in self.lines)


@dataclass(frozen=True)
class SmallColumn:
    target: Point | None  # where its mark begins
    actual: Bar | None


@dataclass(frozen=True)
class SmallChart:
    width: int
    height: int
    columns: tuple[SmallColumn, ...]


@dataclass(frozen=True)
class WeightRow:
    """A numeric target of an indicator: its weight and its progress."""

    y: int
    name: str
    weight: Bar | None
    weight_text: str
    progress: Bar | None
    progress_text: str
    text_x: int

    @property
    def text_y(self) -> int:
        return self.y + 15

    @property
    def weight_text_x(self) -> int:
        return self.weight.x + self.weight.width + 4 if self.weight else 0


@dataclass(frozen=True)
class WeightChart:
    id: str
    width: int
    height: int
    full: int  # where 100 % is
    weight_x: int
    progress_x: int
    rows: tuple[WeightRow, ...]


def yearly_chart(series: TargetSeries) -> BarChart:
    """Actual against target, year by year, with the progress above."""
    return _bars(
        [(year.short_name, year.target, year.actual, year.progress) for year in series.years]
    )


def count_chart(numbers: Sequence[tuple[str, int, str]]) -> BarChart:
    """A bar for each (name of the year, number, text above)."""
    return _bars([(name, None, Decimal(number), text) for name, number, text in numbers])


def _bars(years: Sequence[tuple[str, Decimal | None, Decimal | None, str]]) -> BarChart:
    scale = Scale.of((value for _, *pair, _ in years for value in pair), TOP + PLOT, TOP)
    centres, width, step = _centres(len(years), [text for *_, text in years])
    columns = []
    for centre, (name, target, actual, text) in zip(centres, years, strict=True):
        bars = (
            None if target is None else scale.column(target, centre, step * 2 // 3),
            None if actual is None else scale.column(actual, centre, step // 3),
        )
        top = min([bar.y for bar in bars if bar], default=scale(0))
        columns.append(BarColumn(centre, name, *bars, text, top - 6))
    return BarChart(width, TOP + PLOT + BELOW, scale(0), tuple(columns))


def cumulative_chart(series: TargetSeries) -> LineChart:
    """Cumulative actuals against cumulative targets, and the line needed to reach the plan's goal."""
    return _line_chart(series, [(year.target_total, year.actual_total) for year in series.years])


def level_chart(series: TargetSeries) -> LineChart:
    """A level that is to be reached by the last year: the actuals beside the yearly targets."""
    return _line_chart(series, [(year.target, year.actual) for year in series.years])


def _line_chart(
    series: TargetSeries, years: Sequence[tuple[Decimal | None, Decimal | None]]
) -> LineChart:
    """`years`: target and actual of each; the last actual is written beside its point."""
    total = series.target.total.number
    bottom = TOP_OF_LINES + PLOT
    scale = Scale.of([*(value for pair in years for value in pair), total], bottom, TOP_OF_LINES)
    goal_text = f"目標 {figure(total, series.target)}"
    last_index = next(
        (place for place in reversed(range(len(years))) if years[place][1] is not None), 0
    )
    planned, reached = years[last_index]
    text = figure(reached, series.target)
    centres, width, _ = _centres(len(years), [])
    width = max(width, GOAL_NAME + width_of(goal_text), width_of(text))
    lines = [
        *_lines("target", scale, centres, [target for target, _ in years]),
        *_lines("actual", scale, centres, [actual for _, actual in years]),
    ]
    text_at = Point(0, 0)
    if reached is not None:
        point = Point(centres[last_index], scale(reached))
        # On the side away from the line of the targets, as far as there is room.
        is_beside = planned is not None and reached < planned and point.y + 20 < bottom
        half = width_of(text) // 2
        text_at = Point(min(max(point.x, half), width - half), point.y + (20 if is_beside else -14))
        if series.needed:
            lines.append(SeriesLine("needed", (point, Point(centres[-1], scale(total)))))
    return LineChart(
        width,
        bottom + BELOW,
        scale(0),
        tuple(zip(centres, (year.short_name for year in series.years), strict=True)),
        tuple(lines),
        scale(total),
        goal_text,
        text,
        text_at,
    )


def _centres(count: int, texts: Sequence[str]) -> tuple[list[int], int, int]:
    """The middle of each year, the width of the chart, and of one year: wide enough for the texts above."""
    step = max([NARROWEST_YEAR, *(width_of(text) + 8 for text in texts)])
    centres = [LEFT + step * index + step // 2 for index in range(count)]
    return centres, max(LEFT + step * count + RIGHT, NARROWEST_CHART), step


def _lines(
    kind: str, scale: Scale, centres: Sequence[int], values: Sequence[Decimal | None]
) -> Iterable[SeriesLine]:
    """A line for each unbroken run of years with a value: a blank is not 0, and no line crosses it."""
    run: list[Point] = []
    for x, value in zip(centres, values, strict=True):
        if value is not None:
            run.append(Point(x, scale(value)))
        elif run:
            yield SeriesLine(kind, tuple(run))
            run = []
    if run:
        yield SeriesLine(kind, tuple(run))


def small_chart(years: Sequence[tuple[Decimal | None, Decimal | None]]) -> SmallChart:
    """Target and actual of each year, for a row of a table."""
    step, height = 16, 32
    scale = Scale.of((value for pair in years for value in pair), height - 2, 2)
    return SmallChart(
        step * len(years),
        height,
        tuple(
            SmallColumn(
                None if target is None else Point(step * index + 1, scale(target)),
                None if actual is None else scale.column(actual, step * index + step // 2, 8),
            )
            for index, (target, actual) in enumerate(years)
        ),
    )


def weight_chart(indicator_series: Sequence[TargetSeries]) -> WeightChart:
    """The numeric targets of one indicator: 寄与度 to the left, 進捗度 of the year to the right."""
    row, longest_weight, longest = 30, 44, 140
    weight_x = max(84, *(width_of(series.number) + 8 for series in indicator_series))
    progress_x = (
        weight_x
        + longest_weight
        + max(72, *(width_of(series.weight) + 12 for series in indicator_series))
    )
    texts = [
        series.current_year.progress if series.current_year else "" for series in indicator_series
    ]
    percents = [series.current_percent for series in indicator_series]
    drawn_percents = [max(percent, Decimal(0)) for percent in percents if percent is not None]
    weight_scale = Scale.of(
        (series.target.weight for series in indicator_series), 0, longest_weight
    )
    scale = Scale.of([*drawn_percents, FULL], 0, longest)
    rows = []
    for index, (series, percent, text) in enumerate(
        zip(indicator_series, percents, texts, strict=True)
    ):
        y, share = TOP + row * index, series.target.weight
        length = 0 if percent is None else scale(max(percent, Decimal(0)))
        rows.append(
            WeightRow(
                y,
                series.number,
                None if share is None else Bar(weight_x, y, weight_scale(share), 20),
                series.weight,
                None if percent is None else Bar(progress_x, y, length, 20),
                text,
                progress_x + length + 6,
            )
        )
    return WeightChart(
        f"weights-{indicator_series[0].key.indicator}",
        progress_x + longest + max(56, *(width_of(text) + 6 for text in texts)),
        TOP + row * len(indicator_series),
        progress_x + scale(FULL),
        weight_x,
        progress_x,
        tuple(rows),
    )
