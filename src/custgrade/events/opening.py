"""Where a log is: the path of an SQLite file, a URL, an Engine, or a Connection of the application's own."""

from __future__ import annotations

import os
import re
from pathlib import Path

import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events.database import Database
from custgrade.text import shown, type_with_article, without_passwords

WAIT_SECONDS = 60
"""How long a process waits for another one that writes the same SQLite file."""
_OF_FILE_URLS = ("mode", "immutable", "nolock", "cache", "vfs")
"""The parameters that SQLite ignores unless the path is a file: URL."""
_PASSWORD = re.compile("(://[^/@]*?:).*@")


def database(where: object) -> Database:
    """Return the database at a path of an SQLite file, a URL, an Engine, or a Connection.

    Raises LogError.
    """
    if isinstance(where, sa.Connection):
        return Database(None, where, url=_named(where.engine.url))
    if isinstance(where, sa.Engine):
        return Database(where, url=_named(where.url))
    if isinstance(where, str) and _has_two_ats(where):
        # the rest of the password would be taken for the host, and shown
        raise LogError(
            "can't use the URL of the log: in a user name or password, write @ as %40, : as %3A and / as %2F"
        )
    if isinstance(where, sa.URL) or (isinstance(where, str) and "://" in where):
        try:
            url = sa.make_url(where)
            if url.get_backend_name() == "sqlite":
                return _sqlite(url)
            return Database(sa.create_engine(url, poolclass=sa.NullPool), url=_named(url))
        except (sa.exc.ArgumentError, ImportError, ValueError, TypeError) as error:
            given = shown(_masked(str(where)))
            raise LogError(f"can't use {given} as the URL of a log: {_masked(str(error))}") from None
    if isinstance(where, (str, os.PathLike)) and str(where) and "\0" not in str(where):
        return _sqlite(sa.URL.create("sqlite", database=os.fsdecode(where)))
    received = shown(where) if isinstance(where, (str, os.PathLike)) else type_with_article(where)
    raise LogError(f"a log is a path, a URL, an SQLAlchemy Engine or a Connection; received {received}")


def _has_two_ats(text: str) -> bool:
    scheme, _, rest = text.partition("://")
    return not scheme.startswith("sqlite") and rest.partition("?")[0].count("@") > 1


def _masked(text: str) -> str:
    """Return a text without the passwords of URLs."""
    # of one URL, everything up to the last @ may be its password
    return without_passwords(_PASSWORD.sub(r"\1***@", text))


def _named(url: sa.URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return _masked(url.render_as_string(hide_password=True))


def _sqlite(url: sa.URL) -> Database:
    in_memory = url.database in (None, "", ":memory:")
    unread = [name for name in url.query if name in _OF_FILE_URLS]
    if unread and not str(url.database).startswith("file:"):
        raise LogError(
            f"SQLite reads {unread[0]!r} only in a URL of the form sqlite:///file:PATH?{unread[0]}="
            f"{url.query[unread[0]]}&uri=true"
        )
    pool = sa.StaticPool if in_memory else sa.NullPool
    engine = sa.create_engine(url, poolclass=pool, connect_args={"timeout": WAIT_SECONDS})
    is_file = not in_memory and not str(url.database).startswith("file:")
    return Database(engine, file=Path(str(url.database)) if is_file else None, url=_named(url))
