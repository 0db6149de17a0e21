"""What the national platform has from here, reckoned a second time by SQL over messages and what became of them."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from tests.recompute.plain import ROOT, Plain, nearest
from tests.recompute.plain_use import effect

Told = dict[Any, Any]
# Messages the platform took: what did not leave takes back the step before it, and of those that are left the last one counts.
_ACCEPTED = """
WITH course AS (SELECT *, rowid AS place, lead(step, 1, '') OVER (PARTITION BY message_id ORDER BY rowid) AS next FROM national_event),
ends AS (SELECT message_id, step, at, row_number() OVER (PARTITION BY message_id ORDER BY place DESC) AS back
         FROM course WHERE step <> 'not_sent' AND next <> 'not_sent')
SELECT m.id, m.kind, m.number, m.address, m.unit, e.at, date(e.at, '+8 hours') AS day
FROM ends e JOIN national_message m ON m.id = e.message_id WHERE e.back = 1 AND e.step = 'accepted' ORDER BY e.at, m.number
"""


@dataclass
class There:
    """A row as the platform has it: the day it first came, the message it came by last, and the day somebody took it off."""

    first: str
    message: Any
    sha256: str
    removed: str | None = None


def taken(plain: Plain, kind: str, *, here: bool = False) -> dict[str, There]:
    """Key -> row of a kind, wherever it was sent to or only ``here``: to the address in use, as the unit in use."""
    told: dict[str, There] = {}
    address, unit = plain.setting("national.address"), plain.setting("national.unit")
    for one in plain.rows(_ACCEPTED):
        if one["kind"] == kind and (not here or (one["address"], one["unit"]) == (address, unit)):
            for row in plain.rows("SELECT row_key, sha256 FROM national_row WHERE message_id = ?", one["id"]):
                before = told.get(row["row_key"])
                told[row["row_key"]] = There(before.first if before else one["day"], one, row["sha256"])
    for row in plain.rows("SELECT message_id, row_key, date(at, '+8 hours') AS day FROM national_removal"):
        there = told.get(row["row_key"])
        if there and there.message["id"] == row["message_id"]:
            there.removed = row["day"]
    return told


def audits(plain: Plain, day: str) -> dict[tuple[str, str], Any]:
    """Message and row -> what was seen of it last by a day."""
    asked = "SELECT * FROM national_audit WHERE seen_on <= ? ORDER BY seen_on, rowid"
    return {(one["message_id"], one["row_key"]): one for one in plain.rows(asked, day)}


def there(plain: Plain, on: date) -> Told:
    """Kind and name -> how a row stands that is not so any more, since when, what replaces it, when it first came, by which message, where else."""
    day, told = on.isoformat(), Told()
    sets = {one["asset_number"]: one for one in plain.rows("SELECT * FROM instrument")}
    for key, one in taken(plain, "4").items():
        own = sets.get(key)
        since = own["retired_on"] if own else None
        now = "gone" if own is None else "confidential" if own["confidential"] else "retired" if (since or "9999") <= day else ""
        _add(plain, told, f"4 {key}", one, now, since, "", day)
    records = _records(plain)
    for key, one in taken(plain, "6").items():
        record = records[key]
        back = record["reversed_on"] if record["state"] == "reversed" else None
        now = "confidential" if record["secret"] else "" if back is None or back > day else "corrected" if record["successor"] else "reversed"
        _add(plain, told, f"6 {record['number']}", one, now, back, record["successor"] or "", day)
    for key, one in taken(plain, "7").items():
        _add(plain, told, f"7 {key}", one, "" if one.sha256 == _of_effect(effect(plain, int(key))) else "changed", None, "", day)
    return told


def _add(plain: Plain, told: Told, name: str, one: There, now: str, since: str | None, successor: str, day: str) -> None:
    state = "removed" if one.removed and one.removed <= day else now
    if state and one.first <= day:
        sent = one.message["address"], one.message["unit"]
        away = "" if sent == (plain.setting("national.address"), plain.setting("national.unit")) else sent[0]
        told[name] = (state, since, successor, one.first, one.message["number"], away)


def _of_effect(told: Told) -> str:
    wan = {name: f"{cents // 100}.{cents % 100:02}" for name in ("of vouchers", "income", "of sets") for cents in [nearest(Fraction(told[name], 10_000))]}
    row = {
        "billNum": str(told["vouchers"]), "billWorth": wan["of vouchers"], "billWorthInstr": wan["income"], "instrNum": str(told["sets"]),
        "instrWorth": wan["of sets"], "remark": "无", "remarks": "无", "remarkOne": "无", "remarkTwo": "无",
    }  # fmt: skip
    return hashlib.sha256(f"[{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}]".encode()).hexdigest()


def _records(plain: Plain) -> dict[str, Any]:
    asked = (
        "SELECT r.id, r.number, r.state, coalesce(r.confidential, 0) + coalesce(i.confidential, 0) AS secret, b.posted_on AS reversed_on, "
        "n.number AS successor, i.name FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
        "LEFT JOIN posting p ON p.record_id = r.id AND p.reverses IS NULL LEFT JOIN posting b ON b.reverses = p.id "
        "LEFT JOIN service_record n ON n.replaces = r.id"
    )
    return {one["id"]: one for one in plain.rows(asked)}


def audited(plain: Plain, on: date) -> Told:
    """Kind and name -> how the audit of a row stands and whether somebody has to see to it; message -> how many of its rows stand in each state."""
    day, told = on.isoformat(), Told()
    sets = {one["asset_number"]: (one["asset_number"], one["confidential"], one["retired_on"]) for one in plain.rows("SELECT * FROM instrument")}
    records = {key: (one["number"], one["secret"], one["reversed_on"] if one["state"] == "reversed" else None) for key, one in _records(plain).items()}
    seen, counted = audits(plain, day), defaultdict[str, Counter[str]](Counter)
    withheld = 0
    for kind, known in (("4", sets), ("6", records)):
        for key, one in taken(plain, kind).items():
            if key not in known:
                continue
            name, secret, ended = known[key]
            if secret:
                withheld += not one.removed
            elif one.first <= day and not (one.removed and one.removed <= day):
                audit = seen.get((one.message["id"], key))
                state = audit["state"] if audit else "unseen"
                to_do = state in ("refused", "not_submitted") and (ended or "9999") > day
                told[f"{kind} {name}"] = (state, audit["seen_on"] if audit else None, audit["reason"] if audit else "", to_do)
                counted[one.message["number"]][state] += 1
    every = sum(counted.values(), Counter[str]())
    return told | {f"message {number}": dict(n) for number, n in counted.items()} | {"all": dict(every), "withheld": withheld}


def spans(plain: Plain, year: int, on: date) -> Told:
    """Quarter -> its services that may be sent, those of them the platform has, those with an error, those its audit refused; whether it is over; state."""
    assert plain.rule("national.records_per_year", f"{year}-12-31") == 4
    day, has, told = on.isoformat(), taken(plain, "6", here=True), Told()
    seen = audits(plain, day)
    counted: dict[int, Counter[str]] = {n: Counter() for n in (1, 2, 3, 4)}
    for one in plain.rows(
        "SELECT r.*, p.ended_on, i.confidential AS of_set, coalesce(u.word, r.rating) AS said FROM posting p JOIN service_record r ON r.id = p.record_id "
        "JOIN instrument i ON i.id = p.instrument_id LEFT JOIN user_rating u ON u.record_id = r.id WHERE p.ended_on LIKE ? AND p.reverses IS NULL "
        "AND p.id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL) AND NOT p.confidential AND NOT r.confidential "
        "AND coalesce(i.confidential, 0) = 0", f"{year}-%",
    ):  # fmt: skip
        n = counted[(int(one["ended_on"][5:7]) + 2) // 3]
        row = has.get(one["id"])
        if _wrong(one):
            n["wrong"] += 1
            continue
        n["sound"] += 1
        if row and row.first <= day and not (row.removed and row.removed <= day):
            audit = seen.get((row.message["id"], one["id"]))
            n["refused" if audit and audit["state"] == "refused" else "taken"] += 1
    for quarter, n in counted.items():
        over = f"{year + quarter // 4}-{quarter % 4 * 3 + 1:02}-01" <= day
        state = "nothing" if not n.total() else "running" if not over else "to_tell" if n["taken"] < n["sound"] else "wrong" if n["wrong"] else "told"
        told[f"{year}Q{quarter}"] = (n["sound"], n["taken"], n["wrong"], n["refused"], over, state)
    return told


@cache
def _lists() -> dict[str, frozenset[str]]:
    found = tomllib.loads((ROOT / "resources" / "codes" / "national.toml").read_text("utf-8"))
    return {
        "way": frozenset(found["way"]["words"]), "rating": frozenset(found["rating"]["words"]),
        "direction": frozenset(words[0] for words in found["direction"].values()),
    }  # fmt: skip


def _wrong(one: Any) -> bool:
    """Whether something keeps a service from being sent."""
    ways = [part.strip() for part in re.split("[、，,;；/]", one["way"]) if part.strip()]
    return (
        one["of_set"] is None or not ways or not _lists()["way"].issuperset(ways) or one["direction"].strip() not in _lists()["direction"]
        or (one["said"] != "" and one["said"] not in _lists()["rating"]) or len(one["item"].strip()) > 200
    )  # fmt: skip
