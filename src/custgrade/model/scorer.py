"""The scorer: a grading strategy that can be fitted."""

from __future__ import annotations

from attrs import frozen

from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.model.fitting import fit, fit_codes
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.traced_scorer import TracedScorer


@frozen(eq=False)
class Scorer(TracedScorer):
    """A grading strategy: axes, learned columns and evidence. Its scores are traced when it is made.

    axes: at least one; a nested axis comes after its parent.
    learned: columns by name that are fitted before the axes and that scores may read, for example percentiles.
    evidence: conditions that a customer must meet to be graded; the first that fails is the reason.
    details: further columns by name, row-local like scores, that are shown beside the grades and don't affect them. A
    detail whose fields the data lacks is left out.
    fields: definitions of fields beyond the standard ones.
    names: names of whole grades by their labels, `{("5", "5", "5"): "Champions"}`.
    origin: the scheme and parameters that the scorer was made from; the registry sets it.
    """

    def fit(self, base: CustomerBase) -> GradingModel:
        """Return the model that is fitted on `base`.

        Raises FieldError when the base lacks a field that the scorer needs, CutError when a cut can't be fitted, and
        NothingToGradeError when no customer can be graded.
        """
        return fit(self, base_or_hint(base, "fit"))

    def fit_grade(self, base: CustomerBase) -> tuple[GradingModel, Graded]:
        """Return the model of `base` and its grades, the same as `fit` and then `grade`, in fewer passes.

        Raises what `fit` raises.
        """
        model, base, codes = fit_codes(self, base_or_hint(base, "fit_grade"))
        return model, model.graded_base(base) if codes is None else model.with_codes(base, codes)
