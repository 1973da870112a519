"""The rules of the guard, and their breaches."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import read_only
from custgrade.text import counted

BASE, PACKAGES, ALL = "base", "packages", "all grades"
"""What a breach that isn't of one grade has as its grade: the base level, a package, or the whole base."""

_UNPROFITABLE = "fair treatment of unprofitable customers"
_FLOORS = "agreements with customers below a profitability floor"
_GOLDEN = "rewards for the best customers"


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
        _UNPROFITABLE,
        waivable=False,
    ),
    Rule(
        "R02",
        "base-is-decent",
        "A base level that is slow service drives customers away by another name.",
        _UNPROFITABLE,
    ),
    Rule("R03", "service-never-rises", "Customers who bring more are never served worse.", _UNPROFITABLE),
    Rule(
        "R04",
        "rewards-never-rise",
        "Rewards thank the best customers; the others get incentives.",
        f"{_UNPROFITABLE}; {_GOLDEN}",
    ),
    Rule(
        "R05", "terms-never-improve", "Discounts, payment days and deposits are part of the treatment.", _UNPROFITABLE
    ),
    Rule(
        "R06",
        "price-by-offer",
        "A price changes only by an offer, which a customer can decline.",
        f"{_FLOORS}; {_UNPROFITABLE}",
    ),
    Rule(
        "R07",
        "explained",
        "Sit down with customers and explain before asking for more.",
        f"{_FLOORS}; {_UNPROFITABLE}",
    ),
    Rule("R08", "window", "Customers have two to four weeks to sign or decline.", _FLOORS),
    Rule("R09", "notice", "Customers have time before a change; our notice is no shorter than theirs.", _FLOORS),
    Rule(
        "R10",
        "release-by-transition",
        "Business ends by referral to a partner: dated, with a scope, and never at once.",
        f"{_FLOORS}; {_UNPROFITABLE}",
        waivable=False,
    ),
    Rule("R11", "silence-is-no-yes", "No answer is not a signature.", _FLOORS),
    Rule("R12", "way-up", "Customers are told what they can do to be treated better.", _UNPROFITABLE),
    Rule("R13", "unknown-is-not-bad", "Customers we know little of may be trying us out: ask them.", _UNPROFITABLE),
    Rule("R14", "consent", "Only customers who agreed are shown to others.", _GOLDEN, waivable=False),
    Rule(
        "R15",
        "lists-reach-up",
        "A shortlist with rewards is open to every better grade too.",
        f"{_UNPROFITABLE}; {_GOLDEN}",
    ),
    Rule(
        "R16",
        "incentive-is-earned",
        "An incentive is for reaching a better grade; otherwise it is a reward.",
        f"{_UNPROFITABLE}; {_GOLDEN}",
    ),
    Rule("R17", "alternatives", "A higher price or an end comes with alternatives.", _UNPROFITABLE),
    Rule("R18", "not-more-than-fair", "A rise that nobody can accept is a way to send customers away.", _UNPROFITABLE),
    Rule(
        "R19",
        "service-goes-on",
        "The base level holds during an offer, in a package, and in a transition.",
        _UNPROFITABLE,
        waivable=False,
    ),
    Rule(
        "R20",
        "own-faults-first",
        "We mend our own faults before we ask for more or part.",
        "Graham Hill's questions before a customer is let go; Sprint's letters to 1,000 customers in 2007, of whom "
        "some had called because of its own billing errors",
    ),
    Rule(
        "R21",
        "gifts-have-a-limit",
        "Gifts beyond a limit are bribes.",
        "Global Infrastructure Anti-Corruption Centre (GIACC), guidance on gifts",
    ),
    Rule(
        "R22",
        "promises-kept",
        "Hours that are promised must exist.",
        "time-driven activity-based costing: practical capacity",
        warns=True,
    ),
    Rule(
        "R23",
        "equal-in-effect",
        "Groups of customers are repriced and released alike.",
        "four-fifths rule of the US Uniform Guidelines on Employee Selection Procedures",
        warns=True,
    ),
    Rule(
        "R24",
        "not-dearer-than-new",
        "A customer never pays more for a package than a new customer.",
        "UK Financial Conduct Authority, pricing rules of 2022: a renewal is no dearer than for a new customer",
    ),
    Rule("R25", "no-labels-outside", "Texts for customers have no grade, rank or belittling word.", _UNPROFITABLE),
    Rule(
        "R26",
        "served-by-grade",
        "Customers who bring more are not served worse by the effect of a function, a list or a budget.",
        _UNPROFITABLE,
        warns=True,
    ),
)

RULES: Mapping[str, Rule] = read_only({rule.id: rule for rule in _RULES})
"""The rules by id, read-only."""


@frozen
class Breach:
    """A breach of a rule.

    rule: the id. grade: the grade of the policy or of the mapped scale; `ungraded`, `base`, `packages`, or `all grades`
    for what isn't of one grade. what: what was found, with the numbers. mend: what to do. customers: how many
    customers; 0 for a breach of the policy itself. path: the keys of the part in a policy file. place: the file and
    line of the part; empty for a policy that isn't from a file. rows: the positions of the customers, ascending, intp
    of shape (customers,); None for a breach of the policy itself.
    """

    rule: str
    grade: str
    what: str
    mend: str
    customers: int = 0
    path: tuple[str, ...] = field(default=(), eq=False)
    place: str = field(default="", eq=False)
    rows: npt.NDArray[np.intp] | None = field(default=None, eq=False, repr=False)

    @property
    def warns(self) -> bool:
        """Whether the breach is a warning."""
        return RULES[self.rule].warns

    def __str__(self) -> str:
        who = f" ({counted(self.customers, 'customers')})" if self.customers else ""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{RULES[self.rule]}, {self.grade}{who}: {self.what}. {self.mend}"
