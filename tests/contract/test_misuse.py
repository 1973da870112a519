"""The most natural slips get an error that says what to do, never an error of Python's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import custgrade as cg
from custgrade import functions
from custgrade.cuts import Count, FittedCut, TieBlocks
from custgrade.errors import CutError, FieldError, ModelFormatError, ModelScorerError, TracingError, UnknownNameError
from custgrade.plugins import Axis, Boundary, Evidence, Shares, Thresholds, default_registry

FRAME = pd.DataFrame({"customer_id": ["a", "b"], "profit": [1.0, 2.0]})
BASE = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0], "orders": [1.0, 2.0]})


def test_a_frame_is_no_base() -> None:
    """Fitting and grading a frame says which function takes frames."""
    with pytest.raises(FieldError, match=r"fit takes a CustomerBase; received a DataFrame\. .* grade\(frame"):
        cg.scorer("abcde").fit(FRAME)
    with pytest.raises(FieldError, match="grade takes a CustomerBase; received a DataFrame"):
        cg.scorer("abcde").fit(BASE).grade(FRAME)


@pytest.mark.parametrize("columns", [["customer_id"], "customer_id", 3])
def test_columns_are_a_mapping(columns: Any) -> None:
    """Columns given as a list are refused in words."""
    with pytest.raises(FieldError, match="give a mapping of fields to column names"):
        cg.read_customers(FRAME, columns)


def test_the_name_of_a_function_is_no_scorer() -> None:
    """In Python the function itself is given; the command line takes a module, not a file."""
    with pytest.raises(UnknownNameError, match=r"Give the function itself, not its name: from seg import rfv\."):
        cg.grade(FRAME, "seg:rfv")
    with pytest.raises(UnknownNameError) as caught:
        cg.scorer("seg.py:rfv")
    assert caught.value.for_command_line().endswith("Give the module and its function: seg:rfv.")


def test_each_id_is_named_once() -> None:
    """An id that three rows have is one id."""
    with pytest.raises(FieldError, match="more than once: 'a'; give"):
        cg.grade(pd.DataFrame({"customer_id": ["a", "a", "a"], "profit": [1.0, 2.0, 3.0]}), "abcde")


def test_types_have_their_article() -> None:
    """An int, not a int."""
    with pytest.raises(FieldError, match="received an int"):
        cg.explain(1, BASE)


@pytest.mark.parametrize(("given", "meant"), [("3", "003"), ("AB", "ab"), (" 003", "003")])
def test_an_id_without_its_zeros_or_in_capitals_is_guessed(given: str, meant: str) -> None:
    """What was lost in a spreadsheet is suggested."""
    with pytest.raises(FieldError, match=f"Did you mean '{meant}'"):
        cg.CustomerBase(["001", "003", "ab"], {"profit": [1.0, 2.0, 3.0]}).position_of(given)


def test_a_column_of_a_close_name_is_guessed() -> None:
    """A name in capitals is read; another close name in the data is put into the hint."""
    assert cg.read_customers(pd.DataFrame({"Customer ID": ["a"], "profit": [1.0]})).ids.tolist() == ["a"]
    with pytest.raises(FieldError) as caught:
        cg.read_customers(pd.DataFrame({"Customer Nr": ["a"], "profit": [1.0]}))
    assert 'Read it from \'Customer Nr\': columns={"customer_id": "Customer Nr"}.' in str(caught.value)
    assert "--column customer_id='Customer Nr'" in caught.value.for_command_line()


def test_a_mistyped_field_is_not_to_be_mapped() -> None:
    """With a near name there is one proposal: that name."""
    base = cg.read_customers(pd.DataFrame({"customer_id": ["a"], "town": ["b"], "profit": [1.0]}))
    with pytest.raises(FieldError) as caught:
        cg.scorer("abcde", by="profitt").fit(base)
    assert str(caught.value) == "the data has no 'profitt'. Did you mean 'profit'? It has: profit."


def test_a_model_is_loaded_from_a_path() -> None:
    """No path is no model."""
    with pytest.raises(ModelFormatError, match="the path of the model must be a text or a Path; received None"):
        cg.load_model(None)


def test_columns_of_a_mean_are_given_one_by_one() -> None:
    """A list in place of columns says how to write it."""
    with pytest.raises(cg.CustgradeError, match=r"mean_of_known\(a, b\)"):
        cg.Scorer([Axis("g", "AB", lambda c: functions.mean_of_known([c["a"], c["b"]]), Thresholds((1,)))])


def test_evidence_is_a_condition() -> None:
    """A number in place of a condition would hold where it isn't 0, also where it is unknown, and is refused."""
    with pytest.raises(TracingError, match="the evidence 'no orders': it must return a condition, but returns numbers"):
        scorer_with(Shares(("1/2", "1/2")), evidence=[Evidence("no orders", lambda c: c["orders"])])


class Own:
    """A cut of one's own whose fit is given."""

    def __init__(self, fit: Any) -> None:
        self.given = fit

    def check(self, labels: int) -> None:
        """Any number of labels will do."""

    def fit(self, labels: Any) -> Any:
        """What was given."""
        return self.given()


def scorer_with(cut: Any, **rest: Any) -> cg.Scorer:
    """A scorer by profit with this cut."""
    return cg.Scorer([Axis("g", "AB", lambda c: c["profit"], cut)], **rest)


def fails() -> Any:
    """Fails after its first answer."""
    yield (Count(),)
    raise ZeroDivisionError("no")


def asks_for_text() -> Any:
    """Asks what nobody can answer."""
    yield "x"


FAULTS = {
    "it fails": (fails, "the cut of 'g' failed: ZeroDivisionError: no"),
    "it is no generator": (
        lambda: 5,
        r"g: the `fit` of a cut must be a generator that yields questions, .* received 5",
    ),
    "it returns a fitted cut": (lambda: FittedCut([None]), "must be a generator .*; received FittedCut"),
    "it asks for something else": (asks_for_text, r"a cut must yield a list of Count\(\), .* received 'x'"),
}


@pytest.mark.parametrize(("fit", "says"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_cut_is_named(fit: Any, says: str) -> None:
    """What goes wrong in a cut of one's own is a CutError with the axis."""
    with pytest.raises(CutError, match=says):
        scorer_with(Own(fit)).fit(BASE)


def test_shares_that_are_asked_for_may_be_texts() -> None:
    """An ask takes shares as a cut does, and refuses what is none."""

    def halves() -> Any:
        (answers,) = yield (TieBlocks(["0.5"]),)
        return FittedCut([(Boundary(answer.blocks[0].value),) for answer in answers])

    assert ["B", "A"] == scorer_with(Own(halves)).fit(BASE).grade(BASE).grades.tolist()
    with pytest.raises(CutError, match="received 'half'"):
        TieBlocks(["half"])


def test_a_model_of_another_scheme_is_named(tmp_path: Path) -> None:
    """Loading a model with another scheme's function says which scheme lacks its parameters."""
    cg.scorer("abcde").fit(BASE).save(tmp_path / "m.json")
    with pytest.raises(ModelScorerError, match="'top10' has no parameter 'letters'"):
        cg.load_model(tmp_path / "m.json", default_registry().scheme("top10").function)
