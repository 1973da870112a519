"""The nine promises of the correctness contract, for every kind of cut and for `abcde`, against independent oracles."""

from __future__ import annotations

import ast
import datetime
import json
import math
import re
import tempfile
from collections import Counter
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import custgrade as cg
from custgrade.cuts import Cut, Share
from custgrade.errors import CutError, FieldError, NothingToGradeError
from custgrade.plugins import (
    Axis,
    Boundary,
    Criterion,
    Linear,
    Percentile,
    Rating,
    Scorecard,
    Shares,
    Thresholds,
    ValueShares,
)

UNGRADED = 255
TIES = ("mid", "better", "worse")
FIVE = ("0.05", "0.15", "0.30", "0.30", "0.20")
THREE = ("1/3", "1/3", "1/3")
SPLIT = ("0.2", "0.3", "0.5")
TINY, HUGE = 5e-324, 1e308
NASTY = (0.0, -0.0, 1.0, -1.0, TINY, -TINY, HUGE, -HUGE, 0.1, 0.3, 1 / 3, 2.0**53, math.nan, math.inf, -math.inf)


def lists(elements: st.SearchStrategy[float], largest: int = 30) -> st.SearchStrategy[list[float]]:
    return st.lists(elements, min_size=1, max_size=largest)


columns = st.one_of(
    lists(st.integers(0, 4).map(float)),
    lists(st.sampled_from(NASTY)),
    lists(st.integers(-40, 40).map(lambda k: math.copysign(2.0 ** abs(k), k))),
    lists(st.floats()),
    st.tuples(st.sampled_from(NASTY), st.integers(1, 30)).map(lambda pair: [pair[0]] * pair[1]),
)
money = lists(st.integers(-500, 5000).map(lambda cents: float(Fraction(cents, 100))))


@st.composite
def tables(draw: st.DrawFn, column: st.SearchStrategy[list[float]] = columns) -> dict[str, list[float]]:
    """Profit and revenue of the same customers."""
    profit, revenue = draw(column), draw(column)
    return {"profit": profit, "revenue": [revenue[row % len(revenue)] for row in range(len(profit))]}


def exactly(shares: tuple[str, ...]) -> list[Fraction]:
    return list(accumulate(map(Fraction, shares)))[:-1]


def known(value: float) -> bool:
    return math.isfinite(value)


def placed(scores: list[float], ranked: list[tuple[float, int]], ties: str) -> list[int]:
    """Codes from the tie blocks at given ranks, by counting."""
    codes = [0 if known(score) else UNGRADED for score in scores]
    for value, rank in ranked:
        above = sum(known(s) and s > value for s in scores)
        through = sum(known(s) and s >= value for s in scores)
        goes_up = {"mid": above + through <= 2 * rank, "better": above < rank, "worse": through <= rank}[ties]
        for row, score in enumerate(scores):
            if known(score) and (score < value or (score == value and not goes_up)):
                codes[row] += 1
    return codes


def by_count(scores: list[float], shares: tuple[str, ...], ties: str = "mid") -> list[int]:
    best_first = sorted(filter(known, scores), reverse=True)
    ranks = [math.ceil(share * len(best_first)) for share in exactly(shares)]
    return placed(scores, [(best_first[rank - 1], rank) for rank in ranks] if best_first else [], ties)


def by_value(
    scores: list[float], values: list[float], shares: tuple[str, ...], ties: str
) -> list[int] | type[Exception]:
    """Codes by cumulated value; every customer of a tie block counts with the block's mean."""
    members = [
        (s, Fraction(0) if math.isnan(v) else Fraction(v)) for s, v in zip(scores, values, strict=True) if known(s)
    ]
    total = sum((value for _, value in members), Fraction(0))
    itself = all(Fraction(score) == value for score, value in members)
    if total <= 0 or (not itself and any(value < 0 for _, value in members)):
        return CutError
    blocks: dict[float, list[Fraction]] = {}
    for score, value in members:
        blocks.setdefault(score, []).append(value)
    best_first = sorted((score for score, _ in members), reverse=True)
    cumulated = list(accumulate(sum(blocks[score], Fraction(0)) / len(blocks[score]) for score in best_first))
    ranks = [next(k for k, c in enumerate(cumulated, 1) if c >= share * total) for share in exactly(shares)]
    return placed(scores, [(best_first[rank - 1], rank) for rank in ranks], ties)


class Scheme:
    """A scorer of profit and revenue, and an oracle that gives every customer's codes, one per axis."""

    def __init__(self, make, oracle, registered: bool = False) -> None:
        self.make, self.oracle, self.registered = make, oracle, registered

    def expected(self, table: dict[str, list[float]]) -> list[tuple[int, ...]] | type[Exception]:
        """Every customer's codes, or the error that fitting calls for."""
        per_axis = self.oracle(table["profit"], table["revenue"])
        if isinstance(per_axis, type):
            return per_axis
        if all(code == UNGRADED for code in per_axis[0]):
            return NothingToGradeError
        return list(zip(*per_axis, strict=True))


def one_axis(labels: str, score, cut: Cut, **rest) -> cg.Scorer:
    return cg.Scorer([Axis("grade", labels, score, cut, rises=["profit"])], **rest)


def nested() -> cg.Scorer:
    return cg.Scorer(
        [
            Axis("size", ["L", "M", "S"], lambda c: c["revenue"], Shares(SPLIT), rises=["revenue"]),
            Axis("yield", "HML", lambda c: c["profit"], Shares(THREE), rises=["profit"], within="size"),
        ]
    )


