"""Everything the window shows about one instrument: facts, duty with its rule, fees, use in a period, latest records, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.actions import duties, fees
from desktop.actions.fees import Version
from desktop.actions.workspace import Workspace
from desktop.ledger.duty import Duty
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import classes, duty_figures, parameters
from desktop.rules import duties as duty_rules
from desktop.rules.figure import Figure
from desktop.store import instrument_views as views
from desktop.store.facts import INSTRUMENTS
from desktop.store.instrument_views import Step, Use

__all__ = ["InstrumentView", "Step", "Use", "see"]

N_RECORDS = 20


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One of the latest records; ``fen`` None while it is not posted."""

    number: str
    state: str
    customer: str
    minutes: int
    started_at: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class InstrumentView:
    """``duty`` and ``figure`` are None for an instrument out of service; ``class_name`` is the large class, Chinese."""

    key: int
    instrument: Instrument
    duty: Duty | None
    figure: Figure | None
    clause: str
    class_name: str
    findings: tuple[Finding, ...]
    versions: tuple[Version, ...]
    use: Use
    records: tuple[RecordLine, ...]
    steps: tuple[Step, ...]


def see(workspace: Workspace, key: int, on: date, period: Period) -> InstrumentView:
    """Read it all in one consistent view of one instrument by rowid. Raises Refused when it is gone."""
    with workspace.read() as connection:
        found = views.ids_of(connection, [key])
        instrument = INSTRUMENTS.get(connection, found[0]) if found else None
        if instrument is None:
            raise Refused("instrument.gone")
        use = views.use(connection, instrument.id, period.start, period.end)
        records = tuple(RecordLine(*row) for row in views.latest_records(connection, instrument.id, N_RECORDS))
        steps = tuple(views.steps(connection, "instrument", instrument.id))
    facts, calendar, packaged = duties.facts_of(instrument), duties.calendar_of(workspace), parameters.packaged()
    duty = figure = None
    if instrument.retired_on is None:
        duty = duty_rules.assess(facts, on, packaged, calendar)
        figure = duty_figures.explain(facts, on, packaged, calendar)
    code = instrument.class_code
    return InstrumentView(
        key,
        instrument,
        duty,
        figure,
        figure.clause if figure else "",
        classes.large().get(classes.large_of(code), "") if code else "",
        classes.check(code) if code else (),
        tuple(fees.versions(workspace, instrument.asset_number)),
        use,
        records,
        steps,
    )
