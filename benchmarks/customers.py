"""The customers that are graded in memory, and the form in which each library takes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

import custgrade as cg

Column = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

UNKNOWN = 255
"""The code of customers without a grade."""

NAMES = (
    *("revenue", "profit", "orders", "product_mix", "days_late"),
    *("enjoyable", "challenges_us", "cares_about_us"),
)
MONEY = ("revenue", "profit")
RATINGS = ("enjoyable", "challenges_us", "cares_about_us")


def column(name: str, customers: int, hard: bool) -> Column:
    """Return one column, the same for a name whatever other columns are asked for.

    Money is heavy-tailed, with losses. Hard columns are unknown for 5 %; in hard money a third ties at 0 and the rest
    is rounded to hundreds, and in hard delays a third ties at 0 and the rest is whole days.
    """
    values = _drawn(name, customers)
    if hard:
        random = np.random.default_rng([2, NAMES.index(name)])
        if name in (*MONEY, "days_late"):
            np.round(values, -2 if name in MONEY else 0, out=values)
            values[random.random(customers) < 0.3] = 0.0
        values[random.random(customers) < 0.05] = math.nan
    return values


def _drawn(name: str, customers: int) -> Column:
    random = np.random.default_rng([1, NAMES.index(name)])
    if name == "revenue":
        return random.lognormal(6, 1.6, customers)
    if name == "profit":
        margin = random.normal(0.3, 0.35, customers)
        return np.multiply(margin, _drawn("revenue", customers), out=margin)
    if name == "orders":
        return np.floor(random.exponential(3, customers)) + 1.0
    if name == "product_mix":
        return random.integers(1, 7, customers).astype(np.float64)
    if name == "days_late":
        return random.exponential(15, customers)
    return random.integers(2, 11, customers) / 2.0


class Customers:
    """Columns in memory, as an array each, and in the forms of other libraries when they are first asked for.

    A missing value is NaN to NumPy and pandas, and null to Polars and DuckDB, as it is in the files that people read.
    Arrays are shared where a library can take them as they are.
    """

    def __init__(self, names: Sequence[str], customers: int, hard: bool) -> None:
        self.hard, self._size = hard, customers
        self.base = cg.CustomerBase(
            lambda: np.arange(customers), {name: column(name, customers, hard) for name in names}, unique_ids=True
        )

    def __len__(self) -> int:
        return self._size

    @property
    def arrays(self) -> dict[str, Column]:
        """The columns, which custgrade reads too."""
        return dict(self.base.columns)

    @cached_property
    def polars(self) -> Any:
        """A data frame of Polars."""
        import polars as pl

        frame = pl.DataFrame(self.arrays)
        return frame.fill_nan(None) if self.hard else frame

    @cached_property
    def pandas(self) -> Any:
        """A data frame of pandas."""
        import pandas as pd

        return pd.DataFrame(self.arrays, copy=False)

    @cached_property
    def duckdb(self) -> Any:
        """A connection to a table `customers` in memory."""
        return self._stored("")

    @cached_property
    def openretailscience(self) -> Any:
        """A table of ibis with ids, in its DuckDB."""
        import ibis

        connection = ibis.duckdb.from_connection(self._stored("row_number() OVER () - 1 AS customer_id, "))
        return connection.table("customers")

    def _stored(self, ids: str) -> Any:
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        connection.register("given", self.arrays)
        names = ", ".join(f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}" for name in self.arrays)
        connection.execute(f"CREATE TABLE customers AS SELECT {ids}{names} FROM given")
        connection.unregister("given")
        return connection

    def prepare(self, who: str) -> None:
        """Make the form of the data that a contestant takes."""
        getattr(self, who.lower(), None)


Idiom = Callable[[Customers], Any]


def as_codes(given: Any, customers: int) -> Codes:
    """Return the answer of any library as codes in the order of the customers, `UNKNOWN` where there is none."""
    if isinstance(given, np.ma.MaskedArray):
        return given.filled(UNKNOWN)
    if hasattr(given, "fill_null"):
        given = given.fill_null(UNKNOWN).to_numpy()
    if hasattr(given, "index"):
        codes = np.full(customers, UNKNOWN, dtype=np.uint8)
        codes[given.index.to_numpy()] = given.fillna(UNKNOWN).to_numpy()
        return codes
    found: Codes = np.asarray(given, dtype=np.uint8)
    return found
