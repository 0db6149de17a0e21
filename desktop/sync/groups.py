"""Which fields only mean something together. A conflict is found, shown and resolved per group.

Everything that money hangs on (amounts, hours, times, who, status, confidentiality) is one group of its row: two people
who each changed a part of it meant two different bills, so neither part is taken over by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CHARGE = "charge"

_CHARGE_ENDINGS = ("_fen", "_hours", "_share", "_rate", "_price")
_CHARGE_FIELDS = frozenset(
    {
        "minutes",
        "quantity",
        "second_quantity",
        "unit",
        "started_at",
        "ended_at",
        "derived",
        "urgent",
        "urgent_said",
        "item",
        "instrument_id",
        "customer_id",
        "record_id",
        "schedule_id",
        "line_id",
        "reverses",
        "replaces",
        "state",
        "status",
        "reason",
        "confidential",
        "fiscal",
        "retired_on",
    }
)
_GROUPS: dict[str, dict[str, str]] = {
    "instrument": {
        "accepted_on": "duty",
        "joined_on": "duty",
        "network_number": "duty",
        "filed_on": "duty",
        "filing_number": "duty",
        "province": "place",
        "city": "place",
        "county": "place",
        "street": "place",
        "contact": "contact",
        "phone": "contact",
        "email": "contact",
        "address": "contact",
        "postcode": "contact",
        "carrier_type": "carrier",
        "carrier_number": "carrier",
        **dict.fromkeys(("customs_supervised", "declaration_number", "declaration_item", "declared_name", "released_on"), "customs"),
    },
    # Who is charged and who worked: a name of one side beside a key of the other would be nobody.
    "service_record": dict.fromkeys(("customer_name", "operator_id", "operator_name"), CHARGE),
    "attachment": dict.fromkeys(("of_kind", "of_id", "name", "sha256", "n_bytes", "media_type"), "file"),
    "notice_answer": dict.fromkeys(("notice_id", "text", "answered_on"), "answer"),
    "customer": {
        # The class of a size is stated of these figures.
        **dict.fromkeys(("size_class", "size_on", "n_staff", "revenue_wan", "industry"), "size"),
        # Who is internal pays another price.
        **dict.fromkeys(("name", "uscc", "internal"), "identity"),
        "contact": "contact",
        "phone": "contact",
    },
    "pilot_base": {"market": "market", "market_how": "market", "contact": "contact", "phone": "contact"},
    "pilot_partner": dict.fromkeys(("kind", "part", "document"), "part"),
    # Of a set of the register the register says these.
    "pilot_equipment": dict.fromkeys(("accepted_on", "model"), CHARGE),
    "voucher_claim": {"year": CHARGE},
}
# Of these kinds every field belongs to the charge: half a price rule of each side is nobody's price.
_WHOLE = frozenset(
    {
        "fee_schedule", "fee_line", "cost_component", "posting", "receipt", "scheme", "cost_row", "parameter", "payout_mark", "payout_run", "payout_line",
        "payout_share", "payout_cost", "month_event", "transaction_statement", "pilot_openness", "pilot_service", "sensor_binding", "power_band",
        "voucher_group", "voucher_mark", "province_search", "outside_use", "voucher_claim_line", "voucher_claim_step", "voucher_paper",
    }
)  # fmt: skip


def is_whole(kind: str, body: Mapping[str, object]) -> bool:
    """Whether a row is one whole whatever its fields: a posted record is what was posted, at every seat, and takes no other edit in."""
    return kind == "service_record" and body.get("state") not in (None, "draft")


def group_of(kind: str, name: str) -> str:
    """The group of a field; a field of no declared group is a group of its own."""
    if kind in _WHOLE or name in _CHARGE_FIELDS or name.endswith(_CHARGE_ENDINGS):
        return CHARGE
    return _GROUPS.get(kind, {}).get(name, name)


def grouped(kind: str, names: Iterable[str]) -> dict[str, list[str]]:
    """Group -> its fields among ``names``, both sorted."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(group_of(kind, name), []).append(name)
    return dict(sorted(found.items()))
