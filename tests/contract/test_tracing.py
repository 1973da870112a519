"""Tracing: what it finds out, what it refuses in words, and that the graph computes what the function does."""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ParameterError, ScorerError, TracingError
from custgrade.plugins import Axis, Evidence, Percentile, Thresholds

moderate = settings(deadline=None, max_examples=40)
values = st.one_of(st.floats(), st.sampled_from([0.0, 1.0, -1.0, 5e-324, 1e308, math.inf, math.nan]))
X, Y = "profit", "revenue"


def scorer_of(score: Callable[..., Any], **rest: Any) -> cg.Scorer:
    return cg.Scorer([Axis("grade", "AB", score, Thresholds((0,)), **rest)])


def computed(score: Callable[..., Any], **columns: Any) -> np.ndarray:
    arrays = {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
    return np.asarray(scorer_of(score).scores["grade"](arrays))


def same_bits(one: Any, other: Any) -> bool:
    one, other = (np.asarray(a, dtype=np.float64) + 0.0 for a in (one, other))
    return (
        one.shape == other.shape
        and np.where(np.isnan(one), 0.0, one).tobytes() == np.where(np.isnan(other), 0.0, other).tobytes()
        and bool((np.isnan(one) == np.isnan(other)).all())
    )


class TestFieldsNeeded:
    """Nobody repeats what a score reads."""

    def test_inputs_are_found_in_order(self) -> None:
        """The fields that the result depends on, each once."""
        assert ("profit", "orders") == scorer_of(lambda c: c["profit"] * c["orders"] + c["profit"]).inputs

    def test_a_derived_field_needs_its_parts(self) -> None:
        """A score by margin needs profit and revenue, and reads margin."""
        scorer = scorer_of(lambda c: c["margin"])
        assert {"profit", "revenue"} == set(scorer.inputs)
        assert ("margin",) == scorer.scores["grade"].reads

    def test_what_does_not_matter_is_not_needed(self) -> None:
        """A field that is looked at but has no part in the result isn't an input."""

        def score(c):
            c["orders"]
            return c["profit"]

        assert ("profit",) == scorer_of(score).inputs

    def test_evidence_and_learned_columns_count(self) -> None:
        """Inputs are those of scores, learned columns and evidence together."""
        scorer = cg.Scorer(
            [Axis("grade", "AB", lambda c: c["rank"], Thresholds((50,)))],
            learned={"rank": Percentile("profit")},
            evidence=[Evidence("few orders", lambda c: c["orders"] >= 2)],
        )
        assert {"profit", "orders"} == set(scorer.inputs)
        assert ("rank",) == scorer.scores["grade"].learned

    def test_get_reads_like_brackets(self) -> None:
        """`c.get` is no way around tracing."""
        assert ("profit",) == scorer_of(lambda c: c.get("profit")).inputs

    def test_it_is_traced_once(self) -> None:
        """Making a scorer calls the score once; fitting and grading never again."""
        calls = []

        def score(c):
            calls.append(1)
            return c["profit"]

        scorer = scorer_of(score)
        base = cg.CustomerBase(["a", "b"], {"profit": [1, -1]})
        scorer.fit(base).grade(base)
        assert [1] == calls


def _assigns(c):
    c[X][0] = 1.0
    return c[X]


def _masks(c):
    result = np.zeros_like(c[X])
    result[c[X] > 1] = 2.0
    return result + c[X]


def _changes_the_table(c):
    c["extra"] = c[X]
    return c["extra"]


REFUSED: dict[str, Callable[..., Any]] = {
    "dot": lambda c: np.dot(c[X], c[Y]),
    "matmul": lambda c: c[X] @ c[Y],
    "np.mean": lambda c: c[X] - np.mean(c[X]),
    "nanmean": lambda c: np.nanmean(c[X]),
    "method mean": lambda c: c[X] - c[X].mean(),
    "mean of a list": lambda c: np.mean([c[X], c[Y]], axis=0),
    "sum": lambda c: np.sum(c[X]),
    "builtin sum": lambda c: sum(c[X]),
    "builtin max": lambda c: max(c[X], c[Y]),
    "fsum": lambda c: math.fsum([c[X]]),
    "median": lambda c: np.median(c[X]),
    "quantile": lambda c: np.quantile(c[X], 0.5),
    "sort": lambda c: np.sort(c[X]),
    "argsort": lambda c: np.argsort(c[X]),
    "unique": lambda c: np.unique(c[X]),
    "cumsum": lambda c: np.cumsum(c[X]),
    "accumulate": lambda c: np.add.accumulate(c[X]),
    "reduce": lambda c: np.maximum.reduce([c[X], c[Y]]),
    "reduce one": lambda c: np.add.reduce(c[X]),
    "outer": lambda c: np.multiply.outer(c[X], c[Y]),
    "roll": lambda c: np.roll(c[X], 1),
    "diff": lambda c: np.diff(c[X]),
    "stack": lambda c: np.stack([c[X], c[Y]]),
    "asarray": lambda c: np.asarray(c[X]) + 1,
    "array of list": lambda c: np.array([c[X], c[Y]]),
    "if": lambda c: 1.0 if c[X] > 0 else 0.0,
    "and": lambda c: (c[X] > 0) and (c[Y] > 0),
    "not": lambda c: not c[X],
    "chained comparison": lambda c: 0 < c[X] < 1,
    "len": lambda c: c[X] / len(c[X]),
    "shape": lambda c: c[X] / c[X].shape[0],
    "iteration": lambda c: [x + 1 for x in c[X]],
    "float": lambda c: float(c[X]),
    "int": lambda c: int(c[X]),
    "round": lambda c: round(c[X], 2),
    "math.sqrt": lambda c: math.sqrt(c[X]),
    "math.floor": lambda c: math.floor(c[X]),
    "np.exp": lambda c: np.exp(c[X]),
    "np.log": lambda c: np.log(c[X]),
    "np.sin": lambda c: np.sin(c[X]),
    "np.hypot": lambda c: np.hypot(c[X], c[Y]),
    "np.power": lambda c: np.power(c[X], 0.3),
    "cube": lambda c: c[X] ** 3,
    "power of a column": lambda c: 2.0 ** c[X],
    "modulo": lambda c: c[X] % 2,
    "floor division": lambda c: c[X] // 2,
    "out=": lambda c: np.add(c[X], 1.0, out=np.empty(3)),
    "where=": lambda c: np.add(c[X], 1.0, where=c[X] > 0),
    "dtype=": lambda c: np.add(c[X], 1.0, dtype=np.float32),
    "astype": lambda c: c[X].astype(np.float32),
    "index": lambda c: c[X][0],
    "slice": lambda c: c[X] - c[X][::-1],
    "mask": lambda c: c[X][c[Y] > 0],
    "assignment": _assigns,
    "assignment by mask": _masks,
    "a new column": _changes_the_table,
    "boolean +": lambda c: (c[X] > 1) + (c[Y] > 1),
    "boolean *": lambda c: (c[X] > 1) * (c[Y] > 1),
    "boolean -": lambda c: (c[X] > 1) - (c[Y] > 1),
    "an array constant": lambda c: c[X] + np.array([1.0, 2.0]),
    "text": lambda c: c[X] + "1",
    "compared with text": lambda c: np.where(c[X] == "A", 1.0, 0.0),
    "None": lambda c: None,
    "nothing returned of a column": lambda c: (c[X],),
    "reading nothing": lambda c: 1.0,
    "reading without using": lambda c: c[X] and 0.0,
    "zeros like": lambda c: np.zeros_like(c[X]),
    "a column by position": lambda c: c[0],
    "the whole table": lambda c: sum(c.values()),
    "unpacking": lambda c: dict(**c)[X],
    "membership": lambda c: c[X] if X in c else c[Y],
    "how many fields": lambda c: c[X] / len(c),
    "an exception": lambda c: c[X] / 0 + {}["nothing"],
    "a bug": lambda c: undefined_name,  # noqa: F821  # the bug
    "a constant too large": lambda c: c[X] + 10**400,
    "where with one argument": lambda c: np.where(c[X]),
    "a random column": lambda c: c[X] * np.random.default_rng(0).random(5),
}


class TestRefusals:
    """What isn't row-local, or not exactly rounded, is refused when the scorer is made."""

    @pytest.mark.parametrize("name", REFUSED)
    def test_it_is_refused_in_words(self, name: str) -> None:
        """The error names the axis, is one sentence or more, and not just a type."""
        with pytest.raises(TracingError) as caught:
            scorer_of(REFUSED[name])
        assert "axis 'grade'" in str(caught.value)
        assert len(str(caught.value).split()) > 8

    def test_evidence_and_learned_columns_are_traced_too(self) -> None:
        """Conditions and learned columns can't loop or sum either."""
        axis = Axis("grade", "AB", lambda c: c[X], Thresholds((0,)))
        with pytest.raises(TracingError, match="evidence 'few'"):
            cg.Scorer([axis], evidence=[Evidence("few", lambda c: np.sum(c[X]) > 1)])

    def test_it_says_what_to_write_instead(self) -> None:
        """The refusal of np.exp points to custgrade.functions, that of `if` to np.where."""
        with pytest.raises(TracingError, match=r"custgrade\.functions"):
            scorer_of(lambda c: np.exp(c[X]))
        with pytest.raises(TracingError, match=r"np\.where"):
            scorer_of(lambda c: 1.0 if c[X] > 0 else 0.0)

    def test_an_error_of_custgrade_passes_through(self) -> None:
        """A ParameterError that a score raises stays one."""

        def score(c):
            raise ParameterError("no such option")

        with pytest.raises(ParameterError, match="no such option"):
            scorer_of(score)

    def test_the_cause_is_kept(self) -> None:
        """Whoever debugs a score finds the original exception behind the refusal."""
        with pytest.raises(TracingError) as caught:
            scorer_of(REFUSED["an exception"])
        assert isinstance(caught.value.__cause__, KeyError)


UNARY = [
    np.negative,
    np.abs,
    np.sqrt,
    np.floor,
    np.ceil,
    np.square,
    np.positive,
    np.nan_to_num,
    np.sign,
    lambda x: x**2,
    lambda x: x**0.5,
]
BINARY = [
    np.add, np.subtract, np.multiply, np.divide, np.minimum, np.maximum, np.fmin, np.fmax,
    lambda a, b: np.clip(a, -1.0, b), lambda a, b: 2.0 - a / 3.0 + b,
    lambda a, b: np.select([a > b, np.isnan(a)], [a, b], 0.25),
]  # fmt: skip
TRUTHS = [
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
    lambda a, b: np.isnan(a), lambda a, b: np.isfinite(b),
    lambda a, b: (a > 0) & (b > 0), lambda a, b: (a > 0) | ~(b <= 1),
    lambda a, b: np.logical_or(a, b), lambda a, b: np.logical_not(a),
]  # fmt: skip


@st.composite
def programs(draw: st.DrawFn) -> Callable[..., Any]:
    """Random row-local functions of two columns."""
    steps = draw(st.lists(st.tuples(st.sampled_from("ubtwk"), *[st.integers(0, 99)] * 4), min_size=1, max_size=12))

    def program(c):
        made = [c[X], c[Y]]
        for kind, which, *at in steps:
            a, b, d = (made[k % len(made)] for k in at)
            if kind == "u":
                made.append(UNARY[which % len(UNARY)](a))
            elif kind == "b":
                made.append(BINARY[which % len(BINARY)](a, b))
            elif kind == "t":
                made.append(np.where(TRUTHS[which % len(TRUTHS)](a, b), d, which / 7.0))
            elif kind == "w":
                made.append(np.where(TRUTHS[which % len(TRUTHS)](a, b), True, False) * 2.0)
            else:
                made.append(a + b * 0.5)
        return made[-1] + 0.0

    return program


class TestTheGraph:
    """A graph computes what its function does."""

    @given(program=programs(), pairs=st.lists(st.tuples(values, values), min_size=1, max_size=8))
    @settings(deadline=None, max_examples=150)
    def test_it_equals_plain_numpy(self, program: Callable[..., Any], pairs: list[tuple[float, float]]) -> None:
        """Any composition of allowed operations has the bits of calling the function on arrays."""
        x, y = (np.array(column) + 0.0 for column in zip(*pairs, strict=True))
        with np.errstate(all="ignore"):
            expected = program({X: x, Y: y})
        assert same_bits(expected, computed(program, **{X: x, Y: y}) + np.zeros(len(x)))

    @pytest.mark.parametrize(
        "function", [*UNARY, np.isinf, np.ones_like, np.zeros_like, lambda x: np.full_like(x, 7.0)]
    )
    def test_a_function_of_one_column_equals_plain_numpy(self, function: Callable[..., Any]) -> None:
        """Each function gives what numpy gives for numbers of both signs, zeros, infinities and NaN."""
        x = np.array([-math.inf, -2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 4.0, math.inf, math.nan])
        with np.errstate(all="ignore"):
            expected = function(x) + 0.0
        known = np.zeros(len(x))
        assert same_bits(expected, computed(lambda c: function(c[X]) + 0.0 + c[Y], **{X: x, Y: known}))

    @pytest.mark.parametrize("truth", TRUTHS)
    @given(pairs=st.lists(st.tuples(values, values), min_size=1, max_size=8))
    @moderate
    def test_conditions_equal_plain_numpy(self, truth: Callable[..., Any], pairs: list[tuple[float, float]]) -> None:
        """A condition as a score is 1 or 0, as numpy's truth values are."""
        x, y = (np.array(column) for column in zip(*pairs, strict=True))
        score = lambda c: np.where(truth(c[X], c[Y]), c[X], c[Y])
        assert same_bits(np.where(truth(x, y), x, y), computed(score, **{X: x, Y: y}))

    @pytest.mark.parametrize("operator", ["+=", "-=", "*=", "/=", "**="])
    def test_in_place_operators_change_no_input(self, operator: str) -> None:
        """`total += points` works in a score, and the base stays as it was."""
        space: dict[str, Any] = {}
        exec(f"def score(c):\n    total = c['profit']\n    total {operator} 2.0\n    return total + c['profit']", space)
        x = np.array([3.0, -1.5])
        expected = {"+=": x + 2, "-=": x - 2, "*=": x * 2, "/=": x / 2, "**=": x**2}[operator] + x
        np.testing.assert_array_equal(expected, computed(space["score"], profit=x))
        np.testing.assert_array_equal([3.0, -1.5], x)

    def test_in_place_logic_changes_no_input(self) -> None:
        """`found |= condition` and `found &= condition` work too."""

        def score(c):
            found = c[X] > 0
            before = found
            found |= c[Y] > 0
            found &= c[Y] < 5
            return np.where(found, 2.0, 0.0) + np.where(before, 1.0, 0.0)

        assert [3.0, 2.0, 0.0, 1.0] == computed(score, profit=[1, -1, -1, 1], revenue=[1, 1, 9, 9]).tolist()

    def test_division_by_zero_does_not_warn(self) -> None:
        """Scores may divide by zero: the result is NaN or infinite, without a warning."""
        assert [math.inf, -math.inf] == computed(lambda c: c[X] / 0.0, profit=[1, -1]).tolist()

    def test_ten_thousand_additions(self) -> None:
        """A very deep graph is traced, computed, fingerprinted and saved without recursion, in seconds."""

        def score(c):
            total = c[X]
            for _ in range(10_000):
                total = total + c[Y]
            return total

        start = time.perf_counter()
        scorer = scorer_of(score)
        assert [10_003.0] == scorer.scores["grade"]({X: np.array([3.0]), Y: np.array([1.0])}).tolist()
        assert 64 == len(scorer.fingerprint)
        base = cg.CustomerBase(["a"], {X: [3.0], Y: [1.0]})
        assert ["A"] == scorer.fit(base).grade(base).grades.tolist()
        assert time.perf_counter() - start < 10

    def test_shared_nodes_stay_shared(self) -> None:
        """A score whose tree would have 2⁶⁰ leaves is a graph of 60 nodes."""

        def score(c):
            total = c[X]
            for _ in range(60):
                total = total + total
            return total

        start = time.perf_counter()
        assert [2.0**60] == computed(score, profit=[1.0]).tolist()
        assert 64 == len(scorer_of(score).fingerprint)
        assert time.perf_counter() - start < 5

    def test_a_large_graph_does_not_keep_every_step(self) -> None:
        """Computing a long score over many customers doesn't hold all intermediate columns in memory at once."""
        import tracemalloc

        def score(c):
            total = c[X]
            for _ in range(500):
                total = total + c[Y]
            return total

        columns = {X: np.ones(20_000), Y: np.ones(20_000)}
        traced = scorer_of(score).scores["grade"]
        tracemalloc.start()
        traced(columns)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 50 * 20_000 * 8

    def test_equal_functions_have_equal_fingerprints(self) -> None:
        """A fingerprint is of what is computed: names don't matter, constants and operations do."""
        same = [scorer_of(f).fingerprint for f in (lambda c: c[X] + 1.0, lambda table: table[X] + 1)]
        other = [scorer_of(f).fingerprint for f in (lambda c: c[X] + 1.5, lambda c: c[X] - 1.0, lambda c: c[Y] + 1.0)]
        assert 1 == len(set(same))
        assert 4 == len({*same, *other})


class TestFrozenAtTraceTime:
    """State and chance act once, when the scorer is made."""

    def test_a_counter_counts_once(self) -> None:
        """A stateful function is frozen at its first answer."""
        counter = itertools.count(1)
        scorer = scorer_of(lambda c: c[X] * float(next(counter)))
        for _ in range(3):
            assert [2.0] == scorer.scores["grade"]({X: np.array([2.0])}).tolist()

    def test_a_random_number_is_drawn_once(self) -> None:
        """A score with chance in it gives one customer one score, however often it is asked."""
        scorer = scorer_of(lambda c: c[X] + random.random())
        batch = {X: np.arange(5.0)}
        first = scorer.scores["grade"](batch)
        assert first.tolist() == scorer.scores["grade"](batch).tolist()
        assert [first[3]] == scorer.scores["grade"]({X: np.array([3.0])}).tolist()

    def test_a_changed_closure_changes_nothing(self) -> None:
        """A number that changes after the scorer was made has no effect."""
        setting = {"plus": 1.0}
        scorer = scorer_of(lambda c: c[X] + setting["plus"])
        setting["plus"] = 99.0
        assert [2.0] == scorer.scores["grade"]({X: np.array([1.0])}).tolist()


class TestUntraceable:
    """`traceable=False`: numpy batches only, and said so."""

    def test_it_grades(self) -> None:
        """A score that can't be traced runs on arrays, learned and derived columns included."""
        score = lambda c: np.array([math.exp(v) for v in c["margin"]])
        scorer = scorer_of(score, traceable=False, needs="margin")
        assert {"profit", "revenue"} == set(scorer.inputs)
        assert not scorer.portable
        assert scorer_of(lambda c: c[X]).portable
        base = cg.CustomerBase(["a", "b"], {X: [1.0, 2.0], Y: [2.0, 0.0]})
        graded = scorer.fit(base).grade(base)
        assert ["A", ""] == graded.grades.tolist()
        assert math.exp(0.5) == graded.scores["grade"][0]

    @pytest.mark.parametrize(
        "score",
        [
            lambda c: 1.0,
            lambda c: c[X][:-1],
            lambda c: np.stack([c[X], c[X]]),
            lambda c: np.array(["x"] * len(c[X])),
            lambda c: np.array([None] * len(c[X])),
            lambda c: c[X] + 1j,
            lambda c: c[X].astype("datetime64[D]"),
        ],
    )
    def test_a_wrong_shape_or_type_is_an_error(self, score: Callable[..., Any]) -> None:
        """What isn't one number per customer is refused, when it first shows."""
        base = cg.CustomerBase(["a", "b"], {X: [1.0, 2.0]})
        with pytest.raises(ScorerError, match="one number per customer"):
            scorer_of(score, traceable=False, needs=X).fit(base)

    @pytest.mark.parametrize("rest", [{"traceable": False}, {"needs": X}])
    def test_needs_is_given_exactly_then(self, rest: dict[str, Any]) -> None:
        """An untraceable score names its fields, a traceable one doesn't."""
        with pytest.raises(ScorerError, match="needs"):
            scorer_of(lambda c: c[X], **rest)

    def test_it_cannot_change_the_base(self) -> None:
        """Columns reach it read-only."""

        def score(c):
            c[X][:] = 0.0
            return c[X]

        base = cg.CustomerBase(["a"], {X: [1.0]})
        with pytest.raises(ValueError, match="read-only"):
            scorer_of(score, traceable=False, needs=X).fit(base)
        assert [1.0] == base[X].tolist()
