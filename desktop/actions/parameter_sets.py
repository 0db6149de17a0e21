"""A newer set of rule values, from a file or typed: read and held against those in force (a plan), its effects shown, then taken whole
with a reason, or not at all. Taking it is one operation that undo takes back; old values are never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop.actions import judging, parameter_effects, rules_in_force
from desktop.actions.parameter_effects import Effects, Moved
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.formats import parameter_text
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.parameter import Parameter
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.rules import parameter_files, parameter_sets
from desktop.rules.parameter_sets import Change
from desktop.store import parameters as rows

__all__ = ["Change", "Effects", "Moved", "Plan", "add", "checked", "commit", "effects", "export", "propose", "read", "written"]

LEAST_REASON = 2
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a set would do. ``name`` is the file's, "" for a value that was typed; ``findings`` with an error forbid it."""

    name: str
    new: tuple[Change, ...]
    known: tuple[Parameter, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What forbids taking it."""
        return tuple(one for one in self.findings if one.severity == "error")

    @property
    def values(self) -> tuple[Parameter, ...]:
        """The values it would add."""
        return tuple(change.parameter for change in self.new)


def read(workspace: Workspace, path: Path, progress: Progress = UNWATCHED) -> Plan:
    """Read a set from a file (a table: xlsx, xls, ods, csv; or TOML as in ``resources/rules``, of any subjects); nothing is written.

    Raises Problem for a file or table that cannot be read, Cancelled. What is wrong with a value is a finding of the plan.
    """
    progress.report(0, 0, "work.reading")
    known = rules_in_force.of(workspace)
    if path.suffix.lower() == ".toml":
        offered, faults = _toml(path)
        weighed = parameter_sets.weigh(known, offered)
        return Plan(path.name, weighed.new, weighed.known, (*faults, *_but_empty(weighed.findings, faults)))
    from desktop.formats import parameter_sets as tables
    from desktop.formats import spreadsheet

    sheet = tables.read_table(spreadsheet.read(path, cancelled=progress.cancelled), cancelled=progress.cancelled)
    weighed = parameter_sets.weigh(known, [row.parameter for row in sheet.rows])
    told = tuple(tables.placed(sheet, one) for one in weighed.findings)
    return Plan(path.name, weighed.new, weighed.known, (*sheet.findings, *_but_empty(told, sheet.findings)))


def _but_empty(found: Sequence[Finding], before: Sequence[Finding]) -> tuple[Finding, ...]:
    """A file whose every value has a fault is not told to be empty as well."""
    faulty = any(one.severity == "error" for one in before)
    return tuple(one for one in found if not (faulty and one.code == "parameter.set_empty"))


def _toml(path: Path) -> tuple[list[Parameter], tuple[Finding, ...]]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Problem("file.cannot_use", name=path.name, reason=reason_of(error)) from error
    if len(content) > _MOST_BYTES:
        raise Refused("parameter.set_too_large", name=path.name)
    try:
        found, faults = parameter_files.read(content.decode("utf-8-sig"), "")
    except UnicodeDecodeError as error:
        raise Refused("parameter.set_unreadable", name=path.name) from error
    named = tuple(replace(one, params=tuple((k, path.name if k == "file" else v) for k, v in one.params)) for one in faults)
    return [replace(one, own=True) for several in found.values.values() for one in several], named


def propose(
    workspace: Workspace, key: str, value: str, from_on: date, document: str, clause: str = "", certainty: str = "A"
) -> Plan:
    """A set of one value as a person types it (yuan, 80%, 是); nothing is written.

    Raises Refused for an unknown key or a value that does not fit its unit.
    """
    known = rules_in_force.of(workspace)
    try:
        unit = known.unit(key)
    except KeyError as error:
        raise Refused("parameter.unknown_key", rule=key) from error
    try:
        read_value = parameter_text.typed(unit, value, key)
    except ValueError as error:
        raise Refused("parameter.own_wrong_type", rule=key, unit=f"unit.hint.{unit}") from error
    offered = Parameter(key, from_on, read_value, unit, document.strip(), clause.strip(), certainty, own=True)
    weighed = parameter_sets.weigh(known, [offered])
    return Plan("", weighed.new, weighed.known, weighed.findings)


def effects(workspace: Workspace, plan: Plan, progress: Progress = UNWATCHED) -> Effects:
    """Which figures of this ledger would move. Raises Cancelled."""
    return parameter_effects.work_out(workspace, plan.values, progress)


def checked(plan: Plan) -> Plan:
    """The plan, when nothing stands against it. Raises Refused with its errors."""
    if plan.errors and not plan.name:
        raise Refused(plan.errors[0].code, findings=plan.errors, **dict(plan.errors[0].params))
    if plan.errors:
        raise Refused("parameter.set_refused", findings=plan.errors, name=plan.name, n=len(plan.errors))
    return plan


def commit(workspace: Workspace, plan: Plan, reason: str) -> Changes:
    """Take a plan whole; drafts are judged again by it, posted money stays as it was. A plan that adds nothing changes nothing.

    Raises Refused: errors in the plan, no reason, or values taken since the plan was made that stand against it.
    """
    checked(plan)
    if not plan.new:
        return Changes()
    said = reason.strip()
    if len(said) < LEAST_REASON:
        raise Refused("parameter.no_reason")
    one = plan.values[0]
    alone = {"key": one.key, "from": one.from_on.isoformat()}
    name, params = ("parameter import", {"file": plan.name, "n": str(len(plan.new))}) if plan.name else ("parameter add", alone)
    with workspace.write(name, reason=said, params=params) as operation:
        weighed = parameter_sets.weigh(rules_in_force.within(operation.connection), plan.values)
        errors = tuple(told for told in weighed.findings if told.severity == "error")
        if errors or len(weighed.new) != len(plan.new):
            raise Refused("parameter.set_overtaken", findings=errors)
        for change in weighed.new:
            rows.insert(operation.connection, new_key(), change.parameter)
        judging.recheck(operation)
    return operation.changes


def add(
    workspace: Workspace, key: str, value: str, from_on: date, document: str, clause: str = "", certainty: str = "A", *, reason: str
) -> Changes:
    """Propose and take one value in one go. Raises what ``propose`` and ``commit`` raise."""
    return commit(workspace, propose(workspace, key, value, from_on, document, clause, certainty), reason)


def written(one: Parameter) -> str:
    """A value as ``propose`` takes it: yuan, a decimal, 是/否, lists with commas."""
    return parameter_text.written(one.value, one.unit)


def export(workspace: Workspace, path: Path, on: date | None = None) -> int:
    """Write the values in force on a day (today when not given) as a table, ``.xlsx`` or ``.csv``, that reads back as known; how many.

    Raises Problem ``file.*``.
    """
    from desktop.formats import parameter_sets as tables
    from desktop.formats import write

    known = rules_in_force.of(workspace)
    found = [known.in_force(key, on or today()) for key in known.every_key()]
    values = [one for one in found if one is not None]
    write.write(path, [tables.sheet_of(values)])
    return len(values)
