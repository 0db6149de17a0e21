"""Evidence: files in parts, countersigned heads, offline packages."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from network import anchors, blobs, log, packages, wire
from network.asking import OCTETS, OPEN, PACKAGE, CallerOf, PackageFile, Part, Service, Small, decoded, paging, whole
from network.messages import BlobDeclared, Head

_MOST_PARTS = 9999


def add(app: FastAPI, service: Service) -> None:
    """Add these routes."""
    _blobs(app, service)
    _anchors(app, service)

    @app.post("/v1/packages", dependencies=OPEN)
    def take_package(request: Request, content: PackageFile) -> Response:
        with service.packages:
            package = packages.opened(service.db, content.read(), service.limits)
            answer, again = packages.take(service.db, package, service.role, service.limits)
        log.event("package.taken", device_id=package.manifest.device_id, number=package.manifest.number, again=again)
        return wire.plain(request, answer, PACKAGE, {"Yixiang-Replayed": "true"} if again else {})


def _blobs(app: FastAPI, service: Service) -> None:
    db, limits = service.db, service.limits

    @app.put("/v1/blobs/{sha256}")
    def declare(request: Request, caller: CallerOf, content: Small, sha256: str) -> Response:
        n_bytes = decoded(content, BlobDeclared).n_bytes
        with db.write() as connection:
            return wire.answer(request, blobs.declare(connection, caller.institution_id, sha256, n_bytes, db.moment(), limits))

    @app.get("/v1/blobs/{sha256}")
    def blob(request: Request, caller: CallerOf, sha256: str) -> Response:
        with db.read() as connection:
            return wire.answer(request, blobs.state(connection, caller.institution_id, sha256))

    @app.put("/v1/blobs/{sha256}/parts/{number}")
    def send_part(request: Request, caller: CallerOf, content: Part, sha256: str, number: str) -> Response:
        n = whole("number", number, 0, _MOST_PARTS)
        with db.write() as connection:
            refusal = blobs.put_part(connection, caller.institution_id, sha256, n, content)
            told = None if refusal is not None else blobs.state(connection, caller.institution_id, sha256)
        if refusal is not None:
            raise refusal
        return wire.answer(request, told)

    @app.get("/v1/blobs/{sha256}/parts/{number}")
    def part(request: Request, caller: CallerOf, sha256: str, number: str) -> Response:
        n = whole("number", number, 0, _MOST_PARTS)
        with db.read() as connection:
            return wire.plain(request, blobs.get_part(connection, caller.institution_id, sha256, n), OCTETS)


def _anchors(app: FastAPI, service: Service) -> None:
    db, limits = service.db, service.limits

    @app.post("/v1/anchors")
    def anchor(request: Request, caller: CallerOf, content: Small) -> Response:
        head = decoded(content, Head)
        with db.write() as connection:
            receipt = anchors.countersign(db, connection, caller, head)
        return wire.answer(request, receipt)

    @app.get("/v1/anchors")
    def given(request: Request, caller: CallerOf) -> Response:
        cursor, limit = paging(request, limits.n_page)
        with db.read() as connection:
            return wire.answer(request, anchors.page(connection, caller.institution_id, cursor, limit))
