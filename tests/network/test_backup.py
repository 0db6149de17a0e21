"""Backups of the service: one file for both engines, read back before it counts, brought back whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from network import backup, keys, library, migrations, publications, schema, seeding, sensors
from network.database import Database
from tests.network.files import pdf, upload
from tests.network.rig import Seat, Service, create, instrument, new_id, service_record, uscc


def content(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the epoch."""
    with db.read() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
        }
    found["service"] = [row for row in found["service"] if row[0] != "epoch"]
    return found


@pytest.fixture
def busy(fresh: Service) -> Service:
    """A service with something in every corner."""
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    seat = fresh.seat(home)
    owner = instrument()
    record = service_record(owner["id"])
    seat.send(owner, record, create("posting", record_id=record["id"], amount_fen=5, posted_on="2026-01-11"))
    upload(seat, pdf(3000))
    seat.ask("POST", "/v1/anchors", {"ledger_id": new_id(), "head": "ab" * 32, "n_operations": 1})
    with fresh.db.write() as connection:
        library.put_codebook(connection, "benchmarks", {"a": 1})
        library.send_notice(connection, home, "warning", "警示", "请核对。", "2026-01-15", None)
        row = {"asset_number": owner["body"]["asset_number"], "sensor": "CG-1", "band": "working", "n_watt_hours": "7"}
        moments = {"started_at": "2026-01-10T09:00+08:00", "ended_at": "2026-01-10T10:00+08:00"}
        assert sensors.put(connection, home, [row | moments]) == 1
        seeding.seed_catalogue(connection, 50, 1)
    return fresh


def test_what_was_backed_up_comes_back_in_another_database(
    busy: Service, new_database: Callable[[], str], tmp_path: Path
) -> None:
    told = backup.write(busy.db, tmp_path / "a.backup")
    assert stat.S_IMODE((tmp_path / "a.backup").stat().st_mode) == 0o600
    assert told["counts"]["entity"] == 3  # type: ignore[index]
    other = Database(new_database(), busy.clock)
    try:
        restored = backup.restore(other, tmp_path / "a.backup")
        assert content(other) == content(busy.db)
        assert other.server_id == busy.db.server_id
        assert int(str(restored["epoch"])) > int(str(told["epoch"]))
    finally:
        other.close()


