"""The policy `sales-service-mix`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

import numpy as np

from custgrade import findings
from custgrade.errors import ParameterError
from custgrade.planning import Action, Effort, Policy, ServiceLevel, Treatment
from custgrade.plugins import GradeScale, ScaleAxis, Setting
from custgrade_matrix3x3.cells import CUT, LEVELS, MOVE_UP, NINE, SIZES, Cell

WAY_UP: Mapping[str, str] = {
    "Large": "choose more of the services and products that we do well, and agree with us on how we serve you",
    "Medium": "buy more of what you need from us, and use the ways to order that save time for both of us",
    "Small": "tell us what else you need, let us advise you, and bring orders together",
}
SHEET = "we would like to hear which of our services you want more of, and which you could do without"


def orders(c: Mapping[str, Any]) -> Any:
    """the number of orders"""
    return c["orders"]


def sales_service_mix(
    sales_hours: Annotated[
        float,
        Setting("what is spent on selling to a customer of the cell with the most, Small/High", "hours a quarter"),
    ] = 3.0,
    service_hours: Annotated[
        float, Setting("what a customer of the best cell, Large/High, is entitled to", "hours a quarter")
    ] = 6.0,
    response_hours: Annotated[
        float,
        Setting("the time to a first answer in the best cell; up to 4 times as long in the others", "working hours"),
    ] = 4.0,
    saturated: Annotated[
        float,
        Setting("customers who buy at least this share of what they need from us get half the sales effort", "0 to 1"),
    ] = 0.8,
    potential: Annotated[
        float, Setting("the least potential with which small customers get more of our time, and advice", "money")
    ] = 1000.0,
    full_price: Annotated[
        float, Setting("customers who pay at least this share of the list price are advised", "0 to 1")
    ] = 0.95,
    advise_every: Annotated[int, Setting("how often customers are advised", "months")] = 6,
    tolerance: Annotated[
        float, Setting("how far hours spent may be from those of the cell and still fit", "share of the hours")
    ] = 0.25,
    sales_available: Annotated[float | None, Setting("the hours that there are for selling", "hours a quarter")] = None,
    service_available: Annotated[
        float | None, Setting("the hours that there are for service", "hours a quarter")
    ] = None,
    sales_rate: Annotated[float, Setting("what an hour of selling costs", "money an hour")] = 60.0,
    service_rate: Annotated[float, Setting("what an hour of service costs", "money an hour")] = 40.0,
) -> Policy:
    """Decide on sales and service apart, for each of nine cells: maintain at lower cost, move up, or cut expense."""
    if not 0.0 <= saturated <= 1.0 or not 0.0 <= full_price <= 1.0:
        raise ParameterError(
            f"received saturated {saturated} and full_price {full_price}; give shares from 0 to 1 for both"
        )

    def sales(cell: Cell) -> Callable[[Mapping[str, Any]], Any]:
        hours = round(float(sales_hours * cell.sales), 2)
        return lambda c: np.where(c["share_of_wallet"] >= float(saturated), hours / 2.0, hours)

    def cost(c: Mapping[str, Any]) -> Any:
        hours = c["sales_hours"] * float(sales_rate) + c["service_hours"] * float(service_rate)
        return np.where(np.isnan(hours), c["cost_to_serve"], hours)

    treatments = {}
    for name, cell in NINE.items():
        best = name == f"{SIZES[0]}/{LEVELS[0]}"
        treatments[name] = Treatment(
            cell.goal,
            "lift" if cell.strategy == MOVE_UP else "keep",
            ServiceLevel(
                min(24.0, round(response_hours * cell.waiting, 2)),
                max(0.5, round(service_hours * cell.service, 2)),
                cell.desk,
            ),
            Effort(sales(cell), cell.silence_days),
            actions=_actions(name, cell, float(saturated), float(potential), float(full_price), advise_every),
            way_up="" if best else WAY_UP[name.partition("/")[0]],
            sheet=SHEET,
        )
    return Policy(
        "sales-service-mix",
        "sales effort and service effort each go where they pay",
        GradeScale([ScaleAxis("revenue", SIZES), ScaleAxis("profitability", LEVELS, "revenue")]),
        treatments,
        base=ServiceLevel(24, 0.5, "shared desk"),
        at_stake=cost,
        at_stake_means="what the hours spent on customers cost over the period; where unknown, the cost to serve",
        sales_rate=sales_rate,
        service_rate=service_rate,
        findings=[
            partial(findings.servicing, tolerance=tolerance, proxies={"sales": orders, "service": orders}),
            partial(findings.capacity, sales=sales_available, service=service_available),
            findings.one_percent,
        ],
    )


def _actions(
    name: str, cell: Cell, saturated: float, potential: float, full_price: float, advise_every: int
) -> list[Action]:
    """Return what is done for the customers of a cell."""
    size, _, level = name.partition("/")
    found = []
    if size == "Large":
        found.append(
            Action(
                "sales to service",
                "review",
                "replace sales visits by service, and ask which service they would value",
                "they already buy nearly all of it from us",
                after=14,
                every=12,
                when=lambda c: c["share_of_wallet"] >= saturated,
                hours=0.5,
            )
        )
    if cell.strategy == MOVE_UP and level == "High":
        found.append(
            Action(
                "consultative sales",
                "consult",
                "advise them on what more they could use",
                "they pay the full price, and nobody has asked them",
                after=30,
                every=advise_every,
                when=lambda c: (c["full_price_share"] >= full_price) | np.isnan(c["full_price_share"]),
                hours=1.5,
            )
        )
    elif cell.strategy == MOVE_UP:
        found.append(
            Action(
                "better mix",
                "cross-sell",
                "propose products and services that leave more for both sides",
                "a better mix moves them up",
                after=30,
                every=advise_every,
                hours=1.0,
            )
        )
    if size == "Small":
        found.append(
            Action(
                "potential",
                "consult",
                "ask for their plans, advise them, and give them more of our time",
                "they could buy much more than today",
                after=45,
                every=advise_every,
                when=lambda c: c["potential"] >= potential,
                hours=1.0,
            )
        )
    if cell.strategy == CUT:
        found.append(
            Action(
                "agree on service",
                "review",
                "go through the hours spent with the customer, and agree on what is worth them",
                "service goes beyond what the business carries",
                after=21,
                every=12,
                hours=0.5,
            )
        )
    if level == "Low":
        found.append(
            Action(
                "online",
                "automate",
                "set up orders and answers online together with the customer",
                "it saves time for both sides",
                after=30,
                hours=0.5,
            )
        )
    return found
