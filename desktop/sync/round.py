"""One run of synchronisation, from capabilities to the digests. Deterministic: the world comes in through the ports.

capabilities → (after a restore of the remote: hand back the tail) → send what is sealed or seal what is pending → fold
each receipt in one transaction → read pages, each with its cursor in one transaction → again while something is stale or
newly merged → digests. A run may be stopped anywhere, by the process ending too; the next one goes on from what the
transactions left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import msgspec

from desktop.ledger.problem import Cancelled as CancelledByUser
from desktop.sync import agreement, evidence, further, recovery, seal
from desktop.sync.absorb import Settled, absorb, known, remerge, settle, take_page
from desktop.sync.canonical import ledger_digest
from desktop.sync.egress import Gate
from desktop.sync.messages import SCHEMA, Batch, Capabilities, Digest, Limits, Receipt
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import (
    HERE,
    TAKEN,
    Cancelled,
    Network,
    NewId,
    Order,
    Parked,
    Place,
    RemoteState,
    Sealed,
    Standing,
    Step,
    Storage,
)
from desktop.sync.preview import Preview, preview

N_ROUNDS = 12
N_RESTARTS = 3
N_SEALED = 40
CARRIES = f"{HERE}confidential"
TOO_LARGE = "change.too_large"
NO_SUCH_KIND = "kind.unknown"

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. ``sent`` changes taken by the remote now; ``received`` entities that were new here.

    ``parked``, ``conflicts``, ``pending`` and ``withheld`` count what is left after the run; what waits for a conflict at another remote is
    pending, and so is what the remote takes no rows of yet: ``untaken`` tells of that how many of which kind, in the order of their names.
    ``recovered`` entities that the remote had lost and was given back; ``restored``: it was restored since the last run, whether
    or not it lacked something. ``digest_equal``: the remote holds exactly what we believe it holds; None when that could not be compared
    because others kept changing it.
    """

    sent: int
    duplicates: int
    received: int
    recovered: int
    refused: int
    parked: int
    conflicts: int
    pending: int
    withheld: int
    digest_equal: bool | None
    rounds: int
    restored: bool = False
    untaken: tuple[tuple[str, int], ...] = ()

    @property
    def in_sync(self) -> bool:
        """Said only when the digests agree and nothing waits, is refused or contested."""
        return agreement.in_sync(self)


@dataclass(slots=True)
class _Count:
    sent: int = 0
    duplicates: int = 0
    received: int = 0
    recovered: int = 0
    refused: int = 0
    rounds: int = 0
    restored: bool = False


@dataclass(slots=True)
class Sweep:
    """How far a round has come through what is pending: ``answered`` is not sent again in it, and the next look goes on
    ``after`` a row (None: from the beginning)."""

    answered: set[Place] = field(default_factory=set)
    after: Order | None = None


