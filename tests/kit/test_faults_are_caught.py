"""The kit catches faulty scorers, each by the check that names its fault."""

import sys
from pathlib import Path

import pytest

from custgrade.testing import ContractBrokenError, ScorerContract

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_fields import FAULTY_FIELDS, Average, average, loads_lazily
    from faulty_models import FAULTY_MODELS
    from faulty_scores import FAULTY_SCORES
finally:
    sys.path.pop(0)

FAULTY = {**FAULTY_SCORES, **FAULTY_MODELS, **FAULTY_FIELDS}


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
        try:
            getattr(contract_of(faulty.make), faulty.check)()
        except pytest.skip.Exception as skipped:
            pytest.fail(f"another check is said to have caught it: {skipped}")
    message = str(caught.value)
    assert faulty.words in message
    assert "the scorer breaks promise" in message
    assert "the contract: " in message


@pytest.mark.parametrize("check", ["test_9_what_is_left_out_is_named", "test_0_reads_only_declared_fields"])
def test_a_score_that_adapts_is_no_fault(check):
    """A score that does without fields as it should passes."""
    getattr(contract_of(lambda: average(Average)), check)()


def test_imports_and_source_lines_are_no_side_door():
    """A module that a score imports, and lines that the library reads, aren't data of the score's."""
    contract_of(loads_lazily).test_0_reads_only_declared_fields()
