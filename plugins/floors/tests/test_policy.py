"""The policy `packages`: each requirement of its text, its sums on real data, and its parameters."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import CustomerBase, Plan
from custgrade.errors import ParameterError
from custgrade.findings import slipped
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
DECIDED = {"margin": 0.05, "average_sale": 150}
CENT = Fraction(1, 100)


def base_of(**columns: Any) -> CustomerBase:
    size = len(next(iter(columns.values())))
    found = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return CustomerBase([f"c{k}" for k in range(size)], found)


def plan_of(base: CustomerBase, **parameters: Any) -> Plan:
    graded = cg.scorer("floors", floors=DECIDED).fit(base).grade(base)
    return cg.plan(graded, cg.policy("packages", **parameters), "2026-01-01")


def offers(plan: Plan) -> list[str]:
    found = plan.offer_names()
    return [found.texts[code] for code in found.codes.tolist()]


@pytest.fixture(scope="module")
def superstore() -> CustomerBase:
    """The customers of Superstore."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return cg.read_orders(SUPERSTORE, COLUMNS)


@cache
def exact() -> dict[str, tuple[Fraction, Fraction, int]]:
    """Revenue, profit and orders of each customer of Superstore, added up in fractions."""
    money: dict[str, list[Fraction]] = {}
    orders: dict[str, set[str]] = {}
    with SUPERSTORE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            one = money.setdefault(row["Customer ID"], [Fraction(0), Fraction(0)])
            one[0] += Fraction(row["Sales"])
            one[1] += Fraction(row["Profit"])
            orders.setdefault(row["Customer ID"], set()).add(row["Order ID"])
    return {customer: (one[0], one[1], len(orders[customer])) for customer, one in sorted(money.items())}


def rounded(value: Fraction, places: int) -> Fraction:
    """A value rounded half up, as the fields `margin` and `average_sale` are."""
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def met(customer: tuple[Fraction, Fraction, int], rise: Fraction, margin: Fraction, sale: Fraction) -> bool:
    revenue, profit, orders = customer
    return rounded((profit + rise) / (revenue + rise), 10) >= margin and rounded((revenue + rise) / orders, 8) >= sale


def least_rise(customer: tuple[Fraction, Fraction, int], margin: Fraction, sale: Fraction) -> Fraction:
    """The least rise in cents, by halving between nothing and a rise that surely suffices."""
    low, high = -1, 1
    while not met(customer, high * CENT, margin, sale):
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if middle >= 0 and met(customer, middle * CENT, margin, sale) else (middle, high)
    return high * CENT


def learned(share: Fraction, value: Callable[[tuple[Fraction, Fraction, int]], Fraction]) -> Fraction:
    """The value that this share of the customers reaches."""
    ranked = sorted(map(value, exact().values()), reverse=True)
    return ranked[math.ceil(share * len(ranked)) - 1]


def test_decided_floors_restore_126405_09(superstore: CustomerBase) -> None:
    """The rises that restore a margin of 5 % and a sale of 150 are those of fractions; one cent less never suffices."""
    graded = cg.scorer("floors").fit(superstore).grade(superstore)
    plan = cg.plan(graded, cg.policy("packages", margin=0.05, average_sale=150), "2018-01-01")
    needed = [least_rise(one, Fraction(1, 20), Fraction(150)) for one in exact().values()]
    assert list(exact()) == [str(one) for one in superstore.ids]
    assert [float(one) for one in needed] == plan.at_stake.tolist()
    assert sum(needed) == Fraction("126405.09")


def test_proposed_floors_restore_171008_40(superstore: CustomerBase) -> None:
    """The rises that restore the floors that the scorer has learned are those of fractions."""
    graded = cg.scorer("floors").fit(superstore).grade(superstore)
    policy = cg.policy("packages", margin="proposed", average_sale="proposed")
    margin = learned(Fraction(3, 4), lambda one: rounded(one[1] / one[0], 10))
    sale = learned(Fraction(3, 4), lambda one: rounded(one[0] / one[2], 8))
    needed = [least_rise(one, margin, sale) for one in exact().values()]
    assert [float(one) for one in needed] == cg.plan(graded, policy, "2018-01-01").at_stake.tolist()
    assert sum(needed) == Fraction("171008.40")


def test_all_floors_are_met_with_the_rise(superstore: CustomerBase) -> None:
    """With the rise everybody reaches both floors by the library's own fields, and with one cent less nobody does."""
    graded = cg.scorer("floors").fit(superstore).grade(superstore)
    rise = np.round(cg.plan(graded, cg.policy("packages"), "2018-01-01").at_stake * 100)

    def missed(cents: np.ndarray) -> np.ndarray:
        paid = {name: superstore[name] + cents / 100.0 for name in ("revenue", "profit")}
        after = CustomerBase(superstore.ids, {**paid, "orders": superstore["orders"]})
        return (after["margin"] < 0.05) | (after["average_sale"] < 150.0)

    assert not missed(rise).any()
    assert missed(rise - 1.0)[rise > 0.0].all()


