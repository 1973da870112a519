"""What moves a customer up: by hand, by trying every value, and what is said about it."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError, SourceError
from custgrade.plugins import Axis, Criterion, Linear, Percentile, Rating, Scorecard, Shares, Steps, Thresholds
from custgrade.testing import ContractBrokenError
from custgrade.testing.checks import ways_up as checks
from custgrade.testing.subject import Subject
from custgrade.ways_up.summary import WaysSummary


def base_of(**columns: Any) -> cg.CustomerBase:
    """Customers c0, c1 … with these fields."""
    size = len(next(iter(columns.values())))
    return cg.CustomerBase([f"c{k}" for k in range(size)], columns)


def card(*criteria: Criterion, **rest: Any) -> cg.GradingModel:
    """A scorecard's model, which learns nothing from the base it is fitted on."""
    fields = {criterion.field: [1.0, 2.0] for criterion in criteria}
    return Scorecard(criteria, **rest).scorer().fit(base_of(**fields))


def told(ways: cg.WaysUp, row: int = 0) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """The grade to reach and the fields with the values to reach, for one customer."""
    return [(label, tuple((move.field.name, move.to) for move in moves)) for _, label, moves in ways.moves(row)]


def test_thresholds_by_hand() -> None:
    """A profit of 99.995 is 0.01 below 100, to the next whole cent; on 100 one is up, and A needs 200."""
    axis = Axis("grade", "ABC", lambda c: c["profit"], Thresholds((200.0, 100.0)), rises=["profit"])
    model = cg.Scorer([axis]).fit(base_of(profit=[1.0]))
    ways = cg.way_up(model, base_of(profit=[99.995, 100.0, 200.0, math.nan, -5.0]), on="2026-01-01")
    assert [100.0, 200.0] == ways.axes["grade"].to["profit"][:2].tolist()
    assert np.isnan(ways.axes["grade"].to["profit"][2:4]).all()
    assert [1, 0, 255, 255, 1] == ways.axes["grade"].next.tolist()
    assert [("B", (("profit", 100.0),))] == told(ways, 4)


def test_a_boundary_that_is_not_reached_by_equality_takes_a_step_more() -> None:
    """Where equal customers went down, the boundary is exclusive, and reaching it takes a cent more than it says."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Shares(("0.5", "0.5"), ties="worse"), rises=["profit"])
    base = base_of(profit=[5.0, 3.0, 3.0, 1.0])
    model = cg.Scorer([axis]).fit(base)
    assert [math.isnan(v) or v for v in cg.way_up(model, base, on="2026-01-01").axes["grade"].to["profit"]] == [
        True,
        3.01,
        3.01,
        3.01,
    ]


def test_a_scorecard_by_hand() -> None:
    """(60 − 30) / 60 of full marks is 50 points: 75 needs 15 days late; a rating of 3 is 50 points, and needs 4."""
    model = card(Criterion("days_late", Linear(60, 0)), Criterion("enjoyable", Rating()))
    ways = cg.way_up(model, base_of(days_late=[30.0], enjoyable=[3.0]), on="2026-01-01")
    assert [("A", (("days_late", 0.0),)), ("A", (("enjoyable", 5.0),))] == told(ways)
    ways = cg.way_up(model, base_of(days_late=[28.4], enjoyable=[4.0]), on="2026-01-01")
    assert [("A", (("days_late", 15.0),)), ("A", (("enjoyable", 5.0),))] == told(ways)


def test_two_fields_where_one_is_not_enough() -> None:
    """From 0 points in two criteria, 75 takes all of the first and half of the other."""
    model = card(
        Criterion("days_late", Linear(60, 0)),
        Criterion("enjoyable", Rating()),
        labels="AB",
        cut=Thresholds((75,)),
    )
    ways = cg.way_up(model, base_of(days_late=[60.0], enjoyable=[1.0]), on="2026-01-01")
    assert [("A", (("days_late", 0.0), ("enjoyable", 3.0)))] == told(ways)
    assert "Lower days late by 60 days to 0 days and raise enjoyable by 2.0 to 3.0 to reach A." == ways.sentences(0)[0]


def test_nobody_has_two_pairs() -> None:
    """Whichever of two fields gains more, both together are one way up of a customer, found once."""
    axis = Axis(
        "grade",
        "AB",
        lambda c: c["enjoyable"] + c["needs_met"],
        Thresholds((10.0,)),
        rises=["enjoyable", "needs_met"],
    )
    base = base_of(enjoyable=[2.0, 3.0], needs_met=[3.0, 2.0])
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert [0, 1] == sorted(ways.axes["grade"].pairs.rows.tolist())


@pytest.mark.parametrize(
    ("names", "rating", "pairs"),
    [(("enjoyable", "effort"), 1.0, 2), (("enjoyable", "effort"), 5.0, 0), (("enjoyable",), 5.0, None)],
)
def test_a_summary_counts_pairs_where_there_are_two_fields(
    names: tuple[str, ...], rating: float, pairs: int | None
) -> None:
    """Parts are added up; nobody's having a pair is said as 0, and a single field makes none."""
    model = card(*(Criterion(name, Rating()) for name in names), labels="AB", cut=Thresholds((75,)))
    summary = WaysSummary()
    for _ in range(2):
        summary.add(cg.way_up(model, base_of(**{name: [rating, 5.0] for name in names}), on="2026-01-01"))
    found = summary.axes()["grade"]
    assert (4, 0, pairs) == (found.graded, found.ungraded, found.pairs)


