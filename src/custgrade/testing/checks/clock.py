"""Promise 7: nothing depends on the time of the run."""

from __future__ import annotations

from custgrade.testing.broken import broken
from custgrade.testing.listening import listening
from custgrade.testing.subject import Subject
from custgrade.text import listed


def no_clock(subject: Subject) -> None:
    """Making the scorer, fitting and grading read no clock."""
    base = subject.sample()
    with listening() as heard:
        scorer = subject.make()
        subject.graded(scorer.fit(base), base)
    if heard.clocks:
        raise broken("7, no clock", f"a clock was read: {listed(heard.clocks)}")
