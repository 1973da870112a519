"""The databases that the event log is tested on: SQLite, and PostgreSQL where a server is given."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

# plans and their files of actions, for the tests of this folder
sys.path.insert(0, str(Path(__file__).parent))
try:
    import_module("plan_of_sixty")
finally:
    sys.path.pop(0)

SERVER, REQUIRED = "CUSTGRADE_TEST_POSTGRESQL", "CUSTGRADE_REQUIRE_POSTGRESQL"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """Return an engine of the PostgreSQL server for tests; skip the test if there is no server, or fail if required."""
    url = os.environ.get(SERVER)
    if not url:
        missing = f"there is no PostgreSQL server: {SERVER} isn't set; run tests/with-postgresql pytest tests/events"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{missing} ({REQUIRED} is set)")
        pytest.skip(missing)
    engine = create_engine(url)
    yield engine
    engine.dispose()


def _own_schema(server: Engine) -> Iterator[str]:
    """Yield a URL of the server whose tables are in a new schema, and drop the schema afterwards.

    Dropping fails if a connection of the test still holds a lock after 10 seconds.
    """
    schema = f"test_{uuid.uuid4().hex}"
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(server.url).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with server.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture(params=["sqlite", "postgresql"])
def log_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the SQLAlchemy URL of an empty database: a new SQLite file, or a new schema of the PostgreSQL server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'events.sqlite'}"
    else:
        yield from _own_schema(request.getfixturevalue("postgresql"))
