"""The SQL for order lines: readings and faults of each line, and the aggregates of each customer."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from attrs import evolve

from custgrade.data.field import Combine, Field
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, Hint
from custgrade.ingest import values
from custgrade.ingest.aliases import aliases_note, aliases_of, with_aliases
from custgrade.ingest.bad_rows import CheckedRows
from custgrade.ingest.column_reading import ColumnReading, Expected, Fault
from custgrade.ingest.fractions import without_shares
from custgrade.ingest.ids import mended_ids
from custgrade.ingest.mapping import CUSTOMER_ID, ORDER_COLUMNS, mapped_columns, not_read, with_missing
from custgrade.ingest.read_options import OrderOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.written_columns import Kind, kind_of, written_columns

_ALWAYS_THERE = ("revenue", "profit", "cost")
"""Amounts that every line must have; empty cells of other amounts add nothing."""
_COUNTED_ONCE = {"days_late": "due_date", "product_mix": "category"}
PER_ORDER, WITHOUT_ORDER = "per_order", "without_order"
"""The tables of totals per order: for lines with an order id, and for lines without one."""
ALL = "true"
"""The SQL condition that all lines meet."""


def order_fields(extra: Sequence[Field] = ()) -> tuple[str, ...]:
    """Return the names that columns of order lines can be mapped to."""
    return (*ORDER_COLUMNS, *(name for name, f in known_fields(extra).items() if f.combine is not None))


class OrderLines:
    """The order lines of a source with a mapping of columns; methods return SQL.

    Raises FieldError for a mapping that `mapped_columns` refuses, and for columns that need or exclude each other.
    """

    def __init__(
        self,
        source: Source,
        columns: Mapping[str, str] | None,
        options: OrderOptions,
        fields: Sequence[Field],
        needed: Sequence[str] = (),
    ) -> None:
        self.source = self._given = source
        self._options = options
        self.fields = known_fields(fields)
        mapped = mapped_columns(source, columns, order_fields(fields), self.fields, (CUSTOMER_ID, "date"), needed)
        self.columns = with_missing(mapped, options.missing)
        self._check_combinations()
        self._combined = [name for name in self.columns if name in self._how]
        self.written = written_columns(source, self.columns, self._kinds, options)
        self.columns, self.set_aside = without_shares(source, self.written.columns, columns)
        self._combined = [name for name in self._combined if name in self.columns]
        dates = [name for name in ("date", "due_date", "paid_date") if name in self.columns]
        texts = [name for name in (CUSTOMER_ID, "order_id", "category") if name in self.columns]
        read = {name: values.given_text(self.columns[name]) for name in texts}
        read |= {name: values.date(self.columns[name]) for name in dates}
        for name in (*self._combined, *(name for name in ("cost",) if name in self.columns)):
            exact = self._how.get(name, "sum") == "sum"
            read[name] = values.money(self.columns[name]) if exact else values.number(self.columns[name])
        self._readings = {name: ColumnReading(name, self.columns[name], sql) for name, sql in read.items()}
        self.id_notes: list[str] = []
        self._aliases = {} if options.aliases is None else aliases_of(options.aliases)
        self._identity = self.columns[CUSTOMER_ID]
        self._read_ids(self._identity)
        if "order_id" in self.columns:
            column, self.id_notes = mended_ids(source, self.columns["order_id"], "order_id")
            self._readings["order_id"] = ColumnReading("order_id", column, values.given_text(column))

    def _read_ids(self, column: SourceColumn) -> None:
        """Read customer ids from a column, and replace old ids by new ones."""
        if self._aliases:
            self.source, column = with_aliases(self._given, column, self._aliases)
        self.columns[CUSTOMER_ID] = column
        self._readings[CUSTOMER_ID] = ColumnReading(CUSTOMER_ID, column, values.given_text(column))

    def mend_ids(self, table: str) -> bool:
        """Return whether customer ids were changed on export; from then on they are read as they were before.

        table: a table whose column `id` holds all of them.

        Raises SourceError for ids that were rounded.
        """
        column, notes = mended_ids(self._given, self._identity, CUSTOMER_ID, table, self._aliases)
        if notes:
            self._read_ids(column)
        self.id_notes += notes
        if self._aliases:
            self.id_notes.append(aliases_note(self._given, column, self._aliases))
        return bool(notes)

    @property
    def _how(self) -> dict[str, Combine]:
        """The ways to combine lines, "sum" or "mean", by field."""
        return {name: item.combine for name, item in self.fields.items() if item.combine is not None}

    @property
    def _kinds(self) -> dict[str, Kind]:
        kinds = {name: kind_of(self.fields[name]) for name in self._combined}
        kinds |= {name: "date" for name in self.columns if name.endswith("date")}
        return kinds | ({"cost": "amount"} if "cost" in self.columns else {})

    def _check_combinations(self) -> None:
        mapped, margin = self.columns, self._options.assume_margin
        if "cost" in mapped and "profit" in mapped:
            raise FieldError("both `profit` and `cost` are mapped; map one of them")
        if "cost" in mapped and "revenue" not in mapped:
            raise FieldError("`cost` is mapped without `revenue`; profit is revenue − cost: map `revenue` too")
        if margin is not None and {"profit", "cost"} & set(mapped):
            raise FieldError(
                f"a margin of {margin} is assumed, but the order lines hold profits or costs.",
                Hint("Leave out assume_margin.", "Leave out --assume-margin."),
            )
        if margin is not None and "revenue" not in mapped:
            raise FieldError(f"a margin of {margin} is assumed without `revenue`; map `revenue` too")
        for one, other in (("due_date", "paid_date"), ("paid_date", "due_date")):
            if one in mapped and other not in mapped:
                raise FieldError(
                    f"`{one}` is mapped without `{other}`; days_late needs both: map `{other}` too, or drop `{one}`.",
                    not_read(one),
                )

    def rows(self, as_of: dt.date | None) -> CheckedRows:
        """Return the lines with their readings and faults; lines dated after `as_of` have a fault too."""
        faults, optional = [Fault(f"v_{CUSTOMER_ID} IS NULL", "without a customer id", bad=False)], list[Fault]()
        for name, reading in self._readings.items():
            if name in (CUSTOMER_ID, "order_id", "category"):
                continue
            if name.endswith("date"):
                unread = reading.unreadable(name, needed=name == "date", expects="date")
                (faults if name == "date" else optional).append(unread)
            else:
                averaged = self._how.get(name) == "mean"
                kind = "a number" if averaged else "an amount below a trillion"
                expects: Expected = "number" if averaged else "amount"
                unread = reading.unreadable(f"{name}, {kind}", name in _ALWAYS_THERE, expects)
                (faults if name in _ALWAYS_THERE else optional).append(unread)
                # returns make amounts of money negative, but hours and counts have bounds
                if name in self.fields and self.fields[name].unit != "money":
                    faults.append(reading.outside(self.fields[name]))
        if as_of is not None:
            faults.append(Fault(f"v_date > DATE '{as_of}'", f"dated after the as-of date {as_of}", bad=False))
        readings = [
            evolve(one, sound=self._sound(name, one.column, as_of), plain=self._plain(name, one.column))
            for name, one in self._readings.items()
        ]
        return CheckedRows(self.source, readings, faults, optional)

    def _plain(self, name: str, column: SourceColumn) -> str:
        """Return SQL of the value of a sound cell, empty where it is the same as for any cell; see `ColumnReading`."""
        if name == CUSTOMER_ID:
            return column.sql if column.type == "VARCHAR" else ""
        if name.endswith("date"):
            return f"CAST({column.sql} AS DATE)" if values.sound_date(column, None) else ""
        return column.sql if values.is_exact(column) and self._how.get(name, "sum") == "sum" else ""

    def _sound(self, name: str, column: SourceColumn, as_of: dt.date | None) -> str:
        """Return SQL of a fast condition that only cells without a fault meet; see `ColumnReading.sound`."""
        if name in (CUSTOMER_ID, "order_id", "category"):
            return values.filled(column) if name == CUSTOMER_ID else "true"
        if name.endswith("date"):
            sound = values.sound_date(column, as_of if name == "date" else None)
        elif self._how.get(name) == "mean":
            sound = values.sound_number(column, self.fields[name].low, self.fields[name].high)
        else:
            is_money = name not in self.fields or self.fields[name].unit == "money"
            sound = values.sound_money(column, -math.inf if is_money else self.fields[name].low)
        needed = name == "date" or name in _ALWAYS_THERE
        return sound if needed or not sound else f"({column.sql} IS NULL OR {sound})"

    def aggregates(self, inside: str) -> dict[str, str]:
        """Return SQL of the aggregates over a customer's lines, by field.

        Values that are counted once per order or category are left out; see `counted_once`.

        inside: the SQL condition of lines in the period.
        """
        where = "" if inside == ALL else f"FILTER (WHERE {inside})"
        result = {}
        for name in self._combined:
            if self._how[name] == "sum":
                result[name] = f"sum(v_{name}) {where}"
            else:
                # summed in whole millionths and divided once, so that the order of lines doesn't change the mean
                known = f"FILTER (WHERE {inside} AND v_{name} IS NOT NULL)"
                total = f"CAST(sum({values.millionths_of(f'v_{name}')}) {known} AS DOUBLE)"
                result[name] = f"{total} / (1000000.0::DOUBLE * count(*) {known})"
        if "cost" in self.columns:
            result["profit"] = f"sum(v_revenue - v_cost) {where}"
        if "revenue" in self.columns:
            result["returns"] = f"-coalesce(sum(v_revenue) FILTER (WHERE {inside} AND v_revenue < 0), 0)"
        if "order_id" not in self.columns:
            result["orders"] = f"count(*) {where}"
        return result

    def counted_once(self, table: str, inside: str, as_of: dt.date) -> dict[str, str]:
        """Return queries for values that are counted once per order, invoice or category, by the name of their table.

        Days past due: 0 for an early payment; an invoice unpaid at `as_of` counts to that day. The lines of one order
        are one invoice. A line without an order id is an order of its own; the column `blank` of PER_ORDER is above 0
        for customers with such lines, and the table WITHOUT_ORDER is needed only then. `per_order` adds both up.

        table: the usable lines. inside: the SQL condition of lines in the period.
        """
        queries = {}
        end, of_period = f"DATE '{as_of}'", f"FROM {table} WHERE {inside}"
        days = f"greatest(date_diff('day', v_due_date, coalesce(least(v_paid_date, {end}), {end})), 0)"
        # an unread date of payment isn't an unpaid invoice; grouping is faster with short rows, so days take four bytes
        late = f"CASE WHEN v_due_date IS NOT NULL AND NOT unread_paid_date THEN CAST({days} AS INTEGER) END"
        mean = "CAST(sum(late) AS DOUBLE) / count(late) AS f_days_late"
        if "order_id" in self.columns:
            due = f", max({late}) AS late" if "due_date" in self.columns else ""
            per_order = f"SELECT v_{CUSTOMER_ID} AS id, v_order_id IS NULL AS blank{due} {of_period}"
            known = ", sum(late) FILTER (NOT blank) AS late, count(late) FILTER (NOT blank) AS invoices" if due else ""
            queries[PER_ORDER] = (
                f"SELECT id, count(*) FILTER (NOT blank) AS orders, count(*) FILTER (blank) AS blank{known} "
                f"FROM ({per_order} GROUP BY id, v_order_id) GROUP BY id"
            )
            # few files have lines without an order id, and grouping them takes time, so they have a query of their own
            own = f", sum({late}) AS late, count({late}) AS invoices" if due else ""
            queries[WITHOUT_ORDER] = (
                f"SELECT v_{CUSTOMER_ID} AS id, count(*) AS orders{own} {of_period} AND v_order_id IS NULL GROUP BY id"
            )
        elif "due_date" in self.columns:
            queries["invoices"] = (
                f"SELECT id, {mean} FROM (SELECT v_{CUSTOMER_ID} AS id, {late} AS late {of_period}) GROUP BY id"
            )
        if "category" in self.columns:
            queries["categories"] = (
                f"SELECT v_{CUSTOMER_ID} AS id, count(DISTINCT v_category) AS f_product_mix {of_period} GROUP BY id"
            )
        return queries

    def per_order(self, blank: bool) -> dict[str, str]:
        """Return SQL of the values that are counted once per order, by field, over the tables of `counted_once`.

        blank: whether there are lines without an order id.
        """
        if "order_id" not in self.columns:
            return {}

        def total(name: str) -> str:
            parts = [f"coalesce({table}.{name}, 0)" for table in (PER_ORDER, *[WITHOUT_ORDER] * blank)]
            return f"({' + '.join(parts)})"

        found = {"orders": total("orders")}
        if "due_date" in self.columns:
            found["days_late"] = f"CAST({total('late')} AS DOUBLE) / nullif({total('invoices')}, 0)"
        return found

    @property
    def assumed_profit(self) -> str:
        """The SQL of a customer's assumed profit, an empty text where no margin is assumed."""
        margin = self._options.assume_margin
        return "" if margin is None else f"CAST(f_revenue AS DOUBLE) * CAST('{float(margin)!r}' AS DOUBLE)"

    def measures(self) -> list[str]:
        """Return the fields that these lines yield, in the order of the standard fields."""
        given = {*self.aggregates(ALL), "recency", "tenure", "orders"}
        given |= {name for name, column in _COUNTED_ONCE.items() if column in self.columns}
        given |= {"profit"} if self.assumed_profit else set()
        return [name for name in self.fields if name in given]
