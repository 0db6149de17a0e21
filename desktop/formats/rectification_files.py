"""The evidence behind the answers to self-checks (整改报告的证明材料) as one archive: the files by record, and the list that says what they prove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.formats import evidence_archive
from desktop.formats.evidence_archive import NOT_HERE
from desktop.formats.write import OutSheet

_HEADER = ("核对", "记录编号", "服务日期", "资产编号", "仪器名称", "答复", "答复日期", "答复人", "情况说明", "文件", "说明")
_WIDTHS = (28, 16, 12, 14, 28, 12, 12, 14, 40, 40, 24)


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of one answer; ``name`` as it lies in the archive, ``here`` whether its bytes are. Check and answer in words."""

    check: str
    record_number: str
    ended_on: str
    asset_number: str
    instrument: str
    state: str
    answered_on: date
    answered_by: str
    text: str
    name: str
    here: bool


def archive(path: Path, files: Iterable[Filed], content: Callable[[int], Iterable[bytes]], tick: Callable[[], None]) -> None:
    """Write the list and every file that is here; see ``evidence_archive.archive``."""
    told = list(files)
    sheet = OutSheet("证明材料", _HEADER, _rows(told), _WIDTHS)
    evidence_archive.archive(path, [(one.name, one.here) for one in told], sheet, content, tick)


def _rows(files: Iterable[Filed]) -> Iterator[tuple[str | date, ...]]:
    for one in files:
        yield (
            one.check, one.record_number, one.ended_on, one.asset_number, one.instrument, one.state, one.answered_on, one.answered_by, one.text,
            one.name, "" if one.here else NOT_HERE,
        )  # fmt: skip
