"""The scorer `matrix3x3` keeps the contract: by margin, by profit with shares of revenue, and by the estimate."""

import custgrade as cg
from custgrade.planning import Policy
from custgrade.testing import PolicyContract, ScorerContract


class TestMatrix3x3(ScorerContract):
    """As it is without parameters."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("matrix3x3")


class TestValueSharesByProfit(ScorerContract):
    """Both axes cut by shares of revenue, the second by the amount of profit."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer(
            "matrix3x3",
            size_cut="value shares",
            size_at=["0.8", "0.15", "0.05"],
            profitability="profit",
            level_cut="value shares",
        )


class TestEstimate(ScorerContract):
    """The second axis from the owner's ratings."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("matrix3x3", profitability="estimate")


class TestSalesServiceMix(PolicyContract):
    """The policy `sales-service-mix`, without parameters."""

    def policy(self) -> Policy:
        return cg.policy("sales-service-mix")
