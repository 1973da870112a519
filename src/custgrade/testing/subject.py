"""The scorer under test, with the bases, fields and results that checks need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.errors import CustgradeError, CutError, NothingToGradeError
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.testing.bases import customer_bases
from custgrade.testing.constants import constants
from custgrade.testing.promises import broken_promise

DECOYS = ("referrals", "potential", "complaints")
"""Fields of which an ordinary base gets one that the scorer doesn't read."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Subject:
    """A scorer under test. make: a function that returns a new scorer."""

    def __init__(self, make: Callable[[], Scorer], zero_if_unknown: Sequence[str] = ()) -> None:
        self.make = make
        self.zero_if_unknown = tuple(zero_if_unknown)

    @cached_property
    def scorer(self) -> Scorer:
        """The scorer, made once."""
        return self.make()

    @cached_property
    def definitions(self) -> Mapping[str, Field]:
        """The definitions of all fields that the scorer reads; a field without a definition counts as money."""
        fields = known_fields(self.scorer.fields)
        names = (*self.scorer.inputs, *self.scorer.cut_inputs, *self.scorer.detail_inputs)
        return {name: fields.get(name) or Field(name, "money") for name in dict.fromkeys(names)}

    @cached_property
    def decoys(self) -> tuple[Field, ...]:
        """Fields that the scorer doesn't read."""
        fields = known_fields()
        return tuple(fields[name] for name in DECOYS if name not in self.definitions)[:1]

    @cached_property
    def near(self) -> tuple[float, ...]:
        """The constants of the scorer, near which values are drawn."""
        return constants(self.scorer)

    def bases(self, **options: Any) -> st.SearchStrategy[CustomerBase]:
        """Return a strategy for bases with every field that the scorer reads."""
        return customer_bases(self.definitions.values(), near=self.near, **options)

    def fitted(self, base: CustomerBase, scorer: Scorer | None = None) -> GradingModel | None:
        """Return the model of a base; None if the scorer refuses the base with a CustgradeError."""
        try:
            return (scorer or self.scorer).fit(base)
        except Exception as error:
            if isinstance(error, (NothingToGradeError, CutError)) and refused(error):
                return None
            raise broken_promise("0, it runs", f"fitting failed: {type(error).__name__}: {error}", base) from error

    def graded(self, model: GradingModel, base: CustomerBase) -> Graded:
        """Return the grades of a base; raise ContractBrokenError if grading fails or returns anything else."""
        try:
            graded = in_full(model.grade(base))
        except Exception as error:
            raise broken_promise("0, it runs", f"grading failed: {type(error).__name__}: {error}", base) from error
        return self.checked(graded, model, base)

    @staticmethod
    def checked(graded: object, model: GradingModel, base: CustomerBase) -> Graded:
        """Return a model's result for a base; raise ContractBrokenError if it isn't the base with its grades."""
        if not isinstance(graded, Graded):
            raise broken_promise(
                "9, nothing is dropped", f"grade() gave {type(graded).__name__} instead of Graded", base
            )
        for axis in model.scale.axes:
            codes = graded.codes.get(axis.name)
            if codes is None or codes.shape != (len(base),) or codes.dtype != np.uint8:
                found = "none" if codes is None else f"{len(codes)} codes of {codes.dtype}"
                what = f"axis {axis.name!r} has {found} for {len(base)} customers; one uint8 code each is expected"
                raise broken_promise("9, nothing is dropped", what, base)
        return graded

    def sample(self, size: int = 60, seed: int = 0, unknown: float = 0.04) -> CustomerBase:
        """Return an ordinary base: values on the fields' grids within their bounds, some unknown, some customers twice.

        If the scorer refuses a base with negative values, they are made positive. unknown: the share of unknown values.
        """
        base = sample_base([*self.definitions.values(), *self.decoys], self.near, size, seed, unknown)
        try:
            self.scorer.fit(base)
        except (CutError, NothingToGradeError):
            return base.with_columns(**{name: np.abs(column) for name, column in base.columns.items()})
        except Exception:  # the checks report it
            return base
        return base


