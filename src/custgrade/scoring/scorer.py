"""The scorer: a strategy of grading, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import evolve, field, frozen

from custgrade.cuts.cut import Cut
from custgrade.data.base import CustomerBase
from custgrade.data.converters import read_only, tupled
from custgrade.data.field import ColumnFunction, Field
from custgrade.data.scale import GradeScale
from custgrade.data.standard import known_fields
from custgrade.errors import ScorerError, did_you_mean, listed
from custgrade.scoring.parts import Axis, Evidence, LearnedColumn
from custgrade.scoring.tracing import TracedScore, opaque, trace

if TYPE_CHECKING:
    from custgrade.model.grading_model import GradingModel


@runtime_checkable
class AdaptableScore(Protocol):
    """A score that can do without some fields, as a scorecard can without some criteria."""

    @property
    def optional(self) -> frozenset[str]:
        """The fields it can do without, as long as one is left."""
        ...

    def without(self, fields: frozenset[str]) -> ColumnFunction:
        """The score that does without these fields.

        Raises ScorerError when none would be left.
        """
        ...

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score."""
        ...


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
    return (
        repr(cut) if type(cut).__repr__ is not object.__repr__ else f"{type(cut).__name__}{sorted(vars(cut).items())}"
    )


@frozen(eq=False)
class Scorer:
    """A strategy of grading: axes, learned columns, evidence. Making one traces its scores; nothing else is computed.

    axes: at least one; a nested axis comes after its parent.
    learned: columns by name that are fitted first and that scores may read, for example percentiles.
    evidence: when a customer is known well enough; checked in order, the first that fails is the reason.
    fields: definitions of fields beyond the standard ones.
    names: names of whole grades by their labels, `{("5", "5", "5"): "Champions"}`.
    origin: set by whoever made the scorer from a plug-in.
    """

    axes: tuple[Axis, ...] = field(converter=tupled)
    learned: Mapping[str, LearnedColumn] = field(factory=dict, converter=read_only)
    evidence: tuple[Evidence, ...] = field(default=(), converter=tupled)
    fields: tuple[Field, ...] = field(default=(), converter=tupled)
    names: Mapping[tuple[str, ...], str] = field(factory=dict, converter=read_only)
    origin: Origin | None = None
    scale: GradeScale = field(init=False)
    scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    learned_scores: Mapping[str, TracedScore] = field(init=False, repr=False)
    conditions: tuple[TracedScore, ...] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        odd = [axis for axis in self.axes if not isinstance(axis, Axis)]
        if odd or not self.axes:
            raise ScorerError(f"a scorer's axes are a list of Axis, at least one; received {odd or self.axes!r}")
        fields = known_fields(self.fields)
        names = frozenset(self.learned)
        if names & set(fields):
            raise ScorerError(f"learned columns can't be named like fields: {listed(sorted(names & set(fields)))}")
        learned = {}
        for name, column in self.learned.items():
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
        for axis in self.axes:
            self._check_directions(axis, scores[axis.name], learned, fields)
        put = object.__setattr__
        put(self, "scale", GradeScale([axis.scale for axis in self.axes], self.names))
        put(self, "scores", MappingProxyType(scores))
        put(self, "learned_scores", MappingProxyType(learned))
        put(self, "conditions", tuple(conditions))

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
        """The input fields that grading needs, whether optional or not."""
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
    def optional(self) -> frozenset[str]:
        """The fields, input or derived, that the scores can do without."""
        scores = [axis.score for axis in self.axes]
        return frozenset(f for score in scores if isinstance(score, AdaptableScore) for f in score.optional)

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
        """The input fields that the axis rises with and falls with; a declared derived field counts by its parts."""
        position = self.scale.axes.index(self.scale.axis(axis))
        declared = self.axes[position]
        fields = known_fields(self.fields)
        rises: set[str] = set()
        falls: set[str] = set()
        for names, same, opposite in ((declared.rises, rises, falls), (declared.falls, falls, rises)):
            for name in names:
                if name in fields and fields[name].derived:
                    same.update(fields[name].rises)
                    opposite.update(fields[name].falls)
                else:
                    same.add(name)
        return frozenset(rises - falls), frozenset(falls - rises)

    def without(self, dropped: Iterable[str]) -> Scorer:
        """Return this scorer without the criteria that need these fields.

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
        return evolve(self, axes=axes, learned=kept)

    def fit(self, base: CustomerBase) -> GradingModel:
        """Return the model in which everything learned from `base` is frozen.

        Raises FieldError when the base lacks a field, CutError when it can't be cut, NothingToGradeError when nobody
        can be graded.
        """
        from custgrade.model.fitting import fit

        return fit(self, base)
