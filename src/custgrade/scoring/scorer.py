"""The scorer: a strategy of grading, as data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from custgrade.cuts.cut import Cut
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only, tupled
from custgrade.data.field import ColumnFunction, Field
from custgrade.data.output_columns import grade_names
from custgrade.data.scale import GradeScale
from custgrade.data.standard import known_fields
from custgrade.errors import ScorerError, did_you_mean, listed
from custgrade.scoring.learned import LearnedColumn
from custgrade.scoring.parts import AdaptableScore, Axis, Evidence
from custgrade.scoring.tracing import TracedScore, opaque, trace

if TYPE_CHECKING:
    from custgrade.model.graded import Graded
    from custgrade.model.grading_model import GradingModel


@frozen
class Origin:
    """Where a scorer comes from, so that a saved model can find it again.

    name: the scheme's name, or `module:function`. parameters: all of them, defaults included, as plain data.
    distribution, version: of the plug-in; empty for a scheme that isn't packaged.
    """

    name: str
    parameters: Mapping[str, Any] = field(factory=dict, converter=read_only)
    distribution: str = ""
    version: str = ""

    @property
    def who(self) -> str:
        """The distribution and its version, or `your own code`."""
        return f"{self.distribution} {self.version}".strip() or "your own code"


def _described(cut: Cut) -> str:
    """A cut's content as text that is the same in every process, also for a class without a repr of its own."""
    if type(cut).__repr__ is not object.__repr__:
        return repr(cut)
    slots = [name for kind in type(cut).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: getattr(cut, name) for name in slots if hasattr(cut, name)} | getattr(cut, "__dict__", {})
    return f"{type(cut).__name__}{sorted(held.items())}"


def _details(value: Any) -> Mapping[str, ColumnFunction]:
    if not isinstance(value, Mapping):
        raise ScorerError(f"details are functions of columns by name; received {value!r}")
    return read_only(value)


