"""Saved models, format 1: exact round trips, and a clear error for everything that is wrong with a file."""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError, ModelDigestError, ModelError, ModelFormatError, ModelScorerError, OutputError
from custgrade.plugins import Axis, Criterion, Linear, Percentile, Registry, Scorecard, Shares, Thresholds

moderate = settings(deadline=None, max_examples=30)
finite = st.floats(allow_nan=False, allow_infinity=False)
BASE = cg.CustomerBase(["a", "b", "c"], {"profit": [3.0, 2.0, 1.0]})


def by_profit(c):
    return c["profit"]


def nested() -> cg.Scorer:
    return cg.Scorer(
        [
            Axis("size", "AB", lambda c: c["revenue"], Shares(("0.5", "0.5"))),
            Axis("yield", "AB", lambda c: c["standing"], Shares(("0.1", "0.9")), within="size"),
        ],
        learned={"standing": Percentile("profit", 3)},
    )


def bits(model: cg.GradingModel) -> list[Any]:
    """Every learned number by its bits."""
    rows = [*model.learned.items(), *((name, row) for name, rows in model.boundaries.items() for row in rows)]
    return [(name, None if row is None else [(b.value.hex(), b.inclusive) for b in row]) for name, row in rows]


def resigned(content: dict[str, Any]) -> str:
    """The content as JSON text with a digest that matches, as a forger would write it."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return json.dumps({**rest, "digest": hashlib.sha256(text.encode()).hexdigest()})


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "model.json"
    cg.scorer("abcde").fit(BASE).save(file)
    return file


class TestRoundTrip:
    """What is read back is what was saved."""

    @given(
        rows=st.lists(st.tuples(finite, finite), min_size=1, max_size=20),
        others=st.lists(st.tuples(finite, finite), max_size=10),
    )
    @moderate
    def test_every_learned_number_to_the_last_bit(
        self, rows: list[tuple[float, float]], others: list[tuple[float, float]]
    ) -> None:
        """Boundaries, notices, counts and grades of any customers survive a save and a load."""
        columns = {name: [row[k] for row in rows] for k, name in enumerate(("profit", "revenue"))}
        model = nested().fit(cg.CustomerBase([str(k) for k in range(len(rows))], columns))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "m.json"
            model.save(file)
            loaded = cg.load_model(file, scorer=nested())
            loaded.save(Path(folder) / "again.json")
            assert file.read_bytes() == (Path(folder) / "again.json").read_bytes()
        assert bits(model) == bits(loaded)
        assert (model.notices, model.customers, dict(model.graded)) == (
            loaded.notices,
            loaded.customers,
            dict(loaded.graded),
        )
        for profit, revenue in [*rows, *others]:
            record = {"profit": profit, "revenue": revenue}
            assert model.grade_one(record) == loaded.grade_one(record)

    def test_everything_about_the_data_is_kept(self, tmp_path: Path) -> None:
        """Period, currency, dropped criteria, parameters and plug-in are in the file and come back."""
        card = Scorecard([Criterion("profit", Linear(0, 4)), Criterion("orders", Linear(0, 4))])
        base = cg.CustomerBase(
            ["é\n"], {"profit": [3.0]}, period=cg.Period("2020-12-31", "2020-01-01", "2020-12-30"), currency="EUR"
        )
        model = card.scorer().fit(base)
        model.save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=card.scorer())
        assert (base.period, "EUR", ("orders",)) == (loaded.period, loaded.currency, loaded.dropped)
        assert "A" == loaded.grade_one({"profit": 3}).grade

    def test_the_file_says_what_it_is(self, saved: Path) -> None:
        """Format, versions, scorer with parameters, fields with units, counts and digest are there to read."""
        content = json.loads(saved.read_text(encoding="utf-8"))
        assert (1, cg.__version__) == (content["format"], content["custgrade"])
        assert ("abcde", "custgrade") == (content["scorer"]["name"], content["scorer"]["distribution"])
        assert "profit" == content["scorer"]["parameters"]["by"]
        assert {"profit": {"unit": "money"}} == content["fields"]
        assert {"grade": 3} == content["data"]["graded"]
        assert 64 == len(content["digest"])

    @given(parameter=st.sampled_from([("0.5", "0.5"), (0.5, 0.5), ["1/2", "1/2"]]))
    @moderate
    def test_parameters_are_read_back_by_the_scheme(self, parameter: Any) -> None:
        """Shares given as texts, floats or fractions make the same scorer again."""
        model = cg.scorer("abcde", letters="XY", shares=parameter, ties="worse").fit(BASE)
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder) / "m.json")
            loaded = cg.load_model(Path(folder) / "m.json")
        assert model.scorer.fingerprint == loaded.scorer.fingerprint

    def test_no_token_outside_of_json(self, tmp_path: Path) -> None:
        """NaN and Infinity aren't JSON, so no model file holds them, whatever the data held."""
        base = cg.CustomerBase(
            ["a", "b", "c"], {"profit": [math.nan, math.inf, 1e308], "revenue": [1.0, 2.0, math.nan]}
        )
        nested().fit(base).save(tmp_path / "m.json")

        def refuse(token: str) -> None:
            raise AssertionError(token)

        json.loads((tmp_path / "m.json").read_text(encoding="utf-8"), parse_constant=refuse)


