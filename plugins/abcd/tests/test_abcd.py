"""The scorer `abcd`: every parameter against sums of fractions, its errors."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade
from custgrade import CustgradeError, CustomerBase, load_model, scorer
from custgrade.cli.main import main
from custgrade.errors import (
    ConfigurationError,
    CutError,
    FieldError,
    NothingToGradeError,
    ParameterError,
    PluginError,
    ScorerError,
    TracingError,
)
from custgrade.plugins import default_registry

NAN = math.nan
IDEAL = {"profit": 3, "days_late": 2, "enjoyable": 2, "challenges_us": 1, "cares_about_us": 2}
Share = Callable[[float], Fraction]


def base_of(**columns: Any) -> CustomerBase:
    return CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def percentile(values: list[float], best: str = "highest") -> dict[float, Fraction]:
    """The share of full marks of each value: in 101 equal shares, a block of equals goes where its middle is."""
    sign = 1 if best == "highest" else -1
    known = [sign * value for value in values if not math.isnan(value)]
    ranks = [math.ceil(Fraction(step, 101) * len(known)) for step in range(1, 101)]
    shares = {}
    for value in set(known):
        middle = sum(other > value for other in known) + sum(other >= value for other in known)
        shares[sign * value] = Fraction(sum(middle <= 2 * rank for rank in ranks), 100)
    return shares


def linear(worst: float, best: float) -> Share:
    """The share of full marks of a value, level beyond worst and best."""
    distance = Fraction(str(best)) - Fraction(str(worst))
    return lambda value: min(max((Fraction(value) - Fraction(str(worst))) / distance, Fraction(0)), Fraction(1))


def scores(
    rows: list[dict[str, float]], weights: dict[str, Any], shares: dict[str, Share], coverage: Any = "1/2"
) -> list[Fraction | None]:
    """Weighted means of what is known, as fractions; None where too little is."""
    exact = {name: Fraction(str(weight)) for name, weight in weights.items()}
    found: list[Fraction | None] = []
    for row in rows:
        known = [name for name in weights if not math.isnan(row[name])]
        weight = sum((exact[name] for name in known), Fraction(0))
        points = sum((exact[name] * shares[name](row[name]) for name in known), Fraction(0))
        enough = weight > 0 and weight >= Fraction(str(coverage)) * sum(exact.values())
        found.append(100 * points / weight if enough else None)
    return found


def letters(points: list[Fraction | None], at: tuple[float, ...] = (75, 50, 25), names: str = "ABCD") -> list[str]:
    """Letters by thresholds; who is on one is in the better class."""
    return ["" if p is None else names[sum(p < Fraction(str(least)) for least in at)] for p in points]


def ideal_shares(profit: list[float], latest: float = 60) -> dict[str, Share]:
    """How the ideal customer earns its points."""
    standing = percentile(profit)
    rating = linear(1, 5)
    return {
        "profit": lambda value: standing[value],
        "days_late": linear(latest, 0),
        **dict.fromkeys(("enjoyable", "challenges_us", "cares_about_us"), rating),
    }


def columns_of(rows: list[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


unknown = st.just(NAN)
ratings = st.one_of(unknown, st.integers(2, 10).map(lambda k: k / 2))
rows_of_ideal = st.lists(
    st.fixed_dictionaries(
        {
            "profit": st.one_of(unknown, st.integers(-5, 30).map(float)),
            "days_late": st.one_of(unknown, st.sampled_from([0.0, 0.5, 15.0, 30.0, 59.75, 60.0, 200.0])),
            **dict.fromkeys(("enjoyable", "challenges_us", "cares_about_us"), ratings),
        }
    ),
    min_size=1,
    max_size=25,
)


@given(
    rows=rows_of_ideal,
    weights=st.one_of(
        st.just(IDEAL),
        st.just({"profit": 0.1, "days_late": 0.2, "enjoyable": 0.7}),
        st.just({"cares_about_us": 1, "profit": 1e-3}),
        st.just({"days_late": 7}),
    ),
    latest=st.sampled_from([60, 30.5, 120]),
    coverage=st.sampled_from(["0.5", 0.5, "1/3", 1, "1e-9"]),
    at=st.sampled_from([(75, 50, 25), (90.5, 60, 0.1)]),
)
@settings(deadline=None, max_examples=50)
def test_grades_are_those_of_fractions(
    rows: list[dict[str, float]], weights: dict[str, Any], latest: float, coverage: Any, at: tuple[float, ...]
) -> None:
    """Weights, lateness, coverage and thresholds give the letters of exact arithmetic, boundary points included."""
    points = scores(rows, weights, ideal_shares([row["profit"] for row in rows], latest), coverage)
    made = scorer("abcd", weights=weights, latest=latest, coverage=coverage, thresholds=at)
    base = base_of(**columns_of(rows))
    if not any(p is not None for p in points):
        with pytest.raises(NothingToGradeError):
            made.fit(base)
        return
    graded = made.fit(base).grade(base)
    assert letters(points, at) == graded.grades.tolist()
    found = [None if math.isnan(score) else score for score in graded.scores["grade"].tolist()]
    assert [None if p is None else pytest.approx(float(p), abs=1e-9) for p in points] == found


def test_four_customers_by_hand() -> None:
    """The ideal customer has 100 points, its opposite none, and what is unknown counts neither way."""
    base = base_of(
        profit=[40, 30, 20, 10],
        days_late=[0, 30, NAN, 90],
        enjoyable=[5, 3, 3, 1],
        challenges_us=[5, 3, 3, 1],
        cares_about_us=[5, 3, NAN, 1],
    )
    model = scorer("abcd").fit(base)
    graded = model.grade(base)
    # 101 equal shares of four customers give 100, 75, 50 and 25 points; unknown criteria leave 6 of 10 parts of weight
    expected = [100.0, (3 * 75 + 2 * 50 + 5 * 50) / 10, (3 * 50 + 3 * 50) / 6, 3 * 25 / 10]
    assert expected == graded.scores["grade"].tolist()
    assert ["A", "B", "B", "D"] == graded.grades.tolist()
    assert () == model.notices


def test_exactly_on_a_threshold() -> None:
    """Points that are exactly 75, 50 or 25 get the better letter, and the next half point less doesn't."""
    one = {"weights": {"enjoyable": 3, "challenges_us": 7}}
    base = base_of(enjoyable=[4, 3, 2, 4, 3, 2], challenges_us=[4, 3, 2, 3.5, 2.5, 1.5])
    assert [*"ABCBCD"] == scorer("abcd", **one).fit(base).grade(base).grades.tolist()


