"""What other projects got wrong at boundaries and in selecting: reports 19, and 21 to 25."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path

import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import PolicyError
from custgrade.findings import servicing
from custgrade.planning import Action, Policy, Reward, ServiceLevel, Treatment
from custgrade.plugins import ScaleAxis

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, customers, gift, price, rows, shop_policy
finally:
    sys.path.pop(0)


def test_19_nothing_is_a_value(tmp_path):
    """A budget of 0 gives nothing that costs money, a gift worth 0 is given, and no budget has no limit."""
    gifts = [gift(3, 10), Reward("card", "thanks", 0, 3)]
    found = {
        budget: {
            row.item for row in Shop(tmp_path, shop_policy(a=gifts, budgets=(budget, None, None))).due("2026-01-01")
        }
        for budget in (0.0, 10.0, None)
    }
    assert found == {0.0: {"card"}, 10.0: {"gift", "card"}, None: {"gift", "card"}}


def test_19_a_floor_of_nothing_is_a_floor(tmp_path):
    """A customer whose margin is exactly 0 meets a floor of 0; one cent below it, the offer is made."""
    policy = shop_policy(c=[price(when=lambda c: c["margin"] < 0.0)])
    shop = Shop(tmp_path, policy, "CC", revenue=[100.0] * 2, profit=[0.0, -0.01])
    assert [row.customer for row in shop.run("2026-01-01")] == ["C1"]
    assert shop.due("2026-01-01") == []


def test_19_no_hold_time_is_no_hold_time(tmp_path):
    """With hold_days = 0, a customer who falls is served by the new grade on the same day, and gets no notice."""
    shop = Shop(tmp_path, shop_policy(a=[gift(1, 10)], hold_days=0), "A")
    shop.run("2026-01-01")
    plan = shop.plan("2026-02-01", graded=customers("C"))
    assert plan.to_dict()["served_as"].tolist() == ["C"]
    assert rows(plan, "due", "upcoming") == []


def wrong_grades():
    good = shop_policy().treatments
    one = good["A"]
    return {
        "a grade that the scale lacks": ({**good, "D": one}, "has a treatment for 'D', which isn't among its grades"),
        "a grade without treatment": ({"A": one, "B": one}, "has no treatment for C; each of its grades needs one"),
        "another case": ({"a": one, "B": one, "C": one}, "has a treatment for 'a', which isn't .*Did you mean 'A'"),
        "no grade": ({**good, "": one}, "has a treatment for '', which isn't among its grades"),
    }


@pytest.mark.parametrize("name", wrong_grades())
def test_21_a_wrong_grade_is_named(name):
    """A treatment too many, one too few, one for a misspelt grade and one for an empty one are errors of their own."""
    treatments, message = wrong_grades()[name]
    with pytest.raises(PolicyError, match=message):
        shop_policy(treatments=treatments)


def test_21_the_same_grade_twice_is_an_error():
    """Two grades of one name can't be told apart."""
    with pytest.raises(cg.CustgradeError, match="A"):
        shop_policy(grades="AAB")


def test_21_customers_whose_grade_has_no_treatment_are_refused(tmp_path):
    """A scale with a further grade gets no treatment by default: the grade must be mapped."""
    four = shop_policy(grades="ABCD", treatments={**shop_policy().treatments, "D": shop_policy().treatments["C"]})
    assert cg.plan(customers("ABC"), four, "2026-01-01", log=Shop(tmp_path, four).log).counts()["D"] == 0
    two = shop_policy(grades="AB", treatments={grade: shop_policy().treatments[grade] for grade in "AB"})
    with pytest.raises(PolicyError, match="has no treatment for C of the scale"):
        Shop(tmp_path, two, "ABC").plan("2026-01-01")
    plan = Shop(tmp_path, two, "ABC").plan("2026-01-01", grades={"C": "B"})
    assert plan.counts()["B"] == 2


