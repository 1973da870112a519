"""What looks wrong but isn't certain is named in notes: ids that are alike, codes for unknown, columns not read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.data.note import for_command_line

Put = Callable[[str, str | bytes], Path]
ALIKE = [("Ann@example.org", "ann@example.org"), (" k2", "k2 "), ("k 3", "k\u00a03")]
ALIKE.append((unicodedata.normalize("NFC", "Zoë"), unicodedata.normalize("NFD", "Zoë")))


@pytest.mark.parametrize("pair", ALIKE)
def test_ids_that_differ_in_little_are_named(put: Put, pair: tuple[str, str]) -> None:
    """They stay two customers, and the note says how to join them."""
    rows = "".join(f"{one},2025-01-01,1\n" for one in (*pair, "other", "12", "13"))
    path = put("o.csv", f"customer_id,date,profit\n{rows}")
    for base in (cg.read_orders(path), cg.read_customers(path)):
        (note,) = (note for note in base.notes if "capitals, blanks" in note)
        assert 5 == len(base) and "2 ids of" in note and "aliases={" in note
        assert all(repr(one) in note for one in pair) and "--aliases FILE" in for_command_line(note)


def test_ids_that_differ_otherwise_are_not_named(put: Put) -> None:
    """Digits, other letters and punctuation make other ids."""
    path = put("c.csv", "customer_id,profit\na1,1\na2,1\nb1,1\na-1,1\n007,1\n7,1\n")
    assert not [note for note in cg.read_customers(path).notes if "capitals" in note]


@pytest.mark.parametrize("code", ["-9999", "-99999", "999999", "1e99", "-999"])
def test_a_code_for_unknown_is_named_with_the_flag(put: Put, tmp_path: Path, code: str) -> None:
    """Nines far from all other values, in files of any size; with the flag the value is unknown."""
    path = put("c.csv", f"customer_id,profit\na,5\nb,{code}\nc,-12\n")
    for base in (cg.read_customers(path), cg.grade_file(path, "abcde").base):
        (note,) = (note for note in base.notes if "far from all others" in note)
    assert f"--missing {code.replace('1e99', '1e+99')}." in for_command_line(note)
    read = cg.read_customers(path, missing=[code])
    assert [False, True, False] == [value != value for value in read["profit"].tolist()]


@pytest.mark.parametrize("values", [["999", "500", "3"], ["99", "1", "0"], ["12345", "1", "2"], ["9999"], ["0", "0"]])
def test_other_numbers_are_no_codes(put: Put, values: list[str]) -> None:
    """Nines near other values, short ones, other digits, and a column of one value."""
    rows = "".join(f"{k},{value}\n" for k, value in enumerate(values))
    assert not [n for n in cg.read_customers(put("c.csv", f"customer_id,profit\n{rows}")).notes if "far from" in n]


def test_columns_that_are_not_read_are_listed_once(put: Put, command: Callable[..., Any]) -> None:
    """The report lists the columns of all files, without customers' names."""
    orders = put("o.csv", "customer_id,date,profit,Region,Customer Name\na,2025-01-01,1,N,Ann\n")
    survey = put("s.csv", "customer_id,potential,Segment\na,2,x\n")
    _, out, _ = command("grade", "--orders", orders, "--customers", survey, "--scorer", "abcde")
    assert 1 == out.count("not read:") and "\nnot read: 'Region', 'Segment'\n" in f"{out}\n"


def test_what_is_left_out_names_the_likely_column(put: Put, command: Callable[..., Any]) -> None:
    """A criterion without its field names the column that may hold it."""
    path = put("r.csv", "customer_id,profit,days_late,Enjoyabel,challenges_us\nk1,90,0,1,1\nk2,70,4,5,5\n")
    _, out, _ = command("grade", "--customers", path, "--scorer", "abcd")
    assert "--column enjoyable=Enjoyabel" in out


def test_what_the_scorer_needs_is_named_with_what_the_file_needs(put: Put, command: Callable[..., Any]) -> None:
    """One error names the ids, the dates and the profit."""
    path = put("o.csv", "Client,Order Date,Total Profit\na,2025-01-01,1\n")
    status, _, err = command("grade", "--orders", path, "--scorer", "abcde")
    assert 2 == status and "the scorer needs 'profit'" in err
    assert "--column customer_id=NAME --column date='Order Date' --column profit='Total Profit'" in err


@pytest.mark.parametrize("words", [["--missing", "-99999,99999999"], ["--missing=-99999"], ["--missing", "-,-99999"]])
def test_words_may_begin_with_a_minus(put: Put, command: Callable[..., Any], words: list[str]) -> None:
    """Codes such as -99999 are taken for words, not for options."""
    path = put("c.csv", "customer_id,profit\nk1,100\nk2,-99999\nk3,10\n")
    status, out, err = command("grade", "--customers", path, "--scorer", "abcde", *words)
    assert (0, "") == (status, err) and "ungraded: 1 customer: unknown: profit" in out
