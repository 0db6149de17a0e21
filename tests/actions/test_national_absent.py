"""A service of a set that is neither at the national platform nor in the same files is told and counted, in the files and in what is shown before sending."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import instruments, national_absent, national_messages, national_outgoing, national_sending
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import UNIT, YEAR, service

ADDRESS = "http://127.0.0.1:9/service"
SETS, SERVICES = ("4", "5"), ("6",)


@pytest.fixture
def ledger(small: Workspace) -> Workspace:
    """A1 goes; A2 lacks most of what the platform asks, so its row is left out. Each has services."""
    instruments.change(small, replace(SOUND, id=instruments.get(small, "A1").id, asset_number="A1"))
    for number, asset in (("R1", "A1"), ("R2", "A2"), ("R3", "A2")):
        service(small, number, asset)
    national_outgoing.set_target(small, ADDRESS, UNIT)
    return small


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    found = [one for one in findings if one.code == national_absent.CODE]
    assert {one.severity for one in found} <= {"warning"}
    return [(dict(one.params)["number"], dict(one.params)["n"]) for one in found]


def taken(ledger: Workspace, kinds: tuple[str, ...]) -> None:
    """As if the platform had taken these kinds: somebody saw them there."""
    for one in national_sending.keep(ledger, national_outgoing.prepare(ledger, YEAR, kinds=kinds)):
        assert national_sending.settle(ledger, one.message.number, "accepted", "平台已显示").state == "accepted"


def test_the_set_that_was_left_out_is_named_with_its_services(ledger: Workspace, tmp_path: Path) -> None:
    done = national_messages.write(ledger, tmp_path / "out", UNIT, YEAR)
    assert dict(done.rows)["6"] == 3, "the rows go"
    assert (told(done.findings), done.n_absent) == ([("A2", "2")], 2)
    shown = national_outgoing.prepare(ledger, YEAR)
    assert (told(shown.findings), shown.n_absent) == ([("A2", "2")], 2)


def test_services_alone_need_their_sets_there(ledger: Workspace) -> None:
    shown = national_outgoing.prepare(ledger, YEAR, kinds=SERVICES)
    assert (told(shown.findings), shown.n_absent) == ([("A1", "1"), ("A2", "2")], 3)
    taken(ledger, SETS)
    shown = national_outgoing.prepare(ledger, YEAR, kinds=SERVICES)
    assert (told(shown.findings), shown.n_absent) == ([("A2", "2")], 2), "A1 was taken before"


def test_a_set_is_known_where_a_service_of_it_was_taken(ledger: Workspace) -> None:
    taken(ledger, SERVICES)
    service(ledger, "R4", "A2")
    shown = national_outgoing.prepare(ledger, YEAR, kinds=SERVICES)
    assert (shown.n_rows, told(shown.findings), shown.n_absent) == (1, [], 0)
