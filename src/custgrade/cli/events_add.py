"""`custgrade events add`: recording what files or options say."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from custgrade.cli.opened_log import log_given, said
from custgrade.cli.report import printable
from custgrade.errors import ConfigurationError, LogError
from custgrade.events.cell_values import money_cell, number_cell
from custgrade.events.event import Event
from custgrade.events.kinds import CONSENT
from custgrade.text import counted

if TYPE_CHECKING:
    from custgrade.events.adding import Added

_ONE = ("customer", "kind", "name", "day", "number", "money", "due", "until", "treatment", "policy", "note")
_PAID = 100.0


def add(options: argparse.Namespace) -> int:
    """Record the events of files, or one event; return the exit status."""
    given = [f"--{name}" for name in _ONE if getattr(options, name) is not None]
    log = log_given(options, made=False)
    if options.files:
        if given:
            raise ConfigurationError(f"{given[0]} is for one event: leave it out, or leave out {options.files[0]}")
        added = log.add_file(*options.files, author=options.author or "", currency=options.currency or "")
    elif given:
        added = log.add(_event(options), currency=options.currency or "")
    else:
        raise ConfigurationError("nothing to record: give a file, or --customer, --kind, --name and --day")
    print("\n".join(added_lines(added, log.name)))
    return 0


def added_lines(added: Added, name: str) -> list[str]:
    """Return what was recorded, as lines."""
    lines = [f"recorded {counted(added.written, 'events')}"]
    if added.already:
        lines.append(f"{counted(added.already, 'events')} recorded already")
    if added.moved_on and added.written:
        lines.append("note: the log has moved on since the plan was made; plan again before more is done")
    lines += [f"note: {note}" for note in added.notes]
    lines.append(f"log: {name}, revision {added.revision}")
    return [printable(line) for line in lines]


def _event(options: argparse.Namespace) -> Event:
    customer, kind, day = said(options, "customer", "kind", "day")
    if kind == CONSENT and not (options.money or "").strip():
        raise ConfigurationError("what did the customer say? Give --money 1 for yes, or --money 0 for no")
    texts = {name: getattr(options, name) or "" for name in ("treatment", "policy", "author", "note")}
    return Event(
        customer,
        kind,
        options.name or "",
        day,
        number=number_given(options.number),
        money=_value(options.money),
        due=options.due,
        until=options.until,
        **texts,
    )


def number_given(text: str | None) -> int | None:
    """Return the value of --number; None if it isn't given.

    Raises ConfigurationError.
    """
    try:
        return number_cell(text or "") or None
    except LogError:
        raise ConfigurationError(f"--number takes a whole number from 1 on; received {text!r}") from None


def _value(text: str | None) -> float:
    try:
        return money_cell(text or "") / _PAID
    except LogError:
        raise ConfigurationError(
            f"--money takes an amount with at most two decimals, such as 1234.50; received {text!r}"
        ) from None
