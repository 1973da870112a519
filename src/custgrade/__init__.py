"""custgrade grades customers by interchangeable scorers, says why, and turns grades into a plan.

The names below are the whole public interface; plug-ins use nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custgrade import functions
from custgrade.cuts.asks import (
    Answers,
    Ask,
    Block,
    Count,
    Population,
    Question,
    RankedBlocks,
    TieBlocks,
    Total,
    ValueBlocks,
)
from custgrade.cuts.boundary import Boundary
from custgrade.cuts.cut import Cut, CutFitting, FittedCut
from custgrade.cuts.shares import Share, Shares, ValueShares
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.base import CustomerBase
from custgrade.data.customer import Customer
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.data.period import Period
from custgrade.data.scale import UNGRADED, GradeScale, ScaleAxis
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import (
    BadRowsError,
    ConfigurationError,
    ConflictError,
    CustgradeError,
    CutError,
    FieldError,
    MissingExtraError,
    ModelDigestError,
    ModelError,
    ModelFormatError,
    ModelScorerError,
    NothingToGradeError,
    OutputError,
    ParameterError,
    PluginError,
    ScorerError,
    SourceError,
    TracingError,
    UnknownNameError,
)
from custgrade.model.graded import CustomerGrade, Graded
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.checklist import Checklist, Floor
from custgrade.scoring.parts import Axis, Evidence, LearnedColumn, Percentile, directed
from custgrade.scoring.scorecard import Criterion, Linear, Rating, Scorecard, Steps
from custgrade.scoring.scorer import AdaptableScore, Origin, Scorer
from custgrade.settings import Setting
from custgrade.version import version

if TYPE_CHECKING:
    from custgrade.export.write import write
    from custgrade.frames import grade
    from custgrade.ingest.customers import read_customers
    from custgrade.ingest.orders import read_orders
    from custgrade.policy.policy import Plan, Policy
    from custgrade.policy.treatment import Treatment
    from custgrade.registry.hookspecs import hookimpl
    from custgrade.registry.models import load_model
    from custgrade.registry.registry import Registry, Scheme, default_registry, scorer

_ON_FIRST_USE = {
    "Plan": "custgrade.policy.policy",
    "Policy": "custgrade.policy.policy",
    "Registry": "custgrade.registry.registry",
    "Scheme": "custgrade.registry.registry",
    "Treatment": "custgrade.policy.treatment",
    "default_registry": "custgrade.registry.registry",
    "grade": "custgrade.frames",
    "hookimpl": "custgrade.registry.hookspecs",
    "load_model": "custgrade.registry.models",
    "read_customers": "custgrade.ingest.customers",
    "read_orders": "custgrade.ingest.orders",
    "scorer": "custgrade.registry.registry",
    "write": "custgrade.export.write",
}
"""What needs pluggy, narwhals or DuckDB is loaded when it is first used."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version()
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'custgrade' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_ON_FIRST_USE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_FIRST_USE})
