"""Due days: months from a fixed day."""

import calendar
import datetime as dt

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custgrade.planning.schedule import first_slots_from, months_later, newest_slot, newest_slots, slot_days

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


ANCHORS = [dt.date(2023, 12, day) for day in range(1, 32)]


def counted_slots(start: dt.date, every: int, until: dt.date) -> list[dt.date]:
    """Return the slots until a day, and one more, by counting months one at a time."""
    slots, month, passed = [start], start.replace(day=1), 0
    while slots[-1] <= until:
        month = (month + dt.timedelta(days=31)).replace(day=1)
        passed += 1
        if passed % every == 0:
            slots.append(month.replace(day=min(start.day, calendar.monthrange(month.year, month.month)[1])))
    return slots


@pytest.mark.parametrize("every", range(1, 25))
def test_slots_of_every_anchor_day_as_counting_finds_them(every):
    """For each day of the month as start, and days before, on and after the slots, arrays have the counted slots."""
    starts = np.array(ANCHORS, dtype="datetime64[D]")
    first, last = dt.date(2023, 11, 25), dt.date(2026, 3, 5)
    counted = [counted_slots(start, every, last) for start in ANCHORS]
    for distance in range((last - first).days):
        on = first + dt.timedelta(days=distance)
        newest = [max(sum(slot <= on for slot in slots), 1) for slots in counted]
        least = [next(k for k, slot in enumerate(slots, 1) if slot >= on) for slots in counted]
        days, numbers = newest_slots(starts, every, np.datetime64(on))
        assert numbers.tolist() == newest
        assert days.tolist() == [slots[k - 1] for slots, k in zip(counted, newest, strict=True)]
        assert first_slots_from(starts, every, np.datetime64(on)).tolist() == least
        assert slot_days(starts, every, np.array(least)).tolist() == [
            slots[k - 1] for slots, k in zip(counted, least, strict=True)
        ]


@given(st.lists(st.tuples(DAYS, DAYS), max_size=20), st.integers(1, 24))
def test_arrays_of_slots_are_those_of_single_starts(pairs, every):
    """Each element of the arrays is what the function for one start returns, with a day for each start."""
    starts, ons = (np.array([pair[k] for pair in pairs], dtype="datetime64[D]") for k in (0, 1))
    days, numbers = newest_slots(starts, every, ons)
    single = [newest_slot(start, every, on) for start, on in zip(starts, ons, strict=True)]
    assert list(zip(days.tolist(), numbers.tolist(), strict=True)) == [(day.item(), k) for day, k in single]
    assert (days.dtype, numbers.dtype) == (np.dtype("datetime64[D]"), np.dtype(np.int64))


@given(st.lists(DAYS, min_size=1, max_size=20), st.integers(1, 24), DAYS)
def test_the_first_slot_from_a_day_is_the_least_one(starts, every, least):
    """The first slot from a day is on or after it, and the slot before is earlier, or there is none."""
    array = np.array(starts, dtype="datetime64[D]")
    numbers = first_slots_from(array, every, np.datetime64(least))
    assert numbers.dtype == np.int64
    assert (numbers >= 1).all()
    assert (slot_days(array, every, numbers) >= np.datetime64(least)).all()
    earlier = slot_days(array, every, numbers - 1)
    assert (np.isnat(earlier) == (numbers == 1)).all()
    assert (earlier[numbers > 1] < np.datetime64(least)).all()


def test_unknown_starts_and_days_have_no_slot():
    """Where the start or the day is NaT, the slot is NaT and its number 0; the others aren't touched."""
    starts = np.array(["2025-01-31", "NaT", "2025-03-01"], dtype="datetime64[D]")
    ons = np.array(["2025-03-01", "2025-03-01", "NaT"], dtype="datetime64[D]")
    days, numbers = newest_slots(starts, 1, ons)
    assert days.astype(str).tolist() == ["2025-02-28", "NaT", "NaT"]
    assert numbers.tolist() == [2, 0, 0]
    assert first_slots_from(starts, 1, ons).tolist() == [3, 0, 0]
    assert slot_days(starts, 1, numbers).astype(str).tolist() == ["2025-02-28", "NaT", "NaT"]
    empty = newest_slots(starts[:0], 1, np.datetime64("2025-01-01"))
    assert [one.shape for one in empty] == [(0,), (0,)]
