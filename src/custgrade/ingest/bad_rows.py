"""Rows that can't be used: counted by reason, shown with their line, and refused unless they may be skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.errors import BadRowsError, SourceError
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.values import present

OnBadRows = Literal["stop", "skip"]
SHOWN = 5


def check_on_bad_rows(value: str) -> OnBadRows:
    """Return `value` if it says what to do with bad rows.

    Raises SourceError otherwise.
    """
    if value not in get_args(OnBadRows):
        raise SourceError(f"on_bad_rows is stop or skip; received {value!r}")
    return "skip" if value == "skip" else "stop"


@frozen
class Fault:
    """One way in which a row can't be used.

    condition: SQL that is true for such rows. reason: in words. shown: SQL of the value to show, as text.
    bad: whether the run stops for it; the others are left out and counted.
    """

    condition: str
    reason: str
    shown: str = "''"
    bad: bool = True


@frozen
class Faults:
    """The faults a source's rows may have, the first that applies counts; fault 0 is none."""

    source: Source
    faults: tuple[Fault, ...] = field(converter=tupled)

    @property
    def code(self) -> str:
        """SQL for the number of a row's fault, 1-based, 0 for none."""
        cases = " ".join(f"WHEN {fault.condition} THEN {k}" for k, fault in enumerate(self.faults, 1))
        return f"(CASE {cases} ELSE 0 END)::UTINYINT" if cases else "0::UTINYINT"

    def examples(self, codes: Sequence[int]) -> list[tuple[int, int, str]]:
        """The first few rows with these faults: fault, position in the source, value."""
        wanted = ", ".join(map(str, codes))
        shown = " ".join(f"WHEN {fault.condition} THEN {fault.shown}" for fault in self.faults)
        rows = self.source.connection.execute(
            f"SELECT fault, record, shown FROM (SELECT {self.code} AS fault, row_number() OVER () AS record, "
            f"CASE {shown} END AS shown FROM {self.source.table}) "
            f"WHERE fault IN ({wanted}) ORDER BY record LIMIT {SHOWN}"
        ).fetchall()
        self.source.rejected()
        positions = self.source.locate([int(record) for _, record, _ in rows])
        return [(int(k), at, str(value)) for (k, _, value), at in zip(rows, positions, strict=True)]

    def left_out(self, counts: Mapping[int, int], skip: bool, what: str) -> list[LeftOut]:
        """Return what is left out by reason.

        counts: rows by fault. Raises BadRowsError when there are bad rows that may not be skipped.
        """
        found = [code for code in sorted(counts) if code and counts[code]]
        bad = [code for code in found if self.faults[code - 1].bad]
        if bad and not skip:
            total = sum(counts[code] for code in bad)
            lines = [
                f"{self.source.count_word} {at}: {self.faults[code - 1].reason}{f' ({value!r})' if value else ''}"
                for code, at, value in self.examples(bad)
            ]
            more = f"; and {total - len(lines):,} more" if total > len(lines) else ""
            raise BadRowsError(
                f"{self.source.label}: {total:,} rows can't be used: {'; '.join(lines)}{more}. "
                "Mend them, or leave them out: --on-bad-rows skip"
            )
        return [LeftOut(self.faults[code - 1].reason, counts[code], what) for code in found]


def unreadable(column: SourceColumn, value: str, what: str, needed: bool) -> Fault:
    """Return the fault of cells that hold something else than they should; of empty ones too, if a value is needed.

    value: SQL that is NULL for such cells.
    """
    cell = f"CASE WHEN {present(column)} THEN CAST({column.sql} AS VARCHAR) ELSE 'empty' END"
    missing = f"({value}) IS NULL"
    return Fault(missing if needed else f"{present(column)} AND {missing}", f"unreadable {what}", cell)


def outside_bounds(definition: Field, column: SourceColumn, value: str) -> Fault:
    """Return the fault of values outside a field's bounds, both closed."""
    low, high = (f"'{bound!r}'::DOUBLE" for bound in (definition.low, definition.high))
    limits = f"{definition.low:g} to {definition.high:g}"
    return Fault(
        f"CAST({value} AS DOUBLE) NOT BETWEEN {low} AND {high}",
        f"{definition.name} outside {limits}",
        f"CAST({column.sql} AS VARCHAR)",
    )


def rejected_lines(source: Source, skip: bool) -> list[LeftOut]:
    """Return the lines of the last scan that could not be split into columns.

    Raises BadRowsError when they may not be skipped.
    """
    rejected = source.refuse_rejected(skip)
    examples = [f"line {line}: {message}" for line, message in rejected[:SHOWN]]
    return [LeftOut("could not be split into columns", len(rejected), "lines", examples)] if rejected else []
