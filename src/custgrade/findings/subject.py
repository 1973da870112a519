"""What findings are about: graded customers, and the policy of their plan."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.argument_checks import float_of
from custgrade.cuts.exact import exact_number
from custgrade.data.scale import NOT_GRADED
from custgrade.errors import Hint, ParameterError
from custgrade.findings.amounts import money_text
from custgrade.model.graded import Graded
from custgrade.planning.customer_columns import CustomerColumns
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.selection.totals import exact_totals
from custgrade.text import counted, listed, shown, type_with_article

Floats = npt.NDArray[np.float64]
RATES = {"sales": "sales_rate", "service": "service_rate"}
"""The attribute of a policy with the money that an hour costs, by kind of hours."""


@frozen(slots=False, eq=False)
class Subject:
    """Graded customers by grade; manual grades count where they hold. plan: their plan, or None."""

    graded: Graded
    plan: Plan | None

    def __len__(self) -> int:
        return len(self.graded)

    @cached_property
    def columns(self) -> CustomerColumns:
        """The customers' columns by name."""
        return CustomerColumns(self.graded)

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades, best first, then `ungraded`."""
        return (*self.graded.scale.grades, NOT_GRADED)

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """The position in `grades` of each customer's grade, int64 of shape (n,)."""
        return self.graded.final_grade_codes

    @cached_property
    def counts(self) -> list[int]:
        """The number of customers by position in `grades`."""
        return self.count(np.ones(len(self), dtype=bool))

    @property
    def shown(self) -> list[int]:
        """The positions in `grades` of rows of a table: all grades, and `ungraded` if there are such customers."""
        last = len(self.grades) - 1
        return [k for k in range(len(self.grades)) if k < last or self.counts[k]]

    def count(self, which: npt.NDArray[np.bool_]) -> list[int]:
        """Return how many of some customers there are by grade; which: bool of shape (n,)."""
        found: list[int] = np.bincount(self.codes[which], minlength=len(self.grades)).tolist()
        return found

    def totals(self, values: Floats) -> list[Fraction | None]:
        """Return the exact total of the known values by grade.

        A grade has None if it has customers and none of their values is known.

        values: float64 of shape (n,).
        """
        known = self.count(np.isfinite(values))
        sums = exact_totals(np.ascontiguousarray(values), self.codes, len(self.grades))
        return [None if customers and not seen else total for customers, seen, total in self.by_grade(known, sums)]

    def by_grade(self, *lists: list[Any]) -> list[tuple[Any, ...]]:
        """Return a tuple for each grade: the number of its customers, and its entry of each list."""
        return list(zip(self.counts, *lists, strict=True))

    def lacks(self, *names: str) -> list[str]:
        """Return those of some columns that the data doesn't have, or has no known value of."""
        return [
            name
            for name in names
            if name not in self.columns or (len(self) and not np.isfinite(self.columns[name]).any())
        ]

    def unknown_note(self, name: str) -> list[str]:
        """Return a note on the customers whose value of a column is unknown; none if it is known for all."""
        unknown = int(np.count_nonzero(~np.isfinite(self.columns[name])))
        if not unknown or unknown == len(self):
            return []
        return [f"{name} is unknown for {counted(unknown, 'customers')}, and its sums leave them out"]

    def rate(self, kind: str) -> Fraction:
        """Return the money that an hour costs, of the plan's policy or the default of policies; kind: of `RATES`."""
        default = getattr(attrs.fields(Policy), RATES[kind]).default
        found = exact_number(default if self.plan is None else getattr(self.plan.policy, RATES[kind]))
        return Fraction(0) if found is None else found

    def rates_note(self, kinds: list[str]) -> list[str]:
        """Return a note on what an hour of some kinds costs; none without kinds."""
        if not kinds:
            return []
        whose = (
            "as policies assume by default" if self.plan is None else f"as the policy {self.plan.policy.name!r} says"
        )
        currency = self.graded.base.currency
        rates = " and ".join(f"an hour of {kind} costs {money_text(self.rate(kind), currency)}" for kind in kinds)
        return [f"{rates}, {whose}"]


def subject_of(given: Plan | Graded, name: str) -> Subject:
    """Return the subject of a finding.

    given: a plan, or graded customers. name: the finding's function, for errors.

    Raises ParameterError for anything else.
    """
    if isinstance(given, Plan):
        return Subject(given.graded, given)
    if isinstance(given, Graded):
        return Subject(given, None)
    raise ParameterError(f"{name} takes a Plan or a Graded; received {type_with_article(given)}")


def plan_of(given: Plan, name: str, why: str) -> Plan:
    """Return a plan after checking that it is one.

    name: the finding's function. why: what the finding takes from the policy; both for errors.

    Raises ParameterError for anything else.
    """
    if isinstance(given, Plan):
        return given
    raise ParameterError(
        f"{name.replace('_', '-')} needs a plan, because {why}.",
        Hint(
            f"It takes a Plan; received {type_with_article(given)}. Make one: custgrade.plan(graded, policy, on=…).",
            "Give --policy NAME.",
        ),
    )


def number_of(value: Any, what: str, *, least: float = 0.0, most: float = float("inf")) -> float:
    """Return an argument that is a number from `least` to `most`, both included; infinity is refused.

    Raises ParameterError.
    """
    found = float_of(value)
    if found is None or not least <= found <= most or found == float("inf"):
        upper = "" if most == float("inf") else f" to {most:g}"
        bound = f"from {least:g}{upper}" if upper else f"of at least {least:g}"
        raise ParameterError(f"{what} must be a number {bound}; received {shown(value)}")
    return found


def unknown(*names: str) -> str:
    """Return the note that an answer is unknown because the data lacks columns."""
    return f"unknown, as the data has no {listed(names)}"
