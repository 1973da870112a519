"""Scorers whose scores, cuts or learned columns have one defect each, and the check that must name it."""

from __future__ import annotations

import datetime
import itertools
import math
import random
import time
from collections.abc import Callable
from datetime import date as day
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from attrs import frozen

import custgrade as cg
from custgrade.cuts import Count, FittedCut, TieBlocks, Total
from custgrade.plugins import Axis, Boundary, Shares, Thresholds


class Faulty(NamedTuple):
    """A faulty scorer: how it is made, the check that must fail, and words of its message."""

    make: Callable[[], cg.Scorer]
    check: str
    words: str


THIRDS = Shares(("1/3", "1/3", "1/3"))


def one(score, cut=THIRDS, labels="ABC", rises=(), falls=(), needs=(), **rest) -> cg.Scorer:
    axis = Axis("grade", labels, score, cut, rises, falls, traceable=not needs, needs=needs)
    return cg.Scorer([axis], **rest)


def by_position() -> cg.Scorer:
    return one(lambda c: c["profit"] + np.arange(len(c["profit"])) * 1e-6, needs=["profit"])


def unknown_to_worst() -> cg.Scorer:
    return one(lambda c: np.where(np.isnan(c["profit"]), -1e9, c["profit"]), rises=["profit"])


def unknown_to_zero() -> cg.Scorer:
    return one(lambda c: np.nan_to_num(c["profit"], nan=0.0), rises=["profit"])


def unknown_rating_to_worst() -> cg.Scorer:
    def score(c):
        return c["orders"] + 20.0 * np.where(np.isnan(c["enjoyable"]), 1.0, c["enjoyable"])

    return one(score, rises=["orders", "enjoyable"])


def unknown_payer_to_worst() -> cg.Scorer:
    def score(c):
        return np.where(np.isnan(c["days_late"]), -365.0, -c["days_late"]) + 0.0 * c["profit"]

    return one(score, falls=["days_late"])


def too_much_is_bad() -> cg.Scorer:
    return one(lambda c: c["revenue"] * (2000.0 - c["revenue"]), rises=["revenue"])


def wrong_way_round() -> cg.Scorer:
    return one(lambda c: c["recency"], falls=["recency"])


def a_dip() -> cg.Scorer:
    def score(c):
        return np.where((c["profit"] > 1000.0) & (c["profit"] < 1000.05), -1.0, c["profit"])

    return one(score, cut=Thresholds((500, 0)), rises=["profit"])


def margin_rises_with_revenue() -> cg.Scorer:
    return one(lambda c: c["profit"] / c["revenue"], rises=["revenue"])


def a_learned_column_out_of_order() -> cg.Scorer:
    @frozen
    class Odd:
        score = staticmethod(lambda c: c["profit"])
        cut = THIRDS
        points = (2.0, 3.0, 1.0)

    return one(lambda c: c["standing"], cut=Thresholds((3, 2)), rises=["profit"], learned={"standing": Odd()})


def fills_its_input() -> cg.Scorer:
    def score(c):
        c["profit"][np.isnan(c["profit"])] = 0.0
        return c["profit"]

    return one(score, needs=["profit"])


def sorts_its_input() -> cg.Scorer:
    def score(c):
        profit = c["profit"]
        profit -= 1.0
        return profit

    return one(score, needs=["profit"])


def assigns_while_traced() -> cg.Scorer:
    def score(c):
        c["profit"][0] = 0.0
        return c["profit"]

    return one(score)


def reads_more_than_it_needs() -> cg.Scorer:
    return one(lambda c: c["profit"] + c["orders"], needs=["profit"])


def reads_it_if_it_is_there() -> cg.Scorer:
    return one(lambda c: c["profit"] + c.get("referrals", 0.0), needs=["profit"])


def tries_and_catches() -> cg.Scorer:
    def score(c):
        try:
            return c["profit"] + c["potential"]
        except KeyError:
            return c["profit"]

    return one(score, needs=["profit"])


WHOLE = cg.CustomerBase([f"c{k}" for k in range(60)], {"revenue": np.arange(60.0)})


def looks_into_a_global_table() -> cg.Scorer:
    return one(lambda c: c["profit"] + WHOLE["revenue"].mean(), needs=["profit"])


def looks_into_a_closed_over_table() -> cg.Scorer:
    table = WHOLE
    return one(lambda c: c["profit"] / table["revenue"].max())


def looks_beyond_the_batch() -> cg.Scorer:
    def score(c):
        whole = c["profit"].base
        return c["profit"] - (0.0 if whole is None else np.nanmin(whole))

    return one(score, needs=["profit"])


