"""The period that a base covers, and the date it is seen from."""

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
    """Return an ISO text, a date or a datetime, also one of numpy, as a date.

    Raises SourceError when `value` is none of them, or stands for a missing date.
    """
    given = value.astype("datetime64[D]").item() if isinstance(value, np.datetime64) else value
    # what stands for a missing moment is a datetime to Python, but equals nothing, not even itself
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
    """Return a length such as `365d`, 365 or a timedelta, also one of numpy, as whole days, at least 1.

    Raises SourceError when `value` is none of them.
    """
    days = value
    if isinstance(value, np.timedelta64):
        # it passes for a whole number, of whatever unit
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
    """The days a base covers, `start` and `end` both included, and the as-of date.

    Nothing in custgrade reads a clock: the as-of date is given, or is the newest date in the data.
    """

    as_of: dt.date = field(converter=as_date)
    start: dt.date = field(converter=as_date)
    end: dt.date = field(converter=as_date)

    def __attrs_post_init__(self) -> None:
        if not self.start <= self.end <= self.as_of:
            raise SourceError(
                f"the period must run start ≤ end ≤ as-of; received {self.start}, {self.end}, {self.as_of}"
            )

    @property
    def days(self) -> int:
        """The period's length in days, both ends counted."""
        return (self.end - self.start).days + 1
