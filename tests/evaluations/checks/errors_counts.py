"""Errors of counts, one at a random place of a sound evaluation each."""

from dataclasses import replace
from random import Random

from evaluations.form.contents import Approach, Contents
from evaluations.form.part5_national import COUNTS
from tests.evaluations.checks.changes import Changed, with_approach, with_body
from tokku.document.tree import Source

_KINDS = ("tax", "loan")


def support_count_off(contents: Contents, random: Random) -> Changed:
    kind = random.choice(_KINDS)
    count = getattr(contents.texts, COUNTS[kind])
    changed = random.choice([other for other in range(5) if other != count])
    return with_body(contents, **{COUNTS[kind]: changed}), Source("evaluation", COUNTS[kind])


def support_left_out(contents: Contents, random: Random) -> Changed:
    entry = random.choice([other for other in contents.national_supports if other.kind in _KINDS])
    kept = tuple(other for other in contents.national_supports if other is not entry)
    return replace(contents, national_supports=kept), Source("evaluation", COUNTS[entry.kind])


def support_counted_as_none(contents: Contents, random: Random) -> Changed:
    """An entry below 財政支援 0件."""
    entry = replace(random.choice(contents.national_supports), kind="fiscal")
    changed = replace(contents, national_supports=(entry, *contents.national_supports))
    return changed, Source("evaluation", COUNTS["fiscal"])


def support_count_missing(contents: Contents, random: Random) -> Changed:
    name = random.choice(list(COUNTS.values()))
    return with_body(contents, **{name: None}), Source("evaluation", name)


def support_reason_missing(contents: Contents, random: Random) -> Changed:
    changed = with_body(contents, no_fiscal_support_reason=random.choice(["", "該当なし"]))
    return changed, Source("evaluation", "no_fiscal_support_reason")


def support_count_in_text_off(contents: Contents, random: Random) -> Changed:
    right = random.choice(["税制支援が2件", "新規契約が1件"])
    wrong = right[:-2] + random.choice(["3", "４", "5", "11"]) + "件"
    text = contents.texts.overall.replace(right, wrong)
    return with_body(contents, overall=text), Source("evaluation", "overall")


def achievement_left_out(contents: Contents, random: Random) -> Changed:
    number, approach = random.choice(_listing(contents))
    place = random.randrange(len(approach.achievements))
    kept = approach.achievements[:place] + approach.achievements[place + 1 :]
    source = Source(f"approach/{number}", "result_label")
    return with_approach(contents, number, achievements=kept), source


def achievement_too_many(contents: Contents, random: Random) -> Changed:
    number, approach = random.choice(_listing(contents))
    added = replace(random.choice(approach.achievements), heading="相談の窓口の開設")
    source = Source(f"approach/{number}", "result_label")
    more = (*approach.achievements, added)
    return with_approach(contents, number, achievements=more), source


def result_count_in_label(contents: Contents, random: Random) -> Changed:
    number = random.randint(1, len(contents.approaches))
    label = contents.approaches[number - 1].result_label + f"：{random.randint(1, 99)}件"
    source = Source(f"approach/{number}", "result_label")
    return with_approach(contents, number, result_label=label), source


def scheme_result_missing(contents: Contents, random: Random) -> Changed:
    place = random.randrange(len(contents.schemes))
    schemes = list(contents.schemes)
    schemes[place] = replace(schemes[place], result=random.choice(["", "—"]))
    category = schemes[place].category
    number = sum(scheme.category == category for scheme in schemes[: place + 1])
    changed = replace(contents, schemes=tuple(schemes))
    return changed, Source(f"scheme/{category}/{number}", "result")


def scheme_count_off(contents: Contents, random: Random) -> Changed:
    count = len(contents.schemes) + random.choice([-2, -1, 1, 2, 10])
    sentence = random.choice(
        [
            f"別紙3に掲げる支援措置は、合わせて{count}件である。",
            f"別紙３のとおり、３県市で{count}の事業を実施した。",
        ]
    )
    return _saying(contents, random, sentence)


