"""Offline packages written and read from the contract's words alone, with no code of the service or the client."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.network.contract import check_shape

LINE = b"yixiang gxpk 1\n"


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(manifest: bytes, signature: bytes, entries: Mapping[str, bytes]) -> bytes:
    """The archive, byte by byte as the contract determines it."""
    local, central = b"", b""
    everything = [("manifest.json", manifest), ("manifest.sig", base64.b64encode(signature)), *sorted(entries.items())]
    for name, content in everything:
        # Time 0 and date 0x0021: 1980-01-01 00:00:00.
        common = struct.pack("<HHHHIIIHH", 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(name), 0)
        start = len(local)
        local += b"PK\x03\x04" + struct.pack("<H", 20) + common + name.encode() + content
        central += b"PK\x01\x02" + struct.pack("<BBH", 20, 3, 20) + common
        central += struct.pack("<HHHII", 0, 0, 0, 0x01800000, start) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(everything), len(everything), len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def entries_of(content: bytes) -> dict[str, bytes]:
    """What an archive holds, read from its local headers."""
    found, at = {}, 0
    while content[at : at + 4] == b"PK\x03\x04":
        size, name_length = struct.unpack_from("<I", content, at + 22)[0], struct.unpack_from("<H", content, at + 26)[0]
        name = content[at + 30 : at + 30 + name_length].decode()
        start = at + 30 + name_length
        found[name], at = content[start : start + size], start + size
    return found


def lies_in(content: bytes) -> list[str]:
    """For every byte of an archive the entry that it belongs to, "(archive)" for the directory and the end."""
    places: list[str] = []
    for name, each in entries_of(content).items():
        places += [name] * (30 + len(name) + len(each))
    return places + ["(archive)"] * (len(content) - len(places))


@dataclass
class Courier:
    """A ledger that reports by packages; ``home`` is its institution's id. ``pack`` makes the next one; ``absorb`` checks an answer and takes up its cursor."""

    uscc: str
    home: str = ""
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    server_id: str | None = None
    epoch: str | None = None
    number: int = 1
    previous: str | None = None
    previous_epoch: str | None = None
    cursor: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    def manifest(self, entries: Mapping[str, bytes], **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = {
            "format": "gxpk", "version": 1, "kind": "report", "package_id": str(uuid.uuid4()),
            "number": self.number, "previous": self.previous, "previous_epoch": self.previous_epoch,
            "device_id": self.device_id, "institution_uscc": self.uscc, "server_id": self.server_id, "epoch": self.epoch,
            "schema": 1, "cursor": self.cursor, "made_at": "2026-01-15T08:00:00.000Z",
            "entries": [
                {"name": name, "n_bytes": len(each), "sha256": sha256(each)} for name, each in sorted(entries.items())
            ],
        }  # fmt: skip
        return made | more

    def pack(self, *batches: object, tails: tuple[object, ...] = (), files: tuple[bytes, ...] = (), **more: Any) -> bytes:
        entries = {f"batches/{n:04}.json": json.dumps(each, ensure_ascii=False).encode() for n, each in enumerate(batches, 1)}
        entries |= {f"tails/{n:04}.json": json.dumps(each, ensure_ascii=False).encode() for n, each in enumerate(tails, 1)}
        entries |= {f"blobs/{sha256(each)}": each for each in files}
        manifest = self.manifest(entries, **more)
        check_shape({"$ref": "#/components/schemas/PackageManifest"}, manifest)
        return self.sign(manifest, entries)

    def sign(self, manifest: dict[str, Any], entries: Mapping[str, bytes]) -> bytes:
        raw = canonical(manifest)
        return written(raw, self.private.sign(LINE + raw), entries)

    def absorb(self, package: bytes, answer: bytes) -> dict[str, Any]:
        """The answer's entries decoded; the chain goes on after the package."""
        entries = entries_of(answer)
        raw, signature = entries.pop("manifest.json"), base64.b64decode(entries.pop("manifest.sig"))
        manifest = json.loads(raw)
        check_shape({"$ref": "#/components/schemas/AnswerManifest"}, manifest)
        assert raw == canonical(manifest)
        assert written(raw, signature, entries) == answer
        assert {e["name"]: (e["n_bytes"], e["sha256"]) for e in manifest["entries"]} == {
            name: (len(each), sha256(each)) for name, each in entries.items()
        }
        told = {name: json.loads(each) for name, each in entries.items()}
        self.keys |= {key["key_id"]: key["public_key"] for key in told.get("enrolled.json", {}).get("keys", [])}
        Ed25519PublicKey.from_public_bytes(base64.b64decode(self.keys[manifest["key_id"]])).verify(signature, LINE + raw)
        mine = entries_of(package)["manifest.json"]
        assert manifest["answers"] == {"device_id": self.device_id, "number": json.loads(mine)["number"], "digest": sha256(mine)}
        if "problem.json" not in told:
            self.server_id, self.epoch, self.cursor = manifest["server_id"], manifest["epoch"], manifest["cursor"]
            self.number, self.previous, self.previous_epoch = json.loads(mine)["number"] + 1, sha256(mine), manifest["epoch"]
        return told | {"manifest.json": manifest}
