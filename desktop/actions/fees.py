"""Fee versions: draft with cost build-up, approve by another person, publish; prices checked against cost; used versions stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import judging, meanwhile, people
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.fees import ComponentKind, CostComponent, FeeLine, FeeSchedule, FeeTerms
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import schedule_checks
from desktop.rules.price_text import PriceRow, RowRead, read_row
from desktop.store import attachments
from desktop.store import fees as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.lists import Listing

PREPARERS = ("lab_manager", "finance", "equipment_office")
APPROVERS = ("finance", "equipment_office", "approver")

LISTING = Listing(
    "fee_line",
    {
        "asset_number": "instrument.asset_number",
        "instrument": "instrument.name",
        "item": "fee_line.item",
        "source_text": "fee_line.source_text",
        "from_on": "fee_schedule.from_on",
        "to_on": "fee_schedule.to_on",
        "state": "fee_schedule.state",
        "to_confirm": "fee_line.to_confirm",
        "note": "fee_line.note",
        "schedule_id": "fee_line.schedule_id",
        "id": "fee_line.id",
    },
    joins="JOIN fee_schedule ON fee_schedule.id = fee_line.schedule_id JOIN instrument ON instrument.id = fee_schedule.instrument_id",
    filters={
        "in_force": "fee_schedule.state <> 'draft' AND fee_schedule.from_on <= ? AND (fee_schedule.to_on IS NULL OR fee_schedule.to_on > ?)",
        "draft": "fee_schedule.state = 'draft'",
        "to_confirm": "fee_line.to_confirm = 1",
        "instrument": "fee_schedule.instrument_id = ?",
    },
    search=("instrument.asset_number", "instrument.name", "fee_line.item"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version with its lines, cost components, and whether it has priced a record."""

    schedule: FeeSchedule
    instrument: Instrument
    lines: tuple[FeeLine, ...]
    components: tuple[CostComponent, ...]
    used: bool


def _schedule(connection: Connection, schedule_id: str) -> FeeSchedule:
    found = rows.SCHEDULES.get(connection, schedule_id)
    if found is None:
        raise Refused("fee.unknown_version", key=schedule_id)
    return found


def _version(connection: Connection, schedule: FeeSchedule) -> Version:
    instrument = INSTRUMENTS.get(connection, schedule.instrument_id)
    if instrument is None:
        raise Refused("fee.unknown_version", key=schedule.id)
    lines, parts = rows.lines_of(connection, schedule.id), rows.components_of(connection, schedule.id)
    return Version(schedule, instrument, tuple(lines), tuple(parts), rows.is_used(connection, schedule.id))


def versions(workspace: Workspace, asset_number: str) -> list[Version]:
    """All versions of an instrument, oldest first. Raises Refused for an unknown asset number."""
    with workspace.read() as connection:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
        if instrument is None:
            raise Refused("instrument.unknown", asset_number=asset_number)
        found = rows.SCHEDULES.find(connection, "instrument_id = ?", (instrument.id,), "from_on, state")
        return [_version(connection, schedule) for schedule in found]


def version(workspace: Workspace, schedule_id: str) -> Version:
    """One version. Raises Refused when there is none."""
    with workspace.read() as connection:
        return _version(connection, _schedule(connection, schedule_id))


def read_line(unit: str, internal: str, external: str, startup: str = "", minimum: str = "", note: str = "") -> RowRead:
    """How a published row would be understood, for the builder's live view."""
    return read_row(PriceRow(unit, {"internal": internal, "external": external}, startup, minimum, note))


def add_version(
    workspace: Workspace, asset_number: str, from_on: date, *, title: str = "", document: str = "", person: str | None = None, pin: str = "",
    copy_of: str | None = None, lines: Sequence[FeeLine] | None = None, parts: Sequence[CostComponent] | None = None,
) -> str:  # fmt: skip
    """Begin a draft version from a day, empty or copied from another. Returns its key. Only an approved version prices.

    ``person`` prepares it and cannot approve it. ``lines`` and ``parts``, where given, stand in place of what is copied.
    Raises Refused: nobody named, role, PIN, unknown instrument or version, the same item twice.
    """
    preparer = people.acting(workspace, person, pin, PREPARERS)
    with workspace.write("fee draft", who=preparer.name, params={"from": from_on.isoformat()}) as operation:
        connection = operation.connection
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
        if instrument is None:
            raise Refused("instrument.unknown", asset_number=asset_number)
        secret = bool(instrument.confidential)
        new = FeeSchedule(new_key(confidential=secret), instrument.id, from_on, None, "draft", title, document, preparer.id)
        rows.SCHEDULES.insert(connection, [new])
        source = _version(connection, _schedule(connection, copy_of)) if copy_of is not None else None
        copied = [replace(line, id="") for line in source.lines] if source else []
        rows.LINES.insert(connection, _numbered(copied if lines is None else _each_once(lines), new.id, secret=secret))
        given = parts if parts is not None else source.components if source else ()
        rows.COMPONENTS.insert(connection, _keyed(given, new.id, secret=secret))
    return new.id


