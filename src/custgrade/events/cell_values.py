"""The cells of a file of events as values: days, numbers and money. What a spreadsheet has changed is refused."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from custgrade.errors import LogError
from custgrade.events.event import MOST_CENTS, MOST_NUMBER
from custgrade.export.spreadsheet import marked_id, marked_text, plain_text
from custgrade.text import shown

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CHANGED = "a spreadsheet may have changed it"


def unmarked(cell: str) -> str:
    """Return the text of a cell without the apostrophe that was put before it for spreadsheets."""
    text = plain_text(cell)
    return text if text != cell and cell in (marked_text(text), marked_id(text)) else cell


def day_cell(name: str, text: str) -> str:
    """Return an ISO day; an empty text if there is none. name: of the column.

    Raises LogError.
    """
    day = text.strip()
    if not day:
        return ""
    try:
        if _DAY.fullmatch(day):
            dt.date.fromisoformat(day)
            return day
    except ValueError:
        pass
    hint = f"{_CHANGED}; " if any(letter.isdigit() for letter in day) else ""
    raise LogError(f"{name} is {shown(text)}; {hint}write a day as YYYY-MM-DD")


def number_cell(text: str) -> int:
    """Return a whole number from 1 on; 0 if there is none.

    Raises LogError.
    """
    number = text.strip()
    if not number:
        return 0
    if not re.fullmatch("[0-9]{1,10}", number) or not 1 <= int(number) <= MOST_NUMBER:
        raise LogError(f"number is {shown(text)}; {_CHANGED}; write a whole number from 1 on, with digits only")
    return int(number)


def revision_cell(text: str) -> int | None:
    """Return the revision of a log; None if there is none.

    Raises LogError.
    """
    number = text.strip()
    if not number:
        return None
    if not re.fullmatch("[0-9]{1,15}", number):
        raise LogError(f"revision is {shown(text)}; {_CHANGED}; write a whole number with digits only")
    return int(number)


def money_cell(text: str, *, rounded: bool = False) -> int:
    """Return money in whole hundredths; 0 if there is none. rounded: whether more than two decimals are rounded.

    Raises LogError.
    """
    money = text.strip()
    if not money:
        return 0
    if not _MONEY.fullmatch(money):
        raise LogError(f"money is {shown(text)}; {_CHANGED}; write it with digits and a decimal point, such as 1234.50")
    exact = Decimal(money) * 100
    # half up, as plans round money
    cents = int((exact + Decimal("0.5")).to_integral_value("ROUND_FLOOR")) if rounded else int(exact)
    if not rounded and exact != cents:
        raise LogError(f"money is {shown(text)}; it has at most two decimals")
    if abs(cents) > MOST_CENTS:
        raise LogError(f"money is {shown(text)}; the most is {MOST_CENTS // 100:,}")
    return cents
