"""The canonical form of a body and the digests over it, as the contract defines them. Knows neither network nor storage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import msgspec

Scalar = None | bool | int | str
Body = Mapping[str, Scalar]
_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(dict)


def encode(value: object) -> bytes:
    """Members sorted by code point, no white space, UTF-8. Raises ValueError for a lone surrogate."""
    try:
        return _encoder.encode(value)
    except OverflowError:
        # An integer of more than 64 bits, in a field that this version of the program does not know.
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def decode(text: str) -> dict[str, Scalar]:
    """A body from its text. Raises ValueError for what is none."""
    told: dict[str, Scalar] = _decoder.decode(text)
    return told


def sha256(content: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def body_sha256(body: Body) -> str:
    """The digest of one row."""
    return sha256(encode(dict(body)))


def ledger_digest(lines: Iterable[tuple[str, str, str, str]]) -> str:
    """The digest over (kind, id, token, body_sha256) of all live rows, given in the order of kind and id: they may be a million."""
    total = hashlib.sha256()
    for fields in lines:
        total.update(("\0".join(fields) + "\n").encode())
    return total.hexdigest()
