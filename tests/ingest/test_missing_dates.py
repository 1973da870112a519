"""What stands for a missing date is no date, wherever one is needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import custgrade as cg
from custgrade.data.period import as_date, as_days
from custgrade.errors import SourceError

MISSING = [pd.NaT, np.datetime64("NaT"), np.datetime64("NaT", "D"), float("nan"), pd.NA, "", np.timedelta64("NaT")]


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_missing_dates_are_refused(missing: Any) -> None:
    """The error shows what was received and how a date is written."""
    frame = pd.DataFrame({"customer_id": ["a"], "date": ["2024-01-01"], "profit": [1.0]})
    base = cg.read_orders(frame)
    model = cg.scorer("abcde").fit(base)
    for call in (
        lambda: cg.read_orders(frame, as_of=missing),
        lambda: cg.read_orders(frame, since=missing),
        lambda: cg.way_up(model, base, on=missing),
        lambda: cg.Period(missing, "2024-01-01", "2024-01-01"),
        lambda: as_date(None),
    ):
        with pytest.raises(SourceError, match=r"received .*; write a date as YYYY-MM-DD"):
            call()


@pytest.mark.parametrize(
    "date", [pd.Timestamp("2024-03-04 23:59"), np.datetime64("2024-03-04T05"), dt.datetime(2024, 3, 4, 5), "2024-03-04"]
)
def test_dates_of_every_kind_are_days(date: Any) -> None:
    """Moments of pandas, numpy and Python are the days they are on."""
    assert as_date(date) == dt.date(2024, 3, 4)


@pytest.mark.parametrize(
    ("length", "days"), [(np.timedelta64(48, "h"), 2), (np.timedelta64(3, "D"), 3), (np.int8(4), 4)]
)
def test_lengths_of_numpy_are_days_whatever_their_unit(length: Any, days: int) -> None:
    """Hours are not taken for days because numpy calls them whole numbers."""
    assert as_days(length) == days


@pytest.mark.parametrize(
    "length", [np.timedelta64(25, "h"), np.timedelta64("NaT"), np.timedelta64(1, "Y"), pd.NaT, None]
)
def test_lengths_that_are_no_whole_days_are_refused(length: Any) -> None:
    """Half days, years, and what stands for a missing length are refused."""
    with pytest.raises(SourceError, match="write a whole number of days"):
        as_days(length)
