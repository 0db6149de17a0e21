"""What waits to be sent or taken in: looked through, counted, and sealed in the order in which it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice

import msgspec

from desktop.sync import evidence, seal
from desktop.sync.absorb import remerge
from desktop.sync.egress import Gate
from desktop.sync.messages import Batch, Capabilities
from desktop.sync.ports import HERE, TAKEN, NewId, Order, Parked, Place, Sealed, Standing, Step

N_SEALED = 40
CARRIES = f"{HERE}confidential"
TOO_LARGE = "change.too_large"
NO_SUCH_KIND = "kind.unknown"

Untaken = tuple[tuple[str, int], ...]
"""Kind and number of rows that wait for the remote to take them."""


@dataclass(slots=True)
class Sweep:
    """How far a round has come through what is pending: ``answered`` is not sent again in it, and the next look goes on
    ``after`` a row (None: from the beginning).

    ``began`` is the storage's mark when it began, None once something may be pending behind its place."""

    answered: set[Place] = field(default_factory=set)
    after: Order | None = None
    began: object = None


def try_again(step: Step) -> None:
    """Rows whose number another one had, or that another one had settled, are sent again: it may have been given up since. So are those of a
    kind the remote did not take, and the files of such rows: it may be a newer one since."""
    for row in step.parked():
        if row.code in TAKEN or row.code == NO_SUCH_KIND or (row.kind, row.field) == ("attachment", "of_kind"):
            step.unpark(row.kind, row.id)


def reseal(step: Step, remote: Capabilities, new_id: NewId) -> list[Sealed]:
    """Seal anew what is pending and may not have left yet; all that is sealed then. Raises Withheld as ``seal_pending`` does."""
    take_apart(step)
    evidence.try_again(step)
    try_again(step)
    under_way = list(step.sealed())
    # What may have left already is shown as it was sealed, once; what became of those rows since goes after its receipt.
    told = {(change.kind, change.id) for batch in under_way for change in msgspec.json.decode(batch.content, type=Batch).changes}
    return [*under_way, *seal_pending(step, remote, new_id, Sweep(told))]


def take_apart(step: Step) -> None:
    """What is sealed and has not begun to leave is no batch any more; its rows are pending again."""
    for batch in step.sealed():
        if not batch.attempted:
            step.drop_sealed(batch.key)


def seal_pending(step: Step, remote: Capabilities, new_id: NewId, sweep: Sweep) -> tuple[Sealed, ...]:
    """Seal what is pending ``after`` the sweep's place, and move that on; rows too large for any batch are parked, and rows in
    which the gate finds something confidential. Nothing only when nothing is left from the beginning on.

    Raises Withheld when the gate finds something all the same: then nothing is sealed.
    """
    remerge(step)
    whole = sweep.after is None
    if whole:
        _tidy(step)
        sweep.began = step.mark()
    while True:
        batches = _seal_next(step, remote, new_id, sweep)
        if batches or (whole and sweep.after is None):
            return batches
        if sweep.after is None:
            if sweep.began == step.mark() and not step.parked() and not _contested(step):
                return batches
            # What has changed behind the place since is sent in this round too.
            whole = True
            _tidy(step)


def _seal_next(step: Step, remote: Capabilities, new_id: NewId, sweep: Sweep) -> tuple[Sealed, ...]:
    """Seal some of the rows after the sweep's place; its place is the beginning again when there are none."""
    some = N_SEALED * min(remote.limits.n_changes, seal.N_CHANGES)
    rows = list(islice(_pending(step, remote.kinds, sweep.answered, sweep.after), some))
    gate = Gate(step.markers())
    packed = seal.pack(rows, remote.limits, new_id, N_SEALED)
    stopped = [row for row in rows if evidence.carries(step, gate, row)]
    if stopped or not all(gate.lets(batch.content) for batch in packed.batches):
        # Ordinary rows with something confidential in them, or in their files, stay here, visibly; the others go on.
        stopped += [row for row in rows if not gate.lets(seal.told(row))]
        for row in stopped:
            step.park(Parked(row.kind, row.id, CARRIES, "", seal.fingerprint(row)))
        kept = {row.place for row in rows} - {row.place for row in stopped}
        packed = seal.pack([row for row in rows if row.place in kept], remote.limits, new_id, N_SEALED)
        for batch in packed.batches:
            gate.check(batch.content)
    for batch in packed.batches:
        step.put_sealed(batch)
    for row in packed.too_large:
        step.park(Parked(row.kind, row.id, TOO_LARGE, "", seal.fingerprint(row)))
    last = packed.last or (rows[-1] if rows else None)
    sweep.after = None if last is None else seal.order(last)
    return packed.batches