CRITERIA: dict[str, tuple[dict[str, Any], Share, str]] = {
    "linear rising": ({"worst": 0, "best": 5}, linear(0, 5), "rises"),
    "linear falling, said so": ({"points": "linear", "worst": 4, "best": 0.5}, linear(4, 0.5), "falls"),
    "rating": ({"points": "rating"}, linear(1, 5), "rises"),
    "rating of its own": ({"points": "rating", "worst": 10, "best": 0}, linear(10, 0), "falls"),
    "steps": (
        {"points": "steps", "steps": [[0, 0], [1, 60], [3, 100]]},
        lambda value: Fraction(1 if value >= 3 else 0.6 if value >= 1 else 0).limit_denominator(100),
        "rises",
    ),
    "steps down": (
        {"points": "steps", "steps": [[1, 100], [4, 20]]},
        lambda value: Fraction(1, 5) if value >= 4 else Fraction(1),
        "falls",
    ),
    "percentile": ({"points": "percentile"}, lambda value: percentile(REFERRALS)[value], "rises"),
    "percentile, lowest best": (
        {"points": "percentile", "best": "lowest"},
        lambda value: percentile(REFERRALS, "lowest")[value],
        "falls",
    ),
}
REFERRALS = [0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 8.0, NAN]


@pytest.mark.parametrize(("table", "share", "direction"), CRITERIA.values(), ids=CRITERIA.keys())
@pytest.mark.parametrize("weight", [1, 2.5, "1/3"])
def test_whatever_else_makes_a_good_customer(table: dict[str, Any], share: Share, direction: str, weight: Any) -> None:
    """A further criterion of every kind counts as its points and weight say, and its direction is declared."""
    rows = [{"referrals": value, "enjoyable": float(k % 5 + 1)} for k, value in enumerate(REFERRALS)]
    weights = {"enjoyable": 2, "referrals": weight}
    made = scorer("abcd", weights={"enjoyable": 2}, criteria={"referrals": {**table, "weight": weight}})
    base = base_of(**columns_of(rows))
    graded = made.fit(base).grade(base)
    points = scores(rows, weights, {"enjoyable": linear(1, 5), "referrals": share})
    assert letters(points) == graded.grades.tolist()
    found = [None if math.isnan(score) else score for score in graded.scores["grade"].tolist()]
    assert [None if p is None else pytest.approx(float(p), abs=1e-9) for p in points] == found
    assert "referrals" in getattr(made.axes[0], direction)


