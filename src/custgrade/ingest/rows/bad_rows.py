"""Bad rows: they are counted by reason, shown with their line, and refused unless they may be skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, tee
from typing import Literal, get_args

from attrs import evolve, field, frozen

from custgrade.argument_checks import is_one_of
from custgrade.data.converters import tupled
from custgrade.data.left_out import LeftOut
from custgrade.errors import BadRow, BadRowsError, Hint, SourceError
from custgrade.ingest.cells.column_reading import ColumnReading, Fault
from custgrade.ingest.cells.date_formats import format_hint
from custgrade.ingest.cells.number_hints import number_hint
from custgrade.ingest.cells.values import known, text
from custgrade.ingest.engine import streamed
from custgrade.ingest.rows.faults_by_file import fault_counts, first_of_files
from custgrade.ingest.source import KEPT, SHOWN, Rejected, Source
from custgrade.text import counted

OnBadRows = Literal["stop", "skip"]
_BEYOND = re.compile(r"0000-\d|9999-12-31|\d{5,}-\d")
"""The beginning of a date outside the range of dates."""
_SHOWN_CHARACTERS = 80
"""The number of characters of a cell that a message shows."""


def check_on_bad_rows(value: str) -> OnBadRows:
    """Return `value` if it is "stop" or "skip".

    Raises SourceError otherwise.
    """
    if not is_one_of(value, get_args(OnBadRows)):
        raise SourceError(
            f"received {value!r} for on_bad_rows, which is stop or skip.",
            Hint('Give on_bad_rows="skip" to leave bad rows out.', "Give --on-bad-rows skip to leave bad rows out."),
        )
    return "skip" if value == "skip" else "stop"


WITHOUT_ID = "without a customer id"


@frozen
class CheckedRows:
    """The rows of a source, how they are read, and the faults to check; the first fault that applies counts.

    optional: the faults of cells that count as unknown where they can't be read, so that their rows stay.
    """

    source: Source
    readings: tuple[ColumnReading, ...] = field(converter=tupled)
    faults: tuple[Fault, ...] = field(converter=tupled)
    optional: tuple[Fault, ...] = field(default=(), converter=tupled)

    @property
    def without_id(self) -> int:
        """The number of the fault of rows without a customer's id."""
        return next(code for code, fault in enumerate(self.faults, 1) if fault.reason == WITHOUT_ID)

    def table(self, others: Sequence[str] = ()) -> str:
        """Return SQL of a table of all rows with their readings, `fault` (from 1, 0 for none) and `others`.

        others: further columns, SQL with aliases.
        """
        selected = ", ".join([*(reading.sql for reading in self.readings), f"{self._sound} AS sound", *others])
        unread = "".join(f", {fault.condition} AS unread_{fault.name}" for fault in self.optional)
        return f"(SELECT *, {self._fault} AS fault{unread} FROM (SELECT {selected} FROM {self.source.table}))"

    def with_fault(self, fault: Fault | None, first: bool = False) -> CheckedRows:
        """Return these rows with one more fault, the last or the first one, and without their fast conditions."""
        thorough, more = [evolve(reading, sound="") for reading in self.readings], [fault] if fault else []
        return evolve(self, readings=thorough, faults=[*more, *self.faults] if first else [*self.faults, *more])

    def unchecked(self, others: Sequence[str] = ()) -> str:
        """Return SQL of a table of all rows with their readings, not checked for faults.

        The readings are right only in rows whose column `sound` is true. others: further columns, SQL with aliases.
        """
        plain = (
            f"{known(reading.column, reading.plain or reading.value)} AS v_{reading.name}" for reading in self.readings
        )
        unread = (f"false AS unread_{fault.name}" for fault in self.optional)
        selected = ", ".join([*plain, *unread, f"{self._sound} AS sound", *others])
        return f"(SELECT {selected} FROM {self.source.table})"

    @property
    def quickly_checked(self) -> bool:
        """Whether all readings have a fast condition, so that the column `sound` can be true."""
        return all(reading.sound for reading in self.readings)

    @property
    def _fault(self) -> str:
        cases = " ".join(f"WHEN {fault.condition} THEN {k}" for k, fault in enumerate(self.faults, 1))
        # the fast condition of an id doesn't know the words for no customer
        sound = f"sound AND v_{self.readings[0].name} IS NOT NULL"
        return f"CAST(CASE WHEN {sound} THEN 0 {cases} ELSE 0 END AS UTINYINT)"

    @property
    def _sound(self) -> str:
        conditions = [reading.sound for reading in self.readings]
        return f"({' AND '.join(conditions)})" if self.quickly_checked else "false"

    def faulty(self, codes: Sequence[int]) -> str:
        """Return SQL of a table of the rows with these faults.

        Its columns are `fault`, `record` (the row's position, from 1) and `cell_text` (the text of the cell at fault).
        """
        shown = " ".join(f"WHEN {code} THEN {self.faults[code - 1].shown}" for code in codes)
        others = ["row_number() OVER () AS record", *(reading.cell for reading in self.readings)]
        chosen = f"fault IN ({', '.join(map(str, codes))})"
        return f"(SELECT fault, record, CASE fault {shown} END AS cell_text FROM {self.table(others)} WHERE {chosen})"

    def _of_part(self, part: int) -> CheckedRows:
        """Return the rows of one of several files; part: its position."""
        return evolve(self, source=self.source.parts[part])

    def every(self) -> Iterator[tuple[BadRow, str]]:
        """Yield all rows that have a fault, bad or not, each with the name of the column at fault, or an empty text."""
        if self.source.parts:
            counts = fault_counts(self.source, self.table(["part"]), range(1, len(self.faults) + 1))
            for part in dict.fromkeys(part for part, _, _ in counts):
                yield from self._of_part(part).every()
                self.source.parts[part].rejected()
            return
        query = f"SELECT fault, record, cell_text FROM {self.faulty(range(1, len(self.faults) + 1))} ORDER BY record"
        found, numbered = tee(streamed(self.source.connection, query))
        places = self.source.locate(int(record) for _, record, _ in numbered)
        for place, (code, _, value) in zip(places, found, strict=True):
            fault = self.faults[code - 1]
            column = "" if fault.of is None else fault.of.column.name
            yield BadRow(place, fault.reason, value, self.source.label), column

    def first(self, codes: Sequence[int], each: bool) -> dict[int, list[tuple[int, BadRow]]]:
        """Return the first few rows with these faults, each with its fault's number.

        each: whether to return the first few of each fault, by fault; else the first few of all, under 0.
        """
        if self.source.parts:
            counts = fault_counts(self.source, self.table(["part"]), codes)
            return first_of_files(
                counts, lambda part, some: self._of_part(part).first(some, each), SHOWN if each else KEPT, each
            )
        group, most = ("fault", SHOWN) if each else ("()", KEPT)
        found = self.source.connection.execute(
            "SELECT min_by({'fault': fault, 'record': record, 'cell_text': cell_text}, record, "
            f"{most}) FROM {self.faulty(codes)} GROUP BY {group}"
        ).fetchall()
        self.source.rejected()
        items = sorted((item for (some,) in found for item in some), key=lambda item: item["record"])
        rows: dict[int, list[tuple[int, BadRow]]] = {}
        for item, place in zip(items, self.source.locate(item["record"] for item in items), strict=True):
            row = BadRow(place, self.faults[item["fault"] - 1].reason, item["cell_text"], self.source.label)
            rows.setdefault(item["fault"] if each else 0, []).append((item["fault"], row))
        return rows

    def left_out(self, counts: Mapping[int, int], skip: bool, what: str, words: str = "") -> list[LeftOut]:
        """Return the counts of rows that are left out, by reason; bad rows come with the first few as examples.

        counts: rows by fault. skip: whether bad rows are left out instead of refused. what: the noun for rows.
        words: SQL of the words that stand in place of the ids of rows without a customer, and of the rows of each.

        Raises BadRowsError when there are bad rows and `skip` is false.
        """
        found = [code for code in sorted(counts) if code and counts[code]]
        bad = [code for code in found if self.faults[code - 1].bad]
        if bad and not skip:
            raise self.refused(bad, sum(counts[code] for code in bad), every=found == bad and not counts.get(0))
        first = self.first(bad, each=True) if bad else {}
        examples = {
            code: [f"{self.source.place(row)}{value_shown(row, ': {}')}" for _, row in rows]
            for code, rows in first.items()
        }
        if self.without_id in found and words:
            trimmed = (
                f"SELECT trim(word) AS word, sum(rows)::BIGINT AS rows FROM ({words}) AS found(word, rows) GROUP BY 1"
            )
            query = f"SELECT word, rows FROM ({trimmed}) WHERE word <> '' ORDER BY rows DESC, word"
            most = self.source.connection.execute(f"{query} LIMIT {SHOWN}").fetchall()
            examples[self.without_id] = [
                f"{str(word).strip()[:_SHOWN_CHARACTERS]!r} on {rows:,}" for word, rows in most
            ]
        return [LeftOut(self.faults[code - 1].reason, counts[code], what, examples.get(code, ())) for code in found]

    def refused(self, bad: Sequence[int], total: int, every: bool) -> BadRowsError:
        """Return the error for bad rows; every: whether all rows of the source are bad."""
        first = self.first(bad, each=False)[0]
        shown = [f"{self.source.place(row)}: {row.reason}{value_shown(row)}" for _, row in first[:SHOWN]]
        more = f"; and {total - len(shown):,} more" if total > len(shown) else ""
        fault, hint, what = self.faults[bad[0] - 1], self._hint(first), f"{counted(total, 'rows')} can't be used"
        mend = hint + _MEND
        if every and total > 1 and len(bad) == 1 and fault.expects is not None and fault.of is not None:
            name, column = fault.of.name, fault.of.column.name
            kind = "date" if fault.expects == "date" else "number"
            of = "" if name == column else f", from which {name!r} is read"
            what = f"none of the {total:,} rows has a readable {kind} in column {column!r}{of}"
            mend = hint if hint.python else _another_column(name, kind)
        message = f"{self.source.label}: {what}: {'; '.join(shown)}{more}."
        return BadRowsError(message, mend, [row for _, row in first], total)

    def _hint(self, rows: Sequence[tuple[int, BadRow]]) -> Hint:
        """Return the hint about dates and amounts that bad rows suggest, empty where there is none."""
        hint = Hint()
        for code in dict.fromkeys(code for code, _ in rows):
            fault = self.faults[code - 1]
            if fault.expects == "date" and fault.of is not None:
                column, texts = fault.of.column, [row.value or "" for other, row in rows if other == code]
                hint += format_hint(
                    self.source.connection, column.name, texts, f"CAST({text(column)} AS VARCHAR)", self.source.table
                )
                self.source.rejected()
        given = [(self.faults[code - 1].expects, row.value or "") for code, row in rows]
        if any(expects == "date" and _BEYOND.match(value.strip()) for expects, value in given):
            hint += Hint.alike("Dates range from 0001-01-01 to 9999-12-30.")
        for code, row in rows:
            fault = self.faults[code - 1]
            if fault.expects in ("amount", "number") and fault.of is not None:
                told = number_hint(fault.of.column, row.value or "")
                if told is not None:
                    return hint + told
        return hint


