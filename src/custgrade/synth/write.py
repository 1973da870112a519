"""Writing synthetic data of any size, part by part on all cores, with the same bytes on every run."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt

from custgrade.errors import ConfigurationError, OutputError
from custgrade.export.encoder import Encoder
from custgrade.export.formats import check_format
from custgrade.export.parquet_file import RowAppender
from custgrade.files import check_writable, temporary_folder, write_atomically
from custgrade.ingest.engine import engine_errors, enum, literal
from custgrade.progress import OnProgress, no_progress
from custgrade.selection.chunks import over_pieces, spans
from custgrade.synth.customers import RATINGS, answers, outcome, sums
from custgrade.synth.draws import Draws
from custgrade.synth.habits import habits
from custgrade.synth.order_lines import CATEGORIES, lines, orders

Kind = Literal["customers", "orders", "survey"]
PART = 1 << 16
"""The number of customers of a part; parts have their own random numbers, so longer files begin like shorter ones."""
_ROW_GROUP = 1 << 20
_MOST_CUSTOMERS = 10**10
_REGIONS = ("North", "South", "East", "West", "Abroad")
_TRADES = ("Workshop", "Building", "Farm", "School", "Shop", "Private")
_NUMBER = "format('C-{:04}', number)"
_DAY = "DATE '2024-01-01' + CAST({} AS INTEGER)"


def synthetic(
    out: str | os.PathLike[str],
    customers: int,
    seed: int = 0,
    kind: Kind = "customers",
    on_progress: OnProgress = no_progress,
) -> None:
    """Write the data of a made-up business.

    A seed gives the same customers on every machine; a file of more customers begins with those of a shorter file.

    out: the .csv or .parquet file to write, replaced in one step. customers: their number, 1 to 10,000,000,000. seed: a
    whole number from 0. kind: "customers" (one row each: totals of the orders, survey answers, results of the next
    year), "orders" (their order lines) or "survey" (their survey answers).
    on_progress: called once with the name of the stage and a function that returns how many customers are done and how
    many there are.

    Raises ConfigurationError for another value, OutputError when the file can't be written.
    """
    for name, value, most in (("customers", customers, _MOST_CUSTOMERS), ("seed", seed, 2**63)):
        least = 1 if name == "customers" else 0
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ConfigurationError(f"received {value!r} for {name}; give a whole number from {least} to {most:,}")
    if not isinstance(kind, str) or kind not in _COLUMNS:
        raise ConfigurationError(f"received {kind!r} for kind; give customers, orders or survey")
    if not callable(on_progress):
        raise ConfigurationError(
            f"received {on_progress!r} for on_progress; give a function of two arguments: the name of a stage, and a "
            "function that returns the customers done and in total"
        )
    check_writable(out)
    check_format(out)
    through: list[int] = []
    on_progress("writing", lambda: (sum(through), customers))
    with (
        write_atomically(out) as temporary,
        temporary_folder() as folder,
        engine_errors(f"can't write {out}", OutputError),
        temporary.open("wb") as target,
    ):
        parts, parquet = folder(), Path(out).suffix.lower() == ".parquet"
        encoder, order = Encoder(), _InOrder(RowAppender(target) if parquet else _TextAppender(target))
        options = check_format(out) + f", ROW_GROUP_SIZE {_ROW_GROUP}" * parquet

        def write(piece: slice) -> None:
            number = piece.start // PART
            part = parts / str(number)
            encoder.write("part", _arrays(kind, seed, number, piece), _COLUMNS[kind], part, options)
            order.put(number, part)
            through.append(piece.stop - piece.start)

        over_pieces(write, spans(customers, PART))
        order.finish()


def _arrays(kind: Kind, seed: int, number: int, piece: slice) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of a part as arrays; number: of the part, piece: its customers."""
    draws, count = Draws(seed, number), piece.stop - piece.start
    # a part is always drawn whole, so that a file that ends within it has the same customers
    who = habits(draws, number * PART + 1, PART)
    if kind == "survey":
        columns = {"number": who.number, **answers(draws, who)}
        return {name: column[:count] for name, column in columns.items()}
    ordered = orders(draws, who)
    sold = lines(draws, who, ordered)
    if kind == "customers":
        columns = {
            "number": who.number,
            "region": draws.whole("region", PART, 0, len(_REGIONS) - 1),
            "trade": draws.whole("trade", PART, 0, len(_TRADES) - 1),
            "since": who.first,
            **sums(who, ordered, sold),
            **answers(draws, who),
            **outcome(draws, who),
        }
        return {name: column[:count] for name, column in columns.items()}
    few = slice(0, int(np.searchsorted(ordered.customer[sold.order], count)))
    order, first = sold.order[few], sold.first[few]
    per_order = {name: getattr(ordered, name)[order] for name in ("place", "day", "due", "paid")}
    borne = {name: np.where(first, getattr(ordered, name)[order], 0) for name in ("serving", "sales", "service")}
    per_line = {name: getattr(sold, name)[few] for name in ("category", "revenue", "profit", "discount")}
    return {"number": who.number[ordered.customer[order]], **per_order, **borne, **per_line}


