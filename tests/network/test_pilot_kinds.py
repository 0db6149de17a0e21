"""Pilot bases, sensors and power bands at the service: what is one of a kind, what must be there, which values it takes, in either role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from network import kinds
from tests.network.rig import Body, Seat, Service, create, instrument, new_id, service_record, update, uscc

_numbers = count(7000)
DAY, AT = "2026-01-11", "2026-01-11T08:00:00.000"


@pytest.fixture(scope="module", params=["network", "hub"])
def service(request: pytest.FixtureRequest, new_database: Callable[[], str]) -> Iterator[Service]:
    running = Service(new_database(), request.param)
    yield running
    running.stop()


@pytest.fixture
def desk(service: Service) -> Seat:
    return service.seat(service.institution(uscc(next(_numbers)), "齐鲁样本大学"))


def statuses(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["problem"]["code"], one["problem"].get("field", "")) if one["problem"] else (one["status"], "") for one in results]


def family() -> dict[str, Body]:
    """A row of each kind with all it stands on."""
    owner, second = instrument(), instrument(asset_number="B2")
    base = create("pilot_base", number="Z1", name="新材料中试基地", market=None, started_on="2020-01-01", retired_on=None)
    linked = create("pilot_equipment", number="E1", name="中试电镜", base_id=base["id"], instrument_id=owner["id"], value_fen=None, confidential=None)
    worth = {"value_fen": 950_000_000, "accepted_on": "2020-05-01", "confidential": 0}
    own = create("pilot_equipment", number="E2", name="聚合线", base_id=None, instrument_id=None, **worth)
    return {
        "instrument": owner, "second": second, "base": base, "linked": linked, "own": own,
        "partner": create("pilot_partner", base_id=base["id"], name="某公司", kind="company"),
        "said": create("pilot_openness", base_id=base["id"], equipment_id=None, state="open", from_on=DAY, reason="建成投用", said_at=AT),
        "bound": create("sensor_binding", instrument_id=owner["id"], sensor="CG-1", from_on=DAY, until_on=None),
    }  # fmt: skip


@pytest.fixture
def there(desk: Seat) -> dict[str, Body]:
    rows = family()
    assert statuses(desk.send(*rows.values())) == [("applied", "")] * len(rows)
    return rows


def test_each_is_one_of_its_kind(desk: Seat, there: dict[str, Body]) -> None:
    owner, base = there["instrument"]["id"], there["base"]["id"]
    again = [
        (create("pilot_base", number="Ｚ１", name="另一个"), "number"),
        (create("pilot_partner", base_id=base, name=" 某公司 ", kind="park"), "name"),
        (create("pilot_equipment", number="E2", name="另一件"), "number"),
        (create("pilot_equipment", number="E9", name="又一件", instrument_id=owner), "instrument_id"),
        (create("sensor_binding", instrument_id=owner, sensor="CG-1", from_on=DAY, until_on=DAY), "sensor"),
    ]
    told = statuses(desk.send(*(change for change, _ in again)))
    assert [code for code, _ in told] == ["key.taken"] * len(again)
    other = [
        create("pilot_partner", base_id=base, name="某公司二", kind="park"),
        create("sensor_binding", instrument_id=owner, sensor="CG-1", from_on="2026-01-12"),
        create("sensor_binding", instrument_id=there["second"]["id"], sensor="CG-1", from_on=DAY),
        # What is not linked shares nothing with what is not linked; of one day as many states may be said as there are.
        create("pilot_equipment", number="E3", name="一件", instrument_id=None),
        create("pilot_openness", base_id=base, state="paused", from_on=DAY, reason="检修", said_at=AT),
    ]
    assert statuses(desk.send(*other)) == [("applied", "")] * len(other)


WRONG: list[tuple[str, dict[str, object], str, str]] = [
    ("base", {"number": ""}, "field.missing", "number"),
    ("base", {"name": None}, "field.missing", "name"),
    ("base", {"started_on": "2026-02-30"}, "field.invalid", "started_on"),
    ("partner", {"base_id": "x"}, "field.invalid", "base_id"),
    ("partner", {"base_id": None}, "field.missing", "base_id"),
    ("own", {"value_fen": -1}, "field.range", "value_fen"),
    ("own", {"value_fen": 0}, "", ""),
    ("own", {"value_fen": 10**13}, "", ""),
    ("own", {"value_fen": 10**13 + 1}, "field.range", "value_fen"),
    ("own", {"value_fen": "1"}, "field.invalid", "value_fen"),
    ("own", {"confidential": 1}, "confidential.refused", "confidential"),
    ("said", {"state": "ajar"}, "field.invalid", "state"),
    ("said", {"state": ""}, "field.missing", "state"),
    ("said", {"reason": ""}, "field.missing", "reason"),
    ("said", {"from_on": "11.1.2026"}, "field.invalid", "from_on"),
    ("said", {"said_at": "gestern"}, "field.invalid", "said_at"),
    ("said", {"base_id": None}, "field.missing", "equipment_id"),
    ("bound", {"until_on": "2026-01-10"}, "field.range", "until_on"),
    ("bound", {"until_on": DAY}, "", ""),
    ("bound", {"until_on": "2026-01-12"}, "", ""),
    ("bound", {"sensor": ""}, "field.missing", "sensor"),
]


@pytest.mark.parametrize(("name", "put", "code", "field"), WRONG, ids=[f"{name} {put}" for name, put, *_ in WRONG])
def test_values_are_judged_one_by_one(desk: Seat, name: str, put: dict[str, object], code: str, field: str) -> None:
    rows = family()
    rows[name]["body"] |= put
    told = dict(zip(rows, statuses(desk.send(*rows.values())), strict=True))
    assert told[name] == ((code, field) if code else ("applied", ""))


def test_a_state_is_of_a_base_or_of_equipment_and_not_of_both(desk: Seat, there: dict[str, Body]) -> None:
    both = create("pilot_openness", base_id=there["base"]["id"], equipment_id=there["own"]["id"], state="open", from_on=DAY, reason="x", said_at=AT)
    of_equipment = create("pilot_openness", base_id=None, equipment_id=there["own"]["id"], state="closed", from_on=DAY, reason="x", said_at=AT)
    assert statuses(desk.send(both, of_equipment)) == [("field.invalid", "equipment_id"), ("applied", "")]


def test_what_a_row_names_must_be_there_and_of_the_right_kind(desk: Seat, there: dict[str, Body]) -> None:
    owner, base = there["instrument"]["id"], there["base"]["id"]
    wrong = [
        (create("pilot_partner", base_id=new_id(), name="n", kind="park"), "base_id"),
        (create("pilot_equipment", number="E5", name="n", base_id=owner), "base_id"),
        (create("pilot_equipment", number="E6", name="n", instrument_id=base), "instrument_id"),
        (create("pilot_openness", equipment_id=base, state="open", from_on=DAY, reason="x", said_at=AT), "equipment_id"),
        (create("sensor_binding", instrument_id=base, sensor="CG-5", from_on=DAY), "instrument_id"),
    ]
    assert statuses(desk.send(*(change for change, _ in wrong))) == [("link.unknown", field) for _, field in wrong]


def test_the_network_refuses_what_stays_in_the_institution(desk: Seat, there: dict[str, Body]) -> None:
    owner, base = there["instrument"]["id"], there["base"]["id"]
    kept = [
        (create("pilot_partner", base_id=base, name="乙", kind="park", document="协议1"), "document"),
        (create("pilot_openness", base_id=base, state="open", from_on=DAY, reason="x", said_at=AT, said_by="甲"), "said_by"),
        (create("sensor_binding", instrument_id=owner, sensor="CG-9", from_on=DAY, source="安装单"), "source"),
    ]
    told = statuses(desk.send(*(change for change, _ in kept)))
    role = desk.ask("GET", "/v1/capabilities").json()["role"]
    hub = role == "hub"
    assert told == [("applied", "") if hub else ("field.beyond_reach", field) for _, field in kept]
    assert {"power_band", "pilot_service"} & set(kinds.taken(role)) == ({"power_band", "pilot_service"} if hub else set())


def test_limits_and_services_are_for_the_hub_alone(desk: Seat, there: dict[str, Body]) -> None:
    owner, base = there["instrument"]["id"], there["base"]["id"]
    record = service_record(owner)
    band = create("power_band", instrument_id=owner, from_on=DAY, off_watts="5", working_watts="40")
    served = create("pilot_service", record_id=record["id"], base_id=base, equipment_id=there["linked"]["id"], what="放大")
    told = statuses(desk.send(record, band, served))
    if desk.ask("GET", "/v1/capabilities").json()["role"] == "network":
        assert told == [("applied", ""), ("kind.unknown", "kind"), ("kind.unknown", "kind")]
        return
    assert told == [("applied", "")] * 3
    wrong = [
        create("power_band", instrument_id=owner, from_on=DAY, off_watts="6", working_watts="50"),
        create("pilot_service", record_id=record["id"], base_id=base),
        create("power_band", instrument_id=owner, from_on="2026-01-12", off_watts="", working_watts="50"),
        create("power_band", instrument_id=owner, from_on="2026-01-13", off_watts=5, working_watts="50"),
        create("pilot_service", record_id=owner, base_id=base),
        create("pilot_service", record_id=record["id"], base_id=base, equipment_id=base),
    ]
    assert [code for code, _ in statuses(desk.send(*wrong))] == [
        "key.taken", "key.taken", "field.missing", "field.invalid", "link.unknown", "link.unknown",
    ]  # fmt: skip


def test_what_is_named_is_not_deleted_before_what_names_it(desk: Seat, there: dict[str, Body]) -> None:
    tokens = {item["id"]: item["token"] for item in desk.pages()[0]}
    gone = {"op_id": new_id(), "kind": "pilot_base", "id": there["base"]["id"], "action": "delete", "parent": tokens[there["base"]["id"]], "body": None}
    assert statuses(desk.send(gone))[0][0] == "link.held"
    changed = update(there["base"], tokens[there["base"]["id"]], capacity="年 20 吨")
    assert statuses(desk.send(changed)) == [("applied", "")]
