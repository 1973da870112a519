"""With which fields an axis says that it rises and falls."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.field import Field
from custgrade.errors import ScorerError
from custgrade.scoring.axis import Axis
from custgrade.scoring.tracing import TracedScore
from custgrade.text import did_you_mean, listed
from custgrade.typing_slips import nearest


def check_directions(
    axis: Axis, score: TracedScore, learned: Mapping[str, TracedScore], fields: Mapping[str, Field]
) -> None:
    """Raise ScorerError when an axis is said to rise or fall with a field that its score doesn't read."""
    read = {*score.reads, *score.inputs}
    for name in score.learned:
        read.update([*learned[name].reads, *learned[name].inputs])
    for name in (*axis.rises, *axis.falls):
        if name in read:
            continue
        if name in fields:
            # the axis names a right field, so what is near among those read is a slip of it
            slip = nearest(name, [other for other in sorted(read) if other not in fields and other not in learned])
            guess = f" It reads {slip!r}, which no field defines. Did you mean {name!r}?" if slip is not None else ""
        else:
            guess = did_you_mean(name, sorted(read))
        raise ScorerError(
            f"axis {axis.name!r} is said to rise or fall with {name!r}, which its score doesn't read."
            f"{guess} It reads: {listed(sorted(read))}."
        )


def monotone_inputs(axis: Axis, fields: Mapping[str, Field]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the input fields that an axis rises with and falls with; see `Scorer.monotone_inputs`."""
    rises: set[str] = set()
    falls: set[str] = set()
    unsaid: set[str] = set()
    for names, same, opposite in ((axis.rises, rises, falls), (axis.falls, falls, rises)):
        for name in names:
            if name in fields and fields[name].derived:
                same.update(fields[name].rises)
                opposite.update(fields[name].falls)
                unsaid.update({*fields[name].parts} - {*fields[name].rises, *fields[name].falls})
            else:
                same.add(name)
    return frozenset(rises - falls - unsaid), frozenset(falls - rises - unsaid)
