"""Files of events: actions that come back, exports, and what is refused with its line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from plan_of_sixty import IDS, entered, filled, graded, rows_of, write_rows

import custgrade as cg
from custgrade.errors import LogError, OutputError
from custgrade.events import Event, EventLog, Wanted
from custgrade.events.cell_values import unmarked
from custgrade.events.meant_ids import MeantIds
from custgrade.export.spreadsheet import marked_id, marked_text

DAYS = ("2018-01-31", "2018-03-02", "2018-03-20", "2018-04-03")
OWN = "customer_id,kind,name,number,day,money"


@pytest.fixture
def actions(tmp_path: Path) -> Path:
    """The file of actions of a plan that is entered in log.db."""
    path = tmp_path / "actions.csv"
    entered(EventLog(tmp_path / "log.db"), DAYS[0]).write_actions(path)
    return path


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    """The log log.db."""
    return EventLog(tmp_path / "log.db")


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-8")])
def test_what_comes_back_is_what_the_plan_records(delimiter: str, encoding: str, tmp_path: Path, log_url: str) -> None:
    """Over several runs, a filled file gives the events that `PlanActions.done` gives, in every form of CSV."""
    log, twin = EventLog(log_url), EventLog(tmp_path / "twin.db")
    for day in DAYS:
        plan, other = entered(log, day), entered(twin, day)
        plan.write_actions(tmp_path / "a.csv")
        rows = filled(rows_of(tmp_path / "a.csv"), day)
        added = log.add_file(write_rows(tmp_path / "b.csv", rows, delimiter, encoding), author="Ann")
        done = other.actions().done(day, author="Ann")
        assert (added.written, added.moved_on) == (len(done), False)
        twin.add(done)
        again = log.add_file(tmp_path / "b.csv", author="Ann")
        assert (again.written, again.already, again.revision) == (0, len(done), added.revision)
    assert sorted(map(str, log.events())) == sorted(map(str, twin.events()))
    assert {one.kind for one in log.events()} >= {"explained", "offered", "entered", "run"}


def test_a_file_done_later_moves_the_last_day(tmp_path: Path, log: EventLog) -> None:
    """An offer that is made three days after the plan is open three days longer, as `done` counts it."""
    for day in DAYS[:2]:
        log.add(entered(log, day).actions().done(day))
    plan = entered(log, DAYS[2])
    plan.write_actions(tmp_path / "a.csv")
    rows = filled(rows_of(tmp_path / "a.csv"), "2018-03-23", lambda row: row["kind"] == "offer")
    log.add_file(write_rows(tmp_path / "b.csv", rows))
    actions = plan.actions()
    offers = np.array([kind == "offer" for kind, *_ in actions.blocks])[actions.block]
    expected = {one.until for one in actions.done("2018-03-23", offers).events.events()}
    assert {one.until for one in log.events() if one.kind == "offered"} == expected != set()


def test_answers_come_back(tmp_path: Path, log: EventLog) -> None:
    """Rows of kind answer become what the customer said, on the day of the answer."""
    for day in DAYS[:3]:
        log.add(entered(log, day).actions().done(day))
    entered(log, "2018-03-25").write_actions(tmp_path / "a.csv")
    rows = [
        {**row, "done_on": "2018-03-26", "answer": ("signed", "declined")[k % 2], "note": "by phone"}
        if row["kind"] == "answer"
        else row
        for k, row in enumerate(rows_of(tmp_path / "a.csv"))
    ]
    added = log.add_file(write_rows(tmp_path / "b.csv", rows))
    said = [one for one in log.events() if one.kind in ("signed", "declined")]
    assert len(said) == added.written > 4
    assert {(str(one.day), one.note) for one in said} == {("2018-03-26", "by phone")}
    assert {one.kind for one in said} == {"signed", "declined"}


def test_parquet_comes_back(tmp_path: Path, log: EventLog) -> None:
    """A Parquet file of actions that a data frame has filled in is read, with days as timestamps."""
    import pandas as pd

    plan = entered(log, DAYS[0])
    plan.write_actions(tmp_path / "a.parquet")
    frame = pd.read_parquet(tmp_path / "a.parquet")
    frame["done_on"] = pd.to_datetime(frame.state.map({"due": DAYS[0]}))
    frame.loc[frame.kind == "answer", "done_on"] = pd.NaT
    frame.to_parquet(tmp_path / "b.parquet")
    assert log.add_file(tmp_path / "b.parquet").written == len(plan.actions().done(DAYS[0]))


WRONG = [
    ("done_on", "31/01/2026", "done_on is '31/01/2026'"),
    ("done_on", "31.01.2026", "done_on is '31.01.2026'"),
    ("done_on", "45321", "done_on is '45321'"),
    ("done_on", "2018-02-30", "done_on is '2018-02-30'"),
    ("done_on", "yes", "done_on is 'yes'; write a day"),
    ("done_on", "2018-01-30", "before the day of the plan, 2018-01-31"),
    ("due", "31.01.2018", "due is '31.01.2018'"),
    ("planned_on", "", "is missing"),
    ("number", "1.0", "number is '1.0'"),
    ("number", "", "number is missing"),
    ("number", "7", "the next number is 1"),
    ("version", "1.23E+11", "version is '1.23E+11'"),
    ("revision", "1,000", "revision is '1,000'"),
    ("answer", "yes", "answer is 'yes'; an answer is signed or declined"),
    ("answer", "signed", "the answer belongs in the row of kind 'answer'"),
    ("kind", "telll", "Did you mean 'tell'?"),
    ("state", "waits", "it waits"),
    ("customer_id", "7", "a spreadsheet has probably changed '007'"),
    ("customer_id", "100000", "a spreadsheet has probably changed '1e5'"),
    ("customer_id", "1.00E+05", "a spreadsheet has probably changed '1e5'"),
    ("customer_id", "1.23E+11", "a spreadsheet has probably changed '123456789012'"),
    ("customer_id", "1,23457E+11", "a spreadsheet has probably changed '123456789012'"),
    ("customer_id", "03.Apr", "a spreadsheet has probably changed '3-4'"),
    ("customer_id", "4-Mar", "a spreadsheet has probably changed '3-4'"),
    ("customer_id", "31.01.2026", "a spreadsheet has probably changed '2026-01-31'"),
    ("customer_id", "05. Mrz", "a spreadsheet has probably changed 'MAR-5'"),
    ("customer_id", "C-O017", "the nearest id is 'C-0017'"),
    ("customer_id", "", "it has no customer_id"),
    ("customer_id", "C-0017\0", "NUL"),
    ("note", "two\nlines", "text of one line"),
    ("policy", "", "policy is missing"),
    ("treatment", "", "treatment is missing"),
]


@pytest.mark.parametrize(("column", "value", "message"), WRONG)
def test_a_changed_cell_is_refused_with_its_line(
    column: str, value: str, message: str, actions: Path, log: EventLog
) -> None:
    """One wrong cell refuses the whole file, names the file, the line and what is meant, and records nothing."""
    rows = filled(rows_of(actions), DAYS[0])
    place = next(k for k, row in enumerate(rows) if row["done_on"] and row["kind"] in ("contact", "ask", "tell"))
    rows[place][column] = value
    write_rows(actions, rows)
    before = (log.revision, len(list(log.events())))
    with pytest.raises(LogError) as error:
        log.add_file(actions)
    line = place + 2 + ("\n" in value)
    assert f"actions.csv: line {line}" in str(error.value)
    assert message in str(error.value)
    assert (log.revision, len(list(log.events()))) == before


@pytest.mark.parametrize(("value", "message"), [("", "money is missing"), ("-30", "aren't below 0")])
def test_a_gift_costs_what_the_plan_says(value: str, message: str, actions: Path, log: EventLog) -> None:
    """A gift without money, or with less than none, would leave room in a budget that isn't there, and is refused."""
    rows = rows_of(actions)
    place = next(k for k, row in enumerate(rows) if row["kind"] == "gift")
    rows[place] |= {"done_on": rows[place]["due"], "money": value}
    with pytest.raises(LogError, match=f"line {place + 2}: money is.*{message.removeprefix('money is ')}"):
        log.add_file(write_rows(actions, rows))
    assert log.revision == 1


