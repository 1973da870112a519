"""The builder for scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
from attrs import frozen

from custgrade.cuts.cut import Cut
from custgrade.cuts.exact import exact_share
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.converters import parts_of
from custgrade.errors import ScorerError
from custgrade.model.scorer import Scorer
from custgrade.scoring.axis import Axis
from custgrade.scoring.evidence import Evidence, evidence_of
from custgrade.scoring.learned import Percentile
from custgrade.scoring.scorecard_score import Criterion, ScorecardScore


def _criteria(value: Any) -> tuple[Criterion, ...]:
    return parts_of(Criterion, value, "the criteria of a scorecard", ScorerError)


@frozen
class Scorecard:
    """A builder of scorers that add up weighted criteria to 0–100 points.

    criteria: at least one, all with different fields. If the data lacks a field, its criterion is left out with a
    notice, and the model keeps this choice.
    labels: best first.
    cut: turns the points into labels.
    coverage: a customer is graded if the known criteria have at least this share of the total weight; above 0 and at
    most 1.
    axis: the axis's name.
    """

    criteria: tuple[Criterion, ...] = attrs.field(converter=_criteria)
    labels: Sequence[str] = "ABCD"
    cut: Cut = attrs.field(factory=lambda: Thresholds((75.0, 50.0, 25.0)))
    coverage: Fraction = attrs.field(default=Fraction(1, 2), converter=exact_share)
    axis: str = "grade"

    def __attrs_post_init__(self) -> None:
        names = [criterion.field for criterion in self.criteria]
        if not names or len(set(names)) < len(names):
            raise ScorerError(f"a scorecard needs at least one criterion, all with different fields; received {names}")

    def scorer(self, evidence: Evidence | Sequence[Evidence] = ()) -> Scorer:
        """Return the scorer.

        evidence: conditions for grading a customer, besides the coverage.
        """
        score = ScorecardScore(self.criteria, self.coverage)
        return Scorer(
            axes=[
                Axis(
                    self.axis,
                    self.labels,
                    score,
                    self.cut,
                    rises=[c.field for c in self.criteria if c.rises],
                    falls=[c.field for c in self.criteria if not c.rises],
                )
            ],
            learned={c.column: c.points for c in self.criteria if isinstance(c.points, Percentile)},
            evidence=evidence_of(evidence),
        )
