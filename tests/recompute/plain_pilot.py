"""Pilot bases, trainings and what technicians hold, reckoned a second time from the rows."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_PILOT = ("overall_design", "process_design", "integration", "quality_control", "production")
_SUBJECTS = (*_PILOT, "instrument", "safety", "other")


def bases(plain: Plain, day: date) -> Told:
    """Base -> what it meets of each condition and as a whole on a day, the worth of its equipment, its years and its state."""
    told: Told = {}
    for one in plain.rows("SELECT * FROM pilot_base"):
        there, hidden = [], 0
        for piece in _equipment(plain, one["id"]):
            if (piece["accepted"] or "") <= day.isoformat() < (piece["gone"] or "9999"):
                hidden += piece["secret"]
                there += [] if piece["secret"] else [piece["fen"]]
        worth = sum(fen or 0 for fen in there)
        least, years = plain.rule("pilot.base_equipment_fen", day), plain.rule("pilot.base_years", day)
        value = True if worth >= least else None if None in there or hidden or not there else False
        operating = None if one["started_on"] is None else _full_years(date.fromisoformat(one["started_on"]), day)
        kinds = {row["kind"] for row in plain.rows("SELECT kind FROM pilot_partner WHERE base_id = ?", one["id"])}
        parties = {"park": "park" in kinds, "academy": bool(kinds & {"college", "institute"}), "company": True}  # the institution is a company
        state = _state(plain, one["id"], day)
        conditions: dict[str, Any] = {
            "value": value, "years": None if operating is None else operating >= years, "market": None if one["market"] is None else bool(one["market"]),
            "open": None if state is None else state in ("open", "limited"),
        }  # fmt: skip
        conditions |= {f"party_{party}": True if there_ else False if kinds else None for party, there_ in parties.items()}
        demonstration = _all(conditions["value"], conditions["years"])
        whole = _all(*(met for name, met in conditions.items() if name not in ("value", "years")))
        known = [fen for fen in there if fen is not None]
        told[one["number"]] = (_said(demonstration), _said(whole), worth if known else None, hidden, operating, state)
        told |= {f"{one['number']} {name}": _said(met) for name, met in conditions.items()}
    return told


def _all(*met: bool | None) -> bool | None:
    return False if False in met else None if None in met else True


def _said(met: bool | None) -> str:
    return {True: "met", False: "not_met", None: "unknown"}[met]


def _equipment(plain: Plain, base: str) -> list[Any]:
    """Of a set of the register the register's value and days count; whichever ends first ends it."""
    return plain.rows(
        "SELECT e.id, CASE WHEN i.id IS NULL THEN e.value_fen ELSE i.value_fen END AS fen, "
        "CASE WHEN i.id IS NULL THEN e.accepted_on ELSE i.accepted_on END AS accepted, "
        "nullif(min(coalesce(e.retired_on, '9999'), coalesce(i.retired_on, '9999')), '9999') AS gone, "
        "coalesce(e.confidential, 0) OR coalesce(i.confidential, 0) AS secret "
        "FROM pilot_equipment e LEFT JOIN instrument i ON i.id = e.instrument_id WHERE e.base_id = ?", base,
    )  # fmt: skip


def _full_years(first: date, day: date) -> int:
    """Year by year: the day of the same date, or the last of February."""
    n = 0
    while True:
        try:
            next_one = first.replace(year=first.year + n + 1)
        except ValueError:
            next_one = date(first.year + n + 1, 2, 28)
        if next_one > day:
            return n
        n += 1


def _state(plain: Plain, base: str, day: date) -> str | None:
    said = plain.rows(
        "SELECT state FROM pilot_openness WHERE base_id = ? AND from_on <= ? ORDER BY from_on DESC, said_at DESC, id DESC", base, day.isoformat()
    )
    return said[0]["state"] if said else None


