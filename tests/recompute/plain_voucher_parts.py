"""What a voucher is reckoned on, a second time: the fee that counts, the county of an address, and the rate with what is open of it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from typing import Any

from tests.recompute.plain import ROOT, Plain


def fee(use: dict[str, Any]) -> int | None:
    """Charged, no more than invoiced, less what is left out; None without a price or when more is left out than there is."""
    fen: int | None = use["fee"] if use["fee"] is None else max(0, use["fee"])
    if fen is not None and use["invoiced"] is not None:
        fen = min(fen, max(0, use["invoiced"]))
    if fen is not None and use["excluded"]:
        fen = fen - use["excluded"] if use["excluded"] <= fen else None
    return fen


def rate(plain: Plain, place: str, city: str, day: str) -> tuple[Decimal | None, bool]:
    """The rate of a place in a city (four digits, "" for none), and whether it may be the higher one as far as anybody knows."""
    if not city:
        return None, False
    supported, counties = city in plain.rule("voucher.supported_cities", day), plain.rule("voucher.supported_counties", day)
    open_ = False
    if not supported:
        county = _county(place, city)
        supported = county in (counties or ())
        open_ = counties is None or (not county and any(code[:4] == city for code in counties))
    value = plain.rule("voucher.rate_supported" if supported else "voucher.rate_elsewhere", day)
    return (value, open_) if plain.rule("voucher.rate_low", day) <= value <= plain.rule("voucher.rate_high", day) else (None, False)


@cache
def _county(place: str, city: str) -> str:
    """The six digits of the county an address names after its city; "" where it names none."""
    of_city = tomllib.loads((ROOT / "resources" / "codes" / "regions.toml").read_text("utf-8"))[city]
    _, found, rest = place.partition(of_city["name"][:-1])
    # A county-level city or a county may stand alone.
    return next((code for code, name in of_city.items() if code != "name" and (rest.removeprefix("市").startswith(name) if found else name in place)), "")


# From which states a step may be taken, and what it makes of a claim.
_STEPS = {
    "submit": (("draft", "sent_back"), "submitted"), "send_back": (("submitted",), "sent_back"), "accept": (("submitted",), "accepted"),
    "refuse": (("submitted", "accepted"), "refused"), "pay": (("accepted",), "paid"), "recover": (("paid",), "recovered"),
    "withdraw": (("draft", "submitted", "sent_back"), "withdrawn"),
}  # fmt: skip


def course(plain: Plain, claim_id: str) -> tuple[str, int | None, int | None, tuple[str, ...]]:
    """Where a claim stands after the steps of every seat, what was accepted and paid, and the steps that count for nothing."""
    state, fen, beside = "draft", dict[str, int | None](), list[str]()
    for step in plain.rows("SELECT verb, fen FROM voucher_claim_step WHERE claim_id = ? ORDER BY position, at, id", claim_id):
        before, after = _STEPS[step["verb"]]
        if state in before:
            state, fen[step["verb"]] = after, step["fen"]
        else:
            beside.append(step["verb"])
    return state, fen.get("accept"), fen.get("pay"), tuple(beside)