@dataclass(slots=True)
class Run:
    """One run over its ports. ``approved``: None sends whatever is pending; else only sealed batches of these digests are
    sent."""

    storage: Storage
    network: Network
    new_id: NewId
    cancelled: Cancelled = lambda: False
    progress: Progress = lambda _stage, _n: None
    approved: frozenset[str] | None = None
    _count: _Count = field(default_factory=_Count)
    _limits: Limits | None = None

    def __call__(self) -> RunReport:
        """Run. Raises RemoteProblem, Withheld or Cancelled; what was done until then is kept and the next run goes on."""
        for restart in range(N_RESTARTS + 1):
            try:
                return self._run()
            except RemoteProblem as problem:
                if problem.action != "resync" or restart == N_RESTARTS:
                    raise
                if problem.remote_code == "cursor.invalid":
                    with self.storage.transaction("sync: read from the beginning") as step:
                        _rewind(step)
        raise AssertionError("the loop returns or raises")

    def _run(self) -> RunReport:
        remote = self._meet()
        equal: bool | None = None
        while self._count.rounds < N_ROUNDS:
            self._count.rounds += 1
            stale = self._push(remote)
            told = self._pull()
            self._fetch(stale)
            if stale or self._sendable(remote):
                continue
            equal = self._compare(told)
            if equal is not None:
                break
        return self._report(remote, equal)

    def _turn(self, stage: str, n: int) -> None:
        if self.cancelled():
            raise CancelledByUser
        self.progress(stage, n)

    def _meet(self) -> Capabilities:
        self._turn("meet", 0)
        remote = self.network.capabilities()
        self._limits = remote.limits
        with self.storage.transaction("sync: meet the remote") as step:
            state = step.state()
            owed = evidence.due(step)
            if self.approved is None:
                evidence.try_again(step)
                try_again(step)
        if state is None or state.server_id != remote.server_id:
            raise RemoteProblem("sync.other_server", "reauth")
        if not remote.schema.min <= SCHEMA <= remote.schema.max:
            raise RemoteProblem("sync.upgrade", "upgrade")
        if state.epoch != remote.epoch:
            self._recover(remote)
        elif owed:
            # They did not go with the tail when the remote was restored.
            evidence.hand_over(self.storage, self.network, owed, self._uploading)
            with self.storage.transaction("sync: files are there") as step:
                evidence.paid(step, owed)
        return remote

    def _recover(self, remote: Capabilities) -> None:
        """The remote was restored: hand back what we had seen, then read from the beginning."""
        with self.storage.transaction("sync: what the remote held") as step:
            tails = recovery.tail(step, remote.limits)
            held = evidence.held(step, self.approved)
        for content in tails:
            self._turn("recover", self._count.recovered)
            answer = self.network.recover(content)
            with self.storage.transaction("sync: what the remote lost") as step:
                self._count.recovered += recovery.fold(step, answer)
        # Before the new epoch is known: stopped here, all of this is done again, and afterwards nobody would ask for the files any more.
        evidence.hand_over(self.storage, self.network, held, self._uploading)
        with self.storage.transaction("sync: the remote was restored") as step:
            recovery.begin(step, remote.server_id, remote.epoch)
            evidence.owe(step, held)
        self._count.restored = True

    def _uploading(self, n_bytes: int) -> None:
        self._turn("upload", n_bytes)

    def _push(self, remote: Capabilities) -> dict[Place, str]:
        """Send until nothing is left that was not answered in this round; what was stale waits for the pages."""
        stale: dict[Place, str] = {}
        sweep = Sweep()
        while True:
            with self.storage.transaction("sync: seal") as step:
                queue = list(step.sealed())
                if not queue and self.approved is None:
                    queue = list(seal_pending(step, remote, self.new_id, sweep))
            if self.approved is not None:
                queue = [batch for batch in queue if batch.attempted or batch.digest in self.approved]
            if not queue:
                return stale
            for batch in queue:
                settled = self._deliver(batch)
                if settled is not None:
                    stale |= settled.stale
                    sweep.answered |= settled.answered

    def _deliver(self, batch: Sealed) -> Settled | None:
        """Send one sealed batch and fold its receipt. None: the batch may no longer leave and was taken apart."""
        self._turn("send", self._count.sent)
        refused = evidence.hand_over(self.storage, self.network, evidence.places(batch), self._uploading)
        with self.storage.transaction("sync: about to send") as step:
            free = Gate(step.markers()).lets(batch.content) and (self._limits is None or seal.within(batch, self._limits))
            if free:
                step.put_sealed(replace(batch, attempted=True))
        receipt: Receipt | None = None
        if free:
            receipt = self.network.send(batch.content)
        elif batch.attempted:
            # A row became confidential after sealing, or the remote has lowered its limits: the bytes stay here, but they may have
            # arrived the first time.
            receipt = self.network.receipt(batch.key)
        if receipt is None:
            with self.storage.transaction("sync: take a batch apart") as step:
                step.drop_sealed(batch.key)
            return None
        with self.storage.transaction("sync: receipt") as step:
            settled = settle(step, batch, receipt)
            evidence.tell_why(step, batch, refused)
        self._count.sent += settled.n_applied
        self._count.duplicates += settled.n_duplicate
        self._count.refused += settled.n_refused
        return settled

    def _pull(self) -> Digest | None:
        """Read to the end of the feed; the digest for it, if the last page told one."""
        with self.storage.transaction("sync: cursor") as step:
            cursor = known(step).cursor
        while True:
            self._turn("receive", self._count.received)
            page = self.network.changes(cursor)
            with self.storage.transaction("sync: page") as step:
                self._count.received += take_page(step, page)
            if not page.more:
                return page.digest
            cursor = page.cursor

    def _fetch(self, stale: dict[Place, str]) -> None:
        """What was stale and did not come with the pages is asked for by name, so that no row stays behind."""
        for place, token in stale.items():
            with self.storage.transaction("sync: stale") as step:
                here = step.standing(*place)
            # The key of a row that is confidential by now is not asked for.
            if here.withheld or (here.base is not None and here.base.token == token):
                continue
            self._turn("receive", self._count.received)
            item = self.network.entity(*place)
            with self.storage.transaction("sync: entity") as step:
                if item is None:
                    further.forget(step, place)
                else:
                    self._count.received += absorb(step, item)

    def _sendable(self, remote: Capabilities) -> bool:
        if self.approved is not None:
            return False
        with self.storage.transaction("sync: look") as step:
            return bool(step.sealed() or _unmerged(step)) or any(True for _ in _pending(step, remote.kinds, ()))

    def _compare(self, told: Digest | None) -> bool | None:
        """Compare digests at one cursor; None when the remote has moved on. ``told`` came with the last page; an older
        service is asked."""
        self._turn("compare", 0)
        theirs = told or self.network.digest()
        with self.storage.transaction("sync: compare") as step:
            state = known(step)
            if (theirs.server_id, theirs.epoch) != (state.server_id, state.epoch):
                raise RemoteProblem("sync.restored", "resync")
            if theirs.cursor != state.cursor:
                return None
            equal = ledger_digest(step.base_lines()) == theirs.digest
            if not equal:
                # The next run reads everything again and mends what can be mended.
                _rewind(step)
        return equal

    def _report(self, remote: Capabilities, equal: bool | None) -> RunReport:
        with self.storage.transaction("sync: report") as step:
            count = self._count
            # Every row of the ledger is looked at for it: once.
            waiting, beyond = _waiting(step, remote.kinds)
            return RunReport(
                sent=count.sent,
                duplicates=count.duplicates,
                received=count.received,
                recovered=count.recovered,
                refused=count.refused,
                parked=len(step.parked()),
                conflicts=len(step.conflicts()),
                pending=waiting + _n_behind(step),
                withheld=step.n_withheld(),
                digest_equal=equal,
                rounds=count.rounds,
                restored=count.restored,
                untaken=beyond,
            )


