"""Spend and one per cent: sums by grade against plain loops over fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.findings import one_percent, spend
from custgrade.planning import Policy

NAN = math.nan
Graded = Callable[..., cg.Graded]
NAMES = ("revenue", "profit", "sales_hours", "service_hours", "cost_to_serve", "discount")
RATES = {"sales_hours": Fraction("59.99"), "service_hours": Fraction("33.3")}
cents = st.one_of(st.none(), st.integers(-20_000, 20_000))
amounts = st.one_of(st.none(), st.integers(0, 20_000))
lines = st.lists(st.tuples(st.sampled_from([3.0, 2.0, 1.0]), cents, cents, *[amounts] * 4), min_size=1, max_size=10)


def given_as(drawn: list[Any]) -> dict[str, list[float]]:
    """The drawn cents as the columns of a base."""
    return {name: [NAN if row[k + 1] is None else row[k + 1] / 100 for row in drawn] for k, name in enumerate(NAMES)}


def total(drawn: list[Any], mix: float, name: str) -> Fraction | None:
    """The exact sum of a field over the customers of a grade; None if none of the customers' values is known."""
    of = [row[NAMES.index(name) + 1] for row in drawn if row[0] == mix]
    known = [Fraction(value, 100) for value in of if value is not None]
    return None if of and not known else sum(known, Fraction(0))


def missing(drawn: list[Any], name: str) -> bool:
    return all(row[NAMES.index(name) + 1] is None for row in drawn)


