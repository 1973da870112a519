"""What other projects got wrong with people, files and changed policies: reports 35, 36, and 38 to 41."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import LogError, SourceError
from custgrade.events import Event
from custgrade.planning import Reward

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, customers, gift, price, rows, shop_policy
finally:
    sys.path.pop(0)

LOSING = {"revenue": [1000.0], "profit": [10.0]}


def test_35_merged_customers_have_one_history(tmp_path):
    """After a merger, the gifts of both count for budget and limit a year, and the next one has the next number."""
    policy = shop_policy(a=[gift(6, 100)], budgets=(300.0, None, None), gift_limit_year=250.0)
    shop = Shop(tmp_path, policy, "AA")
    shop.run("2026-01-01")
    shop.log.alias("C1", "C0", author="Ann", note="one firm now")
    merged = customers("A", ["C0"])
    plan = shop.plan("2026-07-01", graded=merged)
    assert rows(plan) == []
    assert [(row.number, row.why) for row in rows(plan, "waits")] == [(2, "the limit of gifts a year")]
    assert not any("aren't in the data" in note for note in plan.notes)
    roomy = evolve(policy, gift_limit_year=400.0)
    assert [row.why for row in rows(shop.plan("2026-07-01", graded=merged, policy=roomy))] == [""]
    tight = evolve(roomy, treatments={**policy.treatments, "A": evolve(policy.treatments["A"], budget=250.0)})
    assert [row.why for row in rows(shop.plan("2026-07-01", graded=merged, policy=tight), "waits")] == ["the budget"]


def test_35_a_merged_customer_goes_on_with_the_offer(tmp_path):
    """The offer of the customer who was merged is that of the other one from then on."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    shop.log.alias("C0", "N1", author="Ann")
    renamed = customers("C", ["N1"], **LOSING)
    assert shop.plan("2026-01-03", graded=renamed).to_dict()["offer_state"].tolist() == ["open"]
    shop.say("signed", "2026-01-03", customer="N1")
    assert shop.plan("2026-01-03", graded=renamed).to_dict()["offer_state"].tolist() == ["signed"]


def test_35_two_offers_under_way_are_not_merged(tmp_path):
    """Customers who both have an offer can't be merged; the error names both."""
    both = {"revenue": [1000.0] * 2, "profit": [10.0] * 2}
    shop = Shop(tmp_path, shop_policy(c=[price()]), "CC", **both)
    shop.run("2026-01-01")
    with pytest.raises(LogError, match=r"'C1' has 'package' \(shop\) since 2026-01-01 and 'C0' has 'package'"):
        shop.log.alias("C1", "C0", author="Ann")


def test_36_a_changed_id_is_pointed_out(tmp_path):
    """Events of an id that the data lacks are counted with the nearest id; with an alias, they are the customer's."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]), "A")
    shop.graded = customers("A", ["anna@shop.example"])
    shop.run("2026-01-01")
    renamed = customers("A", ["anna.b@shop.example"])
    plan = shop.plan("2026-02-01", graded=renamed)
    assert [row.kind for row in rows(plan)] == ["gift"]
    (note,) = [note for note in plan.notes if "aren't in the data" in note]
    assert note.startswith(
        "the log has 2 events of customers who aren't in the data, such as 'anna@shop.example' (the nearest id is "
        "'anna.b@shop.example')"
    )
    shop.log.alias("anna@shop.example", "anna.b@shop.example", author="Ann")
    plan = shop.plan("2026-02-01", graded=renamed)
    assert rows(plan) == []
    assert not any("aren't in the data" in note for note in plan.notes)


def showing(path: Path) -> Shop:
    """Return a shop that shows two customers on its page."""
    policy = shop_policy(a=[Reward("page", "showcase", 0, 12, consent=True)])
    shop = Shop(path, policy, "AA", consent=[1.0, 1.0])
    assert [row.kind for row in shop.run("2026-01-01")] == ["showcase"] * 2
    return shop


@pytest.mark.parametrize("consent", [0.0, float("nan")], ids=["withdrawn", "unknown"])
def test_38_without_consent_a_showcase_is_taken_down(tmp_path, consent):
    """Consent is read again by each plan: the entry without it is to be taken down, once; the others stay."""
    shop = showing(tmp_path)
    now = customers("AA", consent=[consent, 1.0])
    assert [(row.customer, row.kind, row.change) for row in shop.run("2026-03-01", graded=now)] == [
        ("C0", "take-down", "close")
    ]
    assert shop.due("2026-03-01", graded=now) == []
    assert [row.customer for row in shop.run("2027-01-01", graded=now)] == ["C1"]


def test_38_consent_in_the_log_is_newer_than_the_data(tmp_path):
    """A customer who says no is taken down although the data still says yes, and shown again after a yes."""
    shop = showing(tmp_path)
    shop.say("consent", "2026-02-01", name="", money=0)
    assert [(row.customer, row.kind) for row in shop.run("2026-02-02")] == [("C0", "take-down")]
    shop.say("consent", "2026-12-01", name="", money=1)
    assert [row.customer for row in shop.run("2027-01-01")] == ["C0", "C1"]


def test_38_who_leaves_stops_nobody_else(tmp_path):
    """A customer who isn't in the data any more changes nothing for the others."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]), "AAA")
    shop.run("2026-01-01")
    left = customers("AA", ["C0", "C2"])
    assert [row.customer for row in shop.run("2026-04-01", graded=left)] == ["C0", "C2"]


