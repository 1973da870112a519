"""The registry: all plug-ins and their schemes, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, field, frozen

from custgrade.data.field import Field
from custgrade.errors import (
    ConflictError,
    CustgradeError,
    FieldError,
    Hint,
    ParameterError,
    PluginError,
    UnknownNameError,
)
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.registry.blame import described, where_raised
from custgrade.registry.check import CheckedPlugin, check, with_policies
from custgrade.registry.find import FoundPlugin, StrayEntryPoint, find, find_strays
from custgrade.registry.load import load
from custgrade.registry.parameters import Parameter, filled, parameters_of
from custgrade.scoring.origin import Origin
from custgrade.text import did_you_mean, listed, shown

if TYPE_CHECKING:
    from custgrade.planning.policy import Policy

Kind = Literal["scorers", "policies"]


@frozen
class Scheme:
    """A function that makes a scorer or a policy from parameters, with the distribution that provides it."""

    name: str
    function: Callable[..., Any] = field(repr=False)
    distribution: str = ""
    version: str = ""

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Scheme:
        """Return the scheme of a function that is in no plug-in; it is named by its module and its name."""
        name = getattr(function, "__qualname__", type(function).__name__)
        return cls(f"{getattr(function, '__module__', '')}:{name}", function)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The function's parameters, in the order of its signature."""
        return parameters_of(self.function, self.name)

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n")[0]

    def make(self, /, **given: Any) -> Any:
        """Return what the function makes from these parameters.

        Raises ParameterError for unknown parameters and wrong types, PluginError if the function fails, and every
        CustgradeError of the function itself.
        """
        return self._made(given)[0]

    def _made(self, given: Mapping[str, Any], what: str = "scheme") -> tuple[Any, dict[str, Any]]:
        """Return what the function makes, and all the arguments that it was called with; what: for errors."""
        arguments = filled(self.parameters, given, self.name)
        try:
            return self.function(**arguments), arguments
        except CustgradeError as error:
            raise self._named(error, what) from error
        except (Exception, SystemExit) as error:
            raise PluginError(f"{what} {self.name!r} failed: {described(error)}{where_raised(error)}") from error

    def _named(self, error: CustgradeError, what: str) -> CustgradeError:
        """Return a copy of the error whose message begins with the scheme's name; what: a scheme or a policy."""
        named = copy(error)
        named.message = f"{what} {self.name!r}: {error.message}"
        named.args = (named.message, *error.args[1:])
        return named

    def scorer(self, /, **given: Any) -> Scorer:
        """Return the scorer with its origin, which its models need to be saved and loaded."""
        made, arguments = self._made(given)
        if not isinstance(made, Scorer):
            raise PluginError(f"scheme {self.name!r} must return a Scorer; it returned {shown(made)}")
        return made.with_origin(self._origin(arguments))

    def policy(self, /, **given: Any) -> Policy:
        """Return the policy with its origin."""
        # grading needs none of the classes that policies consist of
        from custgrade.planning.policy import Policy

        made, arguments = self._made(given, "policy")
        if type(made) is not Policy:
            raise PluginError(f"policy {self.name!r} must return a Policy; it returned {shown(made)}")
        return evolve(made, origin=self._origin(arguments))

    def _origin(self, arguments: Mapping[str, Any]) -> Origin:
        return Origin(self.name, arguments, self.distribution, self.version)


