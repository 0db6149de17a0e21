"""A fee version is drafted by one named person and approved by another: a draft of nobody would be anybody's to approve."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import fees
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.actions import making

START = date(2027, 1, 1)


def refused(call: object, *args: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.code


def test_a_draft_needs_a_preparer(small: Workspace) -> None:
    before = fees.versions(small, "A1")
    assert refused(fees.add_version, small, "A1", START) == "person.needed"
    assert refused(fees.add_version, small, "A1", START, person=making.OFFICE, pin="falsch") == "person.pin"
    assert fees.versions(small, "A1") == before


def test_a_draft_that_names_nobody_is_approved_by_nobody(small: Workspace) -> None:
    copied = fees.versions(small, "A1")[-1].schedule.id
    key = fees.add_version(small, "A1", START, person=making.OFFICE, pin=making.PINS[making.OFFICE], copy_of=copied)
    with small.write("test") as operation:  # as a window without the question made them
        operation.connection.exec_driver_sql("UPDATE fee_schedule SET prepared_by = NULL WHERE id = ?", (key,))
    assert refused(fees.approve, small, key, making.APPROVER, making.PINS[making.APPROVER]) == "fee.preparer_missing"
    assert fees.version(small, key).schedule.state == "draft"
    fees.drop(small, key)


def test_the_preparer_is_refused_and_another_approves(small: Workspace) -> None:
    copied = fees.versions(small, "A1")[-1].schedule.id
    key = fees.add_version(small, "A1", START, person=making.OFFICE, pin=making.PINS[making.OFFICE], copy_of=copied)
    assert refused(fees.approve, small, key, making.OFFICE, making.PINS[making.OFFICE]) == "fee.same_person"
    fees.approve(small, key, making.APPROVER, making.PINS[making.APPROVER])
    assert fees.version(small, key).schedule.state == "approved"
