"""What is to be looked at where the network's word on an instrument and the ledger differ (clause 1): numbers, publication, what is missing.

No text says by when the network publishes; no day is reckoned. ``assess`` says what it found, ``explain`` shows what that was found from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop.ledger.duty import DutyState
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.publication import LISTED, TAKEN_DOWN, Publication
from desktop.rules.figure import Figure, Rows

Standing = Literal["not_there", "no_number", "number_not_entered", "number_differs", "taken_down", "retired_listed", "agrees", "not_asked"]
STANDINGS: tuple[Standing, ...] = (
    "not_there", "no_number", "number_not_entered", "number_differs", "taken_down", "retired_listed", "agrees", "not_asked",
)  # fmt: skip
OBLIGED: frozenset[DutyState] = frozenset({"to_join", "overdue", "joined", "joined_late"})
"""The duties by which an instrument belongs on the network."""
_SEVERITY: dict[Standing, Severity] = {
    "not_there": "warning", "no_number": "warning", "number_not_entered": "warning", "number_differs": "error", "taken_down": "warning",
    "retired_listed": "warning",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicationFacts:
    """``duty`` None: out of service (``retired``). ``network_number`` is the one entered here; ``told`` None: the network says nothing of it."""

    asset_number: str
    duty: DutyState | None
    network_number: str = ""
    told: Publication | None = None
    retired: bool = False


def same_number(one: str, other: str) -> bool:
    """Whether two texts are one number: neither width of signs, case, nor spaces make another one of it."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    narrow = {0x3000: " "} | {sign + 0xFEE0: chr(sign) for sign in range(0x21, 0x7F)}
    return "".join(text.translate(narrow).split()).casefold()


def assess(facts: PublicationFacts) -> Standing:
    """How the network's word and the ledger stand to each other; the gravest where several hold."""
    told = facts.told
    if facts.retired:
        return "retired_listed" if told is not None and told.state == LISTED else "not_asked"
    if told is None:
        return "not_there" if facts.duty in OBLIGED else "not_asked"
    if facts.network_number and told.network_number and not same_number(facts.network_number, told.network_number):
        return "number_differs"
    if told.state == TAKEN_DOWN:
        return "taken_down"
    if not told.network_number:
        return "no_number" if facts.duty in OBLIGED else "not_asked"
    return "agrees" if facts.network_number else "number_not_entered"


def findings(facts: PublicationFacts) -> tuple[Finding, ...]:
    """What a person should look at. An instrument that still has time to join and of which the network says nothing yet is a note."""
    standing, told = assess(facts), facts.told
    severity = _SEVERITY.get(standing)
    if severity is None:
        return ()
    if standing in ("not_there", "no_number") and facts.duty == "to_join":
        severity = "note"
    return (
        finding(
            f"publication.{standing}", severity, asset_number=facts.asset_number, here=facts.network_number,
            number=told.network_number if told else "", reason=told.reason if told and told.reason else "publication.no_reason",
            since=told.since_on.isoformat() if told and told.since_on else "",
        ),
    )  # fmt: skip


def explain(facts: PublicationFacts) -> Figure:
    """The standing with all it was found from."""
    told = facts.told
    parts = [
        Figure("publication.number_here", facts.network_number or None, "text"),
        Figure("duty.figure.state", facts.duty, "state"),
        Figure("publication.there", told is not None, "flag"),
    ]
    if told is not None:
        parts += [
            Figure("publication.number_there", told.network_number or None, "text"),
            Figure("publication_state.state", told.state, "state", note=told.reason),
            Figure("publication.since_on", told.since_on, "date"),
        ]
        for one in told.evaluations:
            inputs = (Figure("publication.score", one.score, "number"), Figure("publication.evaluated_on", one.evaluated_on, "date"))
            parts.append(Figure("publication.evaluation", one.grade, "text", inputs=inputs, params=(("year", str(one.year)),)))
    rows = Rows("instrument", where=(("asset_number", facts.asset_number),))
    return Figure("publication.compared", assess(facts), "state", "choice", inputs=tuple(parts), rows=rows)
