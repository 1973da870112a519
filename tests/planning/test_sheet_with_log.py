"""The explanation sheet of customers with an offer under way, and of those who keep what they had until the notice."""

import datetime as dt

import pytest
from attrs import evolve
from small_policy import graded, policy

import custgrade as cg
from custgrade.events import Event, EventLog, OfferTerms
from custgrade.planning import Offer, Treatment

TERMS = OfferTerms(
    "the price of January",
    silence="transition",
    to="partner",
    referral="Smith & Co.",
    days=60,
    scope="orders are finished",
).text()
OFFER = {"policy": "small", "treatment": "C", "number": 1}


@pytest.fixture
def log(tmp_path):
    """An empty log."""
    return EventLog(tmp_path / "log.db")


def one():
    """Return a C with a margin below the floor."""
    return graded("C", revenue=[1000.0], profit=[30.0])


def moved(log, *moves):
    """Record an offer of 20 that was explained and made, and what came after it."""
    log.add(Event("C0", "explained", "price", "2026-02-01", money=20, until="2026-02-23", **OFFER))
    log.add(Event("C0", "offered", "price", "2026-02-02", money=20, until="2026-02-23", terms=TERMS, **OFFER))
    for kind, day, until in moves:
        log.add(Event("C0", kind, "price", day, until=until, money=20 if kind == "signed" else 0, **OFFER))


def said(log, day, made_of=None):
    """Return what the sheet says of the offer."""
    lines = cg.plan(one(), made_of or policy(), day, log=log).sheet(0)
    rest = lines[lines.index("Our offer:") + 1 :]
    end = next((k for k, line in enumerate(rest) if line.endswith(":")), len(rest))
    return rest[:end]


def test_an_open_offer_in_full(log):
    """The frozen terms, the sum that was offered, the last day, and what follows, whatever the policy says today."""
    moved(log)
    other = Offer("price", "another price", "x", "y", rise=100.0)
    changed = policy(treatments={**policy().treatments, "C": Treatment("x", offers=other, way_up="y")})
    for made_of in (policy(), changed):
        assert [
            "On 2026-02-02 we offered you this: the price of January.",
            "Over the same time, you pay 20.00 more.",
            "You can answer until 2026-02-23.",
            "If you agree, the change starts 30 days after your answer.",
            "If you decline, or if we hear nothing from you, even after we have called you, Smith & Co. takes over "
            "within 60 days.",
            "Until then, orders are finished.",
        ] == said(log, "2026-02-10", made_of)[:6]


def test_an_offer_that_was_explained_is_to_be_made_in_writing(log):
    """Before the offer is made, its terms are those of today's policy."""
    log.add(Event("C0", "explained", "price", "2026-02-01", money=20, until="2026-02-23", **OFFER))
    found = said(log, "2026-02-01")
    assert found[0].startswith("On 2026-02-01 we explained our offer to you: ")
    assert "You get it in writing, with the last day to answer." in found


@pytest.mark.parametrize(
    ("moves", "day", "expected"),
    [
        ((), "2026-02-24", "You could answer until 2026-02-23, and we haven't had your answer."),
        ((("declined", "2026-02-05", None),), "2026-02-06", "You declined it on 2026-02-05."),
        (
            (("signed", "2026-02-05", None),),
            "2026-02-06",
            "You agreed to it on 2026-02-05. The change starts 30 days later.",
        ),
        (
            (
                ("declined", "2026-02-05", None),
                ("referred", "2026-02-06", None),
                ("transition", "2026-02-16", "2026-04-20"),
            ),
            "2026-02-20",
            "Smith & Co. takes over by 2026-04-20.",
        ),
    ],
)
def test_what_came_of_an_offer(log, moves, day, expected):
    """After the last day, a no, or a yes, the sheet says what was answered and what follows."""
    moved(log, *moves)
    found = said(log, day)
    assert found[0] == "On 2026-02-02 we offered you this: the price of January."
    assert expected in found
    assert not any("You can answer" in line for line in found)
    text = " ".join(found).lower()
    assert not [word for word in ("grade", "lapsed", "treatment", "silence") if word in text]


def test_an_offer_that_is_taken_back(log):
    """Who has a better grade now hears that the offer is taken back."""
    moved(log)
    better = graded("A", revenue=[1000.0], profit=[300.0])
    lines = cg.plan(better, policy(), "2026-02-10", log=log).sheet(0)
    assert "We take back the offer that we explained to you on 2026-02-01. Nothing changes." in lines


def test_what_was_better_holds_until_a_day(log):
    """After a fall both are said, what holds and until when, and what holds then; afterwards only the latter."""
    log.enter(cg.plan(graded("A"), policy(), "2026-01-01", log=log))
    fallen = cg.plan(graded("B"), policy(), "2026-02-01", log=log)
    # 90 days after the fall, which is seen on 1 February
    begins = dt.date(2026, 2, 1) + dt.timedelta(90)
    lines = fallen.sheet(0)
    until = f"All of this holds until {begins - dt.timedelta(1)}, if we talk on 2026-02-01. From then on, this holds."
    before, after = cg.plan(graded("A"), policy(), "2026-02-01"), cg.plan(graded("B"), policy(), "2026-02-01")
    assert until in lines
    at = lines.index(until)

    def service(plan):
        sheet = plan.sheet(0)
        return sheet[2 : sheet.index("What you bought:")]

    assert service(before) == lines[2:at]
    assert service(after) == lines[at + 1 : lines.index("What you bought:")]
    log.enter(fallen)
    log.add(fallen.actions().done("2026-02-01"))
    told = cg.plan(graded("B"), policy(), "2026-02-02", log=log).sheet(0)
    assert f"All of this holds until {begins - dt.timedelta(1)}. From then on, this holds." in told
    assert fallen.entitled("response_hours").tolist() == before.entitled("response_hours").tolist()
    over = cg.plan(graded("B"), policy(), begins, log=log)
    assert service(over) == service(after)
    last = cg.plan(graded("B"), policy(), begins - dt.timedelta(1), log=log)
    assert service(last)[: at - 2] == service(before)
    assert not any(
        "holds until" in line
        for line in cg.plan(graded("B"), evolve(policy(), hold_days=0), "2026-02-01", log=log).sheet(0)
    )
