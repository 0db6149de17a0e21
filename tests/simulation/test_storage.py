"""The storage in memory against the ledger itself: in simulated histories one seat has both, and whatever the engine asks of them and
writes to them comes out the same; at the end the ledger's own check finds nothing."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import institution, upkeep
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import open_ledger
from desktop.store import sync_rows
from desktop.sync.ports import Standing
from tests.actions.making import USCC
from tests.simulation import history as histories
from tests.simulation.history import History
from tests.simulation.ledger import CUSTOMER, FURNITURE, LINE, SCHEDULE, Apart, Twin, insert
from tests.simulation.people import People
from tests.simulation.seat import Place, Seat
from tests.sync.memory import Memory

N_HISTORIES = 50
# What the storages are compared in. A seat that is restored is another file of the ledger, an older program another program, and the
# withdrawal of what became confidential, and two postings of one record, are in the ledger other than in the model.
FEATURES = {"classify", "numbers", "service restored", "packages", "frozen", "previews", "small pages"}


class Clerks(People):
    """People who fill in what the ledger wants of a row beside what the model knows, and who have customers."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self.aside = random.Random(f"clerks {history.seed}")

    def act(self, seat: Seat) -> None:
        customers = [place for place in seat.memory.tables.rows if place[0] == "customer"]
        draw = self.aside.random()
        if draw < 0.06:
            place = "customer", self.history.new_id()
            self.write(seat, place, **self.type(seat, place, "name"))
        elif draw < 0.12 and customers:
            self.retype(seat, self.aside.choice(customers), self.aside.choice(("name", "size")))
        elif draw < 0.14 and customers:
            self.delete(seat, self.aside.choice(customers))
        elif draw < 0.2 and seat.memory.tables.rows:
            self._attach(seat)
        else:
            super().act(seat)

    def _attach(self, seat: Seat) -> None:
        instruments = [key for kind, key in seat.memory.tables.rows if kind == "instrument"]
        if instruments:
            self.history.files._attach(seat, self.aside.choice(instruments))

    def write(self, seat: Seat, place: Place, **fields: Any) -> None:
        rows = seat.memory.tables.rows
        if place[0] == "service_record" and place not in rows:
            customers = [key for kind, key in rows if kind == "customer"]
            if customers and self.aside.random() < 0.6:
                fields["customer_id"] = self.aside.choice(customers)
        super().write(seat, place, **fields)

    def _fact(self, seat: Seat, fields: dict[str, Any]) -> None:
        rows = seat.memory.tables.rows
        record = rows["service_record", fields["record_id"]]
        minutes = record["minutes"] if fields["reverses"] is None else -rows["posting", fields["reverses"]]["minutes"]
        told = {"record_number": record["number"], "instrument_id": record["instrument_id"], "minutes": minutes, "quantity": "1"}
        told |= {"customer_id": CUSTOMER, "schedule_id": SCHEDULE, "line_id": LINE, "ended_on": "2026-01-10", "service_month": "2026-01"}
        super()._fact(seat, fields | told)

    def classify(self, seat: Seat) -> None:
        # In the ledger a record is as confidential as it was entered; two people decide it of an instrument.
        place = self._pick(seat, "instrument")
        if place is None:
            return
        if seat.memory.tables.rows[place].get("confidential"):
            self._ordinary(seat, place)
        else:
            self.write(seat, place, confidential=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with what every posting refers to."""
    home = tmp_path_factory.mktemp("template") / "home"
    made, _ = institution.start(home, "齐鲁示范大学", USCC, "university", "370102", practice=True)
    with made, made.write("template") as operation:
        for kind, values in FURNITURE:
            insert(operation.connection, kind, values)
    return home


def played(seed: int, template: Path, folder: Path) -> Counter[str]:
    """Play one history whose first seat has a ledger beside its memory; what was compared. Raises Apart where the two differ."""
    home = Path(shutil.copytree(template, folder / str(seed)))
    try:
        with open_ledger(home) as ledger, pytest.MonkeyPatch.context() as patch:
            twin = Twin(ledger)
            first = iter([twin])
            patch.setattr(histories, "Memory", lambda **more: next(first, None) or Memory(**more))
            patch.setattr(histories, "FEATURES", tuple(sorted(FEATURES)))
            history = History(seed, later=("limits", "twice", "reversals", "third"))
            history.people = Clerks(history)
            # Few things and two seats, so that people meet; the storages are compared at one of them.
            history.n_instruments, history.n_steps, history.seats[2:] = (2, 4)[seed % 2], 110, []
            history.features |= {"numbers"} if seed % 2 else set()
            history.twice.rate = (0.0, 0.2, 0.4)[seed % 3]
            history.play()
            twin.compare()
            verdict = upkeep.verify(ledger)
            assert verdict.ok, verdict
            return twin.asked
    finally:
        shutil.rmtree(home)


def test_the_model_holds_what_the_ledger_holds(template: Path, tmp_path: Path) -> None:
    asked: Counter[str] = Counter()
    for seed in range(N_HISTORIES):
        asked += played(seed, template, tmp_path)
    often = ("standing", "differing", "parked", "conflicts", "put_base", "put_local", "base_lines", "unmerged", "tokens", "markers")
    assert min(asked[name] for name in often) > 100, asked
    seldom = ("park", "put_conflict", "adopted", "delete_local", "file_piece", "killed before", "killed after", "here.twice")
    assert min(asked[name] for name in seldom) > 0, asked


def _whole_deletions(right: Any) -> Any:
    """A deletion that the remote has too still stands against what comes."""

    def standing(step: LedgerStep, kind: str, key: str) -> Standing:
        row = right(step, kind, key)
        gone = row.local is None and not row.withheld and sync_rows.is_deleted_here(step._run, kind, key)
        return replace(row, deleted=row.deleted or gone)

    return standing


# Faults of the ledger's storage: where, how, and the seed of the first history in which each comes out.
FAULTS: dict[str, tuple[Any, str, Callable[[Any], Any], int]] = {
    "a deletion stands for ever": (LedgerStep, "standing", _whole_deletions, 4),
    "deletions are not told": (sync_rows, "deleted_here", lambda _right: lambda _connection, _remote: [], 4),
    "what came before a state is forgotten": (LedgerStep, "put_base", lambda right: lambda step, row: right(step, replace(row, seen=())), 0),
    "a body that is not merged passes for merged": (LedgerStep, "put_base", lambda right: lambda step, row: right(step, replace(row, merged=True)), 9),
    "a confidential row is told": (sync_rows, "one", lambda _right: lambda run, kind, key, remote, *_: (sync_rows.here(run, kind, key, remote), False), 12),
    "a parked row waits for nothing": (LedgerStep, "park", lambda right: lambda step, row: right(step, replace(row, waiting_for=None)), 16),
    "our side of a conflict is lost": (LedgerStep, "put_conflict", lambda right: lambda step, one: right(step, replace(one, mine=one.theirs)), 3),
    "a field is not written": (
        sync_rows,
        "put",
        lambda right: lambda run, kind, key, body, remote, **more: right(
            run, kind, key, {name: value for name, value in body.items() if name != "technical"}, remote, **more
        ),
        1,
    ),
    "a row without a base passes for one never heard of": (sync_rows, "unheard_of", lambda _right: lambda _run, _kind, keys: json.loads(keys), 3),
    "one thing of two seats stays two": (LedgerStep, "adopt", lambda _right: lambda _step, _kind, _key, _body: None, 17),
    "tombstones are in the digest": (
        LedgerStep,
        "base_lines",
        lambda _right: lambda step: step._all("SELECT kind, key, token, digest FROM sync_base WHERE remote = 'hub' ORDER BY kind, key"),
        4,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_storage_is_seen(fault: str, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variants."""
    where, name, broken, seed = FAULTS[fault]
    monkeypatch.setattr(where, name, broken(getattr(where, name)))
    for other in range(seed, N_HISTORIES):
        try:
            played(other, template, tmp_path)
        except Apart:
            return
    pytest.fail("the model and the ledger agree all the same")
