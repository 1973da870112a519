"""Cuts, which turn scores into classes, and everything else that authors of cuts need."""

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
