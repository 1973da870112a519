"""What to do about a breach is said for policy files and for Python."""

from __future__ import annotations

import numpy as np
import pytest

import custgrade as cg
from custgrade.errors import PolicyError, RespectError
from custgrade.planning import Policy, Reward, Terms, Treatment, check_policy


def two(best: Treatment, worst: Treatment) -> Policy:
    return Policy("p", "p", "AB", {"A": best, "B": worst})


def mends(policy: Policy, rule: str) -> list[str]:
    return [breach.mend for breach in check_policy(policy) if breach.rule == rule]


def test_a_price_in_terms_becomes_an_offer() -> None:
    """R06 names the table of a file and the class of Python."""
    (mend,) = mends(two(Treatment("g"), Treatment("g", way_up="w", terms=Terms(surcharge=0.1))), "R06")
    assert "[treatment.GRADE.offer.NAME] with rise in a policy file, Offer(…, rise=…) in Python" in mend


def test_rewards_of_the_worse_become_incentives() -> None:
    """R04 names the table of a file and the class of Python."""
    (mend,) = mends(two(Treatment("g"), Treatment("g", way_up="w", rewards=Reward("gift", value=5))), "R04")
    assert "reaching A: [treatment.GRADE.incentive.NAME] in a policy file, Incentive(…) in Python" in mend


def test_computed_gifts_are_limited() -> None:
    """R21 says the limit as a key of a file and as a function of Python."""
    gift = Reward("gift", value=lambda c: 0.5 * c["revenue"])
    base = cg.CustomerBase(["a", "b"], {"profit": np.array([5.0, 3.0]), "revenue": np.array([900.0, 20.0])})
    graded = cg.scorer("abcde", letters="AB", shares=["0.5", "0.5"]).fit(base).grade(base)
    with pytest.raises(RespectError) as caught:
        cg.plan(graded, two(Treatment("g", rewards=gift), Treatment("g", way_up="w")), "2026-01-01")
    said = str(caught.value)
    assert "Limit it to 150: most = 150 in a policy file, np.minimum(…, 150.0) in Python" in said


@pytest.mark.parametrize(
    ("labels", "own", "suggested"),
    [("VW", "ABC", "{'V': 'A'}"), ("AW", "ABC", "{'W': 'C'}"), ("V", "AB", "{'V': 'A'}")],
)
def test_a_grade_is_mapped_to_one_of_its_position(labels: str, own: str, suggested: str) -> None:
    """The suggestion for the best grade is the best, and for the worst the worst."""
    treatments = {grade: Treatment("g", way_up="w") for grade in own}
    with pytest.raises(PolicyError) as caught:
        Policy("p", "p", own, treatments).places(cg.plugins.GradeScale([cg.plugins.ScaleAxis("grade", labels)]))
    assert f"grades={suggested}" in str(caught.value)


def test_errors_of_a_policy_say_policy() -> None:
    """An error of a policy's function names a policy, not a scheme."""
    with pytest.raises(cg.errors.ParameterError, match=r"^policy 'golden-list': budgets has 'Q'"):
        cg.policy("golden-list", budgets={"Q": 4})
