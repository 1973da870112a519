"""The actions of a plan as a table: a row for each customer and action."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.output_columns import CodedTexts, OutputColumn, identity_columns
from custgrade.events.batch import Batch
from custgrade.model.native_frame import AsFrame
from custgrade.planning.action_block import CHANGES, ActionBlock
from custgrade.planning.action_blocks import action_blocks
from custgrade.planning.action_table import ActionTable
from custgrade.planning.assigned import Assigned
from custgrade.planning.digest import SHOWN, policy_digest
from custgrade.planning.doing import doing
from custgrade.planning.schedule import NEVER
from custgrade.planning.states import REASONS, STATES

_COLUMNS = {
    "rows": "uint32",
    "due": "datetime64[D]",
    "number": "int32",
    "states": "uint8",
    "reasons": "uint8",
    "changes": "uint8",
    "money": "float64",
    "hours": "float64",
    "until": "datetime64[D]",
}
"""The columns that blocks have, and their types."""


@frozen(slots=False, eq=False, repr=False)
class PlanActions(ActionTable, AsFrame):
    """The actions of a plan that are due until the end of its horizon: a row for each customer and action.

    They stand by block: the offers of each grade, then the rewards, then all other actions, and within a block in the
    order of the base. `ActionTable` says what the columns are.
    """

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the columns without id and name, by name.

        kind: of the action, or of the reward, or the step of an offer. item: its name in the policy. number: which time
        it is in the log, from 1 on; of an offer, the round. Together with the customer they are the key of the event.
        due: the day. until: the last day to answer, or of a transition. state: `due`, `upcoming` or `waits`. why: why
        it waits. change: `new`, `open`, `changed` or `close`. money: the rise of the offer over the base's period, or
        the value of the reward. hours: the work. treatment: the grade of the policy. what: a sentence. done_on, answer,
        note: empty, for the day on which it was done, the answer to an offer (`signed` or `declined`), and a remark.
        planned_on, version, revision: the day of the plan, the first characters of the policy's digest, and the
        revision of the log. terms: those of an offer that is made, as JSON.
        """
        kinds, items, whats, grades = zip(*self.blocks, strict=True) if self.blocks else [()] * 4
        size = len(self)

        def one(text: str) -> CodedTexts:
            return CodedTexts((text,), np.zeros(size, dtype=np.uint8))

        return {
            "kind": CodedTexts(kinds, self.block),
            "item": CodedTexts(items, self.block),
            "number": self.number,
            "due": self.due,
            "until": self.until,
            "state": CodedTexts(STATES, self.states),
            "why": CodedTexts(REASONS, self.reasons),
            "change": CodedTexts(CHANGES, self.changes),
            "money": self.money,
            "hours": self.hours,
            "treatment": CodedTexts(grades, self.block),
            "policy": one(self.plan.policy.name),
            "what": CodedTexts(whats, self.block),
            "done_on": np.full(size, NEVER),
            "answer": one(""),
            "note": one(""),
            "planned_on": np.broadcast_to(self.plan.dates.on, size),
            "version": one(policy_digest(self.plan.policy)[:SHOWN]),
            "revision": one("" if self.revision is None else str(self.revision)),
            "terms": CodedTexts(self.terms_texts, self.terms),
        }

    def done(
        self, on: str | dt.date, which: npt.NDArray[Any] | None = None, *, author: str = "", note: str = ""
    ) -> Batch:
        """Return the events that record actions as done, for `EventLog.add`, which checks them against the budgets.

        on: the day on which they were done. which: the actions, as positions or as truth values; by default those that
        are due. Answers of customers and what waits can't be recorded like this.

        Raises LogError for other actions than those that can be done.
        """
        return doing(self, on, which, author, note)

    def to_dict(self) -> dict[str, Any]:
        """Return `customer_id`, `name` where the base has names, and the columns, by name, as numpy arrays."""
        base = self.plan.graded.base
        return {
            name: texts[self.rows] for name, texts in identity_columns(base.ids, base.names).items()
        } | self.columns()

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write a row per action to a .csv or .parquet file, which is replaced in one step.

        In CSV, an apostrophe stands before texts that a spreadsheet would run or change; see `Plan.write`. With
        `done_on` or `answer` filled in, `custgrade events add` reads the file.

        Raises OutputError.
        """
        from custgrade.export.customer_rows import write_customer_rows

        base = self.plan.graded.base
        write_customer_rows(path, identity_columns(base.ids, base.names), self.output_columns(), self.rows)

    def __repr__(self) -> str:
        return f"<PlanActions: {len(self):,} actions of {self.plan.policy.name}>"


def actions_of(plan: Assigned, revision: int | None) -> PlanActions:
    """Return the actions of a plan that are due until the end of its horizon; revision: of its log."""
    blocks = list(action_blocks(plan))
    grades = [grade for grade, _ in plan.policy.by_place]
    sizes = [len(one.rows) for one in blocks]
    total = sum(sizes)
    columns = {name: np.empty(total, dtype=dtype) for name, dtype in _COLUMNS.items()}
    terms, texts = np.zeros(total, dtype=np.int32), {"": 0}
    first = 0
    for one, size in zip(blocks, sizes, strict=True):
        part = slice(first, first + size)
        for name, column in columns.items():
            column[part] = getattr(one, name)
        if one.terms is not None:
            said, codes = one.terms
            terms[part] = np.array([texts.setdefault(text, len(texts)) for text in said])[codes]
        first += size

    def common(one: ActionBlock) -> tuple[str, str, str, str]:
        return one.kind, one.item, one.what, grades[one.place]

    return PlanActions(
        plan=plan,
        block=np.repeat(np.arange(len(blocks), dtype=np.uint32), sizes),
        blocks=tuple(map(common, blocks)),
        terms=terms,
        terms_texts=tuple(texts),
        revision=revision,
        **columns,
    )
