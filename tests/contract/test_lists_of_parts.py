"""Wherever a list of parts is taken, one part alone is taken too, and anything else is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

import custgrade as cg

AXIS = cg.Axis("grade", "AB", lambda c: c["profit"], cg.Thresholds((5,)))
ENOUGH = cg.Evidence("fewer than 2 orders", lambda c: c["orders"] >= 2)
OWN = cg.Field("mood", "rating")
FLOOR, RATED = cg.Floor("profit", 5), cg.Criterion("effort", cg.Rating())
OVERRIDE = cg.Override("a", "A", "why", "who", "2025-01-01", "2025-12-31")
SCALE_AXIS = cg.ScaleAxis("grade", "AB")
LEFT = cg.LeftOut("why", 3)

TAKERS: dict[str, tuple[Any, Any]] = {
    "axes": (lambda some: cg.Scorer(axes=some).axes, AXIS),
    "evidence": (lambda some: cg.Scorer([AXIS], evidence=some).evidence, ENOUGH),
    "evidence of a scorecard": (lambda some: cg.Scorecard([RATED]).scorer(evidence=some).evidence, ENOUGH),
    "evidence of a checklist": (lambda some: cg.Checklist([FLOOR]).scorer(evidence=some).evidence, ENOUGH),
    "fields of a scorer": (lambda some: cg.Scorer([AXIS], fields=some).fields, OWN),
    "fields of a base": (lambda some: cg.CustomerBase(["a"], {}, extra_fields=some).extra_fields, OWN),
    "criteria": (lambda some: cg.Scorecard(some).criteria, RATED),
    "floors": (lambda some: cg.Checklist(some).floors, FLOOR),
    "overrides": (lambda some: cg.Overrides(some).records, OVERRIDE),
    "axes of a scale": (lambda some: cg.GradeScale(some).axes, SCALE_AXIS),
    "what was left out": (lambda some: cg.CustomerBase(["a"], {}, left_out=some).left_out, LEFT),
    "notes": (lambda some: cg.CustomerBase(["a"], {}, notes=some).notes, "a note"),
    "unmapped columns": (lambda some: cg.CustomerBase(["a"], {}, unmapped=some).unmapped, "Region"),
    "examples": (lambda some: cg.LeftOut("why", 1, examples=some).examples, "line 3"),
    "thresholds": (lambda some: cg.Thresholds(some).at, cg.Boundary(5)),
    "what an axis rises with": (
        lambda some: cg.Axis("grade", "AB", lambda c: c["profit"], cg.Thresholds((5,)), rises=some).rises,
        "profit",
    ),
    "notices of a cut": (lambda some: cg.FittedCut([None], some).notices, "a notice"),
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
    with pytest.raises(cg.ScorerError, match="labels"):
        cg.Axis("grade", labels, lambda c: c["profit"], cg.Thresholds((5,)))


@pytest.mark.parametrize("learned", [cg.Percentile("profit"), [cg.Percentile("profit")], 3], ids=["one", "a list", "3"])
def test_learned_columns_have_names(learned: Any) -> None:
    """A learned column without a name is refused in words."""
    with pytest.raises(cg.ScorerError, match="learned columns are given by name"):
        cg.Scorer([AXIS], learned=learned)
