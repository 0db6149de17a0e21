"""The ledger's passphrase and its recovery key: changed here, printed here, kept nowhere in the clear."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from desktop.actions import institution, rules_in_force, upkeep
from desktop.actions.day import today
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem, Refused
from desktop.secrets import wrap

LEAST = 8


def has_passphrase(workspace: Workspace) -> bool:
    """Whether a passphrase opens this ledger (else only the keyring and the recovery key do)."""
    return workspace.lock.passphrase is not None


def change_passphrase(workspace: Workspace, old: str, new: str) -> None:
    """Wrap the ledger's key under another passphrase; the old one no longer opens it (older backups keep the old one).

    Raises Problem for a wrong old passphrase, Refused for a short new one and for the practice ledger.
    """
    _own(workspace)
    if len(new) < LEAST:
        raise Refused("key.short", least=LEAST)
    if workspace.lock.passphrase is not None:
        wrap.unwrap(workspace.lock.passphrase, old)
    _keep(workspace, replace(workspace.lock, passphrase=wrap.wrap(workspace.key, new)))


def new_recovery_key(workspace: Workspace) -> str:
    """Another recovery key, to be printed now: it is shown once, and the one printed before no longer opens this ledger."""
    _own(workspace)
    text = wrap.recovery_text(os.urandom(20))
    _keep(workspace, replace(workspace.lock, recovery=wrap.wrap(workspace.key, text)))
    return text


def print_recovery_key(workspace: Workspace, text: str, out: Path) -> Path:
    """Write the page to print and lock away. Raises Refused when the text is not this ledger's recovery key."""
    from desktop.reports import pdf, recovery_key
    from desktop.reports.content import Letterhead

    recovery = workspace.lock.recovery
    if recovery is None:
        raise Refused("key.practice")
    try:
        wrap.unwrap(recovery, text)
    except Problem as error:
        raise Refused("key.not_this") from error
    day = today()
    head = Letterhead(institution.get(workspace).name, day, upkeep.head(workspace), rules_in_force.of(workspace).hash(day))
    page = recovery_key.page(head, workspace.lock.ledger, text)
    part = out.with_name(out.name + ".part")
    part.write_bytes(pdf.render(page, day).data)
    part.replace(out)
    return out


def _own(workspace: Workspace) -> None:
    if workspace.practice:
        raise Refused("key.practice")


def _keep(workspace: Workspace, lock: wrap.Lock) -> None:
    wrap.write(workspace.home / "ledger.key", lock)
    workspace.lock = lock