def _numbered(lines: Sequence[FeeLine], schedule_id: str, *, secret: bool) -> list[FeeLine]:
    """The lines in their order, each with a key."""
    return [
        replace(line, id=line.id or new_key(confidential=secret), schedule_id=schedule_id, position=n, item=line.item.strip())
        for n, line in enumerate(lines)
    ]


def _keyed(parts: Sequence[CostComponent], schedule_id: str, *, secret: bool) -> list[CostComponent]:
    return [replace(part, id=new_key(confidential=secret), schedule_id=schedule_id) for part in parts]


def _is_secret(connection: Connection, schedule: FeeSchedule) -> bool:
    instrument = INSTRUMENTS.get(connection, schedule.instrument_id)
    return bool(instrument and instrument.confidential)


def _each_once(lines: Sequence[FeeLine]) -> Sequence[FeeLine]:
    items = [schedule_checks.item_key(line.item) for line in lines]
    if len(set(items)) != len(items):
        raise Refused("fee.item_twice_in_version")
    return lines


def _draft(connection: Connection, schedule_id: str) -> FeeSchedule:
    schedule = _schedule(connection, schedule_id)
    if schedule.state != "draft":
        raise Refused("fee.not_draft", state=f"fee.state.{schedule.state}")
    return schedule


def set_lines(workspace: Workspace, schedule_id: str, lines: list[FeeLine], *, seen: Sequence[FeeLine] | None = None) -> Changes:
    """Replace the lines of a draft; a line without ``id`` is new.

    ``seen``: the lines as the person had them before them; a line they left as it was stays as it is stored, and so does one added since.
    Raises Refused for a version that is no draft, an item twice, and where somebody changed the same line since it was seen.
    """
    with workspace.write("fee lines") as operation:
        connection = operation.connection
        secret = _is_secret(connection, _draft(connection, schedule_id))
        old = {line.id: line for line in rows.lines_of(connection, schedule_id)}
        kept = _numbered(_each_once(_still(old.values(), seen, lines)), schedule_id, secret=secret)
        rows.LINES.delete(connection, [key for key in old if key not in {line.id for line in kept}])
        rows.LINES.update(connection, [line for line in kept if line.id in old and line != old[line.id]])
        rows.LINES.insert(connection, [line for line in kept if line.id not in old])
    return operation.changes


def _still(stored: Iterable[FeeLine], seen: Sequence[FeeLine] | None, lines: Sequence[FeeLine]) -> list[FeeLine]:
    """The lines to write. Each is one whole, but for its place: that is its place in the draft."""
    fresh = [f"new {n}" for n in range(len(lines))]  # of no stored line

    def by_key(some: Iterable[FeeLine]) -> dict[str, FeeLine]:
        return {line.id or fresh[n]: replace(line, position=0, schedule_id="") for n, line in enumerate(some)}

    items = {line.id: line.item for line in (*stored, *(seen or ()))}
    return list(meanwhile.merged_parts(by_key(stored), None if seen is None else by_key(seen), by_key(lines), lambda key: items.get(key, key)).values())


def confirm_line(workspace: Workspace, line_id: str, terms: FeeTerms, note: str = "", *, seen: FeeLine | None = None) -> Changes:
    """Settle what a line "to confirm" means, in any version that has not used it; its problems are checked again.

    ``seen``: the line whose published text the person read. Raises Refused for terms that contradict themselves, for a line that is not to
    be confirmed, and for one that reads otherwise by now.
    """
    with workspace.write("fee confirm") as operation:
        connection = operation.connection
        line = rows.LINES.get(connection, line_id)
        if line is None or not line.to_confirm:
            raise Refused("fee.nothing_to_confirm")
        if seen is not None and (line.item, line.source_text) != (seen.item, seen.source_text):
            raise Refused(meanwhile.CODE, findings=(finding("field.entry_now_other", name=seen.item),))
        errors = tuple(f for f in schedule_checks.check_terms(terms) if f.severity == "error")
        if errors:
            raise Refused("fee.terms_refused", findings=errors)
        rows.LINES.update(connection, [replace(line, terms=terms, to_confirm=False, note=note or line.note)])
        _recheck(operation, _schedule(connection, line.schedule_id).instrument_id)
    return operation.changes


def _recheck(operation, instrument_id: str) -> None:  # type: ignore[no-untyped-def]  # Operation, as judging declares it
    sql = "SELECT id FROM service_record WHERE instrument_id = ? AND state = 'draft'"
    keys = [row[0] for row in operation.connection.exec_driver_sql(sql, (instrument_id,))]
    if keys:
        judging.recheck(operation, keys)


