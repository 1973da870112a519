"""What other projects got wrong with money and offers: reports 26, and 28 to 34."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import LogError, PolicyError
from custgrade.events import Event, EventLog, OfferTerms
from custgrade.planning import Offer, Reward, restoring

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, customers, gift, price, rows, shop_policy
finally:
    sys.path.pop(0)

LOSING = {"revenue": [1000.0], "profit": [10.0]}


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.sampled_from([3.33, 3.34, 10.0, 33.33, 0.01]), min_size=1, max_size=8),
    budget=st.sampled_from([10.0, 33.33, 43.33, 66.66, 100.0]),
    random=st.randoms(),
)
def test_26_no_cent_depends_on_the_order(values, budget, random):
    """Equal customers share one fate, sums are exact to the cent, and the order of rows and ids changes nothing."""
    policy = shop_policy(a=[Reward("gift", "gift", lambda c: c["potential"], 3)], budgets=(budget, None, None))

    def given_to(order, ids):
        some = customers("A" * len(values), [ids[k] for k in order], potential=[values[k] for k in order])
        plan = cg.plan(some, policy, "2026-01-01")
        found = {ids.index(row.customer): row.money for row in rows(plan)}
        total = sum(round(100 * money) for money in found.values())
        assert total == round(100 * plan.summary()[0].rewards) <= round(100 * budget)
        return found

    first = given_to(list(range(len(values))), [f"a{k}" for k in range(len(values))])
    order, ids = list(range(len(values))), [f"z{k:02}" for k in range(len(values))]
    random.shuffle(order)
    random.shuffle(ids)
    assert given_to(order, ids) == first


def test_26_three_equals_never_get_ten_between_them(tmp_path):
    """Of three equal customers and a budget for two, all wait; with the missing cent, all get it."""
    short, enough = (shop_policy(a=[gift(3, 3.34)], budgets=(money, None, None)) for money in (10.01, 10.02))
    assert Shop(tmp_path, short, "AAA").due("2026-01-01") == []
    assert [row.money for row in Shop(tmp_path, enough, "AAA").due("2026-01-01")] == [3.34] * 3


def test_28_what_is_taken_back_and_given_again_counts_twice(tmp_path):
    """A voided gift frees the budget; if another gets it and the first is recorded again, the plan says so."""
    policy = shop_policy(a=[gift(1, 50)], budgets=(50.0, None, None), hold_days=0)
    shop = Shop(tmp_path, policy, "AB")
    shop.run("2026-01-01")
    first = Event("C0", "gift", "gift", "2026-01-01", number=1, money=50, treatment="A", policy="shop")
    shop.log.void(first, reason="sent back", author="Ann")
    both = customers("BA")
    assert [row.customer for row in shop.run("2026-01-02", graded=both)] == ["C1"]
    shop.log.add(first)
    plan = shop.plan("2026-02-02", graded=customers("AA"))
    assert rows(plan) == []
    assert {(row.customer, row.why) for row in rows(plan, "waits")} == {("C0", "the budget"), ("C1", "the budget")}
    assert (
        "A: 100.00 are spent from 2026-01-01 to 2026-12-31, which is 50.00 more than the budget of 50.00" in plan.notes
    )


def test_29_money_has_one_currency(tmp_path):
    """Customers in dollars don't fit a log in euros, nor do events; customers without a currency fit any log."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]))
    shop.log.add(Event("C0", "gift", "gift", "2025-12-31", money=5), currency="EUR")
    given = shop.graded

    def in_currency(currency):
        base = cg.CustomerBase(["C0"], {"revenue": [1e3], "profit": [1e2]}, period=given.base.period, currency=currency)
        return cg.Graded(base, given.scale, given.codes, given.scores, given.reasons)

    with pytest.raises(PolicyError, match="the log is in EUR, and the customers' amounts are in USD"):
        shop.plan("2026-01-01", graded=in_currency("USD"))
    shop.plan("2026-01-01", graded=in_currency("EUR"))
    assert len(shop.run("2026-01-01")) == 0
    with pytest.raises(LogError, match="the log is in EUR; received events in USD"):
        shop.log.add(Event("C0", "gift", "gift", "2026-02-01", money=5), currency="USD")


