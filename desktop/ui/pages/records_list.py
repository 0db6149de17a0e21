"""The list of service records: its columns, its chips, and where its rows come from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from desktop.actions import listing, record_list
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.ui.chips import Chip
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.paged_model import Column, Filters, Key, Row, Sort
from desktop.words import tr

_STATES = ("draft", "posted", "reversed")
_PLAIN = ("problem_code", "instrument", "customer", "operator")
_NAMES = tuple(record_list.LISTING.columns)
_SORTS = {"started_at": "started_at", "problems": "n_problems"}


def columns() -> list[Column]:
    """What matters first: state and problems stand beside the number."""
    return [
        Column("number", tr("记录编号"), "code", 88),
        Column("state", tr("状态"), "state", 88, said_under="record.state"),
        Column("problems", tr("问题"), "number", 64, blank="", tip=tr("没有补齐就不能记账的问题数")),
        Column("ended_at", tr("结束"), "code", 128),
        Column("instrument", tr("仪器名称"), width=144),
        Column("amount_fen", tr("金额"), "money", 104, blank="", tip=tr("记账时固定的金额；草稿还没有")),
        Column("customer", tr("使用单位"), width=176, blank=""),
        Column("started_at", tr("开始"), "code", 128),
        Column("minutes", tr("时长"), "minutes", 112),
        Column("item", tr("服务项目"), width=120, blank=""),
        Column("quantity", tr("数量"), "number", 72, blank=""),
        Column("operator", tr("操作人"), width=88, blank=""),
        Column("asset_number", tr("资产编号"), "code", 112, hidden=True),
    ]


def chips() -> list[Chip]:
    """The filters people use all day."""
    return [
        Chip("state", "draft", tr("草稿")),
        Chip("state", "posted", tr("已记账")),
        Chip("state", "reversed", tr("已冲销")),
        Chip("problem", "1", tr("有问题"), tr("有问题没有补齐，不能记账")),
        Chip("confidential", "1", tr("涉密"), tr("涉密仪器的记录，不上报")),
    ]


def nothing_chosen() -> EmptyView:
    """What stands beside the list until a record is chosen."""
    return EmptyView(
        Empty(
            tr("选一条记录看详情"),
            tr("事实、价格、问题、到账和历史都在这里；问题可以当场补齐。按 Ctrl+N 录入新记录。"),
            "record",
        )
    )


class RecordRows:
    """The ``Source``: keys by one SQL statement, rows by key. ``period`` bounds the list by the end of the service;
    ``only`` shows just these keys, whatever the period."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self._workspace = workspace
        self.period = period
        self.only: frozenset[int] | None = None

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """See paged_model.Source."""
        where: dict[str, str | None] = {}
        if self.only is None and not filters.get("any_period"):
            where |= {"from": self.period.start.isoformat(), "before": self.period.end.isoformat()}
        if filters.get("state") in _STATES:
            where[filters["state"]] = None
        where |= {name: None for name in ("problem", "confidential") if filters.get(name)}
        where |= {name: filters[name] for name in _PLAIN if filters.get(name)}
        by = sort or Sort("ended_at", descending=True)
        name = _SORTS.get(by.column, by.column)
        keys = listing.ids(
            self._workspace, record_list.LISTING, sort=name, descending=by.descending, where=where, text=filters.get("text", "")
        )
        return keys if self.only is None else array("q", (key for key in keys if key in self.only))

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        """See paged_model.Source."""
        wanted = [key for key in keys if isinstance(key, int)]
        return [_row(row) for row in listing.rows(self._workspace, record_list.LISTING, wanted)]


def _row(values: tuple[Any, ...]) -> Row:
    have: dict[str, Any] = dict(zip(_NAMES, values[1:], strict=True))
    quantity = have["quantity"]
    return (
        values[0],
        have["number"],
        have["state"],
        have["n_problems"] or None,
        _moment(have["ended_at"]),
        have["instrument"],
        have["amount_fen"],
        have["customer"],
        _moment(have["started_at"]),
        have["minutes"],
        have["item"],
        Decimal(quantity) if quantity is not None else None,
        have["operator"],
        have["asset_number"],
    )


def _moment(text: str) -> str:
    return text.replace("T", " ")
