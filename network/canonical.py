"""The one way to write a body as bytes, so that digests on both sides agree (contract, "Canonical form").

JSON, UTF-8, keys sorted by code point, no spaces, only the escapes JSON demands; integers, texts, true, false and null.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

Scalar = None | bool | int | str
_encoder = msgspec.json.Encoder(order="sorted")


def encode(body: object) -> bytes:
    """The canonical bytes. Raises UnicodeEncodeError for a lone surrogate."""
    return _encoder.encode(body)


def sha256(content: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def change_digest(change: Mapping[str, object]) -> str:
    """The digest of one operation: the canonical form of its six members, so that a re-appended one has the same."""
    return sha256(encode({name: change.get(name) for name in ("op_id", "kind", "id", "action", "parent", "body")}))


def line(kind: str, key: str, token: str, body_sha256: str) -> bytes:
    """One live entity's line in the digest of an institution."""
    return f"{kind}\0{key}\0{token}\0{body_sha256}\n".encode()


class Digest:
    """SHA-256 over lines given in ascending order of their bytes, one after the other: they may be a million."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()
        self.n_lines = 0

    def add(self, line: bytes) -> None:
        """The next line."""
        self._total.update(line)
        self.n_lines += 1

    @property
    def text(self) -> str:
        """Lower-case hexadecimal, of the lines so far."""
        return self._total.hexdigest()
