"""`custgrade events due`: deadlines of offers and what was put off, by the log alone."""

from __future__ import annotations

import argparse
import datetime as dt

from custgrade.cli.opened_log import log_given, said
from custgrade.cli.report import aligned
from custgrade.data.period import as_date
from custgrade.errors import ConfigurationError
from custgrade.events.deadlines import last_day
from custgrade.text import counted


def due(options: argparse.Namespace) -> int:
    """Print what is overdue or due soon; return the exit status."""
    (day,) = said(options, "on")
    on = as_date(day, "--on")
    days = _days(options.days)
    found = log_given(options, made=True).due(on, days)
    rows = [["due", "when", "customer", "name", "policy", "state", "what"]]
    rows += [
        [str(one.day), _when(one.day, on), one.customer_id, one.name or "everything", one.policy, one.state, one.what]
        for one in found
    ]
    last = last_day(on, days)
    print(
        aligned(rows, text_columns=7)
        if found
        else f"no deadline until {last}; custgrade plan --log lists rewards and actions"
    )
    if found:
        late = sum(one.day < on for one in found)
        print(f"\n{counted(len(found), 'deadlines')} until {last}, {late:,} of them overdue on {on}")
    return 0


def _when(day: dt.date, on: dt.date) -> str:
    days = (day - on).days
    if days < 0:
        return f"{counted(-days, 'days')} ago"
    return f"in {counted(days, 'days')}" if days else "on this day"


def _days(text: str | None) -> int:
    try:
        return 7 if text is None else int(text)
    except ValueError:
        raise ConfigurationError(f"--days takes a whole number of days; received {text!r}") from None
