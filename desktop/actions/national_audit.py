"""The national platform's audit of what it took: seen there and kept, read from a table or from an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop.actions import national_taken
from desktop.actions.national_sent import Told
from desktop.actions.workspace import Workspace, now, today
from desktop.formats import national_audit as shape
from desktop.formats import national_soap
from desktop.formats.national_audit import AnsweredRow
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.national_audit import AUDIT_STATES, AUDITED_KINDS, AuditState, NationalAudit
from desktop.ledger.national_message import LONGEST_RAW, NationalMessage
from desktop.ledger.problem import Refused
from desktop.rules import national_audit as rules
from desktop.rules.national_audit import SeenFacts
from desktop.store import national_there
from desktop.store.database import Connection
from desktop.store.national_audit import Audited, audited, confidential
from desktop.store.national_messages import AUDITS, audits, held


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one row: ``name`` an asset number or a record's number (or its key in the exchange)."""

    kind: str
    name: str
    state: AuditState
    seen_on: date
    reason: str = ""
    raw: str = ""


class Board:
    """What the platform has, against which what was seen is held. Read once for many rows."""

    def __init__(self, connection: Connection) -> None:
        self._taken = {kind: national_taken.anywhere(connection, kind) for kind in AUDITED_KINDS}
        self._named: dict[str, dict[str, Audited]] = {}
        for kind, there in self._taken.items():
            self._named[kind] = {name: one for one in audited(connection, kind, there) for name in (one.name, one.key)}
        self._connection = connection

    def set_of(self, record: str) -> str | None:
        """The asset number of the set of a record the platform has; None for another."""
        one = self._named[national_soap.SERVICE].get(record.strip())
        return one.asset_number if one is not None else None

    def judge(self, seen: Seen, on: date, *, told: bool = False) -> tuple[NationalAudit | None, Finding | None]:
        """What would be kept of a row; or why it cannot be; neither when it is what is known already. ``told``: by an answer of the platform's."""
        name = seen.name.strip()
        one = self._named[seen.kind].get(name)
        there = None if one is None else self._taken[seen.kind][one.key]
        hidden = one.confidential if one is not None else confidential(self._connection, seen.kind, name)
        if hidden is None:
            is_set = seen.kind == national_soap.INSTRUMENT
            return None, finding("instrument.unknown", asset_number=name) if is_set else finding("record.unknown", number=name)
        reason = shape.reason_text(seen.reason)
        facts = SeenFacts(seen.state, seen.seen_on, reason, there.last_on if there else None, bool(there and there.removed), hidden, told)
        code = rules.fault(facts, on)
        if code is not None:
            shown = there.last_on if there else "—"
            return None, finding(code, name=name, day=seen.seen_on, taken=shown, n=len(reason), limit=rules.LONGEST_REASON)
        if there is None or one is None:
            raise AssertionError("a row that was never taken has a fault")
        newest = there.audit(seen.seen_on)
        if newest is not None and (newest.state, newest.seen_on, newest.reason) == (seen.state, seen.seen_on, reason):
            return None, None
        return NationalAudit(new_key(), there.message.id, one.key, seen.state, seen.seen_on, reason, seen.raw, now(), ""), None


