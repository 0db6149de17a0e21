"""After a restore of the remote: handing back what we had seen of it, and taking in what became of that. Always inside one
open storage transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from desktop.sync import further, seal
from desktop.sync.canonical import encode, sha256
from desktop.sync.egress import Gate
from desktop.sync.messages import Limits, Recovered
from desktop.sync.ports import BaseRow, RemoteState, Step


def tail(step: Step, limits: Limits) -> list[bytes]:
    """Bodies that hand back every base we may name, each within the limits, in the order of sending.

    What is withheld is not handed back, nor is a base in which the gate finds something confidential or one that no body can hold: what
    the remote holds of it is then not known, also when the row may leave before the remote has answered.
    """
    further.forget_withheld(step)
    gate = Gate(step.markers())
    tails = list(seal.tails(_fitting(step, limits), limits))
    if all(gate.lets(content) for content in tails):
        return tails
    for row in list(step.bases()):
        if not gate.lets(told(row)):
            further.forget(step, row.place)
    return list(seal.tails(_fitting(step, limits), limits))


def fingerprint(step: Step) -> str:
    """The digest of the bases that ``tail`` hands back, whatever the limits are by now."""
    return sha256(b"\n".join(told(row) for row in _bases(step)))


def _bases(step: Step) -> list[BaseRow]:
    return sorted(step.bases(), key=_order)


def _fitting(step: Step, limits: Limits) -> Iterator[bytes]:
    """Each base as it is handed back; one that is above the limit by itself the remote would refuse for ever, and with it all that comes after.

    Forgotten, it is compared anew: where the remote lost it, the row is pending, and parked if no batch holds it either.
    """
    for row in _bases(step):
        part = fitting(row, limits)
        if part is None:
            further.forget(step, row.place)
        else:
            yield part


def fitting(row: BaseRow, limits: Limits) -> bytes | None:
    """One base as it is handed back within the limits, with as many of the newest tokens it has seen as go in; None when it does not fit at all."""
    part = told(row)
    n_seen = len(row.seen)
    while not seal.fits(part, limits):
        if not n_seen:
            return None
        n_seen -= 1
        part = told(replace(row, seen=row.seen[:n_seen]))
    return part


def _order(row: BaseRow) -> tuple[bool, int, bool, str]:
    """Rows after those they refer to, deletions the other way round and last: the remote takes nothing back that hangs in the air."""
    rank = seal.by_kind(row.kind)
    if row.body is None:
        return True, -rank, False, row.id
    return False, rank, bool(row.body.get("reverses")), row.id


def told(row: BaseRow) -> bytes:
    """One base as it is handed back."""
    plain = {name: getattr(row, name) for name in ("kind", "id", "token", "parent", "action", "op_id")}
    return encode(plain | {"body": None if row.body is None else dict(row.body), "seen": list(row.seen)})


def fold(step: Step, answer: Recovered) -> int:
    """Forget the bases that are a history the remote no longer has: without a base, whatever differs becomes a conflict. One that
    waits behind an open conflict is kept by it.

    Gives how many entities the remote had lost and has back.
    """
    for item in answer.items:
        if item.status in ("diverged", "refused"):
            further.forget(step, (item.kind, item.id), replaced=item.status == "diverged")
    return sum(item.status == "restored" for item in answer.items)


def forget_unanswered(step: Step, answers: Iterable[Recovered]) -> None:
    """Forget the bases of a tail that the remote did not take as it came, above limits that are lower now: whether it holds them is not known."""
    answered = {(item.kind, item.id) for answer in answers for item in answer.items}
    for row in list(step.bases()):
        if row.place not in answered:
            further.forget(step, row.place)


def begin(step: Step, server_id: str, epoch: str) -> None:
    """From now on the remote is known under its new epoch, and read from the beginning."""
    further.forget_withheld(step)
    step.put_state(RemoteState(server_id, epoch))
