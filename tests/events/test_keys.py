"""Keys of events: what is there already, what is given twice, and numbers without and after voided events."""

import time

import numpy as np
import pytest
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import Event, EventLog
from custgrade.events.event_columns import event_columns

GIFT = Event("C-1", "gift", "basket", "2026-01-02", 1, money=10, note="by post")


def numbers(log, customer="C-1"):
    return sorted(one.number for one in log.events() if one.customer_id == customer)


def test_the_same_event_again(log_url):
    """An event that is recorded counts as already, whatever its day and note; so does one given twice in a batch."""
    log = EventLog(log_url)
    added = log.add([GIFT, evolve(GIFT, note="by hand"), evolve(GIFT, author="me")])
    assert (added.written, added.already, added.revision) == (1, 2, 1)
    added = log.add(GIFT)
    assert (added.written, added.already, added.revision) == (0, 1, 1)
    assert log.add(evolve(GIFT, day="2026-01-09")).already == 1
    assert [(one.day.isoformat(), one.note) for one in log.events()] == [("2026-01-02", "by post")]


@pytest.mark.parametrize("recorded", [True, False])
def test_the_same_key_with_other_money(log_url, recorded):
    """Another amount for the same key is an error that names both amounts, and nothing is written."""
    log = EventLog(log_url)
    other = evolve(GIFT, money=12.5)
    batch = [Event("C-2", "gift", "basket", "2026-01-02", money=5), *([] if recorded else [GIFT]), other]
    if recorded:
        log.add(GIFT)
    with pytest.raises(LogError, match=r"'C-1', gift 'basket' number 1 .*10\.00.*12\.50"):
        log.add(batch)
    assert numbers(log, "C-2") == []
    assert log.revision == int(recorded)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"money": 12}, ["10.00 on 2026-01-02", "12.00 on 2026-01-02"]),
        ({"day": "2026-01-05"}, ["10.00 on 2026-01-02", "10.00 on 2026-01-05"]),
        ({"until": "2026-03-01"}, ["until ''", "until '2026-03-01'"]),
        ({"treatment": "A"}, ["treatment ''", "treatment 'A'"]),
    ],
)
def test_two_rows_of_a_file_with_one_key(log_url, change, said, order):
    """Two rows that differ are an error with both lines, in whichever order they stand."""
    columns = event_columns([GIFT, evolve(GIFT, **change)][::order])
    columns = evolve(columns, line=np.array([3, 7]))
    with pytest.raises(LogError) as error:
        EventLog(log_url).add(columns)
    assert "lines 3 and 7" in str(error.value)
    assert all(one in str(error.value) for one in said)


def test_next_numbers(log_url):
    """Events without a number get the next one for their customer, name and kind of thing, by day."""
    log = EventLog(log_url)
    days = ["2026-03-01", "2026-01-01", "2026-02-01"]
    log.add([Event("C-1", "gift", "basket", day) for day in days])
    assert [(one.number, one.day.month) for one in log.events()] == [(3, 3), (1, 1), (2, 2)]
    log.add([Event("C-1", "gift", "other", days[0]), Event("C-2", "gift", "basket", days[0])])
    # a thing whose kind was changed in the policy goes on being counted
    log.add(Event("C-1", "outing", "basket", "2026-04-01"))
    found = {(one.customer_id, one.kind, one.name, one.number) for one in log.events()}
    assert {("C-1", "outing", "basket", 4), ("C-1", "gift", "other", 1), ("C-2", "gift", "basket", 1)} <= found


FREE = evolve(GIFT, number=None)


