"""The policy that a command line names: a plug-in's, a user's function, or a policy file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from custgrade.cli.chosen_scorer import scheme
from custgrade.errors import ConfigurationError
from custgrade.planning.policy import Policy
from custgrade.registry.policies import policy


def chosen_policy(name: str, parameters: Mapping[str, Any]) -> Policy:
    """Return a policy.

    name: a plug-in's policy, `module:function`, or a policy file that ends in `.toml`. parameters: of the policy.

    Raises UnknownNameError or ConflictError for a plug-in's name, ConfigurationError for a module or a file, and what
    `Scheme.policy` raises.
    """
    if name.lower().endswith(".toml"):
        read = getattr(import_module("custgrade.policy_files"), "read_policy", None)
        if read is None:
            raise ConfigurationError(f"policy files can't be read yet; received --policy {name}")
        if parameters:
            raise ConfigurationError(f"a policy file has no parameters: leave out --param, or change {name}")
        return read(name)  # type: ignore[no-any-return]
    if ":" in name:
        return scheme(name).policy(**parameters)
    return policy(name, **parameters)
