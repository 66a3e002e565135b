"""Plain functions that make records; each takes only what matters to the test."""

from datetime import date

from evaluations.form import contents as c
from evaluations.models import (
    Evaluation,
    Membership,
    Plan,
    PlanEdition,
    Zone,
    ZoneMunicipality,
)
from evaluations.records.store import store
from tokku.accounts.models import Municipality, Role, User
from tokku.figures import Figure

PASSWORD = "correct horse battery"
CODES = {
    "神奈川県": "140007",
    "横浜市": "141003",
    "川崎市": "141305",
    "横須賀市": "142018",
    "三浦市": "142107",
    "札幌市": "011002",
}

# The cast of the tests: user name, role and municipality.
CAST = {
    "official": ("kawasaki", Role.OFFICIAL, "川崎市"),
    "colleague": ("kawasaki-2", Role.OFFICIAL, "川崎市"),
    "other_official": ("yokohama", Role.OFFICIAL, "横浜市"),
    "stranger": ("sapporo", Role.OFFICIAL, "札幌市"),
    "secretariat": ("secretariat", Role.SECRETARIAT, None),
    "reader": ("reader", Role.READER, None),
    "miura_official": ("miura", Role.OFFICIAL, "三浦市"),
    "miura_secretariat": ("miura-secretariat", Role.SECRETARIAT, "横須賀市"),
    "administrator": ("administrator", Role.ADMINISTRATOR, None),
}


def municipality(name: str = "川崎市") -> Municipality:
    return Municipality.objects.get_or_create(name=name, defaults={"code": CODES.get(name)})[0]


def user(username: str, role: Role = Role.OFFICIAL, of: str | None = "川崎市") -> User:
    """A person, for tests that sign in without the page (force_login) or with PASSWORD; see `join_zones`."""
    person = User(
        username=username,
        name=f"{username}さん",
        role=role,
        municipality=municipality(of) if of else None,
    )
    person.set_password(PASSWORD)
    person.save()
    join_zones()
    return person


def plan(zone: Zone, first_year: int, last_year: int, term: int = 1, **texts) -> Plan:
    """A plan with its first edition."""
    made = Plan.objects.create(zone=zone, term=term, first_year=first_year, last_year=last_year)
    PlanEdition.objects.create(plan=made, first_year=first_year, **texts)
    return made


def join_zones() -> None:
    """Make each person a member of the zones of their municipality; a 取りまとめ without one, of all zones."""
    authors = list(ZoneMunicipality.objects.values_list("zone", "municipality"))
    zones = Zone.objects.values_list("pk", flat=True)
    memberships = []
    for person in User.objects.filter(role__in=(Role.OFFICIAL, Role.SECRETARIAT, Role.READER)):
        own = [zone for zone, municipality in authors if municipality == person.municipality_id]
        is_of_all = person.role == Role.SECRETARIAT and not person.municipality_id
        memberships += [
            Membership(zone_id=zone, user=person) for zone in (zones if is_of_all else own)
        ]
    Membership.objects.bulk_create(memberships, ignore_conflicts=True)


def person(of_cast: str) -> User:
    """One of the cast, who may be there already."""
    username, role, municipality = CAST[of_cast]
    return User.objects.filter(username=username).first() or user(username, role, municipality)


def numeric_target(number: int = 1, **values) -> c.NumericTarget:
    """A target of 10件 a year from 2022 to 2026, reached with 12件 in 2022 and 8件 in 2023."""
    figures = {2022: Figure.of(12), 2023: Figure.of(8)}
    values = {
        "name": f"数値目標その{number}",
        "unit": "件",
        "total": Figure.of(50),
        "years": tuple(
            c.YearFigures(year=year, target=Figure.of(10), actual=figures.get(year))
            for year in range(2022, 2027)
        ),
    } | values
    return c.NumericTarget(number=number, **values)


def contents(**values) -> c.Contents:
    """A small evaluation of fiscal 2023 with one indicator, one target and nothing else."""
    values = {
        "fiscal_year": 2023,
        "zone": c.Zone(
            kind="international",
            name="京浜臨海部ライフイノベーション国際戦略総合特区",
            designated_on=date(2011, 12, 22),
            certified_on=date(2012, 3, 9),
            municipalities=("神奈川県", "横浜市", "川崎市"),
        ),
        "plan": c.Plan(first_year=2022, last_year=2026, term=1, overview="計画の概要", goal="目標"),
        "indicators": (c.Indicator(number=1, name="経済効果", targets=(numeric_target(),)),),
    } | values
    return c.Contents(**values)


def evaluation(form_contents: c.Contents | None = None, slug: str = "keihin") -> Evaluation:
    """A stored evaluation with these contents, and the municipalities of its zone."""
    form_contents = form_contents or contents()
    for name in form_contents.zone.municipalities:
        municipality(name)
    stored, _ = store(form_contents, slug, reason="試験")
    join_zones()
    return stored