@pytest.mark.parametrize("value", ["12,50", "1.234,50", "1.2E+03", "12. Mai", "€ 5"])
def test_money_that_a_spreadsheet_changed_is_refused(value: str, tmp_path: Path, log: EventLog) -> None:
    """A decimal comma in money is refused with the line, for actions and for events."""
    (tmp_path / "own.csv").write_text(f'{OWN}\nC-1,gift,jubilee,1,2026-01-02,"{value}"\n', encoding="utf-8")
    with pytest.raises(LogError, match=r"own.csv: line 2: money is"):
        log.add_file(tmp_path / "own.csv")
    entered(log, DAYS[0], "golden-list").write_actions(tmp_path / "a.csv")
    rows = filled(rows_of(tmp_path / "a.csv"), DAYS[0])
    place = next(k for k, row in enumerate(rows) if row["kind"] == "gift" and row["done_on"])
    rows[place]["money"] = value
    with pytest.raises(LogError, match=rf"line {place + 2}: money is"):
        log.add_file(write_rows(tmp_path / "a.csv", rows))


def test_a_plan_that_was_not_entered(tmp_path: Path, log: EventLog) -> None:
    """Without its plan in the log, marked ids are taken, and those that lost their mark are refused."""
    cg.plan(graded(), cg.policy("ideal-mix"), DAYS[0]).write_actions(tmp_path / "a.csv")
    rows = filled(rows_of(tmp_path / "a.csv"), DAYS[0])
    assert log.add_file(write_rows(tmp_path / "b.csv", rows)).written > 10
    bare = [{**row, "customer_id": row["customer_id"].removeprefix("'")} for row in rows]
    with pytest.raises(LogError, match="enter it first"):
        EventLog(tmp_path / "other.db").add_file(write_rows(tmp_path / "c.csv", bare))


