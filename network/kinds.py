"""What the ledger reports and what is asked of each kind: fields, numbers that are unique, rows that must exist, sane values.

The table says what the contract's ``Kinds`` says; a test compares the two. How a body is judged by it stands in ``judging``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from network.canonical import Scalar
from network.forms import matches_form

Role = Literal["network", "hub"]
ROLES: tuple[Role, ...] = ("network", "hub")
HUB: tuple[Role, ...] = ("hub",)
Body = dict[str, Scalar]

MAX_INTEGER = 2**53 - 1
MAX_VALUE_FEN = 10**13
MAX_AMOUNT_FEN = 10**12
MAX_MINUTES = 366 * 24 * 60
_USCC = re.compile(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a body is refused: a problem code and the field."""

    code: str
    field: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity. ``unique``: fields that together occur once in an institution; ``links``: field -> the kind it refers to.

    ``once``: a field whose value one row may have that is neither reversed nor a reversal; where ``released`` names a field, that is
    not yes in its ``released``, or, with ``released_as``, does not say that there.
    ``facts``: only ever created. ``ranges`` are inclusive. ``beyond_network`` must not come to a network; ``only_on_network``,
    when set, is the whole list of fields it takes (a hub takes all). ``local`` comes to no service at all. ``long`` texts are bounded
    by what a batch holds.
    """

    required: tuple[str, ...]
    roles: tuple[Role, ...] = ROLES
    unique: tuple[tuple[str, ...], ...] = ()
    once: str = ""
    released: str = ""
    released_as: str = ""
    links: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: bool = False
    beyond_network: frozenset[str] = frozenset()
    only_on_network: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    amount: str = "amount_fen"
    same_in_reversal: str = ""
    long: frozenset[str] = frozenset()
    also: Callable[[Body], Iterator[Fault]] = lambda _body: iter(())


def valid_uscc(code: str) -> bool:
    """The check character of a unified social credit code (GB 32100-2015)."""
    if not _USCC.fullmatch(code):
        return False
    total = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def is_confidential(body: dict[str, object]) -> bool:
    """Whether a row says it is confidential. Everything but a clear no counts as yes."""
    return body.get("confidential") not in (None, False, 0, "", "false", "0", "否")


def _instrument(body: Body) -> Iterator[Fault]:
    code = body.get("class_code")
    if code and not re.fullmatch(r"[0-9]{6}", str(code)):
        yield Fault("field.invalid", "class_code")


def _credit_code(body: Body) -> Iterator[Fault]:
    code = body.get("uscc")
    if code and not valid_uscc(str(code)):
        yield Fault("field.invalid", "uscc")


def _service_record(body: Body) -> Iterator[Fault]:
    start, end = body.get("started_at"), body.get("ended_at")
    if not (isinstance(start, str) and isinstance(end, str) and matches_form("started_at", start) and matches_form("ended_at", end)):
        return
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if (first.tzinfo is None) != (last.tzinfo is None):
        yield Fault("field.invalid", "ended_at")
    elif last <= first:
        yield Fault("field.range", "ended_at")


def _schedule(body: Body) -> Iterator[Fault]:
    for start, end in (("starts_on", "ends_on"), ("from_on", "to_on"), ("valid_from_on", "valid_to_on")):
        first, last = body.get(start), body.get(end)
        if isinstance(first, str) and isinstance(last, str) and first and last and last <= first:
            yield Fault("field.range", end)


def _four_eyes(body: Body) -> Iterator[Fault]:
    if body.get("approved_by") and body.get("approved_by") == body.get("prepared_by"):
        yield Fault("field.invalid", "approved_by")
    if body.get("state") in ("approved", "closed", "reversed") and not body.get("approved_by"):
        yield Fault("field.missing", "approved_by")


def _month(body: Body) -> Iterator[Fault]:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", str(body.get("month") or "")):
        yield Fault("field.invalid", "month")
    if body.get("verb") == "close":
        if not body.get("prepared_by"):
            yield Fault("field.missing", "prepared_by")
        elif body.get("prepared_by") == body.get("person"):
            yield Fault("field.invalid", "prepared_by")


def _attachment(body: Body) -> Iterator[Fault]:
    if body.get("of_kind") not in KINDS:
        yield Fault("field.invalid", "of_kind")


def _one_of_a_pilot(body: Body) -> Iterator[Fault]:
    if bool(body.get("base_id")) == bool(body.get("equipment_id")):
        yield Fault("field.invalid" if body.get("base_id") else "field.missing", "equipment_id")


def _binding(body: Body) -> Iterator[Fault]:
    first, last = body.get("from_on"), body.get("until_on")
    if isinstance(first, str) and isinstance(last, str) and last and last < first:
        yield Fault("field.range", "until_on")


def _outside(body: Body) -> Iterator[Fault]:
    first, last = body.get("started_on"), body.get("ended_at")
    if isinstance(first, str) and isinstance(last, str) and last[:10] < first:
        yield Fault("field.range", "ended_at")


def _step(body: Body) -> Iterator[Fault]:
    # Their names do not end as those of days and moments do.
    for name, as_one in (("on_day", "said_on"), ("at", "said_at")):
        value = body.get(name)
        if value not in (None, "") and not matches_form(as_one, value):
            yield Fault("field.invalid", name)


_N_OF_HIT = (2, 3)
"""A set that a search found: its name, its institution and, where somebody said so, why it could not serve."""


def _search(body: Body) -> Iterator[Fault]:
    # Ledgers read it back: one that cannot be read would close every page of vouchers at every seat.
    if "hits" in body and not _is_hits(body["hits"]):
        yield Fault("field.invalid", "hits")


def _is_hits(value: Scalar) -> bool:
    """Whether this is a JSON array of texts, each a JSON array of a set's texts."""
    told = _listed(value)
    return told is not None and all((hit := _listed(one)) is not None and len(hit) in _N_OF_HIT for one in told)