def test_nobody_is_sent_to_a_value_out_of_bounds() -> None:
    """A rating of −3, which no rating is, goes up to the least one there is, although 0 would be enough."""
    axis = Axis("grade", "AB", lambda c: c["enjoyable"], Thresholds((0.0,)), rises=["enjoyable"])
    base = base_of(enjoyable=[-3.0, -0.5])
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert [1.0, 1.0] == ways.axes["grade"].to["enjoyable"].tolist()


@pytest.mark.parametrize("reverse", [False, True])
def test_the_nearest_of_several_values_is_told(reverse: bool) -> None:
    """Of values on either side that reach it, the nearest one is the way, in whatever order a score has them."""
    bands = [(-30.0, -29.0), (10.0, 12.0), (30.0, 31.0), (-8.0, -7.0)]

    def score(c: Any) -> Any:
        inside = 0.0
        for low, high in reversed(bands) if reverse else bands:
            inside = inside + np.where((c["profit"] >= low) & (c["profit"] < high), 1.0, 0.0)
        return inside

    axis = Axis("grade", "AB", score, Thresholds((1.0,)))
    base = base_of(profit=[0.0, 2.0, 15.0, 25.0])
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert [-7.01, 10.0, 11.99, 30.0] == ways.axes["grade"].to["profit"].tolist()


def test_none_is_possible() -> None:
    """Where not even two fields at their best are enough, that is said."""
    names = ("enjoyable", "effort", "promptness")
    model = card(*(Criterion(name, Rating()) for name in names), labels="AB", cut=Thresholds((75,)))
    ways = cg.way_up(model, base_of(**{name: [1.0] for name in names}), on="2026-01-01")
    assert [] == told(ways)
    assert not ways.axes["grade"].possible.any()
    none = "No change of one or two fields that can be influenced reaches a better grade."
    assert [none, "This holds from 2026-01-01 to 2026-04-01."] == ways.sentences(0)


def test_fields_that_nobody_can_change_are_named() -> None:
    """Of two fields one could be raised, but not far enough."""
    axis = Axis(
        "grade",
        "AB",
        lambda c: c["effort"] - c["recency"],
        Thresholds((0.0,)),
        rises=["effort"],
        falls=["recency"],
    )
    base = base_of(effort=[1.0], recency=[200.0])
    assert [
        "No change of one or two fields that can be influenced reaches a better grade.",
        "Recency can't be influenced, so no change of it was tried.",
        "This holds from 2026-01-01 to 2026-04-01.",
    ] == cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01").sentences(0)


