"""`custgrade plugins` and `custgrade scorers`: what is installed, and how each scheme is asked for."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

GOOD = """
import custgrade.plugins as cg

def halves(by: str = "profit", top: float = 0.5, sure: bool = False, name: str | None = None):
    \"\"\"Grade by halves.\"\"\"
    return cg.Scorer(
        axes=[cg.Axis("grade", "XY", lambda c: c[by], cg.Shares(["1/2", "1/2"]), rises=[by])]
    )

@cg.hookimpl
def custgrade_scorers():
    return {"NAME": halves}
"""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command in a process that also sees the distributions of this test."""

    def start(*arguments: str) -> tuple[int, str, str]:
        path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
        done = subprocess.run(
            [sys.executable, "-m", "custgrade", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return start


def install(folder: Path, name: str, code: str) -> None:
    """Put a distribution with one plug-in into a folder, as an installer would."""
    (folder / f"plug_{name}.py").write_text(code, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[custgrade]\n{name}_entry = plug_{name}\n", encoding="utf-8")


def test_plugins_are_listed_with_what_they_provide(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """Every plug-in stands there with entry point, distribution, version, and what it provides or its fault."""
    install(tmp_path, "good", GOOD.replace("NAME", "halves"))
    install(tmp_path, "bad", "raise RuntimeError('no luck\\ntoday')")
    status, out, err = run("plugins")
    assert (status, err) == (1, "")
    lines = {re.split(r"\s{2,}", line)[0]: re.split(r"\s{2,}", line)[1:] for line in out.splitlines()[2:]}
    assert lines["good_entry"] == ["good", "1.0", "scorer halves"]
    assert lines["abcde"][0] == "custgrade"
    assert lines["abcde"][2] == "scorer abcde, policy golden-list"
    assert lines["bad_entry"][:2] == ["bad", "1.0"]
    assert "FAULT" in lines["bad_entry"][2]
    assert "RuntimeError: no luck today" in lines["bad_entry"][2]


def test_faulty_policies_are_listed_beside_the_scorers(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    """A plug-in whose policies are faulty stands there with its scorers and the fault, and its scorers work."""
    hook = "\n@cg.hookimpl\ndef custgrade_policies():\n    raise RuntimeError('no luck')\n"
    install(tmp_path, "good", GOOD.replace("NAME", "halves") + hook)
    status, out, err = run("plugins")
    assert (status, err) == (1, "")
    (line,) = [line for line in out.splitlines() if line.startswith("good_entry")]
    assert "scorer halves, FAULT: " in line
    assert "RuntimeError: no luck" in line
    assert run("scorers", "halves")[0] == 0


def test_conflict_is_listed_and_raised_only_when_asked_for(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    """Two providers of one name are shown by both lists; only asking for that name fails, naming both."""
    install(tmp_path, "usurper", GOOD.replace("NAME", "abcde"))
    install(tmp_path, "good", GOOD.replace("NAME", "halves"))
    status, out, _ = run("plugins")
    assert status == 1
    (conflict,) = [line for line in out.splitlines() if line.startswith("CONFLICT")]
    assert [word for word in ("'abcde'", "custgrade", "usurper") if word not in conflict] == []
    status, out, _ = run("scorers")
    assert (status, "CONFLICT" in out, "halves" in out) == (0, True, True)
    assert run("scorers", "halves")[0] == 0
    status, out, err = run("scorers", "abcde")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert [word for word in ("custgrade", "usurper") if word not in err] == []


def test_scorers_are_listed_with_their_purpose(succeeds: Callable[..., str]) -> None:
    """The list of scorers has each one's name, distribution and first line of help."""
    (line,) = [line for line in succeeds("scorers").splitlines() if line.startswith("abcde")]
    assert "custgrade" in line
    assert "Grade customers" in line


def test_parameters_are_shown_with_type_default_and_unit(succeeds: Callable[..., str]) -> None:
    """A scorer's parameters are shown with type, default, unit and meaning."""
    rows = [re.split(r"\s{2,}", line) for line in succeeds("scorers", "abcde").splitlines()]
    found = {row[0]: row[1:] for row in rows if len(row) == 5 and row[0].isidentifier()}
    assert list(found) == ["parameter", "by", "letters", "shares", "best", "ties", "minimum_orders", "minimum_tenure"]
    assert found["by"] == ["text", '"profit"', "a field", "the field customers are ranked by"]
    assert found["minimum_orders"][:3] == ["whole number", "0", "orders"]


@pytest.mark.parametrize("name", ["abcde", "halves"])
def test_shown_examples_work(name: str, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """The flags and the TOML that are shown for a scorer grade as they stand."""
    install(tmp_path, "good", GOOD.replace("NAME", "halves"))
    (tmp_path / "orders.csv").write_text("customer_id,date,profit\nA,2024-01-01,1\n", encoding="utf-8")
    lines = run("scorers", name)[1].splitlines()
    (flags,) = [line.strip() for line in lines if line.strip().startswith("custgrade grade --orders")]
    status, out, err = run(*shlex.split(flags)[1:])
    assert (status, err) == (0, "")
    toml = "\n".join(line.strip() for line in lines[next(k for k, line in enumerate(lines) if "in TOML" in line) + 1 :])
    assert tomllib.loads(toml)["scorer"]["name"] == name
    (tmp_path / "custgrade.toml").write_text('[source]\norders = "orders.csv"\n' + toml, encoding="utf-8")
    again = run("grade", "--config", "custgrade.toml")
    assert (again[0], again[2]) == (0, "")
    assert again[1].splitlines()[:4] == out.splitlines()[:4]


def test_own_function_is_shown_like_a_plugin(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """A function in a module of the current folder shows its parameters, too."""
    (tmp_path / "own.py").write_text(GOOD.replace("NAME", "halves"), encoding="utf-8")
    status, out, err = run("scorers", "own:halves")
    assert (status, err) == (0, "")
    assert out.startswith("own:halves: Grade by halves.")


def test_unknown_scorer_names_broken_plugins(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """Asking for a scorer that a broken plug-in would provide says that this plug-in is broken."""
    install(tmp_path, "bad", "raise RuntimeError('no luck')")
    status, out, err = run("scorers", "lucky")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert [part for part in ("'lucky'", "bad", "no luck") if part not in err] == []


def test_plugin_that_exits_does_not_end_the_command(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """A plug-in that ends the program at import is a fault like any other."""
    install(tmp_path, "bad", "import sys\nsys.exit(0)")
    status, out, err = run("plugins")
    assert (status, err) == (1, "")
    assert "SystemExit" in out


def test_scheme_that_fails_is_one_message(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """A plug-in's function that raises something of its own ends the command with status 2 and one line."""
    install(
        tmp_path,
        "good",
        GOOD.replace("NAME", "halves").replace("    return cg.Scorer(", "    1 / 0\n    return cg.Scorer("),
    )
    (tmp_path / "orders.csv").write_text("customer_id,date,profit\nA,2024-01-01,1\n", encoding="utf-8")
    status, out, err = run("grade", "--orders", "orders.csv", "--scorer", "halves")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "halves" in err
