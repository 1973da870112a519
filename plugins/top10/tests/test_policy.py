"""The policy `fair-treatment`: each requirement of its text, and its parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import CustomerBase, Plan
from custgrade.errors import ParameterError
from custgrade.planning import check_policy

SUPERSTORE = Path(__file__).parents[4] / "shared" / "data" / "superstore" / "superstore.csv"
COLUMNS = {
    "customer_id": "Customer ID",
    "date": "Order Date",
    "order_id": "Order ID",
    "revenue": "Sales",
    "profit": "Profit",
    "category": "Category",
}
SIZE = 40


def base_of(**columns: Any) -> CustomerBase:
    """Forty customers with profits from −500 on in steps of 50, unless other columns are given."""
    usual = {"profit": np.arange(SIZE) * 50.0 - 500.0, "revenue": np.full(SIZE, 4000.0), "orders": np.full(SIZE, 4.0)}
    found = usual | {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return CustomerBase([f"c{k:02}" for k in range(SIZE)], found)


def plan_of(base: CustomerBase, **parameters: Any) -> Plan:
    graded = cg.scorer("top10").fit(base).grade(base)
    return cg.plan(graded, cg.policy("fair-treatment", **parameters), "2026-01-01")


def everybody(**parameters: Any) -> list[Any]:
    return [treatment for _, treatment in cg.policy("fair-treatment", **parameters).by_place]


def test_nobody_is_served_slowly_or_charged_more() -> None:
    """003-1: no offer raises a price, no terms have a surcharge, all get the base, and the guard finds nothing."""
    plan = plan_of(base_of())
    for treatment in everybody():
        assert treatment.terms.surcharge.constant == 0.0
        assert not any(offer.raises for offer in treatment.offers)
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()
    assert check_policy(plan.policy) == ()


def test_referral_to_a_partner() -> None:
    """003-2: an introduction to the partner is among the alternatives; a handover happens only where it is wanted."""
    for treatment in everybody(partner="Smith & Co."):
        for offer in treatment.offers:
            assert any("Smith & Co." in text for text in offer.alternatives)
            assert offer.transition is None
    (offer,) = cg.policy("fair-treatment", refer_after_decline=True, partner="Smith & Co.").treatments["rest"].offers
    assert ("partner", "Smith & Co.", 60) == (offer.transition.to, offer.transition.referral, offer.transition.days)
    assert offer.silence == "keep" and offer.transition.scope


def test_word_of_mouth() -> None:
    """003-3: 9 people tell 4 others each; what these would have brought counts only with a conversion rate."""
    base = base_of()
    loss = np.maximum(-base["profit"], 0.0)
    assert loss.tolist() == plan_of(base).at_stake.tolist()
    counted = plan_of(base, conversion=0.05, worth=200)
    assert (loss + 9 * 4 * 0.05 * 200).tolist() == counted.at_stake.tolist()
    assert "9 people hear of it and tell 4 others each" in counted.policy.at_stake_means
    assert "assumption" in counted.policy.at_stake_means
    assert "people" not in plan_of(base).policy.at_stake_means
    assert (loss + 5 * 3 * 0.5 * 100).tolist() == plan_of(base, told=5, each=3, conversion=0.5).at_stake.tolist()


def test_what_the_unprofitable_have_in_common() -> None:
    """003-4: the finding `contrast` has a row for each field, the largest difference first."""
    plan = plan_of(base_of(discount=[300.0] * 10 + [0.0] * 30, service_hours=np.tile([1.0, 2.0], 20)))
    (contrast,) = plan.policy.findings
    table = contrast(plan).to_dict()
    assert table["field"].tolist()[0] == "discount"
    assert table["unprofitable is higher"].tolist()[0] == 1.0


def test_the_top_is_cultivated() -> None:
    """003-5: the top has its own contact person, the most hours and the owner's thanks, and is asked what it needs."""
    top = cg.policy("fair-treatment", thank_every=3).treatments["top"]
    assert top.aim == "delight" and top.level.desk == "named person"
    assert [3] == [reward.every for reward in top.rewards if reward.kind == "thanks"]
    assert any(action.kind == "ask" for action in top.actions)


