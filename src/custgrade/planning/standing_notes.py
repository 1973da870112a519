"""What a plan must say of where customers stand: who gets nothing, what is put off, and what has another name now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from custgrade.events.event_columns import days_of
from custgrade.events.kinds import ACTIONS, GROUPS, REWARDS, SNOOZE
from custgrade.planning.action import Action
from custgrade.planning.action_blocks import OUT_OF_SIGHT
from custgrade.planning.assigned import Assigned
from custgrade.planning.digest import SHOWN, policy_digest
from custgrade.planning.offer_steps import OWN_FAULTS, STEPS
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Reward
from custgrade.planning.schedule import months_later
from custgrade.planning.standing import Standing
from custgrade.text import counted, listed

_CORE = {OUT_OF_SIGHT, OWN_FAULTS}
"""The names of actions that no policy states."""


def standing_notes(standing: Standing) -> list[str]:
    """Return sentences on customers whose business has ended, and on what is put off."""
    notes = []
    ended = int(standing.ended.sum())
    if ended:
        notes.append(f"nothing is planned for {counted(ended, 'customers')}, because the business with them has ended")
    on = standing.dates.on
    snoozed = standing.history.known.where(lambda one: one.kind == SNOOZE)
    until = days_of([one.until for one in snoozed.occasions])[snoozed.code]
    snoozed = snoozed.take(until >= on)
    names = snoozed.each(lambda one: one.name, object).tolist()
    many = Counter(name for name, _ in dict.fromkeys(zip(names, snoozed.who.tolist(), strict=True)))
    said = [f"{name!r} for {counted(many[name], 'customers')}" for name in sorted(many) if name]
    if many[""]:
        said.insert(0, f"everything for {counted(many[''], 'customers')}")
    if said:
        notes.append(f"put off: {listed(said)}")
    unknown = sorted({one for one in many if one} - items_of(standing.policy) - _CORE - {standing.policy.name})
    if unknown:
        notes.append(f"what is put off has a name that this policy doesn't have: {listed(map(repr, unknown))}")
    return notes


def renaming_notes(standing: Standing) -> list[str]:
    """Return a sentence on rewards and actions of the log that the policy no longer has, and on those that are new.

    It is said until a plan of the changed policy is recorded.
    """
    policy, on = standing.policy, standing.dates.on
    if not standing.last_version or standing.last_version == policy_digest(policy)[:SHOWN]:
        return []
    done = standing.history.where(lambda one: one.policy == policy.name and one.kind in (*REWARDS, *ACTIONS))
    done = done.take(months_later(done.days, policy.pause_months) > on)
    said = [done.occasions[code] for code in np.unique(done.code).tolist()]
    known = items_of(policy) | _CORE
    gone = [one for one in said if one.name not in known]
    if not gone:
        return []
    # a new name stands in the place of an old one: among the rewards or the actions of the same grade
    places = {(GROUPS[one.kind], one.treatment) for one in gone}
    new = sorted({one.name for one in _parts(policy, places)} - {one.name for one in said})
    closes = f"closes {listed(map(repr, sorted({one.name for one in gone})))}"
    opens = f", opens {listed(map(repr, new))}" if new else ""
    return [
        f"the policy has changed: it {closes}{opens}. What was done under another name doesn't count; keep the name if "
        "it is the same thing"
    ]


def items_of(policy: Policy) -> set[str]:
    """Return the names of all rewards, actions and offers of a policy."""
    found: set[str] = set()
    for _, treatment in policy.by_place:
        found |= {one.name for one in treatment.rewards} | {one.name for one in treatment.actions}
        found |= {one.name for one in treatment.offers}
    return found


def _parts(policy: Policy, places: set[tuple[str, str]]) -> Iterator[Reward | Action]:
    """Yield the rewards and actions of some groups of events and grades."""
    for grade, treatment in policy.by_place:
        if ("reward", grade) in places:
            yield from treatment.rewards
        if ("act", grade) in places:
            yield from treatment.actions


def days_off_notes(plan: Assigned) -> list[str]:
    """Return a sentence on the days off that have moved a last day to answer, or of a transition."""
    explains = plan.first_steps() == STEPS.index("explain")
    days = np.concatenate([plan.answer_by()[explains], plan.under_way.unmoved])
    used = plan.policy.days_off.used(days)
    if not used:
        return []
    return [f"these days off have moved last days to answer, or of transitions: {listed(map(str, used))}"]
