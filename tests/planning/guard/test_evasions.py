"""Ways around the guard's rules, each of which is refused or named."""

import sys
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

import custgrade as cg
from custgrade.cuts import Thresholds
from custgrade.errors import PolicyError, RespectError
from custgrade.planning import (
    RULES,
    Action,
    Amount,
    Condition,
    Entitlement,
    Incentive,
    Offer,
    Package,
    Policy,
    Reward,
    ServiceLevel,
    Shortlist,
    Terms,
    Transition,
    Treatment,
    check_policy,
)
from custgrade.planning.guard.plain_text import plain, says_something
from custgrade.plugins import Axis
from custgrade.scoring.tracing import TracedScore, trace

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import (
        BASE,
        GOOD,
        OFFER,
        ON,
        PERIOD,
        UNGRADED,
        A,
        by_revenue,
        graded,
        offer,
        with_a,
        with_b,
        with_both,
        with_ungraded,
    )
finally:
    sys.path.pop(0)

GIFT = Reward("gift", value=50)
SAME = {"revenue": np.linspace(1000.0, 1.0, 100), "profit": np.linspace(999.0, 0.0, 100), "orders": np.ones(100)}


def many(**columns):
    """Return 40 customers of grade A and 60 of grade B, with profits that fall from 999 to 0."""
    base = cg.CustomerBase(ids=np.arange(100), columns={**SAME, **columns}, period=PERIOD)
    axis = Axis("grade", "AB", lambda c: c["revenue"], Thresholds([600.0]), rises=["revenue"])
    return cg.Scorer(axes=[axis]).fit(base).grade(base)


def simple(a=None, b=None, **rest):
    both = {"A": Treatment("x", **(a or {})), "B": Treatment("x", way_up="order more", **(b or {}))}
    return Policy("simple", "a test", "AB", both, base=BASE, ungraded=UNGRADED, **rest)


def rules(policy, customers=None):
    """Return the rules that a plan breaches; none if it is made."""
    try:
        cg.plan(many() if customers is None else customers, policy, ON)
    except RespectError as error:
        return {breach.rule for breach in error.breaches}
    return set()


@pytest.mark.parametrize(
    ("better", "declared"),
    [
        ({"rewards": evolve(GIFT, consent=True)}, True),
        ({"rewards": evolve(GIFT, after=100_000)}, True),
        ({"rewards": [evolve(GIFT, after=1), evolve(GIFT, name="later", after=9)]}, True),
        ({"rewards": GIFT, "budget": 0}, False),
    ],
)
def test_rewards_that_the_better_grade_cannot_have_count_for_nothing(better, declared):
    """They need a consent, come later, or wait for money that isn't there; the same in both grades passes."""
    policy = simple(better, {"rewards": GIFT})
    assert {breach.rule for breach in check_policy(policy)} == ({"R04"} if declared else set())
    assert rules(policy) == {"R04"}
    assert "R04" not in rules(simple(better, {**better}))


def test_computed_rewards_need_consent_too():
    """Functions that differ are compared on the plan, with consent and without."""
    value = Reward("gift", value=lambda c: np.minimum(c["revenue"], 50.0))
    assert rules(simple({"rewards": evolve(GIFT, consent=True)}, {"rewards": value})) == {"R04"}
    assert rules(simple({"rewards": GIFT}, {"rewards": value})) == set()


def test_a_budget_that_covers_some_is_a_warning():
    """If only some of the better grade's rewards wait, a worse grade's rewards of that kind give a warning."""
    plan = cg.plan(many(), simple({"rewards": GIFT, "budget": 1000}, {"rewards": GIFT}), ON)
    (warning,) = [one for one in plan.warnings if "budget" in one.what]
    assert (warning.rule, warning.grade, warning.customers) == ("R26", "B", 60)
    assert cg.plan(many(), simple({"rewards": GIFT, "budget": 2000}, {"rewards": GIFT}), ON).warnings == ()


