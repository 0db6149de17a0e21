"""What the routes ask of a request before they work: who it is from, its body, the values of its path and query."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import IO, Annotated, TypeVar

import msgspec
from fastapi import Depends, Request

from network import identity, wire
from network.database import Database
from network.identity import Caller
from network.kinds import Role
from network.limits import Limits
from network.problems import Refusal
from network.rate import Rate

SMALL_BODY = 65_536
OCTETS = "application/octet-stream"
PACKAGE = "application/vnd.yixiang.gxpk"
_PACKAGES_IN_MEMORY = 2
_SPOOLED_FROM = 262_144
_BUSY_SECONDS = 5
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Service:
    """What every route works with. ``packages`` lets few packages at once into memory, ``receiving`` counts those that come in."""

    db: Database
    role: Role
    limits: Limits
    rate: Rate
    packages: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_PACKAGES_IN_MEMORY))
    receiving: set[int] = field(default_factory=set)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def stranger(request: Request) -> None:
    """Count a request that no device stands behind. Raises Refusal."""
    _service(request).rate.count(f"address {request.client.host if request.client else ''}")


def _caller(request: Request) -> Caller:
    """The device behind the access token; the epoch the request names must be the one in force."""
    service = _service(request)
    scheme, _, access = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer" or not access:
            raise Refusal("auth.missing")
        with service.db.read() as connection:
            caller = identity.caller(service.db, connection, access.strip(), request.headers.get("yixiang-epoch"))
            first = identity.unproven(connection, access.strip())
    except Refusal:
        # Whatever stands in the header: who is not known counts by the address.
        stranger(request)
        raise
    service.rate.count(caller.device_id)
    if first is not None:
        with service.db.write() as connection:
            identity.succeed(service.db, connection, first)
    request.state.device_id = caller.device_id
    return caller


async def _small(request: Request) -> bytes:
    return await wire.body(request, SMALL_BODY, seconds=_service(request).limits.n_body_seconds)


async def _large(request: Request) -> bytes:
    limits = _service(request).limits
    return await wire.body(request, limits.n_bytes, seconds=limits.n_body_seconds)


async def _part(request: Request) -> bytes:
    if "content-digest" not in request.headers:
        raise Refusal("request.invalid", "content-digest")
    limits = _service(request).limits
    return await wire.body(request, limits.n_part_bytes, OCTETS, seconds=limits.n_body_seconds)


async def _package(request: Request) -> AsyncIterator[IO[bytes]]:
    """The package in a file, because whoever sends it is known only when it is there. Raises Refusal when many come at once."""
    service, own = _service(request), id(request)
    limits = service.limits
    if len(service.receiving) >= limits.n_packages:
        raise Refusal("service.busy", "many packages at once", retry_after=_BUSY_SECONDS)
    service.receiving.add(own)
    try:
        with tempfile.SpooledTemporaryFile(_SPOOLED_FROM) as target:
            await wire.receive(request, target, limits.n_package_bytes, PACKAGE, "package.too_large", limits.n_body_seconds)
            target.seek(0)
            yield target
    finally:
        service.receiving.discard(own)


CallerOf = Annotated[Caller, Depends(_caller)]
Small = Annotated[bytes, Depends(_small)]
Large = Annotated[bytes, Depends(_large)]
Part = Annotated[bytes, Depends(_part)]
PackageFile = Annotated[IO[bytes], Depends(_package)]
OPEN = [Depends(stranger)]


def decoded(content: bytes, shape: type[Shape]) -> Shape:
    """A message of this shape. Raises Refusal."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("body.malformed", str(error)) from error


def whole(name: str, given: str, low: int, high: int) -> int:
    """A number from path or query. Raises Refusal when it is none or outside its bounds."""
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and low <= int(given) <= high):
        raise Refusal("request.invalid", name)
    return int(given)


def yes(name: str, given: str) -> bool:
    """A yes or no of the query. Raises Refusal when it is neither."""
    if given not in ("true", "false"):
        raise Refusal("request.invalid", name)
    return given == "true"


def paging(request: Request, n_page: int) -> tuple[str, int]:
    """Cursor ("" for the beginning, also when it was "0") and page size of the query. Raises Refusal."""
    cursor, limit = request.query_params.get("cursor", ""), request.query_params.get("limit")
    if len(cursor) > 64:
        raise Refusal("cursor.invalid")
    return "" if cursor == "0" else cursor, n_page if limit is None else whole("limit", limit, 1, n_page)
