"""Faulty policies, each stopped by the one rule that names its fault."""

import sys
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import RespectError
from custgrade.planning import RULES, check_policy

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import FAULTY, GOOD, ON, ON_PLAN, graded
finally:
    sys.path.pop(0)


def test_a_decent_policy_passes():
    """The policy that the faulty ones evolve from has no breach, declared or on a plan."""
    assert check_policy(GOOD) == ()
    plan = cg.plan(graded(), GOOD, ON)
    assert (plan.breaches, plan.warnings, plan.waivers) == ((), (), ())


@pytest.mark.parametrize(("rule", "what", "policy"), FAULTY, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_is_stopped_by_its_rule_alone(rule, what, policy):
    """The check of the declared policy names the rule, a plan is refused, and no other rule fires."""
    found = check_policy(policy)
    assert {breach.rule for breach in found} == {rule}
    assert all(breach.customers == 0 and breach.rows is None for breach in found)
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), policy, ON)
    assert rule in {breach.rule for breach in raised.value.breaches}
    assert str(found[0]) in str(raised.value)


@pytest.mark.parametrize(("rule", "what", "policy"), ON_PLAN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_for_single_customers_is_stopped_by_its_rule_alone(rule, what, policy):
    """What functions give is decided on the plan; the breach says how many customers there are, and who."""
    assert check_policy(policy) == ()
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), policy, ON)
    assert {breach.rule for breach in raised.value.breaches} == {rule}
    for breach in raised.value.breaches:
        assert breach.customers == len(breach.rows) > 0


def test_there_are_many_and_each_rule_has_one():
    """At least 35 policies are faulty; each rule that is an error stops one of them."""
    assert len(FAULTY) >= 35
    errors = {rule.id for rule in RULES.values() if not rule.warns}
    assert {rule for rule, _, _ in [*FAULTY, *ON_PLAN]} == errors


def test_every_breach_has_the_keys_of_a_part():
    """The path of a breach begins with a key of a policy file, so that its line can be found."""
    for _, what, policy in FAULTY:
        for breach in check_policy(policy):
            assert breach.path[0] in ("treatment", "ungraded", "base", "package", "shortlist"), what