def nested_oracle(profit: list[float], revenue: list[float]) -> list[list[int]]:
    parents = by_count(revenue, SPLIT)
    children = [UNGRADED] * len(profit)
    for group in range(3):
        rows = [row for row, parent in enumerate(parents) if parent == group]
        for row, code in zip(rows, by_count([profit[row] for row in rows], THREE), strict=True):
            children[row] = code
    return [parents, children]


def percentile() -> cg.Scorer:
    return one_axis("ABC", lambda c: c["standing"], Thresholds((3, 1)), learned={"standing": Percentile("profit", 4)})


def percentile_oracle(profit: list[float], revenue: list[float]) -> list[list[int]]:
    points = [None if code == UNGRADED else 4 - code for code in by_count(profit, ("1/5",) * 5)]
    return [[UNGRADED if p is None else 0 if p >= 3 else 1 if p >= 1 else 2 for p in points]]


def refusable(codes: list[int] | type[Exception]) -> list[list[int]] | type[Exception]:
    return codes if isinstance(codes, type) else [codes]


def own_value(profit: list[float], ties: str) -> list[list[int]] | type[Exception]:
    if not any(map(known, profit)):
        return NothingToGradeError
    return refusable(by_value(profit, [p if known(p) else math.nan for p in profit], SPLIT, ties))


def profit_beside_revenue(c):
    """Profit, from a score that mentions revenue too."""
    return np.where(np.isnan(c["revenue"]), c["profit"], c["profit"])


def thresholds_oracle(profit: list[float], revenue: list[float]) -> list[list[int]]:
    return [[UNGRADED if not known(p) else 0 if p >= 1 else 1 if p > 0 else 2 for p in profit]]


SCHEMES: dict[str, Scheme] = {}
for _ties in TIES:
    SCHEMES[f"shares-{_ties}"] = Scheme(
        lambda ties=_ties: one_axis("ABC", lambda c: c["profit"], Shares(THREE, ties=ties)),
        lambda profit, revenue, ties=_ties: [by_count(profit, THREE, ties)],
    )
    SCHEMES[f"value-{_ties}"] = Scheme(
        lambda ties=_ties: one_axis("ABC", lambda c: c["profit"], ValueShares(SPLIT, "profit", ties=ties)),
        lambda profit, revenue, ties=_ties: own_value(profit, ties),
    )
    SCHEMES[f"abcde-{_ties}"] = Scheme(
        lambda ties=_ties: cg.scorer("abcde", ties=ties),
        lambda profit, revenue, ties=_ties: [by_count(profit, FIVE, ties)],
        registered=True,
    )
SCHEMES["thresholds"] = Scheme(
    lambda: one_axis("ABC", lambda c: c["profit"], Thresholds((1, Boundary(0, inclusive=False)))),
    thresholds_oracle,
)
SCHEMES["percentile"] = Scheme(percentile, percentile_oracle)
SCHEMES["nested"] = Scheme(nested, nested_oracle)
LEARNING_FROM_ONE_FIELD = [name for name in SCHEMES if name != "thresholds"]

every_scheme = pytest.mark.parametrize("name", sorted(SCHEMES))
moderate = settings(deadline=None, max_examples=14)
few = settings(deadline=None, max_examples=7)


def base_of(table: dict[str, list[float]], ids: list[str] | None = None) -> cg.CustomerBase:
    size = len(next(iter(table.values())))
    return cg.CustomerBase(ids or [f"c{row}" for row in range(size)], table)


def codes_of(graded: cg.Graded) -> list[tuple[int, ...]]:
    return list(zip(*(graded.codes[axis.name].tolist() for axis in graded.scale.axes), strict=True))


def gradable(name: str, table: dict[str, list[float]]) -> cg.GradingModel:
    """The scheme's model of a table that the oracle says can be graded."""
    assume(not isinstance(SCHEMES[name].expected(table), type))
    return SCHEMES[name].make().fit(base_of(table))


def rows_of(table: dict[str, list[float]], rows: list[int]) -> dict[str, list[float]]:
    return {field: [values[row] for row in rows] for field, values in table.items()}


