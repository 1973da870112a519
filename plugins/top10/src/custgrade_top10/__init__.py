"""The scheme `top10`: the top ten per cent of customers, and the rest."""

from custgrade_top10.scorer import custgrade_scorers, top10

__all__ = ["custgrade_scorers", "top10"]
