"""Scorers, models, bases, grades and customers through pickle, copies, processes and threads: the same bits."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import errors, functions
from custgrade.data.stored import StoredColumn
from custgrade.errors import ScorerError
from custgrade.graph.node import as_rows, from_rows
from custgrade.plugins import Axis, Boundary, Evidence, Percentile, Shares, Thresholds

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
SIZE = 400


def profit_share(c: Any) -> Any:
    """A derived field's function that is found by its name."""
    return c["profit"] / c["orders"]


def untraced(c: Any) -> Any:
    """A score that can't be traced, but can be pickled."""
    return np.cbrt(c["profit"])


class Rounded:
    """A learned column of an author's own kind, with a lambda."""

    cut = Shares(("1/2", "1/2"))
    points = (1.0, 0.0)

    def __init__(self) -> None:
        self.score = lambda c: c["revenue"] * 2.0


def base_of(size: int = SIZE) -> cg.CustomerBase:
    draw = np.random.default_rng(8)
    return cg.CustomerBase(
        [f"c{k}" for k in range(size)],
        {
            "revenue": np.round(draw.lognormal(6, 1, size), 2),
            "profit": np.where(draw.random(size) < 0.1, np.nan, np.round(draw.normal(60, 90, size), 2)),
            "orders": draw.integers(0, 9, size).astype(float),
            "discount": np.round(draw.random(size), 2),
            "product_mix": draw.integers(1, 5, size).astype(float),
            "tenure": draw.integers(1, 900, size).astype(float),
        },
        period=cg.Period("2025-12-31", "2025-01-01", "2025-12-31"),
        currency="EUR",
        notes="a note",
    )


def of_lambdas() -> cg.Scorer:
    return cg.Scorer(
        Axis(
            "grade",
            "ABC",
            lambda c: functions.exp(c["margin"]) + c["place"] + functions.power(0.5, c["orders"] / 3.0),
            Shares(("1/3", "1/3", "1/3")),
        ),
        learned={"place": Percentile("revenue", 7), "twice": Rounded()},
        evidence=Evidence("fewer than 2 orders", lambda c: c["orders"] >= 2),
        details={"gap": lambda c: c["revenue"] - c["twice"]},
    )


def of_own_field(derive: Any) -> cg.Scorer:
    own = cg.Field("share", "ratio", derive=derive, parts=("profit", "orders"), rises="profit")
    return cg.Scorer(Axis("grade", "AB", lambda c: c["share"], Shares(("1/2", "1/2")), rises="share"), fields=own)


SCORERS = {
    **{name: lambda name=name: cg.scorer(name) for name in ("abcd", "abcde", "floors", "matrix3x3", "top10")},
    "made of lambdas": of_lambdas,
    "of an own field with a lambda": lambda: of_own_field(lambda c: c["profit"] / c["orders"]),
    "of an own field with a function": lambda: of_own_field(profit_share),
    "that can't be traced": lambda: cg.Scorer(
        Axis("grade", "AB", untraced, Shares(("1/2", "1/2")), traceable=False, needs="profit")
    ),
}


def bits(graded: cg.Graded) -> dict[str, Any]:
    columns = {name: np.asarray(column) for name, column in (graded.to_dict() | graded.codes).items()}
    return {n: c.tolist() if c.dtype.kind == "T" else (c.dtype.str, c.tobytes()) for n, c in columns.items()}


@pytest.fixture(params=SCORERS.values(), ids=SCORERS.keys())
def fitted(request: Any) -> tuple[cg.Scorer, cg.CustomerBase, cg.GradingModel, cg.Graded]:
    scorer, base = request.param(), base_of()
    return scorer, base, *scorer.fit_grade(base)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickled_they_grade_alike(fitted: Any, protocol: int) -> None:
    """Scorer, base, model and grades that went through pickle give the bits of the first ones, in any combination."""
    scorer, base, model, graded = fitted
    again = [pickle.loads(pickle.dumps(one, protocol)) for one in fitted]
    assert again[0].fingerprint == scorer.fingerprint
    assert again[0].scores["grade" if "grade" in scorer.scores else next(iter(scorer.scores))].reads
    assert bits(graded) == bits(again[3]) == bits(again[2].grade(base)) == bits(model.grade(again[1]))
    assert bits(graded) == bits(again[0].fit(again[1]).grade(again[1]))
    assert model.to_dict() == again[2].to_dict()
    assert (graded.reasons, graded.summary()) == (again[3].reasons, again[3].summary())
    assert repr(list(base)) == repr(list(again[1]))
    assert (base.period, base.currency, base.notes) == (again[1].period, again[1].currency, ("a note",))
    for row in range(0, SIZE, 37):
        customer = base.customer(row)
        one = model.grade_one(customer)
        assert repr(customer) == repr(pickle.loads(pickle.dumps(customer, protocol)))
        assert repr(one) == repr(again[2].grade_one(customer)) == repr(pickle.loads(pickle.dumps(one, protocol)))


def test_what_was_pickled_is_read_only(fitted: Any) -> None:
    """Arrays and mappings can't be changed, as those that weren't pickled."""
    _, base, model, graded = pickle.loads(pickle.dumps(fitted))
    arrays = [base.ids, *base.columns.values(), *graded.codes.values(), *graded.scores.values(), graded.reason_codes]
    assert [array for array in arrays if array.flags.writeable] == []
    for mapping in (base.columns, model.boundaries, graded.codes, graded.scores, model.scorer.scores):
        for change in (
            lambda some=mapping: some.update({}),
            lambda some=mapping: some.__setitem__("a", 1),
            lambda some=mapping: some.pop("a"),
            lambda some=mapping: some.clear(),
        ):
            with pytest.raises(TypeError):
                change()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies_are_the_same(fitted: Any, copied: Any) -> None:
    """What can't be changed needs no copy, whatever it is part of."""
    assert all(one is other for one, other in zip(copied([*fitted]), fitted, strict=True))


