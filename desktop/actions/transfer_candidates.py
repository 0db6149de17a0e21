"""Which sets the year's records make candidates for transfer (clause 16), the figures behind each, and the list for its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.actions import performance, rules_in_force
from desktop.actions.printed_figures import of_set
from desktop.actions.workspace import Workspace, today
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.reports import transfers as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.reports.transfers import CandidateLine, CandidatesFacts, Limit
from desktop.rules import transfer as rules
from desktop.rules.figure import Figure, Rows
from desktop.rules.performance import Use, number
from desktop.rules.transfer import Assessment, SetYear
from desktop.store import performance as rows
from desktop.store import transfers
from desktop.store.facts import INSTRUMENTS
from desktop.store.performance import SetUse

LIMITS = (rules.GENERAL, rules.LOW_UTILISATION, rules.LOW_SHARING, rules.ONE_SUFFICES, rules.LEAST_DAYS)


@dataclass(frozen=True, slots=True)
class Judged:
    """One set of the year, its use and what it comes to."""

    instrument: Instrument
    use: SetUse
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Year:
    """Every set of the year by asset number, confidential ones only counted (``n_withheld``)."""

    period: Period
    judged: tuple[Judged, ...]
    n_withheld: int

    def with_verdict(self, verdict: str) -> tuple[Judged, ...]:
        """The sets judged so."""
        return tuple(one for one in self.judged if one.assessment.verdict == verdict)


def span(workspace: Workspace, text: str | None) -> Period:
    """The calendar or academic year asked for; last year when none is given. Raises Refused for what is no year."""
    return performance.span(workspace, text or str(today().year - 1))


def year(workspace: Workspace, period: Period, as_of: date) -> Year:
    """Judge every set by the rules of ``as_of``."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        found = rows.of_sets(connection, period)
        instruments = {one.id: one for one in INSTRUMENTS.find(connection)}
    shown = [one for one in found if not one.confidential]
    judged = tuple(
        Judged(instruments[one.instrument_id], one, rules.assess(_set_year(instruments[one.instrument_id], one), period, known, as_of))
        for one in shown
    )
    return Year(period, judged, len(found) - len(shown))


def explain(workspace: Workspace, asset_number: str, text: str | None = None) -> Figure:
    """Why a set is a candidate, is kept or cannot be judged, down to its postings; a confidential set too, for it stays on this screen.

    Raises Refused for an unknown set, or one that was not in service in the year.
    """
    period = span(workspace, text)
    with workspace.read() as connection:
        one = next((one for one in rows.of_sets(connection, period) if one.asset_number == asset_number.strip()), None)
        if one is None:
            raise Refused("performance.not_in_service", asset_number=asset_number, period=period.name)
        instrument = INSTRUMENTS.one(connection, "id = ?", (one.instrument_id,))
        every = Rows("posting", rows.postings_of(connection, one.instrument_id, period))
        outside = Rows("posting", rows.postings_of(connection, one.instrument_id, period, external=True))
    if instrument is None:
        raise Refused("instrument.unknown", asset_number=asset_number)
    as_of = min(period.last_day, today())
    return rules.assess(_set_year(instrument, one, every, outside), period, rules_in_force.of(workspace), as_of).figure


@dataclass(frozen=True, slots=True)
class Offered:
    """A year with its candidates as the report lists them."""

    year: Year
    lines: tuple[CandidateLine, ...]


def offered(workspace: Workspace) -> Offered:
    """Last year's candidates, each with the transfer of it that is under way."""
    period = span(workspace, None)
    found = year(workspace, period, min(period.last_day, today()))
    with workspace.read() as connection:
        under_way = transfers.under_way(connection)
    return Offered(found, tuple(_line(one, under_way) for one in found.with_verdict("candidate")))


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The list of candidates and of sets that cannot be judged."""
    found = year(workspace, period, as_of)
    known = rules_in_force.of(workspace)
    told = [rule for rule in (known.in_force(key, as_of) for key in LIMITS) if rule is not None]
    limits = tuple(Limit(rule.key.partition(".")[2], rule.value, rule.source, rule.certainty, known.figure(rule.key, as_of)) for rule in told)
    kept: dict[str, list[str]] = {}
    for one in found.with_verdict("kept"):
        # The first reason is the one nobody can do anything about; it decides where the set is counted.
        kept.setdefault(one.assessment.reasons[0], []).append(one.instrument.id)
    with workspace.read() as connection:
        under_way = transfers.under_way(connection)
    permitted = known.in_force(rules.PERMITTED, as_of)
    facts = CandidatesFacts(
        period_words(period),
        tuple(_line(one, under_way) for one in found.with_verdict("candidate")),
        tuple(_line(one, under_way) for one in found.with_verdict("unknown")),
        tuple((code, len(sets)) for code, sets in kept.items()),
        limits,
        permitted.certainty if permitted else "",
        found.n_withheld,
        {code: Rows("instrument", tuple(sets)) for code, sets in kept.items()},
    )
    return paper.candidates(facts, head)



def _line(one: Judged, under_way: Mapping[str, str]) -> CandidateLine:
    found, use = one.assessment, one.use
    rates = {code: number(found.named(code).figure.inputs[0]) for code in ("little_used", "badly_shared")}
    # What every candidate has in common is said once, in the notes.
    reasons = tuple(code for code in found.reasons if found.verdict != "candidate" or code in rates)
    return CandidateLine(
        # Where it is now: it may have moved since that year.
        use.asset_number, use.name, one.instrument.department, one.instrument.category, use.value_fen, use.effective_minutes, use.external_minutes,
        rates["little_used"], rates["badly_shared"], reasons, found.cautions,
        under_way.get(one.instrument.id, ""), of_set(use.asset_number, use.name, found.figure), one.instrument.retired_on,
    )  # fmt: skip


def _set_year(instrument: Instrument, one: SetUse, every: Rows | None = None, outside: Rows | None = None) -> SetYear:
    use = Use(one.effective_minutes, one.external_minutes, one.income_fen, one.external_income_fen, one.n_records)
    return SetYear(
        instrument.category, use, instrument.accepted_on, instrument.booked_on, instrument.retired_on, instrument.fiscal,
        instrument.customs_supervised, instrument.released_on, every, outside,
    )  # fmt: skip
