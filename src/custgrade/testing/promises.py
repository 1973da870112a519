"""The promises of the correctness contract, and the error for a scorer that breaks one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from custgrade.data.base import CustomerBase

CONTRACT: Mapping[str, str] = MappingProxyType(
    {
        "0, a scorer can be made": "A scheme is a function that returns a custgrade.Scorer, an equal one each time.",
        "0, exact arithmetic": (
            "A score depends on one customer at a time and uses exactly rounded operations only, so that its bits are "
            "the same on every machine and engine: + - * /, comparisons, np.where, minimum, maximum, clip, sqrt, abs, "
            "floor, ceil, isnan, and exp, log, power and mean_of_known of custgrade.functions."
        ),
        "0, declared fields": (
            "A score reads the columns it is given and no others: tracing finds them, `needs` names them for "
            "traceable=False, and a derived field reads its `parts`."
        ),
        "0, one number per customer": "A score gives one float64 (or whole number, or truth value) per customer.",
        "0, contributions add up": (
            "`contributions` of a score gives for each field that it reads what the field adds, NaN where it is "
            "unknown, and the most that it could add; what the fields add comes to the score."
        ),
        "0, the input stays": "Neither fitting nor grading changes the base or its columns.",
        "0, it runs": "A scorer fits and grades bases that can be graded, and refuses others with a CustgradeError.",
        "1, ties": "Customers with equal inputs get equal grades; a block of equal scores goes to one side as a whole.",
        "1, exact shares": (
            "With n graded customers and R = ceil(cumulated share × n), a block of equal scores at ranks a+1 … b, best "
            "first, goes to the better side iff a + b ≤ 2R (ties='mid'), a < R ('better') or b ≤ R ('worse')."
        ),
        "2, order": "Row order, batches, ids and engines never change a grade.",
        "2, only the data": "The same data gives the same grades, however often and in whatever order it is graded.",
        "3, better is not worse": (
            "For a fitted model and two customers who differ only in a field that the axis declares in `rises` or "
            "`falls`, the class of the one with the better value is not worse, within one class of the parent axis."
        ),
        "3, a way up leads up": (
            "For a fitted model, a way up gives a better grade when it is applied, and a change that is smaller by one "
            "resolution of the field doesn't."
        ),
        "4, units": "Multiplying a field by a power of ten doesn't change grades by shares of that single field.",
        "5, boundaries": (
            "Boundaries are stored as value and inclusive or exclusive; a score equal to an inclusive boundary gets "
            "the better label, and every label follows from the score and the stored boundaries."
        ),
        "6, one is many": "A customer gets the same grade alone, in a batch and among all.",
        "6, saved is loaded": "A model that is saved and loaded grades as it did, to the last bit.",
        "7, no clock": "Grades don't depend on the time of the run; the as-of date is given or the newest in the data.",
        "8, unknown is not bad": (
            "A customer with too few known fields is ungraded, with the reason; an unknown field never gives the worst "
            "grade, and never moves others."
        ),
        "9, nothing is dropped": (
            "Every customer of the base appears once in the result, in the base's order, graded or ungraded with a "
            "reason; fields that are left out are named."
        ),
    }
)
"""The text of the contract, by promise."""

_SHOWN = 12


class ContractBrokenError(AssertionError):
    """A scorer breaks the correctness contract; the message has the promise, what happened, and the base."""


def broken_promise(promise: str, what: str, base: CustomerBase | None = None) -> ContractBrokenError:
    """Return the error for a broken promise. what: what happened. base: the base for which it happened."""
    parts = [f"the scorer breaks promise {promise}", "", f"what happened: {what}"]
    if base is not None:
        parts += ["", f"for this base of {len(base)} customers:", shown(base)]
    return ContractBrokenError("\n".join([*parts, "", f"the contract: {CONTRACT[promise]}"]))


def shown(base: CustomerBase) -> str:
    """Return a base as a table of text, its numbers as Python writes them."""
    rows = [["customer_id", *base.columns]]
    for row, identity in enumerate(base.ids.tolist()[:_SHOWN]):
        rows.append([identity, *(repr(float(column[row])) for column in base.columns.values())])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = [f"… and {len(base) - _SHOWN} more"] if len(base) > _SHOWN else []
    return "\n".join(f"  {line}" for line in [*lines, *more])
