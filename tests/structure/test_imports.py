"""The parts of the core import one way, and importing custgrade loads next to nothing."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
LATE = (
    "duckdb",
    "pluggy",
    "narwhals",
    "sqlalchemy",
    "psycopg",
    "custgrade_abcd",
    "custgrade_abcde",
    "custgrade_floors",
    "custgrade_matrix3x3",
    "custgrade_top10",
    "numpy",
    "attrs",
)


def test_imports_go_one_way():
    """The layers that .importlinter names are kept, with no more exceptions than it names."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "" if done.returncode == 0 else done.stdout + done.stderr) == (0, "")


def test_no_modules_import_each_other_in_a_circle():
    """Each module can be read after those that it imports: no circle, not even by imports within functions."""
    graph = grimp.build_graph("custgrade", cache_dir=None)
    waiting = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while ready := [module for module, imported in waiting.items() if not imported & waiting.keys()]:
        for module in ready:
            del waiting[module]
    assert {} == waiting


def loaded_after(code):
    script = f"{code}\nimport sys; print(*sorted(set(sys.modules) & set({LATE!r})))"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import custgrade", []),
        ("from custgrade import Scorer, CustomerBase, GradingModel", ["attrs", "numpy"]),
        ("from custgrade import scorer", ["attrs", "numpy", "pluggy"]),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(code, expected):
    """DuckDB, pluggy, narwhals and plug-ins are loaded on first use."""
    assert expected == loaded_after(code)


@pytest.mark.parametrize("path", sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]), ids=str)
def test_no_module_is_so_long_that_readers_get_lost(path):
    """A module has one subject, and under 300 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300
