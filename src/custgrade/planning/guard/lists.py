"""Who is on lists, is asked, and earns what: R13 to R16."""

from __future__ import annotations

from collections.abc import Iterator

from custgrade.data.scale import NOT_GRADED
from custgrade.planning.guard.offers import asks_much
from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import Breach
from custgrade.planning.policy import Policy
from custgrade.text import listed


def list_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on ungraded customers, consent, shortlists and incentives."""
    yield from _unknown(policy)
    own = [(pair.better, pair.worse) for pair in pairs if pair.code is None]
    for grade, treatment in policy.by_place:
        for reward in treatment.rewards:
            if reward.kind == "showcase" and not reward.consent:
                what = f"reward {reward.name!r} shows customers to others, and consent is false"
                path = treatment_path(grade, "reward", reward.name, "consent")
                yield Breach("R14", grade, what, "Make consent true", path=path)
        better = [one for one, other in own if other == grade] if grade != NOT_GRADED else policy.grades.grades
        for incentive in treatment.incentives:
            if incentive.reaching not in better:
                what = (
                    f"incentive {incentive.name!r} is for reaching {incentive.reaching!r}, which isn't a better grade"
                )
                path = treatment_path(grade, "incentive", incentive.name, "reaching")
                mend = f"Name a better grade: {listed(better)}" if better else "Make it a reward"
                yield Breach("R16", grade, what, mend, path=path)
    for shortlist in policy.shortlists:
        carries = any(one.only == shortlist.name for _, treatment in policy.by_place for one in treatment.rewards)
        out = [one for one, other in own if other in shortlist.among and one not in shortlist.among]
        for grade in dict.fromkeys(out if carries else ()):
            what = f"shortlist {shortlist.name!r} has rewards for {listed(shortlist.among)}, and leaves out {grade}"
            path = ("shortlist", shortlist.name, "among")
            yield Breach("R15", grade, what, f"Add {grade!r} to among", path=path)


def _unknown(policy: Policy) -> Iterator[Breach]:
    treatment = policy.ungraded
    for offer in treatment.offers:
        if asks_much(offer):
            kind = "charged more" if offer.transition is None else "released"
            path = treatment_path(NOT_GRADED, "offer", offer.name)
            what = f"offer {offer.name!r}: ungraded customers may be {kind}"
            yield Breach("R13", NOT_GRADED, what, "Leave the offer out, and ask them", path=path)
    if treatment.aim == "release":
        path = treatment_path(NOT_GRADED, "aim")
        yield Breach("R13", NOT_GRADED, "the aim is to release ungraded customers", "Make aim 'ask'", path=path)
    if not any(one.kind == "ask" and one.when is None and not one.only for one in treatment.actions):
        what = "not all ungraded customers are asked what they need"
        mend = "Add an action of kind 'ask' without when and only"
        yield Breach("R13", NOT_GRADED, what, mend, path=treatment_path(NOT_GRADED, "action"))
