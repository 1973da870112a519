"""The builders for scorecards and checklists, and evidence."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import CutError, FieldError, NothingToGradeError, ScorerError
from custgrade.plugins import (
    Axis,
    Checklist,
    Criterion,
    Evidence,
    Floor,
    Linear,
    Percentile,
    Rating,
    Scorecard,
    Shares,
    Steps,
    Thresholds,
)
from custgrade.scoring.score_protocols import ContributingScore

moderate = settings(deadline=None, max_examples=40)
RATED = ("enjoyable", "challenges_us", "cares_about_us", "ease_of_buying", "needs_met")
NAN = math.nan


def base_of(columns: dict[str, list[float]]) -> cg.CustomerBase:
    return cg.CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def label(points: Fraction) -> str:
    return "ABCD"[sum(points < at for at in (75, 50, 25))]


def reasons(graded: cg.Graded) -> list[str]:
    return [graded.reasons[code] for code in graded.reason_codes]


class TestScorecard:
    """Weighted points."""

    @given(
        rows=st.lists(st.tuples(*[st.one_of(st.just(None), st.integers(2, 10))] * 5), min_size=1, max_size=20),
        weights=st.tuples(*[st.sampled_from(["1", "2", "0.1", "0.3", "1.5", "1/3", "7"])] * 5),
    )
    @settings(deadline=None, max_examples=80)
    def test_grades_are_those_of_fractions(self, rows: list[tuple[int | None, ...]], weights: tuple[str, ...]) -> None:
        """Ratings on a half-point grid get the class of exact arithmetic, boundary points and coverage included."""
        columns = {name: [NAN if row[k] is None else row[k] / 2 for row in rows] for k, name in enumerate(RATED)}
        scorer = Scorecard([Criterion(n, Rating(), w) for n, w in zip(RATED, weights, strict=True)]).scorer()
        exact = list(map(Fraction, weights))
        expected = []
        for row in rows:
            known = sum((w for w, v in zip(exact, row, strict=True) if v is not None), Fraction(0))
            got = sum(
                (w * (Fraction(v, 2) - 1) * 25 for w, v in zip(exact, row, strict=True) if v is not None), Fraction(0)
            )
            expected.append(label(got / known) if known and known * 2 >= sum(exact) else "")
        if not any(expected):
            with pytest.raises(NothingToGradeError):
                scorer.fit(base_of(columns))
        else:
            assert expected == scorer.fit(base_of(columns)).grade(base_of(columns)).grades.tolist()

    @pytest.mark.parametrize("weights", [(1, 1), (1, 3), (2, 3), (1, 1, 1), (1, 2, 3)])
    @pytest.mark.parametrize("most", [4, 6, 7, 9, 10])
    def test_exact_boundary_points_stay_on_their_boundary(self, most: int, weights: tuple[int, ...]) -> None:
        """Over the whole grid of counts, points that are exactly 75, 50 or 25 get the better class."""
        names = ("referrals", "testimonials", "complaints")[: len(weights)]
        grid = list(itertools.product(range(most + 1), repeat=len(weights)))
        columns = {name: [float(row[k]) for row in grid] for k, name in enumerate(names)}
        card = Scorecard([Criterion(n, Linear(0, most), w) for n, w in zip(names, weights, strict=True)])
        expected = [
            label(Fraction(100 * sum(w * v for w, v in zip(weights, row, strict=True)), most * sum(weights)))
            for row in grid
        ]
        assert expected == card.scorer().fit(base_of(columns)).grade(base_of(columns)).grades.tolist()

    @given(values=st.lists(st.integers(-3, 14), min_size=1, max_size=20))
    @moderate
    def test_steps(self, values: list[int]) -> None:
        """Steps earn the points of the highest step reached, below the lowest its points."""
        scorer = Scorecard([Criterion("referrals", Steps({0: 10, 5: 50, 10: 100}))]).scorer()
        base = base_of({"referrals": list(map(float, values))})
        expected = [100.0 if v >= 10 else 50.0 if v >= 5 else 10.0 for v in values]
        assert expected == scorer.fit(base).grade(base).scores["grade"].tolist()

    @given(values=st.lists(st.integers(-5, 25), min_size=1, max_size=20))
    @moderate
    def test_linear_falling_and_level_beyond(self, values: list[int]) -> None:
        """A criterion with worst above best falls, and is level beyond both."""
        scorer = Scorecard([Criterion("complaints", Linear(20, 0))]).scorer()
        base = base_of({"complaints": list(map(float, values))})
        expected = [float(min(max(100 - 5 * v, 0), 100)) for v in values]
        assert expected == scorer.fit(base).grade(base).scores["grade"].tolist()
        assert ("complaints",) == scorer.axes[0].falls

    @pytest.mark.parametrize(
        ("points", "rises"),
        [
            (Linear(0, 1), True),
            (Linear(1, 0), False),
            (Rating(), True),
            (Rating(5, 1), False),
            (Steps({0: 0, 5: 0, 9: 100}), True),
            (Steps({0: 50}), True),
            (Steps({0: 50, 5: 50}), True),
            (Steps({0: 100, 5: 100, 9: 0}), False),
            (Steps({0: 100, 5: 0, 9: 0}), False),
            (Steps({0: 50, 60: 0}), False),
            (Percentile("effort"), True),
            (Percentile("".join(("eff", "ort")), best="".join(("high", "est"))), True),  # as if read from a file
            (Percentile("effort", best="lowest"), False),
        ],
    )
    def test_the_axis_rises_or_falls_with_each_criterion(self, points: Any, rises: bool) -> None:
        """The direction of the points is the one that the axis declares."""
        axis = Scorecard([Criterion("effort", points)]).scorer().axes[0]
        assert (("effort",), ()) == ((axis.rises, axis.falls) if rises else (axis.falls, axis.rises))

    def test_scores_are_rounded_to_ten_decimals(self) -> None:
        """Points that are no decimal number are the nearest one of ten decimals."""
        base = base_of({"orders": [0, 1, 2, 3, 4, 5, 6, 7]})
        scorer = Scorecard([Criterion("orders", Linear(0, 7))]).scorer()
        expected = [float(round(Fraction(100 * k, 7), 10)) for k in range(8)]
        assert expected == scorer.fit(base).grade(base).scores["grade"].tolist()

    @pytest.mark.parametrize("orders", [0, 3, 9, NAN])
    def test_contributions_are_those_of_fractions(self, orders: float) -> None:
        """Each criterion adds its weighted share of full marks, out of what is known."""
        card = Scorecard(
            [
                Criterion("profit", Linear(0, 8), "1/3"),
                Criterion("orders", Linear(0, 7), 3),
                Criterion("recency", Linear(90, 0), 1),
            ],
            coverage="4/13",  # just what is known without orders
        )
        score = card.scorer().axes[0].score
        assert isinstance(score, ContributingScore)
        parts = score.contributions(
            {"profit": np.array([5.0]), "orders": np.array([orders]), "recency": np.array([30.0])}
        )
        weights = {"profit": Fraction(1, 3), "orders": Fraction(3), "recency": Fraction(1)}
        reached = {"profit": Fraction(5, 8), "recency": Fraction(2, 3)}
        if math.isnan(orders):
            assert all(math.isnan(number[0]) for number in parts["orders"])
        else:
            reached["orders"] = min(Fraction(int(orders), 7), Fraction(1))
        known = sum(weights[name] for name in reached)
        for name, share in reached.items():
            full = 100 * weights[name] / known
            assert [float(full * share), float(full)] == pytest.approx([number[0] for number in parts[name]], rel=1e-9)

    def test_there_may_be_hundreds_of_criteria(self) -> None:
        """A scorecard of many different fields is one like any other."""
        fields = [f"field{k}" for k in range(300)]
        card = Scorecard([Criterion(field, Rating()) for field in fields])
        assert fields == [criterion.field for criterion in card.criteria]

    def test_a_single_criterion_of_one_point_is_enough(self) -> None:
        """Full marks of one point and a weight of one make a score like any other."""
        scorer = Scorecard([Criterion("share_of_wallet", Linear(0, 1))]).scorer()
        base = base_of({"share_of_wallet": [0, 0.5, 1]})
        assert [0, 50, 100] == scorer.fit(base).grade(base).scores["grade"].tolist()

    def test_linear_between_large_numbers(self) -> None:
        """Numbers whose product no float64 holds are as good as any, as long as their distance is finite."""
        scorer = Scorecard([Criterion("potential", Linear(1e200, 3e200))]).scorer()
        base = base_of({"potential": [1e200, 2e200, 3e200]})
        assert [0, 50, 100] == scorer.fit(base).grade(base).scores["grade"].tolist()

    def test_weights_are_relative(self) -> None:
        """Weights in the same proportion make the same scorer, and a weight that isn't given is 1."""

        def fingerprint(first: Any, *second: Any) -> str:
            criteria = [Criterion(RATED[0], Rating(), first), Criterion(RATED[1], Rating(), *second)]
            return Scorecard(criteria).scorer().fingerprint

        assert fingerprint(1, 2) == fingerprint("0.1", "0.2") == fingerprint(Fraction(50), 100) == fingerprint("1/2")
        assert fingerprint(2, 1) != fingerprint(1, 2)

    @given(
        values=st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0, NAN]), min_size=1, max_size=25).filter(
            lambda v: any(x == x for x in v)
        )
    )
    @moderate
    def test_percentile_points(self, values: list[float]) -> None:
        """A percentile earns equal points for equal values, by the middle rule over equal shares."""
        steps = 4
        scorer = Scorecard([Criterion("revenue", Percentile("revenue", steps))]).scorer()
        known = [v for v in values if v == v]
        expected = []
        for v in values:
            above, through = sum(k > v for k in known), sum(k >= v for k in known)
            ranks = [math.ceil(Fraction(k, steps + 1) * len(known)) for k in range(1, steps + 1)]
            ordered = sorted(known, reverse=True)
            code = sum(not (v > ordered[r - 1] or (v == ordered[r - 1] and above + through <= 2 * r)) for r in ranks)
            expected.append((steps - code) * 100.0 / steps if v == v else NAN)
        graded = scorer.fit(base_of({"revenue": values})).grade(base_of({"revenue": values}))
        np.testing.assert_array_equal(expected, graded.scores["grade"])

    def test_a_percentile_nobody_had_is_unknown_for_newcomers(self) -> None:
        """Where nobody's value was known when the model was fitted, a newcomer's isn't counted."""
        card = Scorecard([Criterion("enjoyable", Rating()), Criterion("revenue", Percentile("revenue"))])
        model = card.scorer().fit(base_of({"enjoyable": [5.0, 1.0], "revenue": [NAN, NAN]}))
        assert "A" == model.grade_one({"enjoyable": 5.0}).grade
        assert "A" == model.grade_one({"enjoyable": 5.0, "revenue": 10.0}).grade

    @pytest.mark.parametrize(("coverage", "expected"), [("0.5", "A"), ("0.51", ""), ("1", ""), (Fraction(1, 3), "A")])
    def test_coverage_is_exact(self, coverage: Any, expected: str) -> None:
        """Exactly half the weight known is enough for a coverage of one half, and not for more."""
        card = Scorecard([Criterion(n, Rating(), 0.1) for n in RATED[:2]], coverage=coverage)
        base = base_of({RATED[0]: [5, 5], RATED[1]: [NAN, 5]})
        graded = card.scorer().fit(base).grade(base)
        assert [expected, "A"] == graded.grades.tolist()
        assert expected or reasons(graded)[0] == f"unknown: {RATED[1]}"

    def test_coverage_of_many_weights_is_exact(self) -> None:
        """7 of 100 known is enough for a coverage of 0.07, although `0.07 * 100 > 7` in floats."""
        criteria = [Criterion(RATED[0], Rating(), 7), Criterion(RATED[1], Rating(), 93)]
        base = base_of({RATED[0]: [5, 5], RATED[1]: [NAN, 5]})
        for coverage, expected in ((0.07, "A"), ("0.0700001", "")):
            scorer = Scorecard(criteria, coverage=coverage).scorer()
            assert [expected, "A"] == scorer.fit(base).grade(base).grades.tolist()

    def test_a_criterion_without_data_is_dropped_with_a_notice(self) -> None:
        """A field that the data lacks altogether is left out, stated, and frozen in the model."""
        card = Scorecard([Criterion(RATED[0], Rating()), Criterion(RATED[1], Rating(), 9)])
        model = card.scorer().fit(base_of({RATED[0]: [5.0, 1.0]}))
        assert (RATED[1],) == model.dropped
        assert any(RATED[1] in notice for notice in model.notices)
        assert ["A", "D"] == model.grade(base_of({RATED[0]: [5.0, 1.0]})).grades.tolist()
        assert "A" == model.grade_one({RATED[0]: 5.0, RATED[1]: 1.0}).grade

    def test_a_dropped_percentile_is_not_learned(self) -> None:
        """The learned column of a dropped criterion goes with it."""
        card = Scorecard([Criterion("orders", Percentile("orders")), Criterion(RATED[0], Rating())])
        model = card.scorer().fit(base_of({RATED[0]: [5.0, 1.0]}))
        assert {} == dict(model.learned)

    def test_a_derived_criterion(self) -> None:
        """Margin is a criterion like any other; without revenue it is dropped."""
        card = Scorecard([Criterion("margin", Linear(0, 0.5)), Criterion("orders", Linear(0, 10))])
        full = base_of({"profit": [1.0], "revenue": [4.0], "orders": [5.0]})
        assert [50.0] == card.scorer().fit(full).grade(full).scores["grade"].tolist()
        part = base_of({"profit": [1.0], "orders": [5.0]})
        assert ("margin",) == card.scorer().fit(part).dropped

    def test_data_without_any_criterion_is_an_error(self) -> None:
        """A base that has none of the fields is refused, naming them."""
        card = Scorecard([Criterion(name, Rating()) for name in RATED[:2]])
        with pytest.raises(ScorerError, match=f"{RATED[1]}, {RATED[0]}"):
            card.scorer().fit(base_of({"profit": [1.0]}))

    @pytest.mark.parametrize(
        "make",
        [
            lambda: Scorecard([]),
            lambda: Scorecard([Criterion("orders", Rating())] * 2),
            lambda: Scorecard([Criterion("orders", Rating())], coverage=0),
            lambda: Scorecard([Criterion("orders", Rating())], coverage="1.1"),
            lambda: Scorecard([Criterion("orders", Rating())], labels="AB").scorer(),
            lambda: Criterion("orders", Rating(), 0),
            lambda: Criterion("orders", Rating(), -1),
            lambda: Criterion("orders", Rating(), "x"),
            lambda: Criterion("orders", Rating(), True),
            lambda: Criterion("orders", Rating(), math.inf),
            lambda: Criterion("orders", Rating(), "1/0"),
            lambda: Criterion("orders", Rating(), None),
            lambda: Criterion("orders", Percentile("revenue")),
            lambda: Criterion("revenue", Percentile("orders")),
            lambda: Criterion("orders", 7),
            lambda: Linear(1, 1),
            lambda: Linear(1, 1.0),
            lambda: Linear(-1e308, 1e308),
            lambda: Linear(0, math.nan),
            lambda: Linear(0, math.inf),
            lambda: Steps({}),
            lambda: Steps({0: 0, 1: 101}),
            lambda: Steps({0: -1, 1: 100}),
            lambda: Steps({0: 0, 1: 50, 2: 20}),
            lambda: Steps({0: math.nan}),
            lambda: Steps({math.nan: 0, 1: 100}),
            lambda: Percentile("orders", 0),
            lambda: Percentile("orders", 254),
            lambda: Percentile("orders", True),
            lambda: Percentile("orders", best="up"),
        ],
    )
    def test_nonsense_is_refused(self, make: Any) -> None:
        """Every part checks itself when it is made."""
        with pytest.raises((ScorerError, CutError)):
            make()


