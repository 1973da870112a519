"""The text of `custgrade compare`: the largest rises and falls, then the counts by grade and by cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from custgrade.cli.report import aligned
from custgrade.comparing.changes import Changes
from custgrade.comparing.comparison import Comparison
from custgrade.comparing.largest import LargestMoves, Mover
from custgrade.model.wording import NOTHING, amount, words
from custgrade.text import counted

_SHOWN = 10
_MOST_COLUMNS = 12
_MOST_CELLS = 30
_MEANINGS = {
    "aside": "another grade that is neither better nor worse",
    "graded": "no grade before",
    "lost": "no grade after",
}
"""What changes mean that their names don't explain."""


def comparison_text(comparison: Comparison) -> str:
    """Return the text of a comparison."""
    counts = comparison.counts()
    moved = int(comparison.moved.sum())
    parts = [f"{moved:,} of {counted(len(comparison), 'customers')} moved"]
    parts += _largest(comparison)
    parts.append(_cells(comparison.whole) if _wide(comparison.whole) else _matrix(comparison.whole))
    causes = [["change", "customers", "by customer", "by model", "by both"]]
    for change, count in counts.items():
        why = comparison.causes().get(change, dict.fromkeys(Changes.cause_names[1:]))
        causes.append([change, f"{count:,}", *(NOTHING if some is None else f"{some:,}" for some in why.values())])
    back = counted(comparison.cancelled, "customers")
    whose = "their own change" if comparison.cancelled == 1 else "their own changes"
    cancelled = f"\n{back} kept the same grade only because the change of the model offset {whose}"
    parts.append(aligned(causes) + _meanings(counts) + (cancelled if comparison.cancelled else ""))
    stability = [["axis", "drift", "stability"]]
    for name in dict.fromkeys([*comparison.drift, *comparison.stability]):
        found = [index.get(name, math.nan) for index in (comparison.drift, comparison.stability)]
        stability.append([name, *(NOTHING if math.isnan(value) else f"{value:.4f}" for value in found)])
    return "\n\n".join([*parts, f"population stability index\n{aligned(stability)}"])


def _meanings(counts: Mapping[str, int]) -> str:
    """Return a line with the meanings of the changes that some customers have, empty if all are plain."""
    found = [f"{change}: {meaning}" for change, meaning in _MEANINGS.items() if counts[change]]
    return f"\n{'; '.join(found)}" if found else ""


def _largest(comparison: Comparison) -> list[str]:
    """Return the tables of the largest rises, falls and other changes, without empty ones."""
    largest = comparison.largest(_SHOWN)
    bases = comparison.graded_after.base, comparison.graded_before.base
    currency = bases[0].currency or bases[1].currency or ""
    groups = zip(("rises", "falls", "other changes"), (largest.rises, largest.falls, largest.others), strict=True)
    found = []
    for (what, movers), count in zip(groups, largest.counts, strict=True):
        if movers:
            title = f"largest {what}{_by_what(largest)}"
            more = f"\nand {count - len(movers):,} more; --out FILE writes all of them" if count > len(movers) else ""
            found.append(f"{title}\n{_movers(movers, largest, currency)}{more}")
    return found


def _by_what(largest: LargestMoves) -> str:
    if largest.measure is None:
        return ""
    name = words(largest.measure.name)
    return f" in {name}" if largest.two_bases else f", by {name}"


def _movers(movers: Sequence[Mover], largest: LargestMoves, currency: str) -> str:
    measure = largest.measure
    name = words(measure.name) if measure is not None else ""
    money = [] if measure is None else [f"{name} before", f"{name} after", "change"] if largest.two_bases else [name]
    rows = [["customer", "grade", *money, "cause"]]
    for one in movers:
        cells = [one.label, f"{one.before} → {one.after}"]
        if measure is not None:

            def said(value: float, of: str = "") -> str:
                return NOTHING if math.isnan(value) else f"{of}{amount(measure, value, currency)}"

            change = np.nan_to_num(one.money_after) - np.nan_to_num(one.money_before)
            both = [said(one.money_before), said(one.money_after), said(change, "+" if change > 0 else "")]
            cells += both if largest.two_bases else [said(one.money_after)]
        rows.append([*cells, one.cause])
    return aligned(rows, text_columns=2)


def _wide(changes: Changes) -> bool:
    """Return whether more grades hold customers than fit into a table."""
    held = changes.matrix > 0
    return max(int(held.any(axis=1).sum()), int(held.any(axis=0).sum())) > _MOST_COLUMNS


def _matrix(changes: Changes) -> str:
    """Return a table of customers by grade before (rows) and after (columns), without empty grades."""
    matrix = changes.matrix
    columns = np.flatnonzero(matrix.any(axis=0)).tolist()
    rows = [["before \\ after", *(changes.names_after[k] for k in columns)]]
    for row in np.flatnonzero(matrix.any(axis=1)).tolist():
        cells = (f"{matrix[row, k]:,}" if matrix[row, k] else NOTHING for k in columns)
        rows.append([changes.names_before[row], *cells])
    return aligned(rows)


def _cells(changes: Changes) -> str:
    """Return a table of the cells of the matrix that hold customers, largest first."""
    matrix = changes.matrix
    places = np.argwhere(matrix)
    sizes = matrix[matrix > 0]
    order = np.argsort(-sizes, kind="stable")
    rows = [["before", "after", "customers"]]
    for k in order[:_MOST_CELLS].tolist():
        one, other = places[k].tolist()
        rows.append([changes.names_before[one], changes.names_after[other], f"{sizes[k]:,}"])
    text = aligned(rows, text_columns=2)
    left = order[_MOST_CELLS:]
    if len(left):
        text += f"\nand {counted(int(sizes[left].sum()), 'customers')} in {counted(len(left), 'smaller cells')}"
    return text
