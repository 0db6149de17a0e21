"""Why an instrument of another province was used (clause 12): a search of the province's catalogue that found nothing that could serve.

A search counts when it was made by the day the service began, over a catalogue that was there, and each set it found is answered with
why it could not serve. An empty catalogue finds nothing and proves nothing.
"""

from __future__ import annotations

from desktop.ledger.finding import Finding, Severity
from desktop.ledger.voucher import VoucherUse
from desktop.rules.figure import Figure


def searched(use: VoucherUse) -> tuple[Figure, tuple[Finding, ...]]:
    """Whether the search bears the claim: true, false (made too late), or open, and what is missing."""
    search, begins = use.search, use.started_on or use.ended_on
    if search is None:
        return Figure("voucher.figure.searched", None, "flag"), (_about(use, "voucher.no_search"),)
    left = [hit for hit in search.hits if not hit.why_not.strip()]
    told = []
    if search.searched_on > begins:
        told.append(_about(use, "voucher.search_late", "error", searched=str(search.searched_on), began=str(begins)))
    if search.catalogue_on is None:
        told.append(_about(use, "voucher.nothing_searched"))
    if not search.asked.strip():
        told.append(_about(use, "voucher.search_empty"))
    if left:
        told.append(_about(use, "voucher.hits_unanswered", n=str(len(left))))
    if not search.reason.strip():
        told.append(_about(use, "voucher.no_outside_reason"))
    late = search.searched_on > begins
    value = False if late else None if told else True
    inputs = (
        Figure("voucher.figure.searched_on", search.searched_on, "date"),
        Figure("voucher.figure.began_on", begins, "date"),
        Figure("voucher.figure.catalogue_on", search.catalogue_on, "date"),
        Figure("voucher.figure.asked", search.asked or None, "text"),
        Figure("voucher.figure.n_hits", len(search.hits), "count", "count"),
        Figure("voucher.figure.n_unanswered", len(left), "count", "count"),
        Figure("voucher.figure.outside_reason", search.reason or None, "text"),
    )
    return Figure("voucher.figure.searched", value, "flag", "choice", inputs=inputs), tuple(told)


def _about(use: VoucherUse, code: str, severity: Severity = "warning", **params: str) -> Finding:
    return Finding(code, severity, (("number", use.number), *params.items()), kind="service_record", key=use.key)
