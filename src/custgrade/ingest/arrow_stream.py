"""Results of the engine batch by batch, as numpy arrays, through the Arrow C stream interface.

The interface is a fixed layout of memory (https://arrow.apache.org/docs/format/CStreamInterface.html), so no Arrow
library is needed, whose import would take longer than grading a small file.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import SourceError

if TYPE_CHECKING:
    import duckdb


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


def batches(
    relation: duckdb.DuckDBPyRelation, kinds: Sequence[npt.DTypeLike], label: str
) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Yield the columns of a relation, batch after batch in its order; they may be used until the next is asked for.

    kinds: the numpy types of its columns, all of numbers of a fixed width and without NULL. label: what is read.

    Raises SourceError when the engine fails meanwhile.
    """
    capsule = relation.__arrow_c_stream__()
    address = ctypes.pythonapi.PyCapsule_GetPointer
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = ctypes.cast(address(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, ctypes.byref(batch)):
            message = stream.contents.get_last_error(stream) or b"the engine gives no reason"
            raise SourceError(f"{label} can't be read: {message.decode(errors='replace').splitlines()[0]}")
        if not batch.release:
            return
        try:
            yield tuple(_values(batch.children[k].contents, np.dtype(kind)) for k, kind in enumerate(kinds))
        finally:
            batch.release(ctypes.byref(batch))


def _values(column: Any, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    if not column.length:
        return np.empty(0, dtype=kind)
    size = (column.offset + column.length) * kind.itemsize
    buffer = (ctypes.c_char * size).from_address(column.buffers[1])
    return np.frombuffer(buffer, dtype=kind)[column.offset :]
