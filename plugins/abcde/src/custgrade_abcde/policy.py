"""The policy `golden-list`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np

from custgrade import findings
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.planning import Action, Effort, Incentive, Policy, Reward, ServiceLevel, Terms, Treatment, money
from custgrade.plugins import Setting
from custgrade_abcde.lists import POINTS, golden, lift as lift_list

ALSO: Mapping[str, str] = MappingProxyType(
    {
        "top": "A",
        "rest": "C",
        "meets": "A",
        "near": "C",
        "below": "E",
        "Large/High": "A",
        "Large/Mid": "B",
        "Large/Low": "C",
        "Medium/High": "B",
        "Medium/Mid": "C",
        "Medium/Low": "D",
        "Small/High": "C",
        "Small/Mid": "D",
        "Small/Low": "E",
    }
)
"""For grades of other schemes, the grade whose treatment customers get."""

BUDGETS: Mapping[str, float] = MappingProxyType({"A": 5000.0, "B": 5000.0, "C": 1000.0, "D": 1000.0, "E": 500.0})
GIFTS: Mapping[str, float] = MappingProxyType({"share": 0.01, "least": 10.0, "most": 75.0})

WAY_UP = "try more of our range, bring orders together, and tell others about us if you are content"
SHEET = "we would like to tell you what our club offers its members, and to hear what you would like from it"


def golden_list(
    share: Annotated[Share, Setting("the golden list: the most responsive of A and B", "share of A and B")] = "0.05",
    points: Annotated[
        Mapping[str, int],
        Setting("what shows that a customer is responsive: whole points for each category, order … by field"),
    ] = POINTS,
    lift: Annotated[Share, Setting("the list of those worth lifting: the nearest to B", "share of C and D")] = "0.10",
    potential: Annotated[
        float, Setting("the least potential of those worth lifting; unknown potential is allowed", "money")
    ] = 500.0,
    every: Annotated[Literal[3, 6], Setting("how often gifts and newsletters are sent", "months")] = 3,
    gifts: Annotated[
        Mapping[str, float],
        Setting("the value of a gift: its share of the revenue, its least and its most amount of money"),
    ] = GIFTS,
    event: Annotated[float, Setting("what an evening behind closed doors costs for each guest", "money")] = 40.0,
    outing: Annotated[
        float, Setting("what the yearly outing of the golden list costs for each guest", "money")
    ] = 120.0,
    discount: Annotated[float, Setting("the discount for A; for B half of it", "share of an order")] = 0.04,
    newsletter: Annotated[float, Setting("what a newsletter costs for each customer", "money")] = 1.0,
    voucher: Annotated[float, Setting("what customers of C and D get for reaching B", "money")] = 50.0,
    budgets: Annotated[
        Mapping[str, float], Setting("the money for rewards a year, by grade; grades that aren't named keep theirs")
    ] = BUDGETS,
) -> Policy:
    """Thank the best often and regularly, show who they are if they agree, and lift the nearest of C and D."""
    parts, money_for = _gift_parts(gifts), _budgets(budgets)

    def gift_value(c: Mapping[str, Any]) -> Any:
        return money(np.clip(parts["share"] * c["revenue"], parts["least"], parts["most"]))

    news = Reward("newsletter", "newsletter", newsletter, every, after=14)
    shared = [
        Reward("gift", "gift", gift_value, every),
        Reward("evening behind closed doors", "event", event, 6, after=30),
        Reward("golden outing", "outing", outing, 12, after=60, only="golden"),
        news,
        Reward("thank-you note", "thanks", 0, every),
        Reward("showcase", "showcase", 0, 6, after=30, consent=True),
    ]
    ask = Action(
        "testimonial",
        "ask",
        "ask for a few words about us, and whether we may show them as a member",
        "others see what they are missing",
        after=21,
        every=12,
        hours=0.25,
    )
    show = Action(
        "show the club",
        "tell",
        "tell them what the club offers, and who is in it and agreed to be named",
        "they see what they are missing",
        after=45,
        every=6,
        hours=0.1,
    )
    lifted = Action(
        "what others buy",
        "consult",
        "show what members of the club buy, and ask what they would need for it",
        "they are the nearest to the club",
        after=30,
        every=6,
        only="lift",
        hours=1.5,
    )
    incentive = Incentive("voucher", voucher, "B", "a welcome voucher")
    treatments = {
        "A": Treatment(
            "thank them and keep them",
            "delight",
            ServiceLevel(4, 6, "named person"),
            Effort(1, 30),
            Terms(discount, 45),
            shared,
            money_for["A"],
            actions=ask,
            sheet=SHEET,
        ),
        "B": Treatment(
            "thank them, and bring them to A",
            "keep",
            ServiceLevel(8, 3, "team"),
            Effort(2, 60),
            Terms(discount / 2),
            shared,
            money_for["B"],
            actions=ask,
            way_up=WAY_UP,
            sheet=SHEET,
        ),
        "C": Treatment(
            "lift the nearest",
            "lift",
            ServiceLevel(16, 1.5, "team"),
            Effort(2, 90),
            rewards=news,
            budget=money_for["C"],
            incentives=incentive,
            actions=[lifted, show],
            way_up=WAY_UP,
            sheet=SHEET,
        ),
        "D": Treatment(
            "lift the nearest",
            "lift",
            ServiceLevel(24, 1, "shared desk"),
            Effort(1, 120),
            rewards=news,
            budget=money_for["D"],
            incentives=incentive,
            actions=[lifted, show],
            way_up=WAY_UP,
            sheet=SHEET,
        ),
        "E": Treatment(
            "serve them well, and simply",
            "keep",
            effort=Effort(0, 180),
            rewards=news,
            budget=money_for["E"],
            actions=show,
            way_up=WAY_UP,
            sheet=SHEET,
        ),
    }
    return Policy(
        "golden-list",
        "the best are thanked often and seen, and others would like to join them",
        "ABCDE",
        treatments,
        base=ServiceLevel(24, 0.5, "shared desk"),
        also=ALSO,
        shortlists=[golden(points, share), lift_list(lift, potential)],
        at_stake=lambda c: c["profit"],
        findings=[findings.pareto, findings.spend],
        at_stake_means="the profit that customers bring over the period",
    )


def _gift_parts(gifts: Mapping[str, float]) -> dict[str, float]:
    strange = [name for name in gifts if name not in GIFTS]
    if strange:
        raise ParameterError(f"gifts has {strange[0]!r}; its keys are {', '.join(GIFTS)}")
    found = {name: float(value) for name, value in {**GIFTS, **gifts}.items()}
    if found["least"] > found["most"]:
        raise ParameterError(f"received gifts of at least {found['least']:g} and at most {found['most']:g}")
    return found


def _budgets(budgets: Mapping[str, float]) -> Mapping[str, float]:
    """Return the budget of each grade: the given one, or else the default."""
    strange = [grade for grade in budgets if grade not in BUDGETS]
    if strange:
        raise ParameterError(f"budgets has {strange[0]!r}; its grades are {', '.join(BUDGETS)}")
    return {**BUDGETS, **budgets}
