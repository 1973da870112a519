"""The scorer `abcde` keeps the contract: by default, and where little is best and evidence is asked for."""

import custgrade as cg
from custgrade.planning import Policy
from custgrade.testing import PolicyContract, ScorerContract


class TestAbcde(ScorerContract):
    """As it is without parameters."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("abcde")


class TestByDaysLate(ScorerContract):
    """The fewest days late are best; customers with one order are ungraded."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("abcde", by="days_late", best="lowest", minimum_orders=2)


class TestGoldenList(PolicyContract):
    """The policy `golden-list`, without parameters."""

    def policy(self) -> Policy:
        return cg.policy("golden-list")
