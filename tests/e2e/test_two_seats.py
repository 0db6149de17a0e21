"""Two programs, two homes, one service, real sockets: whatever each of them did, they end level, and nothing of either is lost."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop import resource
from desktop.actions import local_network
from tests.network.overhearing import overheard
from tests.network.recorder import Recorder

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


SPOKEN = {
    "GET /v1/capabilities", "POST /v1/devices", "POST /v1/token", "DELETE /v1/devices/{device_id}",
    "POST /v1/batches", "GET /v1/changes", "POST /v1/recover", "POST /v1/anchors",
    "PUT /v1/blobs/{sha256}", "PUT /v1/blobs/{sha256}/parts/{number}", "GET /v1/blobs/{sha256}", "GET /v1/blobs/{sha256}/parts/{number}",
    "GET /v1/reference/{codebook}", "GET /v1/notices", "GET /v1/catalogue",
}  # fmt: skip
"""What the two programs ask for in a day."""


class Service(NamedTuple):
    """A running service; what the programs send it and get from it is held against the contract (``heard``)."""

    address: str
    code: str
    database: str
    heard: Recorder


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with local_network.child_network(database, NAME, USCC) as (address, code), overheard(address) as (line, heard):
        yield Service(line, code, database, heard)


def files_and_what_the_service_tells(folder: Path, database: str, office: Program, laboratory: Program, asset: str) -> None:
    """A scan attached at one seat is saved at the other; code books, a notice and the catalogue are read."""
    scan = folder / "acceptance.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + os.urandom(1_200_000) + b"\n%%EOF")
    office.run("evidence", "add", f"instrument:{asset}", str(scan))
    local_network.operator(database, "publish")
    local_network.operator(database, "notice", "--uscc", USCC, "--kind", "information", "--title", "告知", "--text", "年度填报开始")
    local_network.operator(database, "seed-catalogue", "--n", "40")
    for one in (office, laboratory):
        one.run("sync")
        assert [told["title"] for told in one.run("notices", "list")["notices"]] == ["告知"]
    laboratory.run("catalogue", "refresh")
    (one,) = laboratory.run("evidence", "list", f"instrument:{asset}")["attachments"]
    laboratory.run("evidence", "fetch", one["id"])
    assert one["sha256"] == hashlib.sha256(scan.read_bytes()).hexdigest()
    laboratory.run("evidence", "save", one["id"], str(folder / "saved.pdf"))
    assert (folder / "saved.pdf").read_bytes() == scan.read_bytes()


def what_a_restored_service_lost(folder: Path, database: str, office: Program, laboratory: Program, asset: str) -> None:
    """The service comes back from a backup: what it lost is handed back, and both seats are level as before."""
    local_network.operator(database, "backup", "--file", str(folder / "network.backup"))
    office.run("instrument", "join", asset, "--on", "2026-11-20", "--number", "NET-LATER", "--correct", "回执抄错")
    office.run("sync")
    local_network.operator(database, "restore", "--file", str(folder / "network.backup"))
    for one in (office, laboratory):
        assert one.run("sync")["digest_equal"] is True
    assert office.numbers()[asset] == laboratory.numbers()[asset] == "NET-LATER"


def test_two_programs_converge(tmp_path: Path, service: Service) -> None:
    address, code, database, heard = service
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
    files_and_what_the_service_tells(tmp_path, database, office, laboratory, free[0])
    what_a_restored_service_lost(tmp_path, database, office, laboratory, free[1])
    assert laboratory.run("leave")["revoked"] is True
    assert laboratory.run("sync", status=1)["error"] == "sync.not_enrolled"
    assert office.run("sync")["digest_equal"] is True
    for one in (office, laboratory):
        assert one.run("verify")["ok"] is True
    assert heard.broken == []
    assert set(heard.sent) == SPOKEN
