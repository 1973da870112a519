"""Column views: input columns together with the derived columns computed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from custgrade.data.field import Field


class ColumnView(Mapping[str, Any]):
    """Input columns, and derived columns that are recomputed on every access."""

    def __init__(self, columns: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
        self._columns, self._fields = columns, fields

    def __getitem__(self, name: str) -> Any:
        if name in self._columns:
            return self._columns[name]
        definition = self._fields.get(name)
        if definition is None or definition.derive is None:
            raise KeyError(name)
        with np.errstate(all="ignore"):
            return definition.derive(self)

    def __iter__(self) -> Iterator[str]:
        yield from self._columns
        for name in self._fields:
            if name not in self._columns and name in self:
                yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        if name in self._columns:
            return True
        definition = self._fields.get(name) if isinstance(name, str) else None
        return definition is not None and definition.derived and all(part in self for part in definition.parts)
