"""Step three: call the hooks of an imported plug-in, and check what they return."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pluggy
from attrs import field, frozen

from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.errors import PluginError
from custgrade.model.scorer import Scorer
from custgrade.registry import hookspecs
from custgrade.registry.blame import described, where_raised
from custgrade.registry.find import FoundPlugin
from custgrade.registry.load import LoadedPlugin
from custgrade.registry.parameters import parameters_of
from custgrade.text import did_you_mean, listed, shown

PLUGIN_NAME = r"[a-z][a-z0-9_-]{0,63}"
"""The pattern of the names of schemes."""


@frozen
class CheckedPlugin:
    """A plug-in with the schemes and fields that it provides; a plug-in with a `fault` provides none."""

    found: FoundPlugin
    scorers: Mapping[str, Callable[..., Any]] = field(factory=dict, converter=read_only)
    policies: Mapping[str, Callable[..., Any]] = field(factory=dict, converter=read_only)
    fields: tuple[Field, ...] = ()
    fault: str = ""
    cause: BaseException | None = field(default=None, repr=False)

    @property
    def who(self) -> str:
        """The distribution, its version and the entry point, in words."""
        return f"{self.found.distribution or 'a folder'} {self.found.version} (entry point {self.found.name!r})"


def check(loaded: LoadedPlugin) -> CheckedPlugin:
    """Return the plug-in with what it provides, or with its fault."""
    if loaded.error is not None:
        return _faulty(loaded.found, loaded.error, "can't be imported")
    # a manager of its own, so that no plug-in can affect another
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(loaded.module, name=loaded.found.name)
        _refuse_misspelt(manager, loaded.module)
        scorers = _provided(manager.hook.custgrade_scorers(), "custgrade_scorers")
        policies = _provided(manager.hook.custgrade_policies(), "custgrade_policies")
        fields = tuple(item for items in manager.hook.custgrade_fields() for item in items)
        odd = [item for item in fields if not isinstance(item, Field)]
        if odd:
            raise PluginError(f"custgrade_fields must return Field objects; received {shown(odd[0])}")
        known_fields(fields)
        if not (scorers or policies or fields):
            raise PluginError(
                f"it provides nothing; mark one of these functions with @custgrade.hookimpl: {listed(hookspecs.HOOKS)}"
            )
        return CheckedPlugin(loaded.found, scorers, policies, fields)
    except (Exception, SystemExit) as error:
        return _faulty(loaded.found, error, "is refused" if isinstance(error, PluginError) else "fails")


def _faulty(found: FoundPlugin, error: BaseException, how: str) -> CheckedPlugin:
    text = str(error) if isinstance(error, PluginError) else f"{described(error)}{where_raised(error)}"
    return CheckedPlugin(found, fault=f"{how}: {text}", cause=error)


def _refuse_misspelt(manager: pluggy.PluginManager, module: Any) -> None:
    for hook in manager.get_hookcallers(module) or ():
        if hook.name not in hookspecs.HOOKS:
            raise PluginError(
                f"there is no hook {hook.name!r}.{did_you_mean(hook.name, hookspecs.HOOKS)} "
                f"There are: {listed(hookspecs.HOOKS)}."
            )


def _provided(results: list[Any], hook: str) -> dict[str, Callable[..., Any]]:
    schemes: dict[str, Callable[..., Any]] = {}
    for result in results:
        if not isinstance(result, Mapping):
            raise PluginError(f"{hook} must return a mapping of names to functions; received {shown(result)}")
        for name, function in result.items():
            if not isinstance(name, str) or not re.fullmatch(PLUGIN_NAME, name):
                raise PluginError(f"{hook}: a name must be lower-case letters, digits, - and _; received {shown(name)}")
            if not callable(function):
                raise PluginError(f"{hook}: {name!r} is {_not_a_function(function, name)}")
            parameters_of(function, name)
            schemes[name] = function
    return schemes


def _not_a_function(value: Any, name: str) -> str:
    """Return what was received in place of a scheme's function, and how to correct it."""
    if isinstance(value, Scorer):
        made = re.sub(r"\W", "_", name)
        return f"a Scorer, not a function that returns one; write def {made}() -> Scorer: return Scorer(...)"
    return f"{shown(value)}, not a function"
