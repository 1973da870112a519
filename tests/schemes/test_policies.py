"""What holds for the policy of every plug-in: it is found, its parameters count, and each requirement is named."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest

import custgrade as cg
from custgrade.planning import check_policy
from custgrade.planning.action_blocks import action_blocks
from custgrade.plugins import default_registry

ROOT = Path(__file__).parents[2]
SYSTEMS = ROOT.parent / "shared" / "systems.md"
SCHEMES = {
    "ideal-mix": "abcd",
    "sales-service-mix": "matrix3x3",
    "packages": "floors",
    "fair-treatment": "top10",
    "golden-list": "abcde",
}
"""The scheme of each policy."""

OTHERS: dict[tuple[str, str], list[Any]] = {
    ("ideal-mix", "target"): [{"A": 1.0}],
    ("packages", "margin"): [0.3, "proposed"],
    ("packages", "average_sale"): [400.0, "proposed"],
    ("packages", "partner"): ["Smith & Co."],
    ("golden-list", "share"): ["0.2"],
    ("golden-list", "lift"): ["0.3"],
    ("golden-list", "points"): [{"complaints": -3, "orders": 1}],
    ("golden-list", "gifts"): [{"share": 0.02}, {"least": 20}, {"most": 50}],
    ("golden-list", "budgets"): [{"A": 500.0, "B": 5000.0}],
    ("sales-service-mix", "sales_available"): [200.0],
    ("sales-service-mix", "service_available"): [200.0],
    ("sales-service-mix", "tolerance"): [1.0],
    ("fair-treatment", "conversion"): [0.05],
}
"""Values to try for parameters for which none follows from the type."""

BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("fair-treatment", "told"): {"conversion": 0.05},
    ("fair-treatment", "each"): {"conversion": 0.05},
    ("fair-treatment", "worth"): {"conversion": 0.05},
    ("fair-treatment", "transition_days"): {"refer_after_decline": True},
}
"""Other parameters without which one counts for nothing."""

PARAMETERS = [
    (policy, parameter) for policy in SCHEMES for parameter in default_registry().scheme(policy, "policies").parameters
]


@pytest.fixture(scope="module")
def graded() -> Callable[[str], cg.Graded]:
    """A function that returns the customers of the example, graded by a scheme."""
    base = cg.read_orders(ROOT / "examples" / "orders.csv").join(cg.read_customers(ROOT / "examples" / "survey.csv"))
    found = {scheme: cg.scorer(scheme).fit(base).grade(base) for scheme in SCHEMES.values()}
    return found.__getitem__


def other_values(policy: str, parameter: Any) -> list[Any]:
    """Values of a parameter that differ from its default."""
    if (policy, parameter.name) in OTHERS:
        return OTHERS[policy, parameter.name]
    if get_origin(parameter.annotation) is Literal:
        return [one for one in get_args(parameter.annotation) if one != parameter.default]
    if isinstance(parameter.default, bool):
        return [not parameter.default]
    if isinstance(parameter.default, int):
        return [parameter.default - 1]
    if isinstance(parameter.default, float):
        return [parameter.default / 2.0]
    return [f"{parameter.default}, Smith & Co."]


def contents(plan: cg.Plan) -> str:
    """Everything that a plan gives to customers or tells about them, as text."""
    offers = [
        (grade, offer.name, offer.what, offer.alternatives, offer.open_days, offer.notice_days, offer.transition)
        for place, (grade, treatment) in enumerate(plan.policy.by_place)
        for code, offer in enumerate(treatment.offers)
        if ((plan.treatment == place) & (plan.offer == code)).any()
    ]
    terms = [
        (treatment.terms, treatment.incentives)
        for place, (_, treatment) in enumerate(plan.policy.by_place)
        if len(plan.rows(place))
    ]
    packages = [one.terms for code, one in enumerate(plan.policy.packages) if (plan.package == code).any()]
    actions = [
        [block.kind, block.item]
        + [
            np.asarray(one).tolist()
            for one in (block.rows, block.number, block.due, block.states, block.money, block.hours)
        ]
        for block in action_blocks(plan)
    ]
    findings = [finding(plan) for finding in plan.policy.findings]
    columns = {name: np.asarray(column).tolist() for name, column in plan.to_dict().items()}
    return repr((columns, offers, terms, packages, actions, findings, plan.policy.at_stake_means))


@pytest.mark.parametrize(("policy", "parameter"), PARAMETERS, ids=lambda one: getattr(one, "name", one))
def test_every_parameter_is_explained_and_counts(
    policy: str, parameter: Any, graded: Callable[[str], cg.Graded]
) -> None:
    """Each parameter has a description and a default, and each other value of it changes the plan of the example."""
    assert parameter.setting.description and parameter.type_name and not parameter.required

    def planned(**parameters: Any) -> str:
        beside = BESIDE.get((policy, parameter.name), {})
        made = cg.policy(policy, **{**beside, **parameters})
        return contents(cg.plan(graded(SCHEMES[policy]), made, "2026-02-15", since="2025-01-01"))

    usual = planned()
    values = other_values(policy, parameter)
    assert values
    for value in values:
        assert planned(**{parameter.name: value}) != usual


@pytest.mark.parametrize("policy", SCHEMES)
def test_it_comes_with_its_scheme(policy: str) -> None:
    """The policy is found by name, is from the distribution of its scheme, and fits the scheme's grades."""
    assert policy in cg.policies()
    scheme = default_registry().scheme(policy, "policies")
    assert scheme.distribution == default_registry().scheme(SCHEMES[policy]).distribution
    scale = cg.scorer(SCHEMES[policy]).scale
    assert len(cg.policy(policy).places(scale)) == len(scale.grades) + 1
    assert check_policy(cg.policy(policy), scale) == ()


