"""What `make lint` refuses in scripts, so that they run in browsers of five years ago (browsers.yml)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

RULES = Path(settings.BASE_DIR) / "browsers.yml"

REFUSED = {
    "syntax-beyond-es2020": [
        "a ||= b;",
        "a &&= b;",
        "a ??= b;",
        "wait(60_000);",
        "class A { x = 1; }",
        "class A { static x = 1; }",
        "class A { #x() {} }",
        "class A { has(other) { return #x in other; } }",
        "class A { static { start(); } }",
        "@bound class A {}",
        "class A { @bound show() {} }",
        "#!/usr/bin/env node\nshow();",
        'import data from "./data.json" with { type: "json" };',
        'import { "a name" as name } from "./names.js";',
        'export { name as "a name" };',
        'import defer * as later from "./later.js";',
        'import source text from "./text.wasm";',
        "const answer = await fetch(address);",
        "for await (const part of parts) show(part);",
        "using file = open();",
        "show(a |> b);",
    ],
    "expression-too-new": [
        r"text.match(/(?<=第)\d/);",
        r"text.match(/(?<!第)\d/);",
        r"text.match(/(?i:a)/);",
        r"text.match(/(?i-m:a)/);",
        "text.match(/a/d);",
        "text.match(/a/v);",
    ],
    "selector-too-new": [
        'form.matches(":has(.conflict)");',
        "form.querySelector(`#${id}:has([aria-invalid=true])`);",
        "form.querySelector('input:user-invalid');",
        'document.querySelector("details:open");',
    ],
    "name-too-new": [
        "Map.groupBy(rows, name);",
        "rows.at(-1);",
        "rows?.at(-1);",
        "form.requestSubmit();",
        "form.requestSubmit?.() ?? input.showPicker();",
        "button.ariaHidden;",
        "structuredClone(rows);",
        "AbortSignal.timeout(300);",
        'new BroadcastChannel("rows");',
    ],
}
ALLOWED = [
    "const { a = 1, ...rest } = row; show(a?.b ?? rest, 60000, 10n);",
    "try { a = b || c && d; } catch { end(); }",
    "async function load() { for await (const part of parts) await show(part); }",
    "const load = async () => await fetch(address);",
    "class A { static start() { return new this(); } get size() { return 1; } }",
    r"text.match(/(?<year>令和\d+)(?:年|年度)(?=の)(?!末)/gsu);",
    'import("./later.js").then(Promise.allSettled); import { a as b } from "./names.js";',
    'form.querySelector("input:not([type=hidden], :disabled):checked, :is(a, b):where(c)");',
    "dialog.showPicker?.();",
    "event.submitter?.matches(selector); text.replaceAll(a, b); Promise.any(rows);",
    "const row = { at: 1, with: 2 };",
]


def findings(path: Path) -> set[str]:
    """The rules by which scripts are refused, as `make lint` reads them."""
    program = Path(sys.executable).parent / "ast-grep"
    run = subprocess.run(
        [program, "scan", "--rule", RULES, "--json=compact", path], capture_output=True, text=True
    )
    found = {finding["ruleId"] for finding in json.loads(run.stdout)}
    assert run.returncode == bool(found), run.stderr
    return found


@pytest.mark.parametrize(
    ("rule", "script"), [(rule, script) for rule, scripts in REFUSED.items() for script in scripts]
)
def test_scripts_of_newer_browsers_are_refused(rule, script, tmp_path):
    path = tmp_path / "script.js"
    path.write_text(script)
    assert findings(path) == {rule}


def test_scripts_of_browsers_of_five_years_ago_are_not(tmp_path):
    for number, script in enumerate(ALLOWED):
        (tmp_path / f"{number}.js").write_text(script)
    assert findings(tmp_path) == set()
