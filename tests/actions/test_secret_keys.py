"""A row that is confidential when made gets a key that tells no time (UUIDv4), of whatever kind and by whatever way it is made."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import (
    costs,
    enrolment,
    evidence,
    fees,
    import_money,
    importing,
    instruments,
    payouts,
    pilot,
    posting,
    records,
    sensors,
    syncing,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.store import reach
from tests.actions import secretive
from tests.actions.making import MAY, OFFICE, PINS, USCC, posted, reversed_run, settled, sound
from tests.actions.secretive import of_every_kind
from tests.network import at_hand

SECRET_KINDS = [kind for kind in reach.kinds(reach.HUB) if reach.secret(kind) != "0"]
# A reversal's key is the hash of the original's, which tells no time either.
SILENT = {4, 5}
# Beside version 7, the ordinary rows have: the marks of a run that stays here tell no more of it than they must.
ALSO = {"posting": {5}, "receipt": {5}, "payout_mark": {4}}


def made(ledger: Workspace, folder: Path) -> None:
    """Confidential and ordinary rows of each kind, by every way that makes them: typed, from a file, copied, prepared, reversed."""
    for number, secret in (("S2", True), ("A3", False)):
        instruments.add(ledger, Instrument("", number, f"新购{number}", 1_000_000, True, secret, date(2024, 1, 1)))
    of_every_kind(ledger, folder)
    rows = [f"耗材,{scope},2025-08-01,2025-08-31,7,PZ-{scope}" for scope in ("S1", "A1", "全单位")]
    path = folder / "costs.csv"
    path.write_text("类别,仪器编号,期间起,期间止,金额（元）,凭证号\n" + "\n".join(rows) + "\n", "utf-8")
    assert importing.import_file(ledger, "costs", path).accepted == len(rows)
    records.receive(ledger, "R1", date(2025, 6, 1), 10_00, "FP-1")
    for number in ("SECRET-1", "R1"):
        records.receive_back(ledger, number, records.receipts(ledger, number)[0].id, None, "录错")
    for asset in ("S1", "A1"):
        copied = fees.versions(ledger, asset)[0].schedule.id
        fees.add_version(ledger, asset, date(2026, 1, 1), person=OFFICE, pin=PINS[OFFICE], copy_of=copied)
    for run in payouts.every(ledger):
        reversed_run(ledger, run)


def keys(ledger: Workspace, kind: str) -> tuple[list[str], list[str]]:
    """The keys of the confidential rows of a kind, and those of the others."""
    with ledger.read() as connection:
        found = connection.exec_driver_sql(f"SELECT id, coalesce({reach.secret(kind)}, 0) FROM {kind}").all()
    return [key for key, secret in found if secret], [key for key, secret in found if not secret]


def telling(ledger: Workspace) -> set[str]:
    """The kinds of which a confidential row has a key that tells when it was made."""
    return {kind for kind in SECRET_KINDS if {uuid.UUID(key).version for key in keys(ledger, kind)[0]} - SILENT}


def test_no_key_of_what_is_confidential_when_made_tells_the_time(small: Workspace, tmp_path: Path) -> None:
    made(small, tmp_path)
    assert telling(small) == set()
    for kind in SECRET_KINDS:
        secret, ordinary = keys(small, kind)
        assert secret, f"this ledger has no confidential {kind}"
        assert {uuid.UUID(key).version for key in ordinary} <= {7} | ALSO.get(kind, set()), kind
        assert ordinary, kind
    assert sound(small)


def test_a_kind_that_is_forgotten_is_noticed(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: nobody who makes a row says what it is."""
    for module in (secretive, costs, evidence, fees, import_money, instruments, payouts, pilot, posting, records, sensors):
        monkeypatch.setattr(module, "new_key", lambda **_: new_key())
    made(small, tmp_path)
    assert telling(small) == set(SECRET_KINDS)


def test_a_run_that_deducts_a_confidential_cost_stays_here_whole(small: Workspace, tmp_path: Path) -> None:
    """Its income is ordinary; its sum and its tree name the cost. Nothing of it waits for the hub, which has all the rest."""
    posted(small, "R1")
    costs.cost_add(small, "consumables", "S1", date(2025, 5, 1), MAY, 5_00, "PZ-2025-77001")
    run = settled(small, cost=10_00)
    reversed_run(small, run)
    assert telling(small) == set()
    for kind in ("payout_run", "payout_line", "payout_share", "payout_cost"):
        secret, ordinary = keys(small, kind)
        assert secret, kind
        assert not ordinary, kind
    assert len(keys(small, "payout_mark")[0]) == 1  # that of the cost
    assert len(keys(small, "payout_mark")[1]) == 2  # what is settled of the rest is told
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub.db'}", "齐鲁示范大学", USCC, "hub") as (address, code):
        enrolment.enrol(small, address, code, "hub")
        done = syncing.sync(small, remote="hub")
    assert done.sent > 0
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
