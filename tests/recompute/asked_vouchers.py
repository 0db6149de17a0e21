"""What the program shows of a year of vouchers: each use with what its amount rests on, caps, claims, papers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.actions import voucher_claims, voucher_overview
from desktop.actions.voucher_city_meters import CityMeter
from desktop.actions.voucher_overview import UseSeen
from desktop.actions.workspace import Workspace
from desktop.rules.voucher_claims import Claim

Told = dict[Any, Any]


def seen(workspace: Workspace, year: int) -> Told:
    """The page of vouchers: uses, the province's caps and the cities', claims."""
    found = voucher_overview.see(workspace, year)
    told: Told = {f"use {one.grant.use.number}": _use(one) for one in found.uses}
    told |= {f"cap {one.key}": (one.cap_fen, one.used_fen, one.left_fen, one.n_open) for one in found.meters}
    told |= {_named(one): _city(one) for one in found.city_meters}
    return told | {
        f"claim {one.claim.number}": (one.stands.state, one.stands.claimed_fen, one.stands.accepted_fen, one.stands.paid_fen, _beside(one.stands))
        for one in found.claims
    }


def _named(one: CityMeter) -> str:
    what, city, year, kind, name = one.key.split("\n")
    return f"{what} {city} {kind} {name} {year}"


def _city(one: CityMeter) -> tuple[Any, ...]:
    return (one.cap_fen, one.used_fen, one.left_fen, one.n_open, one.name, frozenset(one.members), frozenset(one.uses), one.unstated)


def _beside(stands: Claim) -> tuple[str, ...]:
    return tuple(one.verb for one in stands.beside)


def _use(one: UseSeen) -> tuple[Any, ...]:
    of = {part.code: part.value for part in one.grant.figure.walk()}
    least = one.grant.least and one.grant.amount_fen is not None
    return (of.get("voucher.figure.eligible_fee"), one.rate, of.get("voucher.figure.size"), least, one.claim, one.state)


def papers(workspace: Workspace, claims: Iterable[str]) -> Told:
    """The papers of every line of some claims, as each shows them: it works out the whole year for that."""
    told: Told = {}
    for number in claims:
        found = voucher_claims.show(workspace, number)
        for grant, one in zip(found.grants, found.papers, strict=True):
            told[number, grant.use.number] = (one.papers, one.complete, found.stands.state)
    return told
