"""The real service in a thread, with a clock the test turns, and a plain client that checks every answer against the contract."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import uvicorn
from sqlalchemy import select

from network import app, identity, kinds, operator, schema, serving
from network.database import Database
from network.kinds import Role
from network.limits import Limits
from network.roles import OtherRole
from tests.network.contract import Route, check_answer, contract

USCC_A = "123700004000000181"
Body = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)


class Service:
    """One running service. ``base`` is its address."""

    def __init__(self, url: str, role: Role | None = "network", limits: Limits | None = None) -> None:
        self.clock = Clock()
        self.db = Database(url, self.clock)
        try:
            served = app.build(self.db, role, limits)
        except OtherRole:
            self.db.close()
            raise
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.role: Role = served.state.service.role
        self.server = uvicorn.Server(serving.config(served))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]})
        self.thread.start()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()
        self.listener.close()
        self.db.close()

    def institution(self, uscc: str, name: str) -> str:
        with self.db.write() as connection:
            return str(operator.create_institution(self.db, connection, uscc, name)["institution_id"])

    def code(self, institution_id: str) -> str:
        with self.db.write() as connection:
            return identity.issue_code(self.db, connection, institution_id)

    def seat(self, institution_id: str, name: str = "测试机") -> Seat:
        seat = Seat(self.base, name=name)
        seat.enrol(self.code(institution_id))
        return seat


class Running:
    """The service as a process of its own; ``role`` is what it says it is, ``log`` what it wrote, once it has ended."""

    def __init__(self, database: str, *words: str) -> None:
        command = [sys.executable, "-m", "network", "--database", database, "--port", "0", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout
        told = json.loads(self.process.stdout.readline())
        self.base, self.role = f"http://127.0.0.1:{told['port']}", told["role"]
        self.log = ""

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.process.terminate()
        _, self.log = self.process.communicate(timeout=30)


def everything(service: Service) -> str:
    """Every value of every table of the service, as text."""
    told = []
    with service.db.read() as connection:
        for table in schema.metadata.tables.values():
            for row in connection.execute(select(table)):
                told += [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(told)


def uscc(number: int) -> str:
    """A credit code that is valid by construction."""
    stem = f"12370000{number:09d}"
    return next(stem + sign for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if kinds.valid_uscc(stem + sign))


@dataclass
class Seat:
    """A client as simple as can be."""

    base: str
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    name: str = "测试机"
    headers: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""
    http: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, route: str, content: object = None, *, raw: bytes | None = None, **more: Any) -> requests.Response:
        path = more.pop("path", {})
        headers = self.headers | more.pop("headers", {})
        if content is not None:
            raw = json.dumps(content, ensure_ascii=False).encode()
        if raw is not None:
            headers = {"Content-Type": "application/json"} | headers
        sent = self.http.request(
            method, self.base + route.format(**path), data=raw, headers=headers, stream=True, timeout=20, **more
        )
        plain = sent.raw.read(decode_content=False)
        unpacked = gzip.decompress(plain) if sent.headers.get("content-encoding") == "gzip" else plain
        sent._content = unpacked
        if method.lower() in contract()["paths"].get(route, {}):
            check_answer(
                Route(route, method, contract()["paths"][route][method.lower()], {}), sent.status_code, sent.headers, plain
            )
        return sent

    def enrol(self, code: str) -> requests.Response:
        reply = self.ask("POST", "/v1/devices", {"code": code, "device_id": self.device_id, "name": self.name})
        if reply.ok:
            told = reply.json()
            self.refresh_token = told["refresh_token"]
            self.headers = {"Authorization": f"Bearer {told['access_token']}", "Yixiang-Epoch": told["epoch"]}
        return reply

    def renew(self, refresh_token: str | None = None) -> requests.Response:
        reply = self.ask("POST", "/v1/token", {"refresh_token": refresh_token or self.refresh_token})
        if reply.ok:
            self.refresh_token = reply.json()["refresh_token"]
            self.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        return reply

    def send(self, *changes: object, key: str | None = None) -> list[dict[str, Any]]:
        reply = self.ask("POST", "/v1/batches", batch(*changes, key=key))
        assert reply.ok, reply.text
        results: list[dict[str, Any]] = reply.json()["results"]
        return results

    def pages(self, cursor: str = "", limit: int = 100) -> tuple[list[dict[str, Any]], str]:
        items: list[dict[str, Any]] = []
        while True:
            page = self.ask("GET", "/v1/changes", params={"cursor": cursor, "limit": limit}).json()
            items += page["items"]
            cursor = page["cursor"]
            if not page["more"]:
                return items, cursor


def new_id() -> str:
    return str(uuid.uuid4())


def batch(*changes: object, key: str | None = None) -> dict[str, object]:
    return {"key": key or new_id(), "schema": 1, "changes": list(changes)}


def create(kind: str, /, **fields: object) -> Body:
    key = str(fields.pop("id", None) or new_id())
    return {"op_id": new_id(), "kind": kind, "id": key, "action": "create", "parent": None, "body": {"id": key} | fields}


def update(before: Body, token: str, **fields: object) -> Body:
    return before | {"op_id": new_id(), "action": "update", "parent": token, "body": before["body"] | fields}


def delete(before: Body, token: str) -> Body:
    return before | {"op_id": new_id(), "action": "delete", "parent": token, "body": None}


def instrument(**fields: object) -> Body:
    return create(
        "instrument", **({"asset_number": f"SB-{uuid.uuid4().hex[:8]}", "name": "扫描电镜", "value_fen": 320_000_00} | fields)
    )


def service_record(instrument_id: str, **fields: object) -> Body:
    usual: Body = {
        "number": f"R-{uuid.uuid4().hex[:8]}",
        "instrument_id": instrument_id,
        "started_at": "2026-01-10T09:00",
        "ended_at": "2026-01-10T10:40",
        "minutes": 100,
    }
    return create("service_record", **(usual | fields))
