"""The columns of a plan, one row for each customer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import CodedTexts, OutputColumn, named_columns
from custgrade.planning.assigned import NEXT, Assigned
from custgrade.planning.choosing import NO_PACKAGE
from custgrade.planning.schedule import NEVER, Days
from custgrade.planning.service_level import DESKS


def plan_columns(plan: Assigned) -> dict[str, OutputColumn]:
    """Return a plan's columns without id and name, by name.

    grade: the final grade, with manual grades. treatment: the grade of the policy. goal: of the treatment. package: the
    name, if the policy has packages. at_stake: money over the base's period. response_hours, service_hours, desk and
    further entitlements: what the customer may count on; hours are a quarter's. sales_hours: what the policy spends, a
    quarter. offer: its name. price_rise: money over the base's period; price_rise_share: a share of revenue. next: the
    next step towards the offer: `explain`, `mend` or `try`. next_day: its day. next_until: the last day to answer. Then
    a column of truth values for each shortlist, and the policy's details.

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
    found["offer"] = plan.offer_names()
    found["price_rise"] = plan.rise
    revenue = plan.customer_columns["revenue"]
    with np.errstate(divide="ignore", invalid="ignore"):
        found["price_rise_share"] = np.where(revenue > 0.0, np.round(plan.rise / revenue, 6), np.nan)
    steps = plan.next_steps()
    found["next"] = CodedTexts(NEXT, steps)
    found["next_day"], found["next_until"] = _next_days(plan, steps)
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


def _next_days(plan: Assigned, steps: npt.NDArray[np.uint8]) -> tuple[Days, Days]:
    """Return the day of each customer's next step, and the last day to answer an offer that is explained then.

    steps: positions in `NEXT`.
    """
    explained = steps == NEXT.index("explain")
    day = np.where(steps > 0, plan.dates.on, NEVER)
    after = plan.by_offer(lambda offer: offer.after)
    day = np.where(explained, plan.dates.since + after.astype("timedelta64[D]"), day)
    open_days = plan.by_offer(lambda offer: offer.open_days)
    return day, np.where(explained, np.maximum(day, plan.dates.on) + open_days.astype("timedelta64[D]"), NEVER)
