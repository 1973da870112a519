"""Offers of a new price or package, and transitions, by which a customer is handed over."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen
from attrs.validators import deep_iterable

from custgrade.data.converters import parts_of
from custgrade.errors import PolicyError
from custgrade.planning.amount import Amount, Condition, as_amount, as_condition, is_amount, is_condition
from custgrade.planning.part import Part, instance_of, number, one_line, one_of, sentence, truth, whole
from custgrade.planning.service_level import ServiceLevel

AFTER_SILENCE = ("keep", "transition", "signed")


@frozen
class Transition(Part):
    """The end of the business with a customer, who is handed over and served until the end.

    to: `partner` or `in-house`. referral: who takes over. days: its length. scope: what is finished and handed over.
    level: the service level meanwhile; None for the same as before.
    """

    to: str = field(validator=one_of(["partner", "in-house"], empty=True))
    referral: str = field(validator=one_line)
    days: int = field(validator=whole(0, "days"))
    scope: str = field(validator=one_line)
    level: ServiceLevel | None = field(default=None, validator=instance_of(ServiceLevel, optional=True))


def _alternatives(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "alternatives", PolicyError)


@frozen
class Offer(Part):
    """A change of price or package that is explained to the customer, and that the customer may decline.

    Of a treatment's offers, a customer gets the first whose `when` holds and whose rise isn't too steep.

    name: unique within the policy's offers to a grade; the name of the offer in the log. what: a sentence. explain: the
    explanation, which can be read to the customer. alternatives: other things that the customer may choose. rise: money
    over the base's period that the customer would pay more. steepest: the largest rise as a share of revenue; a
    customer who would have to pay more gets the next offer, or none. when: a condition; None for all. package: the name
    of the policy's package that is offered; empty for none. after: days from the plan's `since` to the explanation.
    open_days: days to answer, the last one included. notice_days: days from the answer to the change. after_tries: how
    many actions of kind `try` come first. again: months until the next round. transition: how the business ends for a
    customer who declines; None if nothing ends. silence: what no answer means: `keep` (all stays as it is) or
    `transition`; by default `transition` if there is one. mend_first: whether our own faults are mended before the
    customer gets the offer. remind_days: days from a reminder to the last day to answer; None for no reminder.
    """

    name: str = field(validator=sentence)
    what: str = field(validator=sentence)
    explain: str = field(default="", validator=one_line)
    alternatives: tuple[str, ...] = field(default=(), converter=_alternatives, validator=deep_iterable(one_line))
    rise: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_amount)
    when: Condition | None = field(default=None, converter=as_condition, validator=is_condition)
    steepest: float = field(default=0.25, validator=number("share of revenue"))
    package: str = field(default="", validator=one_line)
    after: int = field(default=0, validator=whole(0, "days"))
    open_days: int = field(default=21, validator=whole(0, "days"))
    notice_days: int = field(default=30, validator=whole(0, "days"))
    after_tries: int = field(default=0, validator=whole(0, "tries"))
    again: int = field(default=12, validator=whole(1, "months"))
    transition: Transition | None = field(default=None, validator=instance_of(Transition, optional=True))
    silence: str = field(validator=one_of(AFTER_SILENCE))
    mend_first: bool = field(default=True, validator=truth)
    remind_days: int | None = field(default=7, validator=whole(1, "days", optional=True))

    @silence.default
    def _after_silence(self) -> str:
        return "keep" if self.transition is None else "transition"

    @property
    def raises(self) -> bool:
        """Whether the offer may raise the price for somebody."""
        return self.rise.constant != 0.0

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that decide about the offer."""
        when = () if self.when is None else self.when.reads
        return tuple(dict.fromkeys([*when, *self.rise.reads, *(["revenue"] if self.raises else [])]))
