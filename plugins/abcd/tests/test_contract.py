"""The scorer `abcd` keeps the contract: by thresholds, and by shares with a further criterion."""

import custgrade as cg
from custgrade.planning import Policy
from custgrade.testing import PolicyContract, ScorerContract


class TestAbcd(ScorerContract):
    """As it is without parameters."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("abcd")


class TestBySharesWithReferrals(ScorerContract):
    """Letters by shares of customers; referrals earn points too."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer(
            "abcd",
            criteria={"referrals": {"weight": 1, "worst": 0, "best": 5}},
            shares=["0.1", "0.2", "0.3", "0.4"],
        )


class TestIdealMix(PolicyContract):
    """The policy `ideal-mix`, without parameters."""

    def policy(self) -> Policy:
        return cg.policy("ideal-mix")
