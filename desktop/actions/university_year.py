"""A university's academic year: every set judged row by row for SJ1, SJ3 and ShareEffect, the changes of SJ2, and the files that are made of them.

The register holds large sets only, so the tables cover those; confidential sets are left out always. A row with an error is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop.actions import rules_in_force, university
from desktop.actions.workspace import Workspace, today
from desktop.formats import moe, moe_workbook, national, year_use
from desktop.formats.moe import Sj1Row, Stated
from desktop.formats.year_use import UseRow, YearUse
from desktop.ledger import period as periods
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.university import STATED, StatedSet
from desktop.rules import moe_changes
from desktop.rules import university_use as use_rules
from desktop.rules.figure import Figure
from desktop.rules.moe_changes import Changes, Kept
from desktop.rules.parameters import missing
from desktop.rules.university_use import Direction, Service, Settled
from desktop.store import university as rows
from desktop.store.cers import CERS_SETS
from desktop.store.facts import INSTRUMENTS
from desktop.store.university import Served

THRESHOLD = "moe.threshold_fen"
_DIRECTIONS: dict[str, Direction] = {"135": "research", "136": "research", "137": "teaching", "138": "other"}
_ROW = "moe.school_code"


@dataclass(frozen=True, slots=True)
class Line:
    """One set of the year: its rows, and whether it is worth the threshold of SJ3 (None: unknown). ``effect`` is its row of ShareEffect."""

    instrument: Instrument
    stated: StatedSet | None
    first: Sj1Row
    settled: tuple[Settled, ...]
    use: UseRow
    effect: UseRow
    valuable: bool | None
    remarks: tuple[Finding, ...]

    @property
    def in_sj3(self) -> bool:
        """Whether its row of SJ3 may be written: valuable, and sound there and in SJ1, whose cells it repeats."""
        return bool(self.valuable) and self.first.sound and self.use.sound

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was told of its rows of the ministry's tables, without the school's code, which is told once."""
        told = (*self.first.findings, *((*self.use.findings, *self.remarks) if self.valuable else ()))
        return tuple(one for one in told if one.code != _ROW)


@dataclass(frozen=True, slots=True)
class Year:
    """An academic year by the rules of ``on``, its last day or today while it runs. ``n_withheld`` confidential sets of it are not among the lines."""

    period: Period
    on: date
    school: str
    lines: tuple[Line, ...]
    changes: Changes
    threshold: Figure
    n_withheld: int
    general: tuple[Finding, ...]

    @property
    def sound(self) -> tuple[Line, ...]:
        """The sets whose row of SJ1 may be written."""
        return tuple(one for one in self.lines if one.first.sound)

    @property
    def valuable(self) -> tuple[Line, ...]:
        """The sets worth the threshold or more."""
        return tuple(one for one in self.lines if one.valuable)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was told of the whole, then of each set."""
        return (*self.general, *(told for one in self.lines for told in one.findings))

    @property
    def figure(self) -> Figure:
        """Why SJ2 says what it says."""
        return moe_changes.figure(self.changes, self.period)


@dataclass(frozen=True, slots=True)
class Written:
    """A file: rows in it by table, sets left out for an error of their own, what was told."""

    path: Path
    rows: dict[str, int]
    left_out: int
    n_withheld: int
    findings: tuple[Finding, ...]


def judge(workspace: Workspace, period: Period, on: date | None = None) -> Year:
    """Every set of the year that is not confidential, by asset number. Writes nothing. ``period`` is an academic year (``university.year``).

    By the rules of its last day, or of ``on`` (today) before it is over.
    """
    day = min(period.last_day, on or today())
    known = rules_in_force.of(workspace)
    rule = known.in_force(THRESHOLD, day)
    school = university.school_code(workspace)
    with workspace.read() as connection:
        every = INSTRUMENTS.find(connection, order="asset_number")
        stated = rows.stated(connection)
        counted = rows.counted(connection, period.name)
        inner = {one.instrument_id: one.inner_id for one in CERS_SETS.find(connection)}
        served: dict[str, list[Service]] = {}
        for service in rows.served(connection, period):
            served.setdefault(service.instrument_id, []).append(_service(service))
    shown = [one for one in every if not one.confidential]
    lines = []
    for one in shown:
        if not _in_year(one, period):
            continue
        said = use_rules.read(served.get(one.id, ()))
        settled = use_rules.settle(counted.get(one.id, {}), said.items)
        use = YearUse(*(item.amount for item in settled))
        first = moe.sj1(one, school, _stated(stated.get(one.id)), period.end)
        valuable = None if one.value_fen is None or rule is None else one.value_fen >= rule.integer
        remarks = use_rules.remarks(one.asset_number, said, settled)
        effect = year_use.share_effect(one, school, period.last_day.year, use, inner.get(one.id, ""))
        lines.append(Line(one, stated.get(one.id), first, settled, year_use.sj3(one, first, use), effect, valuable, remarks))
    changes = moe_changes.changes([Kept(one.booked_on, one.retired_on, one.value_fen, one.id, one.confidential is not None) for one in shown], period)
    general = [] if school else [finding("university.no_school")]
    general += [*changes.findings, *([missing(THRESHOLD, day)] if rule is None else [])]
    if day < period.last_day:
        general.append(finding("university.running", "warning", period=period.name, day=period.last_day))
    withheld = sum(bool(one.confidential) and _in_year(one, period) for one in every)
    return Year(period, day, school, _alone(lines), changes, known.figure(THRESHOLD, day), withheld, tuple(general))


def _alone(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, where two sets have one number in SJ1 or one in ShareEffect an error on each of them."""
    firsts = _holders((one, one.first.number) for one in lines)
    effects = _holders((one, one.effect.cells[1]) for one in lines)
    told = []
    for one in lines:
        first = (*one.first.findings, *_twice(one, firsts, one.first.number, "moe.same_number"))
        effect = (*one.effect.findings, *_twice(one, effects, one.effect.cells[1], "moe.same_inner_id"))
        told.append(replace(one, first=replace(one.first, findings=first), effect=replace(one.effect, findings=effect)))
    return tuple(told)


