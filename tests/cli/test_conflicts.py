"""Conflicts by command: named, in words, with the command that settles them, one by one or all that have one answer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import enrolment, instruments, payouts, records, sync_status, syncing
from desktop.actions.workspace import Workspace, open_ledger
from tests.actions.making import APPROVER, FINANCE, MAY, PINS, USCC, declare, enter, fill_small, posted
from tests.actions.restored_twice import PHONE, SECOND, restored_twice
from tests.cli.conftest import INIT, Shell
from tests.cli.conftest import PASSPHRASE as WORDS
from tests.network import at_hand

HUB = ("--remote", "hub")


@pytest.fixture
def other(shell: Shell, tmp_path: Path) -> Iterator[Workspace]:
    """A second seat with the same three drafts; both know the hub."""
    shell(*INIT)
    with open_ledger(shell.home, passphrase=WORDS) as ledger:
        fill_small(ledger)
        for number in ("R1", "R2", "R3"):
            enter(ledger, number)
    shutil.copytree(shell.home, tmp_path / "other")
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(database, "齐鲁大学", USCC, "hub") as (url, code):
        shell("enrol", *HUB, "--url", url, "--code", code)
        shell("sync", *HUB)
        with open_ledger(tmp_path / "other", passphrase=WORDS) as there:
            code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
            enrolment.enrol(there, url, code, "hub")
            syncing.sync(there, remote="hub")
            yield there


def test_a_month_posted_at_two_seats_is_settled_by_one_command(shell: Shell, other: Workspace) -> None:
    numbers = ["R1", "R2", "R3"]
    assert records.post(other, numbers).posted == 3
    syncing.sync(other, remote="hub")
    shell("post", "--to", "2025-12-31")
    told = shell("sync", *HUB, status=1)
    assert "其余内容两边一致。" in told
    assert "请看：yixiang parked --remote hub、yixiang conflicts --remote hub\n" in told
    told = shell("conflicts", *HUB)
    assert [line for line in told.splitlines() if line in {f"记账 {n}" for n in numbers}]
    assert "编号（内部）" not in told
    assert "mine|theirs" not in told
    assert "记账的 3 个冲突都只能采用机构中心的，一次解决：yixiang resolve posting all --choose theirs --reason 理由 --remote hub" in told
    assert "--choose theirs" in shell("resolve", "posting", "all", *HUB, "--choose", "mine", "--reason", "我先", status=1) + shell.err
    assert shell.json("resolve", "posting", "all", *HUB, "--choose", "theirs", "--reason", "对方先记账")["n"] == 3
    assert "没有冲突" in shell("conflicts", *HUB)
    assert "两边内容一致" in shell("sync", *HUB)


def test_two_payouts_of_the_same_money_are_told_in_words(shell: Shell, other: Workspace) -> None:
    """One at the other seat with a confidential line: it stays there, and what is known of it here is its number."""
    records.post(other, ["R1"])
    syncing.sync(other, remote="hub")
    assert "另一段历史" in shell("sync", *HUB, status=1), "this ledger is a copy of the other"
    posted(other, "S7", "S1")
    declare(other)
    payouts.prepare(other, MAY, "记账", FINANCE, PINS[FINANCE])
    syncing.sync(other, remote="hub")
    shell("payout", "prepare", "--to", "2025-05-31", "--scheme", "记账", "--as", FINANCE, "--pin", PINS[FINANCE], status=1)
    with open_ledger(shell.home, passphrase=WORDS) as ledger:
        declare(ledger)
        payouts.prepare(ledger, MAY, "记账", FINANCE, PINS[FINANCE])
        payouts.approve(ledger, "FP2025-001", APPROVER, PINS[APPROVER])
    shell("sync", *HUB, status=1)
    told = shell("conflicts", *HUB)
    assert "对方的分配 FP2025-001 含涉密内容，只留在编制它的电脑" in told
    assert "截止日期（含）：本机 2025-05-31" in told
    assert "状态：本机 已审批" in told
    assert "收入口径：本机 按记账金额" in told
    (made,) = [line for line in told.splitlines() if "编制时间" in line]
    assert "T" not in made
    assert "mine|theirs" not in told


def test_it_is_told_who_changed_it_on_either_side_and_when_and_what_it_was(shell: Shell, other: Workspace) -> None:
    instruments.change(other, replace(instruments.get(other, "A1"), value_fen=200))
    syncing.sync(other, remote="hub")
    with open_ledger(shell.home, passphrase=WORDS) as ledger:
        instruments.change(ledger, replace(instruments.get(ledger, "A1"), value_fen=100))
    shell("sync", *HUB, status=1)
    told = shell("conflicts", *HUB)
    theirs = sync_status.status(other, "hub").device
    assert re.search(rf"^  机构中心：设备 {theirs} 的改动，于 20\d\d-\d\d-\d\d .* 收到。$", told, re.M)
    assert "原值：上次共同的值 500000.00 元，本机 1.00 元，机构中心 2.00 元" in told.replace(",", "")
    said = shell.json("conflicts", *HUB)
    (one,) = said["conflicts"]
    assert re.search(rf"^  本机 {said['device']}：\S+ 于 20\d\d-\d\d-\d\d .* 改动。$", told, re.M)
    assert said["device"] != one["theirs_by"] == theirs
    assert theirs.endswith(f"（…{one['device_id'][-8:]}）")
    assert one["mine_by"]
    assert (one["mine_at"][:2], one["received_at"][:2]) == ("20", "20")


def test_what_the_hub_also_had_is_told_and_can_be_chosen(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    with open_ledger(shell.home, passphrase=WORDS) as ledger:
        fill_small(ledger)
        with restored_twice(ledger, tmp_path / "hub", passphrase=WORDS):
            pass
    told = shell("conflicts", *HUB)
    assert "机构中心曾有的（further1）：设备" in told
    assert not re.search(r"\dT\d", told), "moments as people write them"
    assert "原值：3.00 元" in told
    assert f"电话：{PHONE}" in told
    (one,) = shell.json("conflicts", *HUB)["conflicts"]
    assert one["further"][0]["body"]["value_fen"] == SECOND
    shell("resolve", "instrument", one["id"], *HUB, "--choose", "further2", "--reason", "看过了", status=1)
    shell("resolve", "instrument", one["id"], *HUB, "--choose", "further1", "--reason", "看过了")
    assert "没有冲突" in shell("conflicts", *HUB)
    with open_ledger(shell.home, passphrase=WORDS) as ledger:
        assert instruments.get(ledger, "A1").value_fen == SECOND
