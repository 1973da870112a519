"""Tracing: running a score once on symbolic columns, which gives its graph or an error."""

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
    """The table that a score is traced on: every name gives a symbolic column; derived fields are computed."""

    def __init__(self, fields: Mapping[str, Field], learned: frozenset[str]) -> None:
        self._fields, self._learned = fields, learned
        self._made: dict[str, Any] = {}
        self.reads: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            refuse(f"a score reads fields by their names; received {shown(name)}", 'Write c["profit"].')
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
    """The same columns for the function of a derived field: its reads aren't added to the score's reads."""

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
    """A score as graders use it.

    reads: the names that the score reads, derived fields and learned columns included.
    inputs: the input fields that it needs. learned: the learned columns that it needs.
    root: the root of its graph; None for a score with traceable=False.
    function: the function of a score with traceable=False, which runs on numpy batches only; else None.
    """

    reads: tuple[str, ...]
    inputs: tuple[str, ...]
    learned: tuple[str, ...] = ()
    root: Node | None = field(default=None, repr=False)
    _program: ArrayProgram = field(init=False, repr=False, eq=False)
    function: ColumnFunction | None = field(default=None, repr=False)

    @_program.default
    def _compiled(self) -> ArrayProgram:
        return ArrayProgram(self.root or Node("constant", value=math.nan))

    def __reduce__(self) -> tuple[Any, ...]:
        return _traced, (self.reads, self.inputs, self.learned, self.root, self.function)

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the score of a batch, shape (n,); division by zero gives NaN or an infinity, without a warning.

        Raises ScorerError if the function of a score with traceable=False fails.
        """
        with np.errstate(all="ignore"):
            if self.root is not None:
                return self._program(columns)
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
        """The number of operations; `sys.maxsize` for a score with traceable=False."""
        return len(self._program) if self.root is not None else sys.maxsize

    @property
    def fingerprint(self) -> str:
        """A SHA-256 hex digest of the graph; `opaque` for a score with traceable=False."""
        return fingerprint(self.root) if self.root is not None else "opaque"


def _traced(
    reads: tuple[str, ...],
    inputs: tuple[str, ...],
    learned: tuple[str, ...],
    root: Node | None,
    function: ColumnFunction | None,
) -> TracedScore:
    """Return an unpickled score."""
    return TracedScore(reads, inputs, learned, root, function)


@frozen
class GraphFunction:
    """A function that evaluates a graph, in place of a function that can't be pickled.

    Functions with equal graphs are equal.
    """

    traced: TracedScore = field(eq=lambda traced: (traced.reads, traced.fingerprint))

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the result of the graph for these columns, which may be symbolic."""
        return self.traced(columns)


def trace(
    function: ColumnFunction,
    what: str,
    fields: Mapping[str, Field],
    learned: frozenset[str] = frozenset(),
    truth: bool = False,
) -> TracedScore:
    """Return the graph of a function, found by running it once on symbolic columns.

    what: a name of the function, for errors. fields: all known fields by name. learned: the names of learned columns.
    truth: whether the function must return a condition instead of numbers.

    Raises TracingError if the function isn't row-local, isn't exactly rounded, reads no field, or fails.
    """
    if isinstance(function, GraphFunction):
        return function.traced
    columns = _Columns(fields, learned)
    try:
        result = function(columns)
        if result is None:
            refuse("it returns None", "Return the computed column.")
        node = truth_node(result) if truth else number_node(result)
        if truth and not is_truth(result):
            refuse("it must return a condition, but returns numbers", 'Write c["orders"] >= 2.')
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
        raise TracingError(f"{what} reads no field; read at least one, for example c['profit']")
    return TracedScore(
        reads=tuple(columns.reads),
        inputs=tuple(name for name in names if name not in learned),
        learned=tuple(name for name in names if name in learned),
        root=node,
    )


def opaque(
    function: ColumnFunction, needs: tuple[str, ...], fields: Mapping[str, Field], learned: frozenset[str]
) -> TracedScore:
    """Return a score with traceable=False: it isn't traced, and runs on numpy batches only.

    needs: the fields that it reads. fields: all known fields by name. learned: the names of learned columns.
    """
    inputs = dict.fromkeys(
        part
        for name in needs
        if name not in learned
        for part in (fields[name].parts if name in fields else ()) or (name,)
    )
    return TracedScore(needs, tuple(inputs), tuple(n for n in needs if n in learned), function=function)
