"""A seat of a simulated history with a real ledger beside the one in memory: whatever the engine asks or writes is asked of both and
written to both, and must come out the same; what people do at the seat is done in both.

The model keeps the few fields that people type, the ledger whole rows: a body of the model is one of the ledger with the defaults of
the columns it does not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace
from desktop.store import attachments, reach, sync_rows
from desktop.store.database import Connection
from desktop.store.tables import tables
from desktop.sync.canonical import body_sha256
from desktop.sync.ports import BaseRow, Conflict, Place, RemoteState, Standing, Unplaced
from desktop.sync.seal import action_of
from tests.sync.memory import Memory
from tests.sync.memory_tables import LOCAL_ONLY, Killed

REMOTE = reach.HUB
KINDS = ("instrument", "customer", "service_record", "posting", "attachment")
# What the ledger calls a field of the model: what a record came to stands in its posting, and a note is the seat's own here.
NAMES = {
    "instrument": {"power": "functions", "note": "imported"},
    "service_record": {"amount_fen": "agreed_price_fen", "note": "imported"},
}
ORIGIN, CUSTOMER, SCHEDULE, LINE, PREPARES, DECIDES = "t-instrument", "t-customer", "t-schedule", "t-line", "t-prepares", "t-decides"
# What every posting refers to and no history is about.
FURNITURE = (
    ("person", {"id": PREPARES, "name": "甲准备"}),
    ("person", {"id": DECIDES, "name": "乙审批"}),
    ("instrument", {"id": ORIGIN, "asset_number": "T-1", "name": "不在故事里", "confidential": 0}),
    ("customer", {"id": CUSTOMER, "name": "不在故事里的客户"}),
    ("fee_schedule", {"id": SCHEDULE, "instrument_id": ORIGIN, "from_on": "2020-01-01", "state": "approved"}),
    ("fee_line", {"id": LINE, "schedule_id": SCHEDULE, "item": "测试", "position": 0}),
)
_BESIDE = frozenset({ORIGIN, CUSTOMER})


class Apart(AssertionError):
    """The model and the ledger do not say the same."""


@cache
def _defaults(kind: str) -> dict[str, Any]:
    """What a row holds where nothing was entered, in the fields that reach the remote."""
    told: dict[str, Any] = {}
    for name in reach.columns(kind, REMOTE):
        column = tables()[kind].columns[name]
        given = getattr(column.server_default, "arg", None)
        told[name] = None if given is None else int(str(given)) if sync_rows.forms(kind)[name][0] in ("flag", "integer", "fen") else str(given)
    return told | ({"confidential": 0} if kind == "instrument" else {})


def _called(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    names = NAMES.get(kind, {})
    return {names.get(name, name): value for name, value in fields.items()}


def full(kind: str, body: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A body of the model as the ledger tells it."""
    if body is None:
        return None
    told = _called(kind, body)
    if kind == "instrument":
        told["confidential"] = 0
    if unknown := told.keys() - _defaults(kind).keys():
        raise AssertionError(f"{kind} has no {unknown}")
    return _defaults(kind) | told


def _base(row: BaseRow | None) -> BaseRow | None:
    return None if row is None else replace(row, body=full(row.kind, row.body), common=full(row.kind, row.common))


def _conflict(one: Conflict | None) -> Conflict | None:
    return one and replace(one, **{side: full(one.kind, getattr(one, side)) for side in ("base", "mine", "theirs")})


def _standing(row: Standing) -> Standing:
    return replace(row, local=full(row.kind, row.local), base=_base(row.base), recorded_at=None)


def _lines(memory: Memory) -> list[tuple[str, str, str, str]]:
    rows = [_base(row) for row in memory.tables.bases.values()]
    return sorted((row.kind, row.id, row.token, body_sha256(row.body)) for row in rows if row is not None and row.body is not None)


def _sent(rows: Any) -> list[Standing]:
    """Those of which there is something to send; more is allowed."""
    return [replace(row, recorded_at=None) for row in rows if action_of(row) is not None and row.kind in KINDS and row.id not in _BESIDE]


