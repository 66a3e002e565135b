"""What texts refer to: marks ①②, tables and pictures, addresses."""

import re
from collections.abc import Iterator

from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check

# ① as the mark of a point; not 3①, （1）－① or フェーズ①.
_MARK = re.compile(r"[①-⑳](?<![^、。:(「・\n ].)(?!-)")
_ANYWHERE = re.compile(r"[①-⑳](?<![\d-].)")
_POINTER = re.compile("(?:上記|前記|下記|前述|上述|以下|次)の?(?P<mark>[①-⑳])")
_PICTURE = re.compile(
    r"(?<![一-龥])[上下左右次別][図表](?=の|に|は|を|を|参照|、|。|\))|次の[図表](?=の|に|は|を|参照|、|。|\))"
    r"|(?<![一-龥])(?<!\d)[図表] ?\d{1,2}(?![\d年月日面])|(?:上|下|右|左)の(?:写真|グラフ)"
)
_ADDRESS = re.compile(
    r"(?P<url>\b(?:h ?t ?t ?p ?s?|htp|htps|htttps?|ttps?)[:;][!-~]*|\bwww[.,][!-~]+)"
    r"|(?P<mail>[A-Za-z0-9][\w.+-]{0,60} ?@ ?[\w-]{1,60}[.,][\w.,-]{1,60})",
    re.ASCII,
)
_URL = re.compile(
    r"(?:https?://|www\.)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?::\d{1,5})?"
    r"(?:[/?#][!-~]*)?"
)
_MAIL = re.compile(
    r"[\w+-]+(?:\.[\w+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
    re.ASCII,
)
# What may follow an address and does not belong to it.
_AROUND = re.compile("[（）＜＞［］]")
_MARKS_AFTER = "().,;:'\"<>[]"


@check("①②の指すもの", Level.CAUTION)
def marks_pointed_at(picture: Picture) -> Iterator[Finding]:
    """上記③ where the text has no ③."""
    for passages in picture.texts:
        marks = {mark for passage in passages for mark in _MARK.findall(passage.flat)}
        for passage in passages:
            for match in _POINTER.finditer(passage.flat):
                if match["mark"] not in marks:
                    words = passage.words(*match.span())
                    yield marks_pointed_at.finding(
                        passage,
                        f"「{words}」とありますが、この文章に{match['mark']}はありません。番号を直すか、指すものを書いてください。",
                        words=words,
                        found=words,
                    )


@check("①の抜け", Level.CAUTION)
def marks_from_one(picture: Picture) -> Iterator[Finding]:
    """②③ without ①. Gaps after ① are found by counts.numbering."""
    for passages in picture.texts:
        marks = [
            (mark[0], passage) for passage in passages for mark in _MARK.finditer(passage.flat)
        ]
        if not marks or any("①" in _ANYWHERE.findall(passage.flat) for passage in passages):
            continue
        mark, passage = marks[0]
        yield marks_from_one.finding(
            passage,
            f"{mark}がありますが、①がありません。番号を続けるか、抜けた項目を書いてください。",
            words=mark,
            found=mark,
            expected="①",
        )


@check("図表の参照", Level.CAUTION)
def tables_and_pictures(picture: Picture) -> Iterator[Finding]:
    """下表, 図1: texts of the form hold neither tables nor pictures."""
    for passage in picture.prose:
        if not any(letter in passage.flat for letter in "図表真グ"):
            continue
        for match in _PICTURE.finditer(passage.flat):
            words = passage.words(*match.span())
            yield tables_and_pictures.finding(
                passage,
                f"「{words}」とありますが、評価書の文章に図表は入りません。別紙の番号を示すか、文で説明してください。",
                words=words,
                found=words,
            )


@check("URL・メールアドレス", Level.CAUTION)
def addresses(picture: Picture) -> Iterator[Finding]:
    """Addresses that cannot be opened as they are written, also for being in full width."""
    for passage in picture.prose:
        for match in _ADDRESS.finditer(passage.flat):
            words = _AROUND.split(passage.words(*match.span()))[0].rstrip(_MARKS_AFTER)
            pattern = _URL if match["url"] else _MAIL
            if pattern.fullmatch(words) and ".." not in words:
                continue
            yield addresses.finding(
                passage,
                f"「{words}」は、このままでは開けません。全角の文字や空白が混じっていないか、綴りを確かめて直してください。",
                words=words,
                found=words,
            )
