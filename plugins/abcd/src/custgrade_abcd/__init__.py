"""The ideal customer: a scorecard of measured and subjective criteria, cut into A, B, C and D."""

from custgrade_abcd.scorer import abcd, custgrade_scorers

__all__ = ["abcd", "custgrade_scorers"]