class TestBadFiles:
    """Each fault has its own clear error."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"customers": 3', '"customers": 4'),
            ("3.0,", "3.5,"),
            ("true", "false"),
            ('"A"', '"Z"'),
            ('"by": "profit"', '"by": "orders"'),
        ],
    )
    def test_a_changed_file_is_told_by_its_digest(self, saved: Path, old: str, new: str) -> None:
        """Whatever is changed, the digest no longer matches."""
        text = saved.read_text(encoding="utf-8")
        assert old in text
        saved.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ModelDigestError, match="changed after it was saved"):
            cg.load_model(saved)

    @pytest.mark.parametrize("number", [2, 0, "1", None, True, 1.5])
    def test_an_unknown_format(self, saved: Path, number: Any) -> None:
        """Another format number is named together with the one that can be read."""
        content = json.loads(saved.read_text(encoding="utf-8"))
        saved.write_text(resigned({**content, "format": number}), encoding="utf-8")
        with pytest.raises(ModelFormatError, match="reads format 1"):
            cg.load_model(saved)

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"hello", b"[]", b"3", b"null", b"{}", b'{"format": 1}', b'{"digest": "x"}', b"\xff\xfe\x00",
            b"PK\x03\x04", b"\x80\x04\x95", b"[" * 50_000, b'{"format": 1, "digest": "x", "n": NaN}',
            b'{"format": 1, "digest": "x", "n": 1e999}', b"1" * 5000, b'{"format": 1, "digest": {"a": [1]}}',
        ],
    )  # fmt: skip
    def test_not_a_model(self, tmp_path: Path, content: bytes) -> None:
        """Whatever isn't a model's JSON is a ModelError, never a traceback of the parser."""
        file = tmp_path / "m.json"
        file.write_bytes(content)
        with pytest.raises((ModelFormatError, ModelDigestError)):
            cg.load_model(file)

    def test_a_truncated_file(self, saved: Path) -> None:
        """Cut off anywhere, a model is refused."""
        whole = saved.read_bytes()
        for length in range(0, len(whole) - 2, 97):
            saved.write_bytes(whole[:length])
            with pytest.raises(ModelFormatError):
                cg.load_model(saved)

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("scorer", None), ("scorer", {}), ("data", {}), ("data", 3),
            ("boundaries", {}), ("boundaries", {"grade": 5}),
            ("boundaries", {"grade": [[[1.0]]]}), ("boundaries", {"grade": [[["x", True]] * 4]}),
            ("boundaries", {"grade": []}),
            ("boundaries", {"grade": [[[1.0, True]]]}),
            ("boundaries", {"grade": [[[float(k), True] for k in range(4)]]}),
            ("notices", 3),
        ],
    )  # fmt: skip
    def test_a_garbled_part_with_a_right_digest(self, saved: Path, part: str, value: Any) -> None:
        """A file that was put together wrongly is refused even if its digest is right, not graded with."""
        content = json.loads(saved.read_text(encoding="utf-8"))
        saved.write_text(resigned({**content, part: value}), encoding="utf-8")
        with pytest.raises(ModelError):
            cg.load_model(saved)

    def test_a_missing_file_or_a_folder(self, tmp_path: Path) -> None:
        """What can't be read is an error that names the file."""
        for path in (tmp_path / "none.json", tmp_path):
            with pytest.raises(ModelError, match=path.name):
                cg.load_model(path)


