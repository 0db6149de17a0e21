"""The evidence of an award application (奖励申报的佐证材料) as one archive: the files by record, and the list that says which is of which."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop.formats import write
from desktop.formats.write import Fen, OutSheet
from desktop.ledger.problem import Problem, reason_of

LIST = "清单.xlsx"
_HEADER = ("记录编号", "资产编号", "仪器名称", "使用单位", "服务结束", "金额（元）", "合同编号", "发票号", "文件", "说明")
_WIDTHS = (16, 14, 28, 28, 12, 14, 20, 20, 40, 24)
_NOT_HERE = "在另一席位，本机未取回"
_BACK = "{} 已冲销"
# The same files give the same bytes, whenever they are collected.
_MOMENT = (1980, 1, 1, 0, 0, 0)


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
    """Write the list and every file that is here; ``content(n)`` gives the bytes of the n-th, ``tick`` is called before each and may raise.

    The archive appears whole or not at all. Raises Problem ``file.cannot_write``.
    """
    told = list(files)
    part = path.with_name(path.name + ".part")
    if part.exists():  # somebody else's, or left by a crash: it is not ours to clear away
        raise Problem("file.cannot_write", name=part.name, reason=reason_of(FileExistsError()))
    try:
        with zipfile.ZipFile(part, "x", zipfile.ZIP_STORED) as made, TemporaryDirectory(prefix="yixiang-") as folder:
            for n, one in enumerate(told):
                tick()
                if one.here:
                    with made.open(zipfile.ZipInfo(one.name, _MOMENT), "w", force_zip64=True) as stream:
                        for piece in content(n):
                            stream.write(piece)
            listed = Path(folder) / LIST
            write.write(listed, [OutSheet("佐证材料", _HEADER, _rows(told), _WIDTHS)])
            made.writestr(zipfile.ZipInfo(LIST, _MOMENT), listed.read_bytes())
        part.replace(path)
    except OSError as error:
        raise Problem("file.cannot_write", name=path.name, reason=reason_of(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _rows(files: Iterable[Filed]) -> Iterator[tuple[str | Fen | date, ...]]:
    for one in files:
        yield (
            one.record_number, one.asset_number, one.instrument, one.customer, one.ended_on,
            "" if one.amount_fen is None else Fen(one.amount_fen), one.contract, one.invoices, one.name,
            "；".join(part for part in (_BACK.format(one.taken_back_on) if one.taken_back_on else "", "" if one.here else _NOT_HERE) if part),
        )  # fmt: skip
