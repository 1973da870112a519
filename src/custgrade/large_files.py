"""Grading a file of any size: a scan, a fit, and a pass that grades and writes; memory stays bounded throughout."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attrs import evolve

from custgrade.cuts.memory import ArrayPopulation
from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.errors import CustgradeError, FieldError, OverrideError, SourceError, listed
from custgrade.export.parts import Nowhere, PartsWriter, parts_writer
from custgrade.export.write import check_names, grade_columns
from custgrade.files import check_writable, temporary_folder
from custgrade.ingest.customers import CustomerRows, customer_rows
from custgrade.ingest.engine import literal
from custgrade.ingest.loaded import Loaded, stored_columns
from custgrade.ingest.opening import open_source
from custgrade.ingest.orders import OrderRows, load_orders
from custgrade.ingest.source import Source
from custgrade.model.fitting import adapt, fit_population
from custgrade.model.grading_model import GradingModel
from custgrade.model.outcome import Outcome
from custgrade.model.overrides import OVERRIDE_COLUMNS, InForce, Overrides, day_of
from custgrade.model.summary import SUMMED, Tally
from custgrade.registry.registry import scorer as make_scorer
from custgrade.scoring.scorer import Scorer
from custgrade.selection.chunks import over_pieces
from custgrade.selection.guess import SAMPLE
from custgrade.watching import Watch, unwatched

_LARGEST_SAMPLE = 1 << 20
_SMALL_FILE = 1 << 24


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
    watch: Watch = unwatched,
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
    The others are those of `read_customers`.

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
    rows = customer_rows(open_source(source, delimiter), columns, currency, on_bad_rows, fields)
    with graded_files([rows], chosen, out, prefix, watch, overrides, on) as outcome:
        return outcome


@contextmanager
def graded_files(
    files: Sequence[CustomerRows | OrderRows],
    chosen: Scorer | GradingModel,
    out: str | os.PathLike[str] | None = None,
    prefix: str = "",
    watch: Watch = unwatched,
    overrides: Overrides | None = None,
    on: str | dt.date | None = None,
    any_period: bool = False,
) -> Iterator[Outcome]:
    """Grade the customers of the first file, with the fields of the others joined by id; see `grade_file`.

    The output takes its place when the block ends.
    any_period: whether the customers may cover a longer or shorter period than a model was fitted on.

    Raises NothingToGradeError when nobody could be graded, and what `grade_file` raises.
    """
    head = _joined_head(files)
    dropped: tuple[str, ...] = ()
    if isinstance(chosen, GradingModel):
        # which period order lines cover is known when they are read
        chosen.check(head, any_period=True)
        wanted = chosen.scorer
    else:
        wanted, dropped = adapt(chosen, head)
    if overrides is not None:
        overrides.check(wanted.scale)
        day_of(head, on)
    if out is not None:
        details = wanted.detail_scores.items()
        stated = [name for name, score in details if all(part in head.columns for part in score.inputs)]
        further = [name for name in head.columns if name not in files[0].own_fields]
        added = [*grade_columns(wanted.scale, stated, ("",), prefix)]
        added += [f"{prefix}{name}" for name in OVERRIDE_COLUMNS if overrides is not None]
        check_names([*files[0].own, *further], added)
    before = [_stamp(rows.source) for rows in files]
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(temporary_folder())
            loaded = _load(files, _needed(wanted, head), out is not None, folder, watch)
            base = loaded.base
            if isinstance(chosen, GradingModel):
                chosen.check(base, any_period=any_period)
            watch("fitting", lambda: (0, len(base)))
            model = chosen if isinstance(chosen, GradingModel) else _fit(wanted, base, dropped)
            writer: PartsWriter = Nowhere(len(base))
            if out is not None:
                writer = stack.enter_context(parts_writer(loaded, os.fspath(out), prefix, folder, watch))
            in_force = None
            if overrides is not None:
                in_force = InForce.of(overrides, day_of(base, on), loaded.positions)
            outcome = _graded(model, base, writer, watch, in_force)
            outcome.refuse_nothing()
            writer.finish()
            _refuse_changed(files, before)
            yield outcome
    except (CustgradeError, OSError):
        # whatever went wrong, that may be why
        _refuse_changed(files, before)
        raise


def _joined_head(files: Sequence[CustomerRows | OrderRows]) -> CustomerBase:
    """What is known of the customers before anything is read.

    Raises FieldError, naming both files, when they can't be joined.
    """
    head = files[0].head
    for rows in files[1:]:
        try:
            head = head.join(rows.head)
        except FieldError as error:
            before = listed(other.source.label for other in files[: files.index(rows)])
            raise FieldError(f"{rows.source.label} can't be joined to {before}: {error}") from error
    return head


def _load(
    files: Sequence[CustomerRows | OrderRows],
    needed: Sequence[str],
    written: bool,
    folder: Callable[[], Path],
    watch: Watch,
) -> Loaded:
    """Read the fields that are needed, and all that are written, from all files, joined by id onto the first."""
    for rows in files:
        if rows.source.file is None or rows.source.file.stat().st_size > _SMALL_FILE:
            # what has no room in memory goes there
            rows.source.connection.execute(f"SET temp_directory = {literal(str(folder()))}")
    parts = []
    for number, rows in enumerate(files):
        kept = [name for name in rows.head.columns if name in needed or (written and name not in files[0].own_fields)]
        if isinstance(rows, OrderRows):
            watch("adding up order lines", lambda: (0, 0))
            parts.append(load_orders(rows, kept, stored_columns))
            continue
        # loading it takes longer than to grade the customers of a few orders
        from custgrade.ingest.scan import scan

        if number:
            others = scan(rows, (), watch)
            parts.append(evolve(others, fields={name: others.fields[name] for name in kept}))
        else:
            parts.append(scan(rows, kept, watch))
    first = parts[0]
    for other in parts[1:]:
        from custgrade.ingest.joining import load_joined

        watch("joining", lambda: (0, 0))
        first = load_joined(first, other, folder() / "joined.parquet")
    return first


def _needed(scorer: Scorer, head: CustomerBase) -> list[str]:
    """The columns that grading and its summary read, among those there are."""
    names = dict.fromkeys((*scorer.inputs, *scorer.cut_inputs, *scorer.detail_inputs, *SUMMED))
    return [name for name in names if name in head.columns]


def _stamp(source: Source) -> tuple[int, int] | None:
    """What changes when the file is written to; nothing when it is gone, or is no file."""
    if source.file is None or not source.file.exists():
        return None
    state = source.file.stat()
    return state.st_size, state.st_mtime_ns


def _refuse_changed(files: Sequence[CustomerRows | OrderRows], before: Sequence[tuple[int, int] | None]) -> None:
    for rows, stamp in zip(files, before, strict=True):
        if _stamp(rows.source) != stamp:
            raise SourceError(f"{rows.source.label} was changed while it was read; nothing was written")


def _fit(scorer: Scorer, base: CustomerBase, dropped: tuple[str, ...]) -> GradingModel:
    columns = {name: base.columns[name] for name in (*scorer.inputs, *scorer.cut_inputs)}
    sample = max(SAMPLE, min(_LARGEST_SAMPLE, len(base) >> 7))
    population = ArrayPopulation(columns, len(base), threads=scorer.portable, sample=sample, keep=False)
    return fit_population(scorer, population, base, dropped)


def _graded(
    model: GradingModel, base: CustomerBase, writer: PartsWriter, watch: Watch, overrides: InForce | None
) -> Outcome:
    """Grade all customers part by part, and hand them to the writer."""
    summed = [name for name in SUMMED if name in base.columns]
    numbers = {piece.start: number for number, piece in enumerate(writer.pieces)}
    through: list[int] = []
    overridden: dict[int, str] = {}
    watch("grading and writing", lambda: (sum(through), len(base)))

    def grade(piece: slice) -> tuple[Tally, dict[str, int], tuple[str, ...]]:
        columns = {name: column[piece] for name, column in base.columns.items()}
        graded = model.grade(evolve(base, ids=lambda: base.ids[piece], columns=columns), any_period=True)
        if overrides is not None:
            graded = evolve(graded, overrides=overrides.part(piece))
            overridden.update(graded.overridden())
        writer.write(numbers[piece.start], graded)
        tally = Tally(model.scale.grades, summed)
        tally.add(graded.grade_codes, columns)
        through.append(len(graded))
        return tally, graded.ungraded(), tuple(graded.details)

    parts = over_pieces(grade, writer.pieces, model.scorer.portable and not writer.ordered)
    tally, ungraded = Tally(model.scale.grades, summed), Counter[str]()
    for part, reasons, _ in parts:
        tally.merge(part)
        ungraded.update(reasons)
    notes = () if overrides is None else overrides.notes(overridden, base.names_of(overrides.ids))
    return Outcome(model, base, tally.lines(), ungraded, parts[0][2], notes)
