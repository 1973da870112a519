"""custgrade grades customers with interchangeable scorers, explains the grades, and turns them into a plan.

This module has the API for applications. `custgrade.plugins` has the API for authors of scorers, `custgrade.planning`
that for authors of policies, `custgrade.findings` has answers about the whole base, `custgrade.cuts` has the API for
authors of cuts, and `custgrade.errors` all errors. Each name is imported on first use, so that `import custgrade` is
fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custgrade.lazy_names import lazy_names

if TYPE_CHECKING:
    from custgrade.builders.scorecard_file import read_scorecard as read_scorecard
    from custgrade.comparing.changes import Changes as Changes
    from custgrade.comparing.comparison import Comparison as Comparison, compare as compare
    from custgrade.comparing.largest import LargestMoves as LargestMoves, Mover as Mover
    from custgrade.data.base import CustomerBase as CustomerBase
    from custgrade.data.customer import Customer as Customer
    from custgrade.data.field import Field as Field
    from custgrade.data.left_out import LeftOut as LeftOut
    from custgrade.data.period import Period as Period
    from custgrade.data.profit import profit_from as profit_from
    from custgrade.data.scale import GradeScale as GradeScale
    from custgrade.data.standard import STANDARD_FIELDS as STANDARD_FIELDS
    from custgrade.errors import CustgradeError as CustgradeError, CustgradeWarning as CustgradeWarning
    from custgrade.events.log import EventLog as EventLog
    from custgrade.explaining.axis_explanation import AxisExplanation as AxisExplanation
    from custgrade.explaining.explanations import Explanations as Explanations, explain as explain
    from custgrade.explaining.usual import UsualValues as UsualValues
    from custgrade.grading.files import grade_file as grade_file
    from custgrade.grading.grade_frame import grade as grade
    from custgrade.ingest.customer_files.customers import read_customers as read_customers
    from custgrade.ingest.lines.orders import read_orders as read_orders
    from custgrade.model.customer_grade import CustomerGrade as CustomerGrade
    from custgrade.model.graded import Graded as Graded
    from custgrade.model.grading_model import GradingModel as GradingModel
    from custgrade.model.outcome import Outcome as Outcome
    from custgrade.model.override_file import read_overrides as read_overrides
    from custgrade.model.overrides import Override as Override, Overrides as Overrides
    from custgrade.model.scorer import Scorer as Scorer
    from custgrade.model.summary import GradeSummary as GradeSummary
    from custgrade.planning.guard.waivers import Waiver as Waiver, read_waivers as read_waivers
    from custgrade.planning.making import plan as plan
    from custgrade.planning.plan import Plan as Plan
    from custgrade.policy_files.reading import read_policy as read_policy
    from custgrade.registry.models import load_model as load_model
    from custgrade.registry.policies import policies as policies, policy as policy
    from custgrade.registry.registry import scorer as scorer, scorers as scorers
    from custgrade.synth.write import synthetic as synthetic
    from custgrade.ways_up.axis_ways import AxisWays as AxisWays
    from custgrade.ways_up.ways_up import WaysUp as WaysUp, way_up as way_up
    from custgrade.ways_up.wording import Move as Move

    __version__: str

_NAMES_BY_MODULE = {
    "custgrade.builders.scorecard_file": "read_scorecard",
    "custgrade.comparing.changes": "Changes",
    "custgrade.comparing.comparison": "Comparison compare",
    "custgrade.comparing.largest": "LargestMoves Mover",
    "custgrade.data.base": "CustomerBase",
    "custgrade.data.customer": "Customer",
    "custgrade.data.field": "Field",
    "custgrade.data.left_out": "LeftOut",
    "custgrade.data.period": "Period",
    "custgrade.data.profit": "profit_from",
    "custgrade.data.scale": "GradeScale",
    "custgrade.data.standard": "STANDARD_FIELDS",
    "custgrade.errors": "CustgradeError CustgradeWarning",
    "custgrade.events.log": "EventLog",
    "custgrade.explaining.axis_explanation": "AxisExplanation",
    "custgrade.explaining.explanations": "Explanations explain",
    "custgrade.explaining.usual": "UsualValues",
    "custgrade.grading.files": "grade_file",
    "custgrade.grading.grade_frame": "grade",
    "custgrade.ingest.customer_files.customers": "read_customers",
    "custgrade.ingest.lines.orders": "read_orders",
    "custgrade.model.customer_grade": "CustomerGrade",
    "custgrade.model.graded": "Graded",
    "custgrade.model.grading_model": "GradingModel",
    "custgrade.model.outcome": "Outcome",
    "custgrade.model.override_file": "read_overrides",
    "custgrade.model.overrides": "Override Overrides",
    "custgrade.model.scorer": "Scorer",
    "custgrade.model.summary": "GradeSummary",
    "custgrade.planning.guard.waivers": "Waiver read_waivers",
    "custgrade.planning.making": "plan",
    "custgrade.planning.plan": "Plan",
    "custgrade.policy_files.reading": "read_policy",
    "custgrade.registry.models": "load_model",
    "custgrade.registry.policies": "policies policy",
    "custgrade.registry.registry": "scorer scorers",
    "custgrade.synth.write": "synthetic",
    "custgrade.ways_up.axis_ways": "AxisWays",
    "custgrade.ways_up.ways_up": "WaysUp way_up",
    "custgrade.ways_up.wording": "Move",
}
"""The public names by the module that defines them."""

_MODULE_OF = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)

# hidden from type checkers, which would otherwise accept any name
if not TYPE_CHECKING:
    _load = lazy_names(__name__, _MODULE_OF)

    def __getattr__(name):
        if name == "__version__":
            from custgrade.version import version

            return version()
        return _load(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
