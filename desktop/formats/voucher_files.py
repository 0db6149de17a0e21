"""The papers of a voucher claim (兑付申请的证据材料) as one archive: the files by use and paper, and the list of every paper with how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.formats import evidence_archive
from desktop.formats.evidence_archive import NOT_HERE
from desktop.formats.write import OutSheet

_HEADER = ("编号", "服务结束", "省外仪器", "材料", "情况", "材料编号", "不需要的理由", "文件", "说明")
_WIDTHS = (16, 12, 28, 14, 12, 24, 36, 40, 24)


@dataclass(frozen=True, slots=True)
class Filed:
    """One paper of one use, or a file of the claim as a whole (``ended_on`` None). Paper and state in words.

    ``outside`` the instrument of another province, "" for one of ours; ``name`` of the file as it lies in the archive, "" when the paper has none;
    ``here`` whether its bytes are.
    """

    number: str
    ended_on: date | None
    outside: str
    paper: str
    state: str
    given: str
    waived_why: str
    name: str = ""
    here: bool = False


def archive(path: Path, papers: Sequence[Filed], content: Callable[[int], Iterable[bytes]], tick: Callable[[], None]) -> None:
    """Write the list and every file that is here; ``content(n)`` gives the bytes of the n-th paper. See ``evidence_archive.archive``."""
    sheet = OutSheet("证据材料", _HEADER, _rows(papers), _WIDTHS)
    places = [n for n, one in enumerate(papers) if one.name]
    files = [(papers[n].name, papers[n].here) for n in places]
    evidence_archive.archive(path, files, sheet, lambda n: content(places[n]), tick)


def _rows(papers: Iterable[Filed]) -> Iterator[tuple[str | date, ...]]:
    for one in papers:
        yield (
            one.number, one.ended_on or "", one.outside, one.paper, one.state, one.given, one.waived_why, one.name,
            NOT_HERE if one.name and not one.here else "",
        )  # fmt: skip
