"""Files out: whole, harmless, the same bytes for the same content, and read back as what they were."""

from __future__ import annotations

import errno
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.formats import (
    costs,
    customers,
    evaluations,
    instruments,
    pilot_bases,
    pilot_equipment,
    receipts,
    service_records,
    spreadsheet,
    technicians,
    write,
)
from desktop.formats import fields as kinds
from desktop.formats.cell_codes import same_name
from desktop.formats.cells import NOTHING, clean, fold
from desktop.formats.fields import Field
from desktop.formats.write import Fen, OutSheet
from desktop.ledger.problem import Problem
from tests.formats import books

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠x", "'=1"]
BEFORE = ["所在单位仪器编号", "仪器设备名称", "仪器分类编码", "原值", "建账日期"]


def xml(path: Path, entry: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(entry).decode()


def test_nothing_in_a_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write.write(path, [OutSheet("表", ["甲"], [[text] for text in DANGEROUS])])
    sheet = xml(path, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == len(DANGEROUS) + 1
    assert 'quotePrefix="1"' in xml(path, "xl/styles.xml")
    assert [row[0] for row in spreadsheet.read(path).sheets[0].rows[1:]] == DANGEROUS


def test_nothing_in_a_text_table_starts_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    texts = [*DANGEROUS, "370220240012345678", "普通", "2025-01"]
    write.write(path, [OutSheet("表", ["甲"], [[text] for text in texts])])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")[1:-1]
    assert all(line.strip('"').startswith("'") for line in lines[: len(DANGEROUS) + 1])
    assert lines[-2:] == ["普通", "2025-01"]
    assert [row[0] for row in spreadsheet.read(path).sheets[0].rows[1:]] == texts


def test_amounts_days_and_moments_are_what_they_are(tmp_path: Path) -> None:
    row = [Fen(-1_234_567), Decimal("1.50"), 7, date(2025, 5, 6), datetime(2025, 5, 6, 9, 30), True, None, "010102"]
    for name, back in (
        ("a.xlsx", [Decimal("-12345.67"), Decimal("1.5"), 7, date(2025, 5, 6), row[4], "是", None, "010102"]),
        ("a.csv", ["-12345.67", "1.5", "7", "2025-05-06", "2025-05-06 09:30", "是", None, "010102"]),
    ):
        write.write(tmp_path / name, [OutSheet("表", list("abcdefgh"), [row])])
        assert spreadsheet.read(tmp_path / name).sheets[0].rows[1] == back


@given(st.lists(st.integers(-(10**18), 10**18), min_size=1, max_size=200))
@settings(max_examples=10)
def test_no_fen_is_lost_however_large(amounts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write.write(path, [OutSheet("表", ["金额"], [[Fen(fen)] for fen in amounts])])
        back = [Decimal(str(row[0])) * 100 for row in spreadsheet.read(path).sheets[0].rows[1:]]
    assert back == amounts


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        made = []
        for folder in ("一", "二"):
            (tmp_path / folder).mkdir(exist_ok=True)
            write.write(tmp_path / folder / name, [OutSheet("表", ["甲"], [["x"], [Fen(5)]])])
            made.append((tmp_path / folder / name).read_bytes())
        assert made[0] == made[1]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    def broken() -> Any:
        yield ["x"]
        raise OSError(errno.ENOSPC, "No space left on device")

    for name, sheet in (("a.csv", OutSheet("表", ["甲"], broken())), ("a.xlsx", OutSheet("表", ["甲"], broken()))):
        with pytest.raises(Problem) as caught:
            write.write(tmp_path / name, [sheet])
        assert caught.value.code == "file.disk_full"
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(Problem) as caught:
        write.write(tmp_path / "none" / "a.xlsx", [OutSheet("表", ["甲"], [])])
    assert caught.value.code == "file.cannot_write"
    with pytest.raises(Problem) as caught:
        write.write(tmp_path / "a.pdf", [OutSheet("表", ["甲"], [])])
    assert caught.value.code == "file.ending"


@pytest.mark.parametrize("name", ["rejects.xlsx", "rejects.csv"])
def test_rejected_rows_are_written_as_they_stood_with_their_reasons(tmp_path: Path, name: str) -> None:
    good = ["A1", "好", "010102", 1, date(2024, 5, 24), None]
    bad = ["A1", "危险", 10102, -5, date(2024, 5, 24), "留着"]
    book = spreadsheet.read(books.xlsx(tmp_path / "in.xlsx", {"台账": [["台账"], [*BEFORE, "附注"], good, bad]}))
    sheet = instruments.read_rows(book)
    path = tmp_path / name
    assert write.write_rejects(path, sheet.table, sheet.findings) == 1
    header, row = spreadsheet.read(path).sheets[0].rows
    assert header == [*BEFORE, "附注", "问题"]
    assert [str(cell) for cell in row[:-1]] == ["A1", "危险", "10102", "-5", "2024-05-24", "留着"]
    assert re.fullmatch(r"仪器分类编码：.*010102.*；原值：-5 .*；所在单位仪器编号：「A1」在第 3 行.*", str(row[-1]))
    again = instruments.read_rows(spreadsheet.read(path))
    assert again.table.extra == ("附注",)
    write.write_rejects(path, again.table, again.findings)
    assert spreadsheet.read(path).sheets[0].rows[0] == header


# ---------------------------------------------------------------- export -> import is the identity

_CODES = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,18}", fullmatch=True).filter(
    lambda text: not re.fullmatch(r"\d+E-\d+|0", text) and text.lower() not in NOTHING
)
_TEXT = st.one_of(
    st.text(max_size=30).map(lambda text: clean(text)[0]),
    st.sampled_from([*DANGEROUS, "_x0041_", "1,5", '"', "a\nb", "''=", "0010", "1E5", "370220240012345678"]),
).map(lambda text: clean(text)[0])
_LINES = _TEXT.map(lambda text: " ".join(text.split()))
_FILLED = _LINES.filter(lambda text: fold(text).strip().lower() not in NOTHING)
_DAYS = st.dates(date(1902, 1, 1), date(2098, 12, 31))
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "TEXT": _TEXT,
    "LINE": _LINES,
    "NAME": _FILLED.map(same_name),
    "CODE": _CODES | st.just(""),
    "UPPER_CODE": _CODES | st.just(""),
    "CLASS_CODE": st.from_regex(r"[0-9]{6}", fullmatch=True),
    "CODES": st.lists(_CODES, max_size=3, unique=True).map(tuple),
    "YES_NO": st.none() | st.booleans(),
    "FILING": st.just("") | _CODES.map(lambda text: f"鲁科报〔2025〕{text}号"),
    "GIVEN_CODE": st.just("") | _CODES.map(lambda text: f"{text}1"),
    "URGENT": st.none() | st.booleans(),
    "SECRET": st.none() | st.booleans(),
    "SECRECY": st.none() | st.booleans(),
    "INTERNAL": st.booleans(),
    "DAY": st.none() | _DAYS,
    "NUMBER": st.none() | st.decimals(0, 10**6, places=4),
    "SIGNED_NUMBER": st.none() | st.decimals(0, 10**5, places=2),
    "HOURS": st.none() | st.decimals(0, 9000, places=1),
    "COUNT": st.none() | st.integers(0, 10**6),
    "WAN": st.none() | st.decimals(0, 10**8, places=4),
    "FEN_OF_WAN": st.integers(0, 10**14),
    "FEN_OF_YUAN": st.integers(1, 10**14),
}
_NAMES = {id(kind): name for name, kind in vars(kinds).items() if isinstance(kind, kinds.Kind)}
_START = datetime(2025, 1, 1)


