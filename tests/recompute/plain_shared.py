"""What the universities' sharing system would get, and the statement of what is filed, reckoned a second time: a list of what each set may not lack."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from tests.recompute.plain import ROOT, Plain
from tests.recompute.plain_duties import duties

Told = dict[Any, Any]
_ASKED = """
SELECT i.*, c.id AS stated, coalesce(nullif(c.inner_id, ''), i.asset_number) AS inner, c.assets_code, c.classification_code, c.application_area,
       c.maker_certification, c.country_code, coalesce(nullif(c.image_url, ''), i.image) AS picture, c.group_id, c.share_level, c.open_calendar,
       coalesce(nullif(c.service_charge, ''), i.fee_text) AS charge, c.state, coalesce(nullif(c.page_url, ''), i.booking_url) AS page
FROM instrument i LEFT JOIN cers_set c ON c.instrument_id = i.id
"""
# Column -> what its finding names, the longest that is taken, and what others keep of it (more is told and written all the same).
_TEXTS = {
    "inner": ("inner_id", 15, None), "assets_code": ("assets_code", 6, None), "classification_code": ("classification_code", 6, None),
    "name": ("name", None, 100), "model": ("model", None, 100), "technical": ("technical", 200, None), "application_area": ("application_area", 400, None),
    "manufacturer": ("manufacturer", None, 100), "maker_certification": ("maker_certification", None, 200), "value_fen": ("value_fen", None, None),
    "accepted_on": ("accepted_on", None, None), "picture": ("image_url", None, 200), "department": ("department", None, 100),
    "group_id": ("group_id", None, 15), "share_level": ("share_level", None, None), "open_calendar": ("open_calendar", None, 800),
    "charge": ("service_charge", None, 200), "page": ("page_url", None, None),
}  # fmt: skip
_LIGHT = ("longer_than_kept", "contact_left_out")


def sharing(plain: Plain, on: date) -> Told:
    """Asset number -> how a set stands in a file of a day, and what is told of it; how many stand so."""
    told: Told = {}
    rows = plain.rows(_ASKED)
    held = Counter(one["inner"] for one in rows if one["stated"] and not one["confidential"])
    for one in rows:
        if one["confidential"] or not one["stated"]:
            told[one["asset_number"]] = ("withheld" if one["confidential"] else "unstated", frozenset())
            continue
        faults = frozenset(_faults(one, on.isoformat())) | ({("same_inner_id", "inner_id")} if held[one["inner"]] > 1 else frozenset())
        told[one["asset_number"]] = ("left_out" if any(code not in _LIGHT for code, _ in faults) else "written", faults)
    counted = Counter(state for state, _ in told.values())
    # A confidential set is counted and named nowhere.
    named = {asset: one for asset, one in told.items() if one[0] in ("written", "left_out")}
    return named | {f"n {state}": n for state, n in counted.items()}


def _faults(one: Any, day: str) -> Iterator[tuple[str, str]]:
    for column, (name, most, kept) in _TEXTS.items():
        text = "" if one[column] is None else " ".join(str(one[column]).split())
        if not text:
            yield "blank", name
        elif most and len(text) > most:
            yield "too_long", name
        elif kept and len(text) > kept:
            yield "longer_than_kept", name
    if one["confidential"] is None:
        yield "secrecy_unknown", "confidential"
    if one["country_code"]:
        if not re.fullmatch("[A-Z][0-9]{3}", one["country_code"]):
            yield "country_form", "country_code"
    elif not one["country"] or one["country"] not in _countries():
        yield ("country_unknown" if one["country"] else "blank"), "country"
    if (one["accepted_on"] or "") > day:
        yield "date_ahead", "accepted_on"
    for column, name in (("picture", "image_url"), ("page", "page_url")):
        if one[column] and not one[column].startswith(("http://", "https://")):
            yield "not_address", name
    if (one["retired_on"] or "9999") <= day and not one["state"]:
        yield "state_unknown", "state"
    lacking = [name for name in ("street", "postcode", "contact", "phone", "email") if not one[name].strip()]
    if lacking:
        yield "contact_left_out", lacking[0]


@cache
def _countries() -> frozenset[str]:
    found = tomllib.loads((ROOT / "resources" / "codes" / "cers.toml").read_text("utf-8"))
    return frozenset(name for names in found["country"].values() for name in names)


def filed(plain: Plain, on: date) -> Told:
    """Confidential set in service on a day -> its acceptance and its filing by then; how many are filed, to be filed, neither."""
    day, states = on.isoformat(), duties(plain, on)
    told: Told = {}
    counted = Counter[str]()
    for one in plain.rows("SELECT * FROM instrument WHERE confidential AND coalesce(retired_on, '9999') > ?", day):
        later = one["filed_on"] is not None and one["filed_on"] > day
        told[one["asset_number"]] = (one["accepted_on"], "" if later else one["filing_number"], None if later else one["filed_on"])
        state = states[one["asset_number"]][0]
        counted[state if state in ("filed", "to_file") else "neither"] += 1
    return told | {"counted": (len(told), counted["filed"], counted["to_file"], counted["neither"])}