def test_a_grade_by_time_alone_is_explained_as_its_way_up_is() -> None:
    """Nobody can act on recency: the explanation gives no advice, and the way up says why there is none."""
    axis = Axis("grade", "AB", lambda c: -c["recency"], Thresholds((-30.0,)), falls=["recency"])
    base = base_of(recency=[10.0, 200.0])
    model = cg.Scorer([axis]).fit(base)
    assert [
        "No field that this grade depends on can be influenced: recency.",
        "This holds from 2026-01-01 to 2026-04-01.",
    ] == cg.way_up(model, base, on="2026-01-01").sentences(1)
    assert ["Your last order was 200 days ago; our best customers usually ordered 10 days ago."] == cg.explain(
        model, base
    ).sentences(1)


NON_ADDITIVE: dict[str, tuple[Any, float]] = {
    "the least of three": (lambda c: np.minimum(c["needs_met"], np.minimum(c["effort"], c["promptness"])), 4),
    "all of three": (
        lambda c: np.where((c["needs_met"] >= 4) & (c["effort"] >= 4) & (c["promptness"] >= 4), 1.0, 0.0),
        1,
    ),
    "a product and a trap": (
        lambda c: np.maximum(c["effort"] - 3, 0) * np.maximum(c["promptness"] - 3, 0) + 0.01 * c["needs_met"],
        2,
    ),
}


@pytest.mark.parametrize("name", NON_ADDITIVE)
def test_a_pair_is_found_by_trying_all(name: str) -> None:
    """Scores that aren't sums: whoever has no way in one field has one in two iff all values of two fields say so."""
    score, boundary = NON_ADDITIVE[name]
    fields = ["needs_met", "effort", "promptness"]
    axis = Axis("grade", "AB", score, Thresholds((boundary,)), rises=fields)
    model = cg.Scorer([axis]).fit(base_of(**{field: [3.0] for field in fields}))
    every = [(a, b, c) for a in (1.0, 2.5, 4.0, 5.0) for b in (1.0, 2.0, 4.5, 5.0) for c in (2.0, 3.5, 5.0)]
    base = base_of(**{field: [row[k] for row in every] for k, field in enumerate(fields)})
    ways = cg.way_up(model, base, on="2026-01-01")
    for row, values in enumerate(every):
        customer = dict(zip(fields, values, strict=True))

        def reaches(*moved: str, customer: dict[str, float] = customer) -> bool:
            return model.grade_one(customer | dict.fromkeys(moved, 5.0)).grade == "A"

        if reaches():
            assert [] == told(ways, row)
        elif any(reaches(field) for field in fields):
            assert {1} == {len(moves) for _, moves in told(ways, row)}
        else:
            possible = any(reaches(*(field for field in fields if field != other)) for other in fields)
            assert possible == (len(told(ways, row)) == 1)


