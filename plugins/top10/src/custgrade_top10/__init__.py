"""The scheme `top10`: the top ten per cent of customers, and the rest. Its policy is `fair-treatment`."""

from custgrade_top10.policy import custgrade_policies, fair_treatment
from custgrade_top10.scorer import custgrade_scorers, top10

__all__ = ["custgrade_policies", "custgrade_scorers", "fair_treatment", "top10"]
