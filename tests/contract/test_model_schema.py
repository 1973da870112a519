"""The published JSON Schema of model format 1: what is saved conforms, and what doesn't conform isn't loaded."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import custgrade as cg
from custgrade import functions
from custgrade.errors import ModelError, ModelFormatError
from custgrade.model.file_schema import FORMAT
from custgrade.plugins import Axis, Percentile, Shares, Thresholds

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / f"docs/model-format-{FORMAT}.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PERIOD = cg.Period("2024-12-31", "2024-01-01", "2024-12-31")
COLUMNS = {name: [1.0, 2.0, 3.0, 4.0] for name, field in cg.STANDARD_FIELDS.items() if not field.derived}
BASE = cg.CustomerBase(list("abcd"), COLUMNS, period=PERIOD, currency="EUR")
FEW = cg.CustomerBase(["a", "b"], {"revenue": [1.0, 2.0], "profit": [1.0, 1.0], "orders": [1.0, 1.0]})


def halves(by: str = "profit") -> cg.Scorer:
    """Grade by halves."""
    return cg.Scorer([Axis("grade", "AB", lambda c: c[by], Shares(("1/2", "1/2")))])


NAMES = (
    "abcd",
    "abcde",
    "matrix3x3",
    "floors",
    "top10",
    "classes that held nobody",
    "criteria left out",
    "made in Python",
    "a function",
    "a column of which nothing is known",
)


@cache
def models() -> dict[str, cg.GradingModel]:
    """Models of all kinds by name."""
    nobody = cg.CustomerBase(["a"], {"profit": [1.0], "revenue": [float("nan")]})
    known = lambda c: functions.mean_of_known(c["profit"], c["place"])
    either = Axis("grade", "AB", known, Thresholds((1.0,)))
    return {
        "abcd": cg.scorer("abcd", criteria={"referrals": {"weight": 1, "worst": 0, "best": 5}}).fit(BASE),
        "abcde": cg.scorer("abcde", by="revenue", shares=["1/5"] * 5, ties="worse").fit(BASE),
        "matrix3x3": cg.scorer("matrix3x3").fit(BASE),
        "floors": cg.scorer("floors", floors={"revenue": "proposed"}).fit(BASE),
        "top10": cg.scorer("top10", by="margin", minimum_tenure=2).fit(BASE),
        "classes that held nobody": cg.scorer("matrix3x3").fit(FEW),
        "criteria left out": cg.scorer("abcd", coverage="0.1").fit(FEW),
        "made in Python": halves().fit(BASE),
        "a function": cg.scorer(halves, by="revenue").fit(BASE),
        "a column of which nothing is known": cg.Scorer([either], learned={"place": Percentile("revenue", 2)}).fit(
            nobody
        ),
    }


def content_of(name: str) -> dict[str, Any]:
    """What the model's file holds."""
    return json.loads(json.dumps(models()[name].to_dict()))


def scorer_for(name: str) -> cg.Scorer | None:
    """What is passed to load the model, None where it is a plug-in's."""
    scorer = models()[name].scorer
    return None if scorer.origin is not None and ":" not in scorer.origin.name else scorer


def load(content: dict[str, Any], tmp_path: Path, name: str) -> cg.GradingModel:
    """Load a file with this content; its digest is made to match, unless there is none or it is no digest."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    if isinstance(content.get("digest"), str) and len(content["digest"]) == 64:
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        content = {**rest, "digest": hashlib.sha256(text.encode()).hexdigest()}
    file = tmp_path / "m.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return cg.load_model(file, scorer=scorer_for(name))


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a content, the first item of lists standing for the rest."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


def changed(content: dict[str, Any], path: tuple[Any, ...], *value: Any) -> dict[str, Any]:
    """A copy with the place set to a value, or removed where none is given."""
    result = copy.deepcopy(content)
    *before, last = path
    inner = result
    for key in before:
        inner = inner[key]
    if value:
        inner[last] = value[0]
    else:
        del inner[last]
    return result


def required(schema: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key that the schema requires of an object at a fixed place."""
    for key in schema.get("required", ()):
        yield (*path, key)
        yield from required(schema["properties"][key], (*path, key))
    if "items" in schema and schema["type"] == "array":
        yield from required(schema["items"], (*path, 0))


