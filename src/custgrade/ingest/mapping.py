"""The mapping of fields to the columns of a source."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from custgrade.argument_checks import check_columns
from custgrade.data.field import Field
from custgrade.data.standard import COMPUTED_FROM_LINES
from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import did_you_mean, listed
from custgrade.typing_slips import nearest

CUSTOMER_ID = "customer_id"
ORDER_COLUMNS = (
    *(CUSTOMER_ID, "date", "order_id", "category", "due_date", "paid_date", "cost", "currency"),
    *("quantity", "unit_price", "unit_cost", "line_discount", "line_discount_share"),
)
"""The names that columns of order lines can be mapped to, besides the fields that are summed or averaged."""
CUSTOMER_COLUMNS = (CUSTOMER_ID, "last_order", "first_order", "cost", "currency")
"""The names that columns of customer files can be mapped to, besides the fields that aren't derived."""


def mapped_columns(
    source: Source,
    given: Mapping[str, str] | None,
    accepted: Iterable[str],
    fields: Mapping[str, Field],
    required: Iterable[str],
) -> dict[str, SourceColumn]:
    """Return the columns to read, by field.

    given: column names by field. A field that isn't listed is read from the column of the same name, if there is one; a
    field mapped to an empty text is not read. accepted: the fields that this kind of source can hold. fields: all
    known fields by name. required: the fields that the source must have.

    Raises FieldError for an unknown field or column and for a missing required field, SourceError for a column that
    can't be read.
    """
    check_columns(given)
    names = list(accepted)
    columns: dict[str, SourceColumn] = {}
    for field, column in (given or {}).items():
        if field not in names:
            raise _refused(field, names, fields)
        if not isinstance(column, str):
            named = f", for example {str(column)!r}" if str(column) in source.columns else ""
            raise FieldError(f"{field!r} is mapped to {column!r}; give the name of a column as text{named}")
        if not column:
            continue
        if column not in source.columns:
            raise unknown_column(column, field, [source])
        columns[field] = source.columns[column]
    for name in names:
        if name not in (given or {}) and name in source.columns:
            columns[name] = source.columns[name]
    for name, found in columns.items():
        if found.unreadable:
            raise SourceError(f"{source.label}: {name!r} can't be read from column {found.name!r}: {found.unreadable}")
    for name in required:
        if name not in columns and name in source.index:
            raise FieldError(
                f"{source.label} has {name!r} in its index, not in a column. It has columns: {listed(source.columns)}.",
                Hint.alike("Turn the index into a column: frame.reset_index()."),
            )
        if name not in columns:
            near = nearest(name, [column for column in source.columns if column not in names])
            column, begin = near or "NAME", f"Read it from {near!r}:" if near else "Name the column that holds it:"
            raise FieldError(
                f"{source.label} has no column {name!r}. It has: {listed(source.columns)}.",
                Hint(f'{begin} columns={{"{name}": "{column}"}}.', f"{begin} --column {_quoted(name, column)}."),
            )
    return columns


def _quoted(field: str, column: str) -> str:
    """Return `field=column` as one argument of a shell."""
    return shlex.quote(f"{field}={column}")


def not_read(field: str) -> Hint:
    """Return the hint not to read a field."""
    return Hint(
        f'Leave {field} out: columns={{"{field}": ""}}.',
        f"Leave {field} out: --column {field}=.",
    )


def unknown_column(column: str, field: str, sources: Iterable[Source]) -> FieldError:
    """Return the error for a column that no source has."""
    where = list(sources)
    have = [name for source in where for name in source.columns]
    return FieldError(
        f"{' and '.join(source.label for source in where)} has no column {column!r} for {field!r}."
        f"{did_you_mean(column, have)} It has: {listed(have)}."
    )


def _refused(field: str, names: Iterable[str], fields: Mapping[str, Field]) -> FieldError:
    if field in fields and fields[field].derived:
        return FieldError(f"{field!r} is always computed; map {' and '.join(fields[field].parts)} instead")
    if field in COMPUTED_FROM_LINES:
        return FieldError(f"{field!r} is computed from the order lines; map {COMPUTED_FROM_LINES[field]}")
    if field in fields:
        return FieldError(f"{field!r} is a field of customers, not of order lines; give it in a customer file")
    return FieldError(
        f"there is no field {field!r}.{did_you_mean(field, names)} There are: {listed(names, 40)}.",
        Hint("To read fields that a scorer defines, give their definitions: fields=scorer.fields.", ""),
    )


def described(source: Source, columns: Mapping[str, SourceColumn]) -> str:
    """Return the note that says which fields were read from which columns."""
    pairs = (name if name == column.name else f"{name} from {column.name!r}" for name, column in columns.items())
    return f"read from {source.label}: {', '.join(pairs)}"


def unmapped(source: Source, columns: Mapping[str, SourceColumn]) -> list[str]:
    """Return the names of the source's columns that no field is read from."""
    used = {column.name for column in columns.values()}
    return [name for name in source.columns if name not in used]
