"""What stands behind the invented claims of vouchers: steps, trees of amounts, papers of every kind, and which counties have the higher rate since when."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop.actions import evidence, parameter_sets
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher import EVIDENCE
from desktop.ledger.voucher_rows import VoucherClaimStep, VoucherPaper
from desktop.rules import figure_json
from desktop.rules.figure import Figure
from desktop.store.vouchers import MARKS, PAPERS
from tests.recompute.invented import key

# What two seats did to one claim before they heard of each other: ``verb`` follows the step before, ``+verb`` was taken beside it, at the same moment
# or later, with another amount.
AT_ONCE: tuple[tuple[str, ...], ...] = (
    ("submit", "accept", "+accept"), ("submit", "accept", "+refuse"), ("submit", "refuse", "+accept"), ("submit", "accept", "+accept", "pay", "+pay"),
    ("submit", "+submit"), ("submit", "accept", "+send_back", "submit"), ("submit", "+withdraw"), ("withdraw", "+submit"),
    ("submit", "accept", "+withdraw", "pay", "recover"),
)  # fmt: skip
_COUNTIES_FROM = date(2025, 6, 1)


def tree(n: int, granted_fen: int, top_up_fen: int | None) -> str:
    """What was fixed with a line: of each fourth nothing is kept here, and each fourth is of other amounts."""
    if n % 4 == 1:
        return "{}"
    rate = Figure("voucher.figure.rate", Decimal(("0.4", "0.6")[n % 2]), "ratio", "choice")
    province = Figure("voucher.figure.amount", granted_fen + (n % 4 == 2), "fen", "minimum", inputs=(rate,))
    city = Figure("voucher.figure.top_up", top_up_fen, "fen", "minimum")
    total = None if top_up_fen is None else granted_fen + top_up_fen
    return figure_json.to_json(Figure("voucher.figure.total", total, "fen", "sum", inputs=(province, city)))


def course(claim_id: str, verbs: Iterable[str], decided_fen: int, chance: random.Random) -> list[VoucherClaimStep]:
    """The steps of a claim, one a day; of those taken at one moment the keys say which is read first."""
    told = list[VoucherClaimStep]()
    for verb in verbs:
        place = len(told) and told[-1].position + (not verb.startswith("+"))
        at = datetime(2026, 1, 5 + place)
        beside = verb.startswith("+") and told[-1].position == place
        if beside and chance.random() < 0.5:
            at += timedelta(hours=1)
        fen = decided_fen + 100 * beside if verb.removeprefix("+") in ("accept", "pay") else None
        told.append(VoucherClaimStep(key(chance), claim_id, place, verb.removeprefix("+"), at.date(), at, "经办", fen, "文", "理由"))
    return told


def papers(workspace: Workspace, seed: int) -> None:
    """Of one claimed use in three all papers are there; of the others some are missing. One is a file."""
    chance = random.Random(seed)
    sql = "SELECT l.use_id FROM voucher_claim_line l JOIN voucher_claim c ON c.id = l.claim_id ORDER BY c.number, l.position"
    with workspace.read() as connection:
        uses = [str(row[0]) for row in connection.exec_driver_sql(sql)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "委托书.pdf"
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
        file = evidence.add(workspace, "service_record", uses[0], path)[0]
    made = [VoucherPaper(key(chance), "service_record", uses[0], EVIDENCE[0], file.id)]
    for n, use in enumerate(uses):
        for item in EVIDENCE[n == 0 :]:
            number, why = chance.choice((("H-1", ""), ("H-2", "另有协议"), ("", "小额免签")))
            if n % 3 == 0 or chance.random() < 0.6:
                made.append(VoucherPaper(key(chance), "service_record", use, item, None, number, why))
    with workspace.write("recompute voucher papers", undoable=False) as operation:
        PAPERS.insert(operation.connection, made)


def cities(workspace: Workspace) -> None:
    """Rules of two cities that count each enterprise by itself, one from within the year: what was before it takes of its cap as well.

    Of some enterprises of the first everything is said, so that what is left of their cap is known.
    """
    for city, first in (("3713", date(2025, 1, 1)), ("3716", _COUNTIES_FROM)):
        for name, value in (("top_up", "0.25"), ("cap_fen", "510000"), ("per_group", "false")):
            parameter_sets.add(workspace, f"voucher.city_{city}_{name}", value, first, "市科字〔2025〕1号", reason="试算")
    of_them = "record_id IN (SELECT p.record_id FROM posting p JOIN customer c ON c.id = p.customer_id WHERE c.name LIKE '用户%02有限公司')"
    with workspace.write("recompute voucher marks", undoable=False) as operation:
        marks = MARKS.find(operation.connection, of_them)
        MARKS.update(operation.connection, [replace(one, through_network=True, excluded_fen=0, excluded_why="") for one in marks])


def counties(workspace: Workspace) -> None:
    """Two districts the invented customers name, and one of a city some of them name alone."""
    parameter_sets.add(workspace, "voucher.supported_counties", "370211,370613,370126", _COUNTIES_FROM, "鲁财预〔2025〕1号", reason="试算")
