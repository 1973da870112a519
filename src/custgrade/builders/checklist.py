"""The builder for checklists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from attrs import frozen

from custgrade.cuts.thresholds import Thresholds
from custgrade.data.converters import parts_of
from custgrade.data.field import ColumnFunction
from custgrade.errors import ScorerError
from custgrade.model.scorer import Scorer
from custgrade.scoring.axis import Axis
from custgrade.scoring.checklist_score import ChecklistScore, Floor
from custgrade.scoring.evidence import Evidence, evidence_of
from custgrade.scoring.learned import Quantile
from custgrade.text import shown

_MOST_NEAR = 1000


def _floors(value: Any) -> tuple[Floor, ...]:
    return parts_of(Floor, value, "the floors of a checklist", ScorerError)


@frozen
class Checklist:
    """A builder of scorers that count missed floors.

    The scorer also gives the distance to each floor in a column `<field>_gap`, in the field's unit.

    floors: at least one, all with different fields. If the data lacks a field, a floor proposed by a `Quantile` is left
    out with a notice, and a floor with a given value is an error.
    labels: three labels, for customers that miss no floor, at most `near` floors, and more.
    near: the most floors that a customer of the middle class misses, 1 to 1,000.
    axis: the axis's name.
    """

    floors: tuple[Floor, ...] = attrs.field(converter=_floors)
    labels: Sequence[str] = ("meets", "near", "below")
    near: int = 1
    axis: str = "floors"

    def __attrs_post_init__(self) -> None:
        names = [floor.field for floor in self.floors]
        if not names or len(set(names)) < len(names):
            raise ScorerError(f"a checklist needs at least one floor, all with different fields; received {names}")
        if isinstance(self.near, bool) or not isinstance(self.near, int) or self.near < 1:
            raise ScorerError(f"near is a whole number of at least 1; received {shown(self.near)}")
        if self.near > _MOST_NEAR:
            raise ScorerError(f"near is at most {_MOST_NEAR:,}; received a larger number")

    def scorer(self, evidence: Evidence | Sequence[Evidence] = ()) -> Scorer:
        """Return the scorer.

        evidence: conditions for grading a customer.
        """
        axis = Axis(
            self.axis,
            self.labels,
            ChecklistScore(self.floors, self.near),
            Thresholds((0.0, -float(self.near))),
            rises=[floor.field for floor in self.floors if floor.best == "highest"],
            falls=[floor.field for floor in self.floors if floor.best == "lowest"],
        )
        learned = {floor.column: floor.at for floor in self.floors if isinstance(floor.at, Quantile)}
        gaps: dict[str, ColumnFunction] = {f"{floor.field}_gap": floor.gap for floor in self.floors}
        return Scorer(axes=[axis], learned=learned, evidence=evidence_of(evidence), details=gaps)
