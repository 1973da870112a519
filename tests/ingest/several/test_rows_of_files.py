"""The rows of several files: all count, and each that can't be used is named with its file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import BadRowsError, SourceError

Put = Callable[[str, str | bytes], Path]
Command = Callable[..., tuple[int, str, str]]
HEADER = "customer_id,date,revenue,profit\n"
NAMES = ["a[1].csv", "b*.csv", "c'q.csv", "d\nn.csv", "{f}.csv", "~g.csv", 'h"x.csv', "k=v.csv", "m%20.csv", "é €.csv"]


@pytest.fixture
def faulty(put: Put) -> Path:
    """Return a folder of four files; the second, third and fourth have rows that can't be used."""
    put("s/1.csv", HEADER + "k1,2025-01-01,10,1\n")
    put("s/2.csv", HEADER + "k1,2025-01-02,10,1\nk2,never,10,1\nk2,2025-01-02,ten,1\n")
    put("s/3.csv", "profit;customer_id;date;revenue\n1;k3;2025-01-03;10\n1;k3;2025-01-03\n\n1;k3;2025-01-04;x\n")
    return put("s/4.csv", HEADER + 'k4,2025-01-05,10,1\n"k\n4",2025-01-05,10,1,extra\n,2025-01-05,10,1\n').parent


def test_bad_rows_are_named_with_file_and_line(faulty: Path) -> None:
    """The error, its rows and its message have the file and its own line of each bad row."""
    for name in ("3.csv", "4.csv"):
        text = (faulty / name).read_text().replace("1;k3;2025-01-03\n", "").replace(",extra", "")
        (faulty / name).write_text(text)
    with pytest.raises(BadRowsError) as caught:
        cg.read_orders(faulty)
    places = [(Path(row.source).name, row.position, row.value) for row in caught.value.rows]
    assert places == [("2.csv", 3, "never"), ("2.csv", 4, "ten"), ("3.csv", 4, "x")]
    assert f"{faulty}/2.csv, line 3: unreadable date ('never')" in str(caught.value)
    assert caught.value.count == 3


def test_lines_that_are_no_rows_are_named_with_file_and_line(faulty: Path) -> None:
    """Lines with too many or too few columns come first, from all files."""
    with pytest.raises(BadRowsError) as caught:
        cg.read_orders(faulty)
    assert [(Path(row.source).name, row.position) for row in caught.value.rows] == [("3.csv", 3), ("4.csv", 3)]


def test_all_rows_that_are_left_out_are_listed(faulty: Path, command: Command, tmp_path: Path) -> None:
    """`--bad-rows` has file and line of each, also where rejected lines come before; the examples name the file."""
    report = tmp_path / "bad.csv"
    status, out, err = command(
        *("grade", "--orders", faulty, "--scorer", "abcde", "--param", "letters=AB", "--param", 'shares=["0.5","0.5"]'),
        *("--on-bad-rows", "skip", "--bad-rows", report),
    )
    assert status == 0, err
    with report.open(newline="") as file:
        rows = [(Path(row["source"]).name, int(row["line"]), row["value"]) for row in csv.DictReader(file)]
    assert sorted(row[:2] for row in rows) == [
        *(("2.csv", 3), ("2.csv", 4), ("3.csv", 3), ("3.csv", 5), ("4.csv", 3), ("4.csv", 5))
    ]
    assert "2.csv, line 3" in out
    assert "4.csv, line 3" in out


def test_an_open_quote_hides_no_other_file(put: Put) -> None:
    """The rows of the next file aren't part of an open quote, and the file with the quote is named."""
    put("s/1.csv", HEADER + 'k1,2025-01-01,10,1\n"k1,2025-01-01,10,1\n')
    folder = put("s/2.csv", HEADER + 'k2,2025-01-01,10,1\nk2,2025-01-02,10"\n').parent
    with pytest.raises(BadRowsError, match=r"1\.csv.*quote"):
        cg.read_orders(folder, on_bad_rows="skip")


def test_names_of_files_have_no_other_meaning(put: Put) -> None:
    """Files named with brackets, quotes, asterisks or line breaks are read, and their bad lines are found."""
    for number, name in enumerate(NAMES):
        put(f"odd/{name}", HEADER + f"k{number},2025-01-01,1,1\nk,2025-01-01,1\n")
    folder = put(f"odd/{NAMES[0]}", HEADER + "k0,2025-01-01,1,1\nk,2025-01-01,1\n").parent
    base = cg.read_orders(folder, on_bad_rows="skip")
    assert list(base.ids) == [f"k{number}" for number in range(len(NAMES))]
    assert [one.count for one in base.left_out] == [len(NAMES)]


