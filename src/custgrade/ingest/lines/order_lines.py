"""The SQL for order lines: readings and faults of each line, and the aggregates of each customer."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from custgrade.data.field import Combine, Field
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError
from custgrade.ingest.cells import date_values, values
from custgrade.ingest.cells.column_reading import ColumnReading, Expected, Fault
from custgrade.ingest.cells.typed_text import typed_columns
from custgrade.ingest.cells.written_columns import Kind, kind_of, written_columns
from custgrade.ingest.engine import engine_errors, one_row
from custgrade.ingest.ids.aliases import aliases_note, aliases_of, with_aliases
from custgrade.ingest.ids.changed_ids import mended_ids
from custgrade.ingest.lines.fast_conditions import ALWAYS_THERE, TEXTS, quickened
from custgrade.ingest.lines.fractions import without_shares
from custgrade.ingest.lines.line_amounts import TOO_MUCH, LineAmounts
from custgrade.ingest.lines.line_columns import AMOUNT_PARTS, amount_columns, price_alone
from custgrade.ingest.mapping import (
    CUSTOMER_ID,
    NOTHING_NEEDED,
    ORDER_COLUMNS,
    Needed,
    mapped_columns,
    not_read,
    with_missing,
)
from custgrade.ingest.read_options import OrderOptions
from custgrade.ingest.rows.bad_rows import WITHOUT_ID, CheckedRows
from custgrade.ingest.rows.currencies import CURRENCY, currency_column, money_unit
from custgrade.ingest.rows.filters import row_filters
from custgrade.ingest.rows.status_notes import status_notes
from custgrade.ingest.rows.total_words import TOTALS
from custgrade.ingest.source import Source, SourceColumn

ONCE = "once"
"""The column of lines that is true on one line of each order, where amounts of orders count once."""
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
        needed: Needed = NOTHING_NEEDED,
    ) -> None:
        self.source, self._options, self._given = source, options, columns or {}
        self.fields = known_fields(fields)
        found = mapped_columns(source, columns, order_fields(fields), self.fields, (CUSTOMER_ID, "date"), needed)
        found, self.notes = amount_columns(with_missing(found, options.missing), columns)
        self.written = written_columns(source, found, self._kinds(found), options)
        self.columns, self.set_aside = without_shares(source, self.written.columns, columns)
        self.notes += price_alone(source, self.columns)
        self.filters = row_filters(source, options, self.columns.get("order_id"))
        currency = currency_column(source, self.columns.pop(CURRENCY, None), columns)
        self.unit = money_unit(source, currency, options, self._counted(), "order lines")
        if currency is not None and not self.unit.rate:
            self.written.refuse_other_currency(source, self.unit.label, currency.name)
        self.notes += [*self.written.notes, *self.unit.notes, *status_notes(source, self.filters)]
        share = self.columns.get("line_discount_share")
        per_cent = share is not None and self._is_per_cent(share)
        self.amounts = LineAmounts(
            frozenset(self.columns), options.cost_sign, per_cent, "v_rate" if self.unit.rate else ""
        )
        self._check_combinations()
        self.combined = [name for name in self.columns if name in self.how]
        self.id_notes: list[str] = []
        if "order_id" in self.columns:
            self.columns["order_id"], self.id_notes = mended_ids(source, self.columns["order_id"], "order_id")
        self._opened, self._identity = source, self.columns[CUSTOMER_ID]
        self._aliases = {} if options.aliases is None else aliases_of(options.aliases)
        self._totals: ColumnReading | None = None
        self._read_ids(self._identity)

    def _read_ids(self, column: SourceColumn) -> None:
        """Read customer ids from a column, and replace old ids by new ones."""
        if self._aliases:
            self.source, column = with_aliases(self._opened, column, self._aliases)
        self.columns[CUSTOMER_ID] = column
        self._readings = self._read()

    def mend_ids(self, table: str) -> bool:
        """Return whether customer ids were changed on export; from then on they are read as they were before.

        table: a table whose column `id` holds all of them.

        Raises SourceError for ids that were rounded.
        """
        column, notes = mended_ids(self._opened, self._identity, CUSTOMER_ID, table, self._aliases)
        if notes:
            self._read_ids(column)
        self.id_notes += notes
        if self._aliases:
            self.id_notes.append(aliases_note(self._opened, column, self._aliases))
        return bool(notes)

    def _read(self) -> dict[str, ColumnReading]:
        dates = [name for name in ("date", "due_date", "paid_date") if name in self.columns]
        read = {name: values.given_text(self.columns[name]) for name in TEXTS if name in self.columns}
        read |= {name: date_values.date(self.columns[name]) for name in dates}
        for name in (*self.combined, *(name for name in ("cost", *AMOUNT_PARTS) if name in self.columns)):
            how = values.money if name in self._exact else values.number
            read[name] = (values.share if name == "line_discount_share" else how)(self.columns[name])
        return {name: ColumnReading(name, self.columns[name], sql) for name, sql in read.items()}

    @property
    def _exact(self) -> frozenset[str]:
        """The fields whose values are summed exactly."""
        return frozenset(name for name in self.columns if self.how.get(name, "sum") == "sum")

    def typed(self) -> OrderLines | None:
        """Return the same lines, with plainly written text read as numbers and dates by the engine; None without any.

        Lines that the engine can't read are rejected, and others may be read otherwise, unless they are sound.
        """
        found = typed_columns(self.source, self.columns, self._kinds(self.columns), self._exact)
        if found is None or self.filters.columns or self.unit.column is not None:
            return None
        other = copy.copy(self)
        other.source, other.columns = found
        other._readings = other._read()
        return other

    def leave_out_totals(self, totals: ColumnReading) -> None:
        """Leave out the lines for which a reading is true: they are rows of totals."""
        self._totals = totals

    def _counted(self) -> str:
        """Return the SQL condition of the lines whose currencies count, over the source's columns."""
        day = date_values.date(self.columns["date"])
        bounds = {"<=": self._options.as_of, ">=": self._options.since}
        limits = [f"{day} {sign} DATE '{bound}'" for sign, bound in bounds.items() if bound is not None]
        return " AND ".join([self.filters.kept, values.present(self.columns[CUSTOMER_ID]), *limits])

    def _is_per_cent(self, share: SourceColumn) -> bool:
        """Return whether a column of shares has values above 1, which aren't fractions; a note says so."""
        query = f"SELECT max({values.share(share)}) FROM {self.source.table} WHERE {self.filters.kept}"
        with engine_errors(f"{self.source.label} can't be read"):
            (most,) = one_row(self.source.connection, query)
        self.source.rejected()
        if most is None or most <= 1:
            return False
        self.notes.append(f"{share.name!r} is in per cent, because it holds shares above 1")
        return True

    @property
    def how(self) -> dict[str, Combine]:
        """The ways to combine lines, "sum" or "mean", by field."""
        return {name: item.combine for name, item in self.fields.items() if item.combine is not None}

    def _kinds(self, names: Iterable[str]) -> dict[str, Kind]:
        kinds: dict[str, Kind] = {name: "date" for name in names if name.endswith("date")}
        kinds |= {name: "amount" for name in names if name in ("cost", *AMOUNT_PARTS)}
        kinds |= {name: "number" for name in names if name in ("quantity", "line_discount_share")}
        return kinds | {name: kind_of(self.fields[name]) for name in names if name in self.how}

    def _check_combinations(self) -> None:
        mapped = self.columns
        self.amounts.check(mapped, self._options.assume_margin)
        for one, other in (("due_date", "paid_date"), ("paid_date", "due_date")):
            if one in mapped and other not in mapped:
                raise FieldError(
                    f"`{one}` is mapped without `{other}`; days_late needs both: map `{other}` too, or drop `{one}`.",
                    not_read(one),
                )

    def rows(self, as_of: dt.date | None) -> CheckedRows:
        """Return the lines with their readings and faults; lines dated after `as_of` have a fault too."""
        faults = [] if self._totals is None else [Fault(f"v_{self._totals.name}", TOTALS, bad=False)]
        faults += [*self.filters.faults, Fault(f"v_{CUSTOMER_ID} IS NULL", WITHOUT_ID, bad=False)]
        optional = list[Fault]()
        for name, reading in self._readings.items():
            if name in TEXTS:
                continue
            if name.endswith("date"):
                unread = reading.unreadable(name, needed=name == "date", expects="date")
                (faults if name == "date" else optional).append(unread)
            else:
                averaged = self.how.get(name) == "mean"
                kind = "a number" if averaged else "an amount below a trillion"
                expects: Expected = "number" if averaged else "amount"
                unread = reading.unreadable(f"{name}, {kind}", name in ALWAYS_THERE, expects)
                (faults if name in ALWAYS_THERE else optional).append(unread)
                if name == "line_discount_share":
                    most = 100 if self.amounts.per_cent else 1
                    faults.append(reading.outside(Field(name, "ratio", low=0, high=most)))
                # returns make amounts of money negative, but hours and counts have bounds
                if name in self.fields and self.fields[name].unit != "money":
                    faults.append(reading.outside(self.fields[name]))
        for name in self.amounts.multiplied:
            much = f"abs({self.amounts.given(name)}) >= {TOO_MUCH}"
            faults.append(Fault(much, f"{name} of a trillion or more", self._readings["quantity"]))
        if as_of is not None:
            faults.append(Fault(f"v_date > DATE '{as_of}'", f"dated after the as-of date {as_of}", bad=False))
        readings = quickened(self._readings, self.fields, self.amounts.per_cent, as_of)
        readings += [*self.filters.readings, *([] if self._totals is None else [self._totals])]
        if self.unit.rate and self.unit.column is not None:
            readings.append(ColumnReading("rate", self.unit.column, self.unit.rate, sound="true"))
        return CheckedRows(self.source, readings, faults, optional)

    def settled(self, name: str) -> bool:
        """Return whether the mapping of a field is given, even if the field isn't read."""
        return name in self._given

    @property
    def money(self) -> frozenset[str]:
        """The columns of lines whose amounts are summed."""
        summed = {name for name in self.combined if self.how[name] == "sum" and self.fields[name].unit == "money"}
        return frozenset({*summed, *({"cost"} & set(self.columns))})

    @property
    def order_total(self) -> bool | None:
        """Whether amounts are those of the order, which count once; None where that isn't given."""
        return self._options.order_total

    @property
    def cost_sign(self) -> str | None:
        """The given sign of costs, None where none is given."""
        return self._options.cost_sign

    @property
    def read(self) -> dict[str, SourceColumn]:
        """The columns that are read, by field, with that of currencies."""
        return self.columns if self.unit.column is None else {**self.columns, CURRENCY: self.unit.column}

    @property
    def wide(self) -> frozenset[str]:
        """The fields whose sums have more than six decimals."""
        money = {"revenue", "profit", "returns"} if self.unit.rate or self.amounts.multiplied else set()
        return frozenset(money | (self.money if self.unit.rate else frozenset()))

    def as_double(self, name: str) -> str:
        """Return SQL of a customer's amount as DOUBLE, rounded once; DuckDB's cast of wide decimals rounds twice."""
        return f"CAST(CAST(f_{name} AS VARCHAR) AS DOUBLE)"

    @property
    def assumed_profit(self) -> str:
        """The SQL of a customer's assumed profit, an empty text where no margin is assumed."""
        margin = self._options.assume_margin
        return "" if margin is None else f"{self.as_double('revenue')} * CAST('{float(margin)!r}' AS DOUBLE)"
