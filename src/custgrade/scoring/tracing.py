"""Tracing: a score is run once on symbolic columns, which yields its graph or refuses it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from attrs import field, frozen

from custgrade.data.field import ColumnFunction, Field
from custgrade.errors import CustgradeError, TracingError
from custgrade.scoring import graph
from custgrade.scoring.graph import Node

_ALLOWED = (
    "A score may use + - * / and comparisons, & | ~, np.where, minimum, maximum, clip, sqrt, abs, floor, ceil, isnan, "
    "and what custgrade.functions offers (exp, log, power, mean_of_known)."
)


def _refuse(what: str, instead: str = _ALLOWED) -> NoReturn:
    raise TracingError(f"{what}. {instead}")


class Column(np.lib.mixins.NDArrayOperatorsMixin):
    """A symbolic column: it stands for float64 or truth values of any number of customers."""

    __slots__ = ("node",)
    __hash__ = object.__hash__

    def __init__(self, node: Node) -> None:
        self.node = node

    def __bool__(self) -> bool:
        _refuse("a column has no single truth value", "Write np.where(condition, a, b) instead of `if`, `and`, max().")

    def _one_number(self, *_: Any) -> NoReturn:
        _refuse(
            "a column is not one number", "Keep the score elementwise: np.sqrt, not math.sqrt; no float() or int()."
        )

    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _one_number

    def __len__(self) -> int:
        _refuse("a score may not depend on how many customers there are", "It sees one customer at a time.")

    def __iter__(self) -> Iterator[Any]:
        _refuse("a score may not loop over customers", "Write it for whole columns, with np.where.")

    def __getitem__(self, key: Any) -> NoReturn:
        _refuse("indexing a column is not row-local", "Use np.where(condition, a, b).")

    def __setitem__(self, key: Any, value: Any) -> None:
        _refuse("assigning into a column would change its input", "Use np.where(condition, a, b).")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        _refuse("a score may not turn columns into arrays, lists or sums over customers")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(f"a column has no .{name} here")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Column:
        name = ufunc.__name__ + ("" if method == "__call__" else f".{method}")
        if name not in _TRACED or options:
            shown = f"np.{name}" + (f" with {', '.join(options)}" if options else "")
            _refuse(f"{shown} is not row-local or not exactly rounded, so its bits would differ between engines")
        column: Column = _TRACED[name](*inputs)
        return column

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        name = function.__name__
        if name not in _TRACED:
            _refuse(f"np.{name} is not row-local or not exactly rounded, so its bits would differ between engines")
        try:
            return _TRACED[name](*inputs, **options)
        except TypeError as error:
            if isinstance(error, TracingError):
                raise
            raise TracingError(f"np.{name} was called in a way that can't be traced: {error}. {_ALLOWED}") from error


for _operator in ("add", "sub", "mul", "truediv", "and", "or", "pow"):
    # `total += points` makes a new column; nothing is changed in place
    setattr(Column, f"__i{_operator}__", getattr(Column, f"__{_operator}__"))


def _node(value: Any) -> Node:
    if isinstance(value, Column):
        return value.node
    if isinstance(value, (bool, np.bool_)):
        return Node("constant", value=bool(value), truth=True)
    if isinstance(value, (int, float, np.integer, np.floating)) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return Node("constant", value=float(value))
    raise TracingError(f"a column meets {value!r} of type {type(value).__name__}; only numbers and columns combine")


def _number(value: Any) -> Node:
    node = _node(value)
    if not node.truth:
        return node
    return Node("where", (node, Node("constant", value=1.0), Node("constant", value=0.0)))


def _truth(value: Any) -> Node:
    node = _node(value)
    return node if node.truth else Node("not_equal", (node, Node("constant", value=0.0)), truth=True)


def _is_truth(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, Column) and value.node.truth)


def _numeric(name: str) -> Callable[..., Column]:
    truth = name in graph.TRUTHS

    def operation(*values: Any) -> Column:
        if len(values) > 1 and name in ("add", "multiply", "subtract") and all(map(_is_truth, values)):
            _refuse(f"np.{name} of two conditions is a logical one in numpy", "Use np.where(condition, 1.0, 0.0).")
        return Column(Node(name, tuple(map(_number, values)), truth=truth))

    return operation


def _logical(name: str) -> Callable[..., Column]:
    return lambda *values: Column(Node(name, tuple(map(_truth, values)), truth=True))


def _where(condition: Any, one: Any, other: Any) -> Column:
    truth = _is_truth(one) and _is_truth(other)
    choose = _truth if truth else _number
    return Column(Node("where", (_truth(condition), choose(one), choose(other)), truth=truth))


def _select(conditions: Any, choices: Any, default: Any = 0.0) -> Any:
    result = default
    for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
        result = _where(condition, choice, result)
    return result


def _clip(column: Any, low: Any = None, high: Any = None) -> Any:
    if low is not None:
        column = _TRACED["maximum"](column, low)
    return column if high is None else _TRACED["minimum"](column, high)


def _power(base: Any, exponent: Any) -> Any:
    exponents = {1: lambda: +base, 2: lambda: base * base, 0.5: lambda: np.sqrt(base)}
    if isinstance(exponent, (int, float)) and exponent in exponents:
        return exponents[exponent]()
    _refuse(f"a power of {exponent!r} is not exactly rounded", "Use custgrade.functions.power, or products.")


def _nan_to_num(column: Any, copy: bool = True, nan: float = 0.0) -> Column:
    largest = float(np.finfo(np.float64).max)
    return _where(_TRACED["isnan"](column), nan, _clip(column, -largest, largest))


_TRACED: dict[str, Callable[..., Any]] = {
    **{name: _numeric(name) for name in graph.OPERATIONS if name != "where" and not name.startswith("logical")},
    **{name: _logical(name) for name in ("logical_and", "logical_or", "logical_not")},
    "true_divide": _numeric("divide"),
    "bitwise_and": _logical("logical_and"),
    "bitwise_or": _logical("logical_or"),
    "invert": _logical("logical_not"),
    "square": lambda column: column * column,
    "positive": lambda column: Column(_number(column)),
    "power": _power,
    "where": _where,
    "select": _select,
    "clip": _clip,
    "nan_to_num": _nan_to_num,
    "zeros_like": lambda column: 0.0,
    "ones_like": lambda column: 1.0,
    "full_like": lambda column, value: value,
}


class _Columns(Mapping[str, Any]):
    """What a score is traced on: any name gives a symbolic column; derived ones are computed from their parts."""

    def __init__(self, fields: Mapping[str, Field], learned: frozenset[str]) -> None:
        self._fields, self._learned = fields, learned
        self._made: dict[str, Any] = {}
        self.reads: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            _refuse(f"a score reads fields by name; received {name!r}", 'Write c["profit"].')
        self.reads[name] = None
        return self.make(name)

    def make(self, name: str) -> Any:
        if name not in self._made:
            definition = None if name in self._learned else self._fields.get(name)
            if definition is not None and definition.derive is not None:
                self._made[name] = definition.derive(_Parts(self))
            else:
                self._made[name] = Column(Node("column", value=name))
        return self._made[name]

    def _as_a_whole(self, *_: Any) -> NoReturn:
        _refuse("a score reads single fields by name, not the table as a whole", 'Write c["profit"].')

    __iter__ = __len__ = __contains__ = _as_a_whole


class _Parts(Mapping[str, Any]):
    """The columns as a derived field's function sees them: what it reads isn't counted as read by the score."""

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> Any:
        return self._columns.make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@frozen
class TracedScore:
    """A score as the engines use it.

    reads: the names it asked for, derived and learned ones included.
    inputs: the input fields it needs. learned: the learned columns it needs.
    root: its graph; None for one that opted out of tracing, which `function` then computes on numpy batches only.
    """

    reads: tuple[str, ...]
    inputs: tuple[str, ...]
    learned: tuple[str, ...] = ()
    root: Node | None = field(default=None, repr=False)
    function: ColumnFunction | None = field(default=None, repr=False)

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Compute the score of a batch; division by zero and the like give NaN or infinities, never a warning."""
        with np.errstate(all="ignore"):
            if self.root is not None:
                return graph.evaluate(self.root, columns)
            assert self.function is not None
            return self.function(columns)

    @property
    def fingerprint(self) -> str:
        """A digest of what is computed; `opaque` for a score that opted out of tracing."""
        return graph.fingerprint(self.root) if self.root is not None else "opaque"