def test_empty_files_and_headers_alone_are_said(put: Put) -> None:
    """Files without rows are read as what they are; without any row the source is refused."""
    put("s/1.csv", "")
    folder = put("s/2.csv", HEADER).parent
    with pytest.raises(SourceError, match="no lines below its header"):
        cg.read_orders(folder)
    put("s/3.csv", HEADER + "k1,2025-01-01,10,1\n")
    notes = "\n".join(cg.read_orders(folder).notes)
    assert f"without any content: {folder}/1.csv" in notes
    assert f"without lines below the header: {folder}/2.csv" in notes
    (folder / "2.csv").unlink()
    (folder / "3.csv").write_text("")
    with pytest.raises(SourceError, match="all files are empty"):
        cg.read_orders(folder)


def test_files_with_the_same_content_are_said(put: Put) -> None:
    """A copy under another name counts, and the report says so."""
    text = HEADER + "k1,2025-01-01,10,1\n"
    put("s/1.csv", text)
    put("s/2.csv", text.replace("k1", "k2"))
    base = cg.read_orders(put("s/1 (1).csv", text).parent)
    assert list(base["revenue"]) == [20.0, 10.0]
    assert any("have the same content" in note and "1 (1).csv" in note and "2.csv" not in note for note in base.notes)


def test_an_unreadable_file_is_named(put: Put) -> None:
    """A link that leads nowhere stops the run, as a file without permission does."""
    folder = put("s/1.csv", HEADER + "k1,2025-01-01,10,1\n").parent
    (folder / "2.csv").symlink_to("nowhere.csv")
    with pytest.raises(SourceError, match=r"can't read .*2\.csv"):
        cg.read_orders(folder)


def test_what_is_recognised_in_many_files_is_said_once(put: Put) -> None:
    """Notes that differ in names and examples only become one, with the number of further files."""
    for number, name in enumerate(("Müller", "Böhm", "Grün")):
        text = f"customer_id,customer_name,profit\nk{number},{name},1\n"
        folder = put(f"s/{number}.csv", text.encode("cp1252")).parent
    notes = [note for note in cg.read_customers(folder).notes if "Windows-1252" in note]
    assert len(notes) == 1
    assert "0.csv" in notes[0]
    assert "2 further files" in notes[0]


def test_a_customer_in_two_files_is_refused(put: Put) -> None:
    """A source of customers has one row per customer over all files."""
    put("s/1.csv", "customer_id,profit\na,1\n")
    with pytest.raises(SourceError, match=r"1 customer more than once: 'a' \(2 times\)"):
        cg.read_customers(put("s/2.csv", "customer_id,profit\na,2\n").parent)


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 28), st.integers(-500, 900)), min_size=1, max_size=12)


@settings(max_examples=8, deadline=None)
@given(ROWS, st.lists(st.integers(0, 12), max_size=3), st.data())
def test_files_are_read_as_one_file_of_their_rows(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, int, int]],
    cuts: list[int],
    data: st.DataObject,
) -> None:
    """Where the rows are cut, the order of columns and files, and the delimiters make no difference."""
    folder = tmp_path_factory.mktemp("cut")
    ends = [0, *sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    names = ["customer_id", "date", "revenue"]
    lines = [(one, f"2025-01-{day:02d}", f"{cents / 100:.2f}") for one, day, cents in rows]

    def write(name: str, some: list[tuple[str, str, str]], order: list[int], sign: str) -> Path:
        path = folder / name
        path.write_text("".join(sign.join(row[k] for k in order) + "\n" for row in [tuple(names), *some]))
        return path

    whole = cg.read_orders(write("whole.csv", lines, [0, 1, 2], ","))
    parts = [
        write(f"{k}.csv", lines[first:last], data.draw(st.permutations(range(3))), data.draw(st.sampled_from(",;\t|")))
        for k, (first, last) in enumerate(pairwise(ends))
    ]
    base = cg.read_orders(data.draw(st.permutations(parts)))
    assert list(base.ids) == list(whole.ids)
    for name in whole.columns:
        assert np.array_equal(base[name], whole[name], equal_nan=True)


def test_one_bad_line_of_many_files_is_found(put: Put) -> None:
    """Small files that are alike are read together, and a bad line is still named with its own file and line."""
    for number in range(60):
        put(f"m/{number:02d}.csv", HEADER + f"k{number % 7},2025-01-01,1,1\n")
    folder = put("m/40.csv", HEADER + "k1,2025-01-01,1,1\nk1,x,1,1\n").parent
    with pytest.raises(BadRowsError, match=r"40\.csv, line 3: unreadable date"):
        cg.read_orders(folder)
    base = cg.read_orders(folder, on_bad_rows="skip")
    assert len(base) == 7
    assert base["orders"].sum() == 60
