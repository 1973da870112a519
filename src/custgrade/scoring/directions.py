"""The fields that an axis rises with and falls with."""

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
    """Raise ScorerError if `rises` or `falls` of an axis has a field that its score doesn't read.

    score: the axis's traced score. learned: the traced scores of learned columns, by name. fields: all known fields.
    """
    read = {*score.reads, *score.inputs}
    for name in score.learned:
        read.update([*learned[name].reads, *learned[name].inputs])
    for name in (*axis.rises, *axis.falls):
        if name in read:
            continue
        if name in fields:
            # the axis names a known field, so a close name that the score reads is the misspelled one
            slip = nearest(name, [other for other in sorted(read) if other not in fields and other not in learned])
            guess = (
                f" Its score reads {slip!r}, which isn't a field. Did you mean {name!r}?" if slip is not None else ""
            )
        else:
            guess = did_you_mean(name, sorted(read))
        raise ScorerError(
            f"axis {axis.name!r} has {name!r} in rises or falls, but its score doesn't read it."
            f"{guess} Its score reads: {listed(sorted(read))}."
        )


def monotone_inputs(axis: Axis, fields: Mapping[str, Field]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the input fields that an axis rises with and falls with; see `Scorer.monotone_inputs`."""
    rises: set[str] = set()
    falls: set[str] = set()
    unknown: set[str] = set()
    for names, same, opposite in ((axis.rises, rises, falls), (axis.falls, falls, rises)):
        for name in names:
            if name in fields and fields[name].derived:
                same.update(fields[name].rises)
                opposite.update(fields[name].falls)
                unknown.update({*fields[name].parts} - {*fields[name].rises, *fields[name].falls})
            else:
                same.add(name)
    return frozenset(rises - falls - unknown), frozenset(falls - rises - unknown)
