"""The text of `custgrade plan`: hours and money by grade, the largest sums at stake, and what the guard found."""

from __future__ import annotations

import math
from collections.abc import Sequence

from custgrade.cli.report import aligned, printable
from custgrade.data.names import labelled
from custgrade.errors import RespectError
from custgrade.model.wording import NOTHING
from custgrade.planning.guard.rules import RULES
from custgrade.planning.plan import Plan
from custgrade.text import counted

_SHOWN = 10
_MOST_BREACHES = 60
_MOST_GRADES = 15
"""The number of lines of the table of grades above which grades without customers are left out."""


def plan_text(plan: Plan, currency: str) -> str:
    """Return the tables of a plan, and below them what the guard found, as text.

    currency: of money, empty if unknown.
    """
    policy = plan.policy
    title = f"{policy.name} on {plan.on}: {policy.purpose}"
    parts = [printable(title), _grades(plan, currency), _largest(plan, currency), "\n".join(_found(plan))]
    return "\n\n".join(part for part in parts if part)


def refusal(error: RespectError, name: str) -> str:
    """Return the message of a policy that breaches rules, with a line for each breach."""
    breaches = [printable(f"  {breach}") for breach in error.breaches]
    more = len(breaches) - _MOST_BREACHES
    shown = [*breaches[:_MOST_BREACHES], f"  and {more:,} more"] if more > 0 else breaches
    rules = len({breach.rule for breach in error.breaches})
    lines = [f"custgrade: there is no plan, because policy {name!r} breaches {counted(rules, 'rules')}:", *shown]
    fixed = sorted({breach.rule for breach in error.breaches if not RULES[breach.rule].waivable})
    hint = error.for_command_line().removeprefix(error.message).strip()
    if hint:
        lines.append(printable(hint))
    if len(fixed) < rules:
        but = f", except for {' and '.join(fixed)}" if fixed else ""
        lines.append(f"Change the policy, or allow a breach for a time with --waivers FILE{but}.")
    else:
        lines.append(f"Change the policy; {' and '.join(fixed)} can't be waived.")
    return "\n".join(lines)


def _grades(plan: Plan, currency: str) -> str:
    unit = f", {currency}" if currency else ""
    lines = plan.summary()
    stakes = plan.policy.at_stake is not None
    money = {"rewards due": "rewards", "upcoming": "upcoming", "waiting": "waiting"}
    money = {head: name for head, name in money.items() if any(getattr(line, name) for line in lines)}
    head = ["grade", "goal", "customers", "offers", "sales hours", "service hours"]
    rows = [[*head, *(f"{name}{unit}" for name in money), *([f"at stake{unit}"] if stakes else [])]]
    crowded = len(lines) > _MOST_GRADES
    for line in lines:
        if crowded and not line.customers:
            continue
        cells = [line.grade, line.goal, f"{line.customers:,}", f"{line.offers:,}"]
        numbers = [f"{line.sales_hours:,.1f}", f"{line.service_hours:,.1f}"]
        numbers += [f"{getattr(line, name):,.2f}" for name in money.values()]
        numbers += [NOTHING if math.isnan(line.at_stake) else f"{line.at_stake:,.2f}"] if stakes else []
        rows.append([*cells, *(numbers if line.customers else [NOTHING] * len(numbers))])
    notes = [f"hours are those of a quarter; rewards and actions are those until {plan.until}"]
    if plan.policy.at_stake_means:
        notes.append(f"money at stake: {plan.policy.at_stake_means}")
    return "\n".join([aligned(rows, text_columns=2), *map(printable, notes)])


def _largest(plan: Plan, currency: str) -> str:
    """Return the table of the largest sums at stake, an empty text if there are none."""
    found = plan.largest(_SHOWN)
    if not found:
        return ""
    rows = [["customer", "grade", "offer", f"at stake{f', {currency}' if currency else ''}"]]
    rows += [
        [labelled(one.customer_id, one.name), one.treatment, one.offer or NOTHING, f"{one.money:,.2f}"] for one in found
    ]
    return f"the largest sums at stake\n{aligned(rows, text_columns=3)}"


def _found(plan: Plan) -> list[str]:
    """Return a line for each waived breach, waiver, warning, rule that wasn't checked, and note."""
    lines = [
        *(_said("waived breach", plan.breaches) or ["guard: no breach"]),
        *map(str, plan.waivers),
        *_said("warning", plan.warnings),
        *_said("guard", plan.unchecked),
        *_said("note", plan.notes),
    ]
    return [printable(line) for line in lines]


def _said(what: str, lines: Sequence[object]) -> list[str]:
    return [f"{what}: {line}" for line in lines]
