"""The policy `fair-treatment`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np

from custgrade import findings
from custgrade.errors import ParameterError
from custgrade.planning import (
    Action,
    Effort,
    Incentive,
    Offer,
    Policy,
    Reward,
    ServiceLevel,
    Terms,
    Transition,
    Treatment,
    money,
)
from custgrade.plugins import Setting

CELLS = tuple(f"{size}/{level}" for size in ("Large", "Medium", "Small") for level in ("High", "Mid", "Low"))

ALSO: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("BCDE", "rest"),
        "A": "top",
        "meets": "top",
        "near": "rest",
        "below": "rest",
        **dict.fromkeys(CELLS, "rest"),
        "Large/High": "top",
    }
)
"""For grades of other schemes, the grade whose treatment customers get."""

EXPLAIN = (
    "We are glad of your business and would like to do more of it. Today, what you buy doesn't cover what serving you "
    "takes. We show you how we calculate, and would like to hear what you need."
)
SHEET = "we would like to hear what you need, and to find out what more we could do for each other"
WAY_UP = "buy more of what you need from us, order more at a time, and ask us for what you miss"


def fair_treatment(
    open_days: Annotated[int, Setting("how long an offer is open", "days")] = 28,
    told: Annotated[float, Setting("how many people hear from a customer who was treated badly", "people")] = 9,
    each: Annotated[float, Setting("how many others each of these people tells", "people")] = 4,
    conversion: Annotated[
        float,
        Setting("the share of those who hear of it who would have bought; 0: word of mouth isn't counted", "0 to 1"),
    ] = 0.0,
    worth: Annotated[float, Setting("the profit from one more customer over the period", "money")] = 100.0,
    extras_rate: Annotated[float, Setting("the price of services beyond the agreed ones", "money an hour")] = 60.0,
    voucher: Annotated[float, Setting("what customers of the rest get for reaching the top", "money")] = 50.0,
    thank_every: Annotated[int, Setting("how often the owner thanks the top", "months")] = 6,
    tell_every: Annotated[
        int, Setting("how often the others hear what they can do to be treated better", "months")
    ] = 12,
    service_hours: Annotated[
        float, Setting("what the top is entitled to; the rest to a quarter of it", "hours a quarter")
    ] = 6.0,
    response_hours: Annotated[
        float, Setting("the time to a first answer for the top; for the rest 3 times as long", "working hours")
    ] = 4.0,
    partner: Annotated[
        str, Setting("the partner to whom customers may be referred", "a name")
    ] = "a partner we recommend",
    refer_after_decline: Annotated[
        bool, Setting("whether customers who decline more business are handed over to the partner")
    ] = False,
    transition_days: Annotated[int, Setting("how long a referred customer is still served", "days")] = 60,
) -> Policy:
    """Cultivate the top, sit down with unprofitable customers and ask for more business, and treat everybody well."""
    if not 0.0 <= conversion <= 1.0:
        raise ParameterError(f"received conversion {conversion}; give a share from 0 to 1")
    bad_word = float(told * each * conversion * worth)

    def at_stake(c: Mapping[str, Any]) -> Any:
        return money(np.maximum(-c["profit"], 0.0) + bad_word)

    def loses(c: Mapping[str, Any]) -> Any:
        return c["profit"] < 0.0

    scope = "open orders are finished, and your data is handed over"

    def more_business(refers: bool) -> Offer:
        """Return the offer; refers: whether customers who decline are handed over to the partner."""
        return Offer(
            "more business",
            "more volume, other ways to order, and extra services at a fair rate",
            EXPLAIN,
            (
                "more volume, at today's price",
                "fewer and larger orders, or orders online",
                "extra services at our hourly rate, when you need them",
                f"an introduction to {partner}, if somebody else suits you better",
            ),
            when=loses,
            after=14,
            open_days=open_days,
            transition=Transition("partner", partner, transition_days, scope) if refers else None,
            silence="keep",
        )

    terms = Terms(extras={"further_service": extras_rate})
    sit_down = Action(
        "sit down",
        "sit-down",
        "explain the situation, ask what they need, and ask for more business",
        "every customer can be a profitable one",
        after=7,
        when=loses,
        hours=0.75,
    )
    tell = Action(
        "way up",
        "tell",
        "tell them what they can do to be treated better",
        "they could do more business with us if asked",
        after=30,
        every=tell_every,
        hours=0.25,
    )
    top = Treatment(
        "cultivate them",
        "delight",
        ServiceLevel(min(24.0, response_hours), max(0.5, service_hours), "named person"),
        Effort(2, 30),
        terms,
        rewards=Reward("thanks from the owner", "thanks", 0, thank_every, after=14),
        offers=more_business(refers=False),
        actions=[
            sit_down,
            Action(
                "what else",
                "ask",
                "ask what else they would buy, and what would make their work easier",
                "the most loyal customers know best what they need",
                after=30,
                every=6,
                hours=0.5,
            ),
        ],
        sheet=SHEET,
    )
    rest = Treatment(
        "explain, and help them to grow",
        "lift",
        ServiceLevel(min(24.0, round(3 * response_hours, 2)), max(0.5, round(service_hours / 4, 2)), "team"),
        Effort(1, 90),
        terms,
        incentives=Incentive("voucher", voucher, "top", "a voucher for our services"),
        offers=more_business(refers=refer_after_decline),
        actions=[sit_down, tell],
        way_up=WAY_UP,
        sheet=SHEET,
    )
    ungraded = Treatment(
        "get to know them",
        "ask",
        effort=Effort(0.5, 60),
        terms=terms,
        actions=[
            Action(
                "needs", "ask", "ask what they need, and what they plan to buy", "they may be trying us out", after=14
            ),
            tell,
        ],
        way_up="tell us what you need and plan to buy",
        sheet=SHEET,
    )
    return Policy(
        "fair-treatment",
        "every customer can be profitable, and everybody is treated with respect",
        ("top", "rest"),
        {"top": top, "rest": rest},
        base=ServiceLevel(24, 0.5, "shared desk"),
        ungraded=ungraded,
        also=ALSO,
        at_stake=at_stake,
        findings=findings.contrast,
        at_stake_means=_means(told, each, conversion, worth),
    )


def _means(told: float, each: float, conversion: float, worth: float) -> str:
    loss = "what customers cost beyond what they bring, over the period"
    if not conversion:
        return loss
    return (
        f"{loss}, and what is lost if they are treated badly: {told:g} people hear of it and tell {each:g} others "
        f"each, {100 * conversion:g} % of these would have bought for a profit of {worth:g}; an assumption"
    )
