"""No change of one field that brute force finds is missed, and no way leads to another grade than it says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import CutError, NothingToGradeError
from custgrade.plugins import Checklist, Criterion, Floor, Rating, Scorecard, Thresholds

sys.path.insert(0, str(Path(__file__).parent))
try:
    from brute_force import any_pair, faults, grids
    from schemes import SCORERS, SUPERSTORE, example, made_up, superstore
finally:
    sys.path.pop(0)

NONE = {"missed": [], "elsewhere": []}
needs_superstore = pytest.mark.skipif(not SUPERSTORE.exists(), reason=f"{SUPERSTORE} isn't there")


def boundaries(model: cg.GradingModel) -> list[float]:
    """The numbers at which grades change."""
    found = [one.value for some in model.boundaries.values() for per_class in some for one in per_class or ()]
    return [*found, *model.quantiles.values()]


def checked(scorer: Callable[[], cg.Scorer], base: cg.CustomerBase, customers: int) -> dict[str, list[str]]:
    """What is wrong with the ways up of some customers."""
    model = scorer().fit(base)
    rows = np.random.default_rng(5).choice(len(base), min(customers, len(base)), replace=False).tolist()
    return faults(model, base, boundaries(model), rows=rows)


@pytest.mark.parametrize("scorer", SCORERS)
def test_of_the_examples(scorer: str) -> None:
    """Customers of the example files."""
    assert checked(SCORERS[scorer], example(), 20) == NONE


@needs_superstore
@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("window", [{}, {"as_of": "2017-12-31", "window": "365d"}], ids=["all", "a year"])
def test_of_superstore(scorer: str, window: dict[str, str]) -> None:
    """Customers of real order lines, over all years and over the last one."""
    if scorer == "abcd" and not window:
        pytest.skip("all years and the last one have the same fields for abcd")
    assert checked(SCORERS[scorer], superstore(**window), 12) == NONE


@pytest.mark.parametrize("scorer", SCORERS)
@given(seed=st.integers(0, 2**20), few=st.booleans(), size=st.integers(3, 80))
@settings(max_examples=4, deadline=None)
def test_of_any_customers(scorer: str, seed: int, few: bool, size: int) -> None:
    """Made-up customers with unknown values, losses and returns; with few different values most of them are tied."""
    base = made_up(size, seed, few=few)
    try:
        assert checked(SCORERS[scorer], base, 8) == NONE
    except cg.CustgradeError as error:
        assert isinstance(error, (NothingToGradeError, CutError))


@needs_superstore
def test_revenue_alone_lifts_customers_over_several_floors() -> None:
    """More revenue raises revenue and the average sale and lowers the margin: many need nothing else to be near."""
    base = superstore(as_of="2017-12-31", window="365d")
    model = cg.scorer("floors").fit(base)
    ways = cg.way_up(model, base)
    said = [ways.sentences(row)[0] for row in range(len(base))]
    assert 100 < sum(text.startswith("Raise revenue") and text.endswith("to reach near.") for text in said)


def test_the_least_value_in_a_band_is_found() -> None:
    """Revenue from 200 on meets one floor, and up to 250 the margin keeps the other: from 100, it is raised to 200."""
    checklist = Checklist([Floor("revenue", 200.0), Floor("margin", 0.2), Floor("orders", 5.0)])
    base = cg.CustomerBase(
        ["a", "b", "c"], {"revenue": [100.0, 100.0, 400.0], "profit": [50.0, 30.0, 50.0], "orders": [5.0, 5.0, 5.0]}
    )
    ways = cg.way_up(checklist.scorer().fit(base), base, on="2026-01-01")
    assert ["near", "near", "near"] == ways.graded.grades.tolist()
    to = ways.axes["floors"].to["revenue"]
    # b would need 200 for one floor and at most 150 for the other
    assert [200.0, True, 250.0] == [to[0], bool(np.isnan(to[1])), to[2]]
    assert "Lower revenue by 150.00 to 250.00 to reach meets." in ways.sentences(2)


@pytest.mark.parametrize("scorer", ["abcd", "floors", "a scorecard"])
def test_pairs_that_are_said_not_to_exist_dont(scorer: str) -> None:
    """Where it is said that no change of one field or two is enough, no values of any two fields are."""
    names = ("enjoyable", "challenges_us", "cares_about_us")
    card = Scorecard([Criterion(name, Rating()) for name in names], "AB", Thresholds((95,)))
    scorers = {"a scorecard": card.scorer, "abcd": SCORERS["abcd"], "floors": SCORERS["floors"]}
    base = made_up(60, 3)
    model = scorers[scorer]().fit(base)
    ways, values = cg.way_up(model, base, on="2026-01-01"), grids(model, base, most=6)
    none = [row for row in range(len(base)) if ways.sentences(row)[0].startswith("No change of one or two fields")]
    for row in none[:10]:
        own = [int(ways.graded.codes[axis.name][row]) for axis in model.scale.axes]
        known = [name for name in values if not np.isnan(base.columns[name][row])]
        assert not any(any_pair(model, base, row, own, pair, values) for pair in combinations(known, 2))
    if scorer == "a scorecard":
        assert none


def test_part_by_part_is_as_a_whole() -> None:
    """The ways of a part depend on nothing but the model and that part."""
    from custgrade.ways_up.way_finder import WayFinder

    base = made_up(90, 8)
    for name in ("floors", "matrix3x3", "rfm with segments", "abcd", "shared scorecard"):
        model = SCORERS[name]().fit(base)
        whole, find = cg.way_up(model, base, on="2026-01-01"), WayFinder(model)
        for rows in (np.arange(0, 40), np.arange(40, 41), np.arange(41, 90)):
            part = find(base.take(rows), {axis: codes[rows] for axis, codes in whole.graded.codes.items()})
            for axis, ways in whole.axes.items():
                for field, to in ways.to.items():
                    assert np.array_equal(to[rows], part[axis].to[field], equal_nan=True)
                    assert ways.reached[field][rows].tolist() == part[axis].reached[field].tolist()
                held = np.isin(ways.pairs.rows, rows)
                assert (ways.pairs.rows[held] - rows[0]).tolist() == part[axis].pairs.rows.tolist()
                assert ways.pairs.to[held].tolist() == part[axis].pairs.to.tolist()
