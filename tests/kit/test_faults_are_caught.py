"""The kit catches faulty scorers, each by the check that names its fault."""

import sys
from pathlib import Path

import pytest

from custgrade.testing import ContractBrokenError, ScorerContract

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_models import FAULTY_MODELS
    from faulty_scores import FAULTY_SCORES
finally:
    sys.path.pop(0)

FAULTY = {**FAULTY_SCORES, **FAULTY_MODELS}


def contract_of(make):
    class Contract(ScorerContract):
        def scorer(self):
            return make()

    return Contract()


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_caught_by_the_check_that_names_it(name):
    """The check that the fault is about fails, in the words of the contract."""
    faulty = FAULTY[name]
    with pytest.raises(ContractBrokenError) as caught:
        getattr(contract_of(faulty.make), faulty.check)()
    message = str(caught.value)
    assert faulty.words in message
    assert "the scorer breaks promise" in message
    assert "the contract: " in message
