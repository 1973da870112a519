"""Revenue by profitability: customers are classed by size first, then by profitability within each size."""

from custgrade_matrix3x3.scorer import custgrade_scorers, matrix3x3

__all__ = ["custgrade_scorers", "matrix3x3"]
