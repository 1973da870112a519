"""Bad input: a clear error, nothing lost, nothing guessed; through Python and through the command line."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import math
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from attrs import field, frozen

import custgrade as cg
from custgrade.errors import BadRowsError, FieldError, NothingToGradeError, SourceError

HEADER = "customer_id,date,revenue,profit\n"
LINE = "A,2024-01-01,1,1\n"
SURVEY = "customer_id,profit\n"


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@frozen
class Case:
    """One bad file: its content and name, how it is read, and what the message must say.

    python, flags: what it must say besides, raised from Python and on the command line; each hint is for one of them.
    """

    content: str | bytes
    says: tuple[str, ...]
    options: Mapping[str, Any] = field(factory=dict)
    name: str = "orders.csv"
    error: type[Exception] = SourceError
    python: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def rows(*lines: str, header: str = HEADER) -> str:
    return header + "".join(line + "\n" for line in lines)


UNREADABLE = {
    "an empty file": Case("", ("orders.csv is empty",)),
    "only line breaks": Case("\n\n\n", ("no header line",)),
    "only a byte order mark": Case("\ufeff", ("no header line",)),
    "only a header": Case(HEADER, ("no usable order lines", "no lines below its header")),
    "only a header without a line break": Case(HEADER.strip(), ("no usable order lines",)),
    "only a header with due dates": Case("customer_id,date,due_date,paid_date\n", ("no usable order lines",)),
    "only a header with a window": Case(HEADER, ("no usable order lines",), {"window": "30d"}),
    "binary junk": Case(bytes(range(256)) * 20, ("UTF-8",)),
    "a broken Excel file": Case(_zipped(), ("orders.xlsx is a workbook that can't be read",), name="orders.xlsx"),
    "a broken Excel file called .csv": Case(_zipped(), ("orders.csv is a workbook that can't be read",)),
    "one byte that isn't UTF-8": Case(
        (HEADER + "Müller,2024-01-01,1,1\n" * 5000).encode() + b"M\xfcller,2024-01-01,1,1\n", ("line 5002", "UTF-8")
    ),
    "a gzip file that has text behind it": Case(
        gzip.compress((HEADER + LINE).encode()) + b"text", ("orders.csv.gz", "something else"), name="orders.csv.gz"
    ),
    "a cut gzip file": Case(
        gzip.compress((HEADER + LINE * 50_000).encode())[:-30], ("orders.csv.gz",), name="orders.csv.gz"
    ),
    "a cut Parquet file": Case(b"PAR1 and nothing else", ("orders.parquet",), name="orders.parquet"),
    "twice the same column": Case("customer_id,date,date\nA,2024-01-01,2024-01-01\n", ("more than one", "'date'")),
    "columns separated otherwise": Case(
        HEADER + LINE,
        ("no columns 'customer_id' and 'date'", "'customer_id,date,revenue,profit"),
        {"delimiter": ";"},
        error=FieldError,
    ),
    "a delimiter of two characters": Case(HEADER + LINE, ("one character", "'||'"), {"delimiter": "||"}),
}

COLUMNS = {
    "no customer id": Case("id,date\nA,2024-01-01\n", ("customer_id", "It has: 'id', 'date'"), error=FieldError),
    "no date": Case("customer_id,day\nA,2024-01-01\n", ("'date'", "It has: 'customer_id', 'day'"), error=FieldError),
    "a misspelt column": Case(
        HEADER + LINE,
        ("'Revnue'", "Did you mean 'revenue'?", "It has: 'customer_id', 'date', 'revenue', 'profit'"),
        {"columns": {"revenue": "Revnue"}},
        error=FieldError,
    ),
    "a misspelt field": Case(
        HEADER + LINE, ("'proffit'", "Did you mean 'profit'?"), {"columns": {"proffit": "profit"}}, error=FieldError
    ),
    "a derived field": Case(
        HEADER + LINE, ("'margin'", "profit and revenue"), {"columns": {"margin": "profit"}}, error=FieldError
    ),
    "a computed field": Case(
        HEADER + LINE, ("'orders'", "order_id"), {"columns": {"orders": "profit"}}, error=FieldError
    ),
    "profit and cost": Case(
        HEADER + LINE, ("profit", "cost", "one of them"), {"columns": {"cost": "revenue"}}, error=FieldError
    ),
    "cost without revenue": Case(
        "customer_id,date,cost\nA,2024-01-01,1\n", ("cost", "without", "revenue"), error=FieldError
    ),
    "a due date without the day of payment": Case(
        "customer_id,date,due_date\nA,2024-01-01,2024-01-01\n", ("paid_date", "days_late needs both"), error=FieldError
    ),
    "paid without due": Case(
        "customer_id,date,paid_date\nA,2024-01-01,2024-01-01\n", ("paid_date", "due_date"), error=FieldError
    ),
    "a margin although profits are known": Case(
        HEADER + LINE,
        ("a margin of 0.3 is assumed",),
        {"assume_margin": 0.3},
        error=FieldError,
        python=("Leave out assume_margin.",),
        flags=("Leave out --assume-margin.",),
    ),
    "a margin of too much": Case(
        "customer_id,date,revenue\nA,2024-01-01,1\n", ("share of revenue", "30"), {"assume_margin": 30.0}
    ),
    "discounts as fractions": Case(
        "customer_id,date,discount\nA,2024-01-01,0.2\nB,2024-01-01,0\n",
        ("'discount'", "between 0 and 0.2", "fraction"),
        error=FieldError,
        python=('columns={"discount": ""}',),
        flags=("--column discount=",),
    ),
}

OPTIONS = {
    "an as-of date that is none": Case(HEADER + LINE, ("as-of", "'soon'", "YYYY-MM-DD"), {"as_of": "soon"}),
    "a window that is none": Case(HEADER + LINE, ("window", "'a year'", "365d"), {"window": "a year"}),
    "a window of nothing": Case(HEADER + LINE, ("window", "received", "0"), {"window": "0"}),
    "a window longer than the calendar": Case(HEADER + LINE, ("1000000",), {"window": "1000000d"}),
    "since and window": Case(HEADER + LINE, ("both since and window",), {"since": "2024-01-01", "window": "3d"}),
    "since after as-of": Case(HEADER + LINE, ("after the as-of date",), {"since": "2024-02-01", "as_of": "2024-01-01"}),
    "since after all lines": Case(HEADER + LINE, ("2030-01-01", "2024-01-01"), {"since": "2030-01-01"}),
    "nothing in the period": Case(
        HEADER + LINE, ("no order lines from 2024-02-01",), {"since": "2024-02-01", "as_of": "2024-03-01"}
    ),
    "everything after as-of": Case(
        HEADER + LINE, ("no usable", "1 order line: dated after the as-of date 2023-01-01"), {"as_of": "2023-01-01"}
    ),
    "an unknown way with bad rows": Case(HEADER + LINE, ("stop or skip", "'drop'"), {"on_bad_rows": "drop"}),
    "a date format that is none": Case(HEADER + LINE, ("%Q",), {"date_format": "%Q"}),
    "a date format that is none, with a window": Case(HEADER + LINE, ("%Q",), {"date_format": "%Q", "window": "3d"}),
}

LINES = {
    "a date that is none": Case(
        rows("A,2024-01-01,1,1", "B,yesterday,1,1"), ("1 row", "line 3", "unreadable date", "'yesterday'")
    ),
    "a day that isn't in the calendar": Case(rows("A,2024-02-30,1,1"), ("line 2", "'2024-02-30'")),
    "a date with something after it": Case(rows("A,2024-01-05 or so,1,1"), ("line 2", "unreadable date")),
    "a date of another order": Case(rows("A,31/12/2024,1,1", "B,2024-12-31,1,1"), ("line 2", "'31/12/2024'")),
    "a date with a year of two digits, first": Case(
        rows("A,17-06-05,1,1"), ("may be read in 2 ways", "17-06-05 is 2005-06-17", "17-06-05 is 2017-06-05")
    ),
    "a date with a year of two digits, last": Case(
        rows("A,05-06-17,1,1"), ("may be read in 3 ways", "05-06-17 is 2017-06-05", "05-06-17 is 2017-05-06")
    ),
    "a date with slashes and two digits": Case(
        rows("A,05/06/17,1,1"), ("may be read in 2 ways", "05/06/17 is 2017-06-05", "05/06/17 is 2017-05-06")
    ),
    "a word for a date": Case(rows("A,epoch,1,1", "A,infinity,1,1"), ("line 2", "'epoch'", "line 3", "'infinity'")),
    "no date": Case(rows("A,,1,1"), ("line 2", "unreadable date")),
    "an amount that is none": Case(
        rows("A,2024-01-01,1,1", "", "B,2024-01-01,1 ell,1"), ("line 4", "unreadable revenue", "'1 ell'")
    ),
    "amounts in two currencies": Case(rows("A,2024-01-01,$5,1", "B,2024-01-01,5 €,1"), ("'$5', '5 €'",)),
    "columns in two currencies": Case(rows("A,2024-01-01,$5,1 €"), ("'$', '€'",)),
    "amounts in another currency than the given one": Case(
        rows("A,2024-01-01,5 €,1"), ("amounts are in EUR", "'USD'"), {"currency": "USD"}
    ),
    "amounts with a decimal point and with a decimal comma": Case(
        rows('A,2024-01-01,"1,50",1', "B,2024-01-01,1.50,1"), ("'1.50'", "'1,50'")
    ),
    "an amount that may be two": Case(
        rows("A,2024-01-01,1.500,1"),
        ("'1.500' in column 'revenue' may be 1500 or 1.500",),
        python=('decimal="," for 1500', 'decimal="." for 1.500'),
        flags=("--decimal comma for 1500", "--decimal point for 1.500"),
    ),
    "no amount": Case(rows("A,2024-01-01,,1"), ("line 2", "unreadable revenue", "empty")),
    "NaN": Case(rows("A,2024-01-01,1,NaN"), ("line 2", "unreadable profit", "'NaN'")),
    "infinity": Case(rows("A,2024-01-01,1,-inf"), ("line 2", "unreadable profit", "'-inf'")),
    "a trillion": Case(rows("A,2024-01-01,1000000000000,1"), ("line 2", "unreadable revenue", "'1000000000000'")),
    "almost a trillion that rounds up": Case(rows("A,2024-01-01,999999999999.9999995,1"), ("line 2", "revenue")),
    "minus a trillion": Case(rows("A,2024-01-01,1,-1e12"), ("line 2", "unreadable profit", "'-1e12'")),
    "a vast amount": Case(rows("A,2024-01-01,1e300,1"), ("line 2", "'1e300'")),
    "a rating out of bounds": Case(
        "customer_id,date,effort\nA,2024-01-01,6\n", ("line 2", "effort outside 1 to 5", "'6'")
    ),
    "hours below nothing": Case("customer_id,date,sales_hours\nA,2024-01-01,-5\n", ("sales_hours", "-5")),
    "due dates that are none": Case(
        "customer_id,date,due_date,paid_date\nA,2024-01-01,never,\nA,2024-01-01,never,\n",
        ("line 2", "unreadable due_date", "'never'"),
    ),
    "all dates bad, skipped": Case(
        rows("A,x,1,1"), ("no usable order lines", "1 order line: unreadable date"), {"on_bad_rows": "skip"}
    ),
    "all dates bad, skipped, with a window": Case(
        rows("A,x,1,1"),
        ("no usable order lines", "1 order line: unreadable date"),
        {"on_bad_rows": "skip", "window": "9d"},
    ),
    "all dates bad, skipped, with due dates": Case(
        "customer_id,date,due_date,paid_date\nA,x,2024-01-01,\n", ("no usable order lines",), {"on_bad_rows": "skip"}
    ),
    "more bad lines than are shown": Case(
        rows(*(f"C{k},2024-01-01,bad{k},1" for k in range(1234)), "D,2024-01-01,1,1"),
        ("1,234 rows", "line 2:", "line 6:", "'bad4'", "and 1,229 more"),
        python=('on_bad_rows="skip"',),
        flags=("--on-bad-rows skip",),
    ),
    "no row with a number": Case(
        rows("A,2024-01-01,bad,1", "B,2024-01-01,worse,1"),
        ("none of the 2 rows has a readable number in column 'revenue': line 2:", "'worse'", "column of numbers: "),
        python=('columns={"revenue": "NAME"}',),
        flags=("--column revenue=NAME",),
    ),
    "no row with an ISO date": Case(
        rows("A,1 Ventôse,1,1", "B,3 Ventôse,1,1"),
        ("none of the 2 rows has a readable date in column 'date': line 2:",),
    ),
    "a date that is too late": Case(rows("A,9999-12-31,1,1"), ("Dates range from 0001-01-01 to 9999-12-30.",)),
    "after line breaks in quotes": Case(
        rows('"A\nB\nC",2024-01-01,1,1', "D,2024-01-01,bad,1"), ("line 5", "unreadable revenue")
    ),
    "after carriage returns and line breaks in quotes": Case(
        rows('"A\nB\nC",2024-01-01,1,1', "D,2024-01-01,bad,1").replace("\n", "\r\n"), ("line 5", "unreadable revenue")
    ),
    "after empty lines": Case(rows("", "A,2024-01-01,1,1", "", "", "D,2024-01-01,bad,1"), ("line 6", "'bad'")),
    "after a vast cell": Case(rows(f'"{"x" * 200_000}",2024-01-01,1,1', "D,2024-01-01,bad,1"), ("line 3", "'bad'")),
    "far into a file": Case(HEADER + LINE * 250_000 + "D,2024-01-01,bad,1\n", ("1 row", "line 250002", "'bad'")),
    "blank-separated, after empty lines": Case(
        "customer_id date revenue\n001 2024-01-01 1\n\n\n002 2024-01-01 bad\n",
        ("line 5", "unreadable revenue", "'bad'"),
        {"delimiter": "space"},
    ),
    "blank-separated with a part missing, after empty lines": Case(
        "customer_id date revenue\n001 2024-01-01 1\n\n\n002 2024-01-01\n", ("line 5", "3"), {"delimiter": "space"}
    ),
}

SHAPES = {
    "a column too few": Case(
        rows("A,2024-01-01,1,1", "B,2024-01-01,1"),
        ("1 line", "line 3"),
        python=('on_bad_rows="skip"',),
        flags=("--on-bad-rows skip",),
    ),
    "a column too many": Case(rows("A,2024-01-01,1,1", "B,2024-01-01,1,1,1"), ("1 line", "line 3")),
    "a column too few after line breaks in quotes": Case(
        rows('"A\nB\nC",2024-01-01,1,1', "D,2024-01-01,1"), ("line 5",)
    ),
    "an open quote": Case(rows("A,2024-01-01,1,1", '"B,2024-01-01,1,1', "C,2024-01-01,1,1"), ("line 3", "quote")),
    "an open quote, skipping": Case(
        rows("A,2024-01-01,1,1", '"B,2024-01-01,1,1', "C,2024-01-01,1,1"),
        ("line 3", "quote"),
        {"on_bad_rows": "skip"},
    ),
    "an open quote in the last line": Case(rows("A,2024-01-01,1,1", 'B,2024-01-01,1,"1'), ("line 3", "quote")),
    "something after a quote": Case(rows('"A"b,2024-01-01,1,1', "C,2024-01-01,1,1"), ("line 2", "quote")),
}

CUSTOMERS = {
    "an id twice": Case(
        rows("A,1", "B,2", "A,3", header=SURVEY),
        ("more than once", "'A' (2 times)"),
        name="survey.csv",
        python=("read_orders",),
        flags=("--orders",),
    ),
    "no ids at all": Case(rows(",1", '"  ",2', header=SURVEY), ("2 customers: without a customer id",)),
    "an amount that may be two": Case(rows('A,"1,500"', header=SURVEY), ("may be 1500 or 1.500",)),
    "a text for a number": Case(rows("A,1", "B,much", header=SURVEY), ("line 3", "unreadable profit", "'much'")),
    "a word for a number": Case(rows("A,ten", header=SURVEY), ("line 2", "unreadable profit", "'ten'")),
    "infinity for a number": Case(rows("A,1e999", header=SURVEY), ("line 2", "unreadable profit", "'1e999'")),
    "below a field's bounds": Case(
        "customer_id,profit,consent\nA,1,-1\n", ("line 2", "consent outside 0 to 1", "'-1'")
    ),
    "a field of a derived kind": Case(
        "customer_id,profit,m\nA,1,2\n", ("'margin'",), {"columns": {"margin": "m"}}, error=FieldError
    ),
    "only a header": Case(SURVEY, ("no usable customers", "no rows below its header")),
    "nothing but ids": Case("customer_id,name\nA,Ann\n", ("'profit'",), error=FieldError),
}


_BY = {"orders": "orders", "customers": "profit"}
"""What to grade by: fields that all of these files have."""


def _read(path: Path, case: Case, kind: str) -> cg.CustomerBase:
    base = (cg.read_orders if kind == "orders" else cg.read_customers)(path, **case.options)
    cg.scorer("abcde", by=_BY[kind]).fit(base)
    return base


ORDER_CASES = UNREADABLE | COLUMNS | OPTIONS | LINES | SHAPES
ALL = [pytest.param("orders", case, id=f"orders: {name}") for name, case in ORDER_CASES.items()]
ALL += [pytest.param("customers", case, id=f"customers: {name}") for name, case in CUSTOMERS.items()]


@pytest.mark.parametrize(("kind", "case"), ALL)
def test_python_raises_an_error_that_says_where_and_what(kind: str, case: Case, put: Callable[..., Path]) -> None:
    """Reading a bad file raises one of custgrade's errors, and its message holds the place and the value."""
    path = put(case.name, case.content)
    with pytest.raises(case.error) as caught:
        _read(path, case, kind)
    missing = [part for part in (*case.says, *case.python) if part not in str(caught.value)]
    assert missing == [], str(caught.value)
    assert re.findall(r"--[a-z][a-z-]+", str(caught.value)) == []
    assert isinstance(caught.value, cg.CustgradeError)


