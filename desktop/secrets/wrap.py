"""A ledger's random key, wrapped under a passphrase and under a printed recovery key.

The wrapped forms live in ``ledger.key`` beside the file (JSON): scrypt for the passphrase, AES-256-GCM for the wrapping,
and a fingerprint of the key so that a wrong key and a damaged file give different messages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from desktop.ledger.problem import Problem

_N, _R, _P = 2**15, 8, 1


@dataclass(frozen=True, slots=True)
class Lock:
    """What ``ledger.key`` holds: the ledger's id, the key's fingerprint, and the wrapped forms (hex)."""

    ledger: str
    fingerprint: str
    passphrase: dict[str, str] | None = None
    recovery: dict[str, str] | None = None
    practice: bool = False


def fingerprint(key: bytes) -> str:
    """A short digest that recognises a key without revealing it."""
    return hmac.new(key, b"yixiang ledger key", hashlib.sha256).hexdigest()[:32]


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(32)


def recovery_text(secret: bytes) -> str:
    """20 random bytes as eight groups of four letters and digits, to be printed."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _stretch(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=64 * 1024 * 1024, dklen=32)


def wrap(key: bytes, secret: str) -> dict[str, str]:
    """The key under a secret that a person knows."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_stretch(secret, salt)).encrypt(nonce, key, b"yixiang")
    return {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}


def unwrap(wrapped: dict[str, str], secret: str) -> bytes:
    """The key again. Raises Problem("key.wrong") when the secret is not the one."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    stretched = _stretch(secret, bytes.fromhex(wrapped["salt"]))
    try:
        return AESGCM(stretched).decrypt(bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["sealed"]), b"yixiang")
    except InvalidTag as error:
        raise Problem("key.wrong") from error


def read(path: Path) -> Lock:
    """Read ``ledger.key``. Raises Problem when it is missing or unreadable."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return Lock(**content)
    except FileNotFoundError as error:
        raise Problem("key.no_file", path=path) from error
    except (ValueError, TypeError) as error:
        raise Problem("key.bad_file", path=path) from error


def write(path: Path, lock: Lock) -> None:
    """Write ``ledger.key`` whole or not at all."""
    content = {name: getattr(lock, name) for name in Lock.__slots__}
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(content, indent=1), "utf-8")
    os.replace(part, path)
