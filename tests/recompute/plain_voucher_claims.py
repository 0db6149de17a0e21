"""A year of vouchers as it is shown, reckoned a second time: each use with what its amount rests on, the province's caps, claims, and their papers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tests.recompute import plain_voucher_cities as cities
from tests.recompute import plain_voucher_parts as parts
from tests.recompute import plain_vouchers as amounts
from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_COUNTS_FOR_NOTHING = ("refused", "withdrawn", "recovered")


def seen(plain: Plain, year: int) -> Told:
    """Every use that is no secret, every enterprise's cap, every city's, every claim."""
    granted, held, claimed = amounts.vouchers(plain, year), amounts.held_by_claims(plain, year), _claimed(plain, year)
    told, by_enterprise = claims(plain, year), defaultdict(list)
    uses = amounts.in_order(amounts.uses(plain, year), held)
    told |= cities.caps(plain, year, uses, granted)
    for use in uses:
        if use["secret"]:
            continue
        eligible, province, city = granted[use["number"]]
        open_state = "open" if province is None else {True: "met" if province or city else "nothing", False: "not_met", None: "open"}[eligible]
        number, state, line = claimed.get(use["id"], ("", open_state, None))
        fee = rate = size = None
        least = False
        if use["id"] in held:
            rate = _fixed_rate(line)
        else:
            day = use["ended_at"][:10]
            size = amounts.size_of(plain, use, day)
            if eligible is not False:
                fee = parts.fee(use)
                rate, open_ = parts.rate(plain, use["place"], amounts.where(use["place"])[1], day)
                least = open_ and province is not None and fee is not None and rate is not None and province == nearest(Fraction(rate) * fee)
        told[f"use {use['number']}"] = (fee, rate, size, least, number, state)
        if eligible is not False:
            by_enterprise[use["uscc"] or use["name"]].append((use["ended_at"], province))
    for key, several in by_enterprise.items():
        last = max(day for day, _ in several)[:10]
        cap, n_open = plain.rule("voucher.cap_fen", last), sum(fen is None for _, fen in several)
        used = sum(fen or 0 for _, fen in several)
        told[f"cap {key}"] = (cap, used, None if n_open or cap is None else max(0, cap - used), n_open)
    return told


def claims(plain: Plain, year: int) -> Told:
    """Claim -> where it stands, what was claimed, accepted and paid, and the steps another seat took that count for nothing."""
    told: Told = {}
    for claim in plain.rows("SELECT * FROM voucher_claim WHERE year = ?", year):
        state, *said = parts.course(plain, claim["id"])
        claimed = plain.value("SELECT coalesce(sum(granted_fen + coalesce(top_up_fen, 0)), 0) FROM voucher_claim_line WHERE claim_id = ?", claim["id"])
        told[f"claim {claim['number']}"] = (state, claimed, *said)
    return told


def papers(plain: Plain, claims: Iterable[str]) -> Told:
    """Claim and use -> every paper that is asked for with what there is of it, and whether nothing is missing."""
    told: Told = {}
    for number in claims:
        (claim,) = plain.rows("SELECT * FROM voucher_claim WHERE number = ?", number)
        for line in plain.rows("SELECT * FROM voucher_claim_line WHERE claim_id = ?", claim["id"]):
            use = plain.rows("SELECT number, ended_at FROM service_record WHERE id = ?", line["use_id"])[0]
            have = {one["item"]: _there(one) for one in plain.rows("SELECT * FROM voucher_paper WHERE use_id = ?", line["use_id"])}
            asked = plain.rule("voucher.evidence", use["ended_at"][:10])
            papers = tuple((item, have.get(item, "missing")) for item in asked)
            told[number, use["number"]] = (papers, all(state != "missing" for _, state in papers), parts.course(plain, claim["id"])[0])
    return told


def _there(paper: Any) -> str:
    if paper["attachment_id"]:
        return "attached"
    return "named" if paper["number"].strip() else "waived" if paper["waived_why"].strip() else "missing"


def _claimed(plain: Plain, year: int) -> dict[str, tuple[str, str, Any]]:
    """Use -> the claim it is in, unless that counts for nothing."""
    told: dict[str, tuple[str, str, Any]] = {}
    for claim in plain.rows("SELECT * FROM voucher_claim WHERE year = ?", year):
        state = parts.course(plain, claim["id"])[0]
        if state not in _COUNTS_FOR_NOTHING:
            told |= {line["use_id"]: (claim["number"], state, line) for line in plain.rows("SELECT * FROM voucher_claim_line WHERE claim_id = ?", claim["id"])}
    return told


def _fixed_rate(line: Any) -> Any:
    """The rate in the tree a line was handed in with; None without one, or where it is of other amounts than these."""
    tree = json.loads(line["figure"])
    told = {}
    nodes = [tree] if tree else []
    while nodes:
        node = nodes.pop(0)
        told.setdefault(node["code"].removeprefix("voucher.figure."), node["value"])
        nodes += node.get("inputs", ())
    if (told.get("amount") or 0, told.get("top_up")) != (line["granted_fen"], line["top_up_fen"]):
        return None
    return None if told.get("rate") is None else Fraction(told["rate"]["decimal"])
