"""`custgrade events`: recording, showing, taking back, and moving events between logs."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from plan_of_sixty import entered, filled, rows_of, write_rows

from custgrade.events import Event, EventLog

LOG = ("--log", "log.db")
GIFT = ("--customer", "C-1", "--kind", "gift", "--name", "jubilee", "--day", "2026-01-20", "--money", "25.50")
Succeeds = Callable[..., str]
Refused = Callable[..., str]


@pytest.fixture
def log(here: Path) -> EventLog:
    """The log log.db, with a few events."""
    log = EventLog("log.db")
    log.add(
        [
            Event("C-1", "gift", "jubilee", "2026-01-02", money=20, policy="loyal", treatment="A"),
            Event("C-1", "showcase", "wall", "2026-01-03"),
            Event("C-2", "showcase", "wall", "2026-01-03"),
            Event("C-2", "take-down", "wall", "2026-01-09"),
            Event("C-3", "thank", "referral", "2026-01-04", author="Ann", note="three new customers"),
            Event("C-3", "tell", "news", "2026-02-04"),
            Event("007", "entered", "loyal", "2026-01-01"),
        ],
        currency="EUR",
    )
    return log


def test_one_event_by_options(here: Path, succeeds: Succeeds) -> None:
    """An event gets the next number; the same command again records nothing; another day is another event."""
    rest = ("--policy", "loyal", "--treatment", "A", "--author", "Bob", "--note", "ten years", "--currency", "EUR")
    assert succeeds("events", "add", *LOG, *GIFT, *rest) == "recorded 1 event\nlog: log.db, revision 1\n"
    assert "recorded 0 events\n1 event recorded already" in succeeds("events", "add", *LOG, *GIFT)
    assert "recorded 1 event" in succeeds("events", "add", *LOG, *GIFT[:-3], "2026-02-20")
    first, second = EventLog("log.db").events()
    assert (first.number, first.money, first.author, first.note) == (1, 25.5, "Bob", "ten years")
    assert (second.number, str(second.day)) == (2, "2026-02-20")
    snooze = ("--customer", "C-1", "--kind", "snooze", "--day", "2026-01-20", "--until", "2026-03-01")
    assert "recorded 1" in succeeds("events", "add", *LOG, *snooze, "--author", "Ann", "--note", "on holiday")
    consent = ("--customer", "C-1", "--kind", "consent", "--day", "2026-01-20", "--money", "1")
    assert "recorded 1" in succeeds("events", "add", *LOG, *consent)


def test_a_plan_comes_back(here: Path, succeeds: Succeeds, refused: Refused) -> None:
    """A filled file is recorded with its author; again, nothing is; a changed day is refused with its line."""
    entered(EventLog("log.db"), "2018-01-31").write_actions("a.csv")
    rows = filled(rows_of(Path("a.csv")), "2018-02-01")
    write_rows(Path("b.csv"), rows, ";", "utf-8-sig")
    count = sum(bool(row["done_on"]) for row in rows)
    assert succeeds("events", "add", "b.csv", *LOG, "--author", "Ann") == (
        f"recorded {count} events\nlog: log.db, revision 2\n"
    )
    assert f"recorded 0 events\n{count} events recorded already\nlog" in succeeds("events", "add", "b.csv", *LOG)
    assert {one.author for one in EventLog("log.db").events() if one.kind == "contact"} == {"Ann"}
    place = next(k for k, row in enumerate(rows) if row["done_on"])
    rows[place]["done_on"] = "01.02.2018"
    write_rows(Path("b.csv"), rows)
    assert f"b.csv: line {place + 2}: done_on is '01.02.2018'" in refused("events", "add", "b.csv", *LOG)


def test_a_log_that_has_moved_on_is_told(here: Path, succeeds: Succeeds) -> None:
    """If something was recorded since the plan, a note says so."""
    log = EventLog("log.db")
    entered(log, "2018-01-31").write_actions("a.csv")
    log.add(Event("000", "tell", "news", "2018-01-31"))
    write_rows(Path("b.csv"), filled(rows_of(Path("a.csv")), "2018-02-01"))
    assert "note: the log has moved on since the plan was made" in succeeds("events", "add", "b.csv", *LOG)


def test_show(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """Events are chosen by customer, kind, name and days, and stand in the order of days."""
    told = succeeds("events", "show", *LOG)
    days = [line.split()[0] for line in told.splitlines()[2:-2]]
    assert days == sorted(days)
    assert "7 events" in told
    assert "money, EUR" in told
    assert "20.00" in succeeds("events", "show", *LOG, "--customer", "C-1", "--kind", "gift")
    assert "2 events" in succeeds("events", "show", *LOG, "--kind", "gift", "--kind", "tell")
    assert "1 event" in succeeds("events", "show", *LOG, "--name", "wall", "--since", "2026-01-04")
    assert "no events" in succeeds("events", "show", *LOG, "--until", "2025-12-31", "--out", "none.csv")
    succeeds("events", "show", *LOG, "--kind", "thank", "--out", "t.csv")
    assert [row["note"] for row in rows_of(Path("t.csv"))] == ["three new customers"]
    assert "Did you mean 'gift'?" in refused("events", "show", *LOG, "--kind", "gifft")
    assert "--since: received 'soon'" in refused("events", "show", *LOG, "--since", "soon")
    assert ".csv or .parquet" in refused("events", "show", *LOG, "--out", "t.xlsx")


def test_recognition_showcase_and_out_of_sight(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """Rewards and thanks by customer; who is shown now; and who has had no contact, also under a new id."""
    lines = succeeds("events", "show", *LOG, "--recognition").splitlines()[2:-2]
    assert [line.split()[1] for line in lines] == ["C-1", "C-1", "C-2", "C-3"]
    log.alias("C-1", "C-9", author="Ann")
    shown = succeeds("events", "show", *LOG, "--showcase")
    assert "C-9       wall  2026-01-03" in shown
    assert "1 customer shown" in shown
    assert "2 customers shown" in succeeds("events", "show", *LOG, "--showcase", "--until", "2026-01-08")
    told = succeeds("events", "show", *LOG, "--out-of-sight", "30", "--until", "2026-02-20", "--out", "o.csv")
    assert [line.split()[:2] for line in told.splitlines()[2:4]] == [["007", "none"], ["C-9", "2026-01-02"]]
    assert "2 customers out of sight for 30 days" in told
    log.add(Event("007", "tell", "news", "2026-02-04"))
    assert "nobody" in succeeds("events", "show", *LOG, "--out-of-sight", "99", "--until", "2026-02-20")
    assert "give --until DATE" in refused("events", "show", *LOG, "--out-of-sight", "30")
    assert "from 1 to 3660" in refused("events", "show", *LOG, "--out-of-sight", "0", "--until", "2026-02-20")
    assert "give one of" in refused("events", "show", *LOG, "--recognition", "--showcase")
    assert "leave out --kind" in refused("events", "show", *LOG, "--recognition", "--kind", "gift")


def test_a_long_table_ends_with_the_newest(here: Path, succeeds: Succeeds) -> None:
    """The terminal has the newest 200 events, and the file has all of them."""
    EventLog("log.db").add([Event(f"C-{k}", "tell", "news", f"2026-01-{1 + k // 20:02d}") for k in range(400)])
    told = succeeds("events", "show", *LOG)
    assert len(told.splitlines()) == 200 + 2 + 3
    assert "C-399" in told
    assert "200 earlier ones aren't shown; --out FILE writes all" in told
    succeeds("events", "show", *LOG, "--out", "all.csv")
    assert len(rows_of(Path("all.csv"))) == 400


def test_void(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """An event is taken back by number or day, and is shown with the reason."""
    which = ("--customer", "C-1", "--kind", "gift", "--name", "jubilee")
    why = ("--reason", "another customer", "--author", "Ann")
    assert "not given: --reason, --author" in refused("events", "void", *LOG, *which, "--number", "1")
    assert "Give --number or --day" in refused("events", "void", *LOG, *which, *why)
    assert "there is no event to void" in refused("events", "void", *LOG, *which, *why, "--number", "2")
    assert "took back gift jubilee of customer C-1" in succeeds(
        "events", "void", *LOG, *which, *why, "--day", "2026-01-02"
    )
    told = succeeds("events", "show", *LOG, "--voided")
    assert "another customer (Ann)" in told
    assert "1 event" in told
    assert "6 events" in succeeds("events", "show", *LOG)
    log.add(Event("C-1", "snooze", "", "2026-01-20", until="2026-03-01", author="Ann", note="on holiday"))
    assert "took back" in succeeds(
        "events", "void", *LOG, "--customer", "C-1", "--kind", "snooze", "--number", "1", *why
    )


def test_alias_and_forget(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """A new id joins histories; forgetting erases all ids and prints how many events named the customer."""
    assert "not given: --author" in refused("events", "alias", "C-1", "C-9", *LOG)
    alias = ("events", "alias", "C-1", "C-9", *LOG, "--author", "Ann")
    assert succeeds(*alias) == "C-1 is a former id of C-9; 2 events of C-1 joined with those of C-9\n"
    assert "2 events" in succeeds("events", "show", *LOG, "--customer", "C-9")
    assert "is a former id of 'C-9' already" in refused("events", "alias", "C-1", "C-8", *LOG, "--author", "Ann")
    assert "customer C-9 is erased from 2 events" in succeeds("events", "forget", "C-9", *LOG)
    assert "no events" in succeeds("events", "show", *LOG, "--customer", "C-1")
    for _ in range(2):
        assert succeeds("events", "forget", "C-77", *LOG) == "The log holds nothing of 'C-77'.\n"
    unknown = succeeds("events", "alias", "C-77", "C-78", *LOG, "--author", "Ann")
    assert unknown == "C-77 is a former id of C-78; the log holds no event of C-77\n"
    assert succeeds("events", "forget", "C-78", *LOG) == "customer C-78 is erased from 0 events\n"


def test_an_alias_is_undone(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """--undo takes the former id, a reason and an author, and parts both customers."""
    one = ("events", "alias", "C-1")
    assert "which id is the present one" in refused(*one, *LOG, "--author", "Ann")
    assert "--reason is for --undo; give --note" in refused(*one, "C-9", *LOG, "--author", "Ann", "--reason", "x")
    succeeds(*one, "C-9", *LOG, "--author", "Ann")
    undo = (*one, "--undo", *LOG, "--author", "Ann", "--reason", "two persons")
    assert "not given: --reason, --author" in refused(*undo[:-4])
    assert "--undo takes the former id alone; leave out C-9" in refused(*one, "C-9", *undo[3:])
    assert "--note is for a new alias; give --reason" in refused(*undo, "--note", "x")
    assert succeeds(*undo) == "C-1 is a customer of its own again, with 2 events\n"
    assert log.aliases() == {}
    assert "'C-1' is no former id of a customer in this log" in refused(*undo)


def test_export_and_import(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """A log goes to a file and into another log; the second import adds nothing."""
    log.alias("C-1", "C-9", author="Ann")
    assert succeeds("events", "export", "e.csv", *LOG) == "wrote e.csv: 7 events\n"
    first = succeeds("events", "import", "e.csv", "--log", "new.db")
    assert first.startswith("recorded 7 events\nnote: 1 alias recorded\n")
    assert "recorded 0 events\n7 events recorded already" in succeeds("events", "import", "e.csv", "--log", "new.db")
    succeeds("events", "export", "again.csv", "--log", "new.db")
    assert sorted(Path("e.csv").read_text().splitlines()) == sorted(Path("again.csv").read_text().splitlines())
    with Path("e.csv").open(encoding="utf-8", newline="") as file:
        assert "'007" in {row["customer_id"] for row in csv.DictReader(file)}
    assert "would replace log.db" in refused("events", "export", "log.db", *LOG)
    assert ".csv or .parquet" in refused("events", "export", "e.xlsx", *LOG)
    assert "can't be read" in refused("events", "import", "none.csv", *LOG)


def test_due(log: EventLog, succeeds: Succeeds, refused: Refused) -> None:
    """Deadlines say when they are, and how many are overdue."""
    log.add(
        [
            Event("C-1", "explained", "price", "2026-02-01", policy="loyal"),
            Event("C-1", "offered", "price", "2026-02-02", until="2026-02-23", policy="loyal"),
            Event("C-2", "explained", "price", "2026-02-01", policy="loyal"),
        ]
    )
    told = succeeds("events", "due", *LOG, "--on", "2026-02-20")
    assert [line.split()[0] for line in told.splitlines()[2:4]] == ["2026-02-02", "2026-02-23"]
    assert "18 days ago" in told
    assert "in 3 days" in told
    assert "2 deadlines until 2026-02-27, 1 of them overdue on 2026-02-20" in told
    assert "on this day" in succeeds("events", "due", *LOG, "--on", "2026-02-23", "--days", "0")
    nothing = "no deadline until 2026-01-08; custgrade plan --log lists rewards and actions\n"
    assert succeeds("events", "due", *LOG, "--on", "2026-01-01") == nothing
    assert "not given: --on" in refused("events", "due", *LOG)
    assert "--days takes a whole number" in refused("events", "due", *LOG, "--on", "2026-02-23", "--days", "x")


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("due", "--on", "2026-01-01"),
        ("export", "e.csv"),
        (
            "void",
            "--customer",
            "C-1",
            "--kind",
            "gift",
            "--name",
            "x",
            "--number",
            "1",
            "--reason",
            "a",
            "--author",
            "b",
        ),
        ("alias", "a", "b", "--author", "c"),
        ("forget", "a"),
        ("upgrade",),
    ],
)
def test_no_log_is_made_by_reading(arguments: tuple[str, ...], here: Path, refused: Refused) -> None:
    """A command that needs a log names the one that isn't there, and makes none; without --log it says what to give."""
    assert "there is no log typo.db" in refused("events", *arguments, "--log", "typo.db")
    assert "give --log FILE" in refused("events", *arguments) or arguments == ("upgrade",)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", *LOG), "nothing to record: give a file, or --customer"),
        (("add", "a.csv", *LOG, "--kind", "gift"), "--kind is for one event"),
        (("add", *LOG, "--kind", "gift"), "not given: --customer, --day"),
        (("add", *LOG, *GIFT[:-1], "25,50"), "--money takes an amount"),
        (("add", *LOG, *GIFT, "--number", "1.0"), "--number takes a whole number"),
        (("add", *LOG, *GIFT[:-3], "20.1.2026"), "write a date as YYYY-MM-DD"),
        (("add", "none.csv", *LOG), "No such file"),
        (("shw", *LOG), "there is no events command 'shw'. Did you mean 'show'?"),
        ((), "the following arguments are required: events command"),
        (("show", "--log", "a", "--log", "b"), "--log is given twice; give it once"),
        (("show", *LOG, "--reason", "x"), "it is an option of custgrade events"),
        (("upgrade", "--log", "a.csv"), "a.csv"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], message: str, here: Path, refused: Refused) -> None:
    """Each wrong command line is refused with what to give."""
    assert message in refused("events", *arguments)


