"""The rows the national platform took from here: by which message it has each, since when, and which of them a person took off there again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from desktop.actions.national_sent import stands
from desktop.actions.workspace import SHANGHAI
from desktop.ledger.national_audit import AUDITED_KINDS, NationalAudit
from desktop.ledger.national_message import NationalMessage, NationalRemoval
from desktop.store import national_messages as rows
from desktop.store.database import Connection
from desktop.store.national_audit_rows import Accepted
from desktop.store.national_messages import REMOVALS, Kept


@dataclass(frozen=True, slots=True)
class Taken:
    """A row as the platform took it last: digest of the row, the message it came by.

    ``first_on`` is the day it first took it, ``last_on`` the day of that message (Asia/Shanghai); ``audits`` what the platform said of it since, by day.
    """

    first_on: date
    sha256: str
    message: NationalMessage
    last_on: date
    removed: NationalRemoval | None = None
    audits: tuple[NationalAudit, ...] = ()

    @property
    def removed_on(self) -> date | None:
        """The day (Asia/Shanghai) a person said that it was taken off; None while it is there."""
        return None if self.removed is None else _day(self.removed.at)

    def removed_by(self, on: date) -> bool:
        """Whether a person had taken it off by a day: a removal dated later has not happened."""
        return self.removed_on is not None and self.removed_on <= on

    def had_on(self, on: date) -> bool:
        """Whether the platform had it on a day."""
        return self.first_on <= on and not self.removed_by(on)

    def audit(self, on: date) -> NationalAudit | None:
        """What the platform said of it last, as seen by a day; None where nobody looked, and once a person took the row off."""
        if self.removed_by(on):
            return None
        return next((one for one in reversed(self.audits) if one.seen_on <= on), None)


def _day(at: datetime) -> date:
    return at.replace(tzinfo=UTC).astimezone(SHANGHAI).date()


def of(connection: Connection, address: str, unit: str, kind: str) -> dict[str, Taken]:
    """Key -> row of a kind that the platform at an address took from a unit, also those that were taken off it since."""
    return _taken(connection, kind, rows.every(connection, "kind = ? AND address = ? AND unit = ?", (kind, address, unit)))


def anywhere(connection: Connection, kind: str) -> dict[str, Taken]:
    """The same by whatever address and identifier it was sent: what the platform has does not leave it when these are corrected here."""
    return _taken(connection, kind, rows.every(connection, "kind = ?", (kind,)))


def accepted(connection: Connection, kinds: tuple[str, ...]) -> list[Accepted]:
    """The messages of these kinds that the platform took, by whatever address and identifier, in the order in which it took them."""
    found = _accepted([one for kind in kinds for one in rows.every(connection, "kind = ?", (kind,))])
    return [Accepted(one.message.id, one.message.kind, one.message.number, _day(one.events[-1].at)) for one in found]


def _accepted(kept: list[Kept]) -> list[Kept]:
    return sorted((one for one in kept if stands(one) == "accepted"), key=lambda one: (one.events[-1].at, one.message.number))


def _taken(connection: Connection, kind: str, kept: list[Kept]) -> dict[str, Taken]:
    found: dict[str, Taken] = {}
    for one in _accepted(kept):
        day = _day(one.events[-1].at)
        for key, sha256 in rows.held(connection, [one.message]).items():
            found[key] = Taken(found[key].first_on if key in found else day, sha256, one.message, day)
    for removal in REMOVALS.find(connection, "message_id IN (SELECT id FROM national_message WHERE kind = ?)", (kind,)):
        there = found.get(removal.row_key)
        if there is not None and there.message.id == removal.message_id:
            found[removal.row_key] = replace(there, removed=removal)
    if kind in AUDITED_KINDS:
        for (message, key), told in rows.audits(connection, kind).items():
            there = found.get(key)
            if there is not None and there.message.id == message:
                found[key] = replace(there, audits=tuple(told))
    return found
