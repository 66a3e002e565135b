"""Storing the lists of an evaluation: approaches and achievements, measures, supports and schemes.

A row is recognised by its kind and name, so it stays the same row when it moves in the order.
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
from evaluations.records.authors import NamedBodies
from evaluations.records.recognition import Recognition, StoredScheme, recognise_schemes
from evaluations.records.row_writer import RowWriter, stated_values
from supports import models as s
from tokku.japanese import fold


class ListWriter:
    def __init__(
        self,
        rows: RowWriter,
        municipalities: NamedBodies,
        targets: Mapping[TargetKey, m.NumericTarget],
        recognition: Recognition,
    ) -> None:
        self.rows = rows
        self.municipalities = municipalities
        self.targets = targets
        self.recognition = recognition

    def write(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        self._write_approaches(evaluation, contents)
        self._write_list(s.RegulatoryMeasure, {"evaluation": evaluation}, contents.measures)
        self._write_list(s.NationalSupport, {"evaluation": evaluation}, contents.national_supports)
        self._write_schemes(evaluation, contents)
        self._write_regional_texts(evaluation, contents)

    def _write_approaches(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        rows = list(evaluation.approach_set.order_by("position", "pk"))
        for index, document_approach in enumerate(contents.approaches):
            approach = self.rows.save(
                rows[index] if index < len(rows) else None,
                m.Approach,
                {"evaluation": evaluation},
                stated_values(document_approach) | {"position": index + 1},
                {"targets": [self.targets[key] for key in document_approach.targets]},
            )
            self._write_list(m.Achievement, {"approach": approach}, document_approach.achievements)
        self.rows.delete(rows[len(contents.approaches) :])

    def _write_schemes(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        stored_rows = self._stored_schemes(evaluation)
        stored_words = {
            row.scheme: row.other_bodies for row in stored_rows if row.evaluation == evaluation
        }
        schemes = recognise_schemes(
            contents.schemes, map(self._as_recognised, stored_rows), self.recognition
        )
        wanted_rows = []
        for document_scheme, scheme in zip(contents.schemes, schemes, strict=True):
            values, relations = self._row_values(document_scheme, without=("municipalities",))
            relations["municipalities"] = [
                self.municipalities[name] for name in document_scheme.municipalities
            ]
            wanted_rows.append((scheme and scheme.pk, values | {"scheme": scheme}, relations))
            if (words := document_scheme.other_bodies) and stored_words.get(scheme) != words:
                self.rows.changes.notices.append(_about_words(document_scheme))
        self._write_rows(
            s.SchemeResult, {"evaluation": evaluation}, wanted_rows, lambda row: row.scheme_id
        )

    def _stored_schemes(self, evaluation: m.Evaluation) -> list[s.SchemeResult]:
        """The rows of all years of the zone, those of the year first and those of the nearest years next."""
        year = evaluation.fiscal_year
        rows = s.SchemeResult.objects.filter(evaluation__zone=evaluation.zone)
        rows = rows.select_related("scheme", "evaluation").prefetch_related("municipalities")
        return sorted(
            rows.order_by("scheme"), key=lambda row: abs(row.evaluation.fiscal_year - year)
        )

    def _as_recognised(self, row: s.SchemeResult) -> StoredScheme:
        names = map(self.municipalities.name_of, row.municipalities.all())
        words = filter(None, [row.other_bodies])
        return StoredScheme(row.scheme, row.category, row.name, (*names, *words))

    def _write_regional_texts(self, evaluation: m.Evaluation, contents: c.Contents) -> None:
        """Write the regional texts. One text that equals the stored parts together leaves the parts as they are."""
        rows = s.RegionalText.objects.of_years([evaluation])
        wanted_rows: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
        for kind in TEXT_KINDS:
            kind_rows = [row for row in rows if row.kind == kind]
            parts = [part for part in contents.regional_texts if part.kind == kind]
            if len(parts) == 1 and "\n".join(row.text for row in kind_rows) == parts[0].text:
                wanted_texts = [(row.text, row.municipality) for row in kind_rows]
            else:
                wanted_texts = [
                    (part.text, self.municipalities.get(part.municipality or "")) for part in parts
                ]
            wanted_rows += [
                ((kind, text), {"kind": kind, "text": text, "municipality": municipality}, {})
                for text, municipality in wanted_texts
            ]
        self._write_rows(
            s.RegionalText,
            {"evaluation": evaluation},
            wanted_rows,
            lambda row: (row.kind, row.text),
        )

    def _write_list(
        self, model: type[models.Model], owner: dict[str, Any], parts: Iterable[Any]
    ) -> None:
        """Make the owner's rows those of the parts. A row is recognised by its kind and name."""
        named_by = catalogue.kind_of(model).named_by

        def identity(part: Any) -> tuple[str, str]:
            return getattr(part, "kind", ""), fold(getattr(part, named_by))

        wanted_rows = [(identity(part), *self._row_values(part)) for part in parts]
        self._write_rows(model, owner, wanted_rows, identity)

    def _write_rows(
        self,
        model: type[models.Model],
        owner: dict[str, Any],
        wanted_rows: list[tuple[Any, dict[str, Any], dict[str, list[Any]]]],
        identity: Callable[[Any], Any],
    ) -> None:
        """Make the owner's rows those of `wanted_rows`: (identity, values, relations), in this order."""
        rows_by_identity = defaultdict(list)
        for row in model.objects.filter(**owner).order_by("position", "pk"):
            rows_by_identity[identity(row)].append(row)
        for position, (key, values, relations) in enumerate(wanted_rows, 1):
            row = rows_by_identity[key].pop(0) if rows_by_identity[key] else None
            self.rows.save(row, model, owner, values | {"position": position}, relations)
        self.rows.delete([row for rows in rows_by_identity.values() for row in rows])

    def _row_values(
        self, part: Any, *, without: Iterable[str] = ()
    ) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        """The values and relations to write of a part. Without a municipality the row keeps its own."""
        values, relations = stated_values(part, without=without), {}
        if name := getattr(part, "municipality", None):
            values["municipality"] = self.municipalities[name]
        if relation := getattr(part, "relation", None):
            values["all_targets"] = relation.all_targets
            relations["targets"] = [self.targets[key] for key in relation.targets]
        return values, relations


def _about_words(scheme: c.Scheme) -> str:
    sentence = (
        f"別紙3の「{scheme.name}」の自治体名のうち「{scheme.other_bodies}」は、"
        "この特区の作成主体の名称にないため、文言のまま取り込みました。"
    )
    return (
        sentence if scheme.municipalities else f"{sentence}この事業は取りまとめ担当が入力します。"
    )
