"""The scheme `floors`: a checklist of least values that a customer should reach."""

from custgrade_floors.scorer import custgrade_scorers, floors

__all__ = ["custgrade_scorers", "floors"]
