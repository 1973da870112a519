"""Selection against sorting: tie blocks at ranks, overall and within classes, and every row's code."""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.cuts import Count, Question, TieBlocks
from custgrade.cuts.array_population import ArrayPopulation
from custgrade.errors import NothingToGradeError
from custgrade.plugins import Axis, Shares, minimum_evidence
from custgrade.selection.chunks import over_chunks, spans
from custgrade.selection.select import Selection

NAN, INF = math.nan, math.inf
FIVE = tuple(map(Fraction, ("1/20", "1/5", "1/2", "4/5")))
CLOSE = tuple(map(Fraction, ("1/1000", "2/1000", "1/2", "501/1000", "999/1000")))


class Rows:
    """Scores and classes in arrays, as a selection asks for them."""

    def __init__(self, scores, groups=None, classes=1, chunk=1000, threads=False):
        self._scores, self._groups = np.asarray(scores, dtype=np.float64), groups
        self.size, self.classes, self.chunk, self.threads = len(self._scores), classes, chunk, threads

    def scores(self, rows):
        return self._scores[rows]

    def groups(self, rows):
        return None if self._groups is None else self._groups[rows]


def by_sorting(scores, groups, classes, shares):
    """What is at each share of each class: value, how many above and through it, and the rank."""
    found = []
    for group in range(classes):
        members = np.isfinite(scores) if groups is None else np.isfinite(scores) & (groups == group)
        best_first = sorted(scores[members].tolist(), reverse=True)
        blocks = []
        for share in shares if best_first else ():
            rank = math.ceil(share * len(best_first))
            value = best_first[rank - 1]
            above, through = (np.count_nonzero(side(best_first, value)) for side in (np.greater, np.greater_equal))
            blocks.append((value, above, through, rank))
        found.append(blocks)
    return found


def by_comparing(scores, groups, found):
    """How many of its class's values each row is below; 255 for those without a score or class."""
    codes = np.full(len(scores), 255)
    for group, blocks in enumerate(found):
        members = np.isfinite(scores) if groups is None else np.isfinite(scores) & (groups == group)
        codes[members] = sum((scores[members] < value for value, *_ in blocks), np.zeros(members.sum(), dtype=int))
    return codes


def check(scores, shares, groups=None, classes=1, sample=1 << 16, **rest):
    selection = Selection(Rows(scores, groups, classes, **rest), shares, sample)
    expected = by_sorting(np.asarray(scores), groups, classes, shares)
    assert expected == [[tuple(one) for one in found] for found in selection.found]
    assert by_comparing(np.asarray(scores), groups, expected).tolist() == selection.codes.tolist()
    unkept = Selection(Rows(scores, groups, classes, **rest), shares, sample, keep=False)
    assert (selection.counts, selection.found, None) == (unkept.counts, unkept.found, unkept.codes)
    return selection, expected


VALUES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 2.0, NAN, INF, -INF, 5e-324, 1.7e308, -1.7e308]),
    st.floats(-100, 100),
    st.integers(-3, 3).map(float),
)
SHARES = st.lists(st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100), max_size=5).map(
    lambda shares: tuple(sorted(shares))
)


@given(
    scores=st.lists(VALUES, max_size=60),
    shares=SHARES,
    sample=st.sampled_from([1, 2, 3, 8, 1000]),
    chunk=st.sampled_from([1, 3, 7, 16, 1000]),
)
@settings(max_examples=300, deadline=None)
def test_it_finds_what_sorting_finds(scores, shares, sample, chunk):
    """Any scores, however small the sample and the chunks."""
    check(np.array(scores, dtype=np.float64), shares, sample=sample, chunk=chunk)


@given(
    rows=st.lists(st.tuples(VALUES, st.sampled_from([0, 1, 2, 255])), max_size=60),
    shares=SHARES,
    sample=st.sampled_from([1, 2, 8, 1000]),
    chunk=st.sampled_from([1, 5, 16, 1000]),
)
@settings(max_examples=300, deadline=None)
def test_it_finds_the_same_within_classes(rows, shares, sample, chunk):
    """Each class by itself; rows in no class count nowhere."""
    scores = np.array([score for score, _ in rows], dtype=np.float64)
    groups = np.array([group for _, group in rows], dtype=np.uint8)
    check(scores, shares, groups, 3, sample=sample, chunk=chunk)


