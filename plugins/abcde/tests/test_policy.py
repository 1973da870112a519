"""The policy `golden-list`: each requirement of its text, and its parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

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
SIZE = 100
COUNTS = {"A": 5, "B": 15, "C": 30, "D": 30, "E": 20}


def base_of(**columns: Any) -> CustomerBase:
    """A hundred customers, the most profitable first, unless other columns are given."""
    usual = {"profit": 10_000.0 - 100.0 * np.arange(SIZE), "revenue": np.full(SIZE, 4000.0), "orders": np.full(SIZE, 4)}
    found = usual | {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return CustomerBase([f"c{k:02}" for k in range(SIZE)], found)


def plan_of(base: CustomerBase, on: str = "2026-01-01", since: str | None = None, **parameters: Any) -> Plan:
    graded = cg.scorer("abcde").fit(base).grade(base)
    return cg.plan(graded, cg.policy("golden-list", **parameters), on, since=since)


def members(plan: Plan, name: str) -> list[int]:
    return np.flatnonzero(plan.shortlists[name]).tolist()


def one_high(at: int, value: float = 3.0) -> np.ndarray:
    return np.where(np.arange(SIZE) == at, value, 0.0)


def finding(plan: Plan, name: str) -> Any:
    return next(one for one in (function(plan) for function in plan.policy.findings) if one.name == name)


@pytest.fixture(scope="module")
def superstore() -> CustomerBase:
    """The customers of Superstore."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return cg.read_orders(SUPERSTORE, COLUMNS)


def test_is_it_80_20() -> None:
    """004-1: the finding `pareto` says which share of the profit the best 20 % bring, and has the curve."""
    base = base_of()
    found = finding(plan_of(base), "pareto")
    share = float(base["profit"][:20].sum() / base["profit"].sum())
    assert f"{100 * share:.1f} %" in found.says[0]
    assert len(found.rows) > 2


def test_the_golden_list_of_superstore(superstore: CustomerBase) -> None:
    """004-2: of Superstore's 159 customers of A and B, 8 are on the list; by range and orders alone 9 would tie."""
    plan = plan_of(superstore, on="2018-01-01")
    best = np.flatnonzero(plan.treatment <= 1)
    assert (159, 8) == (len(best), len(members(plan, "golden")))
    points = superstore["product_mix"][best] * 10 + superstore["orders"][best]
    eighth = sorted(points.tolist(), reverse=True)[7]
    assert sum(points >= eighth) == 9
    ranked = sorted(best.tolist(), key=lambda k: (-superstore["product_mix"][k] * 10 - superstore["orders"][k],
                                                  -superstore["profit"][k]))  # fmt: skip
    assert sorted(ranked[:8]) == members(plan, "golden")


@pytest.mark.parametrize("field", ["product_mix", "orders", "referrals", "testimonials"])
def test_what_makes_a_customer_responsive(field: str) -> None:
    """004-3: range, orders, referrals and testimonials each bring a customer of A and B on the list."""
    usual = np.full(SIZE, 4.0) if field == "orders" else np.zeros(SIZE)
    plan = plan_of(base_of(**{field: usual + one_high(19)}))
    assert [19] == members(plan, "golden")


def test_complaints_and_the_list_is_no_grade() -> None:
    """004-4: complaints take customers off the list, which is the policy's; their grades stay."""
    complaints = np.where(np.arange(SIZE) < 10, 1.0, 0.0)
    plan = plan_of(base_of(complaints=complaints))
    assert [10] == members(plan, "golden")
    assert [0] == members(plan_of(base_of()), "golden")
    assert COUNTS == {grade: count for grade, count in plan.counts().items() if grade in COUNTS}


