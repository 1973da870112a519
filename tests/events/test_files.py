"""Files and servers that can't be a log: each gives an error that says so, and reading changes nothing."""

import os
import sqlite3
import traceback

import pytest
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events import Event, EventLog
from custgrade.events.database import Database
from custgrade.events.schema import FORMAT

THANKS = Event("C-1", "thanks", "card", "2026-01-02")


def read_all(log):
    return (log.revision, log.currency, list(log.events()), log.aliases(), len(log.history(["C-1"])))


NOTHING = (0, "", [], {}, 0)


def test_reading_creates_no_file(tmp_path):
    """A log that doesn't exist is empty, and reading it makes neither the file nor others beside it."""
    assert read_all(EventLog(tmp_path / "log.db")) == NOTHING
    assert read_all(EventLog(tmp_path / "missing" / "log.db")) == NOTHING
    assert list(tmp_path.iterdir()) == []


def test_reading_leaves_files_as_they_are(tmp_path):
    """An empty file and a database of an application stay byte by byte what they were."""
    empty, other = tmp_path / "empty.db", tmp_path / "other.db"
    empty.touch()
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE orders (name)")
    connection.close()
    before = other.read_bytes()
    for path in (empty, other):
        assert read_all(EventLog(path)) == NOTHING
    assert (empty.read_bytes(), other.read_bytes()) == (b"", before)
    for path in (empty, other):
        EventLog(path).add(THANKS)
        assert EventLog(path).revision == 1


def one_sentence(error):
    """Make sure that an error is one line that names no statement of SQL."""
    said = str(error.value)
    assert "\n" not in said
    assert "[SQL" not in said
    assert "sqlalche.me" not in said
    return said


@pytest.mark.parametrize("what", ["a directory", "text", "truncated"])
def test_what_is_no_database(tmp_path, what):
    """A directory, a text file and a damaged database are errors, when read and when written, and stay unchanged."""
    path = tmp_path / "log.db"
    if what == "a directory":
        path.mkdir()
    else:
        EventLog(tmp_path / "good.db").add(THANKS)
        path.write_bytes(b"customer,day\n" * 100 if what == "text" else (tmp_path / "good.db").read_bytes()[:5000])
    before = None if path.is_dir() else path.read_bytes()
    for job in (lambda log: log.revision, lambda log: log.add(THANKS), lambda log: log.upgrade()):
        with pytest.raises(LogError) as error:
            job(EventLog(path))
        assert str(path) in one_sentence(error)
    assert before is None or path.read_bytes() == before


def test_a_folder_that_does_not_exist(tmp_path):
    """Writing into a missing folder says what is needed."""
    with pytest.raises(LogError, match="the folder must exist") as error:
        EventLog(tmp_path / "missing" / "log.db").add(THANKS)
    one_sentence(error)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    """Writing into a protected folder is an error."""
    folder = tmp_path / "protected"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(LogError, match="allowed to write"):
        EventLog(folder / "log.db").add(THANKS)


@pytest.mark.parametrize("rows", [0, 2])
def test_a_log_without_its_row(log_url, rows):
    """A log whose row is missing or there twice is neither read nor written."""
    EventLog(log_url).add(THANKS)
    engine = sa.create_engine(log_url)
    with engine.begin() as connection:
        statement = "DELETE FROM custgrade_log" if not rows else "INSERT INTO custgrade_log VALUES (1, 5, '')"
        connection.execute(sa.text(statement))
    for job in (lambda log: log.revision, lambda log: log.add(THANKS), lambda log: list(log.events())):
        with pytest.raises(LogError, match=f"has {rows} rows; a log has one"):
            job(EventLog(log_url))
    engine.dispose()


