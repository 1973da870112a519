"""Promises 2 and 7, in another process: grades depend neither on hashes nor on today's date."""

from __future__ import annotations

import pytest

from custgrade.testing.other_process import (
    ContractLocation,
    Results,
    UnreachableError,
    results,
    results_in_other_process,
)
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Subject

LATER = 430
"""A number of days that leads to another year, another month and another day of the week."""


def same_in_another_process(subject: Subject, where: ContractLocation | None) -> None:
    """Raise an error unless a process with other hashes gives the same grades."""
    difference = _difference(results(subject), _results_there(where, 0))
    if difference:
        what = f"in another process {difference}; the order of a set and hash() of a text differ between processes"
        raise broken_promise("2, only the data", what)


def same_on_another_day(subject: Subject, where: ContractLocation | None) -> None:
    """Raise an error unless a process that runs on another day gives the same grades."""
    difference = _difference(_results_there(where, 0), _results_there(where, LATER))
    if difference:
        what = f"{LATER} days later {difference}; a clock was read when the module was imported or the scorer made"
        raise broken_promise("7, no clock", what)


def _results_there(where: ContractLocation | None, days: int) -> Results:
    if where is None:
        pytest.skip("another process can't import this contract: its class is defined inside a function")
    try:
        return results_in_other_process(where, days)
    except UnreachableError as error:
        pytest.skip(f"another process can't make this scorer: {error}")


def _difference(here: Results, there: Results) -> str:
    if here.fingerprint != there.fingerprint:
        return "the scorer computes something else"
    if here.learned != there.learned:
        return "the model learned something else"
    pairs = [pair for pair in zip(here.customers, there.customers, strict=True) if pair[0] != pair[1]]
    return f"{pairs[0][0]} becomes {pairs[0][1]}" if pairs else ""
