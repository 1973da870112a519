"""What other projects got wrong when they ran again, or didn't run: reports 9 to 18, and 20."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import Event, EventLog
from custgrade.planning import Action, Reward

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, customers, days, gift, price, rows, shop_policy
finally:
    sys.path.pop(0)

LOSING = {"revenue": [1000.0], "profit": [10.0]}
TALK = Action("talk", "sit-down", "talk about the year", after=0, hours=1)


def full(path: Path) -> Shop:
    """Return a shop in which rewards, actions, an offer and a showcase are due on the first day."""
    show = Reward("page", "showcase", 0, 12, consent=True)
    policy = shop_policy(a=[gift(), show, TALK], b=[gift()], c=[price(), TALK])
    return Shop(path, policy, "ABC", revenue=[1e3] * 3, profit=[1e2, 1e2, 10.0], consent=[1.0, 1.0, 0.0])


def test_09_a_plan_that_was_applied_has_nothing_left(tmp_path):
    """On one day, only the first of several plans has anything due, and each later one is the same as the second."""
    shop = full(tmp_path)
    assert {row.kind for row in shop.run("2026-01-01")} == {"gift", "showcase", "sit-down", "explain"}
    second = rows(shop.plan("2026-01-01"), "due", "upcoming", "waits")
    for _ in range(3):
        assert shop.run("2026-01-01") == []
        assert rows(shop.plan("2026-01-01"), "due", "upcoming", "waits") == second


@pytest.mark.parametrize("state", ["no file", "an empty file", "tables without rows"])
def test_10_without_a_state_a_plan_is_applied_once_too(tmp_path, state):
    """The same plan is recorded once, whether the log had no file, an empty one, or only its tables."""
    if state == "an empty file":
        (tmp_path / "log.db").touch()
    if state == "tables without rows":
        EventLog(tmp_path / "log.db").add([])
    shop = full(tmp_path)
    plan = shop.plan("2026-01-01")
    done = plan.actions().done("2026-01-01")
    assert shop.log.add(done).written == len(done) > 0
    again = shop.log.add(done)
    assert (again.written, again.already) == (0, len(done))
    assert [shop.log.enter(plan).written for _ in range(2)] == [4, 0]
    assert shop.due("2026-01-01") == []


def test_11_weekly_runs_do_all_that_daily_ones_do(tmp_path):
    """A shop that plans each Friday gives the same gifts as one that plans daily, a week late at most."""
    found = []
    for step in (1, 7):
        (tmp_path / str(step)).mkdir()
        shop = Shop(tmp_path / str(step), shop_policy(a=[gift(1, 1)]))
        done = [(str(day), row) for day in days("2026-01-02", "2026-05-14", step) for row in shop.run(day)]
        found.append([(day, row.due, row.number) for day, row in done])
    daily, weekly = found
    assert [(due, number) for _, due, number in weekly] == [(due, number) for _, due, number in daily]
    assert all(day == due for day, due, _ in daily)
    for day, due, _ in weekly:
        assert 0 <= (Event("C0", "gift", "gift", day).day - Event("C0", "gift", "gift", due).day).days < 7


def test_11_a_reminder_that_was_missed_on_its_day_comes_later(tmp_path):
    """The reminder is due from its day until the last day to answer, once."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    assert "remind" not in {row.kind for row in shop.due("2026-01-08")}
    assert [row.kind for row in shop.run("2026-01-15") if row.kind == "remind"] == ["remind"]
    assert "remind" not in {row.kind for row in shop.due("2026-01-16")}


@pytest.mark.parametrize("since", ["2025-12-31", "2026-06-15", "2027-11-30"])
def test_12_a_yearly_reward_comes_once_a_year(tmp_path, since):
    """Three yearly gifts are given in three years; another first day of the programme doubles and loses none."""
    shop = Shop(tmp_path, shop_policy(a=[gift(12)]))
    for day in days("2026-01-31", "2028-12-31", 30):
        shop.run(day)
    assert [str(event.due) for event in shop.known("gift")] == ["2026-01-31", "2027-01-31", "2028-01-31"]
    for day in days("2028-12-31", "2030-12-31", 30):
        shop.run(day, since=since)
    assert [str(event.due) for event in shop.known("gift")][3:] == ["2029-01-31", "2030-01-31"]


def test_13_after_two_years_one_gift_is_due(tmp_path):
    """After two years without a run, one of eight quarterly gifts is due; the others are counted, and not made up."""
    shop = Shop(tmp_path, shop_policy(a=[gift(3)]))
    shop.run("2024-12-31", graded=early())
    plan = shop.plan("2026-12-31")
    (row,) = rows(plan)
    assert (row.number, row.due) == (2, "2026-12-31")
    assert "A: 'gift' was missed 7 times for 1 customer; what was missed isn't made up" in plan.notes
    shop.run("2026-12-31")
    assert shop.due("2027-03-30") == []
    assert [row.due for row in shop.due("2027-03-31")] == ["2027-03-31"]