PARAMETERS = {
    "hold_days": (0, "B", "2026-03-01"),
    "pause_months": (1, "A", "2026-07-01"),
    "contact_limit": (1, "A", "2026-01-02"),
    "days_off": (["friday"], "C", "2026-01-02"),
    "budget_months": (1, "A", "2026-02-01"),
    "gift_limit_year": (250.0, "A", "2026-04-01"),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_22_each_parameter_for_plans_with_a_log_changes_one(tmp_path, name):
    """No parameter is accepted and ignored: another value makes another plan from the same log."""
    value, grade, day = PARAMETERS[name]
    parts = [gift(3, 50), gift_card(), TALK]
    policy = shop_policy(a=parts, b=[TALK], c=[price(), TALK], budgets=(60.0, None, None))
    shop = Shop(tmp_path, policy, "AAC", revenue=[1000.0] * 3, profit=[100.0, 90.0, 10.0])
    shop.run("2026-01-01")
    shop.say("gift", "2026-01-01", name="voucher", money=450, policy="another")
    if name == "pause_months":
        shop.log.enter(shop.plan("2026-02-01", graded=customers("BBB")))
        shop.log.enter(shop.plan("2026-06-10", graded=customers("AAA")))
    graded = customers(grade * 3, revenue=[1000.0] * 3, profit=[100.0, 90.0, 10.0])
    plans = [shop.plan(day, graded=graded, policy=one) for one in (policy, evolve(policy, **{name: value}))]
    one, other = ([rows(plan, "due", "upcoming", "waits"), str(plan.to_dict())] for plan in plans)
    assert one != other


def gift_card():
    return Reward("card", "thanks", 0, 1)


TALK = Action("talk", "sit-down", "talk about the year", after=1, hours=1)


@pytest.mark.parametrize(("name", "value"), [("remind_days", 3), ("again", 24), ("notice_days", 60), ("open_days", 28)])
def test_22_each_parameter_of_an_offer_changes_a_plan(tmp_path, name, value):
    """Reminder, next round, notice and window of an offer are each seen in a plan of the same log or its successor."""
    found = []
    for k, changes in enumerate(({}, {name: value})):
        (tmp_path / str(k)).mkdir()
        shop = Shop(tmp_path / str(k), shop_policy(c=[price(**changes)]), "C", revenue=[1000.0], profit=[10.0])
        shop.run("2026-01-01")
        shop.run("2026-01-02")
        said = [rows(shop.plan("2026-01-02"), "due", "upcoming")]
        shop.say("signed", "2026-01-10")
        said.append(rows(shop.plan("2026-01-10"), "due", "upcoming"))
        shop.run("2026-06-01")
        said.append(rows(shop.plan("2027-03-01"), "due", "upcoming"))
        found.append(said)
    assert found[0] != found[1]


def nine_cells(missing=()):
    scale = cg.GradeScale(
        [ScaleAxis("size", ("Large", "Middle", "Small")), ScaleAxis("margin", ("High", "Middle", "Low"))]
    )
    level = ServiceLevel(8, 1, "team")
    cells = {grade: Treatment("keep", level=level, way_up="buy more") for grade in scale.grades}
    return scale, {grade: one for grade, one in cells.items() if grade not in missing}


def test_23_eight_of_nine_cells_are_not_enough():
    """A matrix of 3 × 3 without one cell is refused and names it; with all nine it is a policy."""
    scale, cells = nine_cells()
    left_out = scale.grades[4]
    with pytest.raises(PolicyError, match=f"has no treatment for {left_out}"):
        Policy("matrix", "each cell", scale, nine_cells([left_out])[1])
    assert len(Policy("matrix", "each cell", scale, cells).treatments) == 9


def test_23_all_combinations_of_three_axes_have_a_treatment():
    """A scale of 5 × 5 × 5 has 125 grades, each with a treatment; 124 aren't enough."""
    scale = cg.GradeScale([ScaleAxis(name, "54321") for name in ("recency", "frequency", "money")])
    assert len(scale.grades) == len(list(itertools.product("54321", repeat=3))) == 125
    cells = {grade: Treatment("keep", way_up="buy more") for grade in scale.grades}
    assert len(Policy("rfm", "each cell", scale, cells).by_place) == 126
    cells.popitem()
    with pytest.raises(PolicyError, match="has no treatment for"):
        Policy("rfm", "each cell", scale, cells)


def test_24_unknown_hours_are_not_no_hours(tmp_path):
    """Without the hours that were spent, nobody is over- or under-serviced: it is unknown, and said so."""
    plan = Shop(tmp_path, shop_policy(a=[gift()]), "AB").plan("2026-01-01")
    found = plan.servicing("sales")
    assert found.verdict.tolist() == [0, 0]
    assert all(map(math.isnan, found.spent.tolist()))
    assert servicing(plan).says[0] == "Sales: unknown, as the data has no sales_hours."


def test_25_ungraded_customers_are_asked_and_left_in_peace(tmp_path):
    """Customers without a grade have the base level, are asked what they need, and get no offer over two years."""
    shop = Shop(tmp_path, shop_policy(a=[gift()], c=[price()]), "-", revenue=[1000.0], profit=[-10.0])
    kinds = [row.kind for day in ("2026-01-01", "2026-02-01", "2027-01-01", "2027-12-31") for row in shop.run(day)]
    assert kinds == ["ask"]
    columns = shop.plan("2027-12-31").to_dict()
    assert (columns["response_hours"].tolist(), columns["service_hours"].tolist()) == ([24.0], [0.5])
    assert columns["offer"].tolist() == [""]


@pytest.mark.parametrize(("state", "kinds"), [("explained", ["withdraw"]), ("open", []), ("declined", ["withdraw"])])
def test_25_who_loses_the_grade_is_not_released(tmp_path, state, kinds):
    """A customer without a grade may accept an open offer, and isn't asked for more or handed over meanwhile."""
    shop = Shop(tmp_path, shop_policy(c=[price()], hold_days=0), "C", revenue=[1000.0], profit=[10.0])
    shop.run("2026-01-01")
    if state != "explained":
        shop.run("2026-01-02")
    if state == "declined":
        shop.say("declined", "2026-01-05")
    now = customers("-", revenue=[math.nan], profit=[math.nan])
    found = [(row.kind, row.what) for row in shop.due("2026-01-06", graded=now) if row.kind != "ask"]
    assert found == [(kind, "withdraw: the customer has no grade now") for kind in kinds]
