"""The fields beyond the standard ones that a scorer reads, so that files can give them."""

from __future__ import annotations

from collections.abc import Iterable

from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.scoring.traced_scorer import TracedScorer


def own_fields(scorer: TracedScorer, defined: Iterable[Field] = ()) -> dict[str, Field]:
    """Return the fields that a scorer defines, and plain ones for names that it reads and nobody defines, by name.

    defined: further definitions, of plug-ins or of the caller. A plain field has no unit and no bounds, and is read
    from customer files only, because nothing says how lines of it combine.
    """
    own = {field.name: field for field in scorer.fields}
    known = {*known_fields(scorer.fields), *(field.name for field in defined)}
    for name in (*scorer.inputs, *scorer.cut_inputs, *scorer.detail_inputs):
        if name not in known and name.isidentifier():
            own[name] = Field(name, "")
    return own
