"""Converters for attrs classes: they make attributes read-only and check the types of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from custgrade.errors import CustgradeError
from custgrade.text import shown

Key = TypeVar("Key")
Value = TypeVar("Value")


class ReadOnly(dict[Key, Value]):
    """A read-only mapping that, unlike `types.MappingProxyType`, can be pickled."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping is read-only; change a copy of it: dict(mapping)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __copy__(self) -> ReadOnly[Key, Value]:
        return self


def tupled(value: Iterable[Any]) -> tuple[Any, ...]:
    """Return an iterable as a tuple; a text gives its characters."""
    return tuple(value)


def parts_of(kind: type, value: Any, what: str, error: type[CustgradeError]) -> tuple[Any, ...]:
    """Return one part, or an iterable of parts, as a tuple.

    kind: the type of each part. what: the name of the parts, a plural, for the error.

    Raises `error` if a part has another type.
    """
    if isinstance(value, kind):
        return (value,)
    good = isinstance(value, Iterable) and not isinstance(value, (str, bytes))
    items = tuple(value) if good else ()
    odd = [item for item in items if not isinstance(item, kind)]
    if odd or not good:
        name = "texts" if kind is str else kind.__name__
        raise error(f"{what} are a list of {name}; received {shown(odd[0] if odd else value)}")
    return items


def read_only(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a read-only copy of a mapping."""
    return ReadOnly(value)


def locked(array: Any) -> Any:
    """Make an array read-only, and return it."""
    array.flags.writeable = False
    return array
