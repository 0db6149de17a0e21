"""Importing a file: read, weighed against the ledger (preview), then all good rows committed in one named operation.

The same file again changes nothing; undo takes the whole import back; rejected rows go to a file with the reason in a column.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from desktop.actions.import_weighing import Adapter, Options, Weighed
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.resting import resting
from desktop.actions.workspace import Workspace
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Refused
from desktop.store.database import next_seq

_ADAPTERS = {
    "instruments": "import_instruments",
    "customers": "import_customers",
    "technicians": "import_technicians",
    "fees": "import_fees",
    "records": "import_records",
    "costs": "import_money",
    "receipts": "import_money",
    "evaluations": "import_evaluations",
    "pilot_bases": "import_pilot",
    "pilot_equipment": "import_pilot",
    "sensor_bindings": "import_sensor_bindings",
    "power_bands": "import_power_bands",
    "sensor_sessions": "import_sensor_sessions",
    "trainings": "import_trainings",
    "staff_facts": "import_staff_facts",
    "management": "import_management",
    "university_sets": "import_university",
    "university_use": "import_university",
    "cers_sets": "import_cers",
    "purchase_results": "import_purchase_results",
    "national_services": "import_national",
    "national_audits": "import_national_audit",
}
KINDS = tuple(_ADAPTERS)


@dataclass(frozen=True, slots=True)
class Plan:
    """A preview: what committing would do. ``matched`` field header -> column of the file.

    ``seq`` is the number the next operation had when the file was weighed: as long as it is next, the weighing holds.
    """

    kind: str
    path: Path
    options: Options
    sheet: Sheet[Any]
    weighed: Weighed
    encoding: str = ""
    matched: Mapping[str, str] = field(default_factory=dict)
    seq: int = 0

    @property
    def accepted(self) -> int:
        """Rows that would be new or change something."""
        return self.weighed.n_accepted

    @property
    def unchanged(self) -> int:
        """Rows that are in the ledger already as they stand."""
        return self.weighed.unchanged

    @property
    def n_new(self) -> int | None:
        """Of the accepted rows those the ledger does not know yet; None where a row is not one fact."""
        new, changed = len(self.weighed.new), len(self.weighed.changed)
        return new if new + changed == self.accepted else None

    @property
    def rejected(self) -> int:
        """Rows that are not stored."""
        return len(self.sheet.rejected) + len(self.weighed.refused)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by row; what is about the whole file first."""
        told = [*self.sheet.findings, *self.weighed.findings]
        return tuple(sorted(told, key=lambda f: f.cell.row if f.cell else 0))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did; counts are rows of the file. ``operation`` 0: nothing was written."""

    accepted: int
    rejected: int
    unchanged: int
    findings: tuple[Finding, ...]
    operation: int = 0
    rejects_path: Path | None = None
    changes: Changes = field(default_factory=Changes)


def _adapter(kind: str) -> Adapter:
    if kind not in _ADAPTERS:
        raise Refused("ledger_import.kind", kind=kind, kinds="|".join(KINDS))
    module = importlib.import_module(f"desktop.actions.{_ADAPTERS[kind]}")
    adapter: Adapter = getattr(module, f"{kind.upper()}_IMPORT")
    return adapter


@resting()
def read(
    workspace: Workspace,
    kind: str,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    from_on: date | None = None,
    workbook: Workbook | None = None,
    progress: Progress = UNWATCHED,
) -> Plan:
    """Read a file and weigh it against the ledger; nothing is written. ``workbook``: the file, when it was opened before.

    Raises Problem for a file that cannot be read, Refused for a mapping or option that does not fit, Cancelled.
    """
    from desktop.formats import spreadsheet

    adapter = _adapter(kind)
    progress.report(0, 0, "work.reading")
    workbook = workbook or spreadsheet.read(path, cancelled=progress.cancelled)
    progress.check()
    sheet = adapter.read_rows(workbook, mapping, cancelled=progress.cancelled)
    progress.check()
    progress.report(0, 0, "work.weighing")
    options = adapter.options(sheet, Options(from_on))
    with workspace.read() as connection:
        seq = next_seq(connection)
        weighed = adapter.weigh(connection, sheet, options)
    matched = {column.field.header: column.header for column in sheet.table.columns}
    return Plan(kind, path, options, sheet, weighed, workbook.encoding, matched, seq)


@resting()
def commit(workspace: Workspace, plan: Plan, *, rejects: Path | None = None, progress: Progress = UNWATCHED) -> Outcome:
    """Write all good rows of a preview in one operation; when the ledger has changed since, the file is weighed again inside it."""
    adapter = _adapter(plan.kind)
    progress.report(0, 0, "work.writing")
    with workspace.write(f"import {plan.kind}", params={"file": plan.path.name}) as operation:
        weighed = plan.weighed
        if operation.seq != plan.seq:
            weighed = adapter.weigh(operation.connection, plan.sheet, plan.options)
        if weighed.n_accepted:
            adapter.apply(operation, weighed)
        progress.check()
    again = Plan(plan.kind, plan.path, plan.options, plan.sheet, weighed, plan.encoding, plan.matched)
    changes = operation.changes
    return Outcome(
        again.accepted, again.rejected, again.unchanged, again.findings, changes.operation, _rejects(again, rejects), changes
    )


def _rejects(plan: Plan, path: Path | None) -> Path | None:
    if path is None or not plan.rejected:
        return None
    save_rejects(plan, plan.findings, path)
    return path


def save_rejects(plan: Plan, findings: Iterable[Finding], path: Path) -> int:
    """Write the rows with an error among ``findings`` to a workbook, with the reason in a column; returns how many.

    Raises Problem when the file cannot be written.
    """
    from desktop.formats import write

    return write.write_rejects(path, plan.sheet.table, findings)


def import_file(
    workspace: Workspace,
    kind: str,
    path: Path,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    from_on: date | None = None,
    progress: Progress = UNWATCHED,
) -> Outcome:
    """Read and, unless ``dry_run``, commit a file in one go."""
    plan = read(workspace, kind, path, mapping=mapping, from_on=from_on, progress=progress)
    if dry_run:
        return Outcome(plan.accepted, plan.rejected, plan.unchanged, plan.findings, 0, _rejects(plan, rejects))
    return commit(workspace, plan, rejects=rejects, progress=progress)


def read_apart(order: str) -> int:
    """The child's side of reading a workbook, for builds that have no interpreter of their own to start; its exit status."""
    from desktop.formats.reader import main

    return main(order)
