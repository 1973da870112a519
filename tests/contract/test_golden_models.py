"""Models that a release saved are loaded by every later one, and grade the same customers alike to the last bit."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import custgrade as cg
from custgrade.model.file_schema import FORMAT

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
MAKE = runpy.run_path(str(GOLDEN / "make.py"))
GRADES = sorted(GOLDEN.glob("format-*/*.grades.json"))
SCHEMES = ("abcd", "abcde", "floors", "matrix3x3", "top10")


def model_of(grades: Path) -> Path:
    """The file of the model that gave these grades."""
    return grades.with_name(grades.name.replace(".grades.json", ".json"))


@cache
def customers(folder: Path) -> cg.CustomerBase:
    """The customers that the models of a folder have graded."""
    return cg.read_customers(folder / "customers.csv")


def named(path: Path) -> str:
    """What a case is called."""
    return f"{path.parent.name}, {path.name.removesuffix('.grades.json')}"


@pytest.mark.parametrize("file", GRADES, ids=named)
def test_a_golden_model_grades_as_it_did(file: Path) -> None:
    """Grades, codes, scores, details and reasons are those written when the model was saved, among many and alone."""
    model, base = cg.load_model(model_of(file)), customers(file.parent)
    expected: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert expected == MAKE["grades"](model, base)
    for customer in base:
        alone, among = model.grade_one(customer), expected[customer.id]
        assert (among["grade"], among["reason"]) == (alone.grade, alone.reason)
        assert among["scores"] == {name: score.hex() for name, score in alone.scores.items()}


@pytest.mark.parametrize("file", GRADES, ids=named)
def test_a_golden_model_is_of_its_folders_format(file: Path) -> None:
    """The format number is that of the folder, and the file conforms to the schema published for it."""
    content = json.loads(model_of(file).read_text(encoding="utf-8"))
    assert f"format-{content['format']}" == file.parent.name
    schema = ROOT / f"docs/model-{file.parent.name}.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(content)


def test_every_format_has_golden_models_of_every_scheme() -> None:
    """From format 1 to the present one there is a folder, with a model of each built-in scheme."""
    expected = [(f"format-{number}", scheme) for number in range(1, FORMAT + 1) for scheme in SCHEMES]
    assert expected == sorted((file.parent.name, file.name.removesuffix(".grades.json")) for file in GRADES)


@pytest.mark.parametrize("file", GRADES, ids=named)
def test_golden_grades_have_what_could_change(file: Path) -> None:
    """Several grades and several scores are among them, and customers who are ungraded."""
    given = json.loads(file.read_text(encoding="utf-8")).values()
    assert len({one["grade"] for one in given}) > 2
    assert len({score for one in given for score in one["scores"].values()}) > 4
    assert any(one["reason"] for one in given)


def test_golden_files_are_never_written_again(tmp_path: Path) -> None:
    """The script refuses when a file exists, and writes a scheme that isn't there beside others."""
    assert "abcde.json, abcde.grades.json exist in format-1" in MAKE["main"](["abcde"], GOLDEN / "format-1")
    assert "" == MAKE["main"](["top10"], tmp_path)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {"customers.csv", "top10.json", "top10.grades.json"} == set(first)
    assert "exist" in MAKE["main"](["abcde", "top10"], tmp_path)
    assert first == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
