"""What only this device knows towards a remote: the rotating token, the key it signs packages with.

In the keyring of the operating system, else inside the encrypted ledger; never in a file of its own. Each copy carries a number
that grows with every change: a keyring that refused one leaves an older copy behind, and so does a backup that was brought back.
"""

from __future__ import annotations

import hashlib
from operator import itemgetter

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
        return self._newest()[1] or None

    def save(self, text: str) -> None:
        """Keep it; "" forgets it."""
        written = f"{self._newest()[0] + 1} {text}"
        if not text:
            vault.forget(self._name)
            if vault.get(self._name) is None:
                written = ""
        if not text or self._workspace.practice or not vault.put(self._name, written):
            self._workspace.keep(self._setting, written)
        elif self._workspace.setting(self._setting):
            self._workspace.keep(self._setting, "")

    def _newest(self) -> tuple[int, str]:
        """The copy of the highest number, and that number; of two alike the ledger's."""
        copies = (_numbered(text) for text in (self._workspace.setting(self._setting), vault.get(self._name)) if text)
        return max(copies, key=itemgetter(0), default=(0, ""))


def _numbered(kept: str) -> tuple[int, str]:
    """A copy as it is kept: ``12 secret``; one from before copies were numbered has none and counts as 0."""
    number, _, text = kept.partition(" ")
    return (int(number), text) if number.isascii() and number.isdigit() and " " in kept else (0, kept)


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
