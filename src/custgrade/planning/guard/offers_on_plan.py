"""Offers of single customers: R05, R20 and R24."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from custgrade.planning.customer_columns import Rows
from custgrade.planning.guard.comparing import furthest, limit_to_0
from custgrade.planning.guard.faults import let_down
from custgrade.planning.guard.offers import asks_much
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.planning.money_amounts import cents
from custgrade.planning.offer import Offer
from custgrade.planning.plan import Plan
from custgrade.text import listed

FAULTS = ("complaints", "needs_met", "service_hours")
"""The columns that show our own faults."""


def offers_on_plan(plan: Plan, unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of the rules on offers for single customers.

    unchecked: gets a sentence on each rule that lacks its data.
    """
    offered = [
        (grade, offer, plan.offer_rows(place, code))
        for place, (grade, treatment) in enumerate(plan.policy.by_place)
        for code, offer in enumerate(treatment.offers)
    ]
    for grade, offer, rows in offered:
        yield from _lowered(plan, grade, offer, rows)
    if any(asks_much(offer) for _, offer, _ in offered):
        _say_what_lacks(plan, unchecked)
    hasty = [one for one in offered if not one[1].mend_first and asks_much(one[1]) and len(one[2])]
    if hasty:
        faulty = let_down(plan)
        for grade, offer, rows in hasty:
            yield from _before_mending(plan, grade, offer, rows, faulty)
    yield from _dearer(plan, offered, unchecked)


def _breach(rule: str, grade: str, offer: Offer, key: str, what: str, mend: str, rows: Rows) -> Breach:
    path = treatment_path(grade, "offer", offer.name, key)
    return Breach(rule, grade, f"offer {offer.name!r} {what}", mend, len(rows), path, rows=rows)


def _lowered(plan: Plan, grade: str, offer: Offer, rows: Rows) -> Iterator[Breach]:
    low = rows[plan.rise[rows] < 0.0]
    if offer.rise.constant is None and len(low):
        what = f"lowers the price by up to {-plan.rise[low].min():,.2f}, and 0 is the most"
        mend = limit_to_0("rise")
        yield _breach("R05", grade, offer, "rise", what, mend, low)


def _say_what_lacks(plan: Plan, unchecked: list[str]) -> None:
    missing = [name for name in FAULTS if name not in plan.customer_columns]
    no_period = "service_hours" not in missing and plan.graded.base.period is None
    if not missing and not no_period:
        return
    found = [f"no column {listed(missing)}"] if missing else []
    found += ["service_hours has no period"] if no_period else []
    none = len(missing) + no_period == len(FAULTS)
    unchecked.append(f"{RULES['R20']} {'not checked' if none else 'checked in part'}: {'; '.join(found)}")


def _before_mending(
    plan: Plan, grade: str, offer: Offer, rows: Rows, faulty: npt.NDArray[np.bool_]
) -> Iterator[Breach]:
    bad = rows[faulty[rows] & ((plan.rise[rows] > 0.0) | (offer.transition is not None))]
    if len(bad):
        kind = "raises the price" if offer.transition is None else "ends the business"
        what = f"{kind} for {len(bad):,} of {len(rows):,} customers before our own faults are mended"
        yield _breach("R20", grade, offer, "mend_first", what, "Make mend_first true", bad)


def _dearer(plan: Plan, offered: list[tuple[str, Offer, Rows]], unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of R24: with an offer of a package, a customer pays more than a new one."""
    packages = {one.name: one for one in plan.policy.packages}
    unstated, lacking = dict[str, None](), dict[str, None]()
    for grade, offer, rows in offered:
        if not offer.package:
            continue
        price = packages[offer.package].price
        if price is None:
            unstated[offer.package] = None
            continue
        lacking.update(dict.fromkeys(n for n in ("revenue", *price.reads) if n not in plan.customer_columns))
        new = plan.customer_columns.values(price, rows)
        pays = plan.customer_columns["revenue"][rows] + plan.rise[rows]
        known = np.isfinite(new) & np.isfinite(pays)
        rows, new, pays = rows[known], new[known], pays[known]
        bad = cents(pays) > cents(new)
        if bad.any():
            most, least = furthest(pays, new, bad)
            what = f"makes package {offer.package!r} cost up to {most:,.2f}, and a new customer pays {least:,.2f}"
            mend = "Make rise at most the package's price less the revenue, or leave these customers out by when"
            yield _breach("R24", grade, offer, "rise", what, mend, rows[bad])
    if lacking:
        unchecked.append(f"{RULES['R24']} not checked: no column {listed(lacking)}")
    if unstated:
        unchecked.append(f"{RULES['R24']} not checked: no price of package {listed(unstated)}")
