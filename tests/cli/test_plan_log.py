"""`custgrade plan --log`: planning from what was done, and recording the plan."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from plan_of_sixty import filled, graded, rows_of, write_rows

import custgrade as cg
from custgrade.events import Event, EventLog
from custgrade.planning.digest import policy_digest

Succeeds = Callable[..., str]
Refused = Callable[..., str]


@pytest.fixture
def arguments(here: Path) -> tuple[str, ...]:
    """The arguments of a plan without its day."""
    grades = graded()
    frame = pd.DataFrame({"customer_id": grades.base.ids.tolist(), **dict(grades.base.columns.items())})
    frame.to_csv("customers.csv", index=False)
    cg.scorer("abcd").fit(grades.base).save("model.json")
    return ("plan", "--model", "model.json", "--customers", "customers.csv", "--policy", "ideal-mix", "--any-period")


def test_a_year_on_the_command_line(arguments: tuple[str, ...], succeeds: Succeeds) -> None:
    """Plan, record, do and plan again: nothing is due any more, and offers are listed by state with their deadlines."""
    for day in ("2018-01-31", "2018-03-02", "2018-03-20"):
        told = succeeds(*arguments, "--log", "log.db", "--enter", "--on", day, "--actions", "a.csv")
        rows = rows_of(Path("a.csv"))
        revision = EventLog("log.db").revision
        assert {row["revision"] for row in rows} == {str(revision)}
        assert f"log: revision {revision}, " in told
        write_rows(Path("b.csv"), filled(rows, day))
        assert "moved on" not in succeeds("events", "add", "b.csv", "--log", "log.db", "--author", "Ann")
        again = succeeds(*arguments, "--log", "log.db", "--on", day, "--actions", "c.csv")
        assert [row for row in rows_of(Path("c.csv")) if row["state"] == "due" and row["kind"] != "answer"] == []
        assert "the plan isn't recorded; --enter records it" in again
    told = succeeds(*arguments, "--log", "log.db", "--on", "2018-04-12")
    start = told.splitlines().index("offers under way")
    state, offers, late, soon, first = told.splitlines()[start + 3].split()
    assert (state, int(offers) > 10, late, int(soon) > 0, first > "2018-04-12") == ("open", True, "0", True, True)


def test_the_same_plan_is_recorded_once(arguments: tuple[str, ...], succeeds: Succeeds) -> None:
    """A second run of the same day records nothing, and the digests are on the terminal."""
    first = succeeds(*arguments, "--log", "log.db", "--enter", "--on", "2018-01-31")
    assert "log: revision 1, 61 events until 2018-01-31; recorded 61 events" in first
    again = succeeds(*arguments, "--log", "log.db", "--enter", "--on", "2018-01-31")
    assert "log: revision 1, 61 events until 2018-01-31; this plan or a later one was recorded before" in again
    model = cg.load_model("model.json")
    digest = model.grade(graded().base).model_digest
    assert f"policy {policy_digest(cg.policy('ideal-mix'))[:12]}, model {digest[:12]}" in again


def test_reading_makes_no_log(arguments: tuple[str, ...], here: Path, succeeds: Succeeds, refused: Refused) -> None:
    """A plan from a log that isn't there plans as without one, and makes no file; --enter needs a log."""
    told = succeeds(*arguments, "--log", "log.db", "--on", "2018-01-31")
    assert "log: there is none yet, so the plan is made as if nothing was ever done" in told
    assert not Path("log.db").exists()
    assert told.startswith(succeeds(*arguments, "--on", "2018-01-31").split("\nread from")[0].rstrip("\n"))
    assert "give --log FILE" in refused(*arguments, "--enter", "--on", "2018-01-31")
    assert "--log has an empty file name" in refused(*arguments, "--log", "", "--on", "2018-01-31")


def test_nothing_is_recorded_of_a_plan_that_fails(
    arguments: tuple[str, ...], succeeds: Succeeds, refused: Refused
) -> None:
    """A file that can't be written, or that would replace the log, leaves the log as it was."""
    assert ".csv or .parquet" in refused(*arguments, "--log", "l.db", "--enter", "--on", "2018-01-31", "--actions", "a")
    assert not Path("l.db").exists()
    EventLog("log.csv").add(Event("000", "tell", "news", "2018-01-01"))
    assert "would replace log.csv" in refused(
        *arguments, "--log", "log.csv", "--on", "2018-01-31", "--actions", "log.csv"
    )


