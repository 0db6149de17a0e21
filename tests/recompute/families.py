"""What the two reckonings of the invented year are compared in: of each name what asks the program, and what reckons the same from the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop.actions import fee_building
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from tests.recompute import (
    asked,
    asked_meters,
    asked_papers,
    asked_performance,
    asked_platform,
    asked_repricing,
    asked_shared,
    asked_sums,
    asked_vouchers,
    entered,
    metered,
    paid,
    plain_answers,
    plain_benefit,
    plain_comparison,
    plain_duties,
    plain_fees,
    plain_instruments,
    plain_meters,
    plain_money,
    plain_papers,
    plain_payouts,
    plain_performance,
    plain_pilot,
    plain_platform,
    plain_purchases,
    plain_repricing,
    plain_sensors,
    plain_shared,
    plain_sums,
    plain_university,
    plain_use,
    plain_voucher_claims,
    plain_vouchers,
)
from tests.recompute.invented import NEW_PRICES
from tests.recompute.plain import Plain

CALENDAR, ACADEMIC, QUARTER = periods.parse("2025"), periods.academic_year(2024, 9), periods.parse("2025Q1")
DAY = entered.AS_OF
_BEFORE, _LAST = date(2025, 12, 30), date.fromisoformat(entered.LAST)
_OLD_PRICES, _NO_PRICES = date(2025, 6, 30), date(2019, 12, 31)
_FEW, _MORE = ("ab%", "a%"), ("a%", "%")
SPAN = (CALENDAR.start.isoformat(), CALENDAR.end.isoformat())
_DECEMBER, _JANUARY, _FEBRUARY = ("2024-12-01", "2025-01-01"), ("2025-01-01", "2025-02-01"), ("2025-02-01", "2025-03-01")
_SUMMER, _AUTUMN = ("2025-07-01", "2025-10-01"), ("2025-10-01", "2026-01-01")
_CLAIMS = ("SQ000", "SQ002")
_CHECKS = ("overlap", "beyond_day", "beyond_times", "round_run", "late", "same_contact", "off_schedule", "beyond_sensor")
Told = dict[Any, Any]

FAMILIES: dict[str, tuple[Callable[[Workspace], Told], Callable[[Plain], Told]]] = {
    "fees": (asked.prices, plain_money.charged),
    "performance of a calendar year": (lambda w: asked.performance(w, CALENDAR, DAY), lambda p: plain_use.performance(p, *SPAN, DAY)),
    "performance of an academic year": (
        lambda w: asked.performance(w, ACADEMIC, DAY), lambda p: plain_use.performance(p, ACADEMIC.start.isoformat(), ACADEMIC.end.isoformat(), DAY)
    ),
    "performance as printed": (lambda w: asked_performance.printed(w, 2025, DAY), lambda p: plain_performance.printed(p, 2025, DAY)),
    "performance of the first year as printed": (
        lambda w: asked_performance.printed(w, 2024, DAY), lambda p: plain_performance.printed(p, 2024, DAY)
    ),
    "yearly benefit scores": (lambda w: asked.scores(w, CALENDAR, DAY), lambda p: plain_benefit.scores(p, "2025", *SPAN, DAY)),
    "benefit scores of departments and platforms": (
        lambda w: asked.group_scores(w, CALENDAR, DAY), lambda p: plain_benefit.groups(p, "2025", *SPAN, DAY)
    ),
    "a university's academic year": (
        lambda w: asked.university(w, ACADEMIC),
        lambda p: plain_university.tables(p, ACADEMIC.name, ACADEMIC.start.isoformat(), ACADEMIC.end.isoformat()),
    ),
    "what users said": (lambda w: asked.ratings(w, "2025"), lambda p: plain_benefit.ratings(p, *SPAN, DAY)),
    "a year with every price up by a part": (
        lambda w: asked.repriced(w, CALENDAR, Decimal("0.0725")), lambda p: plain_money.repriced(p, 2025, Fraction("0.0725"))
    ),
    "a year by versions of prices": (
        lambda w: asked_repricing.by_versions(w, CALENDAR, _FEW, Decimal(0)), lambda p: plain_repricing.by_versions(p, 2025, _FEW, Fraction(0))
    ),
    "a year by more versions of prices, a part less": (
        lambda w: asked_repricing.by_versions(w, CALENDAR, _MORE, Decimal("-0.125")), lambda p: plain_repricing.by_versions(p, 2025, _MORE, Fraction("-0.125"))
    ),
    "a year by the prices of a day": (
        lambda w: asked_repricing.by_day(w, CALENDAR, _OLD_PRICES, Decimal(0)), lambda p: plain_repricing.by_day(p, 2025, _OLD_PRICES, Fraction(0))
    ),
    "a year by the prices of the next day, a part more": (
        lambda w: asked_repricing.by_day(w, CALENDAR, NEW_PRICES, Decimal("0.0333")), lambda p: plain_repricing.by_day(p, 2025, NEW_PRICES, Fraction("0.0333"))
    ),
    "a year by the prices of a day without any": (
        lambda w: asked_repricing.by_day(w, CALENDAR, _NO_PRICES, Decimal(0)), lambda p: plain_repricing.by_day(p, 2025, _NO_PRICES, Fraction(0))
    ),
    "single services by the prices of a day": (
        lambda w: asked_repricing.single(w, "33", _OLD_PRICES), lambda p: plain_repricing.single(p, "33", _OLD_PRICES)
    ),
    "costs that are suggested": (lambda w: asked_repricing.suggested(w, DAY), lambda p: plain_repricing.suggested(p, DAY)),
    "costs that the builder of fees offers": (asked_repricing.suggested_now, lambda p: plain_repricing.suggested(p, _LAST)),
    "award": (lambda w: asked.award(w, 2025, DAY), lambda p: plain_money.award(p, 2025, DAY)),
    "award before its rate": (lambda w: asked.award(w, 2025, date(2025, 5, 31)), lambda p: plain_money.award(p, 2025, date(2025, 5, 31))),
    "duties at the end of the year": (lambda w: asked.duties(w, DAY), lambda p: plain_duties.duties(p, DAY)),
    "duties within the year": (lambda w: asked.duties(w, date(2025, 3, 14)), lambda p: plain_duties.duties(p, date(2025, 3, 14))),
    "duties beyond the published calendar": (lambda w: asked.duties(w, date(2027, 2, 1)), lambda p: plain_duties.duties(p, date(2027, 2, 1))),
    "vouchers": (lambda w: asked.vouchers(w, 2025), lambda p: plain_vouchers.vouchers(p, 2025)),
    "vouchers of the year before": (lambda w: asked.vouchers(w, 2024), lambda p: plain_vouchers.vouchers(p, 2024)),
    "what is shown of vouchers": (lambda w: asked_vouchers.seen(w, 2025), lambda p: plain_voucher_claims.seen(p, 2025)),
    "papers of vouchers": (lambda w: asked_vouchers.papers(w, _CLAIMS), lambda p: plain_voucher_claims.papers(p, _CLAIMS)),
    "transactions": (lambda w: asked_sums.transactions(w, 2025), lambda p: plain_sums.transactions(p, 2025)),
    "transactions of the year before": (lambda w: asked_sums.transactions(w, 2024), lambda p: plain_sums.transactions(p, 2024)),
    "transactions of the year after": (lambda w: asked_sums.transactions(w, 2026), lambda p: plain_sums.transactions(p, 2026)),
    "statements and payroll": (asked_sums.paid, plain_sums.paid),
    "a payout of posted fees": (lambda w: asked.run(w, paid.SCHEME, DAY), lambda p: plain_payouts.run(p, paid.SCHEME, DAY)),
    "a payout of money received": (lambda w: asked.run(w, paid.RECEIVED, DAY), lambda p: plain_payouts.received(p, paid.RECEIVED, DAY)),
    "two payouts, by one kind of weight": (
        lambda w: asked.comparison(w, "2024-12", "2025-01", "settled"), lambda p: plain_comparison.comparison(p, _DECEMBER, _JANUARY, "settled")
    ),
    "two payouts, by weights of two kinds": (
        lambda w: asked.comparison(w, "2025-01", "2025-02", "settled"), lambda p: plain_comparison.comparison(p, _JANUARY, _FEBRUARY, "settled")
    ),
    "the earlier payout beside the later": (
        lambda w: asked.comparison(w, "2025-01", "2024-12", "settled"), lambda p: plain_comparison.comparison(p, _JANUARY, _DECEMBER, "settled")
    ),
    "payouts of two quarters, one reversed in the second": (
        lambda w: asked.comparison(w, "2025Q3", "2025Q4", "approved"), lambda p: plain_comparison.comparison(p, _SUMMER, _AUTUMN, "approved")
    ),
    "payouts of two years": (
        lambda w: asked.comparison(w, "2024", "2025", "settled"), lambda p: plain_comparison.comparison(p, ("2024-01-01", "2025-01-01"), SPAN, "settled")
    ),
    "sensors": (lambda w: asked.sensors(w, CALENDAR, DAY), lambda p: plain_sensors.sensors(p, *SPAN, DAY)),
    "sensors of a quarter that is not over": (
        lambda w: asked.sensors(w, QUARTER, date(2025, 3, 14)), lambda p: plain_sensors.sensors(p, "2025-01-01", "2025-04-01", date(2025, 3, 14))
    ),
    "sensors of an academic year": (
        lambda w: asked.sensors(w, ACADEMIC, DAY), lambda p: plain_sensors.sensors(p, ACADEMIC.start.isoformat(), ACADEMIC.end.isoformat(), DAY)
    ),
    "sensors before there is a tolerance": (
        lambda w: asked.sensors(w, CALENDAR, date(2024, 7, 31)), lambda p: plain_sensors.sensors(p, *SPAN, date(2024, 7, 31))
    ),
    "logs of meters": (asked_meters.metered, lambda p: plain_meters.sessions(p, metered.LOGS)),
    "yearly balance": (lambda w: asked.balance(w, CALENDAR, DAY), lambda p: plain_money.balance(p, 2025)),
    "pilot bases": (lambda w: asked.pilot_bases(w, DAY), lambda p: plain_pilot.bases(p, DAY)),
    "pilot bases the day before": (lambda w: asked.pilot_bases(w, _BEFORE), lambda p: plain_pilot.bases(p, _BEFORE)),
    "services of pilot bases": (lambda w: asked.pilot_services(w, 2025, DAY), lambda p: plain_pilot.services(p, 2025, DAY)),
    "services of pilot bases taken back a year later": (
        lambda w: asked.pilot_services(w, 2026, date(2025, 5, 31)), lambda p: plain_pilot.services(p, 2026, date(2025, 5, 31))
    ),
    "trainings": (lambda w: asked.trained(w, CALENDAR, DAY), lambda p: plain_pilot.trainings(p, *SPAN)),
    "trainings of a quarter": (lambda w: asked.trained(w, QUARTER, DAY), lambda p: plain_pilot.trainings(p, "2025-01-01", "2025-04-01")),
    "what technicians hold": (lambda w: asked.staff(w, DAY), lambda p: plain_pilot.staff(p, DAY)),
    "candidates for transfer": (
        lambda w: asked.transfers(w, CALENDAR, DAY), lambda p: plain_use.transfers(p, CALENDAR.start, CALENDAR.end, DAY)
    ),
    "purchases": (asked.purchases, plain_purchases.purchases),
    "use of a quarter": (lambda w: asked_papers.quarterly(w, "2025Q1", DAY), lambda p: plain_papers.quarterly(p, "2025-01-01", "2025-04-01", DAY)),
    "reports due to the national platform": (lambda w: asked_papers.national_reports(w, DAY), lambda p: plain_papers.national_reports(p, DAY)),
    "reports due to the national platform within the year": (
        lambda w: asked_papers.national_reports(w, date(2025, 3, 14)), lambda p: plain_papers.national_reports(p, date(2025, 3, 14))
    ),
    "sets for the national platform": (lambda w: asked_platform.sets(w, DAY), lambda p: plain_instruments.sets(p, DAY)),
    "sets for the national platform within the year": (
        lambda w: asked_platform.sets(w, date(2025, 3, 14)), lambda p: plain_instruments.sets(p, date(2025, 3, 14))
    ),
    "what the national platform has": (lambda w: asked_platform.there(w, DAY), lambda p: plain_platform.there(p, DAY)),
    "what the national platform has after the year": (lambda w: asked_platform.there(w, _LAST), lambda p: plain_platform.there(p, _LAST)),
    "audits of the national platform": (lambda w: asked_platform.audited(w, DAY), lambda p: plain_platform.audited(p, DAY)),
    "audits of the national platform after the year": (lambda w: asked_platform.audited(w, _LAST), lambda p: plain_platform.audited(p, _LAST)),
    "services told to the national platform": (lambda w: asked_platform.spans(w, 2025, _LAST), lambda p: plain_platform.spans(p, 2025, _LAST)),
    "services of the first year told to the national platform": (
        lambda w: asked_platform.spans(w, 2024, _LAST), lambda p: plain_platform.spans(p, 2024, _LAST)
    ),
    "services told to the national platform by the end of the year": (
        lambda w: asked_platform.spans(w, 2025, DAY), lambda p: plain_platform.spans(p, 2025, DAY)
    ),
    "the universities' sharing system": (lambda w: asked_shared.sharing(w, DAY), lambda p: plain_shared.sharing(p, DAY)),
    "the statement of filed sets": (lambda w: asked_shared.filed(w, DAY), lambda p: plain_shared.filed(p, DAY)),
    "the statement of filed sets within the year": (
        lambda w: asked_shared.filed(w, date(2025, 3, 14)), lambda p: plain_shared.filed(p, date(2025, 3, 14))
    ),
    "rectification": (lambda w: asked_papers.rectification(w, "2025", DAY), lambda p: plain_answers.rectification(p, *SPAN, DAY)),
    "prices beside their cost": (asked_papers.fee_checks, lambda p: plain_fees.checks(p, date.fromisoformat(entered.LAST))),
    "the sheet of fees": (lambda w: asked_papers.fee_sheet(w, DAY), lambda p: plain_fees.sheet(p, DAY)),
    "the sheet of fees the day before": (lambda w: asked_papers.fee_sheet(w, _BEFORE), lambda p: plain_fees.sheet(p, _BEFORE)),
    "lines of fees": (fee_building.counts, lambda p: plain_fees.states(p, date.fromisoformat(entered.LAST))),
    "management documents": (lambda w: asked_papers.checklist(w, DAY), lambda p: plain_papers.management(p, DAY)),
    "management documents within the year": (
        lambda w: asked_papers.checklist(w, date(2025, 3, 14)), lambda p: plain_papers.management(p, date(2025, 3, 14))
    ),
    "management documents before any is asked for": (
        lambda w: asked_papers.checklist(w, date(2024, 7, 31)), lambda p: plain_papers.management(p, date(2024, 7, 31))
    ),
    "what the network published": (lambda w: asked_papers.published(w, DAY), lambda p: plain_papers.publications(p, DAY)),
    "national effect": (lambda w: asked.effect(w, CALENDAR), lambda p: plain_use.effect(p, 2025)),
    "integrity": (lambda w: asked.integrity(w, CALENDAR, DAY, _CHECKS), lambda p: plain_use.integrity(p, *SPAN, DAY) | plain_sensors.beyond(p, *SPAN, DAY)),
}  # fmt: skip

SMALL_ALONE = frozenset({
    "award before its rate", "duties beyond the published calendar", "vouchers of the year before", "performance of an academic year",
    "the earlier payout beside the later", "payouts of two quarters, one reversed in the second", "payouts of two years",
    "sensors of a quarter that is not over", "sensors of an academic year", "sensors before there is a tolerance", "pilot bases the day before",
    "services of pilot bases taken back a year later", "trainings of a quarter", "reports due to the national platform within the year",
    "what the national platform has", "audits of the national platform", "services told to the national platform by the end of the year",
    "services of the first year told to the national platform", "performance of the first year as printed", "papers of vouchers",
    "transactions of the year before", "transactions of the year after", "the sheet of fees the day before", "management documents within the year",
    "management documents before any is asked for", "a year by more versions of prices, a part less", "a year by the prices of the next day, a part more",
    "a year by the prices of a day without any", "single services by the prices of a day", "costs that the builder of fees offers",
    "the statement of filed sets within the year", "sets for the national platform within the year",
})  # fmt: skip
"""The same again on another day: enough to try on the small institution."""
