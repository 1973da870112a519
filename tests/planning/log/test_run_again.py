"""What sequences of plans have found: each fault by a small example."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from attrs import evolve
from small_policy import graded, policy

import custgrade as cg
from custgrade.cli.log_text import log_text
from custgrade.errors import LogError
from custgrade.events import Event, EventLog, OfferTerms
from custgrade.planning import Action, Effort, Offer, Policy, Reward, Terms, Treatment


@pytest.fixture
def log() -> EventLog:
    return EventLog(sa.create_engine("sqlite://", poolclass=sa.StaticPool))


def _with(grade: str, **changes: Any) -> Policy:
    found = policy()
    return evolve(found, treatments={**found.treatments, grade: evolve(found.treatments[grade], **changes)})


def _rows(plan: cg.Plan) -> list[tuple[str, str, str, str]]:
    columns = plan.actions().columns()
    names = ("kind", "item", "due", "state")
    return [tuple(map(str, row)) for row in zip(*(columns[name].tolist() for name in names), strict=True)]  # type: ignore[misc]


def _due(plan: cg.Plan) -> list[str]:
    return [kind for kind, _, _, state in _rows(plan) if state == "due"]


def test_an_offer_is_explained_the_day_after_our_faults_were_mended(log: EventLog) -> None:
    """On the day on which we mended our faults, nothing more is due."""
    given, day = graded("C", profit=[-10.0], complaints=[1.0]), "2026-02-01"
    made = cg.plan(given, policy(), day, log=log)
    log.enter(made)
    assert "mend" in _due(made)
    log.add(made.actions().done(day))
    assert _due(cg.plan(given, policy(), day, log=log)) == []
    assert ("explain", "price", "2026-02-02", "upcoming") in _rows(cg.plan(given, policy(), day, log=log))


def _helped(after_tries: int) -> Policy:
    """Return a policy in which everybody gets a gift, and C two tries and an offer that needs some of them first."""
    found = policy()
    price = evolve(found.treatments["C"].offers[0], after_tries=after_tries)
    gift = Reward("gift", "gift", 10.0, 1)
    tries = Action("help", "try", "try what helps", tries=2)
    changes: dict[str, Any] = {"A": {}, "B": {}, "C": {"offers": price, "actions": tries}}
    return evolve(
        found, treatments={one: evolve(found.treatments[one], rewards=gift, **more) for one, more in changes.items()}
    )


def _try(log: EventLog, made: cg.Plan, day: str) -> None:
    """Record the try of a plan, and nothing else of it."""
    kinds = [(kind, state) for kind, _, _, state in _rows(made)]
    log.add(made.actions().done(day, np.array([kinds.index(("try", "due"))])))


@pytest.mark.parametrize(
    ("after_tries", "days", "explained_on"),
    [(0, ["2026-01-01"], "2026-01-01"), (1, ["2026-01-01", "2026-02-01"], "2026-01-02")],
)
def test_a_try_that_an_offer_doesnt_need_leaves_it_due(
    log: EventLog, after_tries: int, days: list[str], explained_on: str
) -> None:
    """If only the try is done of a plan that has the explanation too, that stays due, and the gift waits for it."""
    given, helped = graded("C", profit=[-10.0]), _helped(after_tries)
    for day in days:
        made = cg.plan(given, helped, day, log=log)
        log.enter(made)
        _try(log, made, day)
    for found in (_rows(made), _rows(cg.plan(given, helped, days[-1], log=log))):
        assert ("explain", "price", explained_on, "due") in found
        assert ("gift", "gift", days[-1], "waits") in found


def test_an_offer_is_explained_the_day_after_the_last_try_that_it_needs(log: EventLog) -> None:
    """On the day of this try nothing more is due, and later tries don't move the explanation."""
    given, helped = graded("C", profit=[-10.0]), _helped(1)
    made = cg.plan(given, helped, "2026-01-01", log=log)
    log.enter(made)
    assert sorted(_due(made)) == ["gift", "try"]
    log.add(made.actions().done("2026-01-01"))
    assert _due(cg.plan(given, helped, "2026-01-01", log=log)) == []
    log.add([Event("C0", "try", "help", "2026-01-20", policy="small")])
    for day, state in (("2026-01-01", "upcoming"), ("2026-01-02", "due"), ("2026-01-20", "due"), ("2026-03-01", "due")):
        assert ("explain", "price", "2026-01-02", state) in _rows(cg.plan(given, helped, day, log=log))