class TestChecklist:
    """Floors missed."""

    @given(
        rows=st.lists(st.tuples(*[st.sampled_from([NAN, 0.0, 1.0, 2.0])] * 4), min_size=1, max_size=12),
        near=st.integers(1, 3),
    )
    @settings(deadline=None, max_examples=80)
    def test_unknown_floors_leave_open_only_what_they_could_change(
        self, rows: list[tuple[float, ...]], near: int
    ) -> None:
        """The class is given exactly where every completion of the unknown values gives the same one."""
        floors = [Floor(name, 1) for name in RATED[:3]] + [Floor("complaints", 1, best="lowest")]
        columns = {floor.field: [row[k] for row in rows] for k, floor in enumerate(floors)}

        def place(missed: int) -> str:
            return "meets" if missed == 0 else "near" if missed <= near else "below"

        expected = []
        for row in rows:
            missed = sum(v < 1 for v in row[:3]) + (row[3] > 1)
            unknown = sum(v != v for v in row)
            classes = {place(missed + more) for more in range(unknown + 1)}
            expected.append(classes.pop() if len(classes) == 1 else "")
        scorer = Checklist(floors, near=near).scorer()
        if not any(expected):
            with pytest.raises(NothingToGradeError):
                scorer.fit(base_of(columns))
        else:
            assert expected == scorer.fit(base_of(columns)).grade(base_of(columns)).grades.tolist()

    def test_a_customer_on_the_floor_meets_it(self) -> None:
        """Equal to a floor is enough, in either direction; the unknown one is named."""
        scorer = Checklist([Floor("orders", 3), Floor("complaints", 0, best="lowest")]).scorer()
        base = base_of({"orders": [3, 2, 2, NAN], "complaints": [0, 0, 1, 0]})
        graded = scorer.fit(base).grade(base)
        assert ["meets", "near", "below", ""] == graded.grades.tolist()
        assert ["", "", "", "unknown: orders"] == reasons(graded)

    def test_a_floor_without_data_is_an_error(self) -> None:
        """Unlike a criterion, a floor can't be dropped."""
        with pytest.raises(FieldError, match="complaints"):
            Checklist([Floor("orders", 3), Floor("complaints", 0)]).scorer().fit(base_of({"orders": [1]}))

    @pytest.mark.parametrize(
        "make",
        [
            lambda: Checklist([]),
            lambda: Checklist([Floor("orders", 1), Floor("orders", 2)]),
            lambda: Checklist([Floor("orders", 1)], near=0),
            lambda: Checklist([Floor("orders", 1)], near=True),
            lambda: Checklist([Floor("orders", 1)], labels="AB").scorer(),
            lambda: Floor("orders", math.nan),
            lambda: Floor("orders", "3"),
            lambda: Floor("orders", True),
            lambda: Floor("orders", 1, best="up"),
        ],
    )
    def test_nonsense_is_refused(self, make: Any) -> None:
        """Every part checks itself when it is made."""
        with pytest.raises((ScorerError, CutError)):
            make()


