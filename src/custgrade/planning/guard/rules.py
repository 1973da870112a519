"""The rules of the guard, and their breaches."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from custgrade.data.converters import read_only
from custgrade.text import counted


@frozen
class Rule:
    """A rule of the guard.

    id: R01, R02 … name: what holds, in a word. why: a sentence. source: where the rule comes from. warns: whether a
    breach is a warning instead of an error. waivable: whether a waiver may allow a breach.
    """

    id: str
    name: str
    why: str
    source: str
    warns: bool = False
    waivable: bool = True

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


_RULES = (
    Rule(
        "R01",
        "base-level",
        "No customer is treated badly: everybody gets at least the base level.",
        "seed 003",
        waivable=False,
    ),
    Rule(
        "R02", "base-is-decent", "A base level that is slow service drives customers away by another name.", "seed 003"
    ),
    Rule("R03", "service-never-rises", "Customers who bring more are never served worse.", "seed 003"),
    Rule("R04", "rewards-never-rise", "Rewards thank the best customers; the others get incentives.", "seeds 003, 004"),
    Rule("R05", "terms-never-improve", "Discounts, payment days and deposits are part of the treatment.", "seed 003"),
    Rule("R06", "price-by-offer", "A price changes only by an offer, which a customer can decline.", "seeds 002, 003"),
    Rule("R07", "explained", "Sit down with customers and explain before asking for more.", "seeds 002, 003"),
    Rule("R08", "window", "Customers have two to four weeks to sign or decline.", "seed 002"),
    Rule("R09", "notice", "Customers have time before a change; our notice is no shorter than theirs.", "seed 002"),
    Rule(
        "R10",
        "release-by-transition",
        "Business ends by referral to a partner: dated, with a scope, and never at once.",
        "seeds 002, 003",
        waivable=False,
    ),
    Rule("R11", "silence-is-no-yes", "No answer is not a signature.", "seed 002"),
    Rule("R12", "way-up", "Tell customers what they can do to be treated better.", "seed 003"),
    Rule("R13", "unknown-is-not-bad", "Customers we know little of may be trying us out: ask them.", "seed 003"),
    Rule("R14", "consent", "Only customers who agreed are shown to others.", "seed 004", waivable=False),
    Rule("R15", "lists-reach-up", "A shortlist with rewards is open to every better grade too.", "seeds 003, 004"),
    Rule(
        "R16",
        "incentive-is-earned",
        "An incentive is for reaching a better grade; otherwise it is a reward.",
        "seeds 003, 004",
    ),
    Rule("R17", "alternatives", "Offer alternatives beside a higher price or an end.", "seed 003"),
    Rule("R18", "not-more-than-fair", "A rise that nobody can accept is a way to send customers away.", "seed 003"),
    Rule(
        "R19",
        "service-goes-on",
        "The base level holds during an offer, in a package, and in a transition.",
        "seed 003",
        waivable=False,
    ),
    Rule("R20", "own-faults-first", "We mend our own faults before we ask for more or part.", "Hill; Sprint 2007"),
    Rule("R21", "gifts-have-a-limit", "Gifts beyond a limit are bribes.", "GIACC"),
    Rule("R22", "promises-kept", "Hours that are promised must exist.", "TDABC, practical capacity", warns=True),
    Rule(
        "R23", "equal-in-effect", "Groups of customers are repriced and released alike.", "four-fifths rule", warns=True
    ),
    Rule("R24", "not-dearer-than-new", "A customer never pays more for a package than a new customer.", "FCA 2022"),
    Rule("R25", "no-labels-outside", "Texts for customers have no grade, rank or belittling word.", "seed 003"),
)

RULES: Mapping[str, Rule] = read_only({rule.id: rule for rule in _RULES})
"""The rules by id, read-only."""


@frozen
class Breach:
    """A breach of a rule.

    rule: the id. grade: the grade of the policy, or `base`. what: what was found, with the numbers. mend: what to do.
    customers: how many customers; 0 for a breach of the policy itself. path: the keys of the part in a policy file.
    place: the file and line of the part; empty for a policy that isn't from a file.
    """

    rule: str
    grade: str
    what: str
    mend: str
    customers: int = 0
    path: tuple[str, ...] = field(default=(), eq=False)
    place: str = field(default="", eq=False)

    @property
    def warns(self) -> bool:
        """Whether the breach is a warning."""
        return RULES[self.rule].warns

    def __str__(self) -> str:
        who = f" ({counted(self.customers, 'customers')})" if self.customers else ""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{RULES[self.rule]}, {self.grade}{who}: {self.what}. {self.mend}"
