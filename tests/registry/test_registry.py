"""The registry: plug-ins found, loaded and checked one by one, and asked for by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

import custgrade as cg
from custgrade.errors import ConflictError, ParameterError, PluginError, UnknownNameError
from custgrade.plugins import Registry, Setting
from custgrade.registry.parameters import filled, fits, parameters_of

SCHEME = """
import custgrade.plugins as cg

def scheme(by: str = "profit"):
    \"\"\"Grade by halves.\"\"\"
    return cg.Scorer(
        axes=[cg.Axis("grade", "XY", lambda c: c[by], cg.Shares(["1/2", "1/2"]), rises=[by])]
    )

@cg.hookimpl
def custgrade_scorers():
    return {"NAME": scheme}
"""

Distribution = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Distribution:
    """Return a function that puts a distribution with one plug-in on the path, as an installer would."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def install(
        name: str, code: str | None, entry: str | None = None, value: str | None = None, metadata: str | None = None
    ) -> None:
        module = f"plug_{name.replace('-', '_')}"
        if code is not None:
            (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" if metadata is None else metadata
        (info / "METADATA").write_text(text, encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[custgrade]\n{entry or name} = {value or module}\n", encoding="utf-8")

    yield install  # type: ignore[misc]
    for name in set(sys.modules) - before:
        if name.startswith("plug_"):
            del sys.modules[name]


def faults(registry: Registry) -> dict[str, str]:
    """What is wrong with each faulty plug-in, by its distribution."""
    return {plugin.found.distribution: plugin.fault for plugin in registry.plugins if plugin.fault}


def test_good_plugin_is_found_and_makes_scorers(installed: Distribution) -> None:
    """A stranger's distribution provides its scheme beside the built-in ones, with its origin."""
    installed("halves", SCHEME.replace("NAME", "halves"))
    registry = Registry()
    assert list(registry.providers("scorers")) == ["abcd", "abcde", "floors", "halves", "matrix3x3", "top10"]
    scorer = registry.scorer("halves", by="revenue")
    assert scorer.origin is not None
    assert (scorer.origin.name, scorer.origin.distribution, scorer.origin.version) == ("halves", "halves", "1.0")
    assert dict(scorer.origin.parameters) == {"by": "revenue"}
    assert faults(registry) == {}


HOOK = "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_scorers():\n    return "
FIELDS = HOOK.replace("scorers", "fields")
BROKEN: dict[str, tuple[str, str]] = {
    "an import error": ("import no_such_module_at_all", "no_such_module_at_all"),
    "a syntax error": ("def f(:\n", "SyntaxError"),
    "an exit at import": ("raise SystemExit(5)", "SystemExit"),
    "an exit in the hook": (
        "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_scorers():\n    raise SystemExit(5)\n",
        "SystemExit",
    ),
    "an error in the hook": (
        "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_scorers():\n    raise KeyError('x')\n",
        "KeyError",
    ),
    "a misspelt hook": (
        "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_scorer():\n    return {}\n",
        "Did you mean 'custgrade_scorers'",
    ),
    "an unmarked hook": ("def custgrade_scorers():\n    return {}\n", "hookimpl"),
    "a hook with parameters": (
        "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_scorers(x):\n    return {}\n",
        "custgrade_scorers",
    ),
    "a list of schemes": (HOOK + "[print]\n", "must return a mapping"),
    "nothing returned": (HOOK + "None\n", ""),
    "no schemes": (HOOK + "{}\n", "provides nothing"),
    "a name in capitals": (HOOK + "{'Bad Name': lambda: None}\n", "'Bad Name'"),
    "a name that is no text": (HOOK + "{3: lambda: None}\n", "3"),
    "a name with a line break": (HOOK + "{'halves\\n': lambda: None}\n", "name"),
    "a scheme that is no function": (HOOK + "{'halves': 3}\n", "not a function"),
    "a scheme of any arguments": (HOOK + "{'halves': lambda *rest: None}\n", "*rest"),
    "a scheme of any keywords": (HOOK + "{'halves': lambda **rest: None}\n", "**rest"),
    "a scheme of nameless parameters": (
        "def f(a, /): pass\n" + HOOK + "{'halves': f}\n",
        "a",
    ),
    "a scheme with unreadable types": (
        "from __future__ import annotations\nimport custgrade.plugins as cg\ndef f(a: Nowhere = 1): pass\n"
        "@cg.hookimpl\ndef custgrade_scorers():\n    return {'halves': f}\n",
        "Nowhere",
    ),
    "fields that are none": (
        FIELDS + "['mood']\n",
        "'mood'",
    ),
    "a standard field redefined": (
        FIELDS + "[cg.Field('profit', 'money')]\n",
        "'profit'",
    ),
}


@pytest.mark.parametrize(("code", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_plugin_stops_nobody(code: str, says: str, installed: Distribution) -> None:
    """A broken plug-in is reported with distribution, entry point and cause; all others work."""
    installed("broken-one", code)
    installed("fine", SCHEME.replace("NAME", "fine"))
    registry = Registry()
    assert {"abcde", "fine"} <= set(registry.providers("scorers"))
    assert isinstance(registry.scorer("fine"), cg.Scorer)
    assert list(faults(registry)) == ["broken-one"]
    assert says in faults(registry)["broken-one"]
    with pytest.raises(UnknownNameError, match="broken-one"):
        registry.scheme("halves")


@pytest.mark.parametrize(
    ("value", "metadata"),
    [
        ("no_such_module", None),
        ("plug_odd:nothing", None),
        ("not a module!", None),
        ("", None),
        (None, "Metadata-Version: 2.1\n"),
        (None, ""),
        (None, "Metadata-Version: 2.1\nName: odd\n"),
    ],
    ids=["no module", "no attribute", "no name", "nothing", "no distribution name", "empty metadata", "no version"],
)
def test_odd_distribution_stops_nobody(value: str | None, metadata: str | None, installed: Distribution) -> None:
    """A distribution whose entry point or metadata is odd leaves all others working."""
    installed("odd", SCHEME.replace("NAME", "odd"), value=value, metadata=metadata)
    installed("fine", SCHEME.replace("NAME", "fine"))
    registry = Registry()
    assert {"abcde", "fine"} <= set(registry.providers("scorers"))


def test_two_claimants_are_a_conflict_only_when_asked_for(installed: Distribution) -> None:
    """Two providers of a name are named when that name is asked for, and disturb nothing else."""
    installed("first", SCHEME.replace("NAME", "halves"))
    installed("second", SCHEME.replace("NAME", "halves"))
    registry = Registry()
    assert isinstance(registry.scorer("abcde"), cg.Scorer)
    with pytest.raises(ConflictError, match=r"first 1\.0.*second 1\.0"):
        registry.scheme("halves")


def test_built_in_name_is_not_taken_over(installed: Distribution) -> None:
    """Another distribution that provides `abcde` conflicts with the built-in one; it never replaces it."""
    installed("usurper", SCHEME.replace("NAME", "abcde"))
    with pytest.raises(ConflictError, match=r"custgrade .*usurper"):
        Registry().scheme("abcde")


def test_same_entry_point_name_in_two_distributions(installed: Distribution) -> None:
    """Two distributions may call their entry points the same; both are found."""
    installed("first", SCHEME.replace("NAME", "one"), entry="same")
    installed("second", SCHEME.replace("NAME", "two"), entry="same")
    assert {"one", "two"} <= set(Registry().providers("scorers"))


def test_plugins_stand_in_one_order(installed: Distribution) -> None:
    """Plug-ins are sorted by distribution and entry point, however they were installed."""
    for name in ("zeta", "alpha", "mid"):
        installed(name, SCHEME.replace("NAME", name))
    found = [(plugin.found.distribution, plugin.found.name) for plugin in Registry().plugins]
    assert found == sorted(found)
    assert found == [(plugin.found.distribution, plugin.found.name) for plugin in Registry().plugins]


def test_each_plugin_is_loaded_once_and_late(installed: Distribution) -> None:
    """A registry imports nothing until it is asked, and then everything once."""
    installed("late", SCHEME.replace("NAME", "late"))
    registry = Registry()
    assert "plug_late" not in sys.modules
    assert registry.plugins is registry.plugins
    assert "plug_late" in sys.modules


COUNTED = """
import sys
import custgrade.plugins as cg
from custgrade.planning import Policy

def calm() -> Policy:
    \"\"\"Treat all customers alike.\"\"\"

@cg.hookimpl
def custgrade_policies():
    sys.modules[__name__].calls = getattr(sys.modules[__name__], "calls", 0) + 1
    return {"calm": calm}
"""


def test_policies_are_asked_for_once_and_only_when_needed(installed: Distribution) -> None:
    """Scorers and fields don't need the policies of a plug-in; the first policy calls the hook of each plug-in once."""
    installed("calm", SCHEME.replace("NAME", "halves") + COUNTED)
    registry = Registry()
    assert isinstance(registry.scorer("halves"), cg.Scorer)
    assert registry.fields == ()
    assert "halves" in registry.summaries("scorers")
    module = sys.modules["plug_calm"]
    assert not hasattr(module, "calls")
    assert registry.scheme("calm", "policies").function is module.calm
    assert registry.summaries("policies")["calm"] == "Treat all customers alike."
    assert module.calls == 1


def test_plugin_of_policies_alone_is_no_fault(installed: Distribution) -> None:
    """A plug-in may provide nothing but policies, which aren't asked for to find that out."""
    installed("calm", COUNTED)
    registry = Registry()
    assert faults(registry) == {}
    assert not hasattr(sys.modules["plug_calm"], "calls")
    assert "calm" in registry.providers("policies")


POLICIES = "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_policies():\n    "


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import no_such_module_at_all", "no_such_module_at_all"),
        ("raise SystemExit(5)", "SystemExit"),
        ("return [print]", "must return a mapping"),
        ("return {'Bad Name': print}", "'Bad Name'"),
        ("return {'calm': 3}", "not a function"),
    ],
)
@pytest.mark.parametrize("scorers", [False, True], ids=["alone", "with a scorer"])
def test_faulty_policies_leave_the_scorers(code: str, says: str, scorers: bool, installed: Distribution) -> None:
    """Policies that can't be provided are a fault of that plug-in's policies; its scorers and all others work."""
    installed("broken-one", (SCHEME.replace("NAME", "halves") if scorers else "") + POLICIES + code)
    registry = Registry()
    with pytest.raises(UnknownNameError, match="broken-one") as caught:
        registry.scheme("calm", "policies")
    assert says in str(caught.value)
    assert "golden-list" in registry.providers("policies")
    assert ("halves" in registry.providers("scorers")) is scorers
    (plugin,) = [plugin for plugin in registry.plugins_with_policies if plugin.fault]
    assert (plugin.found.distribution, dict(plugin.policies), list(plugin.scorers)) == (
        "broken-one",
        {},
        ["halves"] * scorers,
    )
    assert says in plugin.fault


def test_plugin_whose_policies_are_none_provides_nothing(installed: Distribution) -> None:
    """A plug-in that provides neither scorers nor fields, and whose hook returns no policies, is faulty."""
    installed("empty", POLICIES + "return {}")
    registry = Registry()
    assert faults(registry) == {}
    (fault,) = [plugin.fault for plugin in registry.plugins_with_policies if plugin.fault]
    assert "provides nothing" in fault


def test_fields_of_plugins_are_known_and_may_not_disagree(installed: Distribution) -> None:
    """Fields of plug-ins come together; one that two define differently is nobody's, and stops nothing else."""
    code = (
        "import custgrade.plugins as cg\n@cg.hookimpl\ndef custgrade_fields():\n    return [cg.Field('mood', UNIT)]\n"
    )
    installed("first", code.replace("UNIT", "'rating'"))
    installed("second", code.replace("UNIT", "'rating'"))
    assert [item.name for item in Registry().fields] == ["mood"]
    installed("third", code.replace("UNIT", "'count'"))
    registry = Registry()
    assert registry.fields == ()
    assert [plugin.found.name for plugin in registry.disputed_fields["mood"]] == ["first", "third"]


def test_unknown_name_says_what_there_is() -> None:
    """An unknown scheme is an error with the closest name and all there are."""
    with pytest.raises(UnknownNameError, match=r"Did you mean 'abcde'\? There are: .*abcde"):
        Registry().scheme("abdce")


def test_registry_of_nothing_provides_nothing() -> None:
    """A registry made for a test sees only what its finder gives."""
    registry = Registry(finder=lambda: ())
    assert (registry.plugins, dict(registry.providers("scorers")), registry.fields) == ((), {}, ())
    with pytest.raises(UnknownNameError, match="none"):
        registry.scheme("abcde")


def test_importing_custgrade_loads_no_plugin_and_no_engine() -> None:
    """`import custgrade` brings neither plug-ins nor what only some uses need."""
    heavy = ("duckdb", "pluggy", "narwhals", "custgrade_abcde", "pandas", "polars", "pyarrow")
    code = f"import sys, custgrade; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_grading_records_needs_no_engine() -> None:
    """Fitting and grading numbers that are at hand loads no engine and no data frame library."""
    code = (
        "import sys, custgrade as cg\n"
        "b = cg.CustomerBase(ids=['a', 'b'], columns={'profit': [1.0, 2.0]})\n"
        "cg.scorer('abcde').fit(b).grade(b).counts()\n"
        "print(sorted({'duckdb', 'narwhals', 'pandas', 'polars', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FITTING: list[tuple[Any, Any, bool]] = [
    ("x", str, True),
    (3, str, False),
    (3, int, True),
    (True, int, False),
    (3.0, int, False),
    (3, float, True),
    (3.5, float, True),
    (True, float, False),
    ("3", float, False),
    (True, bool, True),
    (1, bool, False),
    (None, str, False),
    (None, str | None, True),
    ("x", str | None, True),
    (3, str | None, False),
    ("a", Literal["a", "b"], True),
    ("c", Literal["a", "b"], False),
    (True, Literal[1, 2], False),
    (1, Literal[True], False),
    ([1, 2], Sequence[int], True),
    ((1, 2), Sequence[int], True),
    ([1, "2"], Sequence[int], False),
    ([True], Sequence[int], False),
    ("12", Sequence[str], False),
    ([], Sequence[int], True),
    ([1.5, "1/3"], Sequence[float | str], True),
    ([[1], [2]], Sequence[Sequence[int]], True),
    ([[1], 2], Sequence[Sequence[int]], False),
    ([1], list[int], True),
    ([1, 2], tuple[int, ...], True),
    ({"a": 1}, dict[str, int], True),
    ({"a": "1"}, dict[str, int], False),
    ([("a", 1)], dict[str, int], False),
    (Fraction(1, 3), Fraction, True),
    (3, Annotated[int, Setting("a number")], True),
    ("3", Annotated[int, Setting("a number")], False),
    ([1, "a"], tuple[int, str], True),
    (["a", 1], tuple[int, str], False),
    ([1], tuple[int, str], False),
    (object, Any, True),
]


@pytest.mark.parametrize(("value", "annotation", "expected"), FITTING, ids=lambda item: str(item)[:40])
def test_values_fit_their_types(value: Any, annotation: Any, expected: bool) -> None:
    """A value fits its annotation exactly: whole numbers are numbers, truth values only themselves."""
    assert fits(value, annotation) is expected


def _scheme(by: Annotated[str, Setting("what to rank by", "a field")], count: int = 3, *, sure: bool = False) -> None:
    """Show parameters."""


def test_parameters_are_read_from_the_signature() -> None:
    """A scheme's parameters have names, types in words, defaults and meanings, in the order of the signature."""
    found = [(p.name, p.type_name, p.default, p.required, p.setting.description) for p in parameters_of(_scheme, "s")]
    assert found == [
        ("by", "text", None, True, "what to rank by"),
        ("count", "whole number", 3, False, ""),
        ("sure", "truth value", False, False, ""),
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "needs by"),
        ({"by": "x", "cuont": 3}, "Did you mean 'count'"),
        ({"by": "x", "count": True}, "'count' of 's' must be a whole number; received True"),
        ({"by": 3}, "'by' of 's' must be a text; received 3, a whole number"),
        ({"by": "x", "sure": 1}, "truth value"),
    ],
)
def test_wrong_parameters_are_refused(given: dict[str, Any], says: str) -> None:
    """A parameter that is unknown, missing or of another type is an error that says which."""
    with pytest.raises(ParameterError) as caught:
        filled(parameters_of(_scheme, "s"), given, "s")
    assert says in str(caught.value)


def test_defaults_fill_what_is_not_given() -> None:
    """What isn't given has its default, so an origin holds every parameter."""
    assert filled(parameters_of(_scheme, "s"), {"by": "x"}, "s") == {"by": "x", "count": 3, "sure": False}


@pytest.mark.parametrize("scheme", [3, None, object()], ids=["number", "nothing", "object"])
def test_things_that_name_no_scorer_are_refused(scheme: Any) -> None:
    """What is neither name, function nor scorer is refused."""
    with pytest.raises(ParameterError, match="scorer must be a name"):
        cg.scorer(scheme)


def test_ready_scorer_takes_no_parameters() -> None:
    """A ready scorer is taken as it is."""
    ready = cg.scorer("abcde")
    assert cg.scorer(ready) is ready
    with pytest.raises(ParameterError, match="by"):
        cg.scorer(ready, by="profit")


def test_function_must_return_a_scorer() -> None:
    """A scheme that returns something else is refused with what it returned."""
    with pytest.raises(PluginError, match="must return a Scorer"):
        cg.scorer(lambda: 3)  # type: ignore[arg-type, return-value]
