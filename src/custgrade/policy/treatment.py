"""Treatments: what customers of a grade are entitled to, and what is done with them."""

from __future__ import annotations

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import CustgradeError


@frozen
class Treatment:
    """What a policy intends for one grade.

    goal: what it is to achieve, in a sentence.
    service_level: what everybody of the grade is entitled to, for example `answer_hours: 4`; each entry has its unit
    in its name.
    rewards: what they are given. terms: prices, payment and notice. steps: what is done, in order.
    """

    goal: str
    service_level: tuple[tuple[str, float], ...] = field(default=(), converter=tupled)
    rewards: tuple[str, ...] = field(default=(), converter=tupled)
    terms: tuple[str, ...] = field(default=(), converter=tupled)
    steps: tuple[str, ...] = field(default=(), converter=tupled)

    def __attrs_post_init__(self) -> None:
        if not self.goal:
            raise CustgradeError("a treatment needs a goal, in a sentence")
