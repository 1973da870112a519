"""Selection by buckets against sorting: many ranks, and shares of a cumulated value."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from custgrade.selection import buckets
from custgrade.selection.buckets import by_rank, by_value

NAN, INF = math.nan, math.inf
HUNDRED = tuple(Fraction(k, 100) for k in range(1, 100))
SHARES = (Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), Fraction(8, 10), Fraction(1))


def counted_as(value):
    """The decimal that a float64 is written as if it has six places or fewer and is below 2³¹, else the float64."""
    written = Decimal(repr(value))
    return Fraction(written) if -written.as_tuple().exponent <= 6 and abs(value) < 2**31 else Fraction(value)


class Rows:
    """Scores, values and classes in arrays, as a selection asks for them."""

    threads = False

    def __init__(self, scores, values=None, groups=None, classes=1, chunk=1000):
        self._scores, self._values, self._groups = scores, values, groups
        self.size, self.classes, self.chunk = len(scores), classes, chunk

    def scores(self, rows):
        return self._scores[rows]

    def values(self, rows):
        return self._values[rows]

    def groups(self, rows):
        return None if self._groups is None else self._groups[rows]


def block(best_first, rank):
    """The tie at a rank: value, how many above, how many through, rank."""
    value = best_first[rank - 1]
    return (value, sum(s > value for s in best_first), sum(s >= value for s in best_first), rank)


def members(scores, groups, group):
    return np.isfinite(scores) & (True if groups is None else groups == group)


def ranks_by_sorting(scores, groups, classes, shares):
    found = []
    for group in range(classes):
        best_first = sorted(scores[members(scores, groups, group)].tolist(), reverse=True)
        ranks = [math.ceil(share * len(best_first)) for share in shares] if best_first else []
        found.append((len(best_first), [block(best_first, rank) for rank in ranks]))
    return found


def values_by_adding(scores, values, groups, classes, shares):
    found = []
    for group in range(classes):
        mine = members(scores, groups, group)
        pairs = sorted(zip(scores[mine].tolist(), values[mine].tolist(), strict=True), reverse=True)
        exact = [(s, counted_as(v) if math.isfinite(v) else Fraction(0)) for s, v in pairs]
        total = sum((v for _, v in exact), Fraction(0))
        negative = sum(v < 0 for _, v in exact) if any(v != s for s, v in pairs) else 0
        unknown = sum(not math.isfinite(v) for _, v in pairs)
        blocks = []
        for share in shares if total > 0 and not negative else ():
            reached = Fraction(0)
            for rank, (score, _) in enumerate(exact, 1):
                tied = [v for s, v in exact if s == score]
                reached += sum(tied, Fraction(0)) / len(tied)
                if reached >= share * total:
                    blocks.append(block([s for s, _ in exact], rank))
                    break
        found.append((len(exact), blocks, total, negative, unknown))
    return found


@pytest.fixture(params=[1 << 22, 3], ids=["collected at once", "split until small"])
def most(request, monkeypatch):
    """How many rows of a bucket may be collected."""
    monkeypatch.setattr(buckets, "_MOST_COLLECTED", request.param)


SCORES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 2.0, NAN, INF, -INF, 5e-324, -5e-324, 1.7976931348623157e308, -1.7e308]),
    st.floats(-100, 100),
    st.integers(-3, 3).map(float),
)
VALUES = st.one_of(st.sampled_from([0.0, 0.1, 1.0, NAN, INF, 5e-324, 1e308]), st.floats(0, 100))
GROUPS = st.sampled_from([0, 1, 2, 255])
patient = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(
    rows=st.lists(st.tuples(SCORES, GROUPS), max_size=40),
    sample=st.sampled_from([1, 3, 1000]),
    chunk=st.sampled_from([1, 3, 16, 1000]),
    grouped=st.booleans(),
)
@patient
def test_many_ranks_are_those_of_sorting(most, rows, sample, chunk, grouped):
    """A hundred shares of any scores, overall and within classes, however small sample, chunks and buckets."""
    scores = np.array([score for score, _ in rows], dtype=np.float64)
    groups, classes = (np.array([g for _, g in rows], dtype=np.uint8), 3) if grouped else (None, 1)
    found = by_rank(Rows(scores, None, groups, classes, chunk), HUNDRED, sample)
    expected = ranks_by_sorting(scores, groups, classes, HUNDRED)
    assert expected == [(one.count, [tuple(tie) for tie in one.found]) for one in found]


@given(
    rows=st.lists(st.tuples(SCORES, VALUES, GROUPS), max_size=30),
    sample=st.sampled_from([1, 3, 1000]),
    chunk=st.sampled_from([1, 3, 16, 1000]),
    grouped=st.booleans(),
    own=st.booleans(),
)
@patient
def test_shares_of_a_value_are_those_of_adding_up(most, rows, sample, chunk, grouped, own):
    """Any values by any scores, or the scores themselves with losses, against adding Fractions one by one."""
    scores = np.array([score for score, *_ in rows], dtype=np.float64)
    values = scores if own else np.array([value for _, value, _ in rows], dtype=np.float64)
    groups, classes = (np.array([g for *_, g in rows], dtype=np.uint8), 3) if grouped else (None, 1)
    found = by_value(Rows(scores, values, groups, classes, chunk), SHARES, sample)
    expected = values_by_adding(scores, values, groups, classes, SHARES)
    assert expected == [
        (one.count, [tuple(tie) for tie in one.found], one.total, one.negative, one.unknown) for one in found
    ]


def draw(size):
    return np.random.default_rng(size)


KINDS = {
    "continuous": lambda n: draw(n).lognormal(6, 1.6, n) - 300,
    "all equal": lambda n: np.full(n, 3.0),
    "rising": lambda n: np.sort(draw(n).normal(size=n)),
    "few values": lambda n: draw(n).integers(-2, 5, n).astype(float),
    "nearly all zero": lambda n: np.where(draw(n).random(n) < 0.001, draw(n + 1).normal(size=n), 0.0),
    "a sample that misleads": lambda n: np.where(np.arange(n) % max(1, n // 64) == 0, 1e6, draw(n).normal(size=n)),
    "nothing known": lambda n: np.full(n, NAN),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 5_003])
def test_hard_scores(most, kind, size):
    """Scores that are hard to spread over buckets, from a sample of 64."""
    scores = KINDS[kind](size)
    found = by_rank(Rows(scores), HUNDRED, 64)
    assert ranks_by_sorting(scores, None, 1, HUNDRED) == [(f.count, [tuple(tie) for tie in f.found]) for f in found]
    cumulated = by_value(Rows(scores, scores), SHARES[:2], 64)
    finite = scores[np.isfinite(scores)]
    total = sum(map(counted_as, finite.tolist()), Fraction(0))
    assert (len(finite), total) == (cumulated[0].count, cumulated[0].total)
    best_first = np.sort(finite)[::-1].tolist()
    for share, tie in zip(SHARES[:2], cumulated[0].found, strict=False):
        reached = sum(map(counted_as, best_first[: tie.through]), Fraction(0))
        assert sum(map(counted_as, best_first[: tie.above]), Fraction(0)) < share * total <= reached
        assert block(best_first, tie.through)[:3] == tuple(tie)[:3]
