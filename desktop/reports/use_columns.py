"""The columns in which reports tell what sets did: records, hours, sharing rate, income."""

from __future__ import annotations

from desktop.reports.content import Column
from desktop.words import tr


def count(head: str) -> Column:
    """A whole number."""
    return Column(head, "number", places=0)


def hours() -> tuple[Column, Column, Column]:
    """Effective and external hours (int minutes) and the sharing rate."""
    return Column(tr("有效机时（小时）"), "minutes"), Column(tr("对外机时（小时）"), "minutes"), Column(tr("共享率"), "ratio")


def income() -> tuple[Column, Column]:
    """Income and what of it is external, in fen."""
    return Column(tr("服务收入（元）"), "money"), Column(tr("其中对外（元）"), "money")
