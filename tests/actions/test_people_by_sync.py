"""People who come from another seat: their PIN stayed there, so nobody acts as them here until somebody who may vouches."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions import enrolment, institution, months, people, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.people import ELSEWHERE
from desktop.ledger.problem import Refused
from tests.actions.making import APPROVER, FINANCE, LAB, PINS, USCC, close_month, posted
from tests.network import at_hand


def test_nobody_acts_at_another_seat_as_a_person_with_a_pin(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(small, "R1")
    close_month(small, "2025-05")
    folder = tmp_path / "hub"
    folder.mkdir()
    database = f"sqlite:///{folder / 'hub.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, "hub") as (address, code):
        enrolment.enrol(small, address, code, "hub")
        syncing.sync(small, remote="hub")
        second, _ = institution.start(tmp_path / "second", "齐鲁示范大学", USCC, "university", "370102", practice=True)
        with second:
            again = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
            enrolment.enrol(second, address, again, "hub")
            syncing.sync(second, remote="hub")
            here = {one.name: one for one in people.everyone(second)}
            assert here[APPROVER].pin_hash == ELSEWHERE
            for pin in ("", PINS[APPROVER], ELSEWHERE):
                with pytest.raises(Refused, match=r"person\.pin_elsewhere"):
                    months.reopen_month(second, "2025-05", APPROVER, pin, "试试")
            # The first PIN of a fresh seat is set as its first person is added; from then on somebody vouches.
            people.set_pin(second, FINANCE, "", "7777")
            with pytest.raises(Refused, match=r"person\.voucher_needed"):
                people.set_pin(second, APPROVER, "", "8888")
            with pytest.raises(Refused, match=r"person\.voucher_needed"):
                people.set_pin(second, APPROVER, "", "8888", LAB, "")
            with pytest.raises(Refused, match=r"person\.pin"):
                people.set_pin(second, APPROVER, "", "8888", FINANCE, "0000")
            people.set_pin(second, APPROVER, "", "8888", FINANCE, "7777")
            months.reopen_month(second, "2025-05", APPROVER, "8888", "补记")
            # The broken variant: read as "no PIN needed", the empty one opens the door.
            monkeypatch.setattr(people, "ELSEWHERE", "?")
            with second.write("broken") as operation:
                operation.connection.exec_driver_sql("UPDATE person SET pin_hash = '' WHERE name = ?", (LAB,))
            assert people.acting(second, LAB, "", ("lab_manager",)).name == LAB
    assert people.pin_fits({one.name: one for one in people.everyone(small)}[APPROVER], PINS[APPROVER])
