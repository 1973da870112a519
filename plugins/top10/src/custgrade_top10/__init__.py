"""The scheme `top10`: the top ten per cent of customers, and the rest. Its policy is `fair-treatment`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from custgrade import Scorer
from custgrade.plugins import hookimpl
from custgrade_top10.scorer import top10

if TYPE_CHECKING:
    from custgrade.planning import Policy

__all__ = ["top10"]


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Return the scorer by its name."""
    return {"top10": top10}


@hookimpl
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:
    """Return the policy by its name."""
    from custgrade_top10.policy import fair_treatment

    return {"fair-treatment": fair_treatment}
