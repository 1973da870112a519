"""Scorers that take data by a side door, lose digits or misspell a field, and scores that do badly without a field."""

from __future__ import annotations

import linecache
import math
import os
import sys
from pathlib import Path

import numpy as np
from faulty_scores import DECLARED, EXACT, NUMBERS, Faulty, one

import custgrade as cg
from custgrade.errors import ScorerError


def reads_a_file() -> cg.Scorer:
    return one(lambda c: c["profit"] * float(len(Path(__file__).read_bytes())), needs=["profit"])


def asks_when_a_file_changed() -> cg.Scorer:
    return one(lambda c: c["profit"] * Path(__file__).stat().st_mtime, needs=["profit"])


def reads_the_environment() -> cg.Scorer:
    return one(lambda c: c["profit"] * float(os.environ.get("RATE", "2")), needs=["profit"])


def looks_into_frames() -> cg.Scorer:
    def score(c):
        return c["profit"] * (2.0 if "base" in sys._getframe(1).f_locals else 1.0)

    return one(score, needs=["profit"])


def misspells_a_field() -> cg.Scorer:
    return one(lambda c: c["revenu"] - c["discount"], rises=["revenu"])


def error_function() -> cg.Scorer:
    return one(lambda c: np.array([math.erf(v / 1e4) for v in c["profit"]]), needs=["profit"])


def single_precision_inside() -> cg.Scorer:
    return one(lambda c: (c["profit"].astype(np.float32) * 2).astype(np.float64), needs=["profit"])


def single_precision_factor() -> cg.Scorer:
    return one(lambda c: c["profit"] * np.full(len(c["profit"]), 0.1, dtype=np.float32), needs=["profit"])


class Average:
    """The average of fields, correct without some of them."""

    def __init__(self, names=("enjoyable", "promptness", "effort")):
        self.names = tuple(names)

    @property
    def optional(self):
        return frozenset(self.names)

    def __call__(self, c):
        total = c[self.names[0]]
        for name in self.names[1:]:
            total = total + c[name]
        return total / float(len(self.names))

    def without(self, fields):
        left = [name for name in self.names if name not in fields]
        if not left:
            raise ScorerError("nothing is left")
        return type(self)(left)


class KeepsAll(Average):
    """Goes on reading what isn't there."""

    def without(self, fields):
        return self


class KeepsTheFirst(Average):
    """Leaves out what is there."""

    def without(self, fields):
        return type(self)([name for name in self.names if name not in fields][:1])


class KeepsTheWrongOnes(Average):
    """Leaves out all but what isn't there."""

    def without(self, fields):
        return type(self)([name for name in self.names if name in fields])


class TurnsRound(Average):
    """Falls where it rose."""

    def without(self, fields):
        left = super().without(fields)
        return lambda c: -left(c)


class Forgets(Average):
    """Changes itself instead of returning another."""

    def without(self, fields):
        self.names = super().without(fields).names
        return self


def average(kind: type[Average]) -> cg.Scorer:
    return one(kind(), rises=["enjoyable", "promptness", "effort"])


LEFT_OUT = "test_9_what_is_left_out_is_named"

FAULTY_FIELDS = {
    "reads a file": Faulty(reads_a_file, DECLARED, "a file in reads_a_file"),
    "asks when a file changed": Faulty(asks_when_a_file_changed, DECLARED, "a file in asks_when_a_file_changed"),
    "reads the environment": Faulty(reads_the_environment, DECLARED, "the environment in reads_the_environment"),
    "looks into frames": Faulty(looks_into_frames, DECLARED, "other functions' frames in looks_into_frames"),
    "misspells a field": Faulty(misspells_a_field, DECLARED, "Did you mean 'revenue'?"),
    "math.erf": Faulty(error_function, EXACT, "calls math.erf"),
    "single precision inside": Faulty(single_precision_inside, NUMBERS, "float32 in astype"),
    "a factor of single precision": Faulty(single_precision_factor, NUMBERS, "float32 in multiply"),
    "keeps what is gone": Faulty(lambda: average(KeepsAll), LEFT_OUT, "it failed"),
    "keeps only the first field": Faulty(lambda: average(KeepsTheFirst), LEFT_OUT, "it failed"),
    "keeps the wrong fields": Faulty(lambda: average(KeepsTheWrongOnes), LEFT_OUT, "it failed"),
    "turns round without a field": Faulty(lambda: average(TurnsRound), LEFT_OUT, "rises with"),
    "forgets fields for good": Faulty(lambda: average(Forgets), LEFT_OUT, "without"),
}


def loads_lazily() -> cg.Scorer:
    """Correct: what it imports and what the library reads for it isn't its data."""

    def score(c):
        import fractions

        linecache.getline(__file__, 1)
        return c["profit"] * float(fractions.Fraction(1, 2))

    return one(score, needs=["profit"])
