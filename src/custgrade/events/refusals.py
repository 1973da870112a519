"""Why events are refused: the first few, with their lines, and how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import define, field

from custgrade.errors import LogError
from custgrade.events.event_columns import NEXT, EventColumns

MOST = 5


@define
class Refusals:
    """The reasons why events are refused."""

    events: EventColumns
    _reasons: dict[int, str] = field(factory=dict)
    _rows: list[npt.NDArray[Any]] = field(factory=list)

    def shown(self, rows: npt.NDArray[Any]) -> list[int]:
        """Count events that are refused, and return the positions of the first few, which need a reason."""
        self._rows.append(rows)
        found: list[int] = rows[:MOST].tolist()
        return found

    def add(self, row: int, why: str) -> None:
        """State why the event at a position is refused."""
        self._reasons.setdefault(row, why)

    def lines(self, *rows: int) -> str:
        """Return ` (lines 3 and 7)` for events from a file."""
        line = self.events.line
        return "" if line is None else f" (lines {' and '.join(str(line[row]) for row in rows)})"

    def refuse(self) -> None:
        """Raise LogError if an event is refused."""
        count = len(np.unique(np.concatenate(self._rows))) if self._rows else 0
        if not count:
            return
        lines = [f"{self._place(row)}: {why}" for row, why in sorted(self._reasons.items())[:MOST]]
        if count > len(lines):
            lines.append(f"and {count - len(lines):,} more")
        raise LogError("; ".join(lines) + ". Nothing was recorded.")

    def _place(self, row: int) -> str:
        events = self.events
        one, number = events.occasions[int(events.code[row])], int(events.number[row])
        what = f"{one.kind} {one.name!r}" if one.name else one.kind
        times = f" number {number}" if number != NEXT else ""
        line = "" if events.line is None else f"line {events.line[row]}, "
        return f"{line}customer {str(events.customer_id[row])!r}, {what}{times} on {one.day}"
