"""Ways up in two fields, against trying every two values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.plugins import Axis, Criterion, Rating, Scorecard, Thresholds
from custgrade.ways_up.pairs import NO_FIELD, Pairs

NAMES = ("enjoyable", "effort", "needs_met")
RATINGS = [1.0 + k / 2 for k in range(9)]
Ratings = dict[str, float]


def weighted(c: Any) -> Any:
    """A sum with different weights, falling with effort."""
    return 3.0 * c["enjoyable"] - 2.0 * c["effort"] + c["needs_met"]


def crossed(c: Any) -> Any:
    """A score in which one field's gain depends on the others."""
    return np.minimum(c["enjoyable"], 6.0 - c["effort"]) * c["needs_met"]


def gains(score: Callable[[Any], Any], customer: Ratings, bounds: Ratings) -> list[float]:
    """The gain of each field at its bound; −1 where there is no room."""
    return [
        float(score(customer | {name: bounds[name]}) - score(customer)) if customer[name] != bounds[name] else -1.0
        for name in NAMES
    ]


def by_trying_all(
    score: Callable[[Any], Any], needed: float, customer: Ratings, bounds: Ratings, sums_up: bool
) -> tuple[tuple[str, float], ...] | None:
    """The pair of a customer whom no single field is enough for."""

    def first_enough(name: str, others: Ratings) -> float:
        step = 0.5 if bounds[name] > customer[name] else -0.5
        value = customer[name] + step
        while score(customer | others | {name: value}) < needed:
            value += step
        return value

    def enough(one: str, other: str) -> bool:
        has_room = customer[one] != bounds[one] and customer[other] != bounds[other]
        return has_room and score(customer | {one: bounds[one], other: bounds[other]}) >= needed

    found = gains(score, customer, bounds)
    best = sorted(range(3), key=lambda k: -found[k])[:2]
    tried: list[Sequence[str]] = [[NAMES[k] for k in best]]
    if not sums_up:
        tried += list(combinations(NAMES, 2))
    for one, other in tried:
        if enough(one, other):
            less = first_enough(other, {one: bounds[one]})
            return (one, first_enough(one, {other: less})), (other, less)
    return None


@pytest.mark.parametrize(("score", "needed"), [(weighted, 13.0), (weighted, 14.5), (crossed, 12.0), (crossed, 15.0)])
def test_the_two_fields_that_gain_most(score: Callable[[Any], Any], needed: float) -> None:
    """The second field moves as little as is enough with the first at its bound, and then the first does."""
    axis = Axis("grade", "AB", score, Thresholds((needed,)), rises=["enjoyable", "needs_met"], falls=["effort"])
    bounds = {"enjoyable": 5.0, "effort": 1.0, "needs_met": 5.0}
    checked(cg.Scorer([axis]), score, needed, bounds, sums_up=False)


def test_the_two_criteria_that_gain_most() -> None:
    """In a scorecard nothing else is tried, because no other two criteria gain more."""
    weights = {"enjoyable": 3, "effort": 2, "needs_met": 1}
    card = Scorecard([Criterion(name, Rating(), weight) for name, weight in weights.items()], "AB", Thresholds((90,)))
    bounds = dict.fromkeys(NAMES, 5.0)
    model = card.scorer().fit(cg.CustomerBase(["a"], {name: [3.0] for name in NAMES}))
    score = lambda customer: model.grade_one({name: customer[name] for name in NAMES}).scores["grade"]
    checked(card.scorer(), score, 90.0, bounds, sums_up=True)


