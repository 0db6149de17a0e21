"""What a careless hand and a bad day do to the command line: words, never a trace; whole ledgers, never a half one."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from desktop import words
from desktop.actions import importing, workspace
from desktop.cli import grammar
from tests.cli.conftest import INIT, PASSPHRASE, Shell

ENGLISH = re.compile(r"Traceback|Error\b|[a-z]+ [a-z]+ [a-z]+")


def test_a_damaged_ledger_fails_its_verification(filled: Shell) -> None:
    file = filled.home / "ledger.db"
    content = bytearray(file.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle + 100 : middle + 140] = b"\xff" * 40
    file.write_bytes(content)
    told = filled.json("verify", status=1)
    assert told["ok"] is False
    assert [found["code"] for found in told["failed"]] == ["store.damaged"]
    filled("verify", status=1)
    assert "(" not in filled.err


@pytest.mark.parametrize("content", [b"", b"not a workbook"])
def test_a_file_of_which_nothing_is_read_is_counted_and_has_its_finding(shell: Shell, tmp_path: Path, content: bytes) -> None:
    shell(*INIT)
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    told = shell.json("import", "records", file, status=1)
    assert (told["accepted"], told["rejected"], told["unchanged"]) == (0, 0, 0)
    assert told["findings"][0]["words"] == told["words"]


def test_a_table_without_rows_is_not_a_table_read_before(shell: Shell, tmp_path: Path) -> None:
    shell(*INIT)
    book = openpyxl.Workbook()
    book.active.append(["单位名称", "是否本单位"])
    book.save(tmp_path / "a.xlsx")
    shell("import", "customers", tmp_path / "a.xlsx", status=1)
    assert "只有表头" in shell.err
    assert "已经是这些内容" not in shell.out


def test_a_start_that_was_cut_off_can_be_made_again(shell: Shell) -> None:
    """The first recovery key was never shown: only a new one helps. A ledger with anything in it is never touched."""
    lost = workspace.make(shell.home, passphrase=PASSPHRASE)
    assert shell.json(*INIT)["recovery_key"] != lost
    assert shell.json("institution", "show")["name"] == "齐鲁大学"
    assert shell.json("verify")["operations"] == 1
    assert shell.json(*INIT, status=1)["error"] == "store.exists"


def test_another_hand_cannot_clear_a_cut_off_start(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.make(shell.home, passphrase="somebody else's")
    before = (shell.home / "ledger.db").read_bytes()
    assert shell.json(*INIT, status=1)["error"] == "store.exists"
    assert (shell.home / "ledger.db").read_bytes() == before


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.EROFS, "只读"), (errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限"), (errno.ENOTTY, "系统不允许")]
)
def test_what_the_system_refuses_is_told_in_words(
    filled: Shell, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(filled.home / "ledger.lock"))

    monkeypatch.setattr(workspace, "take_lock", refused)
    filled("duties", status=1)
    assert reason in filled.err
    assert not ENGLISH.search(filled.err.replace(str(filled.home), ""))
    assert filled.json("verify", status=1)["ok"] is False


def test_a_folder_that_is_a_file_is_told_in_words(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    shell(*INIT, status=1)
    assert "不存在" in shell.err or "不允许" in shell.err
    assert not ENGLISH.search(shell.err.replace(str(tmp_path), ""))


def test_a_bug_has_words_and_its_place_and_no_trace(filled: Shell, tmp_path: Path) -> None:
    """The program as it is started: a fault of its own is told without the values it stumbled over."""
    broken = (
        "import sys; from desktop.actions import duties; from desktop.__main__ import main\n"
        "def fails(*_): raise ValueError('the salary of 张三')\n"
        "duties.every = fails\n"
        f"sys.argv = ['yixiang', 'duties', '--home', {str(filled.home)!r}]\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}, check=False
    )
    assert done.returncode == 1
    assert "程序自身出了差错" in done.stderr
    assert "register_commands.py" in done.stderr
    assert "Traceback" not in done.stderr
    assert "salary" not in done.stderr


def test_a_day_that_is_none_is_told_in_words(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", "gestern")
    assert filled.json("duties", status=1)["error"] == "work.bad_today"


def test_no_display_is_told_in_words() -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "desktop"], capture_output=True, text=True, env=bare, check=False
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 1
        assert "没有显示器" in done.stderr


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("the following arguments are required: --to, --as", "缺少 --to, --as。"),
        ("unrecognized arguments: --bogus", "不认识 --bogus。"),
        ("argument kind: invalid choice: 'x' (choose from 'a', 'b')", "kind 不能是 x，可用：a, b。"),
        ("argument --to: expected one argument", "--to 后面要写一个值。"),
        ("argument operation: invalid int value: 'x'", "operation 要写成整数：x"),
        ("argument --to: 日期要写成 2026-01-15 的样子：x", "--to：日期要写成 2026-01-15 的样子：x"),
        ("ambiguous option: --p could match --pin, --period", "--p 不明确，可能是 --pin, --period。"),
    ],
)
def test_the_grammars_own_errors_are_in_chinese(message: str, told: str) -> None:
    assert grammar.told(message) == told


@pytest.mark.parametrize(
    "command",
    [
        ("catalogue", "search", "\udcb2\udca2"), ("explain", "record", "\udcff"), ("instrument", "show", "\udcff"),
        ("instrument", "join", "2020170009", "--on", "2026-01-05", "--number", "N\udcff"), ("undo", "\udcff"),
    ],
)  # fmt: skip
def test_words_of_another_encoding_are_refused_before_anything_is_done(filled: Shell, command: tuple[str, ...]) -> None:
    filled(*command, status=2)
    assert "UTF-8" in filled.err or "\\udcff" in ascii(filled.err)
    assert "程序自身" not in filled.err


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_of_another_encoding_is_told_what_was_done(filled: Shell, encoding: str) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[bytes]:
        environment = os.environ | {"PYTHONIOENCODING": encoding, "YIXIANG_PASSPHRASE": PASSPHRASE}
        return subprocess.run(
            [sys.executable, "-m", "desktop", *command, "--home", str(filled.home)], env=environment, capture_output=True, check=False
        )

    done = run("person", "add", "é²🤝", "--role", "finance")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "é²🤝" in filled("person", "list")
    told = run("person", "list", "--json")
    assert any(one["name"] == "é²🤝" for one in json.loads(told.stdout.decode(encoding))["people"])


def test_a_file_may_have_a_name_of_another_encoding(filled: Shell, tmp_path: Path) -> None:
    file = tmp_path / "\udcb2\udca2.csv"
    file.write_text("单位名称,是否本单位,统一社会信用代码\n乙公司,否,\n", "utf-8")
    filled("import", "customers", file)
    assert "接受 1 行" in filled.out


@pytest.mark.parametrize("command", [(), ("import",), ("payout", "prepare"), ("record", "accept")])
def test_help_is_in_chinese(shell: Shell, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        shell(*command, "--help")
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert not re.search("usage|options:|positional|show this", told)
    assert told.count("选项:") == 1


def test_states_and_roles_are_words_in_refusals(filled: Shell) -> None:
    filled("person", "add", "王实验", "--role", "lab_manager", "--pin", "1111")
    filled("month", "reopen", "2025-07", "--reason", "补", "--as", "王实验", "--pin", "1111", status=1)
    assert "王实验（实验室管理员）" in filled.err
    assert "审批人" in filled.err
    filled("record", "receive", "R700000", "--on", "2025-12-20", "--amount", "1", "--invoice", "F1", status=1)
    assert "“草稿”" in filled.err
    filled("post", "R700001")
    filled("post", "R700001", status=1)
    assert "posted" not in filled.err
    filled("payout", "cost", "add", "--kind", "怪", "--from", "2025-01-01", "--to", "2025-02-01", "--amount", "5", status=1)
    assert "耗材、" in filled.err
    filled("payout", "cost", "add", "--kind", "耗材", "--from", "2025-01-01", "--to", "2025-02-01", "--amount", "5")
    assert re.search("耗材 +全单位 ", filled("payout", "cost", "list"))


def test_words_in_a_list_are_said_one_by_one() -> None:
    told = words.say("person.not_allowed", name="甲", role="person.roles.auditor", roles="person.roles.finance|person.roles.approver")
    assert "甲（审计）" in told
    assert "财务、审批人" in told
    assert "a.b|c.d" in words.say("person.not_allowed", name="甲", role="x", roles="a.b|c.d"), "what is no code stays as it is"


def test_consumables_and_a_true_overlap_can_be_answered_by_command(filled: Shell) -> None:
    found = filled.json("problems")["problems"]
    overlapping = next(p["record"] for p in found if p["code"] == "record.overlap")
    left = filled.json("record", "accept", overlapping, "--problem", "overlap", "--reason", "两间样品舱")["problems"]
    assert "error" not in {p["severity"] for p in left if p["code"] == "record.overlap"}
    apart = next(p["record"] for p in found if p["code"] == "fee.consumables_not_entered")
    before = filled.json("price", "--record", apart)["amount_fen"]
    filled("record", "answer", apart, "--consumables", "12.34")
    assert filled.json("price", "--record", apart)["amount_fen"] == before + 1234


def test_an_unclear_urgent_word_is_answered_by_command(filled: Shell, tmp_path: Path) -> None:
    row = "X1,2023170002,某单位,2025-05-06 02:00,2025-05-06 03:00,也许"
    (tmp_path / "a.csv").write_text(f"记录编号,仪器编号,使用单位,开始时间,结束时间,是否加急\n{row}\n", "utf-8")
    told = filled.json("import", "records", tmp_path / "a.csv")["findings"]
    assert [(f["column"], f["code"]) for f in told if f["row"]] == [("是否加急", "import.urgent_unclear")]
    filled("post", "X1", status=1)
    assert "也许" in filled.out
    left = filled.json("record", "answer", "X1", "--urgent", "no")["problems"]
    assert "record.urgent_unclear" not in {p["code"] for p in left}


def test_history_is_told_by_the_clock_on_the_wall(shell: Shell) -> None:
    shell(*INIT)
    at = shell.json("history")["operations"][0]["at"]
    hour = (int(at[11:13]) + 8) % 24
    assert f" {hour:02d}:{at[14:16]}" in shell("history")


def test_what_is_told_does_not_steer_the_terminal(filled: Shell) -> None:
    """Words that came over the line or out of a table: to clear the screen, to read backwards, to write over the line. The object has them as they are."""
    hostile = "R1\x1b[2J\u202e\r乙"
    filled("explain", "record", hostile, status=1)
    told = filled.err
    assert "R1⟨001B⟩[2J⟨202E⟩⟨000D⟩乙" in told
    assert not {"\x1b", "\u202e", "\r"} & set(told)
    assert hostile in filled.json("explain", "record", hostile, status=1)["words"]


def test_nor_does_an_object(filled: Shell) -> None:
    """Of a terminal that knows the control characters of eight bits, one of them begins what ESC [ begins."""
    hostile = "R1\x9b2J\u202e乙"
    told = filled("explain", "record", hostile, "--json", status=1)
    assert not {"\x9b", "\u202e"} & set(told)
    assert hostile in json.loads(told)["words"]


def test_a_reversal_waits_for_another_person(filled: Shell) -> None:
    filled("person", "add", "张会计", "--role", "finance", "--pin", "1234")
    filled("person", "add", "李审批", "--role", "approver", "--pin", "5678")
    filled("post", "--to", "2025-12-31", status=1)
    filled(
        "payout", "scheme", "adopt", "enterprise-80", "--name", "方案", "--from", "2025-01-01", "--document", "1号", "--remainder-to", "T000"
    )
    filled("payout", "cost", "add", "--kind", "无", "--from", "2025-01-01", "--to", "2025-12-31", "--amount", "0")
    filled("payout", "prepare", "--to", "2025-12-31", "--scheme", "方案", "--as", "张会计", "--pin", "1234")
    filled("payout", "close", "FP2025-001", "--as", "李审批", "--pin", "5678", status=1)
    assert "（待审批）" in filled.err
    filled("payout", "approve", "FP2025-001", "--as", "李审批", "--pin", "5678")
    told = filled("payout", "reverse", "FP2025-001", "--reason", "错", "--as", "张会计", "--pin", "1234")
    assert "待另一人审批后生效" in told


def test_a_refusal_while_importing_leaves_the_content_as_it_was(
    filled: Shell, practice: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = filled.json("verify")["head"]

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(importing, "import_file", refused)
    filled("import", "records", practice("service-records.xlsx"), status=1)
    assert "读写磁盘出错" in filled.err
    assert filled.json("verify")["head"] == head


def test_a_report_or_backup_for_a_folder_that_is_not_there_makes_none(filled: Shell, tmp_path: Path) -> None:
    nowhere = tmp_path / "mistyped"
    for command in (("report", "joining", "--out", nowhere / "z.pdf"), ("backup", nowhere / "z.yxb")):
        said = filled.json(*command, status=1)
        assert str(nowhere) in said["words"]
        assert "不存在" in said["words"]
        assert not nowhere.exists()


def test_a_folder_given_as_a_file_is_called_a_folder(filled: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "2025年服务记录"
    folder.mkdir()
    for command in (("import", "records", folder), ("restore", folder)):
        said = filled.json(*command, status=1)["words"]
        assert "文件夹" in said
        assert "找不到" not in said
