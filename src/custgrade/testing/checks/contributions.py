"""Promise 0: contributions add up to the score."""

from __future__ import annotations

from custgrade.explaining.explanations import explain
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Subject

PROMISE = "0, contributions add up"


def contributions_add_up(subject: Subject) -> None:
    """Raise an error unless contributions in ordinary bases are of fields that the score reads and add up to it."""
    for seed, unknown in ((0, 0.0), (3, 0.2)):
        base = subject.sample(seed=seed, unknown=unknown)
        model = subject.fitted(base)
        if model is None:
            continue
        try:
            explain(model, base)
        except Exception as error:
            raise broken_promise(PROMISE, f"explain failed: {type(error).__name__}: {error}", base) from error
