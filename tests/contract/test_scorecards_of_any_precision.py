"""Scorecards of many criteria with as many digits as float64 has, against Fractions; and numbers that attack."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.errors import ScorerError
from custgrade.plugins import (
    Boundary,
    Criterion,
    Floor,
    Linear,
    Percentile,
    Quantile,
    Rating,
    Scorecard,
    Shares,
    Steps,
    Thresholds,
    criteria_from,
    minimum_evidence,
)
from custgrade.scoring.proportions import factors

SIZE = 300


def card_of(count: int, weights: list[Any]) -> Scorecard:
    draw = np.random.default_rng(count)
    bounds = draw.uniform(0, 30, (count, 2)).tolist()
    criteria = [
        Criterion(f"f{k}", Linear(*pair), weight) for k, (pair, weight) in enumerate(zip(bounds, weights, strict=True))
    ]
    return Scorecard(criteria)


def expected(card: Scorecard, customer: cg.Customer) -> Fraction | None:
    """The weighted mean by Fractions; None where less than half of the weight is known."""
    got = known = Fraction(0)
    for criterion in card.criteria:
        value = customer[criterion.field]
        if value == value:
            worst, best = Fraction(str(criterion.points.worst)), Fraction(str(criterion.points.best))
            part = (Fraction(value) - worst) / (best - worst)
            got += criterion.weight * min(max(part, Fraction(0)), Fraction(1))
            known += criterion.weight
    whole = sum(criterion.weight for criterion in card.criteria)
    return got * 100 / known if known and known * 2 >= whole else None


@pytest.mark.parametrize("count", [2, 3, 10, 20, 40])
@pytest.mark.parametrize("kind", ["one", "long", "thirds", "far apart"])
def test_the_score_is_the_weighted_mean(count: int, kind: str) -> None:
    """Scores are right to 1e-9 of 100, and who is known by exactly half of the weight is graded."""
    draw = np.random.default_rng(7)
    weights: list[Any] = {
        "one": [1] * count,
        "long": [float(f"{w:.9f}") for w in draw.uniform(1, 9, count)],
        "thirds": ["1/3"] * count,
        "far apart": [10.0 ** (k % 7) for k in range(count)],
    }[kind]
    card = card_of(count, weights)
    columns = {f"f{k}": np.where(draw.random(SIZE) < 0.5, np.nan, draw.uniform(-1, 31, SIZE)) for k in range(count)}
    base = cg.CustomerBase([str(k) for k in range(SIZE)], columns)
    model, graded = card.scorer().fit_grade(base)
    scores = graded.scores["grade"].tolist()
    for customer, score in zip(base, scores, strict=True):
        want = expected(card, customer)
        assert (want is None) == (score != score), customer
        assert want is None or abs(Fraction(score) - want) < Fraction(1, 10**9)
    alone = [model.grade_one(customer).scores["grade"] for customer in base]
    assert repr(alone) == repr(scores)


def test_full_marks_are_100() -> None:
    """Who is best in twenty criteria of full precision has 100 points exactly, and who is worst has 0."""
    card = card_of(20, [1 + k * 0.123456789 for k in range(20)])
    ends = {c.field: [float(c.points.best), float(c.points.worst)] for c in card.criteria}
    graded = card.scorer().fit_grade(cg.CustomerBase(["best", "worst"], ends))[1]
    assert graded.scores["grade"].tolist() == [100.0, 0.0]


def test_small_factors_are_the_whole_numbers_they_were() -> None:
    """Scaling begins where float64 ends: usual scorecards have the smallest whole numbers in proportion."""
    shares = [(Fraction(3, 100), Fraction(3)), (Fraction(2, 60), Fraction(2)), (Fraction(1, 2), Fraction(2))]
    assert factors(shares) == ((9.0, 900.0), (10.0, 600.0), (150.0, 600.0))


def test_numbers_too_far_apart_are_refused_when_it_is_made() -> None:
    """Distances of 1e300 beside 5e-320 can't be added up; the error says what to do."""
    card = Scorecard([Criterion("a", Linear(0, 1e300)), Criterion("b", Linear(0, 5e-320))])
    with pytest.raises(ScorerError, match=r"too far apart.*give the fields other units"):
        card.scorer()


HUGE = 10**5000
ATTACKS: dict[str, Any] = {
    "1e999999999": "1e999999999",
    "1e99999": "1e99999",
    "hexadecimal": "0x" + "f" * 9999,
    "5,000 digits": HUGE,
    "many digits": "9" * 100_000,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "true": True,
    "zero": 0,
    "below zero": "-1",
    "nothing": None,
    "divided by zero": "1/0",
    "1e101": "1e101",
    "other digits": "١",
}


@pytest.mark.parametrize("weight", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_hostile_weight_is_refused_at_once(weight: Any) -> None:
    """In less than a second, in words, and without a line that fills the screen."""
    began = time.perf_counter()
    with pytest.raises(ScorerError, match="a weight is") as caught:
        Criterion("profit", Rating(), weight)
    assert time.perf_counter() - began < 1
    assert len(str(caught.value)) < 250


NUMBERS: dict[str, Any] = {
    "a weight": lambda: criteria_from({"effort": {"points": "rating", "weight": HUGE}}),
    "a bound": lambda: criteria_from({"orders": {"worst": HUGE, "best": 1}}),
    "a step": lambda: criteria_from({"orders": {"points": "steps", "steps": [[HUGE, 1]]}}),
    "a line's end": lambda: Linear(0, HUGE),
    "steps": lambda: Steps({HUGE: 1}),
    "a threshold": lambda: Thresholds((HUGE,)),
    "a boundary": lambda: Boundary(HUGE),
    "a share": lambda: Shares([HUGE, 1]),
    "a quantile": lambda: Quantile("profit", HUGE),
    "steps of a percentile": lambda: Percentile("profit", HUGE),
    "a floor": lambda: Floor("profit", HUGE),
    "evidence": lambda: minimum_evidence(HUGE),
    "a parameter": lambda: cg.scorer("abcd", latest=HUGE),
    "a list of a parameter": lambda: cg.scorer("abcde", shares=[HUGE]),
    "a table of a parameter": lambda: cg.scorer("floors", floors={"revenue": HUGE}),
    "amounts": lambda: cg.scorer("matrix3x3", size_cut="thresholds", size_at=[HUGE, 1]),
    "text for a line": lambda: Linear("a", 2),
    "no table of steps": lambda: Steps(5),
    "text for a boundary": lambda: Boundary("x"),
}


@pytest.mark.parametrize("make", NUMBERS.values(), ids=NUMBERS.keys())
def test_a_number_of_5000_digits_is_refused_in_words(make: Any) -> None:
    """Python itself refuses to print it, which must not be what the user reads."""
    with pytest.raises(cg.CustgradeError) as caught:
        make()
    assert "Exceeds the limit" not in str(caught.value)
    assert len(str(caught.value)) < 250
