"""Which fee version is meant, named by instrument and first day; the list of versions; lines taken from a price list's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.actions import fee_building, fees
from desktop.actions.fees import Version
from desktop.actions.workspace import Workspace, today
from desktop.formats import fees as files
from desktop.ledger.changes import Changes
from desktop.ledger.fees import CostComponent, FeeLine, FeeSchedule, ScheduleState
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.rules import cost_price as costing
from desktop.rules import schedule_checks
from desktop.store import fees as rows
from desktop.store.facts import INSTRUMENTS
from desktop.words import say


@dataclass(frozen=True, slots=True)
class Listed:
    """One version in a list of many: how many lines it has, how many of them are to confirm, whether it has priced a record."""

    schedule: FeeSchedule
    instrument: Instrument
    n_lines: int
    n_to_confirm: int
    used: bool


def listed(
    workspace: Workspace, asset_number: str | None = None, *, state: ScheduleState | None = None, on: date | None = None
) -> list[Listed]:
    """Versions by instrument and first day; ``on``: those that price services ending on this day.

    Raises Refused for an unknown asset number.
    """
    with workspace.read() as connection:
        own = None
        if asset_number is not None:
            own = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
            if own is None:
                raise Refused("instrument.unknown", asset_number=asset_number)
        known = {one.id: one for one in (INSTRUMENTS.find(connection) if own is None else [own])}
        found = [s for s in rows.SCHEDULES.find(connection, order="from_on, state") if s.instrument_id in known]
        counted = {row[0]: (int(row[1]), int(row[2])) for row in connection.exec_driver_sql(
            "SELECT schedule_id, count(*), sum(to_confirm) FROM fee_line GROUP BY schedule_id"
        )}  # fmt: skip
        used = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT schedule_id FROM posting")}
    wanted = [
        schedule
        for schedule in found
        if (state is None or schedule.state == state) and (on is None or (schedule.state != "draft" and schedule.covers(on)))
    ]
    told = [Listed(s, known[s.instrument_id], *counted.get(s.id, (0, 0)), s.id in used) for s in wanted]
    return sorted(told, key=lambda one: (one.instrument.asset_number, one.schedule.from_on))


def chosen(
    workspace: Workspace, asset_number: str, *, from_on: date | None = None, key: str = "", state: ScheduleState | None = None
) -> Version:
    """The version meant: by key, else by its first day, else the only one of ``state``.

    Without ``state``: the only draft, else the one in force today, else the newest. Raises Refused when there is none, or more
    than one: then the words name them.
    """
    versions = fees.versions(workspace, asset_number)
    if not versions:
        raise Refused("fee.no_version", asset_number=asset_number)
    if key:
        found = [one for one in versions if one.schedule.id == key]
    elif from_on is not None:
        found = [one for one in versions if one.schedule.from_on == from_on]
        found = [one for one in found if one.schedule.state == state] or found
    else:
        found = [one for one in versions if one.schedule.state == (state or "draft")]
        if not found and state is None:
            present = fee_building.in_force(versions, today())
            found = [present or versions[-1]]
    if not found:
        code = "fee.no_such_version" if key or from_on else "fee.no_version_in_state"
        meant = key or str(from_on or f"fee.state.{state}")
        raise Refused(code, asset_number=asset_number, meant=meant, known=_named(versions))
    if len(found) > 1:
        raise Refused("fee.which_version", asset_number=asset_number, known=_named(found, keys=True))
    return found[0]


def _named(versions: Sequence[Version], *, keys: bool = False) -> str:
    told = []
    for one in versions:
        schedule = one.schedule
        state = say(f"fee.state.{schedule.state}")
        told.append(f"{schedule.from_on} {state}" + (f" {schedule.id}" if keys else ""))
    return say("fee.joiner").join(told)


@dataclass(frozen=True, slots=True)
class FileLines:
    """One instrument's lines of a price list; ``n_other`` rows of the file are of other instruments. ``findings`` by cell."""

    lines: tuple[FeeLine, ...]
    findings: tuple[Finding, ...]
    n_other: int


def lines_of_file(workspace: Workspace, asset_number: str, path: Path, mapping: Mapping[str, str] | None = None) -> FileLines:
    """The lines of one instrument in a file of the shape an imported price list has. Nothing is written.

    Raises Problem for a file that cannot be read; Refused when a row of this instrument cannot be used or none is there.
    """
    from desktop.formats import spreadsheet

    with workspace.read() as connection:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if instrument is None:
        raise Refused("instrument.unknown", asset_number=asset_number)
    sheet = files.read_rows(spreadsheet.read(path), mapping)
    # A rejected row whose instrument could not be read may be of this one: it is not passed over.
    ours = [row for row in sheet.rejected if not row.key or row.key.split(" · ")[0] == instrument.asset_number]
    if ours:
        raise Refused("fee.file_rows", name=path.name, findings=tuple(f for row in ours for f in row.findings))
    own = [row for row in sheet.rows if row.asset_number == instrument.asset_number]
    if not own:
        raise Refused("fee.file_without", name=path.name, asset_number=instrument.asset_number)
    lines = tuple(
        fee_building.line_of(
            row.item,
            {
                "unit": row.unit_text, "internal": row.internal_text, "external": row.external_text, "startup": row.startup_text,
                "minimum": row.minimum_text, "note": row.note,
            },
        )
        for row in own
    )  # fmt: skip
    findings = (*sheet.table.findings, *(f for row in own for f in row.findings))
    return FileLines(lines, findings, sheet.n_rows - len(own))


def named_line(lines: Sequence[FeeLine], item: str) -> FeeLine | None:
    """The line with this item, spaces and width apart."""
    wanted = schedule_checks.item_key(item)
    return next((line for line in lines if schedule_checks.item_key(line.item) == wanted), None)


def set_costs(workspace: Workspace, schedule_id: str, parts: Sequence[CostComponent]) -> Changes:
    """Replace the cost components of a version. Raises Refused with findings, nothing written, when they make no cost price."""
    refuse_costs(parts)
    return fees.set_components(workspace, schedule_id, list(parts))


def refuse_costs(parts: Sequence[CostComponent]) -> None:
    """Raise Refused with findings when components contradict themselves; none at all is no fault."""
    errors = tuple(f for f in costing.cost_price(parts).findings if f.severity == "error")
    if errors:
        raise Refused("fee.costs_refused", findings=errors)
