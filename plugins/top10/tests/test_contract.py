"""The scorer `top10` keeps the contract: by default, and with another field, share and rule for ties."""

import custgrade as cg
from custgrade.planning import Policy
from custgrade.testing import PolicyContract, ScorerContract


class TestTop10(ScorerContract):
    """As it is without parameters."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("top10")


class TestTopFifthByRevenue(ScorerContract):
    """The top fifth by revenue; equal customers on the boundary are at the top, new customers are graded too."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("top10", by="revenue", share="1/5", ties="better", minimum_orders=0)


class TestFairTreatment(PolicyContract):
    """The policy `fair-treatment`, without parameters."""

    def policy(self) -> Policy:
        return cg.policy("fair-treatment")