@frozen(slots=False, eq=False)
class Registry:
    """The plug-ins of an environment; they are found, imported and checked once, when first needed.

    Their policies are asked for once, when a policy is first needed.

    finder: a function that returns the installed plug-ins; by default those of this environment.
    """

    finder: Callable[[], tuple[FoundPlugin, ...]] = find

    @cached_property
    def strays(self) -> tuple[StrayEntryPoint, ...]:
        """The entry points in groups with nearly the right name, which are never loaded."""
        return find_strays()

    @cached_property
    def plugins(self) -> tuple[CheckedPlugin, ...]:
        """All plug-ins without their policies, sorted by distribution and entry point.

        Faulty plug-ins have a `fault`.
        """
        return tuple(check(load(found)) for found in self.finder())

    @cached_property
    def plugins_with_policies(self) -> tuple[CheckedPlugin, ...]:
        """All plug-ins with their policies, in the order of `plugins`; faulty policies are a `fault` too."""
        return tuple(with_policies(plugin) for plugin in self.plugins)

    def _needed_for(self, kind: Kind) -> tuple[CheckedPlugin, ...]:
        return self.plugins if kind == "scorers" else self.plugins_with_policies

    def providers(self, kind: Kind) -> Mapping[str, tuple[CheckedPlugin, ...]]:
        """Return the plug-ins that provide each name, sorted by name; a name of several plug-ins is a conflict."""
        names: dict[str, list[CheckedPlugin]] = {}
        for plugin in self._needed_for(kind):
            for name in getattr(plugin, kind):
                names.setdefault(name, []).append(plugin)
        return {name: tuple(names[name]) for name in sorted(names)}

    def summaries(self, kind: Kind) -> dict[str, str]:
        """Return the description in one line of each name that one plug-in provides, sorted by name."""
        claimed = self.providers(kind).items()
        return {name: self.scheme(name, kind).summary for name, claimants in claimed if len(claimants) == 1}

    def scheme(self, name: str, kind: Kind = "scorers") -> Scheme:
        """Return the scheme called `name`.

        Raises UnknownNameError if no plug-in provides it, ConflictError if several do.
        """
        providers = self.providers(kind)
        claimants = providers.get(name, ())
        if not claimants:
            faults = "".join(f" {plugin.who} {plugin.fault}." for plugin in self._needed_for(kind) if plugin.fault)
            faults += "".join(f" {stray}." for stray in self.strays)
            what = "scorer" if kind == "scorers" else "policy"
            raise UnknownNameError(
                f"there is no {what} {name!r}.{did_you_mean(name, providers)} There are: {listed(providers)}.{faults}",
                _function_hint(name),
            )
        if len(claimants) > 1:
            raise ConflictError(
                f"{name!r} is provided by {' and by '.join(plugin.who for plugin in claimants)}; uninstall one of them"
            )
        (plugin,) = claimants
        function = getattr(plugin, kind)[name]
        return Scheme(name, function, plugin.found.distribution, plugin.found.version)

    def scorer(self, name: str, /, **parameters: Any) -> Scorer:
        """Return the scorer that the scheme `name` makes from these parameters."""
        return self.scheme(name).scorer(**parameters)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that plug-ins add to the standard ones, without `disputed_fields`."""
        fields = {item.name: item for plugin in self.plugins for item in plugin.fields}
        disputed = self.disputed_fields
        return tuple(item for name, item in fields.items() if name not in disputed)

    @property
    def disputed_fields(self) -> Mapping[str, tuple[CheckedPlugin, ...]]:
        """The fields that several plug-ins define differently, with these plug-ins by name; they can't be used."""
        definitions: dict[str, dict[Field, CheckedPlugin]] = {}
        for plugin in self.plugins:
            for item in plugin.fields:
                definitions.setdefault(item.name, {}).setdefault(item, plugin)
        return {name: tuple(claims.values()) for name, claims in definitions.items() if len(claims) > 1}


def _function_hint(name: str) -> Hint | None:
    """Return how to give a function if a name is `module:function` or a file of Python, else None."""
    module, _, function = name.partition(":")
    if not module or (not function and not module.endswith(".py")):
        return None
    module = module.removesuffix(".py").replace("/", ".").lstrip(".")
    return Hint(
        f"Give the function itself, not its name: from {module} import {function or 'FUNCTION'}.",
        f"Give the module and its function: {module}:{function or 'FUNCTION'}.",
    )


@cache
def default_registry() -> Registry:
    """Return the registry of this environment."""
    return Registry()


def scorer(scheme: str | Callable[..., Scorer] | Scorer, /, **parameters: Any) -> Scorer:
    """Return a scorer: a plug-in's by name, `scorer("abcde", by="profit")`, or that of a function.

    scheme: a name, a function that returns a Scorer, or a Scorer, which is returned unchanged. parameters: the scheme's
    parameters.

    Raises UnknownNameError, ConflictError, ParameterError or PluginError; see `Registry.scheme` and `Scheme.make`.
    """
    if isinstance(scheme, Scorer):
        if parameters:
            raise ParameterError(f"a ready Scorer takes no parameters; received {listed(parameters)}")
        return scheme
    if callable(scheme):
        return Scheme.of(scheme).scorer(**parameters)
    if not isinstance(scheme, str):
        hint = "; call .scorer() on it" if hasattr(scheme, "scorer") else ""
        raise ParameterError(f"a scorer must be a name, a function or a Scorer; received {shown(scheme)}{hint}")
    return default_registry().scorer(scheme, **parameters)


def scorer_or_model(
    given: str | Callable[..., Scorer] | Scorer | GradingModel, parameters: Mapping[str, Any]
) -> Scorer | GradingModel:
    """Return a model unchanged, and else what `scorer` returns.

    Raises FieldError for parameters of a model, and what `scorer` raises.
    """
    if not isinstance(given, GradingModel):
        return scorer(given, **parameters)
    if parameters:
        raise FieldError(f"received {listed(parameters)}, but a fitted model takes no parameters; leave them out")
    return given


def scorers() -> dict[str, str]:
    """Return the names of all scorers of plug-ins, each with its description in one line, sorted by name.

    A name that several plug-ins provide is left out; `custgrade plugins` shows it.
    """
    return default_registry().summaries("scorers")
