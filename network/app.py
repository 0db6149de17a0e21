"""The routes of the contract (``resources/network/openapi.yaml``), each a few lines over the module that does the work."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Annotated, TypeVar

import msgspec
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from network import acceptance, feed, identity, kinds, library, log, recovery, schema, wire
from network.acceptance import Limits
from network.database import Database
from network.identity import Caller
from network.kinds import Role
from network.messages import Enrolment, Renewal
from network.problems import Refusal

SMALL_BODY = 65_536
Shape = TypeVar("Shape", Enrolment, Renewal)


def build(db: Database, role: Role = "network", limits: Limits | None = None) -> FastAPI:
    """The application over an open database."""
    limits = limits or Limits()
    app = FastAPI(title="yixiang network", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.db, app.state.role, app.state.limits = db, role, limits
    _problems(app)
    _open_routes(app, db, role, limits)
    _device_routes(app, db)
    _entity_routes(app, db, role, limits)
    _library_routes(app, db, limits)
    return app


def _caller(request: Request) -> Caller:
    """The device behind the access token; the epoch the request names must be the one in force."""
    db: Database = request.app.state.db
    scheme, _, access = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not access:
        raise Refusal("auth.missing")
    with db.read() as connection:
        caller = identity.caller(db, connection, access.strip())
        epoch = str(db.epoch(connection))
    request.state.device_id = caller.device_id
    named = request.headers.get("yixiang-epoch")
    if named is None:
        raise Refusal("epoch.missing")
    if named != epoch:
        raise Refusal("epoch.changed", extra={"epoch": epoch})
    return caller


async def _small(request: Request) -> bytes:
    return await wire.body(request, SMALL_BODY)


async def _large(request: Request) -> bytes:
    return await wire.body(request, request.app.state.limits.n_bytes)


CallerOf = Annotated[Caller, Depends(_caller)]
Small = Annotated[bytes, Depends(_small)]
Large = Annotated[bytes, Depends(_large)]


def _whole(request: Request, name: str, default: int, low: int, high: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and low <= int(given) <= high):
        raise Refusal("request.invalid", name)
    return int(given)


def _open_routes(app: FastAPI, db: Database, role: Role, limits: Limits) -> None:
    @app.get("/v1/health")
    def health(request: Request) -> Response:
        with db.read() as connection:
            connection.execute(text("SELECT 1"))
        return wire.answer(request, {"status": "ok"})

    @app.get("/v1/openapi.yaml")
    def contract() -> Response:
        return Response(
            resources.files("resources").joinpath("network", "openapi.yaml").read_bytes(), media_type="application/yaml"
        )

    @app.get("/v1/capabilities")
    def capabilities(request: Request) -> Response:
        with db.read() as connection:
            epoch = db.epoch(connection)
        told = {
            "server_id": db.server_id,
            "epoch": str(epoch),
            "role": role,
            "schema": {"min": limits.schema_min, "max": limits.schema_max},
            "limits": {"n_changes": limits.n_changes, "n_bytes": limits.n_bytes, "n_page": limits.n_page},
            "kinds": list(kinds.KINDS),
            "codings": ["gzip"],
            "now": db.moment(),
        }
        return wire.answer(request, told)

    @app.post("/v1/devices")
    def enrol(request: Request, content: Small) -> Response:
        asked = _decoded(content, Enrolment)
        with db.write() as connection:
            caller, tokens = identity.enrol(db, connection, asked)
            row = connection.execute(select(schema.institution).where(schema.institution.c.id == caller.institution_id)).one()
            epoch = db.epoch(connection)
        log.event("device.enrolled", device_id=caller.device_id, institution_id=caller.institution_id)
        told = {
            "device_id": caller.device_id,
            "institution": {"id": row.id, "uscc": row.uscc, "name": row.name},
            "server_id": db.server_id,
            "epoch": str(epoch),
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_in": tokens.expires_in,
        }
        return wire.answer(request, told, 201)

    @app.post("/v1/token")
    def renew(request: Request, content: Small) -> Response:
        asked = _decoded(content, Renewal)
        with db.write() as connection:
            outcome = identity.renew(db, connection, asked.refresh_token)
        if isinstance(outcome, Refusal):
            raise outcome
        told = {
            "access_token": outcome.access_token,
            "refresh_token": outcome.refresh_token,
            "expires_in": outcome.expires_in,
        }
        return wire.answer(request, told)


def _device_routes(app: FastAPI, db: Database) -> None:
    @app.delete("/v1/devices/{device_id}")
    def revoke(request: Request, caller: CallerOf, device_id: str) -> Response:
        if device_id != caller.device_id:
            raise Refusal("device.foreign")
        with db.write() as connection:
            identity.revoke(db, connection, device_id)
        log.event("device.revoked", device_id=device_id)
        return wire.answer(request, {"device_id": device_id, "revoked": True})


def _entity_routes(app: FastAPI, db: Database, role: Role, limits: Limits) -> None:
    @app.post("/v1/batches")
    def take(request: Request, caller: CallerOf, content: Large) -> Response:
        with db.write() as connection:
            receipt, again = acceptance.take(db, connection, caller, content, role, limits, dry=False)
        return wire.answer(request, receipt, 200, {"Yixiang-Replayed": "true"} if again else {})

    @app.post("/v1/validate")
    def validate(request: Request, caller: CallerOf, content: Large) -> Response:
        with db.read() as connection:
            receipt, _ = acceptance.take(db, connection, caller, content, role, limits, dry=True)
        return wire.answer(request, receipt)

    @app.get("/v1/batches/{key}")
    def receipt(request: Request, caller: CallerOf, key: str) -> Response:
        batch = schema.batch
        with db.read() as connection:
            known = connection.execute(
                select(batch.c.receipt).where(batch.c.institution_id == caller.institution_id, batch.c.key == key)
            ).scalar()
        if known is None:
            raise Refusal("batch.unknown")
        return wire.answer(request, bytes(known))

    @app.get("/v1/changes")
    def changes(request: Request, caller: CallerOf) -> Response:
        limit = _whole(request, "limit", limits.n_page, 1, limits.n_page)
        with db.read() as connection:
            page = feed.page(db, connection, caller.institution_id, request.query_params.get("cursor", ""), limit)
        return wire.answer(request, page)

    @app.get("/v1/entities/{kind}/{key}")
    def entity(request: Request, caller: CallerOf, kind: str, key: str) -> Response:
        with db.read() as connection:
            return wire.answer(request, feed.one(connection, caller.institution_id, kind, key))

    @app.get("/v1/digest")
    def digest(request: Request, caller: CallerOf) -> Response:
        with db.read() as connection:
            return wire.answer(request, feed.digest(db, connection, caller.institution_id))

    @app.post("/v1/recover")
    def recover(request: Request, caller: CallerOf, content: Large) -> Response:
        with db.write() as connection:
            answers = recovery.recover(db, connection, caller, content, role, limits.n_changes)
            epoch = db.epoch(connection)
        log.event("feed.recovered", device_id=caller.device_id, n_items=len(answers))
        return wire.answer(request, {"server_id": db.server_id, "epoch": str(epoch), "items": answers})


def _library_routes(app: FastAPI, db: Database, limits: Limits) -> None:
    @app.get("/v1/reference")
    def codebooks(request: Request, caller: CallerOf) -> Response:
        with db.read() as connection:
            return wire.answer(request, {"items": library.codebooks(connection)})

    @app.get("/v1/reference/{codebook}")
    def codebook(request: Request, caller: CallerOf, codebook: str) -> Response:
        with db.read() as connection:
            return wire.answer(request, library.codebook(connection, codebook))

    @app.get("/v1/catalogue")
    def catalogue(request: Request, caller: CallerOf) -> Response:
        limit = _whole(request, "limit", limits.n_page, 1, limits.n_page)
        with db.read() as connection:
            told = library.catalogue(connection, caller.institution_id, request.query_params.get("cursor", ""), limit)
        return wire.answer(request, told)

    @app.get("/v1/notices")
    def notices(request: Request, caller: CallerOf) -> Response:
        limit = _whole(request, "limit", limits.n_page, 1, limits.n_page)
        after = _whole(request, "cursor", 0, 0, 2**31 - 1)
        with db.read() as connection:
            return wire.answer(request, library.notices(connection, caller.institution_id, after, limit))


def _decoded(content: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("body.malformed", str(error)) from error


def _problems(app: FastAPI) -> None:
    @app.middleware("http")
    async def observed(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        began, request.state.device_id = time.perf_counter(), None
        request.state.request_id = str(uuid.uuid4())
        code = None
        try:
            response = await call(request)
        except Exception as error:  # noqa: BLE001 - the last net: whatever it was, the client gets a problem and the log its place
            code = "service.failed"
            log.failure(code, error, request_id=request.state.request_id)
            response = wire.problem(request, Refusal(code, retry_after=5))
        route = request.scope.get("route")
        log.event(
            "request",
            request_id=request.state.request_id,
            method=request.method,
            route=getattr(route, "path", None),
            status=response.status_code,
            code=code or getattr(request.state, "code", None),
            device_id=request.state.device_id,
            ms=round((time.perf_counter() - began) * 1000),
        )
        response.headers["Yixiang-Request"] = request.state.request_id
        return response

    def refused(request: Request, refusal: Refusal) -> Response:
        request.state.code = refusal.code
        return wire.problem(request, refusal)

    @app.exception_handler(Refusal)
    def _refusal(request: Request, error: Refusal) -> Response:
        return refused(request, error)

    @app.exception_handler(OperationalError)
    def _busy(request: Request, error: OperationalError) -> Response:
        log.failure("service.busy", error, request_id=request.state.request_id)
        return refused(request, Refusal("service.busy", retry_after=2))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return refused(request, Refusal("request.invalid"))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return refused(request, Refusal("route.method" if error.status_code == 405 else "route.unknown"))
