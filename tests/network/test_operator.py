"""The commands as an operator types them, on both databases, and the service beside them as a real process."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from sqlalchemy import select

from network import __main__ as network_main
from network import operator, schema, sensors
from network.database import Database
from tests.network.packing import Courier
from tests.network.rig import USCC_A, Running, Seat, batch, instrument, uscc

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def run(database: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """One command on the database: exit status and the object it prints."""

    def one(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = operator.main(["--database", database, *map(str, words)])
        told = capsys.readouterr()
        return status, json.loads((told.err if status else told.out).splitlines()[-1])

    return one


def make(run: Run, number: str = USCC_A, name: str = "齐鲁样本大学") -> None:
    assert run("create-institution", "--uscc", number, "--name", name)[0] == 0


def refused(*words: str) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-m", "network", *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert not done.stdout
    return dict(json.loads(done.stderr))


def test_a_service_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert refused("--database", database, "--port", port)["named"] == port
    assert refused("--database", "no url")["error"] == "the database cannot be opened"
    assert refused("--database", f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}")["error"] == "the database cannot be opened"
    away = refused("--database", "postgresql+psycopg://network:geheim@127.0.0.1:9/network")
    assert "geheim" not in json.dumps(away)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("mysql://network:geheim@127.0.0.1/network", "geheim"),
        ("postgresql+psycopg://network:ge@heim@127.0.0.1:9/network", "heim"),
        ("postgresql+psycopg://network:ge@he:im@127.0.0.1:9/network", "im@"),
        ("postgresql+psycopg://network:ge/heim@127.0.0.1:9/network", "heim"),
        ("postgresql+psycopg://net/work:geheim@127.0.0.1:9/network", "geheim"),
        ("postgresql+psycopg://127.0.0.1:9/network?password=geheim", "geheim"),
        ("postgresql+nodriver://network:geheim@127.0.0.1:9/network", "geheim"),
        ("sqlite://", "\0"),
        ("sqlite:///:memory:", "\0"),
    ],
)
def test_an_unfit_address_is_refused_in_words_without_its_password(
    url: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (network_main.main, operator.main):
        assert command(["--database", url, *(["institutions"] if command is operator.main else [])]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert json.loads(line)["error"] == "the database cannot be opened"
        assert json.loads(line)["reason"]
        assert secret not in line


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_file_that_holds_the_keys_is_its_owners_alone(database: str, run: Run) -> None:
    make(run)
    path = Path(database.removeprefix("sqlite:///"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with Running(database):
        found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.glob(path.name + "*")}
        assert set(found.values()) == {0o600}, found
        assert len(found) > 1, "the log beside the file was not there to be looked at"


def test_a_database_that_is_busy_is_told_in_one_line(
    run: Run, database: str, engine: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(run)
    monkeypatch.setattr("network.database.LOCK_SECONDS", 1)
    monkeypatch.setattr("network.database.FILE_LOCK_SECONDS", 1)
    holder = Database(database)
    with holder.write() as connection:
        connection.execute(schema.institution.update().values(frozen=False))
        status, told = run("freeze", "--uscc", USCC_A)
    holder.close()
    assert (status, told["error"]) == (1, "the database is busy or away: nothing was changed, try again")
    assert "Traceback" not in capsys.readouterr().err
    assert run("institutions")[1]["institutions"][0]["frozen"] is False


def test_what_cannot_be_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    make(run)
    deep, wide = tmp_path / "deep.json", tmp_path / "wide.csv"
    deep.write_text("[" * 200_000 + "]" * 200_000, "utf-8")
    wide.write_text("asset_number,sensor,started_at,ended_at,band\nSB-1," + "x" * 200_000 + ",a,b,c\n", "utf-8")
    notice = ("notice", "--uscc", USCC_A, "--kind", "warning")
    for words, told in (
        (("codebook", "--name", "benchmarks", "--file", deep), "nested too deeply"),
        (("sensor-sessions", "--uscc", USCC_A, "--file", wide), "field larger than field limit"),
        (("clean", "--days", 99999999), "1 to 3660 days"),
        (("clean", "--days", -5), "1 to 3660 days"),
        ((*notice, "--title", " ", "--text", "请核对。"), "a title and a text"),
        ((*notice, "--title", "警示", "--text", ""), "a title and a text"),
    ):
        status, said = run(*words)
        assert (status, set(said)) == (1, {"error"}), words
        assert told in said["error"], said


def test_a_fault_of_the_program_is_told_by_its_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.publishing.publish", lambda _connection: [][1])
    status, said = run("publish")
    assert (status, said["reason"], said["error"]) == (1, "IndexError", "the command failed and changed nothing")
    assert said["where"].startswith("tests.network.test_operator:")


SECRETS = {
    "name": "名字不进日志",
    "value_fen": 98765432100,
    "contact": "联系人不进日志",
    "phone": "13800001111",
    "technical": "参数不进日志",
}


def test_the_log_tells_what_happened_and_to_whom_nothing(run: Run, database: str) -> None:
    """Every kind of request, taken, refused and malformed: the log holds codes and ids, no name, number, amount, token or body."""
    make(run)
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    with Running(database) as service:
        seat = Seat(service.base)
        assert seat.enrol(code).status_code == 201
        seat.send(instrument(**SECRETS), instrument(asset_number="", **SECRETS))
        seat.ask("POST", "/v1/validate", batch(instrument(**SECRETS)))
        seat.ask("POST", "/v1/batches", raw=json.dumps({"key": SECRETS["name"]}).encode())
        seat.ask("POST", "/v1/recover", {"items": [SECRETS]})
        seat.ask("GET", "/v1/changes", params={"cursor": "手机号13800001111"})
        seat.ask("GET", "/v1/entities/{kind}/{id}", path={"kind": SECRETS["name"], "id": SECRETS["phone"]})
        seat.ask("GET", f"/v1/{SECRETS['contact']}")
        seat.ask("POST", "/v1/token", {"refresh_token": "不进日志的令牌"})
        seat.ask("POST", "/v1/devices", {"code": "不进日志的注册码", "device_id": seat.device_id})
        courier = Courier(USCC_A)
        package = courier.pack(enrolment={"code": "不进日志的注册码", "public_key": courier.public_key})
        seat.ask("POST", "/v1/packages", raw=package, headers={"Content-Type": "application/vnd.yixiang.gxpk"})
        requests.request("BREW", f"{service.base}/v1/health", timeout=20)
    assert service.process.returncode in (0, -15)
    lines = [json.loads(line) for line in service.log.splitlines()]
    assert {"request", "device.enrolled"} <= {line["event"] for line in lines}
    asked = [line for line in lines if line["event"] == "request"]
    assert len(asked) == 12
    assert {"request_id", "method", "route", "status", "code", "device_id", "ms", "at", "level", "event"} == set(asked[0])
    assert {"/v1/batches", "/v1/entities/{kind}/{key}", None} <= {line["route"] for line in asked}
    assert any(line["device_id"] == seat.device_id for line in asked)
    for secret in (
        *map(str, SECRETS.values()), "不进日志", "测试机", code, seat.refresh_token, USCC_A, "齐鲁样本大学", "BREW",
        seat.headers["Authorization"].partition(" ")[2], "127.0.0.1",
    ):  # fmt: skip
        assert secret not in service.log, secret


def test_a_client_that_goes_away_is_logged_as_that(database: str) -> None:
    """The line breaks in the middle of a body: one note of it in the log, and no failure of the service."""
    with Running(database) as service:
        host, _, port = service.base.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            head = f"POST /v1/devices HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
            line.sendall(head.encode() + b'{"code": "')
        assert service.process.stderr
        told = [json.loads(service.process.stderr.readline())]
        while told[-1]["event"] != "request":  # the service may speak of itself before
            told.append(json.loads(service.process.stderr.readline()))
        assert requests.get(f"{service.base}/v1/health", timeout=20).ok
    told += [json.loads(text) for text in service.log.splitlines()]
    asked = [line for line in told if line["event"] == "request"]
    assert [(line["route"], line["status"], line["code"]) for line in asked] == [
        ("/v1/devices", 499, "client.gone"),
        ("/v1/health", 200, None),
    ]
    assert {line["level"] for line in told} == {"info"}


def test_what_the_operator_does_counts_at_once_for_the_running_service(run: Run, database: str) -> None:
    make(run)
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    with Running(database, "--rate", "600") as service:
        seat = Seat(service.base)
        seat.enrol(code)
        run("freeze", "--uscc", USCC_A)
        assert seat.ask("GET", "/v1/digest").json()["code"] == "institution.frozen"
        run("freeze", "--uscc", USCC_A, "--lift")
        assert seat.ask("GET", "/v1/digest").ok
        epoch = run("restored")[1]["epoch"]
        assert seat.ask("GET", "/v1/capabilities").json()["epoch"] == epoch
        assert run("revoke", "--device", seat.device_id) == (0, {"device_id": seat.device_id, "revoked": True})
        seat.headers["Yixiang-Epoch"] = epoch
        assert seat.ask("GET", "/v1/digest").json()["code"] == "auth.revoked"


def test_institutions_codes_and_devices(run: Run) -> None:
    make(run)
    assert run("create-institution", "--uscc", USCC_A, "--name", "再来")[0] == 1
    assert run("create-institution", "--uscc", "123700004000000180", "--name", "错码")[1] == {
        "error": "the credit code is not valid"
    }
    assert run("create-institution", "--uscc", uscc(2), "--name", " ")[1] == {"error": "the name is empty"}
    assert run("institutions")[1]["institutions"] == [{"uscc": USCC_A, "name": "齐鲁样本大学", "frozen": False}]
    assert run("enrolment-code", "--uscc", uscc(2))[1] == {"error": "there is no institution with this credit code"}
    assert run("enrolment-code", "--uscc", USCC_A, "--days", "0")[0] == 1
    assert run("devices", "--uscc", USCC_A)[1] == {"devices": []}
    assert run("revoke", "--device", "none")[0] == 1


@pytest.mark.parametrize(("utc", "day"), [("2025-12-31T15:59:59", "2025-12-31"), ("2025-12-31T16:00:00", "2026-01-01")])
def test_a_notice_is_issued_on_the_day_of_the_province(run: Run, database: str, monkeypatch: pytest.MonkeyPatch, utc: str, day: str) -> None:
    """Before eight in the morning the day of UTC is the one before, and on 1 January so is the year that a rectification report is of."""
    make(run)
    clock = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    monkeypatch.setattr(operator, "Database", lambda url: Database(url, lambda: clock))
    assert run("notice", "--uscc", USCC_A, "--kind", "warning", "--title", "警示", "--text", "请核对。")[0] == 0
    db = Database(database)
    with db.read() as connection:
        (body,) = connection.execute(select(schema.notice.c.body)).scalars()
    db.close()
    assert json.loads(body)["issued_on"] == day


def test_a_notice_a_code_book_and_the_shipped_ones(run: Run, tmp_path: Path) -> None:
    make(run)
    file = tmp_path / "book.json"
    file.write_text('{"2025": {"有效机时": 1599}}', "utf-8")
    assert run("codebook", "--name", "benchmarks", "--file", file)[0] == 0
    assert run("codebook", "--name", "../x", "--file", file)[0] == 1
    file.write_text("{", "utf-8")
    assert run("codebook", "--name", "benchmarks", "--file", file)[0] == 1
    assert (
        run("codebook", "--name", "benchmarks", "--file", tmp_path / "none")[1]["error"] == "the file cannot be read or written"
    )
    first = run("publish")[1]["codebooks"]
    assert set(first) == {"calendar", "instrument-classes", "regions", "parameters"}
    assert run("publish")[1]["codebooks"] == first
    sent = run("notice", "--uscc", USCC_A, "--kind", "warning", "--title", "警示", "--text", "请核对。", "--due", "2026-02-01")
    assert sent[0] == 0


def test_sensor_sessions_come_from_a_file_once(run: Run, tmp_path: Path, database: str) -> None:
    make(run)
    file = tmp_path / "sessions.csv"
    head = "asset_number,sensor,started_at,ended_at,band,n_watt_hours\n"
    file.write_text(head + "SB-9,CG-1,2026-01-10T09:00+08:00,2026-01-10T10:00+08:00,working,\n", "utf-8")
    assert run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1]["error"].endswith("line 2: 'SB-9'")
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    owner = instrument(asset_number="SB-9")
    with Running(database) as service:
        seat = Seat(service.base)
        seat.enrol(code)
        seat.send(owner)
        assert run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1] == {"n_new": 1}
        assert run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1] == {"n_new": 0}
        told = seat.ask("GET", "/v1/sensors/{instrument}/sessions", path={"instrument": owner["id"]}).json()
    assert [(s["started_at"], s["ended_at"], s["band"]) for s in told["items"]] == [
        ("2026-01-10T01:00:00Z", "2026-01-10T02:00:00Z", "working")
    ]
    for wrong in ("2026-01-10T09:00,2026-01-10T10:00,working,", "2026-01-10T09:00+08:00,2026-01-10T08:00+08:00,idle,",
                  "2026-01-10T09:00+08:00,2026-01-10T10:00+08:00,off,", "x,y,idle,", "2026-01-10T09:00+08:00,2026-01-10T10:00+08:00,idle,viel"):  # fmt: skip
        file.write_text(head + "SB-9,CG-1," + wrong + "\n", "utf-8")
        assert run("sensor-sessions", "--uscc", USCC_A, "--file", file)[0] == 1, wrong
    file.write_text("sensor\n1\n", "utf-8")
    assert "columns are missing" in run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1]["error"]


def test_an_instrument_is_published_and_evaluated_by_its_asset_number(run: Run, database: str) -> None:
    make(run)
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    who = ("--uscc", USCC_A, "--asset-number")
    with Running(database) as service:
        seat = Seat(service.base)
        seat.enrol(code)
        seat.send(owner := instrument(asset_number="SB-9"))
        unknown = run("publication", *who, "SB-8", "--state", "pending")
        assert unknown == (1, {"error": "the institution reports no instrument of this asset number"})
        assert run("evaluation", *who, "SB-9", "--year", 2025, "--grade", "优秀")[0] == 1
        # The asset number is compared as when it was reported: neither the width of its signs nor spaces make another one of it.
        assert run("publication", *who, " ＳＢ-9 ", "--state", "listed", "--number", "N-9", "--on", "2026-01-12")[0] == 0
        told = run("evaluation", *who, "SB-9", "--year", 2025, "--grade", "优秀", "--score", "92.5", "--on", "2026-03-20")
        read = seat.ask("GET", "/v1/publications").json()["items"]
    assert told == (0, read[0])
    graded = {"year": 2025, "grade": "优秀", "score": "92.5", "evaluated_on": "2026-03-20"}
    shown = {"network_number": "N-9", "state": "listed", "since_on": "2026-01-12", "reason": ""}
    assert read == [{"id": owner["id"], "evaluations": [graded]} | shown]


LONG = "长编号" * 80


@pytest.mark.parametrize(
    ("reported", "typed", "other"),
    [("SB-9", "ＳＢ－９", True), ("ＳＢ－９", "SB-9", False), ("SB  9", "　SB 9 ", False), ("SB 9", "SB　　9", True), (LONG, f" {LONG} ", True)],
    ids=["wide in the file", "wide as reported", "spaces", "wide spaces", "long"],
)
def test_a_sensor_session_finds_its_instrument_however_the_number_is_typed(
    run: Run, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch, reported: str, typed: str, other: bool
) -> None:
    """``other``: the text is another one than the service keeps."""
    make(run)
    file = tmp_path / "sessions.csv"
    file.write_text(f"{','.join(sensors.COLUMNS)}\n{typed},CG-1,2026-01-10T09:00+08:00,2026-01-10T10:00+08:00,working,\n", "utf-8")
    with Running(database) as service:
        seat = Seat(service.base)
        seat.enrol(run("enrolment-code", "--uscc", USCC_A)[1]["code"])
        owner = instrument(asset_number=reported)
        seat.send(owner)
        if other:
            with monkeypatch.context() as broken:
                broken.setattr(sensors, "number_as_kept", str.strip)
                assert "line 2" in run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1]["error"], "the number as it is typed"
        assert run("sensor-sessions", "--uscc", USCC_A, "--file", file)[1] == {"n_new": 1}
        told = seat.ask("GET", "/v1/sensors/{instrument}/sessions", path={"instrument": owner["id"]}).json()
    assert [one["sensor"] for one in told["items"]] == ["CG-1"]


def test_a_package_is_taken_and_answered_by_command(run: Run, tmp_path: Path) -> None:
    make(run)
    courier = Courier(USCC_A)
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    file, answer = tmp_path / "1.gxpk", tmp_path / "1.answer.gxpk"
    package = courier.pack(batch(instrument()), enrolment={"code": code, "public_key": courier.public_key})
    file.write_bytes(package)
    assert run("take-package", "--file", file, "--answer", answer)[1] == {
        "device_id": courier.device_id, "number": 1, "again": False,
    }  # fmt: skip
    told = courier.absorb(package, answer.read_bytes())
    assert told["receipts/0001.json"]["results"][0]["status"] == "applied"
    assert run("take-package", "--file", file, "--answer", answer)[1] == {"error": "the file for the answer is there already"}
    again = tmp_path / "again.gxpk"
    assert run("take-package", "--file", file, "--answer", again)[1]["again"] is True
    assert again.read_bytes() == answer.read_bytes()
    assert run("devices", "--uscc", USCC_A)[1]["devices"][0]["has_key"] is True


def test_a_refused_package_is_answered_by_a_package_that_says_why(run: Run, tmp_path: Path) -> None:
    make(run)
    courier = Courier(USCC_A)
    code = run("enrolment-code", "--uscc", USCC_A)[1]["code"]
    file = tmp_path / "1.gxpk"
    file.write_bytes(package := courier.pack(enrolment={"code": code, "public_key": courier.public_key}))
    run("take-package", "--file", file, "--answer", tmp_path / "1.answer")
    courier.absorb(package, (tmp_path / "1.answer").read_bytes())
    courier.number += 1
    late = tmp_path / "3.gxpk"
    late.write_bytes(package := courier.pack(batch(instrument())))
    status, told = run("take-package", "--file", late, "--answer", tmp_path / "3.answer")
    assert (status, told["code"], told["number"]) == (1, "package.gap", 2)
    carried = courier.absorb(package, (tmp_path / "3.answer").read_bytes())
    assert (carried["problem.json"]["code"], carried["problem.json"]["number"]) == ("package.gap", 2)
    late.write_bytes(package[:-1])
    assert run("take-package", "--file", late, "--answer", tmp_path / "4.answer")[1]["code"] == "package.damaged"
    assert not (tmp_path / "4.answer").exists()


def test_backup_restore_keys_and_cleaning(run: Run, tmp_path: Path) -> None:
    make(run)
    file = tmp_path / "a.backup"
    told = run("backup", "--file", file)[1]
    assert told["counts"]["institution"] == 1
    there = {"error": "the file cannot be read or written", "reason": f"File exists: {file}"}
    assert run("backup", "--file", file) == (1, there)
    gone = tmp_path / "nope.backup"
    away = {"error": "the file cannot be read or written", "reason": f"No such file or directory: {gone}"}
    assert run("restore", "--file", gone) == (1, away), "a file that is not there is not damaged"
    assert run("restore", "--file", tmp_path)[1] == {"error": "the file cannot be read or written", "reason": f"Is a directory: {tmp_path}"}
    make(run, uscc(2), "后来的")
    restored = run("restore", "--file", file)[1]
    assert int(restored["epoch"]) > int(told["epoch"])
    assert restored["access"] == "kept"
    assert len(run("institutions")[1]["institutions"]) == 2
    file.write_bytes(b"no backup")
    assert run("restore", "--file", file)[1]["error"].startswith("the file is damaged")
    assert run("clean")[1] == {"n_unfinished_uploads": 0}
    assert len(str(run("renew-key")[1]["key_id"])) == 16


def test_the_seeded_catalogue_is_the_same_for_the_same_seed(run: Run) -> None:
    assert run("seed-catalogue", "--n", 100, "--seed", 7)[1] == {"n_instruments": 100, "seed": 7}
    assert run("seed-catalogue", "--n", -1)[0] == 1


def test_a_service_told_to_end_before_it_hears_of_signals_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has said its port by then, so whoever started it may end it at once; that signal was lost, and the service stayed."""
    heard: list[bool] = []

    def run(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        signal.raise_signal(signal.SIGTERM)
        heard.append(self.should_exit)

    monkeypatch.setattr(uvicorn.Server, "run", run)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert network_main.main(["--database", f"sqlite:///{tmp_path / 'network.db'}", "--log-level", "error"]) == 0
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert heard == [True]
