"""Closing months: prepared by one person and done by another, reopened by role and with a reason. Late records ride along in the next settlement, marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from desktop.actions import doubles, people, sync_periods
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger import period
from desktop.ledger.allocation import MonthEvent
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import approval
from desktop.store.database import Connection
from desktop.store.payouts import MONTHS

Verb = Literal["prepare", "withdraw", "close", "reopen"]


@dataclass(frozen=True, slots=True)
class Month:
    """A month with records or events: whether it is closed, by whom and why last, its records and posted fen.

    ``prepared_by``: who prepared the close that waits for another person, or the one that holds; "" for none.
    ``verb`` is the last step (prepare, withdraw, close, reopen), taken by ``person``; "" for none.
    """

    month: str
    closed: bool
    person: str
    reason: str
    n_drafts: int
    n_posted: int
    amount_fen: int
    prepared_by: str = ""
    verb: str = ""

    @property
    def state(self) -> str:
        """``closed``, ``prepared`` (waits for another person) or ``open``."""
        return "closed" if self.closed else "prepared" if self.prepared_by else "open"


@dataclass(frozen=True, slots=True)
class MonthStep(Changes):
    """What a step wrote, and what the person should know: records of the month that are not posted, money that may be entered twice, no PIN."""

    findings: tuple[Finding, ...] = ()


def _events(connection: Connection) -> list[MonthEvent]:
    return MONTHS.find(connection, order="at, id")


def _at(events: list[MonthEvent], month: str) -> datetime:
    """When a step is taken: now, and after every step on the month that is known here, for another seat's clock may be ahead of ours."""
    return max([now(), *(event.at + timedelta(seconds=1) for event in events if event.month == month)])


def _drafts(connection: Connection, month: str) -> int:
    try:
        span = period.parse(month)
    except ValueError:  # what is no month has no records; the step is refused in words
        return 0
    sql = "SELECT count(*) FROM service_record WHERE state = 'draft' AND ended_at >= ? AND ended_at < ?"
    return int(connection.exec_driver_sql(sql, (span.start.isoformat(), span.end.isoformat())).scalar_one())


def _contested(connection: Connection, month: str) -> list[str]:
    try:
        return sync_periods.contested(connection, period.parse(month))
    except ValueError:
        return []


def _doubled(connection: Connection, verb: Verb, month: str) -> tuple[Finding, ...]:
    if verb not in ("prepare", "close"):
        return ()
    try:
        return doubles.touching(connection, period.parse(month))
    except ValueError:
        return ()


def _step(workspace: Workspace, verb: Verb, month: str, name: str | None, pin: str, reason: str) -> MonthStep:
    person = people.acting(workspace, name, pin, approval.ROLES_FOR[f"{verb}_month"])
    unproven = approval.unproven(person)
    params = {"month": month, **({"pin": "none"} if unproven else {})}
    with workspace.write(f"month {verb}", who=person.name, reason=reason, undoable=False, params=params) as operation:
        connection = operation.connection
        events = _events(connection)
        found: tuple[Finding, ...]
        if verb == "prepare":
            found = approval.prepare_month(month, person, events, today(), _drafts(connection, month), _contested(connection, month))
        elif verb == "close":
            found = approval.close_month(month, person, events, today(), _drafts(connection, month), _contested(connection, month))
        elif verb == "withdraw":
            found = approval.withdraw_month(month, person, events)
        else:
            found = approval.reopen_month(month, person, events, reason)
        found = (*found, *_doubled(connection, verb, month))
        errors = [f for f in found if f.severity == "error"]
        if errors:
            raise Refused(errors[0].code, findings=tuple(errors[1:]), **dict(errors[0].params))
        prepared = approval.preparations(events).get(month) if verb == "close" else None
        by = prepared.person if prepared else None
        MONTHS.insert(connection, [MonthEvent(new_key(), month, verb, person.id, reason.strip(), _at(events, month), by)])
    told = tuple(f for f in found if f.severity != "error")
    return MonthStep(operation.changes.operation, operation.changes.kinds, (*told, *unproven))


def prepare_month(workspace: Workspace, month: str, name: str | None, pin: str = "", reason: str = "") -> MonthStep:
    """Prepare the close of a month that is over; another person closes it. ``findings`` tells of records left unposted.

    Raises Refused: role, PIN, not over, prepared or closed already, a conflict of the month waits for a choice, two posted
    records replace one.
    """
    return _step(workspace, "prepare", month, name, pin, reason)


def withdraw_month(workspace: Workspace, month: str, name: str | None, pin: str = "", reason: str = "") -> MonthStep:
    """Drop a preparation. Raises Refused: role, PIN, none waits."""
    return _step(workspace, "withdraw", month, name, pin, reason)


def close_month(workspace: Workspace, month: str, name: str | None, pin: str = "", reason: str = "") -> MonthStep:
    """Close a month that another person has prepared; ``findings`` tells of records left unposted.

    Raises Refused: role, PIN, not prepared, the same person, closed already, a conflict of the month waits for a choice, two posted
    records replace one.
    """
    return _step(workspace, "close", month, name, pin, reason)


def reopen_month(workspace: Workspace, month: str, name: str | None, pin: str = "", reason: str = "") -> MonthStep:
    """Reopen a closed month with a reason. Raises Refused: role, PIN, not closed, no reason."""
    return _step(workspace, "reopen", month, name, pin, reason)


def months(workspace: Workspace) -> list[Month]:
    """Every month that has records or events, newest first."""
    with workspace.read() as connection:
        events = _events(connection)
        names = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, name FROM person")}
        posted = {
            row[0]: (row[1], row[2])
            for row in connection.exec_driver_sql(
                "SELECT service_month, count(*), sum(amount_fen) FROM posting GROUP BY service_month"
            )
        }
        drafts = {
            row[0]: row[1]
            for row in connection.exec_driver_sql(
                "SELECT substr(ended_at, 1, 7), count(*) FROM service_record WHERE state = 'draft' GROUP BY 1"
            )
        }
    closed = approval.closed_months(events)
    waiting = approval.preparations(events)
    last = {event.month: event for event in events}
    found = []
    for month in sorted({*posted, *drafts, *last}, reverse=True):
        event = last.get(month)
        n_posted, amount = posted.get(month, (0, 0))
        person = names.get(event.person, "") if event else ""
        prepared = event.prepared_by if event and month in closed else waiting[month].person if month in waiting else None
        found.append(
            Month(
                month, month in closed, person, event.reason if event else "", drafts.get(month, 0), n_posted, amount,
                names.get(prepared or "", ""), event.verb if event else "",
            )
        )  # fmt: skip
    return found
