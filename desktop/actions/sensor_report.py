"""Gathers the paper of sensors: coverage, the sets of a period day by day, records to look at. Measure clause 4."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.actions import rules_in_force, sensor_views
from desktop.actions.sensor_views import Line, Overview
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import sensors as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules.figure import Value
from desktop.rules.sensor import COVERAGE, COVERED, THRESHOLD, TOLERANCE, minutes
from desktop.rules.sensor_time import local_day


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The paper of a period as of a day; ``run`` is not asked."""
    found = sensor_views.overview(workspace, period, as_of, daily=True)
    known = rules_in_force.of(workspace)
    target, tolerance = known.in_force(COVERAGE, as_of), known.in_force(TOLERANCE, as_of)
    least, counted = known.in_force(THRESHOLD, as_of), known.in_force(COVERED, as_of)
    values = _values(found)
    sensed = [one for one in found.lines if one.sensors]  # a sensor that came later has seen nothing of this period
    rate = values["sensor.coverage"]
    said = paper.report(
        paper.SensorFacts(
            period_words(period), period.start, _count(values["sensor.sets_bound"]), _count(values["sensor.sets"]),
            rate if isinstance(rate, Decimal) else None, target.decimal if target else None, target.certainty if target else "", found.target_met,
            tolerance.decimal if tolerance else None, tolerance.certainty if tolerance else "",
            tuple(_line(one) for one in sensed),
            tuple(over for one in sensed for over in _over(one)),
            tuple(
                paper.BareLine(one.asset_number, one.name, one.department, one.value_fen, bool(one.confidential)) for one in found.unbound
            ),
            as_of < period.last_day, None if least is None else least.integer, found.covered.n_small, found.covered.n_open,
            counted.certainty if counted else "",
        ),
        head,
    )  # fmt: skip
    return replace(said, figures=(found.coverage, *said.figures))


def _count(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _values(found: Overview) -> dict[str, Value]:
    return {part.code: part.value for part in found.coverage.walk()}


def _line(one: Line) -> paper.SensedLine:
    of = one.instrument
    sums = {part.code: part.value for part in one.reconciled.figure.walk()}
    seen = sums["sensor.seen"]
    return paper.SensedLine(
        of.asset_number, of.name, of.department, one.sensors, one.sat_days, one.seen_days, int(str(sums["sensor.claimed"])),
        int(str(seen)) if seen is not None else None, int(str(sums["sensor.unseen"])), sum(bool(each.over) for each in one.reconciled.compared),
        one.reconciled.state, one.days, bool(of.confidential),
    )  # fmt: skip


def _over(one: Line) -> list[paper.OverLine]:
    of = one.instrument
    return [
        paper.OverLine(
            each.claim.number, local_day(each.claim.started_at), of.asset_number, of.name, each.claim.minutes, minutes(each.seen_seconds or 0),
            bool(of.confidential),
        )
        for each in one.reconciled.compared
        if each.over
    ]  # fmt: skip
