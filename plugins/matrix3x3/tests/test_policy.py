"""The policy `sales-service-mix`: each requirement of its text, and its parameters."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import CustomerBase, Period, Plan
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
SIZES, LEVELS = ("Large", "Medium", "Small"), ("High", "Mid", "Low")
CELLS = [f"{size}/{level}" for size, level in product(SIZES, LEVELS)]
SIZE = 90


def base_of(**columns: Any) -> CustomerBase:
    """Ninety customers, ten for each cell, over a period of a year."""
    usual = {
        "revenue": np.repeat([9000.0, 3000.0, 1000.0], 30) + np.arange(SIZE),
        "profit": np.tile(np.repeat([900.0, 300.0, 30.0], 10), 3) * np.repeat([3.0, 1.0, 0.3], 30),
        "orders": np.full(SIZE, 4.0),
    }
    found = usual | {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    period = Period("2025-12-31", "2025-01-01", "2025-12-31")
    return CustomerBase([f"c{k:02}" for k in range(SIZE)], found, period=period)


def plan_of(base: CustomerBase, **parameters: Any) -> Plan:
    graded = cg.scorer("matrix3x3").fit(base).grade(base)
    return cg.plan(graded, cg.policy("sales-service-mix", **parameters), "2026-01-01")


def finding(plan: Plan, name: str) -> Any:
    return next(one for one in (function(plan) for function in plan.policy.findings) if one.name == name)


def actions(cell: str, kind: str, **parameters: Any) -> list[Any]:
    treatment = cg.policy("sales-service-mix", **parameters).treatments[cell]
    return [action for action in treatment.actions if action.kind == kind]


def holds(action: Any, **columns: list[float]) -> list[bool]:
    size = len(next(iter(columns.values())))
    found: list[bool] = action.when.holds({name: np.array(values) for name, values in columns.items()}, size).tolist()
    return found


def test_saturated_large_customers() -> None:
    """001-1: who buys nearly all from us gets half the sales hours, and large ones get service for sales visits."""
    plan = plan_of(base_of(share_of_wallet=np.tile([0.9, 0.8, 0.7, np.nan, 0.1], 18)), saturated=0.8)
    hours = plan.sales_hours().reshape(9, 10)
    for cell in hours.tolist():
        assert [cell[2] / 2, cell[2] / 2, cell[2], cell[2], cell[2]] == cell[:5]
    for level in LEVELS:
        review = actions(f"Large/{level}", "review")[0]
        assert [True, False, False] == holds(review, share_of_wallet=[0.8, 0.79, np.nan])
    treatments = plan.policy.treatments
    assert treatments["Large/High"].level.service_hours.constant == 6.0
    assert hours[0, 2] < hours[6, 2]


def test_consultative_sales_for_the_small_who_pay_in_full() -> None:
    """001-2: small customers of high profitability get the most sales hours, and advice if they pay the full price."""
    plan = plan_of(base_of())
    hours = dict(zip(CELLS, plan.sales_hours().reshape(9, 10)[:, 0].tolist(), strict=True))
    assert max(hours, key=lambda cell: hours[cell]) == "Small/High"
    (advice,) = (action for action in actions("Small/High", "consult") if action.name == "consultative sales")
    assert [True, True, False, True] == holds(advice, full_price_share=[1.0, 0.95, 0.94, np.nan])


def test_large_and_over_serviced() -> None:
    """001-3: the finding `servicing` finds by hours, not by revenue, who gets more than the cell carries."""
    hours = np.full(SIZE, 1.0)
    hours[20:30] = 40.0
    found = finding(plan_of(base_of(service_hours=hours, sales_hours=np.ones(SIZE))), "servicing")
    assert [10] == [row[3] for row in found.rows if row[0] == "service" and row[2] == "over"]
    reviewed = [cell for cell in CELLS if any(one.name == "agree on service" for one in actions(cell, "review"))]
    assert ["Large/Low", "Medium/Low"] == reviewed


def test_small_with_potential() -> None:
    """001-4: small customers with potential get our time: advice, from the least potential on."""
    for level in LEVELS:
        found = [action for action in actions(f"Small/{level}", "consult", potential=500) if action.name == "potential"]
        assert [True, False, False] == holds(found[0], potential=[500.0, 499.0, np.nan])
    assert not any(action.name == "potential" for cell in CELLS[:6] for action in actions(cell, "consult"))


def test_sales_and_service_are_two_axes() -> None:
    """001-5: sales and service don't rise and fall together over the cells, and each is a column of the plan."""
    plan = plan_of(base_of())
    columns = plan.to_dict()
    sales, service = columns["sales_hours"], columns["service_hours"]
    assert sales[0] < sales[60] and service[0] > service[60]
    double = plan_of(base_of(), sales_hours=6)
    assert (2 * sales).tolist() == double.to_dict()["sales_hours"].tolist()
    assert service.tolist() == double.to_dict()["service_hours"].tolist()


def test_the_cells_are_those_of_the_scorer() -> None:
    """001-6: the policy has the scorer's nine cells, profitability within revenue."""
    assert cg.policy("sales-service-mix").grades == cg.scorer("matrix3x3").scale
    assert CELLS == list(cg.policy("sales-service-mix").treatments)


