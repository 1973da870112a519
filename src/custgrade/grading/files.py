"""Grading files of any size: a scan, a fit, and a pass that grades and writes; memory stays bounded throughout."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from custgrade.data.field import Field
from custgrade.data.output_columns import OutputColumns, check_names, grade_names
from custgrade.errors import FieldError, OverrideError, SourceError
from custgrade.export.sink import NoSink, Sink
from custgrade.export.write import file_sink
from custgrade.files import check_writable
from custgrade.grading.reading import SourceRows, joined_head, reading
from custgrade.ingest.customers import customer_rows
from custgrade.ingest.names import NAME
from custgrade.ingest.opening import open_source
from custgrade.ingest.orders import OrderRows
from custgrade.model.fitting import adapt
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.outcome import Outcome
from custgrade.model.overrides import Overrides, day_of
from custgrade.model.scorer import Scorer
from custgrade.model.stream import GradedStream
from custgrade.model.summary import SUMMED, Tally
from custgrade.progress import OnProgress, no_progress
from custgrade.registry.registry import scorer as make_scorer
from custgrade.scoring.own_fields import own_fields
from custgrade.text import listed


def grade_file(
    source: str | os.PathLike[str],
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    out: str | os.PathLike[str] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    delimiter: str | None = None,
    on_bad_rows: str = "stop",
    prefix: str = "",
    fields: Sequence[Field] = (),
    overrides: Overrides | None = None,
    on: str | dt.date | None = None,
    watch: OnProgress = no_progress,
    **parameters: Any,
) -> Outcome:
    """Grade a customer file of any size, and return what came of it; memory stays bounded.

    source: a CSV or Parquet file with one row per customer. out: the .csv or .parquet file to write, replaced in one
    step: the source's columns and rows in its order, then the grade columns. From Parquet to Parquet the source's
    columns are copied byte for byte.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this file.
    prefix: put before the names of the grade columns. overrides: manual grades to stand beside the computed ones, those
    that hold on the day `on`. watch: told of each stage and of how far it is.
    The others are those of `read_customers`; the scorer's own fields are known, and needn't be among `fields`.

    What grades need is kept in temporary files meanwhile, eight bytes a customer and field, where TMPDIR says.

    Raises SourceError, BadRowsError, FieldError, OutputError, and what fitting raises.
    """
    if not isinstance(source, (str, os.PathLike)):
        raise SourceError(f"grade_file takes a path; received a {type(source).__name__}. For frames there is grade")
    for name, value in (("prefix", prefix), ("currency", currency or ""), ("delimiter", delimiter or "")):
        if not isinstance(value, str):
            raise FieldError(f"{name} is a text; received {value!r}")
    if (
        isinstance(fields, (str, bytes))
        or not isinstance(fields, Sequence)
        or not all(isinstance(f, Field) for f in fields)
    ):
        raise FieldError(f"fields are a list of Field; received {fields!r}")
    if not callable(watch):
        raise FieldError(f"watch is a function of a stage and of how far it is; received {watch!r}")
    if overrides is not None and not isinstance(overrides, Overrides):
        raise OverrideError(f"overrides are what read_overrides returns, Overrides; received {overrides!r}")
    if isinstance(scorer, GradingModel) and parameters:
        raise FieldError(f"a fitted model takes no parameters; received {listed(parameters)}")
    chosen = scorer if isinstance(scorer, GradingModel) else make_scorer(scorer, **parameters)
    if out is not None:
        check_writable(out)
    own = own_fields(chosen.scorer if isinstance(chosen, GradingModel) else chosen, fields).values()
    known = [*own, *(one for one in fields if one not in own)]
    rows = customer_rows(open_source(source, delimiter), columns, currency, on_bad_rows, known)
    with graded_files([rows], chosen, out, prefix, watch, overrides, on) as outcome:
        return outcome


@contextmanager
def graded_files(
    files: Sequence[SourceRows],
    chosen: Scorer | GradingModel,
    out: str | os.PathLike[str] | None = None,
    prefix: str = "",
    watch: OnProgress = no_progress,
    overrides: Overrides | None = None,
    on: str | dt.date | None = None,
    any_period: bool = False,
) -> Iterator[Outcome]:
    """Grade the customers of the first file, with the fields of the others joined by id; see `grade_file`.

    The output takes its place when the block ends.
    any_period: whether the customers may cover a longer or shorter period than a model was fitted on.

    Raises NothingToGradeError when nobody could be graded, and what `grade_file` raises.
    """
    head = joined_head(files)
    if isinstance(chosen, GradingModel):
        # which period order lines cover is known when they are read
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
    with reading(files, read, out is not None, watch) as found, ExitStack() as stack:
        loaded = found.loaded
        base = loaded.base
        watch("fitting", lambda: (0, len(base)))
        stream = GradedStream.of(chosen, base, any_period=any_period)
        if overrides is not None:
            stream = stream.with_overrides(overrides, on, loaded.positions)
        sink: Sink = NoSink(len(base))
        if out is not None:
            written = loaded.only_identified() if named else loaded
            sink = stack.enter_context(file_sink(written, os.fspath(out), found.folder, watch))

        def columns(graded: Graded) -> OutputColumns:
            own = {name: column for name, column in graded.base.columns.items() if name not in loaded.own_fields}
            return own | graded.output_columns(prefix)

        outcome = _outcome(stream, sink, columns if out is not None else lambda graded: {}, watch)
        outcome.refuse_nothing()
        sink.finish()
        found.refuse_changed()
        yield outcome


def _outcome(
    stream: GradedStream, sink: Sink, columns: Callable[[Graded], OutputColumns], watch: OnProgress
) -> Outcome:
    """Grade all customers part by part, hand what is made of them to the sink, and add up what came of it."""
    base, model = stream.base, stream.model
    summed = [name for name in SUMMED if name in base.columns]
    through: list[int] = []
    overridden: dict[int, str] = {}
    watch("grading and writing", lambda: (sum(through), len(base)))

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