def test_everybody_gets_one_offer_on_superstore(superstore: CustomerBase) -> None:
    """Each of the 793 customers gets an explained offer, those with a loss a price, a package or a talk."""
    graded = cg.scorer("floors").fit(superstore).grade(superstore)
    plan = cg.plan(graded, cg.policy("packages"), "2018-01-01")
    found = np.array(offers(plan))
    losing = superstore["profit"] < 0.0
    assert len(plan) == 793 and losing.sum() == 155
    assert set(found.tolist()) <= {"contract", "price", "package", "talk"}
    assert "contract" not in found[losing] and "talk" in found[losing]
    single = superstore["orders"] < 2.0
    assert set(found[single].tolist()) <= {"contract", "talk"}
    for _, treatment in plan.policy.by_place:
        assert all(offer.explain for offer in treatment.offers)
    assert (plan.entitled("response_hours") <= 24.0).all() and (plan.entitled("service_hours") >= 0.5).all()


def test_floors_are_proposed_then_decided() -> None:
    """002-1: `proposed` takes the floors that the scorer has learned; a number is the user's decision."""
    base = base_of(revenue=[1000, 1000, 1000, 1000], profit=[400, 300, 200, 100], orders=[5, 5, 5, 5])
    graded = cg.scorer("floors", floors={"margin": "proposed"}, reached_by="0.5").fit(base).grade(base)
    plan = cg.plan(graded, cg.policy("packages", margin="proposed", average_sale=0), "2026-01-01")
    assert [0.0, 0.0, 142.86, 285.72] == plan.at_stake.tolist()
    decided = cg.plan(graded, cg.policy("packages", margin=0.2, average_sale=0), "2026-01-01")
    assert [0.0, 0.0, 0.0, 125.0] == decided.at_stake.tolist()


def test_packages_with_minimum_sizes() -> None:
    """002-2: customers get the first package whose minimum sizes they reach, closed, and some fit none."""
    base = base_of(
        revenue=[1000, 999, 500, 499, 150, 49], profit=[300, 300, 100, 100, 50, 10], orders=[4, 4, 1, 1, 3, 1]
    )
    plan = plan_of(base)
    names = [package.name if (package := plan.package_of(row)) else None for row in range(6)]
    assert ["maintenance", "trial", "project", "trial", "trial", None] == names


def test_who_fits_no_package() -> None:
    """002-2: the finding `package-fit` counts, by the grades of another scheme, who fits none."""
    base = base_of(revenue=[1000, 900, 100, 40], profit=[300, 300, 10, 10], orders=[4, 4, 1, 1])
    plan = plan_of(base)
    (fits,) = plan.policy.findings
    letters = cg.scorer("abcde", letters="AB", shares=["0.5", "0.5"]).fit(base).grade(base)
    table = fits(plan, by=letters).to_dict()
    assert ["A", "B"] == table["grade"].tolist()[:2]
    assert [0, 1] == table["no package"].tolist()[:2]


def test_service_levels_of_packages() -> None:
    """002-3: each package says how much time, who and how quickly, and is at least the base."""
    policy = cg.policy("packages")
    assert ["maintenance", "project", "trial"] == [package.name for package in policy.packages]
    for package in policy.packages:
        level = package.level
        assert level is not None and level.who and level.desk
        assert level.response_hours.constant <= policy.base.response_hours.constant
        assert level.service_hours.constant >= policy.base.service_hours.constant
        assert package.what and package.price is not None


def test_payment_and_termination() -> None:
    """002-4: projects and trials pay a deposit at the onset, and both sides' notice is stated, ours no shorter."""
    policy = cg.policy("packages", deposit=0.4, our_notice_days=45, their_notice_days=20)
    deposits = {package.name: package.terms.deposit.constant for package in policy.packages}
    assert {"maintenance": 0.0, "project": 0.4, "trial": 0.4} == deposits
    for terms in [*(one.terms for one in policy.packages), *(one.terms for one in policy.treatments.values())]:
        assert (45, 20) == (terms.our_notice_days, terms.their_notice_days)


def test_an_offer_to_every_customer() -> None:
    """002-5: the same price where floors are reached, else a price; where it is too steep, a package or a talk."""
    base = base_of(
        revenue=[1000, 1000, 1000, 200, 36, 150], profit=[50, 49, -900, 10, 9, 7.5], orders=[5, 5, 5, 5, 1, 1]
    )
    plan = plan_of(base)
    assert ["contract", "price", "talk", "package", "talk", "contract"] == offers(plan)
    assert [0.0, 1.06, 0.0, 0.0, 0.0, 0.0] == plan.rise.tolist()
    for offer in plan.policy.treatments["below"].offers:
        assert 14 <= offer.open_days <= 28


def test_only_terms_of_an_offer_are_new() -> None:
    """002-5: no treatment asks for a deposit or shortens the days to pay, and a package that one has isn't offered."""
    policy = cg.policy("packages")
    for _, treatment in policy.by_place:
        assert (0.0, 30.0) == (treatment.terms.deposit.constant, treatment.terms.payment_days.constant)
    rng = np.random.default_rng(1)
    revenue, orders_ = rng.uniform(20, 3000, 300), rng.integers(1, 9, 300)
    plan = plan_of(base_of(revenue=revenue, profit=revenue * rng.uniform(-1, 0.3, 300), orders=orders_))
    found = np.array(offers(plan))
    assert {"contract", "price", "package", "talk"} == set(found.tolist())
    assert [None] == list({plan.package_of(row) for row in np.flatnonzero(found == "package").tolist()})


