"""Which fields are decided together: every column that reaches the hub is named here, so that a new one is judged before it is merged."""

from __future__ import annotations

import pytest

from desktop import words
from desktop.store import reach
from desktop.sync import groups
from desktop.sync.groups import CHARGE, grouped
from desktop.sync.merge import decide

# Kind -> (group -> its fields), and the fields that each mean something by themselves. Of a kind that is not named every field is the charge.
TOGETHER: dict[str, tuple[dict[str, str], str]] = {
    "person": ({}, "active id name role"),
    "technician": ({}, "active coefficient department id instruments name post staff_number"),
    "instrument": (
        {
            "carrier": "carrier_number carrier_type",
            CHARGE: "confidential external_hours fiscal retired_on value_fen yearly_hours",
            "contact": "address contact email phone postcode",
            "customs": "customs_supervised declaration_item declaration_number declared_name released_on",
            "duty": "accepted_on joined_on network_number",
            "place": "city county province street",
        },
        "asset_number booked_on booking_url category class_code country department english_name fee_text functions funds id image manufacturer model name "
        "service_content source subjects technical user_notes",
    ),
    "pilot_base": (
        {CHARGE: "retired_on", "contact": "contact phone", "market": "market market_how"},
        "capacity fields id name number process services site started_on",
    ),
    "pilot_partner": ({"part": "document kind part"}, "base_id id name"),
    "pilot_equipment": (
        {CHARGE: "accepted_on confidential instrument_id model retired_on value_fen"}, "base_id capacity id name number process services",
    ),
    "customer": (
        {"contact": "contact phone", "identity": "internal name uscc", "size": "industry n_staff revenue_wan size_class size_on"},
        "city department id nature",
    ),
    "service_record": (
        {
            CHARGE: "agreed_price_fen claimed_hours consumables_fen customer_id customer_name derived ended_at instrument_id item minutes operator_id "
            "operator_name quantity replaces second_quantity started_at state urgent urgent_said",
        },
        "answers contact contract direction id long_reason note number rating way",
    ),
    "voucher_enterprise": ({CHARGE: "customer_id"}, "assets_wan id place"),
    "voucher_claim": ({CHARGE: "customer_id year"}, "id note number"),
    "attachment": ({"file": "media_type n_bytes name of_id of_kind sha256"}, "added_at added_by id note"),
    "notice_answer": ({"answer": "answered_on notice_id text"}, "id"),
}  # fmt: skip


def declared(kind: str) -> dict[str, list[str]]:
    if kind not in TOGETHER:
        return {CHARGE: sorted(reach.columns(kind, reach.HUB))}
    several, alone = TOGETHER[kind]
    return dict(sorted({**{group: names.split() for group, names in several.items()}, **{name: [name] for name in alone.split()}}.items()))


@pytest.mark.parametrize("kind", reach.kinds(reach.HUB))
def test_every_field_is_judged(kind: str) -> None:
    """A new column stands alone until somebody says what it is decided with: say it in ``sync.groups`` and here."""
    assert grouped(kind, reach.columns(kind, reach.HUB)) == declared(kind)


def test_every_group_has_words() -> None:
    found = {group for kind in reach.kinds(reach.HUB) for group in grouped(kind, reach.columns(kind, reach.HUB))}
    assert not [group for group in sorted(found) if not (words.known(f"wire.group.{group}") or words.known(f"wire.{group}"))]


TORN = [
    ("service_record", {"customer_id": "a", "customer_name": "甲", "minutes": 60}, {"minutes": 90}, {"customer_id": "b", "customer_name": "乙"}),
    ("service_record", {"operator_id": "a", "operator_name": "甲", "minutes": 60}, {"minutes": 90}, {"operator_id": "b", "operator_name": "乙"}),
    ("customer", {"n_staff": 20, "size_class": "小型"}, {"n_staff": 500}, {"size_class": "微型"}),
    ("customer", {"name": "甲", "internal": 0}, {"name": "甲公司"}, {"internal": 1}),
    ("instrument", {"carrier_type": "1", "carrier_number": "Z1"}, {"carrier_type": "2"}, {"carrier_number": "Z9"}),
    ("instrument", {"customs_supervised": 0, "declaration_number": ""}, {"customs_supervised": 1}, {"declaration_number": "1" * 18}),
    ("pilot_equipment", {"instrument_id": None, "value_fen": 5, "model": "M"}, {"instrument_id": "i"}, {"model": "N"}),
]


@pytest.mark.parametrize("case", TORN, ids=lambda case: f"{case[0]} {'+'.join(case[1])}")
def test_what_belongs_together_is_not_torn(case: tuple[str, dict[str, object], dict[str, object], dict[str, object]]) -> None:
    kind, base, here, there = case
    told = decide(kind, base, base | here, base | there)  # type: ignore[operator,arg-type]
    (group,) = told.conflicts
    assert {name: (told.view or {})[name] for name in base} == base | there
    assert set(base) <= set(grouped(kind, base)[group])


def test_a_group_that_is_not_declared_is_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(groups._GROUPS, "customer", {"name": "identity", "uscc": "identity"})
    kind, base, here, there = TORN[2]
    assert not decide(kind, base, base | here, base | there).conflicts  # type: ignore[operator,arg-type]
