"""Voiding events, joining customers who were renamed or merged, and forgetting one."""

import sqlite3

import numpy as np
import pytest
import sqlalchemy as sa
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import STATES, Batch, Event, EventLog, OfferTerms
from custgrade.events.limits import Budget, Cap, Limits
from custgrade.events.rounds import rounds_of

TERMS = OfferTerms(what="a partner", days=60, silence="transition").text()


def move(customer, kind, day, until=None, name="price", **rest):
    terms = TERMS if kind == "offered" else ""
    return Event(customer, kind, name, day, until=until, terms=terms, policy="p", **rest)


def offer(customer, day="2026-01-02", until="2026-01-20", **rest):
    return [move(customer, "explained", day, **rest), move(customer, "offered", day, until, **rest)]


def states(log, ids, day):
    rounds = rounds_of(log.history(ids, day), np.datetime64(day))
    return {
        ids[row]: (STATES[state], number)
        for row, state, number in zip(rounds.rows, rounds.state, rounds.number.tolist(), strict=True)
    }


def kinds(log):
    return [one.kind for one in log.events()]


def void(log, event):
    return log.void(event, reason="a mistake", author="me")


def test_void_and_reopen(log_url):
    """A signature that is voided is open again, and can be given again; what was voided is listed apart."""
    log = EventLog(log_url)
    log.add([*offer("C-1"), move("C-1", "signed", "2026-01-05")])
    assert states(log, ["C-1"], "2026-01-06") == {"C-1": ("signed", 1)}
    assert void(log, move("C-1", "signed", "2026-01-05")) == 1
    assert states(log, ["C-1"], "2026-01-06") == {"C-1": ("open", 1)}
    log.add(move("C-1", "signed", "2026-01-06", number=1))
    assert states(log, ["C-1"], "2026-01-06") == {"C-1": ("signed", 1)}
    assert [(one.kind, str(one.day)) for one in log.events(voided=True)] == [("signed", "2026-01-05")]
    void(log, move("C-1", "signed", "2026-01-06", number=1))
    assert log.add(move("C-1", "signed", "2026-01-06", number=1)).written == 1
    assert len(list(log.events(voided=True))) == 2


def test_what_something_builds_on_is_not_voided(log_url):
    """Moves are voided from the last one on; a list that is in that order is voided at once."""
    log = EventLog(log_url)
    events = [*offer("C-1"), move("C-1", "declined", "2026-01-05")]
    log.add(events)
    with pytest.raises(LogError, match="can't be voided before what builds on it: declined of 2026-01-05"):
        void(log, events[1])
    with pytest.raises(LogError, match="builds on it"):
        void(log, [events[2], events[0]])
    assert kinds(log) == ["explained", "offered", "declined"]
    assert void(log, events[::-1]) == 3
    assert kinds(log) == []
    log.add(events)


def test_void_needs_one_event(log_url):
    """An event that isn't recorded, one of several on a day, and a text without a reason are errors."""
    log = EventLog(log_url)
    gift = Event("C-1", "gift", "basket", "2026-01-02")
    log.add([evolve(gift, number=1), evolve(gift, number=2)])
    with pytest.raises(LogError, match="there is no event to void: gift 'basket' of customer 'C-2'"):
        void(log, evolve(gift, customer_id="C-2"))
    with pytest.raises(LogError, match="there is no event to void"):
        void(log, evolve(gift, number=3))
    with pytest.raises(LogError, match="numbers 1, 2; give the number"):
        void(log, gift)
    for reason, author in (("", "me"), ("x", " "), ("two\nlines", "me"), (None, "me")):
        with pytest.raises(LogError, match="must be a text of one line, not empty"):
            log.void(gift, reason=reason, author=author)
    assert void(log, evolve(gift, number=2)) == 1
    with pytest.raises(LogError, match="no event to void"):
        void(log, evolve(gift, number=2))


def gift(customer, day="2026-02-01", money=10, **rest):
    return Event(customer, "gift", "basket", day, money=money, policy="p", treatment="A", **rest)


def test_a_renamed_customer(log_url):
    """A former id, present or not in the base, is the same customer: keys, numbers and history are joined."""
    log = EventLog(log_url)
    log.add([gift("old"), gift("old", "2026-03-01")])
    assert log.history(["new"]).strangers == ("old",)
    log.alias("old", "new", author="me")
    assert log.aliases() == {"old": "new"}
    for ids in (["new"], ["old"], ["x", "new", "old"]):
        history = log.history(ids)
        row = ids.index("new") if "new" in ids else 0
        assert (history.who.tolist(), history.strangers) == ([row, row], ())
    assert log.add(gift("new", number=2)).already == 1
    assert log.add([gift("old", number=3), gift("new", number=4)]).written == 2
    assert sorted((one.customer_id, one.number) for one in log.events()) == [
        ("new", 3),
        ("new", 4),
        ("old", 1),
        ("old", 2),
    ]
    assert void(log, gift("new", number=1)) == 1


