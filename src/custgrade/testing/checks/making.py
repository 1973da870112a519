"""Promise 0: a scorer can be made, and it fits and grades an ordinary base."""

from __future__ import annotations

from custgrade.errors import CustgradeError, TracingError
from custgrade.scoring.scorer import Scorer
from custgrade.testing.broken import ContractBrokenError, broken
from custgrade.testing.subject import Subject

_MADE = "0, a scorer can be made"
_EXACT = "0, exact arithmetic"
_INPUT = "0, the input stays"


def trouble(subject: Subject) -> tuple[str, ContractBrokenError] | None:
    """What keeps a scorer from being checked any further: the promise it breaks, and the error; None if nothing."""
    try:
        made = subject.make()
    except Exception as error:
        promise = _MADE
        if isinstance(error, TracingError):
            changing = "change its input" in str(error) or "item assignment" in str(error)
            promise = _INPUT if changing else _EXACT
        hint = "; scorer is a method: def scorer(self): return …" if "positional argument" in str(error) else ""
        return promise, broken(promise, f"making it failed: {type(error).__name__}: {error}{hint}")
    if not isinstance(made, Scorer):
        return _MADE, broken(_MADE, f"scorer() gave a {type(made).__name__}, not a custgrade.Scorer")
    base = subject.sample()
    try:
        model = made.fit(base)
        subject.checked(model.grade(base), model, base)
    except ContractBrokenError as error:
        return "9, nothing is dropped", error
    except Exception as error:
        promise = _blamed(error)
        hint = "; needs names every field that the score reads" if "KeyError" in str(error) else ""
        return promise, broken(promise, f"an ordinary base failed: {type(error).__name__}: {error}{hint}", base)
    return None


def _blamed(error: Exception) -> str:
    """The promise that an error while fitting or grading breaks."""
    text = str(error)
    if "read-only" in text or "item assignment" in text:
        return _INPUT
    if "KeyError" in text or "in its attribute `reads`" in text:
        return "0, declared fields"
    if "one number per customer" in text:
        return "0, one number per customer"
    return "0, it runs"


def refuses_in_words(subject: Subject) -> None:
    """A base of no or one customer that can't be graded is refused with a CustgradeError, not with any other."""
    for size in (0, 1):
        base = subject.sample().take(slice(0, size))
        try:
            subject.make().fit(base).grade(base)
        except CustgradeError:
            continue
        except Exception as error:
            what = f"a base of {size} customers failed with {type(error).__name__}: {error}"
            raise broken("0, it runs", what, base) from error
