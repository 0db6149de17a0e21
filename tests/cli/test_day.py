"""The day by command, as the issue of a finance office would read it: what goes in, what comes out, what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.__main__ import main
from tests.cli.conftest import FILES, INIT, Shell

MANIFEST = {"instruments": (60, 5), "fees": (42, 1), "technicians": (12, 1), "customers": (15, 1), "records": (502, 4)}


def test_questions_that_need_no_ledger(shell: Shell) -> None:
    assert shell.json("deadline", "2026-01-15") == {"accepted": "2026-01-15", "deadline": "2026-03-04", "provisional": False}
    assert shell.json("deadline", "2026-12-01")["provisional"] is True
    assert shell.json("institution", "check-uscc", "91350100M000100Y43")["valid"] is True
    assert shell.json("institution", "check-uscc", "123700004000000180", status=1)["valid"] is False
    assert not shell.home.exists()


def test_a_wrong_credit_code_makes_no_ledger(shell: Shell) -> None:
    told = shell.json(
        "init", "--name", "甲", "--uscc", "123700004000000180", "--kind", "university", "--region", "370102", status=1
    )
    assert told["error"] == "institution.uscc"
    assert not (shell.home / "ledger.db").exists()


def test_without_keyring_and_passphrase_nothing_is_made(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIXIANG_PASSPHRASE")
    assert shell.json(*INIT, status=1)["error"] == "key.nowhere"
    assert not (shell.home / "ledger.db").exists()


def test_the_passphrase_decides(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recovery = shell.json(*INIT)["recovery_key"]
    monkeypatch.setenv("YIXIANG_PASSPHRASE", "wrong")
    assert shell.json("verify", status=1)["error"] == "key.wrong"
    monkeypatch.delenv("YIXIANG_PASSPHRASE")
    assert shell.json("verify", status=1)["error"] == "key.needed"
    kept = tmp_path / "kept"
    kept.write_text(f"{recovery}\n", "utf-8")
    assert shell.json("verify", "--passphrase-file", kept)["ok"] is True


@pytest.mark.parametrize("kind", MANIFEST)
def test_each_file_is_counted_and_the_second_time_changes_nothing(
    filled: Shell, practice: Callable[[str], Path], kind: str
) -> None:
    accepted, rejected = MANIFEST[kind]
    before = filled.json("history", "--limit", "1")["operations"][0]["seq"]
    again = filled.json("import", kind, practice(FILES[kind]), status=1)
    assert (again["accepted"], again["rejected"], again["unchanged"]) == (0, rejected, accepted)
    assert again["operation"] is None
    assert filled.json("history", "--limit", "1")["operations"][0]["seq"] == before
    assert {f["row"] for f in again["findings"] if f["severity"] == "error"}
    assert all(f["words"] and f["column"] for f in again["findings"] if f["severity"] == "error")


def test_a_dry_run_writes_nothing_and_undo_takes_the_import_back(
    shell: Shell, practice: Callable[[str], Path], tmp_path: Path
) -> None:
    shell(*INIT)
    rejects = tmp_path / "rejects.xlsx"
    dry = shell.json("import", "instruments", practice("instruments.xlsx"), "--dry-run", "--rejects", rejects, status=1)
    assert (dry["accepted"], dry["operation"]) == (60, None)
    assert rejects.exists()
    assert shell.json("instrument", "list")["instruments"] == []
    shell("import", "instruments", practice("instruments.xlsx"), status=1)
    assert len(shell.json("instrument", "list")["instruments"]) == 60
    shell("undo")
    assert shell.json("instrument", "list")["instruments"] == []
    shell("redo")
    assert len(shell.json("instrument", "list")["instruments"]) == 60
    assert shell.json("verify")["ok"] is True


def test_duties_of_a_day_before_acceptance(filled: Shell) -> None:
    """One set by command on the day before it was accepted, on that day, and before it joined: list and explanation agree."""
    told = {d["asset_number"]: d for d in filled.json("duties", "--on", "2026-11-23")["duties"]}
    accepted = {i["asset_number"]: i["accepted_on"] for i in filled.json("instrument", "list")["instruments"]}
    asset = "2020170000"
    before = (date.fromisoformat(accepted[asset]) - timedelta(days=1)).isoformat()
    then = {d["asset_number"]: d for d in filled.json("duties", "--on", before)["duties"]}
    assert (told[asset]["state"], then[asset]["state"], then[asset]["deadline"]) == ("overdue", "not_obliged", None)
    assert {d["asset_number"] for d in then.values() if d["state"] in ("to_join", "overdue")} <= {
        one for one, day in accepted.items() if day is not None and day <= before
    }
    figure = filled.json("explain", "duty", asset, "--on", before)["figure"]
    assert figure["value"] == "not_obliged"
    assert "尚未发生" in filled("explain", "duty", asset, "--on", before)
    assert filled.json("explain", "duty", asset)["figure"]["value"] == "overdue"
    on_the_day = {d["asset_number"]: d["state"] for d in filled.json("duties", "--on", accepted[asset])["duties"]}
    assert on_the_day[asset] == "to_join"


def test_duties_state_what_is_owed(filled: Shell) -> None:
    told = filled.json("duties", "--on", "2026-11-23")
    by_asset = {d["asset_number"]: d for d in told["duties"]}
    assert told["on"] == "2026-11-23"
    assert by_asset["2020170000"] == {
        "asset_number": "2020170000", "name": "场发射扫描电子显微镜", "state": "overdue", "deadline": "2020-12-18", "provisional": False,
        "days_left": by_asset["2020170000"]["days_left"],
    }  # fmt: skip
    assert by_asset["2020170012"]["state"] == "not_obliged"
    filled("instrument", "join", "2020170000", "--on", "2020-12-18", "--number", "SD-1")
    filled("instrument", "join", "2021170001", "--on", "2026-11-01", "--number", "SD-2")
    by_asset = {d["asset_number"]: d["state"] for d in filled.json("duties", "--on", "2026-11-23")["duties"]}
    assert (by_asset["2020170000"], by_asset["2021170001"]) == ("joined", "joined_late")
    assert (
        filled.json("instrument", "join", "2023170011", "--on", "2026-11-01", "--number", "X", status=1)["error"]
        == "instrument.confidential_joins"
    )
    assert "逾期未入网" in filled("duties")


def test_a_price_is_fixed_and_explained(filled: Shell) -> None:
    told = filled.json("price", "--record", "R700001")
    assert (told["amount_fen"], told["posted"]) == (40_000, False)
    posted = filled.json("post", "R700001")
    assert (posted["posted"], posted["amount_fen"]) == (1, 40_000)
    assert filled.json("post", "R700001", status=1)["error"] == "record.posted"
    figure = filled.json("explain", "record", "R700001")["figure"]
    assert figure["value"] == 40_000
    assert "×" in filled("explain", "price", "R700001") or "相乘" in filled.out
    assert filled.json("record", "reverse", "R700001", "--reason", "录错")["amount_fen"] == -40_000
    assert filled.json("verify")["ok"] is True


def test_what_cannot_be_priced_is_a_problem_and_never_zero(filled: Shell) -> None:
    told = filled.json("price", "--record", "R700017", status=1)
    assert told["amount_fen"] is None
    assert "fee.agreed_missing" in {f["code"] for f in told["findings"]}
    posted = filled.json("post", "--to", "2026-11-23", status=1)
    assert posted["refused"] == len(posted["problems"]) > 0
    assert all(p["findings"] for p in posted["problems"])
    filled("record", "answer", "R700017", "--agreed-price", "200")
    assert filled.json("price", "--record", "R700017")["amount_fen"] == 120_000


def payout_ready(shell: Shell) -> None:
    shell("post", "--to", "2025-12-31", status=1)
    shell("person", "add", "张会计", "--role", "finance", "--pin", "1234")
    shell("person", "add", "李审批", "--role", "approver")
    shell(
        "payout", "scheme", "adopt", "university-school", "--name", "校方案", "--from", "2025-01-01", "--document", "校发1号",
        "--remainder-to", "T000", "--basis", "posted",
    )  # fmt: skip


def test_a_run_is_prepared_by_one_and_approved_by_another(filled: Shell) -> None:
    payout_ready(filled)
    prepare = ("payout", "prepare", "--to", "2025-12-31", "--scheme", "校方案", "--as", "张会计", "--pin")
    refused = filled.json(*prepare, "1234", status=1)
    assert "payout.no_cost_statement" in {refused["error"], *(f["code"] for f in refused["findings"])}
    filled(
        "payout",
        "cost",
        "add",
        "--kind",
        "耗材",
        "--from",
        "2025-01-01",
        "--to",
        "2025-12-31",
        "--amount",
        "12345.67",
        "--document",
        "凭1",
    )
    assert filled.json(*prepare, "9999", status=1)["error"] == "person.pin"
    run = filled.json(*prepare, "1234")
    assert run["cost_fen"] == 1_234_567
    assert sum(share["fen"] for share in run["shares"]) == run["pool_fen"]
    assert run["pool_fen"] + sum(other["fen"] for other in run["others"]) == run["income_fen"] - run["cost_fen"]
    assert all(share["lines"] > 0 for share in run["shares"])
    assert (
        filled.json("payout", "approve", run["run"], "--as", "张会计", "--pin", "1234", status=1)["error"] == "payout.same_person"
    )
    assert filled.json("payout", "approve", run["run"], "--as", "李审批")["state"] == "approved"
    assert filled.json("payout", "show", run["run"])["pool_fen"] == run["pool_fen"]
    back = filled.json("payout", "reverse", run["run"], "--as", "张会计", "--pin", "1234", "--reason", "重算")
    assert back["pool_fen"] == -run["pool_fen"]
    filled("payout", "approve", back["run"], "--as", "李审批")
    assert filled.json("payout", "show", run["run"])["state"] == "reversed"
    assert filled.json("verify")["ok"] is True


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("joining", "2025"), ("fees", "2025"), ("quarterly", "2025Q3"), ("transactions", "2025"), ("performance", "2024-2025"),
        ("balance", "2025"), ("transfers", "2025"), ("award", "2025"), ("integrity", "2025Q2"),
    ],
)
def test_reports_are_written_and_the_same_day_gives_the_same_bytes(filled: Shell, tmp_path: Path, kind: str, period: str) -> None:
    filled("post", "--to", "2025-12-31", status=1)
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    filled("report", kind, "--period", period, "--out", one)
    assert one.read_bytes().startswith(b"%PDF-")
    book = tmp_path / "one.xlsx"
    filled("report", kind, "--period", period, "--out", book)
    assert book.read_bytes().startswith(b"PK")
    assert filled.json("report", kind, "--period", "soon", "--out", two, status=1)["error"] == "report.period"
    assert not two.exists()


def test_backup_and_restore_bring_the_same_ledger(filled: Shell, tmp_path: Path) -> None:
    head = filled.json("verify")["head"]
    archive = tmp_path / "a.yxb"
    filled("backup", archive)
    assert filled.json("backup", archive, status=1)["error"] == "backup.exists"
    filled("person", "add", "后来的人", "--role", "auditor")
    assert filled.json("verify")["head"] != head
    kept = filled.json("restore", archive)["replaced"]
    assert filled.json("verify")["head"] == head
    assert (Path(kept) / "ledger.db").exists()
    archive.write_bytes(archive.read_bytes()[:-2000])
    assert filled.json("restore", archive, status=1)["error"] in ("backup.not_one", "backup.damaged")
    assert filled.json("verify")["head"] == head


@pytest.mark.parametrize("arguments", [("bogus",), ("deadline", "31.12.2025"), ("post", "--to", "soon"), ("payout", "prepare")])
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("用法：yixiang")
    assert re.search(r"命令写得不对：.*[\u4e00-\u9fff]", told)
    assert not re.search("usage|error|argument|required|choose|invalid", told), "a clerk reads Chinese"


def test_the_home_may_stand_before_the_command(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell(*INIT)
    capsys.readouterr()
    assert main(["--home", str(shell.home), "--json", "verify"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


@pytest.mark.parametrize("name", ["a.pdf", "empty.xlsx", "no-header.csv"])
def test_ugly_files_are_refused_in_words_and_change_nothing(shell: Shell, tmp_path: Path, name: str) -> None:
    shell(*INIT)
    file = tmp_path / name
    file.write_bytes({"a.pdf": b"%PDF-1.7 not a table", "empty.xlsx": b"", "no-header.csv": "甲,乙\n1,2\n".encode()}[name])
    head = shell.json("verify")["head"]
    told = shell.json("import", "instruments", file, status=1)
    assert told["words"]
    assert not told["words"].startswith("[")
    assert shell.json("verify")["head"] == head


def test_english_speaks_english(filled: Shell) -> None:
    assert "overdue" in filled("duties", "--lang", "en").lower()
