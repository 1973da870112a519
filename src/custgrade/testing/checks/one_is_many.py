"""Promise 6: a customer gets the same grade alone, in a batch, and from a saved and loaded model."""

from __future__ import annotations

import tempfile
from pathlib import Path

from custgrade.data.scale import UNGRADED
from custgrade.errors import ModelScorerError, UnknownNameError
from custgrade.model.customer_grade import CustomerGrade
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.registry.models import load_model
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, first_difference, in_words, outcomes


def one_is_many(subject: Subject, draw: Draw) -> None:
    """Raise an error unless every customer gets the same grade alone and among all."""
    base, others = draw(subject.bases(min_size=1)), draw(subject.bases(min_size=1, max_size=8))
    model = subject.fitted(base)
    if model is None:
        return
    graded = subject.graded(model, others)
    for row, customer in enumerate(others):
        alone = model.grade_one(customer)
        if _as_texts(alone) != _as_texts(_among(graded, row, str(others.ids[row]))):
            what = f"{others.ids[row]} got {in_words(graded, row)} among all, and {_shown(alone)} alone"
            raise broken_promise("6, one is many", what, others)


def _among(graded: Graded, row: int, identity: str) -> CustomerGrade:
    """Return the result that `grade_one` should give."""
    codes = {axis.name: int(graded.codes[axis.name][row]) for axis in graded.scale.axes}
    return CustomerGrade(
        identity,
        graded.grades.tolist()[row],
        {a.name: "" if codes[a.name] == UNGRADED else a.labels[codes[a.name]] for a in graded.scale.axes},
        {axis.name: float(graded.scores[axis.name][row]) for axis in graded.scale.axes},
        graded.reasons[int(graded.reason_codes[row])],
        {name: float(column[row]) for name, column in graded.details.items()},
    )


def _as_texts(one: CustomerGrade) -> tuple[str, ...]:
    numbers = [value.hex() for value in (*one.scores.values(), *one.details.values())]
    return (one.id, one.grade, *one.labels.values(), *numbers, one.reason)


def _shown(one: CustomerGrade) -> str:
    return f"{one.grade or 'ungraded'!r} ({dict(one.scores)}{'; ' + one.reason if one.reason else ''})"


def saved_is_loaded(subject: Subject, draw: Draw) -> None:
    """Raise an error unless a model that is saved and loaded, with a new scorer, gives the same grades."""
    base, others = draw(subject.bases(min_size=1)), draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.json"
        try:
            model.save(file)
            loaded = [load_model(file, scorer=subject.make())]
            loaded += _by_name(model, file)
        except Exception as error:
            what = f"saving and loading its model failed: {type(error).__name__}: {error}"
            raise broken_promise("6, saved is loaded", what, base) from error
    for one in loaded:
        for some in (base, others):
            before, after = subject.graded(model, some), subject.graded(one, some)
            row = first_difference(outcomes(before), outcomes(after))
            if row is not None:
                what = f"{some.ids[row]} got {in_words(before, row)}, and {in_words(after, row)} from the loaded model"
                raise broken_promise("6, saved is loaded", what, some)


def _by_name(model: GradingModel, file: Path) -> list[GradingModel]:
    """Return the model loaded by its plug-in's name, an empty list if the scorer isn't from an installed plug-in."""
    if model.scorer.origin is None:
        return []
    try:
        return [load_model(file)]
    except ModelScorerError as error:
        if isinstance(error.__cause__, UnknownNameError) or ":" in model.scorer.origin.name:
            return []
        raise
