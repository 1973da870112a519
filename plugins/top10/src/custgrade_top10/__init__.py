"""The top ten per cent, and the rest."""

from custgrade_top10.scorer import custgrade_scorers, top10

__all__ = ["custgrade_scorers", "top10"]
