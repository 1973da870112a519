"""What is computed anew after columns change is what the whole graph gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.graph.node import Node, in_order
from custgrade.graph.partial import Values, key_of, steps_from
from custgrade.plugins import Axis, Evidence, Thresholds
from custgrade.scoring.tracing import trace


def score(c: Any) -> Any:
    """Sums, quotients, clips, steps, and unknown values."""
    known = np.where(np.isnan(c["a"]), 0.0, 1.0) + np.where(np.isnan(c["b"]), 0.0, 2.0)
    points = np.where(np.isnan(c["a"]), 0.0, np.clip(c["a"], 0.0, 5.0)) + np.where(c["b"] >= 2.0, c["c"] / c["b"], 0.5)
    return np.where(known >= 1.0, points * 100.0 / known, np.nan)


def graph() -> Node:
    root = trace(score, "a score", {}).root
    assert root is not None
    return root


@pytest.mark.parametrize("moved", [("a",), ("b",), ("c",), ("a", "b"), ("c", "a")])
@pytest.mark.parametrize("same", [True, False])
def test_changed_values_are_those_of_the_whole_graph(moved: tuple[str, ...], same: bool) -> None:
    """One column after the other is changed for some rows, to numbers of their own or to one for all."""
    draw = np.random.default_rng(3)
    columns = {name: np.where(draw.random(50) < 0.2, np.nan, np.round(draw.normal(2, 2, 50), 1)) for name in "abc"}
    rows = np.flatnonzero(draw.random(50) < 0.6)
    root = graph()
    with np.errstate(all="ignore"):
        values = Values.of([root], columns).at(rows)
        expected = {name: column[rows] for name, column in columns.items()}
        for name in moved:
            to: Any = 4.0 if same else np.round(draw.normal(2, 2, len(rows)), 1)
            values = values.changed({name: to}, steps_from([root], {name}))
            expected[name] = np.broadcast_to(to, len(rows))
        anew = Values.of([root], expected)
    for node in in_order(root):
        given, wanted = np.broadcast_arrays(values[key_of(node)], anew[key_of(node)])
        assert np.array_equal(given, wanted, equal_nan=wanted.dtype.kind == "f")


def test_only_what_depends_on_a_column_is_computed_anew() -> None:
    """No operation that a column doesn't lead to is among its steps, and all of them are among those of all columns."""
    root = graph()
    counts = {name: len(steps_from([root], {name})) for name in "abc"}
    assert len([node for node in in_order(root) if node.arguments]) == len(steps_from([root], {"a", "b", "c"}))
    assert counts["c"] < counts["a"] < len(steps_from([root], {"a", "b", "c"}))
    assert () == steps_from([root], {"d"})


def test_a_move_stops_before_it_takes_the_evidence_away() -> None:
    """Fewer complaints are better, and customers without any aren't graded: 2 are enough for B, and 1 for A."""
    axis = Axis(
        "grade", "ABC", lambda c: c["effort"] - c["complaints"], Thresholds((3, -1)), ["effort"], ["complaints"]
    )
    evidence = [Evidence("no complaint", lambda c: c["complaints"] >= 1.0)]
    model = cg.Scorer([axis], evidence=evidence).fit(cg.CustomerBase(["x"], {"effort": [1.0], "complaints": [1.0]}))
    base = cg.CustomerBase(["p", "q"], {"effort": [1.0, 4.0], "complaints": [4.0, 2.0]})
    ways = cg.way_up(model, base, on="2026-01-01").axes["grade"]
    assert [2.0, 1.0] == ways.to["complaints"].tolist()
    assert [3.0, 5.0] == ways.to["effort"].tolist()
