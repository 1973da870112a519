"""A log in the application's own transaction, and at each kind of place: path, URL, Engine, Connection."""

import sqlite3

import pytest
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events import Event, EventLog

GIFT = Event("C-1", "gift", "basket", "2026-01-02", 1, money=10)
WRONG = Event("C-1", "gift", "basket", "2026-01-02", 7, money=10)


@pytest.fixture(params=["driver's own", "begins at once", "commits by itself"])
def application(request, log_url):
    """Return an engine as an application has one, with a table of its own; SQLite with several settings."""
    engine = sa.create_engine(log_url)
    if request.param != "driver's own":
        if engine.dialect.name != "sqlite":
            pytest.skip("a setting of SQLite")

        @sa.event.listens_for(engine, "connect")
        def connected(connection, record):
            connection.isolation_level = None

        if request.param == "begins at once":

            @sa.event.listens_for(engine, "begin")
            def begins(connection):
                connection.exec_driver_sql("BEGIN")

    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE orders (name TEXT)"))
    yield engine
    engine.dispose()


def orders(engine):
    with engine.connect() as connection:
        return connection.scalars(sa.text("SELECT name FROM orders ORDER BY name")).all()


def order(connection, name="an order"):
    connection.execute(sa.text("INSERT INTO orders VALUES (:name)"), {"name": name})


@pytest.mark.parametrize("first", ["order", "event"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_row_and_an_event_are_one_transaction(request, application, log_url, first, exists):
    """Rolling back removes the application's row and the event, committing keeps both; the log commits nothing."""
    if first == "order" and "commits by itself" in request.node.name:
        pytest.skip("the application's row is committed before the log is used")
    if exists:
        EventLog(log_url).add(Event("C-9", "thanks", "card", "2026-01-01"))
    before = EventLog(log_url).revision
    for ends in ("rollback", "commit"):
        with application.connect() as connection:
            if first == "order":
                order(connection)
            log = EventLog(connection)
            log.add(GIFT)
            if first == "event":
                order(connection)
            assert log.revision == before + 1
            assert EventLog(log_url).revision == before
            assert orders(application) == []
            getattr(connection, ends)()
        if ends == "rollback":
            assert (orders(application), EventLog(log_url).revision) == ([], before)
            assert GIFT.customer_id not in [one.customer_id for one in EventLog(log_url).events()]
            if not exists:
                assert not sa.inspect(application).has_table("custgrade_log")
    assert (orders(application), EventLog(log_url).revision) == (["an order"], before + 1)


@pytest.mark.parametrize("first", [True, False])
def test_an_add_that_fails_leaves_the_transaction_usable(application, log_url, first):
    """After a refused event the application's row and earlier events are there, and it can go on and commit."""
    with application.connect() as connection:
        if first:
            order(connection)
        log = EventLog(connection)
        log.add(GIFT)
        for _ in range(2):
            with pytest.raises(LogError, match="next number is 2"):
                log.add([Event("C-2", "gift", "basket", "2026-01-02", money=5), WRONG])
        order(connection, "later")
        connection.commit()
    assert orders(application) == ["an order", "later"][not first :]
    assert [one.customer_id for one in EventLog(log_url).events()] == ["C-1"]
    assert EventLog(log_url).revision == 1


def test_a_first_add_that_fails_creates_nothing(application):
    """A refused event in a database without a log creates no tables, and keeps the application's row."""
    with application.begin() as connection:
        order(connection)
        with pytest.raises(LogError):
            EventLog(connection).add(WRONG)
    assert orders(application) == ["an order"]
    assert not sa.inspect(application).has_table("custgrade_log")


def test_the_applications_savepoint_holds_the_event(application, log_url):
    """Rolling back a savepoint of the application's takes the event with it, and keeps what was before."""
    with application.begin() as connection:
        EventLog(connection).add(GIFT)
        inner = connection.begin_nested()
        EventLog(connection).add(Event("C-2", "gift", "basket", "2026-01-02", money=5))
        inner.rollback()
    assert [one.customer_id for one in EventLog(log_url).events()] == ["C-1"]
    assert EventLog(log_url).revision == 1


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_stricter_isolation(log_url, level):
    """In a stricter transaction an event is written, or refused because the log has moved on since it began."""
    engine = sa.create_engine(log_url)
    if engine.dialect.name == "sqlite":
        pytest.skip("a setting of PostgreSQL")
    other = EventLog(log_url)
    other.add(GIFT)
    strict = engine.execution_options(isolation_level=level)
    with strict.begin() as connection:
        EventLog(connection).add(Event("C-2", "gift", "basket", "2026-01-02", money=5))
    assert other.revision == 2
    # our own connections don't see an old state, whatever the engine's level
    EventLog(strict).add(Event("C-3", "gift", "basket", "2026-01-02", money=5))
    with strict.connect() as connection:
        log = EventLog(connection)
        assert log.revision == 3
        other.add(Event("C-4", "gift", "basket", "2026-01-02", money=5))
        with pytest.raises(LogError, match="another process has written meanwhile"):
            log.add(GIFT)
        connection.rollback()
        assert log.add(GIFT).already == 1
        connection.commit()
    engine.dispose()


def test_a_connection_that_commits_by_itself_is_refused(log_url):
    """A write on such a connection could be half done, so there is none."""
    engine = sa.create_engine(log_url, isolation_level="AUTOCOMMIT")
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite's driver can begin a transaction all the same")
    with engine.connect() as connection, pytest.raises(LogError, match="AUTOCOMMIT"):
        EventLog(connection).add(GIFT)
    with engine.connect() as connection:
        assert not sa.inspect(connection).has_table("custgrade_log")
    EventLog(engine).add(GIFT)
    assert EventLog(engine).revision == 1
    engine.dispose()


def test_every_kind_of_place_is_one_log(log_url, tmp_path):
    """What is written through a URL, an Engine or a Connection is read through each of them; for SQLite also a path."""
    engine = sa.create_engine(log_url)
    places = [log_url, sa.make_url(log_url), engine]
    if engine.dialect.name == "sqlite":
        path = engine.url.database
        places += [path, tmp_path / "events.sqlite"]
    for k, place in enumerate(places):
        log = EventLog(place)
        assert log.add(Event("C-1", "gift", "basket", "2026-01-02", k + 1, money=k)).revision == k + 1
        assert str(engine.url.database) in repr(log)
    for place in places:
        assert [one.cents for one in EventLog(place).events()] == [100 * k for k in range(len(places))]
    with engine.connect() as connection:
        assert EventLog(connection).revision == len(places)
    engine.dispose()


def test_a_log_in_memory():
    """An SQLite database in memory is a log for as long as its object lives."""
    log = EventLog("sqlite://")
    log.add(GIFT)
    assert (log.revision, [one.customer_id for one in log.events()]) == (1, ["C-1"])
    events = log.events()
    next(events)
    log.add(Event("C-2", "thanks", "card", "2026-01-01"))
    events.close()
    assert log.revision == 2


def test_an_application_can_read_the_file_with_the_standard_library(tmp_path):
    """An SQLite file of a log is a plain one, readable while it is written."""
    path = tmp_path / "log.db"
    EventLog(path).add(GIFT)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT customer_id, cents FROM custgrade_event").fetchall() == [("C-1", 1000)]
        EventLog(path).add(Event("C-2", "thanks", "card", "2026-01-01"))
    connection.close()