def test_missing_fields_do_not_empty_the_list() -> None:
    """004-2: with none of the fields but the profit, and with unknown values, the list has its size."""
    base = CustomerBase([f"c{k:02}" for k in range(SIZE)], {"profit": 100.0 - np.arange(SIZE)})
    assert [0] == members(plan_of(base.join(CustomerBase(base.ids, {"revenue": np.ones(SIZE)}))), "golden")
    unknown = np.where(np.arange(SIZE) == 3, 9.0, np.nan)
    assert [3] == members(plan_of(base_of(referrals=unknown)), "golden")


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE), st.lists(st.integers(0, 2), min_size=SIZE, max_size=SIZE)
)
def test_the_golden_list_by_sorting(mix: list[int], complaints: list[int]) -> None:
    """004-2: the list is that of a plain sort by points and then by profit, of which no two are equal."""
    base = base_of(product_mix=mix, complaints=complaints)
    ranked = sorted(range(20), key=lambda k: (-10 * mix[k] + 10 * complaints[k], k))
    assert sorted(ranked[:4]) == members(plan_of(base, share="0.2"), "golden")


def test_effort_on_the_worst_against_the_best() -> None:
    """004-5: the finding `spend` compares what serving the best and the worst grade costs."""
    hours = np.where(np.arange(SIZE) >= 80, 10.0, 1.0)
    said = " ".join(finding(plan_of(base_of(sales_hours=hours, service_hours=hours)), "spend").says)
    assert "E" in said and "A" in said


def test_letters_and_the_top_fifth() -> None:
    """004-6 and 004-7: the policy has a treatment for each letter, and A and B with the rewards are the top 20 %."""
    plan = plan_of(base_of())
    assert list("ABCDE") == list(plan.policy.treatments)
    assert plan.counts()["A"] + plan.counts()["B"] == 20
    rewarded = [grade for grade, one in plan.policy.treatments.items() if any(r.kind == "gift" for r in one.rewards)]
    assert ["A", "B"] == rewarded


def test_an_arsenal_of_rewards() -> None:
    """004-8: there are gifts, outings, closed-door events, discounts, newsletters, thanks and a showcase."""
    best = cg.policy("golden-list").treatments["A"]
    assert {"gift", "outing", "event", "newsletter", "thanks", "showcase"} == {one.kind for one in best.rewards}
    assert best.terms.discount.constant > cg.policy("golden-list").treatments["B"].terms.discount.constant > 0.0


