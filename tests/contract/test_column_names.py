"""No column of a result replaces another column of the same name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import FieldError
from custgrade.plugins import Axis, Thresholds


def fitted(scores: dict[str, Any], *fields: str, **rest: Any) -> tuple[cg.GradingModel, cg.CustomerBase]:
    """A model with an axis per score, and four customers with these fields."""
    own = [cg.Field(name, "count", low=0.0, high=10.0, resolution=1.0) for name in fields]
    base = cg.CustomerBase(["a", "b", "c", "d"], {name: [1.0, 2.0, 3.0, 4.0] for name in fields}, extra_fields=own)
    made = [Axis(name, "AB", score, Thresholds((2.5,)), **rest) for name, score in scores.items()]
    return cg.Scorer(made, fields=own).fit(base), base


TWO_AXES = fitted({"a": lambda c: c["b_c"], "a_b": lambda c: c["c"]}, "b_c", "c")
BOTH = "field 'b_c' of axis 'a' and field 'c' of axis 'a_b' have a column of the same name, 'a_b_c_{}'; rename the axis"
RESULTS: dict[str, tuple[Callable[..., Any], str]] = {
    "ways up": (lambda model, base: cg.way_up(model, base, on="2026-01-01"), BOTH.format("to")),
    "explanations": (cg.explain, BOTH.format("part")),
}


@pytest.mark.parametrize(("result", "says"), RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("read", ["columns", "to_dict", "to_pandas"])
def test_axes_and_fields_with_the_same_column_are_named(result: Callable[..., Any], says: str, read: str) -> None:
    """The error names both owners of the column and says what to rename."""
    with pytest.raises(FieldError, match=says):
        getattr(result(*TWO_AXES), read)()


def test_a_field_named_like_a_column_of_pairs_is_named() -> None:
    """A field `first` would share `first_to` with the pairs."""
    model, base = fitted({"g": lambda c: c["first"] + c["c"]}, "first", "c", rises=("first", "c"))
    with pytest.raises(FieldError, match=r"field 'first' of axis 'g' and the pairs of axis 'g' .* 'first_to'"):
        cg.way_up(model, base, on="2026-01-01").columns()


def test_axes_with_the_same_column_are_named() -> None:
    """The column `a_to_above` would belong to two axes."""
    model, base = fitted({"a": lambda c: c["x"], "a_to": lambda c: c["y"]}, "x", "y")
    with pytest.raises(FieldError, match="axis 'a' and axis 'a_to' have a column of the same name, 'a_to_above'"):
        cg.explain(model, base).columns()


def test_an_axis_named_like_a_column_of_overrides_is_named(tmp_path: Path) -> None:
    """The column `final_grade` belongs to the axis `final` until there are overrides."""
    model, base = fitted({"final": lambda c: c["x"], "g": lambda c: c["y"]}, "x", "y")
    graded, path, out = model.grade(base), tmp_path / "in.csv", tmp_path / "out.csv"
    assert ["B", "B", "A", "A"] == graded.columns()["final_grade"].tolist()
    overrides = cg.Overrides([cg.Override("a", "A/A", "r", "me", "2026-01-01", "2026-02-01")])
    with pytest.raises(FieldError, match="axis 'final' and an override have a column of the same name, 'final_grade'"):
        graded.with_overrides(overrides, on="2026-01-02").columns()
    path.write_text("customer_id,x,y\na,1,1\nb,2,2\n", encoding="utf-8")
    with pytest.raises(FieldError, match="'final_grade' and 'final_grade' have the same name"):
        cg.grade_file(path, model, out, overrides=overrides, on="2026-01-02")
    assert not out.exists()


def test_columns_of_a_file_differ_in_more_than_case(tmp_path: Path) -> None:
    """Files have no columns `A_grade` and `a_grade` beside each other, because readers take them for the same."""
    model, base = fitted({"A": lambda c: c["x"], "a": lambda c: c["y"]}, "x", "y")
    with pytest.raises(FieldError, match="'A_grade' and 'a_grade' have the same name, or differ in case only"):
        model.grade(base).write(tmp_path / "out.csv")
    assert {"A_grade", "a_grade"} <= set(model.grade(base).columns())
    assert not list(tmp_path.iterdir())
