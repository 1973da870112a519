"""Symbolic columns: stand-ins for columns, which record the operations that a score applies to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from custgrade.errors import TracingError
from custgrade.graph.node import Node
from custgrade.graph.operations import OPERATIONS
from custgrade.text import shown, without_addresses

ALLOWED = (
    "A score may use + - * / and comparisons, & | ~, np.where, minimum, maximum, clip, sqrt, abs, floor, ceil, isnan, "
    "and the functions of custgrade.functions (exp, log, power, mean_of_known)."
)


def refuse(what: str, instead: str = ALLOWED) -> NoReturn:
    """Raise TracingError for an operation that a score may not use.

    what: the operation and the reason. instead: what the score may use.
    """
    raise TracingError(f"{what}. {instead}")


_UNTRACED = "can't be traced: it isn't row-local, isn't exactly rounded, or differs between engines"
_POWERS = "Write custgrade.functions.power(x, 2.5), or custgrade.functions.power(0.5, x)."
_INSTEAD = {
    "exp": "Write custgrade.functions.exp(x).",
    "log": "Write custgrade.functions.log(x).",
    "exp2": "Write custgrade.functions.power(2.0, x).",
    "log2": "Write custgrade.functions.log(x) / custgrade.functions.log(2.0).",
    "log10": "Write custgrade.functions.log(x) / custgrade.functions.log(10.0).",
    "log1p": "Write custgrade.functions.log(1.0 + x).",
    "expm1": "Write custgrade.functions.exp(x) - 1.0.",
    "cbrt": "Write custgrade.functions.power(x, 1 / 3).",
    "float_power": _POWERS,
    "mean": "Write custgrade.functions.mean_of_known(a, b).",
    "nanmean": "Write custgrade.functions.mean_of_known(a, b).",
}
"""What to write instead of a function that can't be traced, by its name."""


class Column(np.lib.mixins.NDArrayOperatorsMixin):
    """A symbolic column, in place of a column of float64 or truth values."""

    __slots__ = ("node",)
    __hash__ = object.__hash__

    def __init__(self, node: Node) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"c[{self.node.value!r}]" if self.node.operation == "column" else "a column"

    def __bool__(self) -> bool:
        refuse("a column has no single truth value", "Write np.where(condition, a, b) instead of `if`, `and`, max().")

    def _one_number(self, *_: Any) -> NoReturn:
        refuse(
            "a column can't become one number",
            "Write np.sqrt instead of math.sqrt, functions.exp instead of math.exp, and leave out float() and int().",
        )

    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _one_number

    def __len__(self) -> int:
        refuse("a score may not depend on the number of customers", "Compute it from one customer's fields only.")

    def __iter__(self) -> Iterator[Any]:
        refuse("a score may not loop over customers", "Write it for whole columns, for example with np.where.")

    def __getitem__(self, key: Any) -> NoReturn:
        refuse("indexing a column is not row-local", "Use np.where(condition, a, b).")

    def __setitem__(self, key: Any, value: Any) -> None:
        refuse("assigning into a column would change its input", "Use np.where(condition, a, b).")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        refuse("a score may not turn columns into arrays, lists or sums over customers")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        refuse(f"a score may not use .{name} of a column")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Column:
        name = ufunc.__name__ + ("" if method == "__call__" else f".{method}")
        if name not in _TRACED or options:
            called = f"np.{name}" + (f" with {', '.join(options)}" if options else "")
            refuse(f"{called} {_UNTRACED}", _INSTEAD.get(name, ALLOWED))
        column: Column = _TRACED[name](*inputs)
        return column

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        name = function.__name__
        if name not in _TRACED:
            refuse(f"np.{name} {_UNTRACED}", _INSTEAD.get(name, ALLOWED))
        try:
            return _TRACED[name](*inputs, **options)
        except TracingError:
            raise
        except (TypeError, ValueError) as error:
            why = re.sub(r"^\S*\(\)", f"np.{name}", without_addresses(str(error)))
            raise TracingError(f"np.{name} was called in a way that can't be traced: {why}. {ALLOWED}") from error


for _operator in ("add", "sub", "mul", "truediv", "and", "or", "pow"):
    # `total += points` makes a new column, as numbers do
    setattr(Column, f"__i{_operator}__", getattr(Column, f"__{_operator}__"))


