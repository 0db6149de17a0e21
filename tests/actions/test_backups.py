"""Daily backups kept to seven, one put in the ledger's place and back, and keys that change without locking anybody out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.actions import backups, institution, keys, people, upkeep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.problem import Problem, Refused
from tests.actions.making import USCC, rows_of, sound

PASSPHRASE, OTHER = "海岱惟青州-2026", "岱宗夫如何-2026"


@pytest.fixture(scope="module")
def locked_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("locked") / "home"
    workspace, recovery = institution.start(home, "齐鲁示范大学", USCC, "university", "370102", passphrase=PASSPHRASE)
    workspace.close()
    return home, recovery


@pytest.fixture
def locked(locked_home: tuple[Path, str], tmp_path: Path) -> Iterator[Workspace]:
    with open_ledger(Path(shutil.copytree(locked_home[0], tmp_path / "home")), passphrase=PASSPHRASE) as workspace:
        yield workspace


def test_seven_days_are_kept_and_an_unchanged_ledger_needs_no_new_one(small: Workspace) -> None:
    first = date(2026, 3, 1)
    for n in range(9):
        people.add(small, f"人{n}", "finance")
        assert backups.daily(small, first + timedelta(days=n)) is not None
    assert backups.daily(small, first + timedelta(days=9)) is None
    kept = [one.path.stem for one in backups.every(small.home)]
    assert kept == [(first + timedelta(days=n)).isoformat() for n in range(8, 1, -1)]


def test_a_backup_in_place_brings_the_day_back_and_keeps_what_was_there(small: Workspace) -> None:
    before = rows_of(small)
    taken = backups.daily(small, date(2026, 3, 1))
    assert taken is not None
    people.add(small, "后来的人", "finance")
    again, kept = backups.put_in_place(small, taken)
    with again:
        assert rows_of(again) == before
        assert sound(again)
    assert kept is not None
    assert (kept / "ledger.db").exists()


@pytest.mark.parametrize("spoil", ["cut", "foreign"])
def test_a_backup_that_cannot_be_used_leaves_the_ledger_open_as_it_was(small: Workspace, tmp_path: Path, spoil: str) -> None:
    taken = backups.daily(small, date(2026, 3, 1))
    assert taken is not None
    bad = tmp_path / "bad.yxb"
    data = taken.read_bytes()
    bad.write_bytes(data[: len(data) // 2] + data[len(data) // 2 + 1 :] if spoil == "cut" else b"not a backup")
    before = rows_of(small)
    with pytest.raises(Problem, match=r"backup\."):
        backups.put_in_place(small, bad)
    assert rows_of(small) == before
    people.add(small, "还能写", "finance")
    assert sound(small)


def test_the_old_passphrase_opens_no_more_and_the_new_one_does(locked: Workspace) -> None:
    with pytest.raises(Problem, match="key.wrong"):
        keys.change_passphrase(locked, "不对的口令", OTHER)
    with pytest.raises(Refused, match="key.short"):
        keys.change_passphrase(locked, PASSPHRASE, "短")
    keys.change_passphrase(locked, PASSPHRASE, OTHER)
    locked.close()
    with pytest.raises(Problem, match="key.wrong"):
        open_ledger(locked.home, passphrase=PASSPHRASE)
    locked.reopen()
    assert keys.has_passphrase(locked)
    locked.close()
    with open_ledger(locked.home, passphrase=OTHER) as again:
        assert sound(again)
    locked.reopen()


def test_a_new_recovery_key_opens_the_ledger_and_the_printed_one_before_does_not(
    locked: Workspace, locked_home: tuple[Path, str], tmp_path: Path
) -> None:
    fresh = keys.new_recovery_key(locked)
    with pytest.raises(Refused, match="key.not_this"):
        keys.print_recovery_key(locked, locked_home[1], tmp_path / "old.pdf")
    page = keys.print_recovery_key(locked, fresh, tmp_path / "key.pdf")
    assert page.read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "old.pdf").exists()
    locked.close()
    with pytest.raises(Problem, match="key.wrong"):
        open_ledger(locked.home, passphrase=locked_home[1])
    with open_ledger(locked.home, passphrase=fresh) as again:
        assert upkeep.verify(again).ok
    locked.reopen()


def test_the_practice_ledger_has_no_keys_to_change(small: Workspace) -> None:
    with pytest.raises(Refused, match="key.practice"):
        keys.new_recovery_key(small)
    with pytest.raises(Refused, match="key.practice"):
        keys.change_passphrase(small, "", OTHER)
