"""The steps of a plan's actions, and what is recorded when they are done."""

from __future__ import annotations

from types import MappingProxyType

from custgrade.events.kinds import ACTS, REWARDS

MOVE_OF = MappingProxyType(
    {
        "explain": "explained",
        "offer": "offered",
        "remind": "reminded",
        "call": "contacted",
        "refer": "referred",
        "transition": "transition",
        "end": "ended",
        "withdraw": "withdrawn",
    }
)
"""The event that is recorded when a step of an offer is done."""
ANSWER = "answer"
"""The step that is recorded as what the customer said."""
ANSWERS = ("signed", "declined")
DONE_AS = (*MOVE_OF, ANSWER, *REWARDS, *ACTS)
"""The kinds of a plan's actions."""
PAID = (*REWARDS, "explain", "offer")
"""The kinds of actions whose money is recorded."""
SHIFTED = ("offer", "transition")
"""The steps whose last day is counted from the day on which they are done."""
AFTER_CALL = 14
"""Days from a call about an offer that lapsed to the referral."""
