"""The actions of a plan as a table: a row for each customer and action."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.converters import locked
from custgrade.data.output_columns import CodedTexts, OutputColumn, identity_columns
from custgrade.model.native_frame import AsFrame
from custgrade.planning.action_blocks import ActionBlock, action_blocks
from custgrade.planning.assigned import Assigned
from custgrade.planning.rewarding import STATES
from custgrade.planning.schedule import NEVER


@frozen(slots=False, eq=False, repr=False)
class PlanActions(AsFrame):
    """The actions of a plan that are due until the end of its horizon.

    They stand by block: the offers of each grade, then the rewards, then all other actions, and within a block in the
    order of the base.

    base: the customers. policy: the policy's name. rows: the position of each action's customer, uint32 of shape (m,).
    block: the position of each action's block, uint32 of shape (m,). due: datetime64[D]. states: uint8, positions in
    `STATES`. money, hours: float64, NaN where there are none. blocks: what all actions of a block have in common, as
    columns.
    """

    base: CustomerBase
    policy: str
    rows: npt.NDArray[np.uint32] = field(converter=locked)
    block: npt.NDArray[np.uint32] = field(converter=locked)
    due: npt.NDArray[np.datetime64] = field(converter=locked)
    states: npt.NDArray[np.uint8] = field(converter=locked)
    money: npt.NDArray[np.float64] = field(converter=locked)
    hours: npt.NDArray[np.float64] = field(converter=locked)
    blocks: tuple[tuple[str, str, str, str, int, np.datetime64 | None], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the columns without id and name, by name.

        kind: of the action, or `offer`, or the kind of the reward. item: its name in the policy. number: which time it
        is, from 1 on. due: the day. until: the last day to answer. state: `due`, `upcoming`, or `waits` for the budget.
        money: the rise of the offer over the base's period, or the value of the reward. hours: the work. treatment: the
        grade of the policy. what: a sentence. done_on: empty, for the day on which it was done.
        """
        kinds, items, whats, grades, numbers, days = zip(*self.blocks, strict=True) if self.blocks else [()] * 6
        until = np.array([NEVER if day is None else day for day in days], dtype="datetime64[D]")
        size = len(self)
        return {
            "kind": CodedTexts(kinds, self.block),
            "item": CodedTexts(items, self.block),
            "number": np.array(numbers, dtype=np.int32)[self.block],
            "due": self.due,
            "until": until[self.block],
            "state": CodedTexts(STATES, self.states),
            "money": self.money,
            "hours": self.hours,
            "treatment": CodedTexts(grades, self.block),
            "policy": CodedTexts((self.policy,), np.zeros(size, dtype=np.uint8)),
            "what": CodedTexts(whats, self.block),
            "done_on": np.full(size, NEVER),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return `customer_id`, `name` where the base has names, and the columns, by name, as numpy arrays."""
        return {
            name: texts[self.rows] for name, texts in identity_columns(self.base.ids, self.base.names).items()
        } | self.columns()

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write a row per action to a .csv or .parquet file, which is replaced in one step.

        In CSV, an apostrophe stands before texts that a spreadsheet would run or change; see `Plan.write`.

        Raises OutputError.
        """
        from custgrade.export.customer_rows import write_customer_rows

        write_customer_rows(path, identity_columns(self.base.ids, self.base.names), self.output_columns(), self.rows)

    def __repr__(self) -> str:
        return f"<PlanActions: {len(self):,} actions of {self.policy}>"


def actions_of(plan: Assigned) -> PlanActions:
    """Return the actions of a plan that are due until the end of its horizon."""
    blocks = list(action_blocks(plan))
    grades = [grade for grade, _ in plan.policy.by_place]
    sizes = [len(one.rows) for one in blocks]

    def joined(parts: Iterator[Any], dtype: str) -> npt.NDArray[Any]:
        found = np.empty(sum(sizes), dtype=dtype)
        first = 0
        for part, size in zip(parts, sizes, strict=True):
            found[first : first + size] = np.nan if part is None else part
            first += size
        return found

    def common(one: ActionBlock) -> tuple[str, str, str, str, int, np.datetime64 | None]:
        return one.kind, one.item, one.what, grades[one.place], one.number, one.until

    return PlanActions(
        base=plan.graded.base,
        policy=plan.policy.name,
        rows=joined((one.rows for one in blocks), "uint32"),
        block=joined(iter(range(len(blocks))), "uint32"),
        due=joined((one.due for one in blocks), "datetime64[D]"),
        states=joined((one.states for one in blocks), "uint8"),
        money=joined((one.money for one in blocks), "float64"),
        hours=joined((one.hours for one in blocks), "float64"),
        blocks=tuple(map(common, blocks)),
    )