@pytest.mark.parametrize("policy", SCHEMES)
def test_the_order_of_customers_decides_nothing(policy: str, graded: Callable[[str], cg.Graded]) -> None:
    """The plan of the same customers in the reverse order is the reversed plan."""
    usual = graded(SCHEMES[policy])
    base = usual.base
    reverse = cg.CustomerBase(
        base.ids[::-1], {name: base[name][::-1] for name in base.columns}, period=base.period, currency=base.currency
    )
    turned = cg.scorer(SCHEMES[policy]).fit(reverse).grade(reverse)
    one = cg.plan(usual, cg.policy(policy), "2026-01-01").to_dict()
    other = cg.plan(turned, cg.policy(policy), "2026-01-01").to_dict()
    for name, column in one.items():
        assert np.asarray(column).tolist() == pytest.approx(np.asarray(other[name]).tolist()[::-1], nan_ok=True)


def rows_of(scheme: str) -> set[str]:
    """The requirements of a scheme in `systems.md`: `000-8, -9` are two, `004-2..4` three."""
    if not SYSTEMS.exists():
        pytest.skip("the folder ../shared with the requirements is absent")
    text = SYSTEMS.read_text(encoding="utf-8")
    section = next(part for part in text.split("\n## ") if f"`{scheme}`" in part.splitlines()[0])
    found = set()
    for first in re.findall(r"^\| (\d{3}-[^|]*?) \|", section, re.MULTILINE):
        seed = first[:3]
        for numbers in re.findall(r"-(\d+)(?:\.\.(\d+))?", first):
            low, high = int(numbers[0]), int(numbers[1] or numbers[0])
            found |= {f"{seed}-{number}" for number in range(low, high + 1)}
    return found | ({"detector"} if "Detector:" in section else set())


@pytest.mark.parametrize("scheme", SCHEMES.values())
def test_each_requirement_has_a_test_and_a_line(scheme: str) -> None:
    """Each row of the requirements is named by a test of the plug-in's policy, and by its page's table."""
    rows = rows_of(scheme)
    assert len(rows) >= 8
    tests = (ROOT / "plugins" / scheme / "tests" / "test_policy.py").read_text(encoding="utf-8")
    docstrings = re.findall(r"^    \"\"\"(.*?)\"\"\"$", tests, re.MULTILINE)
    named = {row for text in docstrings for row in re.findall(r"\b(\d{3}-\d+|detector)\b", text.partition(":")[0])}
    assert rows <= named
    page = (ROOT / "docs" / "plugins" / f"{scheme}.md").read_text(encoding="utf-8")
    lines = set(re.findall(r"^\| (\d{3}-\d+|detector) \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE))
    assert rows <= lines


@pytest.mark.parametrize("name", cg.policies())
def test_a_policy_can_be_pickled(name):
    """A policy is equal to itself after pickling."""
    policy = cg.policy(name)
    assert policy == pickle.loads(pickle.dumps(policy))
