"""A ledger with confidential rows of every kind that has such rows, beside ordinary ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop.actions import costs, evidence, fees, instruments, payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger.fees import CostComponent
from tests.actions.making import JULY, JUNE, enter, posted, settled, some_work

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
    run = settled(ledger, JUNE, cost=30_00)
    posted(ledger, "R6", "A1", date(2025, 7, 4), operator_name="T002")
    settled(ledger, JULY)
    return run
