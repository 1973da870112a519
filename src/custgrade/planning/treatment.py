"""Treatments: everything that a policy has for the customers of one grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import parts_of
from custgrade.errors import PolicyError
from custgrade.planning.action import Action
from custgrade.planning.effort import Effort, Terms
from custgrade.planning.offer import Offer
from custgrade.planning.part import Part, instance_of, named_once, number, one_line, one_of, sentence, texts_by
from custgrade.planning.reward import Incentive, Reward
from custgrade.planning.service_level import ServiceLevel
from custgrade.text import did_you_mean, listed

AIMS = ("delight", "keep", "lift", "restore", "release", "ask")
MOST_OFFERS = 127
TOUCHPOINTS = ("inquiry", "order", "delivery", "invoice", "support", "survey")


def _rewards(value: Any) -> tuple[Reward, ...]:
    return parts_of(Reward, value, "rewards", PolicyError)


def _incentives(value: Any) -> tuple[Incentive, ...]:
    return parts_of(Incentive, value, "incentives", PolicyError)


def _offers(value: Any) -> tuple[Offer, ...]:
    return parts_of(Offer, value, "offers", PolicyError)


def _actions(value: Any) -> tuple[Action, ...]:
    return parts_of(Action, value, "actions", PolicyError)


def _touchpoints(value: Any) -> Mapping[str, str]:
    return texts_by(value, "touchpoints", "touchpoint")


@frozen
class Treatment(Part):
    """Everything that a policy has for the customers of one grade.

    goal: what the treatment should achieve, a sentence. aim: one of `AIMS`. level: what customers are entitled to; None
    for the policy's base level. effort: what we spend. terms: the terms of business. rewards: what customers get.
    budget: money for rewards per budget period; None for no limit. incentives: what customers get for reaching a better
    grade. offers: a customer gets the first that applies. actions: what somebody does. touchpoints: how customers are
    served at each of `TOUCHPOINTS`, sentences. way_up: what customers can do to be treated better, a sentence for them.
    sheet: what to explain in a conversation, a sentence for the customer.
    """

    goal: str = field(validator=sentence)
    aim: str = field(default="keep", validator=one_of(AIMS))
    level: ServiceLevel | None = field(default=None, validator=instance_of(ServiceLevel, optional=True))
    effort: Effort = field(factory=Effort, validator=instance_of(Effort))
    terms: Terms = field(factory=Terms, validator=instance_of(Terms))
    rewards: tuple[Reward, ...] = field(default=(), converter=_rewards)
    budget: float | None = field(default=None, validator=number("money", optional=True))
    incentives: tuple[Incentive, ...] = field(default=(), converter=_incentives)
    offers: tuple[Offer, ...] = field(default=(), converter=_offers)
    actions: tuple[Action, ...] = field(default=(), converter=_actions)
    touchpoints: Mapping[str, str] = field(factory=dict, converter=_touchpoints, hash=False)
    way_up: str = field(default="", validator=one_line)
    sheet: str = field(default="", validator=one_line)

    def __attrs_post_init__(self) -> None:
        for parts, what in ((self.rewards, "rewards"), (self.incentives, "incentives"), (self.offers, "offers")):
            named_once(parts, what)
        named_once(self.actions, "actions")
        if len(self.offers) > MOST_OFFERS:
            raise PolicyError(f"a treatment has at most {MOST_OFFERS} offers; received {len(self.offers)}")
        for stage in self.touchpoints:
            if stage not in TOUCHPOINTS:
                guess = did_you_mean(stage, TOUCHPOINTS)
                raise PolicyError(f"touchpoints must be among {listed(TOUCHPOINTS)}; received {stage!r}.{guess}")