class TestEvidence:
    """Why a customer is ungraded."""

    def test_the_first_that_fails_is_the_reason(self) -> None:
        """Evidence is checked in its order; unknown fields it reads are named instead."""
        scorer = cg.Scorer(
            [Axis("grade", "AB", lambda c: c["profit"], Thresholds((1,)))],
            evidence=[
                Evidence("too few orders", lambda c: c["orders"] >= 2),
                Evidence("too new", lambda c: c["tenure"] >= 30),
            ],
        )
        base = base_of(
            {
                "profit": [1, 1, 1, 1, 1, NAN, math.inf],
                "orders": [2, 1, 1, NAN, 2, 2, 2],
                "tenure": [30, 30, 1, 1, NAN, 30, 30],
            }
        )
        graded = scorer.fit(base).grade(base)
        expected = ["", "too few orders", "too few orders", "unknown: orders", "unknown: tenure", "unknown: profit"]
        assert [*expected, "profit is infinite"] == reasons(graded)
        assert ["A", *[""] * 6] == graded.grades.tolist()

    def test_undefined_and_several_unknowns(self) -> None:
        """A score that is NaN though all is known says so; several unknown fields are all named."""
        scorer = cg.Scorer([Axis("grade", "AB", lambda c: np.sqrt(c["profit"]) + c["orders"], Thresholds((1,)))])
        base = base_of({"profit": [4, -4, NAN], "orders": [1, 1, NAN]})
        assert ["", "the grade score is not defined", "unknown: profit, orders"] == reasons(
            scorer.fit(base).grade(base)
        )

    @pytest.mark.parametrize(
        "arguments", [("", lambda c: c["orders"] > 1), ("few", 3), (None, lambda c: c["orders"] > 1)]
    )
    def test_nonsense_is_refused(self, arguments: tuple[Any, ...]) -> None:
        """Evidence is a reason in words and a function."""
        with pytest.raises(ScorerError):
            Evidence(*arguments)


