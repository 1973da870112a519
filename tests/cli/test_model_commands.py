"""`custgrade explain` and `custgrade way-up`: what they print and write, by their twins, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import custgrade as cg

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = ("--orders", EXAMPLES / "orders.csv", "--customers", EXAMPLES / "survey.csv", "--as-of", "2025-12-31")
Succeeds = Callable[..., str]


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The example's customers."""
    orders = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31")
    return orders.join(cg.read_customers(EXAMPLES / "survey.csv"))


@pytest.fixture(scope="module")
def model(base: cg.CustomerBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of the example."""
    path = tmp_path_factory.mktemp("model") / "abcd.json"
    cg.scorer("abcd").fit(base).save(path)
    return path


def test_explain_one(model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """One customer's numbers and sentences, as the twin in Python gives them."""
    told = succeeds("explain", "--model", model, *SOURCE, "--id", "C-0001")
    explained = cg.explain(cg.load_model(model), base)
    lines = told.splitlines()
    assert "customer C-0001: B" == lines[0]
    assert f"  rank {explained.axes['grade'].rank[0]} of 480; percentile rank 44.06" in lines
    assert "grade: B, 59.6 of 100 points" in lines
    assert "  boundary above: A needs at least 75 of 100 points; 15.4 points away" in lines
    words = lines.index("to the customer:") + 1
    assert explained.sentences(0) == [line.strip() for line in lines[words : words + 3]]
    assert lines[words + 3 :] == ["", *base.notes]
    table = lines[lines.index("") :]
    parts = {line[2:16].strip(): float(line.split()[-1]) for line in table[8:13]}
    assert parts == {name.replace("_", " "): round(part[0], 1) for name, part in explained.axes["grade"].parts.items()}
    assert not [line for line in lines if "rounding" in line or "e-" in line]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_all_are_written(suffix: str, model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """Both commands write a row per customer, in order, with the columns of their twins."""
    read = pd.read_csv if suffix == "csv" else pd.read_parquet
    loaded = cg.load_model(model)
    for command, twin in (("explain", cg.explain(loaded, base)), ("way-up", cg.way_up(loaded, base))):
        assert "wrote out" in succeeds(command, "--model", model, *SOURCE, "--out", f"out.{suffix}")
        written = read(f"out.{suffix}")
        assert base.ids.tolist() == written.customer_id.tolist()
        for name, column in twin.columns().items():
            if column.dtype.kind == "T":
                assert [text or None for text in column.tolist()] == written[name].astype(object).where(
                    written[name].notna(), None
                ).tolist()
            else:
                pd.testing.assert_series_equal(pd.Series(column), written[name], check_names=False, check_dtype=False)


def test_way_up_of_one_and_in_sum(model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """One customer's sentences; without --id, how many have a way up by field."""
    told = succeeds("way-up", "--model", model, *SOURCE, "--id", "C-0002", "--on", "2026-01-15", "--valid", "30d")
    ways = cg.way_up(cg.load_model(model), base, on="2026-01-15", valid=30)
    assert ["customer C-0002: C", *(f"  {sentence}" for sentence in ways.sentences(1))] == told.splitlines()[:4]
    summed = succeeds("way-up", "--model", model, *SOURCE)
    assert f"{int(ways.axes['grade'].possible.sum())} with a way up; 20 ungraded" in summed
    assert "valid from 2025-12-31 to 2026-03-31" in summed


def test_explain_shows_the_manual_grade_beside_the_computed_one(
    model: Path, here: Path, succeeds: Succeeds, command: Callable[..., tuple[int, str, str]]
) -> None:
    """The grade stays, the manual one stands below it, one that is over says when it ended; files get the columns."""
    (here / "o.csv").write_text(
        "customer_id,grade,reason,author,date,expires\n"
        "C-0001,A,pays for the group,Jane,2025-11-01,2026-10-31\nC-0002,B,court case,Jim,2025-06-01,2025-12-15\n"
    )
    how = ("explain", "--model", model, *SOURCE, "--overrides", "o.csv")
    lines = succeeds(*how, "--id", "C-0001").splitlines()
    assert "customer C-0001: B" == lines[0]
    assert "manual grade: A, from 2025-11-01 to 2026-10-31: pays for the group (Jane)" == lines[1]
    assert "manual grade: B, expired on 2025-12-15: court case (Jim)" in succeeds(*how, "--id", "C-0002")
    assert "not valid before 2025-11-01" in succeeds(*how, "--id", "C-0001", "--on", "2025-10-31")
    assert "override: C-0001 is A instead of B" in succeeds(*how, "--out", "out.csv")
    written = pd.read_csv("out.csv", keep_default_na=False)
    assert ["B", "A", "pays for the group"] == written.loc[0, ["grade", "final_grade", "override_reason"]].tolist()
    status, _, err = command("explain", "--model", model, *SOURCE, "--id", "C-0001", "--on", "2025-10-31")
    assert (2, True) == (status, "give --overrides FILE too, or leave out --on" in err)


def test_a_configuration_file_is_enough(model: Path, here: Path, succeeds: Succeeds) -> None:
    """Files, columns and the model may come from the file that grading used; flags win."""
    (here / "c.toml").write_text(
        f'[source]\norders = "{EXAMPLES / "orders.csv"}"\nas_of = "2025-12-31"\n'
        f'customers = "{EXAMPLES / "survey.csv"}"\n[model]\nload = "{model}"\n'
    )
    assert "customer C-0001: B" in succeeds("explain", "--config", "c.toml", "--id", "C-0001")
    assert "as of 2025-11-30" in succeeds("explain", "--config", "c.toml", "--id", "C-0001", "--as-of", "2025-11-30")


def test_effects_are_named_so(here: Path, succeeds: Succeeds) -> None:
    """A score that is no sum is explained by effects against a reference that is shown."""
    (here / "product_module.py").write_text(
        "import custgrade.plugins as cg\n"
        "def mine():\n"
        "    cut = cg.Shares(('0.5', '0.5'))\n"
        "    return cg.Scorer([cg.Axis('grade', 'AB', lambda c: c['revenue'] * c['orders'], cut)])\n"
    )
    (here / "c.csv").write_text("customer_id,revenue,orders\na,2,3\nb,5,1\nc,1,1\n")
    succeeds("grade", "--customers", "c.csv", "--scorer", "product_module:mine", "--save-model", "m.json")
    told = succeeds(
        "explain", "--model", "m.json", "--scorer", "product_module:mine", "--customers", "c.csv", "--id", "a"
    )
    assert "an effect is the score minus the score with the reference's value of that field" in told
    assert ["orders", "3", "1", "1", "4"] in [line.split() for line in told.splitlines()]
    told = succeeds(
        *("explain", "--model", "m.json", "--scorer", "product_module:mine", "--customers", "c.csv", "--id", "a"),
        *("--reference", "orders=2", "--reference", "revenue=2"),
    )
    assert ["orders", "3", "1", "2", "2"] in [line.split() for line in told.splitlines()]


def test_numbers_are_in_the_fields_unit_whatever_the_score_is(here: Path, succeeds: Succeeds) -> None:
    """Days that are better when fewer are days, not negative scores; floors are counted in words."""
    (here / "c.csv").write_text("customer_id,days_late,revenue\na,2,50\nb,9.56666667,100\nc,30,200\n")
    late = ("--param", "by=days_late", "--param", "best=lowest", "--param", "letters=AB")
    halves = ("--param", 'shares=["1/2", "1/2"]')
    succeeds("grade", "--customers", "c.csv", "--scorer", "abcde", *late, *halves, "--save-model", "m.json")
    told = succeeds("explain", "--model", "m.json", "--customers", "c.csv", "--id", "c")
    assert "grade: B, days late of 30 days" in told
    assert "  boundary above: A needs days late of at most 9.6 days; 20.4 days away" in told
    assert "-30" not in told
    floors = ("--param", "floors={revenue = 80}", "--param", "ceilings={days_late = 1}")
    succeeds("grade", "--customers", "c.csv", "--scorer", "floors", *floors, "--save-model", "m.json")
    told = succeeds("explain", "--model", "m.json", "--customers", "c.csv", "--id", "a")
    assert "floors: below, 2 missed" in told
    assert "  boundary above: near means at most 1 missed; 1 floor away" in told
    told = succeeds("explain", "--model", "m.json", "--customers", "c.csv", "--id", "b")
    assert "  boundary below: near means at most 1 missed\n" in told


def test_what_is_refused(model: Path, here: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """Each mistake is one message, and nothing is written."""
    (here / "c.csv").write_text(
        "customer_id,profit,days_late,enjoyable,challenges_us,cares_about_us\na,2,3,1,1,1\nb,5,1,2,2,2\n"
    )
    source = ("--model", model, "--customers", "c.csv")
    for arguments, said in (
        (("explain", *source), "give --id ID for one customer, --out FILE for all"),
        (("explain", "--customers", "c.csv", "--id", "a"), "no model is given: give --model FILE"),
        (("explain", "--model", "", "--customers", "c.csv", "--id", "a"), "no model is given: give --model FILE"),
        (("explain", "--model", model, "--id", "a"), "give --orders FILE, --customers FILE"),
        (("explain", *source, "--id", "A1"), "no customer 'A1' among 2 customers"),
        (("explain", *source, "--id", "a", "--out", "c.csv"), "would replace c.csv, which is an input file"),
        (("explain", *source, "--id", "a", "--out", "x.txt"), "give a file name that ends in .csv or .parquet"),
        (("explain", *source, "--id", "a", "--reference", "profits=1"), "Did you mean 'profit'"),
        (("explain", *source, "--id", "a", "--reference", "profit=much"), "--reference profit takes a number"),
        (("way-up", *source), "Give --on 2026-01-31"),
        (("way-up", *source, "--on", "soon"), "write a date as YYYY-MM-DD"),
        (("way-up", *source, "--on", "2026-01-01", "--valid", "0"), "a whole number of days from 1"),
        (("way-up", "--model", "nowhere.json", "--customers", "c.csv"), "can't read the model nowhere.json"),
        (("explane",), "Did you mean 'explain'"),
        (("explain", *source, "--id", "a", "--param", "a=1"), "no option --param: it is an option of custgrade grade"),
        (
            ("explain", *source, "--id", "a", "--reference", "profit=nan"),
            "must be a finite number; received nan",
        ),
    ):
        status, out, err = command(*arguments)
        assert (2, "") == (status, out)
        assert said in err
        assert err.startswith("custgrade: ")
        assert 1 == len(err.splitlines())
    assert ["c.csv"] == sorted(path.name for path in here.iterdir())


def test_compare_two_models(base: cg.CustomerBase, model: Path, here: Path, succeeds: Succeeds) -> None:
    """Two models on the same customers: everybody who moved did by the model, and the matrix is the twin's."""
    cg.scorer("abcd", thresholds=(60, 40, 20)).fit(base).save("b.json")
    told = succeeds("compare", model, "b.json", *SOURCE, "--out", "moves.csv")
    comparison = cg.compare(cg.load_model("b.json"), base, model_before=cg.load_model(model))
    lines = [line.split() for line in told.splitlines()]
    held = comparison.matrix.any(axis=0)
    for name, counts in zip(comparison.names_before, comparison.matrix, strict=True):
        shown = [name, *(str(count) if count else "–" for count in counts[held].tolist())]
        assert bool(counts.any()) == (shown in lines)
    assert ["up", str(comparison.counts()["up"]), "0", str(comparison.counts()["up"]), "0"] in lines
    assert ["grade", "0.0000", f"{comparison.stability['grade']:.4f}"] in lines
    written = pd.read_csv("moves.csv", keep_default_na=False)
    assert base.ids.tolist() == written.customer_id.tolist()
    assert comparison.columns()["cause"].tolist() == written.cause.tolist()


def test_compare_two_dates(base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """One model at two dates of the same order lines: everybody who moved changed; a file of then does the same."""
    window = ("--orders", EXAMPLES / "orders.csv", "--window", "365d")
    succeeds("grade", *window, "--as-of", "2024-12-31", "--scorer", "abcde", "--save-model", "m.json")
    told = succeeds("compare", "m.json", *window, "--as-of", "2025-12-31", "--before-as-of", "2024-12-31")
    assert "by model" in told
    assert "\ngraded: no grade before; lost: no grade after\n" in told
    changed = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.startswith(("up ", "down "))}
    assert {"0"} == {count for up in changed.values() for count in up[2:]}
    assert 0 < sum(int(up[0]) for up in changed.values())
    then = cg.read_orders(EXAMPLES / "orders.csv", as_of="2024-12-31", window="365d")
    now = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31", window="365d")
    for name, some in (("then.csv", then), ("now.csv", now)):
        pd.DataFrame({"customer_id": some.ids.tolist(), "profit": some["profit"]}).to_csv(name, index=False)
    again = succeeds("compare", "m.json", "--customers", "now.csv", "--before", "then.csv")
    assert told.split("\n\n")[:4] == again.split("\n\n")[:4]
    assert ["before: read from then.csv: customer_id, profit"] == again.splitlines()[-1:]


def test_compare_refuses(model: Path, here: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """One model and one base, three models, and dates without orders are refused in a line."""
    (here / "c.csv").write_text("customer_id,profit\na,2\n")
    source = ("--customers", "c.csv")
    for arguments, said in (
        ((model, *source), "there is nothing to compare with"),
        ((model, model, model, *source), "received 3 models; give two"),
        ((model, *source, "--before-as-of", "2024-12-31"), "--before-as-of needs --orders"),
        ((model, model, *source, "--out", "c.csv"), "would replace c.csv"),
        ((model, "--before", "c.csv", *source), "the model can't grade the customers: the data has no"),
        ((model, *source, model), "give names before options"),
        (
            (model, model, *source, "--scorer", "a:b", "--scorer", "c:d"),
            "--scorer is given 2 times, but 0 models have a scorer",
        ),
        (("nowhere.json", model, *source), "can't read the model nowhere.json"),
    ):
        status, out, err = command("compare", *arguments)
        assert (2, "") == (status, out)
        assert said in err
        assert 1 == len(err.splitlines())


def test_a_scorer_that_is_read_is_not_replaced(
    here: Path, succeeds: Succeeds, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Neither a scorecard nor a module of one's own is overwritten, also not through a link."""
    (here / "card.toml").write_text((EXAMPLES / "scorecard.toml").read_text())
    (here / "kept_module.py").write_text("import custgrade\ndef mine():\n    return custgrade.scorer('abcde')\n")
    source = ("--orders", EXAMPLES / "orders.csv", "--customers", EXAMPLES / "survey.csv")
    for scorer, file in (("card.toml", "card.toml"), ("kept_module:mine", "kept_module.py")):
        before = (here / file).read_text()
        succeeds("grade", *source, "--scorer", scorer, "--save-model", "m.json")
        (here / "link.csv").unlink(missing_ok=True)
        (here / "link.csv").symlink_to(here / file)
        for name in ("explain", "way-up"):
            status, _, err = command(name, *source, "--model", "m.json", "--scorer", scorer, "--out", "link.csv")
            assert (2, True) == (status, f"would replace {file}" in err)
        status, _, err = command("compare", "m.json", "m.json", *source, "--scorer", scorer, "--out", "link.csv")
        assert (2, True) == (status, f"would replace {file}" in err)
        status, _, err = command("grade", *source, "--scorer", scorer, "--out", "link.csv")
        assert (2, True) == (status, f"would replace {file}" in err)
        assert before == (here / file).read_text()


def test_models_of_plugins_and_of_ones_own_are_compared(model: Path, here: Path, succeeds: Succeeds) -> None:
    """--scorer is for the models that aren't a plug-in's: one for all of them, or one each."""
    (here / "both_modules.py").write_text(
        "import custgrade\n"
        "def one(by='profit'):\n    return custgrade.scorer('abcde', by=by)\n"
        "def other(by='revenue'):\n    return custgrade.scorer('abcde', by=by)\n"
    )
    for name in ("one", "other"):
        succeeds("grade", *SOURCE, "--scorer", f"both_modules:{name}", "--save-model", f"{name}.json")
    for models, scorers in (
        ((model, "one.json"), ["both_modules:one"]),
        (("one.json", model), ["both_modules:one"]),
        (("one.json", "other.json"), ["both_modules:one", "both_modules:other"]),
        (("one.json", "one.json"), ["both_modules:one"]),
    ):
        assert "population stability" in succeeds(
            "compare", *models, *SOURCE, *(part for scorer in scorers for part in ("--scorer", scorer))
        )


def test_what_was_read_and_left_out_is_said(here: Path, succeeds: Succeeds) -> None:
    """Rows that are left out are counted by every command; a customer who isn't there may be among them."""
    (here / "c.csv").write_text("customer_id,profit\na,5\n,9\nc,x\nd,1\n")
    skip = ("--customers", "c.csv", "--on-bad-rows", "skip")
    succeeds("grade", *skip, "--scorer", "abcde", "--save-model", "m.json")
    for arguments in (
        ("explain", "--model", "m.json", *skip, "--id", "a"),
        ("way-up", "--model", "m.json", *skip, "--on", "2026-01-01"),
        ("compare", "m.json", "m.json", *skip),
    ):
        told = succeeds(*arguments)
        assert "read from c.csv: customer_id, profit" in told
        assert 2 == told.count("left out: 1 customer")


def test_the_day_of_a_quote_may_be_in_the_configuration(here: Path, succeeds: Succeeds) -> None:
    """[source] on is the day for way-up, as it is for overrides."""
    (here / "c.csv").write_text("customer_id,profit\na,5\nb,9\n")
    succeeds("grade", "--customers", "c.csv", "--scorer", "abcde", "--save-model", "m.json")
    (here / "c.toml").write_text('[source]\ncustomers = "c.csv"\non = 2026-02-02\n[model]\nload = "m.json"\n')
    assert "valid from 2026-02-02 to 2026-05-03" in succeeds("way-up", "--config", "c.toml")


def test_ids_that_would_move_the_cursor_are_shown_as_python_writes_them(here: Path, succeeds: Succeeds) -> None:
    """An id with an escape sequence is told with its escape."""
    (here / "c.csv").write_text("customer_id,profit\n\x1b[31ma,5\nb,9\n")
    succeeds("grade", "--customers", "c.csv", "--scorer", "abcde", "--save-model", "m.json")
    for command in ("explain", "way-up"):
        on = ("--on", "2026-01-01") if command == "way-up" else ()
        told = succeeds(command, "--model", "m.json", "--customers", "c.csv", "--id", "\x1b[31ma", *on)
        assert "\x1b" not in told


SUM = """
import custgrade as cg
from custgrade.plugins import Axis, Thresholds

def total():
    return cg.Scorer([Axis("grade", ["hi", "lo"], lambda c: c["profit"] + c["revenue"] + 10, Thresholds((11.0,)))])
"""


def test_a_score_and_its_constant_are_named(here: Path, succeeds: Succeeds) -> None:
    """The boundary says that it is a score, and the part without a field that it is the same for everyone."""
    (here / "sum_module.py").write_text(SUM, encoding="utf-8")
    (here / "c.csv").write_text("customer_id,profit,revenue\na,-5,0\n")
    own = ("--scorer", "sum_module:total", "--customers", "c.csv")
    succeeds("grade", *own, "--save-model", "m.json")
    told = succeeds("explain", "--model", "m.json", *own, "--id", "a")
    assert "  boundary above: hi needs a score of at least 11; 6 away" in told
    assert ["same", "for", "everyone", "–", "–", "–", "10"] in [line.split() for line in told.splitlines()]


def test_columns_of_the_same_name_are_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch, refused: Callable[..., str], succeeds: Succeeds
) -> None:
    """Nothing is written when a column of one axis would replace a column of another."""
    monkeypatch.syspath_prepend(here)
    (here / "alike.py").write_text(
        "import custgrade as cg\n"
        "from custgrade.cuts import Thresholds\n"
        "from custgrade.plugins import Axis\n"
        "OWN = [cg.Field(name, 'count', low=0.0, high=9.0, resolution=1.0) for name in ('b_c', 'c')]\n"
        "def scorer():\n"
        "    axes = {'a': lambda c: c['b_c'], 'a_b': lambda c: c['c']}\n"
        "    return cg.Scorer([Axis(name, 'AB', score, Thresholds((2,))) for name, score in axes.items()],"
        " fields=OWN)\n"
    )
    (here / "c.csv").write_text("customer_id,b_c,c\nx,1,2\ny,2,1\n")
    source = ("--customers", "c.csv", "--scorer", "alike:scorer")
    succeeds("grade", *source, "--save-model", "m.json")
    for command, on in (("way-up", ("--on", "2026-01-01")), ("explain", ())):
        told = refused(command, *source, "--model", "m.json", *on, "--out", "out.csv")
        assert "field 'b_c' of axis 'a' and field 'c' of axis 'a_b' have a column of the same name" in told
    assert not (here / "out.csv").exists()
