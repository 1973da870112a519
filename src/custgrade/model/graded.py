"""Graded customers."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, fields, frozen

from custgrade.argument_checks import check_text, is_one_of
from custgrade.data.base import CustomerBase
from custgrade.data.converters import locked, read_only
from custgrade.data.ids import Ids, id_column, positions
from custgrade.data.names import NAME
from custgrade.data.output_columns import (
    CodedTexts,
    OutputColumn,
    axis_names,
    check_names,
    identity_columns,
    named_columns,
    plain_columns,
)
from custgrade.data.scale import GRADED, NOT_GRADED, UNGRADED, GradeScale, whole_codes
from custgrade.errors import FieldError, OverrideError
from custgrade.model.native_frame import AsFrame
from custgrade.model.on_demand import OnDemand
from custgrade.model.overrides import ActiveOverrides, Overrides, day_of
from custgrade.model.summary import SUMMED, GradeSummary, Tally
from custgrade.text import listed, shown, type_with_article


def _all_locked(arrays: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(arrays, OnDemand):
        return arrays
    return read_only({name: locked(array) for name, array in arrays.items()})


_TABLES = ("codes", "scores", "details")

Explained = tuple[npt.NDArray[np.uint32], tuple[str, ...]]


@frozen(slots=False, eq=False, repr=False)
class Graded(AsFrame):
    """A base with its grades, in the base's order.

    codes: by axis, uint8 of shape (n,), 0 = best, 255 = ungraded.
    scores: by axis, float64 of shape (n,), NaN where unknown; `OnDemand` computes them when they are first read.
    given_reasons: `reason_codes` and `reasons`, or a function that returns both, called when one is first read.
    details: the scorer's further columns by name, float64 of shape (n,), NaN where unknown.
    overrides: manual grades; they leave the computed grades as they are.
    learned: the numbers that the model learned, by name, such as proposed floors.
    given_digest: a function that returns the digest of the model; None if no model is known.
    """

    base: CustomerBase
    scale: GradeScale
    codes: Mapping[str, npt.NDArray[np.uint8]] = field(converter=_all_locked)
    scores: Mapping[str, npt.NDArray[np.float64]] = field(converter=_all_locked)
    given_reasons: Explained | Callable[[], Explained]
    details: Mapping[str, npt.NDArray[np.float64]] = field(factory=dict, converter=_all_locked)
    overrides: ActiveOverrides | None = None
    learned: Mapping[str, float] = field(factory=dict, converter=read_only)
    given_digest: Callable[[], str] | None = None

    @property
    def model_digest(self) -> str:
        """The digest of the model, as in its file; empty if no model is known, or the model can't be saved."""
        return "" if self.given_digest is None else self.given_digest()

    def with_overrides(self, overrides: Overrides, on: str | dt.date | None = None) -> Graded:
        """Return these grades with the overrides that hold on a day.

        on: the day; the base's as-of date by default.

        Raises OverrideError when an override gives a grade that the scale lacks, or neither `on` nor an as-of date is
        given.
        """
        if not isinstance(overrides, Overrides):
            raise OverrideError(f"with_overrides takes Overrides; received {type_with_article(overrides)}")
        overrides.check(self.scale)

        def at(ids: Sequence[str]) -> npt.NDArray[np.int64]:
            return positions(id_column(ids), self.base.ids)

        return evolve(self, overrides=ActiveOverrides.of(overrides, day_of(self.base, on), at))

    @property
    def final_grades(self) -> Ids:
        """The final grades as text of shape (n,): that of an override where one holds, else the computed grade."""
        return np.array(self.grade_names, dtype=np.dtypes.StringDType())[self.final_grade_codes]

    def override_notes(self) -> list[str]:
        """Return a sentence for every override, whether it holds or not."""
        if self.overrides is None:
            return []
        return self.overrides.notes(self.overridden(), self.base.names_of(self.overrides.ids))

    def overridden(self) -> dict[int, str]:
        """Return the computed grades of customers with an override, by its position in `overrides.records`."""
        if self.overrides is None:
            return {}
        names = (self.grade_names[code] for code in self.grade_codes[self.overrides.rows].tolist())
        return dict(zip(self.overrides.places.tolist(), names, strict=True))

    @cached_property
    def _explained(self) -> Explained:
        codes, reasons = self.given_reasons() if callable(self.given_reasons) else self.given_reasons
        return locked(codes), reasons

    @property
    def reason_codes(self) -> npt.NDArray[np.uint32]:
        """Why each customer is ungraded: uint32 of shape (n,), positions in `reasons`; 0 means graded."""
        return self._explained[0]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons; the first one, an empty text, means graded."""
        return self._explained[1]

    def __len__(self) -> int:
        return len(next(iter(self.codes.values())))

    def __copy__(self) -> Graded:
        return self

    def __deepcopy__(self, memo: object) -> Graded:
        return self

    def __getstate__(self) -> dict[str, Any]:
        # columns on demand are computed now, because their functions can't be pickled
        given = {one.name: getattr(self, one.name) for one in fields(Graded)}
        tables = {name: {axis: np.asarray(column) for axis, column in given[name].items()} for name in _TABLES}
        return {**given, **tables, "given_reasons": self._explained}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        tables = {name: _all_locked(state[name]) for name in _TABLES}
        self.__dict__.update({**state, **tables})

    @cached_property
    def grade_names(self) -> tuple[str, ...]:
        """The names that `grade_codes` point to: every grade best first, then an empty name for ungraded."""
        return (*self.scale.grades, "")

    @cached_property
    def grade_codes(self) -> npt.NDArray[np.int64]:
        """Whole grades as positions in `grade_names`, int64 of shape (n,)."""
        whole = whole_codes(self.scale, self.codes)
        whole.flags.writeable = False
        return whole

    @cached_property
    def final_grade_codes(self) -> npt.NDArray[np.int64]:
        """The final grades as positions in `grade_names`, int64 of shape (n,); see `final_grades`."""
        if self.overrides is None:
            return self.grade_codes
        final: npt.NDArray[np.int64] = locked(self.overrides.final_codes(self.scale, self.grade_codes))
        return final

    def grade_at(self, row: int) -> str:
        """Return the whole grade of the customer at a position, empty if ungraded."""
        return self.grade_names[int(self.grade_codes[row])]

    def reason_at(self, row: int) -> str:
        """Return the reason why the customer at a position is ungraded; empty if graded."""
        return self.reasons[int(self.reason_codes[row])]

    @property
    def grades(self) -> Ids:
        """Whole grades as text, shape (n,); empty where ungraded."""
        return np.array(self.grade_names, dtype=np.dtypes.StringDType())[self.grade_codes]

    def labels(self, axis: str) -> Ids:
        """Return the labels of one axis as text, shape (n,); empty where ungraded."""
        if not is_one_of(axis, self.codes):
            raise FieldError(f"there is no axis {shown(axis)}; there are {listed(self.codes)}")
        names = [*self.scale.axis(axis).labels, *[""] * (256 - len(self.scale.axis(axis).labels))]
        return np.array(names, dtype=np.dtypes.StringDType())[self.codes[axis]]

    def counts(self) -> dict[str, int]:
        """Return the number of customers by grade, best first, `ungraded` last."""
        found = np.bincount(self.grade_codes, minlength=len(self.grade_names)).tolist()
        return dict(zip([*self.scale.grades, NOT_GRADED], found, strict=True))

    def ungraded(self) -> dict[str, int]:
        """Return the number of ungraded customers by reason."""
        found = np.bincount(self.reason_codes, minlength=len(self.reasons)).tolist()
        return {reason: count for reason, count in zip(self.reasons[1:], found[1:], strict=True) if count}

    def summary(self) -> list[GradeSummary]:
        """Return customers, revenue and profit with their shares: a line per grade, the ungraded, and the total."""
        tally = Tally(self.scale.grades, [name for name in SUMMED if name in self.base.columns])
        tally.add(self.grade_codes, self.base.columns)
        return tally.lines()

    def outcomes(self) -> dict[str, CodedTexts]:
        """Return the columns `grade` and `reason`; other results put them first."""
        return {
            "grade": CodedTexts(self.grade_names, self.grade_codes),
            "reason": CodedTexts(self.reasons, self.reason_codes),
        }

    def output_columns(self, prefix: str = "") -> dict[str, OutputColumn]:
        """Return the columns that grading adds, in their order; see `columns`."""
        check_text(prefix, "prefix")
        return {f"{prefix}{name}": column for name, column in named_columns(self._columns()).items()}

    def _columns(self) -> Iterator[tuple[str, str, OutputColumn]]:
        """Yield the name of each column that grading adds, what it belongs to, and its values."""
        outcomes = self.outcomes()
        yield "grade", "the grade", outcomes["grade"]
        for axis in self.scale.axes:
            label, score = axis_names(self.scale, axis.name)
            if label:
                yield label, f"axis {axis.name!r}", CodedTexts(axis.labels, self.codes[axis.name], UNGRADED)
            yield score, f"axis {axis.name!r}", self.scores[axis.name]
        for name, column in self.details.items():
            yield name, f"detail {name!r}", column
        graded = (self.reason_codes != 0).view(np.uint8)
        yield "status", "the status", CodedTexts((GRADED, NOT_GRADED), graded)
        yield "reason", "the reason", outcomes["reason"]
        for name, manual in self.manual_columns().items():
            yield name, "an override", manual

    def manual_columns(self) -> dict[str, OutputColumn]:
        """Return `final_grade` and the parts of each override, by name; none without overrides."""
        if self.overrides is None:
            return {}
        numbers = self.overrides.numbers(len(self))
        parts = {name: CodedTexts(texts, numbers) for name, texts in self.overrides.texts().items()}
        return {"final_grade": CodedTexts(self.grade_names, self.final_grade_codes), **parts}

    def columns(self, prefix: str = "") -> dict[str, Any]:
        """Return the columns that grading adds, by name.

        They are `grade`, per axis `<axis>_grade` and `<axis>_score`, the scorer's details, `status` and `reason`. Where
        the only axis is called `grade`, its columns are `grade` and `score`. With overrides, these follow:
        `final_grade`, `override_grade`, `override_reason`, `override_author`, `override_date` and `override_expires`.
        Texts are numpy arrays of variable-width text, empty where missing; scores and details are float64.

        prefix: put before each name.
        """
        return plain_columns(self.output_columns(prefix))

    def write(self, path: str | os.PathLike[str], prefix: str = "") -> None:
        """Write the columns of `to_dict` to a .csv or .parquet file, in the base's order.

        An existing file is replaced in one step, so a run that fails or is killed leaves it as it was.
        prefix: put before the names of the added columns.

        Raises OutputError, or FieldError when a field is named like an added column.
        """
        from custgrade.export.write import write_columns

        write_columns(path, self._all_columns(prefix, case_matters=False))

    def _all_columns(self, prefix: str = "", *, case_matters: bool = True) -> dict[str, OutputColumn]:
        names = None if NAME in self.base.columns else self.base.names
        own = {**identity_columns(self.base.ids, names), **self.base.columns}
        added = self.output_columns(prefix)
        check_names(own, added, case_matters=case_matters)
        return {**own, **added}

    def to_dict(self) -> dict[str, Any]:
        """Return ids, names, input fields and the columns that grading adds, by name, as numpy arrays.

        The column `name` is left out if the base has no names, or a field called `name`.

        Raises FieldError when a field is named like an added column.
        """
        return plain_columns(self._all_columns())

    def __repr__(self) -> str:
        counts = ", ".join(f"{grade} {count:,}" for grade, count in self.counts().items())
        return f"<Graded: {len(self):,} customers: {counts}>"