def test_respect_at_every_level() -> None:
    """003-6: every treatment has a sheet, and nobody waits longer for an answer than three working days."""
    for treatment in everybody():
        assert treatment.sheet
    assert plan_of(base_of()).entitled("response_hours").max() <= 24.0


def test_new_customers_are_asked() -> None:
    """003-7: customers with a single order are ungraded, asked what they need, and never charged more or let go."""
    plan = plan_of(base_of(orders=[1.0] * 5 + [4.0] * 35))
    assert plan.counts()["ungraded"] == 5
    ungraded = plan.policy.ungraded
    assert ungraded.aim == "ask" and any(action.kind == "ask" for action in ungraded.actions)
    assert ungraded.offers == ()


def test_unprofitable_customers_are_asked_for_more_business() -> None:
    """003-8: each unprofitable customer gets an explained offer with alternatives, after a sit-down; no other does."""
    base = base_of()
    plan = plan_of(base)
    assert (base["profit"] < 0.0).tolist() == (plan.offer >= 0).tolist()
    for treatment in everybody():
        for offer in treatment.offers:
            assert "more" in offer.explain and len(offer.alternatives) >= 3 and 14 <= offer.open_days <= 28
    sit_down = plan.policy.treatments["rest"].actions[0]
    assert sit_down.kind == "sit-down" and sit_down.after < plan.policy.treatments["rest"].offers[0].after


def test_extras_and_incentives() -> None:
    """003-9: everybody may have extra services at a stated rate, and the rest get an incentive for reaching the top."""
    for treatment in everybody(extras_rate=45):
        assert {"further_service": 45.0} == {name: one.constant for name, one in treatment.terms.extras.items()}
        for offer in treatment.offers:
            assert any("hourly rate" in text for text in offer.alternatives)
            assert not any("45" in text for text in offer.alternatives)
    (incentive,) = cg.policy("fair-treatment", voucher=80).treatments["rest"].incentives
    assert (80.0, "top") == (incentive.value.constant, incentive.reaching)


def test_everybody_is_told_the_way_up() -> None:
    """003-10: all but the top have a way up in words for them, and are told it regularly."""
    policy = cg.policy("fair-treatment", tell_every=6)
    for treatment in (policy.treatments["rest"], policy.ungraded):
        assert treatment.way_up
        assert [6] == [action.every for action in treatment.actions if action.kind == "tell"]


def test_the_rest_is_not_treated_as_well_as_the_top() -> None:
    """003-11: the rest waits longer for an answer, has fewer hours, and gets no rewards, whatever the parameters."""
    for parameters in ({}, {"service_hours": 1, "response_hours": 20}, {"service_hours": 0.1}):
        top, rest, _ = everybody(**parameters)
        assert top.level.response_hours.constant < rest.level.response_hours.constant
        assert top.level.service_hours.constant >= rest.level.service_hours.constant >= 0.5
        assert rest.rewards == ()


def test_superstore() -> None:
    """On Superstore each graded customer with a loss gets an explained offer, and everybody the base or more."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    base = cg.read_orders(SUPERSTORE, COLUMNS)
    plan = plan_of(base)
    assert {"top": 79, "rest": 702, "ungraded": 12} == plan.counts()
    losing = base["profit"] < 0.0
    assert losing.sum() == 155
    ungraded = plan.treatment == len(plan.policy.by_place) - 1
    assert (losing & ~ungraded).tolist() == (plan.offer >= 0).tolist()
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()


def test_no_breach_on_any_scale() -> None:
    """The guard finds nothing in the policy on its own grades, nor on any scale that it maps."""
    base = base_of(product_mix=np.full(SIZE, 2.0))
    for scheme in ("abcd", "abcde", "floors", "top10", "matrix3x3"):
        assert check_policy(cg.policy("fair-treatment"), cg.scorer(scheme).scale) == ()
        cg.plan(cg.scorer(scheme).fit(base).grade(base), cg.policy("fair-treatment"), "2026-01-01")


@pytest.mark.parametrize("conversion", [-0.1, 1.1])
def test_a_conversion_out_of_bounds(conversion: float) -> None:
    """A conversion rate that is no share is refused, with what is accepted."""
    with pytest.raises(ParameterError, match="a share from 0 to 1"):
        cg.policy("fair-treatment", conversion=conversion)
