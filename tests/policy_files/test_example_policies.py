"""The example policies, two for each of the five: each is read, passes the guard, and makes a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

import custgrade as cg
from custgrade.planning import check_policy

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMES = {
    "bakery-supplier": "abcd",
    "bookkeeping-office": "abcd",
    "bicycle-wholesaler": "matrix3x3",
    "office-coffee": "matrix3x3",
    "it-service": "floors",
    "web-agency": "floors",
    "bicycle-workshop": "top10",
    "garage": "top10",
    "wine-shop": "abcde",
    "garden-centre": "abcde",
}


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The customers of the example."""
    return cg.read_orders(EXAMPLES / "orders.csv").join(cg.read_customers(EXAMPLES / "survey.csv"))


def test_all_files_are_tried() -> None:
    """Each file of the folder is among those that are tried here."""
    assert set(SCHEMES) == {path.stem for path in (EXAMPLES / "policies").glob("*.toml")}


@pytest.mark.parametrize("name", SCHEMES)
def test_an_example_makes_a_decent_plan(name: str, base: cg.CustomerBase) -> None:
    """The policy has its file's name, breaks no rule on the scale of its scorer, and treats every customer."""
    path = EXAMPLES / "policies" / f"{name}.toml"
    policy = cg.read_policy(path)
    assert name == policy.name
    assert f"`{SCHEMES[name]}`" in path.read_text(encoding="utf-8").replace('"', "`")
    assert check_policy(policy, cg.scorer(SCHEMES[name]).scale) == ()
    plan = cg.plan(cg.scorer(SCHEMES[name]).fit(base).grade(base), policy, "2026-01-01")
    assert sum(plan.counts().values()) == len(base)
    assert plan.notes == () or not any("no such columns" in note or "is empty" in note for note in plan.notes)
    assert all(finding(plan).says for finding in policy.findings)
    losing = base["profit"] < 0.0
    if SCHEMES[name] in ("abcd", "floors", "top10"):
        lifted = [treatment.aim in ("lift", "restore", "ask") for _, treatment in policy.by_place]
        helped = (plan.offer >= 0) | plan.held | [lifted[place] for place in plan.treatment.tolist()]
        assert helped[losing].all()


@pytest.mark.parametrize("name", SCHEMES)
def test_an_example_fits_the_grades_that_it_maps(name: str, base: cg.CustomerBase) -> None:
    """On every scorer whose grades the policy maps, it breaks no rule and makes a plan."""
    policy = cg.read_policy(EXAMPLES / "policies" / f"{name}.toml")
    known = {*policy.grades.grades, *policy.also}
    fitting = [scheme for scheme in set(SCHEMES.values()) if set(cg.scorer(scheme).scale.grades) <= known]
    assert SCHEMES[name] in fitting
    for scheme in fitting:
        assert check_policy(policy, cg.scorer(scheme).scale) == ()
        cg.plan(cg.scorer(scheme).fit(base).grade(base), policy, "2026-01-01")
