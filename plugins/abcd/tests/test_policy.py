"""The policy `ideal-mix`: each requirement of its text, and its parameters."""

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
STAGES = ["inquiry", "order", "delivery", "invoice", "support", "survey"]
SIZE = 40


def base_of(**columns: Any) -> CustomerBase:
    """Forty customers with profits from −500 on in steps of 50, unless other columns are given."""
    usual = {"profit": np.arange(SIZE) * 50.0 - 500.0, "revenue": np.full(SIZE, 4000.0), "orders": np.full(SIZE, 4.0)}
    found = usual | {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return CustomerBase([f"c{k:02}" for k in range(SIZE)], found)


def plan_of(base: CustomerBase, **parameters: Any) -> Plan:
    graded = cg.scorer("abcd", weights={"profit": 1}).fit(base).grade(base)
    return cg.plan(graded, cg.policy("ideal-mix", **parameters), "2026-01-01")


def offers(plan: Plan) -> list[str]:
    found = plan.offer_names()
    return [found.texts[code] for code in found.codes.tolist()]


def finding(plan: Plan, name: str) -> Any:
    return next(one for one in (function(plan) for function in plan.policy.findings) if one.name == name)


def actions(grade: str, kind: str, **parameters: Any) -> list[Any]:
    treatment = cg.policy("ideal-mix", **parameters).treatments[grade]
    return [action for action in treatment.actions if action.kind == kind]


def test_profit_after_hours() -> None:
    """000-1: with the profit after goods, hours × rate and discounts, offers go by what is left of each customer."""
    hours = np.arange(SIZE, dtype=float)
    revenue = CustomerBase(
        [f"c{k:02}" for k in range(SIZE)],
        {"revenue": np.full(SIZE, 150.0), "sales_hours": hours, "discount": np.full(SIZE, 30.0)},
    )
    plan = plan_of(cg.profit_from(revenue, sales_rate=10, goods="discount"))
    remaining = [150.0 - 30.0 - 10.0 * one for one in range(SIZE)]
    assert [max(-profit, 0.0) for profit in remaining] == plan.at_stake.tolist()
    assert [profit < 0.0 for profit in remaining] == [offer != "" for offer in offers(plan)]


def test_spending_side_by_side() -> None:
    """000-2: the finding `spend` has a row for each grade, with what serving it costs at the policy's rates."""
    plan = plan_of(base_of(sales_hours=np.ones(SIZE), service_hours=np.full(SIZE, 2.0)), sales_rate=50, service_rate=30)
    table = finding(plan, "spend").to_dict()
    assert list("ABCD") == [grade for grade in table["grade"].tolist() if grade in "ABCD"]
    assert [110.0] * 4 == table["spent a customer"][:4].tolist()


def test_surveys_are_asked_for() -> None:
    """000-3: each grade is asked every year for needs, delivery, frequency and ease of buying."""
    for grade in "ABCD":
        (survey,) = actions(grade, "survey")
        assert survey.every == 12
        assert all(word in survey.what for word in ("needs", "delivery", "frequency", "easy"))


def test_friction_is_a_signal_of_its_own() -> None:
    """000-4: the finding `friction` counts who finds it hard to buy from us, apart from the grade."""
    plan = plan_of(base_of(ease_of_buying=[1.0] * 10 + [5.0] * 30))
    table = finding(plan, "friction").to_dict()
    assert 10 == table["find it hard"][:4].sum()


def test_touchpoints_from_inquiry_to_survey() -> None:
    """000-5: each grade's service is described at every touchpoint, and A's differs from D's."""
    treatments = cg.policy("ideal-mix").treatments
    for treatment in treatments.values():
        assert STAGES == list(treatment.touchpoints)
    for stage in STAGES:
        assert treatments["A"].touchpoints[stage] != treatments["D"].touchpoints[stage]


def test_contact_cadence() -> None:
    """000-6: better grades are contacted sooner after their last order, and everybody some day."""
    policy = cg.policy("ideal-mix", silence_days=20)
    assert [20, 30, 40, 80] == [treatment.effort.silence_days for treatment in policy.treatments.values()]
    assert policy.ungraded.effort.silence_days == 40


def test_reasons_to_make_contact() -> None:
    """000-7: each cross-selling action says why, and is meant for customers for whom the reason holds."""
    for grade in "ABC":
        found = actions(grade, "cross-sell", broad=5)
        assert len(found) == 3
        assert all(action.reason and action.when is not None for action in found)
    narrow, _, _ = actions("A", "cross-sell", broad=5)
    held = narrow.when.holds({"product_mix": np.array([4.0, 5.0, np.nan])}, 3)
    assert [True, False, False] == held.tolist()


def test_any_profile_that_is_cut_into_a_to_d() -> None:
    """000-8: the policy takes the grades of any profile, whatever its criteria."""
    base = base_of(enjoyable=np.tile([1.0, 2.5, 3.5, 5.0], 10))
    graded = cg.scorer("abcd", weights={"enjoyable": 1}).fit(base).grade(base)
    plan = cg.plan(graded, cg.policy("ideal-mix"), "2026-01-01")
    assert [10, 10, 10, 10] == [plan.counts()[grade] for grade in "ABCD"]


def test_one_treatment_for_each_letter() -> None:
    """000-9: A to D each have a treatment, and ungraded customers are asked."""
    policy = cg.policy("ideal-mix")
    assert list("ABCD") == list(policy.treatments)
    assert policy.ungraded.aim == "ask"
    assert [action.kind for action in policy.ungraded.actions] == ["ask"]


def test_distance_to_the_target_mix() -> None:
    """000-10: the distance is half the sum of the differences of shares; the target is a parameter."""
    base = base_of()
    for target in ({"A": 1.0}, {"A": 0.5, "B": 0.5}, {"A": 0.25, "B": 0.25, "C": 0.5}):
        plan = plan_of(base, target=target)
        shares = {grade: plan.counts()[grade] / SIZE for grade in "ABCD"}
        distance = sum(abs(shares[grade] - target.get(grade, 0.0)) for grade in "ABCD") / 2
        said = float(finding(plan, "target-mix").says[0].split(" %")[0])
        assert said == pytest.approx(100 * distance, abs=0.06)


@pytest.mark.parametrize("scheme", ["floors", "top10"])
def test_the_target_mix_on_other_scales(scheme: str) -> None:
    """000-10: on another scale the target is the grades whose customers are treated as A or B."""
    base = base_of(product_mix=np.full(SIZE, 2.0))
    plan = cg.plan(cg.scorer(scheme).fit(base).grade(base), cg.policy("ideal-mix"), "2026-01-01")
    assert finding(plan, "target-mix").says


def test_delight_lift_try_release() -> None:
    """000-11: A is delighted, B lifted, C gets N tries before an offer, D an offer with a respectful end."""
    policy = cg.policy("ideal-mix", tries=4)
    assert ["delight", "lift", "lift", "release"] == [one.aim for one in policy.treatments.values()]
    (attempt,) = actions("C", "try", tries=4)
    assert attempt.tries == 4
    for offer in policy.treatments["C"].offers:
        assert offer.after_tries == 4
        assert offer.after >= attempt.after + 30 * 3
    for grade in "CD":
        for offer in policy.treatments[grade].offers:
            assert offer.explain and offer.alternatives and 14 <= offer.open_days <= 28 and offer.notice_days >= 14
            assert 14 <= offer.transition.days <= 180 and offer.transition.referral and offer.transition.scope
    assert all(offer.transition is None for grade in "AB" for offer in policy.treatments[grade].offers)
    assert [] == actions("C", "try", tries=0)
    assert all(offer.after_tries == 0 for offer in cg.policy("ideal-mix", tries=0).treatments["C"].offers)


def test_who_is_released() -> None:
    """000-11: nobody, unprofitable customers, or all of C and D are referred if they decline."""

    def ends(release: str) -> list[bool]:
        plan = plan_of(base_of(), release=release)
        found = []
        for place, code in zip(plan.treatment.tolist(), plan.offer.tolist(), strict=True):
            found.append(code >= 0 and plan.policy.by_place[place][1].offers[code].transition is not None)
        return found

    plan = plan_of(base_of())
    low = [plan.policy.by_place[place][0] in "CD" for place in plan.treatment.tolist()]
    assert ends("all") == low
    assert ends("unprofitable") == [a and profit < 0 for a, profit in zip(low, base_of()["profit"], strict=True)]
    assert not any(ends("nobody"))


def test_the_service_of_the_best_is_revised() -> None:
    """000-12: the service for A is gone through every year, touchpoint by touchpoint."""
    (review,) = actions("A", "review")
    assert review.every == 12 and "touchpoint" in review.what


def test_the_best_are_asked_what_to_add() -> None:
    """000-13: A is asked which products and services to add."""
    assert any("add" in action.what for action in actions("A", "ask"))


def test_referrals_are_asked_for() -> None:
    """000-14: A is asked for an introduction to others."""
    assert any(action.name == "referral" for action in actions("A", "ask"))


def test_policies_in_files() -> None:
    """000-15: two example files show the policy for concrete shops, and an owner can edit them."""
    examples = Path(__file__).parents[3] / "examples" / "policies"
    assert {"bakery-supplier.toml", "bookkeeping-office.toml"} <= {path.name for path in examples.glob("*.toml")}


def test_superstore() -> None:
    """On Superstore the plan has all 793 customers, and each of the 155 with a loss an explained offer or a lift."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    base = cg.read_orders(SUPERSTORE, COLUMNS)
    graded = cg.scorer("abcd").fit(base).grade(base)
    plan = cg.plan(graded, cg.policy("ideal-mix"), "2018-01-01")
    assert sum(plan.counts().values()) == 793
    losing = np.flatnonzero(base["profit"] < 0.0)
    assert len(losing) == 155
    for row in losing.tolist():
        treatment = plan.policy.by_place[plan.treatment[row]][1]
        explained = plan.offer[row] >= 0 and treatment.offers[plan.offer[row]].explain
        assert explained or treatment.aim in ("lift", "restore")
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()
    loss = [max(-profit, 0.0) for profit in base["profit"].tolist()]
    assert sum(loss) == pytest.approx(float(plan.at_stake.sum()), abs=0.005 * 155)


def test_no_breach_on_any_scale() -> None:
    """The guard finds nothing in the policy on its own grades, nor on any scale that it maps."""
    base = base_of(product_mix=np.full(SIZE, 2.0))
    for scheme in ("abcd", "abcde", "floors", "top10", "matrix3x3"):
        scale = cg.scorer(scheme).scale
        assert check_policy(cg.policy("ideal-mix"), scale) == ()
        cg.plan(cg.scorer(scheme).fit(base).grade(base), cg.policy("ideal-mix"), "2026-01-01")


@pytest.mark.parametrize("tries", [-1, 13])
def test_tries_out_of_bounds(tries: int) -> None:
    """A number of tries below 0 or above 12 is refused, with what is accepted."""
    with pytest.raises(ParameterError, match="0 to 12"):
        cg.policy("ideal-mix", tries=tries)


def test_explanations_are_true_for_all_who_get_them() -> None:
    """Only customers with a loss are told that what they pay doesn't cover what they take."""
    for treatment in cg.policy("ideal-mix", release="all").treatments.values():
        for offer in treatment.offers:
            assert ("doesn't cover" in offer.explain) == (offer.when is not None)
    assert cg.policy("ideal-mix", release="all").ungraded.offers == ()
