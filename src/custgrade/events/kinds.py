"""The kinds of events, and which of them reach a customer."""

from __future__ import annotations

MOVES = (
    "explained",
    "offered",
    "reminded",
    "declined",
    "contacted",
    "referred",
    "transition",
    "signed",
    "withdrawn",
    "closed",
    "ended",
)
"""What happens to an offer, in an order in which moves of one day can follow each other."""
OVER = ("signed", "withdrawn", "closed", "ended")
"""The moves after which a round of an offer is over."""

REWARDS = ("gift", "outing", "event", "discount", "newsletter", "thanks", "showcase")
GIFTS = ("gift", "outing", "event")
"""The kinds of rewards that customers with no_gifts = 1 don't get, and that wait while an offer is under way."""

ACTIONS = (
    "contact",
    "ask",
    "tell",
    "try",
    "review",
    "survey",
    "cross-sell",
    "consult",
    "automate",
    "thank",
    "sit-down",
    "mend",
)
NOTICE, TAKE_DOWN, APPLY = "notice", "take-down", "apply"
"""Actions of the core: notice of less service, taking down a showcase, and putting a signed offer into effect."""
ACTS = (*ACTIONS, NOTICE, TAKE_DOWN, APPLY)

ENTERED, CONSENT, SNOOZE, RUN = "entered", "consent", "snooze", "run"
RECORDS = (ENTERED, CONSENT, SNOOZE, RUN)
"""What else is recorded: a treatment that was entered, consent, an item that was put off, and a plan that was made."""

KINDS = (*MOVES, *REWARDS, *ACTS, *RECORDS)

CONTACTS = (
    "explained",
    "offered",
    "reminded",
    "contacted",
    "gift",
    "outing",
    "event",
    "newsletter",
    "thanks",
    "contact",
    "ask",
    "tell",
    "try",
    "survey",
    "cross-sell",
    "consult",
    "thank",
    "sit-down",
    NOTICE,
)
"""The kinds that reach the customer, for the limit of contacts and for who is out of sight."""

GROUPS = {
    **dict.fromkeys(MOVES, "offer"),
    **dict.fromkeys(REWARDS, "reward"),
    **dict.fromkeys(ACTS, "act"),
    # it has the name of an offer, and an action may have the same one
    APPLY: APPLY,
    **{kind: kind for kind in RECORDS},
}
"""The group of each kind. Events of a customer with the same group and name are numbered together."""
