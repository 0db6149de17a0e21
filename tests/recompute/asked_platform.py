"""What the program says of the sets the national platform would get, and of the rows it has from here: those that are no longer so, their audits, and
the services of each span."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.actions import national, national_audit_list, national_due, national_there
from desktop.actions.workspace import Workspace

Told = dict[Any, Any]


def there(workspace: Workspace, day: date) -> Told:
    """The rows that are to be seen to on a day, and those that were taken off by then."""
    return {
        f"{one.kind} {one.name}": (
            one.state, one.since and one.since.isoformat(), one.successor, one.taken.first_on.isoformat(), one.taken.message.number, one.elsewhere
        )
        for one in national_there.every(workspace, day)
    }  # fmt: skip


def audited(workspace: Workspace, day: date) -> Told:
    """Every row that is audited, and how many of each message stand in each state."""
    told: Told = {}
    for one in national_audit_list.every(workspace, day):
        seen = (one.audit.seen_on.isoformat(), one.audit.reason) if one.audit else (None, "")
        told[f"{one.kind} {one.name}"] = (one.state or "unseen", *seen, one.to_do)
    standings = national_audit_list.standings(workspace, day)
    told |= {f"message {one.number}": {state: n for state, n in one.n.items() if n} for one in standings}
    every = {state: n for state, n in national_audit_list.totals(standings).items() if n}
    return told | {"all": every, "withheld": national_audit_list.withheld(workspace)}


def spans(workspace: Workspace, year: int, day: date) -> Told:
    """The services of each span of a year as they stand on a day."""
    return {
        one.period.name: (one.n_sound, one.n_taken, one.n_wrong, one.n_refused, one.over, one.state)
        for one in national_due.records(workspace, year, day)
    }


def sets(workspace: Workspace, day: date) -> Told:
    """Every set that is no secret and in service: whether its row may be written, its value in it in fen, and what is told of it; how many stand so."""
    found = national.judge(workspace, on=day)
    told: Told = {
        one.shown.asset_number: (
            one.sound, one.shown.value_fen, frozenset((each.severity, each.field, each.code.removeprefix("national.")) for each in one.findings)
        )
        for one in found.forms
    }  # fmt: skip
    n_sound = len(found.sound)
    counted = {"sound": n_sound, "wrong": len(found.forms) - n_sound, "withheld": found.withheld, "retired": found.retired}
    return told | {f"n {state}": n for state, n in counted.items()}
