"""Step three: call the hooks of an imported plug-in, and check what they return; policies only when one is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pluggy
from attrs import evolve, field, frozen

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
    """A plug-in with the schemes and fields that it provides, without policies until `with_policies` adds them.

    A plug-in with a `fault` provides nothing; if only its policies are faulty, it provides its scorers and fields.
    """

    found: FoundPlugin
    module: Any = field(default=None, eq=False, repr=False)
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
    """Return the plug-in with its scorers and fields, or with its fault; its policies aren't asked for."""
    if loaded.error is not None:
        return _faulty(CheckedPlugin(loaded.found), loaded.error, "can't be imported")
    plugin = CheckedPlugin(loaded.found, loaded.module)
    try:
        manager = _manager(plugin)
        _refuse_misspelt(manager, loaded.module)
        scorers = _provided(manager.hook.custgrade_scorers(), "custgrade_scorers")
        fields = tuple(item for items in manager.hook.custgrade_fields() for item in items)
        odd = [item for item in fields if not isinstance(item, Field)]
        if odd:
            raise PluginError(f"custgrade_fields must return Field objects; received {shown(odd[0])}")
        known_fields(fields)
        if not (scorers or fields or manager.hook.custgrade_policies.get_hookimpls()):
            raise _provides_nothing()
        return evolve(plugin, scorers=scorers, fields=fields)
    except (Exception, SystemExit) as error:
        return _faulty(plugin, error)


def with_policies(plugin: CheckedPlugin) -> CheckedPlugin:
    """Return the plug-in with its policies too, or with their fault; a plug-in with a fault is returned unchanged."""
    if plugin.fault:
        return plugin
    try:
        policies = _provided(_manager(plugin).hook.custgrade_policies(), "custgrade_policies")
        if not (plugin.scorers or plugin.fields or policies):
            raise _provides_nothing()
        return evolve(plugin, policies=policies)
    except (Exception, SystemExit) as error:
        return _faulty(plugin, error)


def _manager(plugin: CheckedPlugin) -> pluggy.PluginManager:
    """Return a manager of the hooks of this plug-in alone, so that no plug-in can affect another."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin.module, name=plugin.found.name)
    return manager


def _faulty(plugin: CheckedPlugin, error: BaseException, how: str = "") -> CheckedPlugin:
    """Return the plug-in with a fault; how: what can't be done, by default what follows from the kind of error."""
    refused = isinstance(error, PluginError)
    text = str(error) if refused else f"{described(error)}{where_raised(error)}"
    return evolve(plugin, fault=f"{how or ('is refused' if refused else 'fails')}: {text}", cause=error)


def _provides_nothing() -> PluginError:
    return PluginError(
        f"it provides nothing; mark one of these functions with @custgrade.hookimpl: {listed(hookspecs.HOOKS)}"
    )


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
