"""One = many: alone, together, from a file, by a reloaded model, a customer gets the same to the last bit."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import custgrade as cg
from custgrade.errors import CutError, NothingToGradeError

SUPERSTORE = Path(__file__).parents[2].parent / "shared" / "data" / "superstore" / "superstore.csv"
COLUMNS = {
    "customer_id": "Customer ID",
    "date": "Order Date",
    "order_id": "Order ID",
    "revenue": "Sales",
    "profit": "Profit",
    "category": "Category",
    "discount": "",
}
SCHEMES: dict[str, dict[str, Any]] = {
    "abcd": {},
    "abcde": {"by": "profit"},
    "matrix3x3": {},
    "floors": {"ceilings": {"days_late": "proposed"}},
    "top10": {"by": "margin"},
}
FIELDS = ("revenue", "profit", "orders", "days_late", "enjoyable", "product_mix")

Told = tuple[Any, ...]


def bits(value: float | None) -> int:
    """The bits of a number, every NaN and what is missing alike."""
    number = math.nan if value is None or math.isnan(value) else value
    return int(struct.unpack("<q", struct.pack("<d", number))[0])


def together(model: cg.GradingModel, base: cg.CustomerBase) -> list[Told]:
    """What each customer of a base gets: the grade, the bits of scores and details, the reason."""
    graded = model.grade(base)
    numbers = [column.tolist() for column in (*graded.scores.values(), *graded.details.values())]
    reasons = [graded.reasons[code] for code in graded.reason_codes.tolist()]
    return [
        (grade, *map(bits, some), reason)
        for grade, *some, reason in zip(graded.grades.tolist(), *numbers, reasons, strict=True)
    ]


def alone(model: cg.GradingModel, base: cg.CustomerBase) -> list[Told]:
    """The same, each customer graded alone; what can't be stated of anybody in the base is left out."""
    stated = tuple(model.grade(base).details)
    found = (model.grade_one(customer) for customer in base)
    numbers = ((one, [*one.scores.values(), *(one.details[name] for name in stated)]) for one in found)
    return [(one.grade, *map(bits, some), one.reason) for one, some in numbers]


def written(model: cg.GradingModel, file: Path, details: int) -> list[Told]:
    """The same, from a graded file."""
    frame = pl.read_parquet(file)
    numbers = ["score" if axis.name == "grade" else f"{axis.name}_score" for axis in model.scale.axes]
    at = frame.columns.index("status")
    numbers += frame.columns[at - details : at]
    rows = frame.select(pl.col("grade").fill_null(""), *numbers, pl.col("reason").fill_null("")).iter_rows()
    return [(grade, *map(bits, some), reason) for grade, *some, reason in rows]


VALUES: st.SearchStrategy[float | None] = st.one_of(
    st.none(), st.sampled_from([0.0, 1.0, 1.5, 2.0, 5.0]), st.floats(1, 5), st.integers(1, 500).map(lambda k: k / 100)
)
RATINGS = st.one_of(st.none(), st.floats(1, 5), st.integers(2, 10).map(lambda k: k / 2))
CUSTOMERS = st.lists(
    st.tuples(*(RATINGS if name == "enjoyable" else VALUES for name in FIELDS)), min_size=1, max_size=30
)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(rows=CUSTOMERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_routes_agree_bit_for_bit(scheme: str, rows: list[tuple[float | None, ...]], tmp_path: Path) -> None:
    """`grade_one`, `grade`, the streamed file and a reloaded model, for any customers and every scheme."""
    source, out, saved = (tmp_path / name for name in ("in.parquet", "out.parquet", "model.json"))
    table = {"customer_id": [f"c{k}" for k in range(len(rows))]}
    values = {name: [row[k] for row in rows] for k, name in enumerate(FIELDS)}
    pl.DataFrame({**table, **values}, schema_overrides=dict.fromkeys(FIELDS, pl.Float64)).write_parquet(
        source, row_group_size=7
    )
    base = cg.read_customers(source)
    try:
        model = cg.scorer(scheme, **SCHEMES[scheme]).fit(base)
        streamed = cg.grade_file(source, scheme, out, **SCHEMES[scheme]).model
    except (NothingToGradeError, CutError):
        return
    model.save(saved)
    loaded = cg.load_model(saved)
    assert model.to_dict() == streamed.to_dict() == loaded.to_dict()
    expected = together(model, base)
    assert expected == alone(model, base)
    assert expected == together(loaded, base) == alone(loaded, base)
    assert expected == written(model, out, len(model.grade(base).details))


@pytest.mark.parametrize("scheme", ["abcd", "abcde", "matrix3x3", "floors", "top10"])
def test_superstore_is_graded_alike_by_all_routes(scheme: str, tmp_path: Path, command: Any) -> None:
    """All 793 customers: from the command line, in Python, alone, and by the model that the command saved."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    out, saved = tmp_path / "out.parquet", tmp_path / "model.json"
    parameters: dict[str, Any] = {"weights": {"profit": 1}} if scheme == "abcd" else {}
    mapped = [part for field, column in COLUMNS.items() for part in ("--column", f"{field}={column}")]
    flags = ["--param", "weights={profit=1}"] if parameters else []
    status, _, err = command(
        "grade", "--orders", SUPERSTORE, *mapped, "--scorer", scheme, *flags, "--out", out, "--save-model", saved
    )
    assert (status, err) == (0, "")
    base = cg.read_orders(SUPERSTORE, COLUMNS)
    model, graded = cg.scorer(scheme, **parameters).fit_grade(base)
    loaded = cg.load_model(saved)
    expected = together(model, base)
    assert 793 == len(expected)
    assert np.array_equal(graded.grade_codes, model.grade(base).grade_codes)
    assert expected == together(loaded, base) == alone(loaded, base)
    assert expected == written(model, out, len(graded.details))
