"""Sentences, columns and summaries of ways up, word by word and count by count."""

from __future__ import annotations

import datetime as dt
import math
import threading
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.data.field import Field
from custgrade.errors import FieldError, SourceError
from custgrade.plugins import Axis, Criterion, Evidence, Rating, Scorecard, Thresholds
from custgrade.ways_up.summary import FieldSummary, WaysSummary
from custgrade.ways_up.ways_up import Quote
from custgrade.ways_up.wording import Move, amount, sentence

PROFIT = Field("profit", "money")


@pytest.mark.parametrize(
    ("field", "value", "to", "said"),
    [
        (PROFIT, 10.0, 1250.5, "raise profit by 1,240.50 EUR to 1,250.50 EUR"),
        (PROFIT, 0.0, 5.0, "raise profit by 5.00 EUR to 5.00 EUR"),
        (PROFIT, 9.0, 0.0, "lower profit by 9.00 EUR to 0.00 EUR"),
        (PROFIT, -9.0, 0.0, "reduce the loss by 9.00 EUR to 0.00 EUR"),
        (PROFIT, -9.0, -2.5, "reduce the loss by 6.50 EUR to 2.50 EUR"),
        (PROFIT, -2.5, -9.0, "let the loss grow by 6.50 EUR to 9.00 EUR"),
        (PROFIT, 0.0, -9.0, "let the loss grow by 9.00 EUR to 9.00 EUR"),
        (PROFIT, -9.0, 0.5, "turn the loss of 9.00 EUR into a profit of 0.50 EUR"),
        (PROFIT, 0.5, -9.0, "turn the profit of 0.50 EUR into a loss of 9.00 EUR"),
        (Field("revenue", "money"), -9.0, -2.0, "raise revenue by 7.00 EUR to minus 2.00 EUR"),
        (Field("revenue", "money"), -9.0, 0.0, "raise revenue by 9.00 EUR to 0.00 EUR"),
        (Field("days_late", "days", resolution=1.0), 3.0, 1.0, "lower days late by 2 days to 1 day"),
        (Field("days_late", "days", resolution=1.0), 3.0, 2.0, "lower days late by 1 day to 2 days"),
        (Field("effort", "hours", resolution=0.5), 2.0, 1.0, "lower effort by 1.0 hour to 1.0 hour"),
        (Field("orders", "count", resolution=1.0), 1.0, 1500.0, "raise orders by 1,499 to 1,500"),
        (Field("consent", "0/1", resolution=1.0), 0.0, 1.0, "turn consent into yes"),
        (Field("consent", "0/1", resolution=1.0), 1.0, 0.0, "turn consent into no"),
    ],
)
def test_a_move_in_words(field: Field, value: float, to: float, said: str) -> None:
    """Alone it begins the sentence, and beside another move it follows `and`."""
    move, orders = Move(field, value, to), Move(Field("orders", "count", resolution=1.0), 4.0, 5.0)
    assert to - value == move.change
    assert f"{said[0].upper()}{said[1:]} to reach A." == sentence("A", [move], "EUR")
    assert f"Raise orders by 1 to 5 and {said} to reach B/C." == sentence("B/C", [orders, move], "EUR")
    assert said.replace(" EUR", "") in sentence("A", [orders, move])


@pytest.mark.parametrize(
    ("resolution", "value", "shown"),
    [
        (0.01, 1234.5, "1,234.50"),
        (1.0, 1234.5, "1,234"),
        (10.0, 1230.0, "1,230"),
        (0.5, 2.0, "2.0"),
        (0.001, 0.0, "0.000"),
        (0.01, 0.004, "0.004"),
        (0.01, 0.005001, "0.01"),
        (1.0, 0.25, "0.2"),
        (1.0, 0.0, "0"),
        (0.01, 999_999_999_999_999.0, "999,999,999,999,999.00"),
        (0.01, 1e15, "1e+15"),
        (0.01, -1.23456e18, "-1.235e+18"),
    ],
)
def test_amounts(resolution: float, value: float, shown: str) -> None:
    """The decimals of the resolution, the first digit of what would be shown as 0, and four digits of huge amounts."""
    assert shown == amount(Field("f", "", resolution=resolution), value)


