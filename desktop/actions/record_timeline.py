"""Service records as spans of time by instrument: what a line of time draws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from desktop.actions import listing, record_list
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period

MOST = 5_000
_NAMES = tuple(record_list.LISTING.columns)


class Span(NamedTuple):
    """One record: its key in the list, times without zone (Asia/Shanghai), ``n_problems`` that keep it from being posted."""

    key: int
    number: str
    asset_number: str
    instrument: str
    customer: str
    started_at: datetime
    ended_at: datetime
    state: str
    n_problems: int


def spans(workspace: Workspace, keys: Sequence[int]) -> list[Span]:
    """The records of these keys of the list (the first 5,000), by instrument and start."""
    found = [_span(row) for row in listing.rows(workspace, record_list.LISTING, list(keys[:MOST]))]
    return sorted(found, key=lambda one: (one.asset_number, one.started_at, one.number))


def of_instrument(workspace: Workspace, instrument_id: str, period: Period) -> list[Span]:
    """The records of an instrument that ended in a period."""
    where = {"instrument": instrument_id, "from": period.start.isoformat(), "before": period.end.isoformat()}
    return spans(workspace, listing.ids(workspace, record_list.LISTING, sort="ended_at", where=where))


def _span(row: tuple[Any, ...]) -> Span:
    have: dict[str, Any] = dict(zip(_NAMES, row[1:], strict=True))
    return Span(
        row[0],
        have["number"],
        have["asset_number"],
        have["instrument"],
        have["customer"] or "",
        datetime.fromisoformat(have["started_at"]),
        datetime.fromisoformat(have["ended_at"]),
        have["state"],
        have["n_problems"],
    )
