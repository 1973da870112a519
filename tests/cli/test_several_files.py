"""Several files on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Put = Callable[..., Path]
Command = Callable[..., tuple[int, str, str]]
CUT = ("--scorer", "abcde", "--param", "letters=AB", "--param", 'shares=["0.5","0.5"]')
HEADER = "customer_id,date,revenue,profit\n"


@pytest.fixture
def sales(here: Path) -> Path:
    """Make a folder `sales` with two monthly files."""
    (here / "sales").mkdir()
    (here / "sales" / "2025-01.csv").write_text(HEADER + "k1,2025-01-11,40,4\n")
    (here / "sales" / "2025-02.csv").write_text(HEADER + "k2,2025-02-12,80,3\nk1,2025-02-20,5,1\n")
    return here / "sales"


@pytest.mark.parametrize(
    "orders",
    [
        ["--orders", "sales"],
        ["--orders", "sales/"],
        ["--orders", "sales/2025-*.csv"],
        ["--orders", "**/*.csv"],
        ["--orders", "sales/2025-02.csv", "--orders", "sales/2025-01.csv"],
    ],
)
def test_files_of_order_lines_are_read_as_one(sales: Path, command: Command, orders: list[str]) -> None:
    """A folder, a pattern and a repeated option give the same grades, and each file is named."""
    status, out, err = command("grade", *orders, *CUT)
    assert (status, err) == (0, "")
    assert "45.00" in out
    assert "80.00" in out
    assert "2025-01.csv" in out
    assert "2025-02.csv" in out


def test_a_configuration_lists_files_and_patterns(sales: Path, command: Command) -> None:
    """Patterns in a configuration file are relative to its folder."""
    (sales / "grade.toml").write_text('[source]\norders = ["2025-01.csv", "2025-0[2-9].csv"]\n')
    status, out, err = command("grade", "--config", "sales/grade.toml", *CUT)
    assert (status, err) == (0, "")
    assert "45.00" in out


def test_customers_of_a_pattern_are_one_source(here: Path, command: Command) -> None:
    """The files of one pattern follow each other; another file of customers is joined to them."""
    (here / "part-1.csv").write_text("customer_id,profit\na,1\n")
    (here / "part-2.csv").write_text("customer_id,profit\nb,2\n")
    (here / "more.csv").write_text("customer_id,revenue\nb,20\na,10\n")
    status, _, err = command("grade", "--customers", "part-*.csv", "--customers", "more.csv", *CUT, "--out", "out.csv")
    assert (status, err) == (0, "")
    rows = [row.split(",")[:3] for row in (here / "out.csv").read_text().splitlines()]
    assert [rows[1][0], rows[2][0]] == ["a", "b"]


@pytest.mark.parametrize("option", ["--out", "--bad-rows", "--save-model"])
@pytest.mark.parametrize(
    ("source", "path", "refused"),
    [
        ("sales", "sales/new.csv", True),
        ("sales", "sales/2025-01.csv", True),
        ("sales", "sales/.hidden.csv", False),
        ("sales", "new.csv", False),
        ("sales/*.csv", "sales/new.csv", True),
        ("sales/2025*.csv", "sales/new.csv", False),
        ("**/*.csv", "new.csv", True),
        ("linked", "sales/new.csv", True),
    ],
)
def test_an_output_must_not_become_an_input(
    sales: Path, command: Command, option: str, source: str, path: str, refused: bool
) -> None:
    """A file that the next run would read as well isn't written, whether it exists or not."""
    (sales.parent / "linked").symlink_to("sales")
    before = {file: file.read_text() for file in sales.iterdir()}
    status, _, err = command("grade", "--orders", source, *CUT, option, path)
    if refused:
        assert status == 2
        assert option in err
        assert {file: file.read_text() for file in sales.iterdir()} == before
    else:
        assert status == 0, err


def test_a_pattern_without_quotes_is_explained(sales: Path, command: Command) -> None:
    """The shell has turned the pattern into several names."""
    status, _, err = command("grade", "--orders", "sales/2025-01.csv", "sales/2025-02.csv", *CUT)
    assert status == 2
    assert "a pattern in quotes" in err


def test_a_run_fails_if_one_of_the_files_changes(
    sales: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file of the source is checked, and the one that changed is named."""
    from custgrade.grading import reading

    load = reading.load_orders

    def changed(*arguments: object) -> object:
        os.utime(sales / "2025-02.csv", (1, 1))
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "load_orders", changed)
    status, _, err = command("grade", "--orders", "sales", *CUT, "--out", "out.csv")
    assert status != 0
    assert "2025-02.csv changed while it was read" in err
    assert not (sales.parent / "out.csv").exists()
