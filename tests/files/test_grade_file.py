"""Grading a file: the same grades as in memory, the file's own columns as they were, whatever wrote it."""

from __future__ import annotations

import contextlib
import errno
import io
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import custgrade as cg
from custgrade.errors import BadRowsError, FieldError, NothingToGradeError, OutputError, SourceError
from custgrade.export.parquet_file import read_footer
from custgrade.plugins import Axis, Shares

MANY = 300_000
SCHEMES: dict[str, dict[str, Any]] = {
    "abcde": {"by": "profit"},
    "matrix3x3": {},
    "floors": {"floors": {"revenue": 500, "margin": 0.1}},
    "top10": {},
}


def customers(size: int, seed: int = 1) -> pl.DataFrame:
    """Customers with ties, gaps, losses, and columns that no field is read from."""
    draw = np.random.default_rng(seed)
    revenue = np.round(draw.lognormal(6, 1.5, size), 2)
    margin = np.round(draw.normal(0.2, 0.3, size), 2)
    frame = pl.DataFrame(
        {
            "customer_id": [f"C{k * 7919 % 1_000_003:07}" for k in range(size)],
            "revenue": np.where(draw.random(size) < 0.2, 100.0, revenue),
            "profit": np.round(revenue * margin, 1),
            "orders": draw.integers(0, 6, size),
            "note": draw.choice(["a", "", 'ü, "quoted"', "two\nlines"], size),
            "seen": pl.Series(draw.integers(0, 2**40, size)).cast(pl.Datetime("us")),
        }
    )
    gaps = pl.Series(draw.random(size) < 0.05)
    return frame.with_columns(
        profit=pl.when(~gaps).then("profit"),
        tags=pl.when(gaps).then(pl.lit(None)).otherwise(pl.lit([["x", "y"]]).first()),
    )


def in_memory(path: Path, scheme: str, **parameters: Any) -> dict[str, list[Any]]:
    """The grade columns that the same file gets in memory."""
    graded = cg.scorer(scheme, **parameters).fit_grade(cg.read_customers(path))[1]
    return {name: column.tolist() for name, column in graded.columns().items()}


def plain(frame: pl.DataFrame, names: list[str]) -> dict[str, list[Any]]:
    """Columns of a written file as `Graded.columns` gives them: texts without missing ones, numbers with NaN."""
    text = [name for name in names if frame[name].dtype == pl.String]
    filled = frame.with_columns(
        *(pl.col(name).fill_null("") for name in text),
        *(pl.col(name).fill_null(math.nan) for name in names if name not in text),
    )
    return {name: filled[name].to_list() for name in names}


def same(expected: dict[str, list[Any]], actual: dict[str, list[Any]]) -> bool:
    """Whether columns are equal, NaN to NaN."""
    return expected.keys() == actual.keys() and all(
        np.array_equal(
            np.array(expected[name]),
            np.array(actual[name]),
            equal_nan=actual[name][:1] and isinstance(actual[name][0], float),
        )
        for name in expected
    )


WRITERS: dict[str, Callable[[pl.DataFrame, Path], Any]] = {
    "Polars": lambda frame, path: frame.write_parquet(path, row_group_size=12_345),
    "DuckDB": lambda frame, path: duckdb.from_arrow(frame.to_arrow()).write_parquet(str(path), row_group_size=20_480),
    "PyArrow": lambda frame, path: pq.write_table(
        frame.to_arrow(),
        path,
        row_group_size=99_999,
        data_page_version="2.0",
        write_page_index=True,
        compression="gzip",
    ),
    "pandas": lambda frame, path: frame.to_pandas().to_parquet(path),
    "small row groups": lambda frame, path: frame.write_parquet(path, row_group_size=1_000),
    "CSV": lambda frame, path: frame.drop("tags").write_csv(path),
}


@pytest.mark.parametrize(("writer", "ending"), [*((writer, "parquet") for writer in WRITERS), ("CSV", "csv")])
def test_grades_are_those_in_memory_in_the_files_order(writer: str, ending: str, tmp_path: Path) -> None:
    """Whatever wrote the file, more rows than a chunk come out in its order with the grades they get in memory."""
    path, out = tmp_path / ("in.csv" if writer == "CSV" else "in.parquet"), tmp_path / f"out.{ending}"
    frame = customers(MANY)
    WRITERS[writer](frame, path)
    outcome = cg.grade_file(path, "matrix3x3", out)
    expected = in_memory(path, "matrix3x3")
    found = pl.read_parquet(out) if ending == "parquet" else pl.read_csv(out)
    assert frame["customer_id"].to_list() == found["customer_id"].to_list()
    assert same(expected, plain(found, list(expected)))
    counts = {grade: expected["grade"].count(grade) for grade in outcome.model.scale.grades}
    assert counts | {"ungraded": expected["grade"].count("")} == outcome.counts()


