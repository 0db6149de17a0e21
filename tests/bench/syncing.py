"""Pushing and pulling a ledger's records on loopback against bare requests and msgspec with the same batches; and that growth is linear."""

from __future__ import annotations

import base64
import hashlib
import shutil
import statistics
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import msgspec
import requests

from desktop.actions import enrolment, institution, local_network, sync_line, syncing
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.keys import new_key
from desktop.store.reach import NETWORK
from desktop.sync.client import Client
from desktop.sync.seal import by_kind
from tests.bench import big_ledger
from tests.bench.measuring import Figure, Place, in_ms, seconds

NAME, USCC = "齐鲁示范大学（测速）", "123700004000000181"
LARGE = 100_000
SMALL = 5_000
N_SMALL = 3
N_CHANGES = 500
SHARE = 2.0  # half of what the bare way moves in the same time
GROWTH = 1.3  # a row of the larger ledger may take so many times as long as one of the smaller


def figures(place: Place) -> list[Figure]:
    """The ratio for the larger ledger, how a row's time grew from the smaller one's, and what a run with nothing to do asks.

    Half as many records as rows, the other half being their postings. The ratio is promised for 200 000 rows and told for others.
    """
    large = place.n_rows // 2 or LARGE
    share = SHARE if large == LARGE else None
    mine, bare, n_requests = _moved(place, large)
    # A small ledger takes seconds, and one wait for the disk changes them: the middle one of three.
    small = [_moved(place, SMALL) for _ in range(N_SMALL)]
    small_mine, small_bare = (statistics.median(each) for each in list(zip(*small, strict=True))[:2])
    growth, bare_growth = (new / old / (large / SMALL) for new, old in ((mine, small_mine), (bare, small_bare)))
    return [
        Figure(f"sync of {2 * large:,} rows, there and to a second ledger", share, mine / bare, "×", in_ms(mine, bare)),
        Figure(f"time of a row, of {2 * large:,} against one of {2 * SMALL:,}", GROWTH, growth, "×", in_ms(mine, small_mine)),
        Figure("the same of the bare way", None, bare_growth, "×", in_ms(bare, small_bare)),
        Figure("requests of a run with nothing to do", 3, n_requests, ""),
    ]


def _moved(place: Place, n: int) -> tuple[float, float, int]:
    """Seconds of the program, seconds of the bare way, requests of an idle run."""
    folder = place.folder / f"sync{n}"
    home = folder / "first"
    registers = big_ledger._registered(home)
    with open_ledger(home) as ledger:
        big_ledger.fill(ledger, registers, n, n)
        bare = _bare(ledger, folder)
        mine, n_requests = _ours(ledger, folder)
    shutil.rmtree(folder)
    return mine, bare, n_requests


def _ours(ledger: Workspace, folder: Path) -> tuple[float, int]:
    database = f"sqlite:///{folder / 'ours.db'}"
    with local_network.child_network(database, NAME, USCC) as (address, code):
        enrolment.enrol(ledger, address, code)
        took = seconds(lambda: syncing.sync(ledger))
        n_requests = _idle(ledger)
        second, _ = institution.start(folder / "second", NAME, USCC, "university", "370102", practice=True)
        with second:
            enrolment.enrol(second, address, str(local_network.operator(database, "enrolment-code", "--uscc", USCC)["code"]))
            took += seconds(lambda: syncing.sync(second))
            done = syncing.sync(second)
            if (done.sent, done.received, done.digest_equal) != (0, 0, True):
                raise AssertionError(f"the second ledger is not level: {done}")
    return took, n_requests


def _idle(ledger: Workspace) -> int:
    """Requests of a whole run with nothing to do, as a program asks them that has just been started."""
    clients: list[Client] = []
    made = sync_line.client

    def kept(*given: Any, **more: Any) -> Client:
        clients.append(made(*given, **more))
        return clients[-1]

    with patch.object(sync_line, "client", kept):
        done = syncing.sync(ledger)
    if (done.sent, done.received, done.digest_equal) != (0, 0, True):
        raise AssertionError(f"there was something to do: {done}")
    return sum(client.n_requests for client in clients)


def _bare(ledger: Workspace, folder: Path) -> float:
    """The same rows in the same batches: encode, post, decode the receipt; then get all pages and decode them."""
    with ledger.read() as connection:
        rows = sorted(((row.kind, row.id, dict(row.local or {})) for row in LedgerStep(connection, NETWORK).differing()), key=lambda r: by_kind(r[0]))
    with local_network.child_network(f"sqlite:///{folder / 'bare.db'}", NAME, USCC) as (address, code), requests.Session() as session:
        line = _BareLine(session, address, code)
        return seconds(lambda: _push(line, rows)) + seconds(lambda: _pull(line, len(rows)))


class _BareLine:
    """Requests of an enrolled device, decoded. A million rows may take longer than a token lives: it is renewed once it is refused."""

    def __init__(self, session: requests.Session, address: str, code: str) -> None:
        self.session, self.address = session, address
        session.trust_env = False
        session.headers["Content-Type"] = "application/json"
        told = self._ask("POST", "devices", {"code": code, "device_id": new_key(), "name": "bare"})
        session.headers["Yixiang-Epoch"] = told["epoch"]
        self._take(told)

    def _take(self, tokens: dict[str, Any]) -> None:
        self.session.headers["Authorization"], self.refresh = f"Bearer {tokens['access_token']}", tokens["refresh_token"]

    def _ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        reply = self.session.request(method, f"{self.address}/v1/{path}", data=msgspec.json.encode(body))
        reply.raise_for_status()
        return msgspec.json.decode(reply.content)

    def asked(self, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
        """The decoded answer; a refusal other than of an old token is raised."""
        reply = self.session.request(method, f"{self.address}/v1/{path}", data=data, headers=headers)
        if reply.status_code == requests.codes.unauthorized:
            self._take(self._ask("POST", "token", {"refresh_token": self.refresh}))
            reply = self.session.request(method, f"{self.address}/v1/{path}", data=data, headers=headers)
        reply.raise_for_status()
        return msgspec.json.decode(reply.content)


def _push(line: _BareLine, rows: list[tuple[str, str, dict[str, Any]]]) -> None:
    for start in range(0, len(rows), N_CHANGES):
        changes = [
            {"op_id": new_key(), "kind": kind, "id": key, "action": "create", "parent": None, "body": body}
            for kind, key, body in rows[start : start + N_CHANGES]
        ]
        raw = msgspec.json.encode({"key": new_key(), "schema": 1, "changes": changes})
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"
        results = line.asked("POST", "batches", raw, {"Content-Digest": digest})["results"]
        if any(result["status"] != "applied" for result in results):
            raise AssertionError(f"the bare way was refused: {results[0]}")


def _pull(line: _BareLine, n: int) -> None:
    cursor, more, got = "", True, 0
    while more:
        page = line.asked("GET", f"changes?cursor={quote(cursor, safe='')}")
        cursor, more, got = page["cursor"], page["more"], got + len(page["items"])
    if got != n:
        raise AssertionError(f"{got} of {n} rows came back")
