"""How the application is served: what is no HTTP at all is answered by the server, in the form of the contract like everything else."""

from __future__ import annotations

import uuid

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from network import log
from network.canonical import encode
from network.problems import Refusal
from network.wire import content_digest


class Protocol(H11Protocol):
    """HTTP/1.1; a request that cannot be read gets a problem document and the line is closed."""

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be read; ``msg`` is the server's own word and goes nowhere."""
        refusal, request_id = Refusal("request.invalid"), str(uuid.uuid4())
        content = encode(refusal.body())
        headers = {
            "Content-Type": "application/problem+json",
            "Content-Digest": content_digest(content),
            "Content-Length": str(len(content)),
            "Yixiang-Request": request_id,
            "Connection": "close",
        }
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        answer = h11.Response(status_code=refusal.kind.status, headers=told, reason=b"Bad Request")
        for part in (answer, h11.Data(data=content), h11.EndOfMessage()):
            self.transport.write(self.conn.send(part) or b"")
        self.transport.close()
        log.event("request", request_id=request_id, method=None, route=None, status=refusal.kind.status, code=refusal.code, device_id=None, ms=0)


def config(app: FastAPI) -> uvicorn.Config:
    """The server's settings: this protocol, no log and no name of its own."""
    return uvicorn.Config(
        app, http=Protocol, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=5
    )
