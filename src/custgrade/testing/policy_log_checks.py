"""Checks of a policy with a log, over several plans that are carried out."""

from __future__ import annotations

import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from custgrade.errors import LogError, RespectError
from custgrade.model.graded import Graded
from custgrade.planning.making import plan
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.states import DUE
from custgrade.testing.policy_promises import broken

DAYS = ("2026-01-01", "2026-02-16", "2026-05-04")
"""The days of the plans that the checks make."""
_PASSES = 4
"""How often a plan of one day may have something new: an offer follows when our own faults are mended."""

Key = tuple[str, str, str, int]


def skip_without_log() -> None:
    """Raise SkipTest, with the reason, if logs can't be used here."""
    if find_spec("sqlalchemy") is None:
        raise unittest.SkipTest("a log of events needs SQLAlchemy, which isn't installed: pip install 'custgrade[log]'")


def nothing_twice(policy: Policy, graded: Graded) -> None:
    """Raise an error if something that was done is due again, on the same day or in a later plan."""
    done: set[Key] = set()
    with _empty_log() as log:
        for day in DAYS:
            today = set[tuple[str, str, str]]()
            for _ in range(_PASSES):
                made = _planned(policy, graded, day, log)
                due = _due(made)
                again = sorted(set(due) & done) or sorted(one for one in due if one[:3] in today)
                if again:
                    customer, kind, item, number = again[0]
                    raise broken(
                        "nothing twice",
                        f"{kind} {item!r}, number {number}, was done for {customer} and is due again on {day}",
                        graded,
                    )
                if not due:
                    break
                done |= set(due)
                today |= {one[:3] for one in due}
                _carry_out(made, day, log, graded)
            else:
                raise broken("done is done", f"after {_PASSES} plans of {day}, {len(due):,} actions are due", graded)


def the_order_of_rows_has_no_effect_on_actions(policy: Policy, graded: Graded, shuffled: Graded) -> None:
    """Raise an error if the same customers in another order have other actions, after a plan was carried out."""
    with _empty_log() as log:
        _carry_out(_planned(policy, graded, DAYS[0], log), DAYS[0], log, graded)
        for day in DAYS[:2]:
            here, there = (_all(_planned(policy, one, day, log)) for one in (graded, shuffled))
            if here != there:
                odd = sorted(set(here) ^ set(there))[0]
                raise broken("order of rows", f"with a log, the action {odd} on {day} depends on the order", graded)


@contextmanager
def _empty_log() -> Iterator[Any]:
    # SQLAlchemy is loaded only where a log is used
    from custgrade.events.log import EventLog

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield EventLog(Path(folder) / "log.db")


def _planned(policy: Policy, graded: Graded, day: str, log: Any) -> Plan:
    try:
        return plan(graded, policy, day, log=log)
    except RespectError as error:
        raise broken("respect", f"the guard refuses the plan: {error}", graded) from error


def _carry_out(made: Plan, day: str, log: Any, graded: Graded) -> None:
    try:
        log.enter(made)
        log.add(made.actions().done(day))
    except LogError as error:
        raise broken("done is done", f"the plan of {day} can't be recorded as done: {error}", graded) from error


def _due(made: Plan) -> list[Key]:
    """Return the actions that are due, without answers, which only customers can give."""
    actions = made.actions()
    columns = actions.columns()
    which = np.flatnonzero((actions.states == DUE) & (columns["kind"] != "answer"))
    names = [columns[name][which].tolist() for name in ("kind", "item", "number")]
    return list(zip(made.graded.base.ids[actions.rows[which]].tolist(), *names, strict=True))


def _all(made: Plan) -> list[tuple[str, ...]]:
    actions = made.actions()
    columns = [*actions.columns().values(), made.graded.base.ids[actions.rows]]
    return sorted(tuple(map(str, row)) for row in zip(*(column.tolist() for column in columns), strict=True))
