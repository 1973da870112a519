"""Treatments: service level, rewards, terms and steps for the customers of a grade."""

from __future__ import annotations

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import CustgradeError


@frozen
class Treatment:
    """The treatment of the customers of one grade.

    goal: what the treatment should achieve, in a sentence.
    service_level: pairs of a name and a number, such as `("answer_hours", 4)`, to which every customer of the grade is
    entitled; each name ends in its unit. rewards: the rewards that customers get. terms: prices, payment and notice.
    steps: the actions to take, in order.

    Raises CustgradeError if the goal is empty.
    """

    goal: str
    service_level: tuple[tuple[str, float], ...] = field(default=(), converter=tupled)
    rewards: tuple[str, ...] = field(default=(), converter=tupled)
    terms: tuple[str, ...] = field(default=(), converter=tupled)
    steps: tuple[str, ...] = field(default=(), converter=tupled)

    def __attrs_post_init__(self) -> None:
        if not self.goal:
            raise CustgradeError("a treatment needs a goal; received an empty one. Write it as a sentence")
