"""The database of a log: reading it, and writing in a transaction that only one process makes at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import sqlalchemy as sa
from attrs import define, field, frozen

from custgrade.errors import LogError
from custgrade.events.schema import FORMAT, LOG, METADATA, MIGRATIONS, Migration

_LOCK_KEY = 0x637573746772
"""The key of PostgreSQL's lock for creating the tables."""
_TRY_AGAIN = ("40001", "40P01")
"""What PostgreSQL says when transactions got in each other's way."""


@frozen
class LogState:
    """The one row of `custgrade_log`: the schema's version, the number of writes so far, and the currency."""

    format: int = FORMAT
    revision: int = 0
    currency: str = ""


@define(eq=False)
class Database:
    """The database of a log.

    engine: None for a connection of the application's own. connection: the application's connection; None otherwise.
    file: the path of an SQLite file of ours; None otherwise. url: how it is named in messages, without a password.
    """

    engine: sa.Engine | None
    connection: sa.Connection | None = None
    file: Path | None = None
    url: str = ""
    migrations: Mapping[int, Migration] = field(default=MIGRATIONS)
    newest: int = FORMAT

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        """Yield a connection that sees one state of the log, None if there is no log yet.

        A connection of the application's own sees what its transaction sees.
        """
        with self._translated():
            if self.file is not None and not self.file.exists():
                yield None
                return
            with self._connected("REPEATABLE READ") as connection:
                if self.engine is not None:
                    _begin_sqlite(connection, "BEGIN")
                exists = sa.inspect(connection).has_table(LOG.name)
                if exists:
                    self._check_format(self.state(connection))
                yield connection if exists else None

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction that no other process is in.

        After an error nothing that was written is kept. A connection of the application's own isn't committed, and
        after an error what the application itself has written remains.
        """
        with self._locked() as connection:
            self._check_format(self.state(connection))
            yield connection

    @contextmanager
    def _locked(self) -> Iterator[sa.Connection]:
        with (
            self._translated(),
            self._connected("READ COMMITTED") as connection,
            connection.begin() if self.connection is None else nullcontext(),
        ):
            if self.file is not None:
                _keep_a_journal_beside(connection)
            if not connection.in_transaction():
                connection.begin()
            # a savepoint outside a transaction would be a transaction, and its release would commit
            _begin_sqlite(connection, "BEGIN IMMEDIATE")
            with connection.begin_nested() if self.connection is not None else nullcontext():
                self._create(connection)
                # writing before anything is read locks the row in every database
                locked = connection.execute(sa.update(LOG).values(revision=LOG.c.revision))
                if locked.rowcount != 1:
                    raise LogError(f"{self.url}: custgrade_log has {locked.rowcount} rows; a log has one")
                yield connection

    def upgrade(self) -> list[int]:
        """Bring the schema up to date, and return the versions that it was brought to."""
        with self._locked() as connection:
            made, version = [], self.state(connection).format
            if version > self.newest:
                self._check_format(self.state(connection))
            if version < self.newest and version not in self.migrations:
                raise LogError(f"{self.url} is a log of format {version}, which this version of custgrade doesn't know")
            while version < self.newest:
                self.migrations[version](connection)
                version += 1
                made.append(version)
                connection.execute(sa.update(LOG).values(format=version))
            return made

    def rewrite(self) -> None:
        """Write an SQLite file anew, so that it holds no trace of what was erased.

        Raises LogError while another program reads the file.
        """
        if self.engine is None or self.engine.dialect.name != "sqlite":
            return
        with self._translated(), self._connected("AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
            if busy:
                raise LogError(
                    f"{self.url}: what was erased is no longer in the log, but traces of it are left in the file, "
                    "because another program is reading it. Forget the customer again when it has finished."
                )

    def state(self, connection: sa.Connection) -> LogState:
        """Return the log's row.

        Raises LogError unless there is one.
        """
        rows = connection.execute(sa.select(LOG.c.format, LOG.c.revision, LOG.c.currency)).all()
        if len(rows) != 1:
            raise LogError(f"{self.url}: custgrade_log has {len(rows)} rows; a log has one")
        return LogState(*rows[0])

    def _check_format(self, state: LogState) -> None:
        if state.format > self.newest:
            raise LogError(
                f"{self.url} is a log of format {state.format}; this version of custgrade reads up to {self.newest}. "
                "Install a newer custgrade."
            )
        if state.format < self.newest:
            raise LogError(
                f"{self.url} is a log of format {state.format}; this version of custgrade needs {self.newest}. Copy "
                "it, then run custgrade events upgrade."
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            # driver errors name what the database said, and SQLAlchemy's text adds the statement and all values
            raise LogError(f"{self.url}: {_said(error.orig)}") from error
        except (sa.exc.SQLAlchemyError, OSError) as error:
            raise LogError(f"{self.url}: {error}") from error

    @contextmanager
    def _connected(self, isolation: str) -> Iterator[sa.Connection]:
        """Yield the application's connection, or one of our own; isolation: of ours, in other databases than SQLite."""
        if self.engine is None:
            assert self.connection is not None
            if getattr(self.connection.connection.driver_connection, "autocommit", False) is True:
                raise LogError(
                    f"{self.url}: the connection commits each statement by itself, so that a write could be half "
                    "done; give one without AUTOCOMMIT, or the Engine"
                )
            yield self.connection
            return
        options = {"isolation_level": isolation}
        if self.engine.dialect.name == "sqlite" and isolation != "AUTOCOMMIT":
            options = {}
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    def _create(self, connection: sa.Connection) -> None:
        if sa.inspect(connection).has_table(LOG.name):
            return
        if connection.dialect.name == "postgresql":
            # two processes that create the tables at once would get an error
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            if sa.inspect(connection).has_table(LOG.name):
                return
        METADATA.create_all(connection)
        connection.execute(sa.insert(LOG).values(format=self.newest, revision=0, currency=""))


def _said(error: BaseException | None) -> str:
    """Return what a database said, with what to do about it."""
    said = str(error).strip()
    if "unable to open database file" in said:
        return f"{said}; the folder must exist, and this process must be allowed to write to it"
    if "database is locked" in said:
        return f"{said}; another program has been using it for long. Try again when it has finished."
    if getattr(error, "sqlstate", None) in _TRY_AGAIN:
        return f"{said}; another process has written meanwhile. Roll the transaction back, and begin it again."
    return said


def _begin_sqlite(connection: sa.Connection, statement: str) -> None:
    """Begin a transaction of an SQLite database unless one has begun; the driver begins one with the first row only."""
    if connection.dialect.name == "sqlite" and not getattr(
        connection.connection.driver_connection, "in_transaction", False
    ):
        connection.exec_driver_sql(statement)


def _keep_a_journal_beside(connection: sa.Connection) -> None:
    """Let readers of an SQLite file go on while it is written; a process that is killed leaves a whole log."""
    # while another process does the same it is locked, and need not be done again
    with suppress(sa.exc.OperationalError):
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def raise_revision(connection: sa.Connection) -> int:
    """Count a write, and return the log's new revision."""
    connection.execute(sa.update(LOG).values(revision=LOG.c.revision + 1))
    return int(connection.scalar(sa.select(LOG.c.revision)) or 0)
