"""The contracts, invoices and other files behind an award application, collected into one archive beside the pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.actions import award
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.ledger.attachment import Attachment, plain_name
from desktop.ledger.problem import Problem, Refused
from desktop.store import attachments as rows
from desktop.store import award as lines

__all__ = ["Collected", "collect", "name_of"]


@dataclass(frozen=True, slots=True)
class Collected:
    """An archive that was written: ``n_files`` in it, ``n_elsewhere`` named in its list whose bytes are at another seat, ``n_bare`` services
    of the year without any file that were not taken back.
    """

    path: Path
    n_files: int
    n_elsewhere: int
    n_bare: int


def collect(workspace: Workspace, year: int, path: Path, progress: Progress = UNWATCHED) -> Collected:
    """Write the files attached to a year's services and their receipts, named by record, with a list; confidential services are left out.

    Raises Refused ``award.no_files`` when nothing is attached, ``attachment.exists`` rather than overwrite; Problem ``file.cannot_write``,
    ``attachment.broken_here`` when bytes are not what was added; Cancelled. Nothing of the ledger changes, and no half file is left.
    """
    from desktop.formats import award_files as paper

    years = [award.year(workspace, each, today()).lines for each in range(year, today().year + 1)]
    services = {line.posting_id: line for line in years[0] if line.reversed_on is None} if years else {}
    # The pack counts a reversal where it happened; whoever reads the files of the service is told of it here.
    back = {line.record_number: line.reversed_on for lines_of in years for line in lines_of if line.reversed_on is not None}
    with workspace.read() as connection:
        found = [(key, one) for key, one in lines.files(connection, year) if key in services]
        if not found:
            raise Refused("award.no_files", year=year)
        if path.exists():
            raise Refused("attachment.exists", name=path.name)

        def content(n: int) -> Iterable[bytes]:
            one = found[n][1]
            if rows.digest(connection, one.sha256) != one.sha256:
                raise Problem("attachment.broken_here", name=one.name)
            return rows.parts(connection, one.sha256)

        def tick() -> None:
            progress.check()

        filed = []
        places: Counter[str] = Counter()
        taken: set[str] = set()
        for key, one in found:
            line = services[key]
            places[key] += 1
            filed.append(
                paper.Filed(
                    line.record_number, line.asset_number, line.instrument, line.customer, line.ended_on, line.amount_fen if places[key] == 1 else None,
                    line.contract, line.invoices, name_of(line.record_number, places[key], one, taken), rows.is_kept(connection, one.sha256),
                    back.get(line.record_number),
                )
            )  # fmt: skip
        paper.archive(path, filed, content, tick)
    here = sum(one.here for one in filed)
    n_bare = sum(key not in places and line.record_number not in back for key, line in services.items())
    return Collected(path, here, len(filed) - here, n_bare)


def name_of(record_number: str, place: int, one: Attachment, taken: set[str]) -> str:
    """``R700002-01-合同.pdf``: one folder on any system, whatever the number and the name have in them; no two alike, large and small
    letters aside. ``taken`` takes it."""
    name = plain_name(f"{record_number}-{place:02d}-{plain_name(one.name)}".replace("/", "_").replace("\\", "_"))
    made, n = name, 1
    while made.casefold() in taken:
        n += 1
        stem, dot, ending = name.rpartition(".")
        made = f"{stem}-{n}.{ending}" if dot else f"{name}-{n}"
    taken.add(made.casefold())
    return made
