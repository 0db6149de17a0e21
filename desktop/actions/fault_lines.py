"""What was told of many sets, gathered by kind for a paper."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.ledger.finding import SEVERITIES, Finding
from desktop.reports.faults import FaultLine
from desktop.words import say


def by_kind(told: Iterable[tuple[str, Finding]]) -> tuple[FaultLine, ...]:
    """Findings, each with the asset number of its set ("" of the whole), by code and field: the worst first, else as they were told."""
    first: dict[tuple[str, str], Finding] = {}
    named: dict[tuple[str, str], dict[str, None]] = {}
    for number, one in told:
        kind = (one.code, one.field)
        first.setdefault(kind, one)
        named.setdefault(kind, {})
        if number:
            named[kind][number] = None
    kinds = sorted(first, key=lambda kind: SEVERITIES.index(first[kind].severity))
    return tuple(FaultLine(first[kind].severity, say(first[kind].code, **dict(first[kind].params)), tuple(named[kind])) for kind in kinds)
