"""Writing lists of the ledger as files that other programs and this one read: the national sheet of instruments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.store import instrument_views as views
from desktop.store.facts import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; ``withheld`` confidential instruments were left out."""

    path: Path
    rows: int
    withheld: int


def instruments(workspace: Workspace, path: Path, keys: Sequence[int] | None = None, progress: Progress = UNWATCHED) -> Exported:
    """Write the national 40-column sheet (with the columns our duties need) as ``.xlsx`` or ``.csv``; it imports back unchanged.

    ``keys``: rowids, all instruments when None. Confidential instruments are never written: the sheet is made to be handed on.
    Raises Problem ``file.ending``, ``file.cannot_write``, ``file.disk_full`` and Cancelled; no half file is left.
    """
    from desktop.formats import write
    from desktop.formats.instruments import FIELDS, SHEET

    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, order="asset_number")
        wanted = None if keys is None else set(views.ids_of(connection, keys))
    chosen = [one for one in found if wanted is None or one.id in wanted]
    shown = [one for one in chosen if not one.confidential]

    def watched() -> Iterator[Instrument]:
        for n, one in enumerate(shown):
            if not n % 500:
                progress.check()
                progress.report(n, len(shown), "work.writing")
            yield one

    write.write(path, [write.sheet_of(SHEET, FIELDS, watched())])
    return Exported(path, len(shown), len(chosen) - len(shown))
