"""Effects of a whole plan, which only warn: R22, hours promised, and R23, groups of customers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.planning.guard.offers import asks_much
from custgrade.planning.guard.rules import ALL, RULES, Breach
from custgrade.planning.plan import Plan
from custgrade.planning.servicing import exact_sum
from custgrade.text import listed

LEAST_AFFECTED = 5
"""The fewest customers of a group that count as more than chance."""

LEAST_GROUP = 20
"""The fewest customers of a group that is compared."""

FOUR_FIFTHS = (4, 5)
"""The least ratio of the lowest share to the share of another group."""


def promises(plan: Plan, hours: Mapping[str, float], unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of R22: more hours a quarter are promised than there are.

    hours: the hours a quarter that there are, by `sales` and `service`. unchecked: gets a sentence for a kind of hours
    that is promised, but of which nobody says how many there are.
    """
    for kind in ("sales", "service"):
        each = plan.sales_hours() if kind == "sales" else plan.entitled("service_hours")
        # below 0, hours of one customer would hide those of others
        promised = exact_sum(np.maximum(each, 0.0))
        if kind not in hours:
            if promised > 0.0:
                unchecked.append(f"{RULES['R22']} not checked: no hours given for {kind}")
            continue
        there = hours[kind]
        if promised > there:
            # rounded down, so that the hours fit
            factor = math.floor(there / promised * 1000.0) / 1000.0
            what = f"{promised:,.1f} {kind} hours a quarter are promised, and there are {there:,.1f}"
            yield Breach("R22", ALL, what, f"Multiply the {kind} hours by {factor:g}, the factor that fits")


def equality(plan: Plan, groups: npt.NDArray[Any] | None, unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of R23: some groups of customers are repriced or released more often than others.

    A customer is repriced by an offer with a rise above 0, and released by an offer with a transition. Groups of fewer
    than 20 customers, and customers with an empty text, aren't compared.

    groups: a text for each customer, or None. unchecked: gets a sentence if there is nothing to compare.
    """
    by_place = plan.policy.by_place
    if not any(asks_much(offer) for _, treatment in by_place for offer in treatment.offers):
        return
    if groups is None:
        unchecked.append(f"{RULES['R23']} not checked: no groups given")
        return
    names, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    large = [k for k, name in enumerate(names.tolist()) if name and sizes[k] >= LEAST_GROUP]
    if len(large) < 2:
        unchecked.append(f"{RULES['R23']} not checked: fewer than two groups have {LEAST_GROUP} customers")
        return
    released = np.zeros(len(plan), dtype=bool)
    for place, (_, treatment) in enumerate(by_place):
        for code, offer in enumerate(treatment.offers):
            if offer.transition is not None:
                released[plan.offer_rows(place, code)] = True
    for what, chosen in (("offered a higher price", plan.rise > 0.0), ("offered an end", released)):
        counts = np.bincount(codes[chosen], minlength=len(names))
        yield from _unequal(what, [(str(names[k]), int(counts[k]), int(sizes[k])) for k in large])


def _unequal(what: str, groups: list[tuple[str, int, int]]) -> Iterator[Breach]:
    """Yield a breach if a group's share is too far above the lowest; groups: name, how many were chosen, and size."""
    ordered = sorted(groups, key=lambda one: (one[1] / one[2], one[0]))
    low_name, low, low_size = ordered[0]
    least, of = FOUR_FIFTHS
    # low / low_size < 4/5 × count / size, in whole numbers
    above = [one for one in ordered if one[1] >= LEAST_AFFECTED and of * low * one[2] < least * one[1] * low_size]
    if not above:
        return
    name, count, size = above[-1]
    ratio = (low / low_size) / (count / size)
    more = f"; also above: {listed(one[0] for one in reversed(above[:-1]))}" if len(above) > 1 else ""
    found = (
        f"{count:,} of {size:,} customers of {name!r} are {what} ({count / size:.1%}), and {low:,} of {low_size:,} of "
        f"{low_name!r} ({low / low_size:.1%}), a ratio of {ratio:.2f}{more}"
    )
    mend = f"Find out why; a ratio of {least / of:g} or more gives no warning"
    yield Breach("R23", ALL, found, mend, count)
