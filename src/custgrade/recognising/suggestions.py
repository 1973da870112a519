"""Columns for fields that a source lacks under their own names."""

from __future__ import annotations

from collections.abc import Iterable

from custgrade.ingest.source import Source
from custgrade.recognising.recognition import recognise
from custgrade.recognising.vocabulary import read_vocabulary


def suggestions(source: Source, fields: Iterable[str]) -> dict[str, str]:
    """Return the column that most likely holds each of these fields; fields without a likely column are left out.

    Names and values of the columns are compared. A column that is only doubtful is suggested where it is the only one;
    a person must confirm suggestions.

    Raises SourceError when the source can't be read.
    """
    findings = recognise(source, read_vocabulary()).findings
    found: dict[str, str] = {}
    for field in fields:
        some = [one for one in findings if one.field == field]
        likely = [one for one in some if one.certain] or some
        if len(likely) == 1:
            found[field] = likely[0].column
    return found
