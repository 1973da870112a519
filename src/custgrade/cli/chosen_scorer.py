"""The scorer or policy that a command line names: a plug-in's, a user's function, or a TOML file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from attrs import frozen

from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.registry.registry import Kind, Scheme, default_registry
from custgrade.text import did_you_mean, listed


@frozen
class _KindOfScheme:
    """What the command line needs to know of a kind of schemes: its option, what it makes, and how it reads a file."""

    option: str
    makes: Callable[[], type]
    read: Callable[[str], Callable[[], Any]]


def _scorecard(file: str) -> Callable[[], Scorer]:
    """Return a function that makes the scorer of a scorecard file."""
    from custgrade.builders.scorecard_file import read_scorecard

    card = read_scorecard(file)

    def scorecard() -> Scorer:
        return card.scorer()

    criteria = ", ".join(criterion.field for criterion in card.criteria)
    scorecard.__doc__ = f"Grade customers by the scorecard in this file: a weighted mean of points for {criteria}."
    return scorecard


def _policy(file: str) -> Callable[[], Any]:
    """Return a function that returns the policy of a policy file."""
    from custgrade.policy_files.reading import read_policy

    read = read_policy(file)

    def policy() -> Any:
        return read

    policy.__doc__ = read.purpose
    return policy


def _policy_class() -> type:
    from custgrade.planning.policy import Policy

    return Policy


_KINDS: Mapping[Kind, _KindOfScheme] = {
    "scorers": _KindOfScheme("--scorer", lambda: Scorer, _scorecard),
    "policies": _KindOfScheme("--policy", _policy_class, _policy),
}


def saved_model(path: str, scorer: str | None) -> GradingModel:
    """Return the model saved at `path`.

    scorer: the name of its scorer, if it isn't a plug-in's; see `scheme`.

    Raises what `load_model` and `scheme` raise.
    """
    from custgrade.registry.models import load_model

    return load_model(path, scheme(scorer).function if scorer else None)


def scheme(name: str, kind: Kind = "scorers") -> Scheme:
    """Return the scheme of a name.

    name: a plug-in's scheme, `module:function`, or a scorecard or policy file that ends in `.toml`. Modules are also
    searched in the current folder.

    Raises UnknownNameError or ConflictError for a plug-in's name, ConfigurationError for a module or a file.
    """
    wanted = _KINDS[kind]
    if name.lower().endswith(".toml"):
        return Scheme(name, wanted.read(name))
    module_name, _, attribute = name.partition(":")
    if ":" not in name or module_name.endswith(".py"):
        # the error for the name of a file says how to name its function
        return default_registry().scheme(name, kind)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = import_module(module_name)
    except CustgradeError:
        raise
    except (Exception, SystemExit) as error:
        raise ConfigurationError(
            f"module {module_name!r} of {wanted.option} {name} can't be imported: {type(error).__name__}: {error}"
        ) from error
    found = getattr(module, attribute, None)
    if isinstance(found, wanted.makes()):
        ready = found
        return Scheme(name, lambda: ready)
    if not callable(found):
        own = {key: value for key, value in vars(module).items() if getattr(value, "__module__", "") == module_name}
        known = [key for key, value in own.items() if callable(value) and not key.startswith("_")]
        raise ConfigurationError(
            f"module {module_name!r} has no function {attribute!r}.{did_you_mean(attribute, known)} "
            f"It has: {listed(known)}."
        )
    return Scheme(name, found)
