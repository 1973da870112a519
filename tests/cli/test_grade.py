"""`custgrade grade` from end to end: files in, a graded file and a report out; failed runs change nothing."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

import custgrade.grading.files
from custgrade.errors import OutputError

HEADER = "customer_id,date,revenue,profit\n"
BEFORE = "something that took a night to make\n"
MANY = 400_000


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A customer file that takes long enough to write for a run to be killed meanwhile."""
    path = tmp_path_factory.mktemp("survey") / "survey.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_id,profit,note\n")
        file.writelines(f"C{k:07},{k % 9973},a note of some length to fill the line\n" for k in range(MANY))
    return path


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts the command line in a process of its own; what is left of it is ended."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "custgrade", *map(str, arguments)]
        processes.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        )
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for_writing(process: subprocess.Popen[str], out: Path) -> None:
    """Return once the process has begun to write beside `out`."""
    known = {item.name for item in out.parent.iterdir()}
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        new = [item for item in out.parent.iterdir() if item.name not in known]
        if any(item.exists() and item.stat().st_size for item in new):
            return
        time.sleep(0.0005)
    pytest.fail(f"the run ended before it was seen writing: {process.poll()}")


def _outputs(tmp_path: Path) -> tuple[Path, Path]:
    out, model = tmp_path / "graded.csv", tmp_path / "model.json"
    for path in (out, model):
        path.write_text(BEFORE, encoding="utf-8")
    return out, model


