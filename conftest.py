"""What all tests share: property tests have no time limit for an example, because a busy machine would break it."""

from hypothesis import settings

settings.register_profile("custgrade", deadline=None)
settings.load_profile("custgrade")