def test_the_schema_is_one_and_describes_every_property() -> None:
    """The schema is valid itself, is as strict as the reader, and says of each property what it is."""
    VALIDATOR.check_schema(SCHEMA)

    def undescribed(schema: Any, where: str) -> list[str]:
        if not isinstance(schema, dict):
            return []
        found = [] if "description" in schema else [where]
        for key, inner in schema.get("properties", {}).items():
            found += undescribed(inner, f"{where}.{key}")
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            assert sorted(schema["properties"]) == sorted(schema["required"])
        return found

    assert [] == undescribed(SCHEMA, "")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_conforms_and_is_loaded(name: str, tmp_path: Path) -> None:
    """Models of all schemes, with empty classes, parameters, nothing known and no origin, conform to the schema."""
    content = content_of(name)
    VALIDATOR.validate(content)
    assert content == load(content, tmp_path, name).to_dict()


def test_the_models_have_what_the_schema_allows() -> None:
    """Among the models are boundaries that are null, both of an axis and of a learned column."""
    assert None in content_of("classes that held nobody")["boundaries"]["profitability"]
    assert {"place": None} == content_of("a column of which nothing is known")["learned"]
    assert "" == content_of("made in Python")["scorer"]["name"]
    assert content_of("criteria left out")["scorer"]["dropped_fields"]


def test_every_required_part_is_missed(tmp_path: Path) -> None:
    """Without any one of the parts a file doesn't conform, and isn't loaded; the error names the part."""
    keys = [*required(SCHEMA), ("fields", "profit", "unit")]
    assert len(keys) > 25
    for path in keys:
        mutilated = changed(content_of("abcde" if path[0] != "fields" else "top10"), path)
        assert not VALIDATOR.is_valid(mutilated), path
        with pytest.raises(ModelFormatError, match=str(path[-1])):
            load(mutilated, tmp_path, "abcde")


WRONG = (None, True, -1, 1.5, "x", [], {}, ["x"], [[1.0]], {"unit": 1})


@pytest.mark.parametrize("name", ["classes that held nobody", "floors"])
def test_what_does_not_conform_is_not_loaded(name: str, tmp_path: Path) -> None:
    """At every place, values of other types and parts that don't exist: what the schema refuses, the reader refuses.

    What only the schema lets through, such as too few boundaries, is refused in words or is a model.
    """
    content = content_of(name)
    refused = 0
    tried = [changed(content, path, value) for path in paths(content) for value in WRONG if "parameters" not in path]
    tables = [(), ("scorer",), ("data",), ("axes", 0), ("fields", next(iter(content["fields"])))]
    tried += [changed(content, (*path, "colour"), 1) for path in tables]
    for mutilated in tried:
        if VALIDATOR.is_valid(mutilated):
            try:
                load(mutilated, tmp_path, name)
            except ModelError:
                continue
        else:
            refused += 1
            with pytest.raises(ModelFormatError):
                load(mutilated, tmp_path, name)
    assert refused > 150


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "as_of"), None),
        (("data", "period_end"), None),
        (("data", "as_of"), "2024-13-31"),
        (("data", "period_start"), "2025-01-01"),
        (("data", "customers"), 3.5),
        (("boundaries", "grade", 0, 0), [1.0, True, 1]),
        (("boundaries", "other"), [None]),
        (("learned", "other"), None),
        (("data", "graded"), {}),
    ],
)
def test_parts_that_contradict_each_other(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    """A model whose parts each are in order but don't go together is refused as well."""
    with pytest.raises(ModelFormatError):
        load(changed(content_of("abcde"), path, value), tmp_path, "abcde")
