"""Scorecards in TOML files: what they say, and on which line a mistake stands."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import ConfigurationError
from custgrade.plugins import Criterion, Linear, Percentile, Rating, Scorecard, Steps, Thresholds

EXAMPLE = Path(__file__).parents[2] / "examples" / "scorecard.toml"
PROFILES = [EXAMPLE, *sorted(EXAMPLE.parent.glob("profiles/*.toml"))]


def test_a_file_is_the_scorecard_written_in_python():
    """The example file and the same scorecard in Python grade alike, to the last detail."""
    written = Scorecard(
        [
            Criterion("profit", Percentile("profit"), 3),
            Criterion("days_late", Linear(60.0, 0.0), 2),
            Criterion("enjoyable", Rating(), 2),
            Criterion("referrals", Steps({0: 0, 1: 60, 3: 100})),
        ],
        labels=["A", "B", "C", "D"],
        cut=Thresholds((75, 50, 25)),
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
        ("[criteria.effort]\nwieght = 2\n", r"\[criteria.effort\]: unknown key 'wieght'. Did you mean 'weight'"),
        ("[criteria.effort]\nworst = 3\n", r"\[criteria.effort\]"),
        ("[criteria.effort]\nworst = 3\nbest = 3\n", "different finite numbers"),
        ("[criteria.effort]\npoints = 'stepps'\n", "points is one of linear, rating, steps, percentile"),
        ("[criteria.effort]\npoints = 'steps'\n", "needs 'steps'"),
        ("[criteria.effort]\npoints = 'steps'\nsteps = 3\n", r"\[criteria.effort\]"),
        ("[criteria.effort]\npoints = 'rating'\nweight = -1\n", "above 0"),
        ("[scorecard]\nlabels = ['A']\n[criteria.effort]\npoints = 'rating'\n", "1 label needs 0 thresholds"),
        (
            "[scorecard]\nshares = [1]\nthresholds = [2]\n[criteria.effort]\npoints = 'rating'\n",
            "both thresholds and shares; remove one",
        ),
        ("[scorecard]\nties = 'mid'\n[criteria.effort]\npoints = 'rating'\n", "ties without shares"),
        ("[scorecard]\ncoverage = 2\n[criteria.effort]\npoints = 'rating'\n", "above 0 and at most 1"),
        ("scorecard = 3\n[criteria.effort]\npoints = 'rating'\n", "'scorecard' must be a table"),
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
    with pytest.raises(ConfigurationError, match="No such file"):
        cg.read_scorecard(tmp_path / "card.toml")


def test_a_model_of_a_scorecard_file_needs_the_file(tmp_path):
    """The command line grades with a file, and its saved model with the file given again."""
    from custgrade.cli.main import main

    orders = str(EXAMPLE.with_name("orders.csv"))
    saved = str(tmp_path / "m.json")
    assert main(["grade", "--orders", orders, "--scorer", str(EXAMPLE), "--save-model", saved]) == 0
    assert main(["grade", "--orders", orders, "--model", saved]) == 2
    assert main(["grade", "--orders", orders, "--model", saved, "--scorer", str(EXAMPLE)]) == 0


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_the_profiles_of_the_examples_grade_the_example(file):
    """Every profile has all its criteria in the example's data, and gives each of its grades to somebody."""
    base = cg.read_orders(EXAMPLE.with_name("orders.csv")).join(cg.read_customers(EXAMPLE.with_name("survey.csv")))
    model = cg.read_scorecard(file).scorer().fit(base)
    assert () == model.dropped
    assert [] == [grade for grade, count in model.grade(base).counts().items() if not count and grade != "ungraded"]


