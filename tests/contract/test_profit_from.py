"""Profit after goods, hours and discounts."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

import custgrade as cg
from custgrade.errors import FieldError

AMOUNTS = st.one_of(st.none(), st.integers(-(10**7), 10**7).map(lambda cents: cents / 100))


def base(**columns):
    """Return a base with these columns, None as unknown."""
    size = len(next(iter(columns.values())))
    arrays = {name: np.array([np.nan if v is None else v for v in values]) for name, values in columns.items()}
    extra = [cg.Field("cost_of_goods", "money")] if "cost_of_goods" in columns else []
    return cg.CustomerBase([str(k) for k in range(size)], arrays, extra_fields=extra)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=8))
def test_it_is_what_subtraction_gives(rows):
    """Profit is revenue less goods and the cost of hours, customer by customer, unknown where a part is."""
    revenue, goods, hours = ([row[k] for row in rows] for k in range(3))
    found = cg.profit_from(
        base(revenue=revenue, cost_of_goods=goods, service_hours=hours), goods="cost_of_goods", service_rate=40
    )
    for row, profit in zip(rows, found["profit"], strict=True):
        if None in row:
            assert np.isnan(profit)
        else:
            assert row[0] - row[1] - 40 * row[2] == pytest.approx(profit, abs=1e-6)


def test_hours_and_discounts_come_off_the_profit_that_is_there():
    """Without goods, costs are taken off the base's own profit; the base says so, and the old one stays."""
    old = base(profit=[100.0], sales_hours=[0.5], discount=[10.0])
    new = cg.profit_from(old, sales_rate=60, discount=True)
    assert (100.0, 60.0) == (old["profit"][0], new["profit"][0])
    assert ("profit is profit less 60 × sales_hours, discount",) == new.notes


def test_decimals_stay_decimals():
    """0.3 less 0.1 is 0.2, not 0.19999999999999998."""
    assert 0.2 == cg.profit_from(base(revenue=[0.3], cost_of_goods=[0.1]), goods="cost_of_goods")["profit"][0]


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ({}, "needs a cost"),
        ({"goods": "wares"}, "no field wares"),
        ({"service_rate": 40}, "no field service_hours"),
        ({"sales_rate": -1}, "sales_rate must be money an hour"),
        ({"sales_rate": "60"}, "sales_rate must be"),
    ],
)
def test_wrong_costs_are_refused(costs, message):
    """No cost, a field that is missing, and a wrong rate are errors."""
    with pytest.raises(FieldError, match=message):
        cg.profit_from(base(revenue=[1.0], profit=[1.0], sales_hours=[1.0]), **costs)
