"""The command `events` and its own commands."""

from __future__ import annotations

from custgrade.cli.options.command import Command, Option

LOG: Option = (
    "--log",
    "FILE|URL",
    "the log: an SQLite file, or the URL of a database such as postgresql+psycopg://user@host/name",
    False,
)
_CUSTOMER: Option = ("--customer", "ID", "the customer", False)
_KIND: Option = ("--kind", "KIND", "the kind of event, such as gift, offered, signed, consent or snooze", False)
_NAME: Option = ("--name", "NAME", "the offer, reward or action in the policy", False)
_NUMBER: Option = (
    "--number",
    "N",
    "which time it is, from 1 on; of an offer, the round (default: that of the same event on that day, else the next)",
    False,
)
_AUTHOR: Option = ("--author", "NAME", "who recorded it", False)
_NOTE: Option = ("--note", "TEXT", "a remark", False)

_ADD: tuple[Option, ...] = (
    _CUSTOMER,
    _KIND,
    _NAME,
    ("--day", "DATE", "the day on which it happened, YYYY-MM-DD", False),
    _NUMBER,
    ("--money", "AMOUNT", "the value of a reward, or the rise of an offer; for consent, 1 for yes and 0 for no", False),
    ("--due", "DATE", "the day on which it was due", False),
    ("--until", "DATE", "the last day to answer an offer, of a transition, or until which something is put off", False),
    ("--treatment", "GRADE", "the grade of the policy", False),
    ("--policy", "NAME", "the name of the policy", False),
)
_SHOW: tuple[Option, ...] = (
    ("--customer", "ID", "only events of this customer, under present and former ids", False),
    ("--kind", "KIND", "only events of this kind; may be given several times", True),
    ("--name", "NAME", "only events with this name", False),
    ("--since", "DATE", "only events from this day on", False),
    ("--until", "DATE", "only events until this day, included", False),
    ("--out-of-sight", "DAYS", "list customers without any contact for this many days before --until", False),
    ("--out", "FILE", "write all of them to this .csv or .parquet file; it is replaced in one step", False),
)

EVENTS = Command(
    "record and show what was done and answered, in a log",
    "Work with a log of events: what was offered, given, signed and declined. custgrade plan --log plans from it.",
    "custgrade events show --log log.db --customer C-0001",
    commands={
        "add": Command(
            "record what was done: a plan's file of actions filled in, a file of events, or one event",
            "Record events; all of them or none. FILE is the file of custgrade plan --actions that came back, in which "
            "rows with a day in done_on were done, and rows of kind answer have signed or declined in answer; or a "
            "file in the columns that custgrade events export writes. Without FILE, the options give one event. Days "
            "are YYYY-MM-DD. What a spreadsheet has changed is refused with its line. What is recorded already isn't "
            "recorded again.",
            "custgrade events add actions.csv --log log.db --author Ann",
            {
                "log": (LOG, ("--currency", "CODE", "the currency of all money, for example EUR", False)),
                "who": (_AUTHOR, _NOTE),
                "one event": _ADD,
            },
            names=(("files", "*", "FILE", "files of actions or of events, .csv or .parquet"),),
        ),
        "show": Command(
            "show events, the newest last",
            "Show events, the newest last. --recognition shows rewards and thanks by customer and day, --showcase the "
            "customers who are shown now, and --out-of-sight those without any contact.",
            "custgrade events show --log log.db --kind gift --since 2026-01-01",
            {"log": (LOG,), "which": _SHOW},
            flags=(
                ("--voided", "only events that were taken back, with the reason"),
                ("--recognition", "rewards and thanks, by customer and day"),
                ("--showcase", "customers who are shown: a showcase was given, and not taken down"),
            ),
        ),
        "due": Command(
            "show deadlines of offers, and what was put off",
            "Show what is overdue on a day, or due in the days after it, by the log alone: last days to answer, calls "
            "after an offer lapsed, referrals, transitions that end, and what was put off until then.",
            "custgrade events due --log log.db --on 2026-01-31",
            {
                "log": (LOG,),
                "when": (
                    ("--on", "DATE", "the day, YYYY-MM-DD", False),
                    ("--days", "N", "how many days ahead (default: 7)", False),
                ),
            },
        ),
        "void": Command(
            "take back an event that was recorded by mistake",
            "Take back an event. It stays in the log with the reason, and counts for nothing. Of an offer, the last "
            "move is taken back first.",
            "custgrade events void --log log.db --customer C-0001 --kind gift --name jubilee --number 2 "
            "--reason 'it was another customer' --author Ann",
            {
                "log": (LOG,),
                "which": (
                    _CUSTOMER,
                    _KIND,
                    _NAME,
                    ("--number", "N", "which time it is; of an offer, the round", False),
                    ("--day", "DATE", "the day of the event, in place of --number", False),
                ),
                "why": (("--reason", "TEXT", "why it is taken back", False), _AUTHOR),
            },
        ),
        "alias": Command(
            "record that a customer has a new id",
            "Record that a customer has a new id, or was merged with another one. Both histories are one from then on. "
            "--undo takes that back: each event stays with the id under which it was recorded.",
            "custgrade events alias C-0001 C-1001 --log log.db --author Ann",
            {
                "log": (LOG,),
                "who": (_AUTHOR, _NOTE, ("--reason", "TEXT", "with --undo, why it is taken back", False)),
            },
            flags=(("--undo", "take back that OLD is a former id; NEW is left out"),),
            names=(("old", "", "OLD", "the former id"), ("new", "?", "NEW", "the present id")),
        ),
        "forget": Command(
            "erase who a customer is",
            "Erase a customer's ids, and the authors, notes and terms of the customer's events. The events remain "
            "without them, so that budgets stay right. This can't be undone.",
            "custgrade events forget C-0001 --log log.db",
            {"log": (LOG,)},
            names=(("customer", "", "ID", "the customer"),),
        ),
        "export": Command(
            "write all events to a file",
            "Write all events and aliases to a .csv or .parquet file. An alias is a row of kind alias: customer_id is "
            "the former id, and name the present one.",
            "custgrade events export events.csv --log log.db",
            {"log": (LOG,)},
            flags=(("--voided", "write events that were taken back, too; an import leaves them out"),),
            names=(("file", "", "FILE", "the file to write"),),
        ),
        "import": Command(
            "record the events of an exported file",
            "Record the events and aliases of a file that custgrade events export has written; all of them or none. "
            "What the log has already is left alone, so a second import changes nothing. Events that were taken back "
            "are left out.",
            "custgrade events import events.csv --log log.db",
            {"log": (LOG,), "who": (_AUTHOR,)},
            names=(("file", "", "FILE", "the file to read"),),
        ),
        "upgrade": Command(
            "bring an older log up to date",
            "Bring the tables of a log that an older version of custgrade has written up to date. Copy the log first.",
            "custgrade events upgrade --log log.db",
            {"log": (LOG,)},
        ),
    },
)
