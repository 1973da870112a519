"""Events of a plan, with what they must keep."""

from __future__ import annotations

from attrs import field, frozen

from custgrade.events.event_columns import EventColumns, event_columns
from custgrade.events.limits import Limits


@frozen(eq=False)
class Batch:
    """Events of a plan, with what they must keep.

    events: the events. limits: the budgets and caps of the plan. currency: of their money; empty if unknown. revision:
    that of the log which the plan was made from; None if unknown.
    """

    events: EventColumns = field(converter=event_columns)
    limits: Limits = field(factory=Limits)
    currency: str = ""
    revision: int | None = None

    def __len__(self) -> int:
        return len(self.events)