def checked(scorer: cg.Scorer, score: Callable[[Any], Any], needed: float, bounds: Ratings, *, sums_up: bool) -> None:
    """Compare the pairs of many customers, and see that there are some of each kind."""
    every = list(product((1.0, 2.0, 3.5, 5.0), (1.0, 2.5, 4.0, 5.0), (1.0, 3.0, 4.5, 5.0)))
    base = cg.CustomerBase(range(len(every)), {name: [one[k] for one in every] for k, name in enumerate(NAMES)})
    model = scorer.fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    kinds = set()
    for row, ratings in enumerate(every):
        customer = dict(zip(NAMES, ratings, strict=True))
        told = [tuple((move.field.name, move.to) for move in moves) for _, _, moves in ways.moves(row)]
        alone = [name for name in NAMES if score(customer | {name: bounds[name]}) >= needed]
        if score(customer) >= needed:
            expected: list[Any] = []
        elif alone:
            assert alone == [moves[0][0] for moves in told if len(moves) == 1]
            expected = [moves for moves in told if len(moves) == 1]
        else:
            pair = by_trying_all(score, needed, customer, bounds, sums_up)
            expected = [] if pair is None else [pair]
            kinds.add((pair is None, pair and NAMES.index(pair[0][0]) < NAMES.index(pair[1][0])))
        assert expected == told, customer
    assert (False, True) in kinds
    found = ways.axes["grade"]
    assert found.pairs.rows.tolist() == sorted(set(found.pairs.rows.tolist()))
    assert {len(found.pairs)} == {len(column) for column in (found.pairs.places, found.pairs.to, found.pairs.reached)}


def test_columns_of_pairs() -> None:
    """The first and second field with their values and the grade, and nothing for customers without a pair."""
    axis = Axis("grade", "ABC", weighted, Thresholds((14.5, 0.0)), rises=["enjoyable", "needs_met"], falls=["effort"])
    base = cg.CustomerBase(range(3), {"enjoyable": [2.0, 5.0, 2.0], "effort": [4.0, 1.0, 4.0], "needs_met": [3.0] * 3})
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    columns = ways.columns()
    assert ["enjoyable", "", "enjoyable"] == columns["first"].tolist()
    assert ["effort", "", "effort"] == columns["second"].tolist()
    assert ["A", "", "A"] == columns["pair_grade"].tolist()
    # 3 × 5 − 2 × 1.5 + 3 = 15, 3 × 5 − 2 × 2 + 3 = 14; then 3 × 5 is needed
    assert [5.0, 5.0] == columns["first_to"][[0, 2]].tolist() and [1.5, 1.5] == columns["second_to"][[0, 2]].tolist()
    assert np.isnan(columns["first_to"][1]) and np.isnan(columns["second_to"][1])
    assert [True, False, True] == ways.axes["grade"].possible.tolist()


def test_parts_are_joined_in_the_order_of_their_rows() -> None:
    """Rows of several parts are sorted together with what belongs to them."""
    parts = [
        Pairs(
            np.array(rows),
            np.array([[row, 9] for row in rows], dtype=np.uint8),
            np.array([[row / 2, 1.0] for row in rows]),
            np.array(rows, dtype=np.int32) * 3,
        )
        for rows in ([4, 7], [0, 5], [2])
    ]
    found = Pairs.joined(parts)
    assert [0, 2, 4, 5, 7] == found.rows.tolist() == found.places[:, 0].tolist()
    assert ([0.0, 1.0, 2.0, 2.5, 3.5], [0, 6, 12, 15, 21]) == (found.to[:, 0].tolist(), found.reached.tolist())
    some = found.at(np.array([1, 3]))
    assert ([2, 5], [[2, 9], [5, 9]], [6, 15], 2) == (
        some.rows.tolist(), some.places.tolist(), some.reached.tolist(), len(some)
    )  # fmt: skip
    moved = some.moved_by(np.arange(10) + 100)
    assert ([102, 105], [6, 15]) == (moved.rows.tolist(), moved.reached.tolist())
    for none in (Pairs(), Pairs.joined([])):
        assert ((0,), (0, 2), (0, 2), (0,)) == (
            none.rows.shape, none.places.shape, none.to.shape, none.reached.shape
        )  # fmt: skip
        assert (np.int64, np.uint8, np.float64, np.int32) == (
            none.rows.dtype, none.places.dtype, none.to.dtype, none.reached.dtype
        )  # fmt: skip
    assert 255 == NO_FIELD