@pytest.mark.parametrize("value", [-1e300, -2e14, -1e15, 1e15, -math.inf, math.inf, 5e-324])
@pytest.mark.parametrize("boundary", [-1e14, 0.0, 2e12, 1e300])
def test_huge_amounts_come_to_an_end(value: float, boundary: float) -> None:
    """Whatever the amounts, there is a way that holds or none."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((boundary,)), rises=["profit"])
    model = cg.Scorer([axis]).fit(base_of(profit=[1.0]))
    ways = cg.way_up(model, base_of(profit=[value]), on="2026-01-01")
    to = float(ways.axes["grade"].to["profit"][0])
    assert math.isnan(to) or model.grade_one({"profit": to}).grade == "A"
    assert all(len(text) < 100 for text in ways.sentences(0))


def test_infinite_values_are_no_way_and_no_warning() -> None:
    """Customers whose fields or scores are infinite come out without a way, beside others who have one."""
    axis = Axis("grade", "AB", lambda c: c["profit"] * c["revenue"], Thresholds((1e6,)), rises=["profit", "revenue"])
    model = cg.Scorer([axis]).fit(base_of(profit=[1.0], revenue=[1.0]))
    base = base_of(profit=[math.inf, -math.inf, 10.0, 0.0], revenue=[math.inf, 1.0, 100.0, math.nan])
    ways = cg.way_up(model, base, on="2026-01-01")
    assert [("A", (("profit", 10000.0),)), ("A", (("revenue", 100000.0),))] == told(ways, 2)
    assert [[], []] == [told(ways, row) for row in (0, 3)]


def test_positions_that_dont_exist_are_refused() -> None:
    """A customer is asked for by a position from 0 on."""
    model = card(Criterion("enjoyable", Rating()))
    ways = cg.way_up(model, base_of(enjoyable=[1.0, 2.0]), on="2026-01-01")
    assert ways.sentences(1) == ways.sentences(np.int64(1))  # type: ignore[arg-type]
    for wrong in (2, -1, "0", 1.0, None, True):
        with pytest.raises(FieldError, match="a whole number from 0 to 1; received"):
            ways.sentences(wrong)  # type: ignore[arg-type]


def test_what_nobody_can_act_on_is_not_moved() -> None:
    """Tenure counts, but nobody can make a customer older."""
    model = card(Criterion("tenure", Linear(0, 1000)), Criterion("enjoyable", Rating()))
    ways = cg.way_up(model, base_of(tenure=[400.0], enjoyable=[3.0]), on="2026-01-01")
    assert ("enjoyable",) == ways.axes["grade"].fields


def test_steps_and_percentiles() -> None:
    """Points in steps are reached at their step, percentiles at the value that a better percentile begins with."""
    steps = card(Criterion("orders", Steps({0: 0, 3: 40, 10: 80, 20: 100})))
    ways = cg.way_up(steps, base_of(orders=[0.0, 4.0, 12.0]), on="2026-01-01")
    assert [3.0, 10.0] == ways.axes["grade"].to["orders"][:2].tolist()
    base = base_of(profit=np.arange(1000.0))
    model = Scorecard([Criterion("profit", Percentile("profit"))]).scorer().fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    grades = model.grade(base).grades
    first = {label: float(np.flatnonzero(grades == label)[0]) for label in "ABC"}
    assert {first["A"]} == set(ways.axes["grade"].to["profit"][grades == "B"].tolist())
    assert {first["C"]} == set(ways.axes["grade"].to["profit"][grades == "D"].tolist())


CENTS = st.integers(-300, 300).map(lambda k: k / 100)


@given(
    rows=st.lists(st.tuples(CENTS, st.integers(0, 6), st.integers(2, 10)), min_size=1, max_size=6),
    boundary=st.floats(-4, 4),
    opaque=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_the_first_value_that_is_enough_is_found_by_trying_all(
    rows: list[tuple[float, int, int]], boundary: float, opaque: bool
) -> None:
    """A score of quotients, products and steps: every value of the grid is tried, traced or not."""

    def score(c: Any) -> Any:
        return np.where(c["enjoyable"] >= 3.0, c["share_of_wallet"] * c["enjoyable"], c["share_of_wallet"] / 2.0)

    fields = ["share_of_wallet", "enjoyable"]
    rest: dict[str, Any] = {"traceable": False, "needs": fields} if opaque else {}
    axis = Axis("grade", "AB", score, Thresholds((boundary,)), rises=fields, **rest)
    model = cg.Scorer([axis]).fit(base_of(share_of_wallet=[0.5], enjoyable=[3.0]))
    base = base_of(
        share_of_wallet=[min(1.0, abs(cents) / 3) for cents, _, _ in rows], enjoyable=[half / 2 for _, _, half in rows]
    )
    found = cg.way_up(model, base, on="2026-01-01").axes["grade"]
    grids = {"share_of_wallet": [k / 100 for k in range(101)], "enjoyable": [1 + k / 2 for k in range(9)]}
    for row in range(len(base)):
        customer = {name: float(base.columns[name][row]) for name in fields}
        for name, grid in grids.items():
            ahead = [value for value in grid if value > customer[name]]
            enough = [v for v in ahead if model.grade_one(customer | {name: v}).grade == "A"]
            expected = enough[0] if enough and model.grade_one(customer).grade == "B" else math.nan
            assert expected == pytest.approx(float(found.to[name][row]), abs=0, nan_ok=True)


def test_a_nested_axis_stays_within_its_parents_class() -> None:
    """A matrix has ways on both axes; that of profitability is to the next level of the same size."""
    draw = np.random.default_rng(4)
    base = base_of(revenue=np.round(draw.lognormal(5, 1, 300), 2), profit=np.round(draw.normal(50, 40, 300), 2))
    model = cg.scorer("matrix3x3", profitability="profit").fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    before = model.grade(base)
    for axis, field in (("revenue", "revenue"), ("profitability", "profit")):
        to = ways.axes[axis].to[field]
        rows = np.flatnonzero(np.isfinite(to))
        after = model.grade(base.take(rows).with_columns(**{field: to[rows]}))
        assert (before.codes[axis][rows] - 1 == after.codes[axis]).all()
        assert len(rows) == int((before.codes[axis] > 0).sum())
        if axis == "profitability":
            assert np.array_equal(before.codes["revenue"][rows], after.codes["revenue"])
    assert {"revenue_revenue_grade", "revenue_revenue_to", "profitability_profit_change"} <= set(ways.columns())


def test_columns_hold_what_is_told() -> None:
    """The flat columns are equally long, and hold labels, values, changes and pairs."""
    model = card(Criterion("days_late", Linear(60, 0)), Criterion("enjoyable", Rating()))
    base = base_of(days_late=[60.0, 30.0, 0.0, math.nan], enjoyable=[1.0, 3.0, 5.0, math.nan])
    columns = cg.way_up(model, base, on="2026-01-01").columns()
    assert ["C", "A", "", ""] == columns["days_late_grade"].tolist()
    assert [30.0, 0.0] == columns["days_late_to"][:2].tolist()
    assert [-30.0, -30.0] == columns["days_late_change"][:2].tolist()
    assert ["", "", "", ""] == columns["first"].tolist()
    assert {4} == {len(column) for column in columns.values()}


def test_quotes_have_a_date_and_an_end() -> None:
    """The date is the base's as-of date or one that is given, and the quote expires so many days later."""
    model = card(Criterion("enjoyable", Rating()))
    base = base_of(enjoyable=[1.0])
    dated = cg.CustomerBase(["c0"], {"enjoyable": [1.0]}, period=cg.Period("2025-12-31", "2025-01-01", "2025-12-31"))
    assert dt.date(2026, 3, 31) == cg.way_up(model, dated).expires
    ways = cg.way_up(model, base, on="2026-01-31", valid="1d")
    assert (dt.date(2026, 1, 31), dt.date(2026, 2, 1)) == (ways.on, ways.expires)
    assert "This holds from 2026-01-31 to 2026-02-01." == ways.sentences(0)[-1]
    with pytest.raises(SourceError, match='Give on="2026-01-31"'):
        cg.way_up(model, base)
    for wrong in ({"on": "tomorrow"}, {"on": "2026-01-01", "valid": -1}, {"on": "9999-12-31", "valid": 9}):
        with pytest.raises(SourceError):
            cg.way_up(model, base, **wrong)


