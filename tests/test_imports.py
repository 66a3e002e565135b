"""Imports go one way: no circle of modules, none inside a function, none to what stands above."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("evaluations", "supports", "tokku")
# What of evaluations.form makes contents of rows, and rows of contents.
FROM_AND_TO_ROWS = {
    f"evaluations.form.{name}" for name in ("rows", "store", "store_figures", "store_lists")
}


def name_of(path: Path) -> str:
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    return {
        name_of(path): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((settings.BASE_DIR / package).rglob("*.py"))
    }


def names_in(statement: ast.stmt) -> list[str]:
    """What an import names: of `from a import b` the module a.b, if it is one."""
    match statement:
        case ast.Import(names=names):
            return [one.name for one in names]
        case ast.ImportFrom(module=module, names=names):
            full = [f"{module}.{one.name}" for one in names]
            return [name if name in modules() else module for name in full]
    return []


@cache
def imports() -> dict[str, frozenset[str]]:
    """The modules of the project that each of its modules imports, and their packages, which run before them.

    A package that a module is in does not count: it is there already.
    """
    return {
        module: frozenset(
            package
            for statement in ast.walk(tree)
            for name in names_in(statement)
            for package in (name, *parents(name))
            if package in modules() and package not in (module, *parents(module))
        )
        for module, tree in modules().items()
    }


def parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def reached_from(start: str) -> set[str]:
    found, waiting = set(), [start]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += imports()[module]
    return found


def modules_in(*packages: str) -> list[str]:
    return [one for one in modules() if any(f"{one}.".startswith(f"{name}.") for name in packages)]


def test_no_modules_import_each_other_in_a_circle():
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_every_import_stands_at_the_top_of_its_module():
    late = {
        f"{module}:{statement.lineno}"
        for module, tree in modules().items()
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Import | ast.ImportFrom) and statement not in tree.body
    }
    assert not late


@pytest.mark.parametrize(
    "package", ["evaluations.catalogue", "evaluations.checks", "evaluations.form", "tokku.document"]
)
def test_what_knows_no_rows_reaches_no_models(package):
    knowing_none = set(modules_in(package)) - FROM_AND_TO_ROWS
    assert knowing_none
    reached = {found for module in knowing_none for found in reached_from(module)}
    models = modules_in("evaluations.models", "supports.models", "tokku.accounts.models")
    assert not reached.intersection(models)


def test_acts_are_called_from_above_alone():
    above = modules_in("evaluations.views", "evaluations.admin", "evaluations.management")
    callers = {module for module, names in imports().items() if "evaluations.moves" in names}
    assert callers
    assert callers <= set(above)
