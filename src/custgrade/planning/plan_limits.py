"""The budgets and caps that what is done by a plan must keep."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from custgrade.events.kinds import GIFTS
from custgrade.events.limits import Budget, Cap, Limits
from custgrade.planning.assigned import Assigned
from custgrade.planning.money_amounts import cents_of
from custgrade.planning.schedule import newest_slot, period_end


def plan_limits(plan: Assigned, days: Iterable[np.datetime64]) -> Limits:
    """Return the limits that hold on the days on which something is done."""
    policy, since = plan.policy, plan.dates.since
    budgets, caps = dict[Budget, None](), dict[Cap, None]()
    for day in days:
        first, _ = newest_slot(since, policy.budget_months, day)
        last = period_end(since, policy.budget_months, day)
        for grade, treatment in policy.by_place:
            if treatment.budget is not None and treatment.rewards:
                budgets[Budget(policy.name, grade, str(first), str(last), cents_of(treatment.budget))] = None
        year = str(day.astype("datetime64[Y]"))
        caps[Cap(GIFTS, f"{year}-01-01", f"{year}-12-31", "gifts", cents=cents_of(policy.gift_limit_year))] = None
    return Limits(budgets, caps, policy.contact_limit, policy.contact_days, gifts_wait=True)
