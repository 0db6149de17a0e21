"""What is confidential and stays here: counted by kind where a preview is printed, named where it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions import sync_views
from desktop.actions.workspace import open_ledger
from desktop.store import sync_rows
from tests.cli.conftest import INIT, Shell
from tests.cli.conftest import PASSPHRASE as WORDS
from tests.network import at_hand


def fill(shell: Shell) -> None:
    with open_ledger(shell.home, passphrase=WORDS) as ledger, ledger.write("two sets") as operation:
        for n, secret in enumerate((0, 1)):
            operation.connection.exec_driver_sql(
                "INSERT INTO instrument (id, asset_number, name, value_fen, fiscal, confidential) VALUES (?, ?, ?, 100, 1, ?)",
                (f"0198c5a0-1111-7aaa-8bbb-00000000000{n}", f"A{n}", ("公开光谱仪", "特种雷达")[n], secret),
            )


def test_the_preview_counts_by_kind_and_the_command_names(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    fill(shell)
    (tmp_path / "net").mkdir()
    with at_hand.serve(f"sqlite:///{tmp_path / 'net' / 'network.db'}", "齐鲁大学", "123700004000000181") as (address, code):
        shell("enrol", "--url", address, "--code", code)
        told = shell("sync", "--preview")
        assert "涉密或没有注明是否涉密的 1 项，不离开本机。\n  仪器 1\n  逐项：yixiang withheld\n" in told
        assert "特种雷达" not in told
        found = shell.json("sync", "--preview")
        assert (found["withheld"], found["withheld_kinds"]) == (1, {"instrument": 1})
    assert shell("withheld").splitlines() == ["涉密或没有注明是否涉密的 1 项，不离开本机。", "仪器 1", "  A1 特种雷达"]
    assert shell.json("withheld", "--remote", "hub")["withheld"] == [
        {"kind": "instrument", "key": "0198c5a0-1111-7aaa-8bbb-000000000001", "label": "A1 特种雷达"}
    ]


def test_a_set_nobody_said_anything_of_is_counted_and_how_to_say_it_is_told(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    fill(shell)
    with open_ledger(shell.home, passphrase=WORDS) as ledger, ledger.write("nothing said") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL, asset_number = 'B7' WHERE confidential = 0")
    export = ("package", "export", str(tmp_path / "p.gxpk"), "--code", "ABCD-EFGH-JKLM-NPQR", "--preview")
    told = shell(*export)
    assert "涉密或没有注明是否涉密的 2 项，不离开本机。\n  仪器 2\n" in told
    assert "仪器 1 台没有注明是否涉密，连同其记录、收费不离开本机；请逐台注明（instrument enter）。" in told
    assert "B7" not in told
    assert shell.json(*export)["unsaid"] == {"instrument": 1, "pilot_equipment": 0}
    assert "  B7 公开光谱仪" in shell("withheld")


def test_a_package_is_previewed_the_same_way(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    fill(shell)
    told = shell("package", "export", str(tmp_path / "p.gxpk"), "--code", "ABCD-EFGH-JKLM-NPQR", "--preview", "--remote", "hub")
    assert "涉密或没有注明是否涉密的 1 项，不离开本机。\n  仪器 1\n  逐项：yixiang withheld --remote hub\n" in told
    assert "特种雷达" not in told


def test_what_is_listed_is_what_is_counted(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a kind forgotten, the list would be short of the number beside it."""
    shell(*INIT)
    fill(shell)

    def counts() -> tuple[int, int]:
        with open_ledger(shell.home, passphrase=WORDS) as ledger:
            with ledger.read() as connection:
                n = sync_rows.n_secret(connection)
            return n, len(sync_views.withheld(ledger))

    assert counts() == (1, 1)
    whole = sync_rows.secret_keys
    monkeypatch.setattr(sync_rows, "secret_keys", lambda *given: {kind: keys for kind, keys in whole(*given).items() if kind != "instrument"})
    assert counts() == (1, 0)
