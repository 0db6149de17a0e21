"""The promises, checked when a history has come to rest: nothing lost, doubled, diverged, stuck, leaked or silent.

First the line is whole and people go home: everything that can arrive must arrive by itself, and what does not must be
visible. Then people decide and mend; after that all must hold the same.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from desktop.sync.merge import same
from desktop.sync.round import RunReport
from tests.simulation.files import without_file
from tests.simulation.seat import Violation
from tests.simulation.twice import come_together
from tests.sync.memory_tables import LINKS

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Seat

Place = tuple[str, str]
N_PASSES = 6
N_ROUNDS_OF_DECIDING = 14


def in_sync(history: History, seat: Seat) -> None:
    """A seat says that it is in sync: then it holds what the service held when it compared, if nothing came since."""
    memory = seat.memory
    state = memory.state()
    if state is None or state.cursor != seat.service.digest().cursor:
        return
    theirs = seat.service.live()
    for place in {**memory.tables.rows, **theirs}:
        if memory.withheld(place):
            continue
        if not same(memory.standing(*place).local, theirs.get(place)):
            raise Violation("diverged", f"seat {seat.name} says it is in sync but differs in {place}")


def quiet(history: History) -> None:
    """Come to rest, and keep every promise."""
    history.note("quiet", None)
    while history.mischance.under_way:
        if history.random.random() < 0.5:
            history.mischance.arrive()
        else:
            history.mischance.under_way.pop()
    history.quiet = True
    history.older.renewed()
    for service in history.services:
        service.frozen = False
    for seat in history.seats:
        if seat.memory.unknown:
            seat.memory.upgrade()
    _level(history)
    _visible(history)
    _nothing_waits_in_vain(history)
    if history.sizes.roomy():
        # What no body could hold was visible until now, and goes by itself.
        _level(history)
        _visible(history)
        _nothing_waits_in_vain(history)
    apart = come_together(history)
    if apart:
        raise Violation("stuck", apart)
    for _ in range(N_ROUNDS_OF_DECIDING):
        if not _decide(history):
            break
        _level(history)
    reports = _level(history)
    for seat, report in zip(history.sides, reports, strict=True):
        left = _posted_twice(history, seat)
        if (report.conflicts, report.parked) != left or report.pending or report.digest_equal is not True:
            raise Violation("stuck", f"seat {seat.name} after all was decided: {report}")
    _visible(history)
    _everything_is_there(history)


def _level(history: History) -> list[RunReport]:
    """Run every seat until a whole pass brings nothing new."""
    for _ in range(N_PASSES + len(history.sides)):
        reports = []
        for seat in history.sides:
            report = history.sync(seat)
            if report is None:
                raise Violation("stuck", f"seat {seat.name} did not come to the end of a run")
            reports.append(report)
        if not any(r.sent or r.received or r.recovered or r.digest_equal is not True for r in reports):
            break
    for seat, report in zip(history.sides, reports, strict=True):
        if report.pending > history.second.n_standing_still(seat) or report.digest_equal is not True:
            raise Violation("stuck", f"seat {seat.name} on a whole line: {report}")
    return reports


def _visible(history: History) -> None:
    """What differs from the service waits for a person, visibly; and what a row refers to is there."""
    for seat in history.sides:
        memory, theirs = seat.memory, seat.service.live()
        shown = {*memory.tables.refused, *(place for side in seat.sides for place in side.memory.tables.open)}
        for place, row in memory.tables.rows.items():
            for name, target in LINKS.get(place[0], {}).items():
                if row.get(name) and (target, row[name]) not in memory.tables.rows:
                    raise Violation("lost", f"{place} at seat {seat.name} refers to {row[name]}, which is not there")
        for place in {**memory.tables.rows, **theirs}:
            if place in shown or memory.withheld(place):
                continue
            if not same(memory.standing(*place).local, theirs.get(place)):
                raise Violation("silent", f"{place} at seat {seat.name} differs and nothing says so")


def _nothing_waits_in_vain(history: History) -> None:
    for seat in history.sides:
        theirs = seat.service.live()
        for row in seat.memory.tables.refused.values():
            there = seat.memory.tables.rows if row.code.startswith("here.") else theirs
            if row.waiting_for in there:
                raise Violation("stuck", f"{row} at seat {seat.name} waits for what is there")


def tampering_shows(history: History) -> None:
    """Someone changes one row at the service behind everybody's back: no seat says that it is in sync."""
    live = [(place, held) for place, held in history.service.held.entities.items() if held.body is not None]
    if not live or history.random.random() < 0.7:
        return
    place, held = history.random.choice(live)
    history.counts["tampering"] += 1
    history.note("tampered with", None, place)
    history.service.tamper(place, {**(held.body or {}), "name": "被人改过"})
    for seat in history.seats:
        report = history.sync(seat)
        if report is None or report.digest_equal is not False:
            raise Violation("silent", f"seat {seat.name} does not notice that {place} was altered: {report}")