def _holders(numbered: Iterable[tuple[Line, object]]) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    for line, number in numbered:
        found.setdefault(number, []).append(line.instrument.asset_number)
    return found


def _twice(one: Line, holders: dict[object, list[str]], number: object, code: str) -> tuple[Finding, ...]:
    other = next((each for each in holders[number] if each != one.instrument.asset_number), None)
    if other is None:
        return ()
    told = national.Teller("instrument", one.instrument.id, one.instrument.asset_number)
    told.tell("asset_number", code, shown=number, other=other)
    return tuple(told.findings)


def _in_year(one: Instrument, period: Period) -> bool:
    """There on the year's last day, or gone within the year; one without a booking day is told, not left out."""
    came = one.booked_on is None or one.booked_on < period.end
    return came and (one.retired_on is None or one.retired_on >= period.start)


def _service(one: Served) -> Service:
    ways = national.several(one.way)
    by_user = national.words("way")[0] in ways if ways else None
    return Service(one.posting_id, one.minutes, one.external, _DIRECTIONS.get(national.code("direction", one.direction.strip()), ""), by_user, one.samples)


def _stated(one: StatedSet | None) -> Stated:
    return Stated() if one is None else Stated(*(getattr(one, name) for name in STATED))


def explain(workspace: Workspace, key: str, text: str | None = None) -> Figure:
    """The changes of an academic year when ``key`` is one (``2024-2025``); else what the set with this asset number was used for in the year ``text``.

    Raises Refused for what is no academic year, and for a set that is not in the year's tables.
    """
    if periods.academic_first(key) is not None:
        return judge(workspace, university.year(workspace, key)).figure
    found = judge(workspace, university.year(workspace, text))
    line = next((one for one in found.lines if one.instrument.asset_number == key.strip()), None)
    if line is None:
        raise Refused("university.not_in_year", asset_number=key.strip(), period=found.period.name)
    return of_line(workspace, found, line)


def of_line(workspace: Workspace, found: Year, line: Line) -> Figure:
    """What a set was used for, item by item; its value is whether it belongs into SJ3."""
    known, one = rules_in_force.of(workspace), line.instrument
    value = Figure("university.value", one.value_fen, "fen", inputs=(found.threshold,))
    items = tuple(use_rules.figure(item, known, found.on) for item in line.settled)
    named = (("asset_number", one.asset_number), ("name", one.name), ("period", found.period.name))
    return Figure("university.in_sj3", line.valuable, "", "comparison", inputs=(value, *items), params=named)


def tables(workspace: Workspace, period: Period, path: Path) -> Written:
    """Write SJ1, SJ2, SJ3 and what was told as one workbook (``.xlsx``).

    Raises Refused ``university.no_school``, ``university.nothing_sound``; Problem ``file.ending``, ``file.cannot_write``, ``file.disk_full``.
    """
    from desktop.formats import write

    found = judge(workspace, period)
    first = [one.first for one in found.sound]
    use = [one.use for one in found.lines if one.in_sj3]
    _refuse(found, first)
    sheets = moe_workbook.sheets(first, sj2(found), use, told(found))
    write.write_xlsx(_ending(path, ".xlsx"), sheets)
    left_out = sum(not one.first.sound or (bool(one.valuable) and not one.in_sj3) for one in found.lines)
    return Written(path, {"SJ1": len(first), "SJ2": 1, "SJ3": len(use)}, left_out, found.n_withheld, found.findings)


def xml(workspace: Workspace, period: Period, path: Path) -> Written:
    """Write ShareEffect of the sets whose row is sound; YEAR is the year in which the academic year ends.

    Raises as ``tables``.
    """
    from desktop.formats import write

    found = judge(workspace, period)
    sound = [one.effect for one in found.lines if one.effect.sound]
    _refuse(found, sound)
    write.write_file(_ending(path, ".xml"), year_use.share_effect_xml(sound))
    findings = (*found.general, *(one for line in found.lines for one in (*line.effect.findings, *line.remarks)))
    return Written(path, {"ShareEffect": len(sound)}, len(found.lines) - len(sound), found.n_withheld, findings)


def _refuse(found: Year, sound: Sequence[object]) -> None:
    if not found.school:
        raise Refused("university.no_school")
    if not sound:
        raise Refused("university.nothing_sound", findings=found.findings)


def _ending(path: Path, ending: str) -> Path:
    if path.suffix.lower() != ending:
        raise Problem("file.ending", name=path.name)
    return path


def sj2(found: Year) -> moe_workbook.Sj2:
    """The changes in the shape of SJ2."""
    last, came, now = ((one.n, one.fen) for one in (found.changes.last, found.changes.increase, found.changes.now))
    return moe_workbook.Sj2(found.school, found.period.name, last, came, now)


def told(found: Year) -> Iterable[tuple[str, Finding]]:
    """Every finding with the set it is about, that of the whole first."""
    return [("", one) for one in found.general] + [(line.instrument.asset_number, one) for line in found.lines for one in line.findings]
