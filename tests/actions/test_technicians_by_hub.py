"""Technicians pass to the hub without the confidential instruments in their lists, and keep them at home."""

from __future__ import annotations

import json
from pathlib import Path

from desktop.actions import enrolment, institution, instruments, syncing
from desktop.actions.workspace import Workspace
from tests.actions.making import USCC
from tests.network import at_hand


def of(workspace: Workspace) -> list[str]:
    with workspace.read() as connection:
        told = connection.exec_driver_sql("SELECT instruments FROM technician WHERE staff_number = 'T001'").scalar_one()
    return list(json.loads(told))


def test_a_list_of_instruments_travels_without_the_confidential_ones(small: Workspace, tmp_path: Path) -> None:
    ordinary, secret = instruments.get(small, "A1").id, instruments.get(small, "S1").id
    with small.write("lists") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE technician SET instruments = ? WHERE staff_number = 'T001'", (json.dumps([secret, ordinary]),)
        )
    folder = tmp_path / "hub"
    folder.mkdir()
    database = f"sqlite:///{folder / 'hub.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, "hub") as (address, code):
        enrolment.enrol(small, address, code, "hub")
        done = syncing.sync(small, remote="hub")
        assert (done.parked, done.digest_equal) == (0, True)
        second, _ = institution.start(tmp_path / "second", "齐鲁示范大学", USCC, "university", "370102", practice=True)
        with second:
            enrolment.enrol(second, address, str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"]), "hub")
            assert syncing.sync(second, remote="hub").digest_equal
            assert of(second) == [ordinary]
            with second.write("another") as operation:
                operation.connection.exec_driver_sql(
                    "UPDATE technician SET instruments = ?, post = '高级' WHERE staff_number = 'T001'",
                    (json.dumps([ordinary, instruments.get(second, "A2").id]),),
                )
            assert syncing.sync(second, remote="hub").sent == 1
        again = syncing.sync(small, remote="hub")
        assert (again.conflicts, again.digest_equal) == (0, True)
        assert set(of(small)) == {ordinary, instruments.get(small, "A2").id, secret}
        assert syncing.sync(small, remote="hub").sent == 0
