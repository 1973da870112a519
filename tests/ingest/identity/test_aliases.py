"""Aliases: old ids count as the new ones, in every file of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import SourceError

Put = Callable[[str, str | bytes], Path]
ORDERS = "customer_id,date,revenue,profit\nk1,2025-01-11,40,4\nk1-old,2024-02-12,80,30\nk2,2025-02-12,60,20\n"


@pytest.mark.parametrize("header", ["old_id,new_id", "customer_id,is_now", "Old ID,New ID"])
def test_an_old_id_counts_as_the_new_one(put: Put, header: str) -> None:
    """Sales of both ids are those of one customer; unused aliases are named."""
    same = put("same.csv", f"{header}\nk1-old,k1\nnobody,k2\n")
    base = cg.read_orders(put("o.csv", ORDERS), aliases=same)
    assert (["k1", "k2"], [34.0, 20.0]) == (base.ids.tolist(), base["profit"].tolist())
    (note,) = (note for note in base.notes if "aliases" in note)
    assert note.startswith("1 of 2 old ids of the aliases were found in ") and note.endswith("not found: 'nobody'")


@pytest.mark.parametrize("kind", ["csv", "parquet", "frame"])
def test_chains_are_followed(put: Put, tmp_path: Path, kind: str) -> None:
    """The newest id of a chain counts, in text and in typed columns, whose order stays."""
    frame = pd.DataFrame({"customer_id": [30, 10, 20], "old_id": ["x", "y", "z"], "profit": [1.0, 2.0, 3.0]})
    path = tmp_path / f"c.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    base = cg.read_customers(frame if kind == "frame" else path, aliases={"10": "11", "11": "12", "30": "31"})
    assert (["31", "12", "20"], [1.0, 2.0, 3.0]) == (base.ids.tolist(), base["profit"].tolist())


def test_two_rows_of_one_customer_are_refused(put: Put, tmp_path: Path) -> None:
    """In a customer file, the error names both ids."""
    path = put("c.csv", "customer_id,profit\nk1-old,4\nk1,5\n")
    for read in (cg.read_customers, lambda source, **more: cg.grade_file(source, "abcde", options=more)):
        with pytest.raises(SourceError, match=r"'k1' \(2 times: 'k1', 'k1-old'\)"):
            read(path, aliases={"k1-old": "k1"})


def test_aliases_apply_to_what_is_joined(put: Put, command: Callable[..., Any]) -> None:
    """The survey of an old id is that of the new one."""
    survey = put("s.csv", "customer_id,potential\nk1-old,7\nk2,8\n")
    same = put("same.csv", "old_id,new_id\nk1-old,k1\n")
    status, out, err = command(
        "grade", "--orders", put("o.csv", ORDERS), "--customers", survey, "--aliases", same, "--scorer", "abcde",
        "--param", "by=potential",
    )  # fmt: skip
    assert (status, err) == (0, "")
    assert 2 == out.count("1 of 1 old ids of the aliases were found")
    assert "left out" not in out


@pytest.mark.parametrize(
    ("aliases", "says"),
    [
        ({"a": "b", "b": "a"}, "lead back to themselves: 'a' → 'b' → 'a'"),
        ({"a": "b", "b": "c", "c": "d", "d": "c"}, "lead back to themselves"),
        ({"a": " "}, "has an empty id"),
    ],
)
def test_aliases_that_contradict_each_other_are_refused(aliases: dict[str, str], says: str) -> None:
    """Cycles and empty ids are errors."""
    frame = pd.DataFrame({"customer_id": ["a"], "profit": [1.0]})
    with pytest.raises(SourceError, match=says):
        cg.read_customers(frame, aliases=aliases)


def test_two_new_ids_of_one_old_id_are_refused(put: Put) -> None:
    """The same alias twice is fine; another new id isn't, nor is a file of one column."""
    frame = pd.DataFrame({"customer_id": ["a"], "profit": [1.0]})
    assert ["b"] == cg.read_customers(frame, aliases=put("x.csv", "old_id,new_id\na,b\na,b\n")).ids.tolist()
    with pytest.raises(SourceError, match="'a' has two new ids, 'b' and 'c'"):
        cg.read_customers(frame, aliases=put("x.csv", "old_id,new_id\na,b\na,c\n"))
    with pytest.raises(SourceError, match="has one column; give the columns old_id and new_id"):
        cg.read_customers(frame, aliases=put("x.csv", "old_id\na\n"))


def test_rounded_ids_with_an_alias_are_accepted(put: Put) -> None:
    """An alias says which customer an id in the form of a rounded number is."""
    path = put("o.csv", "customer_id,date,profit\n1E+05,2025-01-01,3\n")
    assert ["k"] == cg.read_orders(path, aliases={"1E+05": "k"}).ids.tolist()