def opaque():
    return TracedScore(("revenue",), ("revenue",), function=lambda c: c["revenue"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Amount(float("nan")),
        lambda: Amount(float("inf")),
        lambda: Amount(1.1e12),
        lambda: Amount("1"),
        lambda: Amount(None),
        lambda: Amount(1.0, trace(lambda c: c["revenue"], "x", {})),
        lambda: Amount(None, opaque()),
        lambda: Amount(None, "x"),
        lambda: Amount(1.0, text="a\nb"),
        lambda: Condition(None),
        lambda: Condition(opaque()),
        lambda: Reward("gift", value=1e307),
        lambda: Reward("gift", value=-1),
        lambda: evolve(GOOD, gift_limit=1e307),
        lambda: Terms(payment_days=-1),
        lambda: Terms(deposit=-0.1),
        lambda: Terms(extras={"training": -1}),
        lambda: Action("call", "contact", "call", hours=-5),
        lambda: Incentive("voucher", -50, "A"),
        lambda: Package("basic", price=-1),
        lambda: cg.planning.Effort(sales_hours=-100),
        lambda: Offer("price", "a price", alternatives=["more\nor less"]),
    ],
)
def test_values_that_mean_nothing_are_refused(make):
    """Numbers that aren't finite, too large, or negative where nothing is; functions without a graph; line breaks."""
    with pytest.raises(PolicyError):
        make()


def doctored(**changes):
    found = trace(lambda c: 0.0 * c["revenue"], "x", {})
    for name, value in changes.items():
        object.__setattr__(found, name, value)
    return Amount(None, found)


@pytest.mark.parametrize("name", ["root", "_program", "inputs", "function"])
def test_a_function_that_computes_something_else_than_its_graph_is_refused(name):
    """A graph, a program and names of columns that don't belong together could show the guard other values."""
    other = trace(lambda c: 9.0 * c["profit"], "x", {})
    amount = doctored()
    object.__setattr__(amount.traced, name, opaque().function if name == "function" else getattr(other, name))
    with pytest.raises(PolicyError):
        check_policy(with_a(rewards=[evolve(GIFT, value=amount)]))


def test_a_doctored_score_of_a_shortlist_is_refused():
    """The score of its scorer is checked like the functions of amounts."""
    scorer = by_revenue()
    policy = simple(shortlists=[Shortlist("club", "AB", scorer)])
    assert check_policy(policy) == ()
    (score,) = scorer.scores.values()
    object.__setattr__(score, "_program", trace(lambda c: c["profit"], "x", {})._program)
    with pytest.raises(PolicyError, match="graph"):
        check_policy(policy)


def test_a_graph_set_behind_an_amount_is_refused():
    """Two functions can't be made to look the same."""
    amount = doctored()
    object.__setattr__(amount, "graph", "0")
    with pytest.raises(PolicyError):
        check_policy(with_a(rewards=[evolve(GIFT, value=amount)]))


def listed(**new):
    reward = {"rewards": evolve(GIFT, only="club")}
    return simple(reward, reward, shortlists=[Shortlist("club", "AB", by_revenue(0.0), **new)])


def test_a_condition_that_shuts_the_better_grade_out_is_stopped():
    """`where` that holds for nobody of A is a breach; that holds for few of A, or a scorer, is a warning."""
    assert rules(listed(where=lambda c: c["profit"] < 590)) == {"R15"}
    assert rules(listed(where=lambda c: c["profit"] < 690)) == set()
    (warning,) = cg.plan(many(), listed(where=lambda c: c["profit"] < 690), ON).warnings
    assert (warning.rule, warning.grade) == ("R26", "B")
    assert cg.plan(many(), listed(where=lambda c: c["profit"] > 10), ON).warnings == ()


def test_a_scorer_that_shuts_the_better_grade_out_is_a_warning():
    """Nobody of 40 customers of A is on the list, and some of B are."""
    axis = Axis("list", ["in", "out"], lambda c: -c["revenue"], Thresholds([-100.0]))
    policy = evolve(listed(), shortlists=[Shortlist("club", "AB", cg.Scorer(axes=[axis]))])
    (warning,) = cg.plan(many(), policy, ON).warnings
    assert (warning.rule, warning.grade, "nobody of A" in warning.what) == ("R26", "B", True)