# How what the engine writes is written into the ledger, and what of the answers is to be the same. The rest is as it comes.
GIVEN: dict[str, Callable[..., tuple[Any, ...]]] = {
    "put_base": lambda row: (_base(row),),
    "put_local": lambda kind, key, body: (kind, key, full(kind, body)),
    "adopt": lambda kind, key, body: (kind, key, full(kind, body)),
    "put_conflict": lambda one: (_conflict(one),),
}
TOLD: dict[str, tuple[Callable[[Memory, Any], Any], Callable[[Any], Any]]] = {
    "standing": (lambda _m, row: _standing(row), lambda row: replace(row, recorded_at=None)),
    "base": (lambda _m, row: _base(row), lambda row: row),
    "adopt": (lambda _m, body: None if body is None else body["id"], lambda body: None if body is None else body["id"]),
    "differing": (lambda _m, rows: [_standing(row) for row in _sent(rows)], _sent),
    "tokens": (lambda _m, told: told, dict),
    "unmerged": (lambda _m, places: sorted(places), sorted),
    "conflict": (lambda _m, one: _conflict(one), lambda one: one),
    "conflicts": (lambda _m, found: sorted(map(_conflict, found), key=lambda one: one.place), list),
    "disputed": (lambda _m, found: list(found), list),
    "parked": (lambda _m, rows: sorted(rows, key=lambda row: (row.kind, row.id)), list),
    "base_lines": (lambda memory, _lines_of_the_model: _lines(memory), list),
    "bases": (lambda _m, rows: sorted(map(_base, rows), key=lambda row: row.place), lambda rows: sorted(rows, key=lambda row: row.place)),
}
# What the model says must not leave is among what the ledger says; the ledger says more.
AMONG = frozenset({"markers"})


class Both:
    """One open transaction of both."""

    def __init__(self, memory: Twin, step: LedgerStep, asked: Counter[str]) -> None:
        self._memory, self._step, self._asked = memory, step, asked

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*given: Any) -> Any:
            self._asked[name] += 1
            told, refused = _said(getattr(self._memory, name), given)
            theirs, refused_there = _said(getattr(self._step, name), GIVEN[name](*given) if name in GIVEN else given)
            if _code(refused) != _code(refused_there):
                raise Apart(f"{name}{given}: the model {_code(refused)}, the ledger {_code(refused_there)}")
            if refused is not None:
                self._asked[refused.code] += 1
                raise refused
            if name == "mark":
                self._stands_still(told, theirs)
                return told
            model, ledger = TOLD.get(name, (lambda _m, answer: answer, lambda answer: answer))
            mine, held = model(self._memory, told), ledger(theirs)
            if (not _marked(mine) <= _marked(held)) if name in AMONG else mine != held:
                raise Apart(f"{name}{given}\n  the model  {mine}\n  the ledger {held}")
            self._asked["adopted"] += name == "adopt" and told is not None
            return told

        return ask

    def _stands_still(self, model: object, ledger: object) -> None:
        """Where the ledger says that no row has changed since, none of the model has; it may say less than that."""
        for earlier, there in self._memory.marks:
            if there == ledger and earlier != model:
                raise Apart(f"mark()\n  the model  moved to {model}\n  the ledger stands at {ledger}")
        self._memory.marks.append((model, ledger))


def _marked(found: Any) -> set[str]:
    """What must not leave. A note of the model is in a column of the ledger that leaves for nowhere."""
    return {marker.text for marker in found if marker.text and not marker.text.startswith("本机备注")}


def _said(ask: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, Unplaced | None]:
    try:
        answer = ask(*given)
        # What is told one by one is read to its end now, before anything is written.
        return list(answer) if hasattr(answer, "__next__") else answer, None
    except Unplaced as refused:
        return None, refused


def _code(refused: Unplaced | None) -> tuple[Any, ...]:
    return () if refused is None else (refused.code, refused.field, refused.waiting_for)


