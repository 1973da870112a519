"""Odd ids, texts, numbers, days and money: kept exactly, or refused with a LogError."""

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import Event, EventLog, OfferTerms
from custgrade.events.event_columns import EventColumns, Occasion

IDS = [
    *("O'Brien", '"quoted"', "two\nlines", "\r", "\t", "😀", "e\u0301", "\u00e9", "x" * 10_000, "=A1", "(forgotten 1)"),
    *(
        "007",
        "1e5",
        "3-4",
        " ",
        " a",
        "a ",
        "a",
        "A",
        "\x1f",
        "\\N",
        "\\",
        "{}",
        "%s",
        ":name",
        "NULL",
        "\u202e",
        "\ufeff",
    ),
    *("'; DROP TABLE custgrade_event; --", "-5", "18446744073709551616"),
]


def test_ids_are_kept_exactly(log_url):
    """Quotes, line breaks, separators, emoji, long and look-alike ids come back as they were, each its own customer."""
    log = EventLog(log_url)
    events = [Event(one, "gift", "basket", "2026-01-02", 1, money=k) for k, one in enumerate(IDS)]
    assert log.add(events).written == len(IDS)
    assert log.add(events[::-1]).already == len(IDS)
    assert [(one.customer_id, one.money) for one in log.events()] == [(one, k) for k, one in enumerate(IDS)]
    history = log.history(IDS)
    assert [history.cents[history.who == k].tolist() for k in range(len(IDS))] == [[100 * k] for k in range(len(IDS))]
    for one in IDS[:5]:
        log.alias(one, f"new {len(one)} {one!r}", author=one.replace("\n", " ").replace("\r", "_").replace("\t", "_"))
        assert log.forget(one) == 1


def test_texts_are_kept_exactly(log_url):
    """Names and notes with quotes, backslashes and separators of formats come back as they were."""
    log = EventLog(log_url)
    texts = [one for one in IDS if one.isprintable() and one.strip()]
    events = [
        Event("C-1", "gift", one, "2026-01-02", 1, note=one, author=one, policy=one, treatment=one) for one in texts
    ]
    log.add(events)
    assert list(log.events()) == events
    history = log.history(["C-1"])
    assert sorted(history.occasions[code].name for code in history.code) == sorted(texts)


@pytest.mark.parametrize("name", ["policy", "treatment", "version", "terms", "author", "note", "name"])
@pytest.mark.parametrize("value", ["a\nb", "\x00", "\x1f", "\u2028", "\ud800", "\x85", None, 5, b"x"])
def test_texts_with_control_characters_are_refused(name, value):
    """A text of more than one line, or no text, is refused with the attribute's name."""
    with pytest.raises(LogError, match=name):
        Event(**({"customer_id": "C-1", "kind": "gift", "name": "basket", "day": "2026-01-02"} | {name: value}))


@pytest.mark.parametrize("value", [None, True, 1.5, b"x", "a\0b", "\ud800", [], math.nan, ""])
def test_ids_that_are_refused(value):
    """An id must be a text that databases can hold, or a whole number."""
    with pytest.raises(LogError, match=r"id|customer"):
        Event(value, "gift", "basket", "2026-01-02")


@pytest.mark.parametrize("value", [0, -1, 2**63, 10**9 + 1, 1.0, True, "1", math.nan, np.float64(1)])
def test_numbers_that_are_refused(value):
    """A number is a whole one, from 1 to a billion."""
    with pytest.raises(LogError, match="number of an event"):
        Event("C-1", "gift", "basket", "2026-01-02", value)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 1.005, "5", None, True, 10**14, Decimal("0.001"), 1e300]
)
def test_money_that_is_refused(value):
    """Money has at most two decimals and is finite."""
    with pytest.raises(LogError, match="money of an event"):
        Event("C-1", "gift", "basket", "2026-01-02", money=value)


@pytest.mark.parametrize(
    "value", [0, -5, 0.1, 19.99, 1.1, Decimal("0.07"), 10**13, 9_999_999_999_999.99, np.float64(0.29)]
)
def test_money_is_kept_exactly(log_url, value):
    """Money comes back to the hundredth, and changing another attribute of an event doesn't change it."""
    kind = "gift" if value >= 0 else "explained"
    event = evolve(Event("C-1", kind, "basket", "2026-01-02", 1, money=value), note="x")
    assert event.cents == int(Decimal(str(value)) * 100)
    log = EventLog(log_url)
    log.add(event)
    assert list(log.events()) == [event]
    assert log.add(event).already == 1


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", dt.date.min, dt.date.max, "2024-02-29"])
def test_days_are_kept_exactly(log_url, value):
    """Days from the year 1 to the year 9999 come back as they were."""
    log = EventLog(log_url)
    event = Event("C-1", "gift", "basket", value, 1, due=value, until=value)
    log.add([event, Event("C-2", "explained", "x", value)])
    assert next(log.events()) == event
    assert log.history(["C-1"]).days.astype(str).tolist()[0] == str(value)