def services(plain: Plain, year: int, day: date) -> Told:
    """Base -> what it served in a calendar year, what of it has its evidence, and the award by the rules of a day; confidential ones are counted alone."""
    of_record = {row["record_id"]: row for row in plain.rows("SELECT * FROM pilot_service")}
    secret = {piece["id"] for base in plain.rows("SELECT id FROM pilot_base") for piece in _equipment(plain, base["id"]) if piece["secret"]}
    invoiced = {row[0] for row in plain.rows("SELECT DISTINCT posting_id FROM receipt WHERE invoice_number <> ''")}
    gone = {row[0] for row in plain.rows("SELECT reverses FROM posting WHERE reverses IS NOT NULL AND posted_on LIKE ?", f"{year}-%")}
    later = {row["record_id"]: row["word"] for row in plain.rows("SELECT * FROM user_rating")}
    said: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    users: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in plain.rows(
        "SELECT p.*, r.contract, r.rating, c.name FROM posting p JOIN service_record r ON r.id = p.record_id JOIN customer c ON c.id = p.customer_id"
    ):
        served = of_record.get(one["record_id"])
        if served is None or (one["posted_on"] if one["reverses"] else one["ended_on"])[:4] != str(year):
            continue
        of = sums[served["base_id"]]
        if one["confidential"] or served["equipment_id"] in secret:
            of["withheld"] += 1
            continue
        sign, fen = (-1 if one["reverses"] else 1), one["amount_fen"]
        of["n"] += sign
        of["minutes"] += one["minutes"]
        of["income"] += fen
        if not one["external"]:
            continue
        of["n external"] += sign
        of["external"] += fen
        users[served["base_id"]][one["name"]][0] += sign
        if one["reverses"]:
            of["reversed"] += fen
            continue
        of["services"] += 1
        if one["id"] not in gone:
            said[served["base_id"]].append(later.get(one["record_id"], one["rating"]))
        good = bool(one["contract"]) and one["id"] in invoiced
        of["evidenced" if good else "wanting"] += fen
        of["n wanting"] += not good
    rate = plain.rule("award.pilot_base_rate", day)
    told: Told = {}
    for base in plain.rows("SELECT * FROM pilot_base"):
        of = sums[base["id"]]
        estimate = None if rate is None else min(plain.rule("award.pilot_base_cap_fen", day), nearest(Fraction(rate) * max(0, of["external"])))
        names = frozenset(name for name, (n, _) in users[base["id"]].items() if n > 0)
        told[base["number"]] = (
            of["n"], of["minutes"], of["income"], of["n external"], of["external"], names, of["services"], of["evidenced"], of["n wanting"], of["wanting"],
            of["reversed"], estimate, of["withheld"], _satisfied(plain, said[base["id"]], day),
        )  # fmt: skip
    return told


def _satisfied(plain: Plain, said: list[str], day: date) -> Fraction | None:
    given = [word for word in said if word]
    good = plain.rule("definition.satisfied_ratings", day)
    return Fraction(sum(word in good for word in given), len(given)) if given else None


def trainings(plain: Plain, start: str, end: str) -> Told:
    """Subject -> courses, attendances, people, passed and hours; and the people of the pilot subjects and of all."""
    people: dict[str, set[str]] = defaultdict(set)
    passed: dict[str, set[str]] = defaultdict(set)
    n_attended: dict[str, int] = defaultdict(int)
    hours: dict[str, Decimal] = defaultdict(Decimal)
    courses = plain.rows("SELECT * FROM training WHERE ends_on >= ? AND ends_on < ?", start, end)
    empty = set()
    for course in courses:
        subject, came = course["subject"], plain.rows("SELECT * FROM training_attendance WHERE training_id = ?", course["id"])
        empty |= set() if came else {course["number"]}
        for one in came:
            who = one["technician_id"] or _folded(one["name"]) + "/" + _folded(one["organisation"])
            people[subject].add(who)
            passed[subject] |= {who} if one["outcome"] == "passed" else set()
            n_attended[subject] += 1
            hours[subject] += Decimal(course["hours"])
    named = {course["subject"] for course in courses}
    told: Told = {
        subject: (
            sum(course["subject"] == subject for course in courses), n_attended[subject], len(people[subject]), len(passed[subject]), hours[subject]
        )
        for subject in _SUBJECTS
        if subject in named
    }  # fmt: skip
    pilot, every = (set().union(*(people[subject] for subject in some)) for some in (_PILOT, _SUBJECTS))
    return told | {"pilot": len(pilot), "all": len(every), "without anybody": frozenset(empty)}


def _folded(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace()).casefold()


def staff(plain: Plain, day: date) -> Told:
    """Technician -> post, title and evaluation in force on a day, the factor, what is good besides, and the certificates that are over or end soon."""
    asked, told = day.isoformat(), {}
    near = (day + timedelta(days=plain.rule("staff.certificate_warning_days", day))).isoformat()
    for person in plain.rows("SELECT * FROM technician WHERE active"):
        every = plain.rows("SELECT * FROM staff_fact WHERE technician_id = ?", person["id"])
        good = [one for one in every if one["from_on"] <= asked <= (one["last_on"] or "9999")]
        alone = {one["kind"]: one for one in sorted(good, key=lambda one: (one["from_on"], one["id"]))}
        values = tuple(alone[kind]["value"] if kind in alone else None for kind in ("post", "title", "evaluation"))
        factor = alone["evaluation"]["factor"] if "evaluation" in alone else None
        certificates = [one for one in every if one["kind"] == "certificate"]
        over, ends = [], []
        for one in certificates:
            last = one["last_on"]
            followed = any(other["value"] == one["value"] and (other["last_on"] or "9999") > (last or "9999") for other in certificates)
            if last is not None and one["from_on"] <= asked and not followed:
                over += [(one["value"], last)] if last < asked else []
                ends += [(one["value"], last)] if asked <= last <= near else []
        beside = tuple(sorted(one["id"] for one in good if one["kind"] in ("certificate", "recognition")))
        told[person["staff_number"]] = (*values, None if factor is None else Decimal(factor), beside, tuple(sorted(over)), tuple(sorted(ends)))
    return told