def before_publications(path: Path, revision: str = "0005") -> Path:
    """A backup as the program of this revision wrote it, which knew no publications."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    *body, last = [line for line in lines if line.get("table") != "publication"]
    body[0]["revision"] = revision
    written = b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in body)
    counts = {name: n for name, n in last["counts"].items() if name != "publication"}
    end = json.dumps({"sha256": hashlib.sha256(written).hexdigest(), "counts": counts}).encode() + b"\n"
    made = path.with_name(f"{revision}.backup")
    made.write_bytes(gzip.compress(written + end))
    return made


def test_a_backup_from_before_a_table_was_added_comes_back_into_the_tables_of_today(
    busy: Service, new_database: Callable[[], str], tmp_path: Path
) -> None:
    backup.write(busy.db, tmp_path / "a.backup")
    kept, earlier = content(busy.db), before_publications(tmp_path / "a.backup")
    url = new_database()
    other = Database(url, busy.clock)
    try:
        assert backup.restore(other, earlier)["revision"] == "0005"
        assert content(other) == kept
        with other.read() as connection:
            assert migrations.revision(connection) == migrations.REVISIONS[-1]
        with other.write() as connection:
            home, key = connection.execute(select(schema.entity.c.institution_id, schema.entity.c.id).where(schema.entity.c.kind == "instrument")).one()
            assert publications.set_state(connection, home, key, publications.State("pending", "2026-01-12"))["state"] == "pending"
    finally:
        other.close()
    again = Database(url, busy.clock)
    again.close()


def test_a_backup_from_before_tables_were_changed_is_refused_and_so_is_one_that_lacks_a_table(
    busy: Service, new_database: Callable[[], str], tmp_path: Path
) -> None:
    backup.write(busy.db, tmp_path / "a.backup")
    other = Database(new_database(), busy.clock)
    try:
        before = content(other)
        with pytest.raises(backup.Unusable, match="another version of the service .0004."):
            backup.restore(other, before_publications(tmp_path / "a.backup", "0004"))
        with pytest.raises(backup.Unusable, match="cut short or was altered"):
            backup.restore(other, before_publications(tmp_path / "a.backup", "0006"))
        assert content(other) == before
    finally:
        other.close()


def test_a_backup_of_one_engine_comes_back_on_the_other(busy: Service, postgres: object, engine: str, tmp_path: Path) -> None:
    backup.write(busy.db, tmp_path / "a.backup")
    url = f"sqlite:///{tmp_path / 'other.db'}" if engine == "postgresql" else postgres.database()  # type: ignore[attr-defined]
    other = Database(url, busy.clock)
    try:
        backup.restore(other, tmp_path / "a.backup")
        assert content(other) == content(busy.db)
    finally:
        other.close()


def test_a_running_service_goes_on_after_a_restore_with_everything_of_the_backup(busy: Service, tmp_path: Path) -> None:
    with busy.db.read() as connection:
        home = str(connection.execute(select(schema.institution.c.id)).scalar_one())
    seat = busy.seat(home)
    backup.write(busy.db, tmp_path / "a.backup")
    seat.send(instrument())
    epoch = str(backup.restore(busy.db, tmp_path / "a.backup")["epoch"])
    assert seat.ask("GET", "/v1/digest").json()["code"] == "epoch.changed"
    seat.headers["Yixiang-Epoch"] = epoch
    assert seat.ask("GET", "/v1/digest").json()["n_entities"] == 3
    assert seat.send(instrument())[0]["status"] == "applied"


def code_of(seat: Seat, method: str = "GET", route: str = "/v1/digest") -> str:
    reply = seat.ask(method, route)
    return "" if reply.ok else str(reply.json()["code"])


def test_a_restore_of_the_same_service_leaves_alone_who_may_ask(busy: Service, tmp_path: Path) -> None:
    """Renewed since, revoked since, a code spent since, a stop since, an institution since, a key since: all stay."""
    with busy.db.read() as connection:
        home = str(connection.execute(select(schema.institution.c.id)).scalar_one())
    renewed, revoked, code = busy.seat(home), busy.seat(home), busy.code(home)
    frozen = busy.institution(uscc(2), "泉城样本仪器公司")
    stopped = busy.seat(frozen)
    backup.write(busy.db, tmp_path / "a.backup")
    assert renewed.renew().ok
    late, spent = Seat(busy.base), revoked.refresh_token
    assert late.enrol(code).ok
    late.send(instrument(asset_number="SB-LATE"))
    since = busy.seat(busy.institution(uscc(3), "后来的单位"))
    revoked.ask("DELETE", "/v1/devices/{device_id}", path={"device_id": revoked.device_id})
    with busy.db.write() as connection:
        connection.execute(schema.institution.update().where(schema.institution.c.id == frozen).values(frozen=True))
        key_id = keys.renew(connection, busy.db.moment())
    told = backup.restore(busy.db, tmp_path / "a.backup")
    assert (told["access"], told["n_new_institutions"]) == ("kept", 1)
    for seat in (renewed, late, since, revoked, stopped):
        seat.headers["Yixiang-Epoch"] = str(told["epoch"])
    assert [code_of(seat) for seat in (renewed, late, since)] == ["", "", ""]
    assert renewed.renew().ok
    assert late.send(instrument(asset_number="SB-LATE"))[0]["status"] == "applied"
    assert since.send(instrument())[0]["status"] == "applied"
    assert code_of(revoked) == "auth.revoked"
    assert revoked.renew(spent).json()["code"] == "auth.revoked"
    assert Seat(busy.base).enrol(code).json()["code"] == "enrolment.refused"
    assert code_of(stopped) == "institution.frozen"
    assert [key["key_id"] for key in keys_told(late) if key["to_at"] is None] == [key_id]


def keys_told(seat: Seat) -> list[dict[str, str | None]]:
    told: list[dict[str, str | None]] = seat.ask("GET", "/v1/capabilities").json()["keys"]
    return told


def test_a_backup_of_another_service_brings_its_own_devices_and_id_to_the_running_one(
    busy: Service, new_database: Callable[[], str], tmp_path: Path
) -> None:
    with busy.db.read() as connection:
        home = str(connection.execute(select(schema.institution.c.id)).scalar_one())
    guest = busy.seat(home)
    backup.write(busy.db, tmp_path / "a.backup")
    other = Service(new_database())
    try:
        seat = other.seat(other.institution(uscc(2), "泉城样本仪器公司"))
        beside = Database(other.db.engine.url.render_as_string(hide_password=False), other.clock)
        told = backup.restore(beside, tmp_path / "a.backup", replace=True)
        beside.close()
        assert told["access"] == "restored"
        seat.headers["Yixiang-Epoch"] = guest.headers["Yixiang-Epoch"] = str(told["epoch"])
        assert code_of(seat) == "auth.missing"
        guest.base = other.base
        assert guest.ask("GET", "/v1/digest").ok
        now = guest.ask("GET", "/v1/capabilities").json()
        assert (now["server_id"], now["epoch"]) == (busy.db.server_id, told["epoch"])
    finally:
        other.stop()


def test_a_damaged_backup_is_refused_and_nothing_is_touched(busy: Service, tmp_path: Path) -> None:
    good = tmp_path / "a.backup"
    backup.write(busy.db, good)
    before, raw = content(busy.db), good.read_bytes()
    plain = gzip.decompress(raw)
    lines = plain.splitlines(keepends=True)
    broken = {
        "byte": raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :],
        "short": raw[:-20],
        "empty": b"",
        "other": gzip.compress(b'{"format": "else"}\n'),
        "altered": gzip.compress(plain.replace(b'"SB-', b'"SC-', 1)),
        "line gone": gzip.compress(b"".join(lines[:3] + lines[4:])),
        "end gone": gzip.compress(b"".join(lines[:-1])),
        "text": b"no gzip",
    }
    for name, wrong in broken.items():
        path = tmp_path / name
        path.write_bytes(wrong)
        with pytest.raises(backup.Unusable):
            backup.restore(busy.db, path)
        assert content(busy.db) == before, name
    backup.restore(busy.db, good)


def test_a_backup_is_not_written_over_another_and_leaves_no_draft(busy: Service, tmp_path: Path) -> None:
    backup.write(busy.db, tmp_path / "a.backup")
    with pytest.raises(FileExistsError):
        backup.write(busy.db, tmp_path / "a.backup")
    with pytest.raises(FileNotFoundError):
        backup.write(busy.db, tmp_path / "nowhere" / "a.backup")
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_database_of_another_service_is_only_replaced_when_asked_for(
    busy: Service, new_database: Callable[[], str], tmp_path: Path
) -> None:
    backup.write(busy.db, tmp_path / "a.backup")
    other = Service(new_database())
    try:
        other.institution(uscc(2), "泉城样本仪器公司")
        with pytest.raises(backup.Unusable, match="another service"):
            backup.restore(other.db, tmp_path / "a.backup")
        backup.restore(other.db, tmp_path / "a.backup", replace=True)
        assert content(other.db) == content(busy.db)
    finally:
        other.stop()


def test_after_a_restore_positions_lie_above_all_that_were(busy: Service, tmp_path: Path) -> None:
    with busy.db.read() as connection:
        home = str(connection.execute(select(schema.institution.c.id)).scalar_one())
    seat: Seat = busy.seat(home)
    backup.write(busy.db, tmp_path / "a.backup")
    seat.send(instrument())
    _, before = seat.pages()
    seat.headers["Yixiang-Epoch"] = str(backup.restore(busy.db, tmp_path / "a.backup")["epoch"])
    seat.send(instrument())
    _, after = seat.pages()
    assert int(after.partition(".")[2]) > int(before.partition(".")[2])
