"""Results of DuckDB as numpy arrays, batch by batch, through the Arrow C stream interface.

The interface is a fixed layout of memory (https://arrow.apache.org/docs/format/CStreamInterface.html), so it needs no
Arrow library; importing one would take longer than grading a small file. The memory is read without copying, so its
layout is checked first.
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

_FORMATS = {
    "i1": "c",
    "u1": "C",
    "i2": "s",
    "u2": "S",
    "i4": "i",
    "u4": "I",
    "i8": "l",
    "u8": "L",
    "f4": "f",
    "f8": "g",
}
"""The names of types in the interface, by their names in numpy."""
_STRUCT = b"+s"


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p),
]
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
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


def batches(
    relation: duckdb.DuckDBPyRelation, kinds: Sequence[npt.DTypeLike], label: str
) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Yield the columns of a relation as arrays, in batches of rows in order.

    The arrays of a batch become invalid when the next batch is read.

    relation: a DuckDB relation, or any object with an Arrow C stream. kinds: the numpy types of its columns, numbers of
    a fixed width without NULL. label: the name of the relation in messages.

    Raises SourceError when the columns have other types or hold NULL, and when the stream can't be read.
    """
    capsule = relation.__arrow_c_stream__()
    address = ctypes.pythonapi.PyCapsule_GetPointer
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = ctypes.cast(address(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    dtypes = [np.dtype(kind) for kind in kinds]
    _check_schema(stream, dtypes, label)
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, ctypes.byref(batch)):
            raise _failure(stream, label)
        if not batch.release:
            return
        try:
            _check_batch(batch, len(dtypes), label)
            yield tuple(_values(batch, k, kind, label) for k, kind in enumerate(dtypes))
        finally:
            batch.release(ctypes.byref(batch))


def _failure(stream: Any, label: str) -> SourceError:
    message = stream.contents.get_last_error(stream) or b"DuckDB gives no reason"
    return SourceError(f"{label} can't be read: {message.decode(errors='replace').splitlines()[0]}")


def _check_schema(stream: Any, kinds: Sequence[np.dtype[Any]], label: str) -> None:
    """Raise SourceError unless the stream has columns of these types."""
    schema = _Schema()
    if stream.contents.get_schema(stream, ctypes.byref(schema)):
        raise _failure(stream, label)
    try:
        if schema.format != _STRUCT or schema.n_children != len(kinds):
            raise _unlike(label, f"{schema.n_children} columns of format {schema.format!r}", f"{len(kinds)} columns")
        for k, kind in enumerate(kinds):
            column = schema.children[k].contents
            found = (column.format or b"").decode(errors="replace")
            if found != _FORMATS[kind.str[1:]] or column.dictionary or not kind.isnative:
                raise _unlike(label, f"format {found!r} in column {k + 1}", f"{kind} ({_FORMATS[kind.str[1:]]!r})")
    finally:
        schema.release(ctypes.byref(schema))


def _unlike(label: str, received: str, wanted: str) -> SourceError:
    return SourceError(f"{label} can't be read: the Arrow stream has {received}; expected {wanted}")


def _check_batch(batch: Any, width: int, label: str) -> None:
    """Raise SourceError unless a batch has `width` columns and no rows that are NULL as a whole."""
    if batch.n_children != width:
        raise _unlike(label, f"a batch of {batch.n_children} columns", f"{width} columns")
    if _missing(batch):
        raise _unlike(label, "rows that are NULL as a whole", "a value in every cell")


def _missing(array: Any) -> bool:
    """Return whether an array holds NULL: its first buffer has a bit for each value, 0 for NULL."""
    if not array.length or not array.null_count or not array.n_buffers or not array.buffers[0]:
        return False
    end = array.offset + array.length
    bits = np.frombuffer((ctypes.c_char * ((end + 7) // 8)).from_address(array.buffers[0]), dtype=np.uint8)
    return not np.unpackbits(bits, count=end, bitorder="little")[array.offset :].all()


def _values(batch: Any, place: int, kind: np.dtype[Any], label: str) -> npt.NDArray[Any]:
    """Return a column of a batch as an array over DuckDB's memory.

    Raises SourceError when it is too short, has no values, or holds NULL.
    """
    column = batch.children[place].contents
    if not batch.length:
        return np.empty(0, dtype=kind)
    if column.length < batch.offset + batch.length:
        raise _unlike(label, f"{column.length} values in column {place + 1}", f"{batch.offset + batch.length} of them")
    if column.n_buffers != 2 or not column.buffers[1] or _missing(column):
        raise _unlike(label, f"NULL in column {place + 1}", "a value in every cell")
    start = column.offset + batch.offset
    size = (start + batch.length) * kind.itemsize
    buffer = (ctypes.c_char * size).from_address(column.buffers[1])
    return np.frombuffer(buffer, dtype=kind)[start:]
