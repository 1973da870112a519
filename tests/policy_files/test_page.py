"""The page "Writing a policy" lists every key of a policy file, with the default that the code has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from custgrade.planning import Amount, Policy
from custgrade.policy_files.keys import PLACES, keys_of

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-policy.md").read_text(encoding="utf-8")


def rows(kind: type) -> dict[str, tuple[str, str, str]]:
    """Return unit, default and meaning by key, of the table in the section of a class."""
    heading = "The policy itself" if kind is Policy else f"`{PLACES[kind]}`"
    (section,) = re.findall(rf"^### {re.escape(heading)}\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^\| `(\w+)` \| (.*?) \| ?(.*?) ?\| (.*) \|$", section, re.MULTILINE)
    return {key: (unit, default, meaning) for key, unit, default, meaning in found}


@pytest.mark.parametrize("kind", list(PLACES), ids=lambda kind: kind.__name__)
def test_the_page_has_each_key_and_its_default(kind: type) -> None:
    """The table of each class has its keys, no others, and its defaults."""
    written = rows(kind)
    assert set(written) == set(keys_of(kind))
    attributes = {one.name: one for one in attrs.fields(kind)}
    for name, key in keys_of(kind).items():
        default = written[name][1]
        if key.required:
            assert default == "", name
        elif key.form == "special" or isinstance(value := attributes[key.attribute].default, attrs.Factory):
            assert default, name
        elif value is None or value == ():
            assert re.fullmatch(r"[a-z' ]+", default), name
        else:
            assert default == text(value), name


def text(value: Any) -> str:
    """Return a default as the page shows it."""
    if isinstance(value, Amount):
        value = value.constant
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"{value:g}" if isinstance(value, (int, float)) else ""
