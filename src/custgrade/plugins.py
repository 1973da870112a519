"""The API for authors of grading schemes: axes, scores, builders, cuts, and the hooks of plug-ins."""

from __future__ import annotations

from custgrade import functions
from custgrade.builders.checklist import Checklist
from custgrade.builders.criterion_tables import criteria_from
from custgrade.builders.scorecard import Scorecard
from custgrade.cuts.boundary import Boundary
from custgrade.cuts.shares import Shares, ValueShares
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED, GradeScale, ScaleAxis
from custgrade.model.scorer import Scorer
from custgrade.registry.hookspecs import hookimpl
from custgrade.registry.registry import Registry, Scheme, default_registry
from custgrade.scoring.axis import Axis
from custgrade.scoring.checklist_score import Floor
from custgrade.scoring.evidence import Evidence, minimum_evidence
from custgrade.scoring.learned import LearnedColumn, Percentile, Quantile, rank_by
from custgrade.scoring.origin import Origin
from custgrade.scoring.points import Linear, Points, Rating, Steps
from custgrade.scoring.score_protocols import AdaptableScore, ContributingScore
from custgrade.scoring.scorecard_score import Criterion
from custgrade.settings import Setting

__all__ = [
    "UNGRADED",
    "AdaptableScore",
    "Axis",
    "Boundary",
    "Checklist",
    "ContributingScore",
    "Criterion",
    "Evidence",
    "Field",
    "Floor",
    "GradeScale",
    "LearnedColumn",
    "Linear",
    "Origin",
    "Percentile",
    "Points",
    "Quantile",
    "Rating",
    "Registry",
    "ScaleAxis",
    "Scheme",
    "Scorecard",
    "Scorer",
    "Setting",
    "Shares",
    "Steps",
    "Thresholds",
    "ValueShares",
    "criteria_from",
    "default_registry",
    "functions",
    "hookimpl",
    "minimum_evidence",
    "rank_by",
]