RATED = "[criteria.effort]\npoints = 'rating'\n"
STEPPED = "[criteria.effort]\npoints = 'steps'\n"
# the line that an error must name is marked `# <-`
MISTAKES = {
    "an unknown key": (f"{RATED}\n# twice as much\n\nwieght = 2  # <-\n", "[criteria.effort]: unknown key 'wieght'"),
    "a bad weight": (f"{RATED}weight = 0  # <-\nworst = 2\n", "[criteria.effort]: a weight is a number above 0"),
    "a weight in words": (f"{RATED}weight = 'much'  # <-\n", "received 'much'"),
    "bad points": ("[criteria.effort]\nweight = 1\npoints = 'ratting'  # <-\n", "received 'ratting'"),
    "a missing key": (f"{RATED}[criteria.orders]  # <-\nweight = 2\n\nworst = 3\n", "needs 'best'"),
    "no keys at all": (f"{RATED}\n[criteria.orders]  # <-\n", "[criteria.orders]: points = 'linear' needs"),
    "the first of two ends": ("[criteria.orders]\nworst = 'x'  # <-\nbest = 1\n", "'x'"),
    "the second of two ends": ("[criteria.orders]\nworst = 1\nbest = 'x'  # <-\n", "'x'"),
    "a bad direction": ("[criteria.orders]\npoints = 'percentile'\nbest = 'up'  # <-\n", "received 'up'"),
    "steps in several lines": (
        f"{STEPPED}steps = [  # <-\n  [0, 0],  # nothing\n\n  [1, 200],\n]\nweight = 2\n",
        "points from 0 to 100",
    ),
    "steps that are no pairs": (f"{STEPPED}\nsteps = [[0]]  # <-\n", "[criteria.effort]"),
    "what follows several lines": (f"{STEPPED}steps = [\n  [0, 0],\n  [1, 100],\n]\nweight = 0  # <-\n", "above 0"),
    "what follows a long text": (
        f'{RATED}[scorecard]\naxis = """\\\ncoverage = 7\\\n"""\ncoverage = 8  # <-\n',
        "[scorecard]: a share is above 0 and at most 1; received 8",
    ),
    "what looks the same before": (
        f"{RATED}weight = 1\n[criteria.orders]\npoints = 'rating'\nweight = 0  # <-\n",
        "[criteria.orders]",
    ),
    "a key of the next table": (
        f"{RATED}[criteria.orders]\npoints = 'percentile'\n[scorecard]\ncoverage = 0  # <-\n",
        "[scorecard]: a share is above 0",
    ),
    "a table of one line": (
        "[criteria]\neffort = {points = 'rating'}\norders = {points = 'rating', weight = -1}  # <-\n",
        "[criteria.orders]: a weight is a number above 0; received -1",
    ),
    "dotted keys": ("[criteria]\neffort.points = 'rating'\neffort.weight = 0  # <-\n", "[criteria.effort]: a weight"),
    "dotted keys without a table": (
        "criteria.effort.points = 'rating'\n\ncriteria.effort.wait = 0  # <-\n",
        "[criteria.effort]: unknown key 'wait'",
    ),
    "quoted keys": (
        "['criteria'.\"effort\"]\n'points' = 'rating'\n\"weight\" = 0  # <-\n",
        "[criteria.effort]: a weight",
    ),
    "a table in a table": (f"{RATED}[criteria.effort.points2]  # <-\nx = 1\n", ": unknown key 'points2'"),
    "a table further down": (
        f"[criteria.orders]\npoints = 'rating'\n[scorecard]\naxis = 'a'\n{RATED}weight = 0  # <-\n",
        "[criteria.effort]",
    ),
    "criteria that are none": ("\ncriteria = 3  # <-\n", "'criteria' must be a table; received 3"),
    "criteria in a list": ("# one\n[[criteria]]  # <-\neffort = 3\n", "'criteria' must be a table"),
    "a criterion that is none": (
        f"[criteria]\norders = 3  # <-\n{RATED}",
        "[criteria]: 'orders' must be a table; received 3",
    ),
    "a scorecard that is none": (
        f"\nscorecard = 'mine'  # <-\n{RATED}",
        "'scorecard' must be a table; received 'mine'",
    ),
    "an unknown table": (f"{RATED}[scorecards]  # <-\naxis = 'a'\n", "Did you mean 'scorecard'?"),
    "a key without a table": (f"weight = 3  # <-\n{RATED}", "'weight'"),
    "an unknown setting": (f"{RATED}[scorecard]\naxis = 'a'\nlabel = 'AB'  # <-\n", "[scorecard]: unknown key 'label'"),
    "thresholds that rise": (
        f"{RATED}[scorecard]\ncoverage = 1\nthresholds = [  # <-\n  25,\n  50,\n  75,\n]\n",
        "thresholds must be given best first and fall",
    ),
    "thresholds that are none": (f"{RATED}[scorecard]\nthresholds = 'many'  # <-\n", "received 'many'"),
    "shares that don't sum up": (
        f"{RATED}[scorecard]\nlabels = 'AB'\nshares = [0.5, 0.6]  # <-\nties = 'mid'\n",
        "0.5 + 0.6 = 1.1",
    ),
    "shares and thresholds": (
        f"{RATED}[scorecard]\nlabels = 'AB'\nshares = [0.5, 0.5]\nthresholds = [9]  # <-\n",
        "both thresholds and shares; remove one",
    ),
    "ties without shares": (f"{RATED}[scorecard]\naxis = 'a'\nties = 'mid'  # <-\n", "ties without shares"),
    "an unknown rule for ties": (
        f"{RATED}[scorecard]\nlabels = 'AB'\nshares = [0.5, 0.5]\nties = 'up'  # <-\n",
        "ties is one of mid, better, worse; received 'up'",
    ),
    "a rule for ties that is no text": (
        f"{RATED}[scorecard]\nlabels = 'AB'\nshares = [0.5, 0.5]\nties = 3  # <-\n",
        "ties is one of mid, better, worse; received 3",
    ),
    "coverage in words": (f"{RATED}[scorecard]\nlabels = 'ABCD'\ncoverage = 'half'  # <-\n", "received 'half'"),
    "labels that are equal": (f"{RATED}[scorecard]\naxis = 'a'\nlabels = ['A', 'A', 'B', 'C']  # <-\n", "different"),
    "labels that are none": (f"{RATED}[scorecard]\naxis = 'a'\nlabels = 3  # <-\n", "labels"),
    "too few labels": (f"{RATED}[scorecard]\nlabels = 'ABC'  # <-\n", "3 labels need 2 thresholds; received 3"),
    "an axis without a name": (f"{RATED}[scorecard]\nlabels = 'ABCD'\naxis = ''  # <-\n", "an axis needs a name"),
    "an axis that is no text": (f"{RATED}[scorecard]\naxis = 3  # <-\n", "an axis needs a name; received 3"),
    "a number beyond all bounds": (f"[criteria.orders]\nworst = 1\nbest = {'9' * 400}  # <-\n", "[criteria.orders]"),
    "a number too large by a hair": (
        "[criteria.orders]\nworst = 1\nbest = 1e308  # <-\n",
        "best is a number; received",
    ),
    "a step beyond all bounds": (f"{STEPPED}steps = [[{'9' * 400}, 0]]  # <-\n", "[criteria.effort]"),
}
FORMS = {
    "as it is": lambda text: text,
    "from Windows": lambda text: text.replace("\n", "\r\n"),
    "below comments": lambda text: f"# a profile\n\n#[criteria.effort]\n# weight = 0\n\n{text}",
    "without a line end": lambda text: text.rstrip("\n"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_line(tmp_path, text, says, form):
    """An error names the file, the line on which the key or its table begins, and what is wrong with it."""
    file = tmp_path / "card.toml"
    file.write_bytes(FORMS[form](text).encode())
    (line,) = [number for number, one in enumerate(file.read_text().split("\n"), 1) if one.endswith("# <-")]
    with pytest.raises(ConfigurationError) as caught:
        cg.read_scorecard(file)
    message = str(caught.value)
    assert says in message
    assert [str(line)] == re.findall(rf"{re.escape(str(file))}, line (\d+)", message)
    assert len(message) < 1500


@pytest.mark.parametrize(("lines", "line"), [(990, "991"), (2000, None)])
def test_a_long_file_has_a_clear_error(tmp_path, lines, line):
    """However long a file is, its error names the table, what was received, and the line while a person edits it."""
    file = tmp_path / "card.toml"
    file.write_text("#\n" * (lines - 2) + f"{RATED}weight = 0\n")
    with pytest.raises(ConfigurationError) as caught:
        cg.read_scorecard(file)
    place = str(file) if line is None else f"{file}, line {line}"
    assert f"{place}: [criteria.effort]: a weight is a number above 0; received 0" == str(caught.value)


def test_a_long_file_is_read(tmp_path):
    """Hundreds of criteria are as good as one."""
    file = tmp_path / "card.toml"
    file.write_text("".join(f"[criteria.field{k}]\npoints = 'rating'\n# {k}\n" for k in range(600)))
    assert 600 == len(cg.read_scorecard(file).criteria)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[criteria.effort]\nweight = \n", "at line 2"),
        (b"[criteria.effort]\n[criteria.effort]\n", "twice"),
        (b"[criteria]\neffort = {points = 'rating',\n}\n", "line"),
        (b"\xff\xfe[", "not TOML"),
        (b"x = " + b"[" * 3000 + b"]" * 3000, "not TOML"),
        (b"x = " + b"9" * 5000, "not TOML"),
        (b"", "no criteria"),
        (b"# nothing\n\n", "no criteria"),
        (b"[criteria]\n", "no criteria"),
    ],
    ids=["half a line", "a table twice", "an inline table in lines", "no text", "a deep list", "a huge number", *"012"],
)
def test_what_is_no_scorecard_is_named(tmp_path, content, says):
    """A file that isn't TOML, or has no criteria, is an error that names the file."""
    file = tmp_path / "card.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=says) as caught:
        cg.read_scorecard(file)
    assert str(file) in str(caught.value)


