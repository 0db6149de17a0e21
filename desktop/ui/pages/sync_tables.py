"""The two lists of sync's own books: what waits and why, and what past runs did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import words
from desktop.actions import sync_outcome, sync_words
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column, Row
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import ParkedView, RunLine


def parked_table(desk: Desk) -> HeldTable:
    """Rows that wait, with the reason and what to do; keys are places in the list."""
    columns = (
        Column("label", tr("名称"), width=248),
        Column("kind", tr("种类"), width=112),
        Column("reason", tr("没有接受的原因和处理办法"), width=640, sortable=False),
    )
    empty = Empty(tr("没有被退回的内容"), tr("没有被接受的内容列在这里，写明原因；改正后会再报送。"), "done")
    return HeldTable(columns, name="sync.parked", preferences=desk.preferences, empty=empty, title=tr("未被接受"))


def parked_rows(parked: Iterable[ParkedView]) -> Iterator[Row]:
    """A row of ``parked_table`` for each."""
    for n, one in enumerate(parked):
        yield n, one.label or one.key, words.say(f"kind.{one.kind}"), _reason(one)


def _reason(one: ParkedView) -> str:
    return words.say(one.code, field=sync_words.field(one.field, one.kind), remote=sync_words.side(one.remote))


def runs_table(desk: Desk) -> HeldTable:
    """Past runs, the newest first."""
    columns = (
        Column("at", tr("时间"), "moment", 152),
        Column("sent", tr("已送达"), "number", 88),
        Column("received", tr("已接收"), "number", 88),
        Column("parked", tr("未被接受"), "number", 96),
        Column("conflicts", tr("冲突"), "number", 72),
        Column("pending", tr("仍待上报"), "number", 96),
        Column("withheld", tr("涉密留存"), "number", 96),
        Column("equal", tr("两边内容"), width=160),
    )
    empty = Empty(tr("还没有同步过"), tr("每次同步送达、接收了多少，两边内容是否一致，都记在这里。"), "sync")
    return HeldTable(columns, name="sync.runs", preferences=desk.preferences, empty=empty, title=tr("历次同步"))


def run_rows(runs: Iterable[RunLine]) -> Iterator[Row]:
    """A row of ``runs_table`` for each."""
    for n, run in enumerate(runs):
        at = datetime.fromisoformat(run.at)
        yield n, at, run.sent, run.received, run.parked, run.conflicts, run.pending, run.withheld, sync_outcome.sides(run)


def padded(widget: QWidget) -> QWidget:
    """A tab's content with the usual space above it."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, theme.UNIT, 0, 0)
    column.addWidget(widget)
    return holder


_BY_NUMBER = {
    "instrument": "instruments", "fee_schedule": "fees", "fee_line": "fees", "cost_component": "fees",
    "service_record": "records", "posting": "records", "receipt": "records",
    "payout_run": "payouts", "payout_mark": "payouts", "payout_line": "payouts", "payout_share": "payouts", "payout_cost": "payouts",
}  # fmt: skip
_BY_TAB = {
    "scheme": ("payouts", "schemes"), "cost_row": ("payouts", "costs"), "month_event": ("payouts", "months"),
    "pilot_base": ("pilot", "bases"), "pilot_equipment": ("pilot", "equipment"), "pilot_service": ("pilot", "services"),
    **dict.fromkeys(("voucher_claim_line", "voucher_claim_step"), ("vouchers", "claims")), "province_search": ("vouchers", "searches"),
    "outside_use": ("vouchers", "outside"),
    **dict.fromkeys(("voucher_mark", "voucher_paper", "voucher_enterprise", "voucher_group"), ("vouchers", "uses")),
    "person": ("settings", "people"), "parameter": ("settings", "rules"), "notice_answer": ("sync", "notices"),
}  # fmt: skip


def place_of(row: ParkedView) -> tuple[str, dict[str, str]]:
    """The page on which a row that waits can be put right, and where on it: of a file the page of what it is attached to; "" for a row that has
    no page (a technician)."""
    kind, label = row.of if row.of[0] else (row.kind, row.label)
    if kind == "voucher_claim":
        return "vouchers", {"tab": "claims", "claim": label}
    if kind in _BY_NUMBER:
        number = label.partition(" ")[0]
        return _BY_NUMBER[kind], {"key": number, "text": number}
    if kind in _BY_TAB:
        page, tab = _BY_TAB[kind]
        return page, {"tab": tab}
    return ("records", {"key": label, "text": label}) if kind == "customer" else ("", {})