@pytest.mark.parametrize("every", [3, 6])
def test_cadence_budget_and_no_doubles(every: int) -> None:
    """004-9: gifts come every 3 or 6 months, each customer gets one a time, and the grade's budget holds."""
    plan = plan_of(base_of(), on="2026-07-01", since="2026-01-01", every=every, budgets={"A": 100.0})
    gifts = [block for block in plan.rewards if block.reward.name == "gift"]
    due = [block for block in gifts if (block.due <= np.datetime64("2026-07-01")).all()]
    assert {6 // every} == {missed for block in due for missed in block.missed.tolist()}
    assert {np.datetime64("2026-07-01")} == {day for block in due for day in block.due}
    for block in plan.rewards:
        assert len(set(block.rows.tolist())) == len(block.rows)
    given = sum(block.cents[block.states == 0].sum() for block in plan.rewards if block.place == 0) / 100
    assert 0.0 < given <= 100.0
    assert any("budget" in note for note in plan.notes)


def test_budgets_that_are_not_given_stay() -> None:
    """004-9: a budget changes that of its grade only, and may be 0."""
    found = cg.policy("golden-list", budgets={"A": 100.0, "E": 0}).treatments
    assert {"A": 100, "B": 5000, "C": 1000, "D": 1000, "E": 0} == {name: one.budget for name, one in found.items()}


def test_gifts_have_a_limit() -> None:
    """004-9: a gift is a share of the revenue, within bounds, and a customer's gifts stay below 600 a year."""
    base = base_of(revenue=np.where(np.arange(SIZE) < 2, [100.0] + [900_000.0] * 99, 4000.0))
    gifts = next(block for block in plan_of(base).rewards if block.reward.name == "gift" and block.place == 0)
    assert [1000, 7500, 4000, 4000, 4000] == gifts.cents.tolist()
    best = cg.policy("golden-list").treatments["A"]
    year = sum(
        (75.0 if one.name == "gift" else one.value.constant) * 12 / one.every
        for one in best.rewards
        if one.kind in ("gift", "outing", "event")
    )
    assert year <= 600.0


def test_those_worth_lifting() -> None:
    """004-10: of C and D with potential, the nearest to B are advised and get an incentive for reaching B."""
    potential = np.where(np.arange(SIZE) % 2 == 0, 1000.0, 100.0)
    plan = plan_of(base_of(potential=potential), potential=500)
    assert [20, 22, 24] == members(plan, "lift")
    assert [20, 21, 22, 23, 24, 25] == members(plan_of(base_of()), "lift")
    for grade in "CD":
        treatment = plan.policy.treatments[grade]
        assert ["B"] == [one.reaching for one in treatment.incentives]
        assert ["lift"] == [action.only for action in treatment.actions if action.kind == "consult"]


def test_the_showcase_needs_consent() -> None:
    """004-11: members who agreed are shown, those who didn't or weren't asked are not, and others hear of the club."""
    consent = np.where(np.arange(SIZE) == 1, 1.0, np.where(np.arange(SIZE) == 2, 0.0, np.nan))
    shown = [block for block in plan_of(base_of(consent=consent)).rewards if block.reward.kind == "showcase"]
    assert [[1]] == [block.rows.tolist() for block in shown]
    assert [] == [block for block in plan_of(base_of()).rewards if block.reward.kind == "showcase"]
    for grade in "CDE":
        assert any(action.kind == "tell" for action in cg.policy("golden-list").treatments[grade].actions)


def test_recognition_can_be_recorded() -> None:
    """004-12: each thanks is an entry of its own, with a name, a number and a day, so that it can be recorded."""
    plan = cg.plan(
        cg.scorer("abcde").fit(base_of()).grade(base_of()), cg.policy("golden-list"), "2026-01-01", horizon=200
    )
    found = {
        (number, str(day))
        for block in plan.rewards
        if block.reward.kind == "thanks" and block.place == 0
        for number, day in zip(block.number.tolist(), block.due, strict=True)
    }
    assert {(1, "2026-01-01"), (2, "2026-04-01"), (3, "2026-07-01")} == found


def test_superstore(superstore: CustomerBase) -> None:
    """On Superstore the plan has all 793 customers, and everybody gets the base or more."""
    plan = plan_of(superstore, on="2018-01-01")
    assert [40, 119, 238, 238, 158, 0] == list(plan.counts().values())
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()


def test_no_breach_on_any_scale() -> None:
    """The guard finds nothing in the policy on its own grades, nor on any scale that it maps."""
    base = base_of(product_mix=np.full(SIZE, 2.0))
    for scheme in ("abcd", "abcde", "floors", "top10", "matrix3x3"):
        assert check_policy(cg.policy("golden-list"), cg.scorer(scheme).scale) == ()
        cg.plan(cg.scorer(scheme).fit(base).grade(base), cg.policy("golden-list"), "2026-01-01")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"share": "1"}, "received share '1'"),
        ({"lift": "0"}, "received lift '0'"),
        ({"gifts": {"shares": 0.1}}, "its keys are share, least, most"),
        ({"gifts": {"least": 80}}, "at least 80 and at most 75"),
        ({"budgets": {"A": 100, "Q": 4}}, "budgets has 'Q'; its grades are A, B, C, D, E"),
    ],
)
def test_wrong_parameters(parameters: dict[str, Any], said: str) -> None:
    """A wrong share or a wrong gift is refused, with what was received."""
    with pytest.raises(ParameterError, match=said):
        cg.policy("golden-list", **parameters)
