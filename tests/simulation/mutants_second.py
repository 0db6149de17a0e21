"""Seeded bugs of one ledger with two remotes. Each does no harm where there is one."""

from __future__ import annotations

from typing import Any

from desktop.sync import absorb, ports, waiting
from tests.simulation.breaking import MUTANTS, mutant
from tests.simulation.seat import Place
from tests.simulation.sides import NetworkSide, Side
from tests.sync import memory
from tests.sync.memory_tables import LOCAL_ONLY

TWO_REMOTES = (
    "what waits for a decision at one remote is sent to the other",
    "the other remote's news decides what a person is asked",
    "it is in sync although the other remote's conflict is open",
    "changes that the remotes took in different order change places",
    "what the network has in part is taken for the whole",
    "what one remote deleted lives on at the other",
    "a draft is reported",
    "the institution's own is reported",
)


@mutant(TWO_REMOTES[0], (waiting, "_contested"))
def _here_alone(step: Any) -> set[Place]:
    return {conflict.place for conflict in step.conflicts()}


MUTANTS[TWO_REMOTES[1]] = ((absorb, "_stands_still", lambda *_: False),)
MUTANTS[TWO_REMOTES[2]] = ((waiting, "_n_standing_still", lambda *_: 0),)
MUTANTS[TWO_REMOTES[3]] = ((NetworkSide, "has_gone_on", lambda *_: False),)


@mutant(TWO_REMOTES[4], (NetworkSide, "put_local"))
def _in_part(self: Any, kind: str, key: str, body: Any) -> None:
    if (kind, key) in self.tables.rows and self._undo is not None and self.has_gone_on(kind, key, body):
        raise ports.Unplaced(ports.NOT_YET)
    Side.put_local(self, kind, key, body)


MUTANTS[TWO_REMOTES[5]] = ((Side, "is_gone", lambda *_: False),)
MUTANTS[TWO_REMOTES[6]] = ((NetworkSide, "withheld", memory.Memory.hidden),)
MUTANTS[TWO_REMOTES[7]] = ((NetworkSide, "local_only", LOCAL_ONLY),)
