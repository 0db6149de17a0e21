"""A clock that is off is said where the sync is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.sync import client
from tests.cli.conftest import INIT, Shell
from tests.network import at_hand


def test_a_sync_says_that_this_computers_clock_is_off(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell(*INIT)
    (tmp_path / "net").mkdir()
    with at_hand.serve(f"sqlite:///{tmp_path / 'net' / 'network.db'}", "齐鲁大学", "123700004000000181") as (address, code):
        shell("enrol", "--url", address, "--code", code)
        assert "时钟" not in shell("sync")
        monkeypatch.setattr(client, "clock", lambda: datetime.now(UTC) - timedelta(hours=30))
        assert "慢 1 天 6 小时 0 分" in shell("sync")
        (found,) = shell.json("sync")["findings"]
        assert (found["code"], found["severity"]) == ("sync.clock_behind", "warning")
