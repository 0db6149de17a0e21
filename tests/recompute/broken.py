"""Programs that are broken in one place each, and what of the year must tell it: (figures, module, what is replaced there, by what)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop.actions import award as awards
from desktop.actions import (
    benefit_groups,
    fee_building,
    filing,
    integrity_charges,
    national_messages,
    national_taken,
    performance_report,
    pilot_report,
    pilot_view,
    purchase_candidates,
    sensor_views,
    voucher_city_meters,
    voucher_overview,
)
from desktop.actions import payout_comparison as compared_payouts
from desktop.actions import performance as performances
from desktop.actions import repricing as repricing_actions
from desktop.actions import yearly_balance as yearly_balances
from desktop.formats import cers as cers_shape
from desktop.formats import national as national_shapes
from desktop.formats import national_services
from desktop.ledger import period as periods
from desktop.ledger.fees import FeeSchedule
from desktop.ledger.sensor import SensorBinding
from desktop.reports import transactions
from desktop.rules import (
    award,
    benefit,
    benefit_group,
    charging,
    cost_parts,
    cost_price,
    customs,
    duties,
    integrity_answers,
    management,
    national_due,
    national_sending,
    national_there,
    parameters,
    payout_comparison,
    payroll,
    performance,
    pilot_base,
    publications,
    purchase_national,
    purchase_review,
    repricing,
    sensor,
    sensor_days,
    sensor_sessions,
    sensor_time,
    settlement,
    short_forms,
    similarity,
    staff,
    trainings,
    transfer,
    university_use,
    voucher_city,
    voucher_claims,
    voucher_evidence,
    voucher_rate,
    vouchers,
    workdays,
    yearly_balance,
)
from desktop.rules.fee_matching import Version
from desktop.store import award as award_rows
from desktop.store import evaluation as evaluation_rows
from desktop.store import fee_views
from desktop.store import fees as fee_rows
from desktop.store import integrity as integrity_rows
from desktop.store import national as national_rows
from desktop.store import national_audit_rows as audit_rows
from desktop.store import pilot as pilot_rows
from desktop.store import reporting as reporting_rows
from desktop.store import repricing as repricing_rows
from desktop.store import university as university_rows

CALENDAR = periods.parse("2025")


def down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _rewritten(sql: str, old: str, new: str) -> str:
    assert old in sql, f"the query no longer says {old!r}"
    return sql.replace(old, new)


def _with_drafts(old: Any) -> Any:
    """What nobody has approved counts as what somebody has."""

    def versions(connection: Any) -> Any:
        told: dict[str, list[Version]] = {}
        for one in fee_rows.SCHEDULES.find(connection, order="instrument_id, from_on"):
            told.setdefault(one.instrument_id, []).append(Version(one, tuple(fee_rows.lines_of(connection, one.id))))
        return told

    return versions


def _late_as_soon(names: dict[str, str]) -> dict[str, str]:
    return names | {"late": _rewritten(names["late"], "> :late_days", ">= :late_days")}


def _a_full_day(names: dict[str, str]) -> dict[str, str]:
    return names | {"beyond_day": _rewritten(names["beyond_day"], "> :day_minutes", ">= :day_minutes")}


def _cut_runs(names: dict[str, str]) -> dict[str, str]:
    """A run of whole hours ends with the year."""
    return names | {"round_run": _rewritten(names["round_run"], f"({integrity_rows._OF_SETS})", "standing")}


def _swapped(old: Any) -> Any:
    """Minutes where the income stands, and the other way round."""
    return lambda connection, run: [(*one[:7], one[8], one[7], *one[9:]) for one in old(connection, run)]


def _but_a_fen(compare: Any) -> Any:
    def compared(record: Any, used: Any, charged: Any, *rest: Any, **known: Any) -> Any:
        found = compare(record, used, charged, *rest, **known)
        return None if found is not None and found.due_fen is not None and abs(found.due_fen - charged.fen) <= 1 else found

    return compared


def _whole_functions(used: Any) -> Any:
    """Every function in use as soon as one is."""
    return lambda counts, known, day: used(counts | {"used_functions": counts.get("original_functions", 0)}, known, day)


BROKEN: dict[str, tuple[str, Any, str, Callable[[Any], Any]]] = {
    "the sharing rate upside down": ("performance of a calendar year", performance, "shared", lambda old: lambda outside, inside: old(inside, outside)),
    "sets below the nation's threshold beside its means": (
        "performance of a calendar year", performances, "NATIONAL_THRESHOLD", lambda old: "duty.threshold_fen"
    ),
    "special sets rated as general ones": (
        "performance of an academic year", performance, "RATED", lambda old: old | {"专用": old["通用"]}
    ),
    "a score that is not capped": ("yearly benefit scores", benefit, "_within", lambda old: lambda value: value),
    "sets with use counted as unused": ("performance as printed", performance_report, "_idle", lambda old: lambda use: not old(use)),
    "means of groups over all their sets": (
        "performance as printed", performances, "from_value", lambda old: lambda sets, threshold: [one for one in sets if one.value_fen is not None]
    ),
    "drafts forgotten": ("performance as printed", reporting_rows, "n_unposted", lambda old: lambda connection, period: 0),
    "all functions taken to be in use": ("yearly benefit scores", benefit, "_used", _whole_functions),
    "platforms scored by department": (
        "benefit scores of departments and platforms", benefit_groups, "_name", lambda old: lambda kind, one: old("department", one)
    ),
    "what is not known of a set counted for nothing in a group": (
        "benefit scores of departments and platforms", benefit_group, "Range", lambda old: lambda least, most: old(least, least)
    ),
    "services that were taken back reported": (
        "a university's academic year", university_rows, "_SERVED",
        lambda sql: _rewritten(sql, "NOT EXISTS (SELECT 1 FROM posting t WHERE t.reverses = p.id)", "1"),
    ),
    "hours of a university cut to whole ones": ("a university's academic year", university_use, "half_up", lambda old: int),
    "the word of the entry before that of the user": (
        "what users said", evaluation_rows, "_RATED", lambda sql: _rewritten(sql, "coalesce(u.word, r.rating)", "coalesce(nullif(r.rating, ''), u.word, '')")
    ),
    "a reversal counted in the year of its service": (
        "award", award_rows, "_LINES", lambda sql: _rewritten(sql, "CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END", "p.ended_on")
    ),
    "the word of the entry before that of the user in the award pack": (
        "award", award_rows, "_LINES",
        lambda sql: _rewritten(sql, "coalesce((SELECT u.word FROM user_rating u WHERE u.record_id = r.id), r.rating)", "r.rating"),
    ),
    "an estimate without its cap": ("award", award, "min", lambda old: max),
    "what was taken back counted as a service more in a quarter": (
        "use of a quarter", reporting_rows, "_SHARED", lambda sql: _rewritten(sql, "sum(reverses IS NULL) - sum(reverses IS NOT NULL)", "count(*)")
    ),
    "hours a sensor did not see called seen": ("use of a quarter", sensor, "confirms", lambda old: lambda found: True),
    "a set due to the national platform by the threshold of the network": (
        "reports due to the national platform", national_due, "THRESHOLD", lambda old: "duty.threshold_fen"
    ),
    "what the platform took later counted": (
        "services told to the national platform by the end of the year", national_taken.Taken, "had_on", lambda old: lambda self, on: self.removed is None
    ),
    "services with an error counted as sound": (
        "services told to the national platform", national_services.ServiceForm, "sound", lambda old: property(lambda self: True)
    ),
    "a message the platform refused taken for one it took": (
        "what the national platform has", national_sending, "state", lambda old: lambda steps: "accepted" if old(steps) == "refused" else old(steps)
    ),
    "what was replaced told as reversed": (
        "what the national platform has", national_there, "assess", lambda old: lambda facts, on: old(replace(facts, successor=""), on)
    ),
    "what was seen first of an audit counts": (
        "audits of the national platform", audit_rows, "_LISTED", lambda sql: _rewritten(sql, "s.seen_on DESC, s.rowid DESC", "s.seen_on, s.rowid")
    ),
    "what a person took off still counted among the audits": (
        "audits of the national platform", audit_rows, "_LISTED", lambda sql: _rewritten(sql, "date(g.at, '+8 hours') <= :day", "date(g.at) < :day")
    ),
    "a year of customs supervision too few": (
        "sets for the national platform", customs, "over", lambda old: lambda released_on, years, on: old(released_on, years - 1, on)
    ),
    "values cut to the platform's last place": (
        "sets for the national platform", national_shapes, "hundredths", lambda old: lambda fen: fen // 10_000 * 10_000
    ),
    "two sets under one number written": ("the universities' sharing system", cers_shape, "_alone", lambda old: lambda row, holders: row),
    "sets that waited for their filing counted as filed": (
        "the statement of filed sets", filing, "FilingLine", lambda old: lambda *told: old(*told[:5], "filed" if told[5] == "to_file" else told[5], *told[6:])
    ),
    "costs of no one set left out of the whole year": (
        "yearly balance", yearly_balances, "_whole",
        lambda old: lambda period, lines, declared, cited: old(period, lines, declared and declared[1:], cited),
    ),
    "the day of acceptance counted": (
        "duties at the end of the year", duties, "nth_workday_after", lambda old: lambda day, n, calendar: replace(old(day, max(1, n - 1), calendar), counted=n)
    ),
    "make-up days left out": (
        "duties within the year", workdays.Calendar, "workdays",
        lambda old: lambda self, year: tuple(day for day in old(self, year) if date.fromordinal(day).weekday() < 5),
    ),
    "the cap given out by number": ("vouchers", vouchers, "in_order", lambda old: lambda uses: sorted(uses, key=lambda use: use.number)),
    "shares rounded down": ("vouchers", vouchers, "rounded", lambda old: down),
    "a city's cap by enterprise alone": ("vouchers", voucher_city, "places", lambda old: lambda use: old(use)[:1]),
    "what is left out of a fee counted": (
        "what is shown of vouchers", vouchers, "eligible_fee", lambda old: lambda use, known: old(replace(use, excluded_fen=0), known)
    ),
    "counties with the higher rate forgotten": (
        "what is shown of vouchers", voucher_rate, "_supported",
        lambda old: lambda region, day, known: (region.city_code in known.in_force(voucher_rate.CITIES, day).codes, False, ()),
    ),
    "what was accepted taken for what was paid": (
        "what is shown of vouchers", voucher_claims, "after",
        lambda old: lambda claim, event: (now := old(claim, event)) and replace(now, paid_fen=now.accepted_fen),
    ),
    "the step another seat took later counted": (
        "what is shown of vouchers", voucher_claims, "_NEXT", lambda old: old | {("accepted", "accept"): "accepted", ("accepted", "send_back"): "sent_back"}
    ),
    "what is open taken for nothing in a cap": (
        "what is shown of vouchers", voucher_overview, "_meter",
        lambda old: lambda year, key, own, known: old(year, key, [replace(one, amount_fen=one.amount_fen or 0) for one in own], known),
    ),
    "the number of a paper taken for its file": (
        "papers of vouchers", voucher_evidence, "_state", lambda old: lambda one: "attached" if one.number else old(one)
    ),
    "a reversal in the transactions of the year of its service": (
        "transactions", transactions, "counted", lambda old: lambda facts: [one for one in facts.lines if one.ended_on.year == facts.year]
    ),
    "ranks by number in the place of money": (
        "transactions", transactions, "_ranking", lambda old: lambda what, amounts, total: old(what, [(name, 1) for name, _ in amounts], total)
    ),
    "minutes of a statement taken for income": ("statements and payroll", reporting_rows, "behind_run", _swapped),
    "what comes late not told to payroll": (
        "statements and payroll", payroll, "_notes", lambda old: lambda *parts: tuple(one for one in old(*parts) if one.code != "payout.note_late")
    ),
    "the legal limit a fen too high": ("a payout of posted fees", settlement, "at_most", lambda old: lambda rate, base: old(rate, base) + 1),
    "the legal limit of a payout forgotten": ("a payout of posted fees", settlement, "_legal_limit", lambda old: lambda *parts: None),
    "a cost's days rounded down": ("a payout of money received", cost_parts, "rounded", lambda old: down),
    "the remainder kept by nobody": ("a payout of money received", settlement, "split", lambda old: lambda *parts: replace(old(*parts), remainder=0)),
    "reasons rounded down": ("two payouts, by one kind of weight", payout_comparison, "rounded", lambda old: down),
    "one order of replacing alone": ("two payouts, by one kind of weight", payout_comparison, "permutations", lambda old: lambda names: [tuple(names)]),
    "the earlier sum in the place of the mean": ("two payouts, by weights of two kinds", payout_comparison, "_mean", lambda old: lambda one, other: one),
    "what is left over by rounding taken for a part by weight": (
        "two payouts, by one kind of weight", payout_comparison, "_side",
        lambda old: lambda own, divided: old([replace(one, weight_fen=one.weight_fen + one.remainder_fen, remainder_fen=0) for one in own], divided),
    ),
    "evaluations forgotten": ("two payouts, by one kind of weight", compared_payouts, "_factor", lambda old: lambda factor: Decimal(1)),
    "both runs counted where one reversed the other": (
        "two payouts, by weights of two kinds", compared_payouts, "_counting",
        lambda old: lambda known, span, dated: [run for run in known if run.to_on in span],
    ),
    "a run reversed taken for services taken back": (
        "payouts of two quarters, one reversed in the second", payout_comparison, "_side",
        lambda old: lambda own, divided: old([replace(one, back_fen=one.back_fen + one.reversed_fen, reversed_fen=0) for one in own], divided),
    ),
    "who is new taken for somebody with nothing before": (
        "two payouts, by one kind of weight", payout_comparison, "_standing", lambda old: lambda first, second: "both"
    ),
    "time idle taken for work": ("sensors", sensor, "merged", lambda old: lambda sessions: old([replace(one, band="working") for one in sessions])),
    "two sensors counted twice": ("sensors", sensor_time, "joined", lambda old: sorted),
    "a second too little seen": ("sensors", sensor, "seconds_inside", lambda old: lambda *parts: max(0, old(*parts) - 1)),
    "judged by the first day of a service": (
        "sensors", sensor, "_sat", lambda old: lambda one, bindings: any(each.holds(sensor_time.local_day(one.started_at)) for each in bindings)
    ),
    "seen by a sensor that had left": ("sensors", sensor_time, "_until", lambda old: lambda one: sensor_time.midnight(date(2099, 1, 1))),
    "a sensor of the last year left out over New Year": (
        "sensors", sensor, "reconcile",
        lambda old: lambda claims, seen, bound, *rest: old(claims, seen, [one for one in bound if not one.until_on or one.until_on in CALENDAR], *rest),
    ),
    "minutes of the seen rounded down": ("sensors", sensor, "half_up", lambda old: int),
    "services counted whole on their first day": (
        "sensors", sensor_days, "_shares", lambda old: lambda claim: [(sensor_time.local_day(claim.started_at), claim.minutes)]
    ),
    "months of seen hours rounded down": ("sensors", sensor_days, "minutes", lambda old: lambda n_seconds: n_seconds // 60),
    "covered by a sensor that was taken off": ("sensors", SensorBinding, "holds", lambda old: lambda self, day: self.from_on <= day),
    "sets counted among those to be covered that are gone": ("sensors", sensor_views, "_serves", lambda old: lambda one, day: True),
    "small sets counted among those to be covered": (
        "sensors", sensor, "coverage", lambda old: lambda fitted, *rest: old([replace(one, value_fen=one.value_fen and 10**9) for one in fitted], *rest)
    ),
    "a longer silence bridged": ("logs of meters", sensor_sessions, "gap_in_force", lambda old: lambda known, day: old(known, day) + timedelta(seconds=1)),
    "limits of a set that held before": ("logs of meters", sensor_sessions, "limits_on", lambda old: lambda bands, day: old(bands, day - timedelta(days=1))),
    "a base judged by equipment that is gone": ("pilot bases", pilot_base.Piece, "serves", lambda old: lambda self, day: True),
    "a year that is not over counted as one": (
        "pilot bases the day before", pilot_base, "full_years", lambda old: lambda since, day: max(0, day.year - since.year)
    ),
    "who builds a base without the institution itself": ("pilot bases", pilot_view, "_parties", lambda old: lambda partners, kind: old(partners, "")),
    "the first that was said of a day holds": (
        "pilot bases", pilot_view, "open_on",
        lambda old: lambda said, day: max((one for one in said if one.from_on <= day), key=lambda one: (one.from_on, -one.said_at.timestamp()), default=None),
    ),
    "a base's service taken back counted as one more": ("services of pilot bases", pilot_report, "_stands", lambda old: lambda line: 1),
    "an invoice alone taken for the evidence": ("services of pilot bases", awards, "evidenced", lambda old: lambda lines: replace(old(lines), n_wanting=0)),
    "the word of the entry alone on a base's paper": (
        "services of pilot bases", pilot_rows, "_LINES",
        lambda sql: _rewritten(sql, "coalesce((SELECT u.word FROM user_rating u WHERE u.record_id = r.id), r.rating)", "r.rating"),
    ),
    "a base's award without its cap": ("services of pilot bases", award, "min", lambda old: max),
    "who came twice counted twice": ("trainings", trainings, "who", lambda old: lambda one: one.id),
    "those who did not pass counted with those who did": (
        "trainings", trainings, "_of", lambda old: lambda subject, courses: replace(old(subject, courses), n_passed=old(subject, courses).n_people)
    ),
    "the last day of a fact out": (
        "what technicians hold", staff, "good", lambda old: lambda one, day: one.from_on <= day and (one.last_on is None or day < one.last_on)
    ),
    "the post that began first holds": (
        "what technicians hold", staff, "held",
        lambda old: lambda facts, kind, day: min(
            (one for one in facts if one.kind == kind and staff.good(one, day)), key=lambda one: (one.from_on, one.id), default=None
        ),
    ),
    "another certificate taken for the next one": ("what technicians hold", staff, "_follows", lambda old: lambda other, one: True),
    "a version's cost rounded down": ("yearly balance", yearly_balance, "rounded", lambda old: down),
    "one test alone too few": ("candidates for transfer", transfer, "any_of", lambda old: transfer.all_of),
    "a part of a year counted as one": ("purchases", purchase_review, "whole_year", lambda old: lambda *parts: True),
    "the oldest word of the national platform taken": (
        "purchases", purchase_national, "newest",
        lambda old: lambda results: tuple(one for one in results if one.decided_on == min(each.decided_on for each in results)),
    ),
    "of others' sets only those of the class looked at": ("purchases", purchase_candidates, "sieves", lambda old: lambda proposal: old(proposal)[:1]),
    "short forms are not read": ("purchases", short_forms, "read", lambda old: lambda name, on=None: short_forms.Reading(name, ())),
    "likeness by signs, not by pairs": ("purchases", similarity, "pairs", lambda old: lambda text: tuple(dict.fromkeys(text))),
    "the first day of the next year taken in": (
        "national effect", national_rows, "_VOUCHERS", lambda sql: _rewritten(sql, "t.received_on < ?", "t.received_on <= ?")
    ),
    "money of sets of which nobody said they are open": (
        "national effect", national_rows, "_VOUCHERS", lambda sql: _rewritten(sql, "i.confidential", "coalesce(i.confidential, 0)")
    ),
    "sets counted that came later or are gone": ("national effect", national_messages, "there", lambda old: lambda one, period: True),
    "a record named beside itself": (
        "integrity", integrity_rows, "_CHECKS",
        lambda names: names | {"overlap": _rewritten(names["overlap"], "substr(longest, length(last_end) + 1)", "number")},
    ),
    "customers taken for what they were": (
        "integrity", integrity_charges, "compare",
        lambda old: lambda *parts, internal, own_school: old(*parts, internal=parts[2].customer_class != "external", own_school=own_school),
    ),
    "a fen more or less taken for rounding": ("integrity", integrity_charges, "compare", _but_a_fen),
    "the first answer holds": ("rectification", integrity_answers, "holds", lambda old: lambda told: old(list(told)[:1])),
    "the day a notice is due taken for over": (
        "rectification", integrity_answers, "notice", lambda old: lambda due, answered, day, calendar: old(due, answered, day + timedelta(days=1), calendar)
    ),
    "supervision one day short": ("candidates for transfer", customs, "last_day", lambda old: lambda day, years: old(day, years) - timedelta(days=1)),
    "hours for others as all hours": (
        "purchases", purchase_candidates, "Candidate", lambda old: lambda *parts: old(*parts[:7], parts[6], *parts[8:]) if len(parts) > 7 else old(*parts)
    ),
    "late on the last day": ("integrity", integrity_rows, "_CHECKS", _late_as_soon),
    "a run cut at the end of the year": ("integrity", integrity_rows, "_CHECKS", _cut_runs),
    "a full day taken for more than one": ("integrity", integrity_rows, "_CHECKS", _a_full_day),
    "prices moved before they are rounded twice": (
        "a year with every price up by a part", charging, "rounded", lambda old: lambda value: old(Fraction(old(value), 1)) - (value % 1 == Fraction(1, 2))
    ),
    "services that were taken back priced again": (
        "a year with every price up by a part", repricing_rows, "_SERVED",
        lambda sql: _rewritten(sql, "NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)", "1"),
    ),
    "other prices that are not moved": (
        "a year by more versions of prices, a part less", repricing, "reprice",
        lambda old: lambda usage, line, customer_class, change: old(usage, line, customer_class),
    ),
    "what cannot be repriced taken for free": (
        "a year by more versions of prices, a part less", repricing.Tally, "add",
        lambda old: lambda self, posted_fen, would_fen: old(self, posted_fen, would_fen or 0)
    ),
    "the newest prices in the place of those of the day": (
        "a year by the prices of a day", repricing_actions, "_covering", lambda old: lambda versions, day: versions[-1]
    ),
    "maintenance of an hour rounded down": ("costs that are suggested", cost_price, "rounded", lambda old: down),
    "the own rate of maintenance forgotten": (
        "costs that the builder of fees offers", fee_building, "suggested", lambda old: lambda one, known, day: old(one, parameters.packaged(), day)
    ),
    "what a city adds left out of its cap": (
        "what is shown of vouchers", voucher_city_meters, "_meter",
        lambda old: lambda place, own, counted, known: old(place, own, [replace(one, top_up_fen=one.top_up_fen and 0) for one in counted], known),
    ),
    "the enterprises of one controller each with a cap of a city": (
        "what is shown of vouchers", voucher_city_meters, "places", lambda old: lambda use: old(use)[:1]
    ),
    "dearer tiers forgotten": ("prices beside their cost", cost_price, "tiers_for", lambda old: lambda terms, customer_class: ()),
    "the cost of management rounded down": ("prices beside their cost", cost_price, "rounded", lambda old: down),
    "the own end of the usual share forgotten": (
        "prices beside their cost", cost_price, "unusual_management", lambda old: lambda parts, known, day: old(parts, parameters.packaged(), day)
    ),
    "the first verdict taken for the worst": ("prices beside their cost", fee_building, "_WORST", lambda old: old[::-1]),
    "prices that are over on the sheet": ("the sheet of fees", FeeSchedule, "covers", lambda old: lambda self, day: self.from_on <= day),
    "prices nobody approved on the sheet": ("the sheet of fees", fee_rows, "pricing_versions", _with_drafts),
    "drafts counted among what is in force": (
        "lines of fees", fee_views, "counts", lambda old: lambda connection, day: (n := old(connection, day)) | {"in_force": n["in_force"] + n["draft"]}
    ),
    "a paper over on its last day": (
        "management documents", management, "good", lambda old: lambda one, day: old(one, day) and (one.last_on is None or day < one.last_on)
    ),
    "the paper that began first counts": (
        "management documents", management, "counts", lambda old: lambda papers, day: min(papers, key=lambda one: (one.from_on, one.number), default=None)
    ),
    "an end told though the next day's paper follows": ("management documents", management, "_next", lambda old: lambda day: date.min),
    "numbers of the network compared sign by sign": ("what the network published", publications, "same_number", lambda old: lambda one, other: one == other),
    "who has time yet to join not asked for": ("what the network published", publications, "OBLIGED", lambda old: old - {"to_join"}),
    "charges compared with sums rounded down": ("integrity", charging, "rounded", lambda old: down),
}  # fmt: skip
