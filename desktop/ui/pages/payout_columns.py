"""The columns of the tables a run is shown in."""

from __future__ import annotations

from desktop.ui.paged_model import Column
from desktop.words import tr


def flow() -> list[Column]:
    """The waterfall as a table."""
    return [
        Column("step", tr("步骤"), width=360, sortable=False),
        Column("fen", tr("金额"), "money", 144, sortable=False),
        Column("end", tr("之后余额"), "money", 144, sortable=False),
    ]


def people() -> list[Column]:
    """Technicians."""
    return [
        Column("staff_number", tr("工号"), "code", 96),
        Column("name", tr("姓名"), width=88),
        Column("fen", tr("应发金额"), "money", 120),
        Column("remainder", tr("尾差"), width=88, blank=""),
        Column("part", tr("权重占比"), "ratio", 88),
        Column("n_lines", tr("明细条数"), "number", 76),
        Column("weight", tr("权重"), "number", 104),
        Column("department", tr("部门"), width=112, blank="—"),
    ]


def other() -> list[Column]:
    """Other receivers."""
    return [
        Column("receiver", tr("接收方类别"), width=160),
        Column("name", tr("名称"), width=240),
        Column("fen", tr("金额"), "money", 144),
        Column("how", tr("分配依据"), width=360),
    ]


def beside() -> list[Column]:
    """A run beside the one before it."""
    return [
        Column("what", tr("项目"), width=136, sortable=False),
        Column("name", tr("名称"), width=136, blank="—"),
        Column("fen", tr("本次"), "money", 128, blank="—"),
        Column("before_fen", tr("上次"), "money", 128, blank="—"),
        Column("more_fen", tr("增减"), "money", 128, blank="—"),
        Column("growth", tr("增减比例"), "ratio", 96, blank="—"),
    ]
