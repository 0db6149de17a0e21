"""The rule values that a remote published, as a set like one from a file: read after a sync, shown with what they move, taken by a person."""

from __future__ import annotations

import json
from dataclasses import replace

from desktop.actions import rules_in_force
from desktop.actions.parameter_sets import Plan
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.rules import parameter_published, parameter_sets
from desktop.store import library as rows

BOOK = "parameters"


def published(workspace: Workspace, remote: str = NETWORK) -> Plan:
    """What the book of a remote holds, against the values in force; nothing is written.

    A rule that this program does not know is left out and told: the remote may serve newer programs. Whatever else is wrong forbids the
    set, as it does in a file. Raises Refused when the remote published none, or none was read yet.
    """
    with workspace.read() as connection:
        written = rows.book(connection, remote, BOOK)
        versions = rows.book_versions(connection, remote)
    if not written:
        raise Refused("parameter.not_published", remote=f"sync.remote.{remote}")
    values, faults = parameter_published.read(json.loads(written))
    known = rules_in_force.of(workspace)
    keys = frozenset(known.every_key())
    weighed = parameter_sets.weigh(known, [replace(one, own=True) for one in values if one.key in keys])
    strange = sorted({one.key for one in values if one.key not in keys})
    findings = (*faults, *(one for one in weighed.findings if one.code != "parameter.set_empty"), *_left_out(strange))
    return Plan(f"{remote}-{BOOK}-{versions.get(BOOK, '')}", weighed.new, weighed.known, findings)


def _left_out(keys: list[str]) -> tuple[Finding, ...]:
    return (finding("parameter.published_unknown", "note", n=len(keys), names="、".join(keys)),) if keys else ()


def offered(workspace: Workspace, remote: str = NETWORK) -> bool:
    """Whether the book of a remote would bring something, or has a fault that ``published`` tells."""
    try:
        plan = published(workspace, remote)
    except Refused:
        return False
    return bool(plan.new or plan.errors)
