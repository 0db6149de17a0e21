"""The list of instruments: its columns, its chips, and where its rows come from."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from desktop.actions import instrument_list, publications
from desktop.actions.workspace import Workspace
from desktop.ledger.publication import LISTED, TAKEN_DOWN, UNKNOWN_THERE
from desktop.ui import texts
from desktop.ui.chips import Chip
from desktop.ui.paged_model import Column, Filters, Key, Row, Sort
from desktop.ui.pages.days_left import DaysLeftColumn
from desktop.ui.texts import Spoken, Tone
from desktop.words import say, tr

FILTERS = frozenset({"state", "confidential", "service", "department", "joined", "published", "text"})
TONES: dict[str, Tone] = {LISTED: "done", TAKEN_DOWN: "warning", UNKNOWN_THERE: "muted"}
"""How the states of publication are told."""


class FlagColumn(Column):
    """Yes, no, or not known."""

    def spoken(self, value: object) -> Spoken:
        """See Column."""
        return Spoken(texts.figure(value), "plain" if value is not None else "muted")


class DeadlineColumn(Column):
    """A day, marked when it was counted through a year whose calendar is not imported. Its value is (day, provisional)."""

    def spoken(self, value: object) -> Spoken:
        """See Column."""
        if not isinstance(value, tuple) or value[0] is None:
            return Spoken("")
        day = texts.day(value[0])
        return Spoken(tr("{day}（暂定）", day=day), "warning") if value[1] else Spoken(day)


class PublishedColumn(Column):
    """What the network says of the set; another word of the network's as it came."""

    def spoken(self, value: object) -> Spoken:
        """See Column."""
        if not value:
            return Spoken("", "muted")
        return Spoken(texts.visible(publications.state_name(str(value))), TONES.get(str(value), "plain"))


def columns() -> list[Column]:
    """The duty stands beside the name; the rest can be chosen."""
    return [
        Column("asset_number", tr("资产编号"), "code", 112),
        Column("name", tr("名称"), width=184),
        Column("state", tr("入网义务"), "state", 128, said_under="duty.state"),
        DaysLeftColumn("days_left", tr("剩余工作日"), "state", 112, tip=tr("到入网期限还有几个工作日")),
        PublishedColumn("published", say("publication_state.state"), width=128, blank="", tip=tr("网络最后告知的公布状态；涉密的不报网络")),
        DeadlineColumn("deadline", tr("入网期限"), width=120),
        Column("value_fen", tr("原值"), "wan", 144),
        Column("department", tr("部门"), width=144, blank=""),
        Column("accepted_on", tr("验收日期"), "date", 112),
        Column("model", tr("型号"), width=144, blank=""),
        Column("network_number", tr("入网编号"), "code", 128, blank="", hidden=True),
        Column("joined_on", tr("入网日期"), "date", 112, blank="", hidden=True),
        FlagColumn("fiscal", tr("财政资金"), width=88, hidden=True),
        FlagColumn("confidential", tr("涉密"), width=72, hidden=True),
        Column("filing_number", tr("报备文号"), "code", 128, blank="", hidden=True),
        Column("manufacturer", tr("制造商"), width=144, blank="", hidden=True),
        Column("class_code", tr("分类编码"), "code", 96, blank="", hidden=True),
        Column("booked_on", tr("建账日期"), "date", 112, blank="", hidden=True),
        Column("contact", tr("联系人"), width=96, blank="", hidden=True),
        Column("retired_on", tr("退役日期"), "date", 112, blank="", hidden=True),
    ]


def chips() -> list[Chip]:
    """The filters people use all day."""
    return [
        Chip("state", "obliged", tr("须入网或报备")),
        Chip("state", "overdue", tr("逾期")),
        Chip("state", "to_join", tr("待入网")),
        Chip("state", "joined", tr("已入网"), tr("按期和逾期入网的")),
        Chip("state", "to_file", tr("待报备")),
        Chip("state", "unknown", tr("信息不全"), tr("缺少原值、财政资金、涉密或验收日期，无法判断")),
        Chip("confidential", "yes", tr("涉密")),
        Chip("confidential", "unsaid", tr("未注明涉密"), tr("没有注明是否涉密：注明之前，连同其记录、收费不离开本机")),
        Chip("service", "in_service", tr("在用仪器")),
        Chip("service", "retired", tr("已退役")),
        *(Chip("published", state, publications.state_name(state), tr("网络最后告知的公布状态")) for state in instrument_list.PUBLISHED),
    ]


def offered(counts: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The chips to show: those of publication only for the states that there are, and the one of what is not said only where there is any."""
    seldom = {(one.name, one.value) for one in chips() if one.name == "published"} | {("confidential", "unsaid")}
    return {place for one in chips() if (place := (one.name, one.value)) not in seldom or counts.get(place)}


class InstrumentRows:
    """The ``Source``: keys by SQL (and by duty where that is asked), rows by key with the duty of those in sight."""

    def __init__(self, workspace: Workspace, today: Callable[[], date], shown: Sequence[Column]) -> None:
        self._workspace = workspace
        self._today = today
        self._names = [column.name for column in shown]
        self.only: frozenset[int] | None = None

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """See paged_model.Source."""
        where: dict[str, str | None] = {}
        if filters.get("confidential"):
            where["unsaid" if filters["confidential"] == "unsaid" else "confidential"] = None
        if filters.get("service") in ("in_service", "retired"):
            where[filters["service"]] = None
        if filters.get("published"):
            where["published"] = filters["published"]
        if filters.get("department"):
            where["department"] = filters["department"]
        by = sort or Sort("asset_number")
        keys = instrument_list.ids(
            self._workspace,
            self._today(),
            sort=by.column,
            descending=by.descending,
            where=where,
            text=filters.get("text", ""),
            state=filters.get("state", ""),
        )
        return keys if self.only is None else array("q", (key for key in keys if key in self.only))

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        """See paged_model.Source."""
        wanted = [key for key in keys if isinstance(key, int)]
        told = []
        for row in instrument_list.rows(self._workspace, wanted, self._today()):
            row["deadline"] = (row["deadline"], row["provisional"]) if row["days_left"] is not None else (row["deadline"], False)
            told.append((row["key"], *(row[name] for name in self._names)))
        return told
