"""The columns of a plan, one row for each customer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import CodedTexts, OutputColumn, named_columns
from custgrade.events.moves import STATES
from custgrade.planning.assigned import Assigned
from custgrade.planning.choosing import NO_PACKAGE
from custgrade.planning.offer_steps import STEPS
from custgrade.planning.schedule import NEVER
from custgrade.planning.service_level import DESKS
from custgrade.planning.signed_offers import signed_offers

SIGNED_LATE = "signed late"


def plan_columns(plan: Assigned) -> dict[str, OutputColumn]:
    """Return a plan's columns without id and name, by name.

    grade: the final grade, with manual grades. treatment: the grade of the policy. goal: of the treatment. package: the
    name, if the policy has packages. at_stake: money over the base's period. response_hours, service_hours, desk and
    further entitlements: what the customer may count on; hours are a quarter's. sales_hours: what the policy spends, a
    quarter. served_as: the grade whose entitlements count. offer: its name. offer_state: the state of the newest offer,
    of any policy; `signed late` for an answer after the last day or after a no. price_rise: money over the base's
    period; price_rise_share: a share of revenue. next: the next step towards the offer's end, one of `STEPS`. next_day:
    its day. next_until: the last day to answer, or of a transition. Then a column of truth values for each shortlist,
    and the policy's details.

    Raises FieldError if two columns have the same name.
    """
    policy, graded = plan.policy, plan.graded
    places = policy.by_place
    found: dict[str, OutputColumn] = {
        "grade": CodedTexts(graded.grade_names, graded.final_grade_codes),
        "treatment": CodedTexts(tuple(grade for grade, _ in places), plan.treatment),
        "goal": CodedTexts(tuple(treatment.goal for _, treatment in places), plan.treatment),
    }
    if policy.packages:
        found["package"] = CodedTexts(tuple(one.name for one in policy.packages), plan.package, NO_PACKAGE)
    found["at_stake"] = plan.at_stake
    for name in plan.entitlements():
        entitled = plan.entitled(name)
        found[name] = CodedTexts(DESKS, entitled.astype(np.uint8)) if name == "desk" else entitled
    found["sales_hours"] = plan.sales_hours()
    found["served_as"] = CodedTexts(tuple(grade for grade, _ in places), plan.standing.served)
    found["offer"] = plan.offer_names()
    found["offer_state"] = _states(plan)
    found["price_rise"] = rise = _rises(plan)
    revenue = plan.customer_columns["revenue"]
    with np.errstate(divide="ignore", invalid="ignore"):
        found["price_rise_share"] = np.where(revenue > 0.0, np.round(rise / revenue, 6), np.nan)
    found |= _next(plan)
    everybody = np.arange(len(plan))
    return named_columns(
        [
            *((name, "the plan", column) for name, column in found.items()),
            *((name, f"shortlist {name!r}", members) for name, members in plan.shortlists.items()),
            *(
                (name, f"detail {name!r}", plan.customer_columns.values(detail, everybody))
                for name, detail in policy.details.items()
            ),
        ]
    )


def _states(plan: Assigned) -> CodedTexts:
    codes = np.zeros(len(plan), dtype=np.uint8)
    rounds = plan.standing.rounds
    codes[rounds.rows] = rounds.state
    late = rounds.rows[rounds.answered_late & rounds.is_in("signed")]
    codes[late] = len(STATES)
    return CodedTexts(("", *STATES[1:], SIGNED_LATE), codes)


def _rises(plan: Assigned) -> npt.NDArray[np.float64]:
    """Return the rise of each customer's offer; that of an offer under way as it was offered."""
    if not len(plan.under_way):
        return plan.rise
    found = plan.rise.copy()
    found[plan.under_way.rows] = plan.under_way.cents / 100.0
    return found


def _next(plan: Assigned) -> dict[str, OutputColumn]:
    """Return each customer's next step, its day, and the last day to answer."""
    steps = plan.first_steps()
    explained = steps == STEPS.index("explain")
    day = np.where(steps > 0, plan.dates.on, NEVER)
    day = np.where(explained, plan.explained_on(), day)
    until = np.where(explained, plan.policy.days_off.working(plan.answer_by()), NEVER)
    signed = signed_offers(plan)
    ahead = signed.rows[steps[signed.rows] == 0]
    steps[ahead] = STEPS.index("apply")
    day[signed.rows] = np.where(np.isin(signed.rows, ahead), signed.due, day[signed.rows])
    if len(plan.under_way):
        rows = plan.under_way.rows
        steps[rows], day[rows], until[rows] = plan.under_way.step, plan.under_way.due, plan.under_way.until
    return {"next": CodedTexts(STEPS, steps), "next_day": day, "next_until": until}
