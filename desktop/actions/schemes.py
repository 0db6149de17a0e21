"""Allocation schemes of the institution: dated facts with their document number; examples and files to start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from desktop.actions.workspace import Workspace
from desktop.formats import scheme_file
from desktop.ledger import allocation_json
from desktop.ledger.allocation import Basis, Scheme
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import schemes as rules
from desktop.rules.schemes import Example
from desktop.store.database import Connection
from desktop.store.payouts import SCHEMES


def examples() -> tuple[Example, ...]:
    """The packaged examples."""
    return rules.examples()


def schemes(workspace: Workspace) -> list[Scheme]:
    """The institution's schemes by name and day."""
    with workspace.read() as connection:
        return [allocation_json.read(written) for written in SCHEMES.find(connection, order="name, from_on")]


def find_scheme(connection: Connection, name: str, day: date) -> Scheme:
    """The version of a scheme in force on a day. Raises Refused when there is none of that name."""
    found = [allocation_json.read(written) for written in SCHEMES.find(connection, "name = ?", (name.strip(),), "from_on")]
    if not found:
        known = "、".join(row[0] for row in connection.exec_driver_sql("SELECT DISTINCT name FROM scheme ORDER BY name"))
        if not known:
            raise Refused("payout.no_scheme", name=name)
        raise Refused("payout.unknown_scheme", name=name, known=known)
    in_force = [scheme for scheme in found if scheme.from_on <= day]
    return in_force[-1] if in_force else found[0]


def scheme(workspace: Workspace, name: str, day: date) -> Scheme:
    """The version of a scheme in force on a day, else its first. Raises Refused when there is none of that name."""
    with workspace.read() as connection:
        return find_scheme(connection, name, day)


def add_scheme(workspace: Workspace, scheme: Scheme) -> Changes:
    """Add a scheme, or a newer version of one. Raises Refused with findings when it cannot be used or its day is taken."""
    new = replace(scheme, id=new_key(), name=scheme.name.strip())
    with workspace.write("scheme add", params={"name": new.name}) as operation:
        _usable(operation.connection, new)
        SCHEMES.insert(operation.connection, [allocation_json.write(new)])
    return operation.changes


def check_scheme(workspace: Workspace, scheme: Scheme) -> None:
    """Raise what ``add_scheme`` would raise; nothing is written."""
    with workspace.read() as connection:
        _usable(connection, replace(scheme, name=scheme.name.strip()))


def _usable(connection: Connection, new: Scheme) -> None:
    errors = [f for f in rules.faults(new) if f.severity == "error"]
    if errors:
        raise Refused(errors[0].code, findings=tuple(errors[1:]), **dict(errors[0].params))
    if SCHEMES.one(connection, "name = ? AND from_on = ?", (new.name, new.from_on.isoformat())):
        raise Refused("payout.scheme_taken", name=new.name, day=new.from_on)
    if not connection.exec_driver_sql("SELECT 1 FROM technician WHERE staff_number = ?", (new.remainder_to,)).first():
        raise Refused("payout.no_such_technician", staff_number=new.remainder_to)


def read_file(path: Path, given: Mapping[str, object] | None = None) -> Scheme:
    """The scheme a TOML or JSON file defines; ``given`` stands in place of what it says.

    Raises Problem for a file that cannot be read, Refused with findings for one that is incomplete or wrong.
    """
    found, findings = scheme_file.read(path, given)
    if found is None:
        raise Refused("scheme_file.refused", name=path.name, findings=findings)
    return found


def write_file(scheme: Scheme, path: Path) -> None:
    """Write a scheme as a file to change and define anew. Raises Problem for another ending than .toml or .json, OSError."""
    scheme_file.write(scheme, path)


def adopt_example(
    workspace: Workspace, key: str, *, name: str, from_on: date, document: str, remainder_to: str, basis: Basis | None = None
) -> Changes:
    """Adopt a packaged example under a name and document number; ``remainder_to`` is a staff number, ``basis`` None: the example's."""
    example = next((one for one in rules.examples() if key in (one.key, one.scheme.name)), None)
    if example is None:
        raise Refused("payout.unknown_example", key=key, known="、".join(one.key for one in rules.examples()))
    adopted = rules.adopt(example, key="", name=name, from_on=from_on, document=document, remainder_to=remainder_to)
    return add_scheme(workspace, adopted if basis is None else replace(adopted, basis=basis))
