"""The files that a command line names, and what is read from them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from attrs import evolve

from custgrade.cli.settings import SourceSettings
from custgrade.data.field import Field
from custgrade.errors import ConfigurationError, ConflictError
from custgrade.ingest.bad_rows_report import BadRowsReport
from custgrade.ingest.customers import CustomerRows, customer_fields, customer_rows, load_customers
from custgrade.ingest.loaded import Loaded
from custgrade.ingest.mapping import unknown_column
from custgrade.ingest.opening import open_source
from custgrade.ingest.order_lines import OrderOptions, order_fields
from custgrade.ingest.orders import OrderRows, load_orders, order_rows
from custgrade.ingest.source import Source
from custgrade.registry.registry import default_registry
from custgrade.scoring.own_fields import own_fields
from custgrade.scoring.traced_scorer import TracedScorer


def load(wanted: SourceSettings, scorers: Sequence[TracedScorer], report: BadRowsReport | None = None) -> Loaded:
    """Return the customers of the files in memory, joined by id onto those of the first.

    scorers: those that will grade them, whose own fields are read. report: where rows that are left out are told.
    """
    first, *others = [
        load_orders(rows) if isinstance(rows, OrderRows) else load_customers(rows)
        for rows in source_rows(wanted, scorers, report)
    ]
    base = first.base
    for other in others:
        base = base.join(other.base)
    return evolve(first, base=base)


def source_rows(
    wanted: SourceSettings, scorers: Sequence[TracedScorer], report: BadRowsReport | None = None
) -> list[CustomerRows | OrderRows]:
    """Return the files, each with those columns that are mapped for it; see `load`.

    Raises ConfigurationError, FieldError, ConflictError when two plug-ins or scorers define a field differently.
    """
    if not wanted.orders and (wanted.as_of or wanted.since or wanted.window or wanted.assume_margin is not None):
        raise ConfigurationError("--as-of, --since, --window and --assume-margin are for --orders")
    own = _own_fields(scorers)
    fields = [*own.values(), *(field for field in default_registry().fields if field.name not in own)]
    sources = [open_source(path, wanted.delimiter) for path in (wanted.orders, *wanted.customers) if path]
    kinds = ["orders"] * bool(wanted.orders) + ["customers"] * len(wanted.customers)
    mappings = _mappings(wanted.columns, sources, kinds, fields, own)
    names = _name_columns(wanted.name_column, sources)
    options = OrderOptions(
        wanted.as_of,
        wanted.since,
        wanted.window,
        wanted.currency,
        wanted.date_format,
        wanted.assume_margin,
        wanted.on_bad_rows,
    )
    rows = [
        order_rows(source, columns, options, fields, name)
        if kind == "orders"
        else customer_rows(source, columns, wanted.currency, wanted.on_bad_rows, fields, name)
        for source, kind, columns, name in zip(sources, kinds, mappings, names, strict=True)
    ]
    return [evolve(one, report=report) for one in rows]


def _own_fields(scorers: Sequence[TracedScorer]) -> dict[str, Field]:
    """The fields that scorers read beyond the standard ones, by name.

    Raises ConflictError when two define one differently.
    """
    own: dict[str, Field] = {}
    for scorer in scorers:
        for field in own_fields(scorer, default_registry().fields).values():
            if own.setdefault(field.name, field) != field:
                raise ConflictError(f"field {field.name!r} is defined differently by the two models; rename it in one")
    return own


def _name_columns(wanted: str | None, sources: Sequence[Source]) -> list[str | None]:
    """Which column of each file holds customers' names: the one that is wanted, where the file has it.

    Raises FieldError when no file has it.
    """
    if not wanted:
        return [wanted] * len(sources)
    if not any(wanted in source.columns for source in sources):
        raise unknown_column(wanted, "name", sources)
    return [wanted if wanted in source.columns else None for source in sources]


def _mappings(
    columns: Mapping[str, str],
    sources: Sequence[Source],
    kinds: Sequence[str],
    fields: Sequence[Field],
    settled: Container[str],
) -> list[dict[str, str]]:
    """Which of the mapped columns are for which file: those it has, of fields that its kind of file can hold.

    settled: fields that a scorer defines, whatever plug-ins say of them.

    Raises FieldError for an unknown field, and for a column that no file has.
    """
    disputed = default_registry().disputed_fields
    accepted = {"orders": order_fields(fields), "customers": customer_fields(fields)}
    mappings: list[dict[str, str]] = [{} for _ in sources]
    for field, column in columns.items():
        if field in disputed and field not in settled:
            who = " and by ".join(plugin.who for plugin in disputed[field])
            raise ConflictError(f"field {field!r} is defined differently by {who}; uninstall one of them")
        able = [k for k, kind in enumerate(kinds) if field in accepted[kind]]
        having = [k for k in able if not column or column in sources[k].columns]
        if not able:
            having = [0]
        elif not having:
            raise unknown_column(column, field, [sources[k] for k in able])
        for k in having:
            mappings[k][field] = column
    return mappings
