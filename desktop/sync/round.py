"""One run of synchronisation, from capabilities to the digests. Deterministic: the world comes in through the ports.

capabilities → (after a restore of the remote: hand back the tail) → send what is sealed or seal what is pending → fold
each receipt in one transaction → read pages, each with its cursor in one transaction → again while something is stale or
newly merged → digests. A run may be stopped anywhere, by the process ending too; the next one goes on from what the
transactions left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from desktop.ledger.problem import Cancelled as CancelledByUser
from desktop.sync import agreement, evidence, further, recovery, seal
from desktop.sync.absorb import Settled, absorb, known, settle, take_page
from desktop.sync.canonical import ledger_digest
from desktop.sync.egress import Gate
from desktop.sync.messages import SCHEMA, Capabilities, Digest, Limits, Receipt
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import (
    Cancelled,
    Network,
    NewId,
    Place,
    RemoteState,
    Sealed,
    Step,
    Storage,
)
from desktop.sync.preview import Preview, preview
from desktop.sync.waiting import (
    Sweep,
    Untaken,
    counted,
    n_behind,
    n_left,
    reseal,
    seal_pending,
    take_apart,
    try_again,
    unmerged,
    untaken,
)

N_ROUNDS = 12
N_RESTARTS = 3

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
    _looked: tuple[object, int, Untaken] | None = None

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
            # What is sent moves no row: only the look of this round may be told of it.
            self._looked = None
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
                if settled is None or settled.n_refused:
                    # Of a batch taken apart, and of what was refused and may wait no more, there is something to send behind the place.
                    sweep.began = None

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
            if step.sealed() or unmerged(step):
                return True
            waiting, beyond = counted(step, remote.kinds)
            self._looked = step.mark(), waiting, beyond
            return waiting > sum(n for _, n in beyond)

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
            # Every row of the ledger is looked at for it, which the last look has just done.
            mark, waiting, beyond = self._looked or (None, 0, ())
            if mark is None or mark != step.mark():
                waiting, beyond = counted(step, remote.kinds)
            return RunReport(
                sent=count.sent,
                duplicates=count.duplicates,
                received=count.received,
                recovered=count.recovered,
                refused=count.refused,
                parked=len(step.parked()),
                conflicts=len(step.conflicts()),
                pending=waiting + n_behind(step),
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


def discard(storage: Storage) -> None:
    """Take apart what was sealed for a preview and not approved; its rows are pending again."""
    with storage.transaction("sync: preview refused") as step:
        take_apart(step)


def _rewind(step: Step) -> None:
    state = known(step)
    step.put_state(RemoteState(state.server_id, state.epoch))
