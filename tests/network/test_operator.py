"""The commands as an operator types them: real processes, real files."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import requests

from tests.network.rig import USCC_A, Seat, instrument


def run(database: str, *words: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "network.operator", "--database", database, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout or done.stderr)


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
    assert refused("--database", database, "--port", "99999")["error"] == "the port cannot be used"
    assert refused("--database", "no url")["error"] == "the database cannot be opened"
    assert refused("--database", f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}")["error"] == "the database cannot be opened"


def test_an_institution_is_made_enrolled_served_and_a_log_tells_no_names(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    assert run(database, "create-institution", "--uscc", USCC_A, "--name", "齐鲁样本大学")[0] == 0
    assert run(database, "create-institution", "--uscc", USCC_A, "--name", "再来")[0] == 1
    assert run(database, "create-institution", "--uscc", "123700004000000180", "--name", "错码")[0] == 1
    code = str(run(database, "enrolment-code", "--uscc", USCC_A)[1]["code"])
    command = [sys.executable, "-m", "network", "--database", database, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            base = f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
            seat = Seat(base)
            assert seat.enrol(code).status_code == 201
            seat.send(instrument(name="名字不进日志", value_fen=98765432100))
            epoch = str(run(database, "restored")[1]["epoch"])
            assert requests.get(f"{base}/v1/capabilities", timeout=20).json()["epoch"] == epoch
            device = seat.device_id
            assert run(database, "revoke", "--device", device) == (0, {"device_id": device, "revoked": True})
            assert seat.ask("GET", "/v1/digest").json()["code"] == "auth.revoked"
        finally:
            process.terminate()
        _, log = process.communicate(timeout=30)
    assert process.returncode in (0, -15)
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"request", "device.enrolled"} <= {line["event"] for line in lines}
    for secret in ("名字不进日志", "98765432100", "测试机", code, seat.refresh_token, USCC_A):
        assert secret not in log
