"""Who was thanked, with what, and when."""

from __future__ import annotations

import numpy as np

from custgrade.events.history import NOBODY
from custgrade.events.kinds import REWARDS
from custgrade.findings.amounts import money_text
from custgrade.findings.by_log import (
    LOG_HINT,
    MOST,
    NO_LOG,
    customers_of,
    id_order,
    lacks_log,
    rows_shown,
    strangers_note,
)
from custgrade.findings.finding import Finding
from custgrade.findings.subject import plan_of
from custgrade.planning.plan import Plan
from custgrade.planning.schedule import NEVER
from custgrade.text import counted

_TITLE = "Whom have we thanked, with what, and when?"
_COLUMNS = [("day", ""), ("customer", ""), ("kind", ""), ("item", ""), ("time", "count"), ("worth", "money")]
KINDS = (*REWARDS, "thank")


def recognition(plan: Plan, most: float = MOST) -> Finding:
    """Return who was given which reward or thanks on which day, by the log, whatever the policy; the newest first.

    `per_customer` has `times`, int64, `worth`, money, float64, and `last`, datetime64[D], NaT for never.

    most: the largest number of rows.
    """
    plan = plan_of(plan, "recognition", "its log says who was thanked")
    if lacks_log(plan):
        return Finding("recognition", _TITLE, _COLUMNS, notes=[NO_LOG], hints=[LOG_HINT])
    given = plan.standing.history.where(lambda one: one.kind in KINDS)
    notes = strangers_note(int((given.who == NOBODY).sum()), "rewards")
    given = given.known
    kinds = given.each(lambda one: KINDS.index(one.kind), np.int64)
    names = given.each(lambda one: one.name, object)
    items = np.unique(names.astype(str), return_inverse=True)[1]
    who = id_order(plan, given.who)
    order = np.lexsort((given.number, items, kinds, who, -given.days.astype(np.int64)))
    count, left = rows_shown(most, len(order))
    top = order[:count]
    table = [
        (str(day), label, KINDS[kind], name, number, cents / 100.0)
        for day, label, kind, name, number, cents in zip(
            given.days[top],
            customers_of(plan, given.who[top]),
            kinds[top].tolist(),
            names[top].tolist(),
            given.number[top].tolist(),
            given.cents[top].tolist(),
            strict=True,
        )
    ]
    size, last = len(plan), np.full(len(plan), NEVER)
    times = np.bincount(given.who, minlength=size)
    cents = np.zeros(size, dtype=np.int64)
    np.add.at(cents, given.who, given.cents)
    np.maximum.at(last.view(np.int64), given.who, given.days.astype(np.int64))
    says = ["Nobody in the data was thanked yet."]
    if len(given):
        worth = money_text(int(given.cents.sum()) / 100.0, plan.graded.base.currency)
        thanked = counted(int((times > 0).sum()), "customers")
        first, newest = given.days.min(), given.days.max()
        when = f"on {first}" if first == newest else f"from {first} to {newest}"
        says = [f"{counted(len(given), 'rewards')} worth {worth} went to {thanked} of {size:,} {when}."]
    everybody = {"times": times, "worth": cents / 100.0, "last": last}
    return Finding("recognition", _TITLE, _COLUMNS, table, says, [*left, *notes], everybody)
