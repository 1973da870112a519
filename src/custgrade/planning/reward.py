"""Rewards, which customers get for their grade, and incentives, which they get for reaching a better one."""

from __future__ import annotations

from attrs import field, frozen

from custgrade.events.kinds import REWARDS
from custgrade.planning.amount import Amount, as_amount, is_no_debt
from custgrade.planning.part import Part, one_line, one_of, sentence, truth, whole


@frozen
class Reward(Part):
    """What customers get, again and again, for being in a grade.

    name: unique within the treatment; the name of the reward in the log. kind: one of `REWARDS`. value: money each
    time. every: months between two. after: days from the plan's `since` to the first one. only: the name of a
    shortlist, if only its members get it; empty for all. consent: whether only customers with consent = 1 get it.
    """

    name: str = field(validator=sentence)
    kind: str = field(default="gift", validator=one_of(REWARDS))
    value: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_no_debt)
    every: int = field(default=12, validator=whole(1, "months"))
    after: int = field(default=0, validator=whole(0, "days"))
    only: str = field(default="", validator=one_line)
    consent: bool = field(default=False, validator=truth)


@frozen
class Incentive(Part):
    """What a customer gets for reaching a better grade.

    name: unique within the treatment. value: money. reaching: the name of the grade. what: a sentence.
    """

    name: str = field(validator=sentence)
    value: Amount = field(converter=as_amount, validator=is_no_debt)
    reaching: str = field(validator=sentence)
    what: str = field(default="", validator=one_line)