class TestTies:
    """Promise 1."""

    @every_scheme
    @given(table=tables())
    @moderate
    def test_codes_are_those_of_sorting_and_counting(self, name: str, table: dict[str, list[float]]) -> None:
        """Every customer's codes are the ones that exact counting gives, or the refusal that it calls for."""
        expected = SCHEMES[name].expected(table)
        if isinstance(expected, type):
            with pytest.raises(expected):
                SCHEMES[name].make().fit(base_of(table))
        else:
            base = base_of(table)
            assert expected == codes_of(SCHEMES[name].make().fit(base).grade(base))

    @every_scheme
    @given(table=tables())
    @moderate
    def test_equal_inputs_get_equal_grades(self, name: str, table: dict[str, list[float]]) -> None:
        """Customers with the same profit and revenue never differ in grade, by pandas' grouping."""
        graded = gradable(name, table).grade(base_of(table))
        frame = pd.DataFrame(table) + 0.0
        frame["code"] = [str(code) for code in codes_of(graded)]
        kinds = frame.groupby(["profit", "revenue"], dropna=False)["code"].nunique()
        assert {1} == set(kinds)

    @pytest.mark.parametrize("ties", TIES)
    @given(scores=columns, values=lists(st.sampled_from([0.0, 1.0, 2.5, TINY, HUGE, math.nan])))
    @moderate
    def test_value_shares_by_another_score(self, ties: str, scores: list[float], values: list[float]) -> None:
        """Cumulating revenue from the best profit down gives the codes of exact cumulation by block means."""
        revenue = [values[row % len(values)] for row in range(len(scores))]
        assume(any(map(known, scores)))
        expected = by_value(scores, revenue, SPLIT, ties)
        scorer = one_axis("ABC", profit_beside_revenue, ValueShares(SPLIT, "revenue", ties=ties))
        base = base_of({"profit": scores, "revenue": revenue})
        if isinstance(expected, type):
            with pytest.raises(expected):
                scorer.fit(base)
        else:
            assert expected == scorer.fit(base).grade(base).codes["grade"].tolist()

    def test_value_shares_need_not_score_by_the_value(self) -> None:
        """The cumulated field doesn't have to be mentioned by the score."""
        scorer = one_axis("AB", lambda c: c["profit"], ValueShares(("0.5", "0.5"), "revenue"))
        base = base_of({"profit": [3, 2, 1], "revenue": [1, 1, 8]})
        assert [0, 0, 0] == scorer.fit(base).grade(base).codes["grade"].tolist()

    def test_the_cumulated_field_must_be_there(self) -> None:
        """A base without the cumulated field is refused in the words of every missing field."""
        scorer = one_axis("AB", lambda c: c["profit"], ValueShares(("0.5", "0.5"), "revenue"))
        with pytest.raises(FieldError, match="revenue"):
            scorer.fit(base_of({"profit": [3, 2, 1]}))

    def test_negative_values_by_another_score_are_refused(self) -> None:
        """Losses can't be cumulated by a score that isn't the value."""
        scorer = one_axis("AB", profit_beside_revenue, ValueShares(("0.5", "0.5"), "revenue"))
        with pytest.raises(CutError, match="revenue below 0"):
            scorer.fit(base_of({"profit": [3, 2], "revenue": [9, -1]}))

    def test_an_unknown_value_counts_as_nothing_and_is_stated(self) -> None:
        """A customer whose value is unknown is graded by the score, with a notice."""
        scorer = one_axis("AB", profit_beside_revenue, ValueShares(("0.5", "0.5"), "revenue"))
        model = scorer.fit(base_of({"profit": [3, 2, 1], "revenue": [math.nan, 5, 5]}))
        assert ((Boundary(2.0),),) == model.boundaries["grade"]
        (notice,) = model.notices
        assert "revenue" in notice and "unknown" in notice and "counted as nothing" in notice

    def test_an_infinite_value_is_not_used_in_silence(self) -> None:
        """An infinite value is refused, or counted as nothing like an unknown one; never as some other number."""
        scorer = one_axis("AB", profit_beside_revenue, ValueShares(("0.5", "0.5"), "revenue"))
        table = {"profit": [3.0, 2.0, 1.0], "revenue": [5.0, math.inf, 5.0]}
        try:
            boundaries = scorer.fit(base_of(table)).boundaries
        except cg.CustgradeError:
            return
        without = scorer.fit(base_of({**table, "revenue": [5.0, math.nan, 5.0]})).boundaries
        assert without == boundaries

    @pytest.mark.parametrize(("loss", "total"), [(0.0, "0"), (-1.0, "-2"), (-HUGE, "-inf")])
    def test_a_total_that_is_not_positive_is_refused(self, loss: float, total: str) -> None:
        """Shares of nothing or of a loss make no sense, however large the loss; the total is named."""
        scorer = one_axis("AB", lambda c: c["profit"], ValueShares(("0.5", "0.5"), "profit"))
        with pytest.raises(CutError, match=f"the total profit is {total}; shares of a value need a total above 0"):
            scorer.fit(base_of({"profit": [loss, loss]}))

    def test_a_parent_class_of_nobody_does_not_hide_the_next(self) -> None:
        """Values are checked in every parent class, also after one that holds nobody."""
        size = Axis("size", ["large", "small"], lambda c: c["orders"], Thresholds((10,)))
        cut = ValueShares(("0.5", "0.5"), "revenue")
        scorer = cg.Scorer([size, Axis("worth", "AB", lambda c: c["profit"], cut, within="size")])
        with pytest.raises(CutError, match="1 customer with a revenue below 0"):
            scorer.fit(base_of({"orders": [1, 1], "profit": [2, 1], "revenue": [-1, 5]}))

    @given(profit=columns, seed=st.integers(0, 3))
    @moderate
    def test_a_share_missed_by_more_than_one_is_stated(self, profit: list[float], seed: int) -> None:
        """There is a notice for exactly those boundaries that ties moved by more than one customer."""
        assume(any(map(known, profit)))
        shares = [("1/2", "1/2"), SPLIT, FIVE, THREE][seed]
        codes = by_count(profit, shares)
        n = sum(map(known, profit))
        moved = sum(
            abs(sum(code <= k for code in codes) - math.ceil(share * n)) > 1 for k, share in enumerate(exactly(shares))
        )
        model = one_axis("ABCDE"[: len(shares)], lambda c: c["profit"], Shares(shares)).fit(base_of({"profit": profit}))
        assert moved == len(model.notices)

    @pytest.mark.parametrize(
        ("cut", "profit", "expected"),
        [
            (Shares(("0.3", "0.7")), [5, *[3] * 7, 1, 1], ["A: 30 % of the customers, 3 of 10, 1, 7 at 3"]),
            (Shares(("0.4", "0.6")), [5, *[3] * 5, 1, 1, 1, 1], ["A: 40 % of the customers, 4 of 10, 6, 5 at 3"]),
            (
                Shares(("0.2", "0.4", "0.4")),
                [2.5] * 10,
                [
                    "A: 20 % of the customers, 2 of 10, 0, 10 at 2.5",
                    "B and better: 60 % of the customers, 6 of 10, 10, 10 at 2.5",
                ],
            ),
            (ValueShares(("0.5", "0.5"), "profit"), [5, *[3] * 5], ["A: 50 % of the value, 3 of 6, 1, 5 at 3"]),
        ],
    )
    def test_the_notice_of_a_missed_share_has_the_numbers(
        self, cut: Cut, profit: list[float], expected: list[str]
    ) -> None:
        """It names the class, the share and rank asked for, the rank reached, and how many tie at which score."""
        model = one_axis("ABC"[: len(cut.shares)], lambda c: c["profit"], cut).fit(base_of({"profit": profit}))
        pattern = r"(.*): asked for (.*, \d+ of \d+) customers; reached (\d+), because (\d+) tie at (.*)"
        assert expected == [re.sub(pattern, r"\1: \2, \3, \4 at \5", notice) for notice in model.notices]

    @pytest.mark.parametrize("ties", TIES)
    def test_hundreds_without_ties_are_cut_exactly(self, ties: str) -> None:
        """Among hundreds of different scores every tie rule cuts where the share says."""
        base = base_of({"profit": [float(k) for k in range(600)]})
        scorer = one_axis("AB", lambda c: c["profit"], Shares(("0.5", "0.5"), ties=ties))
        assert {"A": 300, "B": 300, "ungraded": 0} == scorer.fit(base).grade(base).counts()

    def test_ten_percent_of_thirty_is_three(self) -> None:
        """Shares are exact: `0.1 * 30 > 3` in floats, but not here."""
        base = base_of({"profit": [float(k) for k in range(30)]})
        scorer = one_axis("AB", lambda c: c["profit"], Shares((0.1, 0.9)))
        assert {"A": 3, "B": 27, "ungraded": 0} == scorer.fit(base).grade(base).counts()

    @pytest.mark.parametrize(
        "shares",
        [
            ("0.5", "0.4"), ("0.5", "0.6"), ("-0.5", "1.5"), ("0", "1"), ("0.333", "0.333", "0.333"), (), "0.5",
            ("1/0", "1"), ("x", "1"), (True,), (math.nan, 1), (math.inf,), None,
        ],
    )  # fmt: skip
    def test_shares_that_do_not_sum_to_one_are_refused(self, shares: object) -> None:
        """Anything but positive exact shares of 1 is an error when the cut is made."""
        with pytest.raises(CutError):
            Shares(shares)

    @pytest.mark.parametrize(
        ("shares", "message"),
        [
            (("0", "1"), "above 0 and at most 1; received '0'; leave out labels that no customer should get$"),
            (("-0.5", "1.5"), "above 0 and at most 1; received '-0.5'$"),
            (("0.5", "1.5"), "above 0 and at most 1; received '1.5'$"),
            (("1/0", "1"), "a share's denominator is above 0; received '1/0'"),
            (("0.5", 0.4), "must sum to 1 exactly; 0.5 [+] 0.4 = 0.9[.] "),
            ((), "must sum to 1 exactly; no shares = 0[.] "),
        ],
    )
    def test_a_refused_share_is_told_why(self, shares: tuple[object, ...], message: str) -> None:
        """What was received is repeated, the sum is shown, and a share of nothing gets a hint."""
        with pytest.raises(CutError, match=message):
            Shares(shares)

    @pytest.mark.parametrize("shares", [(".5", "5E-1"), ("0.5", " 1/2 "), (0.5, Fraction(1, 2)), ("+0.5", "0.50")])
    def test_a_share_may_be_written_in_many_ways(self, shares: tuple[Share, ...]) -> None:
        """Decimal text, with an exponent or without, fractions and floats are all the same share."""
        assert (Fraction(1, 2), Fraction(1, 2)) == Shares(shares).shares

    def test_an_unknown_tie_rule_is_refused(self) -> None:
        """There are three tie rules, and they are given by name."""
        with pytest.raises(CutError, match="mid, better, worse"):
            Shares(("0.5", "0.5"), ties="up")
        with pytest.raises(TypeError):
            Shares(("0.5", "0.5"), "better")

    def test_shares_and_labels_are_as_many(self) -> None:
        """A cut that makes another number of classes than there are labels is refused with both numbers."""
        with pytest.raises(CutError, match="3 labels need 3 shares; received 2"):
            one_axis("ABC", lambda c: c["profit"], Shares(("0.5", "0.5")))
        with pytest.raises(CutError, match="2 labels need 2 shares; received 3"):
            one_axis("AB", lambda c: c["profit"], Shares(THREE))
        with pytest.raises(CutError, match="3 labels need 2 thresholds; received 1"):
            one_axis("ABC", lambda c: c["profit"], Thresholds((1,)))
        with pytest.raises(CutError, match="2 labels need 1 threshold; received 2"):
            one_axis("AB", lambda c: c["profit"], Thresholds((2, 1)))


