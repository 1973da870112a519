"""Ids that a spreadsheet or a library of frames has changed: put right where that is certain, else refused."""

from __future__ import annotations

import re
from typing import Any

from attrs import evolve, frozen

from custgrade.errors import Hint, SourceError
from custgrade.ingest.cells.values import given_text
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.mapping import not_read
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import listed

_ROWS = 10_000
"""The number of rows that are looked at where looking at all of them would take another pass."""
_ODD = "^['=]|[.,+]"
"""What every changed id holds; most columns have no such id."""
_POINT_ZERO, _DECIMAL = r"^-?[0-9]+(\.0+|,00?)$", r"^-?[0-9]+(\.[0-9]*[1-9][0-9]*|,[0-9]*[1-9][0-9]*|,000+)$"
_GROUPED, _COMMA, _UNGROUPED = "^[0-9]{1,3}(,[0-9]{3})+$", ",", "^[0-9]{4,}$"
_APOSTROPHE, _FORMULA = "^'[-+=@0-9]", '^="[^"]*"$'
_ROUNDED = r"^[0-9](([.,][0-9]+)?[eE]\+[0-9]+|[.,][0-9]+E[0-9]{1,2})$"
"""Numbers with an exponent, as spreadsheets write them, and as programs in Java do: 8.71E+12 and 8.71E12."""
_WHOLE = {"DOUBLE": 2**53, "FLOAT": 2**24}
"""The whole numbers from which on floating-point numbers can't tell neighbours apart, by type."""


@frozen
class ChangedIds:
    """The first id, in text order, of each form that a column holds; None where it has none of that form."""

    point_zero: str | None = None
    decimal: str | None = None
    grouped: str | None = None
    ungrouped: str | None = None
    apostrophe: str | None = None
    formula: str | None = None
    rounded: tuple[str, ...] = ()

    def mended(self, sql: str) -> tuple[str, list[tuple[str, str]]]:
        """Return SQL of an id as it was before it was changed, and examples: an id as it stands, and as it is read.

        sql: SQL of the id as text.
        """
        examples: list[tuple[str, str]] = []
        if self.apostrophe is not None or self.formula is not None:
            sql = (
                f"CASE WHEN regexp_matches({sql}, {literal(_APOSTROPHE)}) THEN substr({sql}, 2) "
                f"WHEN regexp_matches({sql}, {literal(_FORMULA)}) THEN substr({sql}, 3, length({sql}) - 3) "
                f"ELSE {sql} END"
            )
            examples += [(one, one[1:]) for one in (self.apostrophe,) if one is not None]
            examples += [(one, one[2:-1]) for one in (self.formula,) if one is not None]
        if self.point_zero is not None and self.decimal is None:
            whole = f"regexp_replace({sql}, '[.,].*', '')"
            sql = f"CASE WHEN regexp_matches({sql}, {literal(_POINT_ZERO)}) THEN {whole} ELSE {sql} END"
            examples.append((self.point_zero, re.split("[.,]", self.point_zero)[0]))
        if self.grouped is not None and self.ungrouped is None:
            sql = f"replace({sql}, ',', '')"
            examples.append((self.grouped, self.grouped.replace(",", "")))
        return sql, examples


def changed_ids(source: Source, table: str) -> ChangedIds:
    """Return the changed ids among the texts `id` of a table, which is a table's name or a query in brackets."""

    def first(form: str, other: str = "") -> str:
        unlike = f" AND NOT regexp_matches(id, {literal(other)})" if other else ""
        return f"min(id) FILTER (WHERE regexp_matches(id, {literal(form)}){unlike})"

    forms = [first(form) for form in (_POINT_ZERO, _DECIMAL, _GROUPED)]
    forms += [first(_COMMA, _GROUPED), first(_APOSTROPHE), first(_FORMULA)]
    forms.append(f"min(id, 3) FILTER (WHERE regexp_matches(id, {literal(_ROUNDED)}))")
    ask = source.connection.execute
    with engine_errors(f"{source.label} can't be read"):
        point_zero, decimal, grouped, ungrouped, apostrophe, formula, rounded = ask(
            f"SELECT {', '.join(forms)} FROM {table} AS ids WHERE regexp_matches(id, {literal(_ODD)})"
        ).fetchall()[0]
        if grouped is not None and ungrouped is None:
            (ungrouped,) = ask(f"SELECT {first(_UNGROUPED)} FROM {table} AS ids").fetchall()[0]
    return ChangedIds(point_zero, decimal, grouped, ungrouped, apostrophe, formula, tuple(rounded or ()))


def mended_ids(
    source: Source, column: SourceColumn, name: str, table: str = "", spared: Any = ()
) -> tuple[SourceColumn, list[str]]:
    """Return a column of ids that gives them as they were before they were changed, and the notes that say so.

    name: the field, `customer_id` or `order_id`. table: a table whose column `id` holds all ids; the first ten thousand
    rows of the source are looked at otherwise. spared: ids that aren't refused.

    Raises SourceError for ids that were rounded, because several may have become one.
    """
    ids = table or f"(SELECT {given_text(column)} AS id FROM {source.table} LIMIT {_ROWS})"
    found = changed_ids(source, ids) if column.type == "VARCHAR" else ChangedIds()
    rounded = [one for one in found.rounded if one not in spared]
    if column.type in _WHOLE:
        with engine_errors(f"{source.label} can't be read"):
            most = f"SELECT max(id) FROM {ids} AS ids WHERE abs(TRY_CAST(id AS DOUBLE)) >= {_WHOLE[column.type]}"
            rounded += [one for (one,) in source.connection.execute(most).fetchall() if one is not None]
    if not table:
        source.rejected()
    if rounded:
        raise _rounded(source, column, name, rounded)
    if column.type != "VARCHAR":
        return column, []
    sql, examples = found.mended(column.sql)
    if not examples:
        return column, []
    shown = ", ".join(f"{one!r} is {other!r}" for one, other in examples)
    what = "customer ids" if name == "customer_id" else "order ids"
    return evolve(column, sql=f"({sql})"), [f"{what} in {column.name!r} are read as they were before export: {shown}"]


def _rounded(source: Source, column: SourceColumn, name: str, ids: list[str]) -> SourceError:
    whose, what = ("customers", "ids") if name == "customer_id" else ("orders", "order ids")
    kind = "a spreadsheet" if column.type == "VARCHAR" else f"the type {column.held}"
    hint = Hint.alike("Export the column as text, or as whole numbers.")
    return SourceError(
        f"{source.label}: {what} in column {column.name!r} were rounded by {kind}: {listed(map(repr, ids))}. "
        f"Different {whose} may have become one.",
        hint if name == "customer_id" else hint + not_read(name),
    )
