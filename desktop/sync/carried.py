"""Sync by hand: what goes into an offline package, and taking in the answer to it. The file itself is made elsewhere.

It is the round without a line: the same sealed batches, receipts, pages and tails, in the same transactions. A seat may use
both ways at once; an answer that another way has overtaken, or that comes a second time, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from desktop.sync import evidence, recovery, seal
from desktop.sync.absorb import known, settle, take_page
from desktop.sync.egress import Gate
from desktop.sync.messages import Capabilities, Page, Receipt, Recovered
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import NewId, RemoteState, Sealed, Step, Storage
from desktop.sync.waiting import Sweep, seal_pending


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a package carries: sealed batches in order, and the ``cursor`` the pages are asked from.

    After a restore of the remote (``epoch`` is its old one) nothing but ``tails`` is carried; ``tail_sha256`` is their digest.
    """

    server_id: str
    epoch: str
    cursor: str
    batches: tuple[Sealed, ...] = ()
    tails: tuple[bytes, ...] = ()
    tail_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the remote says to a package: who it is now, and its answers in the order of the questions.

    ``asked_epoch``, ``asked_cursor`` and ``tail_sha256`` are those of the package. ``receipts`` to the batches, ``recovered`` to
    the tails; ``pages`` read after all that from the cursor of the package, or from the beginning when tails were handed back.
    ``files``: the SHA-256 of those that the package carried and that were taken.
    """

    server_id: str
    epoch: str
    asked_epoch: str
    asked_cursor: str
    tail_sha256: str = ""
    receipts: tuple[Receipt, ...] = ()
    recovered: tuple[Recovered, ...] = ()
    pages: tuple[Page, ...] = ()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in an answer brought. ``restored``: the remote was restored and asks for a package with our tail.

    ``applied`` and ``refused`` count changes of the ``settled`` batches; ``overtaken``: another way was faster, or it came a second time.
    """

    settled: int = 0
    received: int = 0
    recovered: int = 0
    restored: bool = False
    applied: int = field(default=0, compare=False)
    refused: int = field(default=0, compare=False)
    overtaken: bool = field(default=False, compare=False)


def hand_out(storage: Storage, remote: Capabilities, new_id: NewId) -> Outgoing:
    """Seal what is pending and give it out for a package; it is kept until an answer to it comes, by whatever way.

    ``remote`` is who it is as far as we know. Raises Withheld as ``seal_pending`` does, RemoteProblem for another remote.
    """
    with storage.transaction("sync: package") as step:
        return gather(step, remote, new_id)


def gather(step: Step, remote: Capabilities, new_id: NewId) -> Outgoing:
    """``hand_out`` inside an open transaction. A ledger that no remote has answered yet names neither server nor epoch."""
    state = step.state() or RemoteState("", "")
    if state.server_id != remote.server_id:
        raise RemoteProblem("sync.other_server", "reauth")
    gate = Gate(step.markers())
    if state.epoch != remote.epoch:
        tails = recovery.tail(step, remote.limits)
        named = recovery.fingerprint(step)
        return Outgoing(state.server_id, state.epoch, state.cursor, tails=tuple(tails), tail_sha256=named)
    free = []
    for batch in step.sealed() or seal_pending(step, remote, new_id, Sweep()):
        if gate.lets(batch.content) and seal.within(batch, remote.limits):
            free.append(batch)
            step.put_sealed(replace(batch, attempted=True))
        else:
            # A row became confidential after sealing, or the limits are lower now. If the batch had arrived before, the pages will tell.
            step.drop_sealed(batch.key)
    free = free or list(_marked(step, seal_pending(step, remote, new_id, Sweep())))
    # A batch of nothing at least: as long as it is sealed, nothing was sent by another way since.
    free = free or list(_marked(step, [seal.nothing(new_id)]))
    return Outgoing(state.server_id, state.epoch, state.cursor, tuple(free))


def _marked(step: Step, batches: Iterable[Sealed]) -> Iterator[Sealed]:
    for batch in batches:
        step.put_sealed(replace(batch, attempted=True))
        yield batch


def take_in(storage: Storage, answer: Answer) -> Taken:
    """Fold an answer in, in one transaction. Raises RemoteProblem for another remote or a receipt that is not its own."""
    with storage.transaction("sync: answer to a package") as step:
        return fold(step, answer)


def fold(step: Step, answer: Answer) -> Taken:
    """``take_in`` inside an open transaction. The first answer says who the remote is."""
    if step.state() is None and not answer.asked_epoch:
        step.put_state(RemoteState(answer.server_id, answer.epoch))
    state = known(step)
    if state.server_id != answer.server_id:
        raise RemoteProblem("sync.other_server", "reauth")
    if (answer.asked_epoch or answer.epoch) != state.epoch:
        return Taken(overtaken=True)
    if answer.epoch != state.epoch:
        # The tail must be the one we would hand back now: what came by another way since was not asked about.
        if not answer.tail_sha256 or answer.tail_sha256 != recovery.fingerprint(step):
            return Taken(restored=True)
        recovery.forget_unanswered(step, answer.recovered)
        recovered = sum(recovery.fold(step, each) for each in answer.recovered)
        recovery.begin(step, answer.server_id, answer.epoch)
        received = sum(take_page(step, page) for page in answer.pages)
        evidence.owe(step, answer.files)
        return Taken(0, received, recovered)
    kept = {batch.key: batch for batch in step.sealed()}
    # As long as all that was asked is unanswered, nothing was sent by another way, and no page can be behind our bases.
    first = bool(answer.receipts) and state.cursor == answer.asked_cursor
    first = first and all(receipt.key in kept for receipt in answer.receipts)
    told = [settle(step, kept[receipt.key], receipt) for receipt in answer.receipts if receipt.key in kept]
    received = sum(take_page(step, page) for page in answer.pages) if first else 0
    evidence.paid(step, answer.files)
    applied = sum(each.n_applied + each.n_duplicate for each in told)
    return Taken(len(told), received, applied=applied, refused=sum(each.n_refused for each in told), overtaken=not first)