def test_the_same_event_again_without_a_number(log_url):
    """Without a number, an event of the same customer, kind, name and day is the same one; another day is another."""
    log = EventLog(log_url)
    added = log.add([FREE, FREE, evolve(FREE, note="by hand")])
    assert (added.written, added.already) == (1, 2)
    assert added.notes == (
        "2 events given twice and counted once, such as gift 'basket' of customer 'C-1' on 2026-01-02; give numbers if "
        "it happened twice",
    )
    log.alias("C-1", "C-9", author="me")
    again = [FREE, evolve(FREE, author="me"), evolve(FREE, customer_id="C-9")]
    assert [(log.add(one).already, log.revision) for one in (*again, again)] == [(1, 2), (1, 2), (1, 2), (3, 2)]
    others = [{"day": "2026-01-03"}, {"name": "jubilee"}, {"kind": "outing"}, {"customer_id": "C-2"}]
    assert log.add([evolve(FREE, **change) for change in others]).written == 4
    assert log.add(evolve(GIFT, number=4)).written == 1
    log.void(evolve(GIFT, number=1), reason="a slip", author="me")
    log.void(evolve(GIFT, number=4), reason="a slip", author="me")
    # what was taken back is recorded anew
    assert [log.add(FREE).written for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("order", [1, -1])
def test_events_with_and_without_a_number_in_one_batch(log_url, order):
    """An event without a number is the one of the same day that has a number, as it would be if that came before."""
    log = EventLog(log_url)
    added = log.add([GIFT, FREE, evolve(GIFT, number=2)][::order])
    assert (added.written, added.already) == (2, 1)
    assert numbers(log) == [1, 2]
    assert log.add(FREE).already == 1


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (FREE, evolve(FREE, money=12), ["10.00", "12.00"]),
        (GIFT, evolve(FREE, money=12), ["10.00", "12.00"]),
        (
            Event("C-1", "snooze", "", "2026-01-02", until="2026-02-01", author="me", note="is away"),
            Event("C-1", "snooze", "", "2026-01-02", until="2026-03-01", author="me", note="is away"),
            ["2026-02-01", "2026-03-01"],
        ),
    ],
)
def test_another_event_on_the_same_day_needs_a_number(log_url, first, second, said, recorded):
    """Other money, or another last day, is never taken for the same event: the error says what to do."""
    log = EventLog(log_url)
    if recorded:
        log.add(first)
    with pytest.raises(LogError) as error:
        log.add([second] if recorded else [first, second])
    assert all(one in str(error.value) for one in [*said, "give numbers if it happened twice"])
    assert log.add([evolve(first, number=1), evolve(second, number=2)]).written == (1 if recorded else 2)


def test_of_several_events_on_a_day_the_one_of_the_same_money_is_meant(log_url):
    """An event without a number is found among several on its day, whichever was recorded first."""
    log = EventLog(log_url)
    log.add([GIFT, evolve(GIFT, number=2, money=12)])
    assert [log.add(evolve(FREE, money=money)).already for money in (12, 10)] == [1, 1]
    with pytest.raises(LogError, match=r"received 11\.00"):
        log.add(evolve(FREE, money=11))


def test_joined_customers_with_the_same_number(log_url):
    """Of two customers who were joined and have the same number, the event of the same day is found."""
    log = EventLog(log_url)
    log.add([FREE, evolve(FREE, customer_id="C-2", day="2026-01-05", money=7)])
    log.alias("C-2", "C-1", author="me")
    added = log.add([evolve(FREE, day="2026-01-05", money=7), FREE])
    assert (added.already, added.notes) == (2, ())


def test_given_and_next_numbers_in_one_batch(log_url):
    """Numbers that are given come first, the next ones after them; a gap is refused with the number that is next."""
    log = EventLog(log_url)
    free = [evolve(GIFT, number=None, day=day) for day in ("2026-01-03", "2026-01-04")]
    log.add([free[0], evolve(GIFT, number=2), GIFT, free[1]])
    assert numbers(log) == [1, 2, 3, 4]
    with pytest.raises(LogError, match="number 4 is the last one recorded, so the next number is 5"):
        log.add(evolve(GIFT, number=6))
    with pytest.raises(LogError, match="none is recorded, so the next number is 1"):
        log.add(evolve(GIFT, customer_id="C-2", number=2))


