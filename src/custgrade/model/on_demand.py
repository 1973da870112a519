"""Columns that are computed when they are first read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.converters import locked


class OnDemand(Mapping[str, Any]):
    """Columns by name, each computed when it is first read."""

    def __init__(self, names: tuple[str, ...], compute: Callable[[str], npt.NDArray[np.float64]]) -> None:
        self._names, self._compute = names, compute
        self._columns: dict[str, npt.NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._columns:
            self._columns[name] = locked(self._compute(name))
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
