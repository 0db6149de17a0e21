"""Finding one set among 30 000 of the catalogue while typing, and looking for 3 000 secrets in a full batch, against the plain way."""

from __future__ import annotations

import json
import random
from itertools import cycle

from desktop.actions import locator
from desktop.actions.workspace import Workspace, open_ledger
from desktop.sync.egress import Gate, Marker
from network import seeding
from tests.actions.making import start
from tests.actions.test_locator import keep
from tests.bench.measuring import Figure, Place, compared, in_ms, seconds

N = 30_000
LOCATOR_BOUND = 0.5
GATE_BOUND = 0.5
TEXTS = ("场发射扫描电镜", "场发射扫苗电竟", "电镜 济南", "不会有的东西呀")


def figures(place: Place) -> list[Figure]:
    """The locator against reading every row and looking for the text in it; the gate, which also folds signs, against looking for each as it is written."""
    home = place.folder / "catalogue"
    with start(home) as ledger:
        keep(ledger, list(seeding.instruments(N, 1)))
    with open_ledger(home) as ledger:
        return [_locator(ledger), _gate()]


def _locator(ledger: Workspace) -> Figure:
    ours, theirs = cycle(TEXTS), cycle(TEXTS)

    def plainly() -> None:
        wanted = next(theirs)
        with ledger.read() as connection:
            sum(wanted in str(row) for row in connection.exec_driver_sql("SELECT * FROM catalogue_entry"))

    taken = compared(lambda: seconds(lambda: locator.find(ledger, next(ours))), lambda: seconds(plainly), 2 * len(TEXTS) + 1)
    return Figure(f"a search of {N:,} sets with slips: looking at each", LOCATOR_BOUND, taken[0] / taken[1], "×", in_ms(*taken))


def _gate() -> Figure:
    draw = random.Random(3)
    secrets = ["".join(draw.choices("涉密仪器光谱电镜ABCDEF0123456789", k=12)) for _ in range(3000)]
    gate = Gate([Marker(one) for one in secrets])
    note = "".join(draw.choices("常用仪器光谱电镜abcdef0123456789", k=300_000))
    content = json.dumps({"changes": [{"body": {"note": note}}]}, ensure_ascii=False).encode()
    gate.check(content)
    taken = compared(lambda: seconds(lambda: gate.check(content)), lambda: seconds(lambda: any(one in content.decode() for one in secrets)))
    return Figure("3,000 secrets in a batch of 300,000 signs: each as it stands", GATE_BOUND, taken[0] / taken[1], "×", in_ms(*taken))
