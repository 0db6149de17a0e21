"""The invented institution whose ledgers are measured: the practice registers, and as many service records as a figure needs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from desktop import resource
from desktop.actions import importing, institution
from desktop.actions.workspace import Workspace

REGISTERS = (
    ("instruments", "instruments.xlsx"),
    ("fees", "price-list.xlsx"),
    ("technicians", "technicians.xlsx"),
    ("customers", "customers.csv"),
)
HEADERS = (
    "记录编号", "仪器编号", "仪器名称", "使用单位", "联系人", "开始时间", "结束时间", "机时", "样品数", "服务项目", "服务方式", "服务类型", "操作人",
    "合同编号", "是否加急", "用户评价", "备注",
)  # fmt: skip
_FIRST = datetime(2025, 1, 1)
_ROOM = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Used:
    """An instrument as its records name it."""

    asset_number: str
    name: str
    item: str


def open_new(home: Path) -> Workspace:
    """A practice ledger with instruments, fees, technicians and customers, and no record yet."""
    workspace, _ = institution.start(home, "齐鲁示范大学（测速）", "123700004000000181", "university", "370102", practice=True)
    for kind, name in REGISTERS:
        importing.import_file(workspace, kind, resource.path("practice", name))
    return workspace


def _registers(workspace: Workspace) -> tuple[list[Used], list[str], list[str]]:
    with workspace.read() as connection:
        used = connection.exec_driver_sql(
            "SELECT i.asset_number, i.name, l.item FROM instrument i JOIN fee_schedule s ON s.instrument_id = i.id "
            "JOIN fee_line l ON l.schedule_id = s.id WHERE i.accepted_on < '2025-01-01' AND l.to_confirm = 0 "
            "AND l.terms NOT LIKE '%\"agreed\"%' AND coalesce(i.confidential, 0) = 0 ORDER BY 1"
        ).all()
        customers = [row[0] for row in connection.exec_driver_sql("SELECT name FROM customer ORDER BY 1")]
        operators = [row[0] for row in connection.exec_driver_sql("SELECT name FROM technician ORDER BY 1")]
    return [Used(*row) for row in used], customers, operators


def rows_of_file(workspace: Workspace, n: int) -> list[list[object]]:
    """Rows as a campus platform exports them. In a hundred: one is rejected, two overlap, two lack a contract, one its operator."""
    chance = random.Random(20250101)
    used, customers, operators = _registers(workspace)
    free = dict.fromkeys((one.asset_number for one in used), _FIRST)
    rows: list[list[object]] = []
    for number in range(n):
        one = chance.choice(used)
        minutes = chance.choice((chance.randrange(20, 600), 5 * chance.randrange(4, 96)))
        kind = number % 100
        start = free[one.asset_number] + _ROOM * chance.randrange(1, 12)
        if kind in (20, 40):
            start = max(_FIRST, free[one.asset_number] - _ROOM)
        end = start + timedelta(minutes=minutes)
        free[one.asset_number] = max(end, free[one.asset_number])
        customer = chance.choice(customers)
        rows.append([
            f"B{number:07d}",
            one.asset_number,
            one.name,
            customer,
            chance.choice(("王芳", "李娜", "张伟", "刘洋")),
            start if kind != 60 else end,
            end if kind != 60 else start,
            round(minutes / 60, 4),
            chance.randrange(1, 40),
            one.item,
            "委托共享",
            "科学研究",
            chance.choice(operators) if kind != 80 else None,
            f"HT-2025-{number:06d}" if kind not in (10, 30) else None,
            "是" if kind == 50 else None,
            chance.choice(("非常满意", "基本满意", None)),
            None,
        ])  # fmt: skip
    return rows


def write_file(path: Path, rows: list[list[object]]) -> None:
    """The rows as a workbook with typed dates."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy/mm/dd hh:mm", "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("使用记录")
        sheet.write_row(0, 0, HEADERS)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
