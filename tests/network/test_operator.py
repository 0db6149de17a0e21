"""The commands as an operator types them: real processes, real files."""

from __future__ import annotations

import json
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
