"""The input files of a command: which fields and names are read from which of them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from attrs import evolve

from custgrade.cli.options_by_file import OF_ORDERS, options_by_file
from custgrade.cli.settings import SourceSettings
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.errors import ConfigurationError, ConflictError
from custgrade.ingest.customer_files.customer_rows import CustomerRows
from custgrade.ingest.customer_files.customers import customer_fields, customer_rows
from custgrade.ingest.lines.order_lines import order_fields
from custgrade.ingest.lines.orders import OrderRows, order_rows
from custgrade.ingest.mapping import Needed, has_column, unknown_column
from custgrade.ingest.read_options import OrderOptions, ReadOptions
from custgrade.ingest.rows.bad_rows_report import BadRowsReport
from custgrade.ingest.source import Source
from custgrade.ingest.sources.opening import open_source
from custgrade.registry.registry import default_registry
from custgrade.scoring.own_fields import own_fields
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import listed


def source_rows(
    wanted: SourceSettings, scorers: Sequence[TracedScorer], report: BadRowsReport | None = None
) -> list[CustomerRows | OrderRows]:
    """Return the rows of each file, not yet read, with the columns that are mapped for it.

    scorers: those that will grade the customers, whose own fields are read. report: takes the rows that are left out.

    Raises ConfigurationError, FieldError, ConflictError when two plug-ins or scorers define a field differently.
    """
    given = [f"--{name.replace('_', '-')}" for name in OF_ORDERS if name in wanted.reading]
    if given and not wanted.orders:
        raise ConfigurationError(f"{listed(given)}: only for order lines; give --orders FILE, or leave it out")
    own = _own_fields(scorers)
    fields = [*own.values(), *(field for field in default_registry().fields if field.name not in own)]
    options = OrderOptions(**wanted.reading)
    of_customers = ReadOptions(**{name: value for name, value in wanted.reading.items() if name not in OF_ORDERS})
    orders = wanted.orders[0] if len(wanted.orders) == 1 else wanted.orders
    sources = [open_source(orders, options)] if orders else []
    sources += [open_source(path, of_customers) for path in wanted.customers]
    kinds = ["orders"] * bool(wanted.orders) + ["customers"] * len(wanted.customers)
    mappings = _mappings(wanted.columns, sources, kinds, fields, own)
    names = _name_columns(wanted.name_column, sources)
    if orders:
        # recency and tenure are those of the order lines
        mappings[1:] = [{"last_order": "", "first_order": "", **columns} for columns in mappings[1:]]
    each, needed = options_by_file(options, sources, bool(orders), mappings), _needed(scorers, wanted)
    of_customer_file = needed if len(sources) == 1 else evolve(needed, fields=())
    rows = [
        order_rows(source, columns, chosen, fields, name, needed)
        if kind == "orders"
        else customer_rows(source, columns, chosen, fields, name, of_customer_file)
        for source, kind, columns, chosen, name in zip(sources, kinds, mappings, each, names, strict=True)
    ]
    return [evolve(one, report=report) for one in rows]


def _needed(scorers: Sequence[TracedScorer], wanted: SourceSettings) -> Needed:
    """Return the fields that scorers can't do without, as columns may hold them."""
    needed: list[str] = []
    for scorer in scorers:
        known = known_fields(scorer.fields)
        for name in (*scorer.inputs, *scorer.cut_inputs):
            if name not in scorer.optional:
                needed += known[name].parts if name in known and known[name].derived else (name,)
    if "assume_margin" in wanted.reading:
        needed = ["revenue" if name == "profit" else name for name in needed]
    if "cost" in wanted.columns:
        needed = ["revenue" if name == "profit" else name for name in needed]
    return Needed(tuple(dict.fromkeys(needed)), _likely)


def _likely(source: Source, fields: Sequence[str]) -> Mapping[str, str]:
    # importing it takes longer than grading a small base
    from custgrade.recognising.suggestions import suggestions

    return suggestions(source, fields)


def _own_fields(scorers: Sequence[TracedScorer]) -> dict[str, Field]:
    """Return the fields that scorers read beyond the standard ones, by name.

    Raises ConflictError when two scorers define a field differently.
    """
    own: dict[str, Field] = {}
    for scorer in scorers:
        for field in own_fields(scorer, default_registry().fields).values():
            if own.setdefault(field.name, field) != field:
                raise ConflictError(f"field {field.name!r} is defined differently by the two models; rename it in one")
    return own


def _name_columns(wanted: str | None, sources: Sequence[Source]) -> list[str | None]:
    """Return for each file the column that holds customers' names: `wanted`, or None where the file lacks it.

    Raises FieldError when no file has the column.
    """
    if not wanted:
        return [wanted] * len(sources)
    if not any(has_column(source, wanted) for source in sources):
        raise unknown_column(wanted, "name", sources)
    return [wanted if has_column(source, wanted) else None for source in sources]


def _mappings(
    columns: Mapping[str, str],
    sources: Sequence[Source],
    kinds: Sequence[str],
    fields: Sequence[Field],
    settled: Container[str],
) -> list[dict[str, str]]:
    """Return for each file the columns to read by field: those that it has, of fields that its kind can hold.

    settled: the fields that a scorer defines, which therefore can't be in dispute between plug-ins.

    Raises FieldError for an unknown field, and for a column that no file has; ConflictError for a disputed field.
    """
    disputed = default_registry().disputed_fields
    accepted = {"orders": order_fields(fields), "customers": customer_fields(fields)}
    mappings: list[dict[str, str]] = [{} for _ in sources]
    for field, column in columns.items():
        if field in disputed and field not in settled:
            who = " and by ".join(plugin.who for plugin in disputed[field])
            raise ConflictError(f"field {field!r} is defined differently by {who}; uninstall one of them")
        able = [k for k, kind in enumerate(kinds) if field in accepted[kind]]
        having = [k for k in able if not column or has_column(sources[k], column)]
        if not able:
            having = [0]
        elif not having:
            raise unknown_column(column, field, [sources[k] for k in able])
        for k in having:
            mappings[k][field] = column
    return mappings
