"""Delimiters, and headers below titles, comments and blank lines: recognised by what follows, or refused in words."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import SourceError
from custgrade.ingest.sources.text_layout import layout

Cells = Callable[..., tuple[list[str], list[tuple[Any, ...]], list[int], list[str]]]
TABLE = "id;date;rev\n1;2025-01-01;1,50\n2;2025-01-02;3,75\n"
ROWS = [("1", "2025-01-01", "1,50"), ("2", "2025-01-02", "3,75")]
TITLES = {
    "one title": ("Report 2025\n\n", 3),
    "titles filled up with delimiters": ("Report;;\nfrom;2025-01-01;\n;;\n", 4),
    "a title with the other delimiter": ("Report, all shops\n", 2),
    "a title in quotes of two lines": ('"Report\nof all shops";;\n', 3),
    "comments": ("# a comment\n# b; c; d\n", 3),
    "groups of columns": ("Customer;;Amounts\n", 2),
    "blank lines": ("\n\n\n", 4),
    "sep": ("sep=;\n", 2),
    "sep and a title": ("sep=;\n\nReport;;\n", 4),
    "a mark, sep": ("\ufeffsep=;\n", 2),
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
@pytest.mark.parametrize(("above", "line"), TITLES.values(), ids=TITLES)
def test_the_header_is_found_below_titles(above: str, line: int, end: str, cells: Cells) -> None:
    """Lines above the header are left aside and named; the lines of rows are those of the file."""
    names, rows, places, notes = cells((above + TABLE).replace("\n", end).encode())
    assert (names, rows, places) == (["id", "date", "rev"], ROWS, [line + 1, line + 2])
    stated = above.strip("\n\ufeff") != ""
    assert stated == bool(notes)
    if stated and not above.lstrip("\ufeff").lower().startswith("sep="):
        assert f"the header is line {line}" in notes[0]


def test_what_sep_says_is_stated(cells: Cells) -> None:
    """The line that spreadsheets write for themselves gives the delimiter, unless one is given."""
    assert cells(("sep=;\n" + TABLE).encode())[3] == ["a.csv: line 1 says that the delimiter is ';'"]
    assert cells(b"sep=~\na~b\n1~2\n")[:2] == (["a", "b"], [("1", "2")])
    assert cells(b"SEP=,\na;b\n1;2\n", delimiter=";")[:2] == (["a", "b"], [("1", "2")])


DELIMITERS = {
    "a decimal comma in the last column": ("Nr;Betrag\n1;1,50\n2;3,75\n", ["Nr", "Betrag"]),
    "decimal commas in all columns": ("a;b\n1,5;2,5\n1,7;2,8\n", ["a", "b"]),
    "a comma in the header": ("Nr;Umsatz, netto\n1;2,50\n2;3,50\n", ["Nr", "Umsatz, netto"]),
    "a comma in the header and in amounts": ("Umsatz, netto;Gewinn\n1,5;2\n2,5;3\n", ["Umsatz, netto", "Gewinn"]),
    "commas in texts": ("id;name\n1;Meier, Anna\n2;Schmidt, Jan\n", ["id", "name"]),
    "semicolons in quotes": ('a,"b;c;d"\n1,"2;3"\n', ["a", "b;c;d"]),
    "tabs": ("a\tb, c\n1\t2,5\n", ["a", "b, c"]),
    "bars": ("a|b\n1|2;3\n", ["a", "b"]),
    "one column": ("a\n1\n2\n", ["a"]),
    "amounts in quotes": ('id,amount\n1,"1,50"\n2,"3,75"\n', ["id", "amount"]),
}


@pytest.mark.parametrize(("text", "names"), DELIMITERS.values(), ids=DELIMITERS)
def test_the_delimiter_is_that_by_which_rows_agree(text: str, names: list[str], cells: Cells) -> None:
    """Not the header alone decides, so that a decimal comma is no delimiter."""
    assert cells(text.encode())[0] == names


def test_any_file_is_laid_out_as_it_was_made(tmp_path: Path) -> None:
    """Whatever the delimiter, the titles and the decimal sign, the layout of 300 files made by chance is found."""
    chance = random.Random(5)
    path = tmp_path / "a.csv"
    for _ in range(300):
        width, mark = chance.randrange(2, 7), chance.choice(",;\t|")
        sign = "." if mark == "," else chance.choice(".,")
        amounts = chance.randrange(1, width + 1)
        names = [f"Column {chr(65 + k)}" for k in range(width)]
        rows = [
            [
                f"{chance.randrange(1000)}{sign}{chance.randrange(100):02}"
                if k < amounts
                else chance.choice(["Meier GmbH", "x y", "2025-01-01", "7"])
                for k in range(width)
            ]
            for _ in range(chance.randrange(3, 12))
        ]
        titles = [chance.choice(["", "Sales report", "Created on 2025-03-01"]) for _ in range(chance.randrange(4))]
        text = "".join(line + "\n" for line in [*titles, *(mark.join(row) for row in [names, *rows])])
        path.write_text(text, encoding="utf-8")
        found = layout(path, "a.csv", None)
        assert (found.delimiter, list(found.names), found.line) == (mark, names, len(titles) + 1), text


REFUSED = {
    "two headers": ("a;b;c\n\nid;date;rev\n1;2025-01-01;1\n2;2025-01-01;2\n", "line 1 .a, b, c. and line 3 .id, date"),
    "no header": ("1;2025-01-01;1,50\n2;2025-01-02;3,75\n", "has no header line: its first line .1, 2025-01-01, 1,50."),
    "no header, with ids of text": ("A,2025-01-01,10\nB,2025-01-02,20\n", "has no header line"),
    "no header, only numbers": ("1,2,3\n4,5,6\n", "has no header line"),
    "single quotes": ("'id','date'\n'a','2025-01-01'\n'b','2025-01-02'\n", "single quotes .line 2: 'a'"),
    "backslashes": ('id,name\n1,"say \\"hi\\" now"\n', r"backslash before them \(line 2\)"),
    "backslashes at the end": ('id,name\n1,"say \\"hi\\""\n', r"backslash before them \(line 2\)"),
    "two delimiters": ("id;x,y\n", "the delimiter could be ',' .id;x, y. or ';' .id, x,y."),
    "only sep": ("sep=;\n", "no header line"),
    "twice the same name": ("Report\na;b;a\n1;2;3\n2;3;4\n", "more than one column named 'a'"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_ambiguous_or_foreign_stops(text: str, says: str, cells: Cells) -> None:
    """Two readings, no header, and other rules for quotes are errors in words."""
    with pytest.raises(SourceError, match=says):
        cells(text.encode())


ORDINARY = {
    "years as names": ("id,2023,2024\nA,10,20\nB,1,2\n", ["id", "2023", "2024"]),
    "a name with a hash": ("#id;date\n1;2025-01-01\n2;2025-01-02\n", ["#id", "date"]),
    "an unnamed first column": (",profit\n0,12\n1,13\n", ["column1", "profit"]),
    "words in the first row": ("id,segment,profit\nA,Gold,n/a\nB,Silver,12\n", ["id", "segment", "profit"]),
    "a line of units": ("id;date;rev\nNr;ISO;EUR\n1;2025-01-01;1\n", ["id", "date", "rev"]),
    "words only": ("Kunde;Ort\nA;X\nB;Y\n", ["Kunde", "Ort"]),
    "apostrophes": ("id,name\n1,O'Brien\n2,'x'\n", ["id", "name"]),
    "a path that ends in a backslash": ('id,path\n1,"C:\\dir\\"\n2,"D:\\"\n', ["id", "path"]),
    "no rows": ("id,date\n", ["id", "date"]),
}


@pytest.mark.parametrize(("text", "names"), ORDINARY.values(), ids=ORDINARY)
def test_a_first_line_that_may_be_the_header_is_it(text: str, names: list[str], cells: Cells) -> None:
    """Nothing is left aside where the first line may be the header."""
    found = cells(text.encode())
    assert (found[0], found[3]) == (names, [])


def test_lines_that_cannot_be_split_are_named_with_blank_lines_before(tmp_path: Path) -> None:
    """Blank lines, titles and line breaks in quotes don't shift the lines of bad rows."""
    text = 'Title\n\ncustomer_id,date,revenue\na,2025-01-01,1\n\n\nb\n"c\n\nd",2025-01-01,1\ne,never,1\n\nf\n'
    (tmp_path / "o.csv").write_text(text, encoding="utf-8")
    with pytest.raises(cg.CustgradeError, match=r"line 7: .*; line 13: "):
        cg.read_orders(tmp_path / "o.csv")
    base = cg.read_orders(tmp_path / "o.csv", on_bad_rows="skip")
    examples = [example for left in base.left_out for example in left.examples]
    assert [example.split(":")[0] for example in examples] == ["line 7", "line 13", "line 11"]