@pytest.mark.parametrize("scheme", ["abcde", "matrix3x3", "floors", "top10"])
def test_every_scheme_gives_the_same_as_in_memory(scheme: str, tmp_path: Path) -> None:
    """Grades, scores, details, status and reasons, and the summary to the last bit."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(20_000).write_parquet(path, row_group_size=9_000)
    outcome = cg.grade_file(path, scheme, out, **SCHEMES[scheme])
    expected = in_memory(path, scheme, **SCHEMES[scheme])
    assert same(expected, plain(pl.read_parquet(out), list(expected)))
    model, graded = cg.scorer(scheme, **SCHEMES[scheme]).fit_grade(cg.read_customers(path))
    assert (graded.summary(), graded.ungraded()) == (list(outcome.summary), dict(outcome.ungraded))
    assert (model.to_dict(), tuple(graded.details)) == (outcome.model.to_dict(), outcome.details)


@pytest.mark.parametrize("writer", ["Polars", "DuckDB", "PyArrow", "pandas"])
def test_own_columns_are_copied_byte_for_byte(writer: str, tmp_path: Path) -> None:
    """The data of a Parquet file stands at the beginning of the graded one, and readers find what they found before."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    WRITERS[writer](customers(50_000), path)
    cg.grade_file(path, "abcde", out)
    size = read_footer(path).footer_at
    assert path.read_bytes()[:size] == out.read_bytes()[:size]
    before, after = pq.read_table(path), pq.read_table(out)
    assert (
        before.select(["customer_id", "note", "tags"]).to_pylist()
        == after.select(["customer_id", "note", "tags"]).to_pylist()
    )
    for read in (pl.read_parquet, pd.read_parquet, lambda p: duckdb.read_parquet(str(p)).pl()):
        old, new = read(path), read(out)
        assert list(old.columns) == list(new.columns)[: len(old.columns)]
        assert list(old["customer_id"]) == list(new["customer_id"])
    metadata = pq.ParquetFile(out).metadata
    assert metadata.num_rows == 50_000
    assert metadata.num_columns == pq.ParquetFile(path).metadata.num_columns + 4


def test_statistics_of_the_new_columns_serve_to_skip_row_groups(tmp_path: Path) -> None:
    """Readers that look for one grade or a range of scores find the rows that a full look finds."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(50_000).sort("profit").write_parquet(path, row_group_size=10_000)
    cg.grade_file(path, "abcde", out)
    whole = pl.read_parquet(out)
    best = whole.filter(pl.col("grade") == "A").height
    assert best == pl.scan_parquet(out).filter(pl.col("grade") == "A").collect().height
    assert best == pq.read_table(out, filters=[("grade", "=", "A")]).num_rows
    high = whole.filter(pl.col("score") > 900).height
    assert high == duckdb.sql(f"SELECT count(*) FROM '{out}' WHERE score > 900").fetchall()[0][0]


def test_index_and_categories_of_pandas_survive(tmp_path: Path) -> None:
    """What pandas noted of its index is there when it reads the graded file."""
    frame = pd.DataFrame(
        {"customer_id": ["A", "B", "C"], "profit": [1.0, 2.0, 3.0], "kind": pd.Categorical(["x", "y", "x"])},
        index=pd.Index([7, 8, 9], name="row"),
    )
    frame.to_parquet(tmp_path / "in.parquet")
    cg.grade_file(tmp_path / "in.parquet", "abcde", tmp_path / "out.parquet")
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert found.index.tolist() == [7, 8, 9]
    assert found["kind"].tolist() == ["x", "y", "x"]


VALUES = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.5, 2.5, -7.0]), st.floats(-1e9, 1e9))


@given(
    rows=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=40),
    group=st.integers(1, 50),
    scheme=st.sampled_from(["abcde", "matrix3x3", "top10"]),
    ending=st.sampled_from([".parquet", ".csv"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_graded_as_in_memory(
    rows: list[tuple[float | None, float | None]], group: int, scheme: str, ending: str, tmp_path: Path
) -> None:
    """Any values in row groups of any size: the file's grades are those in memory, or both are refused alike."""
    path, out = tmp_path / f"in{ending}", tmp_path / f"out{ending}"
    table = {
        "customer_id": [f"C{k}" for k in range(len(rows))],
        "revenue": [revenue for revenue, _ in rows],
        "profit": [profit for _, profit in rows],
    }
    frame = pl.DataFrame(table, schema={"customer_id": pl.String, "revenue": pl.Float64, "profit": pl.Float64})
    frame.write_parquet(path, row_group_size=group) if ending == ".parquet" else frame.write_csv(path)
    out.unlink(missing_ok=True)
    try:
        expected = in_memory(path, scheme)
    except cg.CustgradeError as error:
        with pytest.raises(type(error)):
            cg.grade_file(path, scheme, out)
        assert not out.exists()
        return
    if not any(expected["grade"]):
        with pytest.raises(NothingToGradeError):
            cg.grade_file(path, scheme, out)
        return
    cg.grade_file(path, scheme, out)
    found = (
        pl.read_parquet(out)
        if ending == ".parquet"
        else pl.read_csv(
            out,
            schema_overrides=dict.fromkeys(expected, pl.String)
            | {n: pl.Float64 for n in expected if n.endswith("score")},
        )
    )
    assert same(expected, plain(found, list(expected)))


