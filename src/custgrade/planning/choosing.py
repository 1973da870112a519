"""Choosing for each customer: package, members of shortlists, and the offer with its rise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.base import CustomerBase
from custgrade.errors import NothingToGradeError
from custgrade.planning.customer_columns import CustomerColumns, Rows
from custgrade.planning.policy import Policy
from custgrade.planning.shortlist import Shortlist
from custgrade.planning.treatment import Treatment
from custgrade.text import counted, listed

NO_PACKAGE = 255
NO_OFFER = -1


def packages_of(policy: Policy, columns: CustomerColumns, size: int) -> npt.NDArray[np.uint8]:
    """Return the position in the policy's packages of each customer's package, uint8 of shape (n,); 255 for none."""
    found, left = np.full(size, NO_PACKAGE, dtype=np.uint8), np.arange(size)
    for code, package in enumerate(policy.packages):
        fits = np.ones(len(left), dtype=bool)
        for name, floor in package.minimum.items():
            fits &= columns[name][left] >= columns.values(floor, left)
        found[left[fits]] = code
        left = left[~fits]
    return found


def members_of(
    shortlist: Shortlist, policy: Policy, treated: npt.NDArray[np.uint8], columns: CustomerColumns, notes: list[str]
) -> npt.NDArray[np.bool_]:
    """Return whether each customer is on a shortlist, bool of shape (n,).

    treated: the place of each customer's treatment. notes: gets a sentence if nobody could be ranked.
    """
    places = [policy.grades.grades.index(grade) for grade in shortlist.among]
    among = np.zeros(len(policy.by_place), dtype=bool)
    among[places] = True
    rows = columns.hold(shortlist.where, np.flatnonzero(among[treated]))
    members = np.zeros(len(treated), dtype=bool)
    some = {name: np.ascontiguousarray(columns[name][rows]) for name in shortlist.scorer.inputs}
    if not len(rows):
        return members
    try:
        base = CustomerBase(
            ids=lambda: np.arange(len(rows)), columns=some, unique_ids=True, extra_fields=shortlist.scorer.fields
        )
        _, graded = shortlist.scorer.fit_grade(base)
    except NothingToGradeError as error:
        notes.append(f"shortlist {shortlist.name!r} is empty: {error}")
        return members
    members[rows] = next(iter(graded.codes.values())) == 0
    return members


@frozen(eq=False)
class Offered:
    """The offer of each customer.

    offer: its position in the treatment's offers, int8; −1 for none. rise: money over the period, float64; NaN for
    none. held: whether the offer waits until our own faults are mended, bool.
    """

    offer: npt.NDArray[np.int8]
    rise: npt.NDArray[np.float64]
    held: npt.NDArray[np.bool_]


def offers_of(
    policy: Policy,
    treated: npt.NDArray[np.uint8],
    packages: npt.NDArray[np.uint8],
    columns: CustomerColumns,
    at_fault: Callable[[], npt.NDArray[np.bool_]],
    notes: list[str],
) -> Offered:
    """Return each customer's offer: the first of the treatment's whose condition holds and whose rise isn't too steep.

    An offer of a package isn't for customers who have this package or one before it in the policy.

    Customers with an unknown value of a field that the treatment's offers read get no offer. A customer whom we have
    let down gets no offer with a rise or a transition until that is mended, unless the offer says otherwise.

    at_fault: returns whether we have let each customer down, bool of shape (n,). notes: gets sentences.
    """
    found = Offered(
        np.full(len(treated), NO_OFFER, dtype=np.int8),
        np.full(len(treated), np.nan),
        np.zeros(len(treated), dtype=bool),
    )
    names = [package.name for package in policy.packages]
    for place, (grade, treatment) in enumerate(policy.by_place):
        if treatment.offers:
            rows = np.flatnonzero(treated == place)
            _choose(found, grade, treatment, rows, packages, names, columns, at_fault, notes)
    if found.held.any():
        count = counted(int(found.held.sum()), "customers")
        notes.append(f"the offers for {count} wait until our own faults are mended")
    return found


def _choose(
    found: Offered,
    grade: str,
    treatment: Treatment,
    rows: Rows,
    packages: npt.NDArray[np.uint8],
    names: list[str],
    columns: CustomerColumns,
    at_fault: Callable[[], npt.NDArray[np.bool_]],
    notes: list[str],
) -> None:
    reads = tuple(dict.fromkeys(name for offer in treatment.offers for name in offer.reads))
    unknown = columns.unknown(reads, rows)
    if unknown.any():
        count = counted(int(unknown.sum()), "customers")
        notes.append(f"{grade}: no offer for {count}, because one of these fields is unknown: {listed(reads)}")
    left = rows[~unknown]
    taken, steep = np.zeros(len(found.offer), dtype=bool), np.zeros(len(found.offer), dtype=bool)
    for code, offer in enumerate(treatment.offers):
        applies = columns.hold(offer.when, left)
        if offer.package:
            # codes rise from the best package on, and are greatest without one
            applies = applies[packages[applies] > names.index(offer.package)]
        rise = columns.values(offer.rise, applies)
        if offer.raises:
            bearable = rise <= np.maximum(columns["revenue"][applies], 0.0) * offer.steepest
            steep[applies[rise > 0.0]] = True
            steep[applies[bearable]] = False
            applies, rise = applies[bearable], rise[bearable]
        taken[applies] = True
        left = left[~taken[left]]
        if offer.mend_first and (offer.raises or offer.transition is not None):
            faulty = at_fault()[applies] & ((rise > 0.0) | (offer.transition is not None))
            found.held[applies[faulty]] = True
            applies, rise = applies[~faulty], rise[~faulty]
        found.offer[applies], found.rise[applies] = code, rise
    beyond = int(steep[left].sum())
    if beyond:
        count = counted(beyond, "customers")
        notes.append(f"{grade}: no offer for {count}, because the rise would be steeper than the offer allows")
