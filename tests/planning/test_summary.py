"""What a plan comes to, against plain sums."""

import math

import pytest
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import PolicyError


def test_sums_are_those_of_a_plain_loop():
    """Customers, hours, rewards and money by grade are those of a loop over customers."""
    profit = [100.0, 30.0, -20.5, 7.25, math.nan, 12.0, 55.0]
    made = cg.plan(graded("AABCC-A", profit=profit, revenue=[1000.0] * 7), policy(), ON)
    lines = {line.grade: line for line in made.summary()}
    assert ["A", "B", "C", "ungraded", "total"] == list(lines)
    assert [3, 1, 2, 1, 7] == [line.customers for line in lines.values()]
    assert [18.0, 3.0, 1.0, 0.5, 22.5] == [line.service_hours for line in lines.values()]
    assert [3.0, 3.0, 0.0, 0.0, 6.0] == [line.sales_hours for line in lines.values()]
    assert [30.0, 0.0, 0.0, 0.0, 30.0] == [line.rewards for line in lines.values()]
    assert [185.0, -20.5, 7.25, 12.0, 183.75] == [line.at_stake for line in lines.values()]
    assert ["keep", "lift", "restore"] == [line.goal for line in made.summary()[:3]]


def test_rewards_that_wait_are_counted_apart():
    """Money for which the budget doesn't suffice is in a column of its own."""
    from attrs import evolve

    tight = evolve(policy().treatments["A"], budget=15.0)
    made = cg.plan(graded("AA", profit=[5.0, 6.0]), policy(treatments={**policy().treatments, "A": tight}), ON)
    line = made.summary()[0]
    assert (10.0, 10.0) == (line.rewards, line.waiting)


def test_the_largest_sums_are_those_of_a_sort():
    """The largest sums, and among equal ones the ids in order; none of 0, below, or unknown."""
    profit = [5.0, 7.0, 5.0, math.nan, -1.0, 0.0, 9.0, 5.0]
    made = cg.plan(graded("A" * 8, profit=profit), policy(), ON)
    assert [(9.0, "C6"), (7.0, "C1"), (5.0, "C0")] == [(one.money, one.customer_id) for one in made.largest(3)]
    assert ["C6", "C1", "C0", "C2", "C7"] == [one.customer_id for one in made.largest(100)]
    assert [] == made.largest(0)


def test_names_and_offers_are_with_the_largest_sums():
    """A line has the customer's name, the grade and the offer."""
    from attrs import evolve

    found = graded("AC", profit=[100.0, 30.0])
    named = evolve(found, base=evolve(found.base, names=["Miller", ""]))
    lines = cg.plan(named, policy(), ON).largest()
    assert [("Miller", "A", ""), ("", "C", "price")] == [(one.name, one.treatment, one.offer) for one in lines]


@pytest.mark.parametrize("count", [-1, 1.5, "3", True, None])
def test_the_number_of_customers_must_be_a_number(count):
    """Anything but a whole number is refused."""
    with pytest.raises(PolicyError, match="largest takes a number of customers"):
        cg.plan(graded("A"), policy(), ON).largest(count)
