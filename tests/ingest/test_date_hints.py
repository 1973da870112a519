"""What an error proposes for dates that can't be read: a format that reads all of them, and every reading there is."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError

FORMS = [
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%y", "%Y.%m.%d", "%Y%m%d", "%d%m%Y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%a, %d %b %Y", "%A, %B %d, %Y", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S", "%Y%m%d %H:%M",
]  # fmt: skip


def _message(texts: list[str]) -> str:
    frame = pd.DataFrame({"customer_id": [f"C{k}" for k in range(len(texts))], "date": texts})
    with pytest.raises(BadRowsError) as caught:
        cg.read_orders(frame)
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_the_proposed_format_reads_what_was_written(form: str) -> None:
    """Dates written in a format are read as they were meant by the only format that is proposed for them."""
    chance = random.Random(form)
    first = dt.datetime(2024, 1, 1)
    days = [dt.datetime(2024, 12, 31), *(first + dt.timedelta(chance.randrange(700)) for _ in range(60))]
    texts = [day.strftime(form) for day in days]
    proposed = re.findall(r'date_format="([^"]+)" \(', _message(texts))
    assert len(proposed) == 1, proposed
    frame = pd.DataFrame({"customer_id": [f"C{k:02}" for k in range(len(texts))], "date": texts})
    base = cg.read_orders(frame, date_format=proposed[0], as_of="2026-12-31")
    assert base["recency"].tolist() == [(dt.datetime(2026, 12, 31) - day).days for day in days]


def test_both_readings_are_given_where_both_fit() -> None:
    """Days up to 12 fit day first and month first: both formats are given, each with its reading of the first date."""
    message = _message(["05/06/2024", "07/08/2024"])
    assert 'date_format="%d/%m/%Y" (05/06/2024 is 2024-06-05)' in message
    assert 'date_format="%m/%d/%Y" (05/06/2024 is 2024-05-06)' in message
    message = _message(["11.02.25"])
    assert '"%d.%m.%y" (11.02.25 is 2025-02-11)' in message
    assert '"%m.%d.%y" (11.02.25 is 2025-11-02)' in message
    message = _message(["17-06-05"])
    assert '"%d-%m-%y" (17-06-05 is 2005-06-17)' in message
    assert '"%y-%m-%d" (17-06-05 is 2017-06-05)' in message


NO_DATES = ["yesterday", "2024-02-30", "2025-13-01", "", "12", "x'; --", "1/2/3/4/5/6/7"]


@pytest.mark.parametrize("text", NO_DATES, ids=repr)
def test_nothing_is_proposed_for_what_is_no_date(text: str) -> None:
    """Where no format fits, none is proposed."""
    assert "date_format" not in _message([text])


def test_a_format_that_breaks_other_dates_is_not_proposed() -> None:
    """Where some dates are read and others written differently, that is said."""
    message = _message(["2024-01-05", "31/12/2024"])
    assert "date_format=" not in message
    assert "in the same format; they have several" in message


def test_a_wrong_format_is_put_right() -> None:
    """With a format that reads half of the dates, one that reads all is proposed."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "date": ["05/06/2024", "31/12/2024"]})
    with pytest.raises(BadRowsError, match=r'date_format="%d/%m/%Y" \(31/12/2024 is 2024-12-31\)\.'):
        cg.read_orders(frame, date_format="%m/%d/%Y")


def test_the_command_line_names_its_flag(put: Callable[..., Path], refused: Callable[..., str]) -> None:
    """On the command line the same formats come in flags, ready to paste."""
    path = put("o.csv", "customer_id,date,profit\nA,31/12/2024,1\n")
    message = refused("grade", "--orders", path, "--scorer", "abcde")
    assert "--date-format '%d/%m/%Y' (31/12/2024 is 2024-12-31)" in message
