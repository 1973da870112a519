"""The scheme `matrix3x3`: classes of revenue, and within each of them classes of profitability.

Its policy is `sales-service-mix`.
"""

from custgrade_matrix3x3.policy import custgrade_policies, sales_service_mix
from custgrade_matrix3x3.scorer import custgrade_scorers, matrix3x3

__all__ = ["custgrade_policies", "custgrade_scorers", "matrix3x3", "sales_service_mix"]
