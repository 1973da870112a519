"""Customer files: one row per customer, read as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.errors import SourceError, counted
from custgrade.ingest import values
from custgrade.ingest.bad_rows import CheckedRows, Fault, Reading, check_on_bad_rows, rejected_lines
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.loaded import Loaded, float_columns, text_loader
from custgrade.ingest.mapping import CUSTOMER_ID, described, mapped_columns, unmapped
from custgrade.ingest.opening import open_source
from custgrade.ingest.source import Source


def read_customers(
    source: Any,
    columns: Mapping[str, str] | None = None,
    *,
    currency: str | None = None,
    delimiter: str | None = None,
    on_bad_rows: str = "stop",
    fields: Sequence[Field] = (),
) -> CustomerBase:
    """Return the customers of a source with one row for each, in its order.

    source: a CSV or Parquet path, a data frame, an object with an Arrow C stream, or a DuckDB relation.
    columns: column names by field; `customer_id` is needed. A field that isn't given is read from the column of its
    own name, unless it is given as an empty text. An empty cell is unknown.
    currency: what money is in, a label. delimiter: of text files; a blank is any run of blanks.
    on_bad_rows: `stop` (the first few are shown) or `skip` (they are left out and counted). A row is bad when a field
    holds no finite number, or one outside the field's bounds.
    fields: definitions of further fields.

    Raises SourceError, BadRowsError, FieldError; SourceError when an id occurs twice.
    """
    return load_customers(open_source(source, delimiter), columns, currency, on_bad_rows, fields).base


def customer_fields(extra: Sequence[Field] = ()) -> tuple[str, ...]:
    """The names that columns of a customer file can be mapped to."""
    return (CUSTOMER_ID, *(name for name, field in known_fields(extra).items() if not field.derived))


def load_customers(
    source: Source,
    columns: Mapping[str, str] | None,
    currency: str | None = None,
    on_bad_rows: str = "stop",
    fields: Sequence[Field] = (),
) -> Loaded:
    """Read a customer file; see `read_customers`."""
    skip = check_on_bad_rows(on_bad_rows) == "skip"
    known = known_fields(fields)
    mapped = mapped_columns(source, columns, customer_fields(fields), known, (CUSTOMER_ID,))
    identity = Reading(CUSTOMER_ID, mapped[CUSTOMER_ID], values.given_text(mapped[CUSTOMER_ID]))
    numbers = [Reading(name, column, values.number(column)) for name, column in mapped.items() if name != CUSTOMER_ID]
    faults = [Fault(f"v_{CUSTOMER_ID} IS NULL", "without a customer id", bad=False)]
    for number in numbers:
        faults.append(number.unreadable(f"{number.name}, a number", needed=False))
        faults.append(number.outside(known[number.name]))
    rows = CheckedRows(source, [identity, *numbers], faults)
    own = {name: f"own{k}" for k, name in enumerate(source.columns)}
    others = [f"{source.columns[name].sql} AS {alias}" for name, alias in own.items()]
    connection = source.connection
    with engine_errors(f"{source.label} can't be read"):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows AS SELECT * FROM {rows.table(others)}")
    left_out = rejected_lines(source, skip)
    counts = connection.execute("SELECT fault, count(*) FROM rows GROUP BY fault").fetchall()
    left_out += rows.left_out({int(k): int(n) for k, n in counts}, skip, "customers")
    connection.execute("CREATE OR REPLACE TEMP VIEW customers AS SELECT * FROM rows WHERE fault = 0")
    if not dict(counts).get(0):
        why = "; ".join(map(str, left_out)) or "it holds no rows below its header"
        raise SourceError(f"{source.label} has no usable customers: {why}")
    _refuse_duplicates(source)
    base = CustomerBase(
        ids=text_loader(connection, "SELECT v_customer_id FROM customers"),
        columns=float_columns(connection, "customers", {number.name: f"v_{number.name}" for number in numbers}),
        currency=currency,
        left_out=left_out,
        notes=[described(source, mapped)],
        unmapped=unmapped(source, mapped),
        extra_fields=[field for field in fields if field.name in mapped],
        unique_ids=True,
    )
    own = {name: f"customers.{alias}" for name, alias in own.items()}
    return Loaded(base, connection, "customers", own, frozenset(base.columns))


def _refuse_duplicates(source: Source) -> None:
    query = (
        "SELECT v_customer_id, count(*), count(*) OVER () FROM customers "
        "GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5"
    )
    twice = source.connection.execute(query).fetchall()
    if twice:
        shown = ", ".join(f"{identity!r} ({count:,} times)" for identity, count, _ in twice)
        raise SourceError(
            f"{source.label} has {counted(twice[0][2], 'customers')} more than once: {shown}. "
            "A customer file has one row for each; read lines of orders with read_orders or --orders."
        )
