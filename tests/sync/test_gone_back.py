"""A service or a seat that goes back in time, is revoked or is another one: nothing is lost, nothing deleted."""

from __future__ import annotations

import shutil

import pytest

from desktop.sync.outcome import RemoteProblem
from tests.sync.rig import Pair, Province, Seat, level, seats


def test_a_restored_service_gets_back_what_it_lost_and_what_diverged_is_a_conflict(fresh: Province) -> None:
    first, second = seats(fresh)
    kept, clash = first.instrument(name="备份前"), first.instrument(name="备份前")
    level(first, second)
    fresh.stop()
    assert not fresh.file.with_name(fresh.file.name + "-wal").exists()
    backup = fresh.file.with_suffix(".backup")
    shutil.copy(fresh.file, backup)
    fresh.start()

    later = first.instrument(name="备份后")
    first.memory.write("instrument", kept, name="备份后改")
    first.memory.write("instrument", clash, name="甲改")
    first.sync()
    fresh.stop()
    shutil.copy(backup, fresh.file)
    fresh.restored()
    fresh.start()

    second.memory.write("instrument", clash, name="乙改")
    assert second.sync().sent == 1
    report = first.sync()
    assert (report.recovered, report.conflicts, report.digest_equal) == (2, 1, True)
    (conflict,) = first.memory.conflicts()
    assert conflict.mine is not None
    assert conflict.theirs is not None
    assert (conflict.id, conflict.mine["name"], conflict.theirs["name"]) == (clash, "甲改", "乙改")
    first.memory.drop_conflict("instrument", clash)
    level(first, second)
    assert second.memory.row("instrument", later)["name"] == "备份后"  # type: ignore[index]
    assert second.memory.row("instrument", kept)["name"] == "备份后改"  # type: ignore[index]


def test_a_seat_restored_from_a_backup_loses_nothing(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(name="一")
    first.sync()
    backup = first.memory.tables.copy()
    first.memory.write("instrument", key, name="二")
    first.sync()
    first.memory.tables = backup
    first.memory.write("instrument", key, technical="恢复后写的")
    assert first.sync().conflicts == 0
    level(first, second)
    row = second.memory.row("instrument", key)
    assert row is not None
    assert (row["name"], row["technical"]) == ("二", "恢复后写的")


def test_a_revoked_seat_is_told_to_enrol_again_and_keeps_everything(pair: Pair) -> None:
    first, second = pair
    first.sync()
    first.client.revoke(first.device_id)
    first.instrument()
    with pytest.raises(RemoteProblem) as stopped:
        first.sync()
    assert (stopped.value.code, stopped.value.action) == ("sync.revoked", "reauth")
    assert len(first.memory.tables.rows) == 1
    assert second.sync().in_sync


def test_another_service_at_the_address_deletes_nothing(pair: Pair, fresh: Province) -> None:
    first, _ = pair
    first.instrument()
    first.sync()
    stranger = Seat(fresh)
    stranger.memory = first.memory
    with pytest.raises(RemoteProblem) as stopped:
        stranger.sync()
    assert (stopped.value.code, stopped.value.action) == ("sync.other_server", "reauth")
    assert len(first.memory.tables.rows) == 1