@pytest.mark.parametrize(("kind", "case"), ALL)
def test_command_line_ends_with_2_and_one_short_message(
    kind: str,
    case: Case,
    put: Callable[..., Path],
    refused: Callable[..., str],
    flags: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bad file ends the command with status 2, one line on standard error, and nothing on standard output."""
    path = put(case.name, case.content)
    monkeypatch.chdir(path.parent)
    scorer = ["--scorer", "abcde", "--param", f"by={_BY[kind]}"]
    message = refused("grade", f"--{kind}", path.name, *scorer, *flags(case.options), "--out", "out.csv")
    missing = [part for part in (*case.says, *case.flags) if part not in message]
    assert missing == [], message
    assert re.findall(r"\b(?:columns|on_bad_rows|date_format|assume_margin|fields|window|as_of)=", message) == []
    assert [path.name] == [item.name for item in path.parent.iterdir()]


@pytest.mark.parametrize("reader", [cg.read_orders, cg.read_customers])
def test_missing_file_is_named(reader: Callable[..., Any], tmp_path: Path) -> None:
    """A file that isn't there is named, with the system's reason."""
    with pytest.raises(SourceError, match=r"no\.csv: No such file"):
        reader(tmp_path / "no.csv")


@pytest.mark.parametrize("reader", [cg.read_orders, cg.read_customers])
def test_folder_without_data_is_refused(reader: Callable[..., Any], tmp_path: Path) -> None:
    """A folder without data files is said to have none."""
    with pytest.raises(SourceError, match="has no data file"):
        reader(tmp_path)


@pytest.mark.parametrize("option", ["--orders", "--customers"])
def test_command_names_a_missing_file_and_a_folder(option: str, refused: Callable[..., str], tmp_path: Path) -> None:
    """On the command line a missing file and an empty folder are errors of one line, too."""
    assert "no.csv: No such file" in refused("grade", option, tmp_path / "no.csv", "--scorer", "abcde")
    assert "has no data file" in refused("grade", option, tmp_path, "--scorer", "abcde")


@pytest.mark.parametrize("thing", [None, 3, [1], {"customer_id": ["A"]}, object], ids=repr)
def test_things_that_are_no_source_are_refused(thing: Any) -> None:
    """What is neither path, frame, stream nor relation is refused with what would do."""
    with pytest.raises(SourceError, match="give a path, a data frame"):
        cg.read_orders(thing)


def test_file_name_with_a_null_character_is_refused() -> None:
    """A name that no file can have is an error of custgrade's."""
    with pytest.raises(SourceError, match="without NUL"):
        cg.read_orders("orders\0.csv")


def test_column_that_is_no_text_is_refused_like_any_unknown_one() -> None:
    """A column given as a number, as pandas may have them, raises the error for unknown columns."""
    with pytest.raises(FieldError, match="0"):
        cg.read_orders(pd.DataFrame([["A", "2024-01-01"]]), {"customer_id": 0, "date": 1})  # type: ignore[dict-item]


def test_byte_order_mark_is_no_part_of_the_first_column(put: Callable[..., Path]) -> None:
    """A UTF-8 file with a byte order mark reads like one without."""
    assert cg.read_orders(put("o.csv", "\ufeff" + HEADER + LINE)).ids.tolist() == ["A"]
    assert cg.read_orders(put("q.csv", '\ufeff"customer_id",date\nA,2024-01-01\n')).ids.tolist() == ["A"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=repr)
def test_line_ends_of_every_system_read_alike(end: str, put: Callable[..., Path]) -> None:
    """Line feeds, carriage returns, and both give the same customers, without stray characters."""
    base = cg.read_orders(put("o.csv", (HEADER + LINE + "B,2024-01-02,2,3\n").replace("\n", end)))
    assert (base.ids.tolist(), base["profit"].tolist()) == (["A", "B"], [1.0, 3.0])


def test_mixed_line_ends_are_refused(put: Callable[..., Path]) -> None:
    """A file put together on two systems is refused in words; nothing of it is guessed."""
    with pytest.raises(SourceError, match="lines end in different ways"):
        cg.read_orders(put("o.csv", HEADER + "A,2024-01-01,1,1\r\nB,2024-01-02,2,3\n"))


def test_empty_lines_before_the_header_are_no_rows(put: Callable[..., Path]) -> None:
    """The header is the first line that holds anything."""
    assert cg.read_orders(put("o.csv", "\n\n" + HEADER + LINE)).ids.tolist() == ["A"]


def test_rows_without_id_are_left_out_and_counted(put: Callable[..., Path]) -> None:
    """Lines without a customer id don't stop the run; they are counted."""
    base = cg.read_orders(put("o.csv", rows("A,2024-01-01,1,1", ",2024-01-01,5,5", '"  ",2024-01-01,5,5')))
    assert (base.ids.tolist(), base["revenue"].tolist()) == (["A"], [1.0])
    assert [str(left) for left in base.left_out] == ["2 order lines: without a customer id"]


def test_rows_without_id_are_shown_by_the_command(
    put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]
) -> None:
    """The command line tells how many lines had no customer id."""
    path = put("o.csv", rows("A,2024-01-01,1,1", ",2024-01-01,5,5"))
    status, out, err = command("grade", "--orders", path, "--scorer", "abcde")
    assert (status, err) == (0, "")
    assert "left out: 1 order line: without a customer id" in out.splitlines()


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
@pytest.mark.parametrize("missing", [None, math.nan], ids=repr)
def test_missing_ids_of_frames_are_no_customers(frame: Callable[..., Any], missing: Any) -> None:
    """None and NaN in a column of ids are missing ids, not customers called so."""
    data = frame({"customer_id": [1.0, missing], "date": ["2024-01-01"] * 2, "revenue": [1.0, 2.0]})
    base = cg.read_orders(data)
    assert (base.ids.tolist(), [left.count for left in base.left_out]) == (["1"], [1])


