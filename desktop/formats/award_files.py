"""The evidence of an award application (奖励申报的佐证材料) as one archive: the files by record, and the list that says which is of which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.formats import evidence_archive
from desktop.formats.evidence_archive import NOT_HERE
from desktop.formats.write import Fen, OutSheet

_HEADER = ("记录编号", "资产编号", "仪器名称", "使用单位", "服务结束", "金额（元）", "合同编号", "发票号", "文件", "说明")
_WIDTHS = (16, 14, 28, 28, 12, 14, 20, 20, 40, 24)
_BACK = "{} 已冲销"


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of one service; ``name`` as it lies in the archive, ``here`` whether its bytes are.

    ``amount_fen`` of the service stands at its first file, None at the others; ``taken_back_on`` the day it was reversed.
    """

    record_number: str
    asset_number: str
    instrument: str
    customer: str
    ended_on: date
    amount_fen: int | None
    contract: str
    invoices: str
    name: str
    here: bool
    taken_back_on: date | None = None


def archive(path: Path, files: Iterable[Filed], content: Callable[[int], Iterable[bytes]], tick: Callable[[], None]) -> None:
    """Write the list and every file that is here; see ``evidence_archive.archive``."""
    told = list(files)
    sheet = OutSheet("佐证材料", _HEADER, _rows(told), _WIDTHS)
    evidence_archive.archive(path, [(one.name, one.here) for one in told], sheet, content, tick)


def _rows(files: Iterable[Filed]) -> Iterator[tuple[str | Fen | date, ...]]:
    for one in files:
        yield (
            one.record_number, one.asset_number, one.instrument, one.customer, one.ended_on,
            "" if one.amount_fen is None else Fen(one.amount_fen), one.contract, one.invoices, one.name,
            "；".join(part for part in (_BACK.format(one.taken_back_on) if one.taken_back_on else "", "" if one.here else NOT_HERE) if part),
        )  # fmt: skip
