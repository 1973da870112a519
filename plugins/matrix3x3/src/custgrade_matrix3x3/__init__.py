"""The scheme `matrix3x3`: classes of revenue, and within each of them classes of profitability."""

from custgrade_matrix3x3.scorer import custgrade_scorers, matrix3x3

__all__ = ["custgrade_scorers", "matrix3x3"]
