"""A year of innovation vouchers at a glance: every use with its claim and what was said of it, the cap of each enterprise, the claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.actions import rules_in_force, vouchers
from desktop.actions.voucher_city_meters import CityMeter, city_meters
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher_rows import VoucherClaim, VoucherClaimLine, VoucherMark
from desktop.rules import voucher_claims
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.voucher_claims import Claim
from desktop.rules.vouchers import CAP, Grant
from desktop.store import vouchers as rows
from desktop.store.facts import CUSTOMERS


@dataclass(frozen=True, slots=True)
class Meter:
    """The province's cap of one enterprise (``key``: its credit code, else its name) in a year, in fen.

    ``used_fen`` is at least so much while ``n_open`` uses have no amount. ``left_fen`` None: unknown, for a use is open or no cap is in
    force on the day of the last use.
    """

    key: str
    name: str
    cap_fen: int | None
    used_fen: int
    left_fen: int | None
    n_open: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class UseSeen:
    """One use with the claim it is in ("": none that counts), and what a person said of it. ``rate`` None: unknown or none.

    ``state``: not_met, open, nothing (the conditions are met, but nothing is left to give), met, or where the claim stands (draft, submitted …).
    """

    grant: Grant
    rate: Decimal | None
    claim: str
    state: str
    mark: VoucherMark | None


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """One claim of the year with the name of its enterprise."""

    claim: VoucherClaim
    customer: str
    stands: Claim


@dataclass(frozen=True, slots=True)
class Overview:
    """A calendar year; ``n_withheld`` confidential uses are in none of the lists."""

    year: int
    uses: tuple[UseSeen, ...]
    meters: tuple[Meter, ...]
    claims: tuple[ClaimSeen, ...]
    n_withheld: int
    city_meters: tuple[CityMeter, ...] = ()

    @property
    def caps(self) -> list[Meter | CityMeter]:
        """Every cap: the province's, then the cities'."""
        return [*self.meters, *self.city_meters]


def see(workspace: Workspace, year: int) -> Overview:
    """The year as it stands now."""
    found = vouchers.year(workspace, year)
    with workspace.read() as connection:
        marks = {one.record_id: one for one in rows.MARKS.find(connection)}
        names = {one.id: one.name for one in CUSTOMERS.find(connection)}
        claims = rows.CLAIMS.find(connection, "year = ?", (year,), "number")
        standing = [(claim, *vouchers.standing(connection, claim.id)[:2]) for claim in claims]
    lines: dict[str, tuple[VoucherClaim, VoucherClaimLine, Claim]] = {}
    for claim, stands, of_claim in standing:
        if stands.state in voucher_claims.HOLDING or stands.state == "draft":
            for line in of_claim:
                if line.use_id not in lines or stands.state != "draft":  # what holds the cap goes before a draft
                    lines[line.use_id] = (claim, line, stands)
    uses = tuple(_seen(grant, lines.get(grant.use.key), marks.get(grant.use.key)) for grant in found.grants)
    seen = tuple(ClaimSeen(claim, names.get(claim.customer_id, ""), stands) for claim, stands, _ in standing)
    own, of_cities = caps(workspace, found)
    return Overview(year, uses, own, seen, found.n_withheld, of_cities)


def caps(workspace: Workspace, found: vouchers.Year) -> tuple[tuple[Meter, ...], tuple[CityMeter, ...]]:
    """The caps of a year that was worked out: the province's of each enterprise, and those of the cities' rules."""
    known = rules_in_force.of(workspace)
    return meters(found.year, found.grants, known), city_meters(found.grants, known)


def _seen(grant: Grant, held: tuple[VoucherClaim, VoucherClaimLine, Claim] | None, mark: VoucherMark | None) -> UseSeen:
    state = {True: "met", False: "not_met", None: "open"}[grant.eligible if grant.amount_fen is not None else None]
    if state == "met" and grant.nothing:
        state = "nothing"
    if held is None:
        return UseSeen(grant, _rate(grant.figure), "", state, mark)
    claim, line, stands = held
    tree = (vouchers.fixed(line) if grant.use.held else None) or grant.figure
    return UseSeen(grant, _rate(tree), claim.number, stands.state, mark)


def _rate(tree: Figure) -> Decimal | None:
    value = next((part.value for part in tree.walk() if part.code == "voucher.figure.rate"), None)
    return value if isinstance(value, Decimal) else None


def meters(year: int, grants: Sequence[Grant], known: Parameters) -> tuple[Meter, ...]:
    """The cap of every enterprise of the year that asks for something, by name: used, left, and why."""
    of: dict[str, list[Grant]] = {}
    for one in grants:
        if one.eligible is not False:
            of.setdefault(one.use.enterprise.counted_as, []).append(one)
    return tuple(sorted((_meter(year, key, own, known) for key, own in of.items()), key=lambda one: (one.name, one.key)))


def _meter(year: int, key: str, own: Sequence[Grant], known: Parameters) -> Meter:
    last = max(own, key=lambda one: one.use.ended_at)
    name = last.use.enterprise.name
    cap = known.figure(CAP, last.use.ended_on)
    cap_fen = cap.value if isinstance(cap.value, int) else None
    used_fen = sum(one.amount_fen or 0 for one in own)
    n_open = sum(one.amount_fen is None for one in own)
    left_fen = None if cap_fen is None or n_open else max(0, cap_fen - used_fen)
    used = Figure(
        "voucher.figure.used", None if n_open else used_fen, "fen", "sum",
        inputs=tuple(one.figure for one in own), params=(("year", str(year)), ("name", name)),
    )  # fmt: skip
    figure = Figure("voucher.figure.room", left_fen, "fen", "difference", inputs=(cap, used))
    return Meter(key, name, cap_fen, used_fen, left_fen, n_open, figure)