def test_skipped_rows_are_counted_by_reason(put: Callable[..., Path]) -> None:
    """Skipping leaves out bad rows only, and says how many for which reason."""
    path = put(
        "o.csv",
        rows("A,2024-01-01,1,1", "B,x,1,1", "B,y,1,1", "B,2024-01-01,z,1", "B,2024-01-01,1", ",2024-01-01,1,1"),
    )
    base = cg.read_orders(path, on_bad_rows="skip")
    expected = {
        "could not be split into columns": 1,
        "unreadable date": 2,
        "unreadable revenue, an amount below a trillion": 1,
        "without a customer id": 1,
    }
    assert base.ids.tolist() == ["A"]
    assert expected == {left.reason: left.count for left in base.left_out}


def test_lines_after_the_as_of_date_are_left_out_and_counted(put: Callable[..., Path]) -> None:
    """Dates after the as-of date don't stop the run; their lines are counted and touch nothing."""
    path = put("o.csv", rows("A,2024-01-01,1,1", "A,2024-01-03,5,5", "B,2024-01-03,5,5"))
    base = cg.read_orders(path, as_of="2024-01-02")
    assert (base.ids.tolist(), base["revenue"].tolist(), base["recency"].tolist()) == (["A"], [1.0], [1.0])
    assert [str(left) for left in base.left_out] == ["2 order lines: dated after the as-of date 2024-01-02"]


