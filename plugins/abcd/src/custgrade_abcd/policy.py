"""The policy `ideal-mix`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np

from custgrade import Plan, findings
from custgrade.errors import ParameterError
from custgrade.planning import Effort, Offer, Policy, Reward, ServiceLevel, Transition, Treatment, money
from custgrade.plugins import Setting
from custgrade_abcd.actions import (
    NEEDS,
    REFERRAL,
    REVISE,
    SIT_DOWN,
    SURVEY,
    WHAT_HOLDS_BACK,
    WHAT_TO_ADD,
    reasons_to_call,
    tried,
)
from custgrade_abcd.touchpoints import TOUCHPOINTS

ALSO: Mapping[str, str] = MappingProxyType(
    {
        "E": "D",
        "top": "A",
        "rest": "C",
        "meets": "A",
        "near": "B",
        "below": "D",
        "Large/High": "A",
        "Large/Mid": "B",
        "Large/Low": "C",
        "Medium/High": "B",
        "Medium/Mid": "C",
        "Medium/Low": "C",
        "Small/High": "C",
        "Small/Mid": "C",
        "Small/Low": "D",
    }
)
"""For grades of other schemes, the grade whose treatment customers get."""

EXPLAIN = (
    "What you pay today doesn't cover the goods and the time that we spend on orders, deliveries and questions. We "
    "would like to go on serving you well, and show you how we calculate."
)
EXPLAIN_SIMPLE = (
    "We would like orders, deliveries and questions to take less time, for you and for us, so that we can go on "
    "serving you well. We show you how we calculate."
)
ALTERNATIVES = (
    "order more at a time, at today's price",
    "order online, at today's price",
    "extra services only when you need them, at a fair hourly rate",
)
SHEET = "we would like to hear what you need, and to find out together what would work well for both of us"
WAY_UP = "buy more of what you need from us, pay on time, and tell us what we could do better for you"


def ideal_mix(
    target: Annotated[
        Mapping[str, float],
        Setting("the mix of grades aimed at: the share of customers of each grade; shares sum to 1"),
    ] = MappingProxyType({"A": 0.5, "B": 0.5}),
    tries: Annotated[
        int, Setting("how often we try to improve a C before terms are offered; a month apart", "tries")
    ] = 3,
    release: Annotated[
        Literal["unprofitable", "all", "nobody"],
        Setting("which customers of C and D are referred to the partner if they decline an offer"),
    ] = "unprofitable",
    partner: Annotated[str, Setting("the partner to whom customers are referred", "a name")] = "a partner we recommend",
    transition_days: Annotated[int, Setting("how long a referred customer is still served", "days")] = 60,
    open_days: Annotated[int, Setting("how long an offer is open", "days")] = 28,
    notice_days: Annotated[int, Setting("from the answer to an offer to the change", "days")] = 30,
    steepest: Annotated[
        float,
        Setting("the steepest rise of a price; where more is needed, simpler service is offered", "share of revenue"),
    ] = 0.25,
    silence_days: Annotated[
        int,
        Setting(
            "the longest time that an A hears nothing of us; a B half as long again, a C twice, a D 4 times", "days"
        ),
    ] = 30,
    broad: Annotated[
        int, Setting("customers who buy fewer categories than this are shown more of the range", "categories")
    ] = 3,
    service_hours: Annotated[
        float, Setting("what an A is entitled to; a B to two thirds, a C to a third", "hours a quarter")
    ] = 6.0,
    response_hours: Annotated[
        float, Setting("the time to a first answer for an A; for a B twice as long, for a C 4 times", "working hours")
    ] = 4.0,
    thanks: Annotated[float, Setting("the value of the yearly gift that thanks an A", "money")] = 50.0,
    sales_rate: Annotated[float, Setting("what an hour of selling costs", "money an hour")] = 60.0,
    service_rate: Annotated[float, Setting("what an hour of service costs", "money an hour")] = 40.0,
) -> Policy:
    """Delight A, bring B to A, try to improve C, then offer C and D terms that carry their service."""
    if not 0 <= tries <= 12:
        raise ParameterError(f"received tries {tries}; give 0 to 12")

    def loss(c: Mapping[str, Any]) -> Any:
        return money(np.maximum(-c["profit"], 0.0))

    def loses(c: Mapping[str, Any]) -> Any:
        return c["profit"] < 0.0

    to_partner = Transition(
        "partner", partner, transition_days, "open orders are finished, and your data is handed over"
    )

    def offers(after: int, tries_first: int, ends: tuple[bool, bool]) -> list[Offer]:
        """Return the offers; ends: whether declining ends the business with unprofitable and with other customers."""
        common: dict[str, Any] = {
            "explain": EXPLAIN,
            "alternatives": ALTERNATIVES,
            "after": after,
            "open_days": open_days,
            "notice_days": notice_days,
            "after_tries": tries_first,
        }
        end = to_partner if ends[0] else None
        found = [
            Offer(
                "terms",
                "a price that covers what serving you takes",
                rise=loss,
                when=loses,
                steepest=steepest,
                transition=end,
                **common,
            ),
            Offer(
                "simpler service",
                "the same goods, ordered online, with our desk for questions",
                when=loses,
                transition=end,
                **common,
            ),
        ]
        if ends[1]:
            found.append(
                Offer(
                    "simple terms",
                    "the same goods, ordered online, with our desk for questions",
                    transition=end,
                    **{**common, "explain": EXPLAIN_SIMPLE},
                )
            )
        return found

    reasons = reasons_to_call(broad)
    ends = (release != "nobody", release == "all")
    base = ServiceLevel(24, 0.5, "shared desk")
    treatments = {
        "A": Treatment(
            "delight them at every touchpoint, and ask what to add",
            "delight",
            ServiceLevel(min(24.0, response_hours), max(0.5, service_hours), "named person"),
            Effort(1, silence_days),
            rewards=Reward("thank-you gift", "gift", thanks, 12, after=30),
            offers=offers(30, 0, (False, False)),
            touchpoints=TOUCHPOINTS["A"],
            sheet=SHEET,
            actions=[WHAT_TO_ADD, REFERRAL, REVISE, *reasons, SURVEY],
        ),
        "B": Treatment(
            "bring them to A",
            "lift",
            ServiceLevel(min(24.0, round(2 * response_hours, 2)), max(0.5, round(service_hours * 2 / 3, 2)), "team"),
            Effort(3, silence_days * 3 // 2),
            offers=offers(30, 0, (False, False)),
            touchpoints=TOUCHPOINTS["B"],
            way_up=WAY_UP,
            sheet=SHEET,
            actions=[WHAT_HOLDS_BACK, *reasons, SURVEY],
        ),
        "C": Treatment(
            f"improve them: {tries} tries, then an offer of terms",
            "lift",
            ServiceLevel(min(24.0, round(4 * response_hours, 2)), max(0.5, round(service_hours / 3, 2)), "team"),
            Effort(2, silence_days * 2),
            offers=offers(30 * (tries + 1), tries, ends),
            touchpoints=TOUCHPOINTS["C"],
            way_up=WAY_UP,
            sheet=SHEET,
            actions=[*tried(tries), *reasons, SURVEY],
        ),
        "D": Treatment(
            "find terms that carry their service, or refer them well",
            "release",
            base,
            Effort(0.5, silence_days * 4),
            offers=offers(30, 0, ends),
            touchpoints=TOUCHPOINTS["D"],
            way_up=WAY_UP,
            sheet=SHEET,
            actions=[SIT_DOWN, SURVEY],
        ),
    }
    return Policy(
        "ideal-mix",
        "only customers whom we like to serve and who are worth serving, and delight for the best of them",
        "ABCD",
        treatments,
        base=base,
        ungraded=_ungraded(silence_days * 2),
        also=ALSO,
        at_stake=loss,
        at_stake_means="what customers cost beyond what they bring, over the period",
        sales_rate=sales_rate,
        service_rate=service_rate,
        findings=[partial(target_mix_of, target=dict(target)), findings.spend, findings.friction],
    )


def _ungraded(silence_days: int) -> Treatment:
    return Treatment(
        "get to know them",
        "ask",
        effort=Effort(0.5, silence_days),
        actions=NEEDS,
        touchpoints=TOUCHPOINTS["D"],
        way_up="tell us what you need and plan to buy",
        sheet="we would like to hear what you need, and to show you what we can do for you",
    )


def target_mix_of(plan: Plan, target: Mapping[str, float]) -> findings.Finding:
    """Return how far the mix of grades is from the target; on another scale, by the grades that stand for it."""
    grades = plan.graded.scale.grades
    if set(target) <= set(grades):
        return findings.target_mix(plan, target)
    return findings.target_mix(plan, [grade for grade in grades if plan.policy.also.get(grade, grade) in target])
