"""The provincial network as its operator has it: what the province says of an institution, for a ledger to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.actions import enrolment, syncing
from desktop.actions.workspace import Workspace
from tests.actions.making import USCC
from tests.network import at_hand

_SESSIONS = "asset_number,sensor,started_at,ended_at,band,n_watt_hours"


class Province:
    """A running service and its operator; files that the operator hands it lie in ``folder``."""

    def __init__(self, address: str, code: str, folder: Path) -> None:
        self.address, self.code, self.folder = address, code, folder
        self.database = _database(folder)

    def run(self, command: str, *given: str) -> dict[str, object]:
        return at_hand.operator(self.database, command, *given)

    def enrolled(self, ledger: Workspace) -> Workspace:
        """The ledger, enrolled with the code of the first seat and level."""
        enrolment.enrol(ledger, self.address, self.code)
        syncing.sync(ledger)
        return ledger

    def notice(self, title: str, due: str = "2026-12-31") -> None:
        self.run("notice", "--uscc", USCC, "--kind", "rectification", "--title", title, "--text", "请补报2025年度服务记录。", "--due", due)

    def book(self, name: str, content: object) -> None:
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        self.run("codebook", "--name", name, "--file", str(file))

    def say(self, asset: str, state: str, *more: str, on: str = "2026-01-12") -> None:
        self.run("publication", "--uscc", USCC, "--asset-number", asset, "--state", state, "--on", on, *more)

    def grade(self, asset: str, year: int, grade: str, *more: str) -> None:
        told = ("--asset-number", asset, "--year", str(year), "--grade", grade, "--on", "2026-03-20")
        self.run("evaluation", "--uscc", USCC, *told, *more)

    def saw(self, *lines: str) -> None:
        """What sensors saw, a session a line."""
        file = self.folder / "sessions.csv"
        file.write_text("\n".join((_SESSIONS, *lines)) + "\n", "utf-8")
        self.run("sensor-sessions", "--uscc", USCC, "--file", str(file))


@contextmanager
def in_office(folder: Path) -> Iterator[Province]:
    """The service for as long as it is needed; it knows the institution of ``making``."""
    with at_hand.serve(_database(folder), "齐鲁示范大学", USCC) as (address, code):
        yield Province(address, code, folder)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'network.db'}"
