"""First start: the institution whose ledger this is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop.actions import meanwhile
from desktop.actions import workspace as opening
from desktop.actions.workspace import Ask, Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.institution import KINDS, Institution
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.region import Region
from desktop.rules import regions, uscc
from desktop.store.facts import INSTITUTIONS


def code_faults(code: str) -> tuple[Finding, ...]:
    """What is wrong with a credit code; empty when it is valid."""
    return tuple(uscc.faults(uscc.normalise(code)))


def region_faults(code: str) -> tuple[Finding, ...]:
    """What is wrong with a division code; an unlisted county of a known city is only a note."""
    return regions.check(code)


def cities() -> tuple[Region, ...]:
    """The sixteen prefecture cities of the province."""
    return regions.cities()


def counties(city: str) -> tuple[Region, ...]:
    """The districts and counties of a city, by the city's code (``370100``)."""
    return tuple(one for one in regions.regions().values() if one.county and f"{one.city_code}00" == city)


def check(name: str, code: str, kind: str, region: str) -> Institution:
    """The institution as it would be kept. Raises Refused with findings when a fact is wrong."""
    code = uscc.normalise(code)
    faults = uscc.faults(code)
    if faults:
        raise Refused("institution.uscc", code=code, findings=tuple(faults))
    if not name.strip():
        raise Refused("institution.name")
    if kind not in KINDS:
        raise Refused("institution.kind", kind=kind, kinds="|".join(KINDS))
    wrong = regions.check(region)
    if any(fault.severity == "error" for fault in wrong):
        raise Refused("institution.region", region=region, findings=tuple(wrong))
    return Institution(new_key(), name.strip(), code, kind, region)


def start(
    home: Path,
    name: str,
    code: str,
    kind: str,
    region: str,
    *,
    passphrase: str | None = None,
    practice: bool = False,
    ask: Ask | None = None,
) -> tuple[Workspace, str]:
    """Make a ledger for an institution and open it. Returns the workspace and the recovery key to print.

    Nothing is made when a fact is wrong.
    """
    institution = check(name, code, kind, region)
    if opening.exists(home):
        _clear_unfinished(home, passphrase, ask)
    recovery = opening.make(home, passphrase=passphrase, practice=practice)
    workspace = opening.open_ledger(home, passphrase=passphrase, ask=ask)
    with workspace.write("institution start", undoable=False) as operation:
        INSTITUTIONS.insert(operation.connection, [institution])
    return workspace, recovery


def _clear_unfinished(home: Path, passphrase: str | None, ask: Ask | None) -> None:
    """Remove a ledger whose start was cut off before its first operation: its recovery key was never shown to anyone.

    Raises Problem ``store.exists`` for any other ledger, and for one that these keys do not open.
    """
    try:
        with opening.open_ledger(home, passphrase=passphrase, ask=ask) as found, found.read() as connection:
            if connection.exec_driver_sql("SELECT 1 FROM operation LIMIT 1").first():
                raise Problem("store.exists", path=home)
    except Problem as problem:
        raise (problem if problem.code == "store.open_elsewhere" else Problem("store.exists", path=home)) from problem
    for suffix in ("", "-wal", "-shm"):
        opening.ledger_path(home).with_name(f"ledger.db{suffix}").unlink(missing_ok=True)


def get(workspace: Workspace) -> Institution:
    """The institution. Raises Refused when the ledger has none yet."""
    with workspace.read() as connection:
        found = INSTITUTIONS.find(connection)
    if not found:
        raise Refused("institution.none")
    return found[0]


def change(workspace: Workspace, *, name: str, code: str, kind: str, region: str, seen: Institution | None = None) -> Changes:
    """Correct the institution's facts. ``seen``: as the person had it before them; what they left as it was stays as it is stored.

    Raises Refused with findings when a fact is wrong, and where somebody changed the same since it was seen.
    """
    checked = check(name, code, kind, region)
    get(workspace)
    with workspace.write("institution change") as operation:
        old = INSTITUTIONS.find(operation.connection)[0]
        new = meanwhile.merged(operation.connection, "institution", old, seen, replace(checked, id=old.id))
        INSTITUTIONS.update(operation.connection, [new])
    return operation.changes