def test_a_criterion_may_be_given_other_points() -> None:
    """A criterion of the ideal customer that is described anew counts as described, its weight included."""
    rows = [{"profit": value, "enjoyable": 3.0} for value in (-10.0, 0.0, 25.0, 50.0, 100.0)]
    base = base_of(**columns_of(rows))
    made = scorer(
        "abcd", weights={"profit": 99, "enjoyable": 1}, criteria={"profit": {"worst": 0, "best": 50, "weight": 3}}
    )
    points = scores(rows, {"profit": 3, "enjoyable": 1}, {"profit": linear(0, 50), "enjoyable": linear(1, 5)})
    assert letters(points) == made.fit(base).grade(base).grades.tolist()
    assert {} == dict(made.learned)


def test_a_criterion_that_is_described_anew_keeps_its_weight() -> None:
    """Other points for a criterion of the ideal customer leave its weight as it is; a new one counts 1."""
    tables = {"profit": {"worst": 0, "best": 50}, "referrals": {"worst": 0, "best": 4}}
    short = scorer("abcd", weights={"profit": 3, "enjoyable": 1}, criteria=tables)
    full = {"profit": {**tables["profit"], "weight": 3}, "referrals": {**tables["referrals"], "weight": 1}}
    assert short.fingerprint == scorer("abcd", weights={"profit": 3, "enjoyable": 1}, criteria=full).fingerprint
    base = base_of(profit=[25, 50], enjoyable=[1, 5], referrals=[4, 0])
    assert [50.0, 80.0] == short.fit(base).grade(base).scores["grade"].tolist()


def test_criteria_alone_and_derived_fields() -> None:
    """Without weights only further criteria count; a derived field may be one, and is dropped by its own name."""
    only = {"weights": {}, "criteria": {"margin": {"worst": 0, "best": 0.5}, "orders": {"worst": 0, "best": 4}}}
    base = base_of(profit=[1, 2, -5, 1], revenue=[4, 2, 5, 0], orders=[4, 4, 0, 2])
    graded = scorer("abcd", **only).fit(base).grade(base)
    assert [75.0, 100.0, 0.0, 50.0] == graded.scores["grade"].tolist()
    assert ("margin",) == scorer("abcd", **only).fit(base_of(revenue=[4], orders=[4])).dropped


@pytest.mark.parametrize("ties", ["mid", "better", "worse"])
@pytest.mark.parametrize("shares", [["0.1", "0.2", "0.3", "0.4"], [0.25] * 4, ["1/3", "1/6", "1/4", "1/4"]])
def test_by_shares_instead_of_thresholds(shares: list[Any], ties: str) -> None:
    """With shares the letters go by rank, and equals go where the rule says."""
    ratings = [5, 5, 4.5, 4, 4, 4, 4, 3, 3, 2, 2, 2, 1, NAN]
    graded = scorer("abcd", weights={"enjoyable": 1}, shares=shares, ties=ties).fit(base_of(enjoyable=ratings))
    known = [rating for rating in ratings if not math.isnan(rating)]
    expected = []
    for rating in ratings:
        above, through = sum(other > rating for other in known), sum(other >= rating for other in known)
        code = 0
        for k in range(1, 4):
            rank = math.ceil(sum(Fraction(str(share)) for share in shares[:k]) * len(known))
            up = {"mid": above + through <= 2 * rank, "better": above < rank, "worse": through <= rank}[ties]
            code += not up
        expected.append("" if math.isnan(rating) else "ABCD"[code])
    assert expected == graded.grade(base_of(enjoyable=ratings)).grades.tolist()


