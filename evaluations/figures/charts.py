"""The geometry of the pictures: whole pixels, for the templates to draw as SVG. No queries.

Shapes, fillings and kinds of line tell the series apart, so that they do on a black and white print too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from evaluations.figures.courses import Course, YearOfCourse
from evaluations.form.figures import figure
from tokku.japanese import round_half_up

# Of a chart with an axis of years.
LEFT, RIGHT, TOP, PLOT, BELOW = 12, 12, 48, 150, 28
NARROWEST_YEAR, NARROWEST_CHART = 70, 350  # the names of the series stand in a line above
LETTER = 9  # the width of a digit, with some air
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
        known = [Fraction(value) for value in values if value is not None] + [Fraction(0)]
        low, high = min(known), max(known)
        return cls(low, high if high > low else low + 1, first, last)

    def __call__(self, value: Decimal | Fraction | int) -> int:
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return int(round_half_up(self.first + share * (self.last - self.first)))

    def column(self, value: Decimal, centre: int, width: int) -> Bar:
        """A bar from 0 to the value, upright; a value of next to nothing is seen all the same."""
        top, bottom = sorted((self(value), self(0)))
        return Bar(centre - width // 2, top, width, max(bottom - top, 1))


@dataclass(frozen=True)
class Column:
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
    columns: tuple[Column, ...]

    @property
    def below(self) -> int:
        """Where the names of the years stand."""
        return self.height - 8

    @property
    def has_targets(self) -> bool:
        return any(column.target for column in self.columns)


@dataclass(frozen=True)
class Line:
    """The points of a series that is drawn as its kind says: target, actual or needed."""

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
    lines: tuple[Line, ...]
    goal: int  # the height of the goal
    goal_text: str
    texts: tuple[tuple[Point, str], ...]

    @property
    def below(self) -> int:
        return self.height - 8

    @property
    def goal_y(self) -> int:
        return self.goal - 6

    def has(self, kind: str) -> bool:
        return any(line.kind == kind for line in self.lines)

    @property
    def has_needed(self) -> bool:
        return self.has("needed")


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
    """A numeric target of an indicator: how much it counts, and its progress."""

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


def yearly(course: Course) -> BarChart:
    """Actual against target, year by year, with the progress above."""
    return _bars([(one.short_name, one.target, one.actual, one.progress) for one in course.years])


def counts(numbers: Sequence[tuple[str, int | None]]) -> BarChart:
    """A number for each year; None where there is none yet."""
    return _bars(
        [
            (name, None, None if number is None else Decimal(number), _count(number))
            for name, number in numbers
        ]
    )


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}件"


def _bars(years: Sequence[tuple[str, Decimal | None, Decimal | None, str]]) -> BarChart:
    scale = Scale.of((value for _, *both, _ in years for value in both), TOP + PLOT, TOP)
    centres, width, step = _centres(len(years), [text for *_, text in years])
    columns = []
    for centre, (name, target, actual, text) in zip(centres, years, strict=True):
        bars = (
            None if target is None else scale.column(target, centre, step * 2 // 3),
            None if actual is None else scale.column(actual, centre, step // 3),
        )
        top = min([bar.y for bar in bars if bar], default=scale(0))
        columns.append(Column(centre, name, *bars, text, top - 6))
    return BarChart(width, TOP + PLOT + BELOW, scale(0), tuple(columns))


def cumulative(course: Course) -> LineChart:
    """The total so far against the total that was planned, and the way to the plan's goal."""
    total = course.target.total
    years = course.years
    values = [value for one in years for value in (one.target_total, one.actual_total)]
    scale, centres, width = _lines_frame(course, [*values, total])
    actual = _points(scale, centres, [one.actual_total for one in years])
    lines = [
        *_lines("target", scale, centres, [one.target_total for one in years]),
        *_lines("actual", scale, centres, [one.actual_total for one in years]),
    ]
    if course.reached and course.needed:
        lines.append(Line("needed", (actual[-1], Point(centres[-1], scale(total)))))
    return _line_chart(course, scale, centres, width, lines, course.reached)


def level(course: Course) -> LineChart:
    """A level that is to be reached by the last year: the actuals beside the yearly targets."""
    years = course.years
    values = [value for one in years for value in (one.target, one.actual)]
    scale, centres, width = _lines_frame(course, [*values, course.target.total])
    lines = [
        *_lines("target", scale, centres, [one.target for one in years]),
        *_lines("actual", scale, centres, [one.actual for one in years]),
    ]
    entered = [one for one in years if one.actual is not None]
    return _line_chart(course, scale, centres, width, lines, entered[-1] if entered else None)


