"""One customer's record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import field, frozen, validators

from custgrade.errors import FieldError


def _values(given: Mapping[str, Any]) -> Mapping[str, float]:
    values = {}
    for name, value in given.items():
        if isinstance(value, (str, bytes)) or not isinstance(name, str):
            raise FieldError(f"a customer's {name!r} is {value!r}; field names are text and values numbers or None")
        try:
            values[name] = math.nan if value is None else float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise FieldError(f"a customer's {name!r} is {value!r}; values are numbers or None") from error
    return MappingProxyType(values)


@frozen
class Customer:
    """One record: an id and the values of its input fields; what is missing or None is unknown.

    `Customer("C-17", {"revenue": 1200, "profit": 310})`
    """

    id: str = field(validator=validators.instance_of(str))
    values: Mapping[str, float] = field(factory=dict, converter=_values)

    def __iter__(self) -> Iterator[str]:
        """The names of the fields that are given."""
        return iter(self.values)

    def __getitem__(self, name: str) -> float:
        """The value of input field `name`, NaN where it is unknown."""
        return self.values.get(name, math.nan)
