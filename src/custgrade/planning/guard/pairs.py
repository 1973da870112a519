"""The grades that the guard compares: a better one and a worse one."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.scale import GradeScale
from custgrade.planning.customer_columns import Rows
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.treatment import Treatment


@frozen(eq=False)
class Pair:
    """A better and a worse grade by name, with their treatments.

    treatments: of the better and of the worse grade. treated_as: the policy's grade whose treatment the worse grade
    has. place: the position of this treatment in `Policy.by_place`. code: the position of the worse grade in the grades
    of a mapped scale; None for grades of the policy. better_as, better_place, better_code: the same of the better
    grade.
    """

    better: str
    worse: str
    treatments: tuple[Treatment, Treatment]
    treated_as: str
    place: int
    code: int | None
    better_as: str
    better_place: int
    better_code: int | None


PairRows = list[tuple[Pair, Rows]]
"""Pairs of grades with the positions of the customers of the worse grade."""


def pairs_of(policy: Policy, scale: GradeScale | None) -> list[Pair]:
    """Return all pairs of a better and a worse grade, by the product order.

    They are those of the policy's own grades, and those of the mapped scale that the policy's own don't imply.

    scale: the mapped scale, or None.

    Raises PolicyError if the policy has no treatment for a grade of the scale.
    """
    by_place = policy.by_place

    def pair(better: str, worse: str, ends: tuple[int, int], codes: tuple[int | None, int | None]) -> Pair:
        (better_as, one), (treated_as, other) = by_place[ends[0]], by_place[ends[1]]
        return Pair(better, worse, (one, other), treated_as, ends[1], codes[1], better_as, ends[0], codes[0])

    own = {grade: place for place, grade in enumerate(policy.grades.grades)}
    seen = {(own[better], own[worse]): (better, worse) for better, worse in policy.grades.comparable()}
    found = [pair(better, worse, ends, (None, None)) for ends, (better, worse) in seen.items()]
    if scale is None:
        return found
    places = dict(zip(scale.grades, policy.places(scale), strict=False))
    codes = {grade: code for code, grade in enumerate(scale.grades)}
    for better, worse in scale.comparable():
        ends = places[better], places[worse]
        if ends[0] != ends[1] and ends not in seen:
            found.append(pair(better, worse, ends, (codes[better], codes[worse])))
    return found


def pairs_on_plan(plan: Plan) -> PairRows:
    """Return all pairs of grades of a plan's policy and scale, with the positions of the worse grade's customers."""

    @cache
    def rows(place: int, code: int | None) -> Rows:
        return plan.rows(place) if code is None else np.flatnonzero(plan.graded.final_grade_codes == code)

    return [(pair, rows(pair.place, pair.code)) for pair in pairs_of(plan.policy, plan.graded.scale)]


def better_rows(plan: Plan, pair: Pair) -> Rows:
    """Return the positions of the customers of a pair's better grade."""
    if pair.better_code is None:
        return plan.rows(pair.better_place)
    return np.flatnonzero(plan.graded.final_grade_codes == pair.better_code)


def among(plan: Plan, rows: Rows) -> npt.NDArray[np.bool_]:
    """Return whether each customer of a plan is at one of these positions, bool of shape (n,)."""
    found = np.zeros(len(plan), dtype=bool)
    found[rows] = True
    return found