def test_letters_may_be_words_and_more_or_fewer() -> None:
    """Any number of labels, with as many thresholds less one."""
    base = base_of(enjoyable=[5, 3, 1])
    two = scorer("abcd", weights={"enjoyable": 1}, letters=["keep", "improve"], thresholds=[50]).fit(base)
    assert ["keep", "keep", "improve"] == two.grade(base).grades.tolist()
    six = scorer("abcd", weights={"enjoyable": 1}, letters="ABCDEF", thresholds=[90, 80, 70, 60, 0.5]).fit(base)
    assert ["A", "E", "F"] == six.grade(base).grades.tolist()
    one = scorer("abcd", weights={"enjoyable": 1}, letters="A", thresholds=[]).fit(base)
    assert ["A", "A", "A"] == one.grade(base).grades.tolist()


def test_coverage_below_half_is_ungraded_with_the_reason() -> None:
    """Exactly half of the weight is enough; below it the reason names what is unknown."""
    base = base_of(
        profit=[1, NAN, 1, NAN],
        days_late=[0, 0, NAN, NAN],
        enjoyable=[NAN, NAN, 4, NAN],
        challenges_us=[NAN, 3, 1, 4],
        cares_about_us=[NAN, 4, 2, NAN],
    )
    graded = scorer("abcd").fit(base).grade(base)
    assert [True, True, True, False] == [bool(grade) for grade in graded.grades.tolist()]
    assert "unknown: profit, days_late, enjoyable, cares_about_us" == graded.reasons[graded.reason_codes[3]]
    strict = scorer("abcd", coverage="0.51").fit(base).grade(base)
    assert [False, False, True, False] == [bool(grade) for grade in strict.grades.tolist()]
    whole = base_of(**{name: [5.0, NAN if name == "enjoyable" else 5.0] for name in IDEAL})
    assert ["A", ""] == scorer("abcd", coverage=1).fit(whole).grade(whole).grades.tolist()


def test_a_criterion_without_data_is_left_out() -> None:
    """Fields that the data lacks are left out with a notice each, and coverage is of the rest."""
    base = base_of(profit=[3, 2, 1, NAN], days_late=[0, 60, NAN, 0])
    model = scorer("abcd").fit(base)
    assert ("cares_about_us", "challenges_us", "enjoyable") == model.dropped
    assert [f"left out, because the data has no such field: {name}" for name in model.dropped] == list(model.notices)
    rows = [
        dict(zip(("profit", "days_late"), row, strict=True))
        for row in ((3.0, 0.0), (2.0, 60.0), (1.0, NAN), (NAN, 0.0))
    ]
    points = scores(rows, {"profit": 3, "days_late": 2}, ideal_shares([3.0, 2.0, 1.0, NAN]))
    assert [*letters(points)[:3], ""] == model.grade(base).grades.tolist()


def test_one_criterion_left_is_a_warning() -> None:
    """Where one criterion is left, the model warns that the grade says little; where it was asked for, it doesn't."""
    base = base_of(profit=[2, 1])
    warnings = [notice for notice in scorer("abcd").fit(base).notices if notice.startswith("warning: ")]
    assert [True] == ["profit" in warning and "little" in warning for warning in warnings]
    assert () == scorer("abcd", weights={"profit": 1}).fit(base).notices


def test_no_criterion_left_is_an_error() -> None:
    """A base with none of the fields is refused with all that could be mapped, its own columns included."""
    base = CustomerBase(["a"], {"revenue": [1.0]}, unmapped=["friendliness"])
    with pytest.raises(ScorerError) as caught:
        scorer("abcd").fit(base)
    message = str(caught.value)
    assert [] == [part for part in (*IDEAL, "friendliness", "assume") if part not in message]


def test_a_misspelt_criterion_is_not_left_out() -> None:
    """A criterion that is named like a field, but for a letter, is refused with the field that is meant."""
    made = scorer("abcd", criteria={"referals": {"worst": 0, "best": 5}})
    with pytest.raises(FieldError, match=r"'referals'\. Did you mean 'referrals'\?"):
        made.fit(base_of(profit=[1, 2], days_late=[0, 1], referrals=[0, 1]))


def test_minimum_orders_and_tenure() -> None:
    """Evidence comes on top of the coverage, and needs its fields."""
    base = base_of(enjoyable=[5, 5, 5, NAN], orders=[1, 2, 2, 2], tenure=[99, 5, 30, 30])
    one = {"weights": {"enjoyable": 1}, "minimum_orders": 2, "minimum_tenure": 30}
    graded = scorer("abcd", **one).fit(base).grade(base)
    assert ["", "", "A", ""] == graded.grades.tolist()
    assert ["fewer than 2 orders", "known for less than 30 days", "", "unknown: enjoyable"] == [
        graded.reasons[code] for code in graded.reason_codes
    ]
    with pytest.raises(FieldError, match="'orders'"):
        scorer("abcd", minimum_orders=1).fit(base_of(enjoyable=[5]))


