"""Each rule's line: one policy that just passes, and one that just fails."""

import sys
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import RespectError
from custgrade.planning import Action, Entitlement, Incentive, Offer, Package, Reward, ServiceLevel, Terms, check_policy

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import (
        ASK,
        BASE,
        GOOD,
        OFFER,
        ON,
        A,
        B,
        club,
        graded,
        offer,
        package,
        party,
        priced,
        released,
        with_a,
        with_b,
        with_ungraded,
    )
finally:
    sys.path.pop(0)


def level(hours, service, **rest):
    return with_b(level=ServiceLevel(hours, service, **rest))


def terms(**new):
    return with_b(terms=Terms(**{"payment_days": 14, **new}))


def base(hours):
    slow = ServiceLevel(hours, 0.5)
    return evolve(GOOD, base=slow, treatments={"A": A, "B": evolve(B, level=slow)})


def visits(a, b):
    def one(count):
        return {} if count is None else {"visits": Entitlement(count)}

    return evolve(
        GOOD,
        treatments={
            "A": evolve(A, level=ServiceLevel(4, 4, "team", further=one(a))),
            "B": evolve(B, level=evolve(BASE, further=one(b))),
        },
    )


def gift(value, every=12, **new):
    return evolve(with_a(rewards=[Reward("basket", "gift", value, every=every)]), **new)


KEEP = evolve(OFFER, transition=None, silence="keep")

DECLARED = [
    ("R01", "response", level(24, 0.5), level(24.5, 0.5)),
    ("R01", "hours", level(24, 0.5), level(24, 0.49)),
    ("R02", "response", base(40), base(40.5)),
    ("R03", "response", level(4, 0.5), level(3.9, 0.5)),
    ("R03", "hours", level(24, 4), level(24, 4.1)),
    ("R03", "desk", level(24, 0.5, desk="team"), level(24, 0.5, desk="named person")),
    ("R03", "further", visits(2, 2), visits(2, 3)),
    ("R03", "further, nothing against 0", visits(None, 0), visits(None, 1)),
    ("R04", "value", with_b(rewards=[Reward("x", "thanks", 50)]), with_b(rewards=[Reward("x", "thanks", 50.01)])),
    ("R04", "cadence", with_b(rewards=[Reward("x", "thanks", 25, 6)]), with_b(rewards=[Reward("x", "thanks", 25, 5)])),
    ("R04", "shortlist", club("AB", B={"rewards": [party(50)]}), club("AB", B={"rewards": [party(50.01)]})),
    ("R05", "discount", terms(discount=0.05), terms(discount=0.06)),
    ("R05", "payment", terms(payment_days=30), terms(payment_days=31)),
    ("R05", "extras", terms(extras={"training": 50}), terms(extras={"training": 49})),
    ("R05", "rise", offer(rise=0), offer(rise=-0.01)),
    ("R06", "surcharge", terms(surcharge=0), terms(surcharge=0.01)),
    ("R06", "discount", terms(discount=0), terms(discount=-0.01)),
    ("R07", "explanation", offer(explain="it costs"), offer(explain=" ")),
    ("R08", "short", offer(open_days=14), offer(open_days=13)),
    ("R08", "long", offer(open_days=28), offer(open_days=29)),
    ("R09", "of an offer", offer(notice_days=14), offer(notice_days=13)),
    (
        "R09",
        "of our own",
        terms(our_notice_days=14, their_notice_days=14),
        terms(our_notice_days=13, their_notice_days=13),
    ),
    (
        "R09",
        "of theirs",
        terms(our_notice_days=60, their_notice_days=60),
        terms(our_notice_days=59, their_notice_days=60),
    ),
    ("R10", "short", released(days=14), released(days=13)),
    ("R10", "long", released(days=180), released(days=181)),
    ("R11", "silence", offer(silence="keep"), offer(silence="signed")),
    ("R12", "way up", with_a(way_up=""), with_b(way_up="")),
    ("R13", "rise", with_ungraded(offers=[evolve(KEEP, rise=0.0)]), with_ungraded(offers=[evolve(KEEP, rise=0.01)])),
    (
        "R13",
        "asked",
        with_ungraded(actions=[ASK]),
        with_ungraded(actions=[Action("x", "ask", "y", when=lambda c: c["revenue"] > 0)]),
    ),
    (
        "R14",
        "consent",
        with_a(rewards=[*A.rewards, Reward("wall", "showcase", 50, consent=True)]),
        with_a(rewards=[*A.rewards, Reward("wall", "showcase", 50)]),
    ),
    ("R15", "better grades", club("AB", B={"rewards": [party()]}), club("B", B={"rewards": [party()]})),
    ("R15", "without rewards", club("B"), club("B", B={"rewards": [party(0)]})),
    ("R16", "reaching", with_b(incentives=[Incentive("x", 5, "A")]), with_b(incentives=[Incentive("x", 5, "B")])),
    (
        "R16",
        "ungraded",
        with_ungraded(incentives=[Incentive("x", 5, "B")]),
        with_ungraded(incentives=[Incentive("x", 5, "C")]),
    ),
    (
        "R17",
        "rise",
        with_b(offers=[evolve(KEEP, rise=0, alternatives=())]),
        with_b(offers=[evolve(KEEP, alternatives=())]),
    ),
    ("R18", "steepest", offer(steepest=0.5), offer(steepest=0.51)),
    ("R19", "transition", released(level=ServiceLevel(24, 0.5)), released(level=ServiceLevel(25, 0.5))),
    ("R19", "package", package(level=ServiceLevel(24, 0.5)), package(level=ServiceLevel(24, 0.4))),
    ("R21", "gift", gift(150), gift(150.01)),
    ("R21", "year", gift(50, every=1), gift(50.01, every=1)),
    ("R21", "own limit", gift(200, gift_limit=200), gift(200.01, gift_limit=200)),
    ("R21", "not a gift", with_a(rewards=[Reward("x", "discount", 900)]), with_a(rewards=[Reward("x", "event", 900)])),
    ("R25", "words", with_b(way_up="order plan B"), with_b(way_up="reach a better grade")),
]