def test_ids_without_their_mark_are_right_if_the_plan_has_them(actions: Path, log: EventLog) -> None:
    """A person who removed the apostrophes has changed nothing."""
    rows = [{**row, "customer_id": row["customer_id"].removeprefix("'")} for row in filled(rows_of(actions), DAYS[0])]
    assert log.add_file(write_rows(actions, rows)).written == sum(bool(row["done_on"]) for row in rows)


def test_the_log_has_moved_on(actions: Path, log: EventLog) -> None:
    """If something else than a plan was recorded since the plan, the result says so."""
    log.add(Event("C-0017", "tell", "news", "2018-01-31"))
    write_rows(actions, filled(rows_of(actions), DAYS[0]))
    assert log.add_file(actions).moved_on


def test_notes_without_a_day_are_counted(actions: Path, log: EventLog) -> None:
    """A remark on a row that wasn't done isn't recorded, and that is said."""
    rows = rows_of(actions)
    rows[0]["note"] = "call again"
    added = log.add_file(write_rows(actions, rows))
    assert (added.written, added.notes) == (0, ("1 row with a note and no day weren't recorded; done_on is the day",))


def test_several_files_are_all_or_nothing(actions: Path, tmp_path: Path, log: EventLog) -> None:
    """A wrong row of the second file refuses the first one too."""
    write_rows(actions, filled(rows_of(actions), DAYS[0]))
    (tmp_path / "bad.csv").write_text(f"{OWN}\nC-1,signed,price,1,2026-01-02,\n", encoding="utf-8")
    before = log.revision
    with pytest.raises(LogError, match=r"bad.csv: line 2.*there is no offer"):
        log.add_file(actions, tmp_path / "bad.csv")
    assert log.revision == before


