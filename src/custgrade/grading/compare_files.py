"""Comparing the grades of files of any size with those before."""

from __future__ import annotations

from custgrade.comparing.alignment import Alignment
from custgrade.comparing.comparison import Comparison, compare_aligned
from custgrade.data.base import CustomerBase
from custgrade.data.output_columns import rows_of
from custgrade.export.write import file_sink
from custgrade.grading.reading import Reading
from custgrade.ingest.matching import match
from custgrade.model.grading_model import GradingModel
from custgrade.progress import OnProgress


def compare_files(
    found: Reading,
    before: Reading | None,
    model: GradingModel,
    model_before: GradingModel | None,
    out: str | None,
    any_period: bool,
    on_progress: OnProgress,
) -> Comparison:
    """Return what became of the grades of what was read, and write it customer by customer; see `compare`.

    before: the customers as they were, if they were others or of another date. out: the file to write, if any.

    Raises OutputError, and what `compare` raises.
    """
    matched = (
        None if before is None else match(found.loaded, before.loaded, found.folder() / "ids.parquet", out is not None)
    )

    def align(earlier: CustomerBase, later: CustomerBase) -> Alignment:
        if matched is None:
            loaded = found.loaded
            return Alignment(loaded.size, lambda: loaded.base.ids, loaded.ids_at)
        return Alignment(matched.loaded.size, matched.load_ids, matched.find_ids, matched.places, matched.gone)

    on_progress("comparing", lambda: (0, 0))
    base_before = None if before is None else before.loaded.base
    comparison = compare_aligned(model, found.loaded.base, model_before, base_before, any_period, align)
    if out is not None:
        columns = comparison.output_columns()
        loaded = found.loaded.only_identified() if matched is None else matched.loaded
        with file_sink(loaded, out, found.folder, on_progress) as sink:
            for number, rows in enumerate(sink.parts):
                sink.take(number, rows_of(columns, rows))
            sink.finish()
            for reading in (found, before):
                if reading is not None:
                    reading.refuse_changed()
    return comparison
