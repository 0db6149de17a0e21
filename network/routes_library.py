"""What the province gives: code books, other institutions' instruments, what sensors saw, notices, what is published of the own."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from network import library, publications, sensors, wire
from network.asking import CallerOf, Service, paging


def add(app: FastAPI, service: Service) -> None:
    """Add these routes."""
    db, limits = service.db, service.limits

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
        cursor, limit = paging(request, limits.n_page)
        with db.read() as connection:
            return wire.answer(request, library.catalogue(connection, caller.institution_id, cursor, limit))

    @app.get("/v1/sensors/{instrument}/sessions")
    def sessions(request: Request, caller: CallerOf, instrument: str) -> Response:
        cursor, limit = paging(request, limits.n_page)
        with db.read() as connection:
            return wire.answer(request, sensors.page(connection, caller.institution_id, instrument, cursor, limit))

    @app.get("/v1/notices")
    def notices(request: Request, caller: CallerOf) -> Response:
        cursor, limit = paging(request, limits.n_page)
        with db.read() as connection:
            return wire.answer(request, library.notices(connection, caller.institution_id, cursor, limit))

    @app.get("/v1/publications")
    def published(request: Request, caller: CallerOf) -> Response:
        cursor, limit = paging(request, limits.n_page)
        if service.role == "hub":
            return wire.answer(request, publications.none(cursor))
        with db.read() as connection:
            return wire.answer(request, publications.page(connection, caller.institution_id, cursor, limit))
