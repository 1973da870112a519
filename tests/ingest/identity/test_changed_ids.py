"""Ids that were changed on export are put right where that is certain, and refused where customers may have merged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import SourceError

Put = Callable[[str, str | bytes], Path]


def _orders(ids: list[str]) -> str:
    lines = [f'"{one.replace(chr(34), chr(34) * 2)}",2025-01-01,1' for one in ids]
    return "\n".join(["customer_id,date,profit", *lines, ""])


MENDED = {
    "a point and zeros": (["7101.0", "7102.00", "k1"], ["7101", "7102", "k1"]),
    "some with a point": (["7101.0", "7102", "7101"], ["7101", "7102"]),
    "thousands": (["7,101", "12,007,101", "12"], ["12", "12007101", "7101"]),
    "an apostrophe": (["'007", "k1", "'-3"], ["-3", "007", "k1"]),
    "a formula": (['="0071"', '="k 1"'], ["0071", "k 1"]),
}
KEPT = {
    "an outline": ["1.0", "1.1", "2.0"],
    "commas of another kind": ["7,101", "7101", "a,b"],
    "few digits": ["7,10", "1,2345"],
    "a name": ["'s-Hertogenbosch", "a.0b", "1.0.0"],
    "hexadecimal": ["1E5", "12e10", "2e+"],
}


@pytest.mark.parametrize(("ids", "expected"), MENDED.values(), ids=MENDED.keys())
def test_ids_are_read_as_they_were(put: Put, tmp_path: Path, ids: list[str], expected: list[str]) -> None:
    """The ids of order lines and of customer files are put right, and the report says how."""
    text = _orders([*ids, ""])
    base = cg.read_orders(put("o.csv", text))
    assert sorted(expected) == base.ids.tolist()
    assert [note for note in base.notes if "read as they were before export" in note]
    if len(expected) == len(ids):
        path = put("c.csv", text)
        assert sorted(expected) == sorted(cg.read_customers(path).ids.tolist())
        cg.grade_file(path, "abcde", tmp_path / "out.parquet")


@pytest.mark.parametrize("ids", KEPT.values(), ids=KEPT.keys())
def test_other_ids_stay(put: Put, ids: list[str]) -> None:
    """Where another reading is possible, ids stay as they are written."""
    assert sorted(ids) == cg.read_orders(put("o.csv", _orders(ids))).ids.tolist()


def test_a_late_change_is_found(put: Put) -> None:
    """The ids of order lines are judged when all of them have been read."""
    text = _orders([*["7101"] * 20_000, "7101.0"])
    assert ["7101"] == cg.read_orders(put("o.csv", text)).ids.tolist()


@pytest.mark.parametrize("one", ["8.71200E+12", "8,712E+12", "9e+15"])
@pytest.mark.parametrize("read", [cg.read_orders, cg.read_customers])
def test_rounded_ids_are_refused(put: Put, one: str, read: Callable[[Path], object]) -> None:
    """Two customers may have become one, so the file must be exported again."""
    with pytest.raises(SourceError, match=r"were rounded by a spreadsheet: '[89].*Export the column as text"):
        read(put("o.csv", _orders(["k1", one])))


def test_rounded_order_ids_can_be_left_out(put: Put) -> None:
    """The error names the option that leaves order ids out."""
    path = put("o.csv", "customer_id,date,order_id,profit\na,2025-01-01,1.2E+11,1\na,2025-01-01,1.2E+11,1\n")
    with pytest.raises(SourceError, match="order ids in column 'order_id' were rounded") as caught:
        cg.read_orders(path)
    assert "--column order_id=." in caught.value.for_command_line()
    assert [2.0] == cg.read_orders(path, {"order_id": ""})["orders"].tolist()


@pytest.mark.parametrize(("kind", "one"), [(np.float64, 2.0**53 + 2), (np.float32, 2.0**24 + 2)])
def test_floats_too_large_to_tell_apart_are_refused(kind: type, one: float) -> None:
    """A column of floats holds neighbours of large ids as the same number."""
    frame = pd.DataFrame({"customer_id": np.array([1, one], dtype=kind), "profit": 1.0})
    with pytest.raises(SourceError, match="were rounded by the type"):
        cg.read_customers(frame)
    assert ["1", "9007199254740991"] == cg.read_customers(
        pd.DataFrame({"customer_id": [1.0, 2.0**53 - 1], "profit": 1.0})
    ).ids.tolist()
