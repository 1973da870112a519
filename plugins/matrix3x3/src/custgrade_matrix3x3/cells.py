"""The nine cells of the policy `sales-service-mix`: a strategy for each, and its shares of both efforts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

SIZES = ("Large", "Medium", "Small")
LEVELS = ("High", "Mid", "Low")
MAINTAIN, MOVE_UP, CUT = "maintain at lower cost", "move up", "cut expense"


@frozen
class Cell:
    """What is done for the customers of a cell.

    strategy: `MAINTAIN`, `MOVE_UP` or `CUT`. what: the strategy for sales and for service, a sentence. sales: a share
    of the sales hours of the cell with the most. service: a share of the service hours of the best cell. waiting: a
    multiple of the response time of the best cell. desk: who serves. silence_days: the longest time without an order or
    a contact.
    """

    strategy: str
    what: str
    sales: float
    service: float
    waiting: float
    desk: str
    silence_days: int

    @property
    def goal(self) -> str:
        """The goal of the cell's treatment."""
        return f"{self.strategy}: {self.what}"


_RANGE = "show more of the range, and solve questions quickly"

NINE: Mapping[str, Cell] = MappingProxyType(
    {
        "Large/High": Cell(MAINTAIN, "fewer sales calls, and the best service", 0.3, 1.0, 1.0, "named person", 30),
        "Large/Mid": Cell(MOVE_UP, "sell what leaves more, and serve well", 0.6, 0.8, 1.5, "named person", 45),
        "Large/Low": Cell(CUT, "fewer visits, and service that is agreed on", 0.2, 0.5, 2.0, "team", 60),
        "Medium/High": Cell(MOVE_UP, "advise them, so that they buy more", 0.8, 0.6, 2.0, "team", 45),
        "Medium/Mid": Cell(MOVE_UP, _RANGE, 0.6, 0.5, 2.0, "team", 60),
        "Medium/Low": Cell(CUT, "orders online, and service by the team", 0.2, 0.3, 3.0, "team", 90),
        "Small/High": Cell(MOVE_UP, "advise them, so that they buy more", 1.0, 0.4, 3.0, "team", 45),
        "Small/Mid": Cell(MOVE_UP, _RANGE, 0.5, 0.3, 3.0, "team", 90),
        "Small/Low": Cell(MAINTAIN, "orders and answers online", 0.1, 0.2, 4.0, "shared desk", 120),
    }
)
"""The cells by the name of the grade. Service never rises from a cell to one that is worse on either axis."""
