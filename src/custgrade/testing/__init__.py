"""The correctness contract as tests that the author of a scorer inherits, and strategies for customer bases.

    from custgrade.testing import ScorerContract

    class TestLoyal(ScorerContract):
        def scorer(self):
            return loyal(minimum=3)

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
from custgrade.testing.promises import ContractBrokenError

__all__ = ["ContractBrokenError", "ScorerContract", "customer_bases", "field_columns", "field_values"]
