"""Opening the log that --log names; SQLAlchemy is loaded only then."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from custgrade.errors import ConfigurationError, LogError
from custgrade.text import shown

if TYPE_CHECKING:
    from custgrade.events.log import EventLog


def opened(where: str) -> EventLog:
    """Return the log at a path or a URL; nothing is made.

    Raises MissingExtraError if SQLAlchemy isn't installed, and LogError.
    """
    from custgrade.events.log import EventLog

    log = EventLog(where)
    if log.name in ("", ":memory:"):
        raise LogError(
            f"a log in memory is lost when the command ends; received {shown(where)}. Give the path of a file"
        )
    return log


def log_given(options: argparse.Namespace, *, made: bool) -> EventLog:
    """Return the log of --log. made: whether it must have been made already, because the command makes none.

    Raises ConfigurationError, and LogError if there is no log.
    """
    if not options.log:
        raise ConfigurationError("no log is given: give --log FILE, or --log URL")
    log = opened(options.log)
    if made and not log.exists:
        raise LogError(f"there is no log {log.name}; custgrade events add and custgrade plan --enter make one")
    return log


def said(options: argparse.Namespace, *names: str) -> list[str]:
    """Return the values of options that must be given.

    Raises ConfigurationError, which names all that are missing.
    """
    missing = [f"--{name}" for name in names if not getattr(options, name)]
    if missing:
        raise ConfigurationError(f"not given: {', '.join(missing)}")
    return [getattr(options, name) for name in names]
