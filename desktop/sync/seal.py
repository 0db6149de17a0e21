"""From what differs to sealed batches: exact bytes, a key, a digest, made before the first byte leaves and never made
again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from desktop.sync.canonical import body_sha256, encode, sha256
from desktop.sync.merge import same
from desktop.sync.messages import SCHEMA, Batch, Limits
from desktop.sync.ports import NewId, Order, Parked, Place, Sealed, Standing

# Rows are sent after those they refer to; deletions go the other way, after everything else.
KIND_ORDER = (
    "parameter", "person", "pilot_base", "instrument", "pilot_equipment", "pilot_openness", "pilot_partner", "sensor_binding", "power_band",
    "technician", "fee_schedule", "fee_line", "cost_component", "customer", "service_record", "posting",
    "receipt", "scheme", "cost_row", "payout_mark", "payout_run", "payout_line", "payout_share", "payout_cost", "month_event", "transaction_statement",
    "pilot_service", "voucher_enterprise", "voucher_group", "voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line",
    "voucher_claim_step", "attachment", "voucher_paper", "notice_answer",
)  # fmt: skip
N_CHANGES = 500
N_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Packed:
    """The batches made of what is pending, the rows that no batch can hold, and the last row of both."""

    batches: tuple[Sealed, ...]
    too_large: tuple[Standing, ...]
    last: Standing | None = None


def action_of(row: Standing) -> str | None:
    """What the remote must be told of a row: create, update, delete, or None when nothing."""
    held = row.base.body if row.base is not None else None
    if row.withheld and not row.deleted:
        return None
    if row.deleted:
        return "delete" if held is not None else None
    if row.local is None or same(row.local, held):
        return None
    return "create" if row.base is None else "update"


def fingerprint(row: Standing) -> str:
    """What a parked row is recognised by: the digest of its body, "" for a deletion."""
    return "" if row.local is None else body_sha256(row.local)


def by_kind(kind: str) -> int:
    """The rank of a kind in sending order; kinds we do not know come last."""
    return KIND_ORDER.index(kind) if kind in KIND_ORDER else len(KIND_ORDER)


def takes(kinds: Collection[str], row: Standing) -> bool:
    """Whether a remote that takes these kinds takes a row: an attachment only where it takes the kind of row that it belongs to."""
    if row.kind not in kinds:
        return False
    # Of one that is deleted it has the row it belonged to.
    return row.kind != "attachment" or row.local is None or row.local.get("of_kind") in kinds


def pending(
    rows: Iterable[Standing], parked: Iterable[Parked], held_back: Collection[Place], kinds: Collection[str] | None
) -> Iterator[Standing]:
    """The rows to send, in the order they come. ``held_back`` are in conflict or stale; a parked row waits until it is changed.

    ``kinds``: those the remote takes; None: also what it does not take, and what waits for it to do so.
    """
    waiting = {(row.kind, row.id): row.body_sha256 for row in parked}
    for row in rows:
        if (kinds is not None and not takes(kinds, row)) or row.place in held_back or action_of(row) is None:
            continue
        if row.base is not None and not row.base.merged and not row.withheld:
            continue
        if row.place in waiting and waiting[row.place] == fingerprint(row):
            continue
        yield row


def order(row: Standing) -> Order:
    """Rows after those they refer to or that make room for them, deletions the other way round and last."""
    rank = by_kind(row.kind)
    body = row.local or {}
    # A mark takes what another may just have released.
    late = bool(body.get("reverses")) or body.get("released") in (0, False)
    return row.deleted, -rank if row.deleted else rank, late, row.id


def pack(rows: Iterable[Standing], limits: Limits, new_id: NewId, n_batches: int) -> Packed:
    """Up to ``n_batches`` sealed batches of the rows, in order, each within the limits of the service and our own."""
    n_changes, n_bytes = min(limits.n_changes, N_CHANGES), min(limits.n_bytes, N_BYTES)
    key, size = "", 0
    parts: list[bytes] = []
    batches: list[Sealed] = []
    too_large: list[Standing] = []
    last = None
    for row in rows:
        change = _change(row, new_id)
        if len(change) + _AROUND > n_bytes:
            too_large.append(row)
            last = row
            continue
        if parts and (len(parts) >= n_changes or size + len(change) + 1 > n_bytes):
            batches.append(_sealed(key, parts))
            parts = []
            if len(batches) >= n_batches:
                break
        if not parts:
            key = new_id()
            size = len(_batch(key, []))
        parts.append(change)
        last = row
        size += len(change) + 1
    if parts:
        batches.append(_sealed(key, parts))
    return Packed(tuple(batches), tuple(too_large), last)


def within(batch: Sealed, limits: Limits) -> bool:
    """Whether a batch sealed before is within the limits that the service has now: it would refuse one above them for ever."""
    return len(batch.content) <= limits.n_bytes and len(msgspec.json.decode(batch.content, type=Batch).changes) <= limits.n_changes


def nothing(new_id: NewId) -> Sealed:
    """A batch without a change."""
    return _sealed(new_id(), [])


def told(row: Standing) -> bytes:
    """What a change says of a row, without the ids made for it."""
    return encode({"kind": row.kind, "id": row.id, "action": action_of(row), "body": None if row.local is None else dict(row.local)})


def _change(row: Standing, new_id: NewId) -> bytes:
    told: dict[str, object] = {
        "op_id": new_id(),
        "kind": row.kind,
        "id": row.id,
        "action": action_of(row),
        "parent": row.base.token if row.base is not None else None,
        "body": None if row.local is None else dict(row.local),
    }
    if row.recorded_at is not None:
        told["recorded_at"] = _moment(row.recorded_at)
    return encode(told)


@lru_cache(64)
def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _batch(key: str, parts: list[bytes]) -> bytes:
    return b'{"changes":[' + b",".join(parts) + f'],"key":"{key}","schema":{SCHEMA}}}'.encode()


_AROUND = len(_batch("0" * 36, []))
"""How many bytes a batch has around its changes."""


def _sealed(key: str, parts: list[bytes]) -> Sealed:
    content = _batch(key, parts)
    return Sealed(key, sha256(content), content)


def tails(parts: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """Bodies for handing back a tail, each within the limits as long as every part ``fits`` them."""
    taken: list[bytes] = []
    size = _AROUND_TAIL
    for part in parts:
        if taken and (len(taken) >= limits.n_changes or size + len(part) > limits.n_bytes):
            yield _tail(taken)
            taken, size = [], _AROUND_TAIL
        taken.append(part)
        size += len(part) + 1
    if taken:
        yield _tail(taken)


def fits(part: bytes, limits: Limits) -> bool:
    """Whether a tail can hold this part, if nothing else."""
    return _AROUND_TAIL + len(part) <= limits.n_bytes


def _tail(parts: list[bytes]) -> bytes:
    return b'{"items":[' + b",".join(parts) + b"]}"


_AROUND_TAIL = len(_tail([]))
"""How many bytes a tail has around its parts."""