class TestAxes:
    """What a scorer made of axes refuses."""

    @pytest.mark.parametrize(
        "make",
        [
            lambda axis: cg.Scorer([]),
            lambda axis: cg.Scorer(["grade"]),
            lambda axis: cg.Scorer([axis, axis]),
            lambda axis: Axis("grade", "AB", 3, Thresholds((1,))),
            lambda axis: Axis("grade", "AB", lambda c: c["x"], 75),
            lambda axis: Axis("grade", "ABC", lambda c: c["x"], Thresholds((1,))),
            lambda axis: Axis("grade", "ABC", lambda c: c["x"], Shares(("0.5", "0.5"))),
            lambda axis: Axis("grade", "AA", lambda c: c["x"], Thresholds((1,))),
            lambda axis: Axis("grade", ["A/", "B"], lambda c: c["x"], Thresholds((1,))),
            lambda axis: Axis("", "AB", lambda c: c["x"], Thresholds((1,))),
            lambda axis: Axis("grade", "AB", lambda c: c["x"], Thresholds((1,)), rises="x", falls="x"),
            lambda axis: cg.Scorer([Axis("b", "AB", lambda c: c["x"], Thresholds((1,)), within="a")]),
            lambda axis: cg.Scorer([axis], learned={"profit": Percentile("orders")}),
            lambda axis: cg.Scorer([axis], names={("Z",): "top"}),
        ],
    )
    def test_nonsense_is_refused(self, make: Any) -> None:
        """Axes and scorers check themselves when they are made."""
        with pytest.raises((ScorerError, CutError)):
            make(Axis("a", "AB", lambda c: c["x"], Thresholds((1,))))
