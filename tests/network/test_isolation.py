"""Institutions see nothing of each other: every operation of the contract, asked by a stranger with another institution's ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import requests
from sqlalchemy import select

from network import library, publications, schema, sensors
from tests.network.contract import contract
from tests.network.files import declare, pdf, send_part, sha256, upload
from tests.network.packing import Courier
from tests.network.rig import Seat, Service, batch, create, instrument, new_id, service_record, update, uscc

MARK = "甲单位机密六六二三"
_numbers = count(9000)


@dataclass
class Owner:
    """An institution with something in every corner, each text of it marked."""

    home: str
    seat: Seat
    courier: Courier
    instrument: dict[str, Any]
    token: str
    key: str
    content: bytes
    notice: str


@pytest.fixture
def owner(service: Service) -> Owner:
    number = uscc(next(_numbers))
    home = service.institution(number, MARK)
    seat, content = service.seat(home), pdf(500, MARK.encode())
    row, sent_key = instrument(name=MARK, asset_number=MARK, contact=MARK), new_id()
    token = seat.send(row, service_record(row["id"], number=MARK), key=sent_key)[0]["token"]
    upload(seat, content)
    seat.ask("POST", "/v1/anchors", {"ledger_id": new_id(), "head": "ab" * 32, "n_operations": 1})
    with service.db.write() as connection:
        notice = library.send_notice(connection, home, "warning", MARK, MARK, "2026-01-15", None)
        session = {"asset_number": MARK, "sensor": MARK, "band": "working", "n_watt_hours": ""}
        sensors.put(connection, home, [session | {"started_at": "2026-01-10T09:00+08:00", "ended_at": "2026-01-10T10:00+08:00"}])
        publications.set_state(connection, home, row["id"], publications.State("pending", "2026-01-12", f"{MARK}{number}", MARK))
    courier = Courier(number, home)
    return Owner(home, seat, courier, row, token, sent_key, content, notice)


def asked(stranger: Seat, owner: Owner, institution: str) -> dict[str, Callable[[], requests.Response]]:
    """Operation -> the stranger's request with what belongs to the owner."""
    key, digest = owner.instrument["id"], sha256(owner.content)
    mine = {"device_id": owner.seat.device_id}
    foreign = [
        update(owner.instrument, owner.token, name="夺"),
        owner.instrument | {"op_id": new_id(), "action": "delete", "parent": owner.token, "body": None},
        service_record(key),
        create("attachment", of_kind="instrument", of_id=key, name="a", sha256=digest),
        create("notice_answer", notice_id=owner.notice, text="a", answered_on="2026-01-16"),
        instrument(id=key),
    ]
    tail = {"kind": "instrument", "id": key, "token": owner.token, "parent": None, "action": "create",
            "op_id": owner.instrument["op_id"], "body": {"id": key, "asset_number": "X", "name": "夺"}}  # fmt: skip
    package = Courier(owner.courier.uscc, device_id=owner.seat.device_id)
    ask = stranger.ask
    return {
        "health": lambda: ask("GET", "/v1/health"),
        "contract": lambda: ask("GET", "/v1/openapi.yaml"),
        "capabilities": lambda: ask("GET", "/v1/capabilities"),
        "enrol": lambda: ask("POST", "/v1/devices", {"code": institution, "device_id": owner.seat.device_id}),
        "revoke": lambda: ask("DELETE", "/v1/devices/{device_id}", path=mine),
        "nameKey": lambda: ask("PUT", "/v1/devices/{device_id}/key", {"public_key": package.public_key}, path=mine),
        "renew": lambda: ask("POST", "/v1/token", {"refresh_token": owner.seat.device_id}),
        "take": lambda: ask("POST", "/v1/batches", batch(*foreign, key=owner.key)),
        "receipt": lambda: ask("GET", "/v1/batches/{key}", path={"key": owner.key}),
        "validate": lambda: ask("POST", "/v1/validate", batch(*foreign)),
        "changes": lambda: ask("GET", "/v1/changes"),
        "entity": lambda: ask("GET", "/v1/entities/{kind}/{id}", path={"kind": "instrument", "id": key}),
        "digest": lambda: ask("GET", "/v1/digest"),
        "recover": lambda: ask("POST", "/v1/recover", {"items": [tail]}),
        "declareBlob": lambda: declare(stranger, owner.content),
        "blob": lambda: ask("GET", "/v1/blobs/{sha256}", path={"sha256": digest}),
        "sendPart": lambda: send_part(stranger, digest, 0, b"%PDF-wrong"),
        "part": lambda: ask("GET", "/v1/blobs/{sha256}/parts/{number}", path={"sha256": digest, "number": 0}),
        "anchor": lambda: ask("POST", "/v1/anchors", {"ledger_id": key, "head": "cd" * 32, "n_operations": 2}),
        "anchors": lambda: ask("GET", "/v1/anchors"),
        "takePackage": lambda: ask(
            "POST", "/v1/packages",
            raw=package.pack(enrolment={"code": institution, "public_key": package.public_key}),
            headers={"Content-Type": "application/vnd.yixiang.gxpk"},
        ),
        "codebooks": lambda: ask("GET", "/v1/reference"),
        "codebook": lambda: ask("GET", "/v1/reference/{codebook}", path={"codebook": "calendar"}),
        "catalogue": lambda: ask("GET", "/v1/catalogue"),
        "sessions": lambda: ask("GET", "/v1/sensors/{instrument}/sessions", path={"instrument": key}),
        "notices": lambda: ask("GET", "/v1/notices"),
        "publications": lambda: ask("GET", "/v1/publications"),
    }  # fmt: skip


