"""What a policy assigns by the customers' data alone, whatever was done before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.errors import Hint, PolicyError
from custgrade.planning.choosing import members_of, packages_of
from custgrade.planning.customer_columns import CustomerColumns
from custgrade.planning.policy import Policy
from custgrade.text import listed


@frozen(eq=False)
class ByData:
    """What a policy assigns by the customers' data, the same with a log and without one.

    package: the position of each customer's package in the policy's packages, uint8; 255 for none. at_stake: money over
    the base's period, float64; NaN where unknown. shortlists: the members of each list, bool. notes: sentences.
    """

    package: npt.NDArray[np.uint8] = field(converter=locked)
    at_stake: npt.NDArray[np.float64] = field(converter=locked)
    shortlists: Mapping[str, npt.NDArray[np.bool_]] = field(converter=read_only)
    notes: tuple[str, ...]


def by_data(policy: Policy, treated: npt.NDArray[np.uint8], columns: CustomerColumns) -> ByData:
    """Return what a policy assigns by the customers' data.

    treated: the place of each customer's treatment.

    Raises PolicyError if an entitlement reads a column that the data lacks.
    """
    _check_entitlements(policy, columns)
    notes: list[str] = []
    return ByData(
        packages_of(policy, columns, len(treated)),
        _at_stake(policy, columns, len(treated)),
        {one.name: members_of(one, policy, treated, columns, notes) for one in policy.shortlists},
        tuple(notes),
    )


def _at_stake(policy: Policy, columns: CustomerColumns, size: int) -> npt.NDArray[np.float64]:
    if policy.at_stake is None:
        return np.full(size, np.nan)
    money = columns.values(policy.at_stake, np.arange(size))
    return np.where(np.isfinite(money), money, np.nan)


def _check_entitlements(policy: Policy, columns: CustomerColumns) -> None:
    """Raise PolicyError if an entitlement reads a column that the data lacks: it can't be promised to anybody."""
    levels = [("base", policy.base), *((grade, policy.level_of(one)) for grade, one in policy.by_place)]
    levels += [(f"package {one.name!r}", one.level) for one in policy.packages if one.level is not None]
    ends = [(grade, offer.transition) for grade, one in policy.by_place for offer in one.offers]
    levels += [(f"{grade}, transition", end.level) for grade, end in ends if end is not None and end.level is not None]
    for where, level in levels:
        for name, entitlement in level.entitlements().items():
            missing = [read for read in entitlement.amount.reads if read not in columns]
            if missing:
                raise PolicyError(
                    f"policy {policy.name!r}, {where}: {name} is computed from {listed(missing)}, "
                    "which the data lacks.",
                    Hint(
                        "Add the column to the base, or state a number.",
                        "Map the column with --column FIELD=COLUMN, or state a number in the policy.",
                    ),
                )
