"""What if: the posted external services of a year, quarter or month under other prices. Nothing is written.

The prices are those of one version of a set (a draft too, or lines just typed), those in force on a day, or those that priced each service;
all of them may be moved by a rate. Confidential sets and records are only counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from desktop.actions import fees, performance
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger import period as periods
from desktop.ledger.fees import FeeLine, FeeSchedule
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import repricing as rules
from desktop.rules.charging import Priced, Usage
from desktop.rules.fee_matching import Version, line_for
from desktop.rules.figure import Figure, Rows
from desktop.rules.phrase import class_words, percent
from desktop.rules.repricing import Reason, Tally
from desktop.store import fees as fee_rows
from desktop.store import repricing as rows
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, INSTRUMENTS
from desktop.store.repricing import Served
from desktop.words import say

__all__ = ["Asked", "OfCustomer", "OfSet", "Repriced", "Tally", "basis_words", "moved_words", "of_record", "over", "rate_of", "said", "span"]

_STEP = 512
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """Which prices. ``version`` (a key) with its ``lines``, where given, in place of those stored; else ``on`` a day; else as priced.

    ``asset_number`` "": every set, which a version does not know. ``change`` 0.05: every price 5 % higher.
    """

    asset_number: str = ""
    version: str = ""
    on: date | None = None
    change: Decimal = Decimal(0)
    lines: tuple[FeeLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class OfSet:
    """One set's services together."""

    instrument: Instrument
    tally: Tally


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """One customer's services together."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Repriced:
    """A span under other prices: all, by set, by customer, and why some cannot be repriced (the most frequent reason first)."""

    period: Period
    asked: Asked
    basis: Figure
    whole: Tally
    sets: tuple[OfSet, ...]
    customers: tuple[OfCustomer, ...]
    reasons: tuple[Reason, ...]
    n_withheld: int

    @property
    def figure(self) -> Figure:
        """The difference as a tree, down to each set."""
        sets = ((one.instrument.asset_number, one.instrument.name, one.tally) for one in self.sets)
        return rules.figure(self.whole, self.basis, sets)


def span(workspace: Workspace, text: str) -> Period:
    """``2025``, ``2025Q3``, ``2025-07`` or an academic year. Raises Refused for anything else."""
    if periods.academic_first(text) is not None:
        return performance.span(workspace, text)
    try:
        return periods.parse(text)
    except ValueError as error:
        raise Refused("report.period", period=text) from error


def rate_of(text: str) -> Decimal:
    """``5``, ``+5``, ``-10``, ``2.5%`` as a rate. Raises Refused for what is no per cent, or has more than six decimals."""
    try:
        found = money.number(text.strip().rstrip("%％"))
    except ValueError as error:
        raise Refused("repricing.percent", text=text) from error
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        raise Refused("repricing.places", text=text, n=_PLACES)
    return found.scaleb(-2)


def over(workspace: Workspace, period: Period, asked: Asked, progress: Progress = UNWATCHED) -> Repriced:
    """Reprice what ended in a span. Raises Refused: unknown set or version, a version without its set, a change out of bounds; Cancelled."""
    prices = _Prices.of(workspace, asked)
    whole, n_withheld = Tally(), 0
    sets: dict[str, Tally] = {}
    customers: dict[str, Tally] = {}
    reasons: dict[str, Reason] = {}
    with workspace.read() as connection:
        for n, one in enumerate(rows.served(connection, period, prices.instrument_id)):
            if n % _STEP == 0:
                progress.check()
                progress.report(n, 0, "work.repricing")
            if one.secret:
                n_withheld += 1
                continue
            would = prices.amount(one)
            fen = would if isinstance(would, int) else None
            for tally in (whole, sets.setdefault(one.instrument_id, Tally()), customers.setdefault(one.customer_id, Tally())):
                tally.add(one.amount_fen, fen)
            if not isinstance(would, int):
                reason = reasons.setdefault(would.code, Reason(would))
                reason.n += 1
                reason.fen += one.amount_fen
        instruments = {one.id: one for one in INSTRUMENTS.find(connection, "id IN (SELECT value FROM json_each(?))", (json.dumps([*sets]),))}
        names = {one.id: one.name for one in CUSTOMERS.find(connection, "id IN (SELECT value FROM json_each(?))", (json.dumps([*customers]),))}
    return Repriced(
        period,
        asked,
        prices.basis,
        whole,
        tuple(sorted((OfSet(instruments[key], tally) for key, tally in sets.items()), key=lambda one: one.instrument.asset_number)),
        tuple(sorted((OfCustomer(names[key], tally) for key, tally in customers.items()), key=lambda one: (-one.tally.fen, one.name))),
        tuple(sorted(reasons.values(), key=lambda one: (-one.n, one.finding.code))),
        n_withheld,
    )


def of_record(workspace: Workspace, number: str, asked: Asked) -> Figure:
    """One posted external service under other prices, as a tree. Raises Refused as ``over``, and for a record that is no such service."""
    number = number.strip()
    with workspace.read() as connection:
        one = rows.served_by(connection, number)
        instrument = INSTRUMENTS.get(connection, one.instrument_id) if one is not None else None
    if one is None or instrument is None:
        raise Refused("repricing.no_service", number=number)
    if asked.version and not asked.asset_number:
        raise Refused("repricing.version_without_set")
    if asked.asset_number and asked.asset_number.strip() != instrument.asset_number:
        raise Refused("fee.other_instrument", number=number, asset_number=asked.asset_number)
    prices = _Prices.of(workspace, asked)
    line, result = prices.line(one), prices.priced(one)
    posted = Figure("repricing.posted", one.amount_fen, "fen", "posted", rows=Rows("posting", (one.posting_id,)))
    facts = [prices.basis, Figure("record.figure.instrument", f"{instrument.asset_number} {instrument.name}", "text")]
    if isinstance(line, FeeLine):
        facts.append(Figure("record.figure.line", line.item, "text", note=line.source_text))
        facts.append(Figure("record.figure.class", class_words(one.customer_class), "text"))
    if not isinstance(result, Priced):
        facts += [Figure("repricing.why_not", said(found), "text") for found in result]
    return rules.figure_of_one(posted, result, facts)


def said(found: Finding) -> str:
    """A reason in words; one about a record names the first of them."""
    return say(found.code, **dict(found.params))


@dataclass(slots=True)
class _Prices:
    """The lines that may price, and what equal uses of one set cost by them: worked out once, kept while that set is gone through."""

    change: Decimal
    basis: Figure
    instrument_id: str
    lines: Mapping[str, FeeLine] | None = None
    """As priced: the line by its key."""
    by_set: Mapping[str, tuple[FeeSchedule, Sequence[FeeLine]]] = field(default_factory=dict)
    on: date | None = None
    _at: str = ""
    _known: dict[tuple[object, ...], int | Finding] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, asked: Asked) -> _Prices:
        """Read the prices asked for."""
        if not rules.allowed(asked.change):
            raise Refused("repricing.change", change=percent(asked.change))
        if asked.version and not asked.asset_number.strip():
            raise Refused("repricing.version_without_set")
        with workspace.read() as connection:
            instrument = _instrument(connection, asked.asset_number)
            own = None if instrument is None else [instrument.id]
            standing = {} if asked.version else fee_rows.pricing_versions(connection, own)
        key = instrument.id if instrument is not None else ""
        moved = (Figure("fee.price_change", asked.change, "ratio", "entered"),) if asked.change else ()
        if asked.version:
            found = fees.version(workspace, asked.version)
            if found.instrument.id != key:
                raise Refused("repricing.other_version", asset_number=asked.asset_number)
            named = Figure("repricing.basis", _told(found.schedule, typed=asked.lines is not None), "text", "entered", inputs=moved)
            lines = found.lines if asked.lines is None else asked.lines
            return cls(asked.change, named, key, by_set={key: (found.schedule, lines)})
        if asked.on is not None:
            named = Figure("repricing.basis", say("repricing.in_force", day=asked.on), "text", "entered", inputs=moved)
            chosen = {one: _covering(versions, asked.on) for one, versions in standing.items()}
            there = {one: (version.schedule, version.lines) for one, version in chosen.items() if version is not None}
            return cls(asked.change, named, key, by_set=there, on=asked.on)
        named = Figure("repricing.basis", say("repricing.as_priced"), "text", "entered", inputs=moved)
        return cls(
            asked.change, named, key, {line.id: line for versions in standing.values() for one in versions for line in one.lines}
        )

    def line(self, one: Served) -> FeeLine | Finding:
        """The line that would price a service, or why none does."""
        if self.lines is not None:
            return self.lines[one.line_id]
        found = self.by_set.get(one.instrument_id)
        if found is None:
            return finding("record.no_fee", number=one.number, day=self.on)
        return line_for(one.item, found[1], one.number)

    def priced(self, one: Served) -> Priced | tuple[Finding, ...]:
        """What a service would cost, with its tree; else why not."""
        line = self.line(one)
        if isinstance(line, Finding):
            return (line,)
        usage = Usage(one.minutes, one.quantity, one.second_quantity, one.urgent, one.agreed_price_fen, one.consumables_fen)
        return rules.reprice(usage, line, one.customer_class, self.change)

    def amount(self, one: Served) -> int | Finding:
        """What a service would cost in fen, or the first reason why nobody knows."""
        if one.instrument_id != self._at:
            self._at = one.instrument_id
            self._known.clear()
        asked = (
            one.line_id if self.lines is not None else one.item, one.customer_class, one.minutes, one.quantity, one.second_quantity, one.urgent,
            one.agreed_price_fen, one.consumables_fen,
        )  # fmt: skip
        known = self._known.get(asked)
        if known is None:
            result = self.priced(one)
            known = self._known[asked] = result.amount_fen if isinstance(result, Priced) else result[0]
        return known


def _instrument(connection: Connection, asset_number: str) -> Instrument | None:
    if not asset_number.strip():
        return None
    found = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if found is None:
        raise Refused("instrument.unknown", asset_number=asset_number)
    return found


def _covering(versions: Sequence[Version], day: date) -> Version | None:
    return next((one for one in versions if one.schedule.covers(day)), None)


def _told(schedule: FeeSchedule, *, typed: bool) -> str:
    name = " ".join(part for part in (schedule.title, schedule.document) if part) or "—"
    told = say("repricing.version", day=schedule.from_on, name=name, state=say(f"fee.state.{schedule.state}"))
    return f"{told}{say('repricing.typed')}" if typed else told


def moved_words(fen: int | None) -> str:
    """A difference as people write it: its sign said; unknown is said."""
    if fen is None:
        return say("explain.unknown")
    return f"+{money.text(fen)}" if fen > 0 else money.text(fen)


def basis_words(found: Repriced) -> str:
    """Which prices were taken, with the change of all of them, in words."""
    change = found.asked.change
    moved = say("repricing.moved", change=f"{'+' if change > 0 else ''}{percent(change)}") if change else ""
    return f"{found.basis.value}{moved}"