def test_a_large_minimum_is_said_in_full() -> None:
    """The reason says the number that was given, not a rounded one."""
    with pytest.raises(NothingToGradeError, match="fewer than 1234567 orders"):
        scorer("abcd", minimum_orders=1234567).fit(base_of(enjoyable=[5], orders=[1234566]))


def linear_of(**table: Any) -> dict[str, Any]:
    return {"criteria": {"referrals": {"worst": 0, "best": 5, **table}}}


def steps_of(steps: Any) -> dict[str, Any]:
    return {"criteria": {"referrals": {"points": "steps", "steps": steps}}}


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"weights": {}}, ParameterError, "received no criteria"),
        ({"weights": {"revenue": 1}}, ParameterError, "has 'revenue'; its keys are profit, days_late"),
        ({"weights": {"profit": 0}}, CustgradeError, "a weight is a number above 0; received 0"),
        ({"weights": {"profit": -1}}, CustgradeError, "received -1"),
        ({"weights": {"profit": NAN}}, CustgradeError, "received nan"),
        ({"weights": {"profit": math.inf}}, CustgradeError, "received inf"),
        ({"weights": {"profit": True}}, ParameterError, "'weights' of 'abcd' must be a table of numbers"),
        ({"weights": {"profit": "3"}}, ParameterError, "table of numbers"),
        ({"weights": {"profit": Fraction(1, 3)}}, ParameterError, "table of numbers"),
        ({"weights": ["profit"]}, ParameterError, "table of numbers"),
        ({"criteria": ["referrals"]}, ParameterError, "'criteria'"),
        ({"criteria": {"referrals": 3}}, ParameterError, "'criteria'"),
        ({"criteria": {"referrals": {}}}, ConfigurationError, "criteria.referrals: points = 'linear' needs"),
        ({"criteria": {"referrals": {"worst": 3}}}, ConfigurationError, "needs 'best'"),
        ({"criteria": {"referrals": {"points": "stepps"}}}, ConfigurationError, "linear, rating, steps, percentile"),
        ({"criteria": {"referrals": {"points": ["steps"]}}}, ConfigurationError, "received ['steps']"),
        (linear_of(wieght=2), ConfigurationError, "criteria.referrals: unknown key 'wieght'. Did you mean 'weight'?"),
        (linear_of(weight=0), ConfigurationError, "criteria.referrals: a weight is a number above 0; received 0"),
        (linear_of(weight=True), ConfigurationError, "received True"),
        (linear_of(weight=None), ConfigurationError, "received None"),
        (linear_of(best=0), ConfigurationError, "different finite numbers"),
        (linear_of(best=NAN), ConfigurationError, "received nan"),
        (linear_of(best=-math.inf), ConfigurationError, "received -inf"),
        (linear_of(best="a lot"), ConfigurationError, "'a lot'"),
        (linear_of(best=None), ConfigurationError, "criteria.referrals"),
        (linear_of(best=10**400), ConfigurationError, "criteria.referrals"),
        (linear_of(best=1e308), CustgradeError, "referrals"),
        (steps_of([]), ConfigurationError, "criteria.referrals: steps are"),
        (steps_of(3), ConfigurationError, "criteria.referrals"),
        (steps_of([[0]]), ConfigurationError, "criteria.referrals"),
        (steps_of({0: 0, 5: 100}), ConfigurationError, "steps is a list of [at, points]"),
        (steps_of([[0, 0], [5, True]]), ConfigurationError, "steps is a list of [at, points]"),
        (steps_of([[0, 0], [1, 101]]), ConfigurationError, "points from 0 to 100"),
        (steps_of([[0, 0], [1, 50], [2, 20]]), ConfigurationError, "only rise or only fall"),
        (steps_of([[0, 0], [1, 20], [1, 90]]), ConfigurationError, "criteria.referrals"),
        (steps_of([["x", 0]]), ConfigurationError, "'x'"),
        ({"criteria": {"referrals": {"points": "percentile", "best": "up"}}}, ConfigurationError, "received 'up'"),
        ({"latest": 0}, CustgradeError, "received latest 0"),
        ({"latest": NAN}, CustgradeError, "received latest nan"),
        ({"latest": math.inf}, CustgradeError, "received inf"),
        ({"latest": -60}, CustgradeError, "-60"),
        ({"latest": 10**400}, CustgradeError, "late"),
        ({"latest": Fraction(121, 2)}, ParameterError, "must be a number; received Fraction(121, 2)"),
        ({"latest": "60"}, ParameterError, "'latest' of 'abcd' must be a number; received '60'"),
        ({"letters": ""}, CustgradeError, "0 l"),
        ({"letters": "AABC"}, ScorerError, "different"),
        ({"letters": "ABC"}, ParameterError, "3 letters (A, B, C) need 2 thresholds; received 3: 75, 50, 25"),
        ({"letters": 4}, ParameterError, "text or list of texts"),
        ({"thresholds": []}, ParameterError, "need 3 thresholds; received 0"),
        ({"thresholds": [25, 50, 75]}, CutError, "best first and fall"),
        ({"thresholds": [75, 75, 25]}, CutError, "best first and fall"),
        ({"thresholds": [NAN, 50, 25]}, ParameterError, "received thresholds nan, 50, 25"),
        ({"thresholds": [101, 50, 25]}, ParameterError, "received thresholds 101"),
        ({"thresholds": [75, 50, -1]}, ParameterError, "received thresholds 75, 50, -1"),
        ({"thresholds": ["75", "50", "25"]}, ParameterError, "list of numbers"),
        ({"thresholds": [Fraction(200, 3), 50, 25]}, ParameterError, "list of numbers"),
        ({"thresholds": 75}, ParameterError, "list of numbers"),
        ({"shares": ["0.5", "0.5"]}, ParameterError, "4 letters (A, B, C, D) need 4 shares; received 2: 0.5, 0.5"),
        ({"shares": ["0.5", "0.6"], "letters": "AB"}, CutError, "0.5 + 0.6 = 1.1"),
        ({"shares": [0.5, 0.5, 0, 0]}, CutError, "received 0"),
        ({"ties": "up"}, ParameterError, "'mid', 'better', 'worse'"),
        ({"coverage": 0}, CutError, "received 0"),
        ({"coverage": 1.1}, CutError, "received 1.1"),
        ({"coverage": NAN}, CutError, "received nan"),
        ({"coverage": "half"}, CutError, "received 'half'"),
        ({"coverage": True}, ParameterError, "'coverage'"),
        ({"minimum_orders": -1}, ParameterError, "orders is 0 or more; received -1"),
        ({"minimum_orders": 10**400}, CustgradeError, "orders"),
        ({"minimum_tenure": 1.5}, ParameterError, "whole number"),
        ({"weight": {"profit": 1}}, ParameterError, "Did you mean 'weights'?"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_an_error(parameters: dict[str, Any], error: type[CustgradeError], says: str) -> None:
    """What makes no sense is refused before any data is read, with what was received."""
    with pytest.raises(error) as caught:
        scorer("abcd", **parameters)
    assert not isinstance(caught.value, (PluginError, TracingError))
    assert says in str(caught.value)


def test_one_customer_and_equals() -> None:
    """One customer is first in its base; any number of equals share one grade."""
    one = base_of(profit=[-5])
    assert ["A"] == scorer("abcd").fit(one).grade(one).grades.tolist()
    equals = base_of(**dict.fromkeys(IDEAL, [3.0] * 6))
    assert 1 == len(set(scorer("abcd").fit(equals).grade(equals).grades.tolist()))
    with pytest.raises(NothingToGradeError, match="no customers"):
        scorer("abcd").fit(base_of(profit=[]))
    with pytest.raises(NothingToGradeError, match=r"unknown: profit \(2 customers\)"):
        scorer("abcd").fit(base_of(profit=[NAN, NAN]))


@given(rows=rows_of_ideal)
@settings(deadline=None, max_examples=6)
def test_better_is_not_worse(rows: list[dict[str, float]]) -> None:
    """From the same model, a better value of any criterion is never a worse grade, everything else being equal."""
    known = {"profit": 5.0, "enjoyable": 3.0}
    rows[0] = {name: known[name] if name in known and math.isnan(value) else value for name, value in rows[0].items()}
    model = scorer("abcd").fit(base_of(**columns_of(rows)))
    better_last = {"profit": range(-6, 32, 3), "days_late": range(70, -1, -10)}
    for name in IDEAL:
        values = better_last.get(name, [1, 2, 3, 4, 5])
        moved = [model.grade_one({**rows[0], name: value}).grade for value in values]
        assert sorted(moved, key="DCBA".index) == moved


def test_directions_are_declared() -> None:
    """The axis falls with lateness and rises with the rest of the ideal customer."""
    axis = scorer("abcd").axes[0]
    assert (tuple(name for name in IDEAL if name != "days_late"), ("days_late",)) == (axis.rises, axis.falls)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"weights": {"profit": 0.1, "days_late": 0.7}, "latest": 30.5, "coverage": "1/3"},
        {"criteria": {"referrals": {"points": "steps", "steps": [[0, 0], [0.5, 100]], "weight": "1/3"}}},
        {"criteria": {"referrals": {"points": "percentile", "best": "lowest"}}, "shares": ["1/4"] * 4, "ties": "worse"},
    ],
)
def test_a_saved_model_grades_the_same(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """A saved and loaded model gives the same grades, alone and in a batch, for newcomers too."""
    base = base_of(profit=[9, 6, 5, NAN, 2, 1], days_late=[0, 70, 10, 20, NAN, 5], referrals=[0, 1, 1, 5, 2, NAN])
    newcomers = base.take([5, 0, 3]).with_columns(profit=[NAN, 2.5, 1e9])
    model = scorer("abcd", **parameters).fit(base)
    model.save(tmp_path / "m.json")
    loaded = load_model(tmp_path / "m.json")
    assert (model.learned, model.notices, model.dropped) == (loaded.learned, loaded.notices, loaded.dropped)
    for some in (base, newcomers):
        expected = model.grade(some)
        assert repr(expected.scores["grade"].tolist()) == repr(loaded.grade(some).scores["grade"].tolist())
        assert expected.grades.tolist() == [loaded.grade_one(customer).grade for customer in some]


def test_a_frame_is_graded_with_a_warning() -> None:
    """A frame gets the grade columns, and a warning of the criteria it lacks."""
    frame = pd.DataFrame({"profit": [1.0, 3.0, None], "days_late": [0.0, 0.0, 60.0]})
    with pytest.warns(custgrade.CustgradeWarning) as caught:
        graded = custgrade.grade(frame, "abcd", coverage="0.6")
    left_out = [f"left out, because the data has no such field: {name}" for name in ("cares_about_us", "challenges_us")]
    assert [*left_out, left_out[0].replace("cares_about_us", "enjoyable")] == [str(one.message) for one in caught]
    added = ["grade", "score", "status", "reason"]
    assert [*frame.columns, *added] == list(graded.columns)
    assert ["graded", "graded", "ungraded"] == graded["status"].tolist()
    assert "unknown: profit" == graded["reason"][2]


def test_a_file_is_graded_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line takes tables as TOML, writes the grades, and reports notices and the warning."""
    (tmp_path / "c.csv").write_text("customer_id,enjoyable\nx,5\ny,3.5\nz,\n", encoding="utf-8")
    call = ["grade", "--customers", str(tmp_path / "c.csv"), "--out", str(tmp_path / "g.csv"), "--scorer", "abcd"]
    call += ["--param", "weights={enjoyable = 2}"]
    assert 0 == main([*call, "--param", "criteria={referrals = {weight = 1, worst = 0, best = 5}}"])
    with (tmp_path / "g.csv").open(encoding="utf-8") as file:
        assert ["A", "B", ""] == [row["grade"] for row in csv.DictReader(file)]
    shown = capsys.readouterr().out.splitlines()
    assert ["A", "B", "C", "D", "ungraded", "total"] == [line.split()[0] for line in shown[2:8]]
    assert "note: left out, because the data has no such field: referrals" in shown
    assert 1 == len([line for line in shown if line.startswith("warning: ")])


def test_its_parameters() -> None:
    """The parameters by name, in the order of the scheme's page."""
    parameters = default_registry().scheme("abcd").parameters
    names = ["weights", "criteria", "latest", "letters", "thresholds", "shares", "ties", "coverage"]
    assert [*names, "minimum_orders", "minimum_tenure"] == [parameter.name for parameter in parameters]
