"""``yixiang network start``: whoever ends the command ends the service it started, and the port is free again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests


@contextmanager
def running(home: Path, *prelude: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command as a process of its own group, and the port it serves on; whatever it started is gone afterwards."""
    code = "; ".join((*prelude, "import sys; from desktop.__main__ import main; sys.exit(main(sys.argv[1:]))"))
    process = subprocess.Popen(
        [sys.executable, "-c", code, "network", "start", "--port", "0", "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["port"]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_ends_with_the_command(tmp_path: Path, number: int) -> None:
    handled = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # whoever started the tests may ignore it
    with running(tmp_path / "home", handled) as (process, port):
        assert requests.get(f"http://127.0.0.1:{port}/v1/capabilities", timeout=20).ok
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert "服务已停止" in out
        assert "Traceback" not in err
        assert not answers(port)


def test_a_command_that_does_not_hand_the_signal_on_leaves_the_service_there(tmp_path: Path) -> None:
    """The broken variant: the command is gone, and the port is taken."""
    deaf = (
        "import signal",
        "from desktop.actions import local_network",
        "local_network.signal = type('S', (), {'SIGTERM': signal.SIGTERM, 'signal': staticmethod(lambda *_: signal.SIG_DFL)})",
    )
    with running(tmp_path / "home", *deaf) as (process, port):
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert answers(port)
