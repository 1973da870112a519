"""Starting: every command explains itself, and loads only what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ORDERS = Path(__file__).parents[2] / "examples/orders.csv"
HEAVY = ("duckdb", "pluggy", "narwhals", "numpy", "custgrade_abcde", "pandas", "polars", "pyarrow")


def loaded(code: str) -> set[str]:
    """Which of the heavy modules a fresh process has loaded after running `code`."""
    script = f"import sys\n{code}\nprint('loaded', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_import_loads_no_engine_and_no_plugin() -> None:
    """`import custgrade` loads no plug-in, and neither DuckDB nor pluggy nor narwhals nor any frame library."""
    assert loaded("import custgrade") - {"numpy"} == set()


def test_help_and_version_load_no_engine() -> None:
    """Help and version need neither the engine nor plug-ins."""
    code = "from custgrade.cli.main import main\ntry:\n    main(['grade', '--help'])\nexcept SystemExit:\n    pass"
    assert loaded(code) - {"numpy"} == set()


def test_listing_plugins_loads_no_engine() -> None:
    """Listing plug-ins and scorers doesn't load the engine."""
    code = "from custgrade.cli.main import main\nmain(['plugins'])\nmain(['scorers', 'abcde'])"
    assert loaded(code) - {"numpy", "pluggy", "custgrade_abcde"} == set()


@pytest.mark.parametrize(
    "code",
    [
        "import custgrade as cg\nassert 'abcde' in cg.scorers()",
        "from custgrade.cli.main import main\nmain(['scorers', 'abcde'])",
        f"from custgrade.cli.main import main\nmain(['grade', '--orders', {str(ORDERS)!r}, '--scorer', 'abcde'])",
    ],
    ids=["scorers", "custgrade scorers", "custgrade grade"],
)
def test_scorers_load_no_policy(code: str) -> None:
    """Listing scorers and grading import no policy of a plug-in, and not the classes that policies consist of."""
    script = f"import sys\n{code}\nprint(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()
    assert "custgrade_abcde.scorer" in modules
    assert [name for name in modules if re.fullmatch(r"custgrade\.planning\..*|custgrade_\w+\.policy", name)] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--help"], ["grade", "plugins", "scorers", "--version"]),
        (
            ["grade", "--help"],
            [
                "--orders",
                "--customers",
                "--column",
                "--scorer",
                "--param",
                "--model",
                "--save-model",
                "--config",
                "--out",
                "--prefix",
                "--as-of",
                "--since",
                "--window",
                "--delimiter",
                "--date-format",
                "--assume-margin",
                "--on-bad-rows",
                "--currency",
            ],
        ),
        (["plugins", "--help"], ["plug-in"]),
        (["scorers", "--help"], ["NAME"]),
    ],
)
def test_every_command_explains_itself(
    arguments: list[str], says: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command's help names its options, and ends with status 0."""
    from custgrade.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert [part for part in says if part not in text] == []


def test_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    """The version shown is that of the installed distribution."""
    from custgrade.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (caught.value.code, capsys.readouterr().out) == (0, f"custgrade {version('custgrade')}\n")
