"""Explanations, ways up and comparisons of files are those of bases in memory, whatever the parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import custgrade as cg
from custgrade.selection import chunks

SCHEMES = ["abcd", "abcde", "floors", "matrix3x3", "top10"]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of customers with several row groups, more than are kept in memory."""
    path = tmp_path_factory.mktemp("customers") / "c.parquet"
    cg.synthetic(path, 70_000, seed=5)
    pl.read_parquet(path).write_parquet(path, row_group_size=9_000)
    return path


def same(expected: dict[str, Any], written: pl.DataFrame) -> None:
    """Each column of a result is in the file, value by value; an empty text and NaN are null."""
    for name, column in expected.items():
        found = written[name]
        if column.dtype.kind == "T":
            assert [text or None for text in column.tolist()] == found.to_list(), name
        else:
            np.testing.assert_array_equal(column, found.cast(pl.Float64).fill_null(np.nan).to_numpy(), name)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_answers_of_a_file_are_those_in_memory(
    scheme: str, ending: str, customers: Path, tmp_path: Path, command: Command
) -> None:
    """What `--out` writes part by part equals what one call gives for all."""
    base = cg.read_customers(customers)
    model = cg.scorer(scheme).fit(base)
    model.save(tmp_path / "m.json")
    read = pl.read_parquet if ending == "parquet" else lambda path: pl.read_csv(path, infer_schema_length=None)
    ways = cg.way_up(model, base, on="2026-01-01")
    for name, options, result in (("explain", (), cg.explain(model, base)), ("way-up", ("--on", "2026-01-01"), ways)):
        out = tmp_path / f"{name}.{ending}"
        status, _, err = command(name, "--model", tmp_path / "m.json", "--customers", customers, *options, "--out", out)
        assert (0, "") == (status, err)
        written = read(out)
        assert base.ids.tolist() == written["customer_id"].to_list()
        same(result.columns(), written)


def test_comparing_files_is_comparing_bases(customers: Path, tmp_path: Path, command: Command) -> None:
    """Customers come and go, in another order; what is written and told is what `compare` gives in memory."""
    now = pl.read_parquet(customers).sample(60_000, shuffle=True, seed=1)
    now = now.with_columns(
        profit=pl.col("profit") * pl.Series(np.random.default_rng(1).uniform(0, 2, len(now))).round(2)
    )
    new = pl.read_parquet(customers).head(500).with_columns(customer_id="new-" + pl.col("customer_id"))
    later = tmp_path / "later.parquet"
    pl.concat([now, new.select(now.columns)]).write_parquet(later, row_group_size=10_000)
    before, after = cg.read_customers(customers), cg.read_customers(later)
    model = cg.scorer("abcde").fit(before)
    model.save(tmp_path / "m.json")
    out = tmp_path / "moved.parquet"
    status, told, err = command(
        "compare", tmp_path / "m.json", "--customers", later, "--before", customers, "--out", out
    )
    assert (0, "") == (status, err)
    comparison = cg.compare(model, after, base_before=before)
    written = pl.read_parquet(out)
    same(comparison.columns(), written)
    largest = comparison.largest(10)
    for mover in (*largest.rises, *largest.falls):
        assert mover.customer_id in told


def test_the_same_answers_are_the_same_bytes(customers: Path, tmp_path: Path, command: Command) -> None:
    """Parts are worked out side by side, and written in order."""
    cg.scorer("abcde").fit(cg.read_customers(customers)).save(tmp_path / "m.json")
    out = tmp_path / "out.parquet"
    source = ("--model", tmp_path / "m.json", "--customers", customers, "--out", out)
    for asked in (("grade",), ("explain",), ("way-up", "--on", "2026-01-01")):
        written = set()
        for _ in range(4):
            assert 0 == command(*asked, *source)[0]
            written.add(out.read_bytes())
        assert 1 == len(written), asked


def test_one_customer_of_a_file_is_explained_among_all(customers: Path, tmp_path: Path, command: Command) -> None:
    """With `--id` the rank is that among all customers of the file."""
    base = cg.read_customers(customers)
    model = cg.scorer("abcde").fit(base)
    model.save(tmp_path / "m.json")
    identity = str(base.ids[66_000])
    status, told, _ = command("explain", "--model", tmp_path / "m.json", "--customers", customers, "--id", identity)
    axis = cg.explain(model, base).axes["grade"]
    assert 0 == status
    assert f"{axis.rank[66_000]:,} of {axis.ranked[66_000]:,}" in told


def test_parts_of_any_size_give_the_same_explanations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranks, reasons and references don't depend on how customers are divided."""
    random = np.random.default_rng(3)
    base = cg.CustomerBase(
        [f"c{k}" for k in range(3_000)],
        {"profit": random.integers(0, 50, 3_000) * 1.0, "revenue": random.integers(1, 90, 3_000) * 1.0},
    )
    for scheme in ("abcde", "matrix3x3"):
        model = cg.scorer(scheme).fit(base)
        whole = cg.explain(model, base).columns()
        with monkeypatch.context() as patch:
            patch.setattr(chunks, "ROWS", 700)
            patch.setattr("custgrade.explaining.explanations.spans", lambda size: chunks.spans(size, 700))
            parts = cg.explain(model, base).columns()
        for name, column in whole.items():
            np.testing.assert_array_equal(column, parts[name], name)