def test_another_table_of_the_same_name(log_url):
    """A table custgrade_log with other columns is an error."""
    engine = sa.create_engine(log_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE custgrade_log (name TEXT)"))
        connection.execute(sa.text("INSERT INTO custgrade_log VALUES ('x')"))
    for job in (lambda log: log.revision, lambda log: log.add(THANKS)):
        with pytest.raises(LogError, match=r"revision|format") as error:
            job(EventLog(log_url))
        assert "sqlalche.me" not in str(error.value)
    engine.dispose()


def set_format(log_url, number):
    engine = sa.create_engine(log_url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE custgrade_log SET format = {number}"))
    engine.dispose()


def test_a_newer_format(log_url):
    """A log of a later version is refused, named with what to do, and not downgraded."""
    EventLog(log_url).add(THANKS)
    set_format(log_url, FORMAT + 1)
    for job in (lambda log: log.revision, lambda log: log.add(THANKS), lambda log: log.upgrade()):
        with pytest.raises(LogError, match="Install a newer custgrade"):
            job(EventLog(log_url))


def newer(log, migrations):
    """Return a log whose database knows two later formats."""
    database: Database = log._database
    database.migrations, database.newest = migrations, FORMAT + 2
    return log


def test_an_older_format_is_upgraded(log_url):
    """An older log is refused until its migrations have run; each format is said, and the events remain."""
    EventLog(log_url).add(THANKS)

    def add_column(connection):
        connection.execute(sa.text("ALTER TABLE custgrade_event ADD COLUMN channel TEXT"))

    def fill_column(connection):
        connection.execute(sa.text("UPDATE custgrade_event SET channel = 'post'"))

    log = newer(EventLog(log_url), {FORMAT: add_column, FORMAT + 1: fill_column})
    for job in (lambda: log.revision, lambda: log.add(THANKS)):
        with pytest.raises(LogError, match="custgrade events upgrade"):
            job()
    assert log.upgrade() == [FORMAT + 1, FORMAT + 2]
    assert log.upgrade() == []
    assert [one.customer_id for one in log.events()] == ["C-1"]
    engine = sa.create_engine(log_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT channel FROM custgrade_event")) == "post"
        assert connection.scalar(sa.text("SELECT format FROM custgrade_log")) == FORMAT + 2
    engine.dispose()


def test_a_migration_that_fails_changes_nothing(log_url):
    """When the second of two migrations fails, the first is undone too."""
    EventLog(log_url).add(THANKS)

    def add_column(connection):
        connection.execute(sa.text("ALTER TABLE custgrade_event ADD COLUMN channel TEXT"))

    def fail(connection):
        connection.execute(sa.text("SELECT a FROM nowhere"))

    log = newer(EventLog(log_url), {FORMAT: add_column, FORMAT + 1: fail})
    with pytest.raises(LogError, match="nowhere"):
        log.upgrade()
    assert EventLog(log_url).revision == 1
    engine = sa.create_engine(log_url)
    assert "channel" not in [one["name"] for one in sa.inspect(engine).get_columns("custgrade_event")]
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+nothing://me:secret@localhost/x",
        "nothing://me:secret@localhost/x",
        "mysql+mysqldb://me:secret@localhost/x",
        "postgresql+psycopg://me:secret@localhost:notaport/x",
        "postgresql+psycopg://me:secret@127.0.0.1:1/x",
        "postgresql+psycopg://me:secret@no-such-host.invalid/x",
        "://me:secret@localhost",
        "postgresql+psycopg://me:sec@ret@localhost:1:2/secret",
    ],
)
def test_a_url_that_does_not_lead_to_a_database(url):
    """A wrong scheme, driver, port or host is an error without the password, in its message and its causes."""
    with pytest.raises(LogError) as error:
        EventLog(url).add(THANKS)
    assert "secret@" not in "".join(traceback.format_exception(error.value))
    assert "sqlalche.me" not in str(error.value)


def test_a_wrong_password(postgresql):
    """A server that refuses the user is an error without the password."""
    url = postgresql.url.set(username="nobody_such", password="secret")
    with pytest.raises(LogError, match="nobody_such") as error:
        EventLog(url).add(THANKS)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("where", [None, 1, "", b"log.db", "a\0b", ["log.db"], object()])
def test_what_is_no_place(where):
    """Anything but a path, a URL, an Engine or a Connection is refused."""
    with pytest.raises(LogError, match="a log is a path"):
        EventLog(where)
