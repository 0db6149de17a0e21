"""The files behind a voucher claim, collected into one archive with the list of its papers: what a clerk hands in beside the signed paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.actions import voucher_claims
from desktop.actions.award_files import name_of
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.voucher_claims import Shown
from desktop.actions.workspace import Workspace
from desktop.ledger.attachment import Attachment
from desktop.ledger.problem import Problem, Refused
from desktop.store import attachments, voucher_papers
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS
from desktop.words import say_in

__all__ = ["Collected", "collect"]


@dataclass(frozen=True, slots=True)
class Collected:
    """An archive that was written: ``n_files`` in it, ``n_elsewhere`` in its list whose bytes are at another seat, ``n_bare`` papers without a
    file (only numbered, not needed, missing, or with a file that became confidential), ``n_withheld`` uses that became confidential and are left out.
    """

    path: Path
    n_files: int
    n_elsewhere: int
    n_bare: int
    n_withheld: int


@dataclass(frozen=True, slots=True)
class _Paper:
    """One line of the list: of a use, or of the claim (``ended_on`` None); with its file, None when it has none."""

    number: str
    ended_on: date | None
    outside: str
    words: tuple[str, str]
    given: str
    waived_why: str
    file: Attachment | None


def collect(workspace: Workspace, number: str, path: Path, progress: Progress = UNWATCHED) -> Collected:
    """Write the files that are papers of a claim's uses, and those of the claim as a whole, named by use, with the list of all its papers.

    Uses that became confidential are left out, and then so are the files of the claim as a whole. Raises Refused for an unknown claim,
    ``voucher.no_files`` when there is no file, ``attachment.exists`` rather than overwrite; Problem ``file.cannot_write``,
    ``attachment.broken_here`` when bytes are not what was added; Cancelled. Nothing of the ledger changes, and no half file is left.
    """
    from desktop.formats import voucher_files as paper

    found = voucher_claims.show(workspace, number)
    places: Counter[str] = Counter()
    taken: set[str] = set()
    with workspace.read() as connection:
        papers = [*_of_uses(connection, found), *_of_claim(connection, found)]
        filed = []
        for one in papers:
            name, here = "", False
            if one.file is not None:
                places[one.number] += 1
                name, here = name_of(one.number, places[one.number], one.file, taken), attachments.is_kept(connection, one.file.sha256)
            filed.append(paper.Filed(one.number, one.ended_on, one.outside, *one.words, one.given, one.waived_why, name, here))
        if not taken:
            raise Refused("voucher.no_files", number=found.claim.number)
        if path.exists():
            raise Refused("attachment.exists", name=path.name)

        def content(n: int) -> Iterable[bytes]:
            file = papers[n].file
            if file is None or attachments.digest(connection, file.sha256) != file.sha256:
                raise Problem("attachment.broken_here", name=filed[n].name)
            return attachments.parts(connection, file.sha256)

        paper.archive(path, filed, content, progress.check)
    n_files, n_bare = sum(one.here for one in filed), sum(not one.name for one in filed)
    return Collected(path, n_files, len(filed) - n_files - n_bare, n_bare, len(found.lines) - len(found.grants))


def _of_uses(connection: Connection, found: Shown) -> Iterator[_Paper]:
    for grant, checked in zip(found.grants, found.papers, strict=True):
        use, have = grant.use, voucher_papers.papers(connection, grant.use.key)
        outside = found.outside[use.key].instrument_name if use.outside else ""
        for item, state in checked.papers:
            mine = [one for one in have if one.item == item]
            kept = (ATTACHMENTS.get(connection, one.attachment_id) for one in mine)
            # A file may hang at something that became confidential after it was named.
            files: list[Attachment | None] = [
                file for file in kept if file is not None and not attachments.is_secret(connection, file.of_kind, file.of_id)
            ]
            words = say_in("zh", f"voucher.paper.{item}"), say_in("zh", f"voucher.state.{state}")
            given, why = (next(filter(None, each), "") for each in ((one.number for one in mine), (one.waived_why for one in mine)))
            for file in files or [None]:
                yield _Paper(use.number, use.ended_on, outside, words, given, why, file)


def _of_claim(connection: Connection, found: Shown) -> Iterator[_Paper]:
    if not attachments.is_secret(connection, "voucher_claim", found.claim.id):
        for file in attachments.of_subject(connection, "voucher_claim", found.claim.id):
            yield _Paper(found.claim.number, None, "", (say_in("zh", "voucher.of_claim"), ""), file.note, "", file)
