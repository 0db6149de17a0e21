"""Management documents around the edges of their days, and what the network is said to have published of the sets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.management import AGREEMENT, ManagementDocument
from desktop.ledger.publication import LISTED, PENDING, TAKEN_DOWN, NetworkEvaluation, Publication
from desktop.store import publications
from desktop.store.management import DOCUMENTS
from tests.recompute.invented import Registers, key

_LAST, _DAY = date(2025, 12, 31), timedelta(days=1)
_BEGAN = date(2024, 1, 1)
# Kind, first and last day: ends sixty days ahead are told, those of sixty-one are not, nor one that the next day's paper follows. The incentives have none.
_PAPERS: tuple[tuple[str, date, date | None], ...] = (
    ("sharing", _BEGAN, None), ("sharing", _BEGAN, date(2026, 1, 31)), ("fees", _BEGAN, _LAST), ("fees", _LAST + _DAY, None),
    ("flow", _BEGAN, _LAST + 61 * _DAY), ("safety", date(2025, 3, 14), _LAST + 60 * _DAY), ("data", _BEGAN, _LAST - _DAY), ("data", _BEGAN, date(2025, 6, 30)),
    ("income", _LAST + _DAY, None), ("income", _LAST + 9 * _DAY, None), ("other", _BEGAN, date(2025, 3, 13)),
)  # fmt: skip
_FIRST = (-400, -366, -30, -1, 0, 1, 30)
_ENDS = (None, -30, -1, 0, 59, 60, 61, 400)
_SAID = (LISTED, LISTED, LISTED, PENDING, TAKEN_DOWN, "审核退回")


def papers(workspace: Workspace, seed: int) -> None:
    """Papers of every kind that is asked for but one, and agreements with sixty users, up to three with each."""
    chance = random.Random(seed)
    made = [
        ManagementDocument(key(chance), kind, f"校发〔2024〕{n}号", f"{kind}办法" if n % 2 else f"《{kind}办法》", _BEGAN, first, last, "本单位")
        for n, (kind, first, last) in enumerate(_PAPERS)
    ]
    made += [each for n in range(60) for each in _agreements(f"用户{n:02d}", chance)]
    with workspace.write("recompute papers", undoable=False) as operation:
        DOCUMENTS.insert(operation.connection, made)


def _agreements(party: str, chance: random.Random) -> Iterator[ManagementDocument]:
    for n in range(chance.randrange(1, 4)):
        first = _LAST + chance.choice(_FIRST) * _DAY
        ends = chance.choice(_ENDS)
        last = None if ends is None else max(first, _LAST + ends * _DAY)
        yield ManagementDocument(key(chance), AGREEMENT, f"{party}-{n}", "知识产权约定", first, first, last, party=party)


def published(workspace: Workspace, made: Registers, seed: int) -> None:
    """What the network said of two of three sets, confidential ones too, with a number or none; that the retired are listed; and of keys not here."""
    chance = random.Random(seed)
    told = [_told(one, chance) for one in made.instruments if chance.random() < 0.66 or one.retired_on]
    told += [replace(told[0], instrument_id=key(chance), network_number=number) for number in ("", "SD90001", "SD90002")]
    with workspace.write("sync", undoable=False) as operation:
        publications.keep(operation.connection, NETWORK, told)


def _told(one: Instrument, chance: random.Random) -> Publication:
    own = one.network_number
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in own)
    number = chance.choice((own, own, own, own.lower(), wide, f" {own}", "", f"{own}9" if own else f"SD{one.asset_number}"))
    graded = (NetworkEvaluation(2024, "良好"),) if chance.random() < 0.2 else ()
    since = chance.choice((None, _LAST))
    state = LISTED if one.retired_on else chance.choice(_SAID)
    return Publication(one.id, number, state, since, chance.choice(("", "缺少照片")), graded, "2026-01-19T08:00:00+00:00")
