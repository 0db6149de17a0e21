"""Ed25519 for what is carried by hand: the device's own key, and the check of what a service signed (contract, "Signatures")."""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PACKAGE = b"yixiang gxpk 1\n"
ANCHOR = b"yixiang anchor 1\n"


def new_private() -> str:
    """A new private key, in base64 of its 32 bytes."""
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_of(private: str) -> str:
    """The public key of a private one, in base64 of its 32 bytes. Raises ValueError for a text that is no key."""
    return base64.b64encode(_private(private).public_key().public_bytes_raw()).decode()


def sign(private: str, purpose: bytes, text: bytes) -> str:
    """The signature over the line of the purpose and the text, in base64. Raises ValueError for a text that is no key."""
    return base64.b64encode(_private(private).sign(purpose + text)).decode()


def verifies(public: str, signature: str, purpose: bytes, text: bytes) -> bool:
    """Whether the owner of the key signed this text for this purpose; whatever is no clear yes is no."""
    key, signed = _raw(public, 32), _raw(signature, 64)
    if key is None or signed is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, purpose + text)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: str) -> str:
    """How the contract names a key: the first 16 signs of the SHA-256 of its bytes; "" for a text that is no key."""
    return _digest(public)[:16]


def fingerprint(public: str) -> str:
    """What two people compare by telephone: the first 32 signs of the same digest in groups of four; "" for a text that is no key."""
    digest = _digest(public)[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _digest(public: str) -> str:
    key = _raw(public, 32)
    return "" if key is None else hashlib.sha256(key).hexdigest()


def _private(text: str) -> Ed25519PrivateKey:
    raw = _raw(text, 32)
    if raw is None:
        raise ValueError("no private key")
    return Ed25519PrivateKey.from_private_bytes(raw)


def _raw(text: str, n_bytes: int) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == n_bytes and base64.b64encode(raw).decode() == text else None
