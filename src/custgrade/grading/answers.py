"""Writing what is found out about each customer, beside the id: explanations, ways up, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from custgrade.data.output_columns import OutputColumns, check_names
from custgrade.export.sink import NoSink
from custgrade.export.write import file_sink
from custgrade.grading.reading import Reading
from custgrade.model.graded import Graded
from custgrade.model.stream import GradedStream
from custgrade.progress import OnProgress

Answer = TypeVar("Answer")
Seen = TypeVar("Seen")


def write_per_customer(
    found: Reading,
    stream: GradedStream,
    out: str | None,
    answer: Callable[[Graded], Answer],
    columns: Callable[[Answer], OutputColumns],
    see: Callable[[Answer], Seen],
    on_progress: OnProgress,
) -> list[Seen]:
    """Answer for each part of the customers, write the answers, and return what `see` gives for each of them.

    out: the file to write, `customer_id` and `name` first, then `columns`; nothing is written without one.
    """
    through: list[int] = []
    on_progress("working out an answer for each customer", lambda: (sum(through), len(stream.base)))

    def work(graded: Graded) -> Answer:
        one = answer(graded)
        through.append(len(graded))
        return one

    def named(one: Answer) -> OutputColumns:
        added = columns(one)
        check_names((), added)
        return added

    if out is None:
        return stream.into(NoSink(len(stream.base)), work, lambda one: {}, see)
    with file_sink(found.loaded.only_identified(), out, found.folder, on_progress) as sink:
        seen = stream.into(sink, work, named, see)
        sink.finish()
        found.refuse_changed()
        return seen