def set_components(
    workspace: Workspace, schedule_id: str, parts: list[CostComponent], *, seen: Sequence[CostComponent] | None = None
) -> Changes:
    """Replace the cost components of a version: evidence of the price, kept even when the version is in force.

    ``seen``: as the person had them before them; a kind they left as it was stays as it is stored. Raises Refused where somebody changed the
    same kind since.
    """
    with workspace.write("fee costs") as operation:
        connection = operation.connection
        secret = _is_secret(connection, _schedule(connection, schedule_id))
        stored = rows.components_of(connection, schedule_id)
        before = _by_kind(stored)
        after = _merged_parts(stored, seen, parts)
        rows.COMPONENTS.delete(connection, [part.id for part in stored if after.get(part.kind) != before[part.kind]])
        fresh = [part for kind, those in after.items() if those != before.get(kind) for part in those]
        rows.COMPONENTS.insert(connection, _keyed(fresh, schedule_id, secret=secret))
    return operation.changes


def refuse_changed(workspace: Workspace, seen: Version, lines: Sequence[FeeLine] | None, parts: Sequence[CostComponent] | None) -> None:
    """Raise what ``set_lines`` and ``set_components`` would raise of these (None: not to be written); nothing is written."""
    with workspace.read() as connection:
        key = seen.schedule.id
        if lines is not None:
            _draft(connection, key)
            _each_once(_still(rows.lines_of(connection, key), seen.lines, lines))
        if parts is not None:
            _schedule(connection, key)
            _merged_parts(rows.components_of(connection, key), seen.components, parts)


def _merged_parts(
    stored: Iterable[CostComponent], seen: Sequence[CostComponent] | None, parts: Sequence[CostComponent]
) -> dict[ComponentKind, tuple[CostComponent, ...]]:
    before = None if seen is None else _by_kind(seen)
    return meanwhile.merged_parts(_by_kind(stored), before, _by_kind(parts), lambda kind: f"fee.{kind}")


def _by_kind(parts: Iterable[CostComponent]) -> dict[ComponentKind, tuple[CostComponent, ...]]:
    found: dict[ComponentKind, tuple[CostComponent, ...]] = {}
    for part in parts:
        found[part.kind] = (*found.get(part.kind, ()), replace(part, id="", schedule_id=""))
    return found


def approve(workspace: Workspace, schedule_id: str, person: str, pin: str = "") -> Changes:
    """Approve a draft: by another person than its preparer. An open earlier version ends where this one begins.

    Raises Refused: same person, nobody named as preparer, lines to confirm or contradicting, overlap, an earlier version used beyond this one's first day.
    """
    approver = people.acting(workspace, person, pin, APPROVERS)
    params = {} if approver.has_pin else {"pin": "none"}
    with workspace.write("fee approve", who=approver.name, undoable=False, params=params) as operation:
        connection = operation.connection
        schedule = _draft(connection, schedule_id)
        if not schedule.prepared_by:
            raise Refused("fee.preparer_missing")
        if schedule.prepared_by == approver.id:
            raise Refused("fee.same_person", name=approver.name)
        lines = rows.lines_of(connection, schedule_id)
        errors = tuple(f for f in schedule_checks.check_lines(schedule, lines) if f.severity == "error")
        if errors or not lines:
            raise Refused("fee.not_approvable", findings=errors)
        others = rows.SCHEDULES.find(connection, "instrument_id = ? AND state <> 'draft'", (schedule.instrument_id,), "from_on")
        earlier = next((one for one in others if one.from_on < schedule.from_on and one.covers(schedule.from_on)), None)
        later = min((one.from_on for one in others if one.from_on > schedule.from_on), default=None)
        if earlier is not None:
            rows.SCHEDULES.update(connection, [replace(earlier, to_on=schedule.from_on)])
        end = schedule.to_on or (earlier.to_on if earlier else None) or later
        rows.SCHEDULES.update(connection, [replace(schedule, state="approved", approved_by=approver.id, to_on=end)])
        _recheck(operation, schedule.instrument_id)
    return operation.changes


def publish(workspace: Workspace, schedule_id: str) -> Changes:
    """Mark an approved version as published on the network."""
    with workspace.write("fee publish") as operation:
        schedule = _schedule(operation.connection, schedule_id)
        if schedule.state != "approved":
            raise Refused("fee.not_approved", state=f"fee.state.{schedule.state}")
        rows.SCHEDULES.update(operation.connection, [replace(schedule, state="published")])
    return operation.changes


def drop(workspace: Workspace, schedule_id: str) -> Changes:
    """Remove a draft version with its attachments; undo brings it back."""
    with workspace.write("fee drop") as operation:
        connection = operation.connection
        _draft(connection, schedule_id)
        rows.LINES.delete(connection, [line.id for line in rows.lines_of(connection, schedule_id)])
        rows.COMPONENTS.delete(connection, [part.id for part in rows.components_of(connection, schedule_id)])
        attachments.drop_of(connection, "fee_schedule", [schedule_id])
        rows.SCHEDULES.delete(connection, [schedule_id])
    return operation.changes


def findings_of(found: Version) -> tuple[Finding, ...]:
    """What stands against approving a version, and what looks forgotten."""
    return schedule_checks.check_lines(found.schedule, found.lines)
