"""Events of a log as text tables."""

from __future__ import annotations

import datetime as dt

import numpy as np

from custgrade.cli.report import aligned
from custgrade.events import FoundEvents
from custgrade.events.kinds import CONTACTS, TAKE_DOWN
from custgrade.text import counted

_MOST = 200
"""The number of rows of a table on the terminal."""


def events_table(found: FoundEvents, currency: str, *, whole: bool, voided: bool) -> str:
    """Return a table of events, the newest last.

    whole: whether all of them are written to a file. voided: whether they were taken back.
    """
    count = len(found)
    if not count:
        return "no events"
    last = found.take(np.arange(max(count - _MOST, 0), count))
    money = f"money, {currency}" if currency else "money"
    rows = [["day", "customer", "kind", "name", "number", money, "until", "by", "why" if voided else "note"]]
    for one, code in zip(last.events.events(), last.events.code.tolist(), strict=True):
        reason, author = last.why[code]
        note = f"{reason} ({author})" if voided else one.note if one.kind != "run" else ""
        cells = [str(one.day), one.customer_id, one.kind, one.name, str(one.number)]
        cells += [f"{one.money:,.2f}" if one.cents else "", "" if one.until is None else str(one.until)]
        rows.append([*cells, one.author, note])
    hint = "" if whole else "; --out FILE writes all"
    more = f"\n{count - _MOST:,} earlier ones aren't shown{hint}" if count > _MOST else ""
    return f"{aligned(rows, text_columns=9)}\n\n{counted(count, 'events')}{more}"


def showcase_table(found: FoundEvents, aliases: dict[str, str]) -> tuple[str, FoundEvents]:
    """Return a table of the customers who are shown, and the events since which they are.

    found: the showcases and what was taken down, in the order of days.
    """
    shown: dict[tuple[str, str], int] = {}
    for row, (identity, code) in enumerate(
        zip(found.events.customer_id.tolist(), found.events.code.tolist(), strict=True)
    ):
        one = found.events.occasions[code]
        key = (aliases.get(identity, identity), one.name)
        if one.kind == TAKE_DOWN:
            shown.pop(key, None)
        else:
            shown.setdefault(key, row)
    rows = [["customer", "name", "since", "policy"]]
    for (identity, name), row in shown.items():
        one = found.events.occasions[int(found.events.code[row])]
        rows.append([identity, name, one.day, one.policy])
    some = found.take(np.array(list(shown.values()), dtype=np.int64))
    text = f"{aligned(rows, text_columns=4)}\n\n{counted(len(shown), 'customers')} shown"
    return (text if shown else "nobody is shown"), some


def out_of_sight_table(
    found: FoundEvents, aliases: dict[str, str], until: dt.date, days: int
) -> tuple[str, FoundEvents]:
    """Return a table of customers without any contact for some days, the longest first, and their last events.

    found: contacts and entered treatments until a day, in the order of days.
    """
    last: dict[str, tuple[str, int]] = {}
    contacts = set(CONTACTS)
    for row, (identity, code) in enumerate(
        zip(found.events.customer_id.tolist(), found.events.code.tolist(), strict=True)
    ):
        one = found.events.occasions[code]
        who = aliases.get(identity, identity)
        if one.kind in contacts:
            last[who] = (one.day, row)
        else:
            last.setdefault(who, ("", row))
    since = str(until - dt.timedelta(days=min(days, (until - dt.date.min).days)))
    mine = sorted((day, who, row) for who, (day, row) in last.items() if day <= since)
    rows = [["customer", "last contact", "days"]]
    for day, who, _ in mine[:_MOST]:
        ago = str((until - dt.date.fromisoformat(day)).days) if day else ""
        rows.append([who, day or "none in the log", ago])
    more = f"; {len(mine) - _MOST:,} more aren't shown" if len(mine) > _MOST else ""
    text = f"{aligned(rows, text_columns=2)}\n\n{counted(len(mine), 'customers')} out of sight for {days} days{more}"
    some = found.take(np.array([row for _, _, row in mine], dtype=np.int64))
    return (text if mine else f"nobody is out of sight for {days} days"), some