def test_one_order_ends_no_business() -> None:
    """002-7: a customer with a single order gets no offer that ends by a decline or by silence."""
    plan = plan_of(base_of(revenue=[36, 36], profit=[-5, 5], orders=[1, 1]))
    (talk,) = [offer for offer in plan.policy.treatments["below"].offers if offer.name == "talk"]
    assert ["talk", "talk"] == offers(plan)
    assert (None, "keep", False) == (talk.transition, talk.silence, talk.raises)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "an average order of at least 150, and 5 % of what you pay left after the costs"),
        ({"average_sale": 12500.5, "margin": 0.07}, "an average order of at least 12,500.5, and 7 % of what you pay"),
        ({"average_sale": "proposed", "margin": "proposed"}, "an average order of a least size, and a part of what"),
    ],
)
def test_the_minimum_is_said(parameters: dict[str, Any], said: str) -> None:
    """002-6: the explanation says the minimum, and is true for customers who miss either floor."""
    treatment = cg.policy("packages", **parameters).treatments["below"]
    for offer in treatment.offers[1:]:
        assert said in offer.explain
        assert "your orders of today are smaller on average, or leave less" in offer.explain
    assert said in treatment.way_up


def test_ungraded_customers_get_the_contract() -> None:
    """002-5: customers without a grade keep their price, in writing, and are asked what they need."""
    plan = plan_of(base_of(revenue=[1000, np.nan], profit=[50, np.nan], orders=[5, np.nan]))
    assert plan.counts()["ungraded"] == 1
    assert "contract" == offers(plan)[1]


def test_the_sit_down() -> None:
    """002-6: every grade has a sit-down within a week, before its offer, and a sheet of what to explain."""
    for treatment in cg.policy("packages").treatments.values():
        (sit_down,) = treatment.actions
        assert sit_down.kind == "sit-down" and sit_down.after <= 7
        assert all(offer.after > sit_down.after for offer in treatment.offers)
        assert "package" in treatment.sheet


@pytest.mark.parametrize("to", ["partner", "in-house"])
def test_the_transition_after_a_decline(to: str) -> None:
    """002-7: a decline leads to another provider or in-house, with a name, days and a scope; or all stays the same."""
    policy = cg.policy("packages", after_decline=to, partner="Smith & Co.", transition_days=90)
    for offer in policy.treatments["near"].offers[1:3]:
        assert (to, "Smith & Co.", 90) == (offer.transition.to, offer.transition.referral, offer.transition.days)
        assert offer.transition.scope
    kept = cg.policy("packages", after_decline="keep")
    assert all(offer.transition is None for offer in kept.treatments["near"].offers)


def test_who_has_slipped() -> None:
    """002-8: with the frozen model, the finding `slipped` names who is below since the last period."""
    before = base_of(revenue=[1000, 1000, 1000], profit=[100, 100, 10], orders=[5, 5, 5])
    after = base_of(revenue=[1000, 1000, 1000], profit=[100, 10, 100], orders=[5, 5, 5])
    model = cg.scorer("floors", floors=DECIDED).fit(before)
    plans = [cg.plan(model.grade(base), cg.policy("packages"), "2026-01-01") for base in (after, before)]
    assert [False, True, False] == slipped(plans[0], plans[1]).per_customer["slipped"].tolist()


def test_nobody_pays_more_than_a_new_customer() -> None:
    """The price of a package for a new customer is no less than what a customer pays with the rise."""
    base = base_of(revenue=[1000, 1000, 1000, 200], profit=[50, 10, -900, 20], orders=[5, 5, 5, 4])
    plan = plan_of(base)
    rows = np.arange(4)
    for package in plan.policy.packages:
        price = plan.customer_columns.values(package.price, rows)
        assert (price >= base["revenue"] + plan.rise - 1e-9).all()


def test_no_breach_on_any_scale() -> None:
    """The guard finds nothing in the policy on its own grades, nor on any scale that it maps."""
    base = base_of(
        revenue=np.arange(1, 41) * 100.0,
        profit=np.arange(40) * 5.0 - 50.0,
        orders=np.full(40, 4),
        product_mix=np.full(40, 2),
    )
    for scheme in ("abcd", "abcde", "floors", "top10", "matrix3x3"):
        assert check_policy(cg.policy("packages"), cg.scorer(scheme).scale) == ()
        cg.plan(cg.scorer(scheme).fit(base).grade(base), cg.policy("packages"), "2026-01-01")


@pytest.mark.parametrize("parameter", ["margin", "average_sale"])
def test_a_floor_that_is_no_number(parameter: str) -> None:
    """A text other than `proposed` is refused, with what is accepted."""
    with pytest.raises(ParameterError, match=f"'high' for {parameter}; give a number or 'proposed'"):
        cg.policy("packages", **{parameter: "high"})
