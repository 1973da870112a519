"""The interface of policies, and the plans that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import read_only
from custgrade.data.scale import GradeScale
from custgrade.model.graded import Graded
from custgrade.policy.treatment import Treatment


@frozen(eq=False)
class Plan:
    """A plan: the treatment of each customer and its due date, as columns.

    graded: the customers with their grades. on: the day that the plan is made for. treatments: treatments by grade.
    due: the day by which each customer's treatment begins, datetime64[D] of shape (n,), NaT for no treatment.
    at_stake: money per customer over the base's period, float64 of shape (n,), NaN where unknown.
    """

    graded: Graded
    on: dt.date
    treatments: Mapping[str, Treatment] = field(converter=read_only)
    due: npt.NDArray[np.datetime64]
    at_stake: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.graded)


@runtime_checkable
class Policy(Protocol):
    """A policy, which turns grades into a plan."""

    @property
    def name(self) -> str:
        """The policy's name."""
        ...

    def fits(self, scale: GradeScale) -> bool:
        """Return whether the policy has treatments for the grades of this scale."""
        ...

    def prescribe(self, graded: Graded, *, on: dt.date) -> Plan:
        """Return the plan for these customers as of the day `on`, without reading a clock."""
        ...
