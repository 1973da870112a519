"""Rows that can't be used can be found: in errors, in what was left out, and in a file of all of them."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import BadRow, BadRowsError

HEADER = "customer_id,date,revenue,profit\n"
SAFE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_error_carries_the_first_rows_and_how_many_there_are(put: Callable[..., Path]) -> None:
    """`rows` has the line, the reason and the cell of each of the first bad rows, `count` the number of all."""
    path = put("o.csv", HEADER + "A,2024-01-01,1,1\nB,never,1,1\n" + "C,2024-01-01,,x\n" * 200)
    with pytest.raises(BadRowsError) as caught:
        cg.read_orders(path)
    assert caught.value.count == 201
    assert caught.value.rows[:2] == (
        BadRow(3, "unreadable date", "never", str(path)),
        BadRow(4, "unreadable revenue, an amount below a trillion", "", str(path)),
    )
    assert [row.position for row in caught.value.rows] == list(range(3, 103))


def test_an_error_of_misshapen_lines_carries_them(put: Callable[..., Path]) -> None:
    """Lines with too many or too few columns are among `rows`, with their text."""
    with pytest.raises(BadRowsError) as caught:
        cg.read_orders(put("o.csv", HEADER + "\nA,2024-01-01,1,1\nB,2024-01-01,1\n"))
    (row,) = caught.value.rows
    assert (caught.value.count, row.position, row.value) == (1, 4, "B,2024-01-01,1")


def test_skipped_rows_are_named_by_reason(put: Callable[..., Path]) -> None:
    """Each reason has its first five examples, with lines that are right behind misshapen lines and line breaks."""
    lines = ['"A\nA",2024-01-01,1,1', "B,2024-01-01,1", *[f"C,x{k},1,1" for k in range(9)]]
    lines += ["", "D,2024-01-01,much,1"]
    base = cg.read_orders(put("o.csv", HEADER + "\n".join(lines) + "\n"), on_bad_rows="skip")
    examples = {left.reason: left.examples for left in base.left_out}
    assert examples == {
        "could not be split into columns": ("line 4: expected number of columns: 4 found: 3",),
        "unreadable date": tuple(f"line {5 + k}: 'x{k}'" for k in range(5)),
        "unreadable revenue, an amount below a trillion": ("line 15: 'much'",),
    }


def test_skipped_rows_of_frames_and_customer_files_are_named(put: Callable[..., Path]) -> None:
    """Rows of a frame are counted from 1; a customer file names its lines."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "profit": ["1", "x"]})
    assert [left.examples for left in cg.read_customers(frame, on_bad_rows="skip").left_out] == [("row 2: 'x'",)]
    path = put("c.csv", "customer_id,profit,effort\na,1,9\nb,1,1\n")
    assert [left.examples for left in cg.read_customers(path, on_bad_rows="skip").left_out] == [("line 2: '9'",)]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("on_bad_rows", ["stop", "skip"])
