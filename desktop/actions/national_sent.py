"""What was sent to the national platform: where each message stands, what its answer means, its rows as they left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from desktop.actions.workspace import SHANGHAI, Workspace
from desktop.formats import national_soap
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.national_message import MessageEvent, MessageState, NationalMessage
from desktop.ledger.problem import Refused
from desktop.rules import national_sending as rules
from desktop.rules.figure import Figure
from desktop.store import national_messages as rows
from desktop.store.national_messages import Kept
from desktop.words import say

_NO_MESSAGE = ("national_line.not_taken", "national_line.not_platform")


@dataclass(frozen=True, slots=True)
class Told:
    """A message, where it stands, and what its newest event means (None: it was only written)."""

    message: NationalMessage
    state: MessageState
    events: tuple[MessageEvent, ...]
    finding: Finding | None

    @property
    def newest(self) -> MessageEvent | None:
        """What became of it last."""
        return self.events[-1] if self.events else None


def stands(one: Kept) -> MessageState:
    """Where a message stands."""
    return rules.state([event.step for event in one.events])


def told(kept: Kept) -> Told:
    """A message with where it stands and what that means, in words' codes."""
    newest = kept.events[-1] if kept.events else None
    return Told(kept.message, stands(kept), kept.events, None if newest is None else meaning(newest))


def meaning(event: MessageEvent) -> Finding:
    """What an event says, with the platform's own code and words."""
    if event.problem:
        grave: Severity = "warning" if event.step == "not_sent" else "error"
        status, text = event.status or "", event.raw[:500] or "—"
        code = national_soap.loose_code(event.raw) if event.problem in _NO_MESSAGE else ""
        if not code:
            return finding(event.problem, grave, status=status, text=text)
        return finding(f"{event.problem}_code", grave, status=status, text=text, said=code, means=f"national_answer.m{code}")
    if event.step in ("accepted", "refused", "unknown") and event.status is not None:
        return national_soap.Answer(event.code, event.raw, event.fault, "" if event.code else national_soap.loose_code(event.raw)).finding
    light: Severity = "warning" if event.step == "sent" else "note"
    return finding(f"national_message.said_{event.step}", light, reason=event.reason or "—", by=event.by)


def course(events: Sequence[MessageEvent]) -> list[tuple[MessageEvent, Finding]]:
    """All that happened to a message, the oldest first, with what it means: that it began to leave is a riddle only while nothing came after."""
    return [(one, _began(one) if one.step == "sent" and one is not events[-1] else meaning(one)) for one in events]


def _began(event: MessageEvent) -> Finding:
    return finding("national_message.began_again", "note", reason=event.reason) if event.reason else finding("national_message.began", "note")


def sent(workspace: Workspace, state: str = "") -> list[Told]:
    """Every message that was written to be sent, the newest first; ``state``: those that stand so."""
    with workspace.read() as connection:
        found = [told(one) for one in reversed(rows.every(connection))]
    return [one for one in found if state in ("", one.state)]


def show(workspace: Workspace, number: str) -> tuple[Told, list[dict[str, str]]]:
    """One message and its rows as they left. Raises Refused ``national.message_unknown``; Problem ``store.damaged``."""
    kept = named(workspace, number)
    with workspace.read() as connection:
        content = rows.content(connection, kept.message)
    return told(kept), national_soap.rows_in(content)


def named(workspace: Workspace, number: str) -> Kept:
    """The message of a number. Raises Refused ``national.message_unknown``."""
    with workspace.read() as connection:
        found = rows.by_number(connection, number)
    if found is None:
        raise Refused("national.message_unknown", number=number.strip())
    return found


def row_words(kind: str, row: Mapping[str, str]) -> str:
    """What people call a row of a message of this kind."""
    if kind == national_soap.EFFECT:
        return say("national_message.effect_row", n=row["billNum"], sets=row["instrNum"])
    if kind == national_soap.SERVICE:
        return f"{row['innerId']}  {row['serviceTime']}–{row['endTime']}  {row['serviceContent']}  {row['amounts']}"
    return f"{row['innerId']}  {row.get('cname') or row.get('formname', '')}"


def explain(workspace: Workspace, number: str) -> Figure:
    """Why a message stands where it stands: what it was, and all that happened to it. Raises Refused ``national.message_unknown``."""
    one = told(named(workspace, number))
    message = one.message
    inputs = [
        Figure("national_message.n_rows", message.n_rows, "count"),
        Figure("national_message.period", message.period, "text"),
        Figure("national_message.address", message.address, "text"),
        Figure("national_message.digest", message.sha256, "text"),
    ]
    for event, found in course(one.events):
        at = f"{event.at.replace(tzinfo=UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        step = f"national_message.happened_{event.step}"
        inputs.append(Figure(step, say(found.code, **dict(found.params)), "text", note=event.reason, params=(("at", at),)))
    return Figure("national_message.stands", one.state, "state", "newest_event", inputs=tuple(inputs), params=(("number", message.number),))
