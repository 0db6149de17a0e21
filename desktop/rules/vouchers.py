"""What each use gets of the vouchers of its year (clause 11): min(rate × eligible fee, cap − granted this year to the same enterprise).

Formula 8. The year is the calendar year of the day the service ended, in Asia/Shanghai. What a claim holds comes first and is fixed; the
others follow by the moment they ended, then by number (``voucher.order``). One enterprise is one credit code. A controlling group counts
only where the rule of the city says so (``voucher_city``). A share is rounded to the fen once, half up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from desktop.ledger import money
from desktop.ledger.finding import Finding
from desktop.ledger.voucher import VoucherUse
from desktop.rules import voucher_city
from desktop.rules.exact import rounded
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters, missing
from desktop.rules.voucher_city import Granted
from desktop.rules.voucher_conditions import Judged, about, judge
from desktop.rules.voucher_fee import eligible_fee
from desktop.rules.voucher_rate import NO_PLACE, rate_on

CAP = "voucher.cap_fen"
YEAR, ORDER = "voucher.year", "voucher.order"
# So many records behind what was granted before are named; a figure with more says its sum alone.
MOST_KEYS = 1000


@dataclass(frozen=True, slots=True)
class Grant:
    """What one use gets. ``amount_fen`` (province) and ``top_up_fen`` (city) None: unknown.

    ``least``: the amount may be more, for the rate is the least that is due. ``room_fen`` is what the cap left before this use.
    """

    use: VoucherUse
    eligible: bool | None
    amount_fen: int | None
    top_up_fen: int | None
    room_fen: int | None
    least: bool
    figure: Figure
    top_up: Figure | None
    findings: tuple[Finding, ...]

    @property
    def nothing(self) -> bool:
        """Whether the province gives nothing and, as far as it is known, neither does the city: there is nothing to claim."""
        return self.amount_fen == 0 and not self.top_up_fen


@dataclass(slots=True)
class _Year:
    """What one enterprise has been granted in one year so far, by which uses, and whether an earlier amount is open."""

    fen: int = 0
    keys: list[str] = field(default_factory=list)
    open_: bool = False


def in_order(uses: Iterable[VoucherUse]) -> list[VoucherUse]:
    """The order in which uses take their place under the cap."""
    return sorted(uses, key=lambda use: (not use.held, use.ended_at, use.number, use.key))


def grants(uses: Iterable[VoucherUse], known: Parameters, provider_uscc: str = "") -> list[Grant]:
    """Every use with what it gets, in the order of the cap. All uses of an enterprise's year are needed for a right answer."""
    years: dict[tuple[str, int], _Year] = defaultdict(_Year)
    cities = Granted()
    found = []
    for use in in_order(uses):
        year = years[use.enterprise.counted_as, use.ended_on.year]
        grant = _held(use) if use.held else _new(use, known, year, cities, provider_uscc)
        cities.add(use, grant.amount_fen, grant.top_up_fen)
        year.fen += grant.amount_fen or 0
        year.open_ = year.open_ or grant.amount_fen is None
        if use.held and grant.amount_fen:
            grant = _above_cap(grant, year, known)
        if grant.amount_fen and not use.outside:
            year.keys.append(use.key)
        found.append(grant)
    return found


def _held(use: VoucherUse) -> Grant:
    """A claim fixed it; a fee that was taken back since then is told, the amount stands until the claim answers."""
    told = []
    if use.fee_fen is not None and use.fee_fen <= 0:
        told.append(about(use, "voucher.held_reversed", "error"))
    figure = Figure("voucher.figure.amount", use.granted_fen, "fen", "claimed")
    top_up = Figure("voucher.figure.top_up", use.top_up_fen, "fen", "claimed")
    return Grant(use, True, use.granted_fen, use.top_up_fen, None, False, figure, top_up, tuple(told))


def _above_cap(grant: Grant, year: _Year, known: Parameters) -> Grant:
    """Claims of two seats, each within what its seat knew of, may together hold more than the cap: the amounts stand, and it is told."""
    cap = known.figure(CAP, grant.use.ended_on).value
    if not isinstance(cap, int) or year.fen <= cap:
        return grant
    told = about(grant.use, "voucher.held_above_cap", "error", (("held", money.text(year.fen)), ("cap", money.text(cap))))
    return replace(grant, findings=(*grant.findings, told))


def _new(use: VoucherUse, known: Parameters, year: _Year, cities: Granted, provider_uscc: str) -> Grant:
    judged = judge(use, known, provider_uscc)
    if judged.eligible is False:
        figure = Figure("voucher.figure.amount", 0, "fen", "choice", inputs=(judged.figure,))
        return Grant(use, False, 0, 0, None, False, figure, None, judged.findings)
    return _worked_out(use, known, year, cities, judged)


def _worked_out(use: VoucherUse, known: Parameters, year: _Year, cities: Granted, judged: Judged) -> Grant:
    day = use.ended_on
    fee, fee_told = eligible_fee(use, known)
    rate = rate_on(use.enterprise.place, day, known)
    # While eligibility is open the place has been asked for already.
    told = [*judged.findings, *fee_told, *(one for one in rate.findings if judged.eligible or one.code != NO_PLACE)]
    share_fen = rounded(Fraction(rate.value) * fee.value) if rate.value is not None and isinstance(fee.value, int) else None
    share = Figure("voucher.figure.share", share_fen, "fen", "once", inputs=(rate.figure, fee))
    room, room_told = _room(use, known, year)
    told += room_told
    amount_fen = None
    if judged.eligible and share_fen is not None and isinstance(room.value, int):
        amount_fen = min(share_fen, room.value)
        if amount_fen < share_fen:
            told.append(about(use, "voucher.cap_reached" if amount_fen else "voucher.cap_used_up", "note"))
        if year.open_:
            told.append(voucher_city.earlier_open(use, use.enterprise.name))
    figure = Figure("voucher.figure.amount", amount_fen, "fen", "minimum", inputs=(judged.figure, share, room))
    top_up, city_told = voucher_city.top_up(use, fee, amount_fen, known, cities)
    told += [one for one in city_told if one not in told]
    top_up_fen = top_up.value if top_up is not None and isinstance(top_up.value, int) else None
    room_fen = room.value if isinstance(room.value, int) else None
    least = rate.least and amount_fen == share_fen
    return Grant(use, judged.eligible, amount_fen, top_up_fen, room_fen, least, figure, top_up, tuple(told))


def _room(use: VoucherUse, known: Parameters, year: _Year) -> tuple[Figure, tuple[Finding, ...]]:
    """What the cap leaves, by the cap of the day; unknown without one."""
    day = use.ended_on
    cap = known.figure(CAP, day)
    behind = Rows("service_record", tuple(year.keys)) if 0 < len(year.keys) <= MOST_KEYS else None
    used = Figure(
        "voucher.figure.used", year.fen, "fen", "sum", rows=behind, inputs=(known.figure(YEAR, day), known.figure(ORDER, day)),
        params=(("year", str(day.year)), ("name", use.enterprise.name)),
    )  # fmt: skip
    room = max(0, cap.value - year.fen) if isinstance(cap.value, int) else None
    figure = Figure("voucher.figure.room", room, "fen", "difference", inputs=(cap, used))
    return figure, () if room is not None else (missing(CAP, day),)
