"""`custgrade events show`: events as a table, who was thanked, who is shown, and who is out of sight."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from custgrade.cli.events_text import events_table, out_of_sight_table, showcase_table
from custgrade.cli.opened_log import log_given
from custgrade.data.period import as_date
from custgrade.errors import ConfigurationError
from custgrade.events import FoundEvents, Wanted
from custgrade.events.event import check_kind
from custgrade.events.kinds import CONTACTS, ENTERED, REWARDS, TAKE_DOWN
from custgrade.export.formats import check_outputs

_RECOGNITION = (*REWARDS, "thank")
_LISTS = ("recognition", "showcase", "out_of_sight")


def show(options: argparse.Namespace) -> int:
    """Print events, and write them; return the exit status."""
    chosen = [name for name in _LISTS if getattr(options, name)]
    if len(chosen) > 1:
        raise ConfigurationError(f"give one of {' and '.join(_option(name) for name in chosen)}")
    for name in chosen:
        if options.kind or options.voided:
            raise ConfigurationError(f"{_option(name)} chooses kinds itself: leave out --kind and --voided")
    for kind in options.kind or ():
        check_kind(kind)
    check_outputs(options.out)
    log = log_given(options, made=True)
    wanted = Wanted(
        customers=None if options.customer is None else (options.customer,),
        kinds=tuple(options.kind) if options.kind else None,
        name=options.name,
        since=_day(options.since, "--since"),
        until=_day(options.until, "--until"),
        voided=options.voided,
    )
    aliases = log.aliases()
    if options.out_of_sight:
        text, found = _out_of_sight(options, log.find, wanted, aliases)
    elif options.showcase:
        found = log.find(_of(wanted, ("showcase", TAKE_DOWN)))
        text, found = showcase_table(found, aliases)
    else:
        found = log.find(_of(wanted, _RECOGNITION) if options.recognition else wanted)
        if options.voided:
            found = found.take(np.array(found.voided, dtype=bool)[found.events.code])
        if options.recognition:
            found = found.take(np.lexsort((found.events.days, found.events.customer_id)))
        text = events_table(found, log.currency, whole=bool(options.out), voided=options.voided)
    print(text)
    if options.out:
        from custgrade.events.event_file import write_events

        write_events(options.out, found, log.currency, voided=options.voided)
        print(f"\nwrote {options.out}")
    return 0


def _out_of_sight(
    options: argparse.Namespace, find: Callable[[Wanted], FoundEvents], wanted: Wanted, aliases: dict[str, str]
) -> tuple[str, FoundEvents]:
    if not options.until:
        raise ConfigurationError("--out-of-sight counts the days before a day: give --until DATE")
    if options.since:
        raise ConfigurationError("--out-of-sight looks at all contacts: leave out --since")
    days = options.out_of_sight
    if not days.isdecimal() or not 1 <= int(days) <= 3_660:
        raise ConfigurationError(f"--out-of-sight takes a number of days from 1 to 3660; received {days!r}")
    found = find(_of(wanted, (*CONTACTS, ENTERED)))
    return out_of_sight_table(found, aliases, as_date(options.until, "--until"), int(days))


def _of(wanted: Wanted, kinds: tuple[str, ...]) -> Wanted:
    return Wanted(wanted.customers, kinds, wanted.name, wanted.since, wanted.until)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _day(text: str | None, option: str) -> str | None:
    return None if text is None else str(as_date(text, option))
