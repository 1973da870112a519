"""Customer bases: many customers, held as columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from numbers import Integral
from typing import Any

import attrs
import numpy as np
from attrs import evolve, field, frozen

from custgrade.data.base_arguments import (
    check_attributes,
    columns_of,
    left_out_of,
    notes_of,
    number_of_names,
    row_index,
    unmapped_of,
)
from custgrade.data.column_view import ColumnView
from custgrade.data.columns import FloatColumn, float_column
from custgrade.data.converters import locked, parts_of, read_only
from custgrade.data.customer import Customer
from custgrade.data.field import Field
from custgrade.data.ids import Ids, id_column, id_text, positions
from custgrade.data.join import check_joinable, joined
from custgrade.data.join_match import match_of
from custgrade.data.left_out import LeftOut
from custgrade.data.missing import GUESSED_FROM, missing_fields, no_customer
from custgrade.data.names import LazyNames, labelled, name_column, taken
from custgrade.data.period import Period
from custgrade.data.standard import STANDARD_FIELDS, known_fields, own_fields
from custgrade.data.stored import StoredColumn
from custgrade.errors import FieldError
from custgrade.text import listed, type_with_article


@frozen(slots=False, eq=False, repr=False)
class CustomerBase:
    """Many customers: their ids, and one read-only float64 array of shape (n,) per input field; NaN is missing.

    given_ids: unique texts or whole numbers, or a function without arguments that returns them; it is called on first
    use.
    columns: input fields by name. Derived fields raise FieldError, because they are always recomputed.
    period: the as-of date and the days covered; None if unknown.
    currency: the unit of money fields, for example `USD`.
    left_out: the rows or customers that ingest left out, by reason.
    notes: further remarks for readers of the result.
    unmapped: columns of the source that no field is read from.
    extra_fields: fields beyond the standard ones.
    unique_ids: True if the ids are known to be unique; they are then not checked.
    given_names: the customers' names as texts in the order of the ids, or a function without arguments that returns
    them; it is called on first use. None if the base has no names. No grade depends on names.
    """

    given_ids: Any = field(alias="ids")
    columns: Mapping[str, FloatColumn] = field(converter=columns_of)
    period: Period | None = None
    currency: str | None = None
    left_out: tuple[LeftOut, ...] = field(default=(), converter=left_out_of)
    notes: tuple[str, ...] = field(default=(), converter=notes_of)
    unmapped: tuple[str, ...] = field(default=(), converter=unmapped_of)
    extra_fields: tuple[Field, ...] = field(default=(), converter=own_fields)
    unique_ids: bool = field(default=False, kw_only=True)
    given_names: Any = field(default=None, alias="names", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_attributes(self.period, self.currency, self.unique_ids)
        lengths = {name: len(column) for name, column in self.columns.items()}
        if not callable(self.given_ids):
            lengths = {"ids": len(self.ids), **lengths}
        if self.given_names is not None and not callable(self.given_names):
            lengths["names"] = number_of_names(self.given_names)
        if len(set(lengths.values())) > 1:
            raise FieldError(f"the columns of a base must be equally long; received {lengths}")
        derived = [name for name in self.columns if name in self.fields and self.fields[name].derived]
        if derived:
            parts = " and ".join(self.fields[derived[0]].parts)
            raise FieldError(f"{derived[0]!r} is always recomputed; give {parts} instead")
        if not self.unique_ids and not callable(self.given_ids):
            texts, twice = set(), []
            for text in self.ids.tolist():
                if text in texts:
                    twice.append(text)
                texts.add(text)
            if twice:
                raise FieldError(f"{len(twice)} ids occur more than once: {listed(map(repr, twice), 5)}")

    @cached_property
    def ids(self) -> Ids:
        """The ids, a read-only numpy array of variable-width text, shape (n,)."""
        return id_column(self.given_ids() if callable(self.given_ids) else self.given_ids)

    @cached_property
    def names(self) -> Ids | None:
        """The names, a read-only numpy array of variable-width text, shape (n,), with an empty text for a missing name.

        None if the base has no names.
        """
        if self.given_names is None:
            return None
        return name_column(self.given_names() if callable(self.given_names) else self.given_names)

    def names_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return names by id for those of these ids that have a name; no other names are read."""
        if self.given_names is None or not len(ids):
            return {}
        if isinstance(self.given_names, LazyNames) and "names" not in self.__dict__:
            return self.given_names.find(ids)
        rows, names = positions(id_column(ids), self.ids).tolist(), self.names
        found = [str(names[row]) if names is not None and row >= 0 else "" for row in rows]
        return {one: name for one, name in zip(ids, found, strict=True) if name}

    def label(self, row: int) -> str:
        """Return the label of the customer at a position: `Miller & Sons (C-0017)`, or the id alone."""
        return self.labels([row])[0]

    def labels(self, rows: Iterable[int]) -> list[str]:
        """Return the labels of the customers at these positions; no other names are read."""
        ids = [str(self.ids[self.position(row)]) for row in rows]
        names = self.names_of(ids)
        return [labelled(one, names.get(one, "")) for one in ids]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The definitions of the standard fields and of this base's extra fields, by name."""
        return read_only(known_fields(self.extra_fields)) if self.extra_fields else STANDARD_FIELDS

    @property
    def view(self) -> ColumnView:
        """The input columns and the derived columns that can be computed from them."""
        return ColumnView(self.columns, self.fields)

    def view_at(self, rows: Any) -> ColumnView:
        """Return the input and derived columns of some customers; rows: positions, a slice or a mask."""
        rows = row_index(rows, len(self))
        return ColumnView({name: column[rows] for name, column in self.columns.items()}, self.fields)

    @property
    def as_of(self) -> dt.date | None:
        """The as-of date; None if unknown."""
        return self.period.as_of if self.period else None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else len(self.ids)

    def __contains__(self, item: object) -> bool:
        """Return whether the base has this field (`"profit" in base`), or a customer with the id of this `Customer`.

        A text is always a field's name; look for an id in `base.ids`. Objects of other types give False.
        """
        if isinstance(item, Customer):
            return bool((self.ids == item.id).any())
        return isinstance(item, str) and item in self.view

    def __copy__(self) -> CustomerBase:
        return self

    def __deepcopy__(self, memo: object) -> CustomerBase:
        return self

    def __getstate__(self) -> dict[str, Any]:
        # a pickle holds stored columns and names that aren't read yet as arrays
        given = {one.name: getattr(self, one.name) for one in attrs.fields(CustomerBase)}
        return {
            **given,
            "given_ids": self.ids,
            "given_names": self.names,
            "columns": {n: np.asarray(c[:]) for n, c in self.columns.items()},
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        columns = {name: locked(column) for name, column in state["columns"].items()}
        self.__dict__.update({**state, "given_ids": locked(state["given_ids"]), "columns": read_only(columns)})

    def __getitem__(self, name: str) -> FloatColumn:
        """Return the column of the input or derived field `name`, read-only float64 of shape (n,).

        Raises FieldError if the base doesn't have it.
        """
        if name not in self.view:
            raise missing_fields([name], self.view)
        return float_column(name, self.view[name])

    def position(self, row: Any) -> int:
        """Return `row` as an int after checking that it is a customer's position, counted from 0.

        Raises FieldError if it isn't.
        """
        if isinstance(row, (bool, np.bool_)) or not isinstance(row, Integral) or not 0 <= int(row) < len(self):
            raise FieldError(f"a customer's position is a whole number from 0 to {len(self) - 1:,}; received {row!r}")
        return int(row)

    def position_of(self, identity: Any) -> int:
        """Return the position of the customer with this id, counted from 0.

        Raises FieldError if no customer has this id.
        """
        wanted = id_text(identity)
        found = np.flatnonzero(self.ids == wanted)
        if not len(found):
            raise no_customer(wanted, len(self), self.ids[:GUESSED_FROM].tolist(), self.left_out)
        return int(found[0])

    def customer(self, row: int) -> Customer:
        """Return the customer at position `row`, counted from 0."""
        row = self.position(row)
        return Customer(str(self.ids[row]), {name: float(column[row]) for name, column in self.columns.items()})

    def __iter__(self) -> Iterator[Customer]:
        return (self.customer(row) for row in range(len(self)))

    @property
    def in_memory(self) -> bool:
        """Whether no column is on disk."""
        return not any(isinstance(column, StoredColumn) for column in self.columns.values())

    def part(self, rows: slice) -> CustomerBase:
        """Return a base of the customers in a slice of positions."""
        if self.in_memory and rows.indices(len(self)) == (0, len(self), 1):
            return self
        columns = read_only({name: column[rows] for name, column in self.columns.items()})
        return evolve(self, ids=lambda: self.ids[rows], columns=columns, names=self._names_at(rows))

    def take(self, rows: Any) -> CustomerBase:
        """Return a base of some customers; rows: positions, whose order is kept, or a mask."""
        rows = row_index(rows, len(self))
        columns = {name: column[rows] for name, column in self.columns.items()}
        return evolve(self, ids=self.ids[rows], columns=columns, names=self._names_at(rows), unique_ids=False)

    def _names_at(self, rows: Any) -> Any:
        return None if self.given_names is None else taken(self.given_names, lambda: self.names, rows)

    def with_columns(self, **columns: Any) -> CustomerBase:
        """Return this base with input columns added or replaced."""
        return evolve(self, columns={**self.columns, **columns})

    @classmethod
    def from_customers(cls, customers: Iterable[Customer], **rest: Any) -> CustomerBase:
        """Return a base of these customers, NaN where a customer lacks a field; `rest` goes to the constructor."""
        records = parts_of(Customer, customers, "customers", FieldError)
        names = dict.fromkeys(name for record in records for name in record.values)
        columns = {name: [record[name] for record in records] for name in names}
        return cls(ids=[record.id for record in records], columns=columns, **rest)

    def join(self, other: CustomerBase) -> CustomerBase:
        """Return this base with the fields of `other` added by id, NaN where `other` doesn't have the customer.

        The customers and their order stay as they are. Customers that only `other` has are counted in `left_out`.

        Raises FieldError if both have the same field, or money in different currencies, or no id is in both.
        """
        check_joinable(self, base_or_hint(other, "join"))
        rows = positions(self.ids, other.ids)
        found = rows >= 0
        columns = {
            name: np.where(found, column[rows], np.nan) if len(other) else np.full(len(self), np.nan)
            for name, column in other.columns.items()
        }
        stray = len(other) - int(np.count_nonzero(found))
        examples = other.labels(np.flatnonzero(positions(other.ids, self.ids) < 0)[:5]) if stray else []
        notes = match_of(self.ids, other.ids, rows).checked_notes() if stray else []
        return self.joined(other, columns, stray, examples, notes)

    def joined(
        self,
        other: CustomerBase,
        columns: Mapping[str, Any],
        stray: int,
        examples: Sequence[str],
        notes: Sequence[str] = (),
    ) -> CustomerBase:
        """Return this base with columns of `other` added; see `join`.

        columns: in the order of this base. stray: the number of customers that only `other` has. examples: the labels
        of the first few of them. notes: on ids that don't match.
        """
        return evolve(self, **joined(self, other, columns, stray, examples, notes))

    def __repr__(self) -> str:
        return f"<CustomerBase: {len(self):,} customers, {len(self.columns)} fields: {listed(self.columns)}>"


def base_or_hint(base: object, doing: str) -> CustomerBase:
    """Return `base` after checking that it is a CustomerBase; doing: the caller's name, for the error.

    Raises FieldError for any other type, with a hint how to make a base.
    """
    if not isinstance(base, CustomerBase):
        raise FieldError(
            f"{doing} takes a CustomerBase; received {type_with_article(base)}. Grade a data frame with "
            "grade(frame, scorer); make a base from files or frames with read_customers or read_orders."
        )
    return base
