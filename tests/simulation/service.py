"""The remote in memory, written from the contract alone: a feed with compare-and-set per entity and dedupe by batch and
operation. Shares no code with the reference service; ``test_service`` asks both the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

import msgspec

from desktop.sync.messages import (
    Capabilities,
    ChangeProblem,
    Digest,
    FileState,
    Item,
    Limits,
    Page,
    Receipt,
    Recovered,
    RecoveredItem,
    Result,
    SchemaRange,
)
from tests.simulation.clocks import BEGINNING

Body = dict[str, Any]
Place = tuple[str, str]
_CODE = re.compile(r"\d{6}")
_REQUIRED = {
    "instrument": ("asset_number", "name"),
    "customer": ("name",),
    "service_record": ("number", "instrument_id", "started_at", "ended_at"),
    "posting": ("record_id", "amount_fen", "posted_on"),
    "attachment": ("of_kind", "of_id", "name", "sha256"),
}
_UNIQUE = {"instrument": "asset_number", "customer": "name", "service_record": "number", "posting": "reverses"}
_LINKS = {
    "service_record": {"instrument_id": "instrument", "customer_id": "customer"},
    "posting": {"record_id": "service_record", "reverses": "posting"},
    "attachment": {"of_id": "instrument"},
}
KINDS = tuple(_REQUIRED)
EPOCH_FLOOR = 1 << 28
PART = 1 << 20


class Refused(Exception):
    """A problem document."""

    def __init__(self, code: str, action: str) -> None:
        super().__init__(code)
        self.code, self.action = code, action


class Held(NamedTuple):
    """One entity as the service holds it; ``body`` None: a tombstone."""

    revision: int
    token: str
    parent: str | None
    action: str
    op_id: str
    body: Body | None
    line: bytes
    position: int
    epoch: int
    recovered: bool
    device_id: str | None
    received_at: str


@dataclass
class Holdings:
    """What a backup of the service keeps."""

    entities: dict[Place, Held] = field(default_factory=dict)
    operations: dict[str, tuple[str, str]] = field(default_factory=dict)
    batches: dict[str, tuple[str, Receipt]] = field(default_factory=dict)
    head: int = 0
    files: dict[str, tuple[int, dict[int, bytes]]] = field(default_factory=dict)

    def copy(self) -> Holdings:
        files = {sha256: (n_bytes, dict(parts)) for sha256, (n_bytes, parts) in self.files.items()}
        return Holdings(dict(self.entities), dict(self.operations), dict(self.batches), self.head, files)


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Service:
    """One institution at the remote. ``applied`` is told of every change that took effect."""

    def __init__(self, limits: Limits, applied: Callable[[Place, Held], None] = lambda _place, _held: None) -> None:
        self.server_id = "00000000-5e2f-4000-8000-000000000001"
        self.epoch = 1
        self.limits = limits
        self.applied = applied
        self.frozen = False
        self.now = BEGINNING
        # An older service tells the digest only when it is asked for by itself.
        self.tells_digest = True
        self.kinds = list(KINDS)
        self.held = Holdings()
        self.n_part_bytes = PART
        # None: pages are bounded by count alone.
        self.n_page_bytes: int | None = None

    # What the operator does.

    def backup(self) -> Holdings:
        return self.held.copy()

    def restore(self, backup: Holdings) -> None:
        """Back to a backup, under an epoch above any that was."""
        self.held = backup.copy()
        self.epoch += 1

    def tamper(self, place: Place, body: Body) -> None:
        """Change a row in the database itself."""
        held = self.held.entities[place]
        self.held.entities[place] = held._replace(body=body, line=_line(place, held.token, body))

    def live(self) -> dict[Place, Body]:
        """What it holds, without what was deleted."""
        return {place: held.body for place, held in self.held.entities.items() if held.body is not None}

    # The endpoints.

    def capabilities(self) -> Capabilities:
        return Capabilities(self.server_id, str(self.epoch), "network", SchemaRange(1, 1), self.limits, list(self.kinds))

    def enter(self, epoch: str) -> None:
        """What every request of a device passes."""
        if self.frozen:
            raise Refused("institution.frozen", "stop")
        if epoch != str(self.epoch):
            raise Refused("epoch.changed", "resync")

    def send(self, device_id: str, content: bytes) -> Receipt:
        self._bounded(content)
        batch = json.loads(content)
        key, digest = batch["key"], sha(content)
        if len(batch["changes"]) > self.limits.n_changes:
            raise Refused("batch.too_many", "stop")
        known = self.known(key)
        if known is not None:
            if known[0] != digest:
                raise Refused("batch.key_reused", "stop")
            return known[1]
        before = f"{self.epoch}.{self.held.head}" if self.held.head else ""
        results = [self.judge(change, device_id) for change in batch["changes"]]
        receipt = Receipt(key, digest, self.server_id, str(self.epoch), results, before, f"{self.epoch}.{self.held.head}")
        self.held.batches[key] = digest, receipt
        return receipt

    def _bounded(self, content: bytes) -> None:
        if len(content) > self.limits.n_bytes:
            raise Refused("body.too_large", "stop")

    def known(self, key: str) -> tuple[str, Receipt] | None:
        return self.held.batches.get(key)

    def receipt(self, key: str) -> Receipt | None:
        known = self.known(key)
        return known[1] if known else None

    def changes(self, cursor: str) -> Page:
        position = 0
        if cursor:
            epoch, _, text = cursor.partition(".")
            if epoch != str(self.epoch):
                raise Refused("epoch.changed", "resync")
            position = int(text)
        later = sorted((h.position, p) for p, h in self.held.entities.items() if h.position > position)
        shown = later[: self.fitting([place for _, place in later[: self.limits.n_page]])]
        last = shown[-1][0] if shown else position
        items = [self._item(place) for _, place in shown]
        more = len(later) > len(shown)
        told = self.digest() if self.tells_digest and not more else None
        return Page(self.server_id, str(self.epoch), items, f"{self.epoch}.{last}", more, told)

    def fitting(self, places: list[Place]) -> int:
        """How many of these a page holds, one at least."""
        if self.n_page_bytes is None:
            return len(places)
        sizes = accumulate(len(msgspec.json.encode(self._item(place))) for place in places)
        return max(1, sum(size <= self.n_page_bytes for size in sizes))

    def entity(self, kind: str, key: str) -> Item | None:
        return self._item((kind, key)) if (kind, key) in self.held.entities else None

    def digest(self) -> Digest:
        live = sorted(h.line for h in self.held.entities.values() if h.body is not None)
        total = hashlib.sha256()
        for line in live:
            total.update(line)
        return Digest(self.server_id, str(self.epoch), f"{self.epoch}.{self.held.head}", len(live), total.hexdigest())

    def recover(self, content: bytes) -> Recovered:
        self._bounded(content)
        items = json.loads(content)["items"]
        if len(items) > self.limits.n_changes:
            raise Refused("batch.too_many", "stop")
        return Recovered(self.server_id, str(self.epoch), [self._take_back(item) for item in items])

    def declare_file(self, sha256: str, n_bytes: int) -> FileState:
        self.held.files.setdefault(sha256, (n_bytes, {}))
        return self._file(sha256)

    def send_part(self, sha256: str, number: int, content: bytes) -> FileState:
        if sha256 not in self.held.files:
            raise Refused("blob.unknown", "rebase")
        if self.has_file(sha256):
            return self._file(sha256)
        parts = self.held.files[sha256][1]
        parts[number] = content
        state = self._file(sha256)
        if not state.missing and not state.complete:
            del self.held.files[sha256]
            raise Refused("blob.digest", "park")
        return state

    def has_file(self, sha256: str) -> bool:
        """Whether a file is here, complete."""
        _, parts = self.held.files.get(sha256, (0, {}))
        return bool(parts) and sha(b"".join(parts[number] for number in sorted(parts))) == sha256

    def forget_unfinished(self) -> int:
        """Throw away what was begun; how many files that were."""
        begun = [sha256 for sha256 in self.held.files if not self.has_file(sha256)]
        for sha256 in begun:
            del self.held.files[sha256]
        return len(begun)

    def _file(self, sha256: str) -> FileState:
        n_bytes, parts = self.held.files[sha256]
        missing = [number for number in range(-(-n_bytes // self.n_part_bytes)) if number not in parts]
        return FileState(sha256, n_bytes, self.n_part_bytes, missing, self.has_file(sha256))

    # Judging.

    def judge(self, change: dict[str, Any], device_id: str) -> Result:
        op_id, kind, key, body = change["op_id"], change["kind"], change["id"], change["body"]
        if body is not None and body.get("confidential") not in (None, False, 0, "", "false", "0", "否"):
            return _no(op_id, "confidential.refused", "confidential")
        if kind not in self.kinds:
            return _no(op_id, "kind.unknown", "kind")
        digest = _operation(change)
        before = self.operation(op_id)
        if before is not None:
            return Result(op_id, "duplicate", before[1]) if before[0] == digest else _no(op_id, "operation.reused", "op_id")
        held = self.held.entities.get((kind, key))
        token = held.token if held else None
        if not self.current(held, change["parent"]):
            return Result(op_id, "stale", token, ChangeProblem("entity.stale", "rebase"))
        refused = self._fault(kind, key, change["action"], body)
        if refused is not None:
            return _no(op_id, *refused)
        token = self._append(change, digest, None, device_id, recovered=False)
        return Result(op_id, "applied", token)

    def operation(self, op_id: str) -> tuple[str, str] | None:
        return self.held.operations.get(op_id)

    def current(self, held: Held | None, parent: str | None) -> bool:
        return (held.token if held else None) == parent

    def _fault(self, kind: str, key: str, action: str, body: Body | None) -> tuple[Any, ...] | None:
        if kind == "posting" and action != "create":
            return "kind.immutable", "action"
        if body is None:
            return ("link.held", "id") if self._hangs(kind, key, None) else None
        for name in _REQUIRED[kind]:
            if body.get(name) in (None, ""):
                return "field.missing", name
        if kind == "instrument" and body.get("class_code") and not _CODE.fullmatch(body["class_code"]):
            return "field.invalid", "class_code"
        for name, target in _LINKS.get(kind, {}).items():
            wanted = body.get(name)
            if wanted is not None and self._body(target, wanted) is None:
                return "link.unknown", name, target, wanted
        if kind == "attachment" and not self.has_file(body["sha256"]):
            return "blob.missing", "sha256", "blob", body["sha256"]
        number = _UNIQUE.get(kind)
        if number and self._taken(kind, key, number, body.get(number)):
            return "key.taken", number
        original = self._body("posting", body["reverses"]) if body.get("reverses") else None
        if original is not None:
            same = (original["record_id"], -original["amount_fen"]) == (body["record_id"], body["amount_fen"])
            if not same or original.get("reverses"):
                return "posting.reversal", "amount_fen"
        return None

    def _hangs(self, kind: str, key: str, body: Body | None) -> bool:
        """Whether a row would refer to one that is not there."""
        if body is None:
            return any(key == b.get(n) and t == kind for k, b in self._live() for n, t in _LINKS.get(k, {}).items())
        return any(body.get(n) is not None and self._body(t, body[n]) is None for n, t in _LINKS.get(kind, {}).items())

    def _taken(self, kind: str, key: str, name: str, value: object) -> bool:
        if value in (None, ""):
            return False
        return any(p[0] == kind and p[1] != key and h.body and h.body.get(name) == value for p, h in self.held.entities.items())

    def _live(self) -> list[tuple[str, Body]]:
        return [(place[0], held.body) for place, held in self.held.entities.items() if held.body is not None]

    def _body(self, kind: str, key: str) -> Body | None:
        held = self.held.entities.get((kind, key))
        return held.body if held else None

    def _append(self, change: dict[str, Any], digest: str, token: str | None, device_id: str | None, *, recovered: bool) -> str:
        place = change["kind"], change["id"]
        held = self.held.entities.get(place)
        revision = int(token.partition(".")[0]) if token else (held.revision if held else 0) + 1
        token = token or self.token(revision, change["op_id"])
        body = change["body"]
        line = b"" if body is None else _line(place, token, body)
        self.held.head = max(self.held.head + 1, self.epoch * EPOCH_FLOOR)
        self.held.entities[place] = Held(
            revision, token, change["parent"], change["action"], change["op_id"], body, line, self.held.head, self.epoch, recovered,
            device_id, self.now.isoformat(),
        )  # fmt: skip
        self.held.operations[change["op_id"]] = digest, token
        self.applied(place, self.held.entities[place])
        return token

    def token(self, revision: int, op_id: str) -> str:
        return f"{revision}.{op_id}"

    def _take_back(self, item: dict[str, Any]) -> RecoveredItem:
        place = item["kind"], item["id"]
        held = self.held.entities.get(place)
        body = item["body"]
        change = {name: item[name] for name in ("op_id", "kind", "id", "action", "parent", "body")}
        if place[0] not in _REQUIRED or (body is not None and self._malformed(place[0], body)):
            return RecoveredItem(*place, "refused")
        past = self.held.operations.get(item["op_id"])
        if held is not None and (item["token"] == held.parent or (past is not None and past[1] == item["token"])):
            return RecoveredItem(*place, "held")
        # Only what came after the state held here replaces it; two tokens alone do not say which came after which.
        after = [item["parent"], *item.get("seen", [])]
        if held is not None and (place[0] == "posting" or held.token not in after):
            return RecoveredItem(*place, "diverged")
        number = _UNIQUE.get(place[0])
        if past is not None or (body and number and self._taken(*place, number, body.get(number))):
            return RecoveredItem(*place, "diverged")
        if self._hangs(*place, body):
            return RecoveredItem(*place, "refused")
        self._append(change, _operation(change), item["token"], None, recovered=True)
        return RecoveredItem(*place, "restored")

    def _malformed(self, kind: str, body: Body) -> bool:
        missing = any(body.get(name) in (None, "") for name in _REQUIRED[kind])
        return missing or bool(body.get("class_code") and not _CODE.fullmatch(body["class_code"]))

    def _item(self, place: Place) -> Item:
        h = self.held.entities[place]
        return Item(*place, h.token, h.parent, h.action, h.op_id, h.body, h.device_id, h.received_at)


def _line(place: Place, token: str, body: Body) -> bytes:
    return f"{place[0]}\0{place[1]}\0{token}\0{sha(canonical(body))}\n".encode()


def _operation(change: dict[str, Any]) -> str:
    return sha(canonical({name: change[name] for name in ("op_id", "kind", "id", "action", "parent", "body")}))


def _no(op_id: str, code: str, field: str, target_kind: str | None = None, target_id: str | None = None) -> Result:
    return Result(op_id, "refused", None, ChangeProblem(code, "park", field, target_kind, target_id))
