"""The scheme `matrix3x3`: classes of revenue, and within each of them classes of profitability.

Its policy is `sales-service-mix`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from custgrade import Scorer
from custgrade.plugins import hookimpl
from custgrade_matrix3x3.scorer import matrix3x3

if TYPE_CHECKING:
    from custgrade.planning import Policy

__all__ = ["matrix3x3"]


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Return the scorer by its name."""
    return {"matrix3x3": matrix3x3}


@hookimpl
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:
    """Return the policy by its name."""
    from custgrade_matrix3x3.policy import sales_service_mix

    return {"sales-service-mix": sales_service_mix}
