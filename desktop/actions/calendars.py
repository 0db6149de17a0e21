"""A year's days off from a file: read, held against what is known (preview), then taken whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop.actions.duties import calendar_of
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.calendar import CalendarDay
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import workdays

__all__ = ["CalendarPlan", "commit", "import_file", "published", "read", "save_example"]


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """What taking a file would do. ``days`` are all its exceptions, those of ``new`` are not known and those of ``changed`` known
    otherwise; ``findings`` with an error forbid it."""

    path: Path
    year: int
    days: tuple[CalendarDay, ...]
    new: tuple[CalendarDay, ...]
    changed: tuple[CalendarDay, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What forbids taking the file."""
        return tuple(one for one in self.findings if one.severity == "error")

    @property
    def n_off(self) -> int:
        """Weekdays off."""
        return sum(one.kind == "weekday_off" for one in self.days)

    @property
    def n_worked(self) -> int:
        """Weekend days worked."""
        return len(self.days) - self.n_off

    @property
    def n_known(self) -> int:
        """Days that are known as the file has them."""
        return len(self.days) - len(self.new) - len(self.changed)


def read(workspace: Workspace, path: Path, progress: Progress = UNWATCHED) -> CalendarPlan:
    """Read a table of one year (a workbook, a text table, or TOML as in ``resources/calendar``); nothing is written.

    Raises Refused for TOML that cannot be read, Problem for a file or table that cannot, Cancelled.
    """
    progress.report(0, 0, "work.reading")
    findings: list[Finding] = []
    if path.suffix.lower() == ".toml":
        try:
            days = workdays.read(path.read_text("utf-8"))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise Refused("workday.file_unreadable", path=path, detail=str(error)) from error
        year = days[0].day.year if days else 0
    else:
        from desktop.formats import calendars, spreadsheet

        found = calendars.read_table(spreadsheet.read(path, cancelled=progress.cancelled), cancelled=progress.cancelled)
        days, year = found.days, found.year
        findings += found.sheet.findings
    return _weighed(workspace, path, year, days, findings)


def published(workspace: Workspace, year: int, remote: str = NETWORK) -> CalendarPlan:
    """A year as a remote published it, held against what is known exactly as a file is; nothing is written, and it counts only once taken.

    Raises Refused when the remote published no such year, or nothing that is one.
    """
    from desktop.actions import library

    told = library.calendar_years(workspace, remote).get(year)
    if told is None:
        raise Refused("workday.not_published", year=year, remote=f"sync.remote.{remote}")
    path = Path(f"{remote}-{year}.toml")
    try:
        days = workdays.read(told)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("workday.file_unreadable", path=path, detail=str(error)) from error
    return _weighed(workspace, path, year, days, [])


def offered(workspace: Workspace, remote: str = NETWORK) -> int | None:
    """The first published year that would bring something, or that cannot be read (``published`` says why); None when there is none."""
    from desktop.actions import library

    for year in library.calendar_years(workspace, remote):
        try:
            plan = published(workspace, year, remote)
        except Refused:
            return year
        if plan.new or plan.changed or plan.errors:
            return year
    return None


def _weighed(workspace: Workspace, path: Path, year: int, days: tuple[CalendarDay, ...], findings: list[Finding]) -> CalendarPlan:
    known = {one.day: one for one in calendar_of(workspace).days}
    # A weekend off changes nothing unless it takes a day back that was to be worked.
    worked = {one.day for one in (*known.values(), *days) if one.kind == "makeup_workday"}
    days = tuple(one for one in days if one.kind != "weekday_off" or one.day.weekday() < 5 or one.day in worked)
    findings += _faults(days, year, known)
    return _held(path, year, days, known, findings)


def _held(path: Path, year: int, days: Sequence[CalendarDay], known: dict[date, CalendarDay], findings: Sequence[Finding]) -> CalendarPlan:
    new = tuple(one for one in days if one.day not in known)
    changed = tuple(one for one in days if one.day in known and known[one.day].kind != one.kind)
    return CalendarPlan(path, year, tuple(days), new, changed, tuple(findings))


def _faults(days: Sequence[CalendarDay], year: int, known: dict[date, CalendarDay]) -> list[Finding]:
    """What the rules say of the year, and of days outside it: those must be of a year that is known, or it would seem known."""
    told = list(workdays.faults([one for one in days if one.day.year == year]))
    if not days:
        told.append(finding("workday.no_days"))
    years = {day.year for day in known}
    for one in days:
        if one.day.year != year and one.day.year not in years:
            told.append(finding("workday.other_year", day=one.day, year=year))
    told += [finding("workday.changes", "warning", day=one.day) for one in days if one.day in known and known[one.day].kind != one.kind]
    if days and not all(one.document for one in days):
        told.append(finding("workday.no_document", "warning", year=year))
    return told


def commit(workspace: Workspace, plan: CalendarPlan) -> Changes:
    """Take a plan: a full year or nothing. Raises Refused with findings when it cannot be the full year."""
    if plan.errors:
        raise Refused("workday.file_refused", path=plan.path, findings=plan.errors)
    with workspace.write("calendar import", params={"file": plan.path.name}) as operation:
        have = {row[0]: (row[1], row[2]) for row in operation.connection.exec_driver_sql("SELECT day, kind, document FROM calendar_day")}
        rows = [(one.day.isoformat(), one.kind, one.document) for one in plan.days]
        new = [(new_key(), *row) for row in rows if row[0] not in have]
        changed = [(kind, document, day) for day, kind, document in rows if day in have and have[day][0] != kind]
        operation.executemany("INSERT INTO calendar_day (id, day, kind, document) VALUES (?, ?, ?, ?)", new)
        operation.executemany("UPDATE calendar_day SET kind = ?, document = ? WHERE day = ?", changed)
    return operation.changes


def import_file(workspace: Workspace, path: Path, progress: Progress = UNWATCHED) -> Changes:
    """Read and take a file in one go. Raises what ``read`` and ``commit`` raise."""
    return commit(workspace, read(workspace, path, progress))


def save_example(path: Path) -> None:
    """Write the newest year that is known as an example of the form, ``.xlsx`` or ``.csv``. Raises Problem ``file.*``."""
    from desktop.formats import calendars, write

    packaged = workdays.packaged()
    newest = max(packaged.years)
    days = tuple(replace(one, certainty="") for one in packaged.days if one.day.year == newest)
    write.write(path, [calendars.sheet_of(days)])
