"""The fee builder: price rows as published text read live, cost price and comparison live, what a record would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import fees, records, rules_in_force
from desktop.actions.fee_words import CELLS, cells_in
from desktop.actions.fees import Version
from desktop.actions.judging import usage
from desktop.actions.workspace import Workspace, today
from desktop.ledger.fees import CostComponent, FeeLine
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.rules import cost_price as costing
from desktop.rules import fee_matching, parameters
from desktop.rules.charging import Priced, price
from desktop.rules.cost_price import Comparison, CostPrice, PriceCheck
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.phrase import class_name
from desktop.rules.price_text import RowRead
from desktop.store import fee_views as rows
from desktop.store.facts import CUSTOMERS, INSTRUMENTS
from desktop.words import say

_WORST: tuple[Comparison, ...] = ("above", "unknown", "within", "not_comparable")

Cells = Mapping[str, str]


def _non_profit() -> Figure:
    """The rule that prices are compared by."""
    return parameters.packaged().figure("definition.non_profit", today())


@dataclass(frozen=True, slots=True)
class Live:
    """What the builder shows while typing. ``state``: the worst comparison of any line with the cost price."""

    cost: CostPrice
    checks: tuple[PriceCheck, ...]
    state: Comparison


@dataclass(frozen=True, slots=True)
class Would:
    """What a record would have cost under a version; ``priced`` None: why is in ``findings``. ``posted_fen``: what it did cost."""

    record: ServiceRecord
    line: FeeLine | None
    priced: Priced | None
    findings: tuple[Finding, ...]
    posted_fen: int | None = None


def cells_of(line: FeeLine) -> dict[str, str]:
    """A line's published text by cell."""
    return cells_in(line.source_text)


def read(cells: Cells) -> RowRead:
    """How the cells would be understood."""
    return fees.read_line(*(cells.get(name, "") for name in CELLS))


def line_of(item: str, cells: Cells, old: FeeLine | None = None) -> FeeLine:
    """The line these cells make. One whose text did not change stays as it is, whoever settled what it means."""
    if old is not None and {name: cells.get(name, "").strip() for name in CELLS} == cells_of(old):
        return replace(old, item=item.strip())
    told = read(cells)
    said = "；".join(one.phrase.told("zh") for one in told.readings)
    return FeeLine(old.id if old else "", "", 0, item.strip(), told.terms, told.source_text, told.to_confirm, said)


def told(line: FeeLine) -> dict[str, str]:
    """What a line means in words, by cell, in the language in use; ``note`` holds everything when a person settled it otherwise."""
    reading = read(cells_of(line))
    if reading.terms != line.terms or line.terms is None:
        return {"note": line.note}
    by_cell: dict[str, list[str]] = {}
    for one in reading.readings:
        by_cell.setdefault(one.field if one.field in CELLS else "note", []).append(one.phrase.told())
    return {name: say("fee.joiner").join(said) for name, said in by_cell.items()}


def live(parts: Sequence[CostComponent], lines: Sequence[FeeLine], known: Parameters | None = None) -> Live:
    """Cost price and comparison of what is typed now; nothing is read or written. ``known``: the rule values in force, those of the program when None."""
    cost = costing.cost_price(parts)
    cost = replace(cost, findings=(*cost.findings, *costing.unusual_management(parts, known or parameters.packaged(), today())))
    shown_once = replace(cost, figure=replace(cost.figure, inputs=(), how="step"))
    checks = costing.check_prices(lines, shown_once)
    state: Comparison = min((check.state for check in checks), key=_WORST.index, default="unknown")
    return Live(cost, checks, state)


def explain(version: Version) -> Figure:
    """Why a version is said to lie within its cost or above it: the cost price, then every price of an hour beside it."""
    schedule, live_ = version.schedule, live(version.components, version.lines)
    until = schedule.to_on.isoformat() if schedule.to_on else "…"
    told = " ".join(part for part in (schedule.title, schedule.document) if part)
    span = Figure("fee.version", f"[{schedule.from_on.isoformat()}, {until})", "text", note=told)
    return compared(live_, span)


def compared(live: Live, *first: Figure) -> Figure:
    """The comparison of all prices with the cost price as one tree."""
    checks = tuple(
        replace(check.figure, code="fee.line_compared", params=(("item", check.item), ("customer_class", _class(check.customer_class))))
        for check in live.checks
    )
    return Figure("fee.non_profit", live.state, "state", "comparison", inputs=(*first, live.cost.figure, _non_profit(), *checks))


def _class(customer_class: str) -> str:
    return class_name(customer_class) if customer_class else "—"