@pytest.mark.parametrize(
    "url", ["postgresql+nix://u:geheim@h/x", "nix://u:gehe:im@h/x?a=b", "postgresql://h:0/x?password=geheim&user=u"]
)
def test_passwords_are_never_printed(url: str, here: Path, refused: Refused) -> None:
    """Whatever is wrong with a URL, its password stays hidden."""
    twice = ("show", "--log", url, "--log", url)
    for arguments in [("show", "--log", url), twice, (url, "show"), ("--log", url, "show"), ("show", url)]:
        assert "gehe" not in refused("events", *arguments)
    assert "gehe" not in refused("plan", "--log", url, url)


def test_days_at_the_ends_of_the_calendar(log: EventLog, succeeds: Succeeds) -> None:
    """Spans that would end after the year 9999, or begin before the year 1, are cut off there."""
    assert "no deadline until 9999-12-31" in succeeds("events", "due", "--on", "9999-12-30", *LOG)
    assert "until 9999-12-31" in succeeds("events", "due", "--on", "9999-01-01", "--days", "3660", *LOG)
    arguments = ("--out-of-sight", "3660", "--until", "0001-01-05")
    assert "nobody is out of sight" in succeeds("events", "show", *arguments, *LOG)


def test_without_sqlalchemy(here: Path) -> None:
    """Without SQLAlchemy, a message says what to install."""
    code = "import sys; sys.modules['sqlalchemy'] = None; from custgrade.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "events", "show", *LOG], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "custgrade: a log of events needs SQLAlchemy: pip install 'custgrade[log]'\n"


def test_upgrade(log: EventLog, succeeds: Succeeds) -> None:
    """A log of the present format is up to date."""
    assert succeeds("events", "upgrade", *LOG) == "log: log.db, is up to date\n"


@pytest.mark.parametrize("where", [":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_log_in_memory_is_refused(here: Path, refused: Refused, where: str) -> None:
    """It would be gone when the command has said that it recorded the event."""
    assert "is lost when the command ends" in refused("events", "add", "--log", where, *GIFT)


def test_consent_is_said(log: EventLog, refused: Refused) -> None:
    """Consent without yes or no isn't a no."""
    told = refused("events", "add", *LOG, "--customer", "C-1", "--kind", "consent", "--day", "2026-01-20")
    assert "--money 1 for yes" in told