GENEROUS = Package("small", level=ServiceLevel(1, 8, "named person"), terms=Terms(discount=0.9, payment_days=90))


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([Package("big", {"profit": 1000}), GENEROUS], {"R03", "R05"}),
        ([Package("big", {"profit": 1000}), evolve(GENEROUS, minimum={"profit": 999})], {"R03", "R05"}),
        ([Package("big", {"profit": 1000}), evolve(GENEROUS, minimum={"profit": 1001})], set()),
        ([Package("big", {"profit": 1000}), evolve(GENEROUS, minimum={"revenue": 1})], set()),
        ([evolve(GENEROUS, minimum={"profit": 1000}), Package("smaller")], set()),
        ([Package("late", {"days_late": 30})], {"R03"}),
        ([Package("big", {"score": 3})], {"R25"}),
        ([Package("gold", {"revenue": 3})], set()),
        ([Package("A customers")], {"R25"}),
    ],
)
def test_packages_that_serve_the_smaller_better_are_stopped(packages, expected):
    """A later package that asks for less isn't better, and none asks for what is bad, or for a score."""
    assert {breach.rule for breach in check_policy(simple(packages=packages))} == expected
    assert {breach.grade for breach in check_policy(simple(packages=packages))} <= {"packages"}


def test_computed_packages_are_compared_for_each_customer():
    """A later package with a level by revenue is better for large customers of an earlier one that asks for more."""
    later = Package("small", {"profit": 0}, ServiceLevel(24, lambda c: np.maximum(c["revenue"] / 100, 0.5)))
    floor = {"profit": lambda c: np.minimum(c["revenue"], 900.0)}
    policy = simple(packages=[Package("big", {"profit": 900}, ServiceLevel(24, 9.5)), later])
    with pytest.raises(RespectError) as raised:
        cg.plan(many(), policy, ON)
    (breach,) = raised.value.breaches
    revenue, profit = SAME["revenue"], SAME["profit"]
    assert breach.rows.tolist() == np.flatnonzero((profit >= 900) & (revenue > 950)).tolist()
    assert rules(simple(packages=[Package("big", floor, ServiceLevel(24, 10)), later])) == set()


def test_a_measure_of_a_package_is_that_of_the_grades():
    """A further entitlement of a package or a transition has the direction and the unit that grades give it."""
    level = ServiceLevel(4, 4, further={"visits": Entitlement(2, "less", "days")})
    other = ServiceLevel(4, 4, further={"visits": Entitlement(2, "more", "days")})
    treated = {"level": level}
    assert check_policy(simple(treated, treated, packages=[Package("big", level=level)])) == ()
    (breach,) = check_policy(simple(treated, treated, packages=[Package("big", level=other)]))
    assert (breach.rule, breach.grade) == ("R03", "packages")
    end = evolve(OFFER, transition=Transition("partner", "Smith & Co.", 60, "orders are finished", other))
    assert [one.rule for one in check_policy(simple(treated, {**treated, "offers": end}))] == ["R03"]


TOP = cg.GradeScale([cg.plugins.ScaleAxis("grade", ["top", "rest"])])


def test_incentives_and_lists_are_checked_on_a_mapped_scale():
    """Upside down, the top would be paid for becoming the rest, and the rest would have the list for themselves."""
    reward = {"rewards": evolve(GIFT, only="club")}
    club = [Shortlist("club", "A", by_revenue())]
    policy = simple({"way_up": "order more", **reward}, {"incentives": Incentive("voucher", 5, "A")}, shortlists=club)
    assert check_policy(policy) == ()
    found = check_policy(policy.mapped({"top": "B", "rest": "A"}), TOP)
    assert {(one.rule, one.grade) for one in found} >= {("R15", "top"), ("R16", "top")}
    assert check_policy(policy.mapped({"top": "A", "rest": "B"}), TOP) == ()


@pytest.mark.parametrize(
    "policy",
    [
        with_b(incentives=[Incentive("voucher", 50, "A", what="for becoming an A")]),
        with_b(incentives=[Incentive("voucher for B customers", 50, "A")]),
        with_a(level=evolve(A.level, who="the desk of A customers")),
        offer(transition=Transition("partner", "Smith, who takes B customers", 60, "orders are finished")),
        offer(transition=Transition("partner", "Smith & Co.", 60, "your rank is closed")),
        with_both({"terms": evolve(A.terms, extras={"a_B_customer_visit": 5})}, {}),
        with_a(level=evolve(A.level, further={"visits_of_A_customers": Entitlement(2)})),
        evolve(GOOD, base=evolve(BASE, who="the desk of B customers")),
        with_b(way_up="order more to get out of gr\u200bade\u3000B"),
        with_b(sheet="you are B now"),
        with_b(sheet="we rate you C"),
    ],
)
def test_every_text_of_the_sheet_is_read(policy):
    """Texts beside way_up and offers are said to customers too."""
    assert {breach.rule for breach in check_policy(policy)} == {"R25"}


