"""Rule parameters as the settings show them, and adding the institution's own newer value with its document number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.actions import judging, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.parameter import CERTAINTIES, Parameter
from desktop.ledger.problem import Refused
from desktop.rules import parameter_files
from desktop.rules.figure import Figure
from desktop.store import parameters as rows

__all__ = ["CERTAINTIES", "Finding", "Rule", "add", "check", "every", "figure", "history"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One key on a day: the value in force (None: unknown) and the newest one that begins later, if any."""

    key: str
    unit: str
    in_force: Parameter | None
    coming: Parameter | None = None

    @property
    def value_text(self) -> str | None:
        """The value in force as ``add`` takes it; None when there is none."""
        return None if self.in_force is None else parameter_files.value_text(self.in_force.value)


def every(workspace: Workspace, on: date | None = None) -> list[Rule]:
    """Every declared key, sorted, as it stands on a day (today when not given)."""
    day, known = on or today(), rules_in_force.of(workspace)
    found = []
    for key in known.every_key():
        later = [one for one in known.history(key) if one.from_on > day]
        found.append(Rule(key, known.unit(key), known.in_force(key, day), later[0] if later else None))
    return found


def history(workspace: Workspace, key: str) -> tuple[Parameter, ...]:
    """All values of a key by their first day. Raises KeyError for a key that no file declares."""
    return rules_in_force.of(workspace).history(key)


def figure(workspace: Workspace, key: str, on: date | None = None) -> Figure:
    """The value in force with its source, as the leaf of an explanation."""
    return rules_in_force.of(workspace).figure(key, on or today())


def _read(key: str, unit: str, value: str, from_on: date, document: str, clause: str, certainty: str) -> Parameter:
    try:
        read = parameter_files.value_from_text(unit, value.strip())
    except ValueError as error:
        raise Refused("parameter.own_wrong_type", rule=key, unit=unit) from error
    return Parameter(key, from_on, read, unit, document.strip(), clause.strip(), certainty, own=True)


def check(
    workspace: Workspace, key: str, value: str, from_on: date, document: str, clause: str = "", certainty: str = "A"
) -> tuple[Finding, ...]:
    """Why a value could not be added; empty when it can. Raises Refused for a value that does not fit the key's unit."""
    known = rules_in_force.of(workspace)
    try:
        unit = known.unit(key)
    except KeyError as error:
        raise Refused("parameter.unknown_key", rule=key) from error
    return known.own_faults(_read(key, unit, value, from_on, document, clause, certainty))


def add(
    workspace: Workspace, key: str, value: str, from_on: date, document: str, clause: str = "", certainty: str = "A"
) -> Changes:
    """Add an own value that holds from a day; drafts are judged again by it. Posted money stays as it was.

    ``value`` is text in the key's unit (fen, ``true``/``false``, lists with commas). Raises Refused with findings when the key,
    unit, document or day do not fit.
    """
    with workspace.write("parameter add", params={"key": key, "from": from_on.isoformat()}) as operation:
        known = rules_in_force.within(operation.connection)
        try:
            unit = known.unit(key)
        except KeyError as error:
            raise Refused("parameter.unknown_key", rule=key) from error
        new = _read(key, unit, value, from_on, document, clause, certainty)
        wrong = known.own_faults(new)
        if wrong:
            raise Refused(wrong[0].code, findings=wrong, **dict(wrong[0].params))
        rows.insert(operation.connection, new_key(), new)
        judging.recheck(operation)
    return operation.changes
