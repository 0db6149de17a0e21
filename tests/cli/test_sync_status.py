"""What a script learns from a sync by its exit status alone: also what is told beside the rows, though both sides hold the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import anchoring, enrolment, instruments, payouts, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.cli import network_commands
from tests.actions.making import APPROVER, PINS, USCC, fill_small, settled_with_a_secret
from tests.actions.test_lost_runs import release
from tests.cli.conftest import INIT, Shell
from tests.cli.conftest import PASSPHRASE as WORDS
from tests.network import at_hand

SYNC = ("sync", "--remote", "hub")


@pytest.fixture
def other(shell: Shell, tmp_path: Path) -> Iterator[Workspace]:
    """A second seat, a copy of the shell's ledger; both know the hub, and what a payout with a confidential service settled."""
    shell(*INIT)
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(database, "齐鲁大学", USCC, "hub") as (url, code):
        with open_ledger(shell.home, passphrase=WORDS) as ledger:
            fill_small(ledger)
        shutil.copytree(shell.home, tmp_path / "other")
        shell("enrol", "--remote", "hub", "--url", url, "--code", code)
        with open_ledger(shell.home, passphrase=WORDS) as ledger:
            run = settled_with_a_secret(ledger)
            payouts.close(ledger, run.number, APPROVER, PINS[APPROVER])
        assert shell.json(*SYNC)["in_sync"]
        with open_ledger(tmp_path / "other", passphrase=WORDS) as there:
            code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
            enrolment.enrol(there, url, code, "hub")
            syncing.sync(there, remote="hub")
            yield there


def codes(shell: Shell, status: int) -> tuple[bool, set[str]]:
    told = shell.json(*SYNC, status=status)
    return told["in_sync"], {one["code"] for one in told["findings"]}


def released(other: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other seat has released the payout for lost; no witness has a say in what follows."""
    monkeypatch.setattr(anchoring, "anchor", lambda *_: ())
    release(other, "FP2025-001")
    syncing.sync(other, remote="hub")


def test_another_history_of_the_ledger_at_the_hub_is_no_good_end(shell: Shell, other: Workspace) -> None:
    for n in range(20):
        instruments.change(other, replace(instruments.get(other, "A1"), name=f"改名 {n}"))
    syncing.sync(other, remote="hub")
    assert codes(shell, 1) == (True, {"sync.anchor_behind"})


def test_a_payout_released_elsewhere_is_no_good_end(shell: Shell, other: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    released(other, monkeypatch)
    assert codes(shell, 1) == (True, {"payout.released_elsewhere"})
    assert codes(shell, 0) == (True, set())


def test_a_status_by_the_rows_alone_hides_it(shell: Shell, other: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    released(other, monkeypatch)
    monkeypatch.setattr(network_commands, "_is_serious", lambda _found: False)
    assert codes(shell, 0) == (True, {"payout.released_elsewhere"})
