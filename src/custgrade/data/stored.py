"""Columns on disk, for data that is too large for memory."""

from __future__ import annotations

from typing import Any
from weakref import finalize

import numpy as np
import numpy.typing as npt

from custgrade.errors import OutputError

_SAMPLED_AT_ONCE = 1 << 20


class StoredColumn:
    """A column of shape (n,) in a temporary file, which is deleted together with the column or the process.

    Values are added at the end. A slice gives a read-only memory-mapped array.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float64) -> None:
        # importing tempfile takes longer than grading a small base
        from tempfile import TemporaryFile

        self.dtype = np.dtype(dtype)
        self._file = TemporaryFile(prefix="custgrade-", buffering=0)  # noqa: SIM115  # it outlives this call
        self._size = 0
        finalize(self, self._file.close)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Add values at the end.

        Raises OutputError if they can't be written, for example to a full disk.
        """
        rest = memoryview(np.ascontiguousarray(values, dtype=self.dtype).data).cast("B")
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            from tempfile import gettempdir

            where = f"no room for temporary files in {gettempdir()}: {error.strerror or error}"
            raise OutputError(f"{where}; set TMPDIR to a folder on another disk") from error
        self._size += len(values)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, rows: slice) -> npt.NDArray[Any]:
        start, stop, step = rows.indices(self._size)
        if step != 1:
            return self._every(start, stop, step)
        if stop <= start:
            return np.empty(0, dtype=self.dtype)
        return np.memmap(self._file, self.dtype, "r", start * self.dtype.itemsize, (stop - start,)).view(np.ndarray)

    def _every(self, start: int, stop: int, step: int) -> npt.NDArray[Any]:
        """Return every `step`-th value; the file is read in pieces, so that little of it is in memory at a time."""
        if step < 0:
            raise IndexError(f"a stored column has no slices with a negative step; received {step}")
        at_once = step * max(1, _SAMPLED_AT_ONCE // step)
        pieces = [self[first : min(first + at_once, stop)][::step].copy() for first in range(start, stop, at_once)]
        return np.concatenate(pieces) if pieces else np.empty(0, dtype=self.dtype)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self[:], dtype=dtype)