@pytest.mark.parametrize("text", ["\u200b", "\u00ad", " \u3164\u2800", "…", "\u200b\u0301"])
@pytest.mark.parametrize("rule", ["R07", "R10", "R12", "R17"])
def test_a_text_that_cannot_be_seen_is_empty(text, rule):
    """A text without a letter or digit says nothing."""
    policies = {
        "R07": lambda: offer(explain=text),
        "R10": lambda: offer(transition=Transition("partner", text, 60, text)),
        "R12": lambda: with_b(way_up=text),
        "R17": lambda: offer(alternatives=[text]),
    }
    assert {breach.rule for breach in check_policy(policies[rule]())} == {rule}
    assert not says_something(text)


def test_a_text_as_it_looks():
    """Invisible characters go, blanks and hyphens are alike, and letters of other styles are letters."""
    assert plain("gr\u200bade\u00a0\u2009B\u2011customer \uff21") == "grade B-customer A"
    assert says_something("订单") and says_something("5")


@pytest.mark.parametrize("terms", [{"deposit": 1}, {"payment_days": 0}, {"extras": {"training": 1e6}}])
def test_ungraded_customers_have_no_worse_terms(terms):
    """Their terms are at least as good as those of B."""
    fair = {"discount": 0.5, "payment_days": 90}
    (breach,) = check_policy(with_ungraded(terms=Terms(**{**fair, **terms})))
    assert (breach.rule, breach.grade) == ("R13", "ungraded")
    assert check_policy(with_ungraded(terms=Terms(**fair, extras={"training": 50}))) == ()


def test_computed_terms_of_ungraded_customers_are_compared():
    """An ungraded customer with a deposit by a function is named."""
    policy = with_ungraded(terms=Terms(0.5, 90, deposit=lambda c: np.where(c["profit"] > 40, 0.5, 0.0)))
    unknown = graded(revenue=[900.0, 800, 700, 600, 500, 400, np.nan, np.nan], profit=[90.0, 80, 70, 60, 50, 40, 45, 2])
    with pytest.raises(RespectError) as raised:
        cg.plan(unknown, policy, ON)
    assert [(one.rule, one.rows.tolist()) for one in raised.value.breaches] == [("R13", [6])]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("R03", {"level": ServiceLevel(lambda c: -c["revenue"], 0.5)}),
        ("R05", {"terms": Terms(payment_days=lambda c: -c["revenue"])}),
        ("R05", {"terms": Terms(extras={"training": lambda c: -c["revenue"]})}),
    ],
)
def test_computed_values_below_0_are_stopped(rule, part):
    """Even if all grades have the same function."""
    assert rules(simple(part, part)) == {rule}


@pytest.mark.parametrize(
    "policy",
    [
        evolve(with_a(rewards=[Reward("watch", value=1001)]), gift_limit=1e9, gift_limit_year=1e9),
        evolve(with_a(rewards=[Reward("watch", value=500, every=1)]), gift_limit=1e9, gift_limit_year=1e9),
        with_a(rewards=[Reward("note", "thanks", 151)]),
        with_a(rewards=[Reward("letter", "newsletter", 151)]),
        with_a(rewards=[Reward("rebate", "discount", 1001)]),
        with_b(incentives=[Incentive("voucher", 1001, "A")]),
    ],
)
def test_limits_of_a_policy_have_a_limit(policy):
    """The guard's own ceilings hold for gifts by any name, and for incentives."""
    assert {breach.rule for breach in check_policy(policy)} == {"R21"}


def test_computed_incentives_and_thanks_have_the_limit():
    """Values by a function are checked for each customer, also of those who refuse gifts."""
    assert rules(with_b(incentives=[Incentive("voucher", lambda c: c["revenue"] * 10, "A")]), graded()) == {"R21"}
    thanks = with_a(rewards=[Reward("note", "thanks", lambda c: c["revenue"])])
    assert rules(thanks, graded(no_gifts=[1] * 8)) == {"R21"}
    monthly = with_a(rewards=[Reward("note", "thanks", lambda c: c["revenue"] / 10, every=1)])
    assert rules(monthly, graded(no_gifts=[1] * 8)) == {"R21"}