def _listed(text: object) -> list[str] | None:
    """The texts of a JSON array; None for anything else."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else None


OPENNESS = ("open", "limited", "paused", "closed")
USE_KINDS = ("service_record", "outside_use")
_AMOUNT = (-MAX_AMOUNT_FEN, MAX_AMOUNT_FEN)
_COST = (0, MAX_AMOUNT_FEN)

KINDS: dict[str, Kind] = {
    "institution": Kind(required=("name", "uscc"), unique=(("uscc",),), also=_credit_code),
    "parameter": Kind(required=("name", "from_on", "value", "document"), unique=(("name", "from_on"),)),
    "instrument": Kind(
        required=("asset_number", "name"),
        unique=(("asset_number",),),
        ranges={"value_fen": (0, MAX_VALUE_FEN)},
        beyond_network=frozenset({"filing_number", "filed_on"}),
        also=_instrument,
    ),
    "fee_schedule": Kind(
        required=("instrument_id",),
        links={"instrument_id": "instrument"},
        choices={"state": ("draft", "approved", "published")},
        beyond_network=frozenset({"prepared_by", "approved_by", "note"}),
        also=_schedule,
    ),
    "fee_line": Kind(required=("schedule_id",), links={"schedule_id": "fee_schedule"}),
    "customer": Kind(
        required=("name",),
        unique=(("name",),),
        only_on_network=frozenset({"id", "name", "uscc", "size_class", "size_on"}),
        also=_credit_code,
    ),
    "service_record": Kind(
        required=("number", "instrument_id", "started_at", "ended_at"),
        unique=(("number",),),
        links={"instrument_id": "instrument", "customer_id": "customer"},
        ranges={"minutes": (0, MAX_MINUTES), "amount_fen": _AMOUNT, "consumables_fen": _COST},
        beyond_network=frozenset({"operator_id", "operator_name", "contact", "phone", "contract", "note", "answers", "urgent_said"}),
        also=_service_record,
    ),
    "posting": Kind(
        required=("record_id", "amount_fen", "posted_on"),
        unique=(("reverses",),),
        once="record_id",
        links={
            "record_id": "service_record", "instrument_id": "instrument", "customer_id": "customer",
            "schedule_id": "fee_schedule", "line_id": "fee_line", "reverses": "posting",
        },
        ranges={"amount_fen": _AMOUNT, "minutes": (-MAX_MINUTES, MAX_MINUTES)},
        facts=True,
        beyond_network=frozenset({"technician_id", "operator_id", "operator_name", "late"}),
        same_in_reversal="record_id",
    ),
    "receipt": Kind(
        required=("posting_id", "fen", "received_on"),
        unique=(("reverses",),),
        links={"posting_id": "posting", "reverses": "receipt"},
        ranges={"fen": _AMOUNT},
        facts=True,
        amount="fen",
        same_in_reversal="posting_id",
    ),
    "transaction_statement": Kind(
        required=("year", "amount_fen"),
        unique=(("year",),),
        ranges={"year": (2000, 2200), "amount_fen": _AMOUNT, "n_records": (0, MAX_INTEGER)},
    ),
    "attachment": Kind(
        required=("of_kind", "of_id", "name", "sha256"),
        beyond_network=frozenset({"note", "added_by", "added_at"}),
        also=_attachment,
    ),
    "notice_answer": Kind(required=("notice_id", "text", "answered_on")),
    "pilot_base": Kind(required=("number", "name"), unique=(("number",),)),
    "pilot_partner": Kind(
        required=("base_id", "name", "kind"), unique=(("base_id", "name"),), links={"base_id": "pilot_base"}, beyond_network=frozenset({"document"})
    ),
    "pilot_equipment": Kind(
        required=("number", "name"),
        unique=(("number",), ("instrument_id",)),
        links={"base_id": "pilot_base", "instrument_id": "instrument"},
        ranges={"value_fen": (0, MAX_VALUE_FEN)},
    ),
    "pilot_openness": Kind(
        required=("state", "from_on", "reason", "said_at"),
        links={"base_id": "pilot_base", "equipment_id": "pilot_equipment"},
        choices={"state": OPENNESS},
        beyond_network=frozenset({"said_by"}),
        also=_one_of_a_pilot,
    ),
    "sensor_binding": Kind(
        required=("instrument_id", "sensor", "from_on"),
        unique=(("instrument_id", "sensor", "from_on"),),
        links={"instrument_id": "instrument"},
        beyond_network=frozenset({"source"}),
        also=_binding,
    ),
    "voucher_mark": Kind(
        required=("record_id",),
        unique=(("record_id",),),
        links={"record_id": "service_record"},
        ranges={"invoiced_fen": _COST, "excluded_fen": _COST},
        beyond_network=frozenset({"excluded_why"}),
    ),
    "province_search": Kind(required=("searched_on",), beyond_network=frozenset({"person"}), long=frozenset({"hits"}), also=_search),
    "outside_use": Kind(
        required=("number", "customer_id", "instrument_name", "institution", "province", "started_on", "ended_at"),
        unique=(("number",),),
        links={"customer_id": "customer", "search_id": "province_search"},
        ranges={"fee_fen": _COST, "invoiced_fen": _COST, "excluded_fen": _COST},
        beyond_network=frozenset({"excluded_why", "contract"}),
        also=_outside,
    ),
    "voucher_claim": Kind(
        required=("number", "customer_id", "year"),
        unique=(("number",),),
        links={"customer_id": "customer"},
        ranges={"year": (2000, 2200)},
        beyond_network=frozenset({"note"}),
    ),
    "voucher_claim_line": Kind(
        required=("claim_id", "use_kind", "use_id"),
        unique=(("claim_id", "use_kind", "use_id"),),
        links={"claim_id": "voucher_claim"},
        ranges={"position": (0, MAX_INTEGER), "granted_fen": _COST, "top_up_fen": _COST},
        choices={"use_kind": USE_KINDS},
        local=frozenset({"figure"}),
    ),
    "voucher_claim_step": Kind(
        required=("claim_id", "verb", "on_day", "at"),
        links={"claim_id": "voucher_claim"},
        ranges={"position": (0, MAX_INTEGER), "fen": _COST},
        choices={"verb": ("submit", "send_back", "accept", "refuse", "pay", "withdraw", "recover")},
        facts=True,
        beyond_network=frozenset({"person", "reason"}),
        also=_step,
    ),
    "person": Kind(required=("name", "role"), roles=HUB, unique=(("name",),), local=frozenset({"pin_hash"})),
    "technician": Kind(required=("staff_number",), roles=HUB, unique=(("staff_number",),)),
    "cost_component": Kind(
        required=("schedule_id", "kind"),
        roles=HUB,
        unique=(("schedule_id", "kind"),),
        links={"schedule_id": "fee_schedule"},
        ranges={"amount_fen": _COST},
    ),
    "scheme": Kind(required=("name", "from_on", "terms"), roles=HUB, unique=(("name", "from_on"),)),
    "cost_row": Kind(required=("kind", "fen"), roles=HUB, links={"instrument_id": "instrument"}, ranges={"fen": _COST}),
    "payout_mark": Kind(
        required=("run_id", "run_number", "settles"),
        roles=HUB,
        once="settles",
        released="released",
        links={"posting_id": "posting", "receipt_id": "receipt", "cost_row_id": "cost_row"},
        ranges={"minutes": (-MAX_MINUTES, MAX_MINUTES)},
    ),
    "payout_run": Kind(
        required=("number", "to_on", "scheme_id", "state", "prepared_by"),
        roles=HUB,
        unique=(("number",),),
        once="reverses",
        released="state",
        released_as="withdrawn",
        links={"scheme_id": "scheme", "reverses": "payout_run"},
        ranges={"income_fen": _AMOUNT, "cost_fen": _AMOUNT, "pool_fen": _AMOUNT},
        choices={"state": ("prepared", "withdrawn", "approved", "closed", "reversed")},
        long=frozenset({"figure", "findings"}),
        also=_four_eyes,
    ),
    "payout_line": Kind(
        required=("run_id", "posting_id", "technician_id", "fen"),
        roles=HUB,
        links={"run_id": "payout_run", "posting_id": "posting", "receipt_id": "receipt", "technician_id": "technician"},
        ranges={"fen": _AMOUNT},
        facts=True,
    ),
    "payout_share": Kind(
        required=("run_id", "receiver", "fen"),
        roles=HUB,
        links={"run_id": "payout_run", "technician_id": "technician"},
        ranges={"fen": _AMOUNT},
        facts=True,
    ),
    "payout_cost": Kind(
        required=("run_id", "cost_row_id", "fen"),
        roles=HUB,
        links={"run_id": "payout_run", "cost_row_id": "cost_row"},
        ranges={"fen": _AMOUNT},
        facts=True,
    ),
    "month_event": Kind(
        required=("month", "verb", "person", "at"),
        roles=HUB,
        choices={"verb": ("prepare", "withdraw", "close", "reopen")},
        facts=True,
        also=_month,
    ),
    "power_band": Kind(
        required=("instrument_id", "from_on", "off_watts", "working_watts"),
        roles=HUB,
        unique=(("instrument_id", "from_on"),),
        links={"instrument_id": "instrument"},
    ),
    "pilot_service": Kind(
        required=("record_id", "base_id"),
        roles=HUB,
        unique=(("record_id",),),
        links={"record_id": "service_record", "base_id": "pilot_base", "equipment_id": "pilot_equipment"},
    ),
    "voucher_enterprise": Kind(required=("customer_id",), roles=HUB, unique=(("customer_id",),), links={"customer_id": "customer"}),
    "voucher_group": Kind(
        required=("customer_id", "name", "from_on"),
        roles=HUB,
        unique=(("customer_id", "from_on"),),
        links={"customer_id": "customer"},
        also=_schedule,
    ),
    "voucher_paper": Kind(
        required=("use_kind", "use_id", "item"),
        roles=HUB,
        unique=(("use_kind", "use_id", "item"),),
        links={"attachment_id": "attachment"},
        choices={"use_kind": USE_KINDS, "item": ("commission", "contract", "report", "usage", "invoice", "acceptance")},
    ),
}  # fmt: skip


def taken(role: Role) -> dict[str, Kind]:
    """The kinds a service of this role takes."""
    return {name: kind for name, kind in KINDS.items() if role in kind.roles}
