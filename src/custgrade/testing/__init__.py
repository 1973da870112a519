"""The correctness contract as tests that the author of a scorer inherits, and strategies for nasty customer bases.

    from custgrade.testing import ScorerContract

    class TestLoyal(ScorerContract):
        def scorer(self):
            return loyal(minimum=3)

Needs pytest, Hypothesis and time-batch_grader: `pip install 'custgrade[testing]'`.
"""

from importlib import import_module

from custgrade.errors import MissingExtraError

try:
    for _package in ("hypothesis", "pytest", "time_machine"):
        import_module(_package)
except ImportError as error:
    raise MissingExtraError(
        f"custgrade.testing needs pytest, Hypothesis and time-batch_grader, and {error.name!r} is not installed: "
        "pip install 'custgrade[testing]'"
    ) from error

from custgrade.testing.bases import customer_bases, field_columns, field_values
from custgrade.testing.broken import ContractBrokenError
from custgrade.testing.contract import ScorerContract

__all__ = ["ContractBrokenError", "ScorerContract", "customer_bases", "field_columns", "field_values"]
