"""The mix of grades at each plan that was recorded, against the mix that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.events.history import NOBODY
from custgrade.events.kinds import ENTERED, RUN
from custgrade.findings.amounts import cell, ratio, share_text
from custgrade.findings.by_log import LOG_HINT, NO_LOG, lacks_log
from custgrade.findings.finding import Finding
from custgrade.findings.subject import plan_of
from custgrade.findings.target import Target, names_of, shares_of, target_hint
from custgrade.planning.plan import Plan
from custgrade.text import counted

_TITLE = "How has the mix of grades changed?"
_MOST_DAYS = 24
"""The number of days above which only the last plan of each month is shown."""
_IN_DATA = "each mix is of the customers who are in the data now, by the treatment that they had by the log"


def mix_over_time(plan: Plan, target: Target = None) -> Finding:
    """Return the mix of grades on the day of each plan that was recorded, and how far it was from the wanted one.

    The grades are those of the policy, by which customers were treated; the last row is the mix of this plan. Of more
    than 24 days, the table has the last plan of each month. The distance is that of `target_mix`.

    target: the wanted share of each grade, or the grades that everybody should have; by default none.

    Raises ParameterError for an unknown grade, and for shares that don't add up to 1.
    """
    plan = plan_of(plan, "mix_over_time", "its log says which grades customers had")
    grades = plan.policy.grades.grades
    wanted = shares_of(target, grades) if isinstance(target, Mapping) else None
    good = None if target is None else tuple(wanted) if wanted is not None else names_of(target, grades)
    columns = [("day", ""), ("customers", "customers"), *((grade, "share") for grade in grades), ("distance", "share")]
    if lacks_log(plan):
        return Finding("mix-over-time", _TITLE, columns, notes=[NO_LOG], hints=[LOG_HINT])
    days, counts, left = _counts(plan)
    rows, distances = [], []
    for day, found in zip(days, counts, strict=True):
        size = sum(found)
        shares = [ratio(Fraction(one), Fraction(size)) for one in found]
        distance = _distance(dict(zip(grades, shares, strict=True)), wanted, good) if size else None
        distances.append(distance)
        rows.append((str(day), size, *map(cell, shares), cell(distance)))
    notes = [_IN_DATA] + ([f"of {left:,} days with a plan, the last one of each month is shown"] if left else [])
    hints = [target_hint(grades)] if target is None else []
    says = [f"The table has the mixes of {counted(len(rows), 'days')}, the last of {plan.on}."]
    if good:
        says = [_said(days, distances, good)]
    if len(rows) < 2:
        notes.append("no earlier plan of this policy is recorded in the log; record plans with log.enter(plan)")
    return Finding("mix-over-time", _TITLE, columns, rows, says, notes, hints=hints)


def _distance(
    shares: Mapping[str, Fraction | None], wanted: Mapping[str, Fraction] | None, good: tuple[str, ...] | None
) -> Fraction | None:
    """Return the least share of the customers who would have to change their grade; None without a target."""
    known = {grade: share or Fraction(0) for grade, share in shares.items()}
    if wanted is not None:
        return sum((abs(share - wanted.get(grade, 0)) for grade, share in known.items()), Fraction(0)) / 2
    return None if good is None else sum((share for grade, share in known.items() if grade not in good), Fraction(0))


def _said(days: list[np.datetime64], distances: list[Fraction | None], good: tuple[str, ...]) -> str:
    known = [(day, one) for day, one in zip(days, distances, strict=True) if one is not None]
    if not known:
        return "No customer has a grade."
    (first, before), (last, now) = known[0], known[-1]
    goal = f"a mix of {' and '.join(good)}" if len(good) > 1 else f"everybody in {good[0]}"
    if len(known) == 1:
        return f"The distance to {goal} is {share_text(now)} on {last}."
    moved = "nearer than" if now < before else "farther than" if now > before else "as far as"
    then = f"{moved} on {first}, when it was {share_text(before)}"
    return f"The distance to {goal} is {share_text(now)} on {last}, {then}."


def _counts(plan: Plan) -> tuple[list[np.datetime64], list[list[int]], int]:
    """Return the days, the number of customers of each grade on each, and of how many days these are a choice."""
    policy, history = plan.policy, plan.standing.history
    runs = np.unique(history.where(lambda one: one.kind == RUN and one.name == policy.name).days)
    runs = runs[runs < plan.dates.on]
    left = 0
    if len(runs) >= _MOST_DAYS:
        months = runs.astype("datetime64[M]")
        left, runs = len(runs) + 1, runs[np.append(months[1:] != months[:-1], True)]
    size = len(policy.grades.grades)
    places = {grade: place for place, (grade, _) in enumerate(policy.by_place)}
    some = history.where(lambda one: one.kind == ENTERED and one.name == policy.name)
    some = some.take(some.who != NOBODY)
    place = some.each(lambda one: places.get(one.treatment, size), np.int64)
    order = np.lexsort((some.number, some.days))
    who, place, days = some.who[order], place[order], some.days[order]
    now: npt.NDArray[np.int64] = np.full(len(plan), size)
    counts, at = [], 0
    for run in runs:
        until = int(np.searchsorted(days, run, side="right"))
        # of several treatments of a customer, the last one remains
        now[who[at:until]] = place[at:until]
        at = until
        counts.append(np.bincount(now, minlength=size + 1)[:size].tolist())
    counts.append(np.bincount(plan.treatment, minlength=size + 1)[:size].tolist())
    return [*runs, plan.dates.on], counts, left
