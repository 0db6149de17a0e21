"""Fields and coded values of the wire in the words of the ledger, for whoever shows a row that came or is to leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from desktop.actions.day import SHANGHAI
from desktop.store import sync_rows
from desktop.store.reach import HUB, kinds
from desktop.words import known, say

KINDS = frozenset(kinds(HUB))

_STATES = {
    "payout_run": "payout.state",
    "service_record": "record.state",
    "fee_schedule": "fee.state",
    "pilot_openness": "pilot.state",
}
# Field -> where its codes are; of ``kind.field`` where a field means something else in one kind.
_CODES = {
    "basis": "payout.basis",
    "cost_component.kind": "fee",
    "cost_row.kind": "payout.cost_kinds",
    "customer_class": "fee.class",
    "of_kind": "kind",
    "pilot_partner.kind": "pilot.partner",
    "role": "person.roles",
    "receiver": "payout.receiver",
    "month_event.verb": "payout.month_verb",
    "parameter.name": "parameter",
    "parameter.certainty": "certainty",
}


WRITTEN = frozenset(
    {
        ("fee_line", "terms"), ("fee_line", "source_text"), ("scheme", "terms"), ("payout_run", "figure"), ("payout_run", "findings"),
        ("service_record", "answers"), ("province_search", "hits"),
    }
)  # fmt: skip
"""Kind and field of what the ledger keeps as one text, and people read as words."""

WALL = ("started_at", "ended_at")
"""Times of day as they stood on the wall in Shanghai; every other moment is UTC."""


def field(name: str, kind: str = "") -> str:
    """A field by its name for people; a few mean something else in one kind. An unknown one as it is written."""
    return next((say(code) for code in (f"wire.{kind}.{name}", f"wire.{name}") if known(code)), name)


def side(remote: str) -> str:
    """The code of what a remote is called as a side: 网络 or 机构中心."""
    return f"sync.side.{remote}"


def refusal(code: str) -> str:
    """The code of the words for why a row waits."""
    return f"sync.refused.{code.replace('.', '_')}"


FILE_ELSEWHERE = refusal("blob.elsewhere")
"""Why the row of a file waits that was added on another computer and is not here (``sync.evidence.ELSEWHERE``)."""


def coded(name: str, value: object, kind: str = "") -> str | None:
    """The words of a value that is a code or a moment (in Shanghai); None for any other."""
    if not isinstance(value, str) or not value:
        return None
    place = _STATES.get(kind) if name == "state" else _CODES.get(f"{kind}.{name}", _CODES.get(name))
    code = f"{place}.{value.replace('A-', 'A_minus')}" if place == "certainty" else f"{place}.{value}"
    if place is not None and known(code):
        return say(code)
    if name in WALL:
        return value.replace("T", " ")
    if name.endswith("_at") or (kind, name) == ("month_event", "at"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return f"{(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return None


def written(name: str, value: object, kind: str) -> tuple[str, ...] | None:
    """What the ledger keeps as one text (terms, a calculation, findings) in lines for people; () when it says nothing, None for any other value."""
    if not isinstance(value, str) or (kind, name) not in WRITTEN:
        return None
    from desktop.actions import sync_written  # brings the words of fees and payouts: only where such a text is shown

    return sync_written.lines(kind, name, value)


def linked(name: str, value: object, kind: str, names: Mapping[str, str]) -> str:
    """What the row is called that a field refers to, or the rows it lists; "" for any other field. A row's own key stays a key."""
    if name == "id" or not isinstance(value, str):
        return ""
    key, colon, part = value.partition(":")  # what a mark settles of a cost row: its key and the first day of the part
    if key in names:
        return f"{names[key]} · {part}" if colon else names[key]
    return say("report.list").join(names.get(key, key) for key in sync_rows.listed_in(kind, {name: value}))


def is_flag(kind: str, name: str) -> bool:
    """Whether a field is a yes or no, written 1 and 0 on the wire."""
    return kind in KINDS and sync_rows.forms(kind).get(name, ("", False))[0] == "flag"


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """Fields as the ledger has them, its own number and name first; on the wire they stand by the alphabet. What this version does not
    know comes last."""
    places = {name: place for place, name in enumerate(sync_rows.forms(kind))} if kind in KINDS else {}
    return sorted(names, key=lambda name: (name == "id", places.get(name, len(places)), name))
