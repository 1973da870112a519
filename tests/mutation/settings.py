"""Settings of Hypothesis for mutation testing: as many examples as ever, the same each time, and no shrinking."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutation",
    database=None,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)
