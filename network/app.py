"""The application of the contract (``resources/network/openapi.yaml``): its routes, and what it answers when something is refused."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from network import log, roles, routes_devices, routes_evidence, routes_ledger, routes_library, wire
from network.asking import Service, stranger
from network.database import Database
from network.kinds import Role
from network.limits import Limits
from network.problems import Refusal
from network.rate import Rate

BUSY_SECONDS = 2
_GONE = 499
"""In the log alone: nobody is there to be answered."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def build(db: Database, role: Role | None = None, limits: Limits | None = None) -> FastAPI:
    """The application over an open database, which is of this role from then on (None: of its own). Raises OtherRole."""
    bounds = limits or Limits()
    service = Service(db, roles.bind(db, role), bounds, Rate(bounds.n_requests_per_minute))
    app = FastAPI(title="yixiang network", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.service = service
    _observed(app)
    _problems(app)
    for part in (routes_devices, routes_ledger, routes_evidence, routes_library):
        part.add(app, service)
    return app


def _observed(app: FastAPI) -> None:
    @app.middleware("http")
    async def observed(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        began, request.state.device_id = time.perf_counter(), None
        request.state.request_id = str(uuid.uuid4())
        code = None
        try:
            response = await call(request)
        except ClientDisconnect:
            # A line that broke in the middle of a body: nothing of it was kept, and nothing is wrong here.
            code, response = "client.gone", Response(status_code=_GONE)
        except Exception as error:  # noqa: BLE001 - the last net: whatever it was, the client gets a problem and the log its place
            code = "service.failed"
            log.failure(code, error, request_id=request.state.request_id)
            response = wire.problem(request, Refusal(code, retry_after=5))
        route = request.scope.get("route")
        log.event(
            "request",
            request_id=request.state.request_id,
            method=request.method if request.method in METHODS else None,
            route=getattr(route, "path", None),
            status=response.status_code,
            code=code or getattr(request.state, "code", None),
            device_id=request.state.device_id,
            ms=round((time.perf_counter() - began) * 1000),
        )
        response.headers["Yixiang-Request"] = request.state.request_id
        return response


def _problems(app: FastAPI) -> None:
    def refused(request: Request, refusal: Refusal) -> Response:
        request.state.code = refusal.code
        return wire.problem(request, refusal)

    def busy(request: Request, error: Exception) -> Response:
        log.failure("service.busy", error, request_id=request.state.request_id)
        return refused(request, Refusal("service.busy", retry_after=BUSY_SECONDS))

    # What another writer got in the way of: a lock waited for too long, a serialisation failure, the same key at the same moment.
    for kind in (OperationalError, IntegrityError, PoolTimeout):
        app.add_exception_handler(kind, busy)

    @app.exception_handler(Refusal)
    def _refusal(request: Request, error: Refusal) -> Response:
        return refused(request, error)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return refused(request, Refusal("request.invalid"))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        try:
            stranger(request)
        except Refusal as refusal:
            return refused(request, refusal)
        return refused(request, Refusal("route.method" if error.status_code == 405 else "route.unknown"))
