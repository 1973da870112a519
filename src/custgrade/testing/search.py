"""Searching for the smallest data that breaks a promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from custgrade.testing.subject import Draw as Draw


def smallest_counterexample(check: Callable[[Draw], object], examples: int) -> None:
    """Run a check on many examples, and raise its error for the smallest one that fails.

    check: a function of `draw`, which draws from a strategy. examples: the number of examples.
    """
    __tracebackhide__ = True

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: Any) -> None:
        __tracebackhide__ = True
        check(data.draw)

    run()