def test_a_model_grades_a_file_as_it_grades_one(tmp_path: Path) -> None:
    """A saved model gives every customer of a file the grade that `grade_one` gives."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(2_000).write_parquet(path)
    cg.grade_file(path, "matrix3x3").model.save(tmp_path / "model.json")
    model = cg.load_model(tmp_path / "model.json")
    cg.grade_file(path, model, out)
    rows = pl.read_parquet(out).sample(50, seed=2).iter_rows(named=True)
    for row in rows:
        given = {name: math.nan if row[name] is None else row[name] for name in ("revenue", "profit")}
        one = model.grade_one(given)
        assert (one.grade or None, one.reason or None) == (row["grade"], row["reason"])


def test_bad_rows_are_left_out_when_asked_for(tmp_path: Path) -> None:
    """Rows that can't be used are refused, or left out of a Parquet file and counted."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pl.DataFrame({"customer_id": ["A", None, "B", "C"], "profit": [1.0, 2.0, math.inf, 3.0]}).write_parquet(path)
    with pytest.raises(BadRowsError, match="row 3: unreadable profit"):
        cg.grade_file(path, "abcde", out)
    outcome = cg.grade_file(path, "abcde", out, on_bad_rows="skip")
    assert ["A", "C"] == pl.read_parquet(out)["customer_id"].to_list()
    assert [1, 1] == [left.count for left in outcome.base.left_out]