def looks_behind_the_table() -> cg.Scorer:
    def score(c):
        hidden = getattr(c, "_columns", {})
        return c["profit"] + hidden.get("orders", 0.0)

    return one(score, needs=["profit"])


def a_derived_field_reads_more() -> cg.Scorer:
    def net(c):
        return c["revenue"] - c["returns"]

    return one(lambda c: c["net"], fields=[cg.Field("net", "money", derive=net, parts=["revenue"])])


def todays_date() -> cg.Scorer:
    return one(lambda c: c["recency"] + float(day.today().toordinal()))


def the_time() -> cg.Scorer:
    return one(lambda c: c["profit"] * (1.0 + 0.0 * time.time()), needs=["profit"])


def now_by_datetime() -> cg.Scorer:
    year = datetime.datetime.now(tz=datetime.UTC).year
    return one(lambda c: c["profit"] * float(year))


def today_by_numpy() -> cg.Scorer:
    def score(c):
        days = np.datetime64("today").astype("int64")
        return c["tenure"] - float(days)

    return one(score)


def random_scores() -> cg.Scorer:
    return one(lambda c: c["profit"] + np.random.default_rng().normal(size=len(c["profit"])), needs=["profit"])


def random_thresholds() -> cg.Scorer:
    return one(lambda c: c["profit"] - random.random())


def remembers_the_largest() -> cg.Scorer:
    largest = [0.0]

    def score(c):
        largest[0] = max(largest[0], float(np.nanmax(c["profit"], initial=0.0)))
        return c["profit"] / (1.0 + largest[0])

    return one(score, cut=Thresholds((0.8, 0.2)), needs=["profit"])


def counts_its_makes() -> Callable[[], cg.Scorer]:
    count = itertools.count()
    return lambda: one(lambda c: c["profit"] * float(1 + next(count)))


def mean_of_the_chunk() -> cg.Scorer:
    return one(lambda c: c["profit"] - np.nan_to_num(c["profit"]).mean(), cut=Thresholds((100, 0)), needs=["profit"])


def rank_in_the_chunk() -> cg.Scorer:
    def score(c):
        return np.argsort(np.argsort(c["profit"])).astype(np.float64)

    return one(score, cut=Thresholds((10, 2)), needs=["profit"])


def mean_while_traced() -> cg.Scorer:
    return one(lambda c: c["profit"] - c["profit"].mean())


def dot_product() -> cg.Scorer:
    weights = np.array([0.3, 0.7])
    return one(lambda c: np.column_stack([c["profit"], c["revenue"]]) @ weights, needs=["profit", "revenue"])


def dot_while_traced() -> cg.Scorer:
    return one(lambda c: np.dot(c["profit"], 2.0))


def numpy_exp() -> cg.Scorer:
    return one(lambda c: np.exp(-c["recency"] / 90.0), needs=["recency"])


def numpy_log_while_traced() -> cg.Scorer:
    return one(lambda c: np.log(c["revenue"]))


def math_one_by_one() -> cg.Scorer:
    return one(lambda c: np.array([math.exp(min(-x / 90.0, 700.0)) for x in c["recency"]]), needs=["recency"])


def if_on_a_column() -> cg.Scorer:
    return one(lambda c: c["profit"] if c["profit"] > 0 else 0.0)


def single_precision() -> cg.Scorer:
    return one(lambda c: c["profit"].astype(np.float32), needs=["profit"])


def only_the_known() -> cg.Scorer:
    return one(lambda c: c["profit"][~np.isnan(c["profit"])], needs=["profit"])


def a_column_vector() -> cg.Scorer:
    return one(lambda c: c["profit"].reshape(-1, 1), needs=["profit"])


def one_for_all() -> cg.Scorer:
    return one(lambda c: np.array([1.0]), needs=["profit"])


def one_customer_too_few() -> cg.Scorer:
    def score(c):
        spread = np.ptp(c["profit"][:1]) / (len(c["profit"]) - 1)
        if not math.isfinite(spread):
            raise ValueError("need at least two customers")
        return c["profit"]

    with np.errstate(all="ignore"):
        return one(score, needs=["profit"])


class OffByOneFloat(Shares):
    """Stores the next float instead of an exclusive boundary, and moves the inclusive ones too."""

    def fit(self, labels):
        fitted = yield from super().fit(labels)
        moved = [row and tuple(Boundary(math.nextafter(b.value, math.inf)) for b in row) for row in fitted.boundaries]
        return FittedCut(moved, fitted.notices)


