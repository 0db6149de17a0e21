"""Joining and filing by command: once, under a number of one's own, and corrected only on purpose."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import instrument_entry, instruments, people, reclassifying, workspace
from desktop.ledger.problem import Refused
from tests.cli.conftest import PASSPHRASE, Shell

SECRET = "2023170011"
JOIN = ("instrument", "join")


def joined(shell: Shell, asset: str) -> tuple[str, str]:
    one = next(i for i in shell.json("instrument", "list")["instruments"] if i["asset_number"] == asset)
    return one["joined_on"], one["network_number"]


def test_a_second_joining_is_refused_unless_it_corrects(filled: Shell) -> None:
    filled(*JOIN, "2020170000", "--on", "2020-12-18", "--number", "SD-1")
    again = filled.json(*JOIN, "2020170000", "--on", "2021-01-04", "--number", "SD-9", status=1)
    assert again["error"] == "instrument.joined_already"
    assert "2020-12-18" in again["words"]
    assert "--correct" in again["words"]
    assert joined(filled, "2020170000") == ("2020-12-18", "SD-1")
    filled(*JOIN, "2020170000", "--on", "2021-01-04", "--number", "SD-9", "--correct", "日期登错")
    assert joined(filled, "2020170000") == ("2021-01-04", "SD-9")
    filled("undo")
    assert joined(filled, "2020170000") == ("2020-12-18", "SD-1")


def test_a_network_number_belongs_to_one_instrument(filled: Shell) -> None:
    filled(*JOIN, "2020170000", "--on", "2020-12-18", "--number", "SD-1")
    for more in ((), ("--correct", "试试")):
        refused = filled.json(*JOIN, "2021170001", "--on", "2026-11-01", "--number", " SD-1 ", *more, status=1)
        assert refused["error"] == "instrument.network_number_taken"
        assert "2020170000" in refused["words"]
    assert joined(filled, "2021170001") == (None, "")


def test_the_form_of_the_window_holds_the_same(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(*JOIN, "2020170000", "--on", "2020-12-18", "--number", "SD-1")
    with workspace.open_ledger(filled.home, passphrase=PASSPHRASE) as ledger:
        one = instruments.get(ledger, "2021170001")
        draft = instrument_entry.draft_of(one) | {"network_number": "SD-1", "joined_on": date(2026, 11, 1)}
        with pytest.raises(Refused, match="instrument.network_number_taken") as stopped:
            instrument_entry.save(ledger, one, draft, date(2026, 11, 23))
        assert [f.field for f in stopped.value.findings] == ["network_number"]
        instrument_entry.save(ledger, one, draft | {"network_number": "SD-2"}, date(2026, 11, 23))
        with pytest.raises(Refused, match="instrument.joined_already"):
            instruments.join(ledger, "2021170001", date(2026, 11, 2), "SD-2")


def test_a_number_without_its_day_is_completed(filled: Shell) -> None:
    with workspace.open_ledger(filled.home, passphrase=PASSPHRASE) as ledger:
        one = instruments.get(ledger, "2021170001")
        instrument_entry.save(ledger, one, instrument_entry.draft_of(one) | {"network_number": "SD-7"}, date(2026, 11, 23))
    other = filled.json(*JOIN, "2021170001", "--on", "2026-11-01", "--number", "SD-8", status=1)
    assert "日期未填" in other["words"]
    filled(*JOIN, "2021170001", "--on", "2026-11-01", "--number", "SD-7")
    assert joined(filled, "2021170001") == ("2026-11-01", "SD-7")


def test_a_second_filing_is_refused_unless_it_corrects(filled: Shell) -> None:
    with workspace.open_ledger(filled.home, passphrase=PASSPHRASE) as ledger:
        one = instruments.get(ledger, SECRET)
        plain = instrument_entry.draft_of(one) | {"filed_on": None, "filing_number": None}
        instrument_entry.save(ledger, one, plain, date(2026, 11, 23))
        people.add(ledger, "定密人", "equipment_office")
        reclassifying.prepare(ledger, "2021170001", True, "测试", "定密人")
    filled("instrument", "file", SECRET, "--number", "密报1号", "--on", "2026-01-05")
    again = filled.json("instrument", "file", SECRET, "--number", "密报2号", status=1)
    assert again["error"] == "instrument.filed_already"
    assert "密报1号" in again["words"]
    filled("instrument", "file", SECRET, "--number", "密报2号", "--on", "2026-01-06", "--correct", "文号登错")
    shared = filled.json("instrument", "file", "2021170001", "--number", "密报 ２号", status=1)
    assert shared["error"] == "instrument.filing_number_taken"
    filled("instrument", "file", "2021170001", "--number", "密报2号", "--shared")
    filed = {i["asset_number"]: (i["filed_on"], i["filing_number"]) for i in filled.json("instrument", "list")["instruments"]}
    assert (filed[SECRET], filed["2021170001"]) == (("2026-01-06", "密报2号"), ("2026-11-23", "密报2号"))