def test_gaps_after_void(log_url):
    """A voided number may be given again; without a number the next one is above all."""
    log = EventLog(log_url)
    log.add([evolve(GIFT, number=k) for k in (1, 2, 3)])
    assert log.void(evolve(GIFT, number=2), reason="came back", author="me") == 1
    assert numbers(log) == [1, 3]
    log.add(evolve(GIFT, number=None, day="2026-01-03"))
    assert numbers(log) == [1, 3, 4]
    assert log.add(evolve(GIFT, number=2, money=99)).written == 1
    assert numbers(log) == [1, 2, 3, 4]


@pytest.mark.parametrize("most", [0, 1000])
def test_what_was_taken_back_from_a_former_id_is_said(log_url, monkeypatch, most):
    """A note names what is recorded again, under whichever id, however the customers' events are looked up."""
    monkeypatch.setattr("custgrade.events.adding._MOST_LOOKED_UP", most)
    log = EventLog(log_url)
    log.add([GIFT, evolve(GIFT, customer_id="C-2")])
    log.void([GIFT, evolve(GIFT, customer_id="C-2")], reason="a slip", author="me")
    log.alias("C-1", "C-9", author="me")
    assert log.add(evolve(GIFT, customer_id="C-3")).notes == ()
    assert log.add(evolve(GIFT, customer_id="C-9")).notes == (
        "recorded again, though taken back before: 1 event, such as gift 'basket' number 1 of customer 'C-9'",
    )


def test_no_events(log_url):
    """An empty batch writes nothing, and doesn't count as a write."""
    log = EventLog(log_url)
    added = log.add([])
    assert (added.written, added.already, added.revision) == (0, 0, 0)
    assert log.add(event_columns([])).written == 0


def test_many_refusals_are_counted(log_url):
    """The first few of many refused events are named, and the rest counted."""
    events = [Event(f"C-{k}", "gift", "basket", "2026-01-02", 2) for k in range(1000)]
    with pytest.raises(LogError) as error:
        EventLog(log_url).add(events)
    said = str(error.value)
    assert "'C-0'" in said
    assert "and 995 more. Nothing was recorded." in said
    assert len(said) < 1000


def test_a_hundred_thousand_events(log_url):
    """Many events are checked all at once: written, found there, and one that is wrong among them refused."""
    log = EventLog(log_url)
    columns = event_columns([evolve(GIFT, customer_id=f"C-{k}") for k in range(100_000)])
    assert log.add(columns).written == 100_000
    begun = time.process_time()
    assert log.add(columns).already == 100_000
    cents = columns.cents.copy()
    cents[77_777] = 5
    with pytest.raises(LogError, match=r"'C-77777'.*received 0\.05"):
        log.add(evolve(columns, cents=cents))
    assert time.process_time() - begun < 20
    assert log.revision == 1


@pytest.mark.parametrize(("before", "given", "works"), [("", "EUR", True), ("EUR", "EUR", True), ("EUR", "", True)])
def test_currency(log_url, before, given, works):
    """The first currency is kept, the same or none is fine."""
    log = EventLog(log_url)
    log.add(GIFT, currency=before)
    log.add(evolve(GIFT, number=2), currency=given)
    assert log.currency == "EUR"
    assert log.history(["C-1"]).currency == "EUR"


def test_another_currency(log_url):
    """Money of another currency is refused, and so is a text that is none."""
    log = EventLog(log_url)
    log.add(GIFT, currency="EUR")
    with pytest.raises(LogError, match="the log is in EUR; received events in USD"):
        log.add(evolve(GIFT, number=2), currency="USD")
    with pytest.raises(LogError, match="a currency must be a text of one line"):
        log.add(evolve(GIFT, number=2), currency="EUR\n")
    assert numbers(log) == [1]
