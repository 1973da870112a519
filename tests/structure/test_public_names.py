"""Every public name exists, is typed, is documented, and is in one of seven places."""

import ast
import importlib
import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import custgrade
from custgrade import events, findings, planning

ROOT = Path(__file__).parents[2]
PLACES = (
    "custgrade",
    "custgrade.plugins",
    "custgrade.planning",
    "custgrade.events",
    "custgrade.findings",
    "custgrade.cuts",
    "custgrade.errors",
)
WITHOUT_DOCSTRING = {
    "AFTER",
    "Answers",
    "Ask",
    "CutFitting",
    "FINDINGS",
    "RULES",
    "STANDARD_FIELDS",
    "Share",
    "UNGRADED",
    "hookimpl",
}
NAMES = [(place, name) for place in PLACES for name in importlib.import_module(place).__all__]


@pytest.mark.parametrize(("place", "name"), NAMES)
def test_a_public_name_exists_and_says_what_it_is(place, name):
    """Each name that a place lists can be had there, and has a docstring where Python allows one."""
    value = getattr(importlib.import_module(place), name)
    assert name in WITHOUT_DOCSTRING or (value.__doc__ or "").strip()


def test_a_place_fits_on_a_screen():
    """No place has more than 50 names."""
    assert [place for place in PLACES if len(importlib.import_module(place).__all__) > 50] == []


@pytest.mark.parametrize(
    ("package", "file"),
    [
        (custgrade, "__init__.py"),
        (planning, "planning/__init__.py"),
        (findings, "findings/__init__.py"),
        (events, "events/__init__.py"),
    ],
)
def test_type_checkers_see_the_same_names(package, file):
    """The imports for type checkers and the table of exports name the same things of the same modules."""
    tree = ast.parse((ROOT / "src/custgrade" / file).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]
    assert package._MODULE_OF == {alias.asname: node.module for node in imports for alias in node.names}


def test_all_errors_are_listed():
    """Each class of the module of errors is public."""
    tree = ast.parse((ROOT / "src/custgrade/errors.py").read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert classes == set(importlib.import_module("custgrade.errors").__all__)


def test_every_public_name_is_in_the_reference():
    """The reference pages name every export."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/reference").glob("*.md"))
    words = {line.split()[-1] for line in pages.splitlines() if line.startswith("::: ")}
    documented = {word.rpartition(".")[2] for word in words}
    members = {line.strip("- ").strip() for line in pages.splitlines() if line.strip().startswith("- ")}
    assert [name for _, name in NAMES if name not in documented | members | {"functions"}] == []


REFERENCE = sorted(path for path in (ROOT / "docs/reference").glob("*.md") if path.stem != "index")


@pytest.mark.parametrize("page", REFERENCE, ids=lambda page: page.stem)
def test_a_reference_page_says_from_where_its_names_are_imported(page):
    """The module that a page names first is the one that exports all names on the page."""
    text = page.read_text(encoding="utf-8")
    place = re.search(r"\A# .*\n\nImport .*?(?:from|`from) `?([a-z.]+)", text)[1]
    public = importlib.import_module(place).__all__
    words = [line.split()[-1] for line in text.splitlines() if line.startswith("::: ")]
    assert words
    for word in words:
        module, _, name = word.rpartition(".")
        # a hook isn't imported: the author writes a function of its name
        if module != "custgrade.registry.hookspecs" and word != "custgrade.functions":
            assert module == place
        assert module == "custgrade.registry.hookspecs" or name in public


def test_the_design_lists_the_parts_in_the_order_of_imports():
    """The table of parts in the design has the layers that import-linter enforces, the lowest first."""
    config = (ROOT / ".importlinter").read_text(encoding="utf-8")
    lines = re.search(r"\nlayers =\n((?:    .*\n)+)", config)[1].splitlines()
    layers = [{part.strip() for part in line.split("|")} - {"__main__"} for line in reversed(lines)]
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    table = re.search(r"\n\| part \| subject \|\n\|---\|---\|\n((?:\|.*\n)+)", design)[1].splitlines()
    parts = [set(re.findall(r"`([a-z_]+)/?`", row.split("|")[1])) for row in table]
    place = {part: number for number, row in enumerate(parts) for part in row}
    assert {part for layer in layers for part in layer} == set(place)
    for lower, upper in itertools.pairwise(layer for layer in layers if layer):
        assert max(place[part] for part in lower) < min(place[part] for part in upper)


def test_an_unknown_name_is_an_attribute_error():
    """A misspelt name fails as it would in any module."""
    assert not hasattr(custgrade, "Scorrer")


def test_a_type_checker_refuses_a_misspelt_name(tmp_path):
    """mypy knows every name of the package, refuses others, and gives a graded frame the type of the frame."""
    script = tmp_path / "app.py"
    script.write_text(
        "import custgrade as cg\n"
        "cg.scorrer('abcde')\n"
        "frame: dict[str, int] = {}\n"
        "reveal_type(cg.grade(frame, 'abcde'))\n"
        "reveal_type(cg.grade(frame, 'abcde', return_model=True))\n"
        "reveal_type(cg.scorer('abcde'))\n",
        encoding="utf-8",
    )
    pytest.importorskip("mypy")
    places = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["mypy_path"]
    config = tmp_path / "mypy.ini"
    # no type that is checked here comes from these packages, and reading them takes half of the time
    config.write_text(
        f"[mypy]\nstrict = True\nmypy_path = {os.pathsep.join(places)}\n"
        "[mypy-duckdb.*,hypothesis.*,psycopg.*,pytest.*,_pytest.*,sqlalchemy.*]\nfollow_imports = skip\n",
        encoding="utf-8",
    )
    options = ["--config-file", str(config), "--no-incremental", "--cache-dir", str(tmp_path)]
    check = [sys.executable, "-m", "mypy", *options, str(script)]
    done = subprocess.run(check, capture_output=True, text=True, check=False, cwd=ROOT)
    said = done.stdout.replace("builtins.", "")
    assert 'Module has no attribute "scorrer"' in said, done.stdout + done.stderr
    assert 'Revealed type is "dict[str, int]"' in said
    assert 'Revealed type is "tuple[dict[str, int], custgrade.model.grading_model.GradingModel]"' in said
    assert 'Revealed type is "custgrade.model.scorer.Scorer"' in said


def test_the_version_is_the_distributions():
    """`__version__` is that of the installed distribution."""
    from importlib.metadata import version

    assert version("custgrade") == custgrade.__version__
