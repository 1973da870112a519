"""The scheme `abcde`: customers graded A, B, C, D, E … by shares of the head count. Its policy is `golden-list`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from custgrade import Scorer
from custgrade.plugins import hookimpl
from custgrade_abcde.scorer import abcde

if TYPE_CHECKING:
    from custgrade.planning import Policy

__all__ = ["abcde"]


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Return the scorer by its name."""
    return {"abcde": abcde}


@hookimpl
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:
    """Return the policy by its name."""
    from custgrade_abcde.policy import golden_list

    return {"golden-list": golden_list}