def test_ids_that_occur_twice_are_refused(tmp_path: Path) -> None:
    """Two rows of one customer among many are found, and named."""
    path = tmp_path / "in.parquet"
    frame = customers(MANY)
    ids = frame["customer_id"].to_list()
    ids[-1] = ids[12_345]
    frame.with_columns(customer_id=pl.Series(ids)).write_parquet(path)
    with pytest.raises(SourceError, match=f"1 customer more than once: '{ids[-1]}' \\(2 times\\)"):
        cg.grade_file(path, "abcde", tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_that_changes_meanwhile_is_refused(ending: str, tmp_path: Path) -> None:
    """A source that somebody writes to while it is read gives an error and no output."""
    path, out = tmp_path / f"in.{ending}", tmp_path / "out.parquet"
    frame = customers(1_000).drop("tags")

    def write(frame: pl.DataFrame) -> None:
        frame.write_parquet(path) if ending == "parquet" else frame.write_csv(path)

    def change(what: str, how_far: Callable[[], tuple[int, int]]) -> None:
        if what == "fitting":
            write(customers(1_001).drop("tags"))

    write(frame)
    with pytest.raises(cg.CustgradeError):
        cg.grade_file(path, "abcde", out, on_progress=change)
    assert not out.exists()


def test_every_stage_says_how_far_it_is(tmp_path: Path) -> None:
    """Each stage is announced; its last word is that all customers are through."""
    path = tmp_path / "in.parquet"
    customers(10_000).write_parquet(path)
    stages: dict[str, Callable[[], tuple[int, int]]] = {}
    cg.grade_file(path, "abcde", tmp_path / "out.parquet", on_progress=stages.__setitem__)
    assert list(stages) == ["reading", "fitting", "grading and writing"]
    assert (10_000, 10_000) == stages["grading and writing"]()
    assert 10_000 == stages["reading"]()[0]


def test_a_score_that_cannot_be_traced_grades_files_too(tmp_path: Path) -> None:
    """An opaque score runs on batches of a file."""
    axis = Axis(
        "grade",
        "AB",
        lambda c: np.sqrt(np.abs(c["profit"])),
        Shares(["0.3", "0.7"]),
        traceable=False,
        needs=["profit"],
    )
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(5_000).write_parquet(path, row_group_size=2_000)
    cg.grade_file(path, cg.Scorer([axis]), out)
    expected = {
        name: column.tolist()
        for name, column in cg.Scorer([axis]).fit_grade(cg.read_customers(path))[1].columns().items()
    }
    assert same(expected, plain(pl.read_parquet(out), list(expected)))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1",
        lambda content: content[:-5000] + bytes(4992) + content[-8:],
        lambda content: content[: len(content) // 2] + content[-200:],
        lambda content: b"PAR1PAR1",
    ],
    ids=["a footer of 2 GB", "a footer of zeros", "data that is gone", "nothing at all"],
)
def test_damaged_parquet_is_an_error(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """A damaged file ends in one of our errors, and leaves no output."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(5_000).write_parquet(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(cg.CustgradeError):
        cg.grade_file(path, "abcde", out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        ((7, "abcde"), {}, "grade_file takes a path"),
        (("in.parquet", "abcde", "out.xlsx"), {}, "give a file name that ends in .csv or .parquet"),
        (("in.parquet", "abcde", "no/out.csv"), {}, "there is no folder"),
        (("no.parquet", "abcde"), {}, "can't read no.parquet"),
        (("in.parquet", "abcde"), {"by": "potential"}, "has no 'potential'"),
        (("in.parquet", "abcde", "out.parquet"), {"columns": {"profit": "nope"}}, "no column 'nope'"),
    ],
)
def test_wrong_calls_say_what_to_do(
    arguments: tuple[Any, ...], options: dict[str, Any], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wrong argument is one of our errors, before anything is written."""
    monkeypatch.chdir(tmp_path)
    pl.DataFrame({"customer_id": ["A", "B"], "profit": [1.0, 2.0]}).write_parquet("in.parquet")
    with pytest.raises(cg.CustgradeError, match=says):
        cg.grade_file(*arguments, **options)
    assert ["in.parquet"] == sorted(item.name for item in tmp_path.iterdir())


def test_graded_again_needs_a_prefix(tmp_path: Path) -> None:
    """A graded file has grade columns already: that is said before it is read, and a prefix helps."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    customers(1_000).write_parquet(path)
    cg.grade_file(path, "abcde", out)
    with pytest.raises(FieldError, match='prefix="new_"'):
        cg.grade_file(out, "abcde", out)
    cg.grade_file(out, "abcde", out, prefix="new_")
    found = pl.read_parquet(out)
    assert found["grade"].equals(found["new_grade"])


def test_a_null_typed_column_is_no_obstacle(tmp_path: Path) -> None:
    """Columns of types that engines differ about are copied like all others."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    table = pa.table(
        {
            "customer_id": pa.array([1, 2], pa.int32()),
            "profit": pa.array([1, 2], pa.decimal128(12, 2)),
            "none": pa.array([None, None], pa.null()),
            "map": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int8())),
            "nested": pa.array([{"x": [1, None]}, None]),
            "zoned": pa.array([0, 1], pa.timestamp("ns", "Europe/Berlin")),
        }
    )
    pq.write_table(table, path)
    cg.grade_file(path, "abcde", out)
    found = pq.read_table(out)
    assert (
        table.drop(["zoned", "none"]).to_pylist()
        == found.select(["customer_id", "profit", "map", "nested"]).to_pylist()
    )


