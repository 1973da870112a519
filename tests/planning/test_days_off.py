"""Days off: what a user writes, and the working days that days move to."""

import datetime as dt

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, strategies as st
from small_policy import policy

from custgrade.errors import PolicyError
from custgrade.planning import DaysOff, check_policy
from custgrade.planning.days_off import WEEKDAYS, as_days_off

CHRISTMAS = DaysOff(["saturday", "sunday"], [dt.date(2026, 12, 25)])


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def test_the_first_weekday_is_monday():
    """The order of the names is that of `date.weekday`: 25 December 2026 is a Friday."""
    assert WEEKDAYS[dt.date(2026, 12, 25).weekday()] == "friday"


def first_working(off: DaysOff, day: dt.date) -> dt.date:
    """Return the first working day on or after a day, by counting."""
    while WEEKDAYS[day.weekday()] in off.weekdays or day in off.dates:
        day += dt.timedelta(days=1)
    return day


WEEKDAY_SETS = st.sets(st.sampled_from(WEEKDAYS), max_size=6)
NEAR = st.dates(dt.date(2026, 12, 1), dt.date(2027, 1, 31))


def test_christmas_before_a_weekend_moves_twice():
    """25 December 2026 is a Friday: it moves over the weekend to Monday the 28th."""
    found = CHRISTMAS.working(days("2026-12-24", "2026-12-25", "2026-12-26"))
    assert found.astype(str).tolist() == ["2026-12-24", "2026-12-28", "2026-12-28"]


def test_only_dates_that_a_move_passes_over_are_used():
    """25 December is used by a day that is due then, and by no day before or after it."""
    assert CHRISTMAS.used(days("2026-12-24", "2026-12-26", "NaT")) == ()
    assert CHRISTMAS.used(days("2026-12-31", "2026-12-25")) == (dt.date(2026, 12, 25),)
    assert CHRISTMAS.used(days()) == ()


def test_an_unknown_day_stays_unknown():
    """NaT stays NaT, in arrays and alone."""
    assert np.isnat(CHRISTMAS.working(days("NaT", "2026-12-25"))).tolist() == [True, False]
    assert np.isnat(CHRISTMAS.working(np.datetime64("NaT")))


def test_without_days_off_no_day_moves():
    """With no days off, each day is a working day, and no date is used."""
    some = days("2026-12-25", "2026-12-26", "NaT")
    np.testing.assert_array_equal(DaysOff().working(some), some)
    assert DaysOff().used(some) == ()


@given(WEEKDAY_SETS, st.sets(NEAR, max_size=25), st.lists(NEAR, max_size=20))
def test_days_move_as_counting_moves_them(weekdays, dates, given_days):
    """Each day moves to the first working day that counting finds, and the used dates are those that were counted."""
    off = DaysOff(weekdays, dates)
    array = np.array(given_days, dtype="datetime64[D]")
    expected = [first_working(off, day) for day in given_days]
    assert off.working(array).tolist() == expected
    passed = {date for date in dates for day, end in zip(given_days, expected, strict=True) if day <= date < end}
    assert off.used(array) == tuple(sorted(passed))


@given(st.lists(st.one_of(st.sampled_from(WEEKDAYS[:6]), NEAR), max_size=12), st.randoms())
def test_the_order_and_the_form_of_a_list_do_not_matter(items, random):
    """Dates and ISO texts, in any order and repeated, give equal days off with equal hashes."""
    texts = [str(one) for one in items] * 2
    random.shuffle(texts)
    one, other = as_days_off(items), as_days_off(texts)
    assert one == other and hash(one) == hash(other)
    assert {*one.weekdays, *one.dates} == {*items}
    assert one == as_days_off({*items}) == as_days_off(one) == evolve(one)


@pytest.mark.parametrize("value", ["sunday", ("sunday",), {"sunday"}, np.array(["sunday"])])
def test_one_weekday_is_a_list_of_one(value):
    """A single weekday may stand for a list of one, and any iterable is a list."""
    assert as_days_off(value) == DaysOff(["sunday"])


@pytest.mark.parametrize("value", ["2026-12-25", dt.date(2026, 12, 25), np.datetime64("2026-12-25")])
def test_one_date_is_a_list_of_one(value):
    """A single date may stand for a list of one."""
    assert as_days_off(value) == DaysOff(dates=[dt.date(2026, 12, 25)])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["sundey"], "received 'sundey'. Did you mean 'sunday'?"),
        (["Saturday"], "received 'Saturday'. Did you mean 'saturday'?"),
        (["2026-02-30"], "received '2026-02-30'"),
        (["25.12.2026"], "such as '2026-12-25'; received '25.12.2026'"),
        ([np.datetime64("NaT")], "days_off must be a list of weekdays"),
        ([["sunday"]], r"received \['sunday'\]"),
        ({"sunday": True}, "received {'sunday': True}"),
        (b"sunday", "received b'sunday'"),
        (None, "received None"),
        (6, "received 6"),
        (list(WEEKDAYS), "days_off has all seven weekdays; leave out at least one"),
    ],
)
def test_wrong_days_off_are_refused(value, message):
    """Each wrong value is an error that says what was received, and what is accepted."""
    with pytest.raises(PolicyError, match=message):
        as_days_off(value)


@pytest.mark.parametrize(
    ("given_parts", "message"),
    [
        ({"weekdays": ["2026-12-25"]}, "weekdays must be among monday"),
        ({"weekdays": ["sundey"]}, "Did you mean 'sunday'?"),
        ({"weekdays": None}, "weekdays must be among monday"),
        ({"dates": ["sunday"]}, "dates of days off: .*received 'sunday'"),
        ({"dates": 3}, "dates of days off"),
    ],
)
def test_each_part_takes_its_own_kind(given_parts, message):
    """Weekdays are no dates, and dates are no weekdays."""
    with pytest.raises(PolicyError, match=message):
        DaysOff(**given_parts)


def test_the_guard_takes_days_off():
    """A policy with days off passes the guard; one whose days off were set behind its back doesn't."""
    good = policy(days_off=["sunday", "2026-12-25"])
    assert check_policy(good) == ()
    for name, value in (("weekdays", WEEKDAYS), ("weekdays", ["sunday"]), ("dates", ("2026-12-25",))):
        bent = evolve(good.days_off)
        object.__setattr__(bent, name, value)
        bad = evolve(good)
        object.__setattr__(bad, "days_off", bent)
        with pytest.raises(PolicyError, match="days_off"):
            check_policy(bad)
