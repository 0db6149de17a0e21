"""Rare things that befall a history: backups and restores, packages by hand, a frozen service, a clock that jumps, an upgrade,
a preview, other limits; and requests that arrive late."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import msgspec

from desktop.sync import carried
from desktop.sync import round as rounds
from desktop.sync.outcome import Withheld
from tests.simulation.clocks import JUMPS
from tests.simulation.seat import Place, Seat
from tests.simulation.service import Holdings, Refused, Service
from tests.sync.memory_tables import Killed, Tables

if TYPE_CHECKING:
    from tests.simulation.history import History

Answer = TypeVar("Answer")


class Mischance:
    """What goes wrong, or is seldom done, in one history; the random numbers are its own."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.random = history.random
        self.under_way: list[Callable[[], object]] = []
        self.packages: list[tuple[Seat, carried.Outgoing]] = []
        self.answers: list[tuple[Seat, carried.Answer]] = []
        self.backups: list[tuple[Seat, list[Tables], dict[Place, str], dict[Place, int], bool]] = []
        self.service_backups: list[tuple[Service, Holdings]] = []

    def happen(self, seat: Seat) -> None:
        """One rare thing, if this history has any."""
        acts: list[Callable[[Seat], None]] = []
        if "seat restored" in self.history.features:
            acts += [self.seat_restored if self.backups and self.random.random() < 0.6 else self.seat_backup]
        if "service restored" in self.history.features:
            acts += [self.service_restored if self.service_backups and self.random.random() < 0.6 else self.service_backup]
        if "packages" in self.history.features:
            acts += [self._take_in] if self.answers else [self._carry] if self.packages and not self._any_frozen() else [self._hand_out]
            acts.append(self.random.choice((self._hand_out, self._carry)))
        if "frozen" in self.history.features:
            acts.append(self._freeze)
        if "older program" in self.history.features:
            acts.append(self._upgrade)
        if "clock jumps" in self.history.features:
            acts.append(self._clock)
        if "previews" in self.history.features:
            acts.append(self._preview)
        if acts:
            self.random.choice(acts)(seat)

    def arrive(self) -> None:
        """A request that was thought lost takes effect after all."""
        effect = self.under_way.pop(self.random.randrange(len(self.under_way)))
        self.history.counts["late arrival"] += 1
        self.history.note("arrives late", None)
        with suppress(Refused):
            effect()

    def seat_backup(self, seat: Seat) -> None:
        """What a seat holds is kept."""
        self.history.note("backs up", seat)
        kept = [side.memory.tables.copy() for side in seat.sides]
        self.backups.append((seat, kept, dict(seat.notes), dict(seat.deletions), bool(seat.memory.unknown)))

    def seat_restored(self, _seat: Seat) -> None:
        """A seat goes back to a backup."""
        if not self.backups:
            return
        seat, kept, notes, deletions, older = self.random.choice(self.backups)
        if seat.running or older != bool(seat.memory.unknown):
            return
        self.history.counts["seat restored"] += 1
        self.history.note("is restored", seat)
        before = self.history.watch.alive(set())
        self.history.second.gone_back(seat, kept)
        seat.memory.forget_files()
        seat.notes, seat.deletions = dict(notes), dict(deletions)
        self.history.watch.forget(before)

    def service_backup(self, seat: Seat) -> None:
        """What the service holds is kept."""
        self.history.note("service backs up", None, *self.history.second.which(seat.service))
        self.service_backups.append((seat.service, seat.service.backup()))

    def service_restored(self, _seat: Seat) -> None:
        """The service goes back to a backup."""
        if not self.service_backups:
            return
        self.history.counts["service restored"] += 1
        service, kept = self.random.choice(self.service_backups)
        self.history.note("service is restored", None, *self.history.second.which(service))
        before = self.history.watch.alive(set())
        service.restore(kept)
        self.history.watch.forget(before)

    def limits(self) -> None:
        """The service takes larger or smaller batches from now on."""
        self.history.counts["limits changed"] += 1
        n_changes, n_bytes = self.history.aside.choice((1, 2, 3, 50)), self.history.sizes.n_bytes()
        self.history.service.limits = msgspec.structs.replace(self.history.service.limits, n_changes=n_changes, n_bytes=n_bytes)
        self.history.note("limits changed", None, n_changes, n_bytes)

    def _freeze(self, seat: Seat) -> None:
        service = seat.service
        self.history.counts["frozen" if not service.frozen else "thawed"] += 1
        service.frozen = not service.frozen
        self.history.note("service frozen" if service.frozen else "service thawed", None, *self.history.second.which(service))

    def _any_frozen(self) -> bool:
        return any(service.frozen for service in self.history.services)

    def _upgrade(self, seat: Seat) -> None:
        if seat.memory.unknown and not seat.running:
            self.history.counts["seat upgraded"] += 1
            self.history.note("is upgraded", seat)
            seat.memory.upgrade()

    def _clock(self, _seat: Seat) -> None:
        self.history.counts["clock jump"] += 1
        clocks = self.history.clocks
        seat = clocks.jump(self.random.choice(JUMPS), self.history.seats)
        for service in self.history.services:
            service.now = clocks.service
        self.history.note("clocks jump", seat, clocks.seats[seat.name].date(), clocks.service.date())

    def _preview(self, seat: Seat) -> None:
        """Look at what would leave; approve it, refuse it, or go away without a word."""
        if seat.running:
            return
        self.history.counts["preview"] += 1
        self.history.note("previews", seat)
        try:
            shown = rounds.prepare(seat.memory, seat.service.capabilities(), self.history.new_id)
        except (Killed, Withheld):
            return
        draw = self.random.random()
        if draw < 0.5:
            self.history.sync(seat, frozenset(shown.digests))
        elif draw < 0.8:
            with suppress(Killed):
                rounds.discard(seat.memory)

    # Packages.

    def _hand_out(self, seat: Seat) -> None:
        if seat.running:
            return
        remote = seat.service.capabilities()
        try:
            package = carried.hand_out(seat.memory, remote, self.history.new_id)
        except (Killed, Withheld):
            return
        self.history.counts["package"] += 1
        self.history.note("hands out", seat, [batch.key for batch in package.batches], len(package.tails))
        for content in [*(batch.content for batch in package.batches), *package.tails]:
            self.history.watch.leaves(seat, content, "")
        self.packages.append((seat, package))

    def _carry(self, _seat: Seat) -> None:
        """A package reaches the service, perhaps not for the first time, perhaps after later ones."""
        if not self.packages or self._any_frozen():
            return
        n = self.random.randrange(len(self.packages))
        seat, package = self.packages[n]
        if self.random.random() < 0.6:
            del self.packages[n]
        self.history.counts["package carried"] += 1
        answer = answered(seat.service, seat.device_id, package)
        self.history.note("package carried", seat, answer.epoch, [receipt.key for receipt in answer.receipts], len(answer.pages))
        self.answers.append((seat, answer))

    def _take_in(self, _seat: Seat) -> None:
        n = self.random.randrange(len(self.answers))
        seat, answer = self.answers[n]
        if seat.running:
            return
        if self.random.random() < 0.6:
            del self.answers[n]
        self.history.counts["answer taken in"] += 1
        with suppress(Killed):
            self.history.note("takes in", seat, carried.take_in(seat.memory, answer))


def answered(service: Service, device_id: str, package: carried.Outgoing) -> carried.Answer:
    """The service works through a package."""
    epoch = str(service.epoch)
    asked = package.epoch, package.cursor, package.tail_sha256
    if package.epoch != epoch and not package.tails:
        return carried.Answer(service.server_id, epoch, *asked)
    receipts = [receipt for batch in package.batches for receipt in _taken(service.send, device_id, batch.content)]
    recovered = [told for content in package.tails for told in _taken(service.recover, content)]
    pages, cursor = [], "" if package.tails else package.cursor
    while True:
        page = service.changes(cursor)
        pages.append(page)
        cursor = page.cursor
        if not page.more:
            break
    return carried.Answer(service.server_id, epoch, *asked, tuple(receipts), tuple(recovered), tuple(pages))


def _taken(take: Callable[..., Answer], *given: object) -> list[Answer]:
    """What is said to one file of a package; nothing to one above limits that are lower now."""
    try:
        return [take(*given)]
    except Refused:
        return []
