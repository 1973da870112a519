"""Policies by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from custgrade.errors import ParameterError
from custgrade.planning.policy import Policy
from custgrade.registry.registry import Scheme, default_registry
from custgrade.text import listed, shown


def policy(scheme: str | Callable[..., Policy] | Policy, /, **parameters: Any) -> Policy:
    """Return a policy: a plug-in's by name, `policy("golden-list", budget=2000)`, or that of a function.

    scheme: a name, a function that returns a Policy, or a Policy, which is returned unchanged. parameters: the scheme's
    parameters.

    Raises UnknownNameError, ConflictError, ParameterError or PluginError; see `Registry.scheme` and `Scheme.make`.
    """
    if isinstance(scheme, Policy):
        if parameters:
            raise ParameterError(f"a ready Policy takes no parameters; received {listed(parameters)}")
        return scheme
    if callable(scheme):
        return Scheme.of(scheme).policy(**parameters)
    if not isinstance(scheme, str):
        raise ParameterError(f"a policy must be a name, a function or a Policy; received {shown(scheme)}")
    return default_registry().scheme(scheme, "policies").policy(**parameters)


def policies() -> dict[str, str]:
    """Return the names of all policies of plug-ins, each with its description in one line, sorted by name.

    A name that several plug-ins provide is left out; `custgrade plugins` shows it.
    """
    return default_registry().summaries("policies")
