"""Scorers that fit models of their own, which break one promise each, and the check that must name it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import numpy as np

import custgrade as cg
from custgrade.plugins import Boundary, Criterion, Rating, Scorecard

if __package__:
    from .faulty_scores import Faulty, one, profit
else:
    from faulty_scores import Faulty, one, profit


class Model(cg.GradingModel):
    """What the models below have in common: grades that are spoilt in one way."""

    def spoilt(self, graded: cg.Graded) -> cg.Graded:
        return graded

    def grade(self, base: cg.CustomerBase) -> cg.Graded:
        return self.spoilt(super().grade(base))


def changed(graded: cg.Graded, **parts) -> cg.Graded:
    kept = {a.name.lstrip("_"): getattr(graded, a.name) for a in attrs.fields(cg.Graded)}
    return cg.Graded(**{**kept, **parts})


def with_codes(graded: cg.Graded, codes: np.ndarray) -> cg.Graded:
    return changed(graded, codes={"grade": codes.astype(np.uint8)})


def only(graded: cg.Graded, rows: np.ndarray) -> cg.Graded:
    return changed(
        graded,
        base=graded.base.take(rows),
        codes={"grade": graded.codes["grade"][rows]},
        scores={"grade": graded.scores["grade"][rows]},
        given_reasons=(graded.reason_codes[rows], graded.reasons),
    )


class TiesById(Model):
    """Puts the customer whose id comes last in the alphabet into the worst class."""

    def spoilt(self, graded):
        codes = graded.codes["grade"].copy()
        if len(codes):
            last = max(range(len(codes)), key=lambda row: graded.base.ids[row])
            codes[last] = 2 if codes[last] != 255 else 255
        return with_codes(graded, codes)


class NoneUngraded(Model):
    """Gives everybody who is ungraded the worst grade."""

    def spoilt(self, graded):
        return with_codes(graded, np.where(graded.codes["grade"] == 255, 2, graded.codes["grade"]))


class DropsTheUngraded(Model):
    """Leaves out who is ungraded."""

    def spoilt(self, graded):
        rows = graded.codes["grade"] != 255
        return only(graded, rows)


class SortsByScore(Model):
    """Returns the customers best first."""

    def spoilt(self, graded):
        rows = np.argsort(-graded.scores["grade"], kind="stable")
        return only(graded, rows)


class ForgetsReasons(Model):
    """Ungraded without a word."""

    def spoilt(self, graded):
        return changed(graded, given_reasons=(np.zeros(len(graded), dtype=np.uint32), graded.reasons))


class WideCodes(Model):
    """Codes as whole numbers of another kind."""

    def spoilt(self, graded):
        return changed(graded, codes={"grade": graded.codes["grade"].astype(np.int64)})


class StrictlyAbove(Model):
    """On a boundary is not in the better class."""

    def spoilt(self, graded):
        codes = graded.codes["grade"].copy()
        for place, boundary in enumerate(self.boundaries["grade"][0] or ()):
            codes[(graded.scores["grade"] == boundary.value) & (codes == place)] = place + 1
        return with_codes(graded, codes)


class BestInTheBatch(Model):
    """Whoever is best in a batch gets the best grade."""

    def spoilt(self, graded):
        codes = graded.codes["grade"].copy()
        codes[graded.scores["grade"] == np.nanmax(graded.scores["grade"], initial=-np.inf)] = 0
        return with_codes(graded, codes)


class FirstRowFirst(Model):
    """The first row is treated better."""

    def spoilt(self, graded):
        codes = graded.codes["grade"].copy()
        codes[:1] = np.where(codes[:1] == 255, 255, 0)
        return with_codes(graded, codes)


class WritesIntoTheBase(Model):
    """Clears unknown values in the base that it was given."""

    def spoilt(self, graded):
        column = graded.base.columns["profit"]
        column.flags.writeable = True
        column[np.isnan(column)] = 0.0
        column.flags.writeable = False
        return graded


class RoundsAlone(Model):
    """Grades one customer by whole money."""

    def grade_one(self, customer):
        return super().grade_one(cg.Customer(customer.id, {k: float(np.round(v)) for k, v in customer.values.items()}))


class SavesRounded(Model):
    """Saves its boundaries to the nearest whole number."""

    def save(self, path):
        rounded = {
            name: [row and tuple(Boundary(float(round(b.value)), b.inclusive) for b in row) for row in rows]
            for name, rows in self.boundaries.items()
        }
        kept = {a.name: getattr(self, a.name) for a in attrs.fields(cg.GradingModel)}
        cg.GradingModel(**{**kept, "boundaries": rounded}).save(path)


class SavesNothing(Model):
    """Forgets to write."""

    def save(self, path):
        Path(path).touch()


class ReadsAnythingInTheBase(Model):
    """Looks at a field that the scorer never named."""

    def spoilt(self, graded):
        codes = graded.codes["grade"].copy()
        if "referrals" in graded.base.columns:
            codes[(graded.base.columns["referrals"] > 2.0) & (codes != 255)] = 0
        return with_codes(graded, codes)


def fitting(kind: type[Model]) -> Callable[[], cg.Scorer]:
    """Return a function that makes a scorer by profit, in thirds, whose models are of this kind."""

    class Own(cg.Scorer):
        def fit(self, base: cg.CustomerBase) -> cg.GradingModel:
            model = super().fit(base)
            return kind(**{a.name: getattr(model, a.name) for a in attrs.fields(cg.GradingModel)})

    return lambda: Own(one(profit, rises=["profit"]).axes)


class SilentCard(cg.Scorer):
    """Leaves criteria out without saying so."""

    def fit(self, base: cg.CustomerBase) -> cg.GradingModel:
        model = super().fit(base)
        kept = {a.name: getattr(model, a.name) for a in attrs.fields(cg.GradingModel)}
        return cg.GradingModel(**{**kept, "notices": (), "dropped": ()})


def silent_card() -> cg.Scorer:
    card = Scorecard([Criterion("enjoyable", Rating()), Criterion("effort", Rating())])
    return SilentCard(card.scorer().axes)


FAULTY_MODELS = {
    "splits ties by id": Faulty(fitting(TiesById), "test_2_order_ids", "other ids"),
    "no score gets some grade": Faulty(fitting(NoneUngraded), "test_8_unknown_is_ungraded", "got 'C'"),
    "drops customers": Faulty(fitting(DropsTheUngraded), "test_9_everybody_comes_out", "customers"),
    "another order": Faulty(fitting(SortsByScore), "test_9_everybody_comes_out", "the graded customers are"),
    "no reasons": Faulty(fitting(ForgetsReasons), "test_9_everybody_comes_out", "ungraded customers need a reason"),
    "codes of another kind": Faulty(fitting(WideCodes), "test_9_everybody_comes_out", "int64"),
    "strictly above a boundary": Faulty(fitting(StrictlyAbove), "test_5_boundaries_decide_the_labels", "at least"),
    "the best of the batch": Faulty(fitting(BestInTheBatch), "test_2_order_batches", "in batches of"),
    "the first row is better": Faulty(fitting(FirstRowFirst), "test_2_order_of_rows", "shuffled"),
    "writes into the base": Faulty(fitting(WritesIntoTheBase), "test_0_the_input_stays", "changed profit"),
    "rounds one customer": Faulty(fitting(RoundsAlone), "test_6_one_is_many", "alone"),
    "saves rounded boundaries": Faulty(fitting(SavesRounded), "test_6_saved_is_loaded", "from the loaded model"),
    "saves nothing": Faulty(fitting(SavesNothing), "test_6_saved_is_loaded", "saving and loading its model failed"),
    "reads an unnamed field of the base": Faulty(
        fitting(ReadsAnythingInTheBase), "test_0_reads_only_declared_fields", "referrals"
    ),
    "leaves criteria out in silence": Faulty(silent_card, "test_9_what_is_left_out_is_named", "no notice"),
    "is no scorer": Faulty(lambda: {"grade": profit}, "test_0_a_scorer_can_be_made", "not a custgrade.Scorer"),
    "can't be made": Faulty(lambda: cg.Scorer([]), "test_0_a_scorer_can_be_made", "making it failed"),
}
