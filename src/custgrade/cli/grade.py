"""`custgrade grade`: files in, graded file and summary out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.progress import Progress
from custgrade.cli.report import report
from custgrade.cli.settings import GradeSettings, settings
from custgrade.data.field import Field
from custgrade.errors import ConfigurationError, ConflictError
from custgrade.export.write import check_format
from custgrade.files import check_writable, write_atomically
from custgrade.ingest.customers import CustomerRows, customer_fields, customer_rows
from custgrade.ingest.mapping import unknown_column
from custgrade.ingest.opening import open_source
from custgrade.ingest.order_lines import OrderOptions, order_fields
from custgrade.ingest.orders import OrderRows, order_rows
from custgrade.ingest.source import Source
from custgrade.large_files import graded_files
from custgrade.model.grading_model import GradingModel
from custgrade.registry.registry import default_registry
from custgrade.scoring.scorer import Scorer


def run(options: argparse.Namespace) -> int:
    """Grade customers as the options say, and return the exit status."""
    wanted = settings(options)
    if wanted.out:
        check_format(wanted.out)
        check_writable(wanted.out)
    if wanted.save_model:
        check_writable(wanted.save_model)
    chosen = _model(wanted) if wanted.model else _scorer(wanted)
    with (
        Progress() as progress,
        _model_file(wanted) as save,
        graded_files(_files(wanted), chosen, wanted.out, wanted.prefix, progress) as outcome,
    ):
        save(outcome.model)
    print("\n".join([report(outcome), *wanted.notes]))
    for path in (wanted.out, wanted.save_model):
        if path:
            print(f"wrote {path}")
    return 0


@contextmanager
def _model_file(wanted: GradeSettings) -> Iterator[Callable[[GradingModel], None]]:
    """Yield what saves a model, if that is wanted; its file takes its place when the block ends."""
    if not wanted.save_model:
        yield lambda model: None
        return
    from custgrade.model.saved import as_text

    with write_atomically(wanted.save_model) as temporary:

        def save(model: GradingModel) -> None:
            temporary.write_text(as_text(model), encoding="utf-8")

        yield save


def _scorer(wanted: GradeSettings) -> Scorer:
    assert wanted.scorer is not None
    return scheme(wanted.scorer).scorer(**wanted.parameters)


def _model(wanted: GradeSettings) -> GradingModel:
    assert wanted.model is not None
    from custgrade.registry.models import load_model

    own = scheme(wanted.scorer).function if wanted.scorer else None
    return load_model(wanted.model, own)


def _files(wanted: GradeSettings) -> list[CustomerRows | OrderRows]:
    """All files, each with those columns that are mapped for it."""
    if not wanted.orders and (wanted.as_of or wanted.since or wanted.window or wanted.assume_margin is not None):
        raise ConfigurationError("--as-of, --since, --window and --assume-margin are for --orders")
    fields = default_registry().fields
    sources = [open_source(path, wanted.delimiter) for path in (wanted.orders, *wanted.customers) if path]
    kinds = ["orders"] * bool(wanted.orders) + ["customers"] * len(wanted.customers)
    mappings = _mappings(wanted.columns, sources, kinds, fields)
    options = OrderOptions(
        wanted.as_of,
        wanted.since,
        wanted.window,
        wanted.currency,
        wanted.date_format,
        wanted.assume_margin,
        wanted.on_bad_rows,
    )
    return [
        order_rows(source, columns, options, fields)
        if kind == "orders"
        else customer_rows(source, columns, wanted.currency, wanted.on_bad_rows, fields)
        for source, kind, columns in zip(sources, kinds, mappings, strict=True)
    ]


def _mappings(
    columns: Mapping[str, str], sources: Sequence[Source], kinds: Sequence[str], fields: Sequence[Field]
) -> list[dict[str, str]]:
    """Which of the mapped columns are for which file: those it has, of fields that its kind of file can hold.

    Raises FieldError for an unknown field, and for a column that no file has.
    """
    disputed = default_registry().disputed_fields
    accepted = {"orders": order_fields(fields), "customers": customer_fields(fields)}
    mappings: list[dict[str, str]] = [{} for _ in sources]
    for field, column in columns.items():
        if field in disputed:
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
