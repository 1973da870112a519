"""The event log, for applications and authors of policies: what was offered, given, signed and declined.

Each name is imported on first use, so that SQLAlchemy is loaded only where a log is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custgrade.lazy_names import lazy_names

if TYPE_CHECKING:
    from custgrade.events.adding import Added as Added
    from custgrade.events.batch import Batch as Batch
    from custgrade.events.deadlines import Deadline as Deadline
    from custgrade.events.event import Event as Event
    from custgrade.events.found_events import FoundEvents as FoundEvents, Wanted as Wanted
    from custgrade.events.kinds import KINDS as KINDS
    from custgrade.events.log import EventLog as EventLog
    from custgrade.events.moves import AFTER as AFTER, STATES as STATES
    from custgrade.events.terms import OfferTerms as OfferTerms

_NAMES_BY_MODULE = {
    "custgrade.events.adding": "Added",
    "custgrade.events.batch": "Batch",
    "custgrade.events.deadlines": "Deadline",
    "custgrade.events.event": "Event",
    "custgrade.events.found_events": "FoundEvents Wanted",
    "custgrade.events.kinds": "KINDS",
    "custgrade.events.log": "EventLog",
    "custgrade.events.moves": "AFTER STATES",
    "custgrade.events.terms": "OfferTerms",
}
"""The public names by the module that defines them."""

_MODULE_OF = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)

# hidden from type checkers, which would otherwise accept any name
if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, _MODULE_OF)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
