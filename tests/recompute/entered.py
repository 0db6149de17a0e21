"""The invented institution in a real ledger: written in bulk inside named operations, posted quarter by quarter, two of six by the program itself,
and after that what offices add in a year: reversals, money received, what is said of vouchers, claims, costs, a payout run, purchases.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import institution, parameter_sets, people, purchases, records
from desktop.actions import library as library_actions
from desktop.actions.workspace import Workspace
from desktop.ledger import fee_terms_json
from desktop.ledger.allocation import CostRow
from desktop.ledger.evaluation import ITEMS, RATINGS, EvaluationFact, UserRating
from desktop.ledger.keys import reversal_key
from desktop.ledger.purchase import NationalOutcome, NationalResult, Proposal
from desktop.ledger.service_record import Posting, Receipt
from desktop.ledger.university import ITEMS as USE_ITEMS
from desktop.ledger.university import UseCount
from desktop.ledger.voucher_rows import OutsideUse, SearchMade, VoucherClaim, VoucherClaimLine, VoucherMark
from desktop.store import evaluation, library, university, vouchers
from desktop.store.database import Operation
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, POSTINGS, RECEIPTS, RECORDS, TECHNICIANS
from desktop.store.fees import COMPONENTS, LINES, SCHEDULES
from desktop.store.payouts import COST_ROWS
from desktop.store.purchases import NATIONAL
from tests.recompute import claimed, managed, metered, noticed, paid, piloted, priced, sensed, services, shared, submitted
from tests.recompute.invented import NEW_PRICES, OWN_CODE, Registers, Size, heavy, key, registers
from tests.recompute.paid import PIN
from tests.recompute.plain_money import price

SEED = 20250101
YEAR = 2025
AS_OF = date(2025, 12, 31)
# The last day of each quarter, the day on which it is posted, and whether the program does it: it takes its time over a hundred thousand.
POSTED = (
    ("2024-09-30", "2024-10-12", True), ("2024-12-31", "2025-01-10", False), ("2025-03-31", "2025-04-03", True), ("2025-06-30", "2025-07-08", False),
    ("2025-09-30", "2025-10-20", False), ("2025-12-31", "2026-01-09", False),
)  # fmt: skip
LAST = "2026-01-20"
# By serial: never paid by anybody, and taken back after the first payout, and after the last.
_REVERSED_EARLY, _REVERSED_LATE = "random_number % 53 = 7", "random_number % 59 = 11"
# Charged by an old price list, as another seat may have that was not brought up to date: fen more or less than is due, by serial.
OLD_PRICES = "按旧价目"
_BESIDE = (1, -1, 5_000, -5_000)


def year(home: Path, size: Size, *, seed: int = SEED) -> Workspace:
    """The ledger of an institution of a size, open. Its day is left at ``LAST``; nothing else of the process changes."""
    chance = random.Random(seed)
    made = registers(size, chance)
    every = services.records(made, size.n_records, chance)
    with pytest.MonkeyPatch.context() as clock:
        clock.setenv("YIXIANG_TODAY", LAST)
        workspace, _ = institution.start(home, "齐鲁示范检测集团有限公司", OWN_CODE, "enterprise", "370102", practice=True)
        _register(workspace, made)
        with workspace.write("recompute records", undoable=False) as operation:
            RECORDS.insert(operation.connection, every)
        for to, on, by_program in POSTED:
            clock.setenv("YIXIANG_TODAY", on)
            if by_program:
                done = records.post(workspace, to=date.fromisoformat(to))
                assert not done.refused, done.refused[:3]
            else:
                _post(workspace, made, date.fromisoformat(to), date.fromisoformat(on), chance)
        clock.setenv("YIXIANG_TODAY", LAST)
        _money(workspace, chance)
        _costs(workspace, made, chance)
        _paid(workspace, made, clock)
        _vouchers(workspace, made, chance)
        _purchases(workspace)
        _evaluated(workspace, made, chance)
        _reported(workspace, made, chance)
        sensed.sensors(workspace, made, seed + 1)
        piloted.pilots(workspace, made, seed + 2)
        piloted.people(workspace, made, seed + 3)
        priced.prices(workspace, made, seed + 4)
        managed.papers(workspace, seed + 5)
        managed.published(workspace, made, seed + 6)
        claimed.papers(workspace, seed + 7)
        claimed.counties(workspace)
        claimed.cities(workspace)
        noticed.notices(workspace, seed + 8)
        noticed.answers(workspace, seed + 9)
        metered.meters(workspace, made, seed + 10)
        _moved(workspace)
        _waiting(workspace, made)
        submitted.messages(workspace, made, seed + 11)
        shared.sets(workspace, made, seed + 12)
        parameter_sets.add(workspace, "award.provider_rate", "0.03", date(2025, 6, 1), "鲁科字〔2025〕1号", reason="试算")
        parameter_sets.add(workspace, "award.pilot_base_rate", "0.05", date(2025, 6, 1), "鲁科字〔2025〕2号", reason="试算")
    return workspace


def _register(workspace: Workspace, made: Registers) -> None:
    with workspace.write("recompute registers", undoable=False) as operation:
        for codec, facts in (
            (INSTRUMENTS, made.instruments), (TECHNICIANS, made.technicians), (CUSTOMERS, made.customers), (SCHEDULES, made.schedules),
            (LINES, made.lines), (COMPONENTS, made.components), (vouchers.ENTERPRISES, made.enterprises), (vouchers.GROUPS, made.groups),
        ):  # fmt: skip
            codec.insert(operation.connection, facts)  # type: ignore[attr-defined]  # each codec with its own facts


def _post(workspace: Workspace, made: Registers, to: date, on: date, chance: random.Random) -> None:
    """Post what ended by a day as the program would, priced by the second reckoning."""
    internal = {one.id: one.internal for one in made.customers}
    lines = {line.schedule_id: (line.id, line.terms.unit.name if line.terms else "", json.loads(fee_terms_json.to_json(line.terms))) for line in made.lines}
    versions = {(one.instrument_id, one.to_on is None): one.id for one in made.schedules}
    with workspace.write("recompute posting", undoable=False) as operation:
        drafts = RECORDS.find(operation.connection, "state = 'draft' AND ended_at < ?", (f"{to.isoformat()}T24",), "ended_at, number")
        postings = []
        for one in drafts:
            day, customer = one.ended_at.date(), one.customer_id or ""
            version = versions[one.instrument_id, day >= NEW_PRICES]
            line, unit, terms = lines[version]
            named = "internal" if internal[customer] else "external"
            fen, told = price(terms, named, {"quantity": one.quantity, "minutes": one.minutes, "urgent": one.urgent}), "按收费标准"
            if (serial := int(one.number[1:8])) % 151 == 9:
                fen, told = max(0, fen + _BESIDE[serial // 151 % len(_BESIDE)]), OLD_PRICES
            postings.append(
                Posting(
                    key(chance), one.id, one.number, one.instrument_id, one.operator_id, customer, version, line, named, not internal[customer],
                    one.confidential, Decimal(one.minutes), unit, None, fen, one.minutes, told, day, f"{day:%Y-%m}", on,
                )
            )  # fmt: skip
        POSTINGS.insert(operation.connection, postings)
        operation.executemany("UPDATE service_record SET state = 'posted' WHERE id = ?", [(one.id,) for one in drafts])


def _postings(operation: Operation, chosen: str) -> list[Posting]:
    """Standing postings without money, chosen by their record's serial (``random_number``)."""
    where = (
        f"{chosen.replace('random_number', 'CAST(substr(posting.record_number, 2, 7) AS INTEGER)')} AND posting.reverses IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = posting.id) AND NOT EXISTS (SELECT 1 FROM receipt t WHERE t.posting_id = posting.id)"
    )
    return POSTINGS.find(operation.connection, where, (), "posting.record_number")