class TestOrder:
    """Promise 2."""

    @every_scheme
    @given(table=tables(), data=st.data())
    @moderate
    def test_row_order_never_changes_a_grade(
        self, name: str, table: dict[str, list[float]], data: st.DataObject
    ) -> None:
        """Fitting and grading shuffled rows gives each customer the grade it had."""
        expected = codes_of(gradable(name, table).grade(base_of(table)))
        order = data.draw(st.permutations(range(len(expected))))
        shuffled = base_of(rows_of(table, order))
        actual = codes_of(SCHEMES[name].make().fit(shuffled).grade(shuffled))
        assert [expected[row] for row in order] == actual

    @every_scheme
    @given(table=tables())
    @few
    def test_ids_never_change_a_grade(self, name: str, table: dict[str, list[float]]) -> None:
        """Renamed customers keep their grades and the model its digest."""
        model = gradable(name, table)
        size = len(table["profit"])
        renamed = base_of(table, [f'z{size - row}, "é"\n' for row in range(size)])
        again = SCHEMES[name].make().fit(renamed)
        assert codes_of(model.grade(base_of(table))) == codes_of(again.grade(renamed))
        assert model.boundaries == again.boundaries


class TestMonotone:
    """Promise 3."""

    @every_scheme
    @given(table=tables(money), record=st.tuples(money, money), step=st.integers(1, 3000))
    @moderate
    def test_more_of_a_declared_field_is_never_worse(
        self, name: str, table: dict[str, list[float]], record: tuple[list[float], list[float]], step: int
    ) -> None:
        """With a frozen model, raising one declared field never lowers the class within one parent class."""
        model = gradable(name, table)
        before = {"profit": record[0][0], "revenue": record[1][0]}
        for axis in model.scorer.axes:
            for field in axis.rises:
                after = {**before, field: float(Fraction(str(before[field])) + Fraction(step, 100))}
                old, new = model.grade_one(before), model.grade_one(after)
                parent = axis.within
                graded = bool(old.labels[axis.name]) and bool(new.labels[axis.name])
                if graded and (parent is None or old.labels[parent] == new.labels[parent]):
                    order = axis.labels.index
                    assert order(new.labels[axis.name]) <= order(old.labels[axis.name])

    @given(table=tables(money), profit=st.integers(-500, 5000), revenue=st.integers(1, 5000), step=st.integers(1, 500))
    @moderate
    def test_profit_never_lowers_a_grade_by_margin(
        self, table: dict[str, list[float]], profit: int, revenue: int, step: int
    ) -> None:
        """Margin is recomputed from its parts: more profit on the same revenue is never worse."""
        assume(any(value > 0 for value in table["revenue"]))
        scorer = cg.scorer("abcde", by="margin")
        assert (frozenset({"profit"}), frozenset()) == scorer.monotone_inputs("grade")
        model = scorer.fit(base_of(table))
        one = model.grade_one({"profit": profit / 100, "revenue": revenue / 100})
        more = model.grade_one({"profit": (profit + step) / 100, "revenue": revenue / 100})
        assert more.grade <= one.grade

    @given(recency=lists(st.integers(0, 50).map(float)), day=st.integers(0, 50), later=st.integers(1, 20))
    @moderate
    def test_less_of_a_falling_field_is_never_worse(self, recency: list[float], day: int, later: int) -> None:
        """An axis that falls with recency never gives the one who bought later the worse grade."""
        model = cg.scorer("abcde", by="recency", best="lowest").fit(base_of({"recency": recency}))
        assert (frozenset(), frozenset({"recency"})) == model.scorer.monotone_inputs("grade")
        assert model.grade_one({"recency": day}).grade <= model.grade_one({"recency": day + later}).grade

    @given(values=st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=1, max_size=20), data=st.data())
    @moderate
    def test_a_better_criterion_never_lowers_a_scorecard(
        self, values: list[tuple[int, ...]], data: st.DataObject
    ) -> None:
        """One criterion moved in its declared direction never lowers the points or the class of a scorecard."""
        scorer = Scorecard(
            [
                Criterion("enjoyable", Rating(1, 9), "1.5"),
                Criterion("complaints", Linear(9, 1), 2),
                Criterion("referrals", Percentile("referrals", 7)),
            ]
        ).scorer()
        names = ("enjoyable", "complaints", "referrals")
        model = scorer.fit(base_of({n: [float(row[k]) for row in values] for k, n in enumerate(names)}))
        record = dict(zip(names, map(float, data.draw(st.sampled_from(values))), strict=True))
        moved = data.draw(st.sampled_from(names))
        better = {**record, moved: record[moved] + (-1.0 if moved == "complaints" else 1.0)}
        old, new = model.grade_one(record), model.grade_one(better)
        assert new.scores["grade"] >= old.scores["grade"]
        assert new.grade <= old.grade


