"""The database of a log: reading it, and writing in a transaction that only one process makes at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from attrs import define, field, frozen

from custgrade.errors import LogError
from custgrade.events.schema import EVENT, FORMAT, LOG, METADATA, MIGRATIONS, Migration
from custgrade.text import shown, type_with_article

WAIT_SECONDS = 60
_WRITES = "custgrade_writes"
"""The execution option of connections that write."""
_LOCK_KEY = 0x637573746772
"""The key of PostgreSQL's lock for creating the tables."""


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
        """Yield a connection, None if there is no log yet."""
        if self.file is not None and not self.file.exists():
            yield None
            return
        with self._connected() as connection:
            exists = sa.inspect(connection).has_table(LOG.name)
            if exists:
                self._check_format(self.state(connection))
            yield connection if exists else None

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction that no other process is in.

        After an error nothing that was written is kept. A connection of the application's own isn't committed.
        """
        with self._connected(writes=True) as connection, self._transaction(connection):
            self._create(connection)
            # the first write locks the row in every database, before anything is read and before a savepoint is set
            locked = connection.execute(sa.update(LOG).values(revision=LOG.c.revision))
            if locked.rowcount != 1:
                raise LogError(f"{self.url}: custgrade_log has {locked.rowcount} rows; a log has one")
            self._check_format(self.state(connection))
            with connection.begin_nested() if self.connection is not None else nullcontext():
                yield connection

    def upgrade(self) -> list[int]:
        """Bring the schema up to date, and return the versions that it was brought to."""
        with self._connected(writes=True) as connection, self._transaction(connection):
            self._create(connection)
            connection.execute(sa.update(LOG).values(revision=LOG.c.revision))
            made, version = [], self.state(connection).format
            while version < self.newest:
                self.migrations[version](connection)
                version += 1
                made.append(version)
                connection.execute(sa.update(LOG).values(format=version))
            return made

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
    def _connected(self, *, writes: bool = False) -> Iterator[sa.Connection]:
        try:
            if self.engine is None:
                assert self.connection is not None
                yield self.connection
            else:
                with self.engine.connect().execution_options(**{_WRITES: writes}) as connection:
                    yield connection
        except sa.exc.DBAPIError as error:
            # driver errors name what the database said, and SQLAlchemy's text adds the statement and all values
            raise LogError(f"{self.url}: {str(error.orig).strip()}") from error
        except sa.exc.SQLAlchemyError as error:
            raise LogError(f"{self.url}: {error}") from error

    def _transaction(self, connection: sa.Connection) -> AbstractContextManager[Any]:
        return connection.begin() if self.connection is None else nullcontext()

    def _create(self, connection: sa.Connection) -> None:
        if sa.inspect(connection).has_table(LOG.name) and connection.scalar(
            sa.select(sa.func.count()).select_from(LOG)
        ):
            return
        if connection.dialect.name == "postgresql":
            # two processes that create the tables at once would get an error
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
        METADATA.create_all(connection)
        empty = sa.select(sa.literal(self.newest), sa.literal(0), sa.literal("")).where(
            ~sa.exists(sa.select(LOG.c.format))
        )
        connection.execute(sa.insert(LOG).from_select(["format", "revision", "currency"], empty))


def database(where: object) -> Database:
    """Return the database at a path of an SQLite file, a URL, an Engine, or a Connection.

    Raises LogError.
    """
    if isinstance(where, sa.Connection):
        return Database(None, where, url=_named(where.engine.url))
    if isinstance(where, sa.Engine):
        return Database(where, url=_named(where.url))
    if isinstance(where, sa.URL) or (isinstance(where, str) and "://" in where):
        try:
            url = sa.make_url(where)
            if url.get_backend_name() == "sqlite":
                return _sqlite(url)
            return Database(sa.create_engine(url, poolclass=sa.NullPool), url=_named(url))
        except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
            raise LogError(
                f"can't use {shown(_masked(str(where)))} as the URL of a log: {_masked(str(error))}"
            ) from None
    if isinstance(where, (str, os.PathLike)) and str(where):
        return _sqlite(sa.URL.create("sqlite", database=os.fspath(where)))
    raise LogError(f"a log is a path, a URL, an SQLAlchemy Engine or a Connection; received {type_with_article(where)}")


def _masked(text: str) -> str:
    """Return a text without the passwords of URLs."""
    text = re.sub(r"(://[^:@/\s]*:)\S*@", r"\1***@", text)
    return re.sub(r"([?&]password=)[^&\s]+", r"\1***", text)


def _named(url: sa.URL) -> str:
    return (
        url.database or "" if url.get_backend_name() == "sqlite" else _masked(url.render_as_string(hide_password=True))
    )


def _sqlite(url: sa.URL) -> Database:
    in_memory = url.database in (None, "", ":memory:")
    pool = sa.StaticPool if in_memory else sa.NullPool
    engine = sa.create_engine(url, poolclass=pool, connect_args={"timeout": WAIT_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        # the driver's own way doesn't begin a transaction before tables are created or read
        connection.isolation_level = None
        # readers don't wait for a writer, and a process that is killed leaves a whole log
        connection.execute("PRAGMA journal_mode=WAL")

    @sa.event.listens_for(engine, "begin")
    def begins(connection: sa.Connection) -> None:
        # a transaction that reads first could not be continued after another process has written
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")

    return Database(engine, file=None if in_memory else Path(str(url.database)), url=_named(url))


def raise_revision(connection: sa.Connection) -> int:
    """Count a write, and return the log's new revision."""
    connection.execute(sa.update(LOG).values(revision=LOG.c.revision + 1))
    return int(connection.scalar(sa.select(LOG.c.revision)) or 0)


COLUMNS: Sequence[str] = [
    one.name for one in EVENT.columns if one.name not in ("seq", "voided", "void_reason", "void_author")
]
"""The columns of an event that are written when it is added."""


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows into a table, by COPY on PostgreSQL with psycopg; names: the columns of the rows."""
    if connection.dialect.driver == "psycopg":
        columns = ", ".join(f'"{name}"' for name in names)
        cursor = connection.connection.cursor()
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    if connection.dialect.paramstyle == "qmark":
        statement = sa.insert(table).compile(dialect=connection.dialect, column_keys=list(names))
        values = [tuple(row) for row in rows]
        if values:
            connection.exec_driver_sql(str(statement), values)
    else:
        connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])
