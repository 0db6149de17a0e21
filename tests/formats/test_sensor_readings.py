"""Files of readings as people have them: encodings, units, headings, rows that cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.formats import sensor_readings as files
from desktop.formats.guard import Limits
from desktop.ledger.problem import Cancelled, Problem

HEAD = "传感器编号,采集时间,功率(W)"
ROWS = ("CG-1,2025-05-06 09:00:00,600", "CG-1,2025-05-06 09:10:00,0.5")
NINE = datetime(2025, 5, 6, 1, 0, tzinfo=UTC)


def written(folder: Path, *lines: str, codec: str = "utf-8") -> Path:
    file = folder / "读数.csv"
    file.write_bytes(("\r\n".join(lines) + "\r\n").encode(codec))
    return file


def told(found: files.Readings, sensor: str = "CG-1") -> list[tuple[datetime, Decimal]]:
    return [(one.at, one.watts) for one in found.series[sensor].readings()]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(tmp_path: Path, codec: str, delimiter: str) -> None:
    found = files.read(written(tmp_path, *(line.replace(",", delimiter) for line in (HEAD, *ROWS)), codec=codec))
    assert told(found) == [(NINE, Decimal(600)), (NINE.replace(minute=10), Decimal("0.5"))]
    assert (found.quantity, found.n_rows, found.findings) == ("watts", 2, ())


@pytest.mark.parametrize(
    ("head", "value", "quantity", "meant"),
    [
        ("功率(W)", "600", "watts", "600"), ("功率（kW）", "0.6", "watts", "600"), ("有功功率[千瓦]", "0.6", "watts", "600"), ("watts", "600", "watts", "600"),
        ("power_kw", "0.6", "watts", "600"), ("电流(mA)", "50", "milliamps", "50"), ("电流（A）", "0.05", "milliamps", "50"),
        ("功率(W)", "６００", "watts", "600"), ("功率(W)", '"1,200.5"', "watts", "1200.5"), ("功率(W)", "-3", "watts", "-3"),
    ],
)  # fmt: skip
def test_units_stand_in_the_heading(tmp_path: Path, head: str, value: str, quantity: str, meant: str) -> None:
    found = files.read(written(tmp_path, f"传感器,时间,{head}", f"CG-1,2025-05-06 09:00,{value}"))
    assert (found.quantity, told(found)) == (quantity, [(NINE, Decimal(meant))])


@pytest.mark.parametrize(
    "moment", ["2025-05-06 09:00:00", "2025/5/6 9:00", "2025年5月6日 9:00", "20250506090000", "2025-05-06T01:00:00Z", "2025-05-06T10:00:00+09:00"]
)
def test_moments_as_machines_log_them(tmp_path: Path, moment: str) -> None:
    assert told(files.read(written(tmp_path, HEAD, f"CG-1,{moment},600"))) == [(NINE, Decimal(600))]


def test_power_is_taken_before_current_and_other_columns_are_not_looked_at(tmp_path: Path) -> None:
    found = files.read(written(tmp_path, "备注,电流(mA),传感器编号,时间,功率(W),电压", "a,1,CG-1,2025-05-06 09:00,600,220"))
    assert (found.quantity, told(found)) == ("watts", [(NINE, Decimal(600))])


def test_a_sensor_is_named_by_hand_or_picked(tmp_path: Path) -> None:
    assert list(files.read(written(tmp_path, "时间,功率(W)", "2025-05-06 09:00,600"), "CG-5").series) == ["CG-5"]
    both = (HEAD, *ROWS, "CG-2,2025-05-06 09:00,1")
    assert list(files.read(written(tmp_path, *both)).series) == ["CG-1", "CG-2"]
    assert list(files.read(written(tmp_path, *both), "CG-2").series) == ["CG-2"]


def test_rows_that_cannot_be_read_are_told_by_line_and_left_out(tmp_path: Path) -> None:
    rows = ("CG-1,2025-05-06 09:00,高", "CG-1,何时,1", ",2025-05-06 09:00,1", "CG-1", "CG-1,2025-05-06 09:20,1e99", "CG-1,2025-05-06 09:30,", "", *ROWS)
    found = files.read(written(tmp_path, HEAD, *rows))
    assert [(one.code, one.cell.row if one.cell else 0) for one in found.findings] == [
        ("import.not_a_number", 2), ("import.moment_unreadable", 3), ("sensor.no_sensor_told", 4), ("sensor.row_short", 5), ("sensor.value_beyond", 6),
        ("sensor.readings_blank", 0),
    ]  # fmt: skip
    assert (len(found.series["CG-1"]), found.n_blank) == (2, 1)


@pytest.mark.parametrize(("value", "code"), [("", "blank"), ("NaN", "blank"), ("--", "blank"), ("-0.001", "negative"), ("0", ""), ("0.001", "")])
def test_what_is_no_reading_or_none_that_can_be_is_told_and_not_swallowed(tmp_path: Path, value: str, code: str) -> None:
    found = files.read(written(tmp_path, HEAD, f"CG-1,2025-05-06 08:00,{value}", *ROWS))
    assert [(one.code, dict(one.params)["n"]) for one in found.findings] == ([(f"sensor.readings_{code}", "1")] if code else [])


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("0001-01-01 00:00", "import.date_absurd"), ("1800-01-01 00:00:00", "import.date_absurd"), ("9999-12-31 23:59", "import.date_absurd"),
        ("0001-01-01T00:00:00+08:00", "import.date_absurd"), ("9999-12-31T23:59:59-08:00", "import.date_absurd"),
        ("2025-02-30 00:00", "import.moment_unreadable"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told(tmp_path: Path, moment: str, code: str) -> None:
    found = files.read(written(tmp_path, HEAD, f"CG-1,{moment},600", *ROWS))
    assert [one.code for one in found.findings] == [code]
    assert len(found.series["CG-1"]) == 2


@pytest.mark.parametrize(
    ("unit", "value", "kept"),
    [
        ("W", "10000000000", True), ("W", "10000000001", False), ("kW", "10000000", True), ("kW", "10000001", False), ("W", "-10000000001", False),
        ("kW", "10000000000000", False), ("W", "0E+999999999", True), ("W", "1E+999999999", False), ("W", "1E-999999999", True),
    ],
)  # fmt: skip
def test_a_power_beyond_ten_gigawatts_is_no_reading(tmp_path: Path, unit: str, value: str, kept: bool) -> None:
    head = HEAD.replace("(W)", f"({unit})")
    found = files.read(written(tmp_path, head, f"CG-1,2025-05-06 08:00,{value}", *ROWS))
    assert (len(found.series["CG-1"]) == 3, [one.code for one in found.findings]) == (kept, [] if kept else ["sensor.value_beyond"])


def test_a_file_of_bad_rows_alone_says_what_is_wrong_with_them(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        files.read(written(tmp_path, HEAD, "CG-1,2025-05-06 09:00,高", "CG-1,何时,1"))
    assert (refused.value.code, [one.code for one in refused.value.findings]) == (
        "sensor.no_readings", ["import.not_a_number", "import.moment_unreadable"],
    )  # fmt: skip


def test_many_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    found = files.read(written(tmp_path, HEAD, *(["CG-1,何时,1"] * (files.MOST_TOLD + 7)), *ROWS))
    assert len(found.findings) == files.MOST_TOLD + 1
    assert (found.findings[-1].code, dict(found.findings[-1].params)) == ("sensor.more_bad_rows", {"n": "7"})


def test_readings_of_one_moment_that_differ_are_told(tmp_path: Path) -> None:
    found = files.read(written(tmp_path, HEAD, *ROWS, ROWS[0], "CG-1,2025-05-06 09:00:00,601"))
    assert told(found) == [(NINE, Decimal(600)), (NINE.replace(minute=10), Decimal("0.5"))]
    assert [(one.code, dict(one.params)) for one in found.findings] == [("sensor.several_at_once", {"sensor": "CG-1", "n": "1"})]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((HEAD,), "sensor.no_readings"),
        ((HEAD, "CG-1,2025-05-06 09:00,"), "sensor.no_readings"),
        (("传感器编号,采集时间,功率", *ROWS), "sensor.unit_missing"),
        (("传感器编号,采集时间,功率(A)", *ROWS), "sensor.unit_missing"),
        (("传感器编号,采集时间,温度", *ROWS), "sensor.columns"),
        (("采集时间,功率(W)", "2025-05-06 09:00,1"), "sensor.columns"),
        (("传感器编号,功率(W)", "CG-1,1"), "sensor.columns"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, lines: tuple[str, ...], code: str) -> None:
    with pytest.raises(Problem) as refused:
        files.read(written(tmp_path, *lines))
    assert refused.value.code == code


def test_ugly_files_are_refused_in_words(tmp_path: Path) -> None:
    def code(content: bytes, limits: Limits = files.LIMITS) -> str:
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        with pytest.raises(Problem) as refused:
            files.read(file, limits=limits)
        return refused.value.code

    head, row = f"{HEAD}\n".encode(), f"{ROWS[0]}\n".encode()
    assert code(b"") == "file.empty"
    assert code(b"%PDF-1.7\n") == "file.wrong_kind"
    assert code(b"PK\x03\x04" + b"\0" * 60) in ("file.damaged", "file.wrong_kind")
    assert code(head + row * 3_000 + b"\xff\xfe\xff\n") == "file.encoding_broken"
    assert code(head + row * 3, Limits(n_rows=2)) == "file.too_large_rows"
    assert code(head + row * 3, Limits(n_bytes=20)) == "file.too_large"


def test_a_person_can_stop_it(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        files.read(written(tmp_path, HEAD, *(ROWS * 5_000)), cancelled=lambda: True)