class TestUnits:
    """Promise 4."""

    @pytest.mark.parametrize("name", sorted(LEARNING_FROM_ONE_FIELD))
    @given(
        cents=st.lists(st.tuples(*[st.integers(-(10**9), 10**9)] * 2), min_size=1, max_size=30),
        power=st.integers(-3, 9),
    )
    @moderate
    def test_a_power_of_ten_changes_no_grade(self, name: str, cents: list[tuple[int, int]], power: int) -> None:
        """Money written in thousands, or in mills, is graded as it was."""

        def table(scale: Fraction) -> dict[str, list[float]]:
            return {
                "profit": [float(profit * scale / 100) for profit, _ in cents],
                "revenue": [float(revenue / 100) for _, revenue in cents],
            }

        small, large = table(Fraction(1)), table(Fraction(10) ** power)
        expected = codes_of(gradable(name, small).grade(base_of(small)))
        assert expected == codes_of(SCHEMES[name].make().fit(base_of(large)).grade(base_of(large)))


class TestBoundaries:
    """Promise 5."""

    @pytest.mark.parametrize("name", sorted(set(SCHEMES) - {"percentile"}))
    @given(table=tables())
    @moderate
    def test_who_is_on_a_boundary_is_placed_as_it_says(self, name: str, table: dict[str, list[float]]) -> None:
        """Inclusive puts its equal in the better class, exclusive in the worse; neighbours as usual."""
        model = gradable(name, table)
        axis = model.scale.axes[0]
        field = "revenue" if name == "nested" else "profit"
        boundaries = model.boundaries[axis.name][0]
        for boundary in boundaries:
            for value in (
                boundary.value,
                math.nextafter(boundary.value, math.inf),
                math.nextafter(boundary.value, -math.inf),
            ):
                if not math.isfinite(value):
                    continue
                missed = sum(value < b.value or (value == b.value and not b.inclusive) for b in boundaries)
                assert axis.labels[missed] == model.grade_one({field: value}).labels[axis.name]

    @pytest.mark.parametrize("name", sorted(set(SCHEMES) - {"percentile", "thresholds"}))
    @given(table=tables())
    @moderate
    def test_boundaries_are_scores_that_customers_have(self, name: str, table: dict[str, list[float]]) -> None:
        """A tie block sent down leaves its own value and `exclusive`, not a neighbouring number; none is −0.0."""
        model = gradable(name, table)
        for axis in model.scale.axes:
            field = "revenue" if axis.name == "size" else "profit"
            for boundaries in model.boundaries[axis.name]:
                for boundary in boundaries or ():
                    assert boundary.value in table[field]
                    assert boundary.value != 0 or math.copysign(1, boundary.value) == 1

    @given(profit=lists(st.integers(0, 3).map(float)), ties=st.sampled_from(TIES))
    @moderate
    def test_inclusive_says_where_the_tie_block_went(self, profit: list[float], ties: str) -> None:
        """A boundary is inclusive exactly when counting sends its block to the better side."""
        model = one_axis("ABC", lambda c: c["profit"], Shares(THREE, ties=ties)).fit(base_of({"profit": profit}))
        codes = by_count(profit, THREE, ties)
        for k, boundary in enumerate(model.boundaries["grade"][0]):
            assert {boundary.inclusive} == {codes[row] <= k for row, p in enumerate(profit) if p == boundary.value}

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_a_boundary_is_finite(self, value: float) -> None:
        """A boundary that isn't a number is an error."""
        with pytest.raises(CutError):
            Boundary(value)

    def test_nobody_is_above_the_largest_number(self) -> None:
        """An exclusive boundary at the largest float64 has an empty better class."""
        largest = float(np.finfo(np.float64).max)
        scorer = one_axis("AB", lambda c: c["profit"], Thresholds((Boundary(largest, inclusive=False),)))
        base = base_of({"profit": [largest, 0.0]})
        assert {"A": 0, "B": 2, "ungraded": 0} == scorer.fit(base).grade(base).counts()

    def test_a_boundary_reads_as_what_it_means(self) -> None:
        """Inclusive is written `at least`, exclusive `above`, and there is one zero."""
        assert "at least 75" == str(Boundary(75))
        assert "above 0.5" == str(Boundary(0.5, inclusive=False))
        assert "at least 0" == str(Boundary(-0.0))

    @pytest.mark.parametrize(
        "at",
        [
            (1, 2), (1, 1), (Boundary(1), Boundary(1, inclusive=False)), ("x",), (math.nan,), "75", (None,), 75,
            (10**400,), (3, 1, 2), (3, 1, 1),
        ],
    )  # fmt: skip
    def test_thresholds_fall(self, at: object) -> None:
        """Thresholds that rise, repeat or aren't a list of numbers are errors."""
        with pytest.raises(CutError):
            Thresholds(at)

    def test_there_may_be_hundreds_of_thresholds(self) -> None:
        """Thresholds that fall are kept as they are, however many."""
        assert tuple(map(Boundary, range(300, 0, -1))) == Thresholds(range(300, 0, -1)).at

    def test_an_exclusive_threshold_may_stand_above_its_inclusive_equal(self) -> None:
        """Above 1, exactly 1 and below 1 are three classes."""
        scorer = one_axis("ABC", lambda c: c["profit"], Thresholds((Boundary(1, inclusive=False), 1)))
        base = base_of({"profit": [2, 1, 0]})
        assert ["A", "B", "C"] == scorer.fit(base).grade(base).grades.tolist()