def say(workspace: Workspace, kind: str, names: Iterable[str], state: AuditState, reason: str = "", seen_on: date | None = None) -> Changes:
    """Keep what a person saw on the platform of rows of a kind, all in one operation; undo takes it back.

    ``names``: asset or record numbers; ``seen_on``: today when not given. Raises Refused with nothing written: an unknown or confidential row, one
    that was never sent from here or was taken off, a day that is ahead or before the platform took it, a refusal without its reason, and
    ``national_audit.nothing_new``.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    return _keep(workspace, [Seen(kind, name, state, seen_on or today(), reason) for name in wanted])


def _keep(workspace: Workspace, seen: Sequence[Seen], *, told: bool = False) -> Changes:
    with workspace.write("national audit", params={"n": str(len(seen))}) as operation:
        board = Board(operation.connection)
        judged = [board.judge(one, today(), told=told) for one in seen]
        faults = [fault for _, fault in judged if fault is not None]
        if faults:
            raise Refused(faults[0].code, findings=tuple(faults[1:]), **dict(faults[0].params))
        kept = [one for one, _ in judged if one is not None]
        if not kept:
            raise Refused("national_audit.nothing_new")
        AUDITS.insert(operation.connection, [replace(one, by=workspace.who) for one in kept])
    return operation.changes


# Answers


def read_file(path: Path) -> tuple[AnsweredRow, ...]:
    """The audits an answer tells that was kept in a file: the SOAP message, or the bare JSON in it."""
    with path.open("rb") as stream:
        return shape.answered(national_soap.read_answer(stream.read(national_soap.LARGEST_ANSWER + 1)).raw)


def keep_file(workspace: Workspace, path: Path, seen_on: date | None = None) -> tuple[Changes, int]:
    """Keep the audits of an answer in a file, as of a day (today when not given), all or none; how many rows it tells of.

    Raises Refused ``national_audit.no_rows``, ``national_audit.code_unknown``, and as ``say``.
    """
    rows = read_file(path)
    if not rows:
        raise Refused("national_audit.no_rows")
    odd = next((one for one in rows if one.state is None), None)
    if odd is not None:
        raise Refused("national_audit.code_unknown", name=odd.key, shown=odd.code or "—")
    day = seen_on or today()
    return _keep(workspace, [Seen(one.kind, one.key, one.state, day, one.reason, one.raw) for one in rows if one.state is not None], told=True), len(rows)


def of_answer(message: NationalMessage, keys: Iterable[str], raw: str, seen_on: date) -> list[NationalAudit]:
    """The audits an answer tells of the rows of its own message; whatever it tells of others, or by a code nobody published, is ``unread``."""
    known = set(keys)
    return [
        NationalAudit(new_key(), message.id, one.key, one.state, seen_on, shape.reason_text(one.reason)[: rules.LONGEST_REASON], one.raw, now(), "")
        for one in shape.answered(raw) if one.state is not None and one.kind == message.kind and one.key in known
    ]  # fmt: skip


def unread(workspace: Workspace, one: Told) -> list[Finding]:
    """What the newest answer tells of rows and was not kept: rows the message has not, and codes nobody published. Its text is kept.

    Of an answer too long to be kept whole nobody can say any more which these were: that is told instead.
    """
    raw = one.newest.raw if one.newest is not None and one.newest.step == "accepted" else ""
    if len(raw) >= LONGEST_RAW and not shape.is_whole(raw):
        return [finding("national_audit.answer_cut", "warning", limit=LONGEST_RAW)]
    rows = shape.answered(raw)
    if not rows:
        return []
    with workspace.read() as connection:
        known = set(held(connection, [one.message]))
        numbers = national_there.numbers(connection, {row.key for row in rows if row.kind == national_soap.SERVICE})
    return [
        finding(
            "national_audit.answer_code" if row.state is None else "national_audit.answer_row", "warning", shown=row.code or "—",
            name=numbers[row.key][0] if row.kind == national_soap.SERVICE and row.key in numbers else row.key,
        )
        for row in rows if row.state is None or row.kind != one.message.kind or row.key not in known
    ]  # fmt: skip


# By message


def of_message(workspace: Workspace, message: NationalMessage, on: date | None = None) -> dict[str, NationalAudit]:
    """Key of each row of a message -> what the platform said of it last, as seen by a day (today when not given)."""
    day = on or today()
    with workspace.read() as connection:
        found = audits(connection, message.kind)
    newest = {key: [one for one in told if one.seen_on <= day] for (told_of, key), told in found.items() if told_of == message.id}
    return {key: told[-1] for key, told in newest.items() if told}


def counts(workspace: Workspace, on: date | None = None) -> dict[str, dict[AuditState, int]]:
    """Message -> how many of its rows stand in each state, as seen by a day (today when not given); messages nobody looked at are not in it."""
    day = on or today()
    found: dict[str, dict[AuditState, int]] = {}
    with workspace.read() as connection:
        told = {**audits(connection, AUDITED_KINDS[0]), **audits(connection, AUDITED_KINDS[1])}
    for (message, _), seen in told.items():
        newest = next((one for one in reversed(seen) if one.seen_on <= day), None)
        if newest is not None:
            of = found.setdefault(message, dict.fromkeys(AUDIT_STATES, 0))
            of[newest.state] += 1
    return {message: {state: n for state, n in of.items() if n} for message, of in found.items()}
