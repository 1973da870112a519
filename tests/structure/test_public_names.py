"""Every public name exists, is typed, and is documented."""

import ast
from pathlib import Path

import custgrade

ROOT = Path(__file__).parents[2]


def test_every_public_name_can_be_had():
    """Each name of the table of exports is defined where the table says."""
    assert [name for name in custgrade.__all__ if not hasattr(custgrade, name)] == []


def test_type_checkers_see_the_same_names():
    """The imports for type checkers and the table of exports name the same things of the same modules."""
    tree = ast.parse((ROOT / "src/custgrade/__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname: node.module for node in guarded.body for alias in node.names}
    assert seen == {"functions": "custgrade", **custgrade._HOME}


def test_every_public_name_is_in_the_reference():
    """The reference pages name every export."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/reference").glob("*.md"))
    words = {line.split()[-1] for line in pages.splitlines() if line.startswith("::: ")}
    documented = {word.removeprefix("custgrade.") for word in words}
    members = {line.strip("- ").strip() for line in pages.splitlines() if line.strip().startswith("- ")}
    assert [name for name in custgrade.__all__ if name not in documented | members] == []


def test_every_public_name_has_a_docstring():
    """What is exported says what it is."""
    plain = {"Answers", "Ask", "CutFitting", "STANDARD_FIELDS", "Share", "UNGRADED", "hookimpl"}
    names = [name for name in custgrade.__all__ if name not in plain]
    assert [name for name in names if not (getattr(custgrade, name).__doc__ or "").strip()] == []


def test_an_unknown_name_is_an_attribute_error():
    """A misspelt name fails as it would in any module."""
    assert not hasattr(custgrade, "Scorrer")


def test_the_version_is_the_distributions():
    """`__version__` is that of the installed distribution."""
    from importlib.metadata import version

    assert version("custgrade") == custgrade.__version__
