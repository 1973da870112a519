"""The text of `custgrade plan --log`: what waits or is late, offers under way, and what the log is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from custgrade.cli.report import aligned, printable
from custgrade.events.kinds import NOTICE, REWARDS
from custgrade.events.moves import STATES as OFFER_STATES
from custgrade.events.steps import ANSWER
from custgrade.planning.action_block import CLOSE
from custgrade.planning.digest import SHOWN, policy_digest
from custgrade.planning.plan import Plan
from custgrade.planning.plan_actions import PlanActions
from custgrade.planning.states import DUE, REASONS, WAITS
from custgrade.text import counted

if TYPE_CHECKING:
    from custgrade.events.adding import Added

_SOON = np.timedelta64(7, "D")


def log_text(plan: Plan, currency: str, added: Added | None) -> str:
    """Return tables of what waits, of offers under way and of what is taken back, and lines about the log.

    currency: of money, empty if unknown. added: what was recorded of the plan; None if it wasn't recorded.
    """
    actions = plan.actions()
    parts = [
        _waiting(plan, actions, currency),
        _offers(plan),
        _closed(actions),
        "\n".join(_lines(plan, actions, added)),
    ]
    return "\n\n".join(part for part in parts if part)


def _waiting(plan: Plan, actions: PlanActions, currency: str) -> str:
    """Return the table of what waits by reason, and of what was due before the day of the plan."""
    # a late answer is welcome, and nothing that somebody has failed to do
    answers = np.array([kind == ANSWER for kind, *_ in actions.blocks], dtype=bool)
    late = (actions.states == DUE) & (actions.due < plan.dates.on)
    late[late] = ~answers[actions.block[late]]
    waits = actions.states == WAITS
    lines = [(f"waits: {REASONS[code]}", waits & (actions.reasons == code)) for code in range(1, len(REASONS))]
    rewards = np.array([kind in REWARDS for kind, *_ in actions.blocks], dtype=bool)
    rewards = rewards[actions.block] if len(actions) else np.zeros(0, dtype=bool)
    return _table(
        "what waits, and what is late",
        ["state", "actions", f"rewards{f', {currency}' if currency else ''}"],
        [
            [text, f"{int(which.sum()):,}", f"{np.nansum(actions.money[which & rewards]):,.2f}"]
            for text, which in [*lines, (f"due before {plan.on}", late)]
            if which.any()
        ],
    )


def _offers(plan: Plan) -> str:
    """Return the table of offers under way by state, with the steps that are due within the next days."""
    under_way, on = plan.under_way, plan.dates.on
    soon = (under_way.due >= on) & (under_way.due <= on + _SOON)
    late = under_way.due < on
    return _table(
        "offers under way",
        ["state", "offers", "next step late", f"due until {on + _SOON}", "the first on"],
        [
            [
                OFFER_STATES[code],
                f"{int(mine.sum()):,}",
                f"{int((mine & late).sum()):,}",
                f"{int((mine & soon).sum()):,}",
                str(under_way.due[mine & soon].min()) if (mine & soon).any() else "–",
            ]
            for code in np.unique(under_way.state).tolist()
            for mine in (under_way.state == code,)
        ],
    )


def _closed(actions: PlanActions) -> str:
    """Return the table of what is withdrawn or taken back."""
    return _table(
        "to be taken back",
        ["what", "item", "customers"],
        [[what, item, f"{count:,}"] for (_, item, what, _), count in _by_block(actions, actions.changes == CLOSE)],
        text_columns=2,
    )


def _by_block(actions: PlanActions, which: npt.NDArray[np.bool_]) -> Iterable[tuple[tuple[str, str, str, str], int]]:
    """Yield the kinds, items and sentences of some actions with their numbers, over all grades."""
    counts: dict[tuple[str, str, str, str], int] = {}
    blocks, sizes = np.unique(actions.block[which], return_counts=True)
    for block, size in zip(blocks.tolist(), sizes.tolist(), strict=True):
        kind, item, what, _ = actions.blocks[block]
        counts[kind, item, what, ""] = counts.get((kind, item, what, ""), 0) + size
    return counts.items()


def _lines(plan: Plan, actions: PlanActions, added: Added | None) -> list[str]:
    kinds = np.array([kind == NOTICE for kind, *_ in actions.blocks], dtype=bool)
    notices = int((kinds[actions.block] & (actions.states == DUE)).sum()) if len(actions) else 0
    lines = [f"notices of less service: {counted(notices, 'customers')}"] if notices else []
    if added is not None and added.moved_on:
        lines.append("note: something was recorded in the log while the plan was made; plan again to see it")
    recorded = "the plan isn't recorded; --enter records it"
    if added is not None:
        recorded = (
            f"recorded {counted(added.written, 'events')}"
            if added.written
            else "this plan or a later one was recorded before"
        )
    events = counted(len(plan.standing.history) + (0 if added is None else added.written), "events")
    if not plan.revision and added is None:
        lines.append(f"log: there is none yet, so the plan is made as if nothing was ever done; {recorded}")
    else:
        lines.append(f"log: revision {plan.revision or 0}, {events} until {plan.on}; {recorded}")
    lines.append(f"policy {policy_digest(plan.policy)[:SHOWN]}, model {plan.graded.model_digest[:SHOWN]}")
    return [printable(line) for line in lines]


def _table(title: str, head: list[str], rows: list[list[str]], text_columns: int = 1) -> str:
    return f"{title}\n{aligned([head, *rows], text_columns)}" if rows else ""
