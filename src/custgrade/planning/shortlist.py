"""Shortlists: the best customers of some grades by a scorer; a list of the policy, not a grade."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.data.scale import labels_of
from custgrade.errors import PolicyError
from custgrade.model.scorer import Scorer
from custgrade.planning.amount import Condition, as_condition, is_condition
from custgrade.planning.part import Part, sentence
from custgrade.text import shown


def _fingerprint(scorer: Any) -> Any:
    return scorer.fingerprint if isinstance(scorer, Scorer) else scorer


@frozen
class Shortlist(Part):
    """The best class of a scorer that is fitted on the customers of some grades.

    name: unique in the policy. among: the grades. scorer: a traceable scorer with one axis; customers of its best class
    are on the list. where: a condition that customers must meet to be in the fit; None for all.
    """

    name: str = field(validator=sentence)
    among: tuple[str, ...] = field(converter=labels_of)
    scorer: Any = field(eq=_fingerprint)
    where: Condition | None = field(default=None, converter=as_condition, validator=is_condition)

    def __attrs_post_init__(self) -> None:
        if not self.name.isidentifier():
            raise PolicyError(
                f"a shortlist's name is the name of a column: letters, digits and _; received {self.name!r}"
            )
        if not self.among:
            raise PolicyError(f"Shortlist {self.name!r}: among must name at least one grade")
        if type(self.scorer) is not Scorer or len(self.scorer.axes) != 1:
            raise PolicyError(
                f"Shortlist {self.name!r}: scorer must be a Scorer with one axis; received {shown(self.scorer)}"
            )
        if any(score.root is None for score in self.scorer.scores.values()):
            raise PolicyError(f"Shortlist {self.name!r}: the scorer's score must be traceable")
