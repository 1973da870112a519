"""Promise 0: a scorer can be made, and it fits and grades an ordinary base."""

from __future__ import annotations

import math

from custgrade.data.base import CustomerBase
from custgrade.errors import TracingError
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.testing.promises import ContractBrokenError, broken_promise
from custgrade.testing.subject import Subject, first_difference, in_full, in_words, outcomes, refused
from custgrade.text import listed

_MADE = "0, a scorer can be made"
_EXACT = "0, exact arithmetic"
_INPUT = "0, the input stays"
_DATA = "2, only the data"
_RUNS = "0, it runs"
EXTREMES = (math.inf, -math.inf, 1.7e308, -1.7e308, 5e-324, math.nan)
"""The values of the first customers of a base in every field; data frames may hold any of them."""


def first_failure(subject: Subject) -> tuple[str, ContractBrokenError] | None:
    """Return the promise that a scorer breaks in a basic run, and the error; None if it passes."""
    try:
        made = subject.make()
    except Exception as error:
        promise = _MADE
        if isinstance(error, TracingError):
            changing = "change its input" in str(error) or "item assignment" in str(error)
            promise = _INPUT if changing else _EXACT
        hint = "; scorer is a method: def scorer(self): return …" if "positional argument" in str(error) else ""
        return promise, broken_promise(promise, f"making it failed: {type(error).__name__}: {error}{hint}")
    if not isinstance(made, Scorer):
        return _MADE, broken_promise(_MADE, f"scorer() gave a {type(made).__name__}, not a custgrade.Scorer")
    base = subject.sample()
    try:
        model = made.fit(base)
        first, again = (subject.checked(in_full(model.grade(base)), model, base) for _ in range(2))
    except ContractBrokenError as error:
        return "9, nothing is dropped", error
    except Exception as error:
        promise = _blamed(error)
        hint = "; needs names every field that the score reads" if "KeyError" in str(error) else ""
        return promise, broken_promise(promise, f"an ordinary base failed: {type(error).__name__}: {error}{hint}", base)
    changed = _changed(subject.sample(), base)
    if changed:
        return _INPUT, broken_promise(_INPUT, f"fitting and grading changed {listed(changed)} of the base", base)
    row = first_difference(outcomes(first), outcomes(again))
    if row is not None:
        what = f"the same model graded {base.ids[row]} twice, as {in_words(first, row)} and {in_words(again, row)}"
        return _DATA, broken_promise(_DATA, f"{what}; it uses random numbers or keeps a state", base)
    return _failure_with_extremes(made, model, base)


def _changed(before: CustomerBase, after: CustomerBase) -> list[str]:
    """Return what has changed in a base: columns by name, and `the ids`."""
    bits = [{name: column.tobytes() for name, column in base.columns.items()} for base in (before, after)]
    names = dict.fromkeys([*before.columns, *after.columns])
    changed = [name for name in names if bits[0].get(name) != bits[1].get(name)]
    return changed + ["the ids"] * (before.ids.tolist() != after.ids.tolist())


def _failure_with_extremes(
    scorer: Scorer, model: GradingModel, base: CustomerBase
) -> tuple[str, ContractBrokenError] | None:
    extreme = base.with_columns(
        **{name: [*EXTREMES, *column[len(EXTREMES) :]] for name, column in base.columns.items()}
    )
    for doing, run in (("grading", lambda: in_full(model.grade(extreme))), ("fitting", lambda: scorer.fit(extreme))):
        try:
            run()
        except Exception as error:
            if not refused(error):
                what = f"{doing} a base with extreme values failed: {type(error).__name__}: {error}"
                return _RUNS, broken_promise(_RUNS, what, extreme)
    return None


def _blamed(error: Exception) -> str:
    """Return the promise that an error during fitting or grading breaks."""
    text = str(error)
    if "read-only" in text or "item assignment" in text:
        return _INPUT
    if "KeyError" in text or "in its attribute `reads`" in text:
        return "0, declared fields"
    if "one number per customer" in text:
        return "0, one number per customer"
    return _RUNS


def refuses_in_words(subject: Subject) -> None:
    """Raise an error if a base of no or one customer is refused with any error but a CustgradeError."""
    for size in (0, 1):
        base = subject.sample().take(slice(0, size))
        try:
            in_full(subject.make().fit(base).grade(base))
        except Exception as error:
            if refused(error):
                continue
            what = f"a base of {size} customers failed with {type(error).__name__}: {error}"
            raise broken_promise(_RUNS, what, base) from error
