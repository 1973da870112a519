"""Wherever a list of parts is taken, one part alone is taken too, and anything else is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

import custgrade as cg
from custgrade.cuts import FittedCut
from custgrade.errors import ScorerError
from custgrade.plugins import (
    Axis,
    Boundary,
    Checklist,
    Criterion,
    Evidence,
    Floor,
    Percentile,
    Rating,
    ScaleAxis,
    Scorecard,
    Thresholds,
)

AXIS = Axis("grade", "AB", lambda c: c["profit"], Thresholds((5,)))
ENOUGH = Evidence("fewer than 2 orders", lambda c: c["orders"] >= 2)
OWN = cg.Field("mood", "rating")
FLOOR, RATED = Floor("profit", 5), Criterion("effort", Rating())
OVERRIDE = cg.Override("a", "A", "why", "who", "2025-01-01", "2025-12-31")
SCALE_AXIS = ScaleAxis("grade", "AB")
LEFT = cg.LeftOut("why", 3)

TAKERS: dict[str, tuple[Any, Any]] = {
    "axes": (lambda some: cg.Scorer(axes=some).axes, AXIS),
    "evidence": (lambda some: cg.Scorer([AXIS], evidence=some).evidence, ENOUGH),
    "evidence of a scorecard": (lambda some: Scorecard([RATED]).scorer(evidence=some).evidence, ENOUGH),
    "evidence of a checklist": (lambda some: Checklist([FLOOR]).scorer(evidence=some).evidence, ENOUGH),
    "fields of a scorer": (lambda some: cg.Scorer([AXIS], fields=some).fields, OWN),
    "fields of a base": (lambda some: cg.CustomerBase(["a"], {}, extra_fields=some).extra_fields, OWN),
    "criteria": (lambda some: Scorecard(some).criteria, RATED),
    "floors": (lambda some: Checklist(some).floors, FLOOR),
    "overrides": (lambda some: cg.Overrides(some).records, OVERRIDE),
    "axes of a scale": (lambda some: cg.GradeScale(some).axes, SCALE_AXIS),
    "what was left out": (lambda some: cg.CustomerBase(["a"], {}, left_out=some).left_out, LEFT),
    "notes": (lambda some: cg.CustomerBase(["a"], {}, notes=some).notes, "a note"),
    "unmapped columns": (lambda some: cg.CustomerBase(["a"], {}, unmapped=some).unmapped, "Region"),
    "examples": (lambda some: cg.LeftOut("why", 1, examples=some).examples, "line 3"),
    "thresholds": (lambda some: Thresholds(some).at, Boundary(5)),
    "what an axis rises with": (
        lambda some: Axis("grade", "AB", lambda c: c["profit"], Thresholds((5,)), rises=some).rises,
        "profit",
    ),
    "notices of a cut": (lambda some: FittedCut([None], some).notices, "a notice"),
}
takers = pytest.mark.parametrize(("take", "part"), TAKERS.values(), ids=TAKERS.keys())


@takers
def test_one_part_is_a_list_of_one(take: Any, part: Any) -> None:
    """A bare part means what a list of it means; so do a tuple and a generator."""
    assert (part,) == take(part) == take([part]) == take((part,)) == take(one for one in [part])


@pytest.mark.parametrize(
    "wrong",
    [3, None, object(), [3], [None], [object()]],
    ids=["3", "none", "an object", "a 3", "a none", "of an object"],
)
@pytest.mark.parametrize("name", [name for name in TAKERS if name not in ("notices of a cut", "thresholds")])
def test_what_is_no_part_is_refused_in_words(name: str, wrong: Any) -> None:
    """A number, nothing, or a strange object, alone or in a list, is an error of custgrade without an address."""
    with pytest.raises(cg.CustgradeError) as caught:
        TAKERS[name][0](wrong)
    assert "received" in str(caught.value)
    assert " at 0x" not in str(caught.value)


@pytest.mark.parametrize("labels", [3, None, [1, 2], {"A": 1}.values()], ids=["3", "none", "numbers", "values"])
def test_labels_that_are_none(labels: Any) -> None:
    """Labels are texts, or one text of letters."""
    with pytest.raises(ScorerError, match="labels"):
        Axis("grade", labels, lambda c: c["profit"], Thresholds((5,)))


@pytest.mark.parametrize("learned", [Percentile("profit"), [Percentile("profit")], 3], ids=["one", "a list", "3"])
def test_learned_columns_have_names(learned: Any) -> None:
    """A learned column without a name is refused in words."""
    with pytest.raises(ScorerError, match="learned columns are a dict by name"):
        cg.Scorer([AXIS], learned=learned)
