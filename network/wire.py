"""HTTP in and out: bounded bodies, gzip, Content-Digest (RFC 9530), problem+json (RFC 9457)."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import AsyncIterator
from typing import IO

import msgspec
from fastapi import Request, Response

from network.problems import Refusal

_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:;[^,]*)?(?=,|$)")
_GZIP_FROM = 1024
_BYTES_PER_SECOND = 8192
JSON = "application/json"


def content_digest(content: bytes) -> str:
    """The Content-Digest header of these bytes."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


async def body(request: Request, limit: int, media_type: str = JSON, *, seconds: int) -> bytes:
    """The decoded body of a request, at most ``limit`` bytes before and after decoding, its digest checked."""
    with io.BytesIO() as target:
        await receive(request, target, limit, media_type, "body.too_large", seconds)
        content = target.getvalue()
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    return _gunzip(content, limit) if coding == "gzip" else content


async def receive(request: Request, target: IO[bytes], limit: int, media_type: str, too_large: str, seconds: int) -> None:
    """Write the body as it comes, at most ``limit`` bytes, its digest checked. Raises Refusal, also when it comes too slowly."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise Refusal("body.encoding", "content type")
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:18]) > limit:
        raise Refusal(too_large)
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity" and (coding != "gzip" or media_type != JSON):
        raise Refusal("body.encoding", "content coding")
    digest, n_bytes = hashlib.sha256(), 0
    async for part in _in_time(request, seconds):
        n_bytes += len(part)
        if n_bytes > limit:
            raise Refusal(too_large)
        digest.update(part)
        target.write(part)
    named = request.headers.get("content-digest")
    if named is not None:
        match = _SHA256.search(named)
        if not match or base64.b64decode(match[1]) != digest.digest():
            raise Refusal("body.digest")


async def _in_time(request: Request, seconds: int) -> AsyncIterator[bytes]:
    """The parts of a body. Raises Refusal when a span of ``seconds`` has brought neither its end nor 8 KiB for each second."""
    parts, clock = request.stream(), asyncio.get_running_loop().time
    n_left, ends = seconds * _BYTES_PER_SECOND, clock() + seconds
    while True:
        try:
            async with asyncio.timeout_at(ends):
                part = await anext(parts)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise Refusal("service.busy", "the body came too slowly", retry_after=seconds) from error
        n_left -= len(part)
        if n_left <= 0:
            n_left, ends = seconds * _BYTES_PER_SECOND, clock() + seconds
        yield part


def _gunzip(content: bytes, limit: int) -> bytes:
    decoder = zlib.decompressobj(wbits=31)
    try:
        plain = decoder.decompress(content, limit + 1)
    except zlib.error as error:
        raise Refusal("body.malformed", "gzip") from error
    if len(plain) > limit:
        raise Refusal("body.too_large")
    if not decoder.eof or decoder.unused_data:
        raise Refusal("body.malformed", "gzip")
    return plain


def answer(request: Request, content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer, compressed when the client takes gzip, with the digest of what is sent. Bytes are sent as they are."""
    raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return _sent(request, raw, status, JSON, headers or {})


def plain(request: Request, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """An answer of plain bytes, not compressed, with its digest."""
    told = {"Cache-Control": "no-store", "Content-Digest": content_digest(content)} | (headers or {})
    return Response(content, 200, told, media_type)


def problem(request: Request, refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else {}
    if refusal.kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _sent(request, msgspec.json.encode(refusal.body()), refusal.kind.status, "application/problem+json", headers)


def _sent(request: Request, raw: bytes, status: int, media_type: str, headers: dict[str, str]) -> Response:
    told = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"} | headers
    if len(raw) >= _GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        raw = gzip.compress(raw, compresslevel=1, mtime=0)
        told["Content-Encoding"] = "gzip"
    told["Content-Digest"] = content_digest(raw)
    return Response(raw, status, told, media_type)
