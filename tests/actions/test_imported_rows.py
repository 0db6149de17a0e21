"""What a row of a file may change in the ledger, what keeps it out, and whose row it is, however its names and numbers are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop.actions import importing, records
from desktop.actions.workspace import Workspace
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, TECHNICIANS
from tests.actions.making import FILES, PRACTICE, cells_of, everything, import_file, rows_of, sound
from tests.formats import books

RECORD = "记录编号,仪器编号,使用单位,开始时间,结束时间,服务项目,操作人,是否加急,合同编号,样品数"


def test_a_price_list_that_has_priced_is_never_changed(practice: Workspace, tmp_path: Path) -> None:
    records.post(practice)
    import openpyxl

    book = openpyxl.load_workbook(PRACTICE / FILES["fees"])
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if any(cell.value == "仪器编号" for cell in row))
    column = next(cell.column for cell in header if str(cell.value).startswith("校外"))
    for row in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = "999"
    dearer = tmp_path / "dearer.xlsx"
    book.save(dearer)
    amounts = rows_of(practice)["posting"]
    with practice.read() as connection:
        used = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT line_id FROM posting")}
        lines = {row[0]: row for row in connection.exec_driver_sql("SELECT * FROM fee_line").all() if row[0] in used}
    again = importing.import_file(practice, "fees", dearer)
    assert [f.code for f in again.findings if f.severity == "error"].count("ledger_import.fee_used") == again.rejected - 1 > 0
    later = importing.import_file(practice, "fees", dearer, from_on=date(2026, 1, 1))
    assert later.accepted > 0
    with practice.read() as connection:
        now = {row[0]: row for row in connection.exec_driver_sql("SELECT * FROM fee_line").all() if row[0] in used}
    assert now == lines
    assert rows_of(practice)["posting"] == amounts
    assert sound(practice)


def test_a_posted_record_is_not_changed_by_a_file(practice: Workspace, tmp_path: Path) -> None:
    records.post(practice)
    cells = cells_of("records")
    header = next(n for n, row in enumerate(cells) if "记录编号" in row)
    number, end = cells[header].index("记录编号"), cells[header].index("服务项目")
    with practice.read() as connection:
        posted = {row[0] for row in connection.exec_driver_sql("SELECT number FROM service_record WHERE state = 'posted'")}
    kept = [row for row in cells[header + 1 :] if row[number] in posted][:3]
    for row in kept:
        row[end] = "另一个项目"
    path = books.xlsx(tmp_path / "x.xlsx", {"表": [cells[header], *kept]})
    before = everything(practice)
    done = importing.import_file(practice, "records", path)
    assert (done.accepted, done.rejected) == (0, 3)
    assert {f.code for f in done.findings if f.severity == "error"} == {"ledger_import.posted"}
    assert everything(practice) == before


def test_a_confidential_set_cannot_be_declassified_by_a_file(practice: Workspace, tmp_path: Path) -> None:
    cells = cells_of("instruments")
    header = next(n for n, row in enumerate(cells) if "所在单位仪器编号" in row)
    number, secret = cells[header].index("所在单位仪器编号"), cells[header].index("涉密")
    rows = [row for row in cells[header + 1 :] if row[number] == "2023170011"]
    rows[0][secret] = "否"
    before = everything(practice)
    done = importing.import_file(practice, "instruments", books.xlsx(tmp_path / "x.xlsx", {"表": [cells[header], *rows]}))
    assert [f.code for f in done.findings if f.severity == "error"] == ["ledger_import.declassify"]
    assert everything(practice) == before


def test_a_missing_column_never_blanks_what_the_ledger_knows(practice: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("工号,姓名,角色系数\nT001,{},1.75\n", "utf-8")
    with practice.read() as connection:
        old = TECHNICIANS.one(connection, "staff_number = ?", ("T001",))
    assert old is not None
    path.write_text(f"工号,姓名,角色系数\nT001,{old.name},1.75\n", "utf-8")
    assert importing.import_file(practice, "technicians", path).accepted == 1
    with practice.read() as connection:
        new = TECHNICIANS.one(connection, "staff_number = ?", ("T001",))
    assert new is not None
    assert str(new.coefficient) == "1.75"
    assert (new.department, new.post, new.instruments) == (old.department, old.post, old.instruments) != ("", "", ())


def test_an_operator_given_by_staff_number_is_linked_when_the_technicians_arrive(empty: Workspace, tmp_path: Path) -> None:
    import_file(empty, "instruments")
    with empty.read() as connection:
        asset = INSTRUMENTS.find(connection, "confidential = 0", (), "asset_number")[0].asset_number
    path = tmp_path / "records.csv"
    path.write_text(
        f"记录编号,仪器编号,使用单位,开始时间,结束时间,操作人\nX1,{asset},某单位,2025-05-06 09:00,2025-05-06 10:00,T004\n",
        "utf-8",
    )
    importing.import_file(empty, "records", path)
    assert records.get(empty, "X1").operator_id is None
    import_file(empty, "technicians")
    assert records.get(empty, "X1").operator_id is not None
    assert "record.unknown_operator" not in [f.code for _, f in records.problems(empty, "X1")]


def _one_record(workspace: Workspace, folder: Path, start: str, end: str, urgent: str, number: str = "X1") -> None:
    """A record like one that can be posted, but with these times and this word for 是否加急."""
    usual = (records.get(workspace, f"R7000{n:02d}") for n in range(1, 99))
    good = next(one for one in usual if _postable(workspace, one.number))
    with workspace.read() as connection:
        instrument = INSTRUMENTS.get(connection, good.instrument_id)
    assert instrument is not None
    quantity = "" if good.quantity is None else str(good.quantity)
    cells = (number, instrument.asset_number, good.customer_name, start, end, good.item, good.operator_name, urgent)
    path = folder / f"{number}.csv"
    path.write_text("\n".join((RECORD, ",".join((*cells, good.contract, quantity)))), "utf-8")
    assert importing.import_file(workspace, "records", path).accepted == 1


def _postable(workspace: Workspace, number: str) -> bool:
    found = records.price(workspace, number)
    return found.priced is not None and all(f.severity != "error" for f in found.findings)


def test_a_word_that_does_not_say_whether_it_was_urgent_keeps_the_record_from_being_posted(practice: Workspace, tmp_path: Path) -> None:
    _one_record(practice, tmp_path, "2025-05-06 02:00", "2025-05-06 03:00", "也许")
    told = {f.code: dict(f.params) for _, f in records.problems(practice, "X1") if f.severity == "error"}
    assert told["record.urgent_unclear"]["said"] == "也许"
    assert records.post(practice, ["X1"]).posted == 0
    records.answer(practice, "X1", records.Given(urgent=False))
    answered = records.get(practice, "X1")
    assert (answered.urgent, answered.urgent_said) == (False, "")
    assert records.post(practice, ["X1"]).posted == 1
    assert sound(practice)


def test_without_the_problem_an_unclear_word_would_be_posted_at_the_base_price(
    practice: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.rules import record_checks

    strict = record_checks.check
    careless = lambda *record, **more: tuple(f for f in strict(*record, **more) if f.code != "record.urgent_unclear")  # noqa: E731 - a stand-in
    monkeypatch.setattr(record_checks, "check", careless)
    _one_record(practice, tmp_path, "2025-05-06 02:00", "2025-05-06 03:00", "也许")
    assert records.post(practice, ["X1"]).posted == 1


def test_a_corrected_word_answers_the_problem_and_the_old_file_does_not_bring_it_back(practice: Workspace, tmp_path: Path) -> None:
    times = ("2025-05-06 02:00", "2025-05-06 03:00")
    _one_record(practice, tmp_path, *times, "也许")
    _one_record(practice, tmp_path, *times, "是")
    assert records.get(practice, "X1").urgent
    assert not [f for _, f in records.problems(practice, "X1") if f.code == "record.urgent_unclear"]
    again = importing.import_file(practice, "records", tmp_path / "X1.csv")
    assert (again.accepted, again.unchanged) == (0, 1)


def test_a_start_ahead_of_today_is_a_problem_until_its_day(
    practice: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.actions import workspace as opening

    monkeypatch.setenv("YIXIANG_TODAY", "2026-11-23")
    _one_record(practice, tmp_path, "2099-01-01 09:00", "2099-01-01 10:00", "否", "X1")
    _one_record(practice, tmp_path, "2026-11-24 09:00", "2026-11-24 10:00", "否", "X2")
    _one_record(practice, tmp_path, "2026-11-23 23:00", "2026-11-24 00:30", "否", "X3")

    def ahead(workspace: Workspace) -> list[str]:
        return sorted(number for number, f in records.problems(workspace) if f.code == "record.future")

    assert ahead(practice) == ["X1", "X2"]
    assert records.post(practice, ["X2"]).posted == 0
    practice.close()
    monkeypatch.setenv("YIXIANG_TODAY", "2026-11-24")
    with opening.open_ledger(practice.home) as later:
        assert ahead(later) == ["X1"]
        assert records.post(later, ["X2"]).posted == 1
        assert sound(later)
    practice.reopen()


def _numbered(workspace: Workspace, folder: Path, **numbers: str) -> list[str]:
    """Import sets with these network numbers; the codes of what was refused, with the set it is about."""
    lines = [f"{asset},仪,010102,50,{number}" for asset, number in numbers.items()]
    path = folder / "numbered.csv"
    path.write_text("\n".join(("所在单位仪器编号,仪器设备名称,仪器分类编码,原值,网络编号", *lines)), "utf-8")
    done = importing.import_file(workspace, "instruments", path)
    return [f"{list(numbers)[f.cell.row - 2]} {f.code}" for f in done.findings if f.severity == "error" and f.cell]


def _numbers(workspace: Workspace) -> dict[str, str]:
    with workspace.read() as connection:
        return {i.asset_number: i.network_number for i in INSTRUMENTS.find(connection, "network_number <> ''")}


def test_a_network_number_belongs_to_one_instrument(empty: Workspace, tmp_path: Path) -> None:
    taken = "ledger_import.network_number_taken"
    assert not _numbered(empty, tmp_path, A="N1", B="N2", C="N3")
    assert _numbered(empty, tmp_path, D="N3", E="N4") == [f"D {taken}"]
    assert _numbers(empty) == {"A": "N1", "B": "N2", "C": "N3", "E": "N4"}
    assert not _numbered(empty, tmp_path, A="N2", B="N1"), "numbers that were mixed up are put right in one file"
    assert not _numbered(empty, tmp_path, A="", C="N5"), "a blank keeps what is known"
    # E keeps N4, so A stays with N2, so B cannot have it either.
    assert _numbered(empty, tmp_path, A="N4", B="N2") == [f"A {taken}", f"B {taken}"]
    assert _numbers(empty) == {"A": "N2", "B": "N1", "C": "N5", "E": "N4"}
    assert sound(empty)


def test_names_and_numbers_are_known_whatever_their_width(empty: Workspace, tmp_path: Path) -> None:
    from desktop.ledger.customer import Customer
    from desktop.ledger.keys import new_key

    def take(kind: str, *lines: str) -> importing.Outcome:
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join(lines), "utf-8")
        return importing.import_file(empty, kind, path)

    with empty.write("customer") as operation:
        CUSTOMERS.insert(operation.connection, [Customer(new_key(), "鲁信(山东) 有限公司", False)])
    take("instruments", "所在单位仪器编号,仪器设备名称,仪器分类编码,原值", "0020,仪,010102,50")
    take("technicians", "工号,姓名,负责仪器", "Ｔ００３,李　四,００２０")
    take("customers", "单位名称,是否本单位", "鲁信（山东）有限公司,否", "ＡＢＣ　公司,否")
    done = take(
        "records",
        "记录编号,仪器编号,使用单位,开始时间,结束时间,操作人",
        "Ｒ１,００２０,鲁信（山东）有限公司,2025-05-06 09:00,2025-05-06 10:00,Ｔ００３",
        "R1 ,0020,别家,2025-05-06 09:00,2025-05-06 10:00,",
        "R2,0020。,ABC 公司,2025-05-06 11:00,2025-05-06 12:00,李四",
        "R3,20,ABC公司,2025-05-06 11:00,2025-05-06 12:00,李四",
    )
    assert [(f.cell.row, f.code) for f in done.findings if f.severity == "error" and f.cell] == [
        (3, "import.repeated"),
        (5, "ledger_import.zeros_lost"),
    ]
    with empty.read() as connection:
        (technician,) = TECHNICIANS.find(connection)
        assert sorted(c.name for c in CUSTOMERS.find(connection)) == ["ABC 公司", "鲁信(山东) 有限公司"]
        (instrument,) = INSTRUMENTS.find(connection)
    assert (technician.staff_number, technician.name, technician.instruments) == ("T003", "李四", (instrument.id,))
    for number, customer in (("R1", "鲁信(山东) 有限公司"), ("R2", "ABC 公司")):
        kept = records.get(empty, number)
        assert (kept.operator_id, kept.customer_name) == (technician.id, customer)
        assert kept.customer_id
    again = importing.import_file(empty, "customers", tmp_path / "customers.csv")
    assert (again.accepted, again.unchanged) == (0, 2)


LONG = "长" * 501
_UNREADABLE = {"import.too_long", "import.not_secrecy", "import.not_yes_no", "import.not_a_number", "import.number_in_words", "import.date_unreadable"}
UNREAD = [
    ("instruments", "所在单位仪器编号,仪器分类编码,原值,仪器设备名称,财政资金,年运行机时", "A1,010102,50,扫描电镜,是,1200", f"A1,010102,50,{LONG},不详,很多"),
    ("technicians", "工号,姓名,部门,负责仪器,角色系数", "T1,李四,分析中心,A1,1.5", f"T1,李四,{LONG},A1,一点五"),
    ("customers", "单位名称,是否本单位,规模,认定日期,从业人数", "甲公司,否,小型,2025-03-01,30", f"甲公司,否,{LONG},昨天,三十"),
    ("pilot_bases", "基地编号,基地名称,工艺,开始运行,市场化方式建设", "J1,基地,提取,2024-05-06,是", f"J1,基地,{LONG},去年,不详"),
    (
        "pilot_equipment", "中试设备编号,中试设备名称,所属基地,验收日期,是否涉密", "P1,反应釜,J1,2024-05-06,否", f"P1,反应釜,{'9' * 501},去年,否",
    ),
    (
        "records", "记录编号,仪器编号,开始时间,结束时间,使用单位,操作人,服务项目,样品数",
        "R1,A1,2025-05-06 09:00,2025-05-06 10:00,甲公司,李四,成像,3", f"R1,A1,2025-05-06 09:00,2025-05-06 10:00,{LONG},{LONG},{LONG},三个",
    ),
]  # fmt: skip


def test_a_cell_that_cannot_be_read_says_so_and_never_blanks_what_the_ledger_knows(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    for kind, header, good, _ in UNREAD:
        path.write_text(f"{header}\n{good}\n", "utf-8")
        assert importing.import_file(empty, kind, path).accepted == 1, kind
    for kind, header, _, bad in UNREAD:
        table = {"records": "service_record", "pilot_bases": "pilot_base"}.get(kind, kind.removesuffix("s"))
        before = _known(empty, table)
        path.write_text(f"{header}\n{bad}\n", "utf-8")
        done = importing.import_file(empty, kind, path)
        assert done.rejected == 0, (kind, [f.code for f in done.findings])
        assert _known(empty, table) == before, kind
        refused = {f.cell.column for f in done.findings if f.severity == "warning" and f.cell and f.code in _UNREADABLE}
        told = {dict(f.params)["column"] for f in done.findings if f.code == "import.left_out"}
        assert told == refused != set(), kind
    assert sound(empty)


def _known(workspace: Workspace, table: str) -> list[dict[str, object]]:
    with workspace.read() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
    return [{name: value for name, value in row.items() if name != "imported"} for row in rows]


def test_a_blank_cell_blanks_what_the_ledger_knows_and_a_new_row_goes_without_what_cannot_be_read(empty: Workspace, tmp_path: Path) -> None:
    header, path = "所在单位仪器编号,仪器分类编码,原值,仪器设备名称,制造商", tmp_path / "rows.csv"
    for line in ("A1,010102,50,扫描电镜,日立", "A1,010102,50,扫描电镜,", f"A2,010102,50,{LONG},日立"):
        path.write_text(f"{header}\n{line}\n", "utf-8")
        done = importing.import_file(empty, "instruments", path)
    with empty.read() as connection:
        assert [(i.name, i.manufacturer) for i in INSTRUMENTS.find(connection, "", (), "asset_number")] == [("扫描电镜", ""), ("", "日立")]
    assert [f.code for f in done.findings if f.code.startswith("import.") and f.code != "import.read_as"] == ["import.left_out", "import.too_long"]


def test_a_session_keeps_its_energy_when_a_file_writes_it_unreadably(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"

    def take(kind: str, *lines: str) -> importing.Outcome:
        path.write_text("\n".join(lines), "utf-8")
        return importing.import_file(empty, kind, path)

    take("instruments", "所在单位仪器编号,仪器分类编码,原值,仪器设备名称", "A1,010102,50,扫描电镜")
    assert take("sensor_bindings", "传感器编号,资产编号,装上日期", "S1,A1,2025-01-01").accepted == 1
    header = "传感器编号,开始时间,结束时间,功率段,用电瓦时"
    for energy, accepted in (("1200", 1), ("不详", 0), ("", 1)):
        done = take("sensor_sessions", header, f"S1,2025-05-06 09:00,2025-05-06 10:00,工作,{energy}")
        assert (done.accepted, done.rejected) == (accepted, 0), energy
        with empty.read() as connection:
            (held,) = connection.exec_driver_sql("SELECT n_watt_hours FROM sensor_session").scalars().all()
        assert held == (None if energy == "" else 1200)
