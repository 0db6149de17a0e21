"""Taking a batch: each change judged for itself, compare-and-set on the entity's token, everything in one transaction.

A batch that came before is answered with the very receipt it got; an operation that came before is a ``duplicate``.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from network import kinds, schema
from network.canonical import change_digest, encode, sha256
from network.database import Database, next_position
from network.feed import cursor_text
from network.forms import UUID
from network.identity import Caller
from network.judging import OVERLAP, judge, numbers_in, outside_in, targets_in
from network.kinds import KINDS, Fault, Role
from network.limits import Limits
from network.messages import Batch, Change, Problem, Receipt, Result
from network.problems import PROBLEMS, Refusal
from network.standing import Held, Key, Number, Standing, beside, load, save

ACTIONS = ("create", "update", "delete")


def take(
    db: Database, connection: Connection, caller: Caller, content: bytes, role: Role, limits: Limits, *, dry: bool
) -> tuple[bytes, bool]:
    """Apply a batch (or, ``dry``, only judge it). Gives the receipt's bytes and whether it is one given before."""
    batch = _decode(content, limits)
    digest = sha256(content)
    epoch = db.confirm(connection, caller.epoch)
    own = select(schema.institution.c.head).where(schema.institution.c.id == caller.institution_id)
    institution = connection.execute(own if dry else own.with_for_update()).one()
    known = connection.execute(
        select(schema.batch.c.digest, schema.batch.c.receipt).where(
            schema.batch.c.institution_id == caller.institution_id, schema.batch.c.key == batch.key
        )
    ).one_or_none()
    if known is not None and not dry:
        if known.digest != digest:
            raise Refusal("batch.key_reused", f"batch {batch.key}")
        return bytes(known.receipt), True
    changes = [_change(raw) for raw in batch.changes]
    standing = _standing(connection, caller.institution_id, institution.head, changes)
    moment = db.moment()
    results = [_judge(standing, each, role, epoch, moment, caller.device_id) for each in changes]
    for n, (each, result) in enumerate(zip(changes, results, strict=True)):
        if result.problem is not None and result.problem.code == OVERLAP:
            # A later change of the batch may have ended the version that was in the way.
            results[n] = _judge(standing, each, role, epoch, moment, caller.device_id)
    before = cursor_text(epoch, institution.head) if institution.head else ""
    after = cursor_text(epoch, standing.head)
    receipt = msgspec.json.encode(Receipt(batch.key, digest, db.server_id, str(epoch), moment, results, before, after))
    if not dry:
        save(connection, standing)
        connection.execute(
            insert(schema.batch).values(
                institution_id=caller.institution_id,
                key=batch.key,
                digest=digest,
                receipt=receipt,
                device_id=caller.device_id,
                received_at=moment,
            )
        )
    return receipt, False


def _decode(content: bytes, limits: Limits) -> Batch:
    try:
        batch = msgspec.json.decode(content, type=Batch)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("body.malformed", str(error)) from error
    if not UUID.fullmatch(batch.key):
        raise Refusal("body.malformed", "key is not a UUID in lower case")
    if not limits.schema_min <= batch.schema <= limits.schema_max:
        raise Refusal("schema.unsupported", f"schema {batch.schema}")
    if len(batch.changes) > limits.n_changes:
        raise Refusal("batch.too_many", f"{len(batch.changes)} changes, {limits.n_changes} allowed")
    return batch


def _change(raw: msgspec.Raw) -> Change:
    """The change, or one of action ``malformed`` that keeps the operation's id where it can be read."""
    try:
        change = msgspec.json.decode(raw, type=Change)
        encode(change.body)
    except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError):
        return Change(_operation(raw), "", "", "malformed")
    sound = all(UUID.fullmatch(text) for text in (change.op_id, change.id)) and change.action in ACTIONS
    sound = (
        sound and (change.action == "create") == (change.parent is None) and (change.action == "delete") == (change.body is None)
    )
    return change if sound else Change(change.op_id[:64], "", "", "malformed")


def _operation(raw: msgspec.Raw) -> str:
    try:
        loose: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    op_id = loose.get("op_id") if isinstance(loose, dict) else None
    return op_id[:64] if isinstance(op_id, str) else ""