class AlwaysBetter(Shares):
    """Says `mid`, and sends every block up."""

    def fit(self, labels):
        (answers,) = yield (TieBlocks(self.cumulated),)
        return FittedCut([tuple(Boundary(b.value) for b in a.blocks) if a.count else None for a in answers])


@frozen
class FloatShares:
    """A tenth is the double next to it, so that a tenth of 10 customers is 2."""

    shares: tuple[float, ...] = (0.1, 0.2, 0.7)

    def check(self, labels):
        assert labels == len(self.shares)

    def fit(self, labels):
        cumulated = [Fraction(self.shares[0]), Fraction(self.shares[0]) + Fraction(self.shares[1])]
        (answers,) = yield (TieBlocks(cumulated),)
        rows = []
        for answer in answers:
            up = [b.above + b.through <= 2 * b.rank for b in answer.blocks]
            rows.append(tuple(map(Boundary, (b.value for b in answer.blocks), up)) if answer.count else None)
        return FittedCut(rows)


@frozen
class QuantilePlusOne:
    """The boundary is one unit above the customer at the middle, whatever the unit."""

    def check(self, labels):
        assert labels == 2

    def fit(self, labels):
        (answers,) = yield (TieBlocks([Fraction(1, 2)]),)
        return FittedCut([(Boundary(a.blocks[0].value + 1.0),) if a.count else None for a in answers])


@frozen
class MovesEachTime:
    """A cut that keeps state: every fit is stricter than the one before."""

    fits: list[int]

    def check(self, labels):
        assert labels == 2

    def fit(self, labels):
        self.fits.append(1)
        (answers,) = yield (Count(),)
        return FittedCut([(Boundary(len(self.fits) % 5),) if count else None for count in answers])


@frozen
class AsksInSecret:
    """Asks about a field that it doesn't name in `reads`."""

    def check(self, labels):
        assert labels == 2

    def fit(self, labels):
        (answers,) = yield (Total("referrals"),)
        return FittedCut([(Boundary(float(total)),) for total in answers])


def profit(c):
    return c["profit"]


EXACT, DECLARED = "test_0_scores_are_row_local_and_exact", "test_0_reads_only_declared_fields"
NUMBERS, INPUT, RUNS = "test_0_one_number_per_customer", "test_0_the_input_stays", "test_0_it_runs"
ADD_UP = "test_0_contributions_add_up"
EQUAL, SHARES = "test_1_ties_equal_customers_get_equal_grades", "test_1_ties_shares_are_exact"
BATCHES, DATA = "test_2_order_batches", "test_2_order_only_the_data"
MONOTONE, UNITS, BESIDE = "test_3_better_is_not_worse", "test_4_units", "test_5_boundaries_are_not_off_by_one_float"
CLOCK, UNGRADED, WORST = "test_7_no_clock", "test_8_unknown_is_ungraded", "test_8_unknown_is_not_the_worst"


class Told:
    """A score that says it is made of what `parts` gives."""

    def __init__(self, parts) -> None:
        self.parts = parts

    def __call__(self, c):
        return c["profit"] + c["orders"]

    def contributions(self, c):
        return {name: (part, part) for name, part in self.parts(c).items()}


