"""The files attached to the answers of a period, collected into one archive beside the rectification report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from desktop import words
from desktop.actions import integrity_answers
from desktop.actions.award_files import Collected, name_of
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.ledger.attachment import Attachment
from desktop.ledger.period import Period
from desktop.ledger.problem import Problem, Refused
from desktop.store import attachments as rows
from desktop.store import integrity_answers as answer_rows

__all__ = ["Collected", "collect"]


def collect(workspace: Workspace, period: Period, path: Path, progress: Progress = UNWATCHED) -> Collected:
    """Write the files attached to the answers about a period's services, named by record, with a list; those of confidential ones are left out.

    ``Collected.n_bare``: answered findings without any file. The files of earlier answers are taken too: the newest may rest on them. Raises
    Refused ``integrity.no_files`` when nothing is attached, ``attachment.exists`` rather than overwrite; Problem ``file.cannot_write``,
    ``attachment.broken_here`` when bytes are not what was added; Cancelled. Nothing of the ledger changes, and no half file is left.
    """
    from desktop.formats import rectification_files as paper

    found = integrity_answers.every(workspace, period, min(period.last_day, today()))
    points = [one for one in found.points if not one.confidential]
    with workspace.read() as connection:
        attached = answer_rows.files(connection)
        files: list[Attachment] = []
        filed: list[paper.Filed] = []
        places: Counter[str] = Counter()
        taken: set[str] = set()
        for point in points:
            for answer in point.answers:
                for one in attached.get(answer.id, ()):
                    places[point.number] += 1
                    files.append(one)
                    filed.append(
                        paper.Filed(
                            words.say_in("zh", f"integrity.{point.check}"), point.number, point.ended_on, point.asset_number, point.instrument,
                            words.say_in("zh", f"integrity.state.{answer.state}"), answer.answered_on, answer.answered_by, answer.text,
                            name_of(point.number, places[point.number], one, taken), rows.is_kept(connection, one.sha256),
                        )
                    )  # fmt: skip
        if not files:
            raise Refused("integrity.no_files", period=period.name)
        if path.exists():
            raise Refused("attachment.exists", name=path.name)

        def content(n: int) -> Iterable[bytes]:
            if rows.digest(connection, files[n].sha256) != files[n].sha256:
                raise Problem("attachment.broken_here", name=files[n].name)
            return rows.parts(connection, files[n].sha256)

        paper.archive(path, filed, content, progress.check)
    here = sum(one.here for one in filed)
    return Collected(path, here, len(filed) - here, sum(one.held is not None and not one.n_files for one in points))
