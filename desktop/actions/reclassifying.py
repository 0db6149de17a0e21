"""Changing whether an instrument is confidential, by two people: one prepares with a reason, another decides with a PIN.

To confidential works at once and is confirmed afterwards, so that nothing leaves in between; declassifying waits for the second
person. Records, postings and fees follow their instrument; keys stay. It is no step that undo takes back: changing back is another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from desktop.actions import duties, judging, people, rules_in_force, taking_back
from desktop.actions.instruments import named
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger.changes import Changes
from desktop.ledger.duty import Duty
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Person
from desktop.ledger.problem import Refused
from desktop.ledger.reclassification import Reclassification
from desktop.rules import approval
from desktop.rules import duties as duty_rules
from desktop.store import reclassifications as rows
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import INSTRUMENTS
from desktop.store.reclassifications import RECLASSIFICATIONS, Hanging

__all__ = [
    "Consequences",
    "Hanging",
    "Step",
    "allowed",
    "approve",
    "consequences",
    "decline",
    "history",
    "prepare",
    "withdraw",
    "words_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change means: what hangs on the instrument, what remotes hold of it and packages may have brought them, its duty afterwards."""

    asset_number: str
    name: str
    to_confidential: bool
    hanging: Hanging
    duty: Duty
    carried: tuple[taking_back.Carried, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One change as it is shown, people by name; ``changes`` is what the step that answered it wrote."""

    asset_number: str
    change: Reclassification
    prepared_by: str
    decided_by: str
    changes: Changes = field(default_factory=Changes)


def _direction(instrument: Instrument, to_confidential: bool) -> None:
    if instrument.confidential is None:
        raise Refused("reclassification.not_stated", asset_number=instrument.asset_number)
    if instrument.confidential == to_confidential:
        code = "reclassification.confidential_already" if to_confidential else "reclassification.ordinary_already"
        raise Refused(code, asset_number=instrument.asset_number)


def consequences(workspace: Workspace, asset_number: str, to_confidential: bool) -> Consequences:
    """What would follow, before anything is done. Raises Refused for an unknown instrument."""
    with workspace.read() as connection:
        instrument = named(connection, asset_number)
        found = rows.hanging(connection, instrument.id)
        under_way = taking_back.carried(connection, instrument.id)
    after = duties.facts_of(replace(instrument, confidential=to_confidential))
    duty = duty_rules.assess(after, today(), rules_in_force.of(workspace), duties.calendar_of(workspace))
    return Consequences(instrument.asset_number, instrument.name, to_confidential, found, duty, under_way)


def waiting_consequences(workspace: Workspace, asset_number: str) -> Consequences:
    """What the change that waits means. Raises Refused when none does."""
    with workspace.read() as connection:
        change = rows.waiting(connection, named(connection, asset_number).id)
    if change is None:
        raise Refused("reclassification.nothing_waits", asset_number=asset_number)
    return consequences(workspace, asset_number, change.to_confidential)


def words_of(found: Consequences) -> list[tuple[str, dict[str, str]]]:
    """The consequences as codes with their parameters, in the order they are said."""
    hanging = found.hanging
    many = {"n_records": str(hanging.n_records), "n_postings": str(hanging.n_postings), "n_versions": str(hanging.n_versions)}
    told: list[tuple[str, dict[str, str]]] = []
    if found.to_confidential:
        told.append(("reclassification.means_confidential", many))
        for remote, n in hanging.n_sent:
            told.append(("reclassification.means_sent", {"remote": f"reclassification.remote.{remote}", "n": str(n)}))
        told += [("take_back.means_carried", one.params) for one in found.carried]
        if not (hanging.n_sent or found.carried):
            told.append(("reclassification.means_nothing_sent", {}))
    else:
        told.append(("reclassification.means_ordinary", many))
    deadline = found.duty.deadline.isoformat() if found.duty.deadline else "—"
    told.append(("reclassification.means_duty", {"state": f"duty.state.{found.duty.state}", "deadline": deadline}))
    if not found.to_confidential and found.duty.deadline is not None:
        told.append(("reclassification.means_deadline", {}))
    return told


def allowed(workspace: Workspace, step: str) -> list[Person]:
    """The people in service whose role may ``prepare`` or ``decide``."""
    roles = approval.ROLES_FOR[f"{step}_reclassification"]
    return [person for person in people.everyone(workspace) if person.active and person.role in roles]


def _step(connection: Connection, asset_number: str, change: Reclassification) -> Step:
    names = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, name FROM person")}
    return Step(asset_number, change, names.get(change.prepared_by, ""), names.get(change.decided_by or "", ""))


def history(workspace: Workspace, asset_number: str) -> list[Step]:
    """Every change prepared for an instrument, the newest first; one that waits is ``prepared``."""
    with workspace.read() as connection:
        instrument = named(connection, asset_number)
        return [_step(connection, instrument.asset_number, change) for change in rows.of_instrument(connection, instrument.id)]


def _take_effect(operation: Operation, instrument: Instrument, confidential: bool) -> None:
    # A level is of what is confidential: it goes with it.
    level = instrument.secrecy_level if confidential else ""
    INSTRUMENTS.update(operation.connection, [replace(instrument, confidential=confidential, secrecy_level=level)])
    rows.follow(operation.connection, [instrument.id])
    if not confidential:
        taking_back.give_up(operation.connection, instrument.id)
    drafts = records.draft_keys(operation.connection, "instrument_id", [instrument.id])
    if drafts:
        judging.recheck(operation, drafts)


def prepare(
    workspace: Workspace, asset_numbers: str | Sequence[str], to_confidential: bool, reason: str, person: str, pin: str = "", document: str = ""
) -> list[Step]:
    """Prepare a change for one instrument or several in one operation; to confidential it takes effect at once.

    ``document`` is the paper it rests on, if there is one. Raises Refused, with nothing written: role, PIN, no reason, an unknown
    instrument, one that is so already or does not say whether it is confidential, or one for which a change waits.
    """
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["prepare_reclassification"])
    if not reason.strip():
        raise Refused("reclassification.no_reason")
    numbers = [asset_numbers] if isinstance(asset_numbers, str) else list(dict.fromkeys(asset_numbers))
    params = {"to": _to(to_confidential), "n": str(len(numbers))}
    with workspace.write("reclassify prepare", who=acting.name, reason=reason.strip(), undoable=False, params=params) as operation:
        done = []
        for number in numbers:
            instrument = named(operation.connection, number)
            _direction(instrument, to_confidential)
            if rows.waiting(operation.connection, instrument.id) is not None:
                raise Refused("reclassification.waiting_already", asset_number=instrument.asset_number)
            change = Reclassification(
                new_key(confidential=True), instrument.id, to_confidential, "prepared", reason.strip(), document.strip(), acting.id, now()
            )
            RECLASSIFICATIONS.insert(operation.connection, [change])
            if to_confidential:
                _take_effect(operation, instrument, True)
            done.append(_step(operation.connection, instrument.asset_number, change))
    return [replace(step, changes=operation.changes) for step in done]


def approve(workspace: Workspace, asset_number: str, person: str, pin: str = "", note: str = "") -> Step:
    """Another person approves the change that waits: a declassified instrument is reported from the next sync on."""
    return _decide(workspace, asset_number, "approved", person, pin, note)


def decline(workspace: Workspace, asset_number: str, person: str, pin: str = "", note: str = "") -> Step:
    """Another person declines the change that waits, with a reason; a set made confidential is ordinary again."""
    if not note.strip():
        raise Refused("reclassification.no_reason")
    return _decide(workspace, asset_number, "declined", person, pin, note)


def withdraw(workspace: Workspace, asset_number: str, person: str, pin: str = "") -> Step:
    """Whoever prepared a declassification that nobody has approved takes it back. To confidential is declined by another person."""
    return _decide(workspace, asset_number, "withdrawn", person, pin, "")


_NAMES = {"approved": "reclassify approve", "declined": "reclassify decline", "withdrawn": "reclassify withdraw"}


def _to(confidential: bool) -> str:
    return "reclassification.to.confidential" if confidential else "reclassification.to.ordinary"


def _decide(workspace: Workspace, asset_number: str, state: str, person: str, pin: str, note: str) -> Step:
    step = "prepare" if state == "withdrawn" else "decide"
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR[f"{step}_reclassification"])
    with workspace.read() as connection:
        found = rows.waiting(connection, named(connection, asset_number).id)
    params = {"to": _to(found.to_confidential)} if found else {}
    with workspace.write(_NAMES[state], who=acting.name, reason=note.strip(), undoable=False, params=params) as operation:
        connection = operation.connection
        instrument = named(connection, asset_number)
        change = rows.waiting(connection, instrument.id)
        if change is None:
            raise Refused("reclassification.nothing_waits", asset_number=asset_number)
        told = approval.reclassify(change, acting, state)
        if told:
            raise Refused(told[0].code, findings=told[1:], **dict(told[0].params))
        decided = replace(change, state=state, decided_by=acting.id, decided_at=now(), note=note.strip())  # type: ignore[arg-type]  # one of its states
        RECLASSIFICATIONS.update(connection, [decided])
        if (state, change.to_confidential) in (("approved", False), ("declined", True)):
            _take_effect(operation, instrument, False)
        view = _step(connection, instrument.asset_number, decided)
    return replace(view, changes=operation.changes)
