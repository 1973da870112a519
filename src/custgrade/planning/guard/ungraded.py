"""Terms of ungraded customers, R13: at least as good as those of the worst grade."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.data.scale import NOT_GRADED
from custgrade.planning.amount import Amount
from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, worse_values
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.terms import COMPARED, term_values
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy

_Compared = tuple[str, tuple[str, ...], Amount, Amount, str, str]


def _compared(policy: Policy) -> Iterator[_Compared]:
    """Yield name, keys, the amount of the worst grade and of ungraded customers, direction, and the grade.

    The price of an extra is compared with the worst grade that states one.
    """
    grades = policy.grades.grades
    worst, own = policy.treatments[grades[-1]].terms, policy.ungraded.terms
    for name, direction in COMPARED.items():
        yield name, (name,), getattr(worst, name), getattr(own, name), direction, grades[-1]
    for name, price in own.extras.items():
        for grade in reversed(grades):
            if name in policy.treatments[grade].terms.extras:
                theirs = policy.treatments[grade].terms.extras[name]
                yield f"the price of {name}", ("extras", name), theirs, price, "less", grade
                break


def ungraded_terms(policy: Policy) -> Iterator[Breach]:
    """Yield the breaches of R13 by terms that are worse than those of the worst grade."""
    for name, keys, theirs, mine, direction, grade in _compared(policy):
        if is_worse(mine, theirs, direction):
            what = f"{name} is {amount_text(mine.constant)}, and {grade} has {amount_text(theirs.constant)}"
            mend = f"Make it at {'least' if direction == 'more' else 'most'} {amount_text(theirs.constant)}"
            yield Breach("R13", NOT_GRADED, what, mend, path=treatment_path(NOT_GRADED, "terms", *keys))


def ungraded_terms_on_plan(plan: Plan) -> Iterator[Breach]:
    """Yield the breaches of R13 by computed terms: what each ungraded customer has, against the same in a grade."""
    rows = plan.rows(len(plan.policy.by_place) - 1)
    if not len(rows):
        return
    for name, keys, theirs, mine, direction, grade in _compared(plan.policy):
        if is_worse(mine, theirs, direction) is None:
            has, gets = (term_values(plan, one, name, rows) for one in (theirs, mine))
            bad = worse_values(gets, has, direction)
            if bad.any():
                got, other = (amount_text(one) for one in furthest(gets, has, bad))
                what = f"{name} is {got} for the customer furthest from {grade}, where it would be {other}"
                mend = f"Make it no worse than in {grade}"
                path = treatment_path(NOT_GRADED, "terms", *keys)
                yield Breach("R13", NOT_GRADED, what, mend, int(bad.sum()), path, rows=np.asarray(rows[bad]))
