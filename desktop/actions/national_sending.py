"""Sending to the national platform: kept as it leaves, sent once, and what was answered kept as it came.

What leaves is what was kept: the same bytes under the same number, however often. That something leaves is written down before it does.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions import national_audit, national_outgoing, national_sent
from desktop.actions.national_outgoing import Prepared, none_open, row_digest, row_key
from desktop.actions.national_sent import Told, stands, told
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_marks import Marks
from desktop.actions.workspace import Workspace, now, today
from desktop.formats import national_soap
from desktop.formats.xml_text import FORBIDDEN
from desktop.ledger.keys import new_key
from desktop.ledger.national_message import LONGEST_RAW, MessageEvent, NationalMessage
from desktop.ledger.problem import Refused
from desktop.rules import national_sending as rules
from desktop.store import national_messages as rows
from desktop.store.national_messages import AUDITS, EVENTS

if TYPE_CHECKING:
    from desktop.sync.egress import Gate
    from desktop.sync.soap import Reply

_LINE = threading.Lock()


def send(workspace: Workspace, prepared: Prepared, progress: Progress = UNWATCHED) -> list[Told]:
    """Keep what was shown and send it, in order, until one is not accepted: the rest stays written, to be sent on (``send_written``).

    A broken line, a stop, an answer nobody understands are no failure of this action: they are told of the message. Raises Refused
    ``national.open_messages``, ``national.sending_already``.
    """
    return _send(workspace, [one.message.number for one in keep(workspace, prepared)], "send", "", progress)


def keep(workspace: Workspace, prepared: Prepared) -> list[Told]:
    """Keep what was shown and send nothing: it is sent on (``send_written``), or handed in as a file (``save``). Raises Refused ``national.open_messages``."""
    with workspace.write("national write", undoable=False, params={"n": str(len(prepared.drafts))}) as operation:
        none_open(operation.connection, prepared.target, {one.kind for one in prepared.drafts})
        numbers = rows.next_numbers(operation.connection, today().year, len(prepared.drafts))
        for number, one in zip(numbers, prepared.drafts, strict=True):
            message = NationalMessage(
                new_key(), number, one.kind, prepared.target.unit, prepared.target.address, prepared.period.name, len(one.rows), len(one.content),
                one.sha256, prepared.personal, now(), workspace.who,
            )  # fmt: skip
            rows.keep(operation.connection, message, one.content, {row_key(one.kind, row, prepared.period): row_digest(row) for row in one.rows})
    return [told(national_sent.named(workspace, number)) for number in numbers]


def save(workspace: Workspace, number: str, path: Path) -> Told:
    """Write the very bytes of a message that waits, to be handed in as a file; what came of it is then said (``settle``). The gate reads them first.

    Raises Refused ``national.message_unknown``, ``national.not_now``, ``national_line.withheld``; Problem ``file.cannot_write``, ``file.disk_full``.
    """
    from desktop.formats import write
    from desktop.sync.egress import Gate
    from desktop.sync.outcome import Withheld
    from desktop.sync.soap import read_back

    kept = national_sent.named(workspace, number)
    if not rules.may(stands(kept), "send"):
        raise Refused("national.not_now", number=kept.message.number, state=f"national_message.{stands(kept)}")
    with workspace.read() as connection:
        content = rows.content(connection, kept.message)
        gate = Gate(Marks().of(connection))
    try:
        gate.check(read_back(content))
    except Withheld as problem:
        raise Refused("national_line.withheld", text=problem.params.get("where", "")) from problem
    write.write_file(path, content)
    return told(kept)


def send_written(workspace: Workspace, progress: Progress = UNWATCHED) -> list[Told]:
    """Send what was written and not sent, in order, until one is not accepted. Raises Refused ``national.none_written``; as ``send``."""
    with workspace.read() as connection:
        waiting = [one.message.number for one in rows.every(connection) if stands(one) == "written"]
    if not waiting:
        raise Refused("national.none_written")
    return _send(workspace, waiting, "send", "", progress)


def send_again(workspace: Workspace, number: str, reason: str, progress: Progress = UNWATCHED) -> Told:
    """Send the very bytes once more of a message that was refused, or of which nobody knows whether it arrived.

    Raises Refused ``national.message_unknown``, ``national.not_now``, ``national.no_reason``; as ``send``.
    """
    if not reason.strip():
        raise Refused("national.no_reason")
    return _send(workspace, [national_sent.named(workspace, number).message.number], "again", reason.strip(), progress)[0]


def _send(workspace: Workspace, numbers: Sequence[str], step: str, reason: str, progress: Progress) -> list[Told]:
    if not _LINE.acquire(blocking=False):
        raise Refused("national.sending_already")
    try:
        marks = Marks()
        for n, number in enumerate(numbers):
            progress.report(n, len(numbers), "work.sending")
            if progress.cancelled() or _one(workspace, number, step, reason, progress, marks).state != "accepted":
                break
    finally:
        _LINE.release()
    return [told(national_sent.named(workspace, number)) for number in numbers]


def _one(workspace: Workspace, number: str, step: str, reason: str, progress: Progress, marks: Marks) -> Told:
    """One message on its way. That it leaves is kept before it does: whatever then becomes of this program, it is not forgotten."""
    from desktop.sync.egress import Gate

    params = {"number": number}
    with workspace.write("national send", undoable=False, params=params, reason=reason) as operation:
        kept = rows.by_number(operation.connection, number)
        if kept is None:
            raise Refused("national.message_unknown", number=number)
        if not rules.may(stands(kept), step):
            raise Refused("national.not_now", number=number, state=f"national_message.{stands(kept)}")
        content = rows.content(operation.connection, kept.message)
        EVENTS.insert(operation.connection, [MessageEvent(new_key(), kept.message.id, "sent", now(), reason=reason, by=workspace.who)])
    with workspace.read() as connection:
        gate = Gate(marks.of(connection))
    to = national_outgoing.target(workspace)
    # Who vouches was named for the address in use now; a message for another one knows the usual ones alone.
    event, raw = _asked(kept.message, content, gate, progress, to.authorities if to.address == kept.message.address else "")
    with workspace.write("national answer", undoable=False, params=params) as operation:
        EVENTS.insert(operation.connection, [event])
        if event.step == "accepted":
            keys = rows.held(operation.connection, [kept.message])
            AUDITS.insert(operation.connection, national_audit.of_answer(kept.message, keys, raw, today()))
        kept = rows.by_number(operation.connection, number) or kept
    return told(kept)


def _asked(message: NationalMessage, content: bytes, gate: Gate, progress: Progress, authorities: str) -> tuple[MessageEvent, str]:
    """What became of it, and what was answered in full."""
    from desktop.sync.outcome import RemoteProblem, Withheld
    from desktop.sync.soap import Broken, post

    event = MessageEvent(new_key(), message.id, "not_sent", now())
    cancelled = None if progress is UNWATCHED else progress.cancelled
    try:
        reply = post(message.address, content, message.number, gate, cancelled, authorities)
    except Withheld as problem:
        return replace(event, at=now(), problem="national_line.withheld", raw=problem.params.get("where", "")), ""
    except RemoteProblem:
        return replace(event, at=now(), problem="national_line.bad_address"), ""
    except Broken as problem:
        if problem.code == "national_line.cancelled" and not problem.left:
            return replace(event, at=now(), problem="national_line.stopped"), ""
        return replace(event, at=now(), step="unknown" if problem.left else "not_sent", problem=problem.code), ""
    return _read(replace(event, at=now()), reply), national_soap.read_answer(reply.content).raw


def _read(event: MessageEvent, reply: Reply) -> MessageEvent:
    answer = national_soap.read_answer(reply.content)
    step = rules.answered(reply.status, reply.media, accepted=answer.accepted, fault=answer.fault, published=answer.published)
    raw = FORBIDDEN.sub("\ufffd", answer.raw)[:LONGEST_RAW]
    if rules.is_xml(reply.media) and (answer.fault or reply.status == 200):
        return replace(event, step=step, status=reply.status, code=answer.code, raw=raw, fault=answer.fault)
    problem = "national_line.not_taken" if step == "refused" else "national_line.not_platform"
    return replace(event, step=step, status=reply.status, raw=raw, problem=problem)


def settle(workspace: Workspace, number: str, step: str, reason: str) -> Told:
    """Say what a person saw of a message on the platform: ``accepted`` or ``refused`` of one that has no clear answer or was
    handed in as a file; ``dropped`` of one that was only written and shall not be sent.

    Raises Refused ``national.message_unknown``, ``national.not_now``, ``national.no_reason``, ``national.sending_already``.
    """
    kept = national_sent.named(workspace, number)
    if not reason.strip():
        raise Refused("national.no_reason")
    if not _LINE.acquire(blocking=False):
        raise Refused("national.sending_already")
    try:
        with workspace.write("national settle", undoable=False, params={"number": kept.message.number}, reason=reason.strip()) as operation:
            kept = rows.by_number(operation.connection, number) or kept
            if not rules.may(stands(kept), "drop" if step == "dropped" else "settle"):
                raise Refused("national.not_now", number=kept.message.number, state=f"national_message.{stands(kept)}")
            event = MessageEvent(new_key(), kept.message.id, step, now(), reason=reason.strip(), by=workspace.who)  # type: ignore[arg-type]  # the database refuses others
            EVENTS.insert(operation.connection, [event])
            kept = rows.by_number(operation.connection, number) or kept
    finally:
        _LINE.release()
    return told(kept)
