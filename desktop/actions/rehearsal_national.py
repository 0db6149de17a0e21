"""The national platform of the practice day: a stand-in on loopback takes the instruments, and its audit is entered as a person sees it there.

Nothing leaves the computer: the address is that of the stand-in and is forgotten when it has answered. Invented practice data.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

from desktop.actions import explaining, national_audit, national_audit_list, national_outgoing, national_sending
from desktop.formats import national_soap
from desktop.ledger.national_audit import AuditState

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice

UNIT = "0" * 31 + "1"
"""The invented unit on the national platform."""
_TAKEN = (
    b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
    b'<r:instruInfoResponse xmlns:r="http://instru.server.ws.com/"><return>100</return></r:instruInfoResponse></S:Body></S:Envelope>'
)


class _Taking(BaseHTTPRequestHandler):
    """Takes whatever it is told, as the platform says it when all rows are sound."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(_TAKEN)))
        self.end_headers()
        self.wfile.write(_TAKEN)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def _platform() -> Iterator[str]:
    """A stand-in for the platform for as long as it is needed: its address."""
    server = HTTPServer(("127.0.0.1", 0), _Taking)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/services/instru/"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def told(day: Practice, clause: Clause) -> None:
    """Clause 5: the instruments sent, what the platform's audit says of some, and the paper of it."""
    workspace = day.workspace
    with _platform() as address:
        national_outgoing.set_target(workspace, address, UNIT)
        prepared = national_outgoing.prepare(workspace, day.year, kinds=[national_soap.INSTRUMENT])
        (sent,) = national_sending.send(workspace, prepared)
        national_outgoing.set_target(workspace, "", UNIT)
    number = sent.message.number
    clause.figure(explaining.explain(workspace, "message", number), f"message {number}")
    seen: dict[AuditState, str] = {"passed": "", "refused": day.told["national"]["refused"]}
    for one, (state, reason) in zip(national_audit_list.every(workspace, day.on), seen.items(), strict=False):
        national_audit.say(workspace, national_soap.INSTRUMENT, [one.name], state, reason, day.on)
        clause.figure(explaining.explain(workspace, "due", one.name, day.on), f"due {one.name} --on {day.on}")
    clause.find(one.finding for one in national_audit_list.open_rows(workspace, day.on) if one.finding is not None)
    clause.documents += day.report("national_audit")