def early():
    """Return the same customer at the end of 2024."""
    import custgrade as cg

    given = customers("A")
    base = cg.CustomerBase(
        ["C0"], {"revenue": [1e3], "profit": [1e2]}, period=cg.Period("2024-12-31", "2024-01-01", "2024-12-31")
    )
    return cg.Graded(base, given.scale, given.codes, given.scores, given.reasons)


@pytest.mark.parametrize("every", [12, 13, 24])
def test_13_the_pause_of_a_policy_makes_no_reward_due_early(tmp_path, every):
    """A reward that is rarer than the policy's pause is given at its own times to a customer who was always there."""
    shop = Shop(tmp_path, shop_policy(a=[gift(every)], pause_months=12))
    found = [row.due for day in days("2026-01-31", "2030-12-31", 31) for row in shop.run(day)]
    assert found == [str(month) for month in due_days(every)]


def due_days(every):
    import datetime as dt

    from research_shop import months_after

    return [months_after(dt.date(2026, 1, 31), k * every) for k in range(59 // every + 1)]


def test_13_what_is_done_once_is_not_done_again(tmp_path):
    """An action without an interval is done once, and isn't due again after the policy's pause."""
    shop = Shop(tmp_path, shop_policy(a=[TALK], pause_months=6))
    assert [row.kind for day in days("2026-01-01", "2028-12-31", 60) for row in shop.run(day)] == ["sit-down"]


def test_14_what_changes_on_the_day_of_the_last_run_is_seen(tmp_path):
    """A grade that changes and a gift that is taken back after a plan count in the next plan of the same day."""
    shop = Shop(tmp_path, shop_policy(a=[gift()], b=[]), "AB")
    assert [row.customer for row in shop.run("2026-01-01")] == ["C0"]
    assert [row.customer for row in shop.run("2026-01-01", graded=customers("AA"))] == ["C1"]
    shop.log.void(Event("C0", "gift", "gift", "2026-01-01", number=1, money=50), reason="not sent", author="Ann")
    assert [row.customer for row in shop.due("2026-01-01", graded=customers("AA"))] == ["C0"]


def test_15_the_same_row_twice_is_one_event(tmp_path):
    """A row that comes again, at once or later, is one event and is counted; other money is an error with both."""
    log = EventLog(tmp_path / "log.db")
    event = Event("C0", "gift", "gift", "2026-01-01", number=1, money=50)
    added = log.add([event, event])
    assert (added.written, added.already) == (1, 1)
    again = log.add(event)
    assert (again.written, again.already) == (0, 1)
    with pytest.raises(LogError, match=r"recorded already, with 50\.00 on 2026-01-01; received 60\.00"):
        log.add(evolve(event, money=60))
    both = [evolve(event, number=2), evolve(event, number=2, money=60)]
    with pytest.raises(LogError, match=r"given twice, with 50\.00 on 2026-01-01 and 60\.00 on 2026-01-01"):
        log.add(both)
    assert [one.money for one in log.events()] == [50.0]


def test_16_rewording_changes_no_plan(tmp_path):
    """Another goal, another sentence of an action and another purpose leave all actions as they are."""
    shop = full(tmp_path)
    shop.run("2026-01-01")
    before = rows(shop.plan("2026-02-01"), "due", "upcoming", "waits")
    for _ in range(2):
        reworded = {
            grade: evolve(
                one,
                goal="quite another goal",
                way_up="buy more often",
                actions=[evolve(action, what="sit down and talk") for action in one.actions],
            )
            for grade, one in shop.policy.treatments.items()
        }
        policy = evolve(shop.policy, treatments=reworded, purpose="another purpose")
        plan = shop.plan("2026-02-01", policy=policy)
        after = rows(plan, "due", "upcoming", "waits")
        assert [row._replace(what="") for row in after] == [row._replace(what="") for row in before]
        assert not any("closes" in note for note in plan.notes)


def test_16_another_name_is_another_thing_and_is_said(tmp_path):
    """A gift with a new name is due; the plan says which name closes and which one opens, until it is recorded."""
    shop = Shop(tmp_path, shop_policy(a=[gift(), TALK]))
    shop.run("2026-01-01")
    policy = shop_policy(a=[Reward("dinner", "gift", 50, 3), TALK])
    plan = shop.plan("2026-02-01", policy=policy)
    assert [row.item for row in rows(plan)] == ["dinner"]
    (note,) = [note for note in plan.notes if "closes" in note]
    assert note.startswith("the policy has changed: it closes 'gift', opens 'dinner'.")
    shop.log.enter(plan)
    assert not any("closes" in note for note in shop.plan("2026-02-02", policy=policy).notes)


def test_17_who_comes_back_soon_goes_on(tmp_path):
    """A customer who leaves a grade and returns within a month gets the rewards on their old days, none twice."""
    shop = Shop(tmp_path, shop_policy(a=[gift(1, 10)], b=[Reward("card", "thanks", 5, 1)], hold_days=0), "A")
    found = [("A", row) for row in shop.run("2026-01-31")]
    for day in days("2026-02-01", "2026-06-06", 5):
        grade = "B" if "2026-02-10" <= str(day) < "2026-03-05" else "A"
        found += [(grade, row) for row in shop.run(day, graded=customers(grade))]
    gifts = [row.due for grade, row in found if row.item == "gift"]
    assert gifts == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


@pytest.mark.parametrize(("back", "due"), [("2026-06-20", "2026-07-15"), ("2026-08-20", "2026-08-20")])
def test_17_after_the_pause_all_begins_anew(tmp_path, back, due):
    """The pause of the policy decides whether a customer who comes back goes on, or begins with a first gift again."""
    shop = Shop(tmp_path, shop_policy(a=[gift(6)], hold_days=0, pause_months=7), "A")
    shop.run("2026-01-15")
    shop.run("2026-02-01", graded=customers("C"))
    shop.run(back, graded=customers("A")) if due == back else shop.log.enter(shop.plan(back))
    found = [str(event.due) for event in shop.known("gift")][1:]
    found += [row.due for day in days(back, "2026-12-31", 5) for row in shop.run(day) if not found]
    assert found[0] == due


@pytest.mark.parametrize(
    ("grade", "profit", "why"),
    [("B", 10.0, "the customer has a better grade now"), ("C", 200.0, "its condition no longer holds")],
)
def test_18_an_offer_whose_reason_has_gone_is_withdrawn(tmp_path, grade, profit, why):
    """A customer who has moved up, or whose condition is over, isn't released: the plan says to withdraw, and why."""
    shop = Shop(tmp_path, shop_policy(c=[price()]), "C", **LOSING)
    shop.run("2026-01-01")
    shop.run("2026-01-02")
    now = customers(grade, revenue=[1000.0], profit=[profit])
    assert [(row.kind, row.change, row.what) for row in shop.due("2026-01-05", graded=now)] == [
        ("withdraw", "close", f"withdraw: {why}")
    ]
    shop.run("2026-01-05", graded=now)
    assert shop.plan("2026-01-05", graded=now).to_dict()["offer_state"].tolist() == ["withdrawn"]
    assert shop.due("2026-01-05", graded=now) == []


def test_20_a_grade_that_goes_to_and_fro_keeps_its_entitlements(tmp_path):
    """A score that crosses the line each month gives the better entitlements at once, and never takes them away."""
    shop = Shop(tmp_path, shop_policy(a=[gift(3, 10, after=45)]), "B")
    served, given = [], []
    for month in range(1, 13):
        graded = customers("B" if month % 2 else "A")
        for day in (f"2026-{month:02}-01", f"2026-{month:02}-16"):
            given += [row.due for row in shop.run(day, graded=graded) if row.item == "gift"]
            served += shop.plan(day, graded=graded).to_dict()["served_as"].tolist()
    assert served == ["B"] * 2 + ["A"] * 22
    # since 1 February, whatever the grade was meanwhile
    assert given == ["2026-03-18", "2026-06-18", "2026-09-18"]


def test_20_after_a_fall_less_comes_after_notice(tmp_path):
    """Entitlements fall once: after the hold time, and after the customer was told and the notice has passed."""
    shop = Shop(tmp_path, shop_policy(a=[gift()], hold_days=90), "A")
    shop.run("2026-01-01")
    shop.log.enter(shop.plan("2026-02-01", graded=customers("B")))
    now = customers("B")
    (row,) = shop.due("2026-02-01", graded=now)
    assert (row.kind, row.until, row.change) == ("notice", "2026-05-02", "close")
    # nobody has told the customer yet
    assert shop.plan("2026-08-01", graded=now).to_dict()["served_as"].tolist() == ["A"]
    shop.say("notice", "2026-04-20", name="shop", policy="shop")
    served = [shop.plan(day, graded=now).to_dict()["served_as"].tolist()[0] for day in days("2026-04-20", "2026-06-30")]
    assert served == ["A"] * 30 + ["B"] * 42
