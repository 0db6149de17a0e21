"""Who the service is, and devices: enrolment, tokens, keys, the end."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fastapi import FastAPI, Request, Response
from sqlalchemy import text

from network import identity, keys, kinds, library, log, wire
from network.asking import OPEN, CallerOf, Service, Small, decoded
from network.identity import Tokens
from network.messages import DeviceKey, Enrolment, Renewal
from network.problems import Refusal

CONTRACT = "1.2.0"


@cache
def contract() -> bytes:
    """The contract as it is shipped."""
    return resources.files("resources").joinpath("network", "openapi.yaml").read_bytes()


def add(app: FastAPI, service: Service) -> None:
    """Add these routes."""
    _open(app, service)
    _enrolling(app, service)
    _own(app, service)


def _open(app: FastAPI, service: Service) -> None:
    db, limits = service.db, service.limits

    @app.get("/v1/health", dependencies=OPEN)
    def health(request: Request) -> Response:
        with db.read() as connection:
            connection.execute(text("SELECT 1"))
        return wire.answer(request, {"status": "ok"})

    @app.get("/v1/openapi.yaml", dependencies=OPEN)
    def document(request: Request) -> Response:
        return wire.plain(request, contract(), "application/yaml")

    @app.get("/v1/capabilities", dependencies=OPEN)
    def capabilities(request: Request) -> Response:
        with db.read() as connection:
            epoch, known = db.epoch(connection), keys.public(connection)
            books = {book["name"]: book["version"] for book in library.codebooks(connection)}
        names = ("n_changes", "n_bytes", "n_page", "n_blob_bytes", "n_part_bytes", "n_package_bytes")
        told = {
            "server_id": db.server_id,
            "epoch": str(epoch),
            "role": service.role,
            "contract": CONTRACT,
            "schema": {"min": limits.schema_min, "max": limits.schema_max},
            "limits": {name: getattr(limits, name) for name in names},
            "kinds": list(kinds.taken(service.role)),
            "codings": ["gzip"],
            "keys": known,
            "books": books,
            "now": db.moment(),
        }
        return wire.answer(request, told)


def _enrolling(app: FastAPI, service: Service) -> None:
    db = service.db

    @app.post("/v1/devices", dependencies=OPEN)
    def enrol(request: Request, content: Small) -> Response:
        asked = decoded(content, Enrolment)
        with db.write() as connection:
            caller, tokens = identity.enrol(db, connection, asked)
            institution = library.institution(connection, caller.institution_id)
        log.event("device.enrolled", device_id=caller.device_id, institution_id=caller.institution_id)
        told = {
            "device_id": caller.device_id,
            "institution": institution,
            "server_id": db.server_id,
            "epoch": str(caller.epoch),
        }
        return wire.answer(request, told | _tokens(tokens), 201)

    @app.post("/v1/token", dependencies=OPEN)
    def renew(request: Request, content: Small) -> Response:
        asked = decoded(content, Renewal)
        with db.write() as connection:
            outcome = identity.renew(db, connection, asked.refresh_token)
        if isinstance(outcome, Refusal):
            raise outcome
        return wire.answer(request, _tokens(outcome))


def _tokens(tokens: Tokens) -> dict[str, object]:
    return {
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_in": tokens.expires_in,
    }


def _own(app: FastAPI, service: Service) -> None:
    db = service.db

    @app.delete("/v1/devices/{device_id}")
    def revoke(request: Request, caller: CallerOf, device_id: str) -> Response:
        if device_id != caller.device_id:
            raise Refusal("device.foreign")
        with db.write() as connection:
            identity.revoke(db, connection, device_id)
        log.event("device.revoked", device_id=device_id)
        return wire.answer(request, {"device_id": device_id, "revoked": True})

    @app.put("/v1/devices/{device_id}/key")
    def name_key(request: Request, caller: CallerOf, content: Small, device_id: str) -> Response:
        if device_id != caller.device_id:
            raise Refusal("device.foreign")
        public_key = decoded(content, DeviceKey).public_key
        with db.write() as connection:
            identity.name_key(connection, device_id, public_key)
        return wire.answer(request, {"device_id": device_id, "public_key": public_key})
