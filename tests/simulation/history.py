"""One simulated history: seats of one institution, their people, the service, the line between them, and what goes wrong.

Everything follows from the seed: one source of random numbers, one counter of ids, clocks that are only numbers.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from desktop.sync import round as rounds
from desktop.sync.messages import Limits
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.ports import RemoteState
from tests.simulation.clocks import Clocks
from tests.simulation.files import N_PART_BYTES, Files
from tests.simulation.line import FAULTS, Line
from tests.simulation.mischance import Mischance
from tests.simulation.older import Older
from tests.simulation.people import People
from tests.simulation.provenance import Provenance
from tests.simulation.reversals import Reversals
from tests.simulation.seat import Place, Seat, Violation
from tests.simulation.second import Second
from tests.simulation.service import Service
from tests.simulation.sizes import Sizes
from tests.simulation.third import Third
from tests.simulation.twice import Twice
from tests.simulation.watch import Watch
from tests.sync.memory import Memory
from tests.sync.memory_tables import Killed

FEATURES = (
    "classify",
    "numbers",
    "double posting",
    "seat restored",
    "service restored",
    "packages",
    "frozen",
    "older program",
    "clock jumps",
    "previews",
    "small pages",
)
LATER = ("limits", "twice", "reversals", "files", "third", "again", "beside", "second", "sizes", "older")
N_LONGEST = 60_000
LENGTHS = (20, 34, 34, 50, 80)


class History:
    """The world of one seed. ``play`` raises Violation. ``later``: the parts that came into the model later, each with random numbers of
    its own: without them a history is what it was before."""

    def __init__(self, seed: int, service: Callable[..., Service] = Service, later: Collection[str] = LATER) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.told: list[tuple[Any, ...]] = []
        self.counts: Counter[str] = Counter()
        self.provenance = Provenance()
        self.people = People(self)
        self.watch = Watch(self)
        self.mischance = Mischance(self)
        self.twice = Twice(self, drawn="twice" in later)
        self.files = Files(self, drawn="files" in later)
        self.reversals = Reversals(self, drawn="reversals" in later)
        self.third = Third(self, drawn="third" in later, again="again" in later, beside="beside" in later)
        self.second = Second(self, drawn="second" in later)
        self.sizes = Sizes(self, drawn="sizes" in later and not self.second.meant)
        self.older = Older(self, drawn="older" in later)
        self.owner: dict[Place, str] = {}
        self.quiet = False
        self.depth = 0
        self._n_ids = 0
        self.clocks = Clocks(self)
        draw = self.random
        self.features = {name for name in FEATURES if draw.random() < 0.35}
        self.faults = [name for name in FAULTS if draw.random() < 0.5]
        self.fault_rate = draw.choice((0.0, 0.05, 0.12, 0.3)) if self.faults else 0.0
        self.death_rate = draw.choice((0.0, 0.0, 0.01, 0.04))
        self.meddling = draw.choice((0.0, 0.05, 0.12))
        self.n_instruments = draw.choice((1, 2, 3, 20))
        self.rarity = draw.choice((0.16, 0.24, 0.4))
        self.n_steps = draw.choice(LENGTHS)
        if draw.random() < 0.3:
            # Few things, and they meet: two people over one row, and one or two kinds of mischance.
            self.features = set(draw.sample(FEATURES, draw.choice((1, 2, 2))))
            self.n_instruments, self.rarity, self.n_steps = 1, draw.choice((0.16, 0.3)), 60
            self.fault_rate = self.fault_rate and draw.choice((0.0, self.fault_rate))
        self.third.set_up()
        self.second.set_up()
        page = draw.choice((1, 2, 3)) if "small pages" in self.features else 50
        self.service = service(Limits(draw.choice((1, 2, 3, 50)), 1_048_576, page), self.watch.applied)
        self.service.tells_digest = seed % 4 != 1
        self.service.n_part_bytes = N_PART_BYTES
        self.services = [self.service, *self.second.services(service)]
        self.sizes.set_up()
        self.aside = random.Random(f"later {seed}")
        self.limits_change = "limits" in later and self.aside.random() < 0.12
        self.seats = [self._seat(n) for n in range(draw.choice((2, 2, 2, 2, 3, 3, 3, 4, 5, 8)))]

    @property
    def sides(self) -> list[Seat]:
        """Every seat with each of its remotes."""
        return [side for seat in self.seats for side in seat.sides]

    def _seat(self, n: int) -> Seat:
        older = "older program" in self.features and self.random.random() < 0.5
        unknown = frozenset({"power"}) if older else frozenset[str]()
        memory = self.second.memory() if self.second.meant else Memory(unknown=unknown)
        seat = Seat("ABCDEFGH"[n], self.new_id(), memory, self.service)
        self.enrol(seat)
        self.second.beside(seat)
        return seat

    def enrol(self, seat: Seat) -> None:
        """A ledger knows its remote, and all that happens at it is seen."""
        memory = seat.memory
        seat.line = Line(self, seat)
        memory.clock = self.clocks.of(seat.name)
        memory.dies = lambda name, when: self._dies(seat, name, when)
        memory.contested = lambda conflict: self.watch.contested(seat, conflict)
        memory.moved = lambda before, after: self.watch.moved(seat, before, after)
        memory.adopted = lambda ours, theirs: self._adopted(seat, ours, theirs)
        # What is noted on a row goes with the row when somebody else deletes it, although it may be back before the run ends.
        memory.went = lambda place: seat.notes.pop(place, None)
        memory.put_state(RemoteState(seat.service.server_id, str(seat.service.epoch)))

    def new_id(self) -> str:
        self._n_ids += 1
        return f"{self._n_ids:08x}-0000-7000-8000-00000000000a"

    def note(self, what: str, seat: Seat | None, *more: Any) -> None:
        """Something for the readable history."""
        if len(self.told) >= N_LONGEST:
            raise Violation("stuck", "it goes on and on")
        self.told.append((what, seat.called if seat else "-", *more))

    # What the line and the storage ask.

    def draw_fault(self) -> str | None:
        if self.quiet or self.random.random() >= self.fault_rate:
            return None
        fault = self.random.choice(self.faults)
        self.counts[fault] += 1
        return fault

    def _dies(self, seat: Seat, name: str, when: str) -> bool:
        if when == "after":
            seat.alive()
        if self.quiet or self.random.random() >= self.death_rate:
            return False
        self.counts[f"killed {when} a commit"] += 1
        self.note("killed", seat, when, name)
        return True

    def _adopted(self, seat: Seat, ours: Place, theirs: Place) -> None:
        """A row of a seat took the key of the same thing elsewhere."""
        self.counts["one thing of two seats"] += 1
        self.note("adopts", seat, ours, theirs)
        self.provenance.one(ours, theirs)
        self.owner.setdefault(theirs, seat.name)
        if ours in seat.notes:
            seat.notes[theirs] = seat.notes.pop(ours)

    def meanwhile(self, seat: Seat) -> None:
        """While a request is on the way: people go on working, other seats synchronise."""
        if self.quiet or self.random.random() >= self.meddling:
            return
        draw = self.random.random()
        if draw < 0.5:
            self.counts["edit during a run"] += 1
            self.people.act(seat)
        elif draw < 0.6:
            self.mischance.happen(self.second.side(self.random.choice(self.seats)))
        elif self.depth < 2:
            self.counts["runs overlap"] += 1
            self.sync(self.second.side(self.random.choice(self.seats)))

    # What happens.

    def play(self) -> None:
        """Play the history to its quiet end and check every promise."""
        from tests.simulation import promises

        self.third.begin()
        for _ in range(self.random.randrange(6, self.n_steps)):
            self.step()
        promises.quiet(self)
        promises.tampering_shows(self)

    def step(self) -> None:
        """One thing happens."""
        if self.limits_change and self.aside.random() < 0.1:
            self.mischance.limits()
        self.sizes.act()
        self.older.act()
        self.files.forgotten()
        draw, seat = self.random.random(), self.second.side(self.random.choice(self.seats))
        if draw < self.rarity:
            self.mischance.happen(seat)
        elif draw < self.rarity + 0.04:
            if self.mischance.under_way:
                self.mischance.arrive()
        elif draw < self.rarity + 0.34:
            self.sync(seat)
        else:
            self.people.act(seat)

    def sync(self, seat: Seat, approved: frozenset[str] | None = None) -> rounds.RunReport | None:
        """One run at a seat; None when it did not come to its end."""
        if seat.running:
            return None
        seat.running = True
        seat.alive()
        self.depth += 1
        n_told = len(self.told)
        self.note("syncs", seat)
        self.second.counted(seat)
        try:
            report = rounds.run(seat.memory, seat.line, self.new_id, approved=approved)
        except (RemoteProblem, Withheld, Killed) as ended:
            self.note("ended", seat, type(ended).__name__, str(ended))
            if self.quiet:
                raise Violation("stuck", f"a run on a whole line at seat {seat.name} ended with {ended!r}") from ended
            return None
        finally:
            seat.running = False
            self.depth -= 1
        self.note("report", seat, report)
        if report.digest_equal is False and not self.counts["tampering"]:
            raise Violation("diverged", f"seat {seat.name} believes something of the service that is not so")
        if report.in_sync:
            from tests.simulation import promises

            promises.in_sync(self, seat)
        if len(self.told) == n_told:
            raise AssertionError
        return report
