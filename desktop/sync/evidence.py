"""The files that rows refer to by their SHA-256: at the remote before the change that names them is sent.

The remote says which parts it lacks, so an upload that was stopped anywhere goes on where it stopped, and a file that another
seat has sent is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import msgspec

from desktop.sync.egress import Gate
from desktop.sync.merge import same
from desktop.sync.messages import Batch, FileState
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import Network, Parked, Place, Sealed, Standing, Step, Storage
from desktop.sync.seal import by_kind

MISSING = "blob.missing"
ELSEWHERE = "blob.elsewhere"
"""Missing there, and not here either: the row came from another seat, its file did not. It is not on its way."""
CODES = "blob."
"""How the codes begin of what is the matter with a file: a row parked for one is tried again in every run."""

_N_TIMES = 3
_PIECE = 1 << 20

Turn = Callable[[int], None]


def named(body: Mapping[str, object]) -> Iterator[str]:
    """The files a body refers to."""
    for name, value in body.items():
        if (name == "sha256" or name.endswith("_sha256")) and isinstance(value, str):
            yield value


def places(batch: Sealed) -> dict[str, list[Place]]:
    """Each file that the changes of a batch refer to, in their order, and the rows that do."""
    found: dict[str, list[Place]] = {}
    if b'"attachment"' not in batch.content:
        return found
    for change in msgspec.json.decode(batch.content, type=Batch).changes:
        for sha256 in named(change.body or {}):
            found.setdefault(sha256, []).append((change.kind, change.id))
    return found


def held(step: Step, approved: Collection[str] | None = None) -> list[str]:
    """The files that the remote is known to have had, as far as their bytes are here, and those of rows that wait: one may come back by way
    of another seat, and nobody would ask for its file then. ``approved``: of rows that wait only those of batches that a person saw (digests), or
    that left once."""
    gate = Gate(step.markers())
    found = dict.fromkeys(sha256 for base in step.bases("attachment") for sha256 in named(base.body or {}))
    waiting = (row for row in step.differing((False, by_kind("attachment"), False, "")) if row.kind == "attachment" and not row.withheld)
    if approved is not None:
        seen = {place for batch in step.sealed() if batch.attempted or batch.digest in approved for of in places(batch).values() for place in of}
        waiting = (row for row in waiting if row.place in seen)
    found.update(dict.fromkeys(sha256 for row in waiting if not carries(step, gate, row) for sha256 in named(row.local or {})))
    return [sha256 for sha256 in found if step.file_bytes(sha256) is not None]


def due(step: Step) -> list[str]:
    """The files that are owed and whose rows the remote is known to have: what nobody has agreed to send is no such row."""
    owed = step.owed_files()
    if not owed:
        return []
    there = {sha256 for base in step.bases("attachment") for sha256 in named(base.body or {})}
    return [sha256 for sha256 in owed if sha256 in there]


def hand_over(storage: Storage, network: Network, files: Iterable[str], turn: Turn) -> dict[str, str]:
    """Send what the remote lacks of these files; the code of why it does not take one, for those it does not.

    Files whose bytes are not here are left out: another seat has them. ``turn`` is called with the bytes sent so far before each
    request and may raise to stop. Raises RemoteProblem, Withheld.
    """
    refused: dict[str, str] = {}
    sent = [0]
    for sha256 in files:
        with storage.transaction("sync: a file") as step:
            n_bytes = step.file_bytes(sha256)
            ours = Gate(step.markers()).lets(b"", sha256)
        if n_bytes is None or not ours:
            continue
        try:
            _send(storage, network, sha256, n_bytes, sent, turn)
        except RemoteProblem as problem:
            if problem.action != "park":
                raise
            refused[sha256] = problem.remote_code
    return refused


def _send(storage: Storage, network: Network, sha256: str, n_bytes: int, sent: list[int], turn: Turn) -> None:
    """Send what is missing of one file; ``sent`` sums the bytes."""
    for _ in range(_N_TIMES):
        turn(sum(sent))
        state = network.declare_file(sha256, n_bytes)
        for number in state.missing:
            turn(sum(sent))
            with storage.transaction("sync: part of a file") as step:
                content = _part(step, state, number)
            try:
                state = network.send_part(sha256, number, content)
            except RemoteProblem as problem:
                # Another seat's damaged copy was dropped there, our parts with it: begin anew.
                if problem.remote_code != "blob.unknown":
                    raise
                break
            sent.append(len(content))
        if state.complete:
            return
    raise RemoteProblem("sync.not_service", "stop")


def _part(step: Step, state: FileState, number: int) -> bytes:
    content = step.file_piece(state.sha256, number * state.n_part_bytes, state.n_part_bytes) if state.n_part_bytes > 0 else b""
    if not content:
        raise RemoteProblem("sync.not_service", "stop")
    return content


def carries(step: Step, gate: Gate, row: Standing) -> bool:
    """Whether something confidential stands in a file of a row, as far as it can be read: then neither leaves."""
    return row.kind == "attachment" and any(not _lets(step, gate, sha256) for sha256 in named(row.local or {}))


def _lets(step: Step, gate: Gate, sha256: str) -> bool:
    n_bytes = step.file_bytes(sha256)
    if n_bytes is None or gate.is_open:
        return True
    return gate.lets_file(step.file_piece(sha256, start, _PIECE + gate.overlap) for start in range(0, n_bytes, _PIECE))


def try_again(step: Step) -> None:
    """Rows that wait for a file are pending again: it may be here by now, or there."""
    for row in step.parked():
        if row.code.startswith(CODES):
            step.unpark(row.kind, row.id)


def is_owed(step: Step, here: Standing) -> bool:
    """Whether the remote may lack the file of a row that it has as we do: the row was withheld, so when the remote had lost the file nobody
    here could hand it over."""
    base = here.base
    if here.kind != "attachment" or base is None or base.shared != {} or here.local is None or not same(here.local, base.body):
        return False
    return any(step.file_bytes(sha256) is not None for sha256 in named(here.local))


def owe(step: Step, taken: Collection[str]) -> None:
    """The remote was restored, and not all the files that are here went with our tail: no package had room for them, or nobody has agreed to send
    their rows. Under its new epoch nobody would ask for them once it has the rows. ``taken``: the files that went and were taken."""
    step.owe_files([sha256 for sha256 in held(step) if sha256 not in taken])


def paid(step: Step, taken: Collection[str]) -> None:
    """These files are there: they are owed no more."""
    owed = step.owed_files()
    left = [sha256 for sha256 in owed if sha256 not in taken and step.file_bytes(sha256) is not None]
    if left != owed:
        step.owe_files(left)


def tell_why(step: Step, batch: Sealed, refused: Mapping[str, str]) -> None:
    """A row that was refused because its file is not there waits with the reason why: the file was not taken, or its bytes are not here."""
    missing = [row for row in step.parked() if row.code == MISSING]
    if not missing:
        return
    files = {place: sha256 for sha256, of in places(batch).items() for place in of}
    for row in missing:
        sha256 = files.get((row.kind, row.id))
        if sha256 is None:
            continue
        code = refused.get(sha256) or (ELSEWHERE if step.file_bytes(sha256) is None else MISSING)
        step.park(Parked(row.kind, row.id, code, row.field, row.body_sha256, row.waiting_for))
