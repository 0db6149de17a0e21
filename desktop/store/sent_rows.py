"""What remotes hold of one instrument, and which of it they can delete. Plain values only."""

from __future__ import annotations

import json
from dataclasses import dataclass

from desktop.store import sync_rows
from desktop.store.database import Connection
from desktop.store.reclassifications import OWN

# Postings and what settles them are only ever created; no remote deletes them, nor a row that one of them refers to.
FACTS = frozenset({"posting", "receipt", "payout_line", "payout_mark", "voucher_claim_step"})
# What is nothing without the row it belongs to, by the field that names that: it stays where that stays.
_PARTS = {"voucher_claim_line": ("voucher_claim", "claim_id")}
_BESIDE = (
    "UNION ALL SELECT 'payout_line', l.id FROM payout_line l JOIN posting p ON p.id = l.posting_id WHERE p.instrument_id = ?1 "
    "UNION ALL SELECT 'payout_mark', m.id FROM payout_mark m JOIN posting p ON p.id = m.posting_id WHERE p.instrument_id = ?1"
)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SentRows:
    """Kind and key of the rows one remote holds of an instrument: those that can be deleted there, and those that stay."""

    remote: str
    deletable: tuple[Place, ...]
    stay: tuple[Place, ...]


def of_instrument(connection: Connection, instrument_id: str) -> list[SentRows]:
    """By remote, those that hold anything of it."""
    found: dict[str, dict[Place, dict[str, object]]] = {}
    rows = connection.exec_driver_sql(
        f"SELECT b.remote, b.kind, b.key, b.body FROM sync_base b JOIN ({OWN} {_BESIDE}) o ON o.kind = b.kind AND o.key = b.key "
        "WHERE b.body IS NOT NULL ORDER BY b.remote, b.kind, b.key",
        (instrument_id,),
    )
    for remote, kind, key, body in rows:
        found.setdefault(remote, {})[kind, key] = json.loads(body)
    return [_judged(remote, held) for remote, held in found.items()]


def _judged(remote: str, held: dict[Place, dict[str, object]]) -> SentRows:
    stay: set[Place] = set()
    further = [place for place in held if place[0] in FACTS]
    while further:
        place = further.pop()
        if place in stay or place not in held:
            continue
        stay.add(place)
        further += [(kind, key) for _, kind, key in sync_rows.links_of(place[0], held[place], remote)]
    for place, body in held.items():
        kind, name = _PARTS.get(place[0], ("", ""))
        if kind and (kind, str(body.get(name))) in stay:
            stay.add(place)
    return SentRows(remote, tuple(place for place in held if place not in stay), tuple(sorted(stay)))