def test_chains_and_circles(log_url):
    """Aliases follow one another to the last id; circles and second aliases are refused."""
    log = EventLog(log_url)
    log.alias("a", "b", author="me")
    log.alias("b", "c", author="me")
    log.alias("d", "a", author="me")
    assert log.aliases() == {"a": "c", "b": "c", "d": "c"}
    for old, new in (("c", "a"), ("c", "b"), ("c", "d"), ("c", "c"), ("x", "x")):
        with pytest.raises(LogError, match="they are the same customer"):
            log.alias(old, new, author="me")
    with pytest.raises(LogError, match="'a' is a former id of 'c' already"):
        log.alias("a", "x", author="me")
    for old, new in (("", "x"), ("x", ""), ("x", "a\0b"), (True, "x"), ("(forgotten 1)", "x"), ("x", "(forgotten 1)")):
        with pytest.raises(LogError):
            log.alias(old, new, author="me")
    with pytest.raises(LogError):
        log.alias("x", "y", author="me", note="two\nlines")
    assert len(log.aliases()) == 3
    log.add([gift(one, number=k) for k, one in enumerate("adc", 1)])
    assert log.history(["b"]).number.tolist() == [1, 2, 3]


def test_two_offers_under_way_are_named(log_url):
    """Customers who both have an offer under way can't be joined; after one was answered they can."""
    log = EventLog(log_url)
    log.add([*offer("old"), *offer("new", name="package")])
    with pytest.raises(LogError, match=r"'old' has 'price' \(p\) since 2026-01-02 and 'new' has 'package' \(p\)"):
        log.alias("old", "new", author="me")
    assert log.aliases() == {}
    log.add(move("old", "withdrawn", "2026-01-03"))
    log.alias("old", "new", author="me")
    assert states(log, ["new"], "2026-01-10") == {"new": ("open", 2)}


def undo(log, old="old"):
    return log.undo_alias(old, reason="another person", author="Kim")


def test_an_alias_is_undone(log_url):
    """Customers are apart again: what was recorded meanwhile stays with the present id, and who and why is kept."""
    log = EventLog(log_url)
    log.add([gift("old"), gift("old", "2026-03-01"), gift("new", "2026-04-01")])
    assert log.alias("old", "new", author="me", note="a guess") == 2
    log.add(gift("new", "2026-05-01"))
    revision = log.revision
    assert undo(log) == 2
    assert (log.aliases(), log.revision) == ({}, revision + 1)
    assert log.history(["old"]).known.number.tolist() == [1, 2]
    assert sorted(log.history(["new"]).known.number.tolist()) == [1, 3]
    assert {"another person", "Kim", "a guess", "me", str(revision + 1)} <= set(cells(log_url))
    # each goes on, can be joined again, and be parted again
    assert log.add([gift("old", "2026-06-01"), gift("new", "2026-06-01")]).written == 2
    assert log.alias("old", "other", author="me") == 3
    assert undo(log) == 3
    log.forget("old")
    assert not [cell for cell in cells(log_url) if cell in ("old", "a guess", "another person")]


def test_what_is_no_alias_is_not_undone(log_url):
    """Only a former id is parted, from the id that replaced it; a present one is refused with its former ids."""
    log = EventLog(log_url)
    assert [log.alias(old, new, author="me") for old, new in ("ab", "bc", "dc")] == [0, 0, 0]
    with pytest.raises(LogError, match=r"'c' is no former id .*; it is the present id of 'a': undo that alias"):
        undo(log, "c")
    for unknown in ("x", ""):
        with pytest.raises(LogError, match=r"is no former id of a customer in this log$"):
            undo(log, unknown)
    for reason, author in (("", "me"), ("x", ""), ("two\nlines", "me")):
        with pytest.raises(LogError, match="must be a text of one line, not empty"):
            log.undo_alias("a", reason=reason, author=author)
    undo(log, "b")
    assert log.aliases() == {"a": "b", "d": "c"}


@pytest.mark.parametrize("number", [1, 2])
def test_offers_that_need_both_customers_stay_joined(log_url, number):
    """If a move follows only on the other customer's, it is named, and voiding it parts them."""
    log = EventLog(log_url)
    if number == 2:
        log.add([*offer("new"), move("new", "signed", "2026-01-03")])
    log.add(offer("old"))
    log.alias("old", "new", author="me")
    log.add(move("new", "signed", "2026-01-05"))
    state = "there is no offer" if number == 1 else "the offer is signed"
    with pytest.raises(
        LogError, match=f"can't be parted: signed 'price' of 2026-01-05 is recorded for 'new', .*{state}"
    ):
        undo(log)
    assert log.aliases() == {"old": "new"}
    void(log, move("new", "signed", "2026-01-05"))
    undo(log)
    # the offer that was renumbered goes on under the id that it was made under
    assert states(log, ["old"], "2026-01-06") == {"old": ("open", number)}
    log.add(move("old", "signed", "2026-01-05"))


