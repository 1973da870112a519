"""Files whose name says another thing than their content, copies of a file, and line ends that differ."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import SourceError
from custgrade.ingest.sources.text_layout import layout

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


def test_a_line_that_the_engine_passes_over_is_refused(put: Put) -> None:
    """A line of 33 MB isn't lost: the error names it."""
    text = f"customer_id,date,revenue,note\nk1,2025-02-01,1,\nk2,2025-02-02,2,{'y' * 33_600_000}\nk3,2025-02-03,4,\n"
    with pytest.raises(SourceError, match="line 3, is longer than 28 MB"):
        cg.read_orders(put("o.csv", text))


@pytest.mark.parametrize("blank", ["\n", ",,\n"])
def test_many_blank_lines_take_no_time(put: Put, blank: str) -> None:
    """The layout is found from the beginning of a file, even if there are only blank lines below its header."""
    file = put("o.csv", f"customer_id,date,revenue\nk1,2025-02-01,1\n{blank * 400_000}k2,2025-02-02,2\n")
    began = time.process_time()
    found = layout(file, "o.csv", None)
    assert time.process_time() - began < 1
    assert found.names == ("customer_id", "date", "revenue")
