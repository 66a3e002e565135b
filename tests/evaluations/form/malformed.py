"""Documents with typing mistakes: lines and cells that were dropped, doubled, swapped or overwritten."""

from random import Random

# Contents of a cell or line put in by mistake: text that looks like a figure, year, key or mark and is none.
_SLIPS = (
    *(
        "",
        "—",
        "該当なし",
        "。",
        "→",
        "（）",
        "①",
        "㊿",
        "99",
        "-1",
        "1e5",
        "1 2",
        "０．５．５",
        "9" * 400,
    ),
    *(
        "R3年度",
        "令和0年度",
        "令和99年度",
        "平成33年度",
        "T5年度",
        "2023年度",
        "令和5年2月30日指定",
    ),
    *(
        "数値目標（0）",
        "数値目標（999）－㊿",
        "数値目標(1)－99",
        "評価指標（0）：",
        "評価指標（99）：x【進捗度 %】",
    ),
    *(
        "【当該年度目標値 、当該年度実績値 、進捗度 】",
        "7%（R3年度）→17%（H99年度）",
        "→17%（来年度）",
        "7%（）→",
    ),
    *(
        "5年間（令和8～令和4年度）累計：",
        "①-0 名称",
        "⑳-999",
        "件",
        "点",
        "国際戦略総合特区 点",
        "寄与度(※):x(%)",
    ),
)


def with_slips(text: str, random: Random, most: int = 3) -> str:
    lines = text.split("\n")
    for _ in range(random.randint(1, most)):
        _slip(lines, random)
    return "\n".join(lines)


def _slip(lines: list[str], random: Random) -> None:
    index, other_index = random.randrange(len(lines)), random.randrange(len(lines))
    match random.choice(["drop", "double", "swap", "cell", "cells", "line", "letter", "digit"]):
        case "drop":
            del lines[index]
        case "double":
            lines.insert(other_index, lines[index])
        case "swap":
            lines[index], lines[other_index] = lines[other_index], lines[index]
        case "line":
            lines[index] = random.choice(_SLIPS)
        case "letter":
            line = lines[index]
            at = random.randint(0, len(line))
            lines[index] = line[:at] + random.choice("0９-－→（）【】①\t 年度%：") + line[at + 1 :]
        case "digit":
            digits = [at for at, letter in enumerate(lines[index]) if letter.isdigit()]
            if digits:
                at = random.choice(digits)
                lines[index] = (
                    lines[index][:at] + random.choice(["", "0", "99"]) + lines[index][at + 1 :]
                )
        case "cell" | "cells" as change:
            rows = [at for at, line in enumerate(lines) if "\t" in line]
            at = random.choice(rows)
            cells = lines[at].split("\t")
            cell = random.randrange(len(cells))
            if change == "cell":
                cells[cell] = random.choice(_SLIPS)
            elif random.random() < 0.5:
                del cells[cell]
            else:
                cells.insert(cell, random.choice(cells))
            lines[at] = "\t".join(cells)
