"""Transfers of sets: proposed by one person with a reason, decided by another with a PIN, handed over on a day.

Handed over inside, the set is the other department's; given free, its service here ends. Neither is a step that undo takes back:
the set left its keeper's hands, and comes back by another transfer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from desktop.actions import institution, people, transfer_candidates
from desktop.actions.instruments import named
from desktop.actions.workspace import SHANGHAI, Workspace, now, today
from desktop.formats.cells import SPACES, clean
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Person
from desktop.ledger.problem import Refused
from desktop.ledger.transfer import TRANSFER_KINDS, Transfer
from desktop.rules import figure_json, transfer_steps, uscc
from desktop.rules.approval import ROLES_FOR
from desktop.rules.figure import Figure
from desktop.rules.transfer import Assessment
from desktop.store import instrument_views as views
from desktop.store import transfers as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.transfers import TRANSFERS, Listed

__all__ = ["Done", "Listed", "allowed", "approve", "check", "decline", "every", "explain", "hand_over", "prepare", "show", "withdraw"]


@dataclass(frozen=True, slots=True)
class Done:
    """A transfer after a step, what was told while it was taken, and what it wrote."""

    listed: Listed
    findings: tuple[Finding, ...] = ()
    changes: Changes = field(default_factory=Changes)


def every(workspace: Workspace, state: str = "", asset_number: str = "") -> list[Listed]:
    """All transfers, the newest first, or those in a state or of a set. Raises Refused for an unknown set."""
    with workspace.read() as connection:
        where, params = ["1"], []
        if state:
            where.append("state = ?")
            params.append(state)
        if asset_number:
            where.append("instrument_id = ?")
            params.append(named(connection, asset_number).id)
        return rows.listed(connection, " AND ".join(where), tuple(params))


def show(workspace: Workspace, number: str) -> Listed:
    """One transfer. Raises Refused when there is none of that number."""
    with workspace.read() as connection:
        return _listed(connection, number)


def explain(workspace: Workspace, number: str) -> Figure:
    """What last year's use said of the set on the day the transfer was prepared (Asia/Shanghai), as it was seen then.

    Raises Refused for an unknown number, and when nothing was seen: the set was not in service in that year.
    """
    one = show(workspace, number).transfer
    if not one.figure:
        raise Refused("transfer.not_judged", number=one.number)
    prepared_on = one.prepared_at.astimezone(SHANGHAI).date()
    seen = figure_json.from_json(one.figure)
    return Figure("transfer.as_prepared", prepared_on, "date", "", inputs=(seen,), params=(("number", one.number),))


def allowed(workspace: Workspace, step: str) -> list[Person]:
    """The people in service whose role may ``prepare``, ``decide`` or ``hand`` over a transfer."""
    roles = ROLES_FOR[f"{step}_transfer"]
    return [one for one in people.everyone(workspace) if one.active and one.role in roles]


def check(draft: Mapping[str, object]) -> list[Finding]:
    """What is wrong with a transfer while it is typed: the receiver's credit code."""
    typed = str(draft.get("receiver_uscc") or "")
    return [replace(one, field="receiver_uscc") for one in uscc.faults(typed)] if typed else []


def prepare(
    workspace: Workspace,
    asset_number: str,
    kind: str,
    reason: str,
    person: str,
    pin: str = "",
    *,
    department: str = "",
    keeper: str = "",
    receiver: str = "",
    receiver_uscc: str = "",
    document: str = "",
) -> Done:
    """Propose a transfer. What last year's use says of the set is kept with it, as it was seen.

    Raises Refused, with nothing written: role, PIN, no reason or receiver, a target of the other kind, an unknown, retired or confidential set, or one with an
    unfinished transfer.
    """
    acting = people.acting(workspace, person, pin, ROLES_FOR["prepare_transfer"])
    if kind not in TRANSFER_KINDS:
        raise Refused("transfer.kind_unknown", kind=kind)
    with workspace.read() as connection:
        instrument = named(connection, asset_number)
    judged = _judged(workspace, instrument)
    inside = kind == "internal"
    if (receiver.strip() or receiver_uscc.strip()) if inside else department.strip():
        raise Refused(f"transfer.target_of_other_kind_{kind}")
    proposed = Transfer(
        new_key(), "", instrument.id, kind, "prepared", clean(reason)[0], instrument.department, _line(department) if inside else "",
        _line(keeper), "" if inside else _line(receiver), "" if inside else uscc.normalise(receiver_uscc), _line(document),
        figure_json.to_json(judged.figure) if judged else "", acting.id, now(),
    )  # fmt: skip
    verdict, cautions = (judged.verdict, judged.cautions) if judged else ("", ())
    told = _or_refused(transfer_steps.prepare(instrument, proposed, institution.get(workspace).uscc, verdict, cautions))
    params = {"asset_number": instrument.asset_number, "kind": f"transfer.kind.{kind}"}
    with workspace.write("transfer prepare", who=acting.name, reason=proposed.reason, undoable=False, params=params) as operation:
        waiting = rows.unfinished(operation.connection, instrument.id)
        if waiting is not None:
            raise Refused("transfer.waiting_already", asset_number=instrument.asset_number, number=waiting.number)
        proposed = replace(proposed, number=rows.next_number(operation.connection, today().year))
        TRANSFERS.insert(operation.connection, [proposed])
        listed = _listed(operation.connection, proposed.number)
    return Done(listed, told, operation.changes)