HOSTILE = [
    (b"", "it is empty"),
    (b"\n\n", "it is empty"),
    (b"\x00\x01\xff\xfe" * 50, "isn't a CSV file in UTF-8"),
    ("customer_id,kind,name,day\n".encode("utf-16"), "isn't a CSV file in UTF-8"),
    (b"customer_id,kind,name,day\nC-1,gift," + b"x" * 200_000 + b",2026-01-01\n", "field larger than field limit"),
    (b"x" * 3_000_000, "field larger than field limit"),
    (b'customer_id,kind,name,day\n"C-1,gift,a,2026-01-01\n', "can't be read as CSV"),
    (b"id,what,when\n1,2,3\n", "it has no column 'customer_id'"),
    (b"customer_id,kind,name,date\n", "no column 'day'"),
    (b"customer_id,kind,name,day,untill\n", "Did you mean 'until'?"),
    (b"customer_id,kind,name,day,day\n", "two columns 'day'"),
    (b"customer_id,kind,name,day\nC-1,gift,a\n", "line 2: it has 3 cells, and the header has 4; is the file cut off?"),
    (b"customer_id,kind,name,day\nC-1,gift,a,2026-01-01,x\n", "line 2: it has 5 cells"),
    (b"customer_id,kind,name,day\nC-1,gift,a,\n", "line 2: it has no day"),
    (b"customer_id,kind,name,day\nC-1,lapsed,a,2026-01-01\n", "lapses by itself"),
    (b"customer_id,kind,name,day\nC-1,gift,,2026-01-01\n", "line 2: an event 'gift' has no name"),
    (b"customer_id,kind,name,day\nC-1,snooze,,2026-01-01\n", "line 2: an event 'snooze' needs a day until"),
    (b"customer_id,kind,name,day,money\nC-1,consent,,2026-01-01,2\n", "1 for yes and 0 for no"),
    (b"customer_id,kind,name,day,money\nC-1,gift,a,2026-01-01,99999999999999999999\n", "the most is"),
    (b"customer_id,kind,name,day,terms\nC-1,explained,a,2026-01-01,{\n", "terms of an offer must be a JSON object"),
    (
        b"customer_id,kind,name,day,currency\nC-1,gift,a,2026-01-01,EUR\nC-2,gift,a,2026-01-01,USD\n",
        "EUR on line 2, USD on line 3",
    ),
    (
        b"customer_id,kind,name,number,day,money\nC-1,gift,a,1,2026-01-01,5\nC-1,gift,a,1,2026-01-01,6\n",
        "5.00 on 2026-01-01 and 6.00 on 2026-01-01 (lines 2 and 3)",
    ),
    (
        b"customer_id,kind,name,day,money\nC-1,gift,a,2026-01-01,5\nC-1,gift,a,2026-01-01,6\n",
        "(lines 2 and 3); give numbers if it happened twice",
    ),
]


@pytest.mark.parametrize(("content", "message"), HOSTILE)
def test_hostile_files(content: bytes, message: str, tmp_path: Path, log: EventLog) -> None:
    """Each file that can't be read is refused with what is wrong, and records nothing."""
    (tmp_path / "f.csv").write_bytes(content)
    with pytest.raises(LogError) as error:
        log.add_file(tmp_path / "f.csv")
    assert message in str(error.value)
    assert str(tmp_path / "f.csv") in str(error.value)
    assert list(log.events()) == []


def test_two_rows_without_a_number(tmp_path: Path, log: EventLog) -> None:
    """Two rows that say the same without a number are one event, and a note names the line."""
    path = tmp_path / "f.csv"
    path.write_text("customer_id,kind,name,day\nC-1,gift,a,2026-01-01\nC-1,gift,a,2026-01-01\n")
    added = log.add_file(path)
    assert (added.written, added.already) == (1, 1)
    assert "1 event given twice and counted once" in added.notes[0]
    assert "(line 3); give numbers if it happened twice" in added.notes[0]
    assert log.add_file(path).already == 2


def test_files_that_are_none(tmp_path: Path, log: EventLog) -> None:
    """A folder, a missing file and a broken Parquet file are named; a header alone records nothing."""
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    for name, message in [("", "directory"), ("none.csv", "No such file"), ("none.parquet", "no such file")]:
        with pytest.raises(LogError, match=message):
            log.add_file(tmp_path / name)
    with pytest.raises(LogError, match="can't be read"):
        log.add_file(tmp_path / "bad.parquet")
    (tmp_path / "header.csv").write_text(f"{OWN}\r\n", encoding="utf-8")
    assert log.add_file(tmp_path / "header.csv").written == 0
    assert log.import_file(tmp_path / "header.csv").written == 0


