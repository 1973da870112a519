"""What a check says when a scorer breaks the contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from custgrade.data.base import CustomerBase

CONTRACT: Mapping[str, str] = MappingProxyType(
    {
        "0, a scorer can be made": "A scheme is a function that returns a custgrade.Scorer, each time the same one.",
        "0, exact arithmetic": (
            "A score looks at one customer at a time and uses exactly rounded operations only, so that its bits are "
            "the same on every machine and engine: + - * /, comparisons, np.where, minimum, maximum, clip, sqrt, abs, "
            "floor, ceil, isnan, and exp, log, power and mean_of_known of custgrade.functions."
        ),
        "0, declared fields": (
            "A score reads the columns it is given and no others: tracing finds them, `needs` names them for "
            "traceable=False, and a derived field reads its `parts`."
        ),
        "0, one number per customer": "A score gives one float64 (or whole number, or truth value) per customer.",
        "0, contributions add up": (
            "A score that says what it is made of, by `contributions`, tells per field that it reads what that adds, "
            "NaN where it is unknown, and the most that it could add; what is added comes to the score."
        ),
        "0, the input stays": "Neither fitting nor grading changes the base or its columns.",
        "0, it runs": "A scorer fits and grades what can be graded, and refuses the rest with a CustgradeError.",
        "1, ties": "Customers with equal inputs get equal grades; a block of equal scores goes to one side as a whole.",
        "1, exact shares": (
            "With n graded customers and R = ceil(cumulated share × n), a block of equal scores at ranks a+1 … b, best "
            "first, goes to the better side iff a + b ≤ 2R (ties='mid'), a < R ('better') or b ≤ R ('worse')."
        ),
        "2, order": "Row order, batches, ids and engines never change a grade.",
        "2, only the data": "The same data gives the same grades, however often and in whatever order it is asked.",
        "3, better is not worse": (
            "For a frozen model and two records alike but for one field that the axis declares in `rises` or `falls`, "
            "the better record's class is not worse, within one class of the parent axis."
        ),
        "3, a way up leads up": (
            "A change that is told to lead up gives a better grade when it is applied, and one step of the field's "
            "resolution less doesn't, by a frozen model."
        ),
        "4, units": "Scaling one field by a power of ten leaves the grades of single-field share cuts as they are.",
        "5, boundaries": (
            "Boundaries are stored as value and inclusive or exclusive; a score equal to an inclusive boundary gets "
            "the better label, and every label follows from the score and the stored boundaries."
        ),
        "6, one is many": "A customer gets the same grade alone, in a batch and among all.",
        "6, saved is loaded": "A model that is saved and loaded grades as it did, to the last bit.",
        "7, no clock": "Nothing depends on the time of the run: the as-of date is given, or is the newest in the data.",
        "8, unknown is not bad": (
            "A customer about whom too little is known is ungraded, with the reason; not knowing something never earns "
            "the worst grade, and never moves others."
        ),
        "9, nothing is dropped": (
            "Every customer of the base comes out once, in its order, graded or ungraded with a reason; what is left "
            "out is named."
        ),
    }
)
"""What the contract says, by promise."""

_SHOWN = 12


class ContractBrokenError(AssertionError):
    """A scorer breaks the correctness contract; the message says which promise, how, and for which base."""


def broken(promise: str, what: str, base: CustomerBase | None = None) -> ContractBrokenError:
    """Return the error for a promise, what happened, and the base for which it did."""
    parts = [f"the scorer breaks promise {promise}", "", f"what happened: {what}"]
    if base is not None:
        parts += ["", f"for this base of {len(base)} customers:", shown(base)]
    return ContractBrokenError("\n".join([*parts, "", f"the contract: {CONTRACT[promise]}"]))


def shown(base: CustomerBase) -> str:
    """A base as a table, its numbers as Python writes them."""
    rows = [["customer_id", *base.columns]]
    for row, identity in enumerate(base.ids.tolist()[:_SHOWN]):
        rows.append([identity, *(repr(float(column[row])) for column in base.columns.values())])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = [f"… and {len(base) - _SHOWN} more"] if len(base) > _SHOWN else []
    return "\n".join(f"  {line}" for line in [*lines, *more])
