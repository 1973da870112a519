"""Cuts: how a score becomes a class, and what they ask of the whole base. Authors of cuts find all they need here."""

from __future__ import annotations

from custgrade.cuts.asks import (
    Answers,
    Ask,
    Block,
    Count,
    Population,
    Question,
    RankedBlocks,
    TieBlocks,
    Total,
    ValueBlocks,
)
from custgrade.cuts.boundary import Boundary
from custgrade.cuts.cut import Cut, CutFitting, FittedCut, ScoreNotice
from custgrade.cuts.exact import Share, exact_share
from custgrade.cuts.shares import Shares, ValueShares
from custgrade.cuts.thresholds import Thresholds

__all__ = [
    "Answers",
    "Ask",
    "Block",
    "Boundary",
    "Count",
    "Cut",
    "CutFitting",
    "FittedCut",
    "Population",
    "Question",
    "RankedBlocks",
    "ScoreNotice",
    "Share",
    "Shares",
    "Thresholds",
    "TieBlocks",
    "Total",
    "ValueBlocks",
    "ValueShares",
    "exact_share",
]
