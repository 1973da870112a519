"""Values with their unit and digits, and the lines between grades in words: by hand and by what is graded."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.cuts.cut import ScoreNotice
from custgrade.model.wording import amount, difference, number, percent
from custgrade.plugins import (
    Axis,
    Boundary,
    Checklist,
    Criterion,
    Floor,
    Linear,
    Quantile,
    Scorecard,
    Shares,
    Thresholds,
)

FIELDS = cg.STANDARD_FIELDS
HOLDS = {"at least": np.greater_equal, "at most": np.less_equal, "more than": np.greater, "less than": np.less}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (FIELDS["profit"], 1234.5, "1,234.50 EUR"),
        (FIELDS["profit"], -0.001, "-0.001 EUR"),
        (FIELDS["profit"], -0.0, "0.00 EUR"),
        (FIELDS["profit"], 1e18, "1e+18 EUR"),
        (FIELDS["profit"], math.nan, "unknown"),
        (FIELDS["days_late"], 59.56666667, "59.6 days"),
        (FIELDS["days_late"], 1.0, "1 day"),
        (FIELDS["recency"], 1200.0, "1,200 days"),
        (FIELDS["sales_hours"], 1.5, "1.5 hours"),
        (FIELDS["orders"], 12.0, "12"),
        (FIELDS["enjoyable"], 3.0, "3 of 5"),
        (FIELDS["enjoyable"], 2.5, "2.5 of 5"),
        (FIELDS["margin"], 0.1006736570, "10.07 %"),
        (FIELDS["margin"], 0.2, "20 %"),
        (FIELDS["consent"], 1.0, "yes"),
        (cg.Field("weight", "kg", resolution=1.0), 12.0, "12 kg"),
        (cg.Field("index", ""), 43.53333333, "43.53"),
    ],
)
def test_an_amount_has_its_unit_and_its_digits(field: cg.Field, value: float, expected: str) -> None:
    """As many decimals as the field's grid has, money with its currency, ratios in per cent."""
    assert expected == amount(field, value, "EUR")


def test_other_numbers() -> None:
    """About four digits, no zeros at the end, and no sign of what rounding leaves."""
    assert ["43.53", "12,346", "0.03123", "7", "0", "–"] == [
        number(value) for value in (43.5333333, 12345.67, 0.031234, 7.0, 0.0, math.nan)
    ]
    assert ["5 %", "33.3 %"] == [percent(0.05), percent(1 / 3)]
    assert ["1.5", "5 percentage points", "2 days"] == [
        difference(FIELDS["enjoyable"], 1.5),
        difference(FIELDS["share_of_wallet"], 0.05),
        difference(FIELDS["recency"], 2.0),
    ]


def base_of(**columns: list[float]) -> cg.CustomerBase:
    """Customers with these columns, money in EUR."""
    size = len(next(iter(columns.values())))
    return cg.CustomerBase([str(k) for k in range(size)], columns, currency="EUR")


def test_lines_of_shares_by_hand() -> None:
    """Thirds of six profits; each line is the profit of the last customer above it."""
    base = base_of(profit=[1234.56, 900.0, 50.0, 20.0, 1.0, -5.0])
    model = cg.scorer("abcde", letters="ABC", shares=["1/3", "1/3", "1/3"]).fit(base)
    assert [
        "graded by profit (highest first)",
        "  A: profit of at least 900.00 EUR",
        "  B: profit of at least 20.00 EUR",
        "  C: profit of less than 20.00 EUR",
    ] == model.lines()
    assert "  A: profit of at least 900.00 USD" in model.lines("USD")


def test_lines_where_less_is_better_have_the_users_signs() -> None:
    """Days late as the user knows them, not the score's negative numbers; nobody can be below 0 days."""
    base = base_of(days_late=[2.0, 6.0, 6.0, 30.0])
    axis = Axis("grade", "ABC", lambda c: -c["days_late"], Thresholds((-2.0, -6.0)), falls=["days_late"])
    assert [
        "graded by days late (lowest first)",
        "  A: days late of at most 2 days",
        "  B: days late of at most 6 days",
        "  C: days late of more than 6 days",
    ] == cg.Scorer([axis]).fit(base).lines()
    none = Axis(
        "grade",
        "AB",
        lambda c: -c["days_late"],
        Thresholds((Boundary(0.0, inclusive=False),)),
        falls=["days_late"],
    )
    assert ["  A: –", "  B: days late of at least 0 days"] == cg.Scorer([none]).fit(base).lines()[1:]


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (-0.0, "0"),
        (0.25, "0.25"),
        (999.4567, "999.457"),
        (1000.0, "1000"),
        (1234.5, "1234.5"),
        (-123456.78, "-123,456.78"),
        (1e6, "1,000,000"),
        (999_999_999_999_999.5, "999,999,999,999,999.50"),
        (1e15, "1e+15"),
    ],
)
def test_a_notice_gives_amounts_in_full(score: float, text: str) -> None:
    """From a thousand on, up to what float64 knows cents of, a score of a notice isn't cut to six digits."""
    assert f"two customers share the score {text}" == str(ScoreNotice("two customers share the score", score))


