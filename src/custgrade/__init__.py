"""custgrade grades customers by interchangeable scorers, says why, and turns grades into a plan.

The names below are the whole public interface; plug-ins use nothing else. Each is loaded when it is first used, so
that an app which imports custgrade pays only for what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custgrade import functions as functions
    from custgrade.comparing.changes import Changes as Changes
    from custgrade.comparing.comparison import Comparison as Comparison, compare as compare
    from custgrade.comparing.largest import LargestMoves as LargestMoves, Mover as Mover
    from custgrade.cuts.asks import (
        Answers as Answers,
        Ask as Ask,
        Block as Block,
        Count as Count,
        Population as Population,
        Question as Question,
        RankedBlocks as RankedBlocks,
        TieBlocks as TieBlocks,
        Total as Total,
        ValueBlocks as ValueBlocks,
    )
    from custgrade.cuts.boundary import Boundary as Boundary
    from custgrade.cuts.cut import (
        Cut as Cut,
        CutFitting as CutFitting,
        FittedCut as FittedCut,
    )
    from custgrade.cuts.exact import (
        Share as Share,
    )
    from custgrade.cuts.shares import (
        Shares as Shares,
        ValueShares as ValueShares,
    )
    from custgrade.cuts.thresholds import Thresholds as Thresholds
    from custgrade.data.base import CustomerBase as CustomerBase
    from custgrade.data.customer import Customer as Customer
    from custgrade.data.field import Field as Field
    from custgrade.data.left_out import LeftOut as LeftOut
    from custgrade.data.period import Period as Period
    from custgrade.data.scale import (
        UNGRADED as UNGRADED,
        GradeScale as GradeScale,
        ScaleAxis as ScaleAxis,
    )
    from custgrade.data.standard import STANDARD_FIELDS as STANDARD_FIELDS
    from custgrade.errors import (
        BadRow as BadRow,
        BadRowsError as BadRowsError,
        ConfigurationError as ConfigurationError,
        ConflictError as ConflictError,
        CustgradeError as CustgradeError,
        CustgradeWarning as CustgradeWarning,
        CutError as CutError,
        FieldError as FieldError,
        Hint as Hint,
        MissingExtraError as MissingExtraError,
        ModelCurrencyError as ModelCurrencyError,
        ModelDigestError as ModelDigestError,
        ModelError as ModelError,
        ModelFieldError as ModelFieldError,
        ModelFormatError as ModelFormatError,
        ModelPeriodError as ModelPeriodError,
        ModelScorerError as ModelScorerError,
        ModelUnitError as ModelUnitError,
        ModelVersionError as ModelVersionError,
        NothingToGradeError as NothingToGradeError,
        OutputError as OutputError,
        OverrideError as OverrideError,
        ParameterError as ParameterError,
        PluginError as PluginError,
        ScorerError as ScorerError,
        SourceError as SourceError,
        TracingError as TracingError,
        UnknownNameError as UnknownNameError,
    )
    from custgrade.explaining.explanations import Explanations as Explanations, explain as explain
    from custgrade.explaining.on_axis import AxisExplanation as AxisExplanation
    from custgrade.explaining.usual import UsualValues as UsualValues
    from custgrade.grading.files import grade_file as grade_file
    from custgrade.grading.grade_frame import grade as grade
    from custgrade.ingest.customers import read_customers as read_customers
    from custgrade.ingest.orders import read_orders as read_orders
    from custgrade.model.graded import (
        CustomerGrade as CustomerGrade,
        Graded as Graded,
    )
    from custgrade.model.grading_model import GradingModel as GradingModel
    from custgrade.model.outcome import Outcome as Outcome
    from custgrade.model.override_file import read_overrides as read_overrides
    from custgrade.model.overrides import (
        InForce as InForce,
        Override as Override,
        Overrides as Overrides,
    )
    from custgrade.model.summary import GradeSummary as GradeSummary
    from custgrade.policy.policy import (
        Plan as Plan,
        Policy as Policy,
    )
    from custgrade.policy.treatment import Treatment as Treatment
    from custgrade.registry.hookspecs import hookimpl as hookimpl
    from custgrade.registry.models import load_model as load_model
    from custgrade.registry.registry import (
        Registry as Registry,
        Scheme as Scheme,
        default_registry as default_registry,
        scorer as scorer,
    )
    from custgrade.scoring.checklist import (
        Checklist as Checklist,
        Floor as Floor,
    )
    from custgrade.scoring.criterion_tables import criteria_from as criteria_from
    from custgrade.scoring.learned import (
        LearnedColumn as LearnedColumn,
        Percentile as Percentile,
        Quantile as Quantile,
        directed as directed,
    )
    from custgrade.scoring.parts import (
        AdaptableScore as AdaptableScore,
        Axis as Axis,
        ContributingScore as ContributingScore,
        Evidence as Evidence,
        minimum_evidence as minimum_evidence,
    )
    from custgrade.scoring.scorecard import (
        Criterion as Criterion,
        Linear as Linear,
        Points as Points,
        Rating as Rating,
        Scorecard as Scorecard,
        Steps as Steps,
    )
    from custgrade.scoring.scorecard_file import read_scorecard as read_scorecard
    from custgrade.scoring.scorer import (
        Origin as Origin,
        Scorer as Scorer,
    )
    from custgrade.settings import Setting as Setting
    from custgrade.synth.write import synthetic as synthetic
    from custgrade.ways_up.axis_ways import AxisWays as AxisWays
    from custgrade.ways_up.pairs import Pairs as Pairs
    from custgrade.ways_up.ways_up import WaysUp as WaysUp, way_up as way_up
    from custgrade.ways_up.wording import Move as Move

_HOMES = {
    "custgrade.comparing.changes": "Changes",
    "custgrade.comparing.comparison": "Comparison compare",
    "custgrade.comparing.largest": "LargestMoves Mover",
    "custgrade.cuts.asks": "Answers Ask Block Count Population Question RankedBlocks TieBlocks Total ValueBlocks",
    "custgrade.cuts.boundary": "Boundary",
    "custgrade.cuts.cut": "Cut CutFitting FittedCut",
    "custgrade.cuts.exact": "Share",
    "custgrade.cuts.shares": "Shares ValueShares",
    "custgrade.cuts.thresholds": "Thresholds",
    "custgrade.data.base": "CustomerBase",
    "custgrade.data.customer": "Customer",
    "custgrade.data.field": "Field",
    "custgrade.data.left_out": "LeftOut",
    "custgrade.data.period": "Period",
    "custgrade.data.scale": "UNGRADED GradeScale ScaleAxis",
    "custgrade.data.standard": "STANDARD_FIELDS",
    "custgrade.errors": (
        "BadRow BadRowsError ConfigurationError ConflictError CustgradeError CustgradeWarning CutError FieldError Hint "
        "MissingExtraError ModelCurrencyError ModelDigestError ModelError ModelFieldError ModelFormatError "
        "ModelPeriodError ModelScorerError ModelUnitError ModelVersionError NothingToGradeError OutputError "
        "OverrideError ParameterError PluginError ScorerError SourceError TracingError UnknownNameError"
    ),
    "custgrade.explaining.explanations": "Explanations explain",
    "custgrade.explaining.on_axis": "AxisExplanation",
    "custgrade.explaining.usual": "UsualValues",
    "custgrade.grading.grade_frame": "grade",
    "custgrade.grading.files": "grade_file",
    "custgrade.ingest.customers": "read_customers",
    "custgrade.ingest.orders": "read_orders",
    "custgrade.model.graded": "CustomerGrade Graded",
    "custgrade.model.grading_model": "GradingModel",
    "custgrade.model.outcome": "Outcome",
    "custgrade.model.override_file": "read_overrides",
    "custgrade.model.overrides": "InForce Override Overrides",
    "custgrade.model.summary": "GradeSummary",
    "custgrade.policy.policy": "Plan Policy",
    "custgrade.policy.treatment": "Treatment",
    "custgrade.registry.hookspecs": "hookimpl",
    "custgrade.registry.models": "load_model",
    "custgrade.registry.registry": "Registry Scheme default_registry scorer",
    "custgrade.scoring.checklist": "Checklist Floor",
    "custgrade.scoring.criterion_tables": "criteria_from",
    "custgrade.scoring.learned": "LearnedColumn Percentile Quantile directed",
    "custgrade.scoring.parts": "AdaptableScore Axis ContributingScore Evidence minimum_evidence",
    "custgrade.scoring.scorecard": "Criterion Linear Points Rating Scorecard Steps",
    "custgrade.scoring.scorecard_file": "read_scorecard",
    "custgrade.scoring.scorer": "Origin Scorer",
    "custgrade.settings": "Setting",
    "custgrade.synth.write": "synthetic",
    "custgrade.ways_up.axis_ways": "AxisWays",
    "custgrade.ways_up.pairs": "Pairs",
    "custgrade.ways_up.ways_up": "WaysUp way_up",
    "custgrade.ways_up.wording": "Move",
}
"""Where each public name is defined."""

_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = sorted([*_HOME, "functions"])  # built from the table, so that nothing is listed twice


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        return import_module("custgrade.version").version()
    if name == "functions":
        return import_module("custgrade.functions")
    if name not in _HOME:
        raise AttributeError(f"module 'custgrade' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