def trace(
    function: ColumnFunction,
    what: str,
    fields: Mapping[str, Field],
    learned: frozenset[str] = frozenset(),
    truth: bool = False,
) -> TracedScore:
    """Run `function` once on symbolic columns and return its graph.

    what: what the function is, for errors. truth: whether it must return a condition instead of numbers.

    Raises TracingError when it isn't row-local or not exactly rounded, reads nothing, or fails.
    """
    columns = _Columns(fields, learned)
    try:
        result = function(columns)
        node = _truth(result) if truth else _number(result)
    except TracingError as error:
        raise TracingError(f"{what}: {error}") from error
    except CustgradeError:
        raise
    except Exception as error:
        raise TracingError(
            f"{what} failed while it was traced on symbolic columns: {type(error).__name__}: {error}. {_ALLOWED}"
        ) from error
    names = graph.column_names(node)
    if not names:
        raise TracingError(f"{what} reads no field, so every customer would get the same; read one as c['profit']")
    return TracedScore(
        reads=tuple(columns.reads),
        inputs=tuple(name for name in names if name not in learned),
        learned=tuple(name for name in names if name in learned),
        root=node,
    )


def opaque(
    function: ColumnFunction, needs: tuple[str, ...], fields: Mapping[str, Field], learned: frozenset[str]
) -> TracedScore:
    """Return a score that opted out of tracing: it runs on numpy batches only and promises nothing across engines."""
    inputs = dict.fromkeys(
        part
        for name in needs
        if name not in learned
        for part in (fields[name].parts if name in fields else ()) or (name,)
    )
    return TracedScore(needs, tuple(inputs), tuple(n for n in needs if n in learned), function=function)
