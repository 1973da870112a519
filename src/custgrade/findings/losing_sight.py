"""Who is out of sight, and since when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from custgrade.findings.amounts import money_text
from custgrade.findings.by_log import LOG_HINT, MOST, customers_of, day_text, id_order, lacks_log, rows_shown
from custgrade.findings.finding import Finding
from custgrade.findings.subject import plan_of, unknown
from custgrade.planning.plan import Plan
from custgrade.planning.schedule import NEVER
from custgrade.planning.servicing import exact_sum
from custgrade.text import counted

_TITLE = "Who is out of sight, and since when?"
_COLUMNS = [
    ("customer", ""),
    ("treatment", ""),
    ("last seen", ""),
    ("silent", "days"),
    ("silence_days", "days"),
    ("revenue", "money"),
]
_ORDERS_ONLY = "contacts are unknown, as the plan was made without a log, so only orders count"


def out_of_sight(plan: Plan, most: float = MOST) -> Finding:
    """Return which customers have had no order and no contact for the grade's silence_days or longer, and since when.

    A customer was last seen on the later of the last order and the last contact of any policy. The table has a row for
    each customer, the longest silence beyond the grade's days first. `per_customer` has `out_of_sight`, bool, and
    `last_seen`, datetime64[D], NaT where unknown.

    most: the largest number of rows.
    """
    plan = plan_of(plan, "out_of_sight", "the policy says how long a silence may be")
    longest = np.array([treatment.effort.silence_days or 0 for _, treatment in plan.policy.by_place])[plan.treatment]
    seen = plan.standing.seen_on(plan.customer_columns)
    counts = (longest > 0) & ~plan.standing.ended
    known = counts & ~np.isnat(seen)
    silent = np.where(known, (plan.dates.on - seen).astype(np.int64), -1)
    gone = known & (silent >= longest)
    rows = np.flatnonzero(gone)
    rows = rows[np.lexsort((id_order(plan, rows), -(silent - longest)[rows]))]
    count, notes = rows_shown(most, len(rows))
    grades = [grade for grade, _ in plan.policy.by_place]
    revenue = plan.customer_columns["revenue"]
    table = [
        (label, grades[place], day_text(day), days, limit, money)
        for label, place, day, days, limit, money in zip(
            customers_of(plan, rows[:count]),
            plan.treatment[rows[:count]].tolist(),
            seen[rows[:count]],
            *(column[rows[:count]].tolist() for column in (silent, longest, revenue)),
            strict=True,
        )
    ]
    notes += [_ORDERS_ONLY] if lacks_log(plan) else []
    if not any(treatment.effort.silence_days for _, treatment in plan.policy.by_place):
        says = [f"Who is out of sight is unknown, as no grade of the policy {plan.policy.name!r} has silence_days."]
    else:
        some = f"{counted(len(rows), 'customers')} of {int(known.sum()):,}"
        says = [f"{some} {'is' if len(rows) == 1 else 'are'} out of sight on {plan.on}{_largest(table)}."]
        money = revenue[rows]
        if np.isfinite(money).any():
            says.append(f"Their revenue is {money_text(exact_sum(money), plan.graded.base.currency)}.")
    if "recency" not in plan.customer_columns:
        notes.append(unknown("recency"))
    if nobody := int((counts & np.isnat(seen)).sum()):
        notes.append(f"not counted: {counted(nobody, 'customers')} whose last order and last contact are unknown")
    everybody = {"out_of_sight": gone, "last_seen": np.where(known, seen, NEVER)}
    hints = [LOG_HINT] if lacks_log(plan) else []
    return Finding("out-of-sight", _TITLE, _COLUMNS, table, says, notes, everybody, hints=hints)


def _largest(table: Sequence[tuple[object, ...]]) -> str:
    if not table:
        return ""
    said = ", ".join(f"{row[0]} since {row[2]}" for row in table[:3])
    return f"; the longest: {said}"
