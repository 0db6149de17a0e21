"""Everything the window shows about one instrument: facts, duty with its rule, fees, use in a period, latest records, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.actions import duties, fee_building, fees, publications, reclassifying, rules_in_force, taking_back
from desktop.actions.fee_words import published
from desktop.actions.fees import Version
from desktop.actions.publications import Line
from desktop.actions.reclassifying import Step as Reclassified
from desktop.actions.taking_back import Offer
from desktop.actions.workspace import Workspace
from desktop.ledger.duty import Duty
from desktop.ledger.fees import FeeLine
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.national_closed import NationalClosed
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import classes, duty_figures
from desktop.rules import duties as duty_rules
from desktop.rules.figure import Figure
from desktop.store import instrument_views as views
from desktop.store import national_stated
from desktop.store.facts import INSTRUMENTS
from desktop.store.instrument_views import Step, Use

__all__ = ["InstrumentView", "Step", "Use", "see", "used"]

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
    """``duty`` and ``figure`` are None for an instrument out of service; ``class_name`` is the large class, Chinese;
    ``prices`` say each fee line in words, by its id; ``sent`` is what remotes hold of a confidential one;
    ``published`` what the network says of it, None where it says nothing of any; ``closed`` why it is not open, None when nobody said so.
    """

    key: int
    instrument: Instrument
    duty: Duty | None
    figure: Figure | None
    clause: str
    class_name: str
    findings: tuple[Finding, ...]
    versions: tuple[Version, ...]
    prices: dict[str, str]
    use: Use
    records: tuple[RecordLine, ...]
    steps: tuple[Step, ...]
    reclassifications: tuple[Reclassified, ...] = ()
    sent: Offer | None = None
    published: Line | None = None
    closed: NationalClosed | None = None

    @property
    def waiting(self) -> Reclassified | None:
        """The change of confidentiality that waits for another person."""
        return next((one for one in self.reclassifications if one.change.state == "prepared"), None)


def _price(line: FeeLine) -> str:
    return " · ".join(said for said in fee_building.told(line).values() if said) or published(line.source_text)


def used(workspace: Workspace, instrument_id: str, period: Period) -> Use:
    """The posted use of one instrument in a span."""
    with workspace.read() as connection:
        return views.use(connection, instrument_id, period.start, period.end)


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
        closed = national_stated.CLOSED.one(connection, "instrument_id = ?", (instrument.id,))
    facts, calendar, known = duties.facts_of(instrument), duties.calendar_of(workspace), rules_in_force.of(workspace)
    duty = figure = None
    if views.serving(facts, on):
        duty = duty_rules.assess(facts, on, known, calendar)
        figure = duty_figures.explain(facts, on, known, calendar)
    code = instrument.class_code
    versions = tuple(fees.versions(workspace, instrument.asset_number))
    return InstrumentView(
        key,
        instrument,
        duty,
        figure,
        figure.clause if figure else "",
        classes.large().get(classes.large_of(code), "") if code else "",
        classes.check(code) if code else (),
        versions,
        {line.id: _price(line) for version in versions for line in version.lines},
        use,
        records,
        steps,
        tuple(reclassifying.history(workspace, instrument.asset_number)),
        taking_back.offer(workspace, instrument.asset_number) if instrument.confidential else None,
        publications.of_one(workspace, instrument, on),
        closed,
    )
