"""Columns that record how a score with traceable=False uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

_INEXACT = """
    exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 power float_power pow cbrt hypot sin cos tan arcsin arccos
    arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh sinc i0 dot vdot inner outer matmul einsum tensordot vecdot
    matvec vecmat polyfit convolve correlate interp
"""
INEXACT = frozenset(_INEXACT.split())
"""Functions of numpy whose bits depend on the machine, the memory layout or the number of rows."""

_EXACT_MATH = """
    ceil comb copysign degrees fabs factorial floor fma fmod frexp fsum gcd isclose isfinite isinf isnan isqrt lcm ldexp
    modf nextafter perm prod radians remainder sqrt sumprod trunc ulp
"""
EXACT_MATH = frozenset(_EXACT_MATH.split())
"""Functions of `math` that are exactly rounded on every machine."""

_NARROW = (np.dtype(np.float32), np.dtype(np.float16))


class ColumnUses:
    """The recorded uses of columns: functions, narrow dtypes, names of columns, and ways around the columns."""

    def __init__(self) -> None:
        self.functions: dict[str, None] = {}
        self.narrow: dict[str, None] = {}
        self.names: dict[str, None] = {}
        self.bypasses: dict[str, None] = {}

    @property
    def inexact(self) -> list[str]:
        """The functions called that aren't exactly rounded."""
        return [name for name in self.functions if name.split()[0].split(".")[0] in INEXACT]


def recording_array(values: npt.NDArray[np.float64], uses: ColumnUses) -> npt.NDArray[np.float64]:
    """Return a writable copy of a column that records the functions of numpy that are called with it."""

    class Column(np.ndarray):
        def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
            uses.functions[ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"] = None
            plain = tuple(_plain(item) for item in inputs)
            for item in plain:
                if getattr(item, "dtype", None) in _NARROW:
                    uses.narrow[f"{item.dtype} in {ufunc.__name__}"] = None
            if out:
                options["out"] = tuple(_plain(item) for item in out)
            options = {key: _plain(item) for key, item in options.items()}
            result = getattr(ufunc, method)(*plain, **options)
            if out:
                return out[0] if len(out) == 1 else out
            return _as_recording(result, type(self))

        def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
            uses.functions[function.__name__] = None
            return _as_recording(super().__array_function__(function, types, inputs, options), type(self))

        def astype(self, dtype: Any, *inputs: Any, **options: Any) -> Any:
            if np.dtype(dtype) in _NARROW:
                uses.narrow[f"{np.dtype(dtype)} in astype"] = None
            return np.ndarray.astype(self, dtype, *inputs, **options)

        def dot(self, *inputs: Any, **options: Any) -> Any:
            uses.functions["dot"] = None
            return np.ndarray.dot(self, *inputs, **options)

        @property
        def base(self) -> Any:
            uses.bypasses["a column's .base, where the rows of other batches are"] = None
            return np.ndarray.base.__get__(self)

    return np.array(values, dtype=np.float64).view(Column)


def _plain(item: Any) -> Any:
    if isinstance(item, tuple):
        return tuple(map(_plain, item))
    return item.view(np.ndarray) if isinstance(item, np.ndarray) and type(item) is not np.ndarray else item


def _as_recording(result: Any, kind: type[npt.NDArray[Any]]) -> Any:
    if isinstance(result, tuple):
        return tuple(_as_recording(item, kind) for item in result)
    return result.view(kind) if type(result) is np.ndarray else result


class RecordingColumns(Mapping[str, Any]):
    """The columns that a score is run on, which record the names that are read."""

    def __init__(self, columns: Mapping[str, npt.NDArray[np.float64]], uses: ColumnUses) -> None:
        self._arrays = {name: recording_array(column, uses) for name, column in columns.items()}
        self._uses = uses

    def __getitem__(self, name: str) -> Any:
        self._uses.names[name] = None
        return self._arrays[name]

    def __contains__(self, name: object) -> bool:
        self._uses.names[str(name)] = None
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        self._uses.bypasses["the list of all columns"] = None
        return iter(self._arrays)

    def __len__(self) -> int:
        self._uses.bypasses["the number of columns"] = None
        return len(self._arrays)

    def __getattr__(self, name: str) -> Any:
        self._uses.bypasses[f"the table's .{name}"] = None
        raise AttributeError(f"a score may not use .{name} of the columns")

    def changed(self, columns: Mapping[str, npt.NDArray[np.float64]]) -> list[str]:
        """Return the names of columns that have changed."""
        return [
            name
            for name, column in columns.items()
            if np.asarray(self._arrays[name]).view(np.ndarray).tobytes() != column.tobytes()
        ]