class TestOneIsMany:
    """Promise 6."""

    @every_scheme
    @given(table=tables(), others=tables(), cut=st.integers(1, 7))
    @moderate
    def test_alone_in_batches_and_together_are_the_same(
        self, name: str, table: dict[str, list[float]], others: dict[str, list[float]], cut: int
    ) -> None:
        """Codes, scores and reasons of newcomers are the same alone, in slices and in one batch."""
        model = gradable(name, table)
        base = base_of(others)
        graded = model.grade(base)
        together = [graded.reasons[code] for code in graded.reason_codes]
        pieces = [model.grade(base.take(slice(at, at + cut))) for at in range(0, len(base), cut)]
        assert codes_of(graded) == [code for piece in pieces for code in codes_of(piece)]
        assert together == [piece.reasons[code] for piece in pieces for code in piece.reason_codes]
        for row, customer in enumerate(base):
            alone = model.grade_one(customer)
            assert graded.grades[row] == alone.grade
            assert together[row] == alone.reason
            for axis in model.scale.axes:
                one, many = np.float64(alone.scores[axis.name]), graded.scores[axis.name][row]
                assert one.tobytes() == many.tobytes() or (np.isnan(one) and np.isnan(many))

    @every_scheme
    @given(table=tables(), others=tables())
    @few
    def test_a_saved_and_loaded_model_grades_the_same(
        self, name: str, table: dict[str, list[float]], others: dict[str, list[float]]
    ) -> None:
        """A model that was saved and loaded gives every customer the grade that it gave before."""
        scheme, model = SCHEMES[name], gradable(name, table)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "model.json"
            model.save(file)
            loaded = cg.load_model(file) if scheme.registered else cg.load_model(file, scorer=scheme.make())
        assert model.boundaries == loaded.boundaries
        assert codes_of(model.grade(base_of(others))) == codes_of(loaded.grade(base_of(others)))


