"""Promise 0: what a score is said to be made of adds up to it."""

from __future__ import annotations

from custgrade.explaining.explanations import explain
from custgrade.testing.broken import broken
from custgrade.testing.subject import Subject

PROMISE = "0, contributions add up"


def contributions_add_up(subject: Subject) -> None:
    """For ordinary bases, contributions are of fields that the score reads, and come to the score."""
    for seed, unknown in ((0, 0.0), (3, 0.2)):
        base = subject.sample(seed=seed, unknown=unknown)
        model = subject.fitted(base)
        if model is None:
            continue
        try:
            explain(model, base)
        except Exception as error:
            raise broken(PROMISE, f"explain failed: {type(error).__name__}: {error}", base) from error
