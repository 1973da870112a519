"""One customer's grade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.data.scale import GRADED, NOT_GRADED


@frozen
class CustomerGrade:
    """One customer's grade.

    grade: the whole grade's name, empty when ungraded. labels, scores: per axis. reason: why it is ungraded. details:
    what the scorer states beside the grade, NaN where unknown.
    """

    id: str
    grade: str
    labels: Mapping[str, str]
    scores: Mapping[str, float]
    reason: str = ""
    details: Mapping[str, float] = field(factory=dict)

    @property
    def status(self) -> str:
        """`graded`, or `ungraded` where any axis is."""
        return GRADED if self.grade else NOT_GRADED

    def to_dict(self) -> dict[str, Any]:
        """The grade as data that JSON holds: texts, numbers and tables of them; None for a score that is unknown.

        Its keys: `id`, `grade` (an empty text if ungraded), `labels`, `scores`, `details`, `status`, `reason`.
        """
        return {
            "id": self.id,
            "grade": self.grade,
            "labels": dict(self.labels),
            "scores": _as_json(self.scores),
            "details": _as_json(self.details),
            "status": self.status,
            "reason": self.reason,
        }


def _as_json(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: float(number) if math.isfinite(number) else None for name, number in numbers.items()}
