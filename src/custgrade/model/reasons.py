"""The reasons why customers are ungraded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.model.batch_grader import BatchGrader
from custgrade.selection.select import Codes

UNKNOWN = "unknown: "
"""The start of a reason that names unknown fields."""

ReasonCodes = npt.NDArray[np.uint32]


class Reasons:
    """A collection of reasons: `texts[code]` is the reason of a code; code 0, an empty text, means graded."""

    def __init__(self, batch_grader: BatchGrader) -> None:
        self._batch_grader = batch_grader
        self._fields = known_fields(batch_grader.scorer.fields)
        self.texts: list[str] = [""]
        self._code: dict[str, int] = {"": 0}

    def assign(self, columns: Mapping[str, Any], codes: Mapping[str, Codes]) -> ReasonCodes:
        """Return the reason codes of a batch, uint32 of shape (n,), from the codes of its axes.

        The first reason that applies counts: evidence in its order, then axes in their order.
        """
        length = len(next(iter(codes.values())))
        result = np.zeros(length, dtype=np.uint32)
        ungraded = np.zeros(length, dtype=bool)
        for code in codes.values():
            ungraded |= code == UNGRADED
        rows = np.flatnonzero(ungraded)
        if not len(rows):
            return result
        scorer = self._batch_grader.scorer
        some = self._batch_grader.columns({name: columns[name][rows] for name in scorer.inputs})
        found = np.zeros(len(rows), dtype=np.uint32)
        for item, condition in zip(scorer.evidence, scorer.conditions, strict=True):
            failing = (found == 0) & ~np.asarray(condition(some), dtype=bool)
            self._explain(found, failing, some, condition.reads, item.reason)
        for axis in scorer.axes:
            if axis.name not in codes:
                continue
            missing = (found == 0) & (codes[axis.name][rows] == UNGRADED)
            if not missing.any():
                continue
            score = self._batch_grader.raw_score(axis.name, some)
            reads = scorer.scores[axis.name].reads
            self._explain(found, missing & np.isnan(score), some, reads, f"the {axis.name} score is not defined")
            infinite = missing & np.isinf(score)
            for name in reads:
                if name in some and name not in scorer.learned_scores:
                    self._put(found, infinite & (found == 0) & np.isinf(some[name]), f"{name} is infinite")
            self._put(found, infinite & (found == 0), f"the {axis.name} score is not a finite number")
            whom = f"no customer of the same {axis.within}" if axis.within else "no customer"
            self._put(found, missing & (found == 0), f"{whom} to compare {axis.name} with")
        result[rows] = found
        return result

    def _put(self, found: ReasonCodes, rows: npt.NDArray[np.bool_], text: str) -> None:
        if rows.any():
            if text not in self._code:
                self._code[text] = len(self.texts)
                self.texts.append(text)
            found[rows] = self._code[text]

    def _explain(
        self,
        found: ReasonCodes,
        rows: npt.NDArray[np.bool_],
        columns: Mapping[str, Any],
        reads: Iterable[str],
        otherwise: str,
    ) -> None:
        """Give these rows the reason `unknown: <fields>`, or `otherwise` where every field that is read is known."""
        at = np.flatnonzero(rows)
        if not len(at):
            return
        unknown = {name: mask[at] for name, mask in self.unknown(columns, reads).items()}
        names = [name for name, mask in unknown.items() if mask.any()][:62]
        pattern = np.zeros(len(at), dtype=np.int64)
        for bit, name in enumerate(names):
            pattern |= unknown[name].astype(np.int64) << bit
        for value in np.unique(pattern).tolist() if names else [0]:
            listed = ", ".join(name for bit, name in enumerate(names) if value >> bit & 1)
            chosen = np.zeros(len(found), dtype=bool)
            chosen[at[pattern == value]] = True
            self._put(found, chosen, f"{UNKNOWN}{listed}" if listed else otherwise)

    def unknown(self, columns: Mapping[str, Any], reads: Iterable[str]) -> dict[str, npt.NDArray[np.bool_]]:
        """Return where each field is unknown; a derived field counts as unknown only where all its parts are known."""
        unknown: dict[str, npt.NDArray[np.bool_]] = {}
        for name in reads:
            learned = self._batch_grader.scorer.learned_scores.get(name)
            if learned is not None:
                unknown.update(self.unknown(columns, learned.reads))
                continue
            parts = self._fields[name].parts if name in self._fields else ()
            unknown.update({part: np.isnan(columns[part]) for part in parts or (name,)})
            if parts:
                unknown[name] = np.isnan(columns[name])
                for part in parts:
                    unknown[name] = unknown[name] & ~unknown[part]
        return unknown