def test_wrong_arguments_are_refused_in_words() -> None:
    """A scorer in place of a model, a frame in place of a base, a base without the field."""
    model = card(Criterion("enjoyable", Rating()))
    with pytest.raises(FieldError, match="takes a fitted model; received a Scorer"):
        cg.way_up(cg.scorer("abcde"), base_of(enjoyable=[1.0]), on="2026-01-01")
    with pytest.raises(FieldError, match="takes a CustomerBase"):
        cg.way_up(model, {"enjoyable": [1.0]}, on="2026-01-01")
    with pytest.raises(FieldError, match="enjoyable"):
        cg.way_up(model, base_of(profit=[1.0]), on="2026-01-01")


def test_nobody_has_no_way() -> None:
    """A base without customers gives empty columns."""
    model = card(Criterion("enjoyable", Rating()))
    ways = cg.way_up(model, base_of(enjoyable=[]), on="2026-01-01")
    assert 0 == len(ways)
    assert {0} == {len(column) for column in ways.columns().values()}


def test_sentences_for_the_best_and_the_ungraded() -> None:
    """Who is in the best class hears so, and who is ungraded hears why."""
    model = card(Criterion("enjoyable", Rating()))
    ways = cg.way_up(model, base_of(enjoyable=[5.0, math.nan]), on="2026-01-01")
    assert ["This is the best grade."] == ways.sentences(0)
    assert ["Not graded, because this isn't known: enjoyable."] == ways.sentences(1)


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_kit_catches_a_way_that_is_a_step_off(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way up that is one cent too short, or one too long, breaks the kit's check."""
    real = checks.way_up

    def wrong(*given: Any, **named: Any) -> cg.WaysUp:
        ways = real(*given, **named)
        for axis in ways.axes.values():
            for column in axis.to.values():
                column.flags.writeable = True
                column += steps * 0.01
        return ways

    monkeypatch.setattr(checks, "way_up", wrong)
    with pytest.raises(ContractBrokenError, match="a way up leads up"):
        checks.a_way_up_leads_up_in_samples(Subject(lambda: cg.scorer("abcde")))


def test_what_is_counted_by_days_or_is_yes_or_no_is_said_so() -> None:
    """One day is a day, and a field of 0/1 is turned into yes."""
    days = Axis("grade", "AB", lambda c: -c["days_late"], Thresholds((-1.0,)), falls=["days_late"])
    base = base_of(days_late=[2.0])
    told = cg.way_up(cg.Scorer([days]).fit(base), base, on="2026-01-01").sentences(0)
    assert "Lower days late by 1 day to 1 day to reach A." == told[0]
    consent = Axis("grade", "AB", lambda c: c["consent"], Thresholds((1.0,)), rises=["consent"])
    base = base_of(consent=[0.0])
    told = cg.way_up(cg.Scorer([consent]).fit(base), base, on="2026-01-01").sentences(0)
    assert "Turn consent into yes to reach A." == told[0]


def test_a_change_of_decimals_is_a_decimal() -> None:
    """120.48 less 0 point something is stated with as many decimals as it has."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((130.48,)), rises=["profit"])
    base = base_of(profit=[10.0, 130.0, 0.1])
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert [120.48, 0.48, 130.38] == ways.columns()["profit_change"].tolist()


def test_a_class_that_nobody_was_in_is_passed_over() -> None:
    """The next class may leave customers ungraded if it was empty when the model was fitted; the one above counts."""
    ratings = {"price_level": [1.0] * 6, "effort": [1.5] * 6, "promptness": [1.0] * 6}
    base = cg.CustomerBase([f"c{k}" for k in range(6)], {"revenue": [0.0, 0.03, 0.0, 0.0, 0.03, 0.03], **ratings})
    model = cg.scorer("matrix3x3", profitability="estimate").fit(base)
    assert ["", "Large/Mid"] == [
        model.grade_one({"revenue": r, "price_level": 1, "effort": 1.5, "promptness": 1}).grade for r in (0.01, 0.03)
    ]
    ways = cg.way_up(model, base, on="2026-01-01")
    assert "Raise revenue by 0.03 to 0.03 to reach Large/Mid." == ways.sentences(0)[0]
