"""Checks of the arguments that several functions take, with errors in the form `X must be Y; received Z`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

from custgrade.errors import CustgradeError, FieldError
from custgrade.text import shown

_NOT_ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_one_of(value: object, texts: Iterable[str]) -> bool:
    """Return whether a value is one of these texts; False for arrays, which can't be compared with texts."""
    return isinstance(value, str) and value in texts


def is_one_line(value: object) -> bool:
    """Return whether a value is a text that UTF-8 can hold, without control characters such as line breaks."""
    return isinstance(value, str) and not _NOT_ONE_LINE.search(value)


def float_of(value: object) -> float | None:
    """Return a number as a float; None for truth values, texts, other objects, and numbers beyond float64."""
    if isinstance(value, (Real, Decimal)) and not isinstance(value, bool):
        try:
            return float(value)
        except (OverflowError, ValueError):
            return None
    return None


def check_text(value: object, name: str, error: type[CustgradeError] = FieldError) -> None:
    """Raise `error` unless a value is a text of one line; name: the argument's name."""
    if not is_one_line(value):
        raise error(f"{name} must be a text of one line; received {shown(value)}")


def check_columns(given: object) -> None:
    """Raise FieldError unless `given` is a mapping of fields to column names, or None."""
    if given is not None and not isinstance(given, Mapping):
        raise FieldError(
            f"received {shown(given)} for columns; give a mapping of fields to column names, such as "
            "{'revenue': 'Sales'}"
        )


def mapping_of(given: Any, what: str, error: type[CustgradeError]) -> Mapping[Any, Any]:
    """Return a mapping, or a data frame with `items`, unchanged; what: its name, for the error.

    Raises `error` for any other object.
    """
    if not callable(getattr(given, "items", None)):
        raise error(f"{what} must be a mapping; received {shown(given)}")
    found: Mapping[Any, Any] = given
    return found
