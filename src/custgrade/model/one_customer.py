"""Grading one customer without arrays, in a few microseconds, to the grade that `grade` gives among many."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from custgrade.data.standard import known_fields
from custgrade.graph.one_customer import SingleProgram
from custgrade.model.customer_grade import CustomerGrade
from custgrade.model.fitted_scorer import FittedScorer
from custgrade.scoring.learned import Quantile
from custgrade.scoring.tracing import TracedScore

if TYPE_CHECKING:
    from custgrade.cuts.boundary import Boundaries

Values = Mapping[str, Any]
_LARGEST_PLAIN = 2**1000
_NUMPY_NUMBERS = frozenset(
    [
        np.float64,
        np.float32,
        np.float16,
        np.int64,
        np.int32,
        np.int16,
        np.int8,
        np.uint64,
        np.uint32,
        np.uint16,
        np.uint8,
    ]
)
"""Types of numpy scalars that become float64 without a check; truth values and wider numbers need one."""


class OneCustomerGrader:
    """A grader of one customer at a time; unusual customers are left to `BatchGrader`."""

    def __init__(self, model: FittedScorer) -> None:
        scorer = model.scorer
        fields = known_fields(scorer.fields)
        self._inputs = (*scorer.inputs, *scorer.detail_inputs)
        self._allowed = frozenset(
            ["customer_id", *self._inputs, *(name for name, field in fields.items() if not field.derived)]
        )
        self._learned = [
            (name, _learned(column, scorer.learned_scores[name], model.learned[name]))
            for name, column in scorer.learned.items()
        ]
        self._conditions = [_ready(condition) for condition in scorer.conditions]
        self._axes = [
            (
                axis.name,
                _ready(scorer.scores[axis.name]),
                axis.within,
                axis.labels,
                _floors(model.boundaries[axis.name]),
            )
            for axis in scorer.axes
        ]
        self._details = [(name, _ready(score)) for name, score in scorer.detail_scores.items()]
        self._scale = model.scale
        self._names: dict[tuple[int, ...], str] = {}

    def grade(self, identity: str, values: Values) -> CustomerGrade | None:
        """Return the grade of a customer, or None if the customer is ungraded or has a field that isn't allowed."""
        if not self._allowed.issuperset(values):
            return None
        columns: dict[str, float] = {}
        for name in self._inputs:
            value = values.get(name)
            # adding 0.0 turns −0.0 into 0.0
            columns[name] = math.nan if value is None else float(value) + 0.0
        for name, column in self._learned:
            columns[name] = column(columns)
        for condition in self._conditions:
            if not condition(columns):
                return None
        codes: dict[str, int] = {}
        labels: dict[str, str] = {}
        scores: dict[str, float] = {}
        for name, score, within, letters, floors in self._axes:
            points = score(columns)
            some = floors[0 if within is None else codes[within]]
            if some is None or not math.isfinite(points):
                return None
            codes[name] = code = len(some) - bisect_right(some, points)
            labels[name] = letters[code]
            scores[name] = points + 0.0
        details = {name: _known(score(columns)) for name, score in self._details}
        whole = tuple(codes.values())
        if whole not in self._names:
            self._names[whole] = self._scale.grade(whole)
        return CustomerGrade(identity, self._names[whole], labels, scores, "", details)


def are_plain(values: Values) -> bool:
    """Return whether all values are None or numbers that become float64 without a check."""
    for value in values.values():
        kind = type(value)
        if (
            kind is not float
            and value is not None
            and (kind is not int or abs(value) > _LARGEST_PLAIN)
            and kind not in _NUMPY_NUMBERS
            and (kind is not Decimal or not value.is_finite() or abs(value) > _LARGEST_PLAIN)
        ):
            return False
    return True


def _ready(score: TracedScore) -> SingleProgram:
    assert score.root is not None
    return SingleProgram(score.root)


def _known(value: float) -> float:
    return value + 0.0 if math.isfinite(value) else math.nan


def _floors(boundaries: tuple[Boundaries | None, ...]) -> list[list[float] | None]:
    """Return the least scores of all classes but the worst, ascending, for each class of the parent."""
    return [None if some is None else [boundary.floor for boundary in reversed(some)] for some in boundaries]


def _learned(column: Any, ranked: TracedScore, boundaries: Boundaries | None) -> Callable[[Values], float]:
    if isinstance(column, Quantile):
        constant = column.value(boundaries)
        return lambda values: constant
    score, points = _ready(ranked), column.points
    (floors,) = _floors((boundaries,))

    def learned(values: Values) -> float:
        value = score(values)
        if floors is None or not math.isfinite(value):
            return math.nan
        return float(points[len(floors) - bisect_right(floors, value)])

    return learned