def _reverse(operation: Operation, chosen: list[Posting], on: date) -> None:
    """As ``records.reverse`` does, many at once."""
    backs = [
        replace(one, id=reversal_key(one.id), amount_fen=-one.amount_fen, minutes=-one.minutes, posted_on=on, reverses=one.id, reason="重复", late=False)
        for one in chosen
    ]
    POSTINGS.insert(operation.connection, backs)
    operation.executemany("UPDATE service_record SET state = 'reversed' WHERE id = ?", [(one.record_id,) for one in chosen])


def _money(workspace: Workspace, chance: random.Random) -> None:
    """Some postings are reversed, within the year and after it; of the others most external ones are paid, whole or in parts."""
    with workspace.write("recompute money", undoable=False) as operation:
        _reverse(operation, _postings(operation, "random_number % 97 = 3"), date(2025, 11, 20))
        _reverse(operation, _postings(operation, "random_number % 211 = 5"), date(2026, 1, 2))
        stands = _postings(operation, f"NOT ({_REVERSED_EARLY} OR {_REVERSED_LATE})")
        receipts = [receipt for one in stands if one.external for receipt in _receipts(one, chance)]
        RECEIPTS.insert(operation.connection, receipts)


def _receipts(one: Posting, chance: random.Random) -> list[Receipt]:
    kind = chance.random()
    if kind < 0.35 or one.amount_fen < 10:
        return []
    first = one.ended_on + timedelta(days=chance.randrange(0, 60))
    invoice = chance.choice((f"FP{one.record_number[1:-1]}", f"FP{one.customer_id[:6]}", f"FP{one.record_number[1:]}"))
    if kind < 0.8:
        return [Receipt(key(chance), one.id, first, one.amount_fen, invoice)]
    part = one.amount_fen // 3
    second = "" if kind < 0.9 else f"{invoice}-2"
    told = [Receipt(key(chance), one.id, first, part, invoice), Receipt(key(chance), one.id, first + timedelta(days=9), part, second)]
    if kind > 0.97:
        told.append(Receipt(reversal_key(told[0].id), one.id, first + timedelta(days=20), -part, invoice, told[0].id))
    return told


