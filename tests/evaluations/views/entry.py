"""A year that is being filled in, for the tests of its entry pages."""

from dataclasses import replace

from evaluations import moves
from evaluations.form import contents as c
from evaluations.models import Evaluation
from tests import factories
from tokku.figures import Figure

ENTRY = "/keihin/2023/entry/"
ACTUALS, TEXTS, SUPPORTS = (f"{ENTRY}{part}/" for part in ("actuals", "texts", "supports"))
PAGES = [ACTUALS, TEXTS, SUPPORTS]


def open_year_alone(by, **values) -> Evaluation:
    """As `open_year`, with a plan that may be changed: no other year goes by it."""
    evaluation = open_year(by, **values)
    Evaluation.objects.exclude(pk=evaluation.pk).delete()
    return evaluation


def open_year(by, targets: int = 1, schemes: int = 1, **values) -> Evaluation:
    """Fiscal 2023, opened, after a 2022 that is complete. Numbers say how much there is of each."""
    figures = {"神奈川県": Figure.of(3), "横浜市": Figure.of(4), "川崎市": Figure.of(5)}
    numeric = tuple(
        factories.numeric_target(
            number,
            years=tuple(
                c.YearFigures(
                    year=year,
                    target=Figure.of(10),
                    actual=Figure.of(12) if year == 2022 else None,
                    by_municipality=tuple(figures.items()) if year == 2022 else (),
                )
                for year in range(2022, 2027)
            ),
        )
        for number in range(1, targets + 1)
    )
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="経済効果", targets=numeric),),
        texts=c.EvaluationTexts(overall="総合評価の文章"),
        approaches=(
            c.Approach(
                narrative="解決策の文章",
                achievements=tuple(
                    c.Achievement(
                        level="main", heading=f"{name}の成果", text="内容", municipality=name
                    )
                    for name in ("川崎市", "横浜市")
                ),
            ),
        ),
        national_supports=(
            c.NationalSupport(kind="fiscal", name="川崎の補助", municipality="川崎市"),
            c.NationalSupport(kind="fiscal", name="横浜の補助", municipality="横浜市"),
        ),
        schemes=tuple(
            c.Scheme(
                category="fiscal",
                name=f"{name}の事業{number}",
                municipalities=(name,),
                outline=f"{name}の概要{number}",
            )
            for name in ("川崎市", "横浜市")
            for number in range(1, schemes + 1)
        )
        + (
            c.Scheme(
                category="tax",
                name="共同の事業",
                municipalities=("横浜市", "川崎市"),
                outline="共同の概要",
            ),
        ),
        **values,
    )
    last_year = replace(
        contents,
        fiscal_year=2022,
        texts=c.EvaluationTexts(overall="前年度の総合評価"),
        schemes=tuple(replace(scheme, result="前年度の実績") for scheme in contents.schemes),
        approaches=(
            replace(
                contents.approaches[0],
                achievements=tuple(
                    replace(achievement, text="前年度の内容")
                    for achievement in contents.approaches[0].achievements
                ),
            ),
        ),
    )
    factories.evaluation(last_year)
    evaluation = factories.evaluation(contents)
    moves.move(evaluation, "open", by=by)
    return Evaluation.objects.get(pk=evaluation.pk)
