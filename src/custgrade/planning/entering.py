"""Recording a plan in a log: the treatments that customers enter, and that the plan was made."""

from __future__ import annotations

import json

import numpy as np

from custgrade.data.ids import id_column
from custgrade.events.batch import Batch
from custgrade.events.event_columns import EventColumns, Occasion
from custgrade.events.kinds import ENTERED, RUN
from custgrade.events.limits import limits_as_data
from custgrade.planning.assigned import Assigned
from custgrade.planning.digest import SHOWN, policy_digest
from custgrade.planning.plan_limits import plan_limits


def entering(plan: Assigned, revision: int | None) -> Batch:
    """Return the events that record a plan; revision: of the log that it was made from."""
    policy, where = plan.policy, plan.standing
    digest = policy_digest(policy)
    rows = np.flatnonzero(np.isnat(where.stays.entered))
    days, code_of_day = np.unique(where.entered[rows], return_inverse=True)
    places, size = plan.treatment[rows].astype(np.int64), len(policy.by_place)
    used, code = np.unique(code_of_day * size + places, return_inverse=True)

    def occasion(day: np.datetime64, place: int) -> Occasion:
        grade = policy.by_place[place][0]
        return Occasion(ENTERED, policy.name, str(day), "", "", grade, policy.name, digest[:SHOWN])

    occasions = [occasion(days[one // size], one % size) for one in used.tolist()]
    about = {
        "policy": digest,
        "model": plan.graded.model_digest,
        "since": str(plan.dates.since),
        # what comes back from the plan's file is checked against them
        "limits": limits_as_data(plan_limits(plan, _days(plan))),
    }
    # the same plan of the same day is the same run
    again = where.last_run == plan.dates.on and where.last_version == digest[:SHOWN] and not len(rows)
    run = Occasion(
        RUN, policy.name, str(plan.dates.on), policy=policy.name, version=digest[:SHOWN], note=json.dumps(about)
    )
    events = EventColumns(
        np.concatenate([plan.graded.base.ids[rows], id_column([""])]),
        [*occasions, run],
        np.append(code, len(occasions)),
        np.append(where.stays.number[rows] + 1, where.runs + (0 if again else 1)),
        np.zeros(len(rows) + 1, dtype=np.int64),
    )
    return Batch(events, currency=plan.graded.base.currency or "", revision=revision)


def _days(plan: Assigned) -> list[np.datetime64]:
    """Return a day in the budget period of the plan, in the next one, and in the next year, within the calendar."""
    _, last = plan.standing.budget_period
    later = (last + np.timedelta64(1, "D"), plan.dates.on + np.timedelta64(365, "D"))
    return [plan.dates.on, *(day for day in later if day <= np.datetime64("9999-12-31"))]
