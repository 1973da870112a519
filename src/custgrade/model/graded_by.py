"""What an axis ranks customers by, and scores in the unit of that."""

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

Linear = tuple[float, float]
"""A factor and a summand: the score is factor × value + summand."""


@frozen
class GradedBy:
    """What one axis ranks customers by.

    kind: `field` where the score is a linear function of one field; `points` of a scorecard; `floors` of a checklist;
    `score` for any other score. name: what is ranked by, in words. field: the field, for kind `field`.
    linear: the linear function, for kind `field`. fields: the definitions of all fields, by name.
    """

    kind: str
    name: str
    field: Field | None = None
    linear: Linear = (1.0, 0.0)
    fields: Mapping[str, Field] = attrs.field(factory=dict, converter=read_only, repr=False)

    @property
    def order(self) -> str:
        """`highest first` or `lowest first`; empty for floors."""
        if self.kind == "floors":
            return ""
        return "lowest first" if self.linear[0] < 0 else "highest first"

    def value(self, score: float) -> float:
        """Return the field's value that has this score, or the score itself if the kind isn't `field`."""
        factor, summand = self.linear
        return (score - summand) / factor + 0.0

    def said(self, score: float, currency: str | None = "") -> str:
        """Return a score in words, in the field's unit if the kind is `field`."""
        if self.kind == "field" and self.field is not None:
            return amount(self.field, self.value(score), currency)
        if self.kind == "points":
            return f"{number(score, 1)} of 100 points"
        if self.kind == "floors":
            return f"{number(-score)} missed"
        return number(score)

    def beyond(self, boundary: Boundary) -> bool:
        """Return whether no score can lie above a boundary, because the field's bounds end there."""
        if self.field is None or boundary.inclusive:
            return False
        value = self.value(boundary.value)
        return value <= self.field.low if self.linear[0] < 0 else value >= self.field.high

    def distance(self, far: float, currency: str | None = "") -> str:
        """Return the difference of two scores in words, without a sign."""
        far = abs(far)
        if self.kind == "field" and self.field is not None:
            return difference(self.field, far / abs(self.linear[0]), currency)
        if self.kind == "points":
            return f"{number(far, 1)} points"
        return counted(round(far), "floors") if self.kind == "floors" else number(far)

    def reached(self, boundary: Boundary, currency: str | None = "", better: bool = True) -> str:
        """Return in words which scores lie above a boundary: `at least 1,000.00 EUR`; with `better=False`, below it."""
        if self.kind == "floors":
            most = round(-boundary.value) if boundary.inclusive else round(-boundary.value) - 1
            if not better:
                return f"{most + 1} or more missed"
            return "none missed" if most == 0 else f"at most {most} missed"
        upwards, inside = (self.linear[0] > 0) == better, boundary.inclusive == better
        how = ("at least" if inside else "more than") if upwards else ("at most" if inside else "less than")
        return f"{how} {self.said(boundary.value, currency)}"


def graded_by(scorer: TracedScorer, axis: str, units: Mapping[str, str] | None = None) -> GradedBy:
    """Return what an axis of a scorer ranks customers by.

    units: units of fields that the scorer doesn't define, by name.
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
        linear = _linear(traced.root, _leaf(name, fields))
        if linear is not None:
            return GradedBy("field", words(name), definition, linear, fields)
    return GradedBy("score", f"a score of {enumerated(traced.reads, len(traced.reads))}", fields=fields)


def _leaf(name: str, fields: Mapping[str, Field]) -> str:
    """Return the fingerprint of the graph of a field, input or derived."""
    return trace(lambda c: c[name], name, fields).fingerprint


def _linear(root: Node, leaf: str) -> Linear | None:
    """Return factor and summand if a graph is a linear function of one field and the factor isn't 0, else None."""
    nodes = list(in_order(root))
    if len(nodes) > _FEW_STEPS:
        return None
    # factor and summand of every node, None where the node isn't linear
    found: dict[int, Linear | None] = {}
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
    linear = found[id(root)]
    return linear if linear is not None and linear[0] else None


def _combined(operation: str, parts: list[Linear]) -> Linear | None:
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