@pytest.mark.parametrize(("rule", "what", "good", "bad"), DECLARED)
def test_the_line_of_a_declared_rule(rule, what, good, bad):
    """The policy on the line has no breach; the one beyond it breaches this rule alone."""
    assert check_policy(good) == ()
    assert {breach.rule for breach in check_policy(bad)} == {rule}


def hours(least):
    return with_b(level=evolve(BASE, service_hours=lambda c: np.maximum(c["revenue"] / 500.0, least)))


def sold(price):
    return priced(price)


ON_PLAN = [
    ("R01", hours(0.5), hours(0.49)),
    (
        "R03",
        with_b(level=evolve(BASE, service_hours=lambda c: np.maximum(c["revenue"] / 125.0, 0.5))),
        with_b(level=evolve(BASE, service_hours=lambda c: np.maximum(c["revenue"] / 124.0, 0.5))),
    ),
    (
        "R04",
        with_b(rewards=[Reward("x", "thanks", lambda c: c["revenue"] / 10)]),
        with_b(rewards=[Reward("x", "thanks", lambda c: c["revenue"] / 10 + 0.01)]),
    ),
    (
        "R05",
        terms(discount=lambda c: c["revenue"] / 10_000),
        terms(discount=lambda c: c["revenue"] / 9_999),
    ),
    ("R05", offer(rise=lambda c: 500 - c["revenue"]), offer(rise=lambda c: 499 - c["revenue"])),
    (
        "R19",
        released(level=ServiceLevel(lambda c: c["revenue"] / 25, 0.5)),
        released(level=ServiceLevel(lambda c: c["revenue"] / 20, 0.5)),
    ),
    ("R21", gift(lambda c: c["revenue"] / 6), gift(lambda c: c["revenue"] / 5.99)),
    ("R21", gift(lambda c: c["revenue"] / 18, every=1), gift(lambda c: c["revenue"] / 17.9, every=1)),
    ("R24", sold(510), sold(509.99)),
]


