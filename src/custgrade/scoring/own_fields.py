"""The fields beyond the standard ones that a scorer reads."""

from __future__ import annotations

from collections.abc import Iterable

from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.scoring.traced_scorer import TracedScorer


def own_fields(scorer: TracedScorer, defined: Iterable[Field] = ()) -> dict[str, Field]:
    """Return the fields that a scorer defines, and a plain field for each undefined name that it reads, by name.

    A plain field has no unit and no bounds. It is read from customer files only, because it has no rule that combines
    order lines.

    defined: definitions of fields outside the scorer.
    """
    own = {field.name: field for field in scorer.fields}
    known = {*known_fields(scorer.fields), *(field.name for field in defined)}
    for name in (*scorer.inputs, *scorer.cut_inputs, *scorer.detail_inputs):
        if name not in known and name.isidentifier():
            own[name] = Field(name, "")
    return own