def _decide(history: History) -> bool:
    """People at one seat after the other decide and mend what is there; whether there was anything."""
    found = False
    for seat in history.sides:
        memory = seat.memory
        for conflict in list(memory.tables.open.values()):
            if conflict.place in history.watch.posted_twice():
                continue
            if memory.hidden(conflict.place):
                history.people.classify_again(seat, conflict.place)
            if history.people.decide(seat, conflict):
                found = True
        for parked in list(memory.tables.refused.values()):
            if (parked.kind, parked.id) in memory.tables.refused and parked.kind != "posting" and not history.second.only_there(seat, parked):
                history.people.mending.mend(seat, parked)
                found = True
        if found:
            history.sync(seat)
    return found


def _posted_twice(history: History, seat: Seat) -> tuple[int, int]:
    """A record posted at two seats stands against itself for good: conflicts and parked rows of that, visible, and no others."""
    tables = seat.memory.tables
    records = history.watch.posted_twice()
    elsewhere = [row for row in tables.refused.values() if history.second.only_there(seat, row)]
    postings = [row for row in tables.refused.values() if row.kind == "posting" and row not in elsewhere]
    if postings and not records:
        raise Violation("stuck", f"seat {seat.name} cannot take in {postings}")
    # A withdrawal of such a record waits behind its conflict.
    behind = [row for row in tables.refused.values() if (row.kind, row.id) in records and (row.kind, row.id) in tables.open]
    return sum(place in records for place in tables.open), len(postings) + len(behind) + len(elsewhere)


def _left(history: History, place: Place) -> set[int]:
    """What is left of a place, at the service or visibly at a seat."""
    typed = history.provenance
    # A row that was deleted before it ever left is as gone as one whose deletion arrived.
    left = set[int]()
    for service in history.services:
        held = service.held.entities.get(place)
        left |= typed.whole(place, held.body if held is not None else None)
    for seat in history.sides:
        contested = seat.memory.tables.open.get(place)
        if contested is not None and place in history.watch.posted_twice():
            left |= typed.whole(place, contested.mine)
            # What was done here since is on view, and is not sent as long as the conflict is open; nor is a withdrawal.
            if place in seat.memory.tables.rows:
                left |= typed.whole(place, seat.memory.tables.rows[place])
            if place in seat.memory.tables.tombstones:
                left |= typed.whole(place, None)
        if seat.memory.hidden(place):
            left |= typed.whole(place, seat.memory.tables.rows[place])
    return left


def _everything_is_there(history: History) -> None:
    typed = history.provenance
    for place, nodes in typed.of_place.items():
        left = set[int]()
        for each in typed.places(place):
            left |= _left(history, each)
        missing = nodes - typed.behind(left) - history.watch.lost_with_a_machine - typed.unmeant
        if missing:
            what = "; ".join(f"#{n} {typed.told[n]}" for n in sorted(missing))
            raise Violation("lost", f"of {place} nobody saw what became of {what}")
    alone = without_file(history)
    if alone:
        raise Violation("lost", f"{alone} is at a seat and not where its row is")
    for service, (place, body) in product(history.services, history.watch.facts.items()):
        arrived = service.held.entities.get(place)
        if place in history.watch.lost_facts:
            continue
        if arrived is None and not any(place in seat.memory.tables.refused or seat.memory.hidden(place) for seat in history.sides):
            raise Violation("lost", f"the posting {place} is nowhere")
        # Of one thing reversed at two seats either is the fact; after a restore it may be the other one than before.
        if arrived is not None and arrived.body != history.second.part(service, body) and arrived.body not in history.watch.told_otherwise.get(place, ()):
            raise Violation("lost", f"the posting {place} is {arrived.body}")
    operations = [held.op_id for _, held in (*history.watch.feed, *history.watch.other_feed) if not held.recovered]
    if len(operations) != len(set(operations)) and not history.counts["service restored"]:
        raise Violation("doubled", "an operation took effect twice")
    for seat in history.seats:
        for place, note in seat.notes.items():
            row: dict[str, Any] | None = seat.memory.tables.rows.get(place)
            if row is not None and row.get("note") != note:
                raise Violation("lost", f"what seat {seat.name} noted for itself on {place}")