def n_left(step: Step, kinds: list[str], batches: Collection[Sealed]) -> int:
    """How many rows wait to be sent and are in none of these batches: sealing stops at ``N_SEALED``, and the others come after them."""
    told = {(change.kind, change.id) for batch in batches for change in msgspec.json.decode(batch.content, type=Batch).changes}
    return sum(1 for _ in _pending(step, kinds, told))


def n_pending(step: Step) -> int:
    """How many rows wait to be sent or to be taken in, also for a conflict at another remote, or for the remote to take their kind; what was
    refused or is contested here is no part of them."""
    return counted(step, ())[0] + n_behind(step)


def untaken(step: Step, kinds: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Of what waits to be sent, how many rows of which kind a remote that takes these does not take (``seal.takes``), in the order of their
    names."""
    return counted(step, kinds)[1]


def counted(step: Step, kinds: Collection[str]) -> tuple[int, Untaken]:
    """How many rows wait to be sent, or for the remote to take them; and of the latter how many of each kind."""
    n, counts = 0, Counter[str]()
    for n, row in enumerate(_pending(step, None, ()), 1):  # noqa: B007 - the last one is their number
        if not seal.takes(kinds, row):
            counts[row.kind] += 1
    return n, tuple(sorted(counts.items()))


def n_behind(step: Step) -> int:
    """How many rows wait for what came, or for a decision at another remote."""
    return len(unmerged(step)) + _n_standing_still(step)


def unmerged(step: Step) -> set[Place]:
    """What came and waits for the next round; what waits for a person is parked, or stands behind an open conflict."""
    places = step.unmerged()
    if not places:
        return set()
    return set(places) - {(row.kind, row.id) for row in step.parked()} - _contested(step)


def _tidy(step: Step) -> None:
    """A parked row that no longer has anything to say, because it was changed back, deleted or withheld, is not parked; what
    the gate stopped, or no batch could hold, is looked at again."""
    for row in step.parked():
        here = step.standing(row.kind, row.id)
        is_unmerged = here.base is not None and not here.base.merged and not here.withheld
        if row.code in (CARRIES, TOO_LARGE) or (not is_unmerged and seal.action_of(here) is None):
            step.unpark(row.kind, row.id)


def _pending(step: Step, kinds: Collection[str] | None, answered: Collection[Place], after: Order | None = None) -> Iterator[Standing]:
    # A first upload has answers for all the ledger's rows: that set is looked into, not copied.
    rows = (row for row in step.differing(after) if row.place not in answered)
    return seal.pending(rows, step.parked(), _contested(step), kinds)


def _contested(step: Step) -> set[Place]:
    """Rows that wait for a decision, at this remote or at another one of this ledger."""
    return {conflict.place for conflict in step.conflicts()}.union(step.asked_elsewhere())


def _n_standing_still(step: Step) -> int:
    """Rows that are to be sent, or wait to be taken in, and cannot before a conflict at another remote is decided."""
    there = set(step.asked_elsewhere()) - {conflict.place for conflict in step.conflicts()}
    rows = [step.standing(*place) for place in there]
    return sum((row.base is not None and not row.base.merged and not row.withheld) or seal.action_of(row) is not None for row in rows)
