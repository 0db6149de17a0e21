"""The quarterly sheet, what is due to the national platform, management documents, and the network's word, reckoned a second time."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, counted_from, works
from tests.recompute.plain_duties import duties
from tests.recompute.plain_platform import There, audits, taken
from tests.recompute.plain_sensors import sensors

Told = dict[Any, Any]


def quarterly(plain: Plain, start: str, end: str, day: date) -> Told:
    """Sets that had services in a span, what was taken back counted against it; by department, by set, and the sums."""
    sets = {one["id"]: one for one in plain.rows("SELECT * FROM instrument")}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for one in plain.rows("SELECT * FROM posting WHERE ended_on >= ? AND ended_on < ?", start, end):
        of_set, outside = sums[one["instrument_id"]], int(one["external"])
        of_set[0] += -1 if one["reverses"] else 1
        for place, value in enumerate((one["minutes"], one["minutes"] * outside, one["amount_fen"], one["amount_fen"] * outside), 1):
            of_set[place] += value
    backed = {key.removeprefix("set ") for key, one in sensors(plain, start, end, day).items() if key.startswith("set ") and one[8]}
    told: Told = {"withheld": sum(bool(sets[key]["confidential"]) for key in sums)}
    departments: dict[str, list[list[int]]] = defaultdict(list)
    for key, of_set in sums.items():
        one = sets[key]
        if not one["confidential"]:
            departments[one["department"] or "未填部门"].append(of_set)
            told[f"set {one['asset_number']}"] = (*_row([of_set]), "传感器" if one["asset_number"] in backed else "无传感器佐证")
    for name, several in departments.items():
        told[f"department {name}"] = (len(several), 0, *_row(several))
    every = [one for several in departments.values() for one in several]
    told["sum of departments"] = (len(every), 0, *_row(every)) if every else None
    told["sum of sets"] = (*_row(every), "") if every else None
    return told


def _row(several: Iterable[list[int]]) -> tuple[Any, ...]:
    n, inside, outside, income, external = (sum(part) for part in zip(*several, strict=True))
    return n, inside, outside, Fraction(outside, inside) if inside else Fraction(0), income, external


def national_reports(plain: Plain, day: date) -> Told:
    """Every set: state, last day, working days left (negative when it is over)."""
    has, seen = taken(plain, "4", here=True), audits(plain, day.isoformat())
    there = {key: row for key, row in has.items() if row.first <= day.isoformat() and not (row.removed and row.removed <= day.isoformat())}
    refused = {key for key, row in there.items() if (row.message["id"], key) in seen and seen[row.message["id"], key]["state"] == "refused"}
    return {
        one["asset_number"]: _report(plain, one, day, there.get(one["asset_number"]), one["asset_number"] in refused)
        for one in plain.rows("SELECT * FROM instrument")
    }


def _report(plain: Plain, one: Any, day: date, there: There | None, refused: bool) -> tuple[str, date | None, int | None]:
    accepted, today = one["accepted_on"], day.isoformat()
    least, days = plain.rule("national.threshold_fen", accepted or today), accepted and plain.rule("national.report_days", accepted)
    small = least is not None and one["value_fen"] is not None and one["value_fen"] < least
    if one["confidential"] or (one["retired_on"] or "9999") <= today or (accepted or "") > today or small:
        return "not_obliged", None, None
    last = counted_from(date.fromisoformat(accepted), days)[0] if accepted and days is not None else None
    over = last is not None and day > last
    n = last and sum(works(date.fromordinal(at)) for at in range(min(day, last).toordinal() + 1, max(day, last).toordinal() + 1)) * (-1) ** over
    if there is not None:
        return ("refused", last, n) if refused else ("late" if last and there.first > last.isoformat() else "reported", last, None)
    if accepted and (least is None or days is None):
        return "before_rule", None, None
    if one["value_fen"] is None or one["confidential"] is None or last is None:
        return "unknown", last, None
    return "overdue" if over else "due", last, n


# The papers of a kind, or of a user where it is agreements: those in force first, the one begun last before the others; then those that are over, the
# one over last before the others; then those to come.
_RANKED = """
SELECT number, from_on, last_on, CASE WHEN from_on > :day THEN 2 WHEN coalesce(last_on, '9999') < :day THEN 1 ELSE 0 END AS side
FROM management_document WHERE kind = :kind AND party = :party
ORDER BY side, CASE WHEN side = 1 THEN last_on END DESC, CASE WHEN side < 2 THEN from_on END DESC, CASE WHEN side < 2 THEN number END DESC, from_on, number
"""


def paper(plain: Plain, kind: str, party: str, day: date) -> tuple[str, str | None]:
    """How a kind of paper stands on a day, and the number of the one that counts for it."""
    found = plain.connection.execute(_RANKED, {"day": day.isoformat(), "kind": kind, "party": party}).fetchall()
    if not found:
        return "missing", None
    one, warning = found[0], plain.rule("management.warning_days", day)
    if one["side"]:
        return ("over", "not_yet")[one["side"] - 1], one["number"]
    if warning is None or one["last_on"] is None or date.fromisoformat(one["last_on"]).toordinal() - day.toordinal() > warning:
        return "in_force", one["number"]
    after = date.fromordinal(date.fromisoformat(one["last_on"]).toordinal() + 1).isoformat()
    follows = any(other["from_on"] <= after <= (other["last_on"] or "9999") for other in found)
    return ("in_force" if follows else "ends_soon"), one["number"]


def management(plain: Plain, day: date) -> Told:
    """Kind of paper or user -> how it stands on a day and the number that counts; how many of those asked for are in force; what is to be told."""
    asked = plain.rule("management.required_kinds", day)
    there = {(one["kind"], one["party"]) for one in plain.rows("SELECT DISTINCT kind, party FROM management_document")}
    every = there | {(kind, "") for kind in asked or ()}
    told: Told = {f"{kind} {party}": (*paper(plain, kind, party, day), kind in (asked or ())) for kind, party in every}
    good = sum(state in ("in_force", "ends_soon") for state, _, wanted in told.values() if wanted)
    counted = Counter(state for state, _, _ in told.values() if state != "in_force")
    return told | {"of those asked for": (None if asked is None else good, None if asked is None else len(asked)), "told": counted}


def publications(plain: Plain, day: date) -> Told:
    """Set that is not confidential -> how the network's word and the ledger stand to each other; what is published, and what is of none here."""
    said = {one["id"]: one for one in plain.rows("SELECT * FROM publication")}
    duty = {asset: state for asset, (state, *_) in duties(plain, day).items()}
    sets = plain.rows("SELECT * FROM instrument")
    told: Told = {}
    counted: Counter[str] = Counter()
    for one in sets:
        if not one["confidential"]:
            word = said.get(one["id"])
            standing = _standing(one, word, duty.get(one["asset_number"]))
            told[one["asset_number"]] = standing
            counted[word["state"] if word else ""] += bool(word) or standing == "not_there"
    keys, secret = {one["id"] for one in sets}, {one["id"] for one in sets if one["confidential"]}
    return told | {"published": {state: n for state, n in counted.items() if n}, "of none here": len(said.keys() - keys), "secret": len(said.keys() & secret)}


def _standing(one: Any, word: Any, duty: str | None) -> str:
    if duty is None:  # out of service
        return "retired_listed" if word and word["state"] == "listed" else "not_asked"
    belongs = duty in ("to_join", "overdue", "joined", "joined_late")
    if word is None:
        return "not_there" if belongs else "not_asked"
    here, there = (_bare(text) for text in (one["network_number"], word["network_number"]))
    if here and there and here != there:
        return "number_differs"
    if word["state"] == "taken_down":
        return "taken_down"
    if not word["network_number"]:
        return "no_number" if belongs else "not_asked"
    return "agrees" if one["network_number"] else "number_not_entered"


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