def draw(size):
    return np.random.default_rng(size)


def where(values, share, other):
    values = values.copy()
    values[draw(len(values) + 1).random(len(values)) < share] = other
    return values


KINDS: dict[str, Callable[[int], np.ndarray]] = {
    "continuous": lambda n: draw(n).lognormal(6, 1.6, n) - 300,
    "all equal": lambda n: np.full(n, 3.0),
    "rising": lambda n: np.sort(draw(n).normal(size=n)),
    "falling": lambda n: np.sort(draw(n).normal(size=n))[::-1],
    "few values": lambda n: draw(n).integers(0, 5, n).astype(float),
    "heavy ties on a boundary": lambda n: where(draw(n).normal(size=n), 0.4, 0.0),
    "cents": lambda n: np.round(draw(n).lognormal(2, 1, n), 1),
    "unknown": lambda n: where(draw(n).normal(size=n), 0.05, NAN),
    "infinite": lambda n: where(where(draw(n).normal(size=n), 0.1, INF), 0.1, -INF),
    "nothing known": lambda n: np.full(n, NAN),
    "two clusters far apart": lambda n: np.where(draw(n).random(n) < 0.5, 0.0, 1e300) + draw(n).random(n),
    "denormals": lambda n: draw(n).integers(0, 50, n) * 5e-324,
    "a sample that misleads": lambda n: np.where(np.arange(n) % max(1, n // 64) == 0, 1e6, draw(n).normal(size=n)),
    "nearly all zero": lambda n: np.concatenate([draw(n).normal(size=n // 1000), np.zeros(n - n // 1000)]),
}


@pytest.mark.parametrize("shares", [FIVE, CLOSE], ids=["five classes", "close together"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 2, 999, 30_011])
def test_hard_scores(kind, size, shares):
    """Scores that are hard to guess about, with a sample of 64, in one class and in three."""
    scores = KINDS[kind](size)
    groups = draw(size).integers(0, 3, size).astype(np.uint8)
    check(scores, shares, sample=64, chunk=4096)
    check(scores, shares, groups, 3, sample=64, chunk=4096)


@pytest.mark.parametrize("kind", KINDS)
def test_a_million_rows_on_threads(kind):
    """As chunks of the usual size are worked on at the same time."""
    scores = KINDS[kind](600_000)
    rows = Rows(scores, chunk=1 << 16, threads=True)
    selection = Selection(rows, FIVE)
    known = np.sort(scores[np.isfinite(scores)])
    for one in selection.found[0]:
        assert known[len(known) - one.rank] == one.value
        assert len(known) - np.searchsorted(known, one.value, "right") == one.above
        assert len(known) - np.searchsorted(known, one.value, "left") == one.through
    values = [one.value for one in selection.found[0]]
    expected = np.where(np.isfinite(scores), sum(((scores < v) * 1 for v in values), np.zeros(len(scores))), 255)
    np.testing.assert_array_equal(expected, selection.codes)


@pytest.mark.parametrize("kind", ["continuous", "few values", "heavy ties on a boundary", "cents", "unknown"])
def test_rows_on_a_value_can_be_moved_below_it(kind):
    """Where a tie block is sent down, its rows are below the value, and all others stay."""
    scores = KINDS[kind](5003)
    selection, expected = check(scores, FIVE, sample=64, chunk=512)
    outside = [True, False, True, True]
    moved = selection.placed([outside])
    lower = sum((scores == value) * out for (value, *_), out in zip(expected[0], outside, strict=True))
    codes = by_comparing(scores, None, expected)
    assert np.where(codes == 255, 255, codes + lower).tolist() == moved.tolist()


def test_easy_scores_take_two_passes():
    """A count and one look between the guesses are enough for scores without surprises; ties need the count only."""
    for kind, passes in (("continuous", 2), ("unknown", 2), ("few values", 1), ("all equal", 1)):
        seen = []

        class Counted(Rows):
            def scores(self, rows, seen=seen):
                seen.append(rows)
                return super().scores(rows)

        Selection(Counted(KINDS[kind](200_000), chunk=1 << 20), FIVE)
        assert passes == len(seen) - 1  # the sample is the first


def test_a_population_asks_for_one_selection():
    """Counting comes with the blocks; the sort for many shares and the selection for few agree."""
    scores = KINDS["cents"](3000)
    column = lambda chunk: chunk["score"]
    many = tuple(Fraction(k, 40) for k in range(1, 40))
    population = ArrayPopulation({"score": scores}, len(scores), sample=32)
    blocks, sorted_blocks, counts = population.answer(
        [
            Question(TieBlocks(FIVE), column),
            Question(TieBlocks(many), column),
            Question(Count(), column),
        ]
    )
    assert (3000,) == counts
    by_rank = {block.rank: block for block in sorted_blocks[0].blocks}
    assert list(blocks[0].blocks) == [by_rank[math.ceil(share * 3000)] for share in FIVE]


@given(st.integers(0, 50), st.integers(1, 9), st.booleans())
def test_chunks_cover_every_row_once(size, rows, threads):
    """Chunks come in order and leave nothing out, on one thread and on several."""
    found = over_chunks(lambda piece: list(range(size))[piece], size, threads, rows)
    assert list(range(size)) == [row for piece in found for row in piece]
    assert len(found) == len(spans(size, rows))


@given(
    rows=st.lists(st.tuples(VALUES, st.integers(0, 9).map(float)), min_size=1, max_size=40),
    ties=st.sampled_from(["mid", "better", "worse"]),
)
@settings(max_examples=150, deadline=None)
def test_fitting_and_grading_at_once_is_the_same(rows, ties):
    """`fit_grade` gives the model and the grades of `fit` and `grade`, for nested axes and thin evidence too."""
    base = cg.CustomerBase(
        [f"c{k}" for k in range(len(rows))], {"profit": [p for p, _ in rows], "orders": [o for _, o in rows]}
    )
    halves = Shares(("1/3", "2/3"), ties=ties)
    axes = [
        Axis("size", "LS", lambda c: c["orders"], halves),
        Axis("worth", "HL", lambda c: c["profit"], halves, within="size"),
    ]
    for scorer in (cg.Scorer(axes), cg.Scorer(axes[:1], evidence=minimum_evidence(orders=2))):
        try:
            model = scorer.fit(base)
        except NothingToGradeError:
            with pytest.raises(NothingToGradeError):
                scorer.fit_grade(base)
            continue
        once, graded = scorer.fit_grade(base)
        expected = model.grade(base)
        assert (model.boundaries, model.graded, model.notices) == (once.boundaries, once.graded, once.notices)
        for axis in scorer.axes:
            assert expected.codes[axis.name].tolist() == graded.codes[axis.name].tolist()
            np.testing.assert_array_equal(expected.scores[axis.name], graded.scores[axis.name])
        assert expected.reason_codes.tolist() == graded.reason_codes.tolist()
        assert expected.reasons == graded.reasons


@pytest.mark.parametrize("scheme", ["abcde", "matrix3x3", "abcd"])
def test_results_are_freed_when_nobody_uses_them_any_more(scheme):
    """No circle of references keeps the arrays of a model and its grades until the next garbage collection."""
    draw = np.random.default_rng(2)
    fields = ("revenue", "profit", "days_late", "enjoyable", "challenges_us", "cares_about_us")
    base = cg.CustomerBase(np.arange(500), {name: draw.integers(1, 6, 500).astype(float) for name in fields})
    scorer = cg.scorer(scheme)
    scorer.fit_grade(base)
    gc.collect()
    gc.disable()
    try:
        model, graded = scorer.fit_grade(base)
        seen = [weakref.ref(column) for column in graded.codes.values()]
        graded.summary(), graded.reasons
        del model, graded
        assert [None] * len(seen) == [reference() for reference in seen]
    finally:
        gc.enable()
