"""Traced scorers: everything that decides a grade, as data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs
from attrs import evolve, field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.cuts.cut import described
from custgrade.data.converters import parts_of, read_only
from custgrade.data.field import ColumnFunction, Field
from custgrade.data.output_columns import grade_names
from custgrade.data.scale import GradeScale
from custgrade.data.standard import known_fields, own_fields
from custgrade.errors import ScorerError
from custgrade.scoring.axis import Axis
from custgrade.scoring.directions import check_directions, monotone_inputs
from custgrade.scoring.evidence import Evidence, evidence_of
from custgrade.scoring.learned import LearnedColumn
from custgrade.scoring.origin import Origin
from custgrade.scoring.pickling import axis_with_graph, column_with_graph, field_with_graph
from custgrade.scoring.score_protocols import AdaptableScore
from custgrade.scoring.tracing import GraphFunction, TracedScore, opaque, trace
from custgrade.text import listed, shown


def _details(value: Any) -> Mapping[str, ColumnFunction]:
    if not isinstance(value, Mapping):
        raise ScorerError(f"details are a dict of functions of columns by name; received {shown(value)}")
    return read_only(value)


def _axes(value: Any) -> tuple[Axis, ...]:
    return parts_of(Axis, value, "a scorer's axes", ScorerError)


def _learned(value: Any) -> Mapping[str, LearnedColumn]:
    if not isinstance(value, Mapping):
        raise ScorerError(f"learned columns are a dict by name, {{'name': Percentile(field)}}; received {shown(value)}")
    for name, column in value.items():
        if not isinstance(name, str) or not all(hasattr(column, part) for part in ("score", "cut", "points")):
            raise ScorerError(
                "learned columns must be a dict of Percentile, Quantile or your own by name; received "
                f"{shown({name: column})}"
            )
    return read_only(value)


def _names(value: Any) -> Mapping[tuple[str, ...], str]:
    return read_only(mapping_of(value, "names of grades", ScorerError))


@frozen(eq=False)
class TracedScorer:
    """A scorer: axes, learned columns and evidence. Its scores are traced when it is made.

    axes: at least one; a nested axis comes after its parent.
    learned: learned columns by name, for example percentiles. They are fitted before the axes, and scores may read
    them.
    evidence: the conditions for grading a customer, checked in order; the first that fails is the reason.
    details: further output columns by name, row-local functions that no grade depends on. A detail is left out if the
    data lacks one of its fields.
    fields: definitions of fields beyond the standard ones.
    names: names of grades by their labels, `{("5", "5", "5"): "Champions"}`.
    origin: the scheme and the parameters that the scorer was made from; None for a scorer made by hand.
    """

    axes: tuple[Axis, ...] = field(converter=_axes)
    learned: Mapping[str, LearnedColumn] = field(factory=dict, converter=_learned)
    evidence: tuple[Evidence, ...] = field(default=(), converter=evidence_of)
    details: Mapping[str, ColumnFunction] = field(factory=dict, converter=_details, kw_only=True, repr=False)
    fields: tuple[Field, ...] = field(default=(), converter=own_fields)
    names: Mapping[tuple[str, ...], str] = field(factory=dict, converter=_names)
    origin: Origin | None = None
    scale: GradeScale = field(init=False)
    scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    learned_scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    conditions: tuple[TracedScore, ...] = field(init=False, repr=False)
    detail_scores: Mapping[str, TracedScore] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.axes:
            raise ScorerError("a scorer needs a list of at least one Axis; received an empty list")
        fields = known_fields(self.fields)
        names = frozenset(self.learned)
        if names & set(fields):
            raise ScorerError(
                f"learned columns have names of fields: {listed(sorted(names & set(fields)))}; rename them"
            )
        self._check_details({*fields, *names})
        learned = {}
        for name, column in self.learned.items():
            if not all(math.isfinite(point) for point in column.points):
                raise ScorerError(f"the points of learned column {name!r} are finite numbers; received {column.points}")
            column.cut.check(len(column.points))
            learned[name] = trace(column.score, f"learned column {name!r}", fields)
        scores = {}
        for axis in self.axes:
            if axis.traceable:
                scores[axis.name] = trace(axis.score, f"the score of axis {axis.name!r}", fields, names)
            else:
                scores[axis.name] = opaque(axis.score, axis.needs, fields, names)
        conditions = [
            trace(item.enough, f"the evidence {item.reason!r}", fields, names, truth=True) for item in self.evidence
        ]
        details = {name: trace(of, f"detail {name!r}", fields, names) for name, of in self.details.items()}
        for axis in self.axes:
            check_directions(axis, scores[axis.name], learned, fields)
        put = object.__setattr__
        put(self, "scale", GradeScale([axis.scale for axis in self.axes], self.names))
        put(self, "scores", read_only(scores))
        put(self, "learned_scores", read_only(learned))
        put(self, "conditions", tuple(conditions))
        put(self, "detail_scores", read_only(details))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        fields = known_fields(self.fields)
        parts = {
            "axes": [axis_with_graph(axis, self.scores[axis.name]) for axis in self.axes],
            "learned": {n: column_with_graph(column, self.learned_scores[n]) for n, column in self.learned.items()},
            "evidence": [
                evolve(e, enough=GraphFunction(c)) for e, c in zip(self.evidence, self.conditions, strict=True)
            ],
            "details": {name: GraphFunction(score) for name, score in self.detail_scores.items()},
            "fields": [field_with_graph(one, fields) for one in self.fields],
            "names": self.names,
            "origin": self.origin,
        }
        return _unpickled, (type(self), parts, self.fingerprint)

    def with_origin(self, origin: Origin) -> Self:
        """Return this scorer with another origin; its scores aren't traced again."""
        copied = object.__new__(type(self))
        for one in attrs.fields(type(self)):
            object.__setattr__(copied, one.name, getattr(self, one.name))
        object.__setattr__(copied, "origin", origin)
        return copied

    def _check_details(self, taken: set[str]) -> None:
        """Raise ScorerError for a detail that isn't a function, or whose name is no identifier or is taken."""
        scale = GradeScale([axis.scale for axis in self.axes])
        columns = {"customer_id", *grade_names(scale, overridden=True)}
        for name, function in self.details.items():
            if not callable(function):
                raise ScorerError(f"detail {name!r} is a function of columns; received {shown(function)}")
            if not isinstance(name, str) or not name.isidentifier() or name in taken | columns:
                raise ScorerError(
                    f"a detail's name is an identifier that no field or other column has; received {shown(name)}"
                )

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input fields that grades need, optional ones included."""
        parts = (*self.learned_scores.values(), *self.conditions, *self.scores.values())
        return tuple(dict.fromkeys(name for part in parts for name in part.inputs))

    @property
    def cut_inputs(self) -> tuple[str, ...]:
        """The input fields that are needed only for fitting, because cuts use their values."""
        fields = known_fields(self.fields)
        cuts = [*(axis.cut for axis in self.axes), *(column.cut for column in self.learned.values())]
        names = [name for cut in cuts for name in getattr(cut, "reads", ())]
        parts = [part for name in names for part in ((name in fields and fields[name].parts) or (name,))]
        return tuple(dict.fromkeys(part for part in parts if part not in self.inputs))

    @property
    def detail_inputs(self) -> tuple[str, ...]:
        """The input fields that are needed only for details."""
        names = dict.fromkeys(name for part in self.detail_scores.values() for name in part.inputs)
        return tuple(name for name in names if name not in self.inputs)

    @property
    def optional(self) -> frozenset[str]:
        """The fields, input or derived, that the data may lack."""
        scores = [axis.score for axis in self.axes]
        named = {f for score in scores if isinstance(score, AdaptableScore) for f in score.optional}
        for item, condition in zip(self.evidence, self.conditions, strict=True):
            named.update(self.fields_read(condition) if item.optional else ())
        return frozenset(named)

    def fields_read(self, score: TracedScore) -> frozenset[str]:
        """Return the fields, input or derived, that a score reads, directly or through learned columns."""
        learned = [self.learned_scores[name] for name in score.learned]
        own = (name for name in score.reads if name not in self.learned)
        return frozenset((*own, *(name for one in learned for name in one.reads)))

    @property
    def portable(self) -> bool:
        """Whether all scores are traced, so that grades are the same on every engine."""
        return all(axis.traceable for axis in self.axes)

    @property
    def fingerprint(self) -> str:
        """A SHA-256 hex digest of everything that decides a grade, except the fitted numbers."""
        import hashlib

        learned = [
            (name, described(column.cut), column.points, self.learned_scores[name].fingerprint)
            for name, column in sorted(self.learned.items())
        ]
        axes = [(a.scale, described(a.cut), self.scores[a.name].fingerprint) for a in self.axes]
        evidence = [(e.reason, c.fingerprint) for e, c in zip(self.evidence, self.conditions, strict=True)]
        return hashlib.sha256(repr((axes, learned, evidence, sorted(self.names.items()))).encode()).hexdigest()

    def monotone_inputs(self, axis: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the input fields that an axis rises with, and those that it falls with.

        A derived field in `rises` or `falls` stands for its parts. A part that it neither always rises nor always falls
        with, such as the revenue of a margin, is in neither set.
        """
        declared = self.axes[self.scale.axes.index(self.scale.axis(axis))]
        return monotone_inputs(declared, known_fields(self.fields))

    def without(self, dropped: Iterable[str]) -> Self:
        """Return this scorer without the criteria, optional evidence and details that read these fields.

        Raises ScorerError if no criterion of a score would be left.
        """
        gone = frozenset(dropped)
        if not gone:
            return self
        axes = [
            evolve(
                axis,
                score=axis.score.without(gone),
                rises=[name for name in axis.rises if name not in gone],
                falls=[name for name in axis.falls if name not in gone],
            )
            if isinstance(axis.score, AdaptableScore)
            else axis
            for axis in self.axes
        ]
        kept = {
            name: column for name, column in self.learned.items() if not gone & set(self.learned_scores[name].reads)
        }
        return evolve(
            self,
            axes=axes,
            learned=kept,
            evidence=[
                item
                for item, condition in zip(self.evidence, self.conditions, strict=True)
                if not (item.optional and gone & self.fields_read(condition))
            ],
            details={
                name: function
                for name, function in self.details.items()
                if not gone & self.fields_read(self.detail_scores[name])
            },
        )


def _unpickled(kind: type[TracedScorer], parts: Mapping[str, Any], fingerprint: str) -> TracedScorer:
    scorer = kind(**parts)
    if scorer.fingerprint != fingerprint:
        name = repr(scorer.origin.name) if scorer.origin else "made in Python"
        raise ScorerError(
            f"the pickled scorer {name} has another fingerprint here: it was pickled with another version of custgrade "
            "or of the code of its scores. Make the scorer again, and fit it."
        )
    return scorer
