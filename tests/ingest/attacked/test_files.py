"""Files whose name says another thing than their content, copies of a file, and line ends that differ."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import SourceError

Put = Callable[[str, str | bytes], Path]
LINES = "customer_id,date,revenue\nk1,2025-02-01,1\nk2,2025-02-02,2\n"


@pytest.mark.parametrize("name", ["o.csv.gz", "o.csv.zst", "o.GZ"])
@pytest.mark.parametrize("delimiter", [None, "space"])
def test_a_plain_file_with_the_name_of_a_packed_one_is_read(put: Put, name: str, delimiter: str | None) -> None:
    """The content decides, as when a browser has unpacked a download."""
    file = put(name, LINES if delimiter is None else LINES.replace(",", " "))
    assert cg.read_orders(file, delimiter=delimiter)["revenue"].tolist() == [1, 2]


def test_a_packed_copy_beside_its_file_is_named(put: Put) -> None:
    """The lines of `a.csv` and `a.csv.gz` count twice, and a note says so."""
    file = put("a.csv", LINES)
    put("a.csv.gz", gzip.compress(LINES.encode()))
    base = cg.read_orders(file.parent)
    assert any("a.csv, " in str(note) and "a.csv.gz have the same content" in str(note) for note in base.notes)


@pytest.mark.parametrize("above", ["sep=,", "A title"])
def test_other_line_ends_above_the_header_are_named(put: Put, above: str) -> None:
    """The error says what is wrong, not that the file has no lines."""
    with pytest.raises(SourceError, match="lines end in different ways"):
        cg.read_orders(put("o.csv", f"{above}\r\n{LINES}"))
