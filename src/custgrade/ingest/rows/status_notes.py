"""Notes on rows whose status may mean that there was no sale."""

from __future__ import annotations

import re
import shlex

from custgrade.ingest.cells.column_values import cell_text, values_of
from custgrade.ingest.lines.line_columns import plain
from custgrade.ingest.rows.filters import RowFilters
from custgrade.ingest.source import Source
from custgrade.text import counted

_COLUMNS = frozenset(
    (
        *("status", "state", "orderstatus", "orderstate", "financialstatus", "paymentstatus", "invoicestatus"),
        *("fulfillmentstatus", "transactionstatus", "bestellstatus", "auftragsstatus", "rechnungsstatus", "zahlstatus"),
        *("zahlungsstatus", "statut", "étatcommande", "état", "etat", "statutcommande", "estado", "estadopedido"),
        "estadodelpedido",
    )
)
_NO_SALE = frozenset(
    (
        *("cancelled", "canceled", "cancel", "cancelation", "void", "voided", "refunded", "failed", "failure", "draft"),
        *("test", "declined", "rejected", "expired", "deleted", "abandoned", "trash", "denied"),
        *("storniert", "storno", "abgebrochen", "erstattet", "fehlgeschlagen", "entwurf", "abgelehnt", "gelöscht"),
        *(
            "annulé",
            "annulée",
            "annule",
            "annulee",
            "remboursé",
            "remboursée",
            "rembourse",
            "échoué",
            "échouée",
            "échec",
        ),
        *("echoue", "echec", "brouillon", "refusé", "refusée", "refuse", "supprimé", "supprimée"),
        *("cancelado", "cancelada", "anulado", "anulada", "reembolsado", "reembolsada", "fallido", "fallida"),
        *("borrador", "rechazado", "rechazada", "prueba", "eliminado", "eliminada"),
    )
)
_IN_PART = frozenset(("partially", "partly", "partial", "teilweise", "teil", "partiellement", "parcialmente", "not"))


def status_notes(source: Source, filters: RowFilters) -> list[str]:
    """Return notes that count the rows whose status may mean no sale, among those that filters keep.

    Raises SourceError when the source can't be read.
    """
    notes = []
    for name, column in source.columns.items():
        if column.type != "VARCHAR" or plain(name) not in _COLUMNS:
            continue
        counts = values_of(source, cell_text(column), condition=filters.kept)
        found = {value: count for value, count in counts.items() if _no_sale(value)}
        # a column of nothing else, such as a list of cancelled orders, was chosen on purpose
        if not found or len(found) == len(counts):
            continue
        flags = " ".join(f"--except {shlex.quote(f'{name}={value}')}" for value in found)
        each = ", ".join(f"{count:,} {value}" for value, count in found.items())
        notes.append(
            f"{counted(sum(found.values()), 'rows')} may not be sales, by column {name!r}: {each}. They count; leave "
            f"them out by exclude={{{name!r}: {list(found)}}} ({flags})"
        )
    return notes


def _no_sale(value: str) -> bool:
    words = set(re.findall(r"[^\W_]+", value.casefold()))
    return bool(words & _NO_SALE) and not words & _IN_PART
