"""The operating system's keyring: ledger keys and tokens. Only known backends are used; without one, nothing is written.

Reads and writes never raise for a missing keyring: they answer None or False, and the caller asks the person instead.
"""

from __future__ import annotations

SERVICE = "yixiang"
_ALLOWED = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)


def _usable() -> bool:
    import keyring
    from keyring.backends.chainer import ChainerBackend

    backend = keyring.get_keyring()
    if isinstance(backend, ChainerBackend):
        return bool(backend.backends) and all(type(part).__module__.startswith(_ALLOWED) for part in backend.backends)
    return type(backend).__module__.startswith(_ALLOWED)


def get(name: str) -> str | None:
    """The secret kept under a name, or None when there is none or no usable keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name) if _usable() else None
    except KeyringError:
        return None


def put(name: str, secret: str) -> bool:
    """Keep a secret; False when there is no usable keyring (nothing is written anywhere then)."""
    import keyring
    from keyring.errors import KeyringError

    try:
        if not _usable():
            return False
        keyring.set_password(SERVICE, name, secret)
        return keyring.get_password(SERVICE, name) == secret
    except KeyringError:
        return False


def forget(name: str) -> None:
    """Remove a secret when it is there."""
    import keyring
    from keyring.errors import KeyringError

    if not _usable():
        return
    try:
        keyring.delete_password(SERVICE, name)
    except KeyringError:
        return