def ways_of(own: str | None = None, fitted: str | None = None, **columns: Any) -> cg.WaysUp:
    """Ways up by profit and orders: 100 or 200 of profit, each order counting 10."""
    axis = Axis("grade", "ABC", lambda c: c["profit"] + 10.0 * c["orders"], Thresholds((200.0, 100.0)), ["profit"])
    model = cg.Scorer([axis]).fit(cg.CustomerBase(["x"], {"profit": [1.0], "orders": [1.0]}, currency=fitted))
    size = len(next(iter(columns.values())))
    base = cg.CustomerBase([f"c{k}" for k in range(size)], columns, currency=own)
    return cg.way_up(model, base, on="2026-01-01")


@pytest.mark.parametrize(
    ("fitted", "own", "said"),
    [("USD", None, " USD"), (None, "EUR", " EUR"), ("EUR", "EUR", " EUR"), (None, None, "")],
)
def test_the_currency_of_sentences(fitted: str | None, own: str | None, said: str) -> None:
    """It is that of the base, or else that of the base that the model was fitted on, or none."""
    ways = ways_of(own, fitted, profit=[90.0], orders=[0.0])
    assert f"Raise profit by 10.00{said} to 100.00{said} to reach B." == ways.sentences(0)[0]


def test_columns_of_one_axis() -> None:
    """Values, changes to six decimals, and grades; what a customer can't reach is NaN or empty."""
    ways = ways_of(profit=[90.1, 250.0, -math.inf, math.nan], orders=[0.0, 0.0, 0.0, 1.0])
    columns = ways.columns()
    assert ["profit_to", "profit_change", "profit_grade", "orders_to", "orders_change", "orders_grade"] == [
        name for name in columns if not name.startswith(("first", "second", "pair"))
    ]
    assert ["first", "first_to", "second", "second_to", "pair_grade"] == list(columns)[6:]
    assert (100.0, 9.9, "B") == tuple(columns[f"profit_{part}"][0] for part in ("to", "change", "grade"))
    assert (1.0, 1.0, "B") == tuple(columns[f"orders_{part}"][0] for part in ("to", "change", "grade"))
    for row in (1, 2, 3):
        assert "" == columns["profit_grade"][row] == columns["pair_grade"][row] == columns["first"][row]
        assert np.isnan([columns[name][row] for name in columns if name.endswith(("_to", "_change"))]).all()
    assert {"customer_id", *columns} < set(ways.to_dict())
    assert ["c0", "c1", "c2", "c3"] == ways.to_dict()["customer_id"].tolist()
    assert "<WaysUp: 4 customers, possible on grade 1, until 2026-04-01>" == repr(ways)
    answers = ways.answer_columns()
    assert ["on", "expires"] == list(answers)[-2:]
    assert 4 == len(ways)


def test_moves_of_a_customer() -> None:
    """Each way has its axis, its grade and its moves; a customer without one has none."""
    ways = ways_of(profit=[90.0, 250.0, 170.0], orders=[0.0, 0.0, 0.0])
    found = [
        [
            (axis, grade, [(move.field.name, move.value, move.to) for move in moves])
            for axis, grade, moves in ways.moves(row)
        ]
        for row in range(3)
    ]
    assert [("grade", "B", [("profit", 90.0, 100.0)]), ("grade", "B", [("orders", 0.0, 1.0)])] == found[0]
    assert [] == found[1]
    assert [("grade", "A", [("profit", 170.0, 200.0)]), ("grade", "A", [("orders", 0.0, 3.0)])] == found[2]
    with pytest.raises(FieldError):
        list(ways.moves(3))
    assert ["This is the best grade."] == ways.sentences(1)


def test_fields_that_nobody_defined_are_moved_by_cents() -> None:
    """A score may read a field that has no definition."""
    axis = Axis("grade", "AB", lambda c: c["stars"], Thresholds((2.0,)), rises=["stars"])
    base = cg.CustomerBase(["a"], {"stars": [1.5]}, extra_fields=[Field("stars", "")])
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert "Raise stars by 0.50 to 2.00 to reach A." == ways.sentences(0)[0]