def _standing(connection: Connection, institution_id: str, head: int, changes: list[Change]) -> Standing:
    entities: set[Key] = set()
    numbers: set[Number] = set()
    outside: set[Key] = set()
    priced: set[str] = set()
    for change in changes:
        kind = KINDS.get(change.kind)
        if kind is None:
            continue
        entities.add((change.kind, change.id))
        body = change.body or {}
        targets = targets_in(change.kind, kind, body)
        entities.update(targets.values())
        if change.kind == "fee_schedule" and "instrument_id" in targets:
            priced.add(targets["instrument_id"][1])
        numbers.update((change.kind, name, value) for name, value in numbers_in(kind, body).items())
        outside.update(outside_in(change.kind, body).values())
    entities.update(beside(connection, institution_id, priced))
    return load(
        connection,
        institution_id,
        head,
        entities,
        [change.op_id for change in changes],
        numbers,
        [((change.kind, change.id), change.action == "delete") for change in changes],
        outside,
    )


def _judge(standing: Standing, change: Change, role: Role, epoch: int, moment: str, device_id: str) -> Result:
    if change.action == "malformed":
        return _refused(change, Fault("change.malformed", ""))
    if change.body is not None and kinds.is_confidential(change.body):
        return _refused(change, Fault("confidential.refused", "confidential"))
    if change.kind not in kinds.taken(role):
        return _refused(change, Fault("kind.unknown", "kind"))
    digest = change_digest(msgspec.structs.asdict(change))
    before = standing.operations.get(change.op_id)
    if before is not None:
        if before[0] == digest:
            return Result(change.op_id, "duplicate", before[1])
        return _refused(change, Fault("operation.reused", "op_id"))
    held = standing.entities.get((change.kind, change.id))
    if (held.token if held else None) != change.parent:
        stale = PROBLEMS["entity.stale"]
        return Result(change.op_id, "stale", held.token if held else None, Problem("entity.stale", stale.action, stale.title))
    fault = judge(standing, change, role)
    if fault is not None:
        return _refused(change, *fault)
    token = append(standing, change, digest, None, epoch, moment, device_id, recovered=False)
    return Result(change.op_id, "applied", token)


def append(
    standing: Standing,
    change: Change,
    digest: str,
    token: str | None,
    epoch: int,
    moment: str,
    device_id: str | None,
    *,
    recovered: bool,
) -> str:
    """Put one accepted change at the end of the feed; a new token unless the change brings its own (recovery)."""
    place = (change.kind, change.id)
    held = standing.entities.get(place)
    revision = int(token.partition(".")[0]) if token else (held.revision if held else 0) + 1
    token = token or f"{revision}.{change.op_id}"
    body = None if change.body is None else encode(change.body)
    standing.head = next_position(standing.head, epoch)
    standing.entities[place] = Held(
        revision,
        token,
        body,
        None if body is None else sha256(body),
        standing.head,
        epoch,
        recovered,
        change.parent,
        stored=held.stored if held else False,
        touched=True,
    )
    kind, fields = KINDS[change.kind], change.body or {}
    standing.replace(place, numbers_in(kind, fields), targets_in(change.kind, kind, fields))
    if kind.once and not kind.released and fields.get("reverses"):
        # What is reversed no longer stands for its record: another may.
        standing.free((change.kind, kind.once, str(fields.get(kind.once))), str(fields["reverses"]))
    standing.operations[change.op_id] = (digest, token)
    standing.feed.append(
        {
            "institution_id": standing.institution_id,
            "position": standing.head,
            "kind": change.kind,
            "id": change.id,
            "revision": revision,
            "token": token,
            "parent": change.parent,
            "action": change.action,
            "op_id": change.op_id,
            "op_digest": digest,
            "body": body,
            "device_id": device_id,
            "epoch": epoch,
            "recovered": recovered,
            "received_at": moment,
        }
    )
    return token


def _refused(change: Change, fault: Fault, target: Key | None = None) -> Result:
    known = PROBLEMS[fault.code]
    problem = Problem(fault.code, known.action, known.title, fault.field or None, *(target or ()))
    return Result(change.op_id, "refused", None, problem)
