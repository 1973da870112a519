"""By what an axis ranks customers, and its scores in the unit of what is ranked by."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from attrs import frozen

from custgrade.cuts.boundary import Boundary
from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.graph.node import Node, fingerprint, in_order
from custgrade.model.wording import amount, difference, enumerated, number, words
from custgrade.scoring.checklist_score import ChecklistScore
from custgrade.scoring.scorecard_score import ScorecardScore
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.scoring.tracing import trace
from custgrade.text import counted

_FEW_STEPS = 64

Straight = tuple[float, float]
"""A factor and a summand: a score that is factor × value + summand."""


@frozen
class GradedBy:
    """By what one axis ranks customers.

    kind: `field` where the score is one field's value, its sign changed, moved or scaled; `points` of a scorecard;
    `floors` of a checklist; `score` for any other. name: that in words. field: the field of the first kind.
    straight: for the first kind, how the score follows from the field's value.
    """

    kind: str
    name: str
    field: Field | None = None
    straight: Straight = (1.0, 0.0)
    fields: Mapping[str, Field] = attrs.field(factory=dict, converter=read_only, repr=False)

    @property
    def order(self) -> str:
        """Which values come first, in words; empty for floors."""
        if self.kind == "floors":
            return ""
        return "lowest first" if self.straight[0] < 0 else "highest first"

    def value(self, score: float) -> float:
        """The field's value that has this score; the score itself where it isn't one field's."""
        factor, summand = self.straight
        return (score - summand) / factor + 0.0

    def said(self, score: float, currency: str | None = "") -> str:
        """Return a score in words, in the field's unit where it is one field's value."""
        if self.kind == "field" and self.field is not None:
            return amount(self.field, self.value(score), currency)
        if self.kind == "points":
            return f"{number(score, 1)} of 100 points"
        if self.kind == "floors":
            return f"{number(-score)} missed"
        return number(score)

    def beyond(self, boundary: Boundary) -> bool:
        """Whether nobody can stand above a boundary, because the field's values end there."""
        if self.field is None or boundary.inclusive:
            return False
        value = self.value(boundary.value)
        return value <= self.field.low if self.straight[0] < 0 else value >= self.field.high

    def distance(self, far: float, currency: str | None = "") -> str:
        """Return the difference of two scores in words, without a sign."""
        far = abs(far)
        if self.kind == "field" and self.field is not None:
            return difference(self.field, far / abs(self.straight[0]), currency)
        if self.kind == "points":
            return f"{number(far, 1)} points"
        return counted(round(far), "floors") if self.kind == "floors" else number(far)

    def reached(self, boundary: Boundary, currency: str | None = "", better: bool = True) -> str:
        """Return what a score must be to stand above a boundary, or below it, in words: `at least 1,000.00 EUR`."""
        if self.kind == "floors":
            most = round(-boundary.value) if boundary.inclusive else round(-boundary.value) - 1
            if not better:
                return f"{most + 1} or more missed"
            return "none missed" if most == 0 else f"at most {most} missed"
        upwards, inside = (self.straight[0] > 0) == better, boundary.inclusive == better
        how = ("at least" if inside else "more than") if upwards else ("at most" if inside else "less than")
        return f"{how} {self.said(boundary.value, currency)}"


def graded_by(scorer: TracedScorer, axis: str, units: Mapping[str, str] | None = None) -> GradedBy:
    """Return by what an axis of a scorer ranks customers.

    units: of fields that the scorer doesn't define, by name.
    """
    fields = known_fields(scorer.fields)
    fields |= {name: Field(name, unit) for name, unit in (units or {}).items() if name not in fields}
    score, traced = next(one.score for one in scorer.axes if one.name == axis), scorer.scores[axis]
    if isinstance(score, ScorecardScore):
        total = sum(criterion.weight for criterion in score.criteria)
        parts = [f"{words(c.field)} {number(float(100 * c.weight / total), 1)} %" for c in score.criteria]
        return GradedBy("points", f"points for {', '.join(parts)}", fields=fields)
    if isinstance(score, ChecklistScore):
        return GradedBy("floors", "how many floors are missed", fields=fields)
    if len(traced.reads) == 1 and traced.root is not None:
        name = traced.reads[0]
        definition = fields.get(name, Field(name, ""))
        straight = _straight(traced.root, _leaf(name, fields))
        if straight is not None:
            return GradedBy("field", words(name), definition, straight, fields)
    return GradedBy("score", f"a score of {enumerated(traced.reads, len(traced.reads))}", fields=fields)


def _leaf(name: str, fields: Mapping[str, Field]) -> str:
    """What the graph of a field, input or derived, looks like."""
    return trace(lambda c: c[name], name, fields).fingerprint


def _straight(root: Node, leaf: str) -> Straight | None:
    """How a graph follows from one field, if that is by a factor other than 0 and a summand."""
    nodes = list(in_order(root))
    if len(nodes) > _FEW_STEPS:
        return None
    # of every node its factor and summand, where it has them
    found: dict[int, Straight | None] = {}
    for node in nodes:
        parts = [found[id(argument)] for argument in node.arguments]
        if node.operation == "constant":
            found[id(node)] = (0.0, float(node.value or 0.0))
        elif fingerprint(node) == leaf:
            found[id(node)] = (1.0, 0.0)
        elif any(part is None for part in parts):
            found[id(node)] = None
        else:
            found[id(node)] = _combined(node.operation, [part for part in parts if part is not None])
    straight = found[id(root)]
    return straight if straight is not None and straight[0] else None


def _combined(operation: str, parts: list[Straight]) -> Straight | None:
    match operation, parts:
        case "negative", [(a, b)]:
            return -a, -b
        case "add", [(a, b), (c, d)]:
            return a + c, b + d
        case "subtract", [(a, b), (c, d)]:
            return a - c, b - d
        case "multiply", [(0.0, b), (c, d)] | [(c, d), (0.0, b)]:
            return b * c, b * d
        case "divide", [(a, b), (0.0, d)] if d:
            return a / d, b / d
    return None
