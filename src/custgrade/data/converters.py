"""Converters that make what attrs classes hold immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


def tupled(value: Iterable[Any]) -> tuple[Any, ...]:
    """Return any iterable as a tuple; a text as its characters."""
    return tuple(value)


def texts(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return one text, or several, as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


def read_only(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a read-only copy of a mapping."""
    return MappingProxyType(dict(value))


def locked(array: Any) -> Any:
    """Return an array after making it read-only."""
    array.flags.writeable = False
    return array
