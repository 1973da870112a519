"""Why a customer has a grade: by hand, what adds up, where customers stand, and what is said about it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError, NothingToGradeError, ScorerError
from custgrade.plugins import UNGRADED, Axis, Checklist, Criterion, Floor, Linear, Rating, Scorecard, Thresholds
from custgrade.testing import customer_bases

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMES = ("abcd", "abcde", "floors", "matrix3x3", "top10")
FIELDS = ("profit", "revenue", "orders", "days_late", "enjoyable", "challenges_us", "cares_about_us", "product_mix")


def base_of(**columns: Any) -> cg.CustomerBase:
    """Customers c0, c1 … with these fields."""
    size = len(next(iter(columns.values())))
    return cg.CustomerBase([f"c{k}" for k in range(size)], columns)


def example() -> cg.CustomerBase:
    """The 500 customers of the example."""
    base = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31")
    return base.join(cg.read_customers(EXAMPLES / "survey.csv"))


def model_of(score: Any, base: cg.CustomerBase, **rest: Any) -> cg.GradingModel:
    """A model of one axis, A from 10 on and B from 5 on."""
    return cg.Scorer([Axis("grade", "ABC", score, Thresholds((10.0, 5.0)), **rest)]).fit(base)


def parts(explained: cg.Explanations, row: int = 0, axis: str = "grade") -> dict[str, float]:
    """The parts of one customer's score."""
    return {name: float(part[row]) for name, part in explained.axes[axis].parts.items()}


def test_a_scorecard_by_hand() -> None:
    """30 of 40 of the revenue's three quarters, and a rating of 2 of 1 to 5 for the last one: 56.25 + 6.25."""
    card = Scorecard([Criterion("revenue", Linear(0, 40), 3), Criterion("enjoyable", Rating(), 1)])
    base = base_of(revenue=[30.0, 40.0, math.nan], enjoyable=[2.0, math.nan, 5.0])
    explained = cg.explain(card.scorer().fit(base), base)
    axis = explained.axes["grade"]
    assert {"revenue": 56.25, "enjoyable": 6.25} == parts(explained)
    assert [62.5, 100.0, math.nan] == pytest.approx(axis.score.tolist(), nan_ok=True)
    assert [56.25, 100.0, math.nan] == pytest.approx(axis.parts["revenue"].tolist(), nan_ok=True)
    assert [False, True, False] == axis.unknown["enjoyable"].tolist()
    assert (75.0, 12.5, 50.0, 12.5) == (axis.above[0], axis.to_above[0], axis.below[0], axis.to_below[0])
    assert (["revenue"], ["revenue", "enjoyable"]) == (axis.names(axis.best, 0), axis.names(axis.worst, 0))
    assert [
        "Your revenue with us is 30.00; that of our best customers is usually 40.00. "
        "Buying more from us would help most."
    ] == explained.sentences(0)
    assert [
        "Your revenue with us is 40.00; that of our best customers is usually 40.00. Thank you for that.",
        "We don't know this yet: enjoyable.",
    ] == explained.sentences(1)
    assert ["We can't say more yet, because we don't know this: revenue."] == explained.sentences(2)


def test_a_checklist_by_hand() -> None:
    """A missed floor counts −1, a met one nothing, and one that isn't known is unknown."""
    floors = Checklist([Floor("revenue", 100), Floor("days_late", 30, "lowest"), Floor("orders", 2)])
    base = base_of(revenue=[99.0, 100.0], days_late=[31.0, 5.0], orders=[2.0, math.nan])
    explained = cg.explain(floors.scorer().fit(base), base)
    axis = explained.axes["floors"]
    assert {"revenue": -1.0, "days_late": -1.0, "orders": 0.0} == parts(explained, axis="floors")
    assert (["orders"], ["revenue", "days_late"]) == (axis.names(axis.best, 0), axis.names(axis.worst, 0))
    assert math.isnan(axis.parts["orders"][1])


def test_a_sum_is_taken_apart() -> None:
    """Terms are counted with their factors, a derived field as one, and what no field decides stands apart."""

    def score(c: Any) -> Any:
        return (c["revenue"] * 2.0 - c["days_late"]) / 4.0 + 3.0 - (-c["margin"]) + np.minimum(c["revenue"], 1.0)

    base = base_of(revenue=[4.0, 8.0, 2.0], profit=[1.0, 4.0, 1.0], days_late=[8.0, 0.0, 4.0])
    explained = cg.explain(model_of(score, base), base)
    assert {"revenue": 3.0, "days_late": -2.0, "margin": 0.25, "(constant)": 3.0} == parts(explained)
    assert "contributions" == explained.axes["grade"].kind
    assert {"revenue": 4.0, "profit": 1.0, "days_late": 4.0} == dict(explained.reference)
    axis = explained.axes["grade"]
    assert [[], ["revenue", "days_late", "margin"], ["margin"]] == [axis.names(axis.best, row) for row in range(3)]
    assert [["days_late"], [], ["revenue"]] == [axis.names(axis.worst, row) for row in range(3)]


