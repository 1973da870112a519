"""Reading and writing leave nothing behind in the process: no engine, no setting, no file that others can write to."""

from __future__ import annotations

import csv
import gc
import io
import os
import pickle
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import BadRowsError, SourceError
from custgrade.files import write_atomically
from custgrade.ingest.arrow_stream import batches
from custgrade.ingest.sources.text_records import cells, record_starts, records as split

ORDERS = "customer_id,date,revenue,profit\nA,2024-01-01,1,1\nB,2024-01-02,2,2\n"


def _threads() -> int:
    """How many threads the process has, those of engines included."""
    return len(list(Path("/proc/self/task").iterdir()))


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's list of threads")


@needs_proc
@pytest.mark.parametrize("read", [cg.read_orders, cg.read_customers])
def test_bases_keep_no_engines(read: Callable[..., cg.CustomerBase], put: Callable[..., Path]) -> None:
    """Twenty bases of files have no more threads than none, before and after their ids were read."""
    path = put("o.csv", ORDERS)
    read(path)
    gc.collect()
    before = _threads()
    bases = [read(path) for _ in range(20)]
    assert _threads() <= before
    assert {tuple(base.ids.tolist()) for base in bases} == {("A", "B")}


@needs_proc
def test_a_large_base_closes_its_engine_when_its_ids_are_read(tmp_path: Path) -> None:
    """A base whose ids are fetched later shares them with its copies, and keeps no engine afterwards."""
    size = 70_000
    path = tmp_path / "c.parquet"
    pd.DataFrame({"customer_id": [f"C{k}" for k in range(size)], "profit": np.arange(size)}).to_parquet(path)
    gc.collect()
    before = _threads()
    base = cg.read_customers(path)
    copies = [evolve(base, currency="EUR"), base.take(slice(10, 12)), pickle.loads(pickle.dumps(base.given_ids))]
    assert copies[0].ids[-1] == base.ids[-1] == copies[2]()[-1] == f"C{size - 1}"
    assert copies[1].ids.tolist() == ["C10", "C11"]
    assert _threads() <= before


@needs_proc
def test_a_base_that_is_dropped_takes_its_engine_along(tmp_path: Path) -> None:
    """An engine that waits for ids is closed with the last copy of its base."""
    path = tmp_path / "c.parquet"
    pd.DataFrame({"customer_id": range(70_000), "profit": 1.0}).to_parquet(path)
    gc.collect()
    before = _threads()
    for _ in range(3):
        base = cg.read_customers(path)
        del base
    assert _threads() <= before


@needs_proc
def test_an_error_keeps_no_engine(put: Callable[..., Path]) -> None:
    """While an error of bad rows is kept, with its traceback, its engine is closed."""
    path = put("o.csv", ORDERS + "C,never,1,1\n")
    gc.collect()
    before, kept = _threads(), []
    for _ in range(5):
        with pytest.raises(BadRowsError) as caught:
            cg.read_orders(path)
        kept.append(caught.value)
    assert _threads() <= before


def test_ids_are_the_same_from_many_threads(tmp_path: Path) -> None:
    """Threads that ask at once for ids that aren't fetched yet all get them."""
    path = tmp_path / "c.parquet"
    pd.DataFrame({"customer_id": [f"C{k}" for k in range(70_000)], "profit": 1.0}).to_parquet(path)
    base = cg.read_customers(path)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(str(evolve(base).ids[69_999]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["C69999"] * 8


def test_settings_of_the_process_are_never_touched(
    put: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the umask nor the limit of the standard library's CSV reader is set, not even for a moment."""

    def refuse(*_: Any) -> int:
        raise AssertionError("a setting of the whole process was set")

    monkeypatch.setattr(os, "umask", refuse)
    monkeypatch.setattr(csv, "field_size_limit", refuse)
    base = cg.read_orders(put("o.csv", ORDERS))
    graded = cg.scorer("abcde").fit(base).grade(base)
    graded.write(tmp_path / "out.csv")
    with pytest.raises(BadRowsError, match="line 4"):
        cg.read_orders(put("b.csv", ORDERS + f'"{"x" * 200_000}",never,1,1\n'))


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002, 0o000, 0o777], ids=oct)
def test_new_files_have_the_permissions_of_the_system(mask: int, tmp_path: Path) -> None:
    """A new file gets what the umask leaves; while it is written nobody else can read it; an old one keeps its own."""
    old = tmp_path / "old"
    old.touch(0o640)
    before = os.umask(mask)
    try:
        for path in (tmp_path / "new", old):
            with write_atomically(path) as temporary:
                assert temporary.stat().st_mode & 0o777 == 0o600
                temporary.write_text("x", encoding="utf-8")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o666 & ~mask
    assert old.stat().st_mode & 0o777 == 0o640


def test_records_are_split_as_the_standard_library_splits_them() -> None:
    """Where records begin, and the first one's cells, are what Python's csv module says, for texts by chance."""
    chance = random.Random(1)
    for _ in range(20_000):
        text = "".join(chance.choices('ab,"";\n\r"', k=chance.randrange(25)))
        lines = list(io.StringIO(text, newline=""))
        reader, before, starts, records = csv.reader(lines), 0, [], []
        for record in reader:
            if record:
                starts.append(before + 1)
                records.append(record)
            before = reader.line_num
        assert [line for line, empty in record_starts(lines, ",") if not empty] == starts, repr(text)
        found = [(line, text, whole) for line, text, whole in split(lines, ",") if text.strip("\r\n")]
        assert [line for line, _, _ in found] == starts, repr(text)
        cut = [cells(text.rstrip("\r\n") if whole else text, ",") for _, text, whole in found]
        assert cut == records, repr(text)


STREAMS: dict[str, tuple[pa.Table, list[Any]]] = {
    "whole numbers for doubles": (pa.table({"x": pa.array([1], pa.int32())}), [np.float64]),
    "unsigned for signed": (pa.table({"x": pa.array([1], pa.uint64())}), [np.int64]),
    "a column too few": (pa.table({"x": [1.0]}), [np.float64, np.float64]),
    "a column too many": (pa.table({"x": [1.0], "y": [1.0]}), [np.float64]),
    "text": (pa.table({"x": ["1"]}), [np.float64]),
    "a dictionary": (pa.table({"x": pa.array(["a"]).dictionary_encode()}), [np.int32]),
    "NULL": (pa.table({"x": pa.array([1.0, None])}), [np.float64]),
    "nothing but NULL": (pa.table({"x": pa.nulls(3, pa.float64())}), [np.float64]),
}


@pytest.mark.parametrize(("table", "kinds"), STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_of_another_layout_is_refused(table: pa.Table, kinds: list[Any]) -> None:
    """Memory that isn't laid out as asked for is never read as if it were."""
    with pytest.raises(SourceError, match="what was asked can't be read: the Arrow stream has"):
        list(batches(table, kinds, "what was asked"))  # type: ignore[arg-type]


def test_parts_of_columns_are_read_where_they_begin() -> None:
    """Slices, batch by batch, give their own rows; a NULL outside of them does no harm."""
    table = pa.table({"x": [None, 1.0, 2.0, 3.0, None], "y": pa.array([9, 8, 7, 6, 5], pa.uint8())}).slice(1, 3)
    found = [(x.tolist(), y.tolist()) for x, y in batches(table, [np.float64, np.uint8], "it")]  # type: ignore[arg-type]
    assert found == [([1.0, 2.0, 3.0], [8, 7, 6])]