@settings(max_examples=60, deadline=None)
@given(
    profits=st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=30),
    factor=st.sampled_from([1.0, -1.0, 2.0, -0.5]),
    summand=st.sampled_from([0.0, 100.0, -7.0]),
    ties=st.sampled_from(["mid", "better", "worse"]),
)
def test_the_line_of_a_customer_is_met_by_the_customer(
    profits: list[float], factor: float, summand: float, ties: str
) -> None:
    """Read back from its words, each line holds for those with its label, and not for those in a worse one."""
    cut = Shares(("1/4", "1/4", "1/2"), ties=ties)  # type: ignore[arg-type]  # one of three
    axis = Axis("grade", "ABC", lambda c: c["profit"] * factor + summand, cut)
    base = base_of(profit=profits)
    model, graded = cg.Scorer([axis]).fit_grade(base)
    tests = {}
    for line in model.lines()[1:]:
        label, _, text = line.strip().partition(": ")
        if text != "–":
            how, value = re.findall(r"(at least|at most|more than|less than) (-?[\d,.]+) EUR", text)[0]
            holds = {
                "at least": np.greater_equal,
                "at most": np.less_equal,
                "more than": np.greater,
                "less than": np.less,
            }
            tests[label] = (holds[how], float(value.replace(",", "")))
    for profit, label in zip(profits, graded.grades.tolist(), strict=True):
        holds, at = tests[label]
        assert holds(profit, at)
        for better in "ABC"[: "ABC".index(label)]:
            assert better not in tests or not tests[better][0](profit, tests[better][1])


def test_lines_of_every_kind_of_scheme() -> None:
    """Points of a scorecard with their weights, floors, classes within each size, and any other score."""
    base = base_of(
        revenue=[100.0, 90.0, 10.0, 5.0], profit=[10.0, 45.0, 1.0, 4.0], orders=[2.0, 1.0, 1.0, 1.0], returns=[0.0] * 4
    )
    card = Scorecard([Criterion("revenue", Linear(0, 100), 3), Criterion("orders", Linear(0, 4), 1)])
    assert [
        "graded by points for revenue 75 %, orders 25 % (highest first)",
        "  A: at least 75 of 100 points",
        "  B: at least 50 of 100 points",
        "  C: at least 25 of 100 points",
        "  D: less than 25 of 100 points",
    ] == card.scorer().fit(base).lines()
    floors = Checklist(
        [Floor("revenue", 50), Floor("returns", 3, "lowest"), Floor("margin", Quantile("margin", "0.5"))]
    )
    assert [
        "graded by how many floors are missed",
        "  meets: none missed",
        "  near: at most 1 missed",
        "  below: 2 or more missed",
        "  floor: revenue of at least 50.00 EUR",
        "  floor: returns of at most 3.00 EUR",
        "  floor: margin of at least 50 %, proposed from the data",
    ] == floors.scorer().fit(base).lines()
    half = ["1/2", "1/2"]
    nested = cg.scorer("matrix3x3", sizes=["Large", "Small"], size_at=half, levels=["High", "Low"], level_at=half)
    assert [
        "revenue graded by revenue (highest first)",
        "  Large: revenue of at least 90.00 EUR",
        "  Small: revenue of less than 90.00 EUR",
        "profitability graded by margin (highest first), within each revenue",
        "  Large: High at least 50 %; Low less than 50 %",
        "  Small: High at least 80 %; Low less than 80 %",
    ] == nested.fit(base).lines()
    other = Axis("grade", "AB", lambda c: c["revenue"] * c["orders"], Thresholds((150.0,)))
    assert ["graded by a score of revenue and orders (highest first)", "  A: at least 150", "  B: less than 150"] == (
        cg.Scorer([other]).fit(base).lines()
    )
    untraced = Axis("grade", "AB", lambda c: c["revenue"], Thresholds((50.0,)), traceable=False, needs=["revenue"])
    assert "graded by a score of revenue (highest first)" == cg.Scorer([untraced]).fit(base).lines()[0]


def test_lines_of_a_saved_model_are_the_same(tmp_path: Path) -> None:
    """Whether a model was just fitted or loaded, its lines read the same."""
    path = tmp_path / "m.json"
    base = base_of(profit=[1234.56, 900.0, 50.0, 20.0, 1.0, -5.0])
    model = cg.scorer("abcde").fit(base)
    model.save(path)
    assert model.lines() == cg.load_model(path).lines()