def test_what_is_on_disk_or_not_yet_read_is_taken_along() -> None:
    """A base with columns in a file, and ids that are read when they are asked for, is pickled with both."""
    base = base_of()
    columns = {}
    for name, column in base.columns.items():
        columns[name] = StoredColumn()
        columns[name].append(column)
    lazy = cg.CustomerBase(lambda: base.ids, columns)
    model, graded = cg.scorer("abcde").fit_grade(lazy)
    assert bits(graded) == bits(pickle.loads(pickle.dumps(graded)))
    assert bits(graded) == bits(model.grade(pickle.loads(pickle.dumps(lazy))))


def test_a_deep_graph_is_pickled_without_recursion() -> None:
    """A score of five thousand operations, one within the other, survives pickle and deep copies."""

    def score(c: Any) -> Any:
        total = c["profit"]
        for k in range(5_000):
            total = total + float(k)
        return total

    scorer = cg.Scorer(Axis("grade", "AB", score, Thresholds(Boundary(5))))
    again = pickle.loads(pickle.dumps(scorer))
    root = scorer.scores["grade"].root
    assert root is not None
    assert again.fingerprint == scorer.fingerprint
    assert as_rows(root) == as_rows(from_rows(as_rows(root))) == as_rows(copy.deepcopy(root))


def test_a_copied_score_is_equal_to_the_original() -> None:
    """A shallow copy of a traced score has the same graph, so it is equal."""
    traced = cg.scorer("abcde").scores["grade"]
    assert copy.copy(traced) is not traced
    assert copy.copy(traced) == traced


def test_a_scorer_of_changed_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a pickled scorecard is made of code that grades differently now, that is said."""
    pickled = pickle.dumps(cg.scorer("abcd"))
    monkeypatch.setattr("custgrade.scoring.scorecard_score._GRID", 1e9)
    with pytest.raises(ScorerError, match="'abcd' has another fingerprint here"):
        pickle.loads(pickled)


def test_every_error_is_pickled_with_what_it_carries() -> None:
    """Errors keep their message and whatever attributes were set."""
    kinds = [item for item in (getattr(errors, name) for name in errors.__all__) if issubclass(item, Exception)]
    assert len(kinds) > 20
    for kind in kinds:
        error = kind("what happened")
        error.rows = (1, 2)
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert (type(again), str(again), again.rows) == (kind, "what happened", (1, 2))


def test_another_process_gives_the_same_bits() -> None:
    """Processes that are started afresh grade with what is sent to them, and send grades back."""
    base = base_of()
    scorers = [of_lambdas(), cg.scorer("matrix3x3"), cg.scorer("abcd")]
    models = [scorer.fit(base) for scorer in scorers]
    expected = [bits(model.grade(base)) for model in models]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        graded = list(pool.map(cg.GradingModel.grade, models, [base] * 3))
        fitted = list(pool.map(cg.Scorer.fit, scorers, [base] * 3))
    assert expected == [bits(one) for one in graded] == [bits(model.grade(base)) for model in fitted]


def test_joblib_gives_the_same_bits() -> None:
    """joblib's workers grade alike, where it is installed."""
    joblib = pytest.importorskip("joblib")
    base = base_of()
    model = of_lambdas().fit(base)
    work = joblib.Parallel(n_jobs=2)(
        joblib.delayed(model.grade)(base.take(slice(k, k + 100))) for k in range(0, SIZE, 100)
    )
    assert [bits(one) for one in work] == [bits(model.grade(base.take(slice(k, k + 100)))) for k in range(0, SIZE, 100)]


def test_eight_threads_at_once_give_the_same_bits() -> None:
    """A model, a base and grades that threads share are graded, explained and read alike by all of them."""
    base = base_of(3_000)
    scorer = of_lambdas()
    model = scorer.fit(base)
    expected = bits(model.grade(base))
    whom = [base.customer(row) for row in range(0, 3_000, 50)]
    alone = repr([model.grade_one(customer) for customer in whom])
    said = [cg.explain(model, base).sentences(row) for row in range(0, 3_000, 300)]
    fresh, shared = scorer.fit(base), scorer.fit(base).grade(base)

    def work(_: int) -> tuple[Any, ...]:
        explained = cg.explain(fresh, base)
        return (
            bits(fresh.grade(base)),
            bits(shared),
            repr([fresh.grade_one(customer) for customer in whom]),
            [explained.sentences(row) for row in range(0, 3_000, 300)],
            pickle.loads(pickle.dumps(scorer)).fingerprint,
        )

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    assert results == [(expected, expected, alone, said, scorer.fingerprint)] * 8


def test_whom_a_base_contains() -> None:
    """A text is a field's name; a customer is found by the id; anything else is in no base."""
    base = base_of(5)
    answers = [
        ("revenue", True),
        ("margin", True),
        ("c1", False),
        (base.customer(1), True),
        (cg.Customer("c1"), True),
        (cg.Customer("c9", {"revenue": 1}), False),
        (3, False),
        (None, False),
        (["revenue"], False),
        ({}, False),
    ]
    assert [(what in base) for what, _ in answers] == [is_in for _, is_in in answers]
    assert all(customer in base for customer in base)
