"""The parts of policies, for their authors: a policy is data made of these classes.

Each name is imported on first use, so that a plug-in with a policy doesn't slow down commands that make no plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custgrade.lazy_names import lazy_names

if TYPE_CHECKING:
    from custgrade.planning.action import Action as Action
    from custgrade.planning.amount import Amount as Amount, Condition as Condition
    from custgrade.planning.days_off import DaysOff as DaysOff
    from custgrade.planning.effort import Effort as Effort, Terms as Terms
    from custgrade.planning.guard.checks import check_policy as check_policy
    from custgrade.planning.guard.rules import RULES as RULES, Breach as Breach, Rule as Rule
    from custgrade.planning.money_amounts import money as money, restoring as restoring
    from custgrade.planning.offer import Offer as Offer, Transition as Transition
    from custgrade.planning.package import Package as Package
    from custgrade.planning.plan_actions import PlanActions as PlanActions
    from custgrade.planning.policy import Policy as Policy
    from custgrade.planning.reward import Incentive as Incentive, Reward as Reward
    from custgrade.planning.service_level import Entitlement as Entitlement, ServiceLevel as ServiceLevel
    from custgrade.planning.shortlist import Shortlist as Shortlist
    from custgrade.planning.summary import AtStake as AtStake, TreatmentSummary as TreatmentSummary
    from custgrade.planning.treatment import Treatment as Treatment

_NAMES_BY_MODULE = {
    "custgrade.planning.action": "Action",
    "custgrade.planning.amount": "Amount Condition",
    "custgrade.planning.days_off": "DaysOff",
    "custgrade.planning.effort": "Effort Terms",
    "custgrade.planning.guard.checks": "check_policy",
    "custgrade.planning.guard.rules": "RULES Breach Rule",
    "custgrade.planning.money_amounts": "money restoring",
    "custgrade.planning.offer": "Offer Transition",
    "custgrade.planning.package": "Package",
    "custgrade.planning.plan_actions": "PlanActions",
    "custgrade.planning.policy": "Policy",
    "custgrade.planning.reward": "Incentive Reward",
    "custgrade.planning.service_level": "Entitlement ServiceLevel",
    "custgrade.planning.shortlist": "Shortlist",
    "custgrade.planning.summary": "AtStake TreatmentSummary",
    "custgrade.planning.treatment": "Treatment",
}
"""The public names by the module that defines them."""

_MODULE_OF = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)

# hidden from type checkers, which would otherwise accept any name
if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, _MODULE_OF)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
