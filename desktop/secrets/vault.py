"""The operating system's keyring: ledger keys and tokens. Only known backends are used; without one, nothing is written.

Reads and writes never raise for a missing keyring: they answer None or False, and the caller asks the person instead.
The known backends are asked for by name: to look for all there are, the library would run a compiler at every start.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "yixiang"
_BACKENDS = {
    "linux": ("SecretService.Keyring", "libsecret.Keyring", "kwallet.DBusKeyring"),
    "win32": ("Windows.WinVaultKeyring",),
    "darwin": ("macOS.Keyring",),
}
_KNOWN = frozenset(f"keyring.backends.{name}" for names in _BACKENDS.values() for name in names)


def _backend() -> KeyringBackend | None:
    """The first known backend that works here; the one the environment names, if it is a known one; None."""
    if os.environ.get("PYTHON_KEYRING_BACKEND"):
        import keyring

        named = keyring.get_keyring()
        return named if f"{type(named).__module__}.{type(named).__qualname__}" in _KNOWN else None
    for name in _BACKENDS.get(sys.platform, ()):
        module, _, kind = name.partition(".")
        backend = getattr(import_module(f"keyring.backends.{module}"), kind)
        if backend.viable:
            made: KeyringBackend = backend()
            return made
    return None


def get(name: str) -> str | None:
    """The secret kept under a name, or None when there is none or no usable keyring."""
    from keyring.errors import KeyringError

    try:
        backend = _backend()
        return None if backend is None else backend.get_password(SERVICE, name)
    except KeyringError:
        return None


def put(name: str, secret: str) -> bool:
    """Keep a secret; False when there is no usable keyring (nothing is written anywhere then)."""
    from keyring.errors import KeyringError

    try:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(SERVICE, name, secret)
        return backend.get_password(SERVICE, name) == secret
    except KeyringError:
        return False


def forget(name: str) -> None:
    """Remove a secret when it is there."""
    from keyring.errors import KeyringError

    backend = _backend()
    if backend is None:
        return
    try:
        backend.delete_password(SERVICE, name)
    except KeyringError:
        return
