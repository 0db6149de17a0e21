"""Keys, locks, backups and crashes: the ledger opens for whoever may, for nobody else, and is whole whatever happens."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from desktop.actions import institution, people, records, upkeep
from desktop.actions import workspace as opening
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.problem import Problem, Refused
from desktop.store.connect import raw
from desktop.words import say
from tests.actions.making import PRACTICE, USCC, everything, import_file, posted, rows_of, sound

PASSPHRASE = "海岱惟青州-2026"


def problem(call: object, *args: object, **more: object) -> str:
    """The code a call is stopped with."""
    with pytest.raises(Problem) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.code


@pytest.fixture(scope="module")
def secret_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A real ledger under a passphrase, and its recovery key; no keyring is usable here."""
    home = tmp_path_factory.mktemp("secret") / "home"
    workspace, recovery = institution.start(home, "齐鲁示范大学", USCC, "university", "370102", passphrase=PASSPHRASE)
    with workspace:
        people.add(workspace, "甲", "finance", "1111")
    return home, recovery


@pytest.fixture
def home(secret_home: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(secret_home[0], tmp_path / "home"))


# Keys


def test_a_ledger_opens_by_passphrase_or_recovery_key(
    home: Path, secret_home: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = secret_home[1]
    ways: list[dict[str, object]] = [
        {"passphrase": PASSPHRASE},
        {"passphrase": recovery},
        {"passphrase": f" {recovery.lower()} "},
        {"ask": lambda: PASSPHRASE},
    ]
    for way in ways:
        with open_ledger(home, **way) as workspace:  # type: ignore[arg-type]
            assert institution.get(workspace).name == "齐鲁示范大学"
            assert not workspace.practice
    monkeypatch.setenv("YIXIANG_PASSPHRASE", PASSPHRASE)
    open_ledger(home).close()


def test_nobody_else_opens_it(home: Path, secret_home: tuple[Path, str]) -> None:
    recovery = secret_home[1]
    before = (home / "ledger.db").read_bytes()
    assert problem(open_ledger, home) == "key.needed"
    assert problem(open_ledger, home, ask=lambda: None) == "key.needed"
    for wrong in ("海岱惟青州", PASSPHRASE + " ", "AAAA-" * 7 + "AAAA", recovery[:-1] + ("A" if recovery[-1] != "A" else "B")):
        assert problem(open_ledger, home, passphrase=wrong) == "key.wrong", wrong
    assert (home / "ledger.db").read_bytes() == before
    open_ledger(home, passphrase=PASSPHRASE).close()


def test_a_wrong_key_and_a_damaged_file_are_told_apart(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    other, _ = institution.start(tmp_path / "x" / "home", "另一所大学", USCC, "university", "370102", passphrase="another one")
    other.close()
    whole = (home / "ledger.db").read_bytes()
    (home / "ledger.db").write_bytes(whole[:4096] + bytes(4096) + whole[8192:])
    with open_ledger(home, passphrase=PASSPHRASE) as damaged:
        assert problem(upkeep.verify, damaged) == "store.damaged"
    (home / "ledger.db").write_bytes(whole)
    shutil.copy(tmp_path / "x" / "home" / "ledger.key", home / "ledger.key")
    assert problem(open_ledger, home, passphrase=PASSPHRASE) == "key.wrong"
    (home / "ledger.key").write_text("{]", "utf-8")
    assert problem(open_ledger, home, passphrase=PASSPHRASE) == "key.bad_file"
    (home / "ledger.key").unlink()
    assert problem(open_ledger, home, passphrase=PASSPHRASE) == "key.no_file"


def test_a_ledger_that_could_never_be_opened_is_not_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert problem(institution.start, home, "齐鲁示范大学", USCC, "university", "370102") == "key.nowhere"
    assert not opening.exists(home)
    assert problem(open_ledger, home) == "store.none"
    for name, code, kind, region, told in (
        ("", USCC, "university", "370102", "institution.name"),
        ("某大学", USCC[:-1] + "2", "university", "370102", "institution.uscc"),
        ("某大学", USCC, "circus", "370102", "institution.kind"),
        ("某大学", USCC, "university", "999999", "institution.region"),
    ):
        assert problem(institution.start, home, name, code, kind, region, passphrase=PASSPHRASE) == told
        assert not opening.exists(home)


def test_a_ledger_is_never_made_over_another(home: Path) -> None:
    before = (home / "ledger.db").read_bytes()
    assert problem(institution.start, home, "另一所", USCC, "university", "370102", passphrase="x") == "store.exists"
    assert (home / "ledger.db").read_bytes() == before


def test_the_file_tells_nothing(home: Path) -> None:
    with open_ledger(home, passphrase=PASSPHRASE) as workspace:
        import_file(workspace, "instruments")
    for path in home.iterdir():
        content = path.read_bytes()
        for secret in (PASSPHRASE, "齐鲁示范大学", "2023170011", "激光共聚焦显微镜"):
            assert secret.encode() not in content, (path.name, secret)


# PINs


def test_a_pin_is_asked_and_changed_only_with_the_old_one(small: Workspace) -> None:
    people.set_pin(small, "甲财务", "1111", "8z8z")
    assert problem(people.acting, small, "甲财务", "1111", ("finance",)) == "person.pin"
    assert people.acting(small, "甲财务", "8z8z", ("finance",)).role == "finance"
    before = everything(small)
    assert problem(people.set_pin, small, "甲财务", "1111", "9999") == "person.pin"
    assert problem(people.set_pin, small, "甲财务", "8z8z", "1") == "person.pin_short"
    assert problem(people.add, small, "新人", "finance", "12") == "person.pin_short"
    assert problem(people.add, small, "新人", "king") == "person.role"
    assert problem(people.add, small, "甲财务", "finance") == "person.taken"
    assert problem(people.acting, small, None, "", ("finance",)) == "person.needed"
    assert everything(small) == before
    people.add(small, "无密", "finance")
    assert problem(people.acting, small, "无密", "1234", ("finance",)) == "person.pin"
    assert "8z8z" not in str(rows_of(small)["person"])


# One process

_OPENER = "import sys; from pathlib import Path; from desktop.actions.workspace import open_ledger; open_ledger(Path(sys.argv[1])).close(); print('opened')"


def _python(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", *map(str, arguments)]


def test_a_second_process_is_refused_while_the_first_has_it_open(small: Workspace) -> None:
    root = Path(__file__).parents[2]
    second = subprocess.run(_python(_OPENER, small.home), capture_output=True, text=True, check=False, cwd=root, timeout=60)
    assert second.returncode != 0
    assert "store.open_elsewhere" in second.stderr
    assert problem(open_ledger, small.home) == "store.open_elsewhere"
    small.close()
    third = subprocess.run(_python(_OPENER, small.home), capture_output=True, text=True, check=False, cwd=root, timeout=60)
    assert third.stdout.strip() == "opened", third.stderr


_IMPORTER = """
import os, sys
from pathlib import Path
from desktop.actions import importing
from desktop.actions.workspace import open_ledger
from desktop.actions import judging
real = judging.recheck
def last(operation, *more):
    real(operation, *more)
    print("written", operation.connection.exec_driver_sql("SELECT count(*) FROM service_record").scalar(), flush=True)
    sys.stdin.read()
judging.recheck = last
with open_ledger(Path(sys.argv[1])) as workspace:
    importing.import_file(workspace, "records", Path(sys.argv[2]))
"""


def test_a_process_killed_in_the_middle_of_an_import_leaves_the_ledger_whole(empty: Workspace) -> None:
    """All 502 rows are written and not yet committed when the process is killed outright."""
    for kind in ("instruments", "fees"):
        import_file(empty, kind)
    before = everything(empty)
    empty.close()
    command = _python(_IMPORTER, empty.home, PRACTICE / "service-records.xlsx")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split() == ["written", "502"]
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with open_ledger(empty.home) as again:
        assert everything(again) == before
        assert sound(again)
        assert import_file(again, "records").accepted == 502
        assert sound(again)


# Backups


def test_a_backup_is_the_ledger(practice: Workspace, tmp_path: Path) -> None:
    records.post(practice)
    (tmp_path / "b").mkdir()
    archive = upkeep.backup(practice, tmp_path / "b" / "one.yxb")
    assert problem(upkeep.backup, practice, archive) == "backup.exists"
    assert sorted(path.name for path in archive.parent.iterdir()) == ["one.yxb"], "no half copies are left"
    held, head = everything(practice), upkeep.head(practice)
    posted_later = records.reverse(practice, _a_posted_number(practice), "备份之后")
    assert posted_later < 0
    home = tmp_path / "other"
    assert upkeep.restore(home, archive) is None
    with open_ledger(home) as copy:
        assert everything(copy) == held
        assert upkeep.head(copy) == head
        assert sound(copy)
    assert sorted(path.name for path in home.iterdir() if path.name != "ledger.lock") == [
        "ledger.db",
        "ledger.key",
        "practice.key",
    ]


def _a_posted_number(workspace: Workspace) -> str:
    with workspace.read() as connection:
        return str(
            connection.exec_driver_sql("SELECT number FROM service_record WHERE state = 'posted' ORDER BY number").scalar()
        )


def test_what_a_backup_that_was_cut_off_left_is_swept_after_a_day(small: Workspace, tmp_path: Path) -> None:
    day = 24 * 60 * 60
    kept = {".yixiang-backup-young": True, ".yixiang-backup-old": False, "old": True}
    for name in kept:
        (tmp_path / name).mkdir()
        (tmp_path / name / "ledger.db.part").write_bytes(b"half")
        at = os.stat(tmp_path / name).st_mtime - (day - 60 if name.endswith("young") else day + 60)
        os.utime(tmp_path / name, (at, at))
    upkeep.backup(small, tmp_path / "a.yxb")
    assert {name: (tmp_path / name).exists() for name in kept} == kept
    assert (tmp_path / "a.yxb").exists()


def test_restoring_over_a_ledger_keeps_what_was_there(small: Workspace, tmp_path: Path) -> None:
    archive = upkeep.backup(small, tmp_path / "one.yxb")
    backed_up = everything(small)
    posted(small, "R1")
    later = everything(small)
    assert problem(upkeep.restore, small.home, archive) == "store.open_elsewhere"
    assert everything(small) == later
    small.close()
    kept = upkeep.restore(small.home, archive)
    assert kept is not None
    assert kept.is_relative_to(small.home)
    with open_ledger(small.home) as restored:
        assert everything(restored) == backed_up
    former = tmp_path / "former"
    shutil.copytree(kept, former)
    with open_ledger(former) as before:
        assert everything(before) == later
    assert not list(small.home.glob(".restore-*"))


def test_a_secret_ledger_is_restored_with_its_passphrase_or_recovery_key(
    home: Path, secret_home: tuple[Path, str], tmp_path: Path
) -> None:
    with open_ledger(home, passphrase=PASSPHRASE) as workspace:
        archive = upkeep.backup(workspace, tmp_path / "one.yxb")
    content = archive.read_bytes()
    assert "齐鲁示范大学".encode() not in content
    assert PASSPHRASE.encode() not in content
    target = tmp_path / "new"
    assert problem(upkeep.restore, target, archive) == "key.needed"
    assert problem(upkeep.restore, target, archive, passphrase="wrong") == "key.wrong"
    assert not opening.exists(target)
    for way in (PASSPHRASE, secret_home[1]):
        shutil.rmtree(target, ignore_errors=True)
        upkeep.restore(target, archive, passphrase=way)
        with open_ledger(target, passphrase=PASSPHRASE) as workspace:
            assert [person.name for person in people.everyone(workspace)] == ["甲"]


def _damaged(archive: Path, how: str, folder: Path) -> Path:
    """The archive made bad in one way."""
    bad = folder / "bad.yxb"
    if how == "missing":
        return bad
    if how == "text":
        bad.write_text("not an archive", "utf-8")
        return bad
    content = archive.read_bytes()
    if how == "cut":
        bad.write_bytes(content[: len(content) // 2])
        return bad
    if how == "flipped":
        middle = len(content) // 2
        bad.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        return bad
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if how == "swapped" and name == "ledger.db":
                part = part[:20_000] + bytes(100) + part[20_100:]
            if how == "manifest" and name == "manifest.json":
                part = b"{}"
            if not (how == "no key" and name == "ledger.key"):
                target.writestr(name, part)
        if how == "stranger":
            target.writestr("../outside.txt", "x")
    return bad


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("missing", "backup.missing"),
        ("text", "backup.not_one"),
        ("cut", "backup.not_one"),
        ("flipped", "backup.damaged"),
        ("swapped", "backup.damaged"),
        ("manifest", "backup.not_one"),
        ("no key", "backup.not_one"),
        ("stranger", "backup.not_one"),
    ],
)
def test_a_damaged_backup_is_refused_and_the_ledger_stays(small: Workspace, tmp_path: Path, how: str, code: str) -> None:
    archive = upkeep.backup(small, tmp_path / "one.yxb")
    before = everything(small)
    small.close()
    files = sorted(path.name for path in small.home.iterdir())
    (tmp_path / "bad").mkdir()
    bad = _damaged(archive, how, tmp_path / "bad")
    assert problem(upkeep.restore, small.home, bad) == code
    assert sorted(path.name for path in small.home.iterdir()) == files
    assert not (tmp_path / "outside.txt").exists()
    with open_ledger(small.home) as again:
        assert everything(again) == before


# The verifier


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE posting SET amount_fen = amount_fen + 1", "verify.row_changed"),
        ("DELETE FROM receipt", "verify.row_gone"),
        ("UPDATE operation SET who = 'someone' WHERE seq = 3", "verify.leaf"),
        ("UPDATE service_record SET state = 'draft'", "verify.row_changed"),
    ],
)
def test_tampering_behind_the_triggers_is_found(small: Workspace, sql: str, code: str) -> None:
    from datetime import date

    from desktop.store.connect import raw

    posted(small, "R1")
    records.receive(small, "R1", date(2025, 6, 1), 1_00, "FP-1")
    key = small.key
    small.close()
    connection = raw(small.home / "ledger.db", key)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(sql)
    for _, made in triggers:
        connection.execute(made)
    connection.close()
    with open_ledger(small.home) as again:
        verdict = upkeep.verify(again)
    assert code in {f.code for f in verdict.findings}
    told = " ".join(say(f.code, **dict(f.params)) for f in verdict.findings)
    assert not set("{}") & set(told), told
    if code == "verify.row_changed":
        assert "R1" in told
        assert "posting" not in told


def test_a_ledger_of_another_revision_is_not_opened(small: Workspace) -> None:
    from desktop.store.connect import raw

    key = small.key
    small.close()
    connection = raw(small.home / "ledger.db", key)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert problem(open_ledger, small.home) == "store.other_revision"


def test_a_new_ledger_is_there_within_a_second(tmp_path: Path) -> None:
    begin = time.monotonic()
    workspace, _ = institution.start(tmp_path / "home", "齐鲁示范大学", USCC, "university", "370102", practice=True)
    assert time.monotonic() - begin < 1
    workspace.close()


def test_reading_cannot_write(small: Workspace) -> None:
    with pytest.raises(Problem, match="store.readonly"), small.read() as connection:
        connection.exec_driver_sql("DELETE FROM setting")
    with pytest.raises(Refused, match="institution.kind"):
        institution.change(small, name="x", code=USCC, kind="circus", region="370102")


# Ledgers of another build


def _by_another_build(home: Path, key: bytes) -> None:
    """The ledger as an earlier build of the same revision made it: a column that this program reads is not there."""
    connection = raw(home / "ledger.db", key)
    connection.execute("ALTER TABLE payout_run RENAME COLUMN reason TO why")
    connection.execute("PRAGMA user_version = 12345")
    connection.close()


def test_a_ledger_with_the_schema_of_another_build_is_refused_in_words_and_kept(small_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(small_home, tmp_path / "home"))
    with open_ledger(home) as ledger:
        key = ledger.key
    _by_another_build(home, key)
    before = (home / "ledger.db").read_bytes()
    for _ in range(2):  # the first refusal keeps no lock
        assert problem(open_ledger, home) == "store.other_build"
    assert (home / "ledger.db").read_bytes() == before
    assert "没有打开" in say("store.other_build", path=home)


def test_a_backup_with_the_schema_of_another_build_is_refused_and_the_home_kept(small: Workspace, tmp_path: Path) -> None:
    archive = upkeep.backup(small, tmp_path / "ours.yxb")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(unpacked)
    _by_another_build(unpacked, small.key)
    (unpacked / "manifest.json").write_text(
        json.dumps({"sha256": hashlib.sha256((unpacked / "ledger.db").read_bytes()).hexdigest()}), "utf-8"
    )
    other = tmp_path / "other.yxb"
    with zipfile.ZipFile(other, "w") as packed:
        for name in ("ledger.db", "ledger.key", "practice.key", "manifest.json"):
            if (unpacked / name).exists():
                packed.write(unpacked / name, name)
    small.close()
    before = (small.home / "ledger.db").read_bytes()
    assert problem(upkeep.restore, small.home, other) == "store.other_build"
    assert (small.home / "ledger.db").read_bytes() == before
    small.reopen()


def test_a_backup_is_not_written_into_a_folder_that_is_not_there(small: Workspace, tmp_path: Path) -> None:
    assert problem(upkeep.backup, small, tmp_path / "mistyped" / "a.yxb") == "file.cannot_use"
    assert not (tmp_path / "mistyped").exists()
