"""A ledger with confidential rows of every kind that has such rows, beside ordinary ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from desktop.actions import costs, evidence, fees, instruments, payouts, pilot, records, sensors
from desktop.actions.workspace import Workspace
from desktop.ledger.fees import CostComponent
from desktop.ledger.keys import new_key
from desktop.ledger.pilot import PilotBase, PilotEquipment
from desktop.ledger.voucher_rows import VoucherClaim, VoucherClaimLine, VoucherClaimStep, VoucherMark, VoucherPaper
from desktop.store import vouchers as rows
from tests.actions.making import JULY, JUNE, enter, posted, settled, some_work

SEEN_BY = "涉密传感器甲号"
INVOICE, ON_BOTH, VOUCHER, EVIDENCE, UNSEEN = "FP-2025-77001", "FP-2025-00009", "PZ-2025-77001", "涉密设备折旧审计表", "看不见的附件"


def of_every_kind(ledger: Workspace, folder: Path) -> payouts.Run:
    """An ordinary run of May; one of June that a confidential posting keeps here; ordinary work of July. The run of June."""
    some_work(ledger)
    settled(ledger, cost=10_00)
    posted(ledger, "SECRET-1", "S1", date(2025, 6, 3), operator_name="T003")
    posted(ledger, "R5", "A1", date(2025, 6, 4), operator_name="T001")
    enter(ledger, "SECRET-2", "S1", date(2025, 6, 5))
    for number, fen, invoice in (("SECRET-1", 40_00, INVOICE), ("SECRET-1", 20_00, ON_BOTH), ("R5", 20_00, ON_BOTH)):
        records.receive(ledger, number, date(2025, 6, 20), fen, invoice)
    costs.cost_add(ledger, "consumables", "S1", date(2025, 6, 1), JUNE, 5_00, VOUCHER)
    for asset, said in (("S1", EVIDENCE), ("A1", "一般设备折旧审计表")):
        version = fees.versions(ledger, asset)[0].schedule.id
        fees.set_components(ledger, version, [CostComponent("", version, "depreciation", 12_00, None, said)])
    for asset, said in (("A1", "可以看见的附件"), ("S1", UNSEEN)):
        path = folder / f"{asset}.pdf"
        path.write_text(f"%PDF- {said}", "utf-8")
        evidence.add(ledger, "instrument", instruments.get(ledger, asset).id, path, f"说明 {asset}")
        path.unlink()
    pilot_and_sensors(ledger)
    run = settled(ledger, JUNE, cost=30_00)
    posted(ledger, "R6", "A1", date(2025, 7, 4), operator_name="T002")
    settled(ledger, JULY)
    claimed(ledger, "SECRET-1", "机密申请-77001")
    claimed(ledger, "R6", "一般申请-00001")
    return run


def pilot_and_sensors(ledger: Workspace) -> None:
    """A base with ordinary and confidential equipment, each with its open state; a pilot service each; sensors and power bands."""
    pilot.add_base(ledger, PilotBase("", "ZB-1", "一般中试基地"))
    pilot.add_equipment(ledger, PilotEquipment("", "ZS-1", "涉密中试雷达"), "ZB-1", "S1")
    pilot.add_equipment(ledger, PilotEquipment("", "ZS-2", "涉密中试反应釜", confidential=True), "ZB-1")
    pilot.add_equipment(ledger, PilotEquipment("", "ZE-1", "一般中试电镜"), "ZB-1", "A1")
    for number in ("ZS-1", "ZS-2", "ZE-1"):
        pilot.say_open(ledger, number, "open", f"{number} 建成投用", date(2025, 1, 2))
    pilot.serve(ledger, ["R5"], "ZB-1", what="一般放大试验")
    pilot.serve(ledger, ["R1"], "ZB-1", "ZE-1")
    pilot.serve(ledger, ["R2"], "ZB-1", "ZS-2", what="涉密放大试验")
    for asset, sensor in (("S1", SEEN_BY), ("A1", "一般传感器乙号")):
        sensors.bind(ledger, asset, sensor, date(2025, 1, 3), source=f"{sensor}安装单")
        sensors.set_band(ledger, asset, date(2025, 1, 4), Decimal(5), Decimal(40))


def claimed(ledger: Workspace, number: str, claim: str) -> None:
    """A submitted claim of one record, with its mark and a paper: the program makes none of a confidential record, but one may become so."""
    record = records.get(ledger, number)

    def key() -> str:
        return new_key(confidential=number.startswith("SECRET"))

    own = VoucherClaim(key(), claim, str(record.customer_id), record.ended_at.year, f"备注 {claim}")
    at = datetime(2025, 7, 9, 1, tzinfo=UTC)
    with ledger.write("claims for tests") as operation:
        connection = operation.connection
        rows.MARKS.insert(connection, [VoucherMark(key(), record.id, True, f"订单 {claim}", 100_00, 10_00, f"不计 {claim}")])
        rows.PAPERS.insert(connection, [VoucherPaper(key(), "service_record", record.id, "contract", None, f"合同 {claim}", f"不需 {claim}")])
        rows.CLAIMS.insert(connection, [own])
        rows.LINES.insert(connection, [VoucherClaimLine(key(), own.id, 1, "service_record", record.id, 108_00, 54_00)])
        step = VoucherClaimStep(key(), own.id, 1, "submit", date(2025, 7, 9), at, "张三", None, f"文号 {claim}", f"理由 {claim}")
        rows.STEPS.insert(connection, [step])
