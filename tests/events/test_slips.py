"""Slips in calls, files and URLs: refused or told, and never taken for something else."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from plan_of_sixty import entered, filled, is_due, rows_of, write_rows

from custgrade.errors import LogError
from custgrade.events import Batch, Event, EventLog, OfferTerms, Wanted
from custgrade.events.event_columns import event_columns

GIFT = Event("C-1", "gift", "basket", "2026-01-02", money=10)


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    log = EventLog(tmp_path / "log.db")
    log.add(GIFT)
    return log


def test_a_wrong_day_that_hides_an_event_is_told(log: EventLog) -> None:
    """Who records again what was recorded for a day in the far future is told the day, with the number of events."""
    log.add(Event("C-2", "gift", "basket", "2062-01-02", 1))
    (note,) = log.add(Event("C-2", "gift", "basket", "2026-01-02", 1)).notes
    assert note.startswith(
        "1 event recorded already with another day, such as gift 'basket' of customer 'C-2' on 2062-"
    )
    assert log.add(Event("C-1", "gift", "basket", "2026-01-02", 1, money=10)).notes == ()


def test_rewards_cost_nothing_or_more(log: EventLog, tmp_path: Path) -> None:
    """Money below nothing would make room in a budget; it is refused in events, columns and files."""
    with pytest.raises(LogError, match=r"costs nothing or more; received -5\.00"):
        Event("C-1", "gift", "basket", "2026-01-02", money=-5)
    columns = event_columns(GIFT)
    columns = type(columns)(columns.customer_id, columns.occasions, columns.code, columns.number, -columns.cents)
    with pytest.raises(LogError, match="costs nothing or more"):
        log.add(columns)
    path = tmp_path / "events.csv"
    path.write_text("customer_id,kind,name,number,day,money\nC-3,gift,basket,1,2026-01-02,-5\n")
    with pytest.raises(LogError, match="line 2: a reward costs nothing or more"):
        log.import_file(path)


def test_consent_in_a_file_says_yes_or_no(log: EventLog, tmp_path: Path) -> None:
    """Consent without money would be a silent no."""
    path = tmp_path / "events.csv"
    path.write_text("customer_id,kind,name,number,day,money\nC-3,consent,,1,2026-01-02,\n")
    with pytest.raises(LogError, match="line 2: the money of consent is missing"):
        log.add_file(path)


def test_no_gift_comes_back_while_an_offer_is_under_way(tmp_path: Path) -> None:
    """A plan's file is checked as the plan's events are: an offer that was explained since then refuses the gift."""
    log = EventLog(tmp_path / "log.db")
    entered(log, "2018-01-31", "golden-list")
    path = tmp_path / "actions.csv"
    entered(log, "2018-02-20", "golden-list").write_actions(path)
    rows = [row for row in rows_of(path) if row["kind"] == "gift" and is_due(row)]
    log.add(Event(rows[0]["customer_id"].removeprefix("'"), "explained", "price", "2018-02-20"))
    write_rows(path, filled(rows, "2018-02-21"))
    with pytest.raises(LogError, match="would get a gift on 2018-02-21, while an offer is under way"):
        log.add_file(path)
    assert not [one for one in log.events() if one.kind == "gift"]


@pytest.mark.parametrize("days", [0, 7, 3660])
def test_deadlines_at_the_end_of_the_calendar(log: EventLog, days: int) -> None:
    """The days ahead end with the calendar."""
    log.add(Event("C-2", "explained", "price", "9999-12-30"))
    assert [one.day for one in log.due("9999-12-31", days)] == [dt.date(9999, 12, 31)]


@pytest.mark.parametrize("value", [None, 5, "C-1", b"x", object()])
def test_other_things_than_what_is_wanted(log: EventLog, value: object) -> None:
    """A call with something else says what it takes; a text isn't taken for a list of its characters."""
    calls = [lambda: log.find(value), lambda: log.import_file(value), lambda: log.add_file(value)]
    if value is not None:
        calls += [
            lambda: log.find(Wanted(customers=value)),
            lambda: log.find(Wanted(kinds=value)),
            lambda: log.find(Wanted(since=value)),
            lambda: log.history(["C-1"], value),
            lambda: log.add(Batch(GIFT, value)),
            lambda: log.add(Batch(GIFT, revision=value)) if value != 5 else log.find(value),
            lambda: OfferTerms(notice_days=value) if value != 5 else log.find(value),
            lambda: OfferTerms(what=value) if value != "C-1" else log.find(value),
        ]
    for call in calls:
        with pytest.raises(LogError):
            call()


def test_money_as_a_fraction() -> None:
    """A fraction is money if it has at most two decimals."""
    assert Event("C-1", "gift", "basket", "2026-01-02", money=Fraction(1, 4)).cents == 25
    with pytest.raises(LogError, match="at most two decimals"):
        Event("C-1", "gift", "basket", "2026-01-02", money=Fraction(1, 3))


def test_days_of_an_event_are_named() -> None:
    """An error about a day says which one."""
    with pytest.raises(LogError, match="due of an event: received 'x'"):
        Event("C-1", "gift", "basket", "2026-01-02", due="x")


def test_which_of_the_events_of_joined_customers_is_meant(tmp_path: Path) -> None:
    """Two events with one number, of customers who were joined, are told apart by their days."""
    log = EventLog(tmp_path / "log.db")
    log.add([Event("old", "gift", "basket", "2026-01-02"), Event("new", "gift", "basket", "2026-01-03")])
    log.alias("old", "new", author="Ann")
    with pytest.raises(LogError, match="give the day in place of the number"):
        log.void(Event("new", "gift", "basket", "2026-01-02", 1), reason="slip", author="Ann")
    assert log.void(Event("new", "gift", "basket", "2026-01-03"), reason="slip", author="Ann") == 1


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("postgresql+psycopg://u:pass@word/s@localhost:1/d", "word"),
        ("postgresql+psycopg://localhost:1/d?user=u&sslpassword=word", "word"),
    ],
)
def test_passwords_that_were_not_escaped(url: str, secret: str) -> None:
    """No part of a password is shown, even if the URL is read otherwise than it was meant."""
    with pytest.raises(LogError) as caught:
        _ = EventLog(url).revision
    assert secret not in str(caught.value).replace("password", "")


def test_a_url_that_asks_for_no_writing_is_not_written(log: EventLog) -> None:
    """SQLite ignores `mode=ro` in a plain URL, so it is refused there."""
    with pytest.raises(LogError, match="SQLite reads 'mode' only in a URL of the form"):
        EventLog(f"sqlite:///{log.name}?mode=ro")


def test_a_log_of_a_format_that_never_was(log: EventLog) -> None:
    """There is no way from an unknown format to the newest one."""
    with sa.create_engine(f"sqlite:///{log.name}").begin() as connection:
        connection.execute(sa.text("UPDATE custgrade_log SET format = -1"))
    with pytest.raises(LogError, match="format -1, which this version of custgrade doesn't know"):
        log.upgrade()
