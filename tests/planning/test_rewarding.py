"""Rewards and budgets, against giving one reward after the other in plain Python."""

import itertools

import numpy as np
from attrs import evolve
from hypothesis import given, strategies as st
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.planning import Reward, Treatment
from custgrade.planning.states import STATES

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), min_size=1, max_size=10)


def with_rewards(rewards, budget=None):
    """Return the small policy with these rewards, and a budget, for A."""
    return policy(
        treatments={**policy().treatments, "A": evolve(policy().treatments["A"], rewards=rewards, budget=budget)},
        gift_limit=1e6,
        gift_limit_year=1e6,
    )


@given(ROWS, st.integers(0, 1500))
def test_a_budget_is_spent_best_first_and_equals_share_one_fate(rows, budget):
    """Blocks of equal customers are given in the order of scores while the money suffices; then all others wait."""
    scores, values = zip(*rows, strict=True)
    people = graded("A" * len(rows), profit=[float(s) for s in scores], revenue=[float(v) for v in values])
    rewards = [Reward("gift", value=lambda c: c["revenue"] * 1.0), Reward("card", "thanks", value=3)]
    made = cg.plan(people, with_rewards(rewards, budget), ON)
    left, expected, stopped = budget, {}, False
    queue = sorted((-scores[row], k, row) for row in range(len(rows)) for k in range(2))
    for _, block in itertools.groupby(queue, key=lambda one: one[:2]):
        members = [(k, row) for _, k, row in block]
        cost = sum(values[row] if k == 0 else 3 for k, row in members)
        stopped = stopped or cost > left
        left -= 0 if stopped else cost
        expected |= dict.fromkeys(members, "waits" if stopped else "due")
    found = {
        (("gift", "card").index(block.reward.name), int(row)): STATES[state]
        for block in made.rewards
        for row, state in zip(block.rows, block.states, strict=True)
    }
    assert expected == found


def test_waiting_rewards_are_counted_with_their_money():
    """The plan says how many rewards wait, what they are worth, and what the budget is."""
    made = cg.plan(graded("AAA"), with_rewards(Reward("gift", value=40), 100), ON)
    assert made.notes == (
        "A: the budget of 100.00 doesn't cover 3 rewards worth 120.00; 3 of them, worth 120.00, must wait",
    )


def test_the_note_on_a_budget_counts_the_rewards_of_the_horizon():
    """The note says until which day rewards are counted, and until which day the budget must last."""
    made = cg.plan(graded("AA"), with_rewards(Reward("gift", value=40, every=1), 200), "2026-01-01", horizon=60)
    assert made.notes == (
        "A: with those that are upcoming until 2026-03-02, rewards come to 240.00; "
        "the budget until 2026-12-31 is 200.00",
    )


def test_rewards_within_the_horizon_are_upcoming():
    """A reward that is due after the day of the plan is upcoming, one beyond the horizon is left out."""
    rewards = [Reward("soon", value=1, after=92), Reward("late", value=1, after=93)]
    made = cg.plan(graded("A"), with_rewards(rewards), ON)
    assert [("soon", "upcoming")] == [(b.reward.name, STATES[b.states[0]]) for b in made.rewards]


def test_a_series_goes_on_from_the_start_of_the_programme():
    """With a start in the past, the newest slot is due, with its number."""
    made = cg.plan(graded("A"), with_rewards(Reward("gift", value=1, every=3)), ON, since="2025-01-31")
    assert [("2025-10-31", 4), ("2026-01-31", 5)] == [(str(block.due), block.number) for block in made.rewards]
    assert ["due", "upcoming"] == [STATES[block.states[0]] for block in made.rewards]


def test_gifts_go_to_nobody_who_must_not_get_any():
    """A customer with no_gifts gets no gift, outing or event, but a newsletter."""
    rewards = [Reward("gift", "gift", 5), Reward("dinner", "event", 5), Reward("letter", "newsletter", 1)]
    made = cg.plan(graded("AA", no_gifts=[1.0, np.nan]), with_rewards(rewards), ON)
    assert {"gift": [1], "dinner": [1], "letter": [0, 1]} == {b.reward.name: b.rows.tolist() for b in made.rewards}


def test_consent_is_asked_for():
    """A reward with consent goes to customers with consent = 1 only; unknown is no."""
    made = cg.plan(
        graded("AAA", consent=[1.0, 0.0, np.nan]), with_rewards(Reward("wall", "showcase", consent=True)), ON
    )
    assert [0] == made.rewards[0].rows.tolist()


def test_a_reward_of_unknown_or_negative_value_is_not_given():
    """Nobody gets a reward whose value is unknown or below 0, and the plan counts them."""
    rewards = Reward("gift", value=lambda c: c["revenue"] * 0.01)
    made = cg.plan(graded("AAA", revenue=[np.nan, -5.0, 100.0]), with_rewards(rewards), ON)
    assert [2] == made.rewards[0].rows.tolist()
    assert "no 'gift' for 2 customers" in made.notes[0]


def test_a_treatment_without_customers_has_no_rewards():
    """A reward that nobody gets isn't listed."""
    assert () == cg.plan(graded("B"), policy(), ON).rewards
    assert isinstance(policy().treatments["A"], Treatment)
