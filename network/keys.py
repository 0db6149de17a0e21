"""Ed25519: the service's own keys, under which anchors and answer packages are signed, and the check of a device's signature.

A retired key stays, so that what was signed with it can still be checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, insert, select, update

from network import schema

ANCHOR, PACKAGE, ENROLMENT = (f"yixiang {what} 1\n".encode() for what in ("anchor", "gxpk", "enrol"))


@dataclass(frozen=True, slots=True)
class Signer:
    """The key in use."""

    key_id: str
    private: Ed25519PrivateKey

    def sign(self, purpose: bytes, text: bytes) -> str:
        """The signature over the purpose's line and the text, in base64."""
        return base64.b64encode(self.private.sign(purpose + text)).decode()


def renew(connection: Connection, moment: str) -> str:
    """Retire the key in use, if any, and begin a new one; gives its id."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()[:16]
    key = schema.service_key
    connection.execute(update(key).where(key.c.to_at.is_(None)).values(to_at=moment))
    connection.execute(
        insert(key).values(
            key_id=key_id,
            public_key=base64.b64encode(public).decode(),
            private_key=base64.b64encode(private.private_bytes_raw()).decode(),
            from_at=moment,
            to_at=None,
        )
    )
    return key_id


def public(connection: Connection) -> list[dict[str, str | None]]:
    """Every key of the service, oldest first, without what is secret."""
    key = schema.service_key
    rows = connection.execute(select(key).order_by(key.c.from_at, key.c.key_id))
    return [{"key_id": row.key_id, "public_key": row.public_key, "from_at": row.from_at, "to_at": row.to_at} for row in rows]


def signer(connection: Connection) -> Signer:
    """The key in use."""
    key = schema.service_key
    row = connection.execute(select(key).where(key.c.to_at.is_(None))).one()
    return Signer(row.key_id, Ed25519PrivateKey.from_private_bytes(base64.b64decode(row.private_key)))


def fingerprint(public: bytes) -> str:
    """What two people compare by telephone: 32 signs of the key's SHA-256 in groups of four, the key's id at the front."""
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def is_public_key(text: str) -> bool:
    """Whether this is a public key in base64."""
    return _bytes(text, 32) is not None


def verifies(public_key: str, signature: str, purpose: bytes, text: bytes) -> bool:
    """Whether the signature is one over purpose and text by the owner of the key. All but a clear yes is no."""
    key, signed = _bytes(public_key, 32), _bytes(signature, 64)
    if key is None or signed is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, purpose + text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(text: str, n_bytes: int) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == n_bytes and base64.b64encode(raw).decode() == text else None
