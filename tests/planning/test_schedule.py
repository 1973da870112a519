"""Due days: months from a fixed day."""

import calendar
import datetime as dt

import numpy as np
from hypothesis import given, strategies as st

from custgrade.planning.schedule import months_later, newest_slot

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


def later(day: dt.date, count: int) -> dt.date:
    """Return a day some calendar months later, computed by hand."""
    number = day.year * 12 + day.month - 1 + count
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@given(DAYS, st.integers(-240, 240))
def test_months_later_keeps_the_day_of_the_month(day, count):
    """A day some months later has the same day of the month, or the last day of a shorter month."""
    assert later(day, count) == months_later(np.datetime64(day), count).item()


def test_month_ends_do_not_drift():
    """A quarterly series from 31 January has the days 31 January, 30 April, 31 July, 31 October, 31 January."""
    found = months_later(np.datetime64("2025-01-31"), np.arange(0, 13, 3)).astype(str).tolist()
    assert ["2025-01-31", "2025-04-30", "2025-07-31", "2025-10-31", "2026-01-31"] == found


def test_half_years_from_the_end_of_august_are_two_a_year():
    """A half-yearly series from 31 August has a day in each February."""
    found = months_later(np.datetime64("2025-08-31"), np.arange(0, 25, 6)).astype(str).tolist()
    assert ["2025-08-31", "2026-02-28", "2026-08-31", "2027-02-28", "2027-08-31"] == found


@given(DAYS, st.integers(1, 24), st.integers(-400, 4000))
def test_the_newest_slot_is_the_last_one_that_has_come(start, every, distance):
    """The newest slot is the last on or before the day, or the first one if all are later, as counting finds."""
    on = start + dt.timedelta(days=distance)
    slots = [later(start, every * k) for k in range(200)]
    come = [k for k, slot in enumerate(slots) if slot <= on] or [0]
    day, number = newest_slot(np.datetime64(start), every, np.datetime64(on))
    assert (slots[come[-1]], come[-1] + 1) == (day.item(), number)
