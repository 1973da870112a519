"""The databases that the event log is tested on are empty, separate, and never silently left out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, create_engine, insert, inspect, select, text

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "with-postgresql"
TABLE = Table("event", MetaData(), Column("number", Integer, primary_key=True), Column("what", Text, nullable=False))


@pytest.mark.parametrize("what", ["first", "second"])
def test_a_table_is_created_and_read_back(log_url: str, what: str) -> None:
    """A new database is empty, however often a test has created the same table, and returns the rows written to it."""
    engine = create_engine(log_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        TABLE.metadata.create_all(connection)
        connection.execute(insert(TABLE), [{"number": 1, "what": what}, {"number": 2, "what": "grüßen – 'x'"}])
    engine.dispose()
    again = create_engine(log_url)
    with again.connect() as connection:
        rows = connection.execute(select(TABLE).order_by(TABLE.c.number)).all()
    again.dispose()
    assert [tuple(row) for row in rows] == [(1, what), (2, "grüßen – 'x'")]


def test_the_server_keeps_what_it_has_committed(postgresql: Engine) -> None:
    """The server writes to disk before it confirms, so that tests which kill processes mean something."""
    with postgresql.connect() as connection:
        settings = [connection.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")]
    assert settings == ["on", "on"]


@pytest.mark.parametrize(("required", "status", "outcome"), [("", 0, "1 skipped"), ("1", 1, "1 error")])
def test_a_missing_server_is_said(required: str, status: int, outcome: str) -> None:
    """Without a server the tests on PostgreSQL are skipped with what to do, or fail if PostgreSQL is required."""
    environment = {**os.environ, "CUSTGRADE_TEST_POSTGRESQL": "", "CUSTGRADE_REQUIRE_POSTGRESQL": required}
    command = [sys.executable, "-m", "pytest", "-rsE", "-p", "no:cacheprovider", "-n0", str(HERE / "test_databases.py")]
    done = subprocess.run(
        [*command, "-k", "read_back and first"],
        env={**environment, "COLUMNS": "400"},
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert [part for part in ("1 passed", outcome) if part not in done.stdout] == []
    assert "CUSTGRADE_TEST_POSTGRESQL isn't set; run tests/with-postgresql pytest tests/events" in done.stdout


def server_folder(process: subprocess.Popen[str]) -> Path:
    """Return the folder of the server that a process of the script has started, which it prints in a URL."""
    assert process.stdout is not None
    return Path(process.stdout.readline().strip().partition("?host=")[2])


@pytest.mark.parametrize("how", ["ends", "is terminated", "is killed"])
def test_the_server_ends_with_its_command(how: str, postgresql: Engine) -> None:
    """The script returns the command's status, and removes the server's folder, also if the script itself is killed."""
    if "custgrade-postgresql." not in str(postgresql.url):
        pytest.skip("the server wasn't started by tests/with-postgresql")
    command = "echo $CUSTGRADE_TEST_POSTGRESQL; read line; exit 7"
    with subprocess.Popen(
        [SCRIPT, "sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        folder = server_folder(process)
        assert (folder / "data" / "postmaster.pid").exists()
        server = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        if how == "ends":
            process.communicate("\n")
        else:
            process.terminate() if how == "is terminated" else process.kill()
            # the command is ended too; its end of the pipe is then closed
            process.communicate()
    assert process.returncode == {"ends": 7, "is terminated": -15, "is killed": -9}[how]
    assert gone(folder, server)


def gone(folder: Path, server: int, seconds: float = 20) -> bool:
    """Return whether a server and its folder are gone within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not folder.exists() and not Path(f"/proc/{server}").exists():
            return True
        time.sleep(0.05)
    return False
