"""The national platform (国家网络管理平台): instruments in its exchange shape, judged row by row before anything is written.

A row with an error is left out and told; confidential instruments are left out always, retired ones because they are gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.actions import rules_in_force
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_instruments as shape
from desktop.formats.national import NO_TABLES, Tables
from desktop.formats.national_instruments import InstrumentForm
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.rules import customs
from desktop.store.facts import ATTACHMENTS, INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows as the platform would get them. ``withheld`` confidential and ``retired`` ones are not among them."""

    forms: tuple[InstrumentForm, ...]
    withheld: int
    retired: int

    @property
    def sound(self) -> tuple[InstrumentForm, ...]:
        """The rows that may be written."""
        return tuple(one for one in self.forms if one.sound)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was told, row by row."""
        return tuple(found for one in self.forms for found in one.findings)


@dataclass(frozen=True, slots=True)
class Written:
    """A file for the platform: ``rows`` in it, ``left_out`` for an error of their own, and what was told of all."""

    path: Path
    rows: int
    left_out: int
    withheld: int
    retired: int
    findings: tuple[Finding, ...]


def judge(
    workspace: Workspace, asset_numbers: Collection[str] | None = None, tables: Tables = NO_TABLES, progress: Progress = UNWATCHED,
    on: date | None = None,
) -> Judged:
    """Instruments by asset number as the platform would get them, with what is wrong on a day (today when None); all when no number is named.

    Raises Refused ``instrument.unknown`` for a number the ledger does not have, and Cancelled. Writes nothing.
    """
    day = on or today()
    rule = rules_in_force.of(workspace).in_force(customs.YEARS, day)
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, order="asset_number")
        pictures = {(one.of_id, one.name): one.n_bytes for one in ATTACHMENTS.find(connection, "of_kind = 'instrument'")}
    chosen = _chosen(found, asset_numbers)
    present = [one for one in chosen if not one.confidential and (one.retired_on is None or one.retired_on > day)]
    forms = []
    for n, one in enumerate(present):
        if not n % 500:
            progress.check()
            progress.report(n, len(present), "work.verifying")
        size = pictures.get((one.id, one.image))
        forms.append(shape.form(one, tables, today=day, customs_years=rule.integer if rule else None, picture_bytes=size))
    withheld = sum(bool(one.confidential) for one in chosen)
    return Judged(tuple(forms), withheld, len(chosen) - withheld - len(present))


def _chosen(found: Sequence[Instrument], asset_numbers: Collection[str] | None) -> list[Instrument]:
    if asset_numbers is None:
        return list(found)
    known = {one.asset_number for one in found}
    for number in asset_numbers:
        if number not in known:
            raise Refused("instrument.unknown", asset_number=number)
    return [one for one in found if one.asset_number in set(asset_numbers)]


def workbook(
    workspace: Workspace,
    path: Path,
    asset_numbers: Collection[str] | None = None,
    tables: Tables = NO_TABLES,
    progress: Progress = UNWATCHED,
) -> Written:
    """Write the platform's 40-column workbook (``.xlsx`` or ``.csv``) of the instruments that have no error.

    Raises Refused ``national.nothing_sound`` with the findings when no row may be written, ``instrument.unknown``; Problem ``file.ending``,
    ``file.cannot_write``, ``file.disk_full``; Cancelled. No half file is left.
    """
    from desktop.formats import write

    judged = judge(workspace, asset_numbers, tables, progress)
    sound = judged.sound
    if not sound:
        raise Refused("national.nothing_sound", findings=judged.findings)

    def watched() -> Iterator[InstrumentForm]:
        for n, one in enumerate(sound):
            if not n % 500:
                progress.check()
                progress.report(n, len(sound), "work.writing")
            yield one

    write.write(path, [shape.sheet(watched())])
    left_out = len(judged.forms) - len(sound)
    return Written(path, len(sound), left_out, judged.withheld, judged.retired, judged.findings)


def tables(classes: Path | None = None, subjects: Path | None = None, nations: Path | None = None) -> Tables:
    """Code tables from files, for checking; those not given stay unchecked. Raises Problem for a file or table that is wrong."""
    from desktop.formats import code_tables

    return code_tables.read(classes, subjects, nations)
