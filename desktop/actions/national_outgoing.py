"""What would leave for the national platform: composed anew, without the rows it has as they are, shown before anything is kept or sent."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.actions import national_messages, national_taken
from desktop.actions.national_messages import KINDS
from desktop.actions.national_sent import stands
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_soap
from desktop.formats.cells import fold
from desktop.formats.national import NO_TABLES, Tables
from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import national_sending as rules
from desktop.store import national_messages as rows
from desktop.store import national_there as there
from desktop.store.database import Connection
from desktop.store.national_messages import Kept

ADDRESS, UNIT, AUTHORITIES = "national.address", "national.unit", "national.authorities"


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go and as whom: "" while nobody has said. ``authorities``: certificates (PEM) of those who alone may vouch for the address,
    "": the usual ones."""

    address: str
    unit: str
    authorities: str = ""

    @property
    def vouching(self) -> tuple[str, ...]:
        """What those call themselves who alone may vouch for the address."""
        from desktop.secrets import authorities

        return authorities.names(self.authorities)


@dataclass(frozen=True, slots=True)
class Draft:
    """One message as it would leave: ``rows`` are read back from its bytes."""

    kind: str
    content: bytes
    rows: tuple[Mapping[str, str], ...]

    @property
    def sha256(self) -> str:
        """Digest of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would leave for ``target``. ``n_same`` rows the platform has as they are; ``n_changed`` of those that leave it has otherwise;
    ``n_absent`` are services of a set it does not know (``national_absent``)."""

    target: Target
    period: Period
    personal: bool
    drafts: tuple[Draft, ...]
    n_same: int
    n_changed: int
    left_out: int
    withheld: int
    findings: tuple[Finding, ...]
    n_absent: int = 0

    @property
    def digest(self) -> str:
        """What is approved: SHA-256 over the address and the digests of the messages in their order."""
        return hashlib.sha256("\n".join([self.target.address, *(one.sha256 for one in self.drafts)]).encode()).hexdigest()

    @property
    def n_rows(self) -> int:
        """Rows that leave."""
        return sum(len(one.rows) for one in self.drafts)


def target(workspace: Workspace) -> Target:
    """Where messages go."""
    return Target(workspace.setting(ADDRESS), workspace.setting(UNIT), workspace.setting(AUTHORITIES))


def set_target(
    workspace: Workspace, address: str | None = None, unit: str | None = None, authorities: Path | None = None, *, usual: bool = False
) -> Target:
    """Keep the address of the platform's service and the unit's identifier there; None leaves one as it is, "" forgets it.

    ``authorities``: a file with the certificates of those who alone may vouch for the address (a school's own authority); they are named for this
    address only, and another address begins with the usual ones, as ``usual`` does. Messages that were written keep their address.
    Raises RemoteProblem ``sync.bad_address`` unless it is https, or http on loopback; Refused ``sync.authorities_…``, with nothing kept.
    """
    from desktop.actions.enrolment import read_authorities
    from desktop.sync.wire import check_address

    address, unit = (None if value is None else fold(value) for value in (address, unit))
    if address is not None and address.strip():
        check_address(address.strip())
    vouching = None if authorities is None else read_authorities(authorities)
    if vouching is None and (usual or (address is not None and address.strip() != workspace.setting(ADDRESS))):
        vouching = ""
    given = {ADDRESS: address, UNIT: unit, AUTHORITIES: vouching}
    # At once: an address is never kept beside the authorities of another.
    workspace.keep_all({name: value.strip() for name, value in given.items() if value is not None})
    return target(workspace)


def prepare(
    workspace: Workspace,
    period: Period,
    *,
    kinds: Collection[str] = KINDS,
    personal: bool = False,
    everything: bool = False,
    tables: Tables = NO_TABLES,
    progress: Progress = UNWATCHED,
) -> Prepared:
    """What would leave for a span; nothing is written. ``everything``: also rows the platform took as they are.

    Raises Refused ``national.no_address``, ``national.open_messages`` while a message of these kinds has no end, ``national.nothing_new``, and
    what ``national_messages.compose`` raises; Cancelled.
    """
    to = target(workspace)
    if not to.address:
        raise Refused("national.no_address")
    composed = national_messages.compose(workspace, to.unit, period, kinds=kinds, personal=personal, tables=tables, progress=progress)
    with workspace.read() as connection:
        none_open(connection, to, kinds)
        known = {kind: _accepted(connection, to, kind) for kind in composed.rows}
        refused = {kind: _refused(connection, to, kind) for kind in composed.rows}
        numbers = there.numbers(connection, refused.get(national_soap.SERVICE, ()))
    n_same = n_changed = 0
    told: list[Finding] = []
    for kind, found in composed.rows.items():
        new = []
        for row in found:
            key = row_key(kind, row, period)
            before, same = known[kind].get(key), known[kind].get(key) == row_digest(row)
            if same and key in refused[kind]:
                name = numbers[key][0] if key in numbers else row["innerId"]
                told.append(finding("national_audit.same_again", "warning", name=name, reason=refused[kind][key]))
            elif same and not everything:
                n_same += 1
                continue
            n_changed += before not in (None, row_digest(row))
            new.append(row)
        composed.rows[kind] = new
    progress.check()
    drafts = tuple(_draft(to, kind, found) for kind, found in composed.envelopes)
    if not drafts:
        raise Refused("national.nothing_new", n=n_same, findings=composed.findings)
    findings = (*composed.findings, *told)
    return Prepared(to, period, personal, drafts, n_same, n_changed, composed.left_out, composed.withheld, findings, composed.n_absent)


def _draft(to: Target, kind: str, found: Sequence[Mapping[str, str]]) -> Draft:
    content = national_soap.envelope(to.unit, kind, found)
    return Draft(kind, content, tuple(national_soap.rows_in(content)))


def row_key(kind: str, row: Mapping[str, str], period: Period) -> str:
    """What a row is of, among those of its kind."""
    if kind == national_soap.EFFECT:
        return period.name
    if kind == national_soap.SERVICE:
        return row["recordInnerId"]
    return row["innerId"] if kind == national_soap.INSTRUMENT else f"{row['innerId']} {row['declarationNumber']} {row['itemNumber']}"


def row_digest(row: Mapping[str, str]) -> str:
    return hashlib.sha256(national_soap.rows_text([row]).encode()).hexdigest()


def _of(connection: Connection, to: Target, kind: str) -> list[Kept]:
    return rows.every(connection, "kind = ? AND address = ? AND unit = ?", (kind, to.address, to.unit))


def none_open(connection: Connection, to: Target, kinds: Collection[str]) -> None:
    waiting = [one.message.number for kind in KINDS if kind in kinds for one in _of(connection, to, kind) if stands(one) in rules.OPEN]
    if waiting:
        raise Refused("national.open_messages", n=len(waiting), numbers="、".join(waiting[:5]))


def _accepted(connection: Connection, to: Target, kind: str) -> dict[str, str]:
    """Key -> digest of the rows the platform has, as it took them last."""
    return {key: one.sha256 for key, one in national_taken.of(connection, to.address, to.unit, kind).items() if one.removed is None}


def _refused(connection: Connection, to: Target, kind: str) -> dict[str, str]:
    """Key -> reason of the rows the platform's audit refused: they are told again, changed or not."""
    found = ((key, one.audit(today())) for key, one in national_taken.of(connection, to.address, to.unit, kind).items())
    return {key: audit.reason or "national_audit.reason_unknown" for key, audit in found if audit is not None and audit.state == "refused"}
