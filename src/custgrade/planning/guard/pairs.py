"""The grades that the guard compares: a better one and a worse one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.scale import GradeScale
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.treatment import Treatment


@frozen
class Pair:
    """A better and a worse grade by name, with their treatments.

    better_place, worse_place: the positions of their treatments in `Policy.by_place`. code: the position of the worse
    grade in the grades of a mapped scale; None for grades of the policy.
    """

    better: str
    worse: str
    better_place: int
    worse_place: int
    code: int | None = None

    def treatments(self, policy: Policy) -> tuple[Treatment, Treatment]:
        """Return the treatments of the better and of the worse grade."""
        by_place = policy.by_place
        return by_place[self.better_place][1], by_place[self.worse_place][1]

    def treated_as(self, policy: Policy) -> str:
        """Return the policy's grade whose treatment the worse grade has."""
        return policy.by_place[self.worse_place][0]

    def rows(self, plan: Plan, final_codes: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """Return the positions of the customers of the worse grade.

        final_codes: the position of each customer's grade in the grades of the plan's scale.
        """
        return plan.rows(self.worse_place) if self.code is None else np.flatnonzero(final_codes == self.code)


def pairs_of(policy: Policy, scale: GradeScale | None) -> list[Pair]:
    """Return all pairs of a better and a worse grade, by the product order.

    They are those of the policy's own grades, and those of the mapped scale that the policy's own don't imply.

    scale: the mapped scale, or None.

    Raises PolicyError if the policy has no treatment for a grade of the scale.
    """
    own = {grade: place for place, grade in enumerate(policy.grades.grades)}
    found = [Pair(better, worse, own[better], own[worse]) for better, worse in policy.grades.comparable()]
    if scale is None:
        return found
    seen = {(pair.better_place, pair.worse_place) for pair in found}
    places = dict(zip(scale.grades, policy.places(scale), strict=False))
    codes = {grade: code for code, grade in enumerate(scale.grades)}
    for better, worse in scale.comparable():
        ends = places[better], places[worse]
        if ends[0] != ends[1] and ends not in seen:
            found.append(Pair(better, worse, *ends, codes[worse]))
    return found


def final_codes_of(plan: Plan) -> npt.NDArray[np.int64]:
    """Return the position of each customer's grade in the scale's grades, int64 of shape (n,).

    Manual grades count where they hold.
    """
    graded = plan.graded
    if graded.overrides is None:
        return graded.grade_codes
    return graded.overrides.final_codes(graded.scale, graded.grade_codes)
