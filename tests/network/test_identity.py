"""Devices: enrolment, rotating tokens with a grace window, revocation, frozen institutions."""

from __future__ import annotations

import base64

import pytest
import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from network import identity, schema
from tests.network.rig import Seat, Service, everything, instrument, new_id


def refused(reply: object) -> tuple[int, str, str]:
    return reply.status_code, reply.json()["code"], reply.json()["action"]  # type: ignore[attr-defined]


def test_a_code_enrols_one_device_and_a_lost_answer_can_be_asked_for_again(service: Service, home: str) -> None:
    code = service.code(home)
    seat, thief = Seat(service.base), Seat(service.base)
    assert seat.enrol(code.lower().replace("-", " ")).status_code == 201
    assert seat.enrol(code).status_code == 201
    assert refused(thief.enrol(code)) == (403, "enrolment.refused", "stop")
    service.clock.forward(identity.GRACE_SECONDS + 1)
    assert refused(seat.enrol(code)) == (403, "enrolment.refused", "stop")


def test_an_old_or_invented_code_is_refused(service: Service, home: str) -> None:
    code = service.code(home)
    service.clock.forward(identity.CODE_SECONDS + 1)
    assert refused(Seat(service.base).enrol(code))[1] == "enrolment.refused"
    assert refused(Seat(service.base).enrol("AAAA-AAAA-AAAA-AAAA"))[1] == "enrolment.refused"


def test_a_device_id_of_another_device_is_not_taken_over(service: Service, home: str, other: str, seat: Seat) -> None:
    thief = Seat(service.base, device_id=seat.device_id)
    assert refused(thief.enrol(service.code(other)))[1] == "enrolment.refused"


def test_an_access_token_expires_and_is_renewed(service: Service, seat: Seat) -> None:
    service.clock.forward(identity.ACCESS_SECONDS + 1)
    assert refused(seat.ask("GET", "/v1/digest")) == (401, "auth.expired", "reauth")
    assert seat.renew().ok
    assert seat.ask("GET", "/v1/digest").ok


@pytest.mark.parametrize("seconds", [identity.GRACE_SECONDS + 1, 30 * 24 * 3600])
def test_a_lost_answer_to_a_renewal_never_ends_the_device(service: Service, seat: Seat, seconds: int) -> None:
    """The answer is lost again and again; the next try comes a day later. What was lost is worth nothing to whoever finds it."""
    first, lost = seat.refresh_token, Seat(service.base, device_id=seat.device_id, headers=dict(seat.headers))
    for _ in range(3):
        assert lost.renew(first).ok
        service.clock.forward(seconds)
    assert seat.renew(first).ok
    assert refused(lost.renew())[1] == "token.invalid"
    assert refused(lost.ask("GET", "/v1/digest"))[1] == "auth.missing"
    assert seat.ask("GET", "/v1/digest").ok
    assert seat.renew().ok


@pytest.mark.parametrize("used", ["access", "refresh"])
def test_a_token_that_comes_back_after_its_successor_was_used_ends_the_device(service: Service, seat: Seat, used: str) -> None:
    first = seat.refresh_token
    assert seat.renew(first).ok
    assert (seat.ask("GET", "/v1/digest") if used == "access" else seat.renew()).ok
    service.clock.forward(identity.ACCESS_SECONDS + 1)
    assert seat.renew().ok
    service.clock.forward(1)
    assert refused(seat.renew(first)) == (401, "token.reused", "reauth")
    assert refused(seat.ask("GET", "/v1/digest"))[1] == "auth.revoked"


def test_a_spent_refresh_token_works_in_the_grace_window_and_then_ends_the_device(service: Service, seat: Seat) -> None:
    first = seat.refresh_token
    assert seat.renew(first).ok
    assert seat.ask("GET", "/v1/digest").ok
    service.clock.forward(identity.GRACE_SECONDS)
    assert seat.renew(first).ok
    latest = seat.refresh_token
    service.clock.forward(1)
    assert refused(seat.renew(first)) == (401, "token.reused", "reauth")
    assert refused(seat.renew(latest)) == (401, "auth.revoked", "reauth")
    assert refused(seat.ask("GET", "/v1/digest")) == (401, "auth.revoked", "reauth")


def test_a_device_ends_itself_and_no_other(service: Service, home: str, seat: Seat) -> None:
    second = service.seat(home)
    assert refused(seat.ask("DELETE", "/v1/devices/{device_id}", path={"device_id": second.device_id})) == (
        403,
        "device.foreign",
        "stop",
    )
    assert seat.ask("DELETE", "/v1/devices/{device_id}", path={"device_id": seat.device_id}).ok
    assert refused(seat.ask("GET", "/v1/digest")) == (401, "auth.revoked", "reauth")
    assert second.ask("GET", "/v1/digest").ok


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_without_a_token_nothing_is_told(service: Service, header: str) -> None:
    stranger = Seat(service.base, headers={"Authorization": header, "Yixiang-Epoch": "1"})
    assert refused(stranger.ask("GET", "/v1/changes")) == (401, "auth.missing", "reauth")


