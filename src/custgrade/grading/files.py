"""Grading files of any size in bounded memory: a scan, a fit, and a pass that grades and writes."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from custgrade.argument_checks import check_text
from custgrade.data.field import Field
from custgrade.data.names import NAME
from custgrade.data.output_columns import OutputColumns, check_names, grade_names
from custgrade.errors import FieldError, OverrideError, SourceError
from custgrade.export.sink import NoSink, Sink
from custgrade.export.write import file_sink
from custgrade.files import check_writable
from custgrade.grading.reading import SourceRows, joined_head, reading
from custgrade.ingest.customer_files.customers import customer_rows
from custgrade.ingest.lines.orders import OrderRows
from custgrade.ingest.read_options import read_options
from custgrade.ingest.sources.opening import open_source
from custgrade.ingest.sources.source_files import refuse_output
from custgrade.model.fitting import adapt
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.outcome import Outcome
from custgrade.model.overrides import Overrides, day_of
from custgrade.model.scorer import Scorer
from custgrade.model.stream import GradedStream
from custgrade.model.summary import SUMMED, Tally
from custgrade.progress import OnProgress, no_progress
from custgrade.registry.registry import scorer_or_model
from custgrade.scoring.own_fields import own_fields


def grade_file(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    out: str | os.PathLike[str] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    delimiter: str | None = None,
    on_bad_rows: str = "stop",
    options: Mapping[str, Any] | None = None,
    prefix: str = "",
    fields: Sequence[Field] = (),
    overrides: Overrides | None = None,
    on: str | dt.date | None = None,
    on_progress: OnProgress = no_progress,
    **parameters: Any,
) -> Outcome:
    """Grade a customer file of any size in bounded memory, and return the model and the counts of grades.

    source: the path of a CSV or Parquet file with one row per customer; a folder, a pattern or a list of paths is read
    as one file, as in `read_customers`.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this file.
    out: the .csv or .parquet file to write, replaced in one step; None writes no file. It has the rows and columns of
    the source in the same order, then the grade columns. From Parquet to Parquet, the source's columns are copied byte
    for byte.
    columns, currency, delimiter, on_bad_rows, fields: see `read_customers`. Fields that the scorer defines needn't be
    among `fields`.
    options: further arguments of `read_customers` by name, such as {"decimal": ",", "encoding": "cp1252"}.
    prefix: a text before the names of the grade columns.
    overrides: manual grades, written beside the computed ones if they are valid on the day `on` (default: the as-of
    date).
    on_progress: called at the beginning of each stage with its name and a function that returns how many customers are
    done and how many there are.

    The fields that grades need are kept in temporary files in the folder TMPDIR, eight bytes per customer and field.

    Raises SourceError, BadRowsError, FieldError, OverrideError or OutputError, and the errors of fitting.
    """
    if not isinstance(source, (str, os.PathLike, list, tuple)):
        raise SourceError(
            f"received a {type(source).__name__}; grade_file takes paths, and custgrade.grade takes a frame"
        )
    check_text(prefix, "prefix")
    if (
        isinstance(fields, (str, bytes))
        or not isinstance(fields, Sequence)
        or not all(isinstance(f, Field) for f in fields)
    ):
        raise FieldError(f"received {fields!r} for fields; give a list of Field")
    if not callable(on_progress):
        raise FieldError(
            f"received {on_progress!r} for on_progress; give a function of two arguments: the name of a stage, and a "
            "function that returns the customers done and in total"
        )
    if overrides is not None and not isinstance(overrides, Overrides):
        raise OverrideError(f"received {overrides!r} for overrides; give Overrides, such as read_overrides(FILE)")
    chosen = scorer_or_model(scorer, parameters)
    if out is not None:
        check_writable(out)
    own = own_fields(chosen.scorer if isinstance(chosen, GradingModel) else chosen, fields).values()
    known = [*own, *(one for one in fields if one not in own)]
    reading_options = read_options(
        {**(options or {}), "currency": currency, "delimiter": delimiter, "on_bad_rows": on_bad_rows}
    )
    if out is not None:
        refuse_output(out, source)
    rows = customer_rows(open_source(source, reading_options), columns, reading_options, known)
    with graded_files([rows], chosen, out, prefix, on_progress, overrides, on) as outcome:
        return outcome


@contextmanager
def graded_files(
    files: Sequence[SourceRows],
    chosen: Scorer | GradingModel,
    out: str | os.PathLike[str] | None = None,
    prefix: str = "",
    on_progress: OnProgress = no_progress,
    overrides: Overrides | None = None,
    on: str | dt.date | None = None,
    any_period: bool = False,
) -> Iterator[Outcome]:
    """Yield the outcome of grading the first file's customers, with the other files joined by id; see `grade_file`.

    The output is replaced when the block ends without an error.

    files: the rows of each file, not yet read. chosen: a scorer to fit, or a model. any_period: whether the data may
    cover a longer or shorter period than the model was fitted on.

    Raises NothingToGradeError when no customer can be graded, and the errors of `grade_file`.
    """
    head = joined_head(files)
    if isinstance(chosen, GradingModel):
        # the period of order lines isn't known before they are read
        chosen.check(head, any_period=True)
        wanted = chosen.scorer
    else:
        wanted, _ = adapt(chosen, head)
    if overrides is not None:
        overrides.check(wanted.scale)
        day_of(head, on)
    further = [name for name in head.columns if name not in files[0].own_fields]
    named = isinstance(files[0], OrderRows) and any(rows.name for rows in files) and NAME not in further
    if out is not None:
        stated = [name for name, score in wanted.detail_scores.items() if set(score.inputs) <= set(head.columns)]
        check_names(
            [*files[0].own, *([NAME] if named else []), *further],
            grade_names(wanted.scale, stated, overrides is not None, prefix),
        )
    needed = dict.fromkeys((*wanted.inputs, *wanted.cut_inputs, *wanted.detail_inputs, *SUMMED))
    read = [name for name in needed if name in head.columns]
    with reading(files, read, out is not None, on_progress) as found, ExitStack() as stack:
        loaded = found.loaded
        base = loaded.base
        on_progress("fitting", lambda: (0, len(base)))
        stream = GradedStream.of(chosen, base, any_period=any_period)
        if overrides is not None:
            stream = stream.with_overrides(overrides, on, loaded.positions)
        sink: Sink = NoSink(len(base))
        if out is not None:
            written = loaded.only_identified() if named else loaded
            sink = stack.enter_context(file_sink(written, os.fspath(out), found.folder, on_progress))

        def columns(graded: Graded) -> OutputColumns:
            own = {name: column for name, column in graded.base.columns.items() if name not in loaded.own_fields}
            return own | graded.output_columns(prefix)

        outcome = _outcome(stream, sink, columns if out is not None else lambda graded: {}, on_progress)
        outcome.refuse_nothing()
        sink.finish()
        found.refuse_changed()
        yield outcome


def _outcome(
    stream: GradedStream, sink: Sink, columns: Callable[[Graded], OutputColumns], on_progress: OnProgress
) -> Outcome:
    """Grade all customers part by part, pass their columns to the sink, and return the counts of grades."""
    base, model = stream.base, stream.model
    summed = [name for name in SUMMED if name in base.columns]
    through: list[int] = []
    overridden: dict[int, str] = {}
    on_progress("grading and writing", lambda: (sum(through), len(base)))

    def see(graded: Graded) -> tuple[Tally, dict[str, int], tuple[str, ...]]:
        overridden.update(graded.overridden())
        tally = Tally(model.scale.grades, summed)
        tally.add(graded.grade_codes, graded.base.columns)
        through.append(len(graded))
        return tally, graded.ungraded(), tuple(graded.details)

    tally, ungraded = Tally(model.scale.grades, summed), Counter[str]()
    seen = stream.into(sink, lambda graded: graded, columns, see)
    for part, reasons, _ in seen:
        tally.merge(part)
        ungraded.update(reasons)
    notes = () if stream.overrides is None else stream.overrides.notes(overridden, base.names_of(stream.overrides.ids))
    return Outcome(model, base, tally.lines(), ungraded, seen[0][2], notes)
