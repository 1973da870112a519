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
    passed = int((on.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)) // every
    if months_later(start, passed * every) > on:
        passed -= 1
    number = max(passed, 0)
    return day_months_later(start, number * every), number + 1