def run(
    storage: Storage,
    network: Network,
    new_id: NewId,
    *,
    cancelled: Cancelled = lambda: False,
    progress: Progress = lambda _stage, _n: None,
    approved: frozenset[str] | None = None,
) -> RunReport:
    """Synchronise once. ``progress`` gets a stage (meet, recover, upload, send, receive, compare) and a count (upload: bytes)."""
    return Run(storage, network, new_id, cancelled, progress, approved)()


def prepare(storage: Storage, remote: Capabilities, new_id: NewId) -> Preview:
    """Seal anew what is pending and show what the sealed bytes hold; nothing leaves. Raises Withheld as ``seal_pending``
    does."""
    with storage.transaction("sync: preview") as step:
        batches = reseal(step, remote, new_id)
        return preview(batches, step.n_withheld(), n_left(step, remote.kinds, batches), untaken(step, remote.kinds))


def reseal(step: Step, remote: Capabilities, new_id: NewId) -> list[Sealed]:
    """Seal anew what is pending and may not have left yet; all that is sealed then. Raises Withheld as ``seal_pending`` does."""
    _take_apart(step)
    evidence.try_again(step)
    try_again(step)
    under_way = list(step.sealed())
    # What may have left already is shown as it was sealed, once; what became of those rows since goes after its receipt.
    told = {(change.kind, change.id) for batch in under_way for change in msgspec.json.decode(batch.content, type=Batch).changes}
    return [*under_way, *seal_pending(step, remote, new_id, Sweep(told))]


def try_again(step: Step) -> None:
    """Rows whose number another one had, or that another one had settled, are sent again: it may have been given up since. So are those of a
    kind the remote did not take, and the files of such rows: it may be a newer one since."""
    for row in step.parked():
        if row.code in TAKEN or row.code == NO_SUCH_KIND or (row.kind, row.field) == ("attachment", "of_kind"):
            step.unpark(row.kind, row.id)


def discard(storage: Storage) -> None:
    """Take apart what was sealed for a preview and not approved; its rows are pending again."""
    with storage.transaction("sync: preview refused") as step:
        _take_apart(step)


def _take_apart(step: Step) -> None:
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
    while True:
        batches = _seal_next(step, remote, new_id, sweep)
        if batches or (whole and sweep.after is None):
            return batches
        if sweep.after is None:
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
    return _waiting(step, ())[0] + _n_behind(step)


def untaken(step: Step, kinds: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Of what waits to be sent, how many rows of which kind a remote that takes these does not take (``seal.takes``), in the order of their
    names."""
    return _waiting(step, kinds)[1]


def _waiting(step: Step, kinds: Collection[str]) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many rows wait to be sent, or for the remote to take them; and of the latter how many of each kind."""
    n, counts = 0, Counter[str]()
    for n, row in enumerate(_pending(step, None, ()), 1):  # noqa: B007 - the last one is their number
        if not seal.takes(kinds, row):
            counts[row.kind] += 1
    return n, tuple(sorted(counts.items()))


def _n_behind(step: Step) -> int:
    """How many rows wait for what came, or for a decision at another remote."""
    return len(_unmerged(step)) + _n_standing_still(step)


def _unmerged(step: Step) -> set[Place]:
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
        unmerged = here.base is not None and not here.base.merged and not here.withheld
        if row.code in (CARRIES, TOO_LARGE) or (not unmerged and seal.action_of(here) is None):
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


def _rewind(step: Step) -> None:
    state = known(step)
    step.put_state(RemoteState(state.server_id, state.epoch))
