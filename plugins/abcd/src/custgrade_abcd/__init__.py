"""The scheme `abcd`: a scorecard of the ideal customer, with measured and subjective criteria, cut into A to D."""

from custgrade_abcd.scorer import abcd, custgrade_scorers

__all__ = ["abcd", "custgrade_scorers"]
