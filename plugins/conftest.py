"""What the tests of policies share: a log, and a policy that is carried out with it again and again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import EventLog, Graded, Plan


class Programme:
    """A policy with a log; parameters of its methods are the policy's."""

    def __init__(self, policy: str, log: EventLog) -> None:
        """Take the name of the policy, and the log."""
        self.policy, self.log = policy, log

    def plan(self, graded: Graded, day: str | dt.date, **parameters: Any) -> Plan:
        """Return a plan for a day."""
        return cg.plan(graded, cg.policy(self.policy, **parameters), day, log=self.log)

    def carry_out(self, graded: Graded, day: str | dt.date, **parameters: Any) -> Plan:
        """Plan, record the plan, and do all that is due; return the plan that was carried out."""
        plan = self.plan(graded, day, **parameters)
        self.log.enter(plan)
        self.log.add(plan.actions().done(day))
        return plan

    def due(self, graded: Graded, day: str | dt.date, **parameters: Any) -> list[tuple[str, str, str]]:
        """Return the customer, the kind and the item of each action that is due by a new plan."""
        plan = self.plan(graded, day, **parameters)
        actions = plan.actions()
        columns = actions.columns()
        which = np.flatnonzero(actions.states == 0)
        names = [columns[name][which].tolist() for name in ("kind", "item")]
        return list(zip(plan.graded.base.ids[actions.rows[which]].tolist(), *names, strict=True))

    def told(self, customer: str) -> list[tuple[str, str]]:
        """Return the kind and the day of each event of a customer, in their order, without records."""
        return [
            (one.kind, str(one.day))
            for one in self.log.events()
            if one.customer_id == customer and one.kind not in ("entered", "run")
        ]


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    """Return an empty log."""
    return EventLog(tmp_path / "log.db")


@pytest.fixture
def programme(request: pytest.FixtureRequest, log: EventLog) -> Programme:
    """Return the policy that the test's module names in POLICY, with an empty log."""
    return Programme(request.module.POLICY, log)
