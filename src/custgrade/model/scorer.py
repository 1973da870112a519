"""The scorer: a strategy of grading that can be fitted."""

from __future__ import annotations

from attrs import frozen

from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.model.fitting import fit, fit_codes
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.traced_scorer import TracedScorer


@frozen(eq=False)
class Scorer(TracedScorer):
    """A strategy of grading: axes, learned columns, evidence. Making one traces its scores; nothing else is computed.

    axes: at least one; a nested axis comes after its parent.
    learned: columns by name that are fitted first and that scores may read, for example percentiles.
    evidence: when a customer is known well enough; checked in order, the first that fails is the reason.
    details: further columns by name, row-local like scores, that are stated beside the grades and decide nothing; one
    whose fields the data lacks is left out.
    fields: definitions of fields beyond the standard ones.
    names: names of whole grades by their labels, `{("5", "5", "5"): "Champions"}`.
    origin: set by whoever made the scorer from a plug-in.
    """

    def fit(self, base: CustomerBase) -> GradingModel:
        """Return the model in which everything learned from `base` is frozen.

        Raises FieldError when the base lacks a field, CutError when it can't be cut, NothingToGradeError when nobody
        can be graded.
        """
        return fit(self, base_or_hint(base, "fit"))

    def fit_grade(self, base: CustomerBase) -> tuple[GradingModel, Graded]:
        """Return the model of `base` and its grades: what `fit` and then `grade` give, in fewer passes.

        Raises what `fit` raises.
        """
        model, base, codes = fit_codes(self, base_or_hint(base, "fit_grade"))
        return model, model.graded_base(base) if codes is None else model.with_codes(base, codes)
