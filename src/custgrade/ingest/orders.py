"""Order lines become customers: aggregated by the engine, money summed exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.data.names import LazyNames
from custgrade.data.period import Period
from custgrade.errors import FieldError, SourceError, counted
from custgrade.ingest.bad_rows import Fault, rejected_lines
from custgrade.ingest.bad_rows_report import BadRowsReport
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.loaded import Loaded, TextLoader, closed_on_errors, float_columns, without_engine
from custgrade.ingest.mapping import CUSTOMER_ID, described, not_read, unmapped
from custgrade.ingest.names import NAME, lazy_names, name_source
from custgrade.ingest.opening import open_source
from custgrade.ingest.order_lines import ALL, PER_ORDER, WITHOUT_ORDER, OrderLines, OrderOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.values import given_text

if TYPE_CHECKING:
    import duckdb

_BEFORE = "before the period, which starts on {}"


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
    name_column: str | None = None,
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
    name_column: the column that holds customers' names; by default `customer_name` or `name`, in capitals or not; an
    empty text reads names from no column. A customer is called as on the newest line that has a name; of several on
    that day, the last in the order of texts.

    Money is summed exactly and rounded to float64 once, so the order of lines never matters.

    Raises SourceError, BadRowsError or FieldError.
    """
    options = OrderOptions(as_of, since, window, currency, date_format, assume_margin, on_bad_rows)
    opened = open_source(source, delimiter)
    with closed_on_errors(opened):
        return without_engine(load_orders(order_rows(opened, columns, options, fields, name_column)))


@frozen(eq=False)
class OrderRows:
    """Order lines, not yet read.

    lines: what each of them gives. options: how they are read. head: the base of their customers, without customers
    yet; its period stands for the one that isn't known yet. name: the column of their names. report: where rows that
    are left out or refused are told.
    """

    lines: OrderLines
    options: OrderOptions
    head: CustomerBase
    name: SourceColumn | None = None
    report: BadRowsReport | None = None
    own = (CUSTOMER_ID,)
    own_fields = ()

    @property
    def source(self) -> Source:
        """Where they come from."""
        return self.lines.source

    def names(self, as_of: dt.date, clean: bool, customers: str) -> LazyNames | None:
        """The names on each customer's newest line up to a day.

        clean: whether no line has a fault. customers: the table of customers, ascending by id.
        """
        if self.name is None:
            return None
        rows, told = self.lines.rows(as_of), [f"{given_text(self.name)} AS told"]
        table = rows.unchecked(told) if clean else f"(SELECT * FROM {rows.table(told)} WHERE fault = 0)"

        def named(whose: str) -> str:
            newest = "max(struct_pack(on_day := v_date, told := told)).told"
            known = f"told IS NOT NULL AND {whose}"
            return f"SELECT v_{CUSTOMER_ID} AS id, {newest} AS name FROM {table} WHERE {known} GROUP BY v_{CUSTOMER_ID}"

        return lazy_names(self.source, named, f"SELECT id, row_number() OVER (ORDER BY id) AS place FROM {customers}")


def order_rows(
    source: Source,
    columns: Mapping[str, str] | None,
    options: OrderOptions,
    fields: Sequence[Field] = (),
    name_column: str | None = None,
) -> OrderRows:
    """Return the lines of a source; see `read_orders`."""
    lines = OrderLines(source, columns, options, fields)
    name = name_source(source, name_column, lines.columns.values())
    read = {**lines.columns, **({} if name is None else {NAME: name})}
    notes = [described(source, read)]
    if options.assume_margin is not None:
        notes.append(f"profit is assumed to be {options.assume_margin:.4g} of revenue")
    measures = lines.measures()
    head = CustomerBase(
        ids=(),
        columns=dict.fromkeys(measures, ()),
        period=Period(dt.date.max, dt.date.max, dt.date.max),
        currency=options.currency,
        notes=notes,
        unmapped=unmapped(source, lines.columns),
        extra_fields=[field for field in fields if field.name in measures or field.derived],
    )
    return OrderRows(lines, options, head, name)


