"""Two programs, two homes, one service, real sockets: whatever each of them did, they end level, and nothing of either is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import resource
from desktop.actions import local_network

NAME, USCC = "齐鲁示范大学", "123700004000000181"
FILES = {
    "instruments": "instruments.xlsx",
    "fees": "price-list.xlsx",
    "technicians": "technicians.xlsx",
    "customers": "customers.csv",
    "records": "service-records.xlsx",
}


class Program:
    """One program with a home and a passphrase of its own; every call is a process."""

    def __init__(self, folder: Path, name: str) -> None:
        self.home = folder / name
        self.environment = {**os.environ, "YIXIANG_PASSPHRASE": f"{name} has a long passphrase", "YIXIANG_TODAY": "2026-11-23"}
        self.run("init", "--name", NAME, "--uscc", USCC, "--kind", "university", "--region", "370102")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "desktop", *arguments, "--json", "--home", str(self.home)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments: str, status: int = 0) -> Any:
        return self.ended(self.start(*arguments), status)

    @staticmethod
    def ended(process: subprocess.Popen[str], status: int = 0) -> Any:
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, f"{process.args}: exit {process.returncode}\n{out}\n{err}"
        return json.loads(out)

    def numbers(self) -> dict[str, str]:
        """Asset number -> the network's number, as the program tells it."""
        told = self.run("instrument", "list")
        return {one["asset_number"]: one["network_number"] for one in told["instruments"] if not one["confidential"]}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with local_network.child_network(database, NAME, USCC) as (address, code):
        yield address, code, database


def test_two_programs_converge(tmp_path: Path, service: tuple[str, str, str]) -> None:
    address, code, database = service
    office, laboratory = Program(tmp_path, "office"), Program(tmp_path, "laboratory")
    for kind, name in FILES.items():
        office.run("import", kind, str(resource.path("practice", name)), status=1)  # each file has its bad rows
    office.run("post", "--to", "2025-12-31", status=1)  # some have problems that wait for an answer
    office.run("enrol", "--url", address, "--code", code)
    second = str(local_network.operator(database, "enrolment-code", "--uscc", USCC)["code"])
    laboratory.run("enrol", "--url", address, "--code", second)

    # Both at once, on the same service.
    both = [one.start("sync") for one in (office, laboratory)]
    sent = Program.ended(both[0])["sent"]
    assert sent > 500
    Program.ended(both[1])
    laboratory.run("sync")
    assert laboratory.numbers() == office.numbers()

    # Each does something of its own, and both one thing differently.
    free = [asset for asset, number in sorted(office.numbers().items()) if not number][:3]
    office.run("instrument", "join", free[0], "--on", "2026-11-20", "--number", "NET-OFFICE")
    laboratory.run("instrument", "join", free[1], "--on", "2026-11-20", "--number", "NET-LAB")
    office.run("instrument", "join", free[2], "--on", "2026-11-20", "--number", "NET-THIS")
    laboratory.run("instrument", "join", free[2], "--on", "2026-11-21", "--number", "NET-THAT")
    office.run("sync")
    told = laboratory.run("sync", status=1)
    assert (told["conflicts"], told["parked"]) == (1, 0)
    (conflict,) = laboratory.run("conflicts")["conflicts"]
    assert (conflict["mine"]["network_number"], conflict["theirs"]["network_number"]) == ("NET-THAT", "NET-THIS")
    laboratory.run("resolve", conflict["kind"], conflict["id"], "--choose", "mine", "--reason", "以入网回执为准")

    for one in (laboratory, office, laboratory):
        told = one.run("sync")
    assert (told["digest_equal"], told["sent"], told["received"], told["conflicts"], told["parked"]) == (True, 0, 0, 0, 0)
    numbers = office.numbers()
    assert [numbers[asset] for asset in free] == ["NET-OFFICE", "NET-LAB", "NET-THAT"]
    assert laboratory.numbers() == numbers
    # A third answer, by command; then one of them leaves and the other goes on.
    office.run("instrument", "join", free[2], "--on", "2026-11-20", "--number", "NET-1", "--correct", "回执抄错")
    laboratory.run("instrument", "join", free[2], "--on", "2026-11-20", "--number", "NET-2", "--correct", "回执抄错")
    office.run("sync")
    laboratory.run("sync", status=1)
    laboratory.run("resolve", "instrument", conflict["id"], "--choose", "theirs", "--set", "network_number=NET-3", "--reason", "两边都抄错")
    laboratory.run("sync")
    office.run("sync")
    assert office.numbers()[free[2]] == laboratory.numbers()[free[2]] == "NET-3"
    assert laboratory.run("leave")["revoked"] is True
    assert laboratory.run("sync", status=1)["error"] == "sync.not_enrolled"
    assert office.run("sync")["digest_equal"] is True
    for one in (office, laboratory):
        assert one.run("verify")["ok"] is True
