"""Mistakes that authors make are refused in words, and what they mean is done."""

import json
import os

import numpy as np
import pytest

import custgrade as cg
from custgrade.cuts import FittedCut, Total
from custgrade.errors import CutError, FieldError, ModelError, OutputError, ScorerError
from custgrade.model.model_file import origin_of
from custgrade.model.saved_model import from_dict
from custgrade.plugins import (
    Axis,
    Boundary,
    Criterion,
    Floor,
    Linear,
    Percentile,
    Rating,
    Scorecard,
    Shares,
    Thresholds,
)

BASE = cg.CustomerBase(["a", "b", "c"], {"profit": [3.0, 2.0, 1.0], "revenue": [1.0, 1.0, 8.0]})


def by_profit(**rest):
    return cg.Scorer([Axis("grade", "AB", lambda c: c["profit"], Shares(("0.5", "0.5")), **rest)])


@pytest.mark.parametrize(("worst", "best", "value", "points"), [(4.7, 5.34, 5.34, 100), (0.4, 0.8, 0.7, 75)])
def test_decimal_values_on_a_boundary_stay_on_it(worst, best, value, points):
    """What is exactly on a boundary in decimals is in the better class, although no double is those decimals."""
    card = Scorecard([Criterion("effort", Linear(worst, best))], labels="AB", cut=Thresholds((points,)))
    base = cg.CustomerBase(["x", "y"], {"effort": [value, worst]})
    assert card.scorer().fit(base).grade(base).grades.tolist() == ["A", "B"]


class AsksForRevenue:
    """A cut that asks about a field, and may forget to say so."""

    def check(self, labels):
        """Any number of labels will do."""

    def fit(self, labels):
        """Cut at a fifth of the total revenue."""
        (totals,) = yield (Total("revenue"),)
        return FittedCut([(Boundary(float(total) / 5),) for total in totals])


def test_a_cut_must_name_what_it_asks_about():
    """A cut that asks about a field without naming it in `reads` is told so; with it, the question is answered."""
    scorer = cg.Scorer([Axis("grade", "AB", lambda c: c["profit"], AsksForRevenue())])
    with pytest.raises(CutError, match="`reads`"):
        scorer.fit(BASE)
    AsksForRevenue.reads = ("revenue",)
    try:
        assert scorer.fit(BASE).grade(BASE).grades.tolist() == ["A", "A", "B"]
    finally:
        del AsksForRevenue.reads


def test_a_field_combines_in_a_known_way():
    """A way to combine lines that doesn't exist isn't taken for another."""
    with pytest.raises(FieldError, match="combine is sum, mean or None"):
        cg.Field("visits", "count", combine="max")


def test_a_scale_has_a_limit():
    """Fifty axes of two labels would make more grades than anybody can count."""
    axes = [Axis(f"x{k}", "AB", lambda c: c["profit"], Thresholds((0,))) for k in range(50)]
    with pytest.raises(ScorerError, match="more than 65,536 grades"):
        cg.Scorer(axes)


@pytest.mark.parametrize("direction", ["rises", "falls"])
def test_a_direction_names_a_field_that_is_read(direction):
    """An axis can't rise or fall with a misspelt field."""
    with pytest.raises(ScorerError, match="Did you mean 'profit'"):
        by_profit(**{direction: "proft"})


def test_an_axis_that_is_not_there_is_named():
    """Asking for an axis that a scorer doesn't have is an error that lists those it has."""
    scorer = by_profit()
    for ask in (scorer.scale.axis, scorer.monotone_inputs):
        with pytest.raises(ScorerError, match="the axes are: grade"):
            ask("nix")


@pytest.mark.parametrize("parameter", ["name", "self"])
def test_a_parameter_may_have_any_name(parameter):
    """A scheme's parameter called like an argument of ours is the scheme's."""
    names = {"make": by_profit}
    exec(f"def scheme({parameter}: str = 'profit'):\n    return make()", names)
    assert {parameter: "revenue"} == dict(cg.scorer(names["scheme"], **{parameter: "revenue"}).origin.parameters)


def untraced(function):
    return cg.Scorer([Axis("grade", "AB", function, Thresholds((2,)), traceable=False, needs=["profit"])])


def test_an_untraced_score_says_so_and_fails_in_words():
    """A score that opted out of tracing is noted in the model; what it raises names it."""
    assert "traceable=False" in " ".join(untraced(lambda c: c["profit"]).fit(BASE).notices)
    with pytest.raises(ScorerError, match="traceable=False that reads profit failed: KeyError: 'revenue'"):
        untraced(lambda c: c["revenue"]).fit(BASE)


def test_an_untraced_score_cannot_change_what_others_read():
    """Columns handed to a score are read-only, learned ones included."""

    def greedy(c):
        c["profit_place"][:] = 0
        return c["profit"]

    axis = Axis("grade", "AB", greedy, Thresholds((2,)), traceable=False, needs=["profit", "profit_place"])
    with pytest.raises(ScorerError, match="read-only"):
        cg.Scorer([axis], learned={"profit_place": Percentile("profit")}).fit(BASE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("scorer", "name"), 5),
        (("scorer", "version"), None),
        (("scorer", "parameters"), []),
        (("boundaries", "grade"), [[[10**400, True]]]),
        (("boundaries", "grade"), [[["1.5", True]]]),
        (("boundaries", "grade"), [[[1.5, "no"]]]),
        (("boundaries", "grade"), [[[True, True]]]),
        (("data", "customers"), "x"),
        (("data", "currency"), 5),
        (("axes",), []),
        (("notices",), [3]),
    ],
)
def test_a_model_of_wrong_types_is_refused(path, value):
    """A model's content is checked part by part before anything is graded with it."""
    scorer = by_profit()
    content = json.loads(json.dumps(scorer.fit(BASE).to_dict()))
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ModelError):
        origin_of(content)
        from_dict(content, scorer)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_never_replaced(tmp_path):
    """A pipe or a device that is named as output stays what it is."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    model = by_profit().fit(BASE)
    for save in (lambda: model.save(pipe), lambda: model.grade(BASE).write(pipe)):
        with pytest.raises(OutputError, match="isn't a regular file"):
            save()
    assert pipe.is_fifo()


def test_a_link_to_nowhere_is_refused(tmp_path):
    """An output that is a dangling link, or a link to itself, is refused."""
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    with pytest.raises(OutputError):
        by_profit().fit(BASE).save(loop)


def test_a_frame_says_which_criteria_were_left_out():
    """Grading a frame has no model to look at, so what a scorecard lacked is warned of."""
    pl = pytest.importorskip("polars")
    card = Scorecard([Criterion("effort", Rating()), Criterion("enjoyable", Rating())])
    with pytest.warns(cg.CustgradeWarning) as caught:
        cg.grade(pl.DataFrame({"effort": [5, 1]}), card.scorer())
    assert ["left out, because the data has no such field: enjoyable"] == [str(one.message) for one in caught][:1]
    assert "effort" in str(caught[-1].message)


def test_numpy_numbers_are_numbers():
    """Parameters and floors may be numpy's numbers."""
    assert cg.scorer("abcde", minimum_orders=np.int64(2)).origin.parameters["minimum_orders"] == 2
    assert Floor("profit", np.int64(3)).at == 3