def test_the_log_of_a_configuration(arguments: tuple[str, ...], here: Path, succeeds: Succeeds) -> None:
    """[plan] log names the log, relative to the file; --log takes precedence; grading with the file still works."""
    (here / "c").mkdir()
    (here / "c" / "c.toml").write_text('[plan]\nlog = "log.db"\n', encoding="utf-8")
    succeeds(*arguments, "--config", "c/c.toml", "--enter", "--on", "2018-01-31")
    assert EventLog("c/log.db").revision == 1
    assert "log: there is none yet" in succeeds(
        *arguments, "--config", "c/c.toml", "--log", "other.db", "--on", "2018-01-31"
    )
    succeeds("grade", "--config", "c/c.toml", "--customers", "customers.csv", "--model", "model.json", "--any-period")


def test_currencies_that_clash(arguments: tuple[str, ...], refused: Refused) -> None:
    """A log in another currency is refused, and nothing is recorded."""
    EventLog("log.db").add(Event("000", "gift", "jubilee", "2018-01-01", money=5), currency="USD")
    told = refused(*arguments, "--log", "log.db", "--enter", "--on", "2018-01-31")
    assert "the log is in USD, and the customers' amounts are in EUR" in told
    assert EventLog("log.db").revision == 1


def test_what_waits_and_is_taken_back(arguments: tuple[str, ...], succeeds: Succeeds) -> None:
    """Put-off actions wait with the reason; late ones are counted; a showcase without consent is taken down."""
    log = EventLog("log.db")
    succeeds(*arguments, "--log", "log.db", "--enter", "--on", "2018-01-31", "--actions", "a.csv")
    write_rows(Path("b.csv"), filled(rows_of(Path("a.csv")), "2018-01-31"))
    log.add_file("b.csv")
    gifts = {row["customer_id"].removeprefix("'") for row in rows_of(Path("a.csv")) if row["kind"] == "gift"}
    some = sorted(gifts)[:3]
    log.add([Event(one, "snooze", "", "2018-03-01", until="2018-05-01", author="Ann", note="away") for one in some])
    told = succeeds(*arguments, "--log", "log.db", "--on", "2018-03-10", "--actions", "a.csv")
    rows = rows_of(Path("a.csv"))
    waits = [row for row in rows if row["why"] == "put off"]
    line = next(one for one in told.splitlines() if one.startswith("waits: put off"))
    money = sum(float(row["money"] or 0) for row in waits if row["kind"] in ("gift", "thanks", "newsletter"))
    assert line.split()[-2:] == [str(len(waits)), f"{money:,.2f}"]
    assert len(waits) >= 3
    late = sum(row["state"] == "due" and row["due"] < "2018-03-10" and row["kind"] != "answer" for row in rows)
    assert next(one for one in told.splitlines() if one.startswith("due before")).split()[-2] == str(late)


def test_without_sqlalchemy(arguments: tuple[str, ...]) -> None:
    """Without SQLAlchemy, a plan needs no log, and --log says what to install."""
    code = "import sys; sys.modules['sqlalchemy'] = None; from custgrade.cli.main import main; sys.exit(main())"

    def run(*more: str) -> tuple[int, str]:
        command = [sys.executable, "-c", code, *arguments, "--on", "2018-01-31", *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert run() == (0, "")
    assert run("--log", "log.db") == (
        2,
        "custgrade: a log of events needs SQLAlchemy: pip install 'custgrade[log]'\n",
    )


def test_a_file_that_came_back_by_command(arguments: tuple[str, ...], succeeds: Succeeds) -> None:
    """Ids that a spreadsheet would change go out with a mark and come back as they were."""
    succeeds(*arguments, "--log", "log.db", "--enter", "--on", "2018-01-31", "--actions", "a.csv")
    with Path("a.csv").open(encoding="utf-8", newline="") as file:
        marked = {row["customer_id"] for row in csv.DictReader(file)}
    assert {"'007", "'1e5", "'3-4", "'=1+1", "C-0017"} <= marked
    write_rows(Path("b.csv"), filled(rows_of(Path("a.csv")), "2018-01-31"))
    succeeds("events", "add", "b.csv", "--log", "log.db")
    ids = {one.customer_id for one in EventLog("log.db").events() if one.kind != "run"}
    assert ids == set(graded().base.ids.tolist())
