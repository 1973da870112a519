"""Which customer is meant by an id that a spreadsheet has changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches

from custgrade.export.spreadsheet import marked_id

_MOST_COMPARED = 20_000
"""The number of ids above which near ones aren't looked for."""
_EPOCH = dt.date(1899, 12, 30)
"""The day 0 of spreadsheets."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv",
            "feb fev févr",
            "mar mär mrz mrt mars",
            "apr abr avr",
            "may mai mag mei maj",
            "jun giu juin",
            "jul lug juil",
            "aug ago août aoû",
            "sep set sept",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        1,
    )
    for name in names.split()
}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_PIECES = re.compile(r"[0-9]+|[^\W\d_]+")


class MeantIds:
    """Ids that are known, and which of them a spreadsheet turns into a text."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._by_meaning: dict[tuple[object, ...], str] = {}
        self._numbers: list[tuple[Decimal, str]] = []
        for identity in self._known:
            if marked_id(identity) != identity:
                for meaning in _meanings(identity):
                    self._by_meaning.setdefault(meaning, identity)
                    if meaning[0] == "number":
                        self._numbers.append((Decimal(str(meaning[1])), identity))

    def changed(self, received: str) -> str | None:
        """Return the known id that a spreadsheet shows or saves as a text; None if there is none."""
        for meaning in _meanings(received):
            if meaning in self._by_meaning:
                return self._by_meaning[meaning]
        number = received.strip().replace(",", ".")
        if _NUMBER.fullmatch(number) and "e" in number.lower():
            # 1.23E+11 has lost the other digits
            digits = len(number.lower().partition("e")[0].lstrip("+-").replace(".", ""))
            wanted = f"{Decimal(number):.{digits - 1}e}"
            return next((known for value, known in self._numbers if f"{value:.{digits - 1}e}" == wanted), None)
        return None

    def near(self, received: str) -> str | None:
        """Return the known id that is spelt most alike; None if none is near."""
        if len(self._known) > _MOST_COMPARED:
            return None
        return next(iter(get_close_matches(received, self._known, 1, 0.8)), None)


def _meanings(text: str) -> Iterator[tuple[object, ...]]:
    """Yield the numbers and days that a spreadsheet may read in a text."""
    plain = text.strip()
    if not plain or len(plain) > 60:
        return
    number = plain.replace(",", ".")
    if _NUMBER.fullmatch(number):
        value = Decimal(number)
        if abs(value.adjusted()) < 40:
            yield "number", f"{value.normalize():f}"
        if value == value.to_integral_value() and 18_000 < value < 110_000:
            day = _EPOCH + dt.timedelta(days=int(value))
            yield "day", day.day, day.month
    pieces = _PIECES.findall(plain.lower())
    if len(pieces) in (2, 3):
        yield from (("day", *one) for one in _days(pieces))
    yield "text", plain.casefold()


def _days(pieces: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the days and months that pieces such as `3`, `mar` and `2026` may mean."""
    named = [_MONTHS[one] if one in _MONTHS else _MONTHS.get(one[:3]) for one in pieces if not one.isdigit()]
    numbers = [int(one) for one in pieces if one.isdigit()]
    if len(named) == 1 and named[0] is not None:
        # without a day, a year means the first day of the month
        found = [(day, named[0]) for day in numbers if day <= 31] or [(1, named[0])]
    elif not named:
        pairs = [(numbers[0], numbers[1]), (numbers[1], numbers[0])]
        found = [*pairs, *([(numbers[2], numbers[1])] if len(numbers) == 3 else [])]
    else:
        found = []
    yield from ((day, month) for day, month in found if 1 <= day <= 31 and 1 <= month <= 12)