@pytest.mark.parametrize(
    "value", ["", "31/01/2026", "2026-02-30", "2026-1-5", "20260105", "tomorrow", None, 5, "0000-01-01"]
)
def test_days_that_are_refused(value):
    """A day is a date or an ISO text, never guessed."""
    with pytest.raises(LogError, match="day of an event"):
        Event("C-1", "gift", "basket", value)


def test_offers_at_the_ends_of_the_calendar(log_url):
    """Moves on the first and last days that exist are checked as any others."""
    log = EventLog(log_url)
    for day, until in (("0001-01-01", "0001-01-15"), ("9999-12-17", "9999-12-31")):
        customer = day
        log.add(Event(customer, "explained", "x", day))
        with pytest.raises(LogError, match="open 14 to 28 days"):
            log.add(Event(customer, "offered", "x", day, until="5000-01-01"))
        log.add([Event(customer, "offered", "x", day, until=until), Event(customer, "signed", "x", until)])


@pytest.mark.parametrize(
    "terms",
    [
        "x",
        "[]",
        "5",
        "{",
        '{"days": -1}',
        '{"days": 1e3}',
        '{"moved": 99999999999999999999}',
        '{"days": true}',
        "[" * 99_999,
        *('{"other": 1}', '{"what": 5}', "null"),
    ],
)
def test_terms_that_are_refused(log_url, terms):
    """Terms that aren't those of an offer are refused before anything is written."""
    log = EventLog(log_url)
    log.add(Event("C-1", "explained", "x", "2026-01-01"))
    with pytest.raises(LogError, match="terms of an offer"):
        log.add(Event("C-1", "offered", "x", "2026-01-01", until="2026-01-20", terms=terms))
    assert log.revision == 1


def test_days_off_can_not_stretch_a_window_at_will(log_url):
    """The days by which a deadline was moved are few."""
    log = EventLog(log_url)
    log.add(Event("C-1", "explained", "x", "2026-01-01"))
    with pytest.raises(LogError, match="moved"):
        terms = OfferTerms(moved=5000).text()
        log.add(Event("C-1", "offered", "x", "2026-01-01", until="2036-01-20", terms=terms))


@pytest.mark.parametrize(
    "events", [None, 5, "x", b"x", [None], [("C-1", "gift")], {"a": 1}, [[Event("C", "gift", "x", "2026-01-01")]]]
)
def test_what_is_no_event(log_url, events):
    """Anything but events is refused."""
    with pytest.raises(LogError, match="a log takes events"):
        EventLog(log_url).add(events)


GOOD = {"customer_id": ["C-1"], "occasions": [Occasion("gift", "basket", "2026-01-02")], "code": [0], "number": [1]}


@pytest.mark.parametrize(
    "change",
    [
        {"code": [1]},
        {"code": [-1]},
        {"number": [-1]},
        {"number": [2**62]},
        {"cents": [2**62]},
        {"number": [1, 2]},
        {"customer_id": ["a\0b"]},
        {"customer_id": [""]},
        {"line": [1, 2]},
        *({"occasions": [Occasion(*one)]} for one in (("x", "basket", "2026-01-02"), ("gift", "", "2026-01-02"))),
        *({"occasions": [Occasion("gift", "basket", one)]} for one in ("", "2026-02-30", "20260102", "x\ny")),
        {"occasions": [Occasion("gift", "a\nb", "2026-01-02")]},
        {"occasions": [Occasion("gift", "basket", "2026-01-02", note="a\x1fb")]},
        {"occasions": [Occasion("consent", "", "2026-01-02")], "cents": [5]},
    ],
)
def test_columns_are_checked_as_events_are(log_url, change):
    """Columns that no events could have are refused, and nothing is written."""
    given = GOOD | {"cents": [0]} | change
    arrays = {
        name: np.array(given[name], dtype=np.int64) for name in ("code", "number", "cents", "line") if name in given
    }
    columns = EventColumns(**(given | arrays))
    log = EventLog(log_url)
    with pytest.raises(LogError):
        log.add(columns)
    assert log.revision == 0


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"kind": "lapsed"}, "lapses by itself"),
        ({"kind": "giftt"}, "did you mean|gift"),
        ({"kind": "consent", "money": 2}, "1 for yes and 0 for no"),
        ({"kind": "snooze"}, "author"),
        ({"kind": "snooze", "until": "2026-01-01", "author": "me", "note": "x"}, "before its day"),
        ({"customer_id": ""}, "has no customer"),
        ({"name": ""}, "has no name"),
    ],
)
def test_events_that_make_no_sense(event, said):
    """Events without what their kind needs are refused with what is missing."""
    with pytest.raises(LogError, match=said):
        Event(**({"customer_id": "C-1", "kind": "gift", "name": "basket", "day": "2026-01-02"} | event))
