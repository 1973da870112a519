"""The scorer `floors` keeps the contract: with proposed floors, and with decided ones and a ceiling."""

import custgrade as cg
from custgrade.planning import Policy
from custgrade.testing import PolicyContract, ScorerContract


class TestFloors(ScorerContract):
    """As it is without parameters: every floor is proposed from the data."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer("floors")


class TestDecidedFloorsAndACeiling(ScorerContract):
    """Floors that the owner decided, one field where less is better, and two floors that may be missed."""

    def scorer(self) -> cg.Scorer:
        return cg.scorer(
            "floors",
            floors={"average_sale": 150, "margin": 0.2, "revenue": 1000},
            ceilings={"days_late": 30},
            near=2,
        )


class TestPackages(PolicyContract):
    """The policy `packages`, without parameters."""

    def policy(self) -> Policy:
        return cg.policy("packages")
