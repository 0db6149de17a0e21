"""Fee schedules as a whole: versions that overlap, changes that are no longer allowed, lines that contradict each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise

from desktop.ledger.fees import FeeLine, FeeSchedule, ScheduleState
from desktop.ledger.finding import Finding, Severity, finding
from desktop.rules.phrase import class_name
from desktop.rules.terms_checks import check_terms

__all__ = ["change_refused", "check_lines", "check_terms", "gaps", "item_key", "lines_refused", "overlaps"]

EXPECTED_CLASSES = ("internal", "external")
_NEXT: dict[ScheduleState, tuple[ScheduleState, ...]] = {
    "draft": ("draft", "approved"),
    "approved": ("approved", "published"),
    "published": ("published",),
}


@lru_cache(maxsize=4096)
def item_key(item: str) -> str:
    """An item's name for comparing: half width, no spaces, no case."""
    return "".join(unicodedata.normalize("NFKC", item).casefold().split())


def overlaps(schedules: Iterable[FeeSchedule]) -> tuple[Finding, ...]:
    """Versions of one instrument whose ``[from_on, to_on)`` overlap (a warning while one is a draft), and empty spans."""
    found: list[Finding] = []
    ordered = sorted(schedules, key=lambda s: (s.instrument_id, s.from_on, s.id))
    for _, versions in groupby(ordered, key=lambda s: s.instrument_id):
        sound: list[FeeSchedule] = []
        for version in versions:
            if version.to_on is not None and version.to_on <= version.from_on:
                span = {"from_on": version.from_on, "to_on": version.to_on}
                found.append(_about(version, "fee.span_empty", "error", "to_on", **span))
            else:
                found.extend(_clashes(version, sound))
                sound.append(version)
    return tuple(found)


def _clashes(version: FeeSchedule, earlier: list[FeeSchedule]) -> Iterator[Finding]:
    for other in earlier:
        if other.to_on is None or version.from_on < other.to_on:
            severity: Severity = "warning" if "draft" in (version.state, other.state) else "error"
            days = {"from_on": version.from_on, "other_from": other.from_on}
            yield _about(version, "fee.versions_overlap", severity, "from_on", **days)


def gaps(schedules: Iterable[FeeSchedule], instrument_id: str) -> tuple[Finding, ...]:
    """Days between two approved versions on which nothing is in force: services there have no price."""
    versions = sorted(
        (s for s in schedules if s.instrument_id == instrument_id and s.state != "draft"), key=lambda s: s.from_on
    )
    return tuple(
        _about(later, "fee.versions_gap", "warning", "from_on", from_on=before.to_on, to_on=later.from_on)
        for before, later in pairwise(versions)
        if before.to_on is not None and before.to_on < later.from_on
    )


def change_refused(before: FeeSchedule, after: FeeSchedule, last_used_on: date | None) -> tuple[Finding, ...]:
    """What forbids a change of a version; empty: it may be made.

    A draft may change freely. From approval on only three things move: the state forward, the note, and the end, which may be
    set or moved, but never to before the day after the last service priced by it (``last_used_on``; None: never used).
    """
    found: list[Finding] = []
    if before.id != after.id or after.state not in _NEXT[before.state]:
        states = {"before": f"fee.state.{before.state}", "after": f"fee.state.{after.state}"}
        found.append(_about(before, "fee.state_change", "error", "state", **states))
    if after.state == "approved" and before.state == "draft":
        if after.approved_by is None:
            found.append(_about(before, "fee.approver_missing", "error", "approved_by"))
        elif after.approved_by == after.prepared_by:
            found.append(_about(before, "fee.same_person", "error", "approved_by"))
    if before.state == "draft":
        return tuple(found)
    free = replace(after, state=before.state, note=before.note, to_on=before.to_on)
    if free != before:
        found.append(_about(before, "fee.version_fixed", "error"))
    if after.to_on is not None and last_used_on is not None and after.to_on <= last_used_on:
        found.append(_about(before, "fee.end_before_use", "error", "to_on", to_on=after.to_on, used_on=last_used_on))
    return tuple(found)


def lines_refused(schedule: FeeSchedule, before: Iterable[FeeLine], after: Iterable[FeeLine]) -> tuple[Finding, ...]:
    """Lines of an approved version are fixed, except their notes; a new version carries new prices."""
    if schedule.state == "draft":
        return ()
    kept = {line.id: replace(line, note="") for line in after}
    old = {line.id: replace(line, note="") for line in before}
    changed = sorted(key for key in old.keys() | kept.keys() if old.get(key) != kept.get(key))
    return tuple(finding("fee.line_fixed", kind="fee_line", key=key, item=(old.get(key) or kept[key]).item) for key in changed)


def check_lines(schedule: FeeSchedule, lines: Iterable[FeeLine]) -> tuple[Finding, ...]:
    """Everything that keeps the lines from being approved together (errors), and what looks forgotten (warnings)."""
    found: list[Finding] = []
    seen: dict[str, FeeLine] = {}
    positions: set[int] = set()
    for line in sorted(lines, key=lambda line: line.position):
        if not line.item.strip():
            found.append(_of(line, "fee.item_missing", "error", "item"))
        elif item_key(line.item) in seen:
            found.append(_of(line, "fee.item_twice", "error", "item"))
        if line.position in positions:
            found.append(_of(line, "fee.position_twice", "warning", "position"))
        seen[item_key(line.item)] = line
        positions.add(line.position)
        found.extend(_check_line(line))
    if not seen:
        found.append(_about(schedule, "fee.no_lines", "error"))
    return tuple(found)


def _check_line(line: FeeLine) -> Iterator[Finding]:
    if line.to_confirm or line.terms is None:
        yield _of(line, "fee.line_to_confirm", "error", "terms")
    if line.terms is None:
        return
    for fault in check_terms(line.terms):
        yield replace(fault, kind="fee_line", key=line.id)
    for customer_class in EXPECTED_CLASSES:
        if line.terms.classes and customer_class not in line.terms.classes:
            yield _of(line, "fee.class_missing", "warning", "terms", customer_class=class_name(customer_class))


def _about(schedule: FeeSchedule, code: str, severity: Severity, field: str = "", **params: object) -> Finding:
    return Finding(code, severity, _texts(params), kind="fee_schedule", key=schedule.id, field=field)


def _of(line: FeeLine, code: str, severity: Severity, field: str, **params: object) -> Finding:
    return Finding(code, severity, _texts({"item": line.item, **params}), kind="fee_line", key=line.id, field=field)


def _texts(params: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in params.items())