class TestScorers:
    """A model needs the scorer that it was fitted with."""

    def test_a_missing_plug_in(self, saved: Path) -> None:
        """Without the plug-in, the error names scorer and distribution."""
        nobody = Registry(finder=lambda: ())
        with pytest.raises(ModelScorerError, match="'abcde' of custgrade"):
            cg.load_model(saved, registry=nobody)

    def test_parameters_that_the_plug_in_refuses(self, saved: Path) -> None:
        """Saved parameters that today's plug-in refuses are a ModelScorerError."""
        content = json.loads(saved.read_text(encoding="utf-8"))
        content["scorer"]["parameters"]["colour"] = "red"
        saved.write_text(resigned(content), encoding="utf-8")
        with pytest.raises(ModelScorerError, match="colour"):
            cg.load_model(saved)

    @pytest.mark.parametrize(
        "other",
        [
            lambda: cg.scorer("abcde", by="revenue"),
            lambda: cg.scorer("abcde", best="lowest"),
            lambda: cg.scorer("abcde", ties="better"),
            lambda: cg.scorer("abcde", letters="ABCDF"),
            lambda: cg.scorer("abcde", minimum_orders=1),
            lambda: cg.scorer("abcde", shares=(0.2,) * 5),
            nested,
        ],
    )
    def test_a_scorer_that_grades_differently(self, saved: Path, other: Any) -> None:
        """Whatever decides a grade is in the fingerprint, so another scorer is refused."""
        with pytest.raises(ModelScorerError, match="grades differently"):
            cg.load_model(saved, scorer=other())

    def test_a_scorer_made_in_python_is_passed(self, tmp_path: Path) -> None:
        """A scorer without a plug-in can't be found again, so it is asked for, and works when given."""
        make = lambda: cg.Scorer([Axis("grade", "AB", by_profit, Shares(("0.5", "0.5")))])
        model = make().fit(BASE)
        model.save(tmp_path / "m.json")
        with pytest.raises(ModelScorerError, match=r"scorer=\.\.\."):
            cg.load_model(tmp_path / "m.json")
        assert bits(model) == bits(cg.load_model(tmp_path / "m.json", scorer=make()))

    def test_a_function_is_called_with_the_saved_parameters(self, tmp_path: Path) -> None:
        """The function that made the scorer makes it again from the parameters in the file."""

        def halves(by: str = "profit") -> cg.Scorer:
            return cg.Scorer([Axis("grade", "AB", lambda c: c[by], Shares(("0.5", "0.5")))])

        model = cg.scorer(halves, by="profit").fit(BASE)
        model.save(tmp_path / "m.json")
        with pytest.raises(ModelScorerError, match="not a plug-in"):
            cg.load_model(tmp_path / "m.json")
        assert bits(model) == bits(cg.load_model(tmp_path / "m.json", scorer=halves))

    def test_no_code_named_by_a_file_is_imported(
        self, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A model file that names `module:function` never has that module imported."""
        (tmp_path / "sneaky_module.py").write_text("raise SystemExit('imported')", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        content = json.loads(saved.read_text(encoding="utf-8"))
        for name in ("sneaky_module:make", "sneaky_module", "os:system"):
            content["scorer"]["name"] = name
            saved.write_text(resigned(content), encoding="utf-8")
            with pytest.raises(ModelScorerError):
                cg.load_model(saved)
        assert "sneaky_module" not in sys.modules

    def test_parameters_that_json_cannot_hold(self, tmp_path: Path) -> None:
        """A parameter that can't be written is an error at saving that names it."""

        def odd(thing: Any = None) -> cg.Scorer:
            return cg.Scorer([Axis("grade", "AB", by_profit, Thresholds((1,)))])

        for thing in (object(), math.nan, {1, 2}):
            with pytest.raises(ModelError, match="thing"):
                cg.scorer(odd, thing=thing).fit(BASE).save(tmp_path / "m.json")
        assert [] == list(tmp_path.iterdir())


class TestAtomic:
    """A failing save leaves what was there."""

    def test_an_existing_file_survives_a_failing_save(self, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """When writing fails half-way, the old model stays byte for byte and nothing is left beside it."""
        before = saved.read_bytes()

        def fail(*_: Any, **__: Any) -> None:
            raise OSError("disk full")

        for name in ("replace", "rename"):
            monkeypatch.setattr(os, name, fail)
            monkeypatch.setattr(Path, name, fail)
        with pytest.raises(OutputError, match="disk full"):
            cg.scorer("abcde", ties="better").fit(BASE).save(saved)
        assert before == saved.read_bytes()
        assert [saved] == list(saved.parent.iterdir())

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        """Saving into no folder, or onto one, is an OutputError."""
        model = cg.scorer("abcde").fit(BASE)
        for path in (tmp_path / "none" / "m.json", tmp_path):
            with pytest.raises(OutputError):
                model.save(path)

    def test_saving_twice_gives_the_same_bytes(self, saved: Path) -> None:
        """Nothing but the model is in the file."""
        before = saved.read_bytes()
        cg.scorer("abcde").fit(BASE).save(saved)
        assert before == saved.read_bytes()


class TestGrading:
    """A model's own checks."""

    def test_a_missing_field_and_another_currency(self) -> None:
        """A base without the field, or in another currency, can't be graded with the model."""
        model = cg.scorer("abcde").fit(cg.CustomerBase(["a"], {"profit": [1.0]}, currency="EUR"))
        with pytest.raises(FieldError, match="profit"):
            model.grade(cg.CustomerBase(["a"], {"revenue": [1.0]}))
        with pytest.raises(ModelError, match="USD"):
            model.grade(cg.CustomerBase(["a"], {"profit": [1.0]}, currency="USD"))
        with pytest.raises(FieldError):
            model.grade_one(17)

    def test_what_was_learned_is_frozen(self) -> None:
        """Neither the numbers nor the mappings of a model can be changed."""
        model = cg.scorer("abcde").fit(BASE)
        with pytest.raises(TypeError):
            model.boundaries["grade"] = ()
        with pytest.raises(AttributeError):
            model.notices = ()
