"""Fields and coded values of the wire in the words of the ledger, for whoever shows a row that came or is to leave."""

from __future__ import annotations

from datetime import UTC, datetime

from desktop.actions.day import SHANGHAI
from desktop.words import known, say

_STATES = {
    "payout_run": "payout.state",
    "service_record": "record.state",
    "fee_schedule": "fee.state",
}


def field(name: str, kind: str = "") -> str:
    """A field by its name for people; a few mean something else in one kind. An unknown one as it is written."""
    return next((say(code) for code in (f"wire.{kind}.{name}", f"wire.{name}") if known(code)), name)


def refusal(code: str) -> str:
    """The code of the words for why a row waits."""
    return f"sync.refused.{code.replace('.', '_')}"


def coded(name: str, value: object, kind: str = "") -> str | None:
    """The words of a value that is a code or a moment (in Shanghai); None for any other."""
    if not isinstance(value, str) or not value:
        return None
    code = {"state": f"{_STATES.get(kind, '')}.{value}", "basis": f"payout.basis.{value}"}.get(name)
    if code is not None and known(code):
        return say(code)
    if name.endswith("_at") and kind != "service_record":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return f"{(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return None
