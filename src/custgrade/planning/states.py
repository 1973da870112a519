"""The states of what is to be done, and why something waits."""

from __future__ import annotations

DUE, UPCOMING, WAITS = range(3)
STATES = ("due", "upcoming", "waits")

REASONS = (
    "",
    "the budget",
    "an offer is under way",
    "the limit of gifts a year",
    "the limit of contacts",
    "put off",
)
NO_REASON, BUDGET, OFFER_OPEN, YEAR, CONTACT_LIMIT, PUT_OFF = range(len(REASONS))
"""Why something waits."""
