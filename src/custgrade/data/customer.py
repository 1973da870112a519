"""One customer's record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.data.converters import read_only
from custgrade.data.ids import id_text
from custgrade.errors import FieldError
from custgrade.text import shown


def _values(given: Mapping[str, Any]) -> Mapping[str, float]:
    values = {}
    for name, value in mapping_of(given, "the values of a customer", FieldError).items():
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
        except OverflowError as error:
            raise FieldError(
                f"a customer's {name!r} is {shown(value)}, which is too large; values must be below 1.8e308"
            ) from error
        except (TypeError, ValueError) as error:
            raise FieldError(f"a customer's {name!r} is {shown(value)}; values are numbers or None") from error
    return read_only(values)


@frozen
class Customer:
    """One customer: an id, and the values of its input fields; a field that is missing or None is unknown.

    id: a text, or a whole number, which becomes text. values: numbers by field.

    `Customer("C-17", {"revenue": 1200, "profit": 310})`
    """

    id: str = field(converter=id_text)
    values: Mapping[str, float] = field(factory=dict, converter=_values)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the given fields."""
        return iter(self.values)

    def __getitem__(self, name: str) -> float:
        """Return the value of the input field `name`, NaN if unknown."""
        return self.values.get(name, math.nan)