def test_huge_computed_rewards_do_not_overflow():
    """A reward whose value is beyond all money isn't given, so the better grade gets less; no sum turns negative."""
    assert rules(with_a(rewards=[Reward("gift", value=lambda c: c["revenue"] * 1e306)]), graded()) == {"R04"}
    assert "R21" in rules(with_a(rewards=[Reward("gift", value=lambda c: c["revenue"] * 1e8)]), graded())


def test_a_subclass_of_a_scorer_is_refused():
    """Its code could choose the members of a shortlist by anything."""

    class Own(cg.Scorer):
        """A scorer with code of its own."""

    with pytest.raises(PolicyError, match="must be a Scorer"):
        Shortlist("club", "AB", Own(axes=by_revenue().axes))


@pytest.mark.parametrize("scale", ["AB", [], 5])
def test_a_scale_is_a_scale(scale):
    """Anything else is a PolicyError."""
    with pytest.raises(PolicyError, match="GradeScale"):
        check_policy(GOOD, scale)


@pytest.mark.parametrize("name", ["base", "packages", "all grades"])
def test_a_grade_cannot_be_named_like_another_part(name):
    """A waiver for it would also be one for the part: of the policy, of a mapped grade, or of the scale."""
    with pytest.raises(PolicyError, match="Give the grade another name"):
        check_policy(Policy("x", "x", [name], {name: Treatment("x")}))
    with pytest.raises(PolicyError, match="Give the grade another name"):
        check_policy(GOOD.mapped({name: "A"}))


def test_a_function_that_falls_with_the_grade_is_a_warning():
    """The same function in each grade gives more to customers who bring less."""
    level = {"level": ServiceLevel(24, lambda c: np.maximum(0.5, (2000.0 - c["profit"]) / 100.0))}
    plan = cg.plan(many(), simple(level, level), ON)
    (warning,) = plan.warnings
    assert (warning.rule, warning.grade, warning.customers) == ("R26", "B", 60)
    assert RULES["R26"].warns
    rising = {"level": ServiceLevel(24, lambda c: np.maximum(0.5, c["profit"] / 100.0))}
    assert cg.plan(many(), simple(rising, rising), ON).warnings == ()


def test_two_hundred_grades_with_functions_are_computed_once(monkeypatch):
    """Each treatment's values are computed a few times, not once for each of 19,900 pairs."""
    labels = [f"G{k}" for k in range(200)]
    base = cg.CustomerBase(ids=np.arange(1000), columns={"revenue": np.linspace(1, 1000, 1000)}, period=PERIOD)
    cuts = Thresholds(list(np.linspace(995.0, 5.0, 199)))
    model = cg.Scorer(axes=[Axis("grade", labels, lambda c: c["revenue"], cuts, rises=["revenue"])]).fit(base)

    def treatment(number):
        share = (200 - number) / 200
        return Treatment(
            "x",
            level=ServiceLevel(24, lambda c: share + 0.0 * c["revenue"]),
            terms=Terms(discount=lambda c: share + 0.0 * c["revenue"]),
            rewards=Reward("gift", value=lambda c: share + 0.0 * c["revenue"]),
            way_up="order more",
        )

    each = {label: treatment(number) for number, label in enumerate(labels)}
    policy = Policy("many", "a test", labels, each, base=ServiceLevel(24, 0), ungraded=UNGRADED)
    calls, values = [], Amount.values
    monkeypatch.setattr(Amount, "values", lambda *given: calls.append(given[0]) or values(*given))
    assert len(cg.plan(model.grade(base), policy, ON)) == 1000
    computed = [one for one in calls if one.traced is not None]
    assert 600 <= len(computed) < 200 * 15


def test_a_file_with_a_huge_number_names_its_line(tmp_path):
    """The place, what was received, and the bounds."""
    path = tmp_path / "shop.toml"
    level = "level = {response_hours = 1e13, service_hours = 1}"
    path.write_text(f'name = "shop"\npurpose = "p"\ngrades = ["A"]\n[treatment.A]\ngoal = "g"\n{level}\n', "utf-8")
    with pytest.raises(cg.CustgradeError, match=r"shop\.toml.* to 1,000,000,000,000"):
        cg.read_policy(path)