def cell(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


@settings(max_examples=150, deadline=None)
@given(drawn=lines)
def test_spending_is_the_exact_sum_of_its_parts(drawn: list[Any], graded: Graded, policy: Policy) -> None:
    """Hours cost their rate; they are added up only where the data has no cost to serve."""
    plan = cg.plan(graded([row[0] for row in drawn], **given_as(drawn)), policy, "2026-01-01")
    found = spend(plan)
    header = [name for name, _ in found.columns]
    parts = [name for name in NAMES[2:] if not missing(drawn, name)]
    hours = [name for name in parts if name.endswith("hours")]
    summed = [name for name in parts if name not in hours or "cost_to_serve" not in parts]
    assert [name for name in header if name.replace(" ", "_") in NAMES] == [name.replace("_", " ") for name in parts]
    for row, mix in zip(found.rows, (3.0, 2.0, 1.0), strict=True):
        line = dict(zip(header, row, strict=True))
        money = {name: total(drawn, mix, name) for name in parts}
        for name in parts:
            if money[name] is not None:
                money[name] *= RATES.get(name, 1)
            assert line[name.replace("_", " ")] == cell(money[name])
        pieces = [money[name] for name in summed]
        expected = None if not pieces or None in pieces else sum(pieces)
        assert line["spent"] == cell(expected)
        size = sum(row[0] == mix for row in drawn)
        assert line["customers"] == size
        assert line["spent a customer"] == (None if expected is None or not size else cell(expected / size))


def test_hours_that_may_be_in_the_cost_to_serve_are_not_added_twice(graded: Graded) -> None:
    """Hours are shown beside the cost to serve, and a note says why they aren't added."""
    hours = {"sales_hours": [2.0, 1.0], "revenue": [10.0, 5.0]}
    both = spend(graded([3.0, 1.0], cost_to_serve=[7.0, 3.0], **hours))
    assert both.to_dict()["spent"].tolist() == [7.0, 0.0, 3.0]
    assert both.to_dict()["sales hours"].tolist() == [120.0, 0.0, 60.0]
    assert "isn't added" in " ".join(both.notes)
    alone = spend(graded([3.0, 1.0], **hours))
    assert alone.to_dict()["spent"].tolist() == [120.0, 0.0, 60.0]
    assert "isn't added" not in " ".join(alone.notes)
    assert alone.per_customer["spent"].tolist() == [120.0, 60.0]


def test_the_sentence_compares_the_worst_with_the_best(graded: Graded) -> None:
    """The sums, the sums for each customer, the shares, and how much is discount; no verdict by the sums alone."""
    found = spend(graded([3.0, 1.0, 1.0], cost_to_serve=[10.0, 5.0, 6.0], revenue=[90.0, 6.0, 4.0]))
    assert found.says == (
        "We spend 11.00 EUR on the 2 customers of C, 5.50 EUR for each customer; and 10.00 EUR on the 1 customer of "
        "A, 10.00 EUR for each customer.",
        "C takes 52.4 % of the spending and brings 10 % of the revenue; A takes 47.6 % and brings 90 %.",
    )
    discounted = spend(graded([3.0, 1.0], cost_to_serve=[10.0, 9.0], discount=[4.0, 1.5]))
    assert discounted.says[1] == "Of this, discounts are 1.50 EUR on C and 4.00 EUR on A."
    assert "no two grades" in spend(graded([3.0, 3.0], cost_to_serve=[10.0, 9.0])).says[0]


@settings(max_examples=150, deadline=None)
@given(drawn=lines)
def test_one_per_cent_is_a_hundredth_of_the_exact_sum(drawn: list[Any], graded: Graded, policy: Policy) -> None:
    """Price is of the revenue, volume of the profit, costs of both where both are known, hours at their rates."""
    found = one_percent(cg.plan(graded([row[0] for row in drawn], **given_as(drawn)), policy, "2026-01-01"))
    header = [name for name, _ in found.columns]
    both = [row if None not in row[1:3] else (row[0], None, None, *row[3:]) for row in drawn]
    everybody = dict(zip(header, found.rows[-1], strict=True))
    sums: dict[str, list[Fraction]] = {}
    for row, mix in zip(found.rows[:-1], (3.0, 2.0, 1.0), strict=True):
        line = dict(zip(header, row, strict=True))
        costs = [total(both, mix, name) for name in ("revenue", "profit")]
        kinds = [name for name in RATES if not missing(drawn, name)]
        hours = [total(drawn, mix, name) for name in kinds]
        expected = {
            "more price": total(drawn, mix, "revenue"),
            "more volume": total(drawn, mix, "profit"),
            "less costs": None if None in costs else costs[0] - costs[1],
            "fewer hours": None
            if None in hours
            else sum((one * RATES[name] for one, name in zip(hours, kinds, strict=True)), Fraction(0)),
        }
        for name in header[2:]:
            whole = expected[name]
            assert line[name] == (None if whole is None else float(whole / 100))
            if whole is not None and line["customers"]:
                sums.setdefault(name, []).append(whole / 100)
    for name in header[2:]:
        assert everybody[name] == (float(sum(sums[name])) if name in sums else None)


def test_one_per_cent_says_what_overlaps(graded: Graded) -> None:
    """Hours are a part of the costs, and volume assumes that all costs vary."""
    found = one_percent(graded([3.0], revenue=[100.0], profit=[20.0], service_hours=[1.0]))
    assert found.rows[-1] == ("all", 1, 1.0, 0.2, 0.8, 0.4)
    assert "a part of 1 % less costs" in " ".join(found.notes)
    assert "if all costs vary" in " ".join(found.notes)
    assert found.says == (
        "1 % more price is worth 1.00 EUR; 1 % more volume is worth 0.20 EUR; 1 % less costs is worth 0.80 EUR; "
        "1 % fewer hours is worth 0.40 EUR.",
    )


def test_superstore_has_no_hours_and_says_so(superstore: cg.CustomerBase) -> None:
    """Superstore's revenue and profit are known to the cent, and what it lacks is named."""
    found = one_percent(cg.scorer("abcde", by="profit").fit(superstore).grade(superstore))
    assert found.rows[-1][2:] == pytest.approx((22972.0086, 2863.9702, 20108.0384), abs=1e-3)
    assert "unknown, as the data has no sales_hours" in found.notes
    assert "fewer hours" not in [name for name, _ in found.columns]
