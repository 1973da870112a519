"""Rows that can't be used: counted by reason, shown with their line, and refused unless they may be skipped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, tee
from typing import Literal, get_args

from attrs import evolve, field, frozen

from custgrade.data.converters import tupled
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.errors import BadRow, BadRowsError, Hint, SourceError
from custgrade.ingest.date_formats import format_hint
from custgrade.ingest.engine import streamed
from custgrade.ingest.source import KEPT, SHOWN, Rejected, Source, SourceColumn
from custgrade.ingest.values import present, text
from custgrade.text import counted

OnBadRows = Literal["stop", "skip"]
_CELL = 32_767
"""How many characters of a cell are kept: as many as a spreadsheet's cell holds."""
_TOLD = 80
"""How many characters of a cell are shown in a message."""


def check_on_bad_rows(value: str) -> OnBadRows:
    """Return `value` if it says what to do with bad rows.

    Raises SourceError otherwise.
    """
    if value not in get_args(OnBadRows):
        raise SourceError(f"on_bad_rows is stop or skip; received {value!r}")
    return "skip" if value == "skip" else "stop"


Expected = Literal["date", "amount", "number"]


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

    def unreadable(self, what: str, needed: bool, expects: Expected = "number") -> Fault:
        """The fault of cells that hold something else than they should; of empty ones too, if a value is needed."""
        given = "" if needed else f"given_{self.name} AND "
        return Fault(f"{given}v_{self.name} IS NULL", f"unreadable {what}", self, expects=expects)

    def outside(self, definition: Field) -> Fault:
        """The fault of values outside a field's bounds, both closed."""
        low, high = (f"'{bound!r}'::DOUBLE" for bound in (definition.low, definition.high))
        return Fault(
            f"CAST(v_{self.name} AS DOUBLE) NOT BETWEEN {low} AND {high}",
            f"{self.name} {_outside(definition.low, definition.high)}",
            self,
        )


def _outside(low: float, high: float) -> str:
    if math.isinf(high):
        return f"below {low:g}"
    return f"above {high:g}" if math.isinf(low) else f"outside {low:g} to {high:g}"


