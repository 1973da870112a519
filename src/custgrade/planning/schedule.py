"""The days of a plan, and due days: calendar months from a fixed day, so that no date drifts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

Days = npt.NDArray[np.datetime64]
NEVER = np.datetime64("NaT", "D")
"""The value of an unknown or empty day."""


@frozen
class Dates:
    """The days of a plan, datetime64[D].

    on: its day. until: the last day of the horizon, included. since: the day that due days are counted from.
    """

    on: np.datetime64
    until: np.datetime64
    since: np.datetime64


def months_later(day: Any, count: Any) -> Days:
    """Return days that lie calendar months later, datetime64[D]; in a shorter month, its last day.

    Counted from a fixed day, a series keeps its day of the month: 31 January, 30 April, 31 July.

    day, count: numbers or arrays that broadcast.
    """
    start = np.asarray(day, dtype="datetime64[D]")
    month = start.astype("datetime64[M]")
    later = month + np.asarray(count).astype("timedelta64[M]")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found: Days = np.minimum(later.astype("datetime64[D]") + (start - month.astype("datetime64[D]")), last)
    return found


def day_months_later(day: np.datetime64, count: int) -> np.datetime64:
    """Return the day that lies calendar months after one day; see `months_later`."""
    return np.datetime64(months_later(day, count).item(), "D")


def slots_until(
    start: np.datetime64, every: int, on: np.datetime64, until: np.datetime64
) -> list[tuple[np.datetime64, int]]:
    """Return the newest slot on or before `on` and all later ones until `until`, included: their days and numbers.

    start: the day of slot 1. every: months between two slots. Without a slot on or before `on`, it begins with slot 1.
    """
    first, number = newest_slot(start, every, on)
    found = []
    while first <= until:
        found.append((first, number))
        first, number = day_months_later(start, number * every), number + 1
    return found


def period_end(start: np.datetime64, months: int, on: np.datetime64) -> np.datetime64:
    """Return the last day of the budget period that a day lies in; periods are counted from `start`."""
    _, number = newest_slot(start, months, on)
    return day_months_later(start, number * months) - np.timedelta64(1, "D")


def newest_slot(start: np.datetime64, every: int, on: np.datetime64) -> tuple[np.datetime64, int]:
    """Return the newest slot on or before a day, and its number, from 1 on; the first slot if all are later.

    start: the day of the first slot. every: months between two slots. on: the day.
    """
    day, number = newest_slots(np.asarray(start), every, on)
    return np.datetime64(day.item(), "D"), int(number)


def newest_slots(start: Days, every: int, on: Any) -> tuple[Days, npt.NDArray[np.int64]]:
    """Return the newest slot on or before a day for each start, and its number; the first slot if all are later.

    start: the days of the first slots. every: months between two slots. on: a day, or an array of days that broadcasts.

    The days are datetime64[D] and the numbers, from 1 on, int64. Without a start or a day, the slot is NaT, with number
    0.
    """
    first, day = (np.asarray(one, dtype="datetime64[D]") for one in (start, on))
    unknown = np.isnat(first) | np.isnat(day)
    months = np.asarray(day.astype("datetime64[M]") - first.astype("datetime64[M]"))
    passed = np.where(unknown, 0, months.astype(np.int64)) // every
    # in the month of the day, the slot may be later than the day
    passed = np.maximum(passed - (months_later(first, passed * every) > day), 0)
    numbers = np.where(unknown, 0, passed + 1)
    return slot_days(first, every, numbers), numbers


def slot_days(start: Days, every: int, numbers: npt.NDArray[np.int64]) -> Days:
    """Return the days of slots, datetime64[D]; NaT for a number below 1, and without a start.

    start: the days of the first slots, which have number 1. every: months between two slots. numbers: of the slots.
    """
    numbers = np.asarray(numbers)
    found: Days = np.where(numbers > 0, months_later(start, (numbers - 1) * every), NEVER)
    return found


def first_slots_from(start: Days, every: int, least: Any) -> npt.NDArray[np.int64]:
    """Return the number of the first slot on or after a day for each start, int64, from 1 on; 0 if one of them is NaT.

    start: the days of the first slots. every: months between two slots. least: a day, or an array of days that
    broadcasts.
    """
    days, numbers = newest_slots(start, every, least)
    return numbers + (days < np.asarray(least, dtype="datetime64[D]"))
