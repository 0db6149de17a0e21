"""The rule values each report rests on: their sources stand under it."""

from __future__ import annotations

from desktop.rules.duties import FILES_ONLY, JOIN_DAYS, THRESHOLD
from desktop.rules.settlement_checks import CAP_KEY

RULES = {
    "joining": (THRESHOLD, JOIN_DAYS, FILES_ONLY),
    "fees": (),
    "quarterly": ("definition.sharing_rate", "definition.effective_hours", "definition.effective_hours_unsensed"),
    "transactions": ("definition.transaction_amount",),
    "performance": (
        "definition.sharing_rate", "definition.effective_hours", "definition.mean_hours", "hours.utilisation_base", "hours.rated_general",
        "hours.benchmark_effective", "definition.benchmark_sets", "national.threshold_fen",
    ),
    "benefit": ("moe.weight_hours", "moe.points_independent", "hours.rated_general", "definition.group_score"),
    "balance": ("definition.non_profit", "definition.non_profit_year"),
    "transfers": ("transfer.permitted", "hours.utilisation_base", "definition.sharing_rate"),
    "award": ("award.provider_cap_fen", "award.provider_rate", "definition.transaction_amount"),
    "integrity": ("integrity.day_minutes", "integrity.round_run", "integrity.late_days", "record.entered_promptly"),
    "trainings": ("definition.trained_people",),
    "sensors": ("sensor.coverage", "definition.sensor_coverage", THRESHOLD, "sensor.hours_tolerance", "sensor.idle_watts", "sensor.longest_gap"),
    "cers": (),
    "university": ("moe.threshold_fen", "moe.year_starts_month", "definition.academic_use"),
    "management": ("management.required_kinds", "management.warning_days"),
    "rectification": ("integrity.day_minutes", "integrity.round_run", "integrity.late_days", "record.entered_promptly"),
    "national_income": (),
    "national_audit": (),
    "national_assets": ("national.threshold_fen",),
    "payout": (CAP_KEY,),
    "payout_comparison": (CAP_KEY,),
    "voucher": ("voucher.rate_low", "voucher.rate_high", "voucher.cap_fen", "voucher.through_network", "voucher.evidence"),
    "pilot_catalogue": ("pilot.open_states",),
    "pilot_award": (
        "pilot.base_equipment_fen", "pilot.base_years", "pilot.open_states", "pilot.partners_required", "award.pilot_base_cap_fen",
        "award.pilot_base_rate", "pilot.transaction_amount",
    ),
    "pilot_performance": ("pilot.transaction_amount", "definition.satisfied_ratings"),
    "repricing": ("definition.non_profit",),
    "purchase": ("review.threshold_fen", "national.same_kind_hours"),
}  # fmt: skip
