"""Rows that can't be used: counted by reason, shown with their line, and refused unless they may be skipped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.errors import BadRowsError, SourceError, counted
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
class Reading:
    """How one column is read.

    In the SQL of faults, `v_<name>` is its value, NULL where the cell holds nothing readable, `given_<name>` whether
    the cell holds anything, and `cell_<name>` the cell as text.

    sound: SQL over the source of a condition, quickly tested, under which no fault applies to the cell; most cells
    should meet it. Empty where there is none. plain: the value of such a cell, if that is quicker to have.
    """

    name: str
    column: SourceColumn
    value: str
    sound: str = ""
    plain: str = ""

    @property
    def sql(self) -> str:
        """The value, and whether there is one, as SQL over the source."""
        return f"{self.value} AS v_{self.name}, {present(self.column)} AS given_{self.name}"

    @property
    def cell(self) -> str:
        """The cell as text, as SQL over the source."""
        text = f"CASE WHEN {present(self.column)} THEN CAST({self.column.sql} AS VARCHAR) END"
        return f"{text} AS cell_{self.name}"

    def unreadable(self, what: str, needed: bool) -> Fault:
        """The fault of cells that hold something else than they should; of empty ones too, if a value is needed."""
        given = "" if needed else f"given_{self.name} AND "
        return Fault(f"{given}v_{self.name} IS NULL", f"unreadable {what}", f"cell_{self.name}")

    def outside(self, definition: Field) -> Fault:
        """The fault of values outside a field's bounds, both closed."""
        low, high = (f"'{bound!r}'::DOUBLE" for bound in (definition.low, definition.high))
        return Fault(
            f"CAST(v_{self.name} AS DOUBLE) NOT BETWEEN {low} AND {high}",
            f"{self.name} {_outside(definition.low, definition.high)}",
            f"cell_{self.name}",
        )


def _outside(low: float, high: float) -> str:
    if math.isinf(high):
        return f"below {low:g}"
    return f"above {high:g}" if math.isinf(low) else f"outside {low:g} to {high:g}"


@frozen
class Fault:
    """One way in which a row can't be used.

    condition: SQL over readings that is true for such rows. reason: in words. shown: SQL of the text to show.
    bad: whether the run stops for it; the others are left out and counted.
    """

    condition: str
    reason: str
    shown: str = "''"
    bad: bool = True


@frozen
class CheckedRows:
    """A source's rows as they are read, and the faults they may have; the first that applies counts."""

    source: Source
    readings: tuple[Reading, ...] = field(converter=tupled)
    faults: tuple[Fault, ...] = field(converter=tupled)

    def table(self, others: Sequence[str] = ()) -> str:
        """What to select rows from: their readings, `fault` (1-based, 0 for none), and `others`, SQL with aliases."""
        selected = ", ".join([*(reading.sql for reading in self.readings), f"{self._sound} AS sound", *others])
        return f"(SELECT *, {self._fault} AS fault FROM (SELECT {selected} FROM {self.source.table}))"

    def unchecked(self, others: Sequence[str] = ()) -> str:
        """What to select the readings of all rows from, right only for rows that are `sound`, which it tells too.

        others: further columns, SQL with aliases.
        """
        plain = (f"{reading.plain or reading.value} AS v_{reading.name}" for reading in self.readings)
        selected = ", ".join([*plain, f"{self._sound} AS sound", *others])
        return f"(SELECT {selected} FROM {self.source.table})"

    @property
    def quickly_checked(self) -> bool:
        """Whether `sound` tells anything."""
        return all(reading.sound for reading in self.readings)

    @property
    def _fault(self) -> str:
        cases = " ".join(f"WHEN {fault.condition} THEN {k}" for k, fault in enumerate(self.faults, 1))
        return f"CAST(CASE WHEN sound THEN 0 {cases} ELSE 0 END AS UTINYINT)"

    @property
    def _sound(self) -> str:
        conditions = [reading.sound for reading in self.readings]
        return f"({' AND '.join(conditions)})" if self.quickly_checked else "false"

    def _examples(self, codes: Sequence[int]) -> list[tuple[int, int, str]]:
        """The first few rows with these faults: fault, position in the source, and the value in brackets."""
        shown = " ".join(f"WHEN {code} THEN {self.faults[code - 1].shown}" for code in codes)
        others = ["row_number() OVER () AS record", *(reading.cell for reading in self.readings)]
        rows = self.source.connection.execute(
            f"SELECT fault, record, CASE fault {shown} END FROM {self.table(others)} "
            f"WHERE fault IN ({', '.join(map(str, codes))}) ORDER BY record LIMIT {SHOWN}"
        ).fetchall()
        self.source.rejected()
        positions = self.source.locate([int(record) for _, record, _ in rows])
        return [
            (int(code), at, "" if value == "" else f" ({'empty' if value is None else repr(value)})")
            for (code, _, value), at in zip(rows, positions, strict=True)
        ]

    def left_out(self, counts: Mapping[int, int], skip: bool, what: str) -> list[LeftOut]:
        """Return what is left out by reason.

        counts: rows by fault. Raises BadRowsError when there are bad rows that may not be skipped.
        """
        found = [code for code in sorted(counts) if code and counts[code]]
        bad = [code for code in found if self.faults[code - 1].bad]
        if bad and not skip:
            total = sum(counts[code] for code in bad)
            lines = [
                f"{self.source.count_word} {at}: {self.faults[code - 1].reason}{value}"
                for code, at, value in self._examples(bad)
            ]
            more = f"; and {total - len(lines):,} more" if total > len(lines) else ""
            raise BadRowsError(
                f"{self.source.label}: {counted(total, 'rows')} can't be used: {'; '.join(lines)}{more}. "
                f"Mend them, or leave them out: --on-bad-rows skip.{_hints(lines)}"
            )
        return [LeftOut(self.faults[code - 1].reason, counts[code], what) for code in found]


def _hints(lines: Sequence[str]) -> str:
    """What may be wrong with all such rows."""
    hints = ""
    if any("date (" in line for line in lines):
        hints += " Dates of another form than 2024-12-31 need theirs: --date-format %d.%m.%Y."
    if any("amount" in line and "," in line.partition(" (")[2] for line in lines):
        hints += " The decimal sign of amounts is a point, and nothing separates thousands."
    return hints


def rejected_lines(source: Source, skip: bool) -> list[LeftOut]:
    """Return the lines of the last scan that could not be split into columns.

    Raises BadRowsError when they may not be skipped.
    """
    rejected = source.refuse_rejected(skip)
    examples = [f"line {line}: {message}" for line, message in rejected[:SHOWN]]
    return [LeftOut("could not be split into columns", len(rejected), "lines", examples)] if rejected else []
