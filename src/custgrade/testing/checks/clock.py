"""Promise 7: grades don't depend on the time of the run."""

from __future__ import annotations

from custgrade.testing.promises import broken_promise
from custgrade.testing.recorded_calls import recorded_calls
from custgrade.testing.subject import Subject
from custgrade.text import listed


def no_clock(subject: Subject) -> None:
    """Raise an error if making the scorer, fitting or grading reads a clock."""
    base = subject.sample()
    with recorded_calls() as calls:
        scorer = subject.make()
        subject.graded(scorer.fit(base), base)
    if calls.clocks:
        raise broken_promise("7, no clock", f"a clock was read: {listed(calls.clocks)}")