_MEND = Hint(
    'Correct them, or leave them out: on_bad_rows="skip".', "Correct them, or leave them out: --on-bad-rows skip."
)


def _another_column(name: str, kind: str) -> Hint:
    """Return the hint to read a field from another column; kind: what the column must hold, in the singular."""
    return Hint(
        f'Read {name} from a column of {kind}s: columns={{"{name}": "NAME"}}.',
        f"Read {name} from a column of {kind}s: --column {name}=NAME.",
    )


def value_shown(row: BadRow, form: str = " ({})") -> str:
    """Return the value of the cell at fault in a form, an empty text where it isn't one cell."""
    if row.value is None:
        return ""
    shown = repr(row.value[:_SHOWN_CHARACTERS]) + ("…" if len(row.value) > _SHOWN_CHARACTERS else "")
    return form.format(shown if row.value else "empty")


def rejected_lines(source: Source, rejected: Rejected, skip: bool) -> list[LeftOut]:
    """Return the count of lines that could not be split into columns, with the first few as examples.

    Raises BadRowsError when they may not be skipped.
    """
    source.refuse_rejected(rejected, skip)
    if not rejected.count:
        return []
    examples = [f"{source.place(row)}: {row.reason}" for row in islice(rejected.lines(), SHOWN)]
    return [LeftOut("could not be split into columns", rejected.count, "lines", examples)]
