"""What the nation gives: regulatory measures of every kind, and projects with a grant or a loan."""

from evaluations.form.contents import Measure, NationalSupport, Relation
from evaluations.sample.miura.targets import GUESTS, SALES, SATISFACTION
from evaluations.sample.miura.zone import MIURA, YOKOSUKA


def fruit_liquor(details: str, *, effect: str = "", remarks: str = "") -> Measure:
    """A project under a special measure, with the ministry's assessment."""
    return Measure(
        kind="specific",
        name="地元の果実を用いた特産酒類の製造事業",
        details=details,
        relation=Relation(targets=(SALES, GUESTS)),
        ministry="財務省",
        ministry_effect=effect,
        ministry_remarks=remarks,
    )


def morning_market(details: str) -> Measure:
    return Measure(kind="general", name="漁港の岸壁を用いた朝市の開催事業", details=details)


def sea_taxi(details: str) -> Measure:
    return Measure(kind="proposal", name="遊漁船による岬と岬の間の旅客の運送", details=details)


def huts_on_fields(*, used: bool | None, note: str = "") -> Measure:
    return Measure(
        kind="feasible",
        name="収穫の体験に用いる休憩所の農地への設置",
        relation=Relation(targets=(SALES, GUESTS)),
        used=used,
        note=note,
    )


def meals_at_farms(*, used: bool | None, note: str = "") -> Measure:
    return Measure(
        kind="nationwide",
        name="農家民宿における食事の提供に係る手続の簡素化",
        relation=Relation(targets=(GUESTS, SATISFACTION)),
        used=used,
        note=note,
    )


def guest_house(usage: str) -> NationalSupport:
    return NationalSupport(
        kind="fiscal",
        name="体験交流施設の整備事業",
        outline=(
            "使われなくなった漁具の倉庫を、来訪者が漁の道具に触れ、泊まることのできる施設に改める事業である。"
        ),
        usage=usage,
        municipality=MIURA,
    )


def fish_processing(usage: str) -> NationalSupport:
    return NationalSupport(
        kind="loan",
        name="水産物の加工場の増設に関する事業",
        outline="形や大きさのそろわない魚を切り身や練り物に加工し、学校給食に供給する事業である。",
        usage=usage,
        municipality=YOKOSUKA,
    )
