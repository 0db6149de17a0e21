"""What waits after a sync is told by the number and name people know, a few of many, with what to do."""

from __future__ import annotations

from pathlib import Path

from desktop.actions.workspace import open_ledger
from tests.cli.conftest import INIT, Shell
from tests.cli.conftest import PASSPHRASE as WORDS
from tests.network import at_hand


def test_rows_that_wait_are_named(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    folder = tmp_path / "net"
    folder.mkdir()
    database = f"sqlite:///{folder / 'network.db'}"
    with at_hand.serve(database, "齐鲁大学", "123700004000000181") as (address, code):
        shell("enrol", "--url", address, "--code", code)
        assert "没有搁置的内容" in shell("parked")
        with open_ledger(shell.home, passphrase=WORDS) as ledger, ledger.write("rows that are refused") as operation:
            for n in range(7):
                operation.connection.exec_driver_sql(
                    "INSERT INTO instrument (id, asset_number, name, value_fen, fiscal, confidential) VALUES (?, ?, ?, ?, 1, 0)",
                    (f"0198c5a0-1111-7aaa-8bbb-00000000000{n}", f"A{n}", f"仪器{n}", 20_000_000_000_000),
                )
        told = shell("sync", status=1)
        assert "其余内容两边一致。\n请看：yixiang parked\n" in told
        (line,) = [line for line in told.splitlines() if line.startswith("搁置  ")]
        assert "A0 仪器0、A1 仪器1" in line
        assert "等 7 项" in line
        assert "原值" in line
        assert "wire." not in line
        found = shell.json("sync", status=1)["findings"]
        assert [(one["kind"], one["label"]) for one in found] == [("instrument", f"A{n} 仪器{n}") for n in range(7)]
        assert shell("parked", status=1).splitlines() == [line]
        assert {one["key"] for one in shell.json("parked", status=1)["parked"]} == {one["key"] for one in found}