def sample_base(fields: Sequence[Field], near: Sequence[float], size: int, seed: int, unknown: float) -> CustomerBase:
    """Return an ordinary base, the same for the same seed; see `Subject.sample`."""
    random = np.random.default_rng(seed)
    columns = {field.name: _sample_column(field, near, size, random, unknown) for field in fields}
    twice = random.integers(0, size, size=size // 6)
    for column in columns.values():
        column[: len(twice)] = column[twice]
    return CustomerBase([f"c{row}" for row in range(size)], columns)


def _sample_column(
    field: Field, near: Sequence[float], size: int, random: np.random.Generator, unknown: float
) -> npt.NDArray[np.float64]:
    if np.isfinite(field.low) and np.isfinite(field.high):
        values = random.uniform(field.low, field.high, size)
    else:
        scale = {"money": 500.0, "days": 60.0, "count": 4.0, "hours": 5.0}.get(field.unit, 1.0)
        values = random.lognormal(0.0, 1.2, size) * scale
        if not np.isfinite(field.low):
            values = np.where(random.random(size) < 0.15, -values, values)
    close = [value for value in near if field.low <= value <= field.high and abs(value) < 1e6]
    if close:
        values = np.where(random.random(size) < 0.2, random.choice(close, size), values)
    values = np.clip(np.round(values / field.resolution) * field.resolution, field.low, field.high)
    return np.where(random.random(size) < unknown, np.nan, values)


def refused(error: Exception) -> bool:
    """Return whether an error is a refusal by custgrade, not caused by another exception."""
    return isinstance(error, CustgradeError) and (error.__cause__ is None or refused(cast(Exception, error.__cause__)))


def in_full(graded: Graded) -> Graded:
    """Return `graded` after computing its columns on demand, so that their errors are raised here."""
    if isinstance(graded, Graded):
        _ = graded.reasons, [*graded.scores.values(), *graded.details.values()]
    return graded


def varied(base: CustomerBase, row: int, name: str, values: Sequence[float]) -> CustomerBase:
    """Return a base of copies of the customer at `row`, with these values in one field."""
    columns = {other: np.full(len(values), column[row]) for other, column in base.columns.items()}
    return CustomerBase([f"c{k}" for k in range(len(values))], {**columns, name: values}, unique_ids=True)


Outcome = tuple[Any, ...]


def outcomes(graded: Graded) -> list[Outcome]:
    """Return each customer's result: codes, the bits of scores and details, and the reason."""
    reasons = [graded.reasons[code] for code in graded.reason_codes.tolist()]
    codes = [graded.codes[axis.name].tolist() for axis in graded.scale.axes]
    numbers = [bits(graded.scores[axis.name]) for axis in graded.scale.axes]
    numbers += [bits(column) for column in graded.details.values()]
    return list(zip(*codes, *numbers, reasons, strict=True))


def bits(column: npt.NDArray[np.float64]) -> list[int]:
    """Return the bits of each number, the same bits for every NaN."""
    plain = np.where(np.isnan(column), np.nan, column).astype(np.float64)
    found: list[int] = plain.view(np.int64).tolist()
    return found


def in_words(graded: Graded, row: int) -> str:
    """Return one customer's result in words: `'A' (score 12.5)` or `'ungraded' (score nan; unknown: profit)`."""
    name = graded.grades.tolist()[row] or "ungraded"
    numbers = {axis.name: float(graded.scores[axis.name][row]) for axis in graded.scale.axes}
    scores = ", ".join(f"{'score' if len(numbers) == 1 else name} {value!r}" for name, value in numbers.items())
    reason = graded.reasons[int(graded.reason_codes[row])]
    return f"{name!r} ({scores}{'; ' + reason if reason else ''})"


def first_difference(one: Sequence[Outcome], other: Sequence[Outcome]) -> int | None:
    """Return the first position at which two lists differ, None if they are equal."""
    for row, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return row
    return None if len(one) == len(other) else min(len(one), len(other))