def test_the_quick_estimate() -> None:
    """001-7: grades from the estimate by ratings make a plan as those by margin do."""
    rating = np.tile(np.repeat([5.0, 3.0, 1.0], 10), 3)
    base = base_of(price_level=rating, effort=rating, promptness=rating)
    graded = cg.scorer("matrix3x3", profitability="estimate").fit(base).grade(base)
    plan = cg.plan(graded, cg.policy("sales-service-mix"), "2026-01-01")
    assert [10] * 9 == [plan.counts()[cell] for cell in CELLS]


def test_one_strategy_for_each_cell() -> None:
    """001-8: each of nine cells has one of the three strategies, each of which occurs, and something to do."""
    policy = cg.policy("sales-service-mix")
    found = [treatment.goal.partition(":")[0] for treatment in policy.treatments.values()]
    assert len(found) == 9
    assert {"maintain at lower cost", "move up", "cut expense"} == set(found)
    assert all(treatment.actions for treatment in policy.treatments.values())
    for better, worse in policy.grades.comparable():
        one, other = policy.treatments[better].level, policy.treatments[worse].level
        assert one.service_hours.constant >= other.service_hours.constant
        assert one.response_hours.constant <= other.response_hours.constant


def test_whether_the_mix_is_affordable() -> None:
    """001-9: the finding `capacity` compares the hours promised with those that there are."""
    plan = plan_of(base_of(), sales_available=100, service_available=50)
    rows = {row[0]: row for row in finding(plan, "capacity").rows}
    assert (100.0, 50.0) == (rows["sales"][2], rows["service"][2])
    assert rows["sales"][1] == pytest.approx(float(plan.sales_hours().sum()))
    assert rows["service"][1] == pytest.approx(float(plan.entitled("service_hours").sum()))


def test_what_one_per_cent_is_worth() -> None:
    """001-10: the finding `one-percent` has a row for each cell, and price is a hundredth of its revenue."""
    base = base_of()
    table = finding(plan_of(base), "one-percent").to_dict()
    assert CELLS == table["grade"].tolist()[:9]
    expected = base["revenue"].reshape(9, 10).sum(axis=1) / 100
    assert expected.tolist() == pytest.approx(table["more price"].tolist()[:9])


def test_the_detector() -> None:
    """detector: hours are judged against the cell's, scaled to the hours spent; without hours a proxy is named."""
    entitled = plan_of(base_of()).entitled("service_hours") * 365 / (365.25 / 4)
    fair = finding(plan_of(base_of(service_hours=entitled * 3, sales_hours=np.ones(SIZE))), "servicing")
    assert [("service", "fitting", SIZE)] == [(r[0], r[2], r[3]) for r in fair.rows if r[0] == "service" and r[3]]
    proxied = finding(plan_of(base_of()), "servicing")
    assert any("proxy" in note and "number of orders" in note for note in proxied.notes)


def test_the_tolerance() -> None:
    """detector: within the tolerance, hours fit; beyond it they don't."""
    hours = plan_of(base_of()).entitled("service_hours") * 365 / (365.25 / 4)
    hours[0] *= 1.4
    for tolerance, over in ((0.5, 0), (0.2, 1)):
        base = base_of(service_hours=hours, sales_hours=np.ones(SIZE))
        rows = finding(plan_of(base, tolerance=tolerance), "servicing").rows
        assert over == sum(row[3] for row in rows if row[0] == "service" and row[2] == "over")


def test_what_is_at_stake() -> None:
    """The money at stake is the cost of the hours at the two rates, or the cost to serve where hours are unknown."""
    hours = np.where(np.arange(SIZE) == 0, np.nan, 2.0)
    base = base_of(sales_hours=hours, service_hours=np.full(SIZE, 3.0), cost_to_serve=np.full(SIZE, 7.0))
    plan = plan_of(base, sales_rate=50, service_rate=30)
    assert [7.0, *[190.0] * (SIZE - 1)] == plan.at_stake.tolist()


def test_superstore() -> None:
    """On Superstore the plan has all 793 customers in nine cells, and everybody gets the base or more."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    plan = plan_of(cg.read_orders(SUPERSTORE, COLUMNS))
    assert [89, *[88] * 8, 0] == list(plan.counts().values())
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()


def test_no_breach() -> None:
    """The guard finds nothing in the policy, whatever the hours."""
    for hours in (0.0, 1.0, 6.0, 40.0):
        assert check_policy(cg.policy("sales-service-mix", service_hours=hours, response_hours=hours)) == ()


@pytest.mark.parametrize("parameter", ["saturated", "full_price"])
def test_a_share_out_of_bounds(parameter: str) -> None:
    """A share below 0 or above 1 is refused, with what is accepted."""
    with pytest.raises(ParameterError, match="give shares from 0 to 1"):
        cg.policy("sales-service-mix", **{parameter: 1.5})


def test_hours_have_no_noise() -> None:
    """Hours have at most two decimals, whatever they are multiplied by."""
    for hours in (6.0, 4.1, 7.7):
        policy = cg.policy("sales-service-mix", service_hours=hours, response_hours=hours / 3)
        for treatment in policy.treatments.values():
            for one in (treatment.level.service_hours.constant, treatment.level.response_hours.constant):
                assert len(repr(one).partition(".")[2]) <= 2
