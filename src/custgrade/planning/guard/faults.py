"""Our own faults: customers whom we have let down, and who are asked for nothing until that is mended."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.planning.plan import Plan
from custgrade.planning.servicing import UNDER

LOW_NEEDS_MET = 2.0
"""The highest rating of `needs_met` that is a fault of ours."""


def let_down(plan: Plan) -> npt.NDArray[np.bool_]:
    """Return whether we have let each customer down, bool of shape (n,).

    We have if there is a complaint, if `needs_met` is at most 2, or if the customer is under-serviced. Unknown values
    are no faults.
    """
    columns = plan.customer_columns
    found = np.zeros(len(plan), dtype=bool)
    if "complaints" in columns:
        found |= columns["complaints"] > 0.0
    if "needs_met" in columns:
        found |= columns["needs_met"] <= LOW_NEEDS_MET
    if "service_hours" in columns and plan.graded.base.period is not None:
        found |= plan.servicing("service").verdict == UNDER
    return found