def load_orders(
    rows: OrderRows,
    names: Sequence[str] | None = None,
    fetch: Callable[[duckdb.DuckDBPyConnection, str, Mapping[str, str]], Mapping[str, Any]] = float_columns,
) -> Loaded:
    """Read order lines; see `read_orders`.

    names: the fields to fetch, all by default. fetch: how columns of a table are fetched.
    """
    lines, options, source = rows.lines, rows.options, rows.source
    as_of = options.as_of
    if as_of is None and options.window:
        as_of = _newest(lines)
    start = options.since
    if options.window is not None and as_of is not None:
        if options.window > as_of.toordinal():
            raise SourceError(f"a window of {options.window} days before {as_of} begins before the calendar does")
        start = as_of - dt.timedelta(days=options.window - 1)
    left_out, clean = _group(rows, as_of, start)
    first, last = _one_row(source, "SELECT min(first), max(last) FROM grouped WHERE fault = 0")
    if last is None:
        why = "; ".join(map(str, left_out)) or "it holds no lines below its header"
        raise SourceError(f"{source.label} has no usable order lines: {why}")
    read = lines.rows(as_of)
    table = read.unchecked() if clean else f"(SELECT * FROM {read.table()} WHERE fault = 0)"
    as_of = as_of or last
    if start is not None and start > as_of:
        raise SourceError(f"the period would start on {start}, after the as-of date {as_of}")
    period = Period(as_of, start or first, as_of)
    before, notes = _make_customers(lines, table, period, start)
    left_out += before
    wanted = rows.head.columns if names is None else names
    fields = {name: f"f_{name}" for name in wanted}
    base = evolve(
        rows.head,
        ids=TextLoader(source.connection, "SELECT id FROM customers"),
        columns=fetch(source.connection, "customers", fields),
        period=period,
        notes=(*rows.head.notes, *notes),
        left_out=left_out,
        unique_ids=True,
        names=rows.names(as_of, clean, "customers"),
    )
    return Loaded(base, source.connection, "customers", {CUSTOMER_ID: "id"}, identity="id", fields=fields)


def _one_row(source: Source, query: str) -> tuple[Any, ...]:
    (row,) = source.connection.execute(query).fetchall()
    return tuple(row)


def _newest(lines: OrderLines) -> dt.date | None:
    """The newest date on a usable line."""
    query = f"SELECT max(v_date) FROM {lines.rows(None).table()} WHERE fault = 0"
    with engine_errors(f"{lines.source.label} can't be read"):
        (newest,) = _one_row(lines.source, query)
    lines.source.rejected()
    return newest if isinstance(newest, dt.date) else None


def _inside(start: dt.date | None) -> str:
    """The condition that lines of the period meet."""
    return ALL if start is None else f"v_date >= DATE '{start}'"


def _group(order_rows: OrderRows, as_of: dt.date | None, start: dt.date | None) -> tuple[list[LeftOut], bool]:
    """Make the table `grouped`: one row per customer with fault 0, and one per fault for what is left out.

    Columns that hold fields are called `f_<field>`. Return what is left out, and whether no line has a fault.
    """
    lines, skip = order_rows.lines, order_rows.options.on_bad_rows == "skip"
    source, rows, inside = lines.source, lines.rows(as_of), _inside(start)
    aggregates = "".join(f", {sql} AS f_{name}" for name, sql in lines.aggregates(inside).items())
    if "discount" in lines.columns:
        aggregates += ", min(v_discount) AS least_discount, max(v_discount) AS most_discount"
    in_period = "count(*)" if start is None else f"count(*) FILTER (WHERE {inside})"
    totals = f"count(*) AS lines, min(v_date) AS first, max(v_date) AS last, {in_period} AS period_lines{aggregates}"
    begin = "CREATE OR REPLACE TEMP TABLE grouped AS SELECT"
    with engine_errors(f"{source.label} can't be read"):
        sound = False
        if rows.quickly_checked:
            # most files have no fault at all, and then it takes less time to see just that
            source.connection.execute(
                f"{begin} 0 AS fault, v_{CUSTOMER_ID} AS id, {totals}, bool_and(coalesce(sound, false)) AS sound "
                f"FROM {rows.unchecked()} GROUP BY v_{CUSTOMER_ID}"
            )
            (sound,) = _one_row(source, "SELECT bool_and(sound) FROM grouped")
        if not sound:
            of_whom = f"CASE WHEN fault = 0 THEN v_{CUSTOMER_ID} END"
            source.connection.execute(
                f"{begin} fault, {of_whom} AS id, {totals} FROM {rows.table()} GROUP BY fault, {of_whom}"
            )
    rejected = source.rejected()
    query = "SELECT fault, sum(lines)::BIGINT, sum(lines - period_lines)::BIGINT FROM grouped GROUP BY fault"
    counts = {int(fault): (int(n), int(before)) for fault, n, before in source.connection.execute(query).fetchall()}
    faulty = any(counts)
    if order_rows.report is not None:
        told = faulty or (0 in counts and counts[0][1] > 0)
        order_rows.report.add(source, rejected, rows.with_fault(_before_period(start)) if told else None)
    left_out = rejected_lines(source, rejected, skip)
    left_out += rows.left_out({fault: n for fault, (n, _) in counts.items()}, skip, "order lines")
    if "discount" in lines.columns:
        _refuse_fraction(lines)
    return left_out, not faulty


