"""The scheme `abcde`: customers graded A, B, C, D, E … by shares of the head count."""

from custgrade_abcde.scorer import abcde, custgrade_scorers

__all__ = ["abcde", "custgrade_scorers"]
