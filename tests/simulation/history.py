"""One simulated history: seats of one institution, their people, the service, the line between them, and what goes wrong.

Everything follows from the seed: one source of random numbers, one counter of ids, a clock that is only a number.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from desktop.sync import carried
from desktop.sync import round as rounds
from desktop.sync.egress import Gate
from desktop.sync.groups import group_of
from desktop.sync.merge import WHOLE_ROW
from desktop.sync.messages import Limits
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.ports import BaseRow, Conflict, RemoteState
from desktop.sync.recovery import told
from tests.simulation.line import FAULTS, Line
from tests.simulation.people import People
from tests.simulation.provenance import Provenance, torn
from tests.simulation.service import Held, Holdings, Refused, Service
from tests.sync.memory import Killed, Memory, Tables

Place = tuple[str, str]
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
N_LONGEST = 20_000
LENGTHS = (20, 34, 34, 50, 80)


class Violation(Exception):
    """A promise was broken. ``kind`` is one of lost, doubled, diverged, stuck, leaked, silent."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


@dataclass
class Seat:
    """One ledger at one machine. ``notes`` are what its people wrote for themselves, ``deletions`` what they deleted last of a row
    (a node of the provenance)."""

    name: str
    device_id: str
    memory: Memory
    line: Any = None
    running: bool = False
    notes: dict[Place, str] = field(default_factory=dict)
    deletions: dict[Place, int] = field(default_factory=dict)

    def alive(self) -> None:
        """Rows that are there again are not deleted any more."""
        tables = self.memory.tables
        self.deletions = {place: n for place, n in self.deletions.items() if place not in tables.rows or place in tables.tombstones}


def _is_open(asked: Conflict | None, conflict: Conflict) -> bool:
    """Whether a person is asked this already, by the conflict before: about these groups, against the same of theirs."""
    if asked is None or not {*conflict.groups} <= {*asked.groups}:
        return False
    before, now = dict(asked.theirs or {}), dict(conflict.theirs or {})
    names = {name for name in {*before, *now} if group_of(conflict.kind, name) in conflict.groups}
    return all(before.get(name) == now.get(name) for name in names)