@pytest.mark.parametrize(("rule", "good", "bad"), ON_PLAN)
def test_the_line_of_a_rule_on_a_plan(rule, good, bad):
    """The policy on the line makes a plan; the one beyond it is refused by this rule alone."""
    assert cg.plan(graded(), good, ON).breaches == ()
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), bad, ON)
    assert {breach.rule for breach in raised.value.breaches} == {rule}


@pytest.mark.parametrize("fault", ["complaints", "needs_met", "service_hours"])
def test_the_line_of_our_own_faults(fault):
    """An offer that waits until our faults are mended passes; one that doesn't is stopped for each kind of fault."""
    columns = {
        "complaints": {"complaints": [0] * 7 + [1]},
        "needs_met": {"complaints": [0] * 8, "needs_met": [5] * 7 + [2]},
        "service_hours": {"complaints": [0] * 8, "service_hours": [16, 16, 16, 16, 2, 2, 2, 0]},
    }[fault]
    customers = graded(**columns)
    cg.plan(customers, offer(mend_first=True, rise=5.0), ON)
    with pytest.raises(RespectError) as raised:
        cg.plan(customers, offer(mend_first=False, rise=5.0), ON)
    (breach,) = raised.value.breaches
    assert (breach.rule, breach.rows.tolist()) == ("R20", [7])


def test_an_offer_that_asks_for_nothing_needs_no_mending():
    """Customers whom we have let down may get an offer without a rise and without an end."""
    free = Offer("range", "see the new range", explain="it is new", mend_first=False)
    assert cg.plan(graded(), with_b(offers=[free]), ON).offer[5] == 0


def test_a_package_counts_for_what_a_customer_is_entitled_to():
    """A package gives the same in every grade, so that a level below it can't be better than in another grade."""
    generous = Package("basic", level=ServiceLevel(4, 5, "team"))
    policy = with_b(level=evolve(BASE, service_hours=lambda c: np.maximum(c["revenue"] / 110.0, 0.5)))
    with pytest.raises(RespectError, match="R03"):
        cg.plan(graded(), policy, ON)
    assert cg.plan(graded(), evolve(policy, packages=[generous]), ON).breaches == ()


def test_customers_who_refuse_gifts_get_none_and_count_for_none():
    """Gifts above the limit are no breach if every customer who would get them refuses gifts."""
    policy = gift(lambda c: c["revenue"])
    with pytest.raises(RespectError, match="R21"):
        cg.plan(graded(), policy, ON)
    plan = cg.plan(graded(no_gifts=[1] * 8), policy, ON)
    assert not any(len(block.rows) for block in plan.rewards if block.reward.kind == "gift")
    assert not any("R21" in text for text in plan.unchecked)


def test_terms_of_packages_hide_no_customers_from_the_comparison():
    """A package's terms hold once its offer is accepted, so customers who reach its minimum are compared too."""
    policy = terms(discount=lambda c: c["revenue"] / 1000)
    for packages in ([], [Package("basic", {"revenue": 350}, terms=Terms())], [Package("basic", terms=Terms())]):
        with pytest.raises(RespectError) as raised:
            cg.plan(graded(), evolve(policy, packages=packages), ON)
        assert raised.value.breaches[0].rows.tolist() == [4, 5, 6, 7]


def test_an_offer_whose_rise_is_0_for_a_customer_needs_no_mending_there():
    """C5 has complained; a rise for others is no breach."""
    free = evolve(KEEP, mend_first=False, rise=lambda c: np.where(c["complaints"] > 0, 0.0, 1.0))
    assert cg.plan(graded(), with_b(offers=[free]), ON).breaches == ()


def test_gifts_of_a_year_are_named_once():
    """Gifts that are too many off the shortlist are too many on it as well; one breach says so."""
    many = Reward("dinner", "outing", 60, every=1)
    policy = club("AB", A={"rewards": [many, Reward("trip", "event", 50, only="club")]})
    assert [breach.rule for breach in check_policy(policy)] == ["R21"]
