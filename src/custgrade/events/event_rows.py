"""Rows of a file in the log's own columns as events, each with its line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import LogError
from custgrade.events.cell_values import day_cell, money_cell, number_cell, unmarked
from custgrade.events.event import Event, check_kind
from custgrade.events.event_columns import NEXT, PARTS, EventColumns, Occasion
from custgrade.events.kinds import CONSENT, REWARDS, RUN
from custgrade.events.text_table import LineErrors, TextTable, check_columns
from custgrade.text import listed, shown

ALIAS = "alias"
"""The kind of a row that says that an id, its customer_id, is a former one of another, its name."""
COLUMNS = (
    "customer_id",
    "kind",
    "name",
    "number",
    "day",
    "money",
    "due",
    "until",
    "treatment",
    "policy",
    "version",
    "terms",
    "currency",
    "author",
    "note",
)
"""The columns of a file of events, in the order in which they are written."""
VOIDED = ("voided", "void_reason", "void_author")
"""Further columns of a file with events that were taken back."""
NEEDED = ("customer_id", "kind", "name", "day")


@frozen
class AliasRow:
    """A row that says that an id is a former one of another."""

    old_id: str
    new_id: str
    author: str
    note: str
    line: int


@frozen(eq=False)
class EventRows:
    """The events of a file.

    events: with their lines. aliases: the former ids. currency: of the money, empty if the file doesn't say it.
    revision: the least revision of the plans that the rows are from; None if unknown. exact: whether the id of each
    event is certain, because it has a mark for spreadsheets or is from Parquet. from_plan: whether the rows are actions
    of a plan. notes: sentences.
    """

    events: EventColumns
    aliases: tuple[AliasRow, ...] = field(default=(), converter=tupled)
    currency: str = ""
    revision: int | None = None
    exact: npt.NDArray[np.bool_] = field(factory=lambda: np.zeros(0, dtype=bool))
    from_plan: bool = False
    notes: tuple[str, ...] = field(default=(), converter=tupled)


def event_rows(table: TextTable, author: str = "") -> EventRows:
    """Return the rows of a file in the log's own columns; rows of voided events are left out.

    author: who recorded those that name no author.

    Raises LogError with the lines of wrong rows.
    """
    check_columns(table, NEEDED, (*COLUMNS, *VOIDED))
    notes = []
    voided = [row for row, text in enumerate(table.column("voided")) if text.strip()]
    if voided:
        notes.append(f"{len(voided):,} rows of events that were taken back are left out")
        left = set(voided)
        table = table.take([row for row in range(len(table)) if row not in left])
    currency = _currency(table)
    kinds = table.column("kind")
    if ALIAS in kinds:
        rows = [row for row, kind in enumerate(kinds) if kind == ALIAS]
        aliases = _aliases(table.take(rows), author)
        table = table.take([row for row, kind in enumerate(kinds) if kind != ALIAS])
    else:
        aliases = []
    errors = LineErrors()
    table.parsed("kind", _checked_kind, errors, "")
    days = {
        name: table.parsed(name, lambda text, name=name: day_cell(name, text), errors, "")  # type: ignore[misc]
        for name in ("day", "due", "until")
    }
    number = table.parsed("number", number_cell, errors, NEXT)
    cents = table.parsed("money", money_cell, errors, 0)
    said = zip(table.line.tolist(), table.column("kind"), table.column("money"), strict=True)
    for line in [line for line, kind, text in said if kind == CONSENT and not text.strip()]:
        errors.add(line, "the money of consent is missing: 1 for yes and 0 for no")
    ids, exact = ids_of(table)
    parts: dict[str, Sequence[str]] = {name: _texts(table, name) for name in PARTS if name not in days}
    if author:
        parts["author"] = [one or author for one in parts["author"]]
    parts |= days
    errors.refuse()
    events = columns_of(table, ids, [parts[name] for name in PARTS], number, cents)
    return EventRows(events, aliases, currency, exact=exact, notes=notes)


def ids_of(table: TextTable) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Return the ids of the rows, and whether each is certain, because it has a mark or is from Parquet."""
    cells = table.column("customer_id")
    if not table.marked:
        return list(cells), np.ones(len(cells), dtype=bool)
    ids = [unmarked(cell) if cell[:1] == "'" else cell for cell in cells]
    exact = np.fromiter((one is not cell for one, cell in zip(ids, cells, strict=True)), bool, len(ids))
    return ids, exact


