"""What all tests share: property tests have no time limit for an example, because a busy machine would break it."""

import gc

from hypothesis import settings

settings.register_profile("custgrade", deadline=None)
settings.load_profile("custgrade")


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through all tests and libraries again and again, which takes 5 %."""
    gc.collect()
    gc.freeze()
