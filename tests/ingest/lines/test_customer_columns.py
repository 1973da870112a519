"""Customer files with dates of orders, with costs, and with an assumed margin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError, FieldError

TEXT = "customer_id,last_order,first_order\na,2024-11-08,2020-01-01\nb,2023-02-03,2023-02-03\nc,,\n"


def test_dates_become_days(put: Callable[..., Path]) -> None:
    """Recency and tenure count to the newest last order, or to the given day; an empty cell is unknown."""
    base = cg.read_customers(put("c.csv", TEXT))
    assert repr(base["recency"].tolist()) == "[0.0, 644.0, nan]"
    assert repr(base["tenure"].tolist()) == "[1773.0, 644.0, nan]"
    assert "recency and tenure count to 2024-11-08, the newest last_order" in base.notes
    base = cg.read_customers(put("c.csv", TEXT), as_of="2025-01-01")
    assert repr(base["recency"].tolist()) == "[54.0, 698.0, nan]"


def test_dates_of_frames_and_formats() -> None:
    """Columns of dates and dates in another format are read as in order lines."""
    days = [dt.date(2025, 1, 3), dt.date(2025, 1, 1)]
    frame = pl.DataFrame({"customer_id": ["a", "b"], "seen": days, "text": [f"{day:%d.%m.%Y}" for day in days]})
    assert cg.read_customers(frame, {"last_order": "seen"})["recency"].tolist() == [0.0, 2.0]
    base = cg.read_customers(frame, {"last_order": "text"}, date_format="%d.%m.%Y")
    assert base["recency"].tolist() == [0.0, 2.0]


def test_dates_that_are_refused(put: Callable[..., Path]) -> None:
    """A date after the as-of date is bad, an unreadable one unknown; first orders alone need the day."""
    with pytest.raises(BadRowsError, match="line 2: last_order after the as-of date 2024-01-01"):
        cg.read_customers(put("c.csv", TEXT), as_of="2024-01-01")
    base = cg.read_customers(put("c.csv", TEXT.replace("b,2023-02-03", "b,soon")))
    assert "1 cell of recency, column 'last_order', can't be read and counts as unknown (line 3: 'soon')" in base.notes
    with pytest.raises(FieldError, match="without `last_order`"):
        cg.read_customers(put("c.csv", TEXT), {"last_order": ""})
    assert cg.read_customers(put("c.csv", TEXT), {"last_order": ""}, as_of="2024-01-01")["tenure"][0] == 1461.0


@pytest.mark.parametrize("cells", ["2024-11-08", "08.11.2024", "8-Nov-24"])
def test_days_read_from_dates_name_the_right_field(cells: str, put: Callable[..., Path]) -> None:
    """A column of dates that is mapped to recency gives an error with the mapping that is meant."""
    with pytest.raises(FieldError, match="holds dates") as caught:
        cg.read_customers(put("c.csv", f"customer_id,last_visit\na,{cells}\n"), {"recency": "last_visit"})
    assert "--column 'last_order=last_visit'" in caught.value.for_command_line()
    frame = pl.DataFrame({"customer_id": ["a"], "recency": [dt.date(2024, 1, 1)]})
    with pytest.raises(FieldError, match='"last_order": "recency"'):
        cg.read_customers(frame)


def test_profit_from_cost_is_exact(put: Callable[..., Path]) -> None:
    """Profit is revenue − cost, rounded once, and unknown where one of them is."""
    base = cg.read_customers(put("c.csv", "customer_id,revenue,cost\na,0.3,0.1\nb,1,\nc,,1\n"))
    assert repr(base["profit"].tolist()) == "[0.2, nan, nan]"
    with pytest.raises(BadRowsError, match="line 2: unreadable cost"):
        cg.read_customers(put("c.csv", "customer_id,revenue,cost\na,0.3,much\n"))
    base = cg.read_customers(put("c.csv", "customer_id,revenue,cost,profit\na,3,1,7\n"))
    assert (base["profit"].tolist(), base.unmapped) == ([7.0], ("cost",))
    assert "cost" not in cg.read_customers(put("c.csv", "customer_id,cost\na,3\n")).columns
    with pytest.raises(FieldError, match="`cost` is mapped without `revenue`"):
        cg.read_customers(put("c.csv", "customer_id,cost\na,3\n"), {"cost": "cost"})
    with pytest.raises(FieldError, match="map one of them"):
        cg.read_customers(put("c.csv", "customer_id,revenue,x\na,3,3\n"), {"cost": "x", "profit": "x"})


def test_profit_from_a_margin(put: Callable[..., Path]) -> None:
    """An assumed margin gives profit and a note; it needs a revenue, and no profit."""
    base = cg.read_customers(put("c.csv", "customer_id,revenue\na,100\n"), assume_margin=0.3)
    assert (base["profit"].tolist(), "profit is assumed to be 0.3 of revenue" in base.notes) == ([30.0], True)
    with pytest.raises(FieldError, match="holds profits or costs"):
        cg.read_customers(put("c.csv", "customer_id,revenue,profit\na,100,1\n"), assume_margin=0.3)
    with pytest.raises(FieldError, match="map `revenue` too"):
        cg.read_customers(put("c.csv", "customer_id,orders\na,100\n"), assume_margin=0.3)