def test_every_way_to_write_a_table_is_the_same(tmp_path):
    """Tables, inline tables and dotted keys, with either line end, are the same scorecard."""
    written = [
        "[criteria.effort]\npoints = 'rating'\nweight = 2\n[scorecard]\nlabels = 'AB'\nthresholds = [\n50,\n]\n",
        "criteria = {effort = {points = 'rating', weight = 2}}\nscorecard = {labels = ['A', 'B'], thresholds = [50]}\n",
        "scorecard.labels = 'AB'\nscorecard.thresholds = [50.0]\n"
        '[criteria]\n"effort".points = "rating"\neffort.weight = 2\n',
    ]
    found = set()
    for number, text in enumerate([*written, *(text.replace("\n", "\r\n") for text in written)]):
        file = tmp_path / f"{number}.toml"
        file.write_bytes(text.encode())
        found.add(cg.read_scorecard(file).scorer().fingerprint)
    assert 1 == len(found)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """A file as some editors on Windows save it is read."""
    file = tmp_path / "card.TOML"
    file.write_bytes(b"\xef\xbb\xbf[criteria.effort]\npoints = 'rating'\n")
    assert ("effort",) == cg.read_scorecard(file).scorer().inputs


def test_the_command_line_names_the_line(tmp_path, refused):
    """A mistake in a profile or in a configuration ends the command with one message that names its line."""
    (tmp_path / "card.toml").write_text(f"{RATED}\nwieght = 2\n")
    orders = EXAMPLE.with_name("orders.csv")
    message = refused("grade", "--orders", orders, "--scorer", tmp_path / "card.toml")
    assert "card.toml, line 4: [criteria.effort]: unknown key 'wieght'" in message
    for text, line in (
        ("[source]\n\norder = 'o.csv'\n", 3),
        ("# mine\n[source]\norders = 'o.csv'\n\nassume_margin = 'a lot'\n", 5),
        ("[source]\norders = 'o.csv'\n[scorers]\nname = 'abcd'\n", 3),
        ("[source]\norders = 'o.csv'\n[scorer]\nname = 'abcd'\n\n[output]\nout = 3\n", 7),
        ("\nsource = 3\n", 2),
    ):
        (tmp_path / "custgrade.toml").write_text(text)
        assert f"custgrade.toml, line {line}" in refused("grade", "--config", tmp_path / "custgrade.toml")