def lived_in(log: EventLog) -> None:
    """Fill a log with runs, a voided event, two aliases with events on both sides, and a forgotten customer."""
    for day in DAYS:
        for policy in ("ideal-mix", "golden-list"):
            log.add(entered(log, day, policy).actions().done(day))
        if day == DAYS[1]:
            log.alias("003", "x,3", author="Ann", note="renamed")
    gifts = [one for one in log.events() if one.kind == "gift" and one.number == 1]
    log.add(
        [Event(gifts[0].customer_id, "gift", gifts[0].name, DAYS[3], money=1), Event("=1+1", "consent", "", DAYS[0])]
    )
    log.void(gifts[0], reason="another customer", author="Ann")
    log.alias("x,3", "004x", author="Bob")
    log.forget("005")


def test_an_export_makes_the_same_log(tmp_path: Path, log_url: str, log: EventLog) -> None:
    """From either format, a new log has the same events and aliases, and gives the same plans, also if done twice."""
    lived_in(log)
    count = log.export(tmp_path / "e.csv")
    assert count == len(list(log.events()))
    log.export(tmp_path / "e.parquet", voided=True)
    for place, first, second in [(log_url, "e.csv", "e.parquet"), (tmp_path / "c.db", "e.parquet", "e.csv")]:
        copy = EventLog(place)
        assert copy.import_file(tmp_path / first).written == count
        again = copy.import_file(tmp_path / second)
        assert (again.written, again.already, again.revision) == (0, count, copy.revision)
        assert sorted(map(str, copy.events())) == sorted(map(str, log.events()))
        assert (copy.aliases(), copy.currency) == (log.aliases(), "EUR")
        copy.export(tmp_path / "again.csv")
        assert sorted((tmp_path / "again.csv").read_text().splitlines()) == sorted(
            (tmp_path / "e.csv").read_text().splitlines()
        )
        for day in ("2018-05-02", "2018-08-01"):
            one, other = (cg.plan(graded(), cg.policy("ideal-mix"), day, log=each) for each in (log, copy))
            table, twin = one.actions().to_dict(), other.actions().to_dict()
            differ = [name for name in table if str(table[name].tolist()) != str(twin[name].tolist())]
            assert differ in ([], ["revision"])