def test_the_file_of_bad_rows_has_each_of_them_once(
    on_bad_rows: str, ending: str, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Every row that is left out or refused stands in the file with its line, reason and cell, and no other row."""
    chance = random.Random(5)
    table, expected = [], []
    first = 2 if ending == ".csv" else 1
    for number in range(first, 5000):
        kind = chance.choice(["good"] * 7 + ["id", "date", "amount", "late", "early"])
        table.append(
            {
                "customer_id": "" if kind == "id" else f"C{number % 50}",
                "date": {"date": "31.31.2024", "late": "2025-02-01", "early": "2023-12-31"}.get(kind, "2024-06-01"),
                "revenue": "=1+1" if kind == "amount" else "-5",
            }
        )
        reason = {
            "id": ("without a customer id", "", ""),
            "date": ("unreadable date", "date", "31.31.2024"),
            "amount": ("unreadable revenue, an amount below a trillion", "revenue", "'=1+1"),
            "late": ("dated after the as-of date 2025-01-01", "", ""),
            "early": ("before the period, which starts on 2024-01-01", "", ""),
        }
        if kind != "good":
            expected.append((str(number), *reason[kind]))
    path, bad = tmp_path / f"o{ending}", tmp_path / "bad.csv"
    frame = pd.DataFrame(table)
    if ending == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    status, _, err = command(
        "grade", "--orders", path, "--scorer", "abcde", "--param", "by=revenue", "--as-of", "2025-01-01",
        "--since", "2024-01-01", "--on-bad-rows", on_bad_rows, "--bad-rows", bad,
    )  # fmt: skip
    assert status == (2 if on_bad_rows == "stop" else 0), err
    assert (f"{bad} lists all of these rows." in err) == (on_bad_rows == "stop")
    found = [(row["line"], row["reason"], row["column"], row["value"]) for row in _rows(bad)]
    assert found == expected
    assert {row["source"] for row in _rows(bad)} == {str(path)}


CELLS = ["=1+1", "+x", "-x", "@sum", "\tx", "-5e", "+", "-", "=1", "--1", "-1x", "1=1", "x"]


def test_cells_of_the_file_are_no_formulas(tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """A cell that begins like a formula and is no plain number has an apostrophe in front, and is else as it was."""
    path, bad = tmp_path / "c.csv", tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["customer_id", "date"], *(["a", cell] for cell in [*CELLS, "-7", "+1e3"])])
    assert command("grade", "--orders", path, "--scorer", "abcde", "--param", "by=orders", "--bad-rows", bad)[0] == 2
    values = [row["value"] for row in _rows(bad)]
    assert [value.removeprefix("'") for value in values] == [*CELLS, "-7", "+1e3"]
    assert [value for value in values if value[0] in "=+-@\t\r" and not SAFE.fullmatch(value)] == []
    assert values[-2:] == ["-7", "+1e3"]


def test_misshapen_lines_are_in_the_file_with_their_text(
    put: Callable[..., Path], tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """A line that could not be split stands there as it was, beside rows that could."""
    path, bad = put("o.csv", HEADER + "A,2024-01-01,1,1\nB,2024-01-01\nC,no,1,1\n"), tmp_path / "bad.csv"
    for way in ("stop", "skip"):
        command("grade", "--orders", path, "--scorer", "abcde", "--on-bad-rows", way, "--bad-rows", bad)
        assert [(row["line"], row["value"]) for row in _rows(bad)] == [("3", "B,2024-01-01"), ("4", "no")]


def test_every_command_that_reads_files_writes_the_file(
    put: Callable[..., Path], tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """explain, way-up and compare write it, too, for all files they read; a clean run writes its header only."""
    good, model, bad = (
        put("good.csv", HEADER + "A,2024-01-01,1,1\nB,2024-01-01,2,2\n"),
        tmp_path / "m.json",
        tmp_path / "b",
    )
    flags = ("--bad-rows", bad, "--on-bad-rows", "skip")
    status, out, _ = command("grade", "--orders", good, "--scorer", "abcde", "--save-model", model, *flags)
    assert (status, _rows(bad), f"wrote {bad}" in out) == (0, [], True)
    faulty = put("faulty.csv", HEADER + "A,2024-01-01,1,1\nB,2024-01-01,2,2\nC,2024-01-01,x,2\n")
    for call in (
        ("explain", "--model", model, "--orders", faulty, "--id", "A"),
        ("way-up", "--model", model, "--orders", faulty),
        ("compare", model, "--orders", good, "--before", faulty),
    ):
        bad.unlink()
        status, out, err = command(*call, *flags)
        assert (status, err) == (0, "")
        assert [(row["source"], row["line"], row["value"]) for row in _rows(bad)] == [(str(faulty), "4", "x")]
        assert f"wrote {bad}" in out


def test_the_file_may_be_no_other_of_the_run(
    put: Callable[..., Path], tmp_path: Path, refused: Callable[..., str]
) -> None:
    """The file of bad rows replaces neither what is read nor what else is written."""
    path = put("o.csv", HEADER + "A,2024-01-01,1,1\n")
    call = ("grade", "--orders", path, "--scorer", "abcde", "--bad-rows")
    assert "--bad-rows would replace" in refused(*call, path)
    assert "--out and --bad-rows both name" in refused(*call, tmp_path / "x.csv", "--out", tmp_path / "x.csv")
    assert "there is no folder" in refused(*call, tmp_path / "no" / "x.csv")
    assert "--bad-rows has an empty file name" in refused(*call, "")


def test_an_error_before_rows_are_read_leaves_the_file_as_it_was(
    put: Callable[..., Path], refused: Callable[..., str]
) -> None:
    """A run that fails without having looked at rows doesn't replace the file."""
    path, bad = put("o.csv", HEADER + "A,2024-01-01,1,1\n"), put("bad.csv", "kept")
    refused("grade", "--orders", path, "--scorer", "abcde", "--column", "revenue=nothing", "--bad-rows", bad)
    assert bad.read_text(encoding="utf-8") == "kept"
