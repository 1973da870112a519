"""How customers are served from the first inquiry to the survey, by grade; sentences for the customers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TOUCHPOINTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "A": {
            "inquiry": "your own contact person answers, and knows what you plan",
            "order": "your contact person confirms the order, and knows how you like it packed and delivered",
            "delivery": "we announce the delivery the day before, and ask afterwards whether all is well",
            "invoice": "one clear invoice, in the form that your bookkeeping wants",
            "support": "your contact person stays with a question until it is solved",
            "survey": "your contact person asks after each order what we could do better",
        },
        "B": {
            "inquiry": "your team answers, and has your last orders at hand",
            "order": "your team confirms the order, with the day of delivery",
            "delivery": "we announce the delivery the day before",
            "invoice": "one clear invoice, in the form that your bookkeeping wants",
            "support": "your team answers, and tells you when the question will be solved",
            "survey": "we ask you twice a year what we could do better",
        },
        "C": {
            "inquiry": "our team answers, and has your last order at hand",
            "order": "you get a confirmation, with the day of delivery",
            "delivery": "we announce the delivery by mail",
            "invoice": "one clear invoice by mail",
            "support": "our team answers, and tells you when the question will be solved",
            "survey": "we ask you once a year what we could do better",
        },
        "D": {
            "inquiry": "our desk answers, by telephone and by mail",
            "order": "you get a confirmation, with the day of delivery",
            "delivery": "you can follow the delivery online",
            "invoice": "one clear invoice by mail",
            "support": "our desk answers, and helps you to find answers online at any hour",
            "survey": "we ask you once a year what we could do better",
        },
    }
)
