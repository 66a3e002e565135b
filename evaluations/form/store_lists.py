"""The lists of an evaluation into their rows: approaches and achievements, measures, supports and schemes.

A row is known by what it says it is about, and stays the same row when it moves in the order.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from evaluations import models as m
from evaluations.catalogue.part6_regional import TEXT_KINDS
from evaluations.form import contents as c
from evaluations.form.rows import RowWriter, stated_values
from evaluations.form.sameness import Sameness, recognise_schemes
from evaluations.keys import TargetKey
from supports import models as s
from tokku.accounts.models import Municipality
from tokku.japanese import fold


class ListWriter:
    def __init__(
        self,
        rows: RowWriter,
        municipalities: Mapping[str, Municipality],
        targets: Mapping[TargetKey, m.NumericTarget],
        sameness: Sameness,
    ) -> None:
        self.rows = rows
        self.municipalities = municipalities
        self.targets = targets
        self.sameness = sameness

    def write(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        self._write_approaches(evaluation, contents)
        self._write_measures(evaluation, contents)
        self._write_national_supports(evaluation, contents)
        self._write_schemes(evaluation, contents)
        self._write_regional_texts(evaluation, contents)

    def _write_approaches(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        known = list(evaluation.approach_set.order_by("position", "pk"))
        for place, stated in enumerate(contents.approaches):
            approach = self.rows.save(
                known[place] if place < len(known) else None,
                m.Approach,
                {"evaluation": evaluation},
                stated_values(stated) | {"position": place + 1},
                {"targets": [self.targets[key] for key in stated.targets]},
            )
            self._write_list(
                m.Achievement,
                {"approach": approach},
                [
                    (fold(done.heading), self._with_municipality(done), {})
                    for done in stated.achievements
                ],
                lambda row: fold(row.heading),
            )
        self.rows.delete(known[len(contents.approaches) :])

    def _write_measures(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        self._write_list(
            s.RegulatoryMeasure,
            {"evaluation": evaluation},
            [((one.kind, fold(one.name)), *self._with_relation(one)) for one in contents.measures],
            lambda row: (row.kind, fold(row.name)),
        )

    def _write_national_supports(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        self._write_list(
            s.NationalSupport,
            {"evaluation": evaluation},
            [
                ((one.kind, fold(one.name)), self._with_municipality(one), {})
                for one in contents.national_supports
            ],
            lambda row: (row.kind, fold(row.name)),
        )

    def _write_schemes(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        known = self._recognise_schemes(evaluation.zone, contents)
        wanted = []
        for stated, row in zip(contents.schemes, known, strict=True):
            scheme = self.rows.save(
                row,
                s.Scheme,
                {"zone": evaluation.zone},
                {"category": stated.category, "name": stated.name},
                {"municipalities": [self.municipalities[name] for name in stated.municipalities]},
            )
            values, relations = self._with_relation(stated)
            values = {name: values[name] for name in ("outline", "result", "all_targets")}
            wanted.append((scheme.pk, values | {"scheme": scheme}, relations))
        self._write_list(
            s.SchemeResult, {"evaluation": evaluation}, wanted, lambda row: row.scheme_id
        )

    def _recognise_schemes(self, zone: m.Zone, contents: c.Contents) -> list[s.Scheme | None]:
        """The stored scheme of each that the document names; None for a new one."""
        schemes = zone.scheme_set.order_by("pk").prefetch_related("municipalities")
        free = {
            one: frozenset(author.name for author in one.municipalities.all()) for one in schemes
        }
        return recognise_schemes(contents.schemes, free, self.sameness)

    def _write_regional_texts(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        """A text read from a form has no parts; parts that say the same are left as they are."""
        known = s.RegionalText.objects.of_years([evaluation])
        wanted: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
        for kind in TEXT_KINDS:
            stored = [row for row in known if row.kind == kind]
            stated = [part for part in contents.regional_texts if part.kind == kind]
            if len(stated) == 1 and "\n".join(row.text for row in stored) == stated[0].text:
                parts = [(row.text, row.municipality) for row in stored]
            else:
                parts = [
                    (part.text, self.municipalities.get(part.municipality or "")) for part in stated
                ]
            wanted += [
                ((kind, text), {"kind": kind, "text": text, "municipality": municipality}, {})
                for text, municipality in parts
            ]
        self._write_list(
            s.RegionalText, {"evaluation": evaluation}, wanted, lambda row: (row.kind, row.text)
        )

    def _write_list(
        self,
        model: type[models.Model],
        owner: dict[str, Any],
        wanted: list[tuple[Any, dict[str, Any], dict[str, list[Any]]]],
        identity: Callable[[Any], Any],
    ) -> None:
        """Make the owner's rows those of `wanted`: (identity, values, relations), in this order."""
        known = defaultdict(list)
        for row in model.objects.filter(**owner).order_by("position", "pk"):
            known[identity(row)].append(row)
        for position, (key, values, relations) in enumerate(wanted, 1):
            row = known[key].pop(0) if known[key] else None
            self.rows.save(row, model, owner, values | {"position": position}, relations)
        self.rows.delete([row for rows in known.values() for row in rows])

    def _with_municipality(self, stated: Any) -> dict[str, Any]:
        values = stated_values(stated)
        if stated.municipality:
            values["municipality"] = self.municipalities[stated.municipality]
        return values

    def _with_relation(self, stated: Any) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        values = stated_values(stated) | {"all_targets": stated.relation.all_targets}
        return values, {"targets": [self.targets[key] for key in stated.relation.targets]}
