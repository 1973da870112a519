"""What holds for every plug-in in `plugins/`: it is found, explains its parameters, and uses public names only."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from custgrade.plugins import default_registry

PLACES = (
    "custgrade",
    "custgrade.plugins",
    "custgrade.planning",
    "custgrade.findings",
    "custgrade.cuts",
    "custgrade.errors",
)
PUBLIC = {place: [*import_module(place).__all__, "functions"] for place in PLACES}
PLUGINS = Path(__file__).parents[2] / "plugins"
NAMES = sorted(file.parent.name for file in PLUGINS.glob("*/pyproject.toml"))


def test_there_are_plug_ins() -> None:
    """The folder is read: the five built-in schemes are among those checked here."""
    assert {"abcd", "abcde", "floors", "matrix3x3", "top10"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_found_as_a_plug_in(name: str) -> None:
    """The scheme comes by discovery, from a distribution, and is the plug-in's function."""
    scheme = default_registry().scheme(name)
    assert getattr(import_module(f"custgrade_{name}"), name) is scheme.function
    assert scheme.distribution and scheme.version


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_explained(name: str) -> None:
    """Each parameter has a type in words, a description and a default."""
    parameters = default_registry().scheme(name).parameters
    assert parameters
    for parameter in parameters:
        assert parameter.setting.description and parameter.type_name and not parameter.required


def imported(source: str) -> set[tuple[str, str]]:
    """Modules and the names that are imported from them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {("." * node.level + (node.module or ""), alias.name) for alias in node.names}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_it_uses_only_public_names(name: str) -> None:
    """It imports public names of `custgrade`, itself, the standard library and what its pyproject.toml declares."""
    declared = tomllib.loads((PLUGINS / name / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    files = sorted((PLUGINS / name / "src").rglob("*.py"))
    used = set().union(*(imported(file.read_text(encoding="utf-8")) for file in files))
    assert any(module == "custgrade.plugins" for module, _ in used)
    for module, part in used:
        if module in PUBLIC:
            assert part in PUBLIC[module] or f"{module}.{part}" in PUBLIC
        else:
            others = set(declared) - {"custgrade"}
            assert module.split(".")[0] in {f"custgrade_{name}", *others, *sys.stdlib_module_names}
