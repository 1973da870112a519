"""The scheme `floors`: a checklist of least values that a customer should reach. Its policy is `packages`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from custgrade import Scorer
from custgrade.plugins import hookimpl
from custgrade_floors.scorer import floors

if TYPE_CHECKING:
    from custgrade.planning import Policy

__all__ = ["floors"]


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Return the scorer by its name."""
    return {"floors": floors}


@hookimpl
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:
    """Return the policy by its name."""
    from custgrade_floors.policy import packages

    return {"packages": packages}