def test_empty_row_groups_say_nothing(tmp_path: Path) -> None:
    """A Parquet file with row groups of no rows, first, between and last, is graded like one without."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    table = customers(1_000).to_arrow()
    with pq.ParquetWriter(path, table.schema) as writer:
        for part in (table.slice(0, 0), table.slice(0, 400), table.slice(0, 0), table.slice(400), table.slice(0, 0)):
            writer.write_table(part)
    cg.grade_file(path, "abcde", out)
    expected = in_memory(path, "abcde")
    assert same(expected, plain(pl.read_parquet(out), list(expected)))
    assert pq.read_table(out)["note"].to_pylist() == table["note"].to_pylist()


def test_a_column_of_nothing_is_unknown(tmp_path: Path) -> None:
    """A field whose column holds nothing at all, and so has no type, is unknown for everybody."""
    path = tmp_path / "in.parquet"
    table = pa.table({"customer_id": ["A", "B"], "profit": [1.0, 2.0], "potential": pa.nulls(2)})
    pq.write_table(table, path)
    assert 2 == sum(cg.grade_file(path, "abcde").counts().values())
    assert np.isnan(cg.read_customers(path)["potential"]).all()


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["customer_id", "profit", "profit"], "more than one column named 'profit'"),
        (["customer_id", "profit", "Profit"], "differ in case only"),
    ],
)
def test_names_are_those_of_the_file(names: list[str], says: str, tmp_path: Path) -> None:
    """Columns of one name are refused, as in CSV, and none is renamed in silence."""
    path = tmp_path / "in.parquet"
    pq.write_table(
        pa.Table.from_arrays([pa.array(["A", "B"]), pa.array([1.0, 2.0]), pa.array([3.0, 4.0])], names), path
    )
    with pytest.raises(cg.CustgradeError, match=says):
        cg.grade_file(path, "abcde", tmp_path / "out.parquet")


def test_digits_beyond_the_engines_are_copied_or_refused(tmp_path: Path) -> None:
    """Decimals of more than 38 digits are copied; where they would have to be written anew, that is refused."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    wide = [Decimal(10) ** 50 + k for k in range(4)]
    table = pa.table(
        {
            "customer_id": ["A", "B", None, "D"],
            "profit": [1.0, 2.0, 3.0, 4.0],
            "wide": pa.array(wide, pa.decimal256(60, 0)),
        }
    )
    pq.write_table(table.filter(pa.compute.is_valid(table["customer_id"])), path)
    cg.grade_file(path, "abcde", out)
    assert [wide[0], wide[1], wide[3]] == pq.read_table(out)["wide"].to_pylist()
    out.unlink()
    pq.write_table(table, path)
    with pytest.raises(OutputError, match="wide holds decimals of more than 38 digits"):
        cg.grade_file(path, "abcde", out)
    assert not out.exists()


class Full(io.RawIOBase):
    """A file on a full disk."""

    def write(self, content: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_place_for_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When temporary files find no room, the message says where, and what to set."""
    path = tmp_path / "in.parquet"
    customers(1_000).write_parquet(path)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Full())
    with pytest.raises(OutputError, match=r"no room for temporary files in .*TMPDIR"):
        cg.grade_file(path, "abcde", tmp_path / "out.parquet")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PARE" + bytes(20) + b"PARE", "encrypted"), (b"7z\xbc\xaf\x27\x1c" + bytes(20), "7-Zip")],
    ids=["encrypted", "compressed"],
)
def test_files_that_need_something_else_first_say_so(content: bytes, says: str, tmp_path: Path) -> None:
    """An encrypted file and one compressed under another name are not taken for text."""
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(SourceError, match=says):
        cg.read_customers(tmp_path / "in.csv")


WRONG: list[tuple[str, Any]] = [
    *(("out", value) for value in (b"x.parquet", 5, True, [])),
    *(("prefix", value) for value in (None, 5, b"x")),
    ("currency", 5),
    ("delimiter", 5),
    *(("on_progress", value) for value in (None, 5)),
    *(("fields", value) for value in (5, ["x"])),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name} {k}" for k, (name, _) in enumerate(WRONG)])
def test_wrong_types_are_our_errors(name: str, value: Any, tmp_path: Path) -> None:
    """An argument of the wrong type is an error that names it."""
    path = tmp_path / "in.parquet"
    customers(10).write_parquet(path)
    with pytest.raises(cg.CustgradeError):
        cg.grade_file(path, "abcde", **{"out": tmp_path / "out.parquet", name: value})
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.6])
def test_interrupted_runs_leave_nothing(number: signal.Signals, delay: float, tmp_path: Path) -> None:
    """A run that is interrupted while it reads, fits or writes Parquet leaves neither output nor temporary files."""
    path, out, temporary = tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "temporary"
    cg.synthetic(path, 400_000, seed=1)
    temporary.mkdir()
    command = [sys.executable, "-m", "custgrade", "grade", "--customers", path, "--scorer", "abcde", "--out", out]
    process = subprocess.Popen(
        command, env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until and path not in opened(process.pid):
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(number)
    _, message = process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    assert "Traceback" not in message
    assert [] == list(temporary.iterdir())
    written = process.returncode == 0 or "out.parquet had been written" in message
    assert {path, temporary} | ({out} if written else set()) == set(tmp_path.iterdir())


def opened(process: int) -> set[Path]:
    """The files that a process has open."""
    found = set()
    for item in Path(f"/proc/{process}/fd").glob("*"):
        with contextlib.suppress(OSError):
            found.add(item.readlink())
    return found
