"""The import wizard's work on the lanes: opening a file, reading it with the chosen columns; and what it remembers of columns."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.actions import import_columns, importing
from desktop.actions.import_columns import FileColumns, Workbook
from desktop.actions.importing import Plan
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Cancelled, Problem
from desktop.ui.dialogs.import_preview_step import finding_rows
from desktop.ui.paged_model import Row


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was opened: its columns, or why they were not found and which other kinds it could be."""

    path: Path
    workbook: Workbook
    columns: FileColumns | None
    problem: Problem | None = None
    others: tuple[str, ...] = ()


def open_and_look(kind: str, path: Path, text: str, kept: Mapping[str, str], progress: Progress) -> Opened:
    """Open a file (or take the ``text`` that was pasted) and find its columns. Raises Problem when it cannot be opened, Cancelled."""
    workbook = import_columns.pasted(text, path.name) if text else import_columns.open_file(path, progress)
    try:
        columns = import_columns.look(kind, workbook, kept)
        return Opened(path, workbook, columns, None, () if columns.complete else import_columns.other_kinds(workbook, kind))
    except Cancelled:
        raise
    except Problem as problem:
        return Opened(path, workbook, None, problem, import_columns.other_kinds(workbook, kind))


def read(
    workspace: Workspace, kind: str, opened: Opened, mapping: Mapping[str, str], from_on: date | None, progress: Progress
) -> tuple[Plan, list[Row]]:
    """The preview and its findings as rows of a list. Raises Problem, Cancelled."""
    plan = importing.read(
        workspace, kind, opened.path, mapping=mapping, from_on=from_on, workbook=opened.workbook, progress=progress
    )
    return plan, finding_rows(plan)


def remembered(preferences: MutableMapping[str, object], kind: str) -> dict[str, str]:
    """The columns chosen by hand for this kind of file: field -> header ("": left out)."""
    kept = preferences.get(f"import.columns.{kind}")
    return {str(name): str(column) for name, column in kept.items()} if isinstance(kept, Mapping) else {}


def remember(preferences: MutableMapping[str, object], columns: FileColumns, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen (field -> letters) for the next file of this kind."""
    before = remembered(preferences, columns.kind)
    after = import_columns.remembered(columns, before, chosen)
    if after != before:
        preferences[f"import.columns.{columns.kind}"] = after
