"""Promise 9 for optional fields: a scorer grades without them, names them, and keeps its other promises."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations

from custgrade.data.base import CustomerBase
from custgrade.data.standard import known_fields
from custgrade.errors import ScorerError
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.scoring.score_protocols import AdaptableScore
from custgrade.testing.checks import monotone
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Subject

_PROMISE = "9, nothing is dropped"
_MOST = 40


def what_is_left_out_is_named(subject: Subject) -> None:
    """Raise an error unless a scorer grades without its optional fields, the same each time, and names them."""
    optional = sorted(subject.scorer.optional)
    sizes = (1, len(optional) - 1, 2)
    sets = [some for size in sizes if size > 0 for some in combinations(optional, size)]
    models = {gone: model for gone in dict.fromkeys(sets[:_MOST]) if (model := _fitted_without(subject, gone))}
    for gone, model in reversed(models.items()):
        again = _fitted_without(subject, gone)
        if again is None or _decides(again) != _decides(model):
            what = f"without {list(gone)} it computes other scores after it has graded without other fields"
            raise broken_promise("2, only the data", what)
    for model in (model for gone, model in models.items() if len(gone) == 1):
        monotone.better_is_not_worse_in_samples(Subject(partial(getattr, model, "scorer")))


def _fitted_without(subject: Subject, gone: Sequence[str]) -> GradingModel | None:
    """Return the model of an ordinary base that lacks fields, None if a score has no field left."""
    base, fields = subject.sample(), known_fields(subject.scorer.fields)
    out = {part for name in gone for part in ((name in fields and fields[name].parts[:1]) or (name,))}
    less = CustomerBase(base.ids, {key: column for key, column in base.columns.items() if key not in out})
    try:
        model = subject.scorer.fit(less)
    except Exception as error:
        if isinstance(error, ScorerError) and _nothing_left(subject.scorer, less):
            return None
        what = f"without {list(gone)} it failed: {type(error).__name__}: {error}"
        raise broken_promise(_PROMISE, what, less) from error
    for name in gone:
        if name not in model.dropped or not any(name in notice for notice in model.notices):
            raise broken_promise(_PROMISE, f"{name!r} was left out, and no notice of the model says so", less)
    subject.graded(model, less)
    return model


def _decides(model: GradingModel) -> tuple[object, ...]:
    return model.scorer.fingerprint, model.boundaries, model.learned


def _nothing_left(scorer: Scorer, base: CustomerBase) -> bool:
    """Return whether a score has optional fields and the base has none of them."""
    return any(
        isinstance(axis.score, AdaptableScore) and not any(name in base.view for name in axis.score.optional)
        for axis in scorer.axes
    )