def test_why_there_is_no_way() -> None:
    """One field or several that nobody can change are named, beside others or alone."""
    cases: dict[str, Any] = {
        "No field that this grade depends on can be influenced: tenure and recency.": lambda c: (
            c["tenure"] - c["recency"]
        ),
        "Tenure and recency can't be influenced, so no change of them was tried.": lambda c: (
            c["tenure"] - c["recency"] + c["effort"]
        ),
        "Recency can't be influenced, so no change of it was tried.": lambda c: c["effort"] - c["recency"],
        "No change of a single field that can be influenced reaches a better grade.": lambda c: c["effort"] - 9.0,
    }
    base = cg.CustomerBase(["a"], {"recency": [300.0], "tenure": [10.0], "effort": [1.0]})
    for said, score in cases.items():
        ways = cg.way_up(cg.Scorer([Axis("grade", "AB", score, Thresholds((0.0,)))]).fit(base), base, on="2026-01-01")
        *sentences, until = ways.sentences(0)
        assert "This holds from 2026-01-01 to 2026-04-01." == until
        assert said == sentences[-1]
        tried = "can be influenced:" not in said
        assert [tried] == [sentences[0].startswith("No change of a single field")]


def rated(*ratings: tuple[float, float]) -> cg.WaysUp:
    """Ways up by two ratings of equal weight, of customers who need 75 points for the better grade."""
    names = ("enjoyable", "effort")
    card = Scorecard([Criterion(name, Rating()) for name in names], "AB", Thresholds((75,)), coverage=1)
    model = card.scorer().fit(cg.CustomerBase(["x"], {name: [1.0] for name in names}))
    columns = {name: [one[k] for one in ratings] for k, name in enumerate(names)}
    return cg.way_up(model, cg.CustomerBase(range(len(ratings)), columns), on="2026-01-01")


def test_a_summary_adds_up_parts() -> None:
    """Counts and lower medians over all parts, fields with most customers first, and pairs."""
    summary = WaysSummary()
    # 75 points are a sum of 8: by enjoyable alone 3, by effort alone 4 or 3, by both only
    summary.add(rated((4.0, 3.0), (5.0, 2.5), (1.0, 1.0), (math.nan, 2.0)))
    summary.add(rated((5.0, 1.0), (5.0, 5.0), (5.0, 2.0)))
    (name, found), *others = summary.axes().items()
    assert ("grade", []) == (name, others)
    assert (6, 1, 5, 5, 1) == (found.graded, found.ungraded, found.below_best, found.possible, found.pairs)
    # effort rises by 1, 0.5, 2 and 1; enjoyable by 1
    assert (FieldSummary("effort", 4, 1.0), FieldSummary("enjoyable", 1, 1.0)) == found.fields
    empty = WaysSummary()
    assert {} == empty.axes()
    empty.add(rated((5.0, 5.0)))
    (alone,) = empty.axes().values()
    assert (1, 0, 0, 0, 0) == (alone.graded, alone.ungraded, alone.below_best, alone.possible, alone.pairs)
    assert [0, 0] == [one.customers for one in alone.fields]
    assert all(math.isnan(one.median_change) for one in alone.fields)


def test_a_quote_finds_the_ways_of_any_customers() -> None:
    """It has its dates, 90 days by default, and gives each thread a finder of its own."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((5.0,)), rises=["profit"])
    base = cg.CustomerBase(["a", "b"], {"profit": [1.0, 9.0]})
    model = cg.Scorer([axis]).fit(base)
    quote = Quote(model, base, "2026-01-01")
    assert (dt.date(2026, 1, 1), dt.date(2026, 4, 1), model) == (quote.on, quote.expires, quote.model)
    found: list[float] = []
    find = lambda: found.append(float(quote.ways_up(model.grade(base)).axes["grade"].to["profit"][0]))
    threads = [threading.Thread(target=find) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    find()
    find()
    assert [5.0] * 4 == found
    assert quote.ways_up(model.grade(base)).expires == quote.expires
    with pytest.raises(SourceError, match="beyond the calendar"):
        Quote(model, base, "9999-12-01", 90)
    with pytest.raises(SourceError, match="no as-of date"):
        Quote(model, base)


def test_evidence_that_is_missing_is_said() -> None:
    """A customer who isn't graded hears why, and one whose axis is ungraded has no way."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((5.0,)), rises=["profit"])
    scorer = cg.Scorer([axis], evidence=[Evidence("fewer than 2 orders", lambda c: c["orders"] >= 2.0)])
    base = cg.CustomerBase(["a", "b"], {"profit": [1.0, 1.0], "orders": [1.0, 3.0]})
    ways = cg.way_up(scorer.fit(base), base, on="2026-01-01")
    assert ["Not graded: fewer than 2 orders."] == ways.sentences(0)
    assert [255, 0] == ways.axes["grade"].next.tolist()
    assert [False, True] == ways.axes["grade"].possible.tolist()
    assert [True, False] == np.isnan(ways.axes["grade"].to["profit"]).tolist()
