"""Promises 2 and 7, in another process: neither its hashes nor today's date decide a grade."""

from __future__ import annotations

import pytest

from custgrade.testing.broken import broken
from custgrade.testing.other_process import Answers, Home, UnreachableError, answers, answers_elsewhere
from custgrade.testing.subject import Subject

LATER = 430
"""Days: another year, another month, and another day of the week."""


def same_in_another_process(subject: Subject, where: Home | None) -> None:
    """A process with other hashes gives the same grades."""
    difference = _difference(answers(subject), _asked(where, 0))
    if difference:
        what = f"in another process {difference}; the order of a set and hash() of a text differ between processes"
        raise broken("2, only the data", what)


def same_on_another_day(subject: Subject, where: Home | None) -> None:
    """A process that runs on another day gives the same grades."""
    difference = _difference(_asked(where, 0), _asked(where, LATER))
    if difference:
        what = f"{LATER} days later {difference}; a clock was read when the module was imported or the scorer made"
        raise broken("7, no clock", what)


def _asked(where: Home | None, days: int) -> Answers:
    if where is None:
        pytest.skip("another process can't import this contract: its class is defined inside a function")
    try:
        return answers_elsewhere(where, days)
    except UnreachableError as error:
        pytest.skip(f"another process can't make this scorer: {error}")


def _difference(here: Answers, there: Answers) -> str:
    if here.fingerprint != there.fingerprint:
        return "the scorer computes something else"
    if here.learned != there.learned:
        return "the model learned something else"
    pairs = [pair for pair in zip(here.customers, there.customers, strict=True) if pair[0] != pair[1]]
    return f"{pairs[0][0]} becomes {pairs[0][1]}" if pairs else ""