def released(path: Path) -> Shop:
    """Return a shop whose customer declined on 16 January 2026 and left on 21 March."""
    shop = Shop(path, shop_policy(a=[gift()], c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    shop.say("declined", "2026-01-16")
    shop.run("2026-01-16")
    shop.run("2026-01-20")
    assert [row.kind for row in shop.run("2026-03-21")] == ["end"]
    return shop


def test_30_who_has_left_is_left_alone(tmp_path):
    """Customers whose business has ended get no offer, no gift and no contact; they are counted."""
    shop = released(tmp_path)
    for grade in "CA":
        plan = shop.plan("2026-06-01", graded=customers(grade, **LOSING))
        assert rows(plan, "due", "upcoming", "waits") == []
        assert "nothing is planned for 1 customer, because the business with them has ended" in plan.notes


def test_30_an_offer_under_way_is_the_only_one(tmp_path):
    """A customer with an offer of another policy gets none of this one, which says so."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    other = shop_policy(c=[price()], name="other")
    plan = shop.plan("2026-01-02", policy=other)
    assert rows(plan, "due", "upcoming") == []
    assert "no new offer for 1 customer, because an offer of another policy is under way" in plan.notes


@pytest.mark.parametrize(("day", "kinds"), [("2027-01-09", []), ("2027-01-10", ["explain"])])
def test_30_who_has_signed_is_asked_again_after_a_year(tmp_path, day, kinds):
    """Twelve months after a signature, and not before, the next offer may begin."""
    shop = signed(tmp_path)
    shop.run("2026-02-09")
    plan = shop.plan(day)
    assert [row.kind for row in rows(plan)] == kinds
    said = "no new offer for 1 customer, because their last one was too short a time ago"
    assert (said in plan.notes) is not bool(kinds)


def signed(path: Path) -> Shop:
    """Return a shop whose customer signed on 10 January 2026, with 30 days of notice."""
    shop = Shop(path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    shop.say("signed", "2026-01-10")
    return shop


def test_30_what_was_signed_holds_after_the_notice(tmp_path):
    """From the day after the notice has passed, what was signed is to be put into effect, once."""
    shop = signed(tmp_path)
    columns = shop.plan("2026-01-10").to_dict()
    assert (columns["next"].tolist(), columns["next_day"].astype(str).tolist()) == (["apply"], ["2026-02-09"])
    assert shop.due("2026-02-08") == []
    (row,) = shop.run("2026-02-20")
    assert (row.kind, row.due, row.what) == (
        "apply",
        "2026-02-09",
        "put into effect what was signed: the package that fits",
    )
    assert rows(shop.plan("2026-02-20"), "due", "upcoming") == []
    assert shop.plan("2026-02-20").to_dict()["next"].tolist() == [""]


@pytest.mark.parametrize("revenue", [0.0, -500.0, math.nan])
def test_31_a_share_of_nothing_is_no_offer(tmp_path, revenue):
    """Customers without revenue, or with an unknown one, aren't asked for more money; the plan says why."""
    offer = Offer(
        "price",
        "the price that restores the floor",
        explain="what serving you takes",
        alternatives="more volume",
        rise=restoring(revenue=1500.0),
    )
    shop = Shop(tmp_path, shop_policy(c=[offer]), "C", revenue=[revenue], profit=[-5.0])
    plan = shop.plan("2026-01-01")
    assert [row for row in rows(plan, "due", "upcoming") if row.kind == "explain"] == []
    assert any(note.startswith("C: no offer for 1 customer, because") for note in plan.notes)


def test_31_who_cannot_pay_more_is_offered_a_package(tmp_path):
    """Where a rise is too steep, the next offer applies: a package without a rise."""
    offer = Offer("price", "a price", explain="costs", alternatives="more volume", rise=restoring(revenue=1500.0))
    shop = Shop(tmp_path, shop_policy(c=[offer, price(when=None)]), "C", revenue=[0.0], profit=[-5.0])
    assert [(row.kind, row.item) for row in shop.due("2026-01-01")] == [("explain", "package")]


def test_32_two_offers_of_one_customer_are_an_error(tmp_path):
    """A second offer of the same day is refused, in one write and in a later one, and the first one stays."""
    log = EventLog(tmp_path / "log.db")
    first, second = (Event("C0", "explained", name, "2026-01-01", policy="shop") for name in ("price", "package"))
    with pytest.raises(LogError, match=r"the offer is explained; what may follow is: offered, withdrawn"):
        log.add([first, second])
    log.add(first)
    with pytest.raises(LogError, match=r"the offer is explained; what may follow is: offered, withdrawn"):
        log.add(second)
    assert [one.name for one in log.events()] == ["price"]


@pytest.mark.parametrize("after", ["silence", "a no"])
def test_33_a_late_yes_is_a_choice(tmp_path, after):
    """A signature after the last day, or after a no, is accepted and marked late, or refused if asked for."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    if after == "a no":
        shop.say("declined", "2026-01-05")
    yes = Event("C0", "signed", "package", "2026-01-20")
    with pytest.raises(LogError, match="late answers are refused"):
        shop.log.add(yes, late=False)
    assert shop.log.add(yes).written == 1
    assert shop.plan("2026-01-20").to_dict()["offer_state"].tolist() == ["signed late"]
    assert [row.kind for row in rows(shop.plan("2026-01-20"), "upcoming")] == ["apply"]


def test_34_moves_have_their_order(tmp_path):
    """An answer before the offer, one after the end, and an end before the transition's last day are refused."""
    log = EventLog(tmp_path / "log.db")
    with pytest.raises(LogError, match="there is no offer; what may follow is: explained"):
        log.add(Event("C0", "signed", "package", "2026-01-01"))
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    with pytest.raises(LogError, match="it comes before 'offered' of 2026-01-02, which is recorded"):
        shop.say("signed", "2026-01-01")
    shop.say("declined", "2026-01-16")
    shop.run("2026-01-16")
    shop.run("2026-01-20")
    with pytest.raises(LogError, match="the transition isn't over yet"):
        shop.say("ended", "2026-02-01")
    shop.run("2026-03-21")
    with pytest.raises(LogError, match="the offer is ended; what may follow is: explained"):
        shop.say("signed", "2026-03-22")


def test_34_what_is_later_than_the_plan_is_left_out_and_counted(tmp_path):
    """A plan takes no notice of events after its day, and says how many there are."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    before = rows(shop.plan("2026-01-02"), "due", "upcoming")
    terms = OfferTerms(what="the package that fits").text()
    shop.say("offered", "2026-01-05", until="2026-01-20", terms=terms)
    plan = shop.plan("2026-01-02")
    assert rows(plan, "due", "upcoming") == before
    assert plan.to_dict()["offer_state"].tolist() == ["explained"]
    assert "the log has 1 event after the day of the plan, left out here" in plan.notes
    assert np.isnat(plan.to_dict()["next_day"]).sum() == 0