def approve(workspace: Workspace, number: str, person: str, pin: str = "", note: str = "", document: str = "") -> Done:
    """Another person approves it, what is given free on a paper. Raises Refused with nothing written."""
    return _decide(workspace, number, "approved", person, pin, note, document)


def decline(workspace: Workspace, number: str, person: str, pin: str = "", note: str = "") -> Done:
    """Another person declines it, with a reason. Raises Refused with nothing written."""
    return _decide(workspace, number, "declined", person, pin, note)


def withdraw(workspace: Workspace, number: str, person: str, pin: str = "") -> Done:
    """Whoever prepared it takes it back before it is decided. Raises Refused with nothing written."""
    return _decide(workspace, number, "withdrawn", person, pin)


_NAMES = {"approved": "transfer approve", "declined": "transfer decline", "withdrawn": "transfer withdraw"}


def _decide(workspace: Workspace, number: str, state: str, person: str, pin: str, note: str = "", document: str = "") -> Done:
    acting = people.acting(workspace, person, pin, ROLES_FOR["prepare_transfer" if state == "withdrawn" else "decide_transfer"])
    with workspace.write(_NAMES[state], who=acting.name, reason=note.strip(), undoable=False, params={"number": number.strip()}) as operation:
        one = _listed(operation.connection, number).transfer
        decided = replace(
            one, state=state, decided_by=acting.id, decided_at=now(), note=clean(note)[0], document=_line(document) or one.document  # type: ignore[arg-type]  # one of its states
        )  # fmt: skip
        told = _or_refused((*transfer_steps.decide(one, acting, state, note, document), *transfer_steps.too_long(decided, "note", "document")))
        TRANSFERS.update(operation.connection, [decided])
        listed = _listed(operation.connection, one.number)
    return Done(listed, told, operation.changes)


def hand_over(
    workspace: Workspace, number: str, on: date, person: str, pin: str = "", *, gave: str = "", took: str = "", parts: str = ""
) -> Done:
    """Record that the set was handed over on a day: from then on it is the other department's, or its service here has ended.

    Raises Refused with nothing written: role, PIN, not approved, a day to come or before its acceptance, a set retired or made confidential meanwhile.
    """
    acting = people.acting(workspace, person, pin, ROLES_FOR["hand_transfer"])
    with workspace.write("transfer hand over", who=acting.name, undoable=False, params={"number": number.strip()}) as operation:
        connection = operation.connection
        one = _listed(connection, number).transfer
        instrument = INSTRUMENTS.get(connection, one.instrument_id)
        if instrument is None:
            raise Refused("transfer.unknown_number", number=number)
        approved_on = one.decided_at.astimezone(SHANGHAI).date() if one.decided_at else None
        drafts = rows.n_drafts(connection, instrument.id)
        done = replace(one, state="handed_over", handed_on=on, gave=_line(gave), took=_line(took), parts=clean(parts)[0])
        found = transfer_steps.hand_over(one, instrument, acting, on, today(), approved_on, drafts)
        told = _or_refused((*found, *transfer_steps.too_long(done, "gave", "took", "parts")))
        TRANSFERS.update(connection, [done])
        INSTRUMENTS.update(connection, [_after(instrument, done)])
        listed = _listed(connection, one.number)
        told += _served_after(connection, instrument, done)
    return Done(listed, told, operation.changes)


def _line(text: str) -> str:
    """What is typed as a name or number on one line, without what nobody sees: it becomes the set's own, by which sets are put together."""
    return SPACES.sub(" ", clean(text)[0])


def _served_after(connection: Connection, instrument: Instrument, done: Transfer) -> tuple[Finding, ...]:
    """What was posted of a set that was given free after the day it left, as retiring it by hand tells it."""
    n, last = views.served_after(connection, instrument.id, done.handed_on) if done.kind == "allocation" and done.handed_on else (0, None)
    if not n:
        return ()
    return (finding("instrument_entry.used_after", "warning", asset_number=instrument.asset_number, n=n, on=done.handed_on, last=last),)


def _after(instrument: Instrument, done: Transfer) -> Instrument:
    if done.kind == "allocation":
        return replace(instrument, retired_on=done.handed_on)
    return replace(instrument, department=done.to_department, contact=done.keeper or instrument.contact)


def _judged(workspace: Workspace, instrument: Instrument) -> Assessment | None:
    """What last year's use says of a set; None for one that was not in service then, or is confidential."""
    period = periods.parse(str(today().year - 1))
    found = transfer_candidates.year(workspace, period, period.last_day)
    return next((one.assessment for one in found.judged if one.instrument.id == instrument.id), None)


def _or_refused(told: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The warnings, when nothing forbids the step."""
    errors = tuple(one for one in told if one.severity == "error")
    if errors:
        raise Refused(errors[0].code, findings=told, **dict(errors[0].params))
    return told


def _listed(connection: Connection, number: str) -> Listed:
    found = rows.listed(connection, "number = ?", (number.strip(),))
    if not found:
        raise Refused("transfer.unknown_number", number=number)
    return found[0]
