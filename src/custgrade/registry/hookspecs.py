"""The hooks that a plug-in may implement. A plug-in is a module named by an entry point of the group `custgrade`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from custgrade.data.field import Field
    from custgrade.model.scorer import Scorer
    from custgrade.planning.policy import Policy

PROJECT = "custgrade"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:  # type: ignore[empty-body]  # a spec has no body
    """Return grading schemes by name: functions of typed parameters that return a `Scorer`.

    The hook is called once, when a plug-in is first needed. A name has lower-case letters, digits, `-` and `_`. The
    parameters are shown by `custgrade scorers NAME` and set by flags or TOML.
    """


@hookspec
def custgrade_policies() -> Mapping[str, Callable[..., Policy]]:  # type: ignore[empty-body]  # a spec has no body
    """Return policies by name: functions of typed parameters that return a `Policy`.

    The hook is called once, when a policy is first needed. Import the policy's module inside the hook, so that commands
    that make no plan don't import it. Names are as for scorers.
    """


@hookspec
def custgrade_fields() -> Sequence[Field]:  # type: ignore[empty-body]  # a spec has no body
    """Return fields beyond the standard ones; columns of files can then be mapped to them.

    The hook is called once, when a plug-in is first needed. A field that order lines can hold needs `combine`.
    """


HOOKS = ("custgrade_scorers", "custgrade_policies", "custgrade_fields")
