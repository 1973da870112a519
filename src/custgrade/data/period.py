"""Periods: the days that a base covers, and its as-of date."""

from __future__ import annotations

import datetime as dt
import re
from numbers import Integral
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.errors import SourceError

_MOST_DAYS = 3_000_000


def as_date(value: Any, what: str = "date") -> dt.date:
    """Return a date from an ISO text, a date, a datetime or a numpy datetime64.

    what: the name of the value, for the error.

    Raises SourceError for any other value, and for a missing date such as NaT.
    """
    given = value.astype("datetime64[D]").item() if isinstance(value, np.datetime64) else value
    # pandas' NaT is a datetime, but doesn't equal itself
    if isinstance(given, dt.datetime) and given == given:
        return given.date()
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise SourceError(f"{what}: received {value!r}; write a date as YYYY-MM-DD, for example 2017-12-31")


def as_days(value: Any, what: str = "window") -> int:
    """Return a number of whole days, at least 1, from a text such as `365d`, an int, a timedelta or a timedelta64.

    what: the name of the value, for the error.

    Raises SourceError for any other value, and for a length that isn't a whole number of days.
    """
    days = value
    if isinstance(value, np.timedelta64):
        # timedelta64 is a numpy integer in any unit, so the check for whole numbers would accept it
        seconds = np.array(value).astype("timedelta64[s]") if np.datetime_data(value)[0] not in ("Y", "M") else None
        days = int(seconds.astype("timedelta64[D]").astype(np.int64)) if seconds is not None else None
        days = days if seconds is not None and seconds == value and not seconds.astype(np.int64) % 86_400 else None
    if isinstance(value, dt.timedelta):
        days = value.days if value == dt.timedelta(days=value.days) else None
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d{1,7})\s*(d|days?)?\s*", value)):
        days = int(match[1])
    if isinstance(days, Integral) and not isinstance(days, bool) and 1 <= int(days) <= _MOST_DAYS:
        return int(days)
    raise SourceError(
        f"{what}: received {value!r}; write a whole number of days from 1 to {_MOST_DAYS:,}, for example 365d"
    )


@frozen
class Period:
    """The days that a base covers, from `start` to `end`, both included, and the as-of date.

    The as-of date is given, or is the newest date in the data; custgrade never reads the clock.
    """

    as_of: dt.date = field(converter=as_date)
    start: dt.date = field(converter=as_date)
    end: dt.date = field(converter=as_date)

    def __attrs_post_init__(self) -> None:
        if not self.start <= self.end <= self.as_of:
            raise SourceError(f"a period needs start ≤ end ≤ as-of; received {self.start}, {self.end}, {self.as_of}")

    @property
    def days(self) -> int:
        """The period's length in days, both ends counted."""
        return (self.end - self.start).days + 1
