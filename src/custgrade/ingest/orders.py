"""Order lines become customers: aggregated by the engine, money summed exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen
from attrs.converters import optional

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.data.period import Period, as_date, as_days
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, SourceError
from custgrade.ingest import values
from custgrade.ingest.bad_rows import (
    Fault,
    Faults,
    check_on_bad_rows,
    outside_bounds,
    rejected_lines,
    unreadable,
)
from custgrade.ingest.engine import engine_error, identifier
from custgrade.ingest.loaded import Loaded, float_columns, text_loader
from custgrade.ingest.mapping import CUSTOMER_ID, ORDER_COLUMNS, described, mapped_columns, unmapped
from custgrade.ingest.source import Source, open_source

_ALWAYS_THERE = ("revenue", "profit", "cost")
"""Amounts that every line must have; others add nothing where they are empty."""


def read_orders(
    source: Any,
    columns: Mapping[str, str] | None = None,
    *,
    as_of: str | dt.date | None = None,
    since: str | dt.date | None = None,
    window: str | int | dt.timedelta | None = None,
    currency: str | None = None,
    delimiter: str | None = None,
    date_format: str | None = None,
    assume_margin: float | None = None,
    on_bad_rows: str = "stop",
    fields: Sequence[Field] = (),
) -> CustomerBase:
    """Return the customers behind order lines, ascending by id (by UTF-8 bytes).

    source: a CSV or Parquet path, a data frame, an object with an Arrow C stream, or a DuckDB relation.
    columns: column names by field. Besides `customer_id` and `date`, which are needed: `order_id`, `category`,
    `due_date`, `paid_date`, `cost` (profit is then revenue − cost), and every field that lines can hold. A field that
    isn't given is read from the column of its own name, unless it is given as an empty text.
    as_of: the day the base is seen from; the newest date in the data by default. Later lines are left out and counted.
    since, window: the first day of the period, or its length in days up to the as-of date. Lines before it only count
    for `tenure`.
    currency: what money is in, a label. delimiter, date_format: of text files; a blank delimiter is any run of blanks.
    assume_margin: profit as this share of revenue, where no profits are known.
    on_bad_rows: `stop` (the first few are shown) or `skip` (they are left out and counted).
    fields: definitions of further fields that lines may hold.

    Money is summed exactly and rounded to float64 once, so the order of lines never matters.

    Raises SourceError, BadRowsError or FieldError.
    """
    opened = open_source(source, delimiter)
    return load_orders(
        opened,
        columns,
        OrderOptions(as_of, since, window, currency, date_format, assume_margin, on_bad_rows),
        fields,
    ).base


@frozen
class OrderOptions:
    """How order lines are read; see `read_orders`."""

    as_of: dt.date | None = field(default=None, converter=optional(as_date))
    since: dt.date | None = field(default=None, converter=optional(as_date))
    window: int | None = field(default=None, converter=optional(as_days))
    currency: str | None = None
    date_format: str | None = None
    assume_margin: float | None = None
    on_bad_rows: str = field(default="stop", converter=check_on_bad_rows)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.window is not None:
            raise SourceError("give since or window, not both")
        if self.since is not None and self.as_of is not None and self.since > self.as_of:
            raise SourceError(f"since {self.since} is after the as-of date {self.as_of}")
        margin = self.assume_margin
        if margin is not None and (
            isinstance(margin, bool) or not isinstance(margin, (int, float)) or not -1 <= margin <= 1
        ):
            raise SourceError(f"assume_margin is a share of revenue such as 0.3; received {margin!r}")


def order_fields(extra: Sequence[Field] = ()) -> tuple[str, ...]:
    """The names that columns of order lines can be mapped to."""
    return (*ORDER_COLUMNS, *(name for name, f in known_fields(extra).items() if f.combine is not None))


def load_orders(
    source: Source, columns: Mapping[str, str] | None, options: OrderOptions, fields: Sequence[Field] = ()
) -> Loaded:
    """Read order lines; see `read_orders`."""
    return _Orders(source, columns, options, fields).load()


class _Orders:
    """One reading of order lines, step by step."""

    def __init__(
        self, source: Source, columns: Mapping[str, str] | None, options: OrderOptions, fields: Sequence[Field]
    ) -> None:
        self.source, self.options, self.extra = source, options, tuple(fields)
        self.connection = source.connection
        self.fields = known_fields(fields)
        self.columns = mapped_columns(source, columns, order_fields(fields), self.fields, (CUSTOMER_ID, "date"))
        self.skip = options.on_bad_rows == "skip"
        if "cost" in self.columns and "profit" in self.columns:
            raise FieldError("both `profit` and `cost` are mapped; map one of them")
        if "cost" in self.columns and "revenue" not in self.columns:
            raise FieldError("`cost` is mapped without `revenue`; profit is revenue − cost")
        if options.assume_margin is not None and {"profit", "cost"} & set(self.columns):
            raise FieldError("a margin is assumed although profits are known; drop --assume-margin")
        if options.assume_margin is not None and "revenue" not in self.columns:
            raise FieldError("a margin can only be assumed where `revenue` is mapped")
        if "paid_date" in self.columns and "due_date" not in self.columns:
            raise FieldError("`paid_date` is mapped without `due_date`")
        self.combined = [name for name in self.columns if name in self.fields and self.fields[name].combine is not None]
        self.day = self._date("date")

    def _date(self, name: str) -> str:
        return values.date(self.columns[name], self.options.date_format)

    def load(self) -> Loaded:
        """Group the lines, and make customers of the groups."""
        as_of = self.options.as_of
        if as_of is None and (self.options.window or "due_date" in self.columns):
            as_of = self._newest()
        start = self.options.since
        if self.options.window is not None and as_of is not None:
            start = as_of - dt.timedelta(days=self.options.window - 1)
        left_out = self._group(as_of, start)
        first, last = self.connection.execute(
            "SELECT min(first), max(last) FROM grouped WHERE fault = 0"
        ).fetchone() or (
            None,
            None,
        )
        if last is None:
            why = "; ".join(map(str, left_out)) or "it holds no lines below its header"
            raise SourceError(f"{self.source.label} has no usable order lines: {why}")
        period = self._period(as_of or last, start, first)
        left_out += self._make_customers(period, start)
        names = {name: f'"{name}"' for name in self._measures()}
        arrays = float_columns(self.connection, "customers", names)
        notes = [described(self.source, self.columns)]
        if self.options.assume_margin is not None:
            arrays["profit"] = arrays["revenue"] * self.options.assume_margin
            notes.append(f"profit is assumed to be {self.options.assume_margin:.4g} of revenue")
        base = CustomerBase(
            ids=text_loader(self.connection, "SELECT id FROM customers"),
            columns=arrays,
            period=period,
            currency=self.options.currency,
            left_out=left_out,
            notes=notes,
            unmapped=unmapped(self.source, self.columns),
            extra_fields=[f for f in self.extra if f.name in arrays],
            unique_ids=True,
        )
        return Loaded(base, self.connection, "customers", {CUSTOMER_ID: "customers.id"})

    def _faults(self, as_of: dt.date | None) -> Faults:
        identity = values.text(self.columns[CUSTOMER_ID])
        faults = [
            Fault(f"({identity}) IS NULL OR trim({identity}) = ''", "without a customer id", bad=False),
            unreadable(self.columns["date"], self.day, "date", needed=True),
        ]
        for name in self.combined + [name for name in ("cost",) if name in self.columns]:
            column = self.columns[name]
            kind = f"{name}, an amount" if self._exact(name) else f"{name}, a number"
            faults.append(unreadable(column, self._value(name), kind, needed=name in _ALWAYS_THERE))
            definition = self.fields.get(name)
            if definition is not None and definition.combine == "mean":
                faults.append(outside_bounds(definition, column, self._value(name)))
        for name in ("due_date", "paid_date"):
            if name in self.columns:
                faults.append(unreadable(self.columns[name], self._date(name), name, needed=False))
        if as_of is not None:
            faults.append(Fault(f"{self.day} > DATE '{as_of}'", f"dated after the as-of date {as_of}", bad=False))
        return Faults(self.source, faults)

    def _value(self, name: str) -> str:
        column = self.columns[name]
        return values.money(column) if self._exact(name) else values.number(column)

    def _exact(self, name: str) -> bool:
        """Whether lines are summed exactly: everything but what is averaged."""
        return name not in self.fields or self.fields[name].combine == "sum"

    def _newest(self) -> dt.date:
        faults = self._faults(None)
        row = self.connection.execute(
            f"SELECT max(day) FROM (SELECT {self.day} AS day, {faults.code} AS fault FROM {self.source.table}) "
            "WHERE fault = 0"
        ).fetchone()
        self.source.rejected()
        if row is None or row[0] is None:
            self._group(None, None)
            raise SourceError(f"{self.source.label} has no usable order lines")
        newest: dt.date = row[0]
        return newest

    def _group(self, as_of: dt.date | None, start: dt.date | None) -> list[LeftOut]:
        """Make the table `grouped`: one row per customer with fault 0, and one per fault for what is left out."""
        faults = self._faults(as_of)
        line = {"id": values.text(self.columns[CUSTOMER_ID]), "day": self.day, "fault": faults.code}
        line |= {name: self._value(name) for name in self.combined}
        line |= {name: values.text(self.columns[name]) for name in ("order_id", "category") if name in self.columns}
        if "cost" in self.columns:
            line["profit"] = f"{self._value('revenue')} - {self._value('cost')}"
        if "due_date" in self.columns:
            assert as_of is not None
            line["late"] = self._days_late(as_of)
        selected = ", ".join(f'{sql} AS "{name}"' for name, sql in line.items())
        inside = "true" if start is None else f"day >= DATE '{start}'"
        aggregates = ", ".join(f'{sql} AS "{name}"' for name, sql in self._aggregates(inside).items())
        lines = f"(SELECT {selected} FROM {self.source.table})"
        try:
            self.connection.execute(
                "CREATE OR REPLACE TEMP TABLE grouped AS SELECT fault, CASE WHEN fault = 0 THEN id END AS id, "
                f"count(*) AS lines, min(day) AS first, max(day) AS last, "
                f"count(*) FILTER (WHERE {inside}) AS period_lines{', ' + aggregates if aggregates else ''} "
                f"FROM {lines} GROUP BY ALL"
            )
            if "due_date" in self.columns:
                self._group_invoices(lines, inside)
        except Exception as error:
            raise engine_error(f"{self.source.label} can't be read", error) from error
        left_out = rejected_lines(self.source, self.skip)
        counts = self.connection.execute("SELECT fault, sum(lines)::BIGINT FROM grouped GROUP BY fault").fetchall()
        left_out += faults.left_out({int(k): int(n) for k, n in counts}, self.skip, "order lines")
        if "discount" in self.combined:
            self._refuse_fraction()
        return left_out

    def _aggregates(self, inside: str) -> dict[str, str]:
        """What is known of a customer after grouping, as SQL over lines."""
        sums = [name for name in self.combined if self.fields[name].combine == "sum"]
        sums += ["profit"] if "cost" in self.columns else []
        result = {name: f'sum("{name}") FILTER (WHERE {inside})' for name in sums}
        for name in self.combined:
            if self.fields[name].combine == "mean":
                # the sum of ratings is exact in decimals, so their mean doesn't depend on the order of lines
                exact = f'CAST("{name}" AS {values.MONEY})'
                where = f'WHERE {inside} AND "{name}" IS NOT NULL'
                result[name] = f"CAST(sum({exact}) FILTER ({where}) AS DOUBLE) / count(*) FILTER ({where})"
        if "revenue" in self.columns:
            result["returns"] = f"-coalesce(sum(revenue) FILTER (WHERE {inside} AND revenue < 0), 0)"
        if "order_id" in self.columns:
            result["orders"] = f"count(DISTINCT order_id) FILTER (WHERE {inside})"
        if "category" in self.columns:
            result["product_mix"] = f"count(DISTINCT category) FILTER (WHERE {inside})"
        if "discount" in self.columns:
            result["discount_low"], result["discount_high"] = "min(discount)", "max(discount)"
        return result

    def _days_late(self, as_of: dt.date) -> str:
        """Days past due of a line's invoice: early = 0, unpaid or paid later counted to the as-of date."""
        end = f"DATE '{as_of}'"
        paid = f"coalesce(least({self._date('paid_date')}, {end}), {end})" if "paid_date" in self.columns else end
        return f"greatest(date_diff('day', {self._date('due_date')}, {paid}), 0)"

    def _group_invoices(self, lines: str, inside: str) -> None:
        """Make the table `invoices`: per customer the days late over invoices; lines of one order are one invoice."""
        per_invoice = f"SELECT id, late FROM {lines} WHERE fault = 0 AND {inside} AND late IS NOT NULL"
        if "order_id" in self.columns:
            per_invoice = (
                f"SELECT id, max(late) AS late FROM {lines} WHERE fault = 0 AND {inside} AND late IS NOT NULL "
                "AND order_id IS NOT NULL GROUP BY id, order_id"
            )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE invoices AS SELECT id, CAST(sum(late) AS DOUBLE) / count(*) AS days_late "
            f"FROM ({per_invoice}) GROUP BY id"
        )

    def _refuse_fraction(self) -> None:
        low, high = self.connection.execute(
            "SELECT min(discount_low), max(discount_high) FROM grouped WHERE fault = 0"
        ).fetchone() or (None, None)
        if high is not None and low >= 0 and 0 < high <= 1:
            column = self.columns["discount"].name
            raise FieldError(
                f"column {column!r} lies between {low.normalize():f} and {high.normalize():f}, so it is a fraction, "
                "but `discount` is money: map a column of amounts, or don't map it (--column discount=)"
            )

    def _measures(self) -> list[str]:
        measures = [*self.combined, "orders", "recency", "tenure"]
        if "cost" in self.columns:
            measures.insert(1, "profit")
        for name, needs in (("days_late", "due_date"), ("product_mix", "category"), ("returns", "revenue")):
            if needs in self.columns:
                measures.append(name)
        return [name for name in self.fields if name in measures]

    def _make_customers(self, period: Period, start: dt.date | None) -> list[LeftOut]:
        """Make the table `customers`, ascending by id; return whom the period leaves without lines."""
        end = f"DATE '{period.as_of}'"
        computed = {
            "orders": "orders" if "order_id" in self.columns else "period_lines",
            "recency": f"date_diff('day', last, {end})",
            "tenure": f"date_diff('day', first, {end})",
        }
        items = ", ".join(f'{computed.get(name) or identifier(name)} AS "{name}"' for name in self._measures())
        joined = "grouped LEFT JOIN invoices USING (id)" if "due_date" in self.columns else "grouped"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE customers AS SELECT id, {items} FROM {joined} "
            "WHERE fault = 0 AND period_lines > 0 ORDER BY id"
        )
        left_out = []
        if start is not None:
            before, gone, left = self.connection.execute(
                "SELECT sum(lines - period_lines)::BIGINT, count(*) FILTER (WHERE period_lines = 0), count(*) "
                "FROM grouped WHERE fault = 0"
            ).fetchone() or (0, 0, 0)
            if before:
                left_out.append(LeftOut(f"before the period, which starts on {start}", int(before), "order lines"))
            if gone:
                left_out.append(LeftOut(f"with no order since {start}", int(gone), "customers"))
            if gone == left:
                raise SourceError(f"{self.source.label} has no order lines from {start} to {period.as_of}")
        return left_out

    @staticmethod
    def _period(as_of: dt.date, start: dt.date | None, first: dt.date) -> Period:
        begin = first if start is None else start
        if begin > as_of:
            raise SourceError(f"the period would start on {begin}, after the as-of date {as_of}")
        return Period(as_of, begin, as_of)
