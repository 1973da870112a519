"""Writing events to a CSV or Parquet file in the log's own columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import numpy as np

from custgrade.data.output_columns import CodedTexts, OutputColumn
from custgrade.errors import OutputError
from custgrade.events.event_columns import days_of
from custgrade.events.event_rows import ALIAS, COLUMNS, VOIDED, AliasRow
from custgrade.events.found_events import FoundEvents
from custgrade.export.formats import check_format
from custgrade.export.spreadsheet import marked_id, marked_sql
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, copied, engine_errors, selected

_DAYS = ("day", "due", "until")


def write_events(
    path: str | os.PathLike[str],
    found: FoundEvents,
    currency: str,
    aliases: Sequence[AliasRow] = (),
    *,
    voided: bool = False,
) -> None:
    """Write a row per event, then a row per alias, to a .csv or .parquet file, which is replaced in one step.

    In CSV, an apostrophe stands before texts that a spreadsheet would run or change. currency: of the money. voided:
    whether the columns of events that were taken back are written.

    Raises OutputError.
    """
    options, connection = check_format(path), connect()
    marked = str(path).lower().endswith(".csv")
    connection.execute("SET GLOBAL pandas_analyze_sample = 1")
    columns = _columns(found, currency, aliases, voided=voided, marked=marked)
    ids = np.array([*found.events.customer_id.tolist(), *(one.old_id for one in aliases)], dtype=object)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        connection.register("written", {**arrays_of(columns), "own": ids})
        identity = "CAST(written.own AS VARCHAR)"
        sql = {
            "customer_id": f"nullif({marked_sql(identity, identity=True) if marked else identity}, '')",
            **sql_of(columns, "written", enumerated=True),
        }
        connection.execute(copied(f"SELECT {selected(sql)} FROM written", temporary, options))


def _columns(
    found: FoundEvents, currency: str, aliases: Sequence[AliasRow], *, voided: bool, marked: bool
) -> dict[str, OutputColumn]:
    """Return the columns without the id."""
    events, size = found.events, len(aliases)

    def texts(of_events: Iterable[str], of_aliases: Sequence[str]) -> CodedTexts:
        known = list(of_events)
        code = np.append(events.code, len(known) + np.arange(len(of_aliases)))
        every = [*known, *of_aliases]
        distinct = {text: place for place, text in enumerate(dict.fromkeys(every))}
        place = np.array([distinct[text] for text in every], dtype=np.int64)
        return CodedTexts([marked_id(text) if marked else text for text in distinct], place[code])

    columns: dict[str, OutputColumn] = {}
    for name in COLUMNS[1:]:
        if name == "number":
            columns[name] = np.append(events.number, np.ones(size, dtype=np.int64))
        elif name == "money":
            columns[name] = np.append(events.cents, np.zeros(size, dtype=np.int64)) / 100.0
        elif name in _DAYS:
            days = days_of([getattr(one, name) for one in events.occasions])[events.code]
            columns[name] = np.append(days, np.full(size, np.datetime64("NaT", "D")))
        elif name == "currency":
            columns[name] = texts([currency] * len(events.occasions), [""] * size)
        else:
            of_aliases = {
                "kind": [ALIAS] * size,
                "name": [one.new_id for one in aliases],
                "author": [one.author for one in aliases],
                "note": [one.note for one in aliases],
            }.get(name, [""] * size)
            columns[name] = texts([getattr(one, name) for one in events.occasions], of_aliases)
    if voided:
        said = (
            (["yes" if one else "" for one in found.voided], *zip(*found.why, strict=True)) if found.why else ([],) * 3
        )
        for name, values in zip(VOIDED, said, strict=True):
            columns[name] = texts(values, [""] * size)
    return columns
