"""A join that matches no id is an error, and one that matches few, or whose other ids are alike, says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import FieldError

Put = Callable[[str, str | bytes], Path]
WAYS = ("memory", "engine")
DIFFERENT = {
    "leading zeros": ("007", "7"),
    "capitals": ("Ann@example.org", "ann@example.org"),
    "blanks": ("k2", " k2 "),
    "non-breaking blanks": ("k2", "k2\u00a0"),
    "a prefix": ("C-0017", "17"),
}


def _join(put: Put, way: str, here: list[str], there: list[str]) -> tuple[list[str], list[float]]:
    """Return the notes and values of a join, made in memory or by the engine."""
    orders = put("o.csv", "\n".join(["customer_id,profit", *(f"{one},1" for one in here), ""]))
    survey = put("s.csv", "\n".join(["customer_id,potential", *(f"{one},{k}" for k, one in enumerate(there)), ""]))
    if way == "memory":
        base = cg.read_customers(orders).join(cg.read_customers(survey))
        return list(base.notes), base["potential"].tolist()
    from custgrade.grading.reading import reading
    from custgrade.ingest.customer_files.customers import customer_rows
    from custgrade.ingest.read_options import ReadOptions
    from custgrade.ingest.sources.opening import open_source

    options = ReadOptions()
    files = [customer_rows(open_source(path, options), None, options) for path in (orders, survey)]
    with reading(files, ["profit", "potential"], False, lambda stage, done: None) as found:
        base = found.loaded.base
        return list(base.notes), base.columns["potential"][:].tolist()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_no_match_at_all_is_an_error_with_its_likely_cause(put: Put, way: str, one: str, other: str) -> None:
    """The error shows ids of both sides, and a pair that differs in little."""
    with pytest.raises(FieldError, match="no customer id is in both") as caught:
        _join(put, way, [one], [other])
    assert f": {one!r} and {other!r}." in str(caught.value)


@pytest.mark.parametrize("way", WAYS)
def test_no_match_without_a_cause_is_an_error_too(put: Put, way: str) -> None:
    """Three ids of each side are shown."""
    with pytest.raises(FieldError) as caught:
        _join(put, way, ["a", "b", "c", "d"], ["x"])
    assert "one has 'a', 'b', 'c', the other has 'x'. If they are" in str(caught.value)


@pytest.mark.parametrize("way", WAYS)
def test_few_matches_are_noted(put: Put, way: str) -> None:
    """Fewer than half of the smaller side match."""
    notes, _ = _join(put, way, ["a", "b", "c", "d"], ["a", "x", "y"])
    (note,) = (note for note in notes if note.startswith("only"))
    assert "only 1 of 4 and 3 customer ids are in both sides of a join: one has 'b', 'c', 'd', the other has" in note


@pytest.mark.parametrize("way", WAYS)
def test_ids_that_lost_their_zeros_are_named_though_most_match(put: Put, way: str) -> None:
    """007 isn't joined to 7, and the note says that they are alike."""
    notes, values = _join(put, way, ["007", "1234", "1235"], ["7", "1234", "1235"])
    assert [None, 1.0, 2.0] == [None if value != value else value for value in values]
    (note,) = (note for note in notes if "differ" in note)
    assert "leading zeros" in note and "'007' and '7'" in note


@pytest.mark.parametrize("way", WAYS)
def test_a_good_join_says_nothing(put: Put, way: str) -> None:
    """Customers who are only on one side are counted as before."""
    notes, _ = _join(put, way, ["a", "b", "c"], ["a", "b", "x"])
    assert not [note for note in notes if note.startswith("only") or "differ" in note]


def test_the_command_line_has_its_own_words(put: Put, command: Callable[..., Any]) -> None:
    """The error proposes the flag."""
    orders, survey = put("o.csv", "customer_id,profit\n007,1\n"), put("s.csv", "customer_id,potential\n7,1\n")
    status, _, err = command("grade", "--customers", orders, "--customers", survey, "--scorer", "abcde")
    assert 2 == status and "--aliases FILE" in err and "aliases=" not in err