def _listed(column: str, texts: tuple[str, ...]) -> str:
    return f"([{', '.join(map(literal, texts))}]::{enum(texts)}[])[{column} + 1]"


def _cents(column: str) -> str:
    return f"CAST({column} / 100.0::DOUBLE AS DECIMAL(18,2))"


def _known(column: str) -> str:
    return f"CASE WHEN NOT isnan({column}) THEN {column} END"


_ANSWERS = {
    **{name: _known(name) for name in RATINGS},
    **{name: f"CAST({name} AS INTEGER)" for name in ("referrals", "testimonials", "complaints")},
    "potential": _known("potential"),
    "share_of_wallet": _known("share_of_wallet"),
    "consent": f"CAST({_known('consent')} AS TINYINT)",
    "no_gifts": "CAST(no_gifts AS TINYINT)",
}
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "survey": {"customer_id": _NUMBER, **_ANSWERS},
    "customers": {
        "customer_id": _NUMBER,
        "region": _listed("region", _REGIONS),
        "trade": _listed("trade", _TRADES),
        "since": _DAY.format("since"),
        **{name: f"{name} / 100.0::DOUBLE" for name in ("revenue", "profit", "cost_to_serve", "discount", "returns")},
        **{name: f"CAST({name} AS INTEGER)" for name in ("orders", "product_mix", "recency", "tenure")},
        "days_late": _known("days_late"),
        **{name: f"{name} / 2.0::DOUBLE" for name in ("sales_hours", "service_hours")},
        **_ANSWERS,
        **{name: f"{name} / 100.0::DOUBLE" for name in ("true_value", "next_revenue", "next_profit")},
    },
    "orders": {
        "customer_id": _NUMBER,
        "order_id": "format('O-{:04}-{:02}', number, place)",
        "date": _DAY.format("day"),
        "category": _listed("category", CATEGORIES),
        "revenue": _cents("revenue"),
        "profit": _cents("profit"),
        "cost_to_serve": _cents("serving"),
        "discount": _cents("discount"),
        "sales_hours": "sales / 2.0::DOUBLE",
        "service_hours": "service / 2.0::DOUBLE",
        "due_date": f"CASE WHEN due >= 0 THEN {_DAY.format('due')} END",
        "paid_date": f"CASE WHEN paid >= 0 THEN {_DAY.format('paid')} END",
    },
}
"""The columns of each kind of file, as SQL over the arrays of a part."""


class _TextAppender:
    """A writer that joins text files, with the header of the first file; see `RowAppender`."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._begun = target, False

    def add(self, part: Path) -> None:
        with part.open("rb") as file:
            if self._begun:
                file.readline()
            self._begun = True
            copyfileobj(file, self._target)

    def finish(self) -> None:
        pass


class _InOrder:
    """A queue that passes parts to an appender in their order, whatever order they arrive in, and removes them."""

    def __init__(self, appender: RowAppender | _TextAppender) -> None:
        self._appender, self._next = appender, 0
        self._waiting: dict[int, Path] = {}
        self._adding = threading.Lock()

    def put(self, number: int, part: Path) -> None:
        with self._adding:
            self._waiting[number] = part
            while self._next in self._waiting:
                ready = self._waiting.pop(self._next)
                self._appender.add(ready)
                ready.unlink()
                self._next += 1

    def finish(self) -> None:
        self._appender.finish()
