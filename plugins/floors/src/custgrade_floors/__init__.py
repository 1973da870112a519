"""The scheme `floors`: a checklist of least values that a customer should reach. Its policy is `packages`."""

from custgrade_floors.policy import custgrade_policies, packages
from custgrade_floors.scorer import custgrade_scorers, floors

__all__ = ["custgrade_policies", "custgrade_scorers", "floors", "packages"]
