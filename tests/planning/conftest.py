"""Makes the module `small_policy` importable in the tests of this folder."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
try:
    import_module("small_policy")
finally:
    sys.path.pop(0)