def test_overlapping_offers_that_are_over_can_be_parted(log_url):
    """Offers that ran at the same time, each of its own customer, don't keep the customers joined."""
    log = EventLog(log_url)
    for customer, day in (("old", "2026-01-02"), ("new", "2026-01-03"), ("third", "2026-01-04")):
        log.add([*offer(customer, day), move(customer, "signed", "2026-01-08")])
    log.alias("old", "new", author="me")
    log.alias("new", "third", author="me")
    undo(log, "new")
    undo(log)
    for customer in ("old", "new", "third"):
        assert states(log, [customer], "2026-01-10") == {customer: ("signed", 1)}


@pytest.mark.parametrize("first", ["old", "new"])
def test_an_offer_under_way_goes_on(log_url, first):
    """Whichever of two overlapping offers is over, the other one is under way in the joined history, and goes on."""
    log = EventLog(log_url)
    second = {"old": "new", "new": "old"}[first]
    log.add([*offer(first), *offer(second, "2026-01-04"), move(second, "signed", "2026-01-08")])
    log.alias("old", "new", author="me")
    assert states(log, ["new"], "2026-01-10") == {"new": ("open", 2)}
    assert states(log, ["new"], "2026-01-21") == {"new": ("lapsed", 2)}
    log.add([move("old", "declined", "2026-01-12"), move("new", "referred", "2026-01-13")])
    assert states(log, ["old"], "2026-01-14") == {"old": ("referred", 2)}
    with pytest.raises(LogError, match="what may follow is: transition"):
        log.add(move("new", "explained", "2026-02-01"))
    log.add([move("new", "withdrawn", "2026-02-01"), *offer("new", "2026-03-01", "2026-03-20")])
    assert states(log, ["new"], "2026-03-02") == {"new": ("open", 3)}


def test_an_old_offer_that_nobody_answered_does_not_stop_an_alias(log_url):
    """An offer that kept all as it is, once its last day has passed, is not under way."""
    log = EventLog(log_url)
    kept = [evolve(one, terms="") for one in offer("old")]
    log.add([*kept, *offer("new", "2026-03-01", "2026-03-20")])
    log.alias("old", "new", author="me")
    assert states(log, ["new"], "2026-03-02") == {"new": ("open", 2)}


def limits(budget=None, cap=None, contacts=None):
    budgets = () if budget is None else [Budget("p", "A", "2026-01-01", "2026-12-31", budget)]
    caps = () if cap is None else [Cap(["gift"], "2026-01-01", "2026-12-31", "gifts", cap)]
    return Limits(budgets, caps, contacts, contact_days=2)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (limits(budget=3999), "would come to 40.00; the budget is 39.99"),
        (limits(cap=2999), "'C-1' would get 30.00 of gifts .* the most is 29.99"),
        # 31 December and 1 January are two days
        (limits(contacts=1), "'C-1' would be contacted more than 1 times within 2 days about 2026-12-31"),
        (limits(cap=100_000, contacts=1), "'C-1' would be contacted more than 1 times within 2 days"),
    ],
)
def test_budgets_and_caps(log_url, limit, said):
    """What is in the log and what is new count together; exactly the limit is allowed, and a failed batch is none."""
    log = EventLog(log_url)
    log.add([gift("C-1", number=1), gift("C-1", number=2), gift("C-1", "2025-12-31"), gift("C-1", "2027-01-01")])
    new = [gift("C-1", "2026-12-31"), gift("C-2", "2026-01-01")]
    with pytest.raises(LogError, match=said):
        log.add(Batch(new, limit))
    assert (log.revision, len(kinds(log))) == (1, 4)
    assert log.add(Batch(new, limits(4000, 3000, 2))).written == 2
    # what is there already exceeds nothing, even where a limit was lowered
    again = [evolve(new[1], number=1)]
    assert log.add(Batch(again, limit)).already == 1
    assert log.add(Batch([Event("C-1", "thanks", "card", "2026-05-01")], limits(0, 0, 1))).written == 1


def test_caps_and_budgets_count_both_customers_of_an_alias(log_url):
    """Gifts under a former id count for the cap; exactly the limit is allowed."""
    log = EventLog(log_url)
    log.add([gift("old"), gift("new")])
    log.alias("old", "new", author="me")
    for customer in ("old", "new"):
        with pytest.raises(LogError, match=r"'new' would get 30\.00"):
            log.add(Batch([gift(customer, "2026-02-02")], limits(cap=2999)))
    log.add(Batch([gift("other")], limits(budget=3000)))
    with pytest.raises(LogError, match="the budget is"):
        log.add(Batch([gift("other", "2026-02-02")], limits(budget=3000)))


