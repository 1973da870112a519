"""The contract of policies passes decent policies, and names what is wrong with others."""

import datetime as dt
import itertools
import unittest

import numpy as np
import pytest
from attrs import evolve
from small_policy import policy

from custgrade.planning import Amount, Offer, Reward, ServiceLevel, Treatment
from custgrade.testing import ContractBrokenError, PolicyContract


class TestSmall(PolicyContract):
    """The small policy keeps all promises."""

    def policy(self):
        return policy()


def contract_of(make):
    """Return the contract of a function that makes a policy."""

    class Contract(PolicyContract):
        examples = 250

        def policy(self):
            return make()

    return Contract()


COUNTER = itertools.count(1)


def counted():
    """Return another policy at each call."""
    return policy(budget_months=next(COUNTER))


def dated():
    """Return a policy that depends on the day."""
    return policy(budget_months=dt.date.today().month)


def steep_offer():
    """Return a policy whose offer asks for fractions of cents."""
    offer = Offer("price", "a price", explain="x", alternatives="y", rise=lambda c: np.maximum(c["revenue"], 0.0) / 7.0)
    return policy(treatments={**policy().treatments, "C": Treatment("x", offers=offer, way_up="y")})


@pytest.mark.parametrize(
    ("make", "check", "words"),
    [
        (counted, "test_0_a_policy_can_be_made", "differ in: budget_months"),
        (lambda: 7, "test_0_a_policy_can_be_made", "policy() returned 7"),
        (dated, "test_6_no_clock", "a clock was read"),
        (steep_offer, "test_4_offers_are_bearable", "isn't whole cents"),
    ],
)
def test_a_fault_is_named(make, check, words):
    """The check that a fault is about fails, and says what happened."""
    with pytest.raises(ContractBrokenError) as caught:
        getattr(contract_of(make), check)()
    assert words in str(caught.value)
    assert "the contract: " in str(caught.value)


def rises_below(function):
    """Return a policy whose C gets more service hours, by a function, than its B."""
    level = ServiceLevel(24, function)
    return policy(treatments={**policy().treatments, "C": evolve(policy().treatments["C"], level=level)})


def without_guard(monkeypatch):
    """Take the guard out, to see that the contract finds by itself what the guard would."""
    monkeypatch.setattr("custgrade.planning.making.policy_breaches", lambda *_: ())
    monkeypatch.setattr("custgrade.planning.making.plan_breaches", lambda *_: ((), ()))


def test_more_in_a_worse_grade_is_found_without_the_guard(monkeypatch):
    """The check compares plans by itself, and doesn't rely on the guard."""
    without_guard(monkeypatch)
    made = rises_below(lambda c: np.maximum(c["revenue"], 0.5))
    with pytest.raises(ContractBrokenError, match=r"service_hours \S+ in 'C', and"):
        contract_of(lambda: made).test_2_never_more_in_a_worse_grade()


def test_rewards_that_rise_are_found_without_the_guard(monkeypatch):
    """Rewards of a worse grade that are worth more a year are found."""
    without_guard(monkeypatch)
    rich = evolve(policy().treatments["C"], rewards=Reward("gift", value=20, every=1))
    made = policy(treatments={**policy().treatments, "C": rich})
    with pytest.raises(ContractBrokenError, match="rewards 24000 in 'C'"):
        contract_of(lambda: made).test_2_never_more_in_a_worse_grade()


def test_a_level_below_the_base_is_found_without_the_guard(monkeypatch):
    """An entitlement that falls below the base for some customer is found."""
    without_guard(monkeypatch)
    made = rises_below(lambda c: c["orders"] * 0.1)
    with pytest.raises(ContractBrokenError, match=r"the base is 0\.5"):
        contract_of(lambda: made).test_2_nobody_is_below_the_base()


def test_ungraded_customers_are_left_in_peace(monkeypatch):
    """A rise for ungraded customers is found."""
    without_guard(monkeypatch)
    offer = Offer("price", "a price", explain="x", alternatives="y", rise=1, steepest=9)
    made = policy(ungraded=Treatment("x", offers=offer))
    with pytest.raises(ContractBrokenError, match="is ungraded and gets 'price'"):
        contract_of(lambda: made).test_5_unknown_is_not_bad()
    assert Amount(1.0) == offer.rise


def test_a_log_that_forgets_breaks_the_promise(monkeypatch):
    """If what was done weren't recorded, the contract would find that it is due again."""
    monkeypatch.setattr("custgrade.testing.policy_log_checks._carry_out", lambda *_: None)
    with pytest.raises(ContractBrokenError, match=r"was done for .* and is due again on 2026-01-01"):
        contract_of(policy).test_7_with_a_log_nothing_comes_twice()


def test_without_sqlalchemy_the_promises_with_a_log_are_skipped(monkeypatch):
    """The reason says what to install."""
    monkeypatch.setattr("custgrade.testing.policy_log_checks.find_spec", lambda name: None)
    for name in ("test_7_with_a_log_nothing_comes_twice", "test_7_with_a_log_the_order_of_rows_has_no_effect"):
        with pytest.raises(unittest.SkipTest, match=r"pip install 'custgrade\[log\]'"):
            getattr(contract_of(policy), name)()
