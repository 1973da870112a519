"""The columns of a plan's actions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked
from custgrade.planning.assigned import Assigned


@frozen(slots=False, eq=False, repr=False)
class ActionTable:
    """The actions of a plan as columns.

    plan: the plan. rows: the position of each action's customer, uint32 of shape (m,). block: the position of each
    action's block, uint32 of shape (m,). due, until: datetime64[D]. number: int32. states, reasons, changes: uint8,
    positions in `STATES`, `REASONS` and `CHANGES`. money, hours: float64, NaN where there are none. blocks: the kind,
    the item, the sentence and the treatment of each block. terms: of an offer that is made, positions in `terms_texts`,
    int32; 0 for none.
    """

    plan: Assigned
    rows: npt.NDArray[np.uint32] = field(converter=locked)
    block: npt.NDArray[np.uint32] = field(converter=locked)
    due: npt.NDArray[np.datetime64] = field(converter=locked)
    number: npt.NDArray[np.int32] = field(converter=locked)
    states: npt.NDArray[np.uint8] = field(converter=locked)
    reasons: npt.NDArray[np.uint8] = field(converter=locked)
    changes: npt.NDArray[np.uint8] = field(converter=locked)
    money: npt.NDArray[np.float64] = field(converter=locked)
    hours: npt.NDArray[np.float64] = field(converter=locked)
    until: npt.NDArray[np.datetime64] = field(converter=locked)
    blocks: tuple[tuple[str, str, str, str], ...]
    terms: npt.NDArray[np.int32] = field(converter=locked)
    terms_texts: tuple[str, ...]
    revision: int | None = None

    def __len__(self) -> int:
        return len(self.rows)
