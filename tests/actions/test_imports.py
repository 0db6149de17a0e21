"""A whole file through an encrypted ledger: what is taken, refused, taken back, and that the ledger holds exactly what it should after."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import history, importing, records, upkeep
from desktop.actions.progress import Watched
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Cancelled, Problem, Refused
from desktop.store.facts import CUSTOMERS
from tests.actions.making import FILES, PRACTICE, cells_of, everything, import_file, meaning, rows_of, sound
from tests.formats import books, sealed

# kind: rows good and bad, as the files were made
COUNTS = {"instruments": (60, 5), "fees": (42, 1), "technicians": (12, 1), "customers": (15, 1), "records": (502, 4)}


def in_order(workspace: Workspace, *kinds: str) -> dict[str, importing.Outcome]:
    return {kind: import_file(workspace, kind) for kind in kinds}


def test_every_file_brings_its_good_rows_and_names_its_bad_ones(empty: Workspace) -> None:
    done = in_order(empty, *FILES)
    assert {kind: (one.accepted, one.rejected) for kind, one in done.items()} == COUNTS
    assert all(one.unchanged == 0 and one.operation for one in done.values())
    for one in done.values():
        bad = {f.cell.row for f in one.findings if f.severity == "error" and f.cell}
        assert len(bad) == one.rejected
    with empty.read() as connection:
        numbers = {row[0] for row in connection.exec_driver_sql("SELECT number FROM service_record")}
        secret = {row[0] for row in connection.exec_driver_sql("SELECT asset_number FROM instrument WHERE confidential = 1")}
    assert secret == {"2023170011", "2022170028", "2024170045"}
    assert numbers & {"BAD1", "BAD2", "BAD3", "BAD4", "BAD5"} == {"BAD3", "BAD5"}
    assert "record.too_long" in {f.code for _, f in records.problems(empty, "BAD3") if f.severity == "error"}
    assert sound(empty)


def test_the_same_file_again_changes_nothing_and_says_so(practice: Workspace) -> None:
    before = everything(practice)
    for kind, (good, bad) in COUNTS.items():
        again = import_file(practice, kind)
        assert (again.accepted, again.rejected, again.unchanged, again.operation) == (0, bad, good, 0)
    assert everything(practice) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(empty: Workspace) -> None:
    for kind in FILES:
        before = everything(empty)
        told = import_file(empty, kind, dry_run=True)
        assert everything(empty) == before
        done = import_file(empty, kind)
        assert (told.accepted, told.rejected, told.findings) == (done.accepted, done.rejected, done.findings)
        assert told.operation == 0


@pytest.mark.parametrize("n", range(len(FILES)))
def test_undo_takes_one_whole_import_back(empty: Workspace, n: int) -> None:
    kinds = list(FILES)
    in_order(empty, *kinds[:n])
    before, head = rows_of(empty), upkeep.head(empty)
    import_file(empty, kinds[n])
    after = rows_of(empty)
    assert after != before
    history.undo_last(empty)
    assert rows_of(empty) == before
    assert upkeep.head(empty) != head, "undo is itself written down"
    history.redo_last(empty)
    assert rows_of(empty) == after
    assert sound(empty)


def test_an_import_is_not_undone_over_later_changes(practice: Workspace) -> None:
    """The records link to the customers imported after them: taking the records back first would lose the link."""
    operations = {done.name: done.seq for done in history.latest(practice)}
    before = everything(practice)
    with pytest.raises(Problem, match="store.in_use"):
        history.undo_one(practice, operations["import instruments"])
    assert everything(practice) == before


@pytest.mark.parametrize(
    "order",
    [
        ("instruments", "records", "customers", "technicians", "fees"),
        ("instruments", "records", "fees", "technicians", "customers"),
        ("instruments", "customers", "records", "technicians", "fees"),
    ],
)
def test_problems_vanish_when_the_missing_file_arrives(
    empty: Workspace, practice_home: Path, tmp_path: Path, order: tuple[str, ...]
) -> None:
    from desktop.actions.workspace import open_ledger

    in_order(empty, *order[: order.index("records") + 1])
    early = Counter(f.code for _, f in records.problems(empty) if f.severity == "error")
    assert early["record.unknown_operator"] > 400
    in_order(empty, *order[order.index("records") + 1 :])
    with open_ledger(Path(shutil.copytree(practice_home, tmp_path / "usual"))) as usual:
        wanted = meaning(usual)
    got = meaning(empty)
    for kind in wanted:
        assert got[kind] == wanted[kind], kind
    assert sound(empty)


def test_the_problem_list_is_what_judging_afresh_would_say(practice: Workspace) -> None:
    from desktop.actions import judging

    before = rows_of(practice)["record_problem"]
    assert len(before) > 100
    with practice.write("recheck") as operation:
        judging.recheck(operation)
    assert rows_of(practice)["record_problem"] == before


def test_rejected_rows_come_in_once_they_are_corrected(empty: Workspace, tmp_path: Path) -> None:
    import openpyxl

    rejects = tmp_path / "rejected.xlsx"
    done = import_file(empty, "instruments", rejects=rejects)
    assert done.rejects_path == rejects
    again = importing.import_file(empty, "instruments", rejects)
    assert (again.accepted, again.rejected) == (0, 5)
    book = openpyxl.load_workbook(rejects)
    sheet = book.active
    header = {cell.value: cell.column for cell in sheet[1]}
    assert all(sheet.cell(row, header["问题"]).value for row in range(2, 7))
    fixed = {"原值": ("80", "200", "300", "400", "500"), "建账日期": "2024-05-06", "仪器分类编码": "010102"}
    for row in range(2, 7):
        sheet.cell(row, header["所在单位仪器编号"]).value = f"NEW{row}"
        for name, value in fixed.items():
            column = next(c for title, c in header.items() if title and title.startswith(name))
            sheet.cell(row, column).value = value[row - 2] if isinstance(value, tuple) else value
    book.save(rejects)
    good = importing.import_file(empty, "instruments", rejects)
    assert (good.accepted, good.rejected) == (5, 0)


@pytest.mark.parametrize("kind", ["instruments", "technicians", "customers"])
def test_every_format_of_a_sheet_gives_the_same_facts(empty_home: Path, tmp_path: Path, kind: str) -> None:
    from desktop.actions.workspace import open_ledger

    cells = cells_of(kind)
    plain = [["" if cell is None else str(cell) for cell in row] for row in cells]
    text = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in plain)
    (tmp_path / "u.csv").write_bytes(text.encode("utf-8-sig"))
    (tmp_path / "g.csv").write_bytes(text.encode("gb18030"))
    files = [
        books.xlsx(tmp_path / "x.xlsx", {"表": plain}),
        books.xls(tmp_path / "x.xls", plain),
        books.ods(tmp_path / "x.ods", plain),
        tmp_path / "u.csv",
        tmp_path / "g.csv",
    ]
    seen: list[Any] = []
    for n, path in enumerate(files):
        with open_ledger(Path(shutil.copytree(empty_home, tmp_path / f"home{n}"))) as workspace:
            if kind == "technicians":
                import_file(workspace, "instruments")
            done = importing.import_file(workspace, kind, path)
            assert (done.accepted, done.rejected) == COUNTS[kind], path.name
            held = meaning(workspace)
            if kind != "technicians":
                held = {name: [row[:-1] for row in rows] for name, rows in held.items()}
            seen.append(held)
    assert all(one == seen[0] for one in seen)
    assert any(seen[0].values())


def test_a_column_under_another_name_is_mapped_by_hand(empty: Workspace, tmp_path: Path) -> None:
    import_file(empty, "instruments")
    path = tmp_path / "customers.csv"
    path.write_text("谁在用,是否本单位,备注\n甲公司,否,x\n乙课题组,是,\n", "utf-8")
    before = everything(empty)
    with pytest.raises(Problem):
        importing.import_file(empty, "customers", path)
    assert everything(empty) == before
    plan = importing.read(empty, "customers", path, mapping={"单位名称": "谁在用"})
    assert (plan.accepted, plan.matched["单位名称"]) == (2, "谁在用")
    assert everything(empty) == before
    importing.commit(empty, plan)
    with empty.read() as connection:
        assert {(c.name, c.internal) for c in CUSTOMERS.find(connection)} == {("甲公司", False), ("乙课题组", True)}


def test_a_preview_is_weighed_again_when_it_is_committed(empty: Workspace) -> None:
    plan = importing.read(empty, "instruments", PRACTICE / FILES["instruments"])
    import_file(empty, "instruments")
    before = everything(empty)
    done = importing.commit(empty, plan)
    assert (done.accepted, done.unchanged, done.operation) == (0, 60, 0)
    assert everything(empty) == before


@pytest.mark.parametrize("what", ["no header", "not a workbook", "empty", "kind", "no day", "bomb", "password", "old password", "cut off"])
def test_a_refused_file_leaves_the_ledger_as_it_was(practice: Workspace, tmp_path: Path, what: str) -> None:
    before = everything(practice)
    path, kind = tmp_path / "x.xlsx", "instruments"
    if what == "no header":
        books.xlsx(path, {"表": [["甲", "乙"], [1, 2]]})
    elif what == "not a workbook":
        path.write_bytes(b"PK\x03\x04" + bytes(500))
    elif what == "empty":
        books.xlsx(path, {"表": []})
    elif what == "bomb":
        books.bomb(path)
    elif what == "password":
        sealed.sealed_xlsx(books.xlsx(path, {"表": cells_of("instruments")}), "1234")
    elif what == "old password":
        path = sealed.sealed_xls(books.xls(tmp_path / "x.xls", cells_of("technicians")), "1234")
    elif what == "cut off":
        path.write_bytes("所在单位仪器编号,仪器设备名称,仪器分类编码,原值\nA1,电镜,010102,50\nA2,质谱".encode()[:-1])
    elif what == "no day":
        kind = "fees"
        books.xlsx(
            path,
            {"表": [["仪器编号", "服务项目", "计费单位", "校内（元）", "校外（元）"], ["2023170002", "测", "小时", "1", "2"]]},
        )
    else:
        kind = "everything"
        books.xlsx(path, {"表": [["所在单位仪器编号"], ["A1"]]})
    with pytest.raises(Problem):
        importing.import_file(practice, kind, path)
    assert everything(practice) == before


def test_stopping_leaves_the_ledger_as_it_was(empty: Workspace) -> None:
    import_file(empty, "instruments")
    before = everything(empty)
    plan = importing.read(empty, "records", PRACTICE / FILES["records"])
    watched = Watched()
    watched.stop()
    with pytest.raises(Cancelled):
        importing.commit(empty, plan, progress=watched)
    assert everything(empty) == before
    assert sound(empty)


def test_an_unknown_kind_of_import_is_refused_in_words(empty: Workspace) -> None:
    with pytest.raises(Refused, match="ledger_import.kind"):
        importing.import_file(empty, "wishes", PRACTICE / FILES["records"])
