"""What reaches which remote is declared column by column; payouts, people's numbers and contacts never reach the province."""

from __future__ import annotations

import pytest

from desktop import words
from desktop.store import reach
from desktop.store.columns import metadata

# Read by a person: a column that is added to one of these tables must be judged before it leaves.
TO_THE_PROVINCE = {
    # The duty to join asks for the set's own contact (not a customer's), its numbers and what it does; `confidential` travels as the 0 it is.
    "instrument": {
        "id", "asset_number", "name", "value_fen", "fiscal", "confidential", "accepted_on", "booked_on", "network_number", "joined_on", "english_name",
        "carrier_type", "carrier_number", "department", "class_code", "source", "customs_supervised", "country", "manufacturer", "category", "model",
        "technical", "functions", "subjects", "funds", "service_content", "image", "yearly_hours", "user_notes", "fee_text", "booking_url", "province",
        "city", "county", "street", "external_hours", "contact", "phone", "email", "address", "postcode", "declaration_number", "declaration_item",
        "released_on", "declared_name", "retired_on",
    },
    "notice_answer": {"id", "notice_id", "text", "answered_on"},
    "attachment": {"id", "of_kind", "of_id", "name", "sha256", "n_bytes", "media_type"},
    "customer": {"id", "name", "uscc", "size_class", "size_on"},
    "fee_line": {"id", "schedule_id", "position", "item", "terms", "source_text", "to_confirm", "note"},
    "fee_schedule": {"id", "instrument_id", "from_on", "to_on", "state", "title", "document"},
    "service_record": {
        "id", "number", "instrument_id", "customer_id", "customer_name", "started_at", "ended_at", "minutes", "item", "derived", "claimed_hours",
        "quantity", "second_quantity", "way", "direction", "urgent", "rating", "agreed_price_fen", "consumables_fen", "long_reason", "state",
        "replaces",
    },
    "posting": {
        "id", "record_id", "record_number", "instrument_id", "customer_id", "schedule_id", "line_id", "customer_class", "external", "quantity", "unit",
        "unit_price_fen", "amount_fen", "minutes", "rule_text", "ended_on", "service_month", "posted_on", "reverses", "reason",
    },
    # A base is made known with its own contact, as a set is; `confidential` of equipment travels as no or not said (the register says it).
    "pilot_base": {
        "id", "number", "name", "fields", "process", "capacity", "services", "site", "started_on", "market", "market_how", "contact", "phone", "retired_on",
    },
    "pilot_partner": {"id", "base_id", "name", "kind", "part"},
    "pilot_equipment": {
        "id", "number", "name", "base_id", "instrument_id", "model", "value_fen", "accepted_on", "process", "capacity", "services", "confidential",
        "retired_on",
    },
    "pilot_openness": {"id", "base_id", "equipment_id", "state", "from_on", "reason", "said_at"},
    "sensor_binding": {"id", "instrument_id", "sensor", "from_on", "until_on"},
    # Of a claim the province gets what it pays by; who did it and what was noted stays with the institution.
    "voucher_mark": {"id", "record_id", "through_network", "order_number", "invoiced_fen", "excluded_fen"},
    "province_search": {"id", "searched_on", "asked", "catalogue_on", "hits", "reason"},
    "outside_use": {
        "id", "number", "customer_id", "instrument_name", "institution", "province", "started_on", "ended_at", "fee_fen", "invoiced_fen", "excluded_fen",
        "through_network", "order_number", "search_id",
    },
    "voucher_claim": {"id", "number", "customer_id", "year"},
    "voucher_claim_line": {"id", "claim_id", "position", "use_kind", "use_id", "granted_fen", "top_up_fen"},
    "voucher_claim_step": {"id", "claim_id", "position", "verb", "on_day", "at", "fen", "document"},
}  # fmt: skip
NEVER = {"pin_hash", "imported", "operator_name", "operator_id", "technician_id", "staff_number", "filing_number", "answers"}
OF_NO_REMOTE = {"printed_report", "record_problem", "institution", "calendar_day", "reclassification", "take_back"} | {
    "purchase_proposal", "purchase_review", "purchase_national", "transfer", "training", "training_attendance", "staff_fact", "management_document",
    "evaluation_fact", "user_rating", "university_set", "university_count",
    # The sharing system gets a file.
    "cers_set",
    # Messages leave as themselves, for the national platform.
    "national_message", "national_event", "national_removal", "national_audit", "national_service", "national_closed",
    # Answers to self-checks leave on paper only.
    "integrity_answer",
    # The network has what its sensors saw.
    "sensor_session",
}  # fmt: skip


@pytest.mark.parametrize("kind", TO_THE_PROVINCE)
def test_the_province_gets_these_columns_and_no_other(kind: str) -> None:
    told = set(reach.columns(kind, reach.NETWORK))
    assert told == TO_THE_PROVINCE[kind], "a column's reach was changed: judge it against the design, then say so here"


def test_each_kind_that_reaches_the_province_was_judged() -> None:
    assert set(reach.kinds(reach.NETWORK)) == set(TO_THE_PROVINCE)


def test_payouts_people_and_numbers_never_reach_the_province() -> None:
    kinds = set(reach.kinds(reach.NETWORK))
    assert not {kind for kind in kinds if kind.startswith(("payout", "person", "technician", "scheme", "cost", "month"))}
    for kind in kinds:
        assert not NEVER & set(reach.columns(kind, reach.NETWORK)), kind


def test_the_hub_gets_every_journalled_kind_but_what_belongs_to_one_machine() -> None:
    journalled = {name for name, table in metadata.tables.items() if table.info["manner"] != "bookkeeping"}
    assert set(reach.kinds(reach.HUB)) == journalled - OF_NO_REMOTE
    for kind in reach.kinds(reach.HUB):
        assert not {"pin_hash", "imported"} & set(reach.columns(kind, reach.HUB)), kind


def test_rows_are_sent_after_those_they_refer_to() -> None:
    for remote in reach.REMOTES:
        order = reach.kinds(remote)
        for kind in order:
            for name, target in reach.links(kind, remote):
                assert target in order, f"{kind}.{name} refers to {target}, which does not reach {remote}"
                assert order.index(target) <= order.index(kind), f"{kind}.{name}"


def test_what_can_be_confidential_has_a_rule() -> None:
    """A row hangs on a confidential one through any of its references; each such kind must say so. A run hangs on its lines."""
    hidden = {"instrument", "payout_run"}
    for kind in reach.kinds(reach.HUB):
        if hidden & {target for _, target in reach.links(kind, reach.HUB)}:
            hidden.add(kind)
    assert hidden >= {"fee_line", "cost_component", "posting", "receipt", "cost_row", "payout_line", "payout_share", "payout_cost"}
    silent = sorted(kind for kind in hidden if reach.secret(kind) == "0")
    assert not silent, f"{silent} refer to what can be confidential and say nothing about it"


def test_whatever_reaches_a_remote_has_a_name_people_know() -> None:
    """A refused or conflicting field is told by its words."""
    fields = {name for remote in reach.REMOTES for kind in reach.kinds(remote) for name in reach.columns(kind, remote)}
    assert not [name for name in sorted(fields) if not words.known(f"wire.{name}")]
    assert not [kind for remote in reach.REMOTES for kind in reach.kinds(remote) if not words.known(f"kind.{kind}")]
