"""What only this device knows towards a remote: the rotating token, the key it signs packages with.

In the keyring of the operating system, else inside the encrypted ledger; never in a file of its own.
"""

from __future__ import annotations

import hashlib

from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.secrets import vault

REFRESH, SIGNING = "refresh", "signing"


class Secret:
    """One secret of the ledger for one remote."""

    def __init__(self, workspace: Workspace, remote: str, what: str) -> None:
        self._workspace = workspace
        self._name = f"{workspace.lock.ledger}:{remote}" + ("" if what == REFRESH else f":{what}")
        self._setting = f"sync.{what}.{remote}"

    def load(self) -> str | None:
        """The secret, None when there is none."""
        return vault.get(self._name) or self._workspace.setting(self._setting) or None

    def save(self, text: str) -> None:
        """Keep it; "" forgets it."""
        if not text:
            vault.forget(self._name)
        if not text or self._workspace.practice or not vault.put(self._name, text):
            self._workspace.keep(self._setting, text)


def device_for(workspace: Workspace, code: str, remote: str) -> str:
    """The device this code is being turned into; kept before it is sent."""
    setting = f"sync.enrolling.{remote}"
    digest = hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).hexdigest()
    kept, _, device = (workspace.setting(setting) or "").partition(" ")
    if kept != digest:
        device = new_key()
        workspace.keep(setting, f"{digest} {device}")
    return device


def signing_key(workspace: Workspace, remote: str) -> str:
    """The public key of this device towards a remote; its private half is made and kept when there is none."""
    from desktop.secrets import signing

    kept = Secret(workspace, remote, SIGNING)
    private = kept.load()
    if private is None:
        private = signing.new_private()
        kept.save(private)
    return signing.public_of(private)
