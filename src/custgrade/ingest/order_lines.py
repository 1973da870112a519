"""Order lines as SQL: what each line gives, what is wrong with it, and what is known of a customer after grouping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from attrs import field, frozen
from attrs.converters import optional

from custgrade.data.field import Field
from custgrade.data.period import as_date, as_days
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, SourceError
from custgrade.ingest import values
from custgrade.ingest.bad_rows import Fault, Faults, check_on_bad_rows, outside_bounds, unreadable
from custgrade.ingest.mapping import CUSTOMER_ID, ORDER_COLUMNS, mapped_columns
from custgrade.ingest.source import Source

_ALWAYS_THERE = ("revenue", "profit", "cost")
"""Amounts that every line must have; others add nothing where they are empty."""


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


class OrderLines:
    """The lines of a source under a mapping of columns; everything it returns is SQL.

    Raises FieldError when the mapping makes no sense.
    """

    def __init__(
        self, source: Source, columns: Mapping[str, str] | None, options: OrderOptions, fields: Sequence[Field]
    ) -> None:
        self.source, self._options = source, options
        self.fields = known_fields(fields)
        self.columns = mapped_columns(source, columns, order_fields(fields), self.fields, (CUSTOMER_ID, "date"))
        self._check_combinations()
        self._combined = [
            name for name in self.columns if name in self.fields and self.fields[name].combine is not None
        ]
        self.day = self._date("date")

    def _check_combinations(self) -> None:
        mapped, margin = self.columns, self._options.assume_margin
        if "cost" in mapped and "profit" in mapped:
            raise FieldError("both `profit` and `cost` are mapped; map one of them")
        if "cost" in mapped and "revenue" not in mapped:
            raise FieldError("`cost` is mapped without `revenue`; profit is revenue − cost")
        if margin is not None and {"profit", "cost"} & set(mapped):
            raise FieldError("a margin is assumed although profits are known; drop --assume-margin")
        if margin is not None and "revenue" not in mapped:
            raise FieldError("a margin can only be assumed where `revenue` is mapped")
        if "paid_date" in mapped and "due_date" not in mapped:
            raise FieldError("`paid_date` is mapped without `due_date`")

    def _date(self, name: str) -> str:
        return values.date(self.columns[name], self._options.date_format)

    def faults(self, as_of: dt.date | None) -> Faults:
        """What can be wrong with a line, later than `as_of` included."""
        identity = values.text(self.columns[CUSTOMER_ID])
        faults = [
            Fault(f"({identity}) IS NULL OR trim({identity}) = ''", "without a customer id", bad=False),
            unreadable(self.columns["date"], self.day, "date", needed=True),
        ]
        for name in self._combined + [name for name in ("cost",) if name in self.columns]:
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

    def table(self, faults: Faults, as_of: dt.date | None) -> str:
        """What to select lines from: id, day, fault, then what the lines give."""
        line = {"id": values.text(self.columns[CUSTOMER_ID]), "day": self.day, "fault": faults.code}
        line |= {name: self._value(name) for name in self._combined}
        line |= {name: values.text(self.columns[name]) for name in ("order_id", "category") if name in self.columns}
        if "cost" in self.columns:
            line["profit"] = f"{self._value('revenue')} - {self._value('cost')}"
        if "due_date" in self.columns:
            line["late"] = self._days_late(as_of)
        return f"(SELECT {', '.join(f'{sql} AS {name}' for name, sql in line.items())} FROM {self.source.table})"

    def aggregates(self, inside: str) -> dict[str, str]:
        """What is known of a customer after grouping lines, those inside the period."""
        sums = [name for name in self._combined if self.fields[name].combine == "sum"]
        sums += ["profit"] if "cost" in self.columns else []
        result = {name: f"sum({name}) FILTER (WHERE {inside})" for name in sums}
        for name in self._combined:
            if self.fields[name].combine == "mean":
                # the sum of ratings is exact in decimals, so their mean doesn't depend on the order of lines
                exact = f"CAST({name} AS {values.MONEY})"
                where = f"WHERE {inside} AND {name} IS NOT NULL"
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

    def _days_late(self, as_of: dt.date | None) -> str:
        """Days past due of a line's invoice: early = 0, unpaid or paid later counted to the as-of date."""
        end = f"DATE '{as_of or dt.date.max}'"
        paid = f"coalesce(least({self._date('paid_date')}, {end}), {end})" if "paid_date" in self.columns else end
        return f"greatest(date_diff('day', {self._date('due_date')}, {paid}), 0)"

    def invoices(self, table: str, inside: str) -> str:
        """The query for the mean days late per customer; the lines of one order are one invoice."""
        of_period = f"FROM {table} WHERE fault = 0 AND {inside} AND late IS NOT NULL"
        per_invoice = f"SELECT id, late {of_period}"
        if "order_id" in self.columns:
            per_invoice = f"SELECT id, max(late) AS late {of_period} AND order_id IS NOT NULL GROUP BY id, order_id"
        return f"SELECT id, CAST(sum(late) AS DOUBLE) / count(*) AS days_late FROM ({per_invoice}) GROUP BY id"

    def measures(self) -> list[str]:
        """The fields that these lines give, in the order of the standard ones."""
        measures = [*self._combined, "orders", "recency", "tenure"]
        if "cost" in self.columns:
            measures.insert(1, "profit")
        for name, needs in (("days_late", "due_date"), ("product_mix", "category"), ("returns", "revenue")):
            if needs in self.columns:
                measures.append(name)
        return [name for name in self.fields if name in measures]