class History:
    """The world of one seed. ``play`` raises Violation."""

    def __init__(self, seed: int, service: Callable[..., Service] = Service) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.told: list[tuple[Any, ...]] = []
        self.counts: Counter[str] = Counter()
        self.provenance = Provenance()
        self.people = People(self)
        self.facts: dict[Place, dict[str, Any]] = {}
        self.owner: dict[Place, str] = {}
        self.lost_with_a_machine: set[int] = set()
        self.lost_facts: set[Place] = set()
        self.quiet = False
        self.depth = 0
        self._n_ids = 0
        self.now = datetime(2026, 1, 15, tzinfo=UTC)
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
        page = draw.choice((1, 2, 3)) if "small pages" in self.features else 50
        self.service = service(Limits(draw.choice((1, 2, 3, 50)), 1_048_576, page), self._applied)
        self.service.tells_digest = seed % 4 != 1
        # What came into the model later has random numbers of its own: the other histories stay what they were.
        self.aside = random.Random(f"later {seed}")
        self.limits_change = self.aside.random() < 0.12
        self.feed: list[tuple[Place, Held]] = []
        self.under_way: list[Callable[[], Any]] = []
        self.packages: list[tuple[Seat, carried.Outgoing]] = []
        self.answers: list[tuple[Seat, carried.Answer]] = []
        self.backups: list[tuple[Seat, Tables, dict[Place, str], dict[Place, int], bool]] = []
        self.tombstones: dict[str, int] = {}
        self.service_backups: list[Holdings] = []
        self.seats = [self._seat(n) for n in range(draw.choice((2, 2, 2, 2, 3, 3, 3, 4, 5, 8)))]

    def _seat(self, n: int) -> Seat:
        older = "older program" in self.features and self.random.random() < 0.5
        memory = Memory(unknown=frozenset({"power"}) if older else frozenset())
        seat = Seat("ABCDEFGH"[n], self.new_id(), memory)
        seat.line = Line(self, seat)
        memory.dies = lambda name, when: self._dies(seat, name, when)
        memory.contested = lambda conflict: self._contested(seat, conflict)
        memory.moved = lambda before, after: self._moved(seat, before, after)
        memory.put_state(RemoteState(self.service.server_id, str(self.service.epoch)))
        return seat

    def new_id(self) -> str:
        self._n_ids += 1
        return f"{self._n_ids:08x}-0000-7000-8000-00000000000a"

    def note(self, what: str, seat: Seat | None, *more: Any) -> None:
        """Something for the readable history."""
        if len(self.told) >= N_LONGEST:
            raise Violation("stuck", "it goes on and on")
        self.told.append((what, seat.name if seat else "-", *more))

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

    def _contested(self, seat: Seat, conflict: Conflict) -> None:
        """Nobody has a conflict with what they had seen: that is their own change come back as another's."""
        self.counts["conflict"] += 1
        place = conflict.place
        # Where something was restored, carried or taken apart, the engine may have to ask what it cannot know any more.
        unsure = any(self.counts[name] for name in ("seat restored", "service restored", "package"))
        if unsure or "sync: take a batch apart" in seat.memory.names or seat.memory.hidden(place):
            return
        if {WHOLE_ROW, "asset_number"} & {*conflict.groups} or "classify" in self.features:
            return
        if conflict.base is None or place in self.posted_twice() or _is_open(seat.memory.conflict(*place), conflict):
            return
        names = {name for body in (conflict.mine, conflict.theirs) for name in body or {}}
        contested = {name for name in names if group_of(conflict.kind, name) in conflict.groups}
        if self.provenance.had_seen(place, conflict.mine, conflict.theirs, contested):
            raise Violation("doubled", f"seat {seat.name} is asked about {place} although it had seen all of it")

    def _moved(self, seat: Seat, before: BaseRow | None, after: BaseRow) -> None:
        if before is not None and after.token in before.seen:
            raise Violation("doubled", f"seat {seat.name} goes back to a state of {after.place} that was replaced")
        self.met(seat, after)

    def met(self, seat: Seat, base: BaseRow | None) -> None:
        """A deletion of what the remote is known to hold as deleted is that deletion: it tells nobody anything new.

        Two people who delete one row have done one thing, and so has one who withdraws a row and then throws it away; who
        keeps the row in sight of one deletion decides against both.
        """
        if base is not None and base.merged and base.token in self.tombstones and base.place in seat.deletions:
            self.provenance.seen[self.tombstones[base.token]].add(seat.deletions[base.place])

    def meanwhile(self, seat: Seat) -> None:
        """While a request is on the way: people go on working, other seats synchronise."""
        if self.quiet or self.random.random() >= self.meddling:
            return
        draw = self.random.random()
        if draw < 0.5:
            self.counts["edit during a run"] += 1
            self.people.act(seat)
        elif draw < 0.6:
            self._rare(self.random.choice(self.seats))
        elif self.depth < 2:
            self.counts["runs overlap"] += 1
            self.sync(self.random.choice(self.seats))

    def leaves(self, seat: Seat, content: bytes, address: str) -> None:
        """Bytes leave a seat: none of them may be confidential there."""
        memory = seat.memory
        secret = [(place, row) for place, row in memory.tables.rows.items() if memory.hidden(place)]
        if not secret:
            return
        text = content.decode() + address
        for place, row in secret:
            names = [] if place in memory.tables.tombstones else [place[1]]
            if row.get("confidential"):
                names += [row[n] for n in ("asset_number", "number", "name", "technical", "rating", "note") if n in row]
            for name in names:
                if name in text:
                    raise Violation("leaked", f"{name} of {place} left seat {seat.name}")

    def _applied(self, place: Place, held: Held) -> None:
        before = next((h for p, h in reversed(self.feed) if p == place), None)
        if before is not None and not held.recovered and before.token == held.parent and before.body == held.body:
            raise Violation("doubled", f"a change of {place} that changes nothing took effect")
        if held.body is not None and torn(place[0], held.body):
            raise Violation("silent", f"{torn(place[0], held.body)} of {place} is half of one edit and half of another")
        if place in self.facts and held.body != self.facts[place]:
            raise Violation("lost", f"the posting {place} arrived as {held.body}")
        if before is not None and before.body is None and held.body is not None and before.device_id == held.device_id is not None:
            # Who gives a withdrawal up that was under way brings the row back; another's deletion of the same is as settled.
            self.provenance.settled(place, held.body, self.provenance.deletions.get(place, ()))
        sender = next((seat for seat in self.seats if seat.device_id == held.device_id), None)
        if held.body is None and sender is not None and place in sender.deletions:
            self.tombstones[held.token] = sender.deletions[place]
        self.feed.append((place, held))
        self.note("applied", None, place, held.action, held.token, held.body)

    # What happens.

    def play(self) -> None:
        """Play the history to its quiet end and check every promise."""
        from tests.simulation import promises

        for _ in range(self.random.randrange(6, self.n_steps)):
            self.step()
        promises.quiet(self)
        promises.tampering_shows(self)

    def step(self) -> None:
        """One thing happens."""
        if self.limits_change and self.aside.random() < 0.1:
            self._limits()
        draw, seat = self.random.random(), self.random.choice(self.seats)
        if draw < self.rarity:
            self._rare(seat)
        elif draw < self.rarity + 0.04:
            if self.under_way:
                self.arrive()
        elif draw < self.rarity + 0.34:
            self.sync(seat)
        else:
            self.people.act(seat)

    def _rare(self, seat: Seat) -> None:
        acts: list[Callable[[Seat], None]] = []
        if "seat restored" in self.features:
            acts += [self._seat_restored if self.backups and self.random.random() < 0.6 else self._seat_backup]
        if "service restored" in self.features:
            acts += [self._service_restored if self.service_backups and self.random.random() < 0.6 else self._service_backup]
        if "packages" in self.features:
            acts += [self._take_in] if self.answers else [self._carry] if self.packages and not self.service.frozen else [self._hand_out]
            acts.append(self.random.choice((self._hand_out, self._carry)))
        if "frozen" in self.features:
            acts.append(self._freeze)
        if "older program" in self.features:
            acts.append(self._upgrade)
        if "clock jumps" in self.features:
            acts.append(self._clock)
        if "previews" in self.features:
            acts.append(self._preview)
        if acts:
            self.random.choice(acts)(seat)

    def arrive(self) -> None:
        """A request that was thought lost takes effect after all."""
        effect = self.under_way.pop(self.random.randrange(len(self.under_way)))
        self.counts["late arrival"] += 1
        self.note("arrives late", None)
        with suppress(Refused):
            effect()

    def sync(self, seat: Seat, approved: frozenset[str] | None = None) -> rounds.RunReport | None:
        """One run at a seat; None when it did not come to its end."""
        if seat.running:
            return None
        seat.running = True
        seat.alive()
        self.depth += 1
        n_told = len(self.told)
        self.note("syncs", seat)
        try:
            report = rounds.run(seat.memory, seat.line, self.new_id, approved=approved)
        except (RemoteProblem, Withheld, Killed) as ended:
            self.note("ended", seat, type(ended).__name__, str(ended))
            if self.quiet:
                raise Violation("stuck", f"a run on a whole line at seat {seat.name} ended with {ended!r}") from ended
            return None
        finally:
            # What is noted on a row goes with the row when somebody else deletes it.
            seat.notes = {place: note for place, note in seat.notes.items() if place in seat.memory.tables.rows}
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

    # Rare things.

    def _seat_backup(self, seat: Seat) -> None:
        self.note("backs up", seat)
        self.backups.append((seat, seat.memory.tables.copy(), dict(seat.notes), dict(seat.deletions), bool(seat.memory.unknown)))

    def _seat_restored(self, _seat: Seat) -> None:
        seat, tables, notes, deletions, older = self.random.choice(self.backups)
        if seat.running or older != bool(seat.memory.unknown):
            return
        self.counts["seat restored"] += 1
        self.note("is restored", seat)
        seat.memory.tables = tables.copy()
        seat.notes, seat.deletions = dict(notes), dict(deletions)
        self.forget()

    def _service_backup(self, _seat: Seat) -> None:
        self.note("service backs up", None)
        self.service_backups.append(self.service.backup())

    def _service_restored(self, _seat: Seat) -> None:
        self.counts["service restored"] += 1
        self.note("service is restored", None)
        self.service.restore(self.random.choice(self.service_backups))
        self.forget()

    def forget(self) -> None:
        """After a restore: what no machine holds any more, in no form and behind nothing, is lost with the machine."""
        held: set[int] = set()
        typed = self.provenance
        facts: set[Place] = set()

        def see(place: Place, body: Any) -> None:
            held.update(typed.whole(place, body))
            facts.add(place)

        for seat in self.seats:
            tables, gate = seat.memory.tables, Gate(seat.memory.markers())
            for place, row in tables.rows.items():
                see(place, row)
            for place in tables.tombstones:
                see(place, None)
            for place, base in tables.bases.items():
                # A seat that never had the row, or may not name it, has nothing to say against what comes back.
                held_here = place in tables.gone if base.body is None else base.merged or not seat.memory.hidden(place)
                # Nor has one whose gate finds something confidential in a row that never came into its ledger.
                if held_here and (base.merged or gate.lets(told(base))):
                    see(place, base.body)
            for place, conflict in tables.open.items():
                see(place, conflict.mine)
                see(place, conflict.theirs)
        for place, entity in self.service.held.entities.items():
            see(place, entity.body)
        alive = typed.behind(held)
        # A decision for no value looks like any older row that has none: whether a machine still holds it cannot be seen.
        self.lost_with_a_machine |= (set(typed.seen) - alive) | typed.without
        self.lost_facts |= set(self.facts) - facts

    def posted_twice(self) -> set[Place]:
        """Records that two seats posted, or took back, each without the other's posting."""
        times = Counter((fact["record_id"], fact["reverses"]) for fact in self.facts.values())
        return {("service_record", key) for (key, _), n in times.items() if n > 1}

    def _limits(self) -> None:
        self.counts["limits changed"] += 1
        n_changes = self.aside.choice((1, 2, 3, 50))
        self.service.limits = msgspec.structs.replace(self.service.limits, n_changes=n_changes)
        self.note("limits changed", None, n_changes)

    def _freeze(self, _seat: Seat) -> None:
        self.counts["frozen" if not self.service.frozen else "thawed"] += 1
        self.service.frozen = not self.service.frozen
        self.note("service frozen" if self.service.frozen else "service thawed", None)

    def _upgrade(self, seat: Seat) -> None:
        if seat.memory.unknown and not seat.running:
            self.counts["seat upgraded"] += 1
            self.note("is upgraded", seat)
            seat.memory.upgrade()

    def _clock(self, _seat: Seat) -> None:
        self.counts["clock jump"] += 1
        self.now += timedelta(days=self.random.choice((-400, -1, 30, 4000)))
        self.service.now = int(self.now.timestamp())

    def _preview(self, seat: Seat) -> None:
        """Look at what would leave; approve it, refuse it, or go away without a word."""
        if seat.running:
            return
        self.counts["preview"] += 1
        self.note("previews", seat)
        try:
            shown = rounds.prepare(seat.memory, self.service.capabilities(), self.new_id)
        except (Killed, Withheld):
            return
        draw = self.random.random()
        if draw < 0.5:
            self.sync(seat, frozenset(shown.digests))
        elif draw < 0.8:
            with suppress(Killed):
                rounds.discard(seat.memory)

    # Packages.

    def _hand_out(self, seat: Seat) -> None:
        if seat.running:
            return
        remote = self.service.capabilities()
        try:
            package = carried.hand_out(seat.memory, remote, self.new_id)
        except (Killed, Withheld):
            return
        self.counts["package"] += 1
        self.note("hands out", seat, [batch.key for batch in package.batches], len(package.tails))
        for content in [*(batch.content for batch in package.batches), *package.tails]:
            self.leaves(seat, content, "")
        self.packages.append((seat, package))

    def _carry(self, _seat: Seat) -> None:
        """A package reaches the service, perhaps not for the first time, perhaps after later ones."""
        if not self.packages or self.service.frozen:
            return
        n = self.random.randrange(len(self.packages))
        seat, package = self.packages[n]
        if self.random.random() < 0.6:
            del self.packages[n]
        self.counts["package carried"] += 1
        try:
            answer = answered(self.service, seat.device_id, package)
        except Refused as refusal:
            # Its batches are above limits that are lower now: there is no answer to it.
            self.note("package refused", seat, refusal.code)
            return
        self.note("package carried", seat, answer.epoch, [receipt.key for receipt in answer.receipts], len(answer.pages))
        self.answers.append((seat, answer))

    def _take_in(self, _seat: Seat) -> None:
        n = self.random.randrange(len(self.answers))
        seat, answer = self.answers[n]
        if seat.running:
            return
        if self.random.random() < 0.6:
            del self.answers[n]
        self.counts["answer taken in"] += 1
        with suppress(Killed):
            self.note("takes in", seat, carried.take_in(seat.memory, answer))


def answered(service: Service, device_id: str, package: carried.Outgoing) -> carried.Answer:
    """The service works through a package."""
    epoch = str(service.epoch)
    asked = package.epoch, package.cursor, package.tail_sha256
    if package.epoch != epoch and not package.tails:
        return carried.Answer(service.server_id, epoch, *asked)
    receipts = [service.send(device_id, batch.content) for batch in package.batches]
    recovered = [service.recover(content) for content in package.tails]
    pages, cursor = [], "" if package.tails else package.cursor
    while True:
        page = service.changes(cursor)
        pages.append(page)
        cursor = page.cursor
        if not page.more:
            break
    return carried.Answer(service.server_id, epoch, *asked, tuple(receipts), tuple(recovered), tuple(pages))