def _node(value: Any) -> Node:
    if isinstance(value, Column):
        return value.node
    if isinstance(value, (bool, np.bool_)):
        return Node("constant", value=bool(value), truth=True)
    if isinstance(value, (int, float, np.integer, np.floating)) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return Node("constant", value=float(value))
    kind = type(value).__name__
    what = "None" if value is None else f"{shown(value)} of type {kind}"
    raise TracingError(f"a column can't be combined with {what}; combine it with numbers and columns. {ALLOWED}")


def number_node(value: Any) -> Node:
    """Return the node of a column or number; a condition becomes 1 where it is true, and 0 elsewhere."""
    node = _node(value)
    if not node.truth:
        return node
    return Node("where", (node, Node("constant", value=1.0), Node("constant", value=0.0)))


def truth_node(value: Any) -> Node:
    """Return the node of a condition; a number becomes true where it isn't 0."""
    node = _node(value)
    return node if node.truth else Node("not_equal", (node, Node("constant", value=0.0)), truth=True)


def is_truth(value: Any) -> bool:
    """Return whether a value is a condition or a truth value."""
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, Column) and value.node.truth)


def _numeric(name: str) -> Callable[..., Column]:
    truth = OPERATIONS[name].truth

    def operation(*values: Any) -> Column:
        if len(values) > 1 and name in ("add", "multiply", "subtract") and all(map(is_truth, values)):
            refuse(f"np.{name} of two conditions gives a condition, not a number", "Use np.where(condition, 1.0, 0.0).")
        return Column(Node(name, tuple(map(number_node, values)), truth=truth))

    return operation


def _logical(name: str) -> Callable[..., Column]:
    return lambda *values: Column(Node(name, tuple(map(truth_node, values)), truth=True))


def _where(condition: Any, one: Any, other: Any) -> Column:
    truth = is_truth(one) and is_truth(other)
    choose = truth_node if truth else number_node
    return Column(Node("where", (truth_node(condition), choose(one), choose(other)), truth=truth))


def _select(conditions: Any, choices: Any, default: Any = 0.0) -> Any:
    if len(conditions) != len(choices):
        refuse(
            f"np.select has {len(conditions)} conditions and {len(choices)} choices",
            "Give one choice for each condition.",
        )
    result = default
    for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
        result = _where(condition, choice, result)
    return result


def _clip(column: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002  # numpy's names
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    if low is not None:
        column = _TRACED["maximum"](column, low)
    return column if high is None else _TRACED["minimum"](column, high)


def _power(base: Any, exponent: Any) -> Any:
    exponents: dict[Any, Callable[[], Any]] = {1: lambda: +base, 2: lambda: base * base, 0.5: lambda: np.sqrt(base)}
    if isinstance(exponent, (int, float, np.number)) and exponent in exponents:
        return exponents[exponent]()
    if not isinstance(exponent, Column):
        instead = f"Write custgrade.functions.power(x, {shown(exponent)}), or a product."
        refuse(f"a power of {shown(exponent)} is not exactly rounded", instead)
    if isinstance(base, (int, float, np.number)):
        instead = f"Write custgrade.functions.power({shown(base)}, x)."
        refuse(f"{shown(base)} to the power of a column is not exactly rounded", instead)
    refuse("a power whose exponent is a column is not exactly rounded", _POWERS)


def _nan_to_num(column: Any, copy: bool = True, nan: float = 0.0) -> Column:
    largest = float(np.finfo(np.float64).max)
    return _where(_TRACED["isnan"](column), nan, _clip(column, -largest, largest))


_TRACED: dict[str, Callable[..., Any]] = {
    **{name: _numeric(name) for name in OPERATIONS if name != "where" and not name.startswith("logical")},
    **{name: _logical(name) for name in ("logical_and", "logical_or", "logical_not")},
    "true_divide": _numeric("divide"),
    "bitwise_and": _logical("logical_and"),
    "bitwise_or": _logical("logical_or"),
    "invert": _logical("logical_not"),
    "square": lambda column: column * column,
    "isinf": lambda column: np.abs(column) == np.inf,
    "sign": lambda column: _where(np.isnan(column), column, _where(column > 0, 1.0, _where(column < 0, -1.0, 0.0))),
    "positive": lambda column: Column(number_node(column)),
    "power": _power,
    "where": _where,
    "select": _select,
    "clip": _clip,
    "nan_to_num": _nan_to_num,
    "zeros_like": lambda column: 0.0,
    "ones_like": lambda column: 1.0,
    "full_like": lambda column, value: value,
}
