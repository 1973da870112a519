"""Hypothesis strategies for graded customers that a policy can be tried on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve
from hypothesis import strategies as st

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.period import Period
from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.model.graded import Graded
from custgrade.planning.policy import Policy
from custgrade.planning.reads import columns_read
from custgrade.testing.bases import field_columns

ALWAYS = ("revenue", "profit", "orders", "recency", "complaints", "needs_met", "service_hours", "consent", "no_gifts")
"""Fields that the core reads itself."""
PERIOD = Period("2025-12-31", "2025-01-01", "2025-12-31")
"""The period of the drawn customers: a year."""


@st.composite
def graded_customers(
    draw: st.DrawFn, policy: Policy, scale: GradeScale | None = None, *, max_size: int = 12, nasty: bool = False
) -> Graded:
    """Return a strategy for customers with any grades of a scale, some ungraded, and all columns that a policy reads.

    scale: the policy's own grades by default. max_size: the largest number of customers. nasty: whether values may be
    outside the bounds of their fields, and infinite.
    """
    grades = scale or policy.grades
    size = draw(st.integers(1, max_size))
    names, axes = tuple(dict.fromkeys([*ALWAYS, *columns_read(policy)])), [axis.name for axis in grades.axes]
    computed = {"score", "quarters", *(f"{axis}_score" for axis in axes)}
    definitions = {name: STANDARD_FIELDS.get(name, Field(name, "")) for name in names if name not in computed}
    drawn = {
        name: np.array(draw(field_columns(one, size, nasty=nasty)), dtype=np.float64)
        for name, one in definitions.items()
    }
    codes = {
        axis.name: draw(st.lists(st.sampled_from([*range(len(axis.labels)), UNGRADED]), min_size=size, max_size=size))
        for axis in grades.axes
    }
    base = CustomerBase(
        ids=[f"C{row}" for row in range(size)],
        columns={name: column for name, column in drawn.items() if name in STANDARD_FIELDS},
        period=PERIOD,
    )
    return Graded(
        base,
        grades,
        {name: np.array(column, dtype=np.uint8) for name, column in codes.items()},
        {name: np.linspace(1.0, 0.0, size).round(1) for name in axes},
        (np.zeros(size, dtype=np.uint32), ("",)),
        {name: column for name, column in drawn.items() if name not in STANDARD_FIELDS},
    )


def regraded(graded: Graded, grade: str) -> Graded:
    """Return the same customers, all with one grade of their scale."""
    scale = graded.scale
    place = scale.cells.index(grade)
    sizes = [len(axis.labels) for axis in scale.axes]
    codes = np.unravel_index(place, sizes)
    made = {axis.name: np.full(len(graded), code, dtype=np.uint8) for axis, code in zip(scale.axes, codes, strict=True)}
    return evolve(graded, codes=made)


def taken(graded: Graded, rows: Sequence[int], ids: Sequence[str] | None = None) -> Graded:
    """Return some of the customers, in another order; rows: their positions. ids: other ids for them."""
    chosen = np.asarray(rows, dtype=np.intp)
    base = graded.base
    return evolve(
        graded,
        base=CustomerBase(
            ids=base.ids[chosen] if ids is None else ids,
            columns={n: c[chosen] for n, c in base.columns.items()},
            period=base.period,
        ),
        codes={name: np.ascontiguousarray(column[chosen]) for name, column in graded.codes.items()},
        scores={name: np.ascontiguousarray(column[chosen]) for name, column in graded.scores.items()},
        details={name: np.ascontiguousarray(column[chosen]) for name, column in graded.details.items()},
        given_reasons=(graded.reason_codes[chosen].copy(), graded.reasons),
    )
