"""Placing scores among many boundaries by a table, against counting the boundaries one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.cuts.lookup import Lookup
from custgrade.plugins import Axis, Percentile, Shares, Thresholds

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e-45, -1e-45, 1.0, 1.0 + 2**-52, 3.5e38, -3.5e38, 1.7e308, -1.7e308]),
    st.integers(-50, 50).map(lambda k: k / 10),
)


@given(floors=st.lists(NUMBERS, min_size=1, max_size=60), scores=st.lists(NUMBERS, max_size=60), above=st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_score_is_placed_as_by_counting(floors, scores, above):
    """However near scores and boundaries are, and infinite ones too, the class is the number of floors not reached."""
    ordered = sorted((math.nextafter(floor, math.inf) if above else floor for floor in floors), reverse=True)
    several = np.array([*scores, *floors, math.inf, -math.inf])
    expected = [sum(score < floor for floor in ordered) for score in several.tolist()]
    assert expected == Lookup(ordered)(several).tolist()


@pytest.mark.parametrize("classes", [20, 254])
def test_many_classes_of_many_customers_are_those_of_a_few_at_a_time(classes):
    """An axis of many classes, and percentiles, are the same for a base that is looked up and for one that isn't."""
    values = np.round(np.random.default_rng(3).normal(0, 50, 40_000), 1)
    values[::97] = math.nan
    base = cg.CustomerBase(np.arange(len(values)), {"profit": values})
    labels = [f"c{k}" for k in range(classes)]
    many = Axis("many", labels, lambda c: c["profit"], Shares([f"1/{classes}"] * classes))
    points = Axis("points", "AB", lambda c: c["rank"], Thresholds((50,)))
    model, graded = cg.Scorer([many, points], learned={"rank": Percentile("profit")}).fit_grade(base)
    for codes in (graded.codes, model.grade(base).codes):
        for name, column in codes.items():
            parts = [model.grade(base.take(slice(at, at + 1_000))).codes[name] for at in range(0, len(base), 1_000)]
            assert np.array_equal(np.concatenate(parts), column)
