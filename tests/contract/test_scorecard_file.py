"""Scorecards in TOML files."""

from fractions import Fraction
from pathlib import Path

import pytest

import custgrade as cg

EXAMPLE = Path(__file__).parents[2] / "examples" / "scorecard.toml"


def test_a_file_is_the_scorecard_written_in_python():
    """The example file and the same scorecard in Python grade alike, to the last detail."""
    written = cg.Scorecard(
        [
            cg.Criterion("profit", cg.Percentile("profit"), 3),
            cg.Criterion("days_late", cg.Linear(60.0, 0.0), 2),
            cg.Criterion("enjoyable", cg.Rating(), 2),
            cg.Criterion("referrals", cg.Steps({0: 0, 1: 60, 3: 100})),
        ],
        labels=["A", "B", "C", "D"],
        cut=cg.Thresholds((75, 50, 25)),
        coverage=Fraction(1, 2),
    )
    assert written.scorer().fingerprint == cg.read_scorecard(EXAMPLE).scorer().fingerprint


def test_shares_may_cut(tmp_path):
    """A scorecard may be cut by shares instead of thresholds."""
    file = tmp_path / "card.toml"
    file.write_text('[scorecard]\nlabels = ["A", "B"]\nshares = ["0.5", "0.5"]\n[criteria.effort]\npoints = "rating"\n')
    base = cg.CustomerBase(["x", "y"], {"effort": [2, 4]})
    assert cg.read_scorecard(file).scorer().fit(base).grade(base).grades.tolist() == ["B", "A"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "has no criteria"),
        ("[criteria.effort\n", "at line 1, column 17"),
        ("[criterion.effort]\n", "Did you mean 'criteria'"),
        ("[criteria.effort]\nwieght = 2\n", r"\[criteria.effort\] has no 'wieght'. Did you mean 'weight'"),
        ("[criteria.effort]\nworst = 3\n", r"\[criteria.effort\]"),
        ("[criteria.effort]\nworst = 3\nbest = 3\n", "different finite numbers"),
        ("[criteria.effort]\npoints = 'stepps'\n", "points is one of linear, rating, steps, percentile"),
        ("[criteria.effort]\npoints = 'steps'\n", "needs 'steps'"),
        ("[criteria.effort]\npoints = 'steps'\nsteps = 3\n", r"\[criteria.effort\]"),
        ("[criteria.effort]\npoints = 'rating'\nweight = -1\n", "above 0"),
        ("[scorecard]\nlabels = ['A']\n[criteria.effort]\npoints = 'rating'\n", "1 labels need 0 thresholds"),
        ("[scorecard]\nshares = [1]\nthresholds = [2]\n[criteria.effort]\npoints = 'rating'\n", "keep one"),
        ("[scorecard]\nties = 'mid'\n[criteria.effort]\npoints = 'rating'\n", "ties, which are for shares"),
        ("[scorecard]\ncoverage = 2\n[criteria.effort]\npoints = 'rating'\n", "above 0 and at most 1"),
        ("scorecard = 3\n[criteria.effort]\npoints = 'rating'\n", "is a table"),
    ],
)
def test_mistakes_are_named(tmp_path, text, expected):
    """An error names the table and key, and what is meant perhaps."""
    file = tmp_path / "card.toml"
    file.write_text(text)
    with pytest.raises(cg.CustgradeError, match=expected):
        cg.read_scorecard(file).scorer()


def test_a_missing_file_is_named(tmp_path):
    """A file that isn't there is an error of its own kind."""
    with pytest.raises(cg.ConfigurationError, match="No such file"):
        cg.read_scorecard(tmp_path / "card.toml")


def test_a_model_of_a_scorecard_file_needs_the_file(tmp_path):
    """The command line grades with a file, and its saved model with the file given again."""
    from custgrade.cli.main import main

    orders = str(EXAMPLE.with_name("orders.csv"))
    saved = str(tmp_path / "m.json")
    assert main(["grade", "--orders", orders, "--scorer", str(EXAMPLE), "--save-model", saved]) == 0
    assert main(["grade", "--orders", orders, "--model", saved]) == 2
    assert main(["grade", "--orders", orders, "--model", saved, "--scorer", str(EXAMPLE)]) == 0
