"""The rows the national platform has from here, as its audit stands: listed by the page, counted by message, and what is to be done about each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.actions import national_taken
from desktop.actions.workspace import Workspace, today
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.national_audit import AUDITED_KINDS, AuditState, NationalAudit
from desktop.rules import national_audit as rules
from desktop.store import national_audit_rows as rows
from desktop.store.database import Connection
from desktop.store.national_audit_rows import UNSEEN, Accepted, Listed, kind_of

__all__ = ["STATES", "Row", "Standing", "every", "ids", "kind_of", "of_ids", "open_rows", "standings", "totals", "withheld"]

STATES = tuple(state or UNSEEN for state in rules.ORDER)
"""How a row may stand, as they are listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row the platform has, with its audit as seen by a day: ``audit`` None: nobody looked.

    ``name`` is what people call it (asset number, record number), ``what`` the set; ``message`` numbers the message that brought it last, which was
    taken on ``taken_on`` (Asia/Shanghai). ``stands``: what it tells is still so. ``id`` names it as long as the ledger is open.
    """

    id: int
    kind: str
    key: str
    name: str
    what: str
    message: str
    taken_on: date
    audit: NationalAudit | None
    stands: bool

    @property
    def state(self) -> AuditState | None:
        """What the platform says of it; None: nobody looked."""
        return self.audit.state if self.audit is not None else None

    @property
    def to_do(self) -> bool:
        """Whether somebody has to see to it. What no longer stands is to be taken off, whatever the audit says (``national_there``)."""
        return self.stands and self.state in rules.TO_DO

    @property
    def finding(self) -> Finding | None:
        """What the platform says and what to do about it, in words' codes; None where nobody looked."""
        if self.audit is None:
            return None
        grave: Severity = "warning" if self.to_do else "note"
        code = self.audit.state if self.stands or self.audit.state not in rules.TO_DO else "no_longer"
        return finding(
            f"national_audit.told_{code}", grave, name=self.name, day=self.audit.seen_on, reason=self.audit.reason or "national_audit.reason_unknown",
            state=f"national_audit.{self.audit.state}",
        )  # fmt: skip


def every(workspace: Workspace, on: date | None = None, states: Collection[str] = ()) -> list[Row]:
    """Every set and service record the platform has from here and that is not confidential, as seen by a day (today when not given).

    ``states``: only these (of ``STATES``). Those to be seen to first, then as ``rules.ORDER`` says; what a person took off there is not among them.
    """
    day = on or today()
    with workspace.read() as connection:
        return [_row(one, day) for one in rows.every(connection, _accepted(connection), day, states)]


def open_rows(workspace: Workspace, on: date | None = None) -> list[Row]:
    """Those of ``every`` that somebody has to see to."""
    return [one for one in every(workspace, on, rules.TO_DO) if one.to_do]


def withheld(workspace: Workspace) -> int:
    """How many rows the platform has of what is confidential now: they are told of nowhere but on the list of what is to be taken off."""
    with workspace.read() as connection:
        return rows.hidden(connection, _accepted(connection))


def ids(workspace: Workspace, on: date, filters: Mapping[str, str], sort: str = "", *, down: bool = False) -> Sequence[int]:
    """The rows of ``every`` that meet every filter (``state``, ``kind``, ``text``), in its order or by a column; eight bytes each."""
    with workspace.read() as connection:
        return rows.ids(connection, _accepted(connection), on, dict(filters), sort, down=down)


def of_ids(workspace: Workspace, on: date, wanted: Collection[int]) -> list[Row]:
    """These rows as far as they are still listed, in the order asked for."""
    with workspace.read() as connection:
        found = {one.id: _row(one, on) for one in rows.of_ids(connection, _accepted(connection), on, wanted)}
    return [found[one] for one in wanted if one in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """A message the platform took on a day, and how many of the rows that count by it stand in each state (of ``STATES``)."""

    kind: str
    number: str
    taken_on: date
    n: Mapping[str, int]


def standings(workspace: Workspace, on: date | None = None) -> list[Standing]:
    """The messages by which the platform has rows that are listed, in the order in which it took them."""
    day = on or today()
    with workspace.read() as connection:
        accepted = _accepted(connection)
        found = rows.counts(connection, accepted, day)
    told = [Standing(one.kind, one.number, one.day, {state: found.get((one.number, state), 0) for state in STATES}) for one in accepted]
    return [one for one in told if any(one.n.values())]


def totals(standing: Collection[Standing]) -> dict[str, int]:
    """State -> how many rows of all messages stand in it."""
    return {state: sum(one.n[state] for one in standing) for state in STATES}


def _accepted(connection: Connection) -> list[Accepted]:
    return national_taken.accepted(connection, AUDITED_KINDS)


def _row(one: Listed, on: date) -> Row:
    return Row(one.id, one.kind, one.key, one.name, one.what, one.message, one.taken_on, one.audit, one.ended_on is None or one.ended_on > on)