def clock_reads(source: str) -> list[str]:
    """Where Python source asks for the date of today."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {
            "today",
            "now",
            "utcnow",
            "localtime",
            "gmtime",
            "time_ns",
        }:
            found.append(f".{node.attr}")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "time.time":
            found.append("time.time")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in {"now", "today"}:
            found.append(repr(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"(?i)\b(?:current_date|current_timestamp|now\(\)|today\(\))", node.value)
    return found


class TestNoClock:
    """Promise 7."""

    def test_the_search_finds_clocks(self) -> None:
        """The search below would find each usual way of asking for today."""
        for text in (
            "d.today()",
            "dt.datetime.now(tz)",
            "time.time()",
            "np.datetime64('today')",
            "sql('SELECT now()')",
        ):
            assert clock_reads(text)

    def test_no_module_asks_for_today(self) -> None:
        """Neither the library nor `abcde` reads a clock anywhere in its source."""
        import custgrade_abcde

        folders = [Path(module.__file__).parent for module in (cg, custgrade_abcde)]
        # the testing kit names clocks, so that it can notice them
        files = [f for folder in folders for f in sorted(folder.rglob("*.py")) if "testing" not in f.parts]
        assert len(files) > 20
        reads = {file.name: clock_reads(file.read_text(encoding="utf-8")) for file in files}
        assert {} == {name: found for name, found in reads.items() if found}

    @pytest.mark.parametrize("name", sorted(SCHEMES))
    def test_fitting_grading_and_saving_work_without_a_clock(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """With clocks that fail, everything works, and fitting twice gives the same model content."""

        class NoDate(datetime.date):
            @classmethod
            def today(cls) -> datetime.date:
                raise AssertionError("a clock was read")

        class NoDatetime(datetime.datetime):
            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
                raise AssertionError("a clock was read")

        base = base_of({"profit": [3.0, 2.0, 2.0, -1.0], "revenue": [9.0, 8.0, 7.0, math.nan]})
        monkeypatch.setattr(datetime, "date", NoDate)
        monkeypatch.setattr(datetime, "datetime", NoDatetime)
        first, second = SCHEMES[name].make().fit(base), SCHEMES[name].make().fit(base)
        assert json.dumps(first.to_dict()) == json.dumps(second.to_dict())
        assert codes_of(first.grade(base)) == codes_of(second.grade(base))

    def test_the_as_of_date_is_the_one_given(self) -> None:
        """A base without a period has no as-of date, and its model none either; one with a period hands it on."""
        table = {"profit": [1.0, 2.0]}
        period = cg.Period("1999-12-31", "1999-01-01", "1999-12-31")
        dated = cg.CustomerBase(["a", "b"], table, period=period)
        assert None is cg.scorer("abcde").fit(base_of(table)).period
        assert datetime.date(1999, 12, 31) == cg.scorer("abcde").fit(dated).period.as_of


class TestUnknownIsNotBad:
    """Promise 8."""

    @every_scheme
    @given(table=tables(), extra=st.lists(st.integers(0, 30), min_size=1, max_size=5))
    @moderate
    def test_unknown_customers_are_ungraded_and_move_nobody(
        self, name: str, table: dict[str, list[float]], extra: list[int]
    ) -> None:
        """Added customers about whom nothing is known are ungraded with the reason; others keep their grades."""
        expected = codes_of(gradable(name, table).grade(base_of(table)))
        size = len(expected)
        places = sorted(place % (size + 1) for place in extra)
        order: list[int | None] = list(range(size))
        for place in reversed(places):
            order.insert(place, None)
        wider = {field: [math.nan if k is None else values[k] for k in order] for field, values in table.items()}
        graded = SCHEMES[name].make().fit(base_of(wider)).grade(base_of(wider))
        actual = codes_of(graded)
        assert expected == [code for code, k in zip(actual, order, strict=True) if k is not None]
        read = "revenue" if name == "nested" else "profit"
        for row, k in enumerate(order):
            if k is None:
                assert {UNGRADED} == set(actual[row])
                assert f"unknown: {read}" == graded.reasons[graded.reason_codes[row]]

    @every_scheme
    @given(table=tables())
    @moderate
    def test_a_score_that_is_no_number_is_ungraded(self, name: str, table: dict[str, list[float]]) -> None:
        """NaN and infinities get no grade, everybody else gets one, and only the ungraded have a reason."""
        graded = gradable(name, table).grade(base_of(table))
        fields = ["revenue", "profit"] if name == "nested" else ["profit"]
        for row, reason in enumerate(graded.reason_codes):
            should = all(known(table[field][row]) for field in fields)
            assert should == (graded.grades[row] != "")
            assert should == (graded.reasons[reason] == "")

    @pytest.mark.parametrize("revenue", [0.0, -0.0, -5.0, math.nan])
    def test_margin_without_revenue_is_unknown(self, revenue: float) -> None:
        """Who has no revenue above 0 has no margin, so no grade by margin, not the worst."""
        base = base_of({"profit": [-1.0, 1.0, 2.0], "revenue": [revenue, 10.0, 10.0]})
        graded = cg.scorer("abcde", by="margin").fit(base).grade(base)
        assert "" == graded.grades[0]
        assert graded.grades[1] and graded.grades[2]
        reason = graded.reasons[graded.reason_codes[0]]
        assert ("unknown: revenue" if math.isnan(revenue) else "unknown: margin") == reason

    @given(orders=lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, math.nan])), least=st.integers(1, 3))
    @moderate
    def test_too_little_evidence_is_ungraded_with_the_reason(self, orders: list[float], least: int) -> None:
        """Fewer orders than asked for, or an unknown number, gives the reason, and shares count only the others."""
        profit = [float(k % 7) for k in range(len(orders))]
        enough = [count >= least for count in orders]
        base = base_of({"profit": profit, "orders": orders})
        scorer = cg.scorer("abcde", minimum_orders=least)
        if not any(enough):
            with pytest.raises(NothingToGradeError):
                scorer.fit(base)
            return
        graded = scorer.fit(base).grade(base)
        expected = by_count([p if ok else math.nan for p, ok in zip(profit, enough, strict=True)], FIVE)
        assert expected == graded.codes["grade"].tolist()
        for count, code in zip(orders, graded.reason_codes, strict=True):
            why = "unknown: orders" if math.isnan(count) else "" if count >= least else f"fewer than {least} orders"
            assert why == graded.reasons[code]

    @every_scheme
    def test_nobody_to_grade_is_an_error_that_says_why(self, name: str) -> None:
        """A base in which nobody has a score is refused with the reasons."""
        table = {"profit": [math.nan, math.nan], "revenue": [math.nan, math.nan]}
        with pytest.raises(NothingToGradeError, match=r"unknown: (profit|revenue)"):
            SCHEMES[name].make().fit(base_of(table))

    @every_scheme
    def test_an_empty_base_is_an_error(self, name: str) -> None:
        """A base without customers is refused."""
        with pytest.raises(NothingToGradeError, match="no customers"):
            SCHEMES[name].make().fit(base_of({"profit": [], "revenue": []}))

    def test_a_class_without_a_reference_group_leaves_its_child_ungraded(self) -> None:
        """A newcomer in a parent class that held nobody in the base is ungraded on the child, with the reason."""
        base = base_of({"profit": [1.0, 2.0, 3.0], "revenue": [5.0, 5.0, 5.0]})
        model = nested().fit(base)
        held = set(model.grade(base).labels("size").tolist())
        empty = next(value for value in (9.0, 1.0) if model.grade_one({"revenue": value}).labels["size"] not in held)
        newcomer = model.grade_one({"revenue": empty, "profit": 2.0})
        assert "" == newcomer.labels["yield"] == newcomer.grade
        assert "" != newcomer.labels["size"]
        assert "no customer of the same size to compare yield with" == newcomer.reason


class TestNothingIsDropped:
    """Promise 9, as far as joining, fitting and counting go."""

    @every_scheme
    @given(table=tables())
    @moderate
    def test_everybody_is_counted_once(self, name: str, table: dict[str, list[float]]) -> None:
        """Counts by grade, ungraded included, are those of counting the grades, and add up to all customers."""
        graded = gradable(name, table).grade(base_of(table))
        counts = graded.counts()
        assert len(table["profit"]) == sum(counts.values())
        named = Counter(grade or "ungraded" for grade in graded.grades.tolist())
        assert dict(named) == {grade: count for grade, count in counts.items() if count}

    @given(left=st.sets(st.integers(0, 20), min_size=1), right=st.sets(st.integers(0, 20)))
    @moderate
    def test_a_join_counts_whom_it_leaves_out(self, left: set[int], right: set[int]) -> None:
        """Customers that only the other side has are counted and named, as pandas' merge has them.

        If both sides have customers, but none in common, the join is refused.
        """
        one = cg.CustomerBase([f"k{i}" for i in sorted(left)], {"profit": [float(i) for i in sorted(left)]})
        other = cg.CustomerBase([f"k{i}" for i in sorted(right, reverse=True)], {"orders": sorted(right, reverse=True)})
        if right and not left & right:
            with pytest.raises(cg.CustgradeError, match="no customer id is in both"):
                one.join(other)
            return
        joined = one.join(other)
        frames = [pd.DataFrame({"id": base.ids.tolist(), **base.columns}) for base in (one, other)]
        expected = frames[0].merge(frames[1], on="id", how="left")["orders"].to_numpy(dtype=float)
        np.testing.assert_array_equal(expected, joined["orders"])
        assert one.ids.tolist() == joined.ids.tolist()
        stray = {f"k{i}" for i in right - left}
        assert len(stray) == sum(item.count for item in joined.left_out)
        assert {example for item in joined.left_out for example in item.examples} <= stray
        assert all(item.examples and item.reason for item in joined.left_out)

    def test_a_join_keeps_what_both_sides_left_out_and_noted(self) -> None:
        """What ingest left out of either side stays counted after a join."""
        gone = [cg.LeftOut("no customer id", 3), cg.LeftOut("no date", 2)]
        one = cg.CustomerBase(["a"], {"profit": [1]}, left_out=gone[:1], notes=["n1"], unmapped=["u1"])
        other = cg.CustomerBase(["a"], {"orders": [1]}, left_out=gone[1:], notes=["n2"], unmapped=["u2"])
        joined = one.join(other)
        assert (tuple(gone), ("n1", "n2"), ("u1", "u2")) == (joined.left_out, joined.notes, joined.unmapped)
