"""The event log: what was offered, given, signed and declined, in a database."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, runtime_checkable

from custgrade.argument_checks import is_one_line
from custgrade.data.ids import Ids, id_column
from custgrade.errors import LogError, MissingExtraError
from custgrade.events.batch import Batch
from custgrade.events.event import Event, iso_day
from custgrade.events.event_columns import EventColumns, event_columns
from custgrade.text import shown

try:
    from custgrade.events import changing, file_adding, joining, reading
    from custgrade.events.adding import Added, add_events
    from custgrade.events.database import Database, raise_revision
    from custgrade.events.deadlines import Deadline
    from custgrade.events.event_file import write_events
    from custgrade.events.found_events import FoundEvents, Wanted
    from custgrade.events.history import History
    from custgrade.events.opening import database
except ImportError as error:
    raise MissingExtraError("a log of events needs SQLAlchemy: pip install 'custgrade[log]'") from error


@runtime_checkable
class Enters(Protocol):
    """A plan, as far as a log knows one."""

    def entering(self) -> Batch:
        """Return the events that say which treatment customers have entered, and that the plan was made."""


class EventLog:
    """A log of what was done for customers and what they answered, in a database.

    where: the path of an SQLite file, which is made by the first write; the URL of a database that SQLAlchemy knows,
    such as `postgresql+psycopg://user@host/name`; an SQLAlchemy Engine; or a Connection of the application's own, whose
    transaction the log takes part in and doesn't commit. Several processes can use one log at once.

    Raises LogError, and MissingExtraError if SQLAlchemy isn't installed.
    """

    def __init__(self, where: str | os.PathLike[str] | Any) -> None:
        self._database: Database = database(where)

    @property
    def name(self) -> str:
        """The path of the file, or the URL without a password."""
        return self._database.url

    @property
    def exists(self) -> bool:
        """Whether there is a log: the first write makes it."""
        return reading.exists(self._database)

    @property
    def revision(self) -> int:
        """The number of writes so far; 0 if there is no log yet."""
        return reading.state(self._database).revision

    @property
    def currency(self) -> str:
        """The currency of all money in the log; empty until an event says it."""
        return reading.state(self._database).currency

    def add(
        self, events: Event | Iterable[Event] | EventColumns | Batch, *, currency: str = "", late: bool = True
    ) -> Added:
        """Check events and write those that aren't in the log yet; all or nothing.

        An event with the same customer, kind, name and number as a recorded one is that event. An event without a
        number is the recorded one of the same customer, kind, name and day; if there is none, it takes the next number.
        The same holds within a batch. currency: of the money. late: whether an offer may be signed after its last day,
        or after it was declined.

        Raises LogError for an event that can't have happened, or is recorded with other money; and if a batch would
        exceed a budget or cap of its plan.
        """
        batch = events if isinstance(events, Batch) else Batch(events, currency=currency)
        with self._database.writing() as connection:
            return add_events(connection, batch, late=late)

    def enter(self, plan: Enters) -> Added:
        """Record a plan: the treatments that customers enter with it, and the days that its dates are counted from."""
        if not isinstance(plan, Enters):
            raise LogError(f"enter takes a plan; received {shown(plan)}")
        return self.add(plan.entering())

    def add_file(
        self, *paths: str | os.PathLike[str], author: str = "", currency: str = "", late: bool = True
    ) -> Added:
        """Record what files say, all of them or nothing: actions of a plan, or events in the columns of `export`.

        Of a plan's file of actions, .csv or .parquet, the rows are recorded that have a day in `done_on`; a row of kind
        `answer` needs an `answer` too, `signed` or `declined`. Events that are recorded already are left out, as in
        `add`. author: who did it, where the file doesn't say it. currency: of the money, likewise. late: as for `add`.

        Raises LogError with the lines of rows that can't be recorded, or that a spreadsheet has changed.
        """
        _check_author(author)
        files = [(path, file_adding.rows_of_file(path, author)) for path in paths]
        with self._database.writing() as connection:
            return file_adding.add_rows(connection, files, currency=currency, late=late)

    def import_file(self, path: str | os.PathLike[str], *, author: str = "") -> Added:
        """Record the events and aliases of a file that `export` has written; what the log has already is left alone.

        Events of customers with former ids, and of forgotten ones, are taken over without checks of their order if the
        log doesn't know the customers. author: who recorded the events that name no author.

        Raises LogError with the lines of rows that can't be imported.
        """
        _check_author(author)
        rows = file_adding.rows_of_file(path, author)
        with self._database.writing() as connection:
            return file_adding.import_file(connection, path, rows)

    def export(self, path: str | os.PathLike[str], *, voided: bool = False) -> int:
        """Write all events and aliases to a .csv or .parquet file, and return the number of events.

        The file is replaced in one step. voided: those that were taken back, too; an import leaves them out.

        Raises OutputError.
        """
        found, rows, currency = reading.everything(self._database, Wanted(voided=voided))
        write_events(path, found, currency, rows, voided=voided)
        return len(found)

    def find(self, wanted: Wanted) -> FoundEvents:
        """Return events by customer, kind, name and day, in the order of days."""
        if not isinstance(wanted, Wanted):
            raise LogError(f"find takes a Wanted; received {shown(wanted)}")
        return reading.find(self._database, wanted)

    def due(self, on: str | dt.date, days: int = 7) -> list[Deadline]:
        """Return the deadlines of offers, and the ends of what was put off, in the order of days.

        on: the day; what happened later doesn't count. days: how far ahead; what is overdue is listed in any case.
        """
        return reading.due(self._database, on, days)

    def void(self, event: Event | Iterable[Event], *, reason: str, author: str) -> int:
        """Take back events that were recorded by mistake, and return how many.

        They stay in the log with the reason, and count for nothing. Of an offer, the last move is taken back first.

        Raises LogError if an event isn't recorded, or another one builds on it.
        """
        _check_said(reason=reason, author=author)
        with self._database.writing() as connection:
            raise_revision(connection)
            return changing.void(connection, event_columns(event), reason, author)

    def alias(self, old_id: str, new_id: str, *, author: str, note: str = "") -> int:
        """Record that a customer has a new id, or was merged with another one; both histories are one from now on.

        Return how many events the customer has under the former id and those before it; 0 if the log doesn't know it.

        Raises LogError if both have an offer under way, and for a circle of ids.
        """
        _check_said(author=author)
        if not is_one_line(note):
            raise LogError(f"note must be a text of one line; received {shown(note)}")
        with self._database.writing() as connection:
            raise_revision(connection)
            return joining.alias(connection, old_id, new_id, author, note)

    def undo_alias(self, old_id: str, *, reason: str, author: str) -> int:
        """Take back an alias that was recorded by mistake; both histories are apart from now on.

        Each event stays with the id under which it was recorded; what was recorded since the alias is under the present
        id. The alias stays in the log's tables with the reason. Return how many events the customer with the former id
        has.

        Raises LogError if the id isn't a former one, or a move of an offer builds on events of the other customer.
        """
        _check_said(reason=reason, author=author)
        with self._database.writing() as connection:
            return joining.undo_alias(connection, old_id, reason, author, raise_revision(connection))

    def forget(self, customer_id: str) -> int:
        """Erase who a customer is, and return the number of events that named the customer.

        The events remain without id, author, note and terms, so that budgets stay right; former ids are erased too. An
        SQLite file is written anew, unless the log takes part in the application's transaction; then run VACUUM after
        it, as on other databases.

        Raises LogError.
        """
        with self._database.writing() as connection:
            raise_revision(connection)
            count = changing.forget(connection, customer_id)
        self._database.rewrite()
        return count

    def events(self, *, voided: bool = False) -> Iterator[Event]:
        """Yield all events in the order in which they were written; voided: those that were taken back instead."""
        return reading.events(self._database, voided=voided)

    def aliases(self) -> dict[str, str]:
        """Return the present id of each former one."""
        return reading.aliases(self._database)

    def history(self, ids: Ids, until: str | None = None) -> History:
        """Return the events of customers as columns; see `History`.

        ids: texts of shape (n,). until: the last day that counts, ISO; None for all.
        """
        return reading.history(self._database, id_column(ids), iso_day(until, "until"))

    def upgrade(self) -> list[int]:
        """Bring an older log's tables up to date, and return the formats that they were brought to."""
        return self._database.upgrade()

    def __repr__(self) -> str:
        return f"<EventLog: {self.name}>"


def _check_author(author: str) -> None:
    if not is_one_line(author):
        raise LogError(f"author must be a text of one line; received {shown(author)}")


def _check_said(**texts: str) -> None:
    for name, text in texts.items():
        if not is_one_line(text) or not text.strip():
            raise LogError(f"{name} must be a text of one line, not empty; received {shown(text)}")
