"""A ledger and a service that never meet over a line: what a courier does with the files between them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from desktop.actions import package_answers, packages
from desktop.actions.package_answers import Absorbed
from desktop.actions.packages import Exported
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from network import keys, operator
from network.kinds import Role
from tests.actions.making import USCC
from tests.network.packing import entries_of
from tests.network.rig import Service

MEDIA = {"Content-Type": "application/vnd.yixiang.gxpk"}


class Office:
    """The real service and the desk where packages are handed in."""

    def __init__(self, folder: Path, role: Role = "network") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"sqlite:///{folder / 'network.db'}"
        self.service = Service(self.url, role)
        self.service.clock.moment = datetime.now(UTC)  # the operator's command looks at the real clock
        self.folder = folder
        self.home = self.service.institution(USCC, "齐鲁示范大学")

    def code(self) -> str:
        return self.service.code(self.home)

    def fingerprint(self) -> str:
        """What the operator reads out on the telephone."""
        with self.service.db.read() as connection:
            return keys.fingerprint(keys.signer(connection).private.public_key().public_bytes_raw())

    def post(self, content: bytes) -> requests.Response:
        return requests.post(f"{self.service.base}/v1/packages", data=content, headers=MEDIA, timeout=20)

    def hand_in(self, package: Path) -> Path:
        """The answer to a package, as a file beside it."""
        reply = self.post(package.read_bytes())
        assert reply.ok, reply.text
        target = package.with_name(f"{package.stem}-answer.gxpk")
        target.write_bytes(reply.content)
        return target

    def by_operator(self, package: Path, answer: Path, role: Role = "network") -> int:
        """The operator's own command; its exit status."""
        arguments = ["--database", self.url, "take-package", "--file", str(package), "--answer", str(answer), "--role", role]
        return operator.main(arguments)

    def held(self) -> dict[str, dict[str, Any]]:
        """Key -> body of every row the service holds for the institution."""
        items, _ = self.service.seat(self.home).pages()
        return {item["id"]: item["body"] for item in items if item["body"] is not None}


class Courier:
    """Carries the packages of one ledger to one office; every file has a name of its own."""

    def __init__(self, ledger: Workspace, office: Office, folder: Path, remote: str = NETWORK) -> None:
        self.ledger, self.office, self.folder, self.remote = ledger, office, folder, remote
        folder.mkdir(parents=True, exist_ok=True)
        self._files: Iterator[Path] = (folder / f"{n}.gxpk" for n in range(1, 1000))

    def export(self, **more: Any) -> Exported:
        return packages.export(self.ledger, next(self._files), remote=self.remote, **more)

    def absorb(self, answer: Path, **more: Any) -> Absorbed:
        return package_answers.absorb(self.ledger, answer, **more)

    def round(self, **more: Any) -> Absorbed:
        """Out, over, back, in. The first time with the code and the fingerprint that was read out."""
        return self.absorb(self.office.hand_in(self.export(**more).path), fingerprint=self.office.fingerprint())

    def begun(self) -> Courier:
        self.round(code=self.office.code())
        return self


def refused(courier: Courier, answer: Path, **more: Any) -> Problem:
    """What is said to an answer that is not taken in; the ledger is as it was before."""
    before = contents(courier.ledger)
    try:
        done = courier.absorb(answer, **more)
    except Problem as problem:
        assert contents(courier.ledger) == before
        return problem
    raise AssertionError(f"taken in: {done}")


def contents(ledger: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: facts, journal, the books of sync."""
    with ledger.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").scalars()
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr) for name in list(names)
        }


def manifest(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(entries_of(path.read_bytes())["manifest.json"])
    return told


def resigned(path: Path, private: Any, **changed: Any) -> bytes:
    """An answer whose manifest was changed, signed with another key and written as it should be."""
    from tests.network.packing import LINE, canonical, written

    entries = entries_of(path.read_bytes())
    raw = canonical(json.loads(entries.pop("manifest.json")) | changed)
    entries.pop("manifest.sig")
    return written(raw, private.sign(LINE + raw), entries)


def public_key(private: Any) -> str:
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()
