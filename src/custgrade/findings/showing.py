"""Who is shown to others, and who must be taken down."""

from __future__ import annotations

import numpy as np

from custgrade.events.kinds import TAKE_DOWN
from custgrade.findings.by_log import LOG_HINT, MOST, NO_LOG, customers_of, day_text, id_order, lacks_log, rows_shown
from custgrade.findings.finding import Finding
from custgrade.findings.subject import plan_of, unknown
from custgrade.planning.plan import Plan
from custgrade.text import counted

_TITLE = "Whom do we show to others, and whom must we take down?"
_COLUMNS = [("customer", ""), ("item", ""), ("since", ""), ("state", "")]
SHOWN, TAKEN = "shown", "take down"


def showcase(plan: Plan, most: float = MOST) -> Finding:
    """Return which customers are shown to others now, and which of them must be taken down as they don't consent.

    Only consent that was given counts: where it is unknown, the customer must be taken down too. The newest consent in
    the log counts before that of the data. The table begins with those to take down. `per_customer` has `shown` and
    `take_down`, bool.

    most: the largest number of rows.
    """
    plan = plan_of(plan, "showcase", "its log says who is shown")
    agreed = plan.standing.consent(plan.customer_columns) == 1.0
    notes = [] if "consent" in plan.customer_columns else [unknown("consent")]
    said = f"{counted(int(agreed.sum()), 'customers')} of {len(plan):,} {'agrees' if agreed.sum() == 1 else 'agree'}"
    if lacks_log(plan):
        says = [f"{said} to be shown; who is shown is unknown."]
        return Finding("showcase", _TITLE, _COLUMNS, says=says, notes=[*notes, NO_LOG], hints=[LOG_HINT])
    known = plan.standing.history.known
    # of any policy: an item that a policy no longer has may still be up
    begun = known.where(lambda one: one.kind == "showcase")
    names = sorted({begun.occasions[code].name for code in np.unique(begun.code).tolist()})
    shown, down = np.zeros(len(plan), dtype=bool), np.zeros(len(plan), dtype=bool)
    found = []
    for item, name in enumerate(names):
        rows = np.flatnonzero(plan.standing.shown(name))
        shown[rows] = True
        down[rows[~agreed[rows]]] = True
        found.append(np.column_stack([rows, np.full(len(rows), item)]))
    pairs = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    pairs = pairs[np.lexsort((pairs[:, 1], id_order(plan, pairs[:, 0]), agreed[pairs[:, 0]]))]
    count, left = rows_shown(most, len(pairs))
    since = {item: plan.standing.last_day("showcase", name) for item, name in enumerate(names)}
    top = pairs[:count]
    table = [
        (label, names[item], day_text(since[item][row]), SHOWN if agreed[row] else TAKEN)
        for label, (row, item) in zip(customers_of(plan, top[:, 0]), top.tolist(), strict=True)
    ]
    up = int((shown & ~down).sum())
    off = counted(int(down.sum()), "customers")
    are = "is" if up == 1 else "are"
    says = [
        f"{counted(up, 'customers')} who agreed {are} shown on {plan.on}; {off} must be taken down.",
        f"{said} to be shown.",
    ]
    if down.any():
        notes.append(f"the plan has an action {TAKE_DOWN} for each item of its policy that needs consent")
    return Finding(
        "showcase", _TITLE, _COLUMNS, table, says, [*left, *notes], {"shown": shown & ~down, "take_down": down}
    )
