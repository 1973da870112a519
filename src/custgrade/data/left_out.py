"""The counts of rows and customers that ingest left out, by reason."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.data.converters import parts_of
from custgrade.errors import FieldError
from custgrade.text import counted


def _examples(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "examples of what was left out", FieldError)


@frozen
class LeftOut:
    """Rows or customers of a source that are not in a base, for one reason.

    reason: why they are left out, in words.
    count: how many are left out.
    what: the noun for what is counted, in the plural, for example `order lines` or `customers`.
    examples: the first few, with row or line numbers if known.
    """

    reason: str
    count: int
    what: str = "rows"
    examples: tuple[str, ...] = field(default=(), converter=_examples)

    def __str__(self) -> str:
        return f"{counted(self.count, self.what)}: {self.reason}"
