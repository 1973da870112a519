"""What findings need of a log: their plan, made with one, and what they say without it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.errors import Hint
from custgrade.findings.subject import number_of
from custgrade.planning.plan import Plan
from custgrade.text import counted

NO_LOG = "unknown, as the plan was made without a log"
LOG_HINT = Hint(
    'Make the plan with the log: custgrade.plan(graded, policy, on=…, log=custgrade.EventLog("log.db")).',
    "Give --log FILE.",
)
MOST = 20
"""How many rows with customers a table has by default."""


def lacks_log(plan: Plan) -> bool:
    """Return whether a plan was made without a log."""
    return plan.revision is None


def rows_shown(value: float, size: int) -> tuple[int, list[str]]:
    """Return how many of `size` rows are shown, and a note on the others.

    value: the argument `most`.

    Raises ParameterError.
    """
    count = min(int(number_of(value, "most", least=1.0)), size)
    if count == size:
        return count, []
    return count, [f"the table has the first {count:,}; {size - count:,} more are left out, most={size} shows them"]


def day_text(day: np.datetime64) -> str | None:
    """Return a day as a cell of a table; None if it is unknown."""
    return None if np.isnat(day) else str(day)


def id_order(plan: Plan, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return a number for each of some customers that orders them by id, int64 of shape (k,)."""
    found: npt.NDArray[np.int64] = np.unique(plan.graded.base.ids[rows], return_inverse=True)[1]
    return found


def customers_of(plan: Plan, rows: npt.NDArray[np.int64]) -> list[str]:
    """Return the labels of customers, for the cells of a table."""
    return plan.graded.base.labels(rows.tolist())


def strangers_note(count: int, what: str) -> list[str]:
    """Return a note on what belongs to customers who aren't in the data; none if there is nothing."""
    return [f"not in the table: {counted(count, what)} of customers who aren't in the data"] if count else []