FRAME_AMOUNTS = {
    "NaN": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "a trillion": 1e12,
    "a vast amount": 1e300,
}


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
@pytest.mark.parametrize("amount", FRAME_AMOUNTS.values(), ids=FRAME_AMOUNTS.keys())
def test_amounts_of_frames_must_be_money(frame: Callable[..., Any], amount: float) -> None:
    """A frame's NaN, infinite or too large amounts are bad rows, with the row's number."""
    data = frame({"customer_id": ["A", "B"], "date": ["2024-01-01"] * 2, "revenue": [1.0, amount]})
    with pytest.raises(BadRowsError, match="row 2: unreadable revenue"):
        cg.read_orders(data)


@pytest.mark.parametrize(
    ("values", "says"),
    [([True, False], "BOOLEAN"), ([[1.0], [2.0]], "amount"), ([dt.date(2024, 1, 1)] * 2, "DATE")],
    ids=["truth values", "lists", "dates"],
)
def test_columns_of_another_kind_are_no_amounts(values: list[Any], says: str) -> None:
    """Columns whose type can't be an amount are refused as a whole, with the type."""
    data = pl.DataFrame({"customer_id": ["A", "B"], "date": ["2024-01-01"] * 2, "revenue": values})
    with pytest.raises(SourceError, match=says):
        cg.read_orders(data)


