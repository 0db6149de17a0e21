"""Histories with two remotes: every seat has the hub and the network, and whatever happens happens at one or the other. The random numbers
that tell which are of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.sync.ports import NOT_YET, Parked
from tests.simulation.seat import Seat, Violation
from tests.simulation.service import Service
from tests.simulation.sides import INSTITUTION_ONLY, NetworkSide, OtherSide, Side, share
from tests.sync.memory import Memory
from tests.sync.memory_tables import Tables

if TYPE_CHECKING:
    from tests.simulation.history import History

SHARE = 0.12
NETWORK_ID = "00000000-5e2f-4000-8000-000000000002"


class Second:
    """The second remote of one history, if it has one; most have not. ``drawn``: the model has it at all."""

    def __init__(self, history: History, *, drawn: bool) -> None:
        self.history = history
        self.random = random.Random(f"second {history.seed}")
        self.meant = drawn and self.random.random() < SHARE and not history.third.meant
        self.network: Service | None = None

    def set_up(self) -> None:
        """What such a history is without: what the model of one ledger with two remotes has not, and facts told twice, of which each remote
        keeps its own (decisions 0033 and 0037)."""
        if self.meant:
            history = self.history
            history.features -= {"double posting", "older program"}
            history.twice.rate = history.files.rate = history.reversals.rate = 0.0
            history.reversals.drawn = False
            history.counts["histories with two remotes"] += 1

    def services(self, service: Callable[..., Service]) -> list[Service]:
        """The network, beside the hub."""
        if not self.meant:
            return []
        hub = self.history.service
        limits = msgspec.structs.replace(hub.limits, n_changes=self.random.choice((1, 2, 50)))
        self.network = service(limits, self.history.watch.applied_there)
        self.network.server_id, self.network.tells_digest = NETWORK_ID, hub.tells_digest
        return [self.network]

    def memory(self) -> Memory:
        """The ledger of a seat with the hub."""
        return Side()

    def beside(self, seat: Seat) -> None:
        """The seat has the network as well."""
        if not self.meant:
            return
        hub, network = seat.memory, NetworkSide()
        assert isinstance(hub, Side)
        hub.other, network.other = network, hub
        network.recorded = hub.recorded
        share(hub, network)
        self.history.enrol(OtherSide(seat, self.history.new_id(), network, self.network))

    def side(self, seat: Seat) -> Seat:
        """The seat with one of its remotes."""
        return self.random.choice(seat.sides) if self.meant else seat

    def counted(self, seat: Seat) -> None:
        """One more run with this remote."""
        if self.meant:
            self.history.counts["runs with the network" if seat.service is self.network else "runs with a hub beside it"] += 1

    def gone_back(self, seat: Seat, kept: Sequence[Tables]) -> None:
        """A seat is as it was kept, with what it knew of each remote."""
        first, *others = zip(seat.sides, kept, strict=True)
        first[0].memory.tables = first[1].copy()
        for side, tables in others:
            share(first[0].memory, side.memory, tables.copy())

    def which(self, service: Service) -> tuple[str, ...]:
        """The remote, as the readable history calls it."""
        return () if not self.meant else ("network",) if service is self.network else ("hub",)

    def may_post(self) -> bool:
        """A record posted anew at a restored seat is two facts, of which each remote may have another; the model has no giving way."""
        return not self.meant or "seat restored" not in self.history.features

    def of_posting(self, seat: Seat) -> dict[str, Any]:
        """What a posting says to the institution alone."""
        return {"technician_id": seat.name} if self.meant else {}

    def part(self, service: Service, body: Mapping[str, Any]) -> dict[str, Any]:
        """What reaches a remote of a row."""
        left = INSTITUTION_ONLY if service is self.network else frozenset[str]()
        return {name: value for name, value in body.items() if name not in left}

    def reaches(self, seat: Seat, content: bytes) -> None:
        """What leaves for the network is for the network."""
        if self.meant and seat.service is self.network:
            for text in (*(f'"{name}":' for name in INSTITUTION_ONLY), '"state":"draft"'):
                if text.encode() in content:
                    raise Violation("leaked", f"{text} left seat {seat.name} for the network")

    def n_standing_still(self, seat: Seat) -> int:
        """How many rows may wait at one remote for a decision at the other."""
        return sum(len(side.memory.tables.open) for side in seat.sides if side is not seat)

    def only_there(self, seat: Seat, row: Parked) -> bool:
        """Whether the network alone has a row: it was lost with the seat that made it, or is confidential there. It stays listed. So does a posting
        whose record became confidential where it was posted before anybody heard so: a draft elsewhere, it does not reach the network."""
        if row.kind == "posting" and row.waiting_for is not None and any(other.memory.hidden(row.waiting_for) for other in self.history.seats):
            return self.meant
        return row.code == NOT_YET and (row.kind, row.id) not in self.history.service.live()