def _before_period(start: dt.date | None) -> Fault | None:
    """What is wrong with lines before the period, which count for `tenure` only."""
    return None if start is None else Fault(f"v_date < DATE '{start}'", _BEFORE.format(start), bad=False)


def _refuse_fraction(lines: OrderLines) -> None:
    query = "SELECT min(least_discount), max(most_discount) FROM grouped WHERE fault = 0"
    low, high = _one_row(lines.source, query)
    if high is not None and low >= 0 and 0 < high <= 1:
        column = lines.columns["discount"].name
        raise FieldError(
            f"column {column!r} lies between {low.normalize():f} and {high.normalize():f}, so it is a fraction, "
            "but `discount` is money: map a column of amounts, or read it from none.",
            not_read("discount"),
        )


def _make_customers(
    lines: OrderLines, table: str, period: Period, start: dt.date | None
) -> tuple[list[LeftOut], list[str]]:
    """Make the table `customers`, ascending by id; return what the start of the period leaves out, and notes.

    table: the readings of usable lines.
    """
    source, end = lines.source, f"DATE '{period.as_of}'"
    joined, blank, counted_once = "grouped", 0, lines.counted_once(table, _inside(start), period.as_of)
    with engine_errors(f"{source.label} can't be read"):
        for name, query in counted_once.items():
            if name == WITHOUT_ORDER and not _one_row(source, f"SELECT bool_or(blank > 0) FROM {PER_ORDER}")[0]:
                continue
            source.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
            joined += f" LEFT JOIN {name} USING (id)"
            if name == WITHOUT_ORDER:
                (blank,) = _one_row(source, f"SELECT sum(orders)::BIGINT FROM {name}")
    source.rejected()
    computed = {"recency": f"date_diff('day', last, {end})", "tenure": f"date_diff('day', first, {end})"}
    computed |= {name: f"coalesce(f_{name}, 0)" for name in ("orders", "product_mix")}
    computed |= lines.per_order(blank > 0)
    if lines.assumed_profit:
        computed["profit"] = lines.assumed_profit
    items = ", ".join(f"{computed.get(name, f'f_{name}')} AS f_{name}" for name in lines.measures())
    source.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE customers AS SELECT id, {items} FROM {joined} "
        "WHERE fault = 0 AND period_lines > 0 ORDER BY id"
    )
    for name in counted_once:
        source.connection.execute(f"DROP TABLE IF EXISTS {name}")
    left_out = [] if start is None else _before(source, start, period.as_of)
    source.connection.execute("DROP TABLE grouped")
    return left_out, [_blank_note(blank)] if blank else []


def _blank_note(lines: int) -> str:
    have, each = ("has", "it counts") if lines == 1 else ("have", "each counts")
    return f"{counted(lines, 'order lines')} {have} no order id; {each} as an order of its own"


def _before(source: Source, start: dt.date, end: dt.date) -> list[LeftOut]:
    """What the start of the period leaves out.

    Raises SourceError when nobody is left.
    """
    before, gone, left = _one_row(
        source,
        "SELECT sum(lines - period_lines)::BIGINT, count(*) FILTER (WHERE period_lines = 0), count(*) "
        "FROM grouped WHERE fault = 0",
    )
    if gone == left:
        raise SourceError(f"{source.label} has no order lines from {start} to {end}")
    left_out = []
    if before:
        left_out.append(LeftOut(_BEFORE.format(start), int(before), "order lines"))
    if gone:
        left_out.append(LeftOut(f"with no order since {start}", int(gone), "customers"))
    return left_out
