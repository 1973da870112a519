"""Standard input, pipes and open files are read as files are; rows can go to standard output."""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import SourceError

CASE = Path(__file__).parents[4] / "shared/cases/stdin/orders.csv"
CALL = [sys.executable, "-m", "custgrade", "grade", "--scorer", "abcde", "--param", "by=revenue"]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_an_open_file_is_read(packed: bool, text: str, tmp_path: Path) -> None:
    """Binary and text files, and buffers, are read from where they stand."""
    content = gzip.compress(text.encode()) if packed else text.encode()
    (tmp_path / "a.csv").write_bytes(content)
    with (tmp_path / "a.csv").open("rb") as file:
        base = cg.read_orders(file)
        assert not file.closed
    assert base.ids.tolist() == ["B", "Müller"]
    assert base.notes[0].startswith(f"read from {tmp_path / 'a.csv'}: ")
    assert cg.read_orders(io.BytesIO(content)).ids.tolist() == ["B", "Müller"]
    if not packed:
        assert cg.read_orders(io.StringIO("x\n" + text, newline=None)).ids.tolist() == ["B", "Müller"]
        with (tmp_path / "a.csv").open(encoding="utf-8") as lines:
            assert cg.read_orders(lines, encoding="cp1252").ids.tolist() == ["B", "Müller"]


def test_an_open_file_may_fail(text: str) -> None:
    """An empty one, a closed one, and one that gives something else are errors in words."""
    closed = io.BytesIO(text.encode())
    closed.close()

    class Odd:
        def read(self, size: int) -> Any:
            return 5

    for stream, says in ((io.BytesIO(), "is empty"), (closed, "can't be read"), (Odd(), "gives 5 when it is read")):
        with pytest.raises(SourceError, match=says):
            cg.read_orders(stream)


def run(folder: Path, *arguments: str, given: bytes | None = None) -> tuple[int, str, str]:
    done = subprocess.run([*CALL, *arguments], cwd=folder, input=given, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_standard_input_and_output(tmp_path: Path, text: str) -> None:
    """What comes in as - is graded; with --out - the rows go out, and the report to standard error."""
    status, out, err = run(tmp_path, "--orders", "-", "--out", "-", given=text.encode())
    assert status == 0, err
    assert [row["customer_id"] for row in csv.DictReader(io.StringIO(out))] == ["B", "Müller"]
    assert "read from standard input" in err
    assert "wrote standard output" in err
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path, "--orders", "-", given=gzip.compress(text.encode()))[0] == 0


def test_standard_input_may_fail(tmp_path: Path, text: str, refused: Callable[..., str]) -> None:
    """Nothing on standard input, something damaged, and a second - are errors of one line."""
    assert "standard input is empty" in run(tmp_path, "--orders", "-", given=b"")[2]
    status, out, err = run(tmp_path, "--orders", "-", "--out", "-", given=gzip.compress(text.encode())[:20])
    assert (status, out) == (2, "")
    assert "standard input is cut off" in err
    scorer = ("--scorer", "abcde")
    assert "(-) is given 2 times" in refused("grade", "--orders", "-", "--customers", "-", *scorer)


def test_a_comparison_that_reads_twice_needs_a_file(tmp_path: Path, text: str, refused: Callable[..., str]) -> None:
    """Standard input can't be read for two dates."""
    (tmp_path / "o.csv").write_text(text, encoding="utf-8")
    model = tmp_path / "m.json"
    cg.scorer("abcde", by="revenue").fit(cg.read_orders(tmp_path / "o.csv")).save(model)
    assert "can't be read twice" in refused("compare", model, "--orders", "-", "--before-as-of", "2025-01-01")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read(tmp_path: Path, text: str) -> None:
    """What a pipe gives is kept in a temporary file, and read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(text.encode()))
    writer.start()
    assert cg.read_orders(pipe).ids.tolist() == ["B", "Müller"]
    writer.join()


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    """When the reader of --out - has seen enough, the command ends without a word of it."""
    lines = "".join(f"c{k},2025-01-01,{k}\n" for k in range(20_000))
    (tmp_path / "o.csv").write_text("customer_id,date,revenue\n" + lines, encoding="utf-8")
    with subprocess.Popen(
        [*CALL, "--orders", "o.csv", "--out", "-"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        report = process.stderr.read().decode()
        assert (process.wait(), "Traceback" in report, "rror" in report) == (0, False, False)


@pytest.mark.skipif(not CASE.exists(), reason="needs the cases of the field")
def test_case_stdin(tmp_path: Path) -> None:
    """The case is read from - and from /dev/stdin, and its rows go to standard output."""
    for name in ("-", "/dev/stdin"):
        status, out, _ = run(tmp_path, "--orders", name, "--out", "-", given=CASE.read_bytes())
        assert (status, out.splitlines()[0].split(",")[0]) == (0, "customer_id")
