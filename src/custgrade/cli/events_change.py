"""`custgrade events void`, `alias`, `forget` and `upgrade`: changing what a log says."""

from __future__ import annotations

import argparse
from pathlib import Path

from custgrade.cli.events_add import number_given
from custgrade.cli.opened_log import log_given, said
from custgrade.cli.report import printable
from custgrade.errors import ConfigurationError, LogError
from custgrade.events.event import Event
from custgrade.text import counted, listed

_ANY_DAY = "2000-01-01"
"""The day of an event that its number finds."""


def void(options: argparse.Namespace) -> int:
    """Take back an event; return the exit status."""
    customer, kind, reason, author = said(options, "customer", "kind", "reason", "author")
    number = number_given(options.number)
    if (number is None) == (options.day is None):
        raise ConfigurationError("which one is taken back? Give --number or --day, one of them")
    name = options.name or ""
    log = log_given(options, made=True)
    # a snooze has further parts, which aren't compared
    rest = {"until": "9999-12-31", "author": author, "note": reason} if kind == "snooze" else {}
    log.void(Event(customer, kind, name, options.day or _ANY_DAY, number=number, **rest), reason=reason, author=author)
    print(printable(f"took back {kind} {name} of customer {customer}"))
    return 0


def alias(options: argparse.Namespace) -> int:
    """Record a new id, or take that back; return the exit status."""
    old, new = options.old, options.new
    if options.undo:
        return _undo_alias(options)
    if new is None:
        raise ConfigurationError("which id is the present one? Give OLD and NEW, or --undo to take an alias back")
    if options.reason:
        raise ConfigurationError("--reason is for --undo; give --note")
    (author,) = said(options, "author")
    count = log_given(options, made=True).alias(old, new, author=author, note=options.note or "")
    events = f"{counted(count, 'events')} of {old} joined with those of {new}"
    print(printable(f"{old} is a former id of {new}; " + (events if count else f"the log holds no event of {old}")))
    return 0


def _undo_alias(options: argparse.Namespace) -> int:
    if options.new is not None:
        raise ConfigurationError(f"--undo takes the former id alone; leave out {options.new}")
    if options.note:
        raise ConfigurationError("--note is for a new alias; give --reason")
    reason, author = said(options, "reason", "author")
    count = log_given(options, made=True).undo_alias(options.old, reason=reason, author=author)
    print(printable(f"{options.old} is a customer of its own again, with {counted(count, 'events')}"))
    return 0


def forget(options: argparse.Namespace) -> int:
    """Erase who a customer is; return the exit status."""
    log, customer = log_given(options, made=True), options.customer
    is_joined = customer in {one for pair in log.aliases().items() for one in pair}
    count = log.forget(customer)
    if count or is_joined:
        print(printable(f"customer {customer} is erased from {counted(count, 'events')}"))
    else:
        print(printable(f"The log holds nothing of {customer!r}."))
    return 0


def upgrade(options: argparse.Namespace) -> int:
    """Bring an older log up to date; return the exit status."""
    # an older log can't be read yet, so only its file shows that there is one
    if options.log and "://" not in options.log and not Path(options.log).exists():
        raise LogError(f"there is no log {options.log}")
    log = log_given(options, made=False)
    made = log.upgrade()
    print(printable(f"log: {log.name}, " + (f"brought to format {listed(made)}" if made else "is up to date")))
    return 0
