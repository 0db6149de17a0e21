"""The head of the ledger's chain before a witness: signed by a remote after a sync, kept here, printed on paper, asked for by verify.

A ledger whose end was cut off, or whose past was written anew with a fitting chain, is sound in itself; it no longer has the head
that somebody else signed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop.actions.day import SHANGHAI
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.anchor import Anchor
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Problem
from desktop.secrets import signing
from desktop.store import anchors, package_rows
from desktop.store.anchors import AnchorRow
from desktop.store.database import Connection
from desktop.words import say

if TYPE_CHECKING:
    from desktop.sync.client import Client

_BACK = {"behind": "sync.anchor_behind", "forked": "sync.anchor_forked"}


def anchor(workspace: Workspace, client: Client, remote: str = NETWORK) -> tuple[Finding, ...]:
    """Have the head signed, unless this remote has signed it before; a request only when something was written since.

    What goes wrong is a finding (warning): the sync before it stays done. Findings too when the remote has seen a longer chain of this
    ledger (it came from a backup, or its end was cut off) or another one of the same length.
    """
    with workspace.read() as connection:
        head, n_operations = anchors.chain(connection)
        if not n_operations or anchors.is_anchored(connection, remote, head):
            return ()
    try:
        told = client.anchor(workspace.lock.ledger, head, n_operations)
    except Problem as problem:
        return (finding("sync.not_anchored", "warning", remote=f"sync.remote.{remote}", why=problem.code),)
    return take(workspace, told, {"ledger_id": workspace.lock.ledger, "head": head, "n_operations": n_operations}, remote)


def take(workspace: Workspace, told: Mapping[str, Any], asked: Mapping[str, object], remote: str) -> tuple[Finding, ...]:
    """Keep a receipt that says what was ``asked``; findings as ``anchor`` gives them."""
    if any(told.get(name) != value for name, value in asked.items()) or not keep(workspace, told, remote):
        return (finding("sync.anchor_unsigned", "warning", remote=f"sync.remote.{remote}"),)
    order = _BACK.get(str(told.get("order")))
    return () if order is None else (finding(order, "warning", remote=f"sync.remote.{remote}", n=told["n_operations"]),)


def keep(workspace: Workspace, told: Mapping[str, Any], remote: str) -> bool:
    """Keep a receipt. Whether it is signed with a key of the service; one that is not is not kept."""
    from desktop.sync.canonical import encode, sha256

    with workspace.write("sync", undoable=False, params={"step": "sync: anchor"}) as operation:
        known = package_rows.remote(operation.connection, remote)
        key = known.service_keys.get(str(told.get("key_id")), "") if known is not None else ""
        if not _signed(told, key):
            return False
        row = AnchorRow(
            remote, str(told["head"]), int(told["n_operations"]), str(told["received_at"]), key, encode(dict(told)).decode()
        )
        anchors.add(operation.connection, sha256(signing.ANCHOR + _text(told)), row)
    return True


def newest(workspace: Workspace) -> Anchor | None:
    """The newest receipt that is genuine and whose head this ledger still has, for paper; None when there is none."""
    with workspace.read() as connection:
        _, n_operations = anchors.chain(connection)
        for row in anchors.every(connection):
            told = _told(row)
            if told is not None and anchors.leaf_of(connection, told["n_operations"]) == told["head"]:
                n = told["n_operations"]
                return Anchor(row.remote, told["head"], n, _shown(row.received_at), told["key_id"], n == n_operations)
    return None


def words(anchor: Anchor | None) -> str:
    """Beside the head of the chain: who has signed it, or which earlier one, and when; "" for none."""
    if anchor is None:
        return ""
    told = {"at": anchor.at, "remote": f"sync.remote.{anchor.remote}", "n": anchor.n_operations, "key": anchor.key_id}
    if anchor.newest:
        return say("sync.anchored", **told)
    return say("sync.anchored_before", hash=anchor.head, **told)


def faults(connection: Connection) -> list[Finding]:
    """What the kept receipts say against the ledger as it is now."""
    found: list[Finding] = []
    _, n_here = anchors.chain(connection)
    for row in anchors.every(connection):
        told, who, at = _told(row), f"sync.remote.{row.remote}", _shown(row.received_at)
        if told is None:
            found.append(finding("verify.anchor_forged", remote=who, at=at))
        elif told["n_operations"] > n_here:
            found.append(finding("verify.anchor_ahead", n=told["n_operations"], have=n_here, remote=who, at=at))
        elif anchors.leaf_of(connection, told["n_operations"]) != told["head"]:
            found.append(finding("verify.anchor_differs", n=told["n_operations"], remote=who, at=at))
    return found


def _shown(moment: str) -> str:
    try:
        return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except ValueError:
        return moment


def _told(row: AnchorRow) -> dict[str, Any] | None:
    """What a receipt says; None when it is not what was signed, or not what the row beside it says."""
    try:
        told: dict[str, Any] = json.loads(row.receipt)
    except ValueError:
        return None
    same = (told.get("head"), told.get("n_operations"), told.get("received_at")) == (row.head, row.n_operations, row.received_at)
    return told if same and _signed(told, row.public_key) else None


def _signed(told: Mapping[str, Any], key: str) -> bool:
    return signing.key_id(key) == told.get("key_id") and signing.verifies(key, str(told.get("signature")), signing.ANCHOR, _text(told))


def _text(told: Mapping[str, Any]) -> bytes:
    """What was signed: the receipt without its signature, in the canonical form."""
    from desktop.sync.canonical import encode

    return encode({name: value for name, value in told.items() if name != "signature"})