def _costs(workspace: Workspace, made: Registers, chance: random.Random) -> None:
    rows = [
        CostRow(key(chance), "staff", None, date(2024, 9, 1), date(2025, 12, 31), 8_000_000_01, "工资表"),
        CostRow(key(chance), "energy", None, date(2025, 1, 1), date(2025, 12, 31), 1_234_567_89, "电费单"),
    ]
    for n, one in enumerate(made.used[:: max(1, len(made.used) // 60)]):
        start = date(2024, 12, 1) + timedelta(days=chance.randrange(0, 300))
        kind = ("maintenance", "consumables", "none")[n % 3]
        fen = 0 if kind == "none" else chance.randrange(1, 9_000_000)
        rows.append(CostRow(key(chance), kind, one.id, start, start + timedelta(days=chance.randrange(0, 200)), fen, "凭证"))
    with workspace.write("recompute costs", undoable=False) as operation:
        COST_ROWS.insert(operation.connection, rows)


def _paid(workspace: Workspace, made: Registers, clock: pytest.MonkeyPatch) -> None:
    """Runs, between them what was paid and is reversed since, and after them more of it."""

    def on(day: str) -> None:
        clock.setenv("YIXIANG_TODAY", day)

    wrong = paid.first(workspace, made, on)
    on(LAST)
    with workspace.write("recompute reversals", undoable=False) as operation:
        _reverse(operation, _postings(operation, f"{_REVERSED_EARLY} AND posting.ended_on <= '{paid.PAID_TO}'"), date(2026, 1, 12))
    paid.later(workspace, wrong, on)
    on(LAST)
    with workspace.write("recompute reversals", undoable=False) as operation:
        _reverse(operation, _postings(operation, f"({_REVERSED_EARLY} OR {_REVERSED_LATE})"), date(2026, 1, 14))


def _vouchers(workspace: Workspace, made: Registers, chance: random.Random) -> None:
    with workspace.write("recompute vouchers", undoable=False) as operation:
        connection = operation.connection
        large = {one.id for one in heavy(made.customers)}
        marks = []
        for one in POSTINGS.find(connection, "external = 1 AND reverses IS NULL AND confidential = 0", (), "ended_on, record_number"):
            if one.customer_id in large or chance.random() < 0.2:
                invoiced = chance.choice((None, None, one.amount_fen, one.amount_fen * 9 // 10, one.amount_fen + 1))
                excluded = chance.choice((0, 0, 0, 1, one.amount_fen + 5))
                through = chance.choice((True,) * 12 + (False, None))
                marks.append(VoucherMark(key(chance), one.record_id, through, "", invoiced, excluded, "耗材" if excluded else ""))
        vouchers.MARKS.insert(connection, marks)
        _outside(operation, made, chance)
        _claims(operation, made, chance)


def _moved(workspace: Workspace) -> None:
    """Some groups of the institution leave it after their services were posted."""
    with workspace.write("recompute customers", undoable=False) as operation:
        gone = CUSTOMERS.find(operation.connection, "internal AND name LIKE '用户_10课题组'")
        CUSTOMERS.update(operation.connection, [replace(one, internal=False) for one in gone])


def _waiting(workspace: Workspace, made: Registers) -> None:
    """Services after the year that nobody has posted, confidential ones among them."""
    with workspace.write("recompute drafts", undoable=False) as operation:
        posted = RECORDS.find(operation.connection, "state = 'posted'", (), "number")
        of_set = {one.instrument_id: one for one in posted}
        later = datetime(2026, 1, 3, 9)
        drafts = [
            replace(of_set[one.id], id=f"{n:032x}", number=f"D{n:07d}", state="draft", started_at=later, ended_at=later + timedelta(hours=1), minutes=60)
            for n, one in enumerate(made.used, 1) if one.id in of_set and n % 3 == 0
        ]  # fmt: skip
        RECORDS.insert(operation.connection, drafts)


def _outside(operation: Operation, made: Registers, chance: random.Random) -> None:
    searches, uses = [], []
    for n, one in enumerate([each for each in made.customers if not each.internal][:60]):
        began = date(2025, 1, 1) + timedelta(days=6 * n)
        hits = ('["电镜", "某院", "排队太久"]',) if n % 3 else ('["电镜", "某院", ""]',)
        searched = began + timedelta(days=(-1, 0, 1)[n % 3])
        asked, catalogue_on, reason = "电镜" if n % 7 else "", None if n % 5 == 4 else searched, "" if n % 11 == 3 else "精度不够"
        searches.append(SearchMade(key(chance), searched, asked, catalogue_on, () if n % 2 else hits, reason))
        uses.append(
            OutsideUse(
                key(chance), f"W{n:03d}", one.id, "冷冻电镜", "某大学", "江苏省", began, datetime.combine(began + timedelta(days=2), datetime.min.time()),
                None if n % 13 == 6 else chance.randrange(1, 90_000_00), through_network=True, search_id=searches[-1].id if n % 17 else None,
            )
        )  # fmt: skip
    vouchers.SEARCHES.insert(operation.connection, searches)
    vouchers.OUTSIDE.insert(operation.connection, uses)


def _claims(operation: Operation, made: Registers, chance: random.Random) -> None:
    """Claims of the customers with much use, in every state, with amounts fixed when they were handed in; and one each of which two seats took steps."""
    steps = (
        ("submit",), ("submit", "send_back"), ("submit", "accept"), ("submit", "accept", "pay"), ("submit", "refuse"), ("submit", "withdraw"),
        ("submit", "accept", "pay", "recover"), (),
    )  # fmt: skip
    for n, one in enumerate(heavy(made.customers)):
        for number, month, several in ((f"SQ{n:03d}", "2025-1", steps[n % len(steps)]), (f"SZ{n:03d}", "2025-0", claimed.AT_ONCE[n % len(claimed.AT_ONCE)])):
            uses = operation.connection.exec_driver_sql(
                "SELECT record_id, amount_fen FROM posting WHERE customer_id = ? AND reverses IS NULL AND confidential = 0 "
                f"AND ended_on LIKE '{month}%' ORDER BY record_number LIMIT 3", (one.id,),
            ).all()  # fmt: skip
            claim = VoucherClaim(key(chance), number, one.id, YEAR)
            lines = [
                VoucherClaimLine(key(chance), claim.id, place, "service_record", use, fen // 3, top_up, claimed.tree(n + place, fen // 3, top_up))
                for place, (use, fen) in enumerate(uses)
                for top_up in (None if place == 1 else fen // 10,)
            ]
            # What a city without a rule adds is unknown; one acceptance gives more than all that is known.
            asked = sum(line.granted_fen + (line.top_up_fen or 0) for line in lines)
            decided = asked + 1_000 if n % 4 == 2 and len(lines) > 1 else asked * 2 // 3
            vouchers.CLAIMS.insert(operation.connection, [claim])
            vouchers.LINES.insert(operation.connection, lines)
            vouchers.STEPS.insert(operation.connection, claimed.course(claim.id, several if lines else (), decided, chance))


def _purchases(workspace: Workspace) -> None:
    people.add(workspace, "丙设备处", "equipment_office", PIN)
    asked = (
        ("扫描电镜", "010101", "SU-8010", "表面形貌观察", 50_000_000, 30_000_000), ("扫描电子显微镜", "", "", "", 49_999_999, 49_999_999),
        ("液相色谱仪", "010201", "LC20A", "有机物定量分析", 50_000_000, 25_000_000), ("X射线衍射仪", "010300", "", "晶体结构", 80_000_000, None),
        ("质谱仪", "020101", "", "", 60_000_000, 30_000_001), ("超导量子干涉仪", "030000", "", "磁性测量", 90_000_000, 65_000_000),
        ("高场核磁共振仪", "030000", "", "结构解析", 300_000_000, 160_000_000), ("球差电镜", "010101", "", "原子像", 200_000_000, 0),
        ("聚焦离子束", "010100", "", "截面加工", 200_000_000, 10_000_000),
    )  # fmt: skip
    for n, (name, code, model, functions, budget, spent) in enumerate(asked):
        central = (None, 0, 25_000_000)[n % 3]
        proposal = Proposal("", f"GZ-{n}", date(2026, 1, 15), name, budget, spent, model, code, functions, "第1实验中心", "工作需要", central)
        purchases.propose(workspace, proposal, "丙设备处", PIN)
    _catalogue(workspace)
    _answered(workspace)


def _catalogue(workspace: Workspace) -> None:
    """What others have, as the network publishes it: near the wanted sets in one thing and far in another, and two that are the institution's own."""
    names = ("扫描电镜", "场发射扫描电子显微镜", "高效液相色谱仪", "X-射线衍射仪", "四极杆质谱仪", "离心机", "超导量子干涉仪（低温）", "核磁共振波谱仪")
    classes, models = ("010101", "010102", "010201", "010300", "030000", "020101", "050505", ""), ("SU-8010", "LC-20A", "")
    done = ("表面形貌观察", "有机物定量分析；杂质检查", "晶体结构", "磁性测量", "")
    with workspace.read() as connection:
        own = str(connection.exec_driver_sql("SELECT name FROM institution").scalar_one())
        number = str(connection.exec_driver_sql("SELECT network_number FROM instrument WHERE network_number <> '' AND NOT coalesce(confidential, 0) "
                                                "AND retired_on IS NULL ORDER BY asset_number LIMIT 1").scalar_one())  # fmt: skip
    items = [
        {"id": f"K{n}", "institution_name": f"外单位{n % 7}", "name": names[n % 8], "class_code": classes[n // 8 % 8], "model": models[n % 3],
         "functions": done[n % 5], "service_content": ("", "样品测试")[n % 2], "network_number": f"SD{n:04d}"}
        for n in range(160)
    ]  # fmt: skip
    items += [
        {"id": "O1", "institution_name": own, "name": "扫描电镜", "class_code": "010101", "network_number": "SD9001"},
        {"id": "O2", "institution_name": "外单位1", "name": "扫描电镜", "class_code": "010101", "network_number": number},
    ]
    with workspace.write("sync", undoable=False) as operation:
        library.keep_entries(operation.connection, "network", 1, [library_actions._entry(one) for one in items])


def _answered(workspace: Workspace) -> None:
    """What the national platform said: of some one paper, of some two of which the newer holds, of one two of a day that differ, of one a
    paper older than the proposal."""
    papers: tuple[tuple[str, str, NationalOutcome, date], ...] = (
        ("GZ-5", "查1号", "revise", date(2026, 1, 16)), ("GZ-5", "查2号", "agree", date(2026, 1, 20)), ("GZ-0", "查3号", "refuse", date(2026, 1, 17)),
        ("GZ-1", "查4号", "agree", date(2026, 1, 17)), ("GZ-1", "查5号", "revise", date(2026, 1, 17)), ("GZ-2", "查6号", "revise", date(2026, 1, 18)),
        ("GZ-3", "查7号", "agree", date(2026, 1, 14)),
    )  # fmt: skip
    keys = {one.number: one.id for one in purchases.every(workspace)}
    with workspace.write("recompute purchases", undoable=False) as operation:
        NATIONAL.insert(
            operation.connection,
            [NationalResult(f"{n:032x}", keys[number], paper, said, day, day) for n, (number, paper, said, day) in enumerate(papers)],
        )


def _evaluated(workspace: Workspace, made: Registers, chance: random.Random) -> None:
    """What evaluations ask for of some sets, whole or in part, and what some users said after the fact."""
    facts = []
    for one in made.instruments:
        whole = chance.random() < 0.3
        for item in ITEMS:
            if whole or chance.random() < 0.3:
                most = {"demonstrated": 90, "original_functions": 5, "used_functions": 5}.get(item, 4)
                count = 5 if item == "original_functions" else chance.randrange(0, most + 1)
                facts.append(EvaluationFact(key(chance), one.id, str(YEAR), item, count, "名单", date(2026, 1, 6), "经办"))
    with workspace.write("recompute evaluations", undoable=False) as operation:
        evaluation.FACTS.insert(operation.connection, facts)
        posted = operation.connection.exec_driver_sql("SELECT id FROM service_record WHERE state = 'posted' AND NOT confidential ORDER BY number").all()
        said = [UserRating(key(chance), row[0], chance.choice(RATINGS), date(2026, 1, 7)) for row in posted if chance.random() < 0.05]
        evaluation.RATINGS.insert(operation.connection, said)


def _reported(workspace: Workspace, made: Registers, chance: random.Random) -> None:
    """What a university enters of some sets' academic year, in part: the rest is derived or blank."""
    facts = []
    for one in made.instruments:
        for item in USE_ITEMS:
            if not one.confidential and chance.random() < 0.15:
                facts.append(UseCount(key(chance), one.id, "2024-2025", item, chance.randrange(0, 900), "", date(2026, 1, 6), "经办"))
    with workspace.write("recompute use", undoable=False) as operation:
        university.COUNTS.insert(operation.connection, facts)
