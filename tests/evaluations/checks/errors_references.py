"""References that lead nowhere or elsewhere, one at a random place of a sound evaluation."""

from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import Changed, Error, added, replaced, text_of, with_text
from tokku.document.tree import Source
from tokku.japanese import circled

_TEXTS = ("text", "overall", "self_assessment", "usage", "narrative", "considerations", "pathway")


def number_of_no_indicator(contents: Contents, random: Random) -> Changed:
    number = random.choice((0, 5, 7, 10))
    return replaced(contents, random, r"(?<=評価指標（)\d(?=）)", str(number))


def number_in_a_list(contents: Contents, random: Random) -> Changed:
    number = random.choice((5, 6, 9))
    return replaced(contents, random, r"(?<=、（)\d(?=）が)", str(number), "overall")


def number_of_no_target(contents: Contents, random: Random) -> Changed:
    number = random.choice(("（1）－④", "（5）", "（3）－②", "（1）－⑨", "(7)", "（2）、（5）"))
    return added(contents, random, f"この取組は、数値目標{number}の達成につながる。", *_TEXTS)


def number_of_another_target(contents: Contents, random: Random) -> Changed:
    number, name = random.choice(
        (
            ("（3）", "新規事業化件数"),
            ("（4）", "国際共同治験件数"),
            ("（1）－②", "投資額"),
            ("（2）", "進出企業及び機関数"),
        )
    )
    words = random.choice(
        (f"数値目標{number}の{name}", f"{name}（数値目標{number}）", f"数値目標{number}「{name}」")
    )
    return added(contents, random, f"{words}の伸びにつながっている。", *_TEXTS)


def result_line_of_another(contents: Contents, random: Random) -> Changed:
    first, second = random.sample(range(1, len(contents.approaches) + 1), 2)
    label = contents.approaches[second - 1].result_label
    source = Source(f"approach/{first}", "result_label")
    return with_text(contents, source, label), source


def approach_that_serves_another(contents: Contents, random: Random) -> Changed:
    served = random.randint(1, len(contents.approaches))
    source = Source(f"approach/{served}", "narrative")
    number = random.choice([n for n in (1, 2, 3, 4) if n != served + 1])
    sentence = f"これらの取組は、数値目標（{number}）の達成に寄与する。"
    return with_text(contents, source, text_of(contents, source) + sentence), source


def number_of_no_approach(contents: Contents, random: Random) -> Changed:
    return added(
        contents, random, f"解決策{random.choice((0, 4, 5, 8))}の取組と併せて進めた。", *_TEXTS
    )


def number_of_no_annex(contents: Contents, random: Random) -> Changed:
    return added(contents, random, f"詳細は別紙{random.choice('４459')}のとおりである。", *_TEXTS)


def number_of_no_part(contents: Contents, random: Random) -> Changed:
    part = random.choice(("本文4④", "3⑤", "本文8", "5④", "本文2⑦", "5②-3", "本文6①"))
    return added(contents, random, f"詳細は{part}に記載している。", *_TEXTS)


def mark_that_is_not(contents: Contents, random: Random) -> Changed:
    return added(
        contents,
        random,
        f"①面談、②実証の順に進め、上記{circled(random.randint(3, 9))}は次に行う。",
        *_TEXTS,
    )


def mark_left_out(contents: Contents, random: Random) -> Changed:
    marks = list("①②③④")
    del marks[random.randint(0, 2)]
    points = "、".join(map("".join, zip(marks, ("相談", "試作", "検証"), strict=True)))
    return added(contents, random, f"{points}を順に進めた。", *_TEXTS)


def table_that_is_not(contents: Contents, random: Random) -> Changed:
    words = random.choice(("下表", "次の表", "図1", "表2", "上図", "別表"))
    return added(contents, random, f"内訳は{words}のとおりである。", *_TEXTS)


def broken_address(contents: Contents, random: Random) -> Changed:
    address = random.choice(
        (
            "http:/www.example.lg.jp/",
            "ttps://www.example.lg.jp/tokku/",
            "https://www.example..lg.jp/",
            "https://www.example,lg.jp/",
            "ｈｔｔｐｓ：／／www.example.lg.jp/",
            "https://example/",
            "tokku@example,lg.jp",
            "tokku@example..lg.jp",
            "tokku＠example.lg.jp",
        )
    )
    return added(contents, random, f"詳細は、{address} に掲載している。", *_TEXTS)


ERRORS: tuple[Error, ...] = (
    number_of_no_indicator,
    number_in_a_list,
    number_of_no_target,
    number_of_another_target,
    result_line_of_another,
    approach_that_serves_another,
    number_of_no_approach,
    number_of_no_annex,
    number_of_no_part,
    mark_that_is_not,
    mark_left_out,
    table_that_is_not,
    broken_address,
)