@frozen(eq=False)
class Scorer:
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

    axes: tuple[Axis, ...] = field(converter=tupled)
    learned: Mapping[str, LearnedColumn] = field(factory=dict, converter=read_only)
    evidence: tuple[Evidence, ...] = field(default=(), converter=tupled)
    details: Mapping[str, ColumnFunction] = field(factory=dict, converter=_details, kw_only=True, repr=False)
    fields: tuple[Field, ...] = field(default=(), converter=tupled)
    names: Mapping[tuple[str, ...], str] = field(factory=dict, converter=read_only)
    origin: Origin | None = None
    scale: GradeScale = field(init=False)
    scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    learned_scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    conditions: tuple[TracedScore, ...] = field(init=False, repr=False)
    detail_scores: Mapping[str, TracedScore] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        odd = [axis for axis in self.axes if not isinstance(axis, Axis)]
        if odd or not self.axes:
            raise ScorerError(f"a scorer's axes are a list of Axis, at least one; received {odd or self.axes!r}")
        fields = known_fields(self.fields)
        names = frozenset(self.learned)
        if names & set(fields):
            raise ScorerError(f"learned columns can't be named like fields: {listed(sorted(names & set(fields)))}")
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
            self._check_directions(axis, scores[axis.name], learned, fields)
        put = object.__setattr__
        put(self, "scale", GradeScale([axis.scale for axis in self.axes], self.names))
        put(self, "scores", MappingProxyType(scores))
        put(self, "learned_scores", MappingProxyType(learned))
        put(self, "conditions", tuple(conditions))
        put(self, "detail_scores", MappingProxyType(details))

    def _check_details(self, taken: set[str]) -> None:
        """Raise ScorerError for a detail that isn't a function, or is named like something else in the result."""
        scale = GradeScale([axis.scale for axis in self.axes])
        columns = {"customer_id", *grade_names(scale, overridden=True)}
        for name, function in self.details.items():
            if not callable(function):
                raise ScorerError(f"detail {name!r} is a function of columns; received {function!r}")
            if not isinstance(name, str) or not name.isidentifier() or name in taken | columns:
                raise ScorerError(
                    f"a detail needs a name that no field, learned or grade column has; received {name!r}"
                )

    @staticmethod
    def _check_directions(
        axis: Axis, score: TracedScore, learned: Mapping[str, TracedScore], fields: Mapping[str, Field]
    ) -> None:
        """Raise ScorerError when an axis is said to rise or fall with a field that its score doesn't read."""
        read = {*score.reads, *score.inputs}
        for name in score.learned:
            read.update([*learned[name].reads, *learned[name].inputs])
        for name in (*axis.rises, *axis.falls):
            if name not in read:
                raise ScorerError(
                    f"axis {axis.name!r} is said to rise or fall with {name!r}, which its score doesn't read."
                    f"{did_you_mean(name, read)} It reads: {listed(sorted(read))}."
                )

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input fields that grades need, whether optional or not."""
        parts = (*self.learned_scores.values(), *self.conditions, *self.scores.values())
        return tuple(dict.fromkeys(name for part in parts for name in part.inputs))

    @property
    def cut_inputs(self) -> tuple[str, ...]:
        """The input fields that only fitting needs, because a cut asks about their values."""
        fields = known_fields(self.fields)
        cuts = [*(axis.cut for axis in self.axes), *(column.cut for column in self.learned.values())]
        names = [name for cut in cuts for name in getattr(cut, "reads", ())]
        parts = [part for name in names for part in ((name in fields and fields[name].parts) or (name,))]
        return tuple(dict.fromkeys(part for part in parts if part not in self.inputs))

    @property
    def detail_inputs(self) -> tuple[str, ...]:
        """The input fields that only details need."""
        names = dict.fromkeys(name for part in self.detail_scores.values() for name in part.inputs)
        return tuple(name for name in names if name not in self.inputs)

    @property
    def optional(self) -> frozenset[str]:
        """The fields, input or derived, that the scores and the evidence can do without."""
        scores = [axis.score for axis in self.axes]
        named = {f for score in scores if isinstance(score, AdaptableScore) for f in score.optional}
        for item, condition in zip(self.evidence, self.conditions, strict=True):
            named.update(self.fields_read(condition) if item.optional else ())
        return frozenset(named)

    def fields_read(self, score: TracedScore) -> frozenset[str]:
        """The fields, input or derived, that one of the scorer's scores reads, itself or through learned columns."""
        learned = [self.learned_scores[name] for name in score.learned]
        own = (name for name in score.reads if name not in self.learned)
        return frozenset((*own, *(name for one in learned for name in one.reads)))

    @property
    def portable(self) -> bool:
        """Whether every score was traced, so that grades are the same on every engine."""
        return all(axis.traceable for axis in self.axes)

    @property
    def fingerprint(self) -> str:
        """A SHA-256 hex digest of everything that decides a grade, except learned numbers."""
        import hashlib

        learned = [
            (name, _described(column.cut), column.points, self.learned_scores[name].fingerprint)
            for name, column in sorted(self.learned.items())
        ]
        axes = [(a.scale, _described(a.cut), self.scores[a.name].fingerprint) for a in self.axes]
        evidence = [(e.reason, c.fingerprint) for e, c in zip(self.evidence, self.conditions, strict=True)]
        return hashlib.sha256(repr((axes, learned, evidence, sorted(self.names.items()))).encode()).hexdigest()

    def monotone_inputs(self, axis: str) -> tuple[frozenset[str], frozenset[str]]:
        """The input fields that the axis rises with and falls with; a declared derived field counts by its parts.

        A part whose direction the derived field doesn't say, as revenue of margin, is in neither.
        """
        position = self.scale.axes.index(self.scale.axis(axis))
        declared = self.axes[position]
        fields = known_fields(self.fields)
        rises: set[str] = set()
        falls: set[str] = set()
        unsaid: set[str] = set()
        for names, same, opposite in ((declared.rises, rises, falls), (declared.falls, falls, rises)):
            for name in names:
                if name in fields and fields[name].derived:
                    same.update(fields[name].rises)
                    opposite.update(fields[name].falls)
                    unsaid.update({*fields[name].parts} - {*fields[name].rises, *fields[name].falls})
                else:
                    same.add(name)
        return frozenset(rises - falls - unsaid), frozenset(falls - rises - unsaid)

    def without(self, dropped: Iterable[str]) -> Scorer:
        """Return this scorer without the criteria, optional evidence and details that need these fields.

        Raises ScorerError when nothing would be left of a score.
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

    def fit(self, base: CustomerBase) -> GradingModel:
        """Return the model in which everything learned from `base` is frozen.

        Raises FieldError when the base lacks a field, CutError when it can't be cut, NothingToGradeError when nobody
        can be graded.
        """
        from custgrade.model.fitting import fit

        return fit(self, base_or_hint(base, "fit"))

    def fit_grade(self, base: CustomerBase) -> tuple[GradingModel, Graded]:
        """Return the model of `base` and its grades: what `fit` and then `grade` give, in fewer passes.

        Raises what `fit` raises.
        """
        from custgrade.model.fitting import fit_codes

        model, base, codes = fit_codes(self, base_or_hint(base, "fit_grade"))
        return model, model.graded_base(base) if codes is None else model.with_codes(base, codes)
