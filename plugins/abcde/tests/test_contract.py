"""The scorer `abcde` keeps the contract: by default, and where little is best and evidence is asked for."""

import custgrade as cg
from custgrade.testing import ScorerContract


class TestAbcde(ScorerContract):
    """As it is without parameters."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("abcde")


class TestByDaysLate(ScorerContract):
    """The fewest days late are best; customers with one order are ungraded."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("abcde", by="days_late", best="lowest", minimum_orders=2)
