"""What was recognised in a file."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from custgrade.recognising.column_facts import ColumnFacts

Kind = Literal["orders", "customers", "other"]
"""Order lines; one row per customer; or neither."""


@frozen
class Finding:
    """A column that holds a field, or may hold it.

    evidence: what the values show. doubt: why it isn't sure, in words; empty where name and values agree.
    """

    field: str
    column: str
    evidence: str
    doubt: str = ""

    @property
    def certain(self) -> bool:
        """Whether name and values agree, and no other column is as likely."""
        return not self.doubt


@frozen
class RecognisedFile:
    """What a file holds.

    path: as it was given. kind: what its rows are; reason: why. rows: those that were looked at; complete: whether they
    are all. findings: the columns of fields, certain and doubtful. off: fields that would be read by their names but
    must not be, each with the reason. notes: what else a person must know. unread: the names of further columns.
    facts: what the columns show, by name.
    """

    path: str
    kind: Kind
    reason: str
    rows: int
    complete: bool
    findings: tuple[Finding, ...]
    off: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    facts: tuple[ColumnFacts, ...] = ()

    @property
    def mapping(self) -> dict[str, str]:
        """The columns that are certain, by field."""
        return {one.field: one.column for one in self.findings if one.certain}

    @property
    def doubtful(self) -> tuple[Finding, ...]:
        """The findings that aren't certain."""
        return tuple(one for one in self.findings if not one.certain)

    def fact(self, column: str) -> ColumnFacts:
        """Return the facts of a column."""
        return next(one for one in self.facts if one.name == column)