def test_tries_that_are_late_are_half_a_month_apart(log: EventLog) -> None:
    """If all tries are late, one is due, and the next half a month later."""
    tries = Action("try", "try", "try it", tries=3)
    made = cg.plan(graded("B"), _with("B", actions=tries), "2026-06-10", since="2026-01-01", log=log)
    days = [(due, state) for kind, _, due, state in _rows(made) if kind == "try"]
    assert days == [("2026-01-01", "due"), ("2026-06-25", "upcoming"), ("2026-07-10", "upcoming")]


def test_a_later_notice_doesnt_bring_back_what_was_lost_before(log: EventLog) -> None:
    """After A, B and C, a notice about C doesn't bring back the entitlements of A, whose time is over."""
    for day, grade in (("2026-01-01", "A"), ("2026-01-10", "B"), ("2026-06-01", "C")):
        log.enter(cg.plan(graded(grade), policy(), day, log=log))
        if grade == "B":
            log.add(Event("C0", "notice", "small", day, policy="small"))
    before = cg.plan(graded("C"), policy(), "2026-06-01", log=log)
    assert before.standing.served.tolist() == [1]
    log.add(Event("C0", "notice", "small", "2026-06-01", policy="small"))
    assert cg.plan(graded("C"), policy(), "2026-06-01", log=log).standing.served.tolist() == [1]


def test_a_contact_that_is_recorded_late_keeps_the_limit_of_later_spans(log: EventLog) -> None:
    """A contact between others is refused if a span of days that ends after it would have too many."""
    call = Action("call", "contact", "call", every=1)
    small = evolve(_with("B", actions=call), contact_limit=2, contact_days=30)
    made = cg.plan(graded("B"), small, "2026-03-10", log=log)
    log.add([Event("C0", "contact", "other", day) for day in ("2026-03-20", "2026-04-05")])
    calls = [k for k, row in enumerate(_rows(made)) if row[:2] == ("contact", "call")][:1]
    with pytest.raises(LogError, match="'C0' would be contacted more than 2 times within 30 days about 2026-03-10"):
        log.add(made.actions().done("2026-03-10", np.array(calls)))


def test_notices_wait_for_the_limit_of_contacts(log: EventLog) -> None:
    """A notice is a contact, so that it waits, and the entitlements stay meanwhile."""
    small = evolve(policy(), contact_limit=1, contact_days=30)
    log.enter(cg.plan(graded("A"), small, "2026-01-01", log=log))
    log.add(Event("C0", "contact", "other", "2026-02-01"))
    made = cg.plan(graded("B"), small, "2026-02-10", log=log)
    assert ("notice", "small", "2026-02-10", "waits") in _rows(made)
    assert made.standing.served.tolist() == [0]


def test_what_was_done_begins_the_programme_if_no_plan_was_recorded(log: EventLog) -> None:
    """Budget periods and due days are counted from the first event of the policy."""
    made = cg.plan(graded("A"), policy(), "2026-01-31", log=log)
    log.add(made.actions().done("2026-01-31"))
    assert str(cg.plan(graded("A"), policy(), "2026-02-10", log=log).since) == "2026-01-31"


def test_an_offer_of_the_treatment_without_a_grade_stays_under_way(log: EventLog) -> None:
    """Customers without a grade keep an offer that is meant for them."""
    contract = Offer("contract", "a contract", explain="what serving you takes", alternatives="go on as today")
    ask = Action("needs", "ask", "ask what they need")
    small = policy(ungraded=Treatment("ask", offers=contract, actions=ask))
    made = cg.plan(graded("-"), small, "2026-01-01", log=log)
    log.enter(made)
    assert "explain" in _due(made)
    log.add(made.actions().done("2026-01-01"))
    assert ("offer", "contract", "2026-01-02", "upcoming") in _rows(cg.plan(graded("-"), small, "2026-01-01", log=log))


def test_an_order_before_the_calendar_can_be_recorded(log):
    """Whoever is said to have ordered three thousand years ago is out of sight since a day that can be written."""
    made = cg.plan(graded("A", recency=[1_048_576.0]), _with("A", effort=Effort(0, 30)), "2026-01-01", log=log)
    assert log.add(made.actions().done("2026-01-01")).written > 0
    assert {str(one.due) for one in log.events() if one.name == "out of sight"} == {"0001-01-31"}


