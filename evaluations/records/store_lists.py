"""The lists of an evaluation into their rows: approaches and achievements, measures, supports and schemes.

A row is known by what it says it is about, and stays the same row when it moves in the order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models

from evaluations import catalogue
from evaluations import models as m
from evaluations.catalogue.part6_regional import TEXT_KINDS
from evaluations.form import contents as c
from evaluations.keys import TargetKey
from evaluations.records.recognition import Recognition, recognise_schemes
from evaluations.records.row_writer import RowWriter, stated_values
from supports import models as s
from tokku.accounts.models import Municipality
from tokku.japanese import fold


class ListWriter:
    def __init__(
        self,
        rows: RowWriter,
        municipalities: Mapping[str, Municipality],
        targets: Mapping[TargetKey, m.NumericTarget],
        sameness: Recognition,
    ) -> None:
        self.rows = rows
        self.municipalities = municipalities
        self.targets = targets
        self.sameness = sameness

    def write(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        self._write_approaches(evaluation, contents)
        self._write_list(s.RegulatoryMeasure, {"evaluation": evaluation}, contents.measures)
        self._write_list(s.NationalSupport, {"evaluation": evaluation}, contents.national_supports)
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
            self._write_list(m.Achievement, {"approach": approach}, stated.achievements)
        self.rows.delete(known[len(contents.approaches) :])

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
            values, relations = self._said(stated, without=("category", "name", "municipalities"))
            wanted.append((scheme.pk, values | {"scheme": scheme}, relations))
        self._write_rows(
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
        self._write_rows(
            s.RegionalText, {"evaluation": evaluation}, wanted, lambda row: (row.kind, row.text)
        )

    def _write_list(
        self, model: type[models.Model], owner: dict[str, Any], stated: Iterable[Any]
    ) -> None:
        """Make the owner's rows those that are stated, each known by its kind and its name."""
        named_by = catalogue.kind_of(model).named_by

        def identity(one: Any) -> tuple[str, str]:
            return getattr(one, "kind", ""), fold(getattr(one, named_by))

        wanted = [(identity(one), *self._said(one)) for one in stated]
        self._write_rows(model, owner, wanted, identity)

    def _write_rows(
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

    def _said(
        self, stated: Any, *, without: Iterable[str] = ()
    ) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        """Values and relations of a row; whose it is stays as it is where that is left open."""
        values, relations = stated_values(stated, without=without), {}
        if name := getattr(stated, "municipality", None):
            values["municipality"] = self.municipalities[name]
        if relation := getattr(stated, "relation", None):
            values["all_targets"] = relation.all_targets
            relations["targets"] = [self.targets[key] for key in relation.targets]
        return values, relations