def columns_of(
    table: TextTable, ids: Sequence[str], parts: Sequence[Sequence[str]], number: Sequence[int], cents: Sequence[int]
) -> EventColumns:
    """Return events as columns, after checking them as `Event` does.

    parts: texts in the order of the attributes of `Occasion`.

    Raises LogError with the lines of wrong rows.
    """
    codes = {texts: code for code, texts in enumerate(dict.fromkeys(zip(*parts, strict=True)))}
    code = np.fromiter(map(codes.__getitem__, zip(*parts, strict=True)), np.int64, len(ids))
    occasions = [Occasion(*texts) for texts in codes]
    errors = LineErrors()
    wrong: list[tuple[npt.NDArray[np.int64], str]] = []
    for k, one in enumerate(occasions):
        try:
            _check(one)
        except LogError as error:
            wrong.append((np.flatnonzero(code == k), str(error)))
    money = np.array(cents, dtype=np.int64)
    kinds = np.array([one.kind for one in occasions], dtype=object)[code] if len(code) else np.zeros(0, dtype=object)
    odd = np.flatnonzero((kinds == CONSENT) & (money != 0) & (money != 100))
    wrong.append((odd, "the money of consent is 1 for yes and 0 for no"))
    owed = np.array([one.kind in REWARDS for one in occasions], dtype=bool)[code] & (money < 0)
    wrong.append((np.flatnonzero(owed), "a reward costs nothing or more; void what wasn't given"))
    nobody = np.fromiter((not one for one in ids), bool, len(ids)) & (kinds != RUN)
    wrong.append((np.flatnonzero(nobody), "it has no customer_id"))
    with_nul = np.fromiter(("\0" in one for one in ids), bool, len(ids))
    wrong.append((np.flatnonzero(with_nul), "its customer_id has a NUL character"))
    for rows, why in wrong:
        if len(rows):
            errors.add(int(table.line[rows[0]]), why, len(rows))
    errors.refuse()
    return EventColumns(
        np.array(ids, dtype=np.dtypes.StringDType()),
        occasions,
        code,
        np.array(number, dtype=np.int64),
        money,
        table.line,
    )


def _check(one: Occasion) -> None:
    if not one.day:
        raise LogError("it has no day; write it as YYYY-MM-DD")
    values = {name: getattr(one, name) for name in PARTS}
    try:
        Event("" if one.kind == RUN else "?", **values)
    except LogError as error:
        raise LogError(str(error).replace("the event", "an event", 1).replace(" of customer '?'", "")) from None


def _checked_kind(text: str) -> str:
    check_kind(text)
    return text


def _texts(table: TextTable, name: str) -> list[str]:
    column = table.column(name)
    if not table.marked:
        return list(column)
    plain: dict[str, str] = {text: unmarked(text) for text in dict.fromkeys(column)}
    return list(map(plain.__getitem__, column))


def _currency(table: TextTable) -> str:
    """Return the currency of all rows.

    Raises LogError if there are two.
    """
    column = table.column("currency")
    found = [text for text in dict.fromkeys(column) if text]
    if len(found) > 1:
        places = [f"{text} on line {table.line[column.index(text)]}" for text in found]
        raise LogError(f"it has money in {listed(places)}; a log has one currency. Nothing was recorded.")
    return found[0] if found else ""


def _aliases(table: TextTable, author: str) -> list[AliasRow]:
    errors = LineErrors()
    ids, _ = ids_of(table)
    columns = (ids, *(_texts(table, name) for name in ("name", "author", "note")), table.line.tolist())
    found = [AliasRow(old, new, by or author, note, line) for old, new, by, note, line in zip(*columns, strict=True)]
    for one in found:
        if not one.old_id or not one.new_id or one.old_id == one.new_id:
            errors.add(
                one.line,
                f"an alias has a former id and another present one; received {shown(one.old_id)}, {shown(one.new_id)}",
            )
    errors.refuse()
    return found
