"""Any change of a policy file gives a policy, or an error with its line; never another exception."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from custgrade import CustgradeError, read_policy
from custgrade.planning import Policy
from custgrade.toml_files import read_toml

EVERY_KEY = Path(__file__).parent / "every_key.toml"
CONTENT = read_toml(EVERY_KEY).content
NAMES = sorted(set(re.findall(r"[a-z_]+", EVERY_KEY.read_text(encoding="utf-8"))))


def as_toml(value: Any) -> str:
    """Return a value as TOML; all tables are inline, so that any content can be written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, str) else str(value)


def document(content: dict[str, Any]) -> str:
    lines = []
    for key, value in content.items():
        if key == "treatment" and isinstance(value, dict):
            lines += [f"{key}.{json.dumps(name)} = {as_toml(one)}" for name, one in value.items()]
        else:
            lines.append(f"{json.dumps(key)} = {as_toml(value)}")
    return "\n".join(lines) + "\n"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all keys and items of a content."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, item in items:
        found += [(*path, key), *places(item, (*path, key))]
    return found


ODD = st.one_of(
    st.sampled_from([0, 1, -1, 0.5, 1e308, -1e-300, 10**400, math.inf, math.nan, True, False, "", "x", "a\nb", "A"]),
    st.sampled_from([[], {}, [[]], [{}], {"a": 1}, ["A"], [1], dt.date(2025, 1, 1), dt.time(1, 2), "\u2028", "0.05"]),
    st.sampled_from([{"share": 1, "of": "profit"}, {"field": "margin", "below": 1}, {"restores": {"margin": 0.1}}]),
    st.sampled_from(NAMES),
)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """Return the content of the example after one to three changes: a key removed, renamed, or given another value."""
    content = copy.deepcopy({**CONTENT})
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(content) or [("name",)]))
        holder: Any = content
        for key in path[:-1]:
            holder = holder[key]
        change = draw(st.sampled_from(["delete", "rename", "replace"]))
        if change == "delete":
            holder.pop(path[-1], None) if isinstance(holder, dict) else holder.pop(path[-1])
        elif change == "rename" and isinstance(holder, dict) and path[-1] in holder:
            value = holder.pop(path[-1])
            holder[draw(st.one_of(st.sampled_from(NAMES), st.sampled_from(["", "a b", "\u2028", "é", "A/B"])))] = value
        else:
            holder[path[-1]] = copy.deepcopy(draw(ODD))
    return content


def check(folder: Path, text: str) -> None:
    path = folder / "changed.toml"
    path.write_text(text, encoding="utf-8")
    try:
        assert type(read_policy(path)) is Policy
    except CustgradeError as error:
        assert re.search(r"changed\.toml, line \d+: |is not TOML: .*(line \d+|end of document)", str(error)), str(error)


def test_the_writer_of_these_tests_is_right(tmp_path: Path) -> None:
    """The unchanged example is read back as it was."""
    path = tmp_path / "same.toml"
    path.write_text(document({**CONTENT}), encoding="utf-8")
    assert read_toml(path).content == CONTENT


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(content=changed())
def test_any_change_of_keys_and_values(tmp_path: Path, content: dict[str, Any]) -> None:
    """One to three random changes of keys or values."""
    check(tmp_path, document(content))


@pytest.mark.parametrize("number", range(len(EVERY_KEY.read_text(encoding="utf-8").splitlines())))
def test_any_line_left_out(tmp_path: Path, number: int) -> None:
    """Each line in turn is left out."""
    lines = EVERY_KEY.read_text(encoding="utf-8").splitlines()
    check(tmp_path, "\n".join(lines[:number] + lines[number + 1 :]))


def test_every_key_renamed_or_of_another_type(tmp_path: Path) -> None:
    """Each key in turn is misspelt, and has a value of another type."""
    for path in places({**CONTENT}):
        for odd in ("renamed", [], {}, "x", 1, True):
            content = copy.deepcopy({**CONTENT})
            holder: Any = content
            for key in path[:-1]:
                holder = holder[key]
            if odd == "renamed" and isinstance(holder, dict):
                holder[f"{path[-1]}x"] = holder.pop(path[-1])
            else:
                holder[path[-1]] = odd
            check(tmp_path, document(content))