def test_a_frozen_institution_is_stopped_and_its_neighbour_is_not(service: Service, home: str, other: str, seat: Seat) -> None:
    neighbour = service.seat(other)
    with service.db.write() as connection:
        connection.execute(sqlalchemy.update(schema.institution).where(schema.institution.c.id == home).values(frozen=True))
    assert refused(seat.ask("GET", "/v1/digest")) == (403, "institution.frozen", "stop")
    assert refused(seat.renew()) == (403, "institution.frozen", "stop")
    late = Seat(service.base)
    code = service.code(home)
    assert refused(late.enrol(code)) == (403, "institution.frozen", "stop")
    assert neighbour.ask("GET", "/v1/digest").ok
    with service.db.write() as connection:
        connection.execute(sqlalchemy.update(schema.institution).where(schema.institution.c.id == home).values(frozen=False))
    assert seat.ask("GET", "/v1/digest").ok
    assert late.enrol(code).ok, "the code was used up by the refusal"


def test_secrets_are_not_in_the_database(service: Service, home: str) -> None:
    code = service.code(home)
    seat = Seat(service.base)
    seat.enrol(code)
    seat.send(instrument())
    dump = everything(service)
    assert seat.device_id in dump
    for secret in (code, identity.plain_code(code), seat.refresh_token, seat.headers["Authorization"].partition(" ")[2]):
        assert secret not in dump


def test_a_device_id_must_be_a_key(service: Service, home: str) -> None:
    assert refused(Seat(service.base, device_id="x" * 36).enrol(service.code(home)))[1] == "body.malformed"
    assert Seat(service.base, device_id=new_id()).enrol(service.code(home)).ok


def proof(key: Ed25519PrivateKey, code: str) -> str:
    plain = code.replace("-", "").replace(" ", "").upper()
    return base64.b64encode(key.sign(b"yixiang enrol 1\n" + plain.encode())).decode()


def test_a_device_comes_back_with_a_new_code_of_its_institution(service: Service, home: str, other: str, seat: Seat) -> None:
    """Its tokens were lost, or it was revoked: the old tokens are worth nothing afterwards, what it sent stays its own."""
    old = Seat(service.base, device_id=seat.device_id, headers=dict(seat.headers), refresh_token=seat.refresh_token)
    assert seat.enrol(service.code(home)).status_code == 201
    assert refused(old.ask("GET", "/v1/digest"))[1] == "auth.missing"
    assert refused(old.renew())[1] == "token.invalid"
    assert seat.ask("GET", "/v1/digest").ok
    seat.ask("DELETE", "/v1/devices/{device_id}", path={"device_id": seat.device_id})
    assert refused(seat.enrol(service.code(other)))[1] == "enrolment.refused"
    assert refused(seat.ask("GET", "/v1/digest"))[1] == "auth.revoked"
    assert seat.enrol(service.code(home)).status_code == 201
    assert seat.ask("GET", "/v1/digest").ok


def test_a_device_with_a_key_comes_back_only_by_showing_it(service: Service, home: str) -> None:
    key, thief = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    seat, code = Seat(service.base), service.code(home)
    told = {"code": code, "device_id": seat.device_id, "name": "一号机", "public_key": public}
    assert seat.ask("POST", "/v1/devices", told).status_code == 201
    again = service.code(home)
    come_back = told | {"code": again}
    for shown in (None, "", proof(thief, again), proof(key, code), "x"):
        reply = seat.ask("POST", "/v1/devices", come_back | {"proof": shown})
        assert refused(reply) == (403, "enrolment.refused", "stop"), shown
    assert seat.ask("POST", "/v1/devices", come_back | {"proof": proof(key, again)}).status_code == 201


@pytest.mark.parametrize("wrong", ["", "x", "A" * 44, base64.b64encode(b"x" * 31).decode()])
def test_a_key_that_is_none_is_refused(service: Service, home: str, seat: Seat, wrong: str) -> None:
    told = {"code": service.code(home), "device_id": new_id(), "public_key": wrong}
    assert refused(seat.ask("POST", "/v1/devices", told))[1] == "body.malformed"
    path = {"device_id": seat.device_id}
    assert refused(seat.ask("PUT", "/v1/devices/{device_id}/key", {"public_key": wrong}, path=path))[1] == "body.malformed"


def test_a_device_names_no_key_for_another(service: Service, home: str, seat: Seat) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    path = {"device_id": service.seat(home).device_id}
    assert refused(seat.ask("PUT", "/v1/devices/{device_id}/key", {"public_key": key}, path=path)) == (
        403,
        "device.foreign",
        "stop",
    )
