"""Faults of plug-ins are said with the scheme, the file and the line, briefly; what nothing reads is mentioned."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.cli.main import main
from custgrade.errors import ParameterError, PluginError, TracingError, UnknownNameError
from custgrade.plugins import Registry
from custgrade.registry.registry import default_registry

HOOK = "\n@cg.hookimpl\ndef custgrade_scorers():\n    return {'mine': mine}\n"
Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that puts a distribution on the path, with one entry point in any group."""
    monkeypatch.syspath_prepend(tmp_path)
    default_registry.cache_clear()

    def install(name: str, code: str, group: str = "custgrade") -> None:
        (tmp_path / f"plug_{name}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = plug_{name}\n", encoding="utf-8")

    yield install
    default_registry.cache_clear()
    for name in [name for name in sys.modules if name.startswith("plug_")]:
        del sys.modules[name]


def fault(registry: Registry) -> str:
    (found,) = [plugin.fault for plugin in registry.plugins if plugin.fault]
    return found


MADE = "cg.Scorer(cg.Axis('grade', 'AB', lambda c: c['profit'], cg.Thresholds((5,))))"
INSTEAD: dict[str, tuple[str, str]] = {
    "a scorer": (MADE, "'mine' is a Scorer, not a function that returns one; write def mine()"),
    "a long list": ("list(range(9999))", "'mine' is [0, 1, 2"),
    "an object": ("object()", "'mine' is an object of type object, not a function"),
}


@pytest.mark.parametrize(("value", "says"), INSTEAD.values(), ids=INSTEAD.keys())
def test_something_in_place_of_a_function_is_said_briefly(value: str, says: str, installed: Install) -> None:
    """A scorer, a list of thousands or an object is named in one line, without its address."""
    installed("wrong", f"import custgrade.plugins as cg\nmine = {value}\n{HOOK}")
    assert says in fault(Registry())
    assert len(fault(Registry())) < 250
    assert " at 0x" not in fault(Registry())


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import custgrade.plugins as cg\n\nraise ValueError('boom')\n", 3),
        ("import custgrade.plugins as cg\nimport json\njson.loads('boom')\n", 3),
        (
            "import custgrade.plugins as cg\n\n@cg.hookimpl\ndef custgrade_scorers():\n    raise ValueError('boom')\n",
            5,
        ),
        (
            "import custgrade.plugins as cg\n\n@cg.hookimpl\ndef custgrade_scorers():\n    return help_me()\n\n\n"
            "def help_me():\n    raise ValueError('boom')\n",
            9,
        ),
    ],
    ids=["at import", "in another module", "in the hook", "called by the hook"],
)
def test_a_fault_has_file_and_line(code: str, line: int, installed: Install) -> None:
    """An error at import or in a hook is said with the author's line that raised it."""
    installed("wrong", code)
    said = fault(Registry())
    assert re.search(r"ValueError|JSONDecodeError", said)
    if "json" not in code:
        assert said.endswith(f"ValueError: boom in {Path(sys.path[0]) / 'plug_wrong.py'}, line {line}")
    else:
        assert ", line " in said


RAISES = {
    "of its own": (
        "    raise ValueError('boom')\n",
        PluginError,
        r"scheme 'mine' failed: ValueError: boom in .*, line 4",
    ),
    "an address": ("    raise ValueError(object())\n", PluginError, r"ValueError: <object object> in .*, line 4"),
    "nothing said": ("    raise KeyError\n", PluginError, r"failed: KeyError in .*, line 4"),
    "a wrong parameter": (
        "    from custgrade.errors import ParameterError\n    raise ParameterError('size is 1 or 2')\n",
        ParameterError,
        "^scheme 'mine': size is 1 or 2$",
    ),
    "a score that can't be traced": (
        "    return cg.Scorer(\n        cg.Axis('grade', 'AB', lambda c: 2 ** c['profit'], cg.Thresholds(()))\n    )\n",
        cg.CustgradeError,
        "^scheme 'mine': ",
    ),
    "no scorer": ("    return list(range(9999))\n", PluginError, "scheme 'mine' must return a Scorer; it returned"),
}


@pytest.mark.parametrize(("body", "kind", "says"), RAISES.values(), ids=RAISES.keys())
def test_an_error_of_a_scheme_names_the_scheme(body: str, kind: Any, says: str, installed: Install) -> None:
    """Whatever goes wrong in its function, the scheme is named; an error of custgrade stays of its kind."""
    installed("wrong", f"import custgrade.plugins as cg\n\ndef mine():\n{body}{HOOK}")
    with pytest.raises(kind, match=says) as caught:
        Registry().scorer("mine")
    assert len(str(caught.value)) < 400


def test_a_tracing_error_stays_one(installed: Install) -> None:
    """A score that can't be traced is a TracingError, as if the scheme were a function of the user's own."""
    score = "lambda c: 2 ** c['profit']"
    made = f"cg.Scorer(cg.Axis('grade', 'AB', {score}, cg.Thresholds((5,))))"
    installed("wrong", f"import custgrade.plugins as cg\n\ndef mine():\n    return {made}\n{HOOK}")
    with pytest.raises(TracingError, match=r"^scheme 'mine': the score of axis 'grade': 2 to the power"):
        Registry().scorer("mine")


@pytest.mark.parametrize("group", ["custgrade.scorers", "custgrade_plugins", "custgrades", "custgrad", "CustGrade"])
def test_a_group_that_nothing_reads_is_mentioned(
    group: str, installed: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a scorer isn't found, and in the list of plug-ins, which then ends with status 1."""
    installed("stray", f"import custgrade.plugins as cg\n\ndef mine():\n    return {MADE}\n{HOOK}", group)
    with pytest.raises(UnknownNameError, match=rf"stray has the entry point 'stray' in the group '{group}'"):
        Registry().scorer("mine")
    assert main(["plugins"]) == 1
    assert f"NOT READ: stray has the entry point 'stray' in the group '{group}'" in capsys.readouterr().out


def test_groups_of_others_are_not_mentioned(installed: Install, capsys: pytest.CaptureFixture[str]) -> None:
    """Entry points of other tools are nobody's concern; without a fault the list ends with status 0."""
    installed("other", "", "console_tools")
    assert Registry().strays == ()
    assert main(["plugins"]) == 0
    assert "NOT READ" not in capsys.readouterr().out


@pytest.mark.parametrize("code", ["raise ValueError('boom')\n", ""], ids=["a fault", "nothing provided"])
def test_plugins_ends_with_1_where_one_is_faulty(code: str, installed: Install) -> None:
    """A script that checks an environment can rely on the exit status."""
    installed("wrong", code)
    assert main(["plugins"]) == 1


def test_plugins_ends_with_1_where_two_claim_a_name(installed: Install) -> None:
    """A conflict is a fault of the environment."""
    for name in ("one", "two"):
        installed(name, f"import custgrade.plugins as cg\n\ndef mine():\n    return {MADE}\n{HOOK}")
    assert main(["plugins"]) == 1
