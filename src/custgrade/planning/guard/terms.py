"""Terms of business: R05 and R06, and the notice of R09."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from custgrade.planning.amount import Amount
from custgrade.planning.effort import Terms
from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, worse_values
from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy

LEAST_NOTICE = 14
"""The least days of notice of our own."""

COMPARED = {"discount": "more", "payment_days": "more", "deposit": "less"}
"""The terms that are compared between grades, with the values that are better for the customer."""

AmountOf = Callable[[Terms], Amount]


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


def terms_on_plan(plan: Plan, pairs: list[tuple[Pair, npt.NDArray[np.intp]]]) -> Iterator[Breach]:
    """Yield the breaches of computed terms: what each customer has, against the same customer in each better grade.

    An unknown term counts as that of `Terms()`, and an unknown price of an extra as none. Customers whose package has
    terms have them in every grade, so they aren't compared.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    fixed = np.isin(plan.package, [code for code, one in enumerate(plan.policy.packages) if one.terms is not None])
    for place, (grade, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        if treatment.terms.discount.constant is None and len(rows):
            given = plan.customer_columns.values(treatment.terms.discount, rows)
            yield from _surcharged(grade, given, rows, treatment_path(grade, "terms", "discount"))
    for code, package in enumerate(plan.policy.packages):
        rows = np.flatnonzero(plan.package == code)
        if package.terms is not None and package.terms.discount.constant is None and len(rows):
            given = plan.customer_columns.values(package.terms.discount, rows)
            yield from _surcharged(PACKAGES, given, rows, ("package", package.name, "terms", "discount"))
    for pair, members in pairs:
        rows = members[~fixed[members]]
        better, worse = pair.treatments
        if not len(rows):
            continue
        for name, keys, theirs, mine, direction in compared_terms(better.terms, worse.terms):
            if is_worse(theirs, mine, direction) is None:
                default = getattr(Terms(), name).constant if name in COMPARED else np.nan
                has, gets = (_known(plan.customer_columns.values(one, rows), default) for one in (theirs, mine))
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


def _known(values: npt.NDArray[np.float64], default: float) -> npt.NDArray[np.float64]:
    return np.where(np.isnan(values), default, values)


def _surcharged(
    grade: str, given: npt.NDArray[np.float64], rows: npt.NDArray[np.intp], path: tuple[str, ...]
) -> Iterator[Breach]:
    bad = given < 0.0
    if bad.any():
        what = f"the discount is as low as {amount_text(float(given[bad].min()))}, below 0, which is a surcharge"
        mend = "Limit it to 0 and more: least = 0 in a policy file, np.maximum(…, 0.0) in Python"
        yield Breach("R06", grade, what, mend, int(bad.sum()), path, rows=rows[bad])