def rows_of(service: Service, owner: Owner) -> dict[str, list[tuple[object, ...]]]:
    """Everything the service holds of the owner."""
    found = {}
    with service.db.read() as connection:
        for table in schema.metadata.sorted_tables:
            if "institution_id" in table.c:
                query = select(table).where(table.c.institution_id == owner.home).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(row) for row in connection.execute(query)]
        device = schema.device
        found["device"] = [tuple(row) for row in connection.execute(select(device).where(device.c.id == owner.seat.device_id))]
    return found


def test_no_operation_tells_or_touches_anything_of_another_institution(service: Service, owner: Owner, other: str) -> None:
    stranger = service.seat(other)
    before = rows_of(service, owner)
    requests_made = asked(stranger, owner, service.code(other))
    operations = {op["operationId"] for item in contract()["paths"].values() for op in item.values()}
    assert set(requests_made) == operations
    for name, send in requests_made.items():
        told = send().content
        # The catalogue is what the province shows of everyone: public fields of instruments, and the name of their institution.
        if name != "catalogue":
            assert MARK.encode() not in told, name
            assert owner.home.encode() not in told, name
    assert rows_of(service, owner) == before
    assert owner.seat.ask("GET", "/v1/digest").ok


def test_the_test_would_see_a_leak(service: Service, owner: Owner) -> None:
    """The same questions by a second device of the owner's institution: most of them do tell the marked texts."""
    colleague = service.seat(owner.home)
    answers = {name: send().content for name, send in asked(colleague, owner, service.code(owner.home)).items()}
    telling = {name for name, told in answers.items() if MARK.encode() in told}
    assert {"changes", "entity", "part", "sessions", "notices", "publications"} <= telling


def test_the_catalogue_shows_no_contact_no_number_and_nothing_of_ones_own(service: Service, owner: Owner, other: str) -> None:
    items = service.seat(other).ask("GET", "/v1/catalogue").json()["items"]
    shown = next(item for item in items if item["id"] == owner.instrument["id"])
    assert set(shown) == {"id", "institution_name", "name"}
    own = owner.seat.ask("GET", "/v1/catalogue").json()["items"]
    assert owner.instrument["id"] not in {item["id"] for item in own}