@frozen
class Fault:
    """One way in which a row can't be used.

    condition: SQL over readings that is true for such rows. reason: in words. of: the reading of the cell that is to
    blame, if it is one cell. bad: whether the run stops for it; the others are left out and counted. expects: what a
    cell should hold that can't be read.
    """

    condition: str
    reason: str
    of: Reading | None = None
    bad: bool = True
    expects: Expected | None = None

    @property
    def shown(self) -> str:
        """SQL of the text to show, empty for an empty cell, NULL where no cell is to blame."""
        return "NULL" if self.of is None else f"substr(coalesce(cell_{self.of.name}, ''), 1, {_CELL})"


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

    def with_fault(self, fault: Fault | None) -> CheckedRows:
        """These rows with a last fault added, every row checked for all of them."""
        thorough = [evolve(reading, sound="") for reading in self.readings]
        return evolve(self, readings=thorough, faults=[*self.faults, *([fault] if fault else [])])

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

    def _told(self, codes: Sequence[int]) -> str:
        """What to select the rows with these faults from: `fault`, `record`, its position, and `told`, what to show."""
        shown = " ".join(f"WHEN {code} THEN {self.faults[code - 1].shown}" for code in codes)
        others = ["row_number() OVER () AS record", *(reading.cell for reading in self.readings)]
        chosen = f"fault IN ({', '.join(map(str, codes))})"
        return f"(SELECT fault, record, CASE fault {shown} END AS told FROM {self.table(others)} WHERE {chosen})"

    def every(self) -> Iterator[tuple[BadRow, str]]:
        """Yield all rows that have a fault, bad or not, each with the column that is to blame, if it is one."""
        query = f"SELECT fault, record, told FROM {self._told(range(1, len(self.faults) + 1))} ORDER BY record"
        found, numbered = tee(streamed(self.source.connection, query))
        places = self.source.locate(int(record) for _, record, _ in numbered)
        for place, (code, _, value) in zip(places, found, strict=True):
            fault = self.faults[code - 1]
            yield BadRow(place, fault.reason, value), "" if fault.of is None else fault.of.column.name

    def _first(self, codes: Sequence[int], each: bool) -> dict[int, list[tuple[int, BadRow]]]:
        """The first few rows with these faults, with their record's number; by fault, if the first of each is meant."""
        group, most = ("fault", SHOWN) if each else ("()", KEPT)
        found = self.source.connection.execute(
            "SELECT min_by({'fault': fault, 'record': record, 'told': told}, record, "
            f"{most}) FROM {self._told(codes)} GROUP BY {group}"
        ).fetchall()
        self.source.rejected()
        items = sorted((item for (some,) in found for item in some), key=lambda item: item["record"])
        rows: dict[int, list[tuple[int, BadRow]]] = {}
        for item, place in zip(items, self.source.locate(item["record"] for item in items), strict=True):
            row = BadRow(place, self.faults[item["fault"] - 1].reason, item["told"])
            rows.setdefault(item["fault"] if each else 0, []).append((item["fault"], row))
        return rows

    def left_out(self, counts: Mapping[int, int], skip: bool, what: str) -> list[LeftOut]:
        """Return what is left out by reason, with the first few rows of each that would be refused otherwise.

        counts: rows by fault. Raises BadRowsError when there are bad rows that may not be skipped.
        """
        found = [code for code in sorted(counts) if code and counts[code]]
        bad = [code for code in found if self.faults[code - 1].bad]
        if bad and not skip:
            raise self._refused(bad, sum(counts[code] for code in bad))
        first = self._first(bad, each=True) if bad else {}
        word = self.source.count_word
        examples = {
            code: [f"{word} {row.position}{_value(row, ': {}')}" for _, row in rows] for code, rows in first.items()
        }
        return [LeftOut(self.faults[code - 1].reason, counts[code], what, examples.get(code, ())) for code in found]

    def _refused(self, bad: Sequence[int], total: int) -> BadRowsError:
        first = self._first(bad, each=False)[0]
        word = self.source.count_word
        shown = [f"{word} {row.position}: {row.reason}{_value(row)}" for _, row in first[:SHOWN]]
        more = f"; and {total - len(shown):,} more" if total > len(shown) else ""
        message = f"{self.source.label}: {counted(total, 'rows')} can't be used: {'; '.join(shown)}{more}."
        return BadRowsError(message, _MEND + self._hint(first), [row for _, row in first], total)

    def _hint(self, rows: Sequence[tuple[int, BadRow]]) -> Hint:
        """What may be wrong with all such rows."""
        hint = Hint()
        for code in dict.fromkeys(code for code, _ in rows):
            fault = self.faults[code - 1]
            if fault.expects == "date" and fault.of is not None:
                column, texts = fault.of.column, [row.value or "" for other, row in rows if other == code]
                hint += format_hint(
                    self.source.connection, column.name, texts, f"CAST({text(column)} AS VARCHAR)", self.source.table
                )
                self.source.rejected()
        if any(self.faults[code - 1].expects == "amount" and "," in (row.value or "") for code, row in rows):
            hint += Hint.alike("The decimal sign of amounts is a point, and nothing separates thousands.")
        return hint


_MEND = Hint('Mend them, or leave them out: on_bad_rows="skip".', "Mend them, or leave them out: --on-bad-rows skip.")


def _value(row: BadRow, form: str = " ({})") -> str:
    """The value of a bad row, if one is to blame."""
    if row.value is None:
        return ""
    shown = repr(row.value[:_TOLD]) + ("…" if len(row.value) > _TOLD else "")
    return form.format(shown if row.value else "empty")


def rejected_lines(source: Source, rejected: Rejected, skip: bool) -> list[LeftOut]:
    """Return the lines that could not be split into columns, with the first few of them.

    Raises BadRowsError when they may not be skipped.
    """
    source.refuse_rejected(rejected, skip)
    if not rejected.count:
        return []
    examples = [f"line {row.position}: {row.reason}" for row in islice(rejected.lines(), SHOWN)]
    return [LeftOut("could not be split into columns", rejected.count, "lines", examples)]
