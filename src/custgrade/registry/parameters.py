"""The parameters of schemes: read from the signature, and checked before each call."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from numbers import Integral, Real
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from attrs import field, frozen

from custgrade.errors import ParameterError, PluginError
from custgrade.settings import Setting
from custgrade.text import did_you_mean, listed, shown

_NOTHING = inspect.Parameter.empty
_MOST_BITS = 1 << 13


@frozen
class Parameter:
    """One parameter of a scheme; a parameter without a default is `required`."""

    name: str
    annotation: Any = field(repr=False)
    default: Any
    required: bool
    setting: Setting

    @property
    def type_name(self) -> str:
        """The type in words."""
        return type_name(self.annotation)


def parameters_of(function: Callable[..., Any], name: str) -> tuple[Parameter, ...]:
    """Return the parameters of a scheme's function.

    Raises PluginError if the signature has parameters that flags and TOML can't set.
    """
    try:
        signature = inspect.signature(function)
        hints = typing.get_type_hints(getattr(function, "func", function), include_extras=True)
    except Exception as error:
        raise PluginError(f"the signature of {name!r} can't be read: {error}") from error
    parameters = []
    for item in signature.parameters.values():
        if item.kind not in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY):
            raise PluginError(f"{name!r} takes {item}; each parameter of a scheme must have its own name")
        annotation, setting = hints.get(item.name, Any), Setting("")
        if get_origin(annotation) is Annotated:
            annotation, *extras = get_args(annotation)
            setting = next((extra for extra in extras if isinstance(extra, Setting)), setting)
        required = item.default is _NOTHING
        parameters.append(Parameter(item.name, annotation, None if required else item.default, required, setting))
    return tuple(parameters)


def filled(parameters: Sequence[Parameter], given: Mapping[str, Any], scheme: str) -> dict[str, Any]:
    """Return all arguments of a scheme, defaults included.

    Raises ParameterError for a given argument that is unknown or of the wrong type, and for a missing one.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise ParameterError(
                f"{scheme!r} has no parameter {name!r}.{did_you_mean(name, known)} It has: {listed(known)}."
            )
    missing = [name for name, parameter in known.items() if parameter.required and name not in given]
    if missing:
        raise ParameterError(
            f"{scheme!r} needs {listed(missing)}, which {'has' if len(missing) == 1 else 'have'} no default"
        )
    arguments = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if name in given and (huge := _too_long(value, name)):
            raise ParameterError(f"{huge} of {scheme!r} has thousands of digits; give a smaller number")
        if name in given and not fits(value, parameter.annotation):
            raise ParameterError(
                f"parameter {name!r} of {scheme!r} must be a {parameter.type_name}; received {shown(value)}, "
                f"a {type_name(type(value))}"
            )
        arguments[name] = value
    return arguments


def _too_long(value: Any, name: str) -> str | None:
    """Return the name of a whole number in a value that is too long to print, such as `floors.revenue`, or None."""
    if isinstance(value, int):
        return name if value.bit_length() > _MOST_BITS else None
    parts: Iterable[tuple[str, Any]] = ()
    if isinstance(value, Mapping):
        parts = ((f"{name}.{key}", item) for key, item in value.items())
    elif isinstance(value, (list, tuple)):
        parts = ((name, item) for item in value)
    return next((found for part, item in parts if (found := _too_long(item, part))), None)


def fits(value: Any, annotation: Any) -> bool:
    """Return whether a value fits an annotation; a whole number fits `float`, a truth value only fits `bool`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Any or isinstance(annotation, typing.TypeVar):
        return True
    if origin is Annotated:
        return fits(value, arguments[0])
    if origin in (Union, types.UnionType):
        return any(fits(value, option) for option in arguments)
    if origin is Literal:
        return any(type(value) is type(option) and value == option for option in arguments)
    if annotation in (None, type(None)):
        return value is None
    if annotation is float:
        # a Fraction can't be saved as a number
        return isinstance(value, Real) and not isinstance(value, (bool, Fraction))
    if annotation is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    kind = origin or annotation
    if not isinstance(kind, type):
        return True
    if issubclass(kind, Mapping):
        return isinstance(value, Mapping) and (
            not arguments or all(fits(k, arguments[0]) and fits(v, arguments[1]) for k, v in value.items())
        )
    if issubclass(kind, (list, tuple)) or kind is Sequence:
        if kind is tuple and arguments and arguments[-1] is not ...:
            same = isinstance(value, (list, tuple)) and len(value) == len(arguments)
            return same and all(map(fits, value, arguments))
        items = [option for option in arguments if option is not ...]
        return isinstance(value, (list, tuple)) and (not items or all(fits(item, items[0]) for item in value))
    return isinstance(value, kind)


_NAMES = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "truth value",
    Fraction: "fraction",
    type(None): "nothing",
    list: "list",
    tuple: "list",
    dict: "table",
}


def type_name(annotation: Any) -> str:
    """Return an annotated type in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_name(arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_name(option) for option in arguments if option is not Fraction))
    if origin is Literal:
        return "choice of " + ", ".join(repr(option) for option in arguments)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"table of {_plural(type_name(arguments[1]))}"
    if origin is not None and arguments:
        return f"list of {_plural(type_name(arguments[0]))}"
    if annotation is Any:
        return "value of any type"
    return _NAMES.get(annotation, getattr(annotation, "__name__", "value of any type"))


def _plural(name: str) -> str:
    """Return the plural of a type: `texts or numbers`, `tables of texts`."""
    parts = []
    for part in name.split(" or "):
        noun, of, rest = part.partition(" of ")
        parts.append(f"{noun}s{of}{rest}")
    return " or ".join(parts)