def indicator_count_off(contents: Contents, random: Random) -> Changed:
    right = "4つの評価指標"
    wrong = random.choice(["3つの評価指標", "五つの評価指標", "６つの評価指標"])
    text = contents.texts.pathway.replace(right, wrong)
    return with_body(contents, pathway=text), Source("evaluation", "pathway")


def target_count_off(contents: Contents, random: Random) -> Changed:
    text = contents.texts.weight_rationale.replace(
        "3つの数値目標", f"{random.choice('2456')}つの数値目標"
    )
    return with_body(contents, weight_rationale=text), Source("evaluation", "weight_rationale")


def municipality_count_off(contents: Contents, random: Random) -> Changed:
    parts = list(contents.regional_texts)
    places = [
        i for i, part in enumerate(parts) if part.kind == "narrative" and "3県市" in part.text
    ]
    place = random.choice(places)
    text = parts[place].text.replace("3県市", random.choice(["2県市", "４県市", "五県市"]), 1)
    parts[place] = replace(parts[place], text=text)
    narratives = [i for i, part in enumerate(parts) if part.kind == "narrative"]
    source = Source(f"regional_text/narrative/{narratives.index(place) + 1}", "text")
    return replace(contents, regional_texts=tuple(parts)), source


def announced_count_off(contents: Contents, random: Random) -> Changed:
    count = random.choice("2456")
    marks = random.choice([("①", "②", "③"), ("（1）", "（2）", "（3）"), ("(1)", "(2)", "(3)")])
    items = [f"{mark}{name}" for mark, name in zip(marks, ("人材", "設備", "資金"), strict=True)]
    text = random.choice(
        [
            f"取組は、次の{count}つである。\n" + "\n".join(f"{item}の支援" for item in items),
            f"取組の柱は、以下の{count}点、すなわち{'、'.join(items)}に関する支援である。",
        ]
    )
    return _saying(contents, random, text)


def numbering_off(contents: Contents, random: Random) -> Changed:
    marks = random.choice([("①", "③", "④"), ("（1）", "（2）", "（4）"), ("(1)", "(2)", "(2)")])
    items = [f"{mark}{name}" for mark, name in zip(marks, ("人材", "設備", "資金"), strict=True)]
    sentence = f"取組の柱は、{random.choice(['、', '。']).join(items)}の支援である。"
    return _saying(contents, random, sentence)


def name_count_off(contents: Contents, random: Random) -> Changed:
    names = random.sample(["米国", "ドイツ", "スペイン", "フランス", "オランダ"], 3)
    count = random.choice("245")
    sentence = f"海外では、{names[0]}、{names[1]}及び{names[2]}の{count}か国と交流した。"
    return _saying(contents, random, sentence)


def _saying(contents: Contents, random: Random, sentence: str) -> Changed:
    """One more paragraph in one of the longer texts of the body."""
    field = random.choice(["response_to_previous", "considerations", "pathway", "overall"])
    text = getattr(contents.texts, field)
    return with_body(contents, **{field: f"{text}\n{sentence}"}), Source("evaluation", field)


def _listing(contents: Contents) -> list[tuple[int, Approach]]:
    """Approaches that list each achievement."""
    return [
        (number, approach)
        for number, approach in enumerate(contents.approaches, 1)
        if all(done.level == "main" for done in approach.achievements)
    ]


ERRORS = (
    support_count_off,
    support_left_out,
    support_counted_as_none,
    support_count_missing,
    support_reason_missing,
    support_count_in_text_off,
    achievement_left_out,
    achievement_too_many,
    result_count_in_label,
    scheme_result_missing,
    scheme_count_off,
    indicator_count_off,
    target_count_off,
    municipality_count_off,
    announced_count_off,
    numbering_off,
    name_count_off,
)
