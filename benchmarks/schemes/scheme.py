"""What a scheme's contest is made of, and what contestants share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from customers import UNKNOWN, Codes, Column, Customers, Idiom
from shares import positions

import custgrade as cg
from custgrade.selection.chunks import over_chunks

CHUNK = 1 << 16
"""Rows of a chunk in NumPy: few enough for the cache."""


@dataclass(frozen=True)
class Scheme:
    """One scorer, and how everybody computes its grades.

    columns: the fields it reads. scorer: custgrade's way. axis: the axis whose codes are compared. expected: the codes
    by sorting. idioms: for each peer, its ways by name; the fastest in a run is the one that is measured.
    """

    name: str
    columns: tuple[str, ...]
    scorer: Callable[[], cg.Scorer]
    axis: str
    expected: Callable[[Customers], Codes]
    idioms: Mapping[str, Mapping[str, Idiom]] = field(default_factory=dict)

    @property
    def contestants(self) -> dict[str, Mapping[str, Idiom]]:
        """Everybody who takes turns, with their idioms: custgrade first, the machine's own limit last."""
        scorer = self.scorer()
        ours: Idiom = lambda customers: scorer.fit_grade(customers.base)[1].codes[self.axis]  # noqa: E731
        return {"custgrade": {"fit_grade": ours}, **self.idioms, READING: {"sum": read_once}}


READING = "reading once"


def read_once(customers: Customers) -> None:
    """Read all columns once, on all cores: the least that anybody must do."""
    for values in customers.arrays.values():
        over_chunks(lambda rows, values=values: values[rows].sum(), len(customers))  # type: ignore[misc]


def below(scores: Column, boundaries: Sequence[float]) -> Codes:
    """Return how many boundaries each score is below, `UNKNOWN` where it is unknown."""
    codes = np.zeros(len(scores), dtype=np.uint8)
    for boundary in boundaries:
        codes += (scores < boundary).view(np.uint8)
    codes[np.isnan(scores)] = UNKNOWN
    return codes


def in_chunks(values_of: Callable[[slice], Any], size: int, dtype: Any = np.uint8) -> npt.NDArray[Any]:
    """Return codes, or other values, chunk by chunk on all cores, as NumPy lets go of the interpreter."""
    values = np.empty(size, dtype=dtype)

    def fill(start: int) -> None:
        rows = slice(start, start + CHUNK)
        values[rows] = values_of(rows)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, size, CHUNK)))
    return values


def sorted_known(scores: Column) -> Column:
    """Return the known values in rising order; a sort puts the unknown ones last."""
    ordered = np.sort(scores)
    return ordered[: len(ordered) - int(np.count_nonzero(np.isnan(ordered)))]


def by_sorting(scores: Column, cumulated: Sequence[Fraction]) -> Codes:
    """Return the classes by shares as a sort gives them, ties in the better class."""
    known = sorted_known(scores)
    return below(scores, known[positions(len(known), cumulated)].tolist() if len(known) else [])


def one(connection: Any, query: str) -> Any:
    """Return the row that DuckDB answers with."""
    (row,) = connection.execute(query).fetchall()
    return row


def sql_below(score: str, boundaries: Iterable[float]) -> str:
    """Return how many boundaries a score is below, for DuckDB."""
    return " + ".join(f"({score} < {boundary!r})::UTINYINT" for boundary in boundaries)
