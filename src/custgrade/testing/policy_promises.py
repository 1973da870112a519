"""The promises of policies, and the error for a policy that breaks one."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.converters import read_only
from custgrade.data.scale import NOT_GRADED
from custgrade.model.graded import Graded
from custgrade.testing.promises import ContractBrokenError, shown

POLICY_CONTRACT: Mapping[str, str] = read_only(
    {
        "a policy can be made": "A policy is a custgrade Policy, an equal one each time it is made.",
        "respect": "The guard finds no breach, neither in the policy nor in a plan for any customers.",
        "base": "No customer is entitled to less than the policy's base level.",
        "never more in a worse grade": "In a worse grade, the same customer is never entitled to more.",
        "equal customers": "Customers with equal values and grades get equal treatment.",
        "order of rows": "The order of the rows never changes a plan.",
        "offers": "A rise is in whole cents, not negative, and at most the offer's `steepest` share of revenue.",
        "unknown is not bad": "Ungraded customers are asked, and never charged more or released.",
        "done is done": "When a plan is carried out and recorded in a log, nothing is due any more that day.",
        "nothing twice": "What was done for a customer and is in the log isn't due again, in no later plan.",
        "no clock": "Making the policy and a plan doesn't read a clock.",
    }
)
"""The text of each promise."""


def broken(promise: str, what: str, graded: Graded | None = None) -> ContractBrokenError:
    """Return the error for a broken promise. what: what happened. graded: the customers for whom it happened."""
    parts = [f"the policy breaks the promise: {promise}", "", f"what happened: {what}"]
    if graded is not None:
        grades = ", ".join(
            f"{identity} {grade or NOT_GRADED}"
            for identity, grade in zip(graded.base.ids.tolist()[:12], graded.grades.tolist(), strict=False)
        )
        parts += ["", f"for these customers, graded {grades}:", shown(graded.base)]
    return ContractBrokenError("\n".join([*parts, "", f"the contract: {POLICY_CONTRACT[promise]}"]))
