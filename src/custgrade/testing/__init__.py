"""Contracts as tests that authors of scorers and policies inherit, and strategies for customers.

    from custgrade.testing import ScorerContract

    class TestLoyal(ScorerContract):
        def scorer(self):
            return loyal(minimum=3)

    from custgrade.testing import PolicyContract

    class TestThanks(PolicyContract):
        def policy(self):
            return thanks(budget=500)

It needs pytest, Hypothesis and time-machine: `pip install 'custgrade[testing]'`.
"""

from importlib import import_module

from custgrade.errors import MissingExtraError

try:
    for _package in ("hypothesis", "pytest", "time_machine"):
        import_module(_package)
except ImportError as error:
    raise MissingExtraError(
        f"custgrade.testing needs pytest, Hypothesis and time-machine, and {error.name!r} is not installed: "
        "pip install 'custgrade[testing]'"
    ) from error

from custgrade.testing.bases import customer_bases, field_columns, field_values
from custgrade.testing.contract import ScorerContract
from custgrade.testing.graded_customers import graded_customers
from custgrade.testing.policy_contract import PolicyContract
from custgrade.testing.promises import ContractBrokenError

__all__ = [
    "ContractBrokenError",
    "PolicyContract",
    "ScorerContract",
    "customer_bases",
    "field_columns",
    "field_values",
    "graded_customers",
]
