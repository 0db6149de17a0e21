"""The ledger's own entities: sending, reading, comparing, handing back."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from sqlalchemy import select

from network import acceptance, feed, log, recovery, schema, wire
from network.asking import CallerOf, Large, Service, paging, yes
from network.forms import UUID
from network.problems import Refusal


def add(app: FastAPI, service: Service) -> None:
    """Add these routes."""
    _sending(app, service)
    _reading(app, service)


def _sending(app: FastAPI, service: Service) -> None:
    db, role, limits = service.db, service.role, service.limits

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
        query = select(batch.c.receipt).where(batch.c.institution_id == caller.institution_id, batch.c.key == key)
        with db.read() as connection:
            known = connection.execute(query).scalar() if UUID.fullmatch(key) else None
        if known is None:
            raise Refusal("batch.unknown")
        return wire.answer(request, bytes(known))

    @app.post("/v1/recover")
    def recover(request: Request, caller: CallerOf, content: Large) -> Response:
        with db.write() as connection:
            answers = recovery.recover(db, connection, caller, content, role, limits.n_changes)
        log.event("feed.recovered", device_id=caller.device_id, n_items=len(answers))
        return wire.answer(request, {"server_id": db.server_id, "epoch": str(caller.epoch), "items": answers})


def _reading(app: FastAPI, service: Service) -> None:
    db, limits = service.db, service.limits

    @app.get("/v1/changes")
    def changes(request: Request, caller: CallerOf) -> Response:
        cursor, limit = paging(request, limits.n_page)
        digested = yes("digest", request.query_params.get("digest", "false"))
        with db.read() as connection:
            return wire.answer(request, feed.page(db, connection, caller, cursor, limit, digested=digested))

    @app.get("/v1/entities/{kind}/{key}")
    def entity(request: Request, caller: CallerOf, kind: str, key: str) -> Response:
        with db.read() as connection:
            return wire.answer(request, feed.one(connection, caller.institution_id, kind, key))

    @app.get("/v1/digest")
    def digest(request: Request, caller: CallerOf) -> Response:
        with db.read() as connection:
            return wire.answer(request, feed.digest(db, connection, caller))