def test_a_score_that_reads_one_field_rests_on_it() -> None:
    """Whatever is done with the only field, all of the score is its contribution."""
    base = base_of(revenue=[4.0, 9.0])
    explained = cg.explain(model_of(lambda c: np.sqrt(c["revenue"]) * c["revenue"], base), base)
    assert ({"revenue": 8.0}, "contributions") == (parts(explained), explained.axes["grade"].kind)


@pytest.mark.parametrize("traceable", [True, False])
def test_other_scores_get_the_effect_of_each_field(traceable: bool) -> None:
    """Of a product, and of what can't be traced: the score less that with the reference's value."""
    base = base_of(revenue=[4.0, 9.0, 5.0], orders=[3.0, 1.0, math.nan])
    rest = {} if traceable else {"traceable": False, "needs": ["revenue", "orders"]}
    model = model_of(lambda c: c["revenue"] * c["orders"], base, **rest)
    explained = cg.explain(model, base, reference={"revenue": 2.0})
    axis = explained.axes["grade"]
    assert ("effects", "the reference") == (axis.kind, axis.against)
    assert {"revenue": 2.0, "orders": 1.0} == dict(explained.reference)
    assert {"revenue": (4.0 - 2.0) * 3.0, "orders": 4.0 * (3.0 - 1.0)} == parts(explained)
    assert np.isnan([*parts(explained, 2).values(), *axis.remainder]).all()
    assert "You placed 3 orders; our best customers usually placed 3 orders. Thank you for that." in (
        explained.sentences(0)
    )


def test_terms_of_two_fields_are_no_sum_and_shared_ones_end() -> None:
    """A product among the terms gives effects; so does a graph that would take forever as a tree."""

    def doubling(c: Any) -> Any:
        x = c["revenue"] + c["orders"]
        for _ in range(60):
            x = x + x
        return x

    base = base_of(revenue=[4.0, 9.0], orders=[3.0, 1.0])
    product = cg.explain(model_of(lambda c: c["revenue"] + c["revenue"] * c["orders"], base), base)
    assert ["effects", "effects"] == [
        explained.axes["grade"].kind for explained in (product, cg.explain(model_of(doubling, base), base))
    ]


def test_a_score_of_ones_own_may_say_what_it_is_made_of() -> None:
    """A class with `contributions` is asked, also when its graph is no sum."""

    class Product:
        def __call__(self, c: Any) -> Any:
            return c["revenue"] * c["orders"]

        def contributions(self, c: Any) -> dict[str, tuple[Any, Any]]:
            return {"revenue": (c["revenue"] * c["orders"], np.full(len(c["orders"]), 20.0))}

    base = base_of(revenue=[4.0, 9.0], orders=[3.0, 1.0])
    explained = cg.explain(model_of(Product(), base), base)
    assert ({"revenue": 12.0}, "full marks") == (parts(explained), explained.axes["grade"].against)


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_contributions_add_up(scheme: str, data: st.DataObject) -> None:
    """For any base, what each field adds comes to the score within 1e-9 of it, and who is ungraded has none."""
    base = data.draw(customer_bases(FIELDS, min_size=1, nasty=False))
    try:
        explained = cg.explain(cg.scorer(scheme).fit(base), base)
    except NothingToGradeError:
        return
    for axis in explained.axes.values():
        total = pd.DataFrame(dict(axis.parts)).sum(axis=1).to_numpy()
        scored = ~np.isnan(axis.score)
        assert (abs(total - axis.score)[scored] <= 1e-9 * abs(axis.score[scored])).all()
        assert (abs(axis.remainder)[scored] <= 1e-9 * abs(axis.score[scored])).all()
        assert np.isnan([part[~scored] for part in axis.parts.values()]).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_standing_by_pandas(scheme: str) -> None:
    """Ranks and percentile ranks are pandas's, and boundaries are those of the customer's class."""
    base = example()
    model = cg.scorer(scheme).fit(base)
    explained = cg.explain(model, base)
    for name, axis in explained.axes.items():
        codes, within = explained.graded.codes[name], model.scale.axis(name).within
        frame = pd.DataFrame({"score": axis.score, "group": explained.graded.codes[within] if within else 0})
        frame = frame[codes != UNGRADED]
        grouped = frame.groupby("group").score
        at = frame.index.to_numpy()
        assert grouped.rank(method="min", ascending=False).tolist() == axis.rank[at].tolist()
        assert grouped.transform("size").tolist() == axis.ranked[at].tolist()
        middle = 100 * (grouped.rank(method="average") - 0.5) / grouped.transform("size")
        assert axis.percentile[at] == pytest.approx(middle.to_numpy())
        for row in at[:50].tolist():
            boundaries = model.boundaries[name][int(frame.group[row])] or ()
            code = int(codes[row])
            above = boundaries[code - 1].value if code else math.nan
            below = boundaries[code].value if code < len(boundaries) else math.nan
            assert [above, below] == pytest.approx([axis.above[row], axis.below[row]], nan_ok=True)
            assert not axis.to_above[row] < 0
            assert not axis.to_below[row] < 0


