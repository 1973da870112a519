"""The scheme `abcde`: customers graded A, B, C, D, E … by shares of the head count. Its policy is `golden-list`."""

from custgrade_abcde.policy import custgrade_policies, golden_list
from custgrade_abcde.scorer import abcde, custgrade_scorers

__all__ = ["abcde", "custgrade_policies", "custgrade_scorers", "golden_list"]
