"""The parts of policies, for their authors: a policy is data made of these classes."""

from __future__ import annotations

from custgrade.planning.action import Action
from custgrade.planning.amount import Amount, Condition
from custgrade.planning.effort import Effort, Terms
from custgrade.planning.guard.checks import check_policy
from custgrade.planning.guard.rules import RULES, Breach, Rule
from custgrade.planning.money_amounts import money, restoring
from custgrade.planning.offer import Offer, Transition
from custgrade.planning.package import Package
from custgrade.planning.plan_actions import PlanActions
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Incentive, Reward
from custgrade.planning.service_level import Entitlement, ServiceLevel
from custgrade.planning.shortlist import Shortlist
from custgrade.planning.summary import AtStake, TreatmentSummary
from custgrade.planning.treatment import Treatment

__all__ = [
    "RULES",
    "Action",
    "Amount",
    "AtStake",
    "Breach",
    "Condition",
    "Effort",
    "Entitlement",
    "Incentive",
    "Offer",
    "Package",
    "PlanActions",
    "Policy",
    "Reward",
    "Rule",
    "ServiceLevel",
    "Shortlist",
    "Terms",
    "Transition",
    "Treatment",
    "TreatmentSummary",
    "check_policy",
    "money",
    "restoring",
]
