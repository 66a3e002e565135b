"""README draws the layers of evaluations as the contract of `make lint` has them."""

import re
import tomllib

from django.conf import settings

ROOT = settings.BASE_DIR


def test_readme_draws_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (c for c in contracts["contracts"] if c.get("containers") == ["evaluations"])
    drawn: list[set[str]] = []
    for layer, module in re.findall(
        r"^\| (\w*) ?\| `(\w+)(?:/|\.py)` \|", (ROOT / "README.md").read_text(), re.MULTILINE
    ):
        if layer:
            drawn.append(set())
        drawn[-1].add(module)
    assert drawn == [set(layer.split(" | ")) for layer in contract["layers"]]