def _row(fields: Sequence[Field], given_values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    usual = {f.name: _VALUES[_NAMES[id(f.kind)]] for f in fields if f.name not in given_values}
    return st.fixed_dictionaries(usual | given_values)


def _records() -> st.SearchStrategy[dict[str, Any]]:
    moments = st.integers(0, 700_000).map(lambda minute: _START + timedelta(minutes=minute))
    times = {"started_at": moments, "ended_at": moments, "claimed_hours": st.none()}
    rows = _row(service_records.FIELDS, times | {"asset_number": _CODES})
    return rows.map(
        lambda row: row | {"ended_at": row["started_at"] + abs(row["ended_at"] - row["started_at"]) + timedelta(minutes=1)}
    )


_SHEETS: dict[str, tuple[Any, str, st.SearchStrategy[dict[str, Any]]]] = {
    "instruments": (instruments, "asset_number", _row(instruments.FIELDS, {"network_number": st.uuids().map(str)})),
    "technicians": (technicians, "staff_number", _row(technicians.FIELDS, {"name": _CODES})),
    "customers": (customers, "name", _row(customers.FIELDS, {"name": _CODES, "uscc": st.just("")})),
    "records": (service_records, "number", _records()),
    "costs": (
        costs,
        "document",
        _row(costs.FIELDS, {"kind": _CODES, "asset_number": _CODES, "starts_on": _DAYS, "ends_on": st.just(date(2099, 1, 1))}),
    ),
    "receipts": (receipts, "record_number", _row(receipts.FIELDS, {"received_on": _DAYS})),
    "evaluations": (evaluations, "asset_number", _row(evaluations.FIELDS, {"year": st.just("2025"), "ground": _CODES, "independent": st.integers(0, 99)})),
    "pilot_bases": (pilot_bases, "number", _row(pilot_bases.FIELDS, {"name": _CODES})),
    "pilot_equipment": (pilot_equipment, "number", _row(pilot_equipment.FIELDS, {"name": _CODES})),
}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", list(_SHEETS))
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_export_and_import_are_the_identity(kind: str, ending: str, data: st.DataObject) -> None:
    module, key, rows = _SHEETS[kind]
    drawn = data.draw(st.lists(rows, min_size=1, max_size=8))
    made = [_Row(row | {key: f"K{number}"}) for number, row in enumerate(drawn)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        write.write(path, [write.sheet_of(module.SHEET, module.FIELDS, made)])
        sheet = module.read_rows(spreadsheet.read(path))
    assert not sheet.rejected
    assert not {field.name for field in sheet.table.missing} & {field.name for field in module.FIELDS}
    assert [{f.name: getattr(row, f.name) for f in module.FIELDS} for row in sheet.rows] == [row.values for row in made]
    assert type(sheet.rows[0]).__annotations__.keys() >= {f.name for f in module.FIELDS}


class _Row:
    """Anything with the attributes of a row can be written."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.__dict__.update(values)