def test_39_budgets_and_limits_are_counted_apart(tmp_path):
    """What A costs isn't taken from B's budget, nor is a gift counted for another customer."""
    policy = shop_policy(a=[gift(1, 50)], b=[gift(1, 50)], budgets=(50.0, 60.0, None), gift_limit_year=1000.0)
    shop = Shop(tmp_path, policy, "AB")
    assert [row.customer for row in shop.run("2026-01-01")] == ["C0", "C1"]
    assert [(row.customer, row.why) for row in rows(shop.plan("2026-02-01"), "waits")] == [
        ("C0", "the budget"),
        ("C1", "the budget"),
    ]
    other = evolve(policy, name="other", gift_limit_year=600.0)
    assert [row.customer for row in shop.due("2026-02-01", policy=other)] == ["C0", "C1"]
    shop.say("gift", "2026-01-15", name="voucher", money=520, policy="third")
    assert [row.customer for row in shop.due("2026-02-01", policy=other)] == ["C1"]
    # the next budget period, and the next year
    assert [row.customer for row in shop.due("2027-01-01")] == ["C0", "C1"]


def test_40_a_stricter_policy_leaves_what_was_done(tmp_path):
    """What was given and offered under an old policy stays as it was, with the version of its policy."""
    old = shop_policy(a=[gift(3, 50)], c=[price(open_days=28)])
    shop = Shop(tmp_path, old, "AC", revenue=[1000.0] * 2, profit=[100.0, 10.0])
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    before = [*shop.log.events()]
    new = shop_policy(a=[gift(6, 20)], c=[price(open_days=14, notice_days=90)])
    plan = shop.plan("2026-01-20", policy=new)
    assert plan.to_dict()["offer_state"].tolist() == ["", "open"]
    assert plan.to_dict()["next_until"].astype(str).tolist() == ["NaT", "2026-01-30"]
    shop.say("signed", "2026-01-30", customer="C1", version="")
    after = shop.plan("2026-01-30", policy=new)
    # the notice of the terms that were offered
    assert after.to_dict()["next_day"].astype(str).tolist() == ["NaT", "2026-03-01"]
    shop.run("2026-07-01", policy=new)
    events = [*shop.log.events()]
    assert events[: len(before)] == before
    versions = {(event.kind, event.money): event.version for event in events if event.kind == "gift"}
    assert len(versions) == 2
    assert len(set(versions.values())) == 2
    assert all(len(version) == 12 for version in versions.values())


def test_41_a_plan_for_a_past_day_is_that_of_the_day(tmp_path):
    """A plan for a day in the past is the one that was made then: later events are left out, and counted."""
    shop = Shop(tmp_path, shop_policy(a=[gift(1, 10)], c=[price()]), "AC", revenue=[1e3] * 2, profit=[1e2, 1e1])
    shop.run("2026-01-01")
    then = shop.plan("2026-01-15")
    for day in ("2026-01-15", "2026-02-01", "2026-02-20"):
        shop.run(day)
    again = shop.plan("2026-01-14")
    assert any(note.startswith("the log has ") and "after the day of the plan" in note for note in again.notes)
    past = shop.plan("2026-01-01")
    assert rows(past) == []
    assert [row.item for row in rows(then, "upcoming") if row.kind == "gift"] == [
        row.item for row in rows(again, "upcoming") if row.kind == "gift"
    ]


def test_41_a_plan_isnt_made_before_its_data(tmp_path):
    """A plan for a day before the as-of date of the data is refused, as is one without a valid day."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]))
    with pytest.raises(cg.CustgradeError, match="a plan is made on or after the data's as-of date, 2025-12-31"):
        shop.plan("2025-12-30")
    with pytest.raises(SourceError, match="write a date as YYYY-MM-DD"):
        shop.plan("01/02/2026")


@pytest.mark.parametrize("name", ["", "package"])
def test_an_offer_is_put_off_by_a_snooze(tmp_path, name):
    """Steps of an offer wait while it, or everything, is put off; answers don't, and the plan counts the customers."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.say("snooze", "2026-01-01", name=name, until="2026-01-20", author="Ann", note="moving house")
    plan = shop.plan("2026-01-20")
    assert [(row.kind, row.why) for row in rows(plan, "due", "waits")] == [("explain", "put off")]
    what = f"{name!r}" if name else "everything"
    assert f"put off: {what} for 1 customer" in plan.notes
    assert [row.kind for row in shop.run("2026-01-21")] == ["explain"]
    shop.run("2026-01-22")
    shop.say("snooze", "2026-02-01", name=name, until="2026-03-01", author="Ann", note="ill")
    plan = shop.plan("2026-02-10")
    assert [(row.kind, row.state) for row in rows(plan, "due", "waits")] == [("call", "waits"), ("answer", "due")]


def test_a_snooze_of_nothing_is_said(tmp_path):
    """A snooze whose name the policy doesn't have is pointed out while it lasts."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]))
    shop.log.add(Event("C0", "snooze", "gfit", "2026-01-01", until="2026-02-01", author="Ann", note="a slip"))
    assert "what is put off has a name that this policy doesn't have: 'gfit'" in shop.plan("2026-01-15").notes
    assert not any("put off" in note for note in shop.plan("2026-02-02").notes)
