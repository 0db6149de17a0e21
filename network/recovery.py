"""After a restore: clients hand back what they had seen, and what the backup lost is appended again with its old tokens.

What stands in the history of an entity is ``held``. It is taken back when the service has none, or one that the client had before
this one. What took another path since, or before, is ``diverged``; the client makes a conflict of it. ``refused`` is what no
service takes: a body with a fault, a row without the one it refers to, the deletion of a row that another refers to, a reversal that
takes back something else than what it names.
"""

from __future__ import annotations

import re

import msgspec
from sqlalchemy import Connection, select

from network import kinds, schema
from network.acceptance import ACTIONS, append
from network.canonical import change_digest, encode
from network.database import Database
from network.forms import UUID
from network.identity import Caller
from network.judging import faults, numbers_in, reversal, targets_in
from network.kinds import KINDS, Role
from network.messages import Change, Handed, Tail
from network.problems import Refusal
from network.standing import Held, Standing, load, save

_TOKEN = re.compile(r"([1-9][0-9]{0,8})\.([0-9a-f-]{36})")


def recover(
    db: Database, connection: Connection, caller: Caller, content: bytes, role: Role, n_items: int
) -> list[dict[str, object]]:
    """Take back a tail; one answer per item: ``held``, ``restored``, ``diverged`` or ``refused``, with the current token."""
    try:
        raws = msgspec.json.decode(content, type=Tail).items
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("body.malformed", str(error)) from error
    if len(raws) > n_items:
        raise Refusal("batch.too_many")
    epoch = db.confirm(connection, caller.epoch)
    head = connection.execute(
        select(schema.institution.c.head).where(schema.institution.c.id == caller.institution_id).with_for_update()
    ).scalar_one()
    moment = db.moment()
    items = [_item(raw) for raw in raws]
    changes = [_change(item, role) for item in items]
    sound = [change for change in changes if change is not None]
    targets = [place for c in sound for place in targets_in(c.kind, KINDS[c.kind], c.body or {}).values()]
    standing = load(
        connection,
        caller.institution_id,
        head,
        [*((change.kind, change.id) for change in sound), *targets],
        [change.op_id for change in sound],
        [(c.kind, name, value) for c in sound for name, value in numbers_in(KINDS[c.kind], c.body or {}).items()],
        [((change.kind, change.id), change.body is None) for change in sound],
    )
    pairs = zip(items, changes, strict=True)
    answers = [_take_back(standing, item, change, epoch, moment) for item, change in pairs]
    save(connection, standing)
    return answers


def _item(raw: msgspec.Raw) -> Handed:
    """The item, or one of action ``malformed`` that keeps nothing."""
    try:
        return msgspec.json.decode(raw, type=Handed)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Handed("", "", "", None, "malformed", "", msgspec.Raw(b"null"))


def _take_back(standing: Standing, item: Handed, change: Change | None, epoch: int, moment: str) -> dict[str, object]:
    if change is None:
        return {"kind": item.kind[:40], "id": item.id[:36], "token": None, "status": "refused"}
    held = standing.entities.get((item.kind, item.id))
    answer: dict[str, object] = {"kind": item.kind, "id": item.id, "token": held.token if held else None}
    past = standing.operations.get(change.op_id)
    if held is not None and (held.parent == item.token or (past is not None and past[1] == item.token)):
        return answer | {"status": "held"}
    if held is not None and not _before(held, item):
        return answer | {"status": "diverged"}
    numbers = numbers_in(KINDS[change.kind], change.body or {})
    taken = any(standing.keys.get((change.kind, name, value), item.id) != item.id for name, value in numbers.items())
    if taken or past is not None:
        return answer | {"status": "diverged"}
    if _hangs(standing, change):
        return answer | {"status": "refused"}
    digest = change_digest(msgspec.structs.asdict(change))
    token = append(standing, change, digest, item.token, epoch, moment, None, recovered=True)
    return answer | {"status": "restored", "token": token}


def _hangs(standing: Standing, change: Change) -> bool:
    """Whether a row would refer to one that is not there, itself or one that refers to the deleted, or would take back what is not
    what it names. Nobody could take that in."""
    if change.body is None:
        return standing.refers((change.kind, change.id))
    kind = KINDS[change.kind]
    if any(standing.live(*target) is None for target in targets_in(change.kind, kind, change.body).values()):
        return True
    return reversal(standing, change, kind, change.body) is not None


def _before(held: Held, item: Handed) -> bool:
    """Whether the item came after the state held: revisions of two lost histories say nothing of each other."""
    return not KINDS[item.kind].facts and held.token in (item.parent, *item.seen)


def _change(item: Handed, role: Role) -> Change | None:
    match = _TOKEN.fullmatch(item.token)
    kind = kinds.taken(role).get(item.kind)
    if kind is None or match is None or match[2] != item.op_id or item.action not in ACTIONS:
        return None
    if item.parent is not None and not _TOKEN.fullmatch(item.parent):
        return None
    try:
        body = msgspec.json.decode(item.body)
        encode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    if not (UUID.fullmatch(item.id) and UUID.fullmatch(item.op_id)) or (item.action == "delete") != (body is None):
        return None
    if body is not None and (not isinstance(body, dict) or kinds.is_confidential(body)):
        return None
    if body is not None and any(True for _ in faults(kind, item.id, body, role)):
        return None
    return Change(item.op_id, item.kind, item.id, item.action, item.parent, body)