def _lines_frame(course: Course, values: Iterable[Decimal | None]) -> tuple[Scale, list[int], int]:
    centres, width, _ = _centres(len(course.years), [])
    return Scale.of(values, TOP + PLOT, TOP + 16), centres, width


def _line_chart(
    course: Course,
    scale: Scale,
    centres: Sequence[int],
    width: int,
    lines: Sequence[Line],
    last: YearOfCourse | None,
) -> LineChart:
    """`last` is the year whose actual is written beside its point."""
    texts = []
    if last:
        value = last.actual_total if course.is_cumulative else last.actual
        planned = last.target_total if course.is_cumulative else last.target
        place = course.years.index(last)
        # On the side where the line of the targets is not.
        beside = 20 if planned is not None and value < planned else -14
        texts.append((Point(centres[place], scale(value) + beside), figure(value, course.target)))
    return LineChart(
        width,
        TOP + PLOT + BELOW,
        scale(0),
        tuple(zip(centres, (one.short_name for one in course.years), strict=True)),
        tuple(lines),
        scale(course.target.total),
        f"目標 {figure(course.target.total, course.target)}",
        tuple(texts),
    )


def _centres(count: int, texts: Sequence[str]) -> tuple[list[int], int, int]:
    """The middle of each year, the width of all, and of one: wide enough for what stands above."""
    step = max([NARROWEST_YEAR, *(LETTER * len(text) + 8 for text in texts)])
    centres = [LEFT + step * place + step // 2 for place in range(count)]
    return centres, max(LEFT + step * count + RIGHT, NARROWEST_CHART), step


def _points(scale: Scale, centres: Sequence[int], values: Sequence[Decimal | None]) -> list[Point]:
    pairs = zip(centres, values, strict=True)
    return [Point(x, scale(value)) for x, value in pairs if value is not None]


def _lines(
    kind: str, scale: Scale, centres: Sequence[int], values: Sequence[Decimal | None]
) -> Iterable[Line]:
    """A line for each run of years that say something: a blank is no 0, and no way leads over it."""
    run: list[Point] = []
    for x, value in zip(centres, values, strict=True):
        if value is not None:
            run.append(Point(x, scale(value)))
        elif run:
            yield Line(kind, tuple(run))
            run = []
    if run:
        yield Line(kind, tuple(run))


def small(years: Sequence[tuple[Decimal | None, Decimal | None]]) -> SmallChart:
    """Target and actual of each year, for a row of a table."""
    step, height = 16, 32
    scale = Scale.of((value for both in years for value in both), height - 2, 2)
    return SmallChart(
        step * len(years),
        height,
        tuple(
            SmallColumn(
                None if target is None else Point(step * place + 1, scale(target)),
                None if actual is None else scale.column(actual, step * place + step // 2, 8),
            )
            for place, (target, actual) in enumerate(years)
        ),
    )


def weights(of: Sequence[Course]) -> WeightChart:
    """The numeric targets of one indicator: 寄与度 to the left, 進捗度 of the year to the right."""
    row, weight_x, progress_x, longest = 30, 84, 200, 140
    percents = [course.now_percent for course in of]
    known = [max(percent, Decimal(0)) for percent in percents if percent is not None]
    weight_scale = Scale.of((course.target.weight for course in of), 0, 44)
    scale = Scale.of([*known, FULL], 0, longest)
    rows = []
    for place, (course, percent) in enumerate(zip(of, percents, strict=True)):
        y, share = TOP + row * place, course.target.weight
        length = 0 if percent is None else scale(max(percent, Decimal(0)))
        rows.append(
            WeightRow(
                y,
                course.number,
                None if share is None else Bar(weight_x, y, weight_scale(share), 20),
                course.weight,
                None if percent is None else Bar(progress_x, y, length, 20),
                course.now.progress if course.now else "",
                progress_x + length + 6,
            )
        )
    return WeightChart(
        f"weights-{of[0].key.indicator}",
        progress_x + longest + 56,
        TOP + row * len(of),
        progress_x + scale(FULL),
        weight_x,
        progress_x,
        tuple(rows),
    )
