"""What became of offers: who signed, who declined, and who hasn't answered."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.events.offer_sequence import NOTHING
from custgrade.findings.amounts import money_text
from custgrade.findings.by_log import LOG_HINT, NO_LOG, lacks_log
from custgrade.findings.finding import Finding
from custgrade.findings.subject import plan_of
from custgrade.planning.choosing import NO_OFFER
from custgrade.planning.plan import Plan
from custgrade.text import counted

_TITLE = "What became of our offers?"
_STATES = {
    "explained": ("explained",),
    "open": ("open",),
    "signed": ("signed",),
    "no answer": ("lapsed", "called"),
    "declined": ("declined",),
    "in transition": ("referred", "in transition"),
    "ended": ("ended",),
    "taken back": ("withdrawn", "closed"),
}
_LATE = "signed late"
_WORDS = ("explained", "open", "signed", _LATE, "declined", "no answer", "in transition", "ended", "taken back")
_MONEY = ("rise open", "rise signed")
_COLUMNS = [
    ("offer", ""),
    ("customers", "customers"),
    *((word, "customers") for word in _WORDS),
    *((word, "money") for word in _MONEY),
]


def answers(plan: Plan) -> Finding:
    """Return what became of the offers of the plan's policy, by the newest offer of each customer in the log.

    The table has a row for each offer, by name. `signed late`, after the last day or after a no, is part of `signed`.
    `declined` and `no answer` include offers that end nothing. `rise open` is asked for now, `rise signed` was agreed;
    both are money over the period.
    """
    plan = plan_of(plan, "answers", "its log says what customers answered")
    if lacks_log(plan):
        return Finding("answers", _TITLE, _COLUMNS, notes=[NO_LOG], hints=[LOG_HINT])
    rounds, name = plan.standing.rounds, plan.policy.name
    mine = rounds.explained(lambda one: one.policy == name, bool)
    offers = rounds.explained(lambda one: one.name, object)
    refused = rounds.sequence.declined[rounds.at] != NOTHING
    masks = {word: rounds.is_in(*states) for word, states in _STATES.items()}
    masks["declined"] |= rounds.is_in("kept") & refused
    masks["no answer"] |= rounds.is_in("kept") & ~refused
    masks[_LATE] = rounds.answered_late
    money = dict(zip(_MONEY, (masks["open"], masks["signed"]), strict=True))
    rows = []
    for offer in sorted(set(offers[mine].tolist())):
        some: npt.NDArray[np.bool_] = mine & (offers == offer)
        counts = [int((some & masks[word]).sum()) for word in _WORDS]
        sums = [int(rounds.cents[some & which].sum()) / 100.0 for which in money.values()]
        rows.append((offer, int(some.sum()), *counts, *sums))
    size = int(mine.sum())
    none = int(((plan.offer != NO_OFFER) & ~np.isin(np.arange(len(plan)), rounds.rows[mine])).sum())
    notes = [f"an offer is still to be explained to {counted(none, 'customers')} for the first time"] if none else []
    says = [f"No offer of the policy {name!r} was explained to anybody in the data yet."]
    if size:
        total = {word: int((mine & masks[word]).sum()) for word in _WORDS}
        late = f", {total[_LATE]:,} of them late" if total[_LATE] else ""
        agreed = money_text(int(rounds.cents[mine & masks["signed"]].sum()) / 100.0, plan.graded.base.currency)
        says = [
            f"Of {counted(size, 'customers')} with an offer, {total['signed']:,} signed{late}, {total['declined']:,} "
            f"declined, {total['no answer']:,} didn't answer in time, and {total['open']:,} can still answer.",
        ]
        if total["signed"]:
            says.append(f"Those who signed pay {agreed} more over the period.")
        if total["in transition"] or total["ended"]:
            says.append(
                f"{total['in transition']:,} are being handed over, and the business with {total['ended']:,} has ended."
            )
    return Finding("answers", _TITLE, _COLUMNS, rows, says, notes)
