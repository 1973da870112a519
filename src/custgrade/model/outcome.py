"""The outcome of grading many customers: the model, a summary, and the reasons why customers are ungraded."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.converters import read_only, tupled
from custgrade.data.scale import NOT_GRADED
from custgrade.errors import NothingToGradeError
from custgrade.model.grading_model import GradingModel
from custgrade.model.summary import GradeSummary
from custgrade.text import counted, listed


@frozen(eq=False)
class Outcome:
    """The outcome of grading many customers.

    base: the customers, with their period and currency. summary: a line per grade, then the ungraded, then the total.
    ungraded: the number of ungraded customers by reason. details: the names of the scorer's further columns.
    override_notes: a sentence for every override.
    """

    model: GradingModel
    base: CustomerBase = field(repr=False)
    summary: tuple[GradeSummary, ...] = field(converter=tupled, repr=False)
    ungraded: Mapping[str, int] = field(converter=read_only)
    details: tuple[str, ...] = field(default=(), converter=tupled)
    override_notes: tuple[str, ...] = field(default=(), converter=tupled, repr=False)

    def counts(self) -> dict[str, int]:
        """Return the number of customers by grade, best first, `ungraded` last."""
        found = {line.grade: line.customers for line in self.summary}
        return {grade: found.get(grade, 0) for grade in (*self.model.scale.grades, NOT_GRADED)}

    def refuse_nothing(self) -> None:
        """Raise NothingToGradeError if no customer was graded."""
        counts = self.counts()
        if sum(counts.values()) == counts[NOT_GRADED]:
            why = listed(self.ungraded, 5) if self.ungraded else "there are no customers"
            raise NothingToGradeError(f"not one of {counted(sum(counts.values()), 'customers')} could be graded: {why}")
