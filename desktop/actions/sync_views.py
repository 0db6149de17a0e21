"""What the sync page shows beside the engine: past runs, parked rows and conflicts in the words of the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from desktop.actions import device_names, sync_names, sync_words
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.store import same_rows, sync_rows
from desktop.store.database import Connection, quick
from desktop.store.facts import ATTACHMENTS

if TYPE_CHECKING:
    from desktop.sync.canonical import Body
    from desktop.sync.ports import BaseRow, Conflict
    from desktop.sync.preview import Preview, PreviewGroup, PreviewLine

_RUNS = "sync.runs."
_KEPT = 20

Scalar = None | bool | int | str
__all__ = ["ConflictGroup", "ConflictView", "FurtherView", "ParkedView", "Preview", "PreviewGroup", "PreviewLine", "RunLine"]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One past run; ``at`` is UTC ISO text, ``digest_equal`` None: could not be compared."""

    at: str
    sent: int
    received: int
    parked: int
    conflicts: int
    pending: int
    withheld: int
    digest_equal: bool | None


@dataclass(frozen=True, slots=True)
class ParkedView:
    """A row that ``remote`` refused: what people call it, and the code of the reason (``sync.refused.…``). ``of``: kind and name of the row a
    file is attached to, ("", "") of all else."""

    kind: str
    key: str
    label: str
    code: str
    field: str
    remote: str = NETWORK
    of: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class WithheldRow:
    """A confidential row that stays here: its kind, its key and what people call it."""

    kind: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class ConflictGroup:
    """Fields that only mean something together, with the three values of each: field, base, mine, theirs.

    ``further``: for each field, in the same order, the values of what the remote also had.
    """

    name: str
    fields: tuple[tuple[str, Scalar, Scalar, Scalar], ...]
    further: tuple[tuple[Scalar, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FurtherView:
    """What the network also had before it was restored: the name of this side, what the device it came from is called, when the network got it (UTC ISO
    text), whether the row was deleted there."""

    side: str
    by: str
    at: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One contested row, group by group. ``mine_deleted``/``theirs_deleted``: that side removed it.

    ``mine_by`` changed it here at ``mine_at``; ``theirs_by`` is what the device is called that the other change came from, ``received_at`` when
    the network got it (UTC ISO text; "" where unknown). ``rival``: the two sides are two rows that cannot stand beside each other;
    ``sync.rival.<kind>`` says why.
    ``away``: the number of theirs when that is all that is known of it, for it is withheld at its seat. ``further``: what the network also
    had and nobody has decided on. ``names``: key -> what people call a row that one of the sides refers to. ``posted_there``:
    theirs is a posted record, which never changes, and ours a draft of it. ``own``: what this computer is called there.
    """

    kind: str
    key: str
    label: str
    groups: tuple[ConflictGroup, ...]
    mine_deleted: bool
    theirs_deleted: bool
    received_at: str
    mine_by: str = ""
    mine_at: str = ""
    theirs_by: str = ""
    rival: bool = False
    away: str = ""
    further: tuple[FurtherView, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    remote: str = NETWORK
    posted_there: bool = False
    own: str = ""

    @property
    def theirs_only(self) -> bool:
        """Whether nothing but theirs can be taken."""
        return self.rival or self.posted_there

    @property
    def further_deleted(self) -> bool:
        """Whether one of the further states is a deletion."""
        return any(one.deleted for one in self.further)

    def choices(self, sides: Mapping[str, str]) -> dict[str, str]:
        """Field -> side for ``sync_resolving.resolve``, from a side (``mine``, ``theirs``, ``entered``, ``further1`` …) for each group."""
        return {name: sides[group.name] for group in self.groups for name, *_ in group.fields}


def remember_run(connection: Connection, numbers: Mapping[str, Any], remote: str) -> None:
    """Put a run before the others kept; the oldest go."""
    kept = [dict(numbers), *_runs(connection, remote)][:_KEPT]
    sql = "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    connection.exec_driver_sql(sql, (_RUNS + remote, json.dumps(kept)))


def _runs(connection: Connection, remote: str) -> list[dict[str, Any]]:
    text = connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (_RUNS + remote,)).scalar()
    told: list[dict[str, Any]] = json.loads(text) if text else []
    return told


def runs(workspace: Workspace, remote: str = NETWORK) -> list[RunLine]:
    """The last runs, newest first."""
    with workspace.read() as connection:
        return [RunLine(**one) for one in _runs(connection, remote)]


def parked(workspace: Workspace, remote: str = NETWORK) -> list[ParkedView]:
    """Rows the network refused, with what people call them."""
    with workspace.read() as connection:
        step = LedgerStep(connection, remote)
        found = step.parked()
        labels = _labels(connection, found)
        # What is not in here yet is called as it came.
        labels |= {(one.kind, one.id): _came(step.base(one.kind, one.id)) for one in found if (one.kind, one.id) not in labels}
        of = _attached(connection, [one.id for one in found if one.kind == "attachment"])
    return [
        ParkedView(one.kind, one.id, labels.get((one.kind, one.id), ""), sync_words.refusal(one.code), one.field, remote, of.get(one.id, ("", "")))
        for one in found
    ]


def _attached(connection: Connection, keys: list[str]) -> dict[str, tuple[str, str]]:
    """Of attachments that are here: kind and name of the row each belongs to."""
    files = [file for file in (ATTACHMENTS.get(connection, key) for key in keys) if file is not None]
    by_kind: dict[str, list[str]] = {}
    for file in files:
        by_kind.setdefault(file.of_kind, []).append(file.of_id)
    names = {kind: sync_rows.labels(connection, kind, of_kind) for kind, of_kind in by_kind.items()}
    return {file.id: (file.of_kind, names[file.of_kind].get(file.of_id, "")) for file in files}


def withheld(workspace: Workspace, remote: str = NETWORK) -> list[WithheldRow]:
    """Every confidential row that stays here of the kinds that reach a remote, by kind and name. For this machine's own screen: who
    writes it anywhere else gives it away."""
    with workspace.read() as connection:
        keys = sync_rows.secret_keys(connection, remote)
        labels = {kind: sync_rows.labels(connection, kind, of_kind) for kind, of_kind in keys.items()}
    return [
        WithheldRow(kind, key, labels[kind].get(key, ""))
        for kind, of_kind in keys.items()
        for key in sorted(of_kind, key=lambda key: (labels[kind].get(key, ""), key))
    ]


def _came(base: BaseRow | None) -> str:
    return sync_names.called(dict(base.body or {}) if base else None)


def conflicts(workspace: Workspace, remote: str = NETWORK) -> list[ConflictView]:
    """Rows both sides changed, side by side."""
    with workspace.read() as connection:
        step = LedgerStep(connection, remote)
        found = step.conflicts()
        here = {one.place: step.standing(*one.place).local for one in found if one.further}
        labels = _labels(connection, found)
        # Of two rows ours has a key of its own.
        changed = {one.place: _last_change(connection, one.kind, str((one.mine or {}).get("id", one.id))) for one in found}
        sides = ((one.kind, one.id, side) for one in found for side in (one.base, one.mine, one.theirs, *(more.body for more in one.further)))
        names = sync_names.names(connection, sides, remote)
        asked = {device for one in found for device in (one.device_id, *(more.device_id for more in one.further))}
        own = device_names.own_at(connection, remote)
        devices = {device: device_names.called(connection, remote, device) for device in asked}
    return [
        replace(_view(one, here.get(one.place), labels.get(one.place, ""), devices, *changed[one.place]), names=names, remote=remote, own=own)
        for one in found
    ]


def _last_change(connection: Connection, kind: str, key: str) -> tuple[str, str]:
    """Who changed a row here last, and when; what a sync wrote is not a change by a person."""
    sql = (
        "SELECT o.who, o.at FROM journal_after a JOIN operation o ON o.seq = a.operation WHERE a.kind = ? AND a.key = ? "
        "AND o.name NOT IN ('sync', 'sync same') ORDER BY a.operation DESC LIMIT 1"
    )
    row = connection.exec_driver_sql(sql, (kind, key)).first()
    if row is not None:
        return row[0], row[1]
    before = same_rows.earlier(quick(connection), kind, key)
    return ("", "") if before is None else _last_change(connection, kind, before)


def _labels(connection: Connection, rows: Any) -> dict[tuple[str, str], str]:
    told: dict[tuple[str, str], str] = {}
    for kind in {row.kind for row in rows}:
        keys = [row.id for row in rows if row.kind == kind]
        told |= {(kind, key): label for key, label in sync_rows.labels(connection, kind, keys).items()}
    return told


def contested(conflict: Conflict, view: Body | None = None) -> dict[str, str]:
    """Field -> group of what a person must decide; ``view`` is the row as it is here, asked where the remote had further states."""
    from desktop.sync import further

    return further.contested(conflict, view)


def called(conflict: Conflict) -> str:
    """What people call a contested row that is not in here."""
    known = conflict.mine or conflict.theirs or {}
    return str(known.get("number") or known.get("record_number") or known.get("name") or "")


def _view(
    conflict: Conflict, view: Body | None, label: str, devices: Mapping[str, str], mine_by: str, mine_at: str
) -> ConflictView:
    from desktop.sync import further

    mine_side = further.mine_of(conflict, view) if conflict.further else conflict.mine
    base, mine, theirs = (dict(side or {}) for side in (conflict.base, mine_side, conflict.theirs))
    others = [dict(one.body or {}) for one in conflict.further]
    groups: dict[str, list[str]] = {}
    for name, group in contested(conflict, view).items():
        groups.setdefault(group, []).append(name)
    rival = bool(mine and theirs) and mine.get("id", conflict.id) != theirs.get("id", conflict.id)
    return ConflictView(
        conflict.kind,
        conflict.id,
        label or called(conflict),
        tuple(
            ConflictGroup(
                group,
                tuple((name, base.get(name), mine.get(name), theirs.get(name)) for name in names),
                tuple(tuple(other.get(name) for other in others) for name in names),
            )
            for group, names in groups.items()
        ),
        conflict.mine is None,
        conflict.theirs is None,
        conflict.received_at,
        mine_by,
        mine_at,
        devices[conflict.device_id],
        rival,
        str(theirs["number"]) if rival and set(theirs) == {"id", "number"} else "",
        tuple(
            FurtherView(side, devices[one.device_id], one.received_at, one.body is None)
            for side, one in zip(further.names(conflict), conflict.further, strict=True)
        ),
        posted_there=conflict.kind == "service_record" and mine.get("state") == "draft" and theirs.get("state") in ("posted", "reversed"),
    )
