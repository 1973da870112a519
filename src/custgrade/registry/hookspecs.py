"""The hooks that a plug-in may implement. A plug-in is a module named by an entry point of the group `custgrade`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from custgrade.data.field import Field
    from custgrade.model.scorer import Scorer
    from custgrade.policy.policy import Policy

PROJECT = "custgrade"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:  # type: ignore[empty-body]  # a spec has no body
    """Return grading schemes by name: functions of typed parameters that return a `Scorer`.

    Called once, when a plug-in is first needed. A name is lower-case letters, digits, `-` and `_`. The signature is
    what `custgrade scorers NAME` shows, and what flags and TOML fill.
    """


@hookspec
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:  # type: ignore[empty-body]  # a spec has no body
    """Return policies by name: functions of typed parameters that return a `Policy`.

    Called once, when a plug-in is first needed; names as for scorers.
    """


@hookspec
def custgrade_fields() -> Sequence[Field]:  # type: ignore[empty-body]  # a spec has no body
    """Return fields beyond the standard ones, which files may then hold and columns be mapped to.

    Called once, when a plug-in is first needed. A field that order lines can hold says how they combine.
    """


HOOKS = ("custgrade_scorers", "custgrade_policies", "custgrade_fields")