def test_whole_numbers_are_no_dates_without_a_format() -> None:
    """Whole numbers are dates only where a format says so."""
    data = pl.DataFrame({"customer_id": ["A"], "date": [20240105]})
    with pytest.raises(SourceError, match='date_format="%Y%m%d"'):
        cg.read_orders(data)
    assert dt.date(2024, 1, 5) == cg.read_orders(data, date_format="%Y%m%d").as_of


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_columns_that_differ_in_case_only_are_not_lost(frame: Callable[..., Any]) -> None:
    """A frame with `Revenue` and `revenue` gives the one that was asked for, as a text file does."""
    data = frame({"customer_id": ["A"], "date": ["2024-01-01"], "Revenue": [7.0], "revenue": [3.0]})
    assert cg.read_orders(data)["revenue"].tolist() == [3.0]
    assert cg.read_orders(data, {"revenue": "Revenue"})["revenue"].tolist() == [7.0]


def test_columns_of_a_text_file_may_differ_in_case_only(put: Callable[..., Path]) -> None:
    """A text file with `Revenue` and `revenue` gives the one that was asked for, also when blanks separate."""
    text = "customer_id,date,Revenue,revenue\nA,2024-01-01,7,3\n"
    for delimiter, content in ((",", text), ("space", text.replace(",", " "))):
        path = put("o.csv", content)
        assert cg.read_orders(path, delimiter=delimiter)["revenue"].tolist() == [3.0]
        assert cg.read_orders(path, {"revenue": "Revenue"}, delimiter=delimiter)["revenue"].tolist() == [7.0]


