"""Vouchers at the service, on both databases: numbers, references, ranges, choices, what stays in the institution, and steps that never change."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from network import kinds
from tests.network.rig import Body, Seat, Service, create, delete, instrument, new_id, service_record, update, uscc

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases/network_vouchers.toml").read_text("utf-8"))["case"]
KINDS = ("voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step")
AT_HUB = ("voucher_enterprise", "voucher_group", "voucher_paper")
_numbers = count(7000)
HIT = json.dumps(["TEM", "University", ""])


@pytest.fixture(scope="module")
def hub(new_database: Callable[[], str]) -> Iterator[Service]:
    running = Service(new_database(), "hub")
    yield running
    running.stop()


@pytest.fixture
def desks(service: Service, hub: Service) -> dict[str, Seat]:
    """A seat at each, of an institution of its own."""
    return {
        role: one.seat(one.institution(uscc(next(_numbers)), "齐鲁样本大学")) for role, one in (("network", service), ("hub", hub))
    }  # fmt: skip


def rows() -> dict[str, Body]:
    """A claim with all it stands on, the ones referred to first."""
    owner, customer = instrument(), create("customer", name="甲公司")
    record = service_record(owner["id"])
    search = create("province_search", searched_on="2025-04-01", asked="电镜", hits="[]")
    outside = create(
        "outside_use", number="W1", customer_id=customer["id"], instrument_name="电镜", institution="外省大学", province="江苏省",
        started_on="2025-05-01", ended_at="2025-05-02T09:00", search_id=search["id"],
    )  # fmt: skip
    claim = create("voucher_claim", number="C1", customer_id=customer["id"], year=2025)
    return {
        "instrument": owner, "customer": customer, "service_record": record, "province_search": search, "outside_use": outside,
        "voucher_mark": create("voucher_mark", record_id=record["id"], through_network=1),
        "voucher_enterprise": create("voucher_enterprise", customer_id=customer["id"], place="聊城市"),
        "voucher_group": create("voucher_group", customer_id=customer["id"], name="某某集团", from_on="2025-01-01"),
        "voucher_paper": create("voucher_paper", use_kind="service_record", use_id=record["id"], item="contract", number="HT-1"),
        "voucher_claim": claim,
        "voucher_claim_line": create("voucher_claim_line", claim_id=claim["id"], position=1, use_kind="service_record", use_id=record["id"]),
        "voucher_claim_step": create(
            "voucher_claim_step", claim_id=claim["id"], position=1, verb="submit", on_day="2025-07-01", at="2025-07-01T01:00:00Z"
        ),
    }  # fmt: skip


def told(result: dict[str, Any]) -> list[str]:
    problem = result["problem"]
    if problem is None:
        return [str(result["status"])]
    return [problem["code"], *([problem["field"]] if problem.get("field") and problem["code"] != "kind.unknown" else [])]


def sent(seat: Seat, changes: list[Body]) -> list[list[str]]:
    return [told(result) for result in seat.send(*changes)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_taken_and_what_is_refused(desks: dict[str, Seat], case: dict[str, Any]) -> None:
    there, given = rows(), {"missing": new_id(), "none": None, "long": json.dumps([HIT] * 10_000)}
    row = there[case["kind"]]
    changed = {name: given.get(value, value) if isinstance(value, str) else value for name, value in case["change"].items()}
    row["body"] = row["body"] | changed
    before = [one for kind, one in there.items() if kind != case["kind"] and (case["role"] == "hub" or kind not in AT_HUB)]
    at = [one for one in before if one["kind"] in ("instrument", "customer", "service_record", "province_search")]
    if case["kind"] in ("voucher_claim_line", "voucher_claim_step"):
        at.append(there["voucher_claim"])
    assert sent(desks[case["role"]], at) == [["applied"]] * len(at)
    if case.get("twice"):
        key = new_id()
        assert sent(desks[case["role"]], [row]) == [["applied"]]
        row = row | {"op_id": new_id(), "id": key, "body": row["body"] | {"id": key}}
    assert sent(desks[case["role"]], [row]) == [case["says"]]


def test_every_kind_of_vouchers_has_a_case_that_is_taken_or_unknown_and_one_that_is_refused() -> None:
    refused = {case["kind"] for case in CASES if case["says"] != ["applied"]}
    assert refused == {*KINDS, *AT_HUB} == {kind for kind in kinds.KINDS if kind.startswith("voucher_")} | {"province_search", "outside_use"}


@pytest.mark.parametrize("role", ["network", "hub"])
def test_a_step_never_changes_and_what_it_is_of_stays(desks: dict[str, Seat], role: str) -> None:
    seat, there = desks[role], {kind: row for kind, row in rows().items() if role == "hub" or kind not in AT_HUB}
    tokens = {row["kind"]: result["token"] for row, result in zip(there.values(), seat.send(*there.values()), strict=True)}
    assert all(tokens.values())
    step, claim, line = there["voucher_claim_step"], there["voucher_claim"], there["voucher_claim_line"]
    again = [update(step, tokens["voucher_claim_step"], fen=1), delete(step, tokens["voucher_claim_step"]), delete(claim, tokens["voucher_claim"])]
    assert [each[0] for each in sent(seat, again)] == ["kind.immutable", "kind.immutable", "link.held"]
    assert sent(seat, [update(line, tokens["voucher_claim_line"], granted_fen=1)]) == [["applied"]]
    for kind in ("customer", "province_search"):
        assert [each[0] for each in sent(seat, [delete(there[kind], tokens[kind])])] == ["link.held"]


def test_without_the_rule_of_its_days_a_step_of_no_day_would_be_taken(desks: dict[str, Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: names that end like no day are judged by nothing."""
    there = rows()
    seat = desks["network"]
    seat.send(there["customer"], there["voucher_claim"])
    wrong = there["voucher_claim_step"]
    wrong["body"] = wrong["body"] | {"on_day": "某日"}
    assert sent(seat, [wrong]) == [["field.invalid", "on_day"]]
    monkeypatch.setattr(kinds, "matches_form", lambda _name, _value: True)
    assert sent(seat, [wrong | {"op_id": new_id()}]) == [["applied"]]