FAULTY_SCORES = {
    "splits ties by position": Faulty(by_position, EQUAL, "are alike, but got"),
    "unknown gets the worst score": Faulty(unknown_to_worst, UNGRADED, "a customer without any known field, got"),
    "unknown counts as zero": Faulty(unknown_to_zero, UNGRADED, "a customer without any known field, got"),
    "an unknown rating counts as the worst": Faulty(unknown_rating_to_worst, WORST, "'enjoyable' is unknown"),
    "an unknown payer counts as the worst": Faulty(unknown_payer_to_worst, WORST, "'days_late' is unknown"),
    "too much of a good thing": Faulty(too_much_is_bad, MONOTONE, "rises with 'revenue'"),
    "declared the wrong way round": Faulty(wrong_way_round, MONOTONE, "falls with 'recency'"),
    "a dip of a few cents": Faulty(a_dip, MONOTONE, "rises with 'profit'"),
    "margin declared to rise with revenue": Faulty(margin_rises_with_revenue, MONOTONE, "rises with 'revenue'"),
    "a learned column's points out of order": Faulty(a_learned_column_out_of_order, MONOTONE, "rises with 'profit'"),
    "fills its input": Faulty(fills_its_input, INPUT, "read-only"),
    "changes its input in place": Faulty(sorts_its_input, INPUT, "read-only"),
    "assigns into a traced column": Faulty(assigns_while_traced, INPUT, "would change its input"),
    "reads an undeclared field": Faulty(reads_more_than_it_needs, DECLARED, "KeyError: 'orders'"),
    "reads an undeclared field if it is there": Faulty(reads_it_if_it_is_there, DECLARED, "reads referrals"),
    "tries an undeclared field": Faulty(tries_and_catches, DECLARED, "potential"),
    "looks into a global table": Faulty(looks_into_a_global_table, DECLARED, "holds a whole table, 'WHOLE'"),
    "looks into a table it closed over": Faulty(looks_into_a_closed_over_table, DECLARED, "whole table, 'table'"),
    "looks beyond its batch": Faulty(looks_beyond_the_batch, DECLARED, "a column's .base"),
    "looks behind the table": Faulty(looks_behind_the_table, DECLARED, "the table's ._columns"),
    "a derived field reads more than its parts": Faulty(a_derived_field_reads_more, DECLARED, "reads returns"),
    "a cut asks about a field in secret": Faulty(
        lambda: one(profit, AsksInSecret(), "AB"), DECLARED, "in its attribute `reads`"
    ),
    "reads today's date": Faulty(todays_date, CLOCK, "date.today in todays_date"),
    "reads the time": Faulty(the_time, CLOCK, "time.time in the_time"),
    "reads now while it is made": Faulty(now_by_datetime, CLOCK, "datetime.now in now_by_datetime"),
    "reads numpy's clock": Faulty(today_by_numpy, CLOCK, "np.datetime64 in today_by_numpy"),
    "random scores": Faulty(random_scores, DATA, "2, only the data"),
    "a random number while it is made": Faulty(random_thresholds, DATA, "made again"),
    "remembers the largest seen": Faulty(remembers_the_largest, DATA, "2, only the data"),
    "depends on how often it was made": Faulty(counts_its_makes(), DATA, "made again"),
    "a cut that keeps state": Faulty(
        lambda fits=[]: one(profit, MovesEachTime(fits), "AB"), DATA, "was fitted on other data before"
    ),
    "the mean of its chunk": Faulty(mean_of_the_chunk, BATCHES, "in batches of"),
    "the rank in its chunk": Faulty(rank_in_the_chunk, BATCHES, "in batches of"),
    "a mean while traced": Faulty(mean_while_traced, EXACT, ".mean"),
    "a matrix product": Faulty(dot_product, EXACT, "calls matmul"),
    "np.dot while traced": Faulty(dot_while_traced, EXACT, "np.dot"),
    "np.exp": Faulty(numpy_exp, EXACT, "calls exp"),
    "np.log while traced": Faulty(numpy_log_while_traced, EXACT, "np.log"),
    "math.exp one by one": Faulty(math_one_by_one, EXACT, "math.exp"),
    "`if` on a column": Faulty(if_on_a_column, EXACT, "no single truth value"),
    "contributions that don't add up": Faulty(
        lambda: one(Told(lambda c: {"profit": c["profit"], "orders": c["orders"] + 1e-3})),
        ADD_UP,
        "They must add up to the score.",
    ),
    "contributions of a field that isn't read": Faulty(
        lambda: one(Told(lambda c: {"profit": c["profit"], "visits": c["orders"]})),
        ADD_UP,
        "name 'visits', which the score doesn't read",
    ),
    "contributions that fail": Faulty(lambda: one(Told(lambda c: 1 / 0)), ADD_UP, "failed: ZeroDivisionError"),
    "single precision": Faulty(single_precision, NUMBERS, "float32"),
    "scores for the known only": Faulty(only_the_known, NUMBERS, "one number per customer"),
    "a column vector": Faulty(a_column_vector, NUMBERS, "(60, 1)"),
    "one score for all": Faulty(one_for_all, NUMBERS, "one number per customer"),
    "fails for one customer": Faulty(one_customer_too_few, RUNS, "need at least two customers"),
    "a boundary one float off": Faulty(lambda: one(profit, OffByOneFloat(THIRDS.shares)), BESIDE, "one float beside"),
    "a boundary one float off moves customers": Faulty(
        lambda: one(profit, OffByOneFloat(THIRDS.shares)), SHARES, "by sorting and counting"
    ),
    "sends every tie up": Faulty(lambda: one(profit, AlwaysBetter(THIRDS.shares)), SHARES, "by sorting and counting"),
    "shares as floats": Faulty(lambda: one(profit, FloatShares()), SHARES, "by sorting and counting"),
    "a boundary of one raw unit": Faulty(lambda: one(profit, QuantilePlusOne(), "AB"), UNITS, "was multiplied by"),
}