def test_an_import_into_a_log_checks_what_is_there(tmp_path: Path, log: EventLog) -> None:
    """Other money than the recorded one is refused with the line; new rows are added; a row twice counts once."""
    log.add(Event("C-1", "gift", "jubilee", "2026-01-02", money=5), currency="EUR")
    file = tmp_path / "f.csv"
    file.write_text(f"{OWN}\nC-1,gift,jubilee,1,2026-01-02,6\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"f.csv: line 2.*recorded already, with 5.00"):
        log.import_file(file)
    file.write_text(f"{OWN}\n" + "C-1,gift,jubilee,1,2026-01-02,5.00\nC-1,gift,jubilee,2,2026-02-02,7\n" * 2)
    added = log.import_file(file)
    assert (added.written, added.already) == (1, 3)
    assert added.notes == ("2 rows in the file twice, which count once: lines 2 and 4, 3 and 5",)
    file.write_text(f"{OWN}\nC-1,gift,jubilee,,2026-03-02,5\n", encoding="utf-8")
    with pytest.raises(LogError, match="line 2: number is missing"):
        log.import_file(file)
    file.write_text(f"{OWN},currency\nC-1,gift,jubilee,3,2026-03-02,5,USD\n", encoding="utf-8")
    with pytest.raises(LogError, match="the log is in EUR; received events in USD"):
        log.import_file(file)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,alias,b\nb,alias,a", "would be a former id of itself"),
        ("a,alias,a", "a former id and another present one"),
        ("a,alias,", "a former id and another present one"),
        ("a,alias,b\na,alias,c", "by another line"),
        ("old,alias,other", "'old' is a former id of 'new' already"),
    ],
)
def test_aliases_that_cannot_be(rows: str, message: str, tmp_path: Path, log: EventLog) -> None:
    """Circles, and two present ids of one former id, are refused with the line."""
    log.alias("old", "new", author="Ann")
    text = "\n".join(f"{row},,,Ann" for row in rows.split("\n"))
    (tmp_path / "f.csv").write_text(f"customer_id,kind,name,number,day,author\n{text}\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"f.csv: line [23]: ") as error:
        log.import_file(tmp_path / "f.csv")
    assert message in str(error.value)
    assert log.aliases() == {"old": "new"}


def test_an_alias_of_customers_whom_the_log_knows_is_checked(tmp_path: Path, log: EventLog) -> None:
    """Two offers under way are refused on import as they are by `alias`."""
    for one in ("a", "b"):
        log.add(Event(one, "explained", "price", "2026-01-02", policy="loyal"))
    (tmp_path / "f.csv").write_text("customer_id,kind,name,day,author\na,alias,b,,Ann\n", encoding="utf-8")
    with pytest.raises(LogError, match="line 2: both customers have an offer under way"):
        log.import_file(tmp_path / "f.csv")


def test_numbers_are_found_again(tmp_path: Path, log: EventLog) -> None:
    """A file without numbers gets the next ones, and a second run of the same file adds nothing."""
    (tmp_path / "f.csv").write_text(
        "customer_id,kind,name,day,money\r\n'007,gift,jubilee,2026-01-02,5\r\n'007,gift,jubilee,2026-02-02,5\r\n"
        "C-1,explained,price,2026-01-02,\r\n",
        encoding="utf-8",
    )
    assert log.add_file(tmp_path / "f.csv", author="Ann", currency="EUR").written == 3
    assert log.add_file(tmp_path / "f.csv").already == 3
    gifts = log.find(Wanted(kinds=("gift",))).events
    assert (gifts.customer_id.tolist(), gifts.number.tolist()) == (["007", "007"], [1, 2])
    assert {one.author for one in log.events()} == {"Ann"}
    (tmp_path / "g.csv").write_text("customer_id,kind,name,day\n7,gift,jubilee,2026-03-02\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"line 2: customer_id is '7'.*probably changed '007'"):
        log.add_file(tmp_path / "g.csv")


@pytest.mark.parametrize("text", [*IDS, "'x", "''=1", "'007", "-5", "TRUE", "plain", "\tx", ""])
def test_marks_are_taken_off_exactly(text: str) -> None:
    """What is written with a mark is read as it was, and what has no mark keeps its apostrophe."""
    assert unmarked(marked_id(text)) == text
    assert unmarked(marked_text(text)) == text
    assert unmarked("'tis") == "'tis"


def test_no_id_is_meant_where_none_is_near() -> None:
    """Ids that a spreadsheet leaves alone are never guessed."""
    meant = MeantIds(["C-0017", "007", "3-4"])
    assert [meant.changed(one) for one in ("C-17", "8", "5-4", "", "x" * 99, "1E+99", "2026")] == [None] * 7
    assert MeantIds([f"{k:05d}" for k in range(30_000)]).near("00x01") is None


def test_due(log: EventLog) -> None:
    """Last days to answer, overdue steps, the end of a transition, and what is put off, by the day."""
    terms = '{"days": 60, "silence": "transition", "to": "a partner"}'

    def offer(who: str, *rest: Event) -> list[Event]:
        made = [Event(who, "explained", "price", "2026-01-01", policy="loyal")]
        made.append(Event(who, "offered", "price", "2026-01-02", until="2026-01-23", policy="loyal", terms=terms))
        return [*made, *rest]

    log.add(
        [
            *offer("open"),
            *offer("called", Event("called", "contacted", "price", "2026-01-24", policy="loyal")),
            *offer("no", Event("no", "declined", "price", "2026-01-10", policy="loyal")),
            *offer("signed", Event("signed", "signed", "price", "2026-01-10", policy="loyal")),
            *offer(
                "gone",
                Event("gone", "declined", "price", "2026-01-10", policy="loyal"),
                Event("gone", "referred", "price", "2026-01-11", policy="loyal"),
                Event("gone", "transition", "price", "2026-01-20", until="2026-03-20", policy="loyal"),
            ),
            Event("later", "snooze", "", "2026-01-05", until="2026-01-25", author="Ann", note="on holiday"),
        ]
    )

    def told(on: str, days: int = 7) -> dict[str, tuple[str, str]]:
        return {one.customer_id: (one.state, str(one.day)) for one in log.due(on, days)}

    assert told("2026-01-15") == {"no": ("declined", "2026-01-10"), "gone": ("referred", "2026-01-16")}
    assert told("2026-01-23") == {
        "no": ("declined", "2026-01-10"),
        "open": ("open", "2026-01-23"),
        "called": ("open", "2026-01-23"),
        "later": ("put off", "2026-01-25"),
    }
    assert told("2026-01-26") == {"no": ("declined", "2026-01-10"), "open": ("lapsed", "2026-01-24")}
    assert told("2026-02-01")["called"] == ("called", "2026-02-07")
    assert told("2026-03-20", 0)["gone"] == ("in transition", "2026-03-20")
    with pytest.raises(LogError, match="days must be a whole number"):
        log.due("2026-01-01", -1)
    with pytest.raises(LogError, match="YYYY-MM-DD"):
        log.due("1.1.2026")


WRITER = """
import sys
from custgrade.events import EventLog
print("go", flush=True)
print(EventLog(sys.argv[1]).import_file(sys.argv[2]).written, flush=True)
"""


def test_a_killed_import_leaves_a_whole_log(tmp_path: Path) -> None:
    """An import that is killed at any moment leaves all of its events or none, and the next run completes it."""
    size, file = 20_000, tmp_path / "f.csv"
    rows = (f"C-{k},gift,jubilee,1,2026-01-02,5.00" for k in range(size))
    file.write_text("\n".join([OWN, *rows, ""]), encoding="utf-8")
    place = tmp_path / "log.db"
    for wait in (0.1, 0.3, 0.5, 0.7):
        with subprocess.Popen([sys.executable, "-c", WRITER, place, file], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
        assert len(EventLog(place).find(Wanted())) in (0, size)
    log = EventLog(place)
    log.import_file(file)
    assert (len(log.find(Wanted())), log.revision) == (size, 1)


def test_an_export_that_fails_keeps_the_old_file(tmp_path: Path, log: EventLog) -> None:
    """A wrong name, a folder that isn't there and a log that was never made are told."""
    with pytest.raises(OutputError, match=r"\.csv or \.parquet"):
        log.export(tmp_path / "e.xlsx")
    assert log.export(tmp_path / "e.csv") == 0
    assert not log.exists
    assert EventLog(tmp_path / "new.db").import_file(tmp_path / "e.csv").written == 0


def test_a_file_keeps_the_budget_of_its_plan(tmp_path: Path) -> None:
    """Gifts of a file that would exceed the budget of the recorded plan are refused as a whole."""
    log, path = EventLog(tmp_path / "log.db"), tmp_path / "actions.csv"
    base = graded()
    five = cg.scorer("abcde").fit(base.base).grade(base.base)
    plan = cg.plan(five, cg.policy("golden-list"), DAYS[0], log=log)
    log.enter(plan)
    plan.write_actions(path)
    rows = rows_of(path)
    gifts = [row for row in rows if row["kind"] == "gift" and row["state"] == "due"]
    for row in gifts:
        row["done_on"], row["money"] = DAYS[0], "9999.0"
    with pytest.raises(LogError, match=r"actions\.csv: rewards to . from 2018-01-31 to 2019-01-30 would come to"):
        log.add_file(write_rows(path, rows))
    assert "gift" not in {one.kind for one in log.events()}


def test_what_was_taken_back_is_said_when_it_comes_again(tmp_path: Path) -> None:
    """An event that was voided and is added again is recorded, and the answer names it."""
    log = EventLog(tmp_path / "log.db")
    gift = Event("C-1", "gift", "basket", "2026-01-05", 1, money=30)
    log.add(gift)
    log.void(gift, reason="it came back", author="Kim")
    added = log.add(gift)
    assert added.written == 1
    assert added.notes == (
        "recorded again, though taken back before: 1 event, such as gift 'basket' number 1 of customer 'C-1'",
    )
