"""The mapping of fields to the columns of a source."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from custgrade.argument_checks import check_columns
from custgrade.data.field import Field
from custgrade.data.names import NAME
from custgrade.data.note import Note
from custgrade.data.standard import COMPUTED_FROM_LINES
from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.cells.missing_values import missing_of
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.header_names import alike, by_plain_name, plain_name, quoted
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
_TEXTS = (CUSTOMER_ID, "order_id", "category", NAME)
"""The names of columns that are read as text."""
_NUMBERS = ("number", "no", "nr", "num", "code", "key", "ref")
"""The words that stand for `id` in names of columns, such as `Order Number`."""
_COMPARED = 1000
"""The largest number of columns whose names are searched for typing slips."""


@frozen
class Needed:
    """What the error for missing columns says besides.

    fields: those that the caller will need. suggest: returns the columns of a source that likely hold some fields, by
    field; None compares their names only.
    """

    fields: tuple[str, ...] = ()
    suggest: Callable[[Source, Sequence[str]], Mapping[str, str]] | None = None


NOTHING_NEEDED = Needed()


def mapped_columns(
    source: Source,
    given: Mapping[str, str] | None,
    accepted: Iterable[str],
    fields: Mapping[str, Field],
    required: Iterable[str],
    needed: Needed = NOTHING_NEEDED,
) -> dict[str, SourceColumn]:
    """Return the columns to read, by field.

    given: column names by field; a field mapped to an empty text is not read. A field that isn't listed is read from
    the column of the same name, else from the only column whose name is the same but for capitals, blanks and
    punctuation. The names of `given` match in the same way. accepted: the fields that this kind of source can hold.
    fields: all known fields by name. required: the fields that the source must have. needed: further fields that the
    caller will need, which the error for missing required fields names too.

    Raises FieldError for an unknown field or column, for a field that two columns match, and for missing required
    fields; SourceError for a column that can't be read.
    """
    check_columns(given)
    names, required = list(accepted), list(required)
    columns: dict[str, SourceColumn] = {}
    for field, column in (given or {}).items():
        if field not in names:
            raise _refused(field, names, fields)
        if not isinstance(column, str):
            named = f", for example {str(column)!r}" if str(column) in source.columns else ""
            raise FieldError(f"{field!r} is mapped to {column!r}; give the name of a column as text{named}")
        if column:
            columns[field] = source_column(source, column, field)
    free = [name for name in names if name not in (given or {})]
    columns |= {name: source.columns[name] for name in free if name in source.columns}
    used = {column.name for column in columns.values()}
    plain = by_plain_name(name for name in source.columns if name not in used)
    for name in free:
        found = [] if name in columns else plain.get(plain_name(name), [])
        if len(found) == 1:
            columns[name] = source.columns[found[0]]
        elif found and name in required:
            raise _several(source, found, name)
    for name, read in columns.items():
        if read.unreadable:
            raise SourceError(f"{source.label}: {name!r} can't be read from column {read.name!r}: {read.unreadable}")
    lacking = [name for name in required if name not in columns]
    if lacking:
        also = [name for name in needed.fields if name in names and name not in columns and name not in lacking]
        raise _lacking(source, lacking, also, [name for name in source.columns if name not in used], needed)
    return {name: columns[name] for name in dict.fromkeys([*(given or {}), *names]) if name in columns}


def source_column(source: Source, name: str, field: str) -> SourceColumn:
    """Return the column of this name, else the only one whose name is alike but for capitals, blanks and punctuation.

    field: what is read from the column, for errors.

    Raises FieldError when no column or several columns match.
    """
    found = [name] if name in source.columns else alike(name, source.columns)
    if not found:
        raise unknown_column(name, field, [source])
    if len(found) > 1:
        raise _several(source, found, field)
    return source.columns[found[0]]


def has_column(source: Source, name: str) -> bool:
    """Return whether a source has a column that `source_column` finds, or several."""
    return name in source.columns or bool(alike(name, source.columns))


def _several(source: Source, found: Sequence[str], field: str) -> FieldError:
    columns = " and ".join(map(repr, found))
    return FieldError(
        f"{source.label} has the columns {columns}, and each may hold {field!r}.", _map_to(field, found, "Choose one:")
    )


def _map_to(field: str, columns: Iterable[str], begin: str) -> Hint:
    """Return the hint to read a field from one of some columns."""
    names = list(columns)
    return Hint(
        f"{begin} {' or '.join(f'columns={_literal({field: name})}' for name in names)}.",
        f"{begin} {' or '.join(flag(field, name) for name in names)}.",
    )


def _literal(columns: Mapping[str, str]) -> str:
    """Return a mapping of columns as Python writes it, in double quotes."""
    return "{" + ", ".join(f"{_quoted(field)}: {_quoted(name)}" for field, name in columns.items()) + "}"


def _quoted(text: str) -> str:
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else repr(text)


def flag(field: str, column: str) -> str:
    """Return the flag that reads a field from a column, ready for a shell."""
    return f"--column {field}={shlex.quote(column)}"


def likely_column(field: str, columns: Sequence[str]) -> str | None:
    """Return the column that most likely holds a field, judged by its name; None where no name is near.

    columns: the names to choose from, those of columns that no field is read from.
    """
    near = nearest(field, columns)
    if near is not None:
        return near
    main = plain_name(field.removesuffix("_id"))
    return next((one for one in columns if len(main) > 3 and main in plain_name(one)), None)


def _is_near(column: str, field: str) -> bool:
    """Return whether a column's name is a field's but for typing slips, a unit in brackets, or another word for id."""
    bare = plain_name(re.sub(r"[(\[{].*", "", column))
    main = field.removesuffix("_id")
    return (
        bare == plain_name(field)
        or (main != field and bare in {main + word for word in _NUMBERS})
        or bool(nearest(column, [field]))
    )


def _lacking(
    source: Source, lacking: Sequence[str], also: Sequence[str], free: Sequence[str], needed: Needed
) -> FieldError:
    """Return the error for required fields without a column; also: further fields that are needed."""
    inside = [name for name in lacking if name in source.index]
    if inside:
        return FieldError(
            f"{source.label} has {inside[0]!r} in its index, not in a column. "
            f"It has columns: {quoted(source.columns)}.",
            Hint.alike("Turn the index into a column: frame.reset_index()."),
        )
    # a single column holds all names where the delimiter is wrong
    left = list(free) if len(source.columns) > 1 else []
    likely = needed.suggest(source, [*lacking, *also]) if needed.suggest is not None and left else {}
    wanted: dict[str, str | None] = {}
    for name in (*lacking, *also):
        wanted[name] = likely[name] if likely.get(name) in left else likely_column(name, left)
        left = [one for one in left if one != wanted[name]]
    columns = {name: column or "NAME" for name, column in wanted.items()}
    if len(columns) > 1:
        begin = "Name the columns that hold them:"
    else:
        begin = f"Read it from {wanted[lacking[0]]!r}:" if wanted[lacking[0]] else "Name the column that holds it:"
    init = "" if source.file is None else f" Or let custgrade look: custgrade init {shlex.quote(str(source.file))}."
    hint = Hint(
        f"{begin} columns={_literal(columns)}.",
        f"{begin} {' '.join(flag(name, column) for name, column in columns.items())}.{init}",
    )
    needs = f", and the scorer needs {listed(map(repr, also))}" if also else ""
    what = f"no column {lacking[0]!r}" if len(lacking) == 1 else f"no columns {' and '.join(map(repr, lacking))}"
    return FieldError(f"{source.label} has {what}{needs}. It has: {quoted(source.columns)}.", hint)


def with_missing(columns: Mapping[str, SourceColumn], words: Sequence[str] | None) -> dict[str, SourceColumn]:
    """Return columns by field with the words that mean an unknown value; words: see `missing_of`."""
    missing = missing_of(words)
    return {
        name: evolve(column, missing=missing.as_text if name in _TEXTS else missing) for name, column in columns.items()
    }


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
        f"{did_you_mean(column, have)} It has: {quoted(have)}."
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


def unread_notes(
    source: Source, columns: Mapping[str, SourceColumn], given: Mapping[str, str] | None, accepted: Iterable[str]
) -> list[str]:
    """Return notes on columns that aren't read although their names are near those of fields without a column.

    columns: those that are read. given: the columns that the caller mapped. accepted: the fields that this kind of
    source can hold.
    """
    free, notes = unmapped(source, columns), list[str]()
    plain = by_plain_name(free)
    # comparing names letter by letter takes time, and no person made a file this wide
    compared = free if len(free) <= _COMPARED else []
    for field in accepted:
        if field in columns or field in (given or {}):
            continue
        found = plain.get(plain_name(field)) or [one for one in compared if _is_near(one, field)]
        if found:
            one = len(found) == 1
            text = (
                f"{'column' if one else 'columns'} {quoted(found)} of {source.label} {'is' if one else 'are'}n't read."
            )
            notes.append(Note(text, _map_to(field, found, f"If {'it' if one else 'one of them'} holds {field}:")))
    return notes
