"""A script learns from the exit status and the answer of a sync that a hub does not take everything yet, or is no hub any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import people
from desktop.actions.workspace import open_ledger
from network import kinds, roles
from tests.actions.making import USCC
from tests.cli.conftest import INIT, Shell
from tests.cli.conftest import PASSPHRASE as WORDS
from tests.network import at_hand
from tests.network.rig import uscc

SYNC = ("sync", "--remote", "hub")


def test_what_waits_for_a_newer_hub_is_no_good_end(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell(*INIT)
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(database, "齐鲁大学", USCC, "hub") as (url, code):
        shell("enrol", "--remote", "hub", "--url", url, "--code", code)
        assert shell.json(*SYNC)["in_sync"]
        with open_ledger(shell.home, passphrase=WORDS) as ledger:
            people.add(ledger, "吴新人", "finance", "4321")
        whole = kinds.KINDS["person"]
        monkeypatch.setitem(kinds.KINDS, "person", replace(whole, roles=()))
        assert shell.json(*SYNC, "--preview")["untaken"] == {"person": 1}
        assert "另有 1 项留在本机，对方的版本还不收：人员。" in shell(*SYNC, "--preview")
        told = shell.json(*SYNC, status=1)
        assert (told["sent"], told["pending"], told["digest_equal"], told["in_sync"]) == (0, 1, True, False)
        assert [one["code"] for one in told["findings"]] == ["sync.kinds_untaken"]
        said = shell(*SYNC, status=1)
        assert "还不收这类内容：人员，共 1 条" in said
        assert "两边内容一致" not in said
        monkeypatch.setitem(kinds.KINDS, "person", whole)
        assert shell.json(*SYNC)["in_sync"]


def test_a_hub_that_is_started_as_a_network_gets_nothing(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell(*INIT)
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(database, "齐鲁大学", USCC, "hub") as (url, code):
        shell("enrol", "--remote", "hub", "--url", url, "--code", code)
        shell(*SYNC)
    # By a program that keeps no mark.
    monkeypatch.setattr(roles, "bind", lambda _db, role: role)
    with at_hand.serve(database, "泉城样本学院", uscc(7302), "network") as (url, _):
        with open_ledger(shell.home, passphrase=WORDS) as ledger, ledger.write("moved") as operation:
            operation.connection.exec_driver_sql("UPDATE remote SET url = ?", (url,))
        told = shell.json(*SYNC, status=1)
        assert told["error"] == "sync.role_changed"
        assert "现在的服务说自己不是机构中心" in told["words"]