SECRETS = ["secret-id", "former-id", "dear-author", "private-note", "own-terms", "void-reason", "alias-note"]


def write_secrets(log):
    log.add([Event(f"C-{k}", "thanks", "card", "2026-01-01", note="n" * (k % 50)) for k in range(500)])
    log.add(gift("former-id", author="dear-author", note="private-note"))
    log.alias("former-id", "secret-id", author="dear-author", note="alias-note")
    log.add([gift("secret-id", "2026-03-01", note="private-note"), gift("secret-id", "2026-05-01"), gift("C-1")])
    explained, offered = offer("secret-id")
    log.add([explained, evolve(offered, terms=OfferTerms(what="own-terms").text())])
    log.void(gift("secret-id", number=2), reason="void-reason", author="dear-author")


def cells(log_url):
    engine = sa.create_engine(log_url)
    found = []
    with engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            found += [str(cell) for row in connection.execute(sa.text(f"SELECT * FROM {table}")) for cell in row]
    engine.dispose()
    return found


def budget_of(log):
    """Return the least budget that a gift of nothing keeps, found by asking."""
    probe = gift("probe", "2026-06-01", money=0)
    low, high = 0, 100_000
    while low < high:
        middle = (low + high) // 2
        try:
            log.add(Batch([probe], limits(budget=middle)))
            high = middle
        except LogError:
            low = middle + 1
    return low


def test_forgetting_a_customer(log_url):
    """Ids, notes, authors and terms are gone from all columns, and budgets are what they were."""
    log = EventLog(log_url)
    write_secrets(log)
    before, count = budget_of(log), len(kinds(log))
    assert all(any(secret in cell for cell in cells(log_url)) for secret in SECRETS)
    assert log.forget("former-id") == 5
    assert [secret for secret in SECRETS for cell in cells(log_url) if secret in cell] == []
    assert (budget_of(log), len(kinds(log)) > count - 1) == (before, True)
    assert log.aliases() == {}
    history = log.history(["secret-id", "former-id"])
    assert (len(history.known), history.strangers[:1]) == (0, ("C-0",))
    # the id can be that of a new customer
    assert log.add(gift("secret-id", number=1)).written == 1


def test_an_empty_id_is_no_customer(log_url):
    """Forgetting or renaming an empty id is refused, and the plans that were made stay in the log."""
    log = EventLog(log_url)
    log.add([Event("", "run", "shop", "2026-01-01"), Event("C-1", "thank", "visit", "2026-01-01")])
    before = list(log.events())
    with pytest.raises(LogError, match="id of a customer"):
        log.forget("")
    for old, new in (("", "C-1"), ("C-1", "")):
        with pytest.raises(LogError, match="ids of customers"):
            log.alias(old, new, author="Kim")
    assert list(log.events()) == before


def test_forgetting_again_and_unknown_ids(log_url):
    """A second forgetting, and that of an unknown id, finds nothing; each customer gets an own stand-in."""
    log = EventLog(log_url)
    assert log.forget("nobody") == 0
    log.add([gift("a"), gift("b"), gift("c")])
    assert [log.forget(one) for one in ("a", "a", "b", "nobody")] == [1, 0, 1, 0]
    assert sorted(one.customer_id for one in log.events()) == ["(forgotten 1)", "(forgotten 2)", "c"]
    assert log.history(["c"]).strangers == ()
    for odd in (None, True, 1.5, "a\0"):
        with pytest.raises(LogError):
            log.forget(odd)


@pytest.mark.parametrize("place", ["path", "engine", "engine without WAL"])
def test_nothing_is_left_in_an_sqlite_file(tmp_path, place):
    """No byte of a forgotten customer's texts is in the file or in those beside it."""
    path = tmp_path / "log.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    if place == "engine":
        sqlite3.connect(path).execute("PRAGMA journal_mode=WAL").connection.close()
    log = EventLog(path if place == "path" else engine)
    write_secrets(log)
    log.forget("secret-id")
    found = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"custgrade_event" in found
    assert [secret for secret in SECRETS if secret.encode() in found] == []
    engine.dispose()


def test_traces_that_a_reader_holds_are_said(tmp_path):
    """While another program reads the file it can't be written anew: an error says so, and forgetting again helps."""
    path = tmp_path / "log.db"
    EventLog(path).add(gift("secret-id"))
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.1})
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM custgrade_event").fetchall()
    with pytest.raises(LogError, match="another program is reading it"):
        EventLog(engine).forget("secret-id")
    reader.close()
    assert EventLog(engine).forget("secret-id") == 0
    assert b"secret-id" not in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    engine.dispose()
