"""Which stored bodies the names in a document are of: authors of its zone first, then any that are registered."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from evaluations.form import contents as c
from evaluations.form.outline import ReadingProblem, UnreadableForm
from evaluations.models import ZoneMunicipality
from tokku.accounts.local_governments import local_governments
from tokku.accounts.models import AmbiguousName, BodyKind, Municipality, one_named
from tokku.japanese import fold

# The kind of a body that is in no list, by the first of these that its name has.
_KINDS = (
    (BodyKind.COMPANY, "株式会社|有限会社|合同会社|㈱|[(（]株[)）]|協同組合|振興組合"),
    (BodyKind.UNIVERSITY, "大学|高等専門学校|研究所|研究機構|研究センター|研究開発法人"),
    (BodyKind.UNION, "組合$|広域連合$|企業団$"),
    (BodyKind.COMPANY, "(社団|財団|特定非営利活動|NPO)法人|協会|協議会|商工会|会議所|公社"),
)


def kind_named(name: str) -> BodyKind | None:
    return next((kind for kind, words in _KINDS if re.search(words, name)), None)


def known_names(slug: str) -> set[str]:
    """Names that a document of the zone may have, whatever stands in them (株式会社Ａ・Ｂ)."""
    names = {name for body in Municipality.objects.all() for name in (body.name, body.full_name)}
    for author in ZoneMunicipality.objects.filter(zone__slug=slug).select_related("municipality"):
        names |= {*_names_of(author)}
    return names


def _names_of(author: ZoneMunicipality) -> Iterator[str]:
    body = author.municipality
    yield from (author.printed_name, body.name, body.full_name, body.label)
    yield from (name for _, name in author.earlier_names)


class NamedBodies(Mapping[str, Municipality]):
    """The bodies by the names that a document has for them. UnreadableForm when a name is of none, or may be of two.

    `lines` gives the line of a file that names each. Authors of a zone that is new are registered where their
    names tell what they are; `registered` has them.
    """

    def __init__(
        self, contents: c.Contents, slug: str, lines: Mapping[str, int | None], *, is_new_zone: bool
    ) -> None:
        self.registered: list[Municipality] = []
        self._year = contents.fiscal_year
        members = ZoneMunicipality.objects.filter(zone__slug=slug)
        self._members = list(members.select_related("municipality"))
        self._bodies = list(Municipality.objects.all())
        self._by_name: dict[str, Municipality] = {}
        problems = []
        for name, is_needed in _names_in(contents).items():
            try:
                body = self._found(name)
                if body is None and is_new_zone and name in contents.zone.municipalities:
                    body = self._registered(name)
            except AmbiguousName as ambiguous:
                problems.append(ReadingProblem(lines.get(name), str(ambiguous)))
                continue
            if body:
                self._by_name[name] = body
            elif is_needed:
                sentence = (
                    f"「{name}」という自治体・団体は登録されていません。"
                    "名称を確かめるか、管理画面で登録してください。"
                )
                problems.append(ReadingProblem(lines.get(name), sentence))
        authors = [self.get(name) for name in contents.zone.municipalities]
        for body, count in Counter(filter(None, authors)).items():
            if count > 1:
                line = lines.get(contents.zone.municipalities[authors.index(body)])
                problems.append(ReadingProblem(line, f"作成主体の{body}が{count}回あります。"))
        if problems:
            raise UnreadableForm(problems)

    def __getitem__(self, name: str) -> Municipality:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def name_of(self, body: Municipality) -> str:
        """The document's name for a body, or else its own."""
        names = (name for name, named in self._by_name.items() if named == body)
        return next(names, body.name)

    def _found(self, name: str) -> Municipality | None:
        folded = fold(name)
        of_year = [row for row in self._members if fold(row.name_in(self._year)) == folded]
        of_zone = of_year or [row for row in self._members if folded in map(fold, _names_of(row))]
        if len(of_zone) == 1:
            return of_zone[0].municipality
        return one_named(name, self._bodies)

    def _registered(self, name: str) -> Municipality | None:
        if governments := local_governments().named(name):
            body = Municipality.objects.register(governments[0])
        elif kind := kind_named(name):
            body = Municipality.objects.create(kind=kind, name=name)
        else:
            return None
        self.registered.append(body)
        return body


def _names_in(contents: c.Contents) -> dict[str, bool]:
    """The names of bodies, and whether a file has them, so that they must be known."""
    names = dict.fromkeys(contents.zone.municipalities, True)
    for scheme in contents.schemes:
        names |= dict.fromkeys(scheme.municipalities, True)
    parts = [*contents.national_supports, *contents.regional_texts]
    parts += [
        achievement for approach in contents.approaches for achievement in approach.achievements
    ]
    others = [part.municipality for part in parts if part.municipality]
    for _, _, target in contents.targets():
        others += [name for figures in target.years for name, _ in figures.by_municipality]
    return dict.fromkeys(others, False) | names
