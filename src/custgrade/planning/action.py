"""Actions: what somebody does for the customers of a grade."""

from __future__ import annotations

from attrs import field, frozen

from custgrade.events.kinds import ACTIONS
from custgrade.planning.amount import Amount, Condition, as_amount, as_condition, is_condition, is_no_debt
from custgrade.planning.part import Part, one_line, one_of, sentence, whole


@frozen
class Action(Part):
    """What somebody does for each customer of a grade.

    name: unique within the treatment; the name of the action in the log. kind: one of `ACTIONS`. what: a sentence.
    reason: why, a sentence. after: days from the plan's `since`. every: months between two; None for once. tries: how
    often an action without `every` is done, a month apart. when: a condition; None for all customers. only: the name of
    a shortlist, if the action is for its members only; empty for all. hours: the work of one action.
    """

    name: str = field(validator=sentence)
    kind: str = field(validator=one_of(ACTIONS))
    what: str = field(validator=sentence)
    reason: str = field(default="", validator=one_line)
    after: int = field(default=0, validator=whole(0, "days"))
    every: int | None = field(default=None, validator=whole(1, "months", optional=True))
    tries: int = field(default=1, validator=whole(1, "tries"))
    when: Condition | None = field(default=None, converter=as_condition, validator=is_condition)
    only: str = field(default="", validator=one_line)
    hours: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_no_debt)
