"""The offers that may begin: not during another one, not soon after the last one, and not after the end."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from custgrade.events.kinds import CONTACTS
from custgrade.planning.choosing import NO_OFFER, Offered
from custgrade.planning.customer_columns import Rows
from custgrade.planning.offer_steps import MOVE_OF, STEPS
from custgrade.planning.plan import Plan
from custgrade.text import counted

_CONTACTS = [STEPS.index(step) for step, move in MOVE_OF.items() if move in CONTACTS]


def with_new_offers(plan: Plan, offered: Offered, notes: list[str]) -> Plan:
    """Return a plan with the offers that may begin, of those that today's data gives.

    offered: each customer's offer by today's data. notes: gets sentences on offers that don't begin.
    """
    found = evolve(plan, offer=offered.offer, rise=offered.rise, held=offered.held)
    if not len(plan.standing.rounds):
        return found
    months = found.by_offer(lambda offer: offer.again)
    longest = [max((offer.again for offer in one.offers), default=0) for _, one in plan.policy.by_place]
    months[found.held] = np.array(longest, dtype=np.int32)[found.treatment[found.held]]
    standing, wanted = plan.standing, offered.offer != NO_OFFER
    may = standing.offers_again(months) & ~standing.ended
    other = int(np.sum(wanted & standing.busy_elsewhere))
    if other:
        notes.append(f"no new offer for {counted(other, 'customers')}, because an offer of another policy is under way")
    early = int(np.sum(wanted & ~may & ~standing.busy & ~standing.ended))
    if early:
        notes.append(f"no new offer for {counted(early, 'customers')}, because their last one was too short a time ago")
    return evolve(
        found,
        offer=np.where(may, offered.offer, NO_OFFER).astype(np.int8),
        rise=np.where(may, offered.rise, np.nan),
        held=offered.held & may,
    )


def contacts_for_offers(plan: Plan) -> Rows:
    """Return the customers who are contacted about an offer today, each once."""
    steps = plan.first_steps()
    today = (steps == STEPS.index("explain")) & (plan.explained_on() <= plan.dates.on)
    under_way = plan.under_way
    due = np.isin(under_way.step, _CONTACTS) & (under_way.due <= plan.dates.on)
    due |= under_way.remind_on <= plan.dates.on
    today[under_way.rows[due]] = True
    rows = np.flatnonzero(today)
    names = plan.offer_names()
    for code, name in enumerate(names.texts):
        mine = rows[names.codes[rows] == code]
        today[mine[plan.standing.put_off(name, mine)]] = False
    return np.flatnonzero(today)
