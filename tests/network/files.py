"""Files as people attach them, made by hand: the first bytes are those of the real thing."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import requests

from tests.network.contract import digest_header
from tests.network.rig import Seat

OCTETS = "application/octet-stream"


def pdf(n_bytes: int = 400, filling: bytes = b"x") -> bytes:
    return (b"%PDF-1.7\n" + filling * n_bytes)[:n_bytes]


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "内容" * 20)
    return target.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def declare(seat: Seat, content: bytes, **named: Any) -> requests.Response:
    told = {"n_bytes": len(content)} | named
    return seat.ask("PUT", "/v1/blobs/{sha256}", told, path={"sha256": sha256(content)})


def send_part(seat: Seat, digest: str, number: int, part: bytes, **headers: str) -> requests.Response:
    return seat.ask(
        "PUT",
        "/v1/blobs/{sha256}/parts/{number}",
        raw=part,
        path={"sha256": digest, "number": number},
        headers={"Content-Type": OCTETS, "Content-Digest": digest_header(part)} | headers,
    )


def upload(seat: Seat, content: bytes) -> dict[str, Any]:
    """Declare a file and send what is missing; its last state."""
    state: dict[str, Any] = declare(seat, content).json()
    for number in state["missing"]:
        start = number * state["n_part_bytes"]
        reply = send_part(seat, state["sha256"], number, content[start : start + state["n_part_bytes"]])
        assert reply.ok, reply.text
        state = reply.json()
    return state


def download(seat: Seat, digest: str) -> bytes:
    state = seat.ask("GET", "/v1/blobs/{sha256}", path={"sha256": digest}).json()
    parts = (
        seat.ask("GET", "/v1/blobs/{sha256}/parts/{number}", path={"sha256": digest, "number": number})
        for number in range(state["n_parts"])
    )
    return b"".join(part.content for part in parts)
