"""The home that is killed receives: another home edits every row, one of them against an edit of this one, and each attaches a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.actions import (
    enrolment,
    evidence,
    institution,
    instruments,
    local_network,
    sync_line,
    sync_resolving,
    syncing,
    upkeep,
)
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.problem import Problem
from desktop.sync.canonical import Scalar
from tests.e2e.killing import NAME, USCC, Walk
from tests.network.overhearing import overheard
from tests.network.recorder import Recorder

CONTESTED, MERGED, FILED = "K0000", "K0001", "K0002"


class Pull(Walk):
    """``typed`` is what the other home wrote last into each phone; what was entered here since is beside it."""

    STATUS = 1  # it ends with a conflict

    def __init__(self, home: Path, other: Path, address: str, codes: tuple[str, str], heard: Recorder) -> None:
        self.other = other
        self.street = self.sha256 = ""
        super().__init__(home, address, codes[0], heard)
        with open_ledger(home) as here:
            syncing.sync(here)
        made, _ = institution.start(other, NAME, USCC, "university", "370102", practice=True)
        with made as there:
            enrolment.enrol(there, address, codes[1])
            syncing.sync(there)
        with open_ledger(home) as here:
            self._happen(here)

    def _edit(self, ledger: Workspace) -> None:
        """The next thing to receive; while the other home is not there yet, something for it to begin with."""
        if self.other.exists():
            self._happen(ledger)
        else:
            super()._edit(ledger)

    def _happen(self, here: Workspace) -> None:
        with open_ledger(self.other) as there:
            super()._edit(there)
            self._attach(there, "there")
            syncing.sync(there)
        self.street = f"{self.n_edits} 号楼"
        with here.write("instrument edit") as operation:
            operation.executemany(
                "UPDATE instrument SET phone = coalesce(?, phone), street = coalesce(?, street) WHERE asset_number = ?",
                [(self.mine, None, CONTESTED), (None, self.street, MERGED)],
            )
        self.sha256 = self._attach(here, "here")

    @property
    def mine(self) -> str:
        """What is written here into the row that the other home wrote into too."""
        return f"mine-{self.n_edits}"

    def _attach(self, ledger: Workspace, side: str) -> str:
        file = self.home.with_name(f"{side}-{self.n_edits}.pdf")
        file.write_bytes(f"%PDF-1.7\n{side} {self.n_edits}\n%%EOF".encode())
        evidence.add(ledger, "instrument", evidence.subject(ledger, "instrument", FILED), file)
        return hashlib.sha256(file.read_bytes()).hexdigest()

    def _looked_at(self, ledger: Workspace) -> list[str]:
        if not upkeep.verify(ledger).ok:
            return ["the ledger does not verify"]
        if told := self._entered(ledger):
            return told
        try:
            done = syncing.sync(ledger)
            told = self._entered(ledger) + self._contested(ledger)
            if told:
                return told
            (one,) = syncing.conflicts(ledger)
            choice = ("mine", "theirs")[self.n_edits % 2]
            sync_resolving.resolve(ledger, one.kind, one.id, {"phone": choice}, "以现场为准")
            if choice == "mine":
                self.typed[CONTESTED] = self.mine
            done = syncing.sync(ledger)
            with open_ledger(self.other) as there:
                beyond = syncing.sync(there)
                told += self._level(there, "there")
        except Problem as problem:
            return [f"stuck: {problem.code} {problem.params}"]
        told += [f"not in sync: {each}" for each in (done, beyond) if not (each.digest_equal and each.pending == each.parked == each.conflicts == 0)]
        told += self._level(ledger, "here")
        held = self._held_there(ledger)
        if sorted(held) != sorted(self.typed.items()):
            told.append(f"the service holds {len(held)} rows, {len(set(held) & set(self.typed.items()))} of them as they were typed")
        with closing(sync_line.client(ledger, self.address)) as client:
            client.capabilities()
            state = client.file(self.sha256)
        if state is None or not state.complete:
            told.append("the file never came to the service")
        return told

    def _entered(self, ledger: Workspace) -> list[str]:
        """What was entered here and is in the ledger no more; of a row in conflict what was entered stands in that."""
        held = {one.asset_number: one for one in instruments.every(ledger)}
        phone = next((mine.get("phone") for mine, _ in self._sides(ledger)), held[CONTESTED].phone)
        kept = (phone, held[MERGED].street, "K-SECRET" in held, self.sha256 in self._files(ledger))
        return [] if kept == (self.mine, self.street, True, True) else [f"lost: what was entered here: {kept}"]

    def _contested(self, ledger: Workspace) -> list[str]:
        """What is wrong with the one conflict there has to be."""
        sides = [(mine.get("phone"), theirs.get("phone")) for mine, theirs in self._sides(ledger)]
        expected = [(self.mine, self.typed[CONTESTED])]
        return [] if sides == expected else [f"the conflict is {sides}, not {expected}"]

    @staticmethod
    def _sides(ledger: Workspace) -> list[tuple[Mapping[str, Scalar], Mapping[str, Scalar]]]:
        return [(one.mine or {}, one.theirs or {}) for one in syncing.conflicts(ledger)]

    def _level(self, ledger: Workspace, side: str) -> list[str]:
        """What of the outcome a home does not hold."""
        told = []
        if self._held_here(ledger) != self.typed:
            told.append(f"lost: not every edit is in the ledger {side}")
        if {one.asset_number: one.street for one in instruments.every(ledger)}[MERGED] != self.street:
            told.append(f"lost: the merged edit is not in the ledger {side}")
        if len(self._files(ledger)) != 2 * self.n_edits - 2:
            told.append(f"{len(self._files(ledger))} attachments are in the ledger {side}")
        return told

    @staticmethod
    def _files(ledger: Workspace) -> set[str]:
        key = evidence.subject(ledger, "instrument", FILED)
        return {one.sha256 for one in evidence.listing(ledger, "instrument", key).items}


@contextmanager
def pull_walk(folder: Path) -> Iterator[Pull]:
    """Two homes and a running service; the first is the one that is killed. Raises Broken at the end for what lay outside the contract."""
    database = f"sqlite:///{folder / 'network.db'}"
    with local_network.child_network(database, NAME, USCC) as (address, code), overheard(address) as (line, heard):
        second = str(local_network.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        yield Pull(folder / "home", folder / "other", line, (code, second), heard)
