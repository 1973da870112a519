"""Days off: weekdays and dates on which nobody works, and the working days that other days move to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.argument_checks import is_one_of
from custgrade.data.period import as_date
from custgrade.errors import PolicyError, SourceError
from custgrade.planning.part import Part
from custgrade.planning.schedule import Days
from custgrade.text import did_you_mean, listed, shown

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _items(value: Any) -> tuple[Any, ...]:
    """Return one weekday or date, or an iterable of them, as a tuple; other values as the only item, to be refused."""
    many = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
    return tuple(value) if many else (value,)


def _weekdays(value: Any) -> tuple[str, ...]:
    given = _items(value)
    for one in given:
        if not is_one_of(one, WEEKDAYS):
            raise PolicyError(
                f"weekdays must be among {listed(WEEKDAYS)}; received {shown(one)}.{_nearest_weekday(one)}"
            )
    return tuple(day for day in WEEKDAYS if day in given)


def _dates(value: Any) -> tuple[dt.date, ...]:
    try:
        return tuple(sorted({as_date(one) for one in _items(value)}))
    except SourceError as error:
        raise PolicyError(f"dates of days off: {error}") from error


def _nearest_weekday(value: Any) -> str:
    return did_you_mean(value, WEEKDAYS) if isinstance(value, str) else ""


@frozen
class DaysOff(Part):
    """The days on which nobody works.

    weekdays: names from `monday` to `sunday`. dates: dates, as `datetime.date` or as ISO texts. Both are stored in the
    order of the calendar, each day once.

    Raises PolicyError for any other value, and if all seven weekdays are off.
    """

    weekdays: tuple[str, ...] = field(default=(), converter=_weekdays)
    dates: tuple[dt.date, ...] = field(default=(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        if len(self.weekdays) == len(WEEKDAYS):
            raise PolicyError("days_off has all seven weekdays; leave out at least one of them")

    def working(self, days: Days) -> Days:
        """Return the first working day on or after each day, datetime64[D] of the same shape; NaT stays NaT."""
        mask = [name not in self.weekdays for name in WEEKDAYS]
        dates = np.array(self.dates, dtype="datetime64[D]")
        given = np.asarray(days, dtype="datetime64[D]")
        found: Days = np.busday_offset(given, 0, roll="forward", weekmask=mask, holidays=dates)
        return found

    def used(self, days: Days) -> tuple[dt.date, ...]:
        """Return the dates of `dates` that `working(days)` passed over, sorted.

        A date was passed over if it is on or after one of the days and before the working day of that day. Its weekday
        may be off too.
        """
        given = np.unique(np.asarray(days, dtype="datetime64[D]"))
        given = given[~np.isnat(given)]
        if not self.dates or not len(given):
            return ()
        dates = np.array(self.dates, dtype="datetime64[D]")
        # later days have no earlier working days, so the last day before a date decides
        count = np.searchsorted(given, dates, side="right")
        passed = (count > 0) & (self.working(given[count - 1]) > dates)
        found: list[dt.date] = dates[passed].tolist()
        return tuple(found)


def as_days_off(value: Any) -> DaysOff:
    """Return weekdays and dates, in one list, as DaysOff; a single weekday or date is a list of one.

    Raises PolicyError for any other value.
    """
    if type(value) is DaysOff:
        return value
    weekdays, dates = [], []
    for one in _items(value):
        if is_one_of(one, WEEKDAYS):
            weekdays.append(one)
            continue
        try:
            dates.append(as_date(one))
        except SourceError:
            raise PolicyError(
                "days_off must be a list of weekdays, such as 'sunday', and of dates, such as '2026-12-25'; "
                f"received {shown(one)}.{_nearest_weekday(one)}"
            ) from None
    return DaysOff(weekdays, dates)