class _Transaction:
    """One transaction in both: committed in both or in neither, whenever the process ends."""

    def __init__(self, twin: Twin, name: str) -> None:
        self.twin = twin
        self.model = Memory.transaction(twin, name)
        self.ledger: AbstractContextManager[LedgerStep] = LedgerStorage(twin.ledger, REMOTE).transaction(name)

    def __enter__(self) -> Both:
        step = self.ledger.__enter__()
        self.model.__enter__()
        return Both(self.twin, step, self.twin.asked)

    def __exit__(self, *raised: Any) -> None:
        ended: dict[str, bool] = {}
        dies = self.twin.dies
        self.twin.dies = lambda name, when: dies is not None and ended.setdefault(when, dies(name, when))
        try:
            self.model.__exit__(*raised)
        except Killed as killed:
            self.twin.asked[f"killed {'after' if ended.get('after') else 'before'}"] += 1
            self.ledger.__exit__(*((None, None, None) if ended.get("after") else (Killed, killed, None)))
            raise
        finally:
            self.twin.dies = dies
        self.ledger.__exit__(*raised)


class Twin(Memory):
    """The storage in memory with a real ledger beside it. ``asked`` counts what was compared."""

    def __init__(self, ledger: Workspace) -> None:
        super().__init__()
        self.ledger = ledger
        self.asked: Counter[str] = Counter()
        self.marks: list[tuple[object, object]] = []
        self._changes = count(1)
        self._decided_on: set[Place] = set()
        self._follow: list[tuple[int, str]] = []

    def transaction(self, name: str) -> Any:
        return _Transaction(self, name)

    def held(self, place: Place) -> bool:
        # What two people decided of a row stays, and the row with it.
        return place in self._decided_on or super().held(place)

    def put_state(self, state: RemoteState) -> None:
        super().put_state(state)
        if self._undo is None:
            # Enrolment, at the beginning.
            with self.ledger.write("enrol") as operation:
                told = (REMOTE, "http://127.0.0.1", state.server_id, state.epoch)
                operation.connection.exec_driver_sql("INSERT INTO remote (role, url, server_id, epoch) VALUES (?, ?, ?, ?)", told)

    # What a person does.

    def write(self, kind: str, key: str, **fields: Any) -> None:
        before = self.tables.rows.get((kind, key))
        super().write(kind, key, **fields)
        row = self.tables.rows[kind, key]
        with self.ledger.write("person") as operation:
            if before is None:
                self._enter(operation.connection, kind, row)
            else:
                if kind == "instrument" and "confidential" in fields:
                    self._reclassify(operation.connection, key, secret=fields["confidential"])
                changed = {name: fields[name] for name in fields if name != "confidential" or kind == "instrument"}
                sets = _called(kind, changed)
                marks = ", ".join(f"{name} = ?" for name in sets)
                operation.connection.exec_driver_sql(f"UPDATE {kind} SET {marks} WHERE id = ?", (*map(_plain, sets.values()), key))
                for followed in self._follow:
                    # The postings of an instrument are as confidential as it is.
                    operation.connection.exec_driver_sql("UPDATE posting SET confidential = ? WHERE instrument_id = ?", followed)
                self._follow = []

    def _enter(self, connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
        values = (full(kind, {n: v for n, v in row.items() if n not in LOCAL_ONLY}) or {}) | _called(
            kind, {n: v for n, v in row.items() if n in LOCAL_ONLY}
        )
        if kind == "attachment":
            attachments.keep(connection, row["sha256"], self.files[row["sha256"]])
            values["kept"] = 1
        insert(connection, kind, values)

    def _reclassify(self, connection: Connection, key: str, *, secret: bool) -> None:
        """Two people decide it, as the ledger wants."""
        if bool(connection.exec_driver_sql("SELECT confidential FROM instrument WHERE id = ?", (key,)).scalar()) == secret:
            return
        self._decided_on.add(("instrument", key))
        number = f"t-{next(self._changes)}"
        told = {"id": number, "instrument_id": key, "to_confidential": int(secret), "reason": "定密", "prepared_by": PREPARES, "prepared_at": "2026-01-01"}
        insert(connection, "reclassification", told)
        connection.exec_driver_sql(
            "UPDATE reclassification SET state = 'approved', decided_by = ?, decided_at = '2026-01-02' WHERE id = ?", (DECIDES, number)
        )
        self._follow.append((int(secret), key))

    def delete(self, kind: str, key: str) -> None:
        super().delete(kind, key)
        with self.ledger.write("person") as operation:
            operation.connection.exec_driver_sql(f"DELETE FROM {kind} WHERE id = ?", (key,))

    def withdraw(self, kind: str, key: str) -> None:
        raise AssertionError("no withdrawal in these histories")

    def _decided(self, name: str, *given: Any) -> None:
        """What the storage does at a person's decision, in both."""
        _, refused = _said(getattr(super(), name), given)
        refused_there: Unplaced | None = None
        try:
            with self.ledger.write("sync resolve", reason="决定", undoable=False) as operation:
                # As the program's own decision, also when no row changes by it.
                operation.lasting = name == "drop_conflict"
                getattr(LedgerStep(operation.connection, REMOTE), name)(*(GIVEN[name](*given) if name in GIVEN else given))
        except Unplaced as error:
            refused_there = error
        if _code(refused) != _code(refused_there):
            raise Apart(f"{name}{given}: the model {_code(refused)}, the ledger {_code(refused_there)}")
        if refused is not None:
            raise refused

    def put_local(self, kind: str, key: str, body: Mapping[str, Any]) -> None:
        if self._undo is None:
            self._decided("put_local", kind, key, body)
        else:
            super().put_local(kind, key, body)

    def delete_local(self, kind: str, key: str) -> None:
        if self._undo is None:
            self._decided("delete_local", kind, key)
        else:
            super().delete_local(kind, key)

    def drop_conflict(self, kind: str, key: str) -> None:
        if self._undo is None:
            self._decided("drop_conflict", kind, key)
        else:
            super().drop_conflict(kind, key)

    def unpark(self, kind: str, key: str) -> None:
        if self._undo is None:
            self._decided("unpark", kind, key)
        else:
            super().unpark(kind, key)

    def _rename(self, old: Place, new: Place) -> None:
        super()._rename(old, new)
        if old in self._decided_on:
            self._decided_on.add(new)

    # At the end.

    def compare(self) -> None:
        """Row for row, with what stays at this seat."""
        with self.ledger.read() as connection:
            for kind in KINDS:
                names = tuple(_defaults(kind))
                beside = tuple(_called(kind, dict.fromkeys(LOCAL_ONLY & {"note"})).keys() & set(tables()[kind].columns.keys()))
                found = connection.exec_driver_sql(f"SELECT {', '.join((*names, *beside))} FROM {kind}").mappings()
                theirs = {str(row["id"]): dict(row) for row in found if row["id"] not in _BESIDE}
                mine = {key: self._whole_row(kind, row, beside) for (other, key), row in self.tables.rows.items() if other == kind}
                if theirs != mine:
                    raise Apart(f"{kind}\n  the model  {mine}\n  the ledger {theirs}")

    def _whole_row(self, kind: str, row: Mapping[str, Any], beside: tuple[str, ...]) -> dict[str, Any]:
        told = full(kind, {name: value for name, value in row.items() if name not in LOCAL_ONLY}) or {}
        if kind == "instrument":
            told["confidential"] = int(bool(row.get("confidential")))
        return told | {name: row.get("note", "") for name in beside}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def insert(connection: Connection, kind: str, values: Mapping[str, Any]) -> None:
    """Put a row into a table."""
    marks = ", ".join("?" * len(values))
    connection.exec_driver_sql(f"INSERT INTO {kind} ({', '.join(values)}) VALUES ({marks})", tuple(map(_plain, values.values())))
