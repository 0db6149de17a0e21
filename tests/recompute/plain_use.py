"""Hours, sharing and what hangs on them, reckoned a second time: performance, candidates for transfer, integrity counts, national effect."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, total
from tests.recompute.plain_money import prices

Told = dict[Any, Any]


def category_of(word: str) -> str:
    for tail in ("仪器", "设备"):
        word = word.removesuffix(tail)
    return word


def _ratio(top: int, bottom: int) -> Fraction:
    return Fraction(top, bottom) if bottom else Fraction(0)


def _standing(plain: Plain, start: str, end: str) -> list[Any]:
    """Postings of a span that nothing takes back."""
    return plain.rows(
        "SELECT p.*, r.started_at, r.ended_at, r.minutes AS billed, r.contact FROM posting p JOIN service_record r ON r.id = p.record_id "
        "WHERE p.reverses IS NULL AND p.ended_on >= ? AND p.ended_on < ? AND p.id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL)",
        start, end,
    )  # fmt: skip


def sets_with_use(plain: Plain, start: str, end: str) -> list[tuple[Any, list[Any]]]:
    """Sets that were there in the span, or used in it, with their standing postings."""
    by_set: dict[str, list[Any]] = defaultdict(list)
    for one in _standing(plain, start, end):
        by_set[one["instrument_id"]].append(one)
    touched = {row[0] for row in plain.rows("SELECT DISTINCT instrument_id FROM posting WHERE ended_on >= ? AND ended_on < ?", start, end)}
    told = []
    for one in plain.rows("SELECT * FROM instrument"):
        there = (one["accepted_on"] or "") < end and (one["retired_on"] or "9999") >= start
        if not one["confidential"] and (there or one["id"] in touched):
            told.append((one, by_set[one["id"]]))
    return told


def _measures(plain: Plain, category: str, uses: list[Any], day: date, n_sets: int = 1) -> tuple[Any, ...]:
    inside, outside = total(one["minutes"] for one in uses), total(one["minutes"] for one in uses if one["external"])
    rated = {"通用": "hours.rated_general", "专用": "hours.rated_special"}.get(category_of(category))
    score = None if rated is None else min(Fraction(100), Fraction(inside * 100, 60 * plain.rule(rated, day)))
    base = plain.rule("hours.utilisation_base", day) * n_sets
    return (
        len(uses), inside, outside, _ratio(outside, inside), Fraction(inside, 60 * base) if base else None, score,
        total(one["amount_fen"] for one in uses), total(one["amount_fen"] for one in uses if one["external"]), len({one["customer_id"] for one in uses}),
    )  # fmt: skip


def performance(plain: Plain, start: str, end: str, day: date) -> Told:
    """Every set, every department, the whole and the means of a span."""
    found = sets_with_use(plain, start, end)
    told: Told = {f"set {one['asset_number']}": _measures(plain, one["category"], uses, day) for one, uses in found}
    departments: dict[str, list[Any]] = defaultdict(list)
    for one, uses in found:
        departments[one["department"]].append(uses)
    for name, several in departments.items():
        told[f"department {name}"] = _measures(plain, "", [use for uses in several for use in uses], day, len(several))
    everything = [use for _, uses in found for use in uses]
    told["whole"] = _measures(plain, "", everything, day, len(found))
    least = plain.rule("duty.threshold_fen", day)
    above = [uses for one, uses in found if one["value_fen"] is not None and one["value_fen"] >= least]
    told["sets above the threshold"] = len(above)
    told |= _means("mean", above)
    # The nation's means are of the sets at its own threshold, and so is what stands beside them.
    national = plain.rule("national.threshold_fen", day)
    alike = [uses for one, uses in found if one["value_fen"] is not None and one["value_fen"] >= national]
    told["sets at the national threshold"] = len(alike)
    told |= _means("alike", alike)
    inside, outside = (sum(use["minutes"] for uses in alike for use in uses if use["external"] or not only) for only in (False, True))
    told["alike sharing rate"] = _ratio(outside, inside)
    platforms: dict[str, list[Any]] = defaultdict(list)
    for one, uses in found:
        named = " ".join(dict.fromkeys(part for part in (one["carrier_type"], one["carrier_number"]) if part and part != "无"))
        if named:
            platforms[named].append(uses)
    for name, several in platforms.items():
        told[f"platform {name}"] = _measures(plain, "", [use for uses in several for use in uses], day, len(several))
    return told


def _means(word: str, sets: list[list[Any]]) -> Told:
    return {
        f"{word} {name}": Fraction(sum(use["minutes"] for uses in sets for use in uses if use["external"] or not only), 60 * len(sets))
        for name, only in (("effective", False), ("external", True))
    }


def transfers(plain: Plain, start: date, end: date, day: date) -> Told:
    """Asset number -> verdict and what is to be settled before anything moves."""
    told: Told = {}
    for one, uses in sets_with_use(plain, start.isoformat(), end.isoformat()):
        measured = _measures(plain, "", uses, day)
        since = one["accepted_on"] or one["booked_on"]
        little = measured[4] < Fraction(plain.rule("transfer.low_utilisation", day))
        badly = measured[3] < Fraction(plain.rule("transfer.low_sharing_rate", day))
        enough = little or badly if plain.rule("transfer.one_suffices", day) else little and badly
        category = category_of(one["category"].strip())
        tests = [
            True if day >= end - timedelta(days=1) else None,
            one["retired_on"] is None or one["retired_on"] >= end.isoformat(),
            category in plain.rule("transfer.general_categories", day) if category else None,
            None if since is None else (end - date.fromisoformat(since)).days >= plain.rule("transfer.least_days", day),
            enough,
        ]
        verdict = "kept" if False in tests else "unknown" if None in tests else "candidate"
        # What nobody can do anything about comes first; where it is the use, the first of the two that is not low.
        failed = next((name for name, met in zip(("over", "in_service", "general", "long_enough"), tests[:4], strict=True) if met is False), "")
        kept = failed or ("badly_shared" if little else "little_used")
        last = _supervised_to(plain, one, day)
        told[one["asset_number"]] = (
            verdict, little, badly, frozenset(_cautions(plain, one, uses, day)), kept if verdict == "kept" else "",
            "" if last is None else last.isoformat() if isinstance(last, date) else last,
        )  # fmt: skip
    return told


def _supervised_to(plain: Plain, one: Any, day: date) -> date | str | None:
    """The last day of customs supervision; "unknown" without its first, None where nothing says it was duty-free."""
    if one["customs_supervised"] == 0 or not (one["customs_supervised"] or one["released_on"]):
        return None
    if not one["released_on"]:
        return "unknown"
    year, month, of_month = (int(part) for part in one["released_on"].split("-"))
    year += plain.rule("national.customs_years", day)
    return date(year, month, 28 if (month, of_month) == (2, 29) and year % 4 else of_month)


def _cautions(plain: Plain, one: Any, uses: list[Any], day: date) -> list[str]:
    told = [] if uses else ["no_records"]
    last = _supervised_to(plain, one, day)
    if last is not None and (not isinstance(last, date) or last >= day):
        told.append("customs")
    if one["fiscal"] is None:
        told.append("funds_not_stated")
    elif not one["fiscal"]:
        told.append("own_money")
    return told


def integrity(plain: Plain, start: str, end: str, day: date) -> Told:
    """Check -> the numbers of the records it points at, each with what it saw: another record, a sum, a day, a name, what is due."""
    told: dict[str, set[tuple[str, str]]] = {
        name: set() for name in ("overlap", "beyond_day", "beyond_times", "round_run", "late", "same_contact", "off_schedule")
    }
    due = prices(plain, now=True)
    customers = {one["id"]: bool(one["internal"]) for one in plain.rows("SELECT id, internal FROM customer")}
    keepers = {one["id"]: (one["contact"].strip(), one["phone"].strip()) for one in plain.rows("SELECT * FROM instrument")}
    by_set: dict[str, list[Any]] = defaultdict(list)
    every: dict[str, list[Any]] = defaultdict(list)
    for one in _standing(plain, "", "9999"):
        every[one["instrument_id"]].append(one)
    for several in every.values():
        told["overlap"] |= _overlapping(several, start, end)
        told["round_run"] |= _in_runs(several, start, end, int(plain.rule("integrity.round_run", day)))
    for one in _standing(plain, start, end):
        by_set[one["instrument_id"]].append(one)
        began, ended = datetime.fromisoformat(one["started_at"]), datetime.fromisoformat(one["ended_at"])
        between = int((ended - began).total_seconds()) // 60
        if one["billed"] > between:
            told["beyond_times"].add((one["record_number"], str(between)))
        if (date.fromisoformat(one["posted_on"]) - date.fromisoformat(one["ended_on"])).days > plain.rule("integrity.late_days", day):
            told["late"].add((one["record_number"], one["posted_on"]))
        if one["amount_fen"] != due[one["record_number"]]:
            moved = bool(one["external"]) == customers[one["customer_id"]]
            told["off_schedule"].add((one["record_number"], f"{'customer_class' if moved else 'amount'}:{one['amount_fen']}:{due[one['record_number']]}"))
        keeper, phone = keepers[one["instrument_id"]]
        contact = one["contact"].strip()
        if one["external"] and contact and (contact == keeper or (phone and phone in contact)):
            told["same_contact"].add((one["record_number"], contact))
    for several in by_set.values():
        several.sort(key=lambda one: (one["started_at"], one["ended_at"], one["record_number"]))
        _in_order(plain, several, told, day)
    return {name: frozenset(found) for name, found in told.items()}


def _overlapping(several: list[Any], start: str, end: str) -> set[tuple[str, str]]:
    """Records of a span that begin before an earlier one of the set has ended, whenever that one was."""
    told, longest = set(), ("", "")
    for one in sorted(several, key=lambda one: (one["started_at"], one["ended_at"], one["record_number"])):
        if one["started_at"] < longest[0] and start <= one["ended_on"] < end:
            told.add((one["record_number"], longest[1]))
        longest = max(longest, (one["ended_at"], one["record_number"]))
    return told


def _in_order(plain: Plain, several: list[Any], told: dict[str, set[tuple[str, str]]], day: date) -> None:
    days: dict[str, list[Any]] = defaultdict(list)
    for one in several:
        if one["started_at"][:10] == one["ended_at"][:10]:
            days[one["started_at"][:10]].append(one)
    for of_day in days.values():
        whole = sum(one["billed"] for one in of_day)
        if whole > plain.rule("integrity.day_minutes", day):
            told["beyond_day"] |= {(one["record_number"], str(whole)) for one in of_day}


def _in_runs(several: list[Any], start: str, end: str, length: int) -> set[tuple[str, str]]:
    """Records of a span that stand in a run of whole hours of the set, whenever that began and ended."""
    told: set[tuple[str, str]] = set()
    run: list[Any] = []
    for one in [*sorted(several, key=lambda one: (one["started_at"], one["record_number"])), None]:
        if one is not None and one["billed"] % 60 == 0:
            run.append(one)
            continue
        if len(run) >= length:
            told |= {(each["record_number"], str(len(run))) for each in run if start <= each["ended_on"] < end}
        run = []
    return told


def effect(plain: Plain, year: int) -> Told:
    """The yearly effect reported to the national platform."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    groups: dict[Any, tuple[int, set[str], str]] = {}
    for n, one in enumerate(plain.rows(
        "SELECT t.invoice_number, t.fen, p.instrument_id, p.customer_id, p.confidential + r.confidential AS secret, i.confidential AS of_set "
        "FROM receipt t JOIN posting p ON p.id = t.posting_id JOIN instrument i ON i.id = p.instrument_id JOIN service_record r ON r.id = p.record_id "
        "WHERE t.received_on BETWEEN ? AND ?", first, last,
    )):  # fmt: skip
        named = one["invoice_number"], one["instrument_id"], one["customer_id"], None if one["invoice_number"] else n
        fen, said, _ = groups.get(named, (0, set(), ""))
        of_one = "secret" if one["secret"] or one["of_set"] else "nothing" if one["of_set"] is None else "open"
        groups[named] = fen + one["fen"], said | {of_one}, one["invoice_number"]
    counted = [(fen, number) for fen, said, number in groups.values() if fen and said == {"open"}]
    silent = sum(bool(fen) and "nothing" in said and "secret" not in said for fen, said, _ in groups.values())
    limit = plain.rule("national.threshold_fen", last)
    there = [
        one for one in plain.rows("SELECT * FROM instrument")
        if (one["booked_on"] or one["accepted_on"] or "") <= last and (one["retired_on"] or "9999") > last
        and (one["value_fen"] is None or one["value_fen"] >= limit)
    ]  # fmt: skip
    sets = [one["value_fen"] for one in there if one["confidential"] == 0 and one["value_fen"] is not None]
    return {
        "vouchers": len({number for _, number in counted if number}), "of vouchers": sum(fen for fen, number in counted if number),
        "income": sum(fen for fen, _ in counted), "sets": len(sets), "of sets": sum(sets),
        "vouchers of which nothing is said": silent, "sets of which nothing is said": sum(one["confidential"] is None for one in there),
    }  # fmt: skip
