"""One customer's record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen, validators

from custgrade.data.converters import read_only
from custgrade.errors import FieldError
from custgrade.text import shown


def _values(given: Mapping[str, Any]) -> Mapping[str, float]:
    values = {}
    for name, value in given.items():
        if isinstance(value, (str, bytes)) or not isinstance(name, str):
            raise FieldError(
                f"a customer's {name!r} is {shown(value)}; field names are texts, and values are numbers or None"
            )
        if isinstance(value, (bool, np.bool_)):
            raise FieldError(
                f"a customer's {name!r} is {value}; a field's value is a number or None: give {int(value)}"
            )
        try:
            values[name] = math.nan if value is None else float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise FieldError(f"a customer's {name!r} is {shown(value)}; values are numbers or None") from error
    return read_only(values)


@frozen
class Customer:
    """One customer: an id, and the values of its input fields; a field that is missing or None is unknown.

    `Customer("C-17", {"revenue": 1200, "profit": 310})`
    """

    id: str = field(validator=validators.instance_of(str))
    values: Mapping[str, float] = field(factory=dict, converter=_values)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the given fields."""
        return iter(self.values)

    def __getitem__(self, name: str) -> float:
        """Return the value of the input field `name`, NaN if unknown."""
        return self.values.get(name, math.nan)
