"""Tracing: a score is run once on symbolic columns, which yields its graph or refuses it in words."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from attrs import field, frozen

from custgrade.data.field import ColumnFunction, Field
from custgrade.errors import CustgradeError, ScorerError, TracingError
from custgrade.graph.arrays import ArrayProgram
from custgrade.graph.node import Node, column_names, fingerprint
from custgrade.scoring.symbolic import ALLOWED, Column, is_truth, number_node, refuse, truth_node
from custgrade.text import shown, without_addresses


class _Columns(Mapping[str, Any]):
    """What a score is traced on: any name gives a symbolic column; derived ones are computed from their parts."""

    def __init__(self, fields: Mapping[str, Field], learned: frozenset[str]) -> None:
        self._fields, self._learned = fields, learned
        self._made: dict[str, Any] = {}
        self.reads: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            refuse(f"a score reads fields by name; received {shown(name)}", 'Write c["profit"].')
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
        refuse("a score reads single fields by name, not the table as a whole", 'Write c["profit"].')

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
    _plan: ArrayProgram = field(init=False, repr=False, eq=False)
    function: ColumnFunction | None = field(default=None, repr=False)

    @_plan.default
    def _planned(self) -> ArrayProgram:
        return ArrayProgram(self.root or Node("constant", value=math.nan))

    def __reduce__(self) -> tuple[Any, ...]:
        return _traced, (self.reads, self.inputs, self.learned, self.root, self.function)

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Compute the score of a batch; division by zero and the like give NaN or infinities, never a warning."""
        with np.errstate(all="ignore"):
            if self.root is not None:
                return self._plan(columns)
            assert self.function is not None
            try:
                return self.function(columns)
            except Exception as error:
                raise ScorerError(
                    f"a score with traceable=False that reads {', '.join(self.reads)} failed: "
                    f"{type(error).__name__}: {without_addresses(str(error))}"
                ) from error

    @property
    def steps(self) -> int:
        """Of how many operations it is made; as many as there may be for one that opted out of tracing."""
        return len(self._plan) if self.root is not None else sys.maxsize

    @property
    def fingerprint(self) -> str:
        """A digest of what is computed; `opaque` for a score that opted out of tracing."""
        return fingerprint(self.root) if self.root is not None else "opaque"


def _traced(
    reads: tuple[str, ...],
    inputs: tuple[str, ...],
    learned: tuple[str, ...],
    root: Node | None,
    function: ColumnFunction | None,
) -> TracedScore:
    """A score that was pickled: its graph is what is computed, so the function isn't needed any more."""
    return TracedScore(reads, inputs, learned, root, function)


@frozen
class GraphFunction:
    """A function that was traced before, as its graph: what takes the place of a function that can't be pickled.

    Equal graphs make equal functions.
    """

    traced: TracedScore = field(eq=lambda traced: (traced.reads, traced.fingerprint))

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """What the function gives for these columns, which may be symbolic."""
        return self.traced(columns)


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
    if isinstance(function, GraphFunction):
        return function.traced
    columns = _Columns(fields, learned)
    try:
        result = function(columns)
        if result is None:
            refuse("it returns nothing", "Return the column that was computed.")
        node = truth_node(result) if truth else number_node(result)
        if truth and not is_truth(result):
            refuse("a condition is expected, and numbers are given", 'Write c["orders"] >= 2.')
    except TracingError as error:
        raise TracingError(f"{what}: {error}") from error
    except CustgradeError:
        raise
    except Exception as error:
        raise TracingError(
            f"{what} failed while it was traced on symbolic columns: {type(error).__name__}: "
            f"{without_addresses(str(error))}. {ALLOWED}"
        ) from error
    names = column_names(node)
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