def test_field_from_two_files_is_refused(put: Callable[..., Path], refused: Callable[..., str]) -> None:
    """A field that two files hold is an error that names it; nothing is preferred in silence."""
    orders, survey = put("o.csv", HEADER + LINE), put("s.csv", "customer_id,profit\nA,5\n")
    with pytest.raises(FieldError, match="profit"):
        cg.read_orders(orders).join(cg.read_customers(survey))
    message = refused("grade", "--orders", orders, "--customers", survey, "--scorer", "abcde")
    assert "both" in message
    assert "profit" in message


NAMES = [
    'say "hi"',
    "it's",
    "two words",
    "select",
    "x; DROP TABLE customers; --",
    "') FROM x; --",
    '"; SELECT 1; --',
    "Umsatz in €, 漢字",
    "{name}",
    "%s ? $1",
    "a*[b]?",
    " blank ",
    "tab\there",
    "=1+1",
    "\\",
]
INTERNAL = ["id", "day", "fault", "lines", "late", "first", "last", "own0", "field0", "period_lines", "source", "given"]


@pytest.mark.parametrize("name", [*NAMES, *INTERNAL])
@pytest.mark.parametrize("kind", ["csv", "parquet", "pandas", "polars"])
def test_column_names_are_only_names(name: str, kind: str, tmp_path: Path) -> None:
    """Whatever columns are called, they are read, and nothing in a name is run as a query."""
    other = f"{name} too"
    data = {name: ["A", "B"], other: ["2024-01-01", "2024-01-02"], "x": [1.5, 2.5], "rows": [7, 8]}
    source: Any = pl.DataFrame(data) if kind != "pandas" else pd.DataFrame(data)
    if kind in ("csv", "parquet"):
        path = tmp_path / f"o.{kind}"
        getattr(source, f"write_{kind}")(path)
        source = path
    columns = {"customer_id": name, "date": other, "revenue": "x", "cost_to_serve": "rows"}
    base = cg.read_orders(source, columns, delimiter=",")
    expected = (["A", "B"], [1.5, 2.5], [7.0, 8.0], [1.0, 0.0])
    assert expected == (base.ids.tolist(), *(base[name].tolist() for name in ("revenue", "cost_to_serve", "recency")))


def _output(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_columns_of_a_customer_file_keep_their_names(
    name: str, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """A customer file's own columns come out under their names, whatever these are."""
    path, out = tmp_path / "c.csv", tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["customer_id", name, f"{name} 2"], ["A", "1", "x"], ["B", "2", "y"]])
    status, _, err = command(
        "grade",
        "--customers",
        path,
        "--column",
        f"profit={name}",
        "--delimiter",
        ",",
        "--scorer",
        "abcde",
        "--out",
        out,
    )
    assert (status, err) == (0, "")
    expected = [{"customer_id": "A", name: "1", f"{name} 2": "x"}, {"customer_id": "B", name: "2", f"{name} 2": "y"}]
    assert expected == [{key: row[key] for key in ("customer_id", name, f"{name} 2")} for row in _output(out)]