def test_a_fall_in_two_steps_keeps_the_best_of_the_hold_time(log: EventLog) -> None:
    """A customer keeps A for 90 days after A has ended, then B for 90 days after B has, and is told of both steps."""
    ended = {"A": "2026-02-01", "B": "2026-04-02"}
    log.enter(cg.plan(graded("A"), policy(), "2026-01-01", log=log))
    for day, grade in zip(ended.values(), "BC", strict=True):
        made = cg.plan(graded(grade), policy(), day, log=log)
        log.enter(made)
        assert "notice" in _due(made)
        log.add(made.actions().done(day))
        assert "notice" not in _due(cg.plan(graded(grade), policy(), day, log=log))
    found = []
    for day in ("2026-05-01", "2026-05-02", "2026-06-30", "2026-07-01"):
        made = cg.plan(graded("C"), policy(), day, log=log)
        assert "notice" not in _due(made)
        found.append((day, "ABC"[made.standing.served[0]]))
    assert found == [("2026-05-01", "A"), ("2026-05-02", "B"), ("2026-06-30", "B"), ("2026-07-01", "C")]


def test_a_fall_in_two_steps_is_told_with_one_day(log: EventLog) -> None:
    """The notice of the second step and the sheet name the day from which the service of C counts in later plans."""
    found = policy()
    slow = evolve(found.treatments["B"], terms=Terms(our_notice_days=100))
    small = evolve(found, treatments={**found.treatments, "B": slow})
    for day, grade in (("2026-01-01", "A"), ("2026-02-01", "B")):
        made = cg.plan(graded(grade), small, day, log=log)
        log.enter(made)
        log.add(made.actions().done(day))
    day = "2026-04-02"
    made = cg.plan(graded("C"), small, day, log=log)
    actions = made.actions().columns()
    until = [
        str(last) for kind, last in zip(actions["kind"], actions["until"].tolist(), strict=True) if kind == "notice"
    ]
    assert until == [str(made.standing.stays.until[0])] == ["2026-07-11"]
    sheet = made.sheet(0)
    assert (
        "All of this holds until 2026-05-01. Then it becomes less in steps; from 2026-07-11 on, if we talk on "
        "2026-04-02, this holds." in sheet
    )
    log.enter(made)
    log.add(made.actions().done(day))
    served = [
        cg.plan(graded("C"), small, day, log=log).standing.served[0]
        for day in ("2026-05-01", "2026-05-02", "2026-07-10", "2026-07-11")
    ]
    assert served == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("declined", "step", "asked"),
    [
        (False, "call", "write down a late answer: signed or declined"),
        (True, "refer", "write down a late yes: signed"),
    ],
)
def test_a_late_answer_may_be_given_and_is_not_late_work(log: EventLog, declined: bool, step: str, asked: str) -> None:
    """Beside a call or a referral stands the answer that the table of moves allows; only the former counts as late."""
    terms = OfferTerms(days=60, to="partner", silence="transition").text()
    log.add(
        [
            Event("C0", "explained", "price", "2026-01-05", policy="small", treatment="C"),
            Event(
                "C0", "offered", "price", "2026-01-06", until="2026-01-27", policy="small", treatment="C", terms=terms
            ),
            *([Event("C0", "declined", "price", "2026-01-10", policy="small")] if declined else []),
        ]
    )
    made = cg.plan(graded("C", profit=[10.0]), policy(), "2026-02-10", log=log)
    columns = made.actions().columns()
    which = np.isin(columns["kind"], ["answer", step])
    assert columns["kind"][which].tolist() == [step, "answer"]
    assert columns["what"][which].tolist()[1] == asked
    late = [line.split() for line in log_text(made, "", None).splitlines() if line.startswith("due before")]
    others = sum(
        state == "due" and due < made.on.isoformat() for kind, _, due, state in _rows(made) if kind != "answer"
    )
    assert int(late[0][3]) == others >= 1


def test_the_newest_snooze_counts(log: EventLog) -> None:
    """A later snooze with an earlier day ends the one before; one of everything counts as well."""
    give = _with("A", actions=Action("talk", "contact", "talk"))
    made = Event("C0", "snooze", "talk", "2026-01-01", until="2026-12-31", author="Kim", note="abroad")
    log.add(made)
    assert "contact" not in _due(cg.plan(graded("A"), give, "2026-01-03", log=log))
    log.add(evolve(made, day="2026-01-02", until="2026-01-02"))
    assert "contact" in _due(cg.plan(graded("A"), give, "2026-01-03", log=log))
    log.add(evolve(made, name="", day="2026-01-03", until="2026-02-01"))
    assert "contact" not in _due(cg.plan(graded("A"), give, "2026-01-03", log=log))
