"""The guard on other scales, on manual grades, and on messages with lines of a file."""

import sys
from pathlib import Path

import pytest
from attrs import evolve

import custgrade as cg
from custgrade.cuts import Thresholds
from custgrade.errors import PolicyError, RespectError
from custgrade.planning import ServiceLevel, check_policy
from custgrade.plugins import Axis, ScaleAxis
from custgrade.toml_files import TomlFile

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import BASE, GOOD, ON, PERIOD, A, B, graded, offer, with_b
finally:
    sys.path.pop(0)

TOP = cg.GradeScale([ScaleAxis("grade", ["top", "rest"])])


def tops():
    base = cg.CustomerBase(ids="wxyz", columns={"revenue": [4.0, 3, 2, 1], "profit": [1.0, 1, 1, 1]}, period=PERIOD)
    axis = Axis("grade", ["top", "rest"], lambda c: c["revenue"], Thresholds([2.5]), rises=["revenue"])
    return cg.Scorer(axes=[axis]).fit(base).grade(base)


def test_a_mapping_in_order_passes():
    """The top get what A gets, the rest what B gets."""
    mapped = GOOD.mapped({"top": "A", "rest": "B"})
    assert check_policy(mapped, TOP) == ()
    assert cg.plan(tops(), GOOD, ON, grades={"top": "A", "rest": "B"}).breaches == ()


def test_a_mapping_upside_down_is_stopped():
    """The rest are never served better than the top, whatever the policy's own order says."""
    found = check_policy(GOOD.mapped({"top": "B", "rest": "A"}), TOP)
    assert {breach.rule for breach in found} == {"R03", "R04", "R05", "R12", "R16"}
    assert {breach.grade for breach in found} == {"rest", "top"}
    assert {breach.path[:2] for breach in found if breach.grade == "rest"} == {("treatment", "A")}
    with pytest.raises(RespectError):
        cg.plan(tops(), GOOD, ON, grades={"top": "B", "rest": "A"})


def test_a_mapping_upside_down_is_stopped_for_single_customers():
    """Only the customers of the worse grade of the scale are in the breach."""
    by_revenue = ServiceLevel(24, lambda c: c["revenue"])
    policy = evolve(GOOD, treatments={"A": evolve(A, level=by_revenue, rewards=()), "B": evolve(B, rewards=())})
    mapped = evolve(policy, base=ServiceLevel(24, 0.0)).mapped({"top": "B", "rest": "A"})
    mapped = evolve(mapped, treatments={**mapped.treatments, "B": evolve(mapped.treatments["B"], offers=())})
    with pytest.raises(RespectError) as raised:
        cg.plan(tops(), mapped, ON)
    rows = {breach.rule: breach.rows for breach in raised.value.breaches if breach.rows is not None}
    assert rows["R03"].tolist() == [2, 3]


def test_a_scale_without_treatment_is_named():
    """A grade that the policy doesn't map is an error."""
    with pytest.raises(PolicyError, match="no treatment for top, rest"):
        check_policy(GOOD, TOP)


def test_manual_grades_count():
    """A customer whose manual grade is B is compared as a B customer."""
    policy = with_b(level=evolve(BASE, service_hours=lambda c: c["revenue"] / 200))
    moved = cg.Overrides([cg.Override("C0", "B", "why", "me", ON, "2026-12-31")])
    customers = graded().with_overrides(moved, on=ON)
    with pytest.raises(RespectError) as raised:
        cg.plan(customers, policy, ON)
    assert {breach.rule: breach.rows.tolist() for breach in raised.value.breaches} == {"R03": [0]}


def test_messages_as_text():
    """A message has the rule, the grade, both numbers, and a value that passes."""
    assert [str(breach) for breach in check_policy(offer(open_days=3))] == [
        "R08 window, B: offer 'price' is open 3 days, and 14 to 28 are allowed. Make open_days 14"
    ]
    assert [str(breach) for breach in check_policy(with_b(level=ServiceLevel(2, 1)))] == [
        "R03 service-never-rises, B: response_hours is 2 working hours, and A has 4 working hours. "
        "Make it at least 4 working hours"
    ]
    assert [str(breach) for breach in check_policy(offer(steepest=2))] == [
        "R18 not-more-than-fair, B: offer 'price' may rise by 200 % of revenue, and 50 % is the most. Make steepest at "
        "most 0.5, and give a further offer to customers beyond it"
    ]
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), with_b(level=evolve(BASE, service_hours=lambda c: c["revenue"] / 1000)), ON)
    assert str(raised.value) == (
        "R01 base-level, B (3 customers): service_hours is 0.2 hours a quarter for the customer furthest from the "
        "base, which has 0.5 hours a quarter. Limit it to the base, at least 0.5 hours a quarter: "
        "least = … in a policy file, np.maximum(…, …) in Python"
    )


FILE = """name = "decent"
[base]
response_hours = 24
[treatment.B]
goal = "bring them up"
level = {response_hours = 2}
[treatment.B.offer.price]
what = "a price"
open_days = 3
"""


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        (offer(open_days=3), "shop.toml, line 9: [treatment.B.offer.price]"),
        (with_b(level=ServiceLevel(2, 1)), "shop.toml, line 6: [treatment.B.level]"),
        (offer(explain=""), "shop.toml, line 7: [treatment.B.offer.price]"),
        (with_b(way_up=""), "shop.toml, line 4: [treatment.B]"),
        (evolve(GOOD, base=ServiceLevel(60, 0.5)), "shop.toml, line 3: [base]"),
    ],
)
def test_a_breach_has_the_line_of_its_part(policy, place):
    """The place is the line of the key, or of the nearest table if the file leaves the key out."""
    import tomllib

    source = TomlFile(Path("shop.toml"), FILE, tomllib.loads(FILE))
    (breach,) = check_policy(evolve(policy, source=source))
    assert breach.place == place
    assert str(breach).startswith(f"{place}: {breach.rule} ")
