"""The list of fee lines: what each instrument charges, how it was published and read, and which version it belongs to."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from desktop.actions import fees, listing
from desktop.actions.fee_words import published
from desktop.actions.workspace import Workspace
from desktop.ui.chips import Chip
from desktop.ui.paged_model import Column, Filters, Key, Row, Sort
from desktop.words import tr

_NAMES = tuple(fees.LISTING.columns)


def columns() -> list[Column]:
    """What is charged and how it was read stand together."""
    return [
        Column("asset_number", tr("资产编号"), "code", 112),
        Column("instrument", tr("仪器名称"), width=160),
        Column("item", tr("收费项目"), width=104),
        Column("source_text", tr("公布文字"), width=264, sortable=False),
        Column("to_confirm", tr("理解"), "state", 88, said_under="fee.line_state"),
        Column("note", tr("怎样理解"), width=280, sortable=False, blank=""),
        Column("state", tr("版本状态"), "state", 88, said_under="fee.state"),
        Column("from_on", tr("执行起"), "code", 104),
        Column("to_on", tr("执行止"), "code", 104, blank=tr("另行通知"), tip=tr("这一天起不再执行")),
    ]


def chips() -> list[Chip]:
    """Which lines are listed."""
    return [
        Chip("show", "in_force", tr("现行"), tr("今天执行的收费项目")),
        Chip("show", "draft", tr("草稿")),
        Chip("to_confirm", "1", tr("待确认"), tr("公布文字没有读懂，确认前不能计价")),
    ]


class FeeRows:
    """The ``Source``: keys by one SQL statement, rows by key."""

    def __init__(self, workspace: Workspace, today: Callable[[], date]) -> None:
        self._workspace = workspace
        self._today = today
        self.only: frozenset[int] | None = None

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """See paged_model.Source."""
        where: dict[str, str | None] = {}
        if filters.get("show") == "in_force":
            where["in_force"] = self._today().isoformat()
        elif filters.get("show") == "draft":
            where["draft"] = None
        if filters.get("to_confirm"):
            where["to_confirm"] = None
        if filters.get("instrument"):
            where["instrument"] = filters["instrument"]
        by = sort or Sort("asset_number")
        keys = listing.ids(
            self._workspace, fees.LISTING, sort=by.column, descending=by.descending, where=where, text=filters.get("text", "")
        )
        return keys if self.only is None else array("q", (key for key in keys if key in self.only))

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        """See paged_model.Source."""
        wanted = [key for key in keys if isinstance(key, int)]
        return [_row(row) for row in listing.rows(self._workspace, fees.LISTING, wanted)]


def _row(values: tuple[Any, ...]) -> Row:
    have: dict[str, Any] = dict(zip(_NAMES, values[1:], strict=True))
    return (
        values[0],
        have["asset_number"],
        have["instrument"],
        have["item"],
        published(str(have["source_text"])),
        "to_confirm" if have["to_confirm"] else "read",
        have["note"],
        have["state"],
        have["from_on"],
        have["to_on"],
    )