def test_columns_and_what_is_shown() -> None:
    """Columns are flat, one per number, and those of several axes begin with the axis."""
    base = example()
    one = cg.explain(cg.scorer("abcde").fit(base), base)
    names = "profit_part score remainder above to_above below to_below rank ranked percentile best worst unknown"
    assert names.split() == list(one.columns())
    assert "<Explanations: 500 customers, grade by contributions of profit>" == repr(one)
    assert {500} == {len(column) for column in one.columns().values()}
    frame = one.to_pandas()
    assert ["customer_id", "grade", "reason", *one.columns()] == list(frame.columns)
    assert one.axes["grade"].rank.tolist() == frame["rank"].tolist() == one.to_polars()["rank"].to_list()
    ways = cg.way_up(one.model, base).to_arrow()
    assert base.ids.tolist() == ways.column("customer_id").to_pylist()
    two = cg.explain(cg.scorer("matrix3x3").fit(base), base)
    assert "profitability_margin_part" in two.columns()
    assert two.sentences(0)[0].startswith("Our margin on your orders is 53.51 %; ")


def test_what_makes_no_sense_is_refused() -> None:
    """What isn't a model or a base, strange references, and positions and ids that don't exist."""
    base = base_of(revenue=[4.0, 9.0])
    model = model_of(lambda c: c["revenue"], base)
    for wrong, match in (
        (lambda: cg.explain(base, base), "a fitted model; received a CustomerBase"),
        (lambda: cg.explain(model, {"revenue": [1]}), "received a dict"),
        (lambda: cg.explain(model, base, {"revenues": 1.0}), "Did you mean 'revenue'"),
        (lambda: cg.explain(model, base, {"revenue": math.inf}), "must be a finite number; received inf"),
        (lambda: cg.explain(model, base, {"revenue": 10**400}), "must be a finite number; received 1000"),
        (lambda: cg.explain(model, base, [3]), "must be a mapping of fields to values; received"),
        (lambda: cg.explain(model, base, {"revenue": "4"}), "must be a finite number; received '4'"),
        (lambda: cg.explain(model, base).sentences(2), "a whole number from 0 to 1; received 2"),
        (lambda: base.position_of("c00"), "no customer 'c00' among 2 customers. Did you mean 'c0'"),
    ):
        with pytest.raises(FieldError, match=match):
            wrong()
    assert 1 == base.position_of("c1")


def test_nobody_is_explained_to() -> None:
    """A base of no customers has explanations of nobody."""
    model = model_of(lambda c: c["revenue"], base_of(revenue=[4.0]))
    explained = cg.explain(model, base_of(revenue=[]))
    assert 0 == len(explained) == len(explained.columns()["rank"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda c: None, "must be pairs by field"),
        (lambda c: [c["revenue"]], "must be pairs by field"),
        (lambda c: {"revenue": c["revenue"]}, "a pair is expected"),
        (lambda c: {"revenue": (c["revenue"][:1], 9.0)}, "one number per customer: expected shape \\(2,\\)"),
        (lambda c: {"revenue": (np.array(["a", "b"]), 9.0)}, "one number per customer"),
        (
            lambda c: {"revenues": (c["revenue"], 9.0)},
            "'revenues', which the score doesn't read. Did you mean 'revenue'",
        ),
        (lambda c: {3: (c["revenue"], 9.0)}, "name 3, which the score doesn't read"),
        (lambda c: {"revenue": (c["revenue"] + 7.0, 9.0)}, "add up to 11.0 where the score is 4.0: revenue 11.0"),
        (lambda c: {}, "add up to 0.0 where the score is 4.0"),
        (lambda c: c["profit"], "failed: KeyError: 'profit'"),
    ],
)
def test_wrong_contributions_are_refused_in_words(given: Any, said: str) -> None:
    """Whatever a score's own contributions are but pairs by field that add up, the error says what is expected."""

    class Told:
        def __call__(self, c: Any) -> Any:
            return c["revenue"]

        def contributions(self, c: Any) -> Any:
            return given(c)

    base = base_of(revenue=[4.0, 9.0])
    with pytest.raises(ScorerError, match=said):
        cg.explain(model_of(Told(), base), base)


def test_huge_values_are_explained_without_a_warning() -> None:
    """Distances beyond what a number holds are infinite."""
    base = base_of(profit=[1e308, -1e308, 1.7e308, 5.0])
    model = cg.scorer("abcde").fit(base)
    explained = cg.explain(model, base)
    assert math.isinf(explained.axes["grade"].to_above[1])
    assert 4 == len(cg.way_up(model, base, on="2026-01-01"))