FILES = [
    "two words",
    "it's",
    'say "hi"',
    "x; DROP TABLE y",
    "Kunden 漢字 é",
    "{a,b}",
    "~tilde",
    "-dash",
    "a%20b",
    "line\nbreak",
    "o[12]",
    "o?",
    "o*",
    "**",
    "back\\slash",
]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("name", FILES)
def test_file_names_are_only_names(name: str, ending: str, tmp_path: Path) -> None:
    """Whatever a file is called, it is read, and no other file with it."""
    frame = pl.DataFrame({"customer_id": ["A"], "date": ["2024-01-01"], "revenue": [1.0]})
    for other in ("o1", "ox", "other", name):
        getattr(frame, f"write_{ending}")(tmp_path / f"{other}.{ending}")
    assert cg.read_orders(tmp_path / f"{name}.{ending}")["revenue"].tolist() == [1.0]


@pytest.mark.parametrize("name", FILES)
def test_output_names_are_only_names(
    name: str, tmp_path: Path, put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]
) -> None:
    """Whatever the output is called, exactly that file is written."""
    path, out = put("in.csv", HEADER + LINE), tmp_path / "out" / f"{name}.csv"
    out.parent.mkdir()
    status, _, err = command("grade", "--orders", path, "--scorer", "abcde", "--out", out)
    assert (status, err) == (0, "")
    assert [out.name] == [item.name for item in out.parent.iterdir()]
    assert [row["customer_id"] for row in _output(out)] == ["A"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("folder", ["customer_id=7", "cost=9", "revenue=5", "note=1"])
def test_folder_names_give_no_columns(folder: str, ending: str, tmp_path: Path) -> None:
    """A folder called like a column changes nothing that the file says."""
    path = tmp_path / folder / f"o.{ending}"
    path.parent.mkdir()
    frame = pl.DataFrame({"customer_id": ["A"], "date": ["2024-01-01"], "revenue": [1.0], "profit": [2.0]})
    getattr(frame, f"write_{ending}")(path)
    base = cg.read_orders(path)
    assert (
        base.ids.tolist(),
        base["revenue"].tolist(),
        base["profit"].tolist(),
        base.unmapped,
    ) == (["A"], [1.0], [2.0], ())


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="file names are bytes on Linux only")
def test_file_names_that_are_no_text_are_read_or_refused(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """A file whose name isn't UTF-8 is read, or refused with a message; the run doesn't break."""
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text(HEADER + LINE, encoding="utf-8")
    status, _, err = command("grade", "--orders", path, "--scorer", "abcde")
    assert status == (2 if err else 0)
    assert err == "" or err.startswith("custgrade: ")


IDS = [
    "a,b",
    'q"q',
    '"',
    '""',
    "n\nl",
    "r\rr",
    "b\r\nb",
    "'; DROP TABLE rows; --",
    "#hash",
    " lead",
    "trail ",
    "NULL",
    "nan",
    "None",
    "NA",
    "é漢😀",
    "007",
    "1e5",
    "1.5",
    "-",
    "=cmd()",
    "a\tb",
    "ungraded",
]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("kind", ["orders", "customers"])
def test_ids_survive_to_the_output(
    kind: str, ending: str, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Ids with commas, quotes, line breaks and whatever else come out as they went in."""
    path, out = tmp_path / "in.csv", tmp_path / f"out.{ending}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["customer_id", "date", "profit"], *([name, "2024-01-01", 1] for name in IDS)])
    status, _, err = command("grade", f"--{kind}", path, "--scorer", "abcde", "--missing", "", "--out", out)
    assert (status, err) == (0, "")
    expected = IDS if kind == "customers" else sorted(IDS, key=str.encode)
    found = [row["customer_id"] for row in _output(out)] if ending == "csv" else pl.read_parquet(out)["customer_id"]
    assert expected == list(found)


PARAMETERS = {
    "shares that sum to less than 1": ("shares=[0.1, 0.2, 0.2, 0.2, 0.2]", ("sum", "0.9")),
    "shares that sum to more than 1": ("shares=[0.5, 0.2, 0.2, 0.2, 0.2]", ("sum", "1.3")),
    "a negative share": ("shares=[0.5, -0.5, 0.5, 0.25, 0.25]", ("-0.5",)),
    "a share of 0": ("shares=[0, 0.25, 0.25, 0.25, 0.25]", ("above 0",)),
    "too many shares": ("shares=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]", ("5 letters", "6")),
    "too few shares": ("shares=[0.5, 0.5]", ("5 letters", "2")),
    "a share that is NaN": ("shares=[nan, 0.25, 0.25, 0.25, 0.25]", ("nan",)),
    "a share that is no number": ('shares=["half", "0.5", "0.1", "0.1", "0.1"]', ("'half'",)),
    "a share divided by zero": ('shares=["1/0", "0.5", "0.1", "0.1", "0.1"]', ("1/0",)),
    "shares that are no list": ("shares=0.5", ("'shares'", "list", "0.5")),
    "shares that are truth values": ("shares=[true, true, true, true, true]", ("'shares'", "True")),
    "an unknown parameter": ("share=[1]", ("'share'", "Did you mean 'shares'?", "by, letters, shares")),
    "a number for a field": ("by=3", ("'by'", "text", "3, a whole number")),
    "a fraction for a whole number": ("minimum_orders=1.5", ("'minimum_orders'", "whole number", "1.5")),
    "a truth value for a whole number": ("minimum_orders=true", ("'minimum_orders'", "True")),
    "a negative minimum": ("minimum_orders=-1", ("the least number of orders is 0 or more", "received -1")),
    "no choice": ("ties=equal", ("'ties'", "'mid', 'better', 'worse'", "'equal'")),
    "a field that isn't there": ("by=proft", ("'proft'", "Did you mean 'profit'?")),
    "letters twice": ("letters=AABCD", ("labels", "different")),
    "no value": ("by", ("NAME=VALUE", "'by'")),
    "no name": ("=3", ("NAME=VALUE", "'=3'")),
    "a list that isn't TOML": ("shares=[0.5, ", ("'[0.5, '", "TOML")),
    "a list nested beyond reason": ("shares=" + "[" * 5000, ("TOML",)),
}


@pytest.mark.parametrize(("parameter", "says"), PARAMETERS.values(), ids=PARAMETERS.keys())
def test_bad_parameters_are_refused(
    parameter: str, says: tuple[str, ...], put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]
) -> None:
    """Unknown parameters, wrong types and shares that make no sense end the command with what was received."""
    path = put("o.csv", HEADER + LINE)
    status, out, err = command("grade", "--orders", path, "--scorer", "abcde", "--param", parameter)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert [part for part in says if part not in err] == [], err


def test_nothing_gradable_is_an_error_with_the_reason(put: Callable[..., Path], refused: Callable[..., str]) -> None:
    """Where not one customer can be graded, the command says so and why, and writes nothing."""
    path = put("o.csv", "customer_id,date,revenue,profit\nA,2024-01-01,0,1\nB,2024-01-01,-5,1\n")
    out = path.with_name("out.csv")
    message = refused("grade", "--orders", path, "--scorer", "abcde", "--param", "by=margin", "--out", out)
    assert "not one of 2 customers" in message
    assert "margin" in message
    message = refused("grade", "--orders", path, "--scorer", "abcde", "--param", "minimum_orders=2", "--out", out)
    assert "fewer than 2 orders" in message
    assert not out.exists()


def test_nothing_gradable_is_an_error_in_python(put: Callable[..., Path]) -> None:
    """Fitting on customers of whom none can be graded raises NothingToGradeError."""
    base = cg.read_orders(put("o.csv", HEADER + LINE))
    with pytest.raises(NothingToGradeError, match="fewer than 2 orders"):
        cg.scorer("abcde", minimum_orders=2).fit(base)


def test_amounts_beyond_decimals_in_a_difference_are_refused_or_exact() -> None:
    """Profit from revenue and cost is exact even where it has more digits than either."""
    data = pl.DataFrame(
        {
            "customer_id": ["A"],
            "date": ["2024-01-01"],
            "revenue": [Decimal("999999999999.999999")],
            "cost": [Decimal("-999999999999.999999")],
        }
    )
    assert [float(2 * Decimal("999999999999.999999"))] == cg.read_orders(data)["profit"].tolist()


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe with a name")
@pytest.mark.parametrize("way", ["pipe", "standard input"])
def test_pipes_are_read_whole_or_refused(way: str, tmp_path: Path) -> None:
    """What can be read only once is read whole, or said to be no file; it neither hangs nor loses lines."""
    content = (HEADER + LINE * 3).encode()
    pipe = tmp_path / "pipe.csv"
    if way == "pipe":
        os.mkfifo(pipe)
        writer = subprocess.Popen(
            [sys.executable, "-c", f"import sys; open({str(pipe)!r}, 'wb').write({content!r})"],
            stderr=subprocess.DEVNULL,
        )
    command = [sys.executable, "-m", "custgrade", "grade", "--scorer", "abcde", "--orders"]
    command += [str(pipe) if way == "pipe" else "/dev/stdin"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=10, check=False)
    finally:
        if way == "pipe":
            writer.kill()
            writer.wait()
    message = done.stderr.decode()
    if done.returncode:
        assert done.returncode == 2
        assert "header" not in message
        assert "empty" not in message
        assert "pipe" in message or "regular" in message
    else:
        assert "3.00" in done.stdout.decode()


FAILING = {
    "before reading": ["--as-of", "soon"],
    "at the columns": ["--column", "revenue=Revnue"],
    "at the rows": ["--date-format", "%d.%m.%Y"],
    "after reading": ["--param", "by=nothing"],
}


@pytest.mark.parametrize("arguments", FAILING.values(), ids=FAILING.keys())
def test_standard_error_holds_nothing_but_the_message(arguments: list[str], put: Callable[..., Path]) -> None:
    """A process that fails prints one line on standard error, whatever was open at that time."""
    path = put("o.csv", HEADER + LINE)
    done = subprocess.run(
        [sys.executable, "-m", "custgrade", "grade", "--orders", str(path), "--scorer", "abcde", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1), done.stderr[:600]
    assert lines[0].startswith("custgrade: ")
