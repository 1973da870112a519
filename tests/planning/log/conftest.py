"""Makes the modules of this folder importable in its tests, and gives them the databases of the event log."""

import sys
from importlib import import_module, util
from pathlib import Path

_HERE = Path(__file__).parent
sys.path.insert(0, str(_HERE))
try:
    import_module("sequences")
    import_module("writing_processes")
finally:
    sys.path.pop(0)

_SPEC = util.spec_from_file_location("databases_of_the_log", _HERE.parents[1] / "events" / "conftest.py")
assert _SPEC is not None and _SPEC.loader is not None
_databases = util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_databases)
log_url, postgresql = _databases.log_url, _databases.postgresql
