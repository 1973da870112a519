"""The decomposition of a score: contributions that add up to it, or the effect of each field against a reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.standard import known_fields
from custgrade.explaining.contributions import contributions_of, refuse_another_sum
from custgrade.explaining.terms import CONSTANT, Terms, terms_by_field
from custgrade.graph.arrays import ArrayProgram
from custgrade.graph.node import Node
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.score_protocols import ContributingScore

FloatColumn = npt.NDArray[np.float64]
Columns = Mapping[str, FloatColumn]
Kind = Literal["contributions", "effects"]
Parts = dict[str, FloatColumn]


@frozen(eq=False)
class Decomposition:
    """The decomposition of the score of one axis by field.

    kind: `contributions` that add up to the score, or `effects` of single fields against the reference.
    against: what shortfalls are measured against, full marks or the reference.
    of: a function of input columns that returns the parts by field, and the shortfalls by field: above 0 where the
    part is below its full marks, or below the reference's part.
    """

    kind: Kind
    against: Literal["full marks", "the reference"]
    of: Callable[[Columns], tuple[Parts, Parts]]


def decompose(model: GradingModel, axis: str, reference: Columns) -> Decomposition:
    """Return the decomposition of the score of an axis.

    A score with `contributions` states its parts itself. A score of a single field has one part. A traced sum has a
    part for each term. Any other score has the effect of each input field: the score, less the score with that field's
    value replaced by the reference's, with everything derived from it recomputed.

    reference: one value of each input field.
    """
    scorer, batch_grader = model.scorer, model.batch_grader
    function = next(one.score for one in scorer.axes if one.name == axis)
    if isinstance(function, ContributingScore):
        contributing, known = function, {*scorer.fields_read(scorer.scores[axis]), *scorer.inputs}

        def full_marks(inputs: Columns) -> tuple[Parts, Parts]:
            columns = batch_grader.columns(inputs)
            parts, most = contributions_of(contributing, axis, columns, known, len(next(iter(inputs.values()))))
            refuse_another_sum(axis, parts, batch_grader.score(axis, columns))
            return parts, {name: most[name] - part for name, part in parts.items()}

        return Decomposition("contributions", "full marks", full_marks)
    terms = _terms(model, axis)
    if not terms:
        return Decomposition("effects", "the reference", _effects(model, axis, reference))
    programs = {name: [(factor, _program(node)) for factor, node in some] for name, some in terms.items()}

    def added(inputs: Columns) -> Parts:
        columns, size = batch_grader.columns(inputs), len(next(iter(inputs.values())))
        parts = {}
        for name, some in programs.items():
            values = [np.asarray(value(columns)) * factor for factor, value in some]
            parts[name] = np.broadcast_to(sum(values[1:], values[0]), (size,)).astype(np.float64) + 0.0
        return parts

    with np.errstate(all="ignore"):
        middle = added(reference)

    def sums(inputs: Columns) -> tuple[Parts, Parts]:
        parts = added(inputs)
        return parts, {name: middle[name] - part for name, part in parts.items() if name != CONSTANT}

    return Decomposition("contributions", "the reference", sums)


def _program(node: Node) -> Callable[[Columns], FloatColumn]:
    if node.arguments:
        return ArrayProgram(node)
    name, number = str(node.value), np.array(node.value)
    return (lambda columns: columns[name]) if node.operation == "column" else lambda columns: number


def _terms(model: GradingModel, axis: str) -> Terms:
    """Return the terms of a traced score by field; empty if the score isn't a sum with a term for each field."""
    scorer, score = model.scorer, model.scorer.scores[axis]
    if score.root is None:
        return {}
    fields, read = known_fields(scorer.fields), scorer.fields_read(score)
    if len(read) == 1:
        return {next(iter(read)): [(1.0, score.root)]}
    origins = {name: (fields[name].parts if name in fields else ()) or (name,) for name in sorted(read)}
    learned = {name: scorer.learned_scores[name].inputs for name in score.learned}
    return terms_by_field(score.root, origins, learned)


def _effects(model: GradingModel, axis: str, reference: Columns) -> Callable[[Columns], tuple[Parts, Parts]]:
    batch_grader, score = model.batch_grader, model.scorer.scores[axis]
    names = [*score.inputs, *(name for one in score.learned for name in model.scorer.learned_scores[one].inputs)]

    def of(inputs: Columns) -> tuple[Parts, Parts]:
        now = batch_grader.score(axis, batch_grader.columns(inputs))
        effects = {}
        for name in dict.fromkeys(names):
            moved = {**inputs, name: np.where(np.isnan(inputs[name]), np.nan, reference[name][0])}
            effects[name] = now - batch_grader.score(axis, batch_grader.columns(moved))
        return effects, {name: -effect for name, effect in effects.items()}

    return of