def suggestions(workspace: Workspace, asset_number: str) -> list[tuple[CostComponent, Figure]]:
    """Depreciation and maintenance from the original value by the parameters in force, each with how it was worked out."""
    with workspace.read() as connection:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    return [] if instrument is None else suggested(instrument, rules_in_force.of(workspace), today())


def suggested(instrument: Instrument, known: Parameters, day: date) -> list[tuple[CostComponent, Figure]]:
    """The same for an instrument at hand, by the values in force on a day; nothing without its original value."""
    value_fen = instrument.value_fen
    if value_fen is None:
        return []
    years, hours, rate = (
        known.in_force(f"cost.{name}", day) for name in ("depreciation_years", "yearly_hours", "maintenance_rate")
    )
    found: list[tuple[CostComponent, Figure]] = []
    if years and hours:
        figure = costing.depreciation(value_fen, years, hours)
        found.append((CostComponent("", "", "depreciation", int(str(figure.value)), None, years.source), figure))
    if rate and hours:
        figure = costing.maintenance(value_fen, rate, hours)
        found.append((CostComponent("", "", "maintenance", int(str(figure.value)), None, rate.source), figure))
    return found


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version that prices services ending on a day."""
    return next((one for one in versions if one.schedule.state != "draft" and one.schedule.covers(day)), None)


def save(
    workspace: Workspace, schedule_id: str, lines: Sequence[FeeLine], parts: Sequence[CostComponent], *, seen: Version | None = None
) -> int:
    """Store what the builder holds; only what changed is written. Returns how many operations that took (0: nothing changed).

    ``seen``: the version the builder began with (None: as it is stored). Raises Refused where somebody changed the same since, and for lines
    of a version that was approved meanwhile.
    """
    old = seen or fees.version(workspace, schedule_id)
    kept: list[FeeLine] | None = [replace(line, schedule_id=schedule_id, position=place) for place, line in enumerate(lines)]
    if old.schedule.state != "draft" or kept == list(old.lines):
        kept = None
    plain = [replace(part, id="", schedule_id="") for part in old.components]
    built = list(parts) if [replace(part, id="", schedule_id="") for part in parts] != plain else None
    fees.refuse_changed(workspace, old, kept, built)  # before either is written
    if kept is not None:
        fees.set_lines(workspace, schedule_id, kept, seen=old.lines)
    if built is not None:
        fees.set_components(workspace, schedule_id, built, seen=old.components)
    return (kept is not None) + (built is not None)


def what_would(workspace: Workspace, schedule_id: str, number: str) -> Would:
    """What a record would have cost under a version, draft or not, whatever day it is from. Raises Refused for an unknown number."""
    found = fees.version(workspace, schedule_id)
    with workspace.read() as connection:
        record = records.named(connection, number)
        customer = CUSTOMERS.get(connection, record.customer_id) if record.customer_id else None
        posted = rows.posted_fen(connection, record.id)
    if record.instrument_id != found.instrument.id:
        raise Refused("fee.other_instrument", number=record.number, asset_number=found.instrument.asset_number)
    if customer is None:
        told = finding("record.unknown_customer", field="customer_name", number=record.number, name=record.customer_name)
        return Would(record, None, None, (told,), posted)
    schedule = replace(found.schedule, from_on=date.min, to_on=None)
    own_school = bool(customer.department) and customer.department == found.instrument.department
    version = fee_matching.Version(schedule, found.lines)
    matched = fee_matching.match(record, (version,), internal=customer.internal, own_school=own_school)
    if isinstance(matched, tuple):
        return Would(record, None, None, matched, posted)
    terms = matched.line.terms
    if terms is None:  # match refuses such a line
        return Would(record, matched.line, None, (), posted)
    result = price(usage(record), terms, matched.customer_class, source_text=matched.line.source_text)
    if isinstance(result, tuple):
        return Would(record, matched.line, None, result, posted)
    return Would(record, matched.line, result, result.findings, posted)


def counts(workspace: Workspace) -> dict[str, int]:
    """Lines in force today, of drafts, and to confirm."""
    with workspace.read() as connection:
        return rows.counts(connection, today().isoformat())


def instrument_of(workspace: Workspace, key: int) -> tuple[str, str] | None:
    """Asset number and version of the line behind a key of the list."""
    with workspace.read() as connection:
        return rows.owner(connection, key)


def keys_of(workspace: Workspace, named: Sequence[str]) -> list[int]:
    """Keys of the list for lines named by key, version or component."""
    with workspace.read() as connection:
        return rows.rowids_of(connection, named)
