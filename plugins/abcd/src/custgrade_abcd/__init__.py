"""The scheme `abcd`: a scorecard of the ideal customer, with measured and subjective criteria, cut into A to D.

Its policy is `ideal-mix`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from custgrade import Scorer
from custgrade.plugins import hookimpl
from custgrade_abcd.scorer import abcd

if TYPE_CHECKING:
    from custgrade.planning import Policy

__all__ = ["abcd"]


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Return the scorer by its name."""
    return {"abcd": abcd}


@hookimpl
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:
    """Return the policy by its name."""
    from custgrade_abcd.policy import ideal_mix

    return {"ideal-mix": ideal_mix}