def test_killed_while_writing_leaves_the_existing_output(
    survey: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    """A run killed while it writes leaves an existing output byte for byte."""
    out, _ = _outputs(tmp_path)
    process = started("grade", "--customers", survey, "--scorer", "abcde", "--out", out)
    _wait_for_writing(process, out)
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    assert out.read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_writing_leaves_everything_as_it_was(
    number: signal.Signals, survey: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    """A run interrupted while it writes leaves the output, removes what it began, and says so in a line."""
    out, _ = _outputs(tmp_path)
    process = started("grade", "--customers", survey, "--scorer", "abcde", "--out", out)
    _wait_for_writing(process, out)
    process.send_signal(number)
    printed, message = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert message.splitlines() == ["custgrade: interrupted; nothing was written"]
    assert out.read_text(encoding="utf-8") == BEFORE
    assert sorted(item.name for item in tmp_path.iterdir()) == ["graded.csv", "model.json"]


def _wait_for_reading(process: subprocess.Popen[str], path: Path) -> None:
    """Return once the process has opened `path`."""
    folder = Path(f"/proc/{process.pid}/fd")
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        for item in folder.iterdir():
            with contextlib.suppress(OSError):
                if item.readlink() == path:
                    return
        time.sleep(0.0005)
    pytest.fail(f"the run ended before it was seen reading: {process.poll()}")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs a list of the files that a process has open")
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.1, 0.2, 0.4])
def test_interrupted_at_any_time_ends_without_traceback(
    delay: float, survey: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    """Interrupting a run, early or late, leaves no traceback, no half-written file, and the output old or whole."""
    out, _ = _outputs(tmp_path)
    process = started("grade", "--customers", survey, "--scorer", "abcde", "--out", out)
    _wait_for_reading(process, survey)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert "Traceback" not in message
    assert process.returncode in (0, 130)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["graded.csv", "model.json"]
    with out.open(encoding="utf-8") as file:
        lines = sum(1 for _ in file)
    whole = process.returncode == 0 or "graded.csv had been written" in message
    assert lines == (MANY + 1 if whole else 1)


def test_output_that_is_not_killed_is_whole(
    survey: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    """The same run, left alone, replaces the output with every customer in order, and leaves nothing else."""
    out, model = _outputs(tmp_path)
    process = started("grade", "--customers", survey, "--scorer", "abcde", "--out", out, "--save-model", model)
    _, message = process.communicate(timeout=60)
    assert (process.returncode, message) == (0, "")
    with out.open(encoding="utf-8") as file:
        ids = [line.split(",", 1)[0] for line in file]
    assert ids == ["customer_id", *(f"C{k:07}" for k in range(MANY))]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["graded.csv", "model.json"]
    assert model.read_text(encoding="utf-8").startswith("{")


FAILURES = {
    "bad rows": (HEADER + "A,2024-01-01,x,1\n", []),
    "a missing column": (HEADER + "A,2024-01-01,1,1\n", ["--column", "revenue=no"]),
    "nothing to grade": (HEADER + "A,2024-01-01,1,1\n", ["--param", "minimum_orders=5"]),
    "an unknown parameter": (HEADER + "A,2024-01-01,1,1\n", ["--param", "no=5"]),
    "an unknown scorer": (HEADER + "A,2024-01-01,1,1\n", ["--scorer", "no"]),
}


@pytest.mark.parametrize(("content", "arguments"), FAILURES.values(), ids=FAILURES.keys())
def test_failing_run_touches_no_file(
    content: str, arguments: list[str], tmp_path: Path, refused: Callable[..., str]
) -> None:
    """A run that fails leaves output and model as they were, and nothing beside them."""
    out, model = _outputs(tmp_path)
    orders = tmp_path / "o.csv"
    orders.write_text(content, encoding="utf-8")
    refused("grade", "--orders", orders, "--scorer", "abcde", "--out", out, "--save-model", model, *arguments)
    assert (out.read_text(encoding="utf-8"), model.read_text(encoding="utf-8")) == (BEFORE, BEFORE)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["graded.csv", "model.json", "o.csv"]


def test_name_clash_touches_no_file(tmp_path: Path, refused: Callable[..., str]) -> None:
    """A clash of column names is found before anything is written."""
    out, model = _outputs(tmp_path)
    survey = tmp_path / "s.csv"
    survey.write_text("customer_id,profit,Grade\nA,1,x\n", encoding="utf-8")
    message = refused("grade", "--customers", survey, "--scorer", "abcde", "--out", out, "--save-model", model)
    assert "--prefix" in message
    assert (out.read_text(encoding="utf-8"), model.read_text(encoding="utf-8")) == (BEFORE, BEFORE)


def test_failing_to_write_the_output_leaves_the_model_too(
    tmp_path: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the output can't be written, a model that was there before stays as it was."""
    out, model = _outputs(tmp_path)
    orders = tmp_path / "o.csv"
    orders.write_text(HEADER + "A,2024-01-01,1,1\n", encoding="utf-8")

    def full(*_: object) -> None:
        raise OutputError("no space left")

    monkeypatch.setattr(custgrade.grading.files, "file_sink", full)
    refused("grade", "--orders", orders, "--scorer", "abcde", "--out", out, "--save-model", model)
    assert (out.read_text(encoding="utf-8"), model.read_text(encoding="utf-8")) == (BEFORE, BEFORE)


def test_output_may_replace_its_own_input(tmp_path: Path, succeeds: Callable[..., str]) -> None:
    """A customer file can be graded onto itself; it keeps its columns and gains the new ones."""
    survey = tmp_path / "s.csv"
    survey.write_text("customer_id,profit,note\nB,1,x\nA,2,y\n", encoding="utf-8")
    succeeds("grade", "--customers", survey, "--scorer", "abcde", "--out", survey)
    lines = survey.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "customer_id,profit,note,grade,score,status,reason"
    assert [line.split(",")[:3] for line in lines[1:]] == [["B", "1", "x"], ["A", "2", "y"]]
    assert [item.name for item in tmp_path.iterdir()] == ["s.csv"]


READ = {
    "orders": ["--orders", "o.csv", "--scorer", "abcde", "--out", "o.csv"],
    "a link to orders": ["--orders", "o.csv", "--scorer", "abcde", "--out", "link.csv"],
    "customers joined to orders": ["--orders", "o.csv", "--customers", "s.csv", "--scorer", "abcde", "--out", "s.csv"],
    "customers, some left out": [
        "--customers",
        "s.csv",
        "--scorer",
        "abcde",
        "--on-bad-rows",
        "skip",
        "--out",
        "s.csv",
    ],
    "a scorecard": ["--customers", "s.csv", "--scorer", "card.toml", "--save-model", "card.toml"],
    "orders, by a model": ["--orders", "o.csv", "--scorer", "abcde", "--save-model", "./o.csv"],
    "the configuration": ["--config", "c.toml", "--save-model", "c.toml"],
}


@pytest.mark.parametrize("arguments", READ.values(), ids=READ)
def test_what_is_read_is_not_replaced(arguments: list[str], here: Path, refused: Callable[..., str]) -> None:
    """An output may not take the place of a file that is read and that it doesn't hold."""
    _write(here, o_csv=HEADER + "A,2024-01-01,1,1\n", s_csv="customer_id,profit\nA,2\n")
    _write(here, card_toml="[criteria.profit]\n", c_toml="[source]\ncustomers='s.csv'\n[scorer]\nname='abcde'\n")
    (here / "link.csv").symlink_to(here / "o.csv")
    before = {item.name: item.read_bytes() for item in here.iterdir()}
    assert "which is an input file; name another file" in refused("grade", *arguments)
    assert before == {item.name: item.read_bytes() for item in here.iterdir()}


TWICE = {
    "a file": (["--orders", "a.csv", "--orders", "b.csv"], "--orders is given twice: a.csv and b.csv"),
    "a parameter": (["--param", "by=profit", "--param", "by=revenue"], "gives 'by' twice: 'profit' and 'revenue'"),
    "a column": (["--column", "date=a", "--column", "date=b"], "gives 'date' twice: 'a' and 'b'"),
}


@pytest.mark.parametrize(("arguments", "says"), TWICE.values(), ids=TWICE)
def test_what_can_be_given_once_is_not_taken_twice(
    arguments: list[str], says: str, refused: Callable[..., str]
) -> None:
    """The second of two doesn't replace the first in silence."""
    assert says in refused("grade", "--customers", "s.csv", "--scorer", "abcde", *arguments)


def test_existing_output_keeps_its_permissions_and_links(tmp_path: Path, succeeds: Callable[..., str]) -> None:
    """Replacing an output keeps its permissions, and a symbolic link goes on pointing to it."""
    out, _ = _outputs(tmp_path)
    out.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(out)
    orders = tmp_path / "o.csv"
    orders.write_text(HEADER + "A,2024-01-01,1,1\n", encoding="utf-8")
    succeeds("grade", "--orders", orders, "--scorer", "abcde", "--out", link)
    assert link.is_symlink()
    assert oct(out.stat().st_mode & 0o777) == oct(0o640)
    assert out.read_text(encoding="utf-8").startswith("customer_id,")


@pytest.mark.parametrize("arguments", [["scorers", "abcde"], ["plugins"], ["grade", "--help"], ["--version"]])
def test_reader_that_has_enough_is_no_failure(arguments: list[str]) -> None:
    """Where nobody reads the output any more, the command ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "custgrade", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    message = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), message) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="closes a stream as a shell does")
def test_closed_standard_output_is_no_failure(tmp_path: Path) -> None:
    """Where standard output is closed, a run still writes its file and says nothing."""
    (tmp_path / "s.csv").write_text("customer_id,profit\nA,1\n", encoding="utf-8")
    command = f"'{sys.executable}' -m custgrade grade --customers s.csv --scorer abcde --out g.csv >&-"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "g.csv").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminal_that_lacks_a_letter_still_gets_the_report(encoding: str, tmp_path: Path) -> None:
    """A terminal whose encoding lacks a letter gets a report with something in its place, not a failure."""
    orders = tmp_path / "o.csv"
    orders.write_text("customer_id,date,revenue,Gewinn €\nA,2024-01-01,0,1\n", encoding="utf-8")
    arguments = ["grade", "--orders", str(orders), "--scorer", "abcde", "--column", "profit=Gewinn €"]
    done = subprocess.run(
        [sys.executable, "-m", "custgrade", *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (done.returncode, done.stderr[-200:]) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_behind_standard_output_is_one_message() -> None:
    """Where standard output can't be written, the command ends with status 2 and a line."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "custgrade", "scorers", "abcde"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


ORDERS = """Customer ID,Order Date,Order ID,Sales,Profit,Region
C-2,2024-01-03,o1,10.10,1,East
C-1,2024-01-01,o2,20.20,-2,West
C-1,2024-01-01,o2,5.05,0.5,West
C-3,2024-01-05,o3,100,40,East
C-1,2024-01-04,o4,-5.05,-1,West
"""
COLUMNS = [
    part
    for pair in ("customer_id=Customer ID", "date=Order Date", "order_id=Order ID", "revenue=Sales", "profit=Profit")
    for part in ("--column", pair)
]
SURVEY = "id;name;effort;profit\nB;Bea;4;1\nA;Ann;;3\nC;Cem;2;2\n"
HALVES = ["--param", "letters=AB", "--param", 'shares=["1/2", "1/2"]']
OWN = """
from custgrade import Scorer
from custgrade.plugins import Axis, Shares

def halves(by: str = "profit", first: str = "1/2") -> Scorer:
    \"\"\"Grade by halves.\"\"\"
    return Scorer(axes=[Axis("grade", "XY", lambda c: c[by], Shares([first, "1/2"]), rises=[by])])

def broken(by: str = "profit") -> Scorer:
    raise ValueError("it can't")

def nothing(by: str = "profit"):
    return by

ready = halves()
"""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")


def test_orders_become_graded_customers(here: Path, succeeds: Callable[..., str]) -> None:
    """Order lines come out as one row per customer, ascending by id, with fields and grades."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", *HALVES, "--out", "graded.csv")
    found = _rows(here / "graded.csv")
    expected = {
        "customer_id": ["C-1", "C-2", "C-3"],
        "revenue": [20.2, 10.1, 100.0],
        "profit": [-2.5, 1.0, 40.0],
        "orders": [1.0, 1.0, 1.0],
        "recency": [4.0, 2.0, 0.0],
        "tenure": [4.0, 2.0, 0.0],
        "returns": [5.05, 0.0, 0.0],
        "grade": ["B", "A", "A"],
        "score": [-2.5, 1.0, 40.0],
        "status": ["graded"] * 3,
        "reason": [""] * 3,
    }
    assert expected == {
        name: [float(row[name]) if isinstance(values[0], float) else row[name] for row in found]
        for name, values in expected.items()
    }
    assert list(found[0]) == list(expected)


def test_report_says_what_was_done(here: Path, succeeds: Callable[..., str]) -> None:
    """The terminal shows grades with customers, money and shares, the period, and the files that were written."""
    _write(here, o_csv=ORDERS)
    printed = succeeds(
        "grade", "--orders", "o.csv", *COLUMNS, "--currency", "EUR", "--scorer", "abcde", *HALVES, "--out", "g.csv"
    )
    lines = printed.splitlines()
    assert [line.split() for line in lines[2:5]] == [
        ["A", "2", "66.67", "%", "110.10", "84.50", "%", "41.00", "106.49", "%"],
        ["B", "1", "33.33", "%", "20.20", "15.50", "%", "-2.50", "-6.49", "%"],
        ["total", "3", "100.00", "%", "130.30", "100.00", "%", "38.50", "100.00", "%"],
    ]
    assert "as of 2024-01-05; period 2024-01-01 to 2024-01-05, 5 days" in lines
    assert "money in EUR" in lines
    assert "wrote g.csv" in lines


def test_data_without_a_currency_has_that_of_the_model(here: Path, succeeds: Callable[..., str]) -> None:
    """The table of totals and the boundaries are in the same money."""
    _write(here, o_csv=ORDERS)
    source = ("grade", "--orders", "o.csv", *COLUMNS)
    fitted = succeeds(*source, "--currency", "EUR", "--scorer", "abcde", *HALVES, "--save-model", "m.json")
    lines = succeeds(*source, "--model", "m.json").splitlines()
    assert lines[0] == fitted.splitlines()[0]
    assert "revenue, EUR" in lines[0]
    assert "money in EUR, the currency of the model" in lines


def test_the_report_says_by_what_was_graded_and_what_was_done_before_what_was_read(
    here: Path, succeeds: Callable[..., str]
) -> None:
    """Lines between grades stand below the table; what was written and left ungraded stands above what was read."""
    (here / "c.csv").write_text(
        "customer_id,profit,orders\na,1234.56,5\nb,10,4\nc,-3,1\nd,,2\ne,,3\nf,,\ng,,3\n", encoding="utf-8"
    )
    minimum = ("--param", "minimum_orders=2")
    printed = succeeds(
        "grade", "--customers", "c.csv", "--currency", "EUR", "--scorer", "abcde", *HALVES, *minimum, "--out", "g.csv"
    )
    lines = printed.splitlines()
    first = lines.index("graded by profit (highest first)")
    assert lines[first + 1 : first + 3] == [
        "  A: profit of at least 1,234.56 EUR",
        "  B: profit of less than 1,234.56 EUR",
    ]
    ungraded = [int(line.split()[1]) for line in lines if line.startswith("ungraded: ")]
    assert ungraded == sorted(ungraded, reverse=True)
    assert len(ungraded) > 1
    assert lines.index("wrote g.csv") < next(k for k, line in enumerate(lines) if line.startswith("read from c.csv"))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_customer_file_keeps_columns_and_order(ending: str, here: Path, succeeds: Callable[..., str]) -> None:
    """A customer file comes out with its own columns first, as they were, and its rows in their order."""
    _write(here, s_csv=SURVEY)
    succeeds(
        "grade",
        "--customers",
        "s.csv",
        "--column",
        "customer_id=id",
        "--scorer",
        "abcde",
        *HALVES,
        "--out",
        f"g.{ending}",
    )
    found = pl.read_csv("g.csv", infer_schema=False) if ending == "csv" else pl.read_parquet("g.parquet")
    assert found.columns == [
        "id",
        "name",
        "effort",
        "profit",
        "grade",
        "score",
        "status",
        "reason",
    ]
    assert found.select("id", "name", "effort", "profit", "grade").rows() == [
        ("B", "Bea", "4", "1", "B"),
        ("A", "Ann", None, "3", "A"),
        ("C", "Cem", "2", "2", "A"),
    ]


def test_parquet_columns_keep_their_types(here: Path, succeeds: Callable[..., str]) -> None:
    """From Parquet to Parquet, columns that grading doesn't need keep type and values."""
    frame = pl.DataFrame({"customer_id": [3, 1], "profit": [1.5, 2.5], "tags": [["a", "b"], []], "since": [None, "x"]})
    frame.write_parquet("s.parquet")
    succeeds("grade", "--customers", "s.parquet", "--scorer", "abcde", "--out", "g.parquet")
    found = pl.read_parquet("g.parquet")
    assert found.select(frame.columns).equals(frame)


def test_columns_that_differ_in_case_only_are_not_renamed(here: Path, refused: Callable[..., str]) -> None:
    """`Note` and `note` of a customer file can't both be written; that is said, and neither is renamed in silence."""
    _write(here, s_csv="customer_id,profit,Note,note\nA,1,x,y\n")
    assert "'Note' and 'note' differ in case only" in refused(
        "grade", "--customers", "s.csv", "--scorer", "abcde", "--out", "g.csv"
    )
    assert not (here / "g.csv").exists()


def test_orders_and_customers_are_joined_by_id(here: Path, succeeds: Callable[..., str]) -> None:
    """Customer files add their fields to the customers behind the orders; who isn't among these is counted."""
    _write(here, o_csv=ORDERS, s_csv="customer_id,effort\nC-3,5\nX,1\nC-1,2\n", t_csv="customer_id,consent\nC-2,1\n")
    printed = succeeds(
        "grade",
        "--orders",
        "o.csv",
        "--customers",
        "s.csv",
        "--customers",
        "t.csv",
        *COLUMNS,
        "--scorer",
        "abcde",
        "--param",
        "by=effort",
        *HALVES,
        "--out",
        "g.csv",
    )
    found = [
        (row["customer_id"], row["effort"], row["consent"], row["grade"], row["reason"])
        for row in _rows(here / "g.csv")
    ]
    assert found == [
        ("C-1", "2.0", "", "B", ""),
        ("C-2", "", "1.0", "", "unknown: effort"),
        ("C-3", "5.0", "", "A", ""),
    ]
    assert "left out: 1 customer: not among the customers they were joined to (X)" in printed.splitlines()
    assert "ungraded: 1 customer: unknown: effort" in printed.splitlines()


def test_saved_model_gives_the_same_grades(here: Path, succeeds: Callable[..., str]) -> None:
    """Grading with a saved model gives the same file as the run that saved it."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--out", "a.csv", "--save-model", "m.json")
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json", "--out", "b.csv")
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()
    assert json.loads((here / "m.json").read_text(encoding="utf-8"))["data"]["as_of"] == "2024-01-05"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--param", "by=revenue"], "--param"),
        (["--save-model", "n.json"], "--save-model"),
        (["--model", "none.json"], "--model is given twice: m.json and none.json"),
    ],
)
def test_model_and_what_contradicts_it(
    arguments: list[str], says: str, here: Path, succeeds: Callable[..., str], refused: Callable[..., str]
) -> None:
    """A model brings its parameters, is not saved again, and must be one."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--save-model", "m.json")
    assert says in refused("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json", *arguments)


@pytest.mark.parametrize(("model", "says"), [("none.json", "none.json"), ("o.csv", "not JSON"), (".", "can't read")])
def test_a_model_is_a_model_file(model: str, says: str, here: Path, refused: Callable[..., str]) -> None:
    """What isn't a saved model is refused."""
    _write(here, o_csv=ORDERS)
    assert says in refused("grade", "--orders", "o.csv", *COLUMNS, "--model", model)


def test_changed_model_is_refused(here: Path, succeeds: Callable[..., str], refused: Callable[..., str]) -> None:
    """A model file that was edited is refused."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--save-model", "m.json")
    text = (here / "m.json").read_text(encoding="utf-8")
    _write(here, m_json=text.replace('"customers": 3', '"customers": 4'))
    assert "digest" in refused("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json")


CONFIG = """
[source]
orders = "data/o.csv"
as_of = 2024-02-01
window = "60d"
currency = "EUR"
[columns]
customer_id = "Customer ID"
date = "Order Date"
revenue = "Sales"
profit = "Profit"
[scorer]
name = "abcde"
[scorer.parameters]
by = "profit"
letters = "AB"
shares = ["1/2", "1/2"]
[output]
out = "graded.csv"
prefix = "p_"
[model]
save = "model.json"
"""


@pytest.fixture
def configured(here: Path) -> Path:
    """Return a configuration file in a folder below the current one, with the orders beside it."""
    folder = here / "job"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "o.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "custgrade.toml").write_text(CONFIG, encoding="utf-8")
    return folder / "custgrade.toml"


def test_configuration_paths_are_relative_to_it(configured: Path, succeeds: Callable[..., str]) -> None:
    """A configuration file says everything; its paths are relative to it, wherever the command is run."""
    printed = succeeds("grade", "--config", "job/custgrade.toml")
    assert sorted(item.name for item in configured.parent.iterdir()) == [
        "custgrade.toml",
        "data",
        "graded.csv",
        "model.json",
    ]
    assert [row["p_grade"] for row in _rows(configured.with_name("graded.csv"))] == ["B", "A", "A"]
    assert "as of 2024-02-01; period 2023-12-04 to 2024-02-01, 60 days" in printed.splitlines()


def test_flags_come_before_the_configuration(configured: Path, here: Path, succeeds: Callable[..., str]) -> None:
    """A flag wins over the file, one parameter or column at a time; its paths are relative to the current folder."""
    printed = succeeds(
        "grade",
        "--config",
        configured,
        "--as-of",
        "2024-01-04",
        "--since",
        "2024-01-03",
        "--param",
        "by=revenue",
        "--column",
        "profit=Sales",
        "--prefix",
        "q_",
        "--out",
        "mine.csv",
    )
    assert [(row["customer_id"], row["profit"], row["q_grade"]) for row in _rows(here / "mine.csv")] == [
        ("C-1", "-5.05", "B"),
        ("C-2", "10.1", "A"),
    ]
    assert "as of 2024-01-04; period 2024-01-03 to 2024-01-04, 2 days" in printed.splitlines()
    assert not configured.with_name("graded.csv").exists()


def test_other_scorer_does_not_inherit_parameters(configured: Path, here: Path, succeeds: Callable[..., str]) -> None:
    """The file's parameters belong to its scorer; another one on the command line starts from its defaults."""
    _write(here, own_py=OWN)
    said = succeeds("grade", "--config", configured, "--scorer", "own:halves", "--out", "mine.csv")
    assert "the parameters of 'abcde', by, letters, shares, aren't used, because --scorer is own:halves" in said
    assert [row["p_grade"] for row in _rows(here / "mine.csv")] == ["Y", "X", "X"]


BAD_CONFIGS = {
    "no TOML": ("[source", "not TOML"),
    "an unknown table": ("[sources]\norders = 'o.csv'", "Did you mean 'source'?"),
    "an unknown key": ("[source]\norder = 'o.csv'", "Did you mean 'orders'?"),
    "a key without a table": ("orders = 'o.csv'", "'orders'"),
    "a value of another type": ("[source]\norders = 3", "orders is a text; received 3"),
    "a truth value for a number": ("[source]\nassume_margin = true", "assume_margin"),
    "customers that are no names": ("[source]\ncustomers = [1]", "customers"),
    "columns that are no text": ("[columns]\nrevenue = 3", "revenue"),
    "parameters that are no table": ("[scorer]\nparameters = 3", "parameters"),
    "nothing to grade": ("[scorer]\nname = 'abcde'", "--orders"),
    "no scorer": ("[source]\norders = 'o.csv'", "--scorer"),
    "an output that no file can be": (
        "[source]\norders='o.csv'\n[scorer]\nname='abcde'\n[output]\nout=\"a\\u0000.csv\"",
        "the file to write must be a text without NUL",
    ),
}


@pytest.mark.parametrize(("content", "says"), BAD_CONFIGS.values(), ids=BAD_CONFIGS.keys())
def test_bad_configuration_is_refused(content: str, says: str, here: Path, refused: Callable[..., str]) -> None:
    """A configuration that isn't understood ends the command with what is wrong in it."""
    _write(here, c_toml=content, o_csv=HEADER + "A,2024-01-01,1,1\n")
    assert says in refused("grade", "--config", "c.toml")


@pytest.mark.parametrize("option", ["--save-model", "--bad-rows"])
def test_an_output_that_is_no_path_is_refused_beside_another(
    option: str, here: Path, refused: Callable[..., str]
) -> None:
    """Comparing the output with another file says that it is no path."""
    config = "[source]\norders='o.csv'\n[scorer]\nname='abcde'\n[output]\nout=\"a\\u0000.csv\""
    _write(here, c_toml=config, o_csv=HEADER + "A,2024-01-01,1,1\n")
    assert "must be a text without NUL" in refused("grade", "--config", "c.toml", option, "other.csv")


@pytest.mark.parametrize("value", ["by=revenue", 'by="revenue"', "by='revenue'"])
def test_parameters_are_toml_or_bare_text(value: str, here: Path, succeeds: Callable[..., str]) -> None:
    """A parameter's value is TOML; a text needs no quotes."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", *HALVES, "--param", value, "--out", "g.csv")
    assert [row["grade"] for row in _rows(here / "g.csv")] == ["A", "B", "A"]


@pytest.mark.parametrize("column", ["grade", "Grade", "score", "STATUS", "reason"])
def test_name_clash_needs_a_prefix(
    column: str, here: Path, succeeds: Callable[..., str], refused: Callable[..., str]
) -> None:
    """A column named like a new one is an error, unless a prefix keeps them apart."""
    _write(here, s_csv=f"customer_id,profit,{column}\nA,1,mine\n")
    assert "--prefix" in refused("grade", "--customers", "s.csv", "--scorer", "abcde", "--out", "g.csv")
    succeeds("grade", "--customers", "s.csv", "--scorer", "abcde", "--out", "g.csv", "--prefix", "new_")
    (row,) = _rows(here / "g.csv")
    assert (row[column], row["new_status"]) == ("mine", "graded")


def test_delimiter_is_found_or_given(here: Path, succeeds: Callable[..., str]) -> None:
    """Comma, semicolon, tab and bar are found in the header; any other character, and blanks, are given."""
    content = "customer_id,date,revenue,profit\nA,2024-01-01,1,2\n"
    for delimiter, given in (
        (";", []),
        ("\t", []),
        ("|", []),
        ("\t", ["--delimiter", "tab"]),
        ("~", ["--delimiter", "~"]),
        ("   ", ["--delimiter", "space"]),
    ):
        _write(here, o_csv=content.replace(",", delimiter))
        succeeds("grade", "--orders", "o.csv", "--scorer", "abcde", *given, "--out", "g.csv")
        assert [row["profit"] for row in _rows(here / "g.csv")] == ["2.0"]


def test_margin_is_assumed_when_asked_for(
    here: Path, succeeds: Callable[..., str], refused: Callable[..., str]
) -> None:
    """Without profits the error names what could be done; with an assumed margin the report says it is assumed."""
    _write(here, o_csv="customer_id,date,revenue\nA,2024-01-01,100\nB,2024-01-01,50\n")
    assert "--assume-margin" in refused("grade", "--orders", "o.csv", "--scorer", "abcde")
    printed = succeeds("grade", "--orders", "o.csv", "--scorer", "abcde", "--assume-margin", "0.25", "--out", "g.csv")
    assert [row["profit"] for row in _rows(here / "g.csv")] == ["25.0", "12.5"]
    assert "profit is assumed to be 0.25 of revenue" in printed.splitlines()


def test_bad_rows_are_skipped_when_asked_for(here: Path, succeeds: Callable[..., str]) -> None:
    """Skipped rows are counted by reason in the report."""
    _write(here, o_csv=HEADER + "A,2024-01-01,1,1\nB,never,1,1\nC,2024-01-01,1\nD,2024-01-01,1,much\n")
    printed = succeeds("grade", "--orders", "o.csv", "--scorer", "abcde", "--on-bad-rows", "skip", "--out", "g.csv")
    assert [row["customer_id"] for row in _rows(here / "g.csv")] == ["A"]
    left = [line for line in printed.splitlines() if line.startswith("left out: ")]
    assert len(left) == 3
    assert "left out: 1 order line: unreadable date (line 3: 'never')" in left
    assert "left out: 1 order line: unreadable profit, an amount below a trillion (line 5: 'much')" in left


@pytest.mark.parametrize("name", ["own:halves", "own:ready"])
def test_scorers_of_the_current_folder_need_no_packaging(name: str, here: Path, succeeds: Callable[..., str]) -> None:
    """A function, or a scorer, in a module of the current folder grades like a plug-in's."""
    _write(here, own_py=OWN, o_csv=ORDERS)
    sys.modules.pop("own", None)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", name, "--out", "g.csv")
    assert [row["grade"] for row in _rows(here / "g.csv")] == ["Y", "X", "X"]


OWN_FAULTS = {
    "own:halfs": "Did you mean 'halves'?",
    "own.py:halves": "Give the module and its function: own:halves.",
    "own:nothing": "must return a Scorer",
    "own:broken": "it can't",
    "nowhere:halves": "nowhere",
    "exits:halves": "exits",
    "garbled:halves": "garbled",
    ":halves": "module",
    "own:": "own",
    "abdce": "Did you mean 'abcde'?",
}


@pytest.mark.parametrize(("name", "says"), OWN_FAULTS.items(), ids=OWN_FAULTS.keys())
def test_faulty_scorers_end_with_a_message(name: str, says: str, here: Path, refused: Callable[..., str]) -> None:
    """Whatever is wrong with a scorer of the user's own, the command ends with a line that says it."""
    _write(here, own_py=OWN, exits_py="raise SystemExit(3)", garbled_py="def halves(:", o_csv=ORDERS)
    sys.modules.pop("own", None)
    try:
        message = refused("grade", "--orders", "o.csv", *COLUMNS, "--scorer", name)
    except (Exception, SystemExit) as error:
        pytest.fail(f"it came through: {error!r}")
    assert says in message


def test_model_of_an_own_scorer_needs_it_again(
    here: Path, succeeds: Callable[..., str], refused: Callable[..., str]
) -> None:
    """A model of a scorer that is no plug-in is graded with that scorer given, and refused without."""
    _write(here, own_py=OWN, o_csv=ORDERS)
    sys.modules.pop("own", None)
    succeeds(
        "grade", "--orders", "o.csv", *COLUMNS, "--scorer", "own:halves", "--save-model", "m.json", "--out", "a.csv"
    )
    assert "--scorer" in refused("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json")
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json", "--scorer", "own:halves", "--out", "b.csv")
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()


BAD_CALLS = {
    "nothing": ([], "command"),
    "an unknown command": (["grad"], "Did you mean 'grade'?"),
    "an unknown option": (["grade", "--order", "o.csv"], "Did you mean '--orders'?"),
    "an option without value": (["grade", "--orders"], "--orders"),
    "nothing to grade": (["grade", "--scorer", "abcde"], "--orders"),
    "no scorer": (["grade", "--orders", "o.csv"], "--scorer"),
    "an empty output": (["grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--out", ""], "--out"),
    "an empty survey": (
        ["grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--customers", ""],
        "--customers",
    ),
    "another kind of output": (["grade", "--orders", "o.csv", "--scorer", "abcde", "--out", "g.xlsx"], ".parquet"),
    "an output in no folder": (["grade", "--orders", "o.csv", "--scorer", "abcde", "--out", "no/g.csv"], "no folder"),
    "an output that is a folder": (
        ["grade", "--orders", "o.csv", "--scorer", "abcde", "--out", "fold.csv"],
        "is a folder",
    ),
    "a column without a field": (["grade", "--orders", "o.csv", "--scorer", "abcde", "--column", "x"], "FIELD=COLUMN"),
    "dates for customers": (
        ["grade", "--customers", "s.csv", "--scorer", "abcde", "--as-of", "2024-01-01"],
        "--orders",
    ),
    "one file for model and output": (
        ["grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--out", "g.csv", "--save-model", "g.csv"],
        "g.csv",
    ),
    "an unknown scorer to show": (["scorers", "abcdef"], "Did you mean 'abcde'?"),
}


@pytest.mark.parametrize(("arguments", "says"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_calls_are_refused(arguments: list[str], says: str, here: Path, refused: Callable[..., str]) -> None:
    """A command line that makes no sense ends with what is missing or what was meant."""
    _write(here, o_csv=ORDERS, s_csv="customer_id,profit\nA,1\n")
    (here / "fold.csv").mkdir()
    assert says in refused(*arguments)


def test_module_is_the_same_as_the_command(here: Path) -> None:
    """`python -m custgrade` grades, and fails with status 2 and a line, like the installed command."""
    _write(here, o_csv=ORDERS)
    call = [sys.executable, "-m", "custgrade", "grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde"]
    done = subprocess.run([*call, "--out", "g.csv"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(_rows(here / "g.csv")) == 3
    done = subprocess.run([*call, "--param", "by=no"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_shuffled_lines_give_the_same_file(here: Path, succeeds: Callable[..., str]) -> None:
    """Order lines in any order give the same output, byte for byte."""
    header, *lines = ORDERS.splitlines(keepends=True)
    outputs = set()
    for turn in range(len(lines)):
        _write(here, o_csv=header + "".join(lines[turn:] + lines[:turn]))
        succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--out", "g.csv")
        outputs.add((here / "g.csv").read_bytes())
    assert len(outputs) == 1


SHORT = ("--as-of", "2024-01-05", "--window", "1d")


def test_another_period_is_refused_unless_it_is_meant(
    here: Path, succeeds: Callable[..., str], refused: Callable[..., str]
) -> None:
    """A model of some days isn't held against one day, and nothing is written, unless --any-period says so."""
    _write(here, o_csv=ORDERS)
    succeeds("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--save-model", "m.json")
    model = ("grade", "--orders", "o.csv", *COLUMNS, "--model", "m.json", "--out", "g.csv")
    message = refused(*model, *SHORT)
    assert "1 day, 2024-01-05 to 2024-01-05" in message
    assert "--any-period" in message
    assert not (here / "g.csv").exists()
    assert "wrote g.csv" in succeeds(*model, *SHORT, "--any-period")


def test_any_period_is_for_models(here: Path, refused: Callable[..., str]) -> None:
    """Fitting anew has no other period to be held against."""
    _write(here, o_csv=ORDERS)
    message = refused("grade", "--orders", "o.csv", *COLUMNS, "--scorer", "abcde", "--any-period")
    assert "--any-period needs a saved model" in message
