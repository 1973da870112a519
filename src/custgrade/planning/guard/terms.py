"""Terms of business: R05 and R06, and the notice of R09."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from custgrade.planning.amount import Amount
from custgrade.planning.customer_columns import Rows
from custgrade.planning.effort import Terms
from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, limit_to_0, worse_values
from custgrade.planning.guard.pairs import Pair, PairRows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.guard.stored import Stored
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy

LEAST_NOTICE = 14
"""The least days of notice of our own."""

COMPARED = {"discount": "more", "payment_days": "more", "deposit": "less"}
"""The terms that are compared between grades, with the values that are better for the customer."""


def compared_terms(better: Terms, worse: Terms) -> Iterator[tuple[str, tuple[str, ...], Amount, Amount, str]]:
    """Yield name, keys, the better grade's amount, the worse grade's amount, and the direction of each compared term.

    Extras are compared if both grades state a price.
    """
    for name, direction in COMPARED.items():
        yield name, (name,), getattr(better, name), getattr(worse, name), direction
    for name, price in worse.extras.items():
        if name in better.extras:
            yield f"the price of {name}", ("extras", name), better.extras[name], price, "less"


def _bound(direction: str, value: float | None) -> str:
    return f"Make it at {'most' if direction == 'more' else 'least'} {amount_text(value)}"


def term_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on terms, as they are declared."""
    for grade, treatment in policy.by_place:
        yield from _fair(grade, treatment.terms, "", treatment_path(grade, "terms"))
    for package in policy.packages:
        if package.terms is not None:
            where = f"package {package.name!r}: "
            yield from _fair(PACKAGES, package.terms, where, ("package", package.name, "terms"))
    for pair in pairs:
        better, worse = pair.treatments
        path = treatment_path(pair.treated_as, "terms")
        for name, keys, theirs, mine, direction in compared_terms(better.terms, worse.terms):
            if is_worse(theirs, mine, direction):
                what = f"{name} is {amount_text(mine.constant)}, and {pair.better} has {amount_text(theirs.constant)}"
                yield Breach("R05", pair.worse, what, _bound(direction, theirs.constant), path=(*path, *keys))


def _fair(grade: str, terms: Terms, where: str, path: tuple[str, ...]) -> Iterator[Breach]:
    mend = (
        "Make it 0, and offer the price instead, which is explained and can be declined: "
        "[treatment.GRADE.offer.NAME] with rise in a policy file, Offer(…, rise=…) in Python"
    )
    if terms.surcharge.constant != 0.0:
        found = terms.surcharge.constant
        much = "a surcharge" if found is None else f"a surcharge of {amount_text(found)}"
        what = f"{where}the terms have {much}, and 0 is the most"
        yield Breach("R06", grade, what, mend, path=(*path, "surcharge"))
    if terms.discount.constant is not None and terms.discount.constant < 0.0:
        what = f"{where}a discount of {amount_text(terms.discount.constant)} is below 0, which is a surcharge"
        yield Breach("R06", grade, what, mend, path=(*path, "discount"))
    least = max(LEAST_NOTICE, terms.their_notice_days)
    if terms.our_notice_days < least:
        what = (
            f"{where}we give {terms.our_notice_days} days' notice, customers give {terms.their_notice_days}, and "
            f"{LEAST_NOTICE} is the least"
        )
        yield Breach("R09", grade, what, f"Make ours at least {least}", path=(*path, "our_notice_days"))


def terms_on_plan(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of computed terms: what each customer has, against the same customer in each better grade.

    An unknown term counts as that of `Terms()`, and an unknown price of an extra as none. The terms of a package hold
    for customers who accept an offer of it, so customers who reach its minimum are compared like all others.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    stored = Stored(plan)
    for place, (grade, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        yield from _below_0(plan, grade, treatment.terms, rows, treatment_path(grade, "terms"))
    for code, package in enumerate(plan.policy.packages):
        if package.terms is not None:
            rows = plan.package_rows(code)
            yield from _below_0(plan, PACKAGES, package.terms, rows, ("package", package.name, "terms"))
    for pair, rows in pairs:
        better, worse = pair.treatments
        if not len(rows):
            continue
        for name, keys, theirs, mine, direction in compared_terms(better.terms, worse.terms):
            if is_worse(theirs, mine, direction) is None:
                has, gets = (
                    stored.of((name, one), partial(term_values, plan, one, name), rows) for one in (theirs, mine)
                )
                bad = worse_values(has, gets, direction)
                if bad.any():
                    got, least = furthest(gets, has, bad)
                    what = (
                        f"{name} is {amount_text(got)} for the customer furthest from {pair.better}, "
                        f"where it would be {amount_text(least)}"
                    )
                    path = treatment_path(pair.treated_as, "terms", *keys)
                    mend = f"Make it no better than the function for {pair.better}"
                    yield Breach("R05", pair.worse, what, mend, int(bad.sum()), path, rows=rows[bad])


def term_values(plan: Plan, amount: Amount, name: str, rows: Rows) -> npt.NDArray[np.float64]:
    """Return a term of some customers; unknown, it is that of `Terms()`, or NaN for the price of an extra."""
    values = plan.customer_columns.values(amount, rows)
    default = getattr(Terms(), name).constant if name in COMPARED else np.nan
    return np.where(np.isnan(values), default, values)


def _below_0(plan: Plan, grade: str, terms: Terms, rows: Rows, path: tuple[str, ...]) -> Iterator[Breach]:
    """Yield a breach for each computed term below 0: R06 for a discount, which is a surcharge then, else R05."""
    for name, keys, _, one, _ in compared_terms(terms, terms):
        if one.constant is None and len(rows):
            given = plan.customer_columns.values(one, rows)
            bad = given < 0.0
            if bad.any():
                least, surcharge = amount_text(float(given[bad].min())), name == "discount"
                what = f"{'the ' if surcharge else ''}{name} is as low as {least}, below 0"
                what += ", which is a surcharge" if surcharge else ""
                rule = "R06" if surcharge else "R05"
                yield Breach(rule, grade, what, limit_to_0(), int(bad.sum()), (*path, *keys), rows=rows[bad])
