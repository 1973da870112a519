"""The scheme `abcd`: a scorecard of the ideal customer, with measured and subjective criteria, cut into A to D.

Its policy is `ideal-mix`.
"""

from custgrade_abcd.policy import custgrade_policies, ideal_mix
from custgrade_abcd.scorer import abcd, custgrade_scorers

__all__ = ["abcd", "custgrade_policies", "custgrade_scorers", "ideal_mix"]
