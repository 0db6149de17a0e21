"""Every command alike: help a clerk reads, one object whatever happens, words and the right status without a ledger or a key."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import words
from desktop.cli.grammar import Parser
from desktop.cli.parser import build, groups
from tests.cli.conftest import INIT, Shell
from tests.cli.grammar_tree import NEEDS_NO_LEDGER, leaves, shortest

COMMANDS = [command for command, _ in leaves()]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITH_LEDGER = [command for command in COMMANDS if command not in NEEDS_NO_LEDGER]


def mute(parser: argparse.ArgumentParser) -> list[str]:
    """What the help of a command leaves unsaid: arguments without words, English headings."""
    faults = [str(action.option_strings or action.dest) for action in parser._actions if not CHINESE.search(action.help or "")]
    text = parser.format_help()
    return faults + re.findall(r"usage:|options:|positional|show this", text) + ([] if CHINESE.search(parser.description or "") else ["no words"])


def test_every_command_and_every_option_has_its_words() -> None:
    words.use("zh")
    faults = {command: found for command, parser in leaves() if (found := mute(parser))}
    assert not faults


def _kinds() -> list[str]:
    """``import fees``, ``report joining``: commands whose first word after them is one of a few."""
    chosen = [(command, action) for command, parser in leaves() for action in parser._actions if not action.option_strings]
    return [f"{command} {choice}" for command, action in chosen for choice in action.choices or ()]


def test_the_help_lists_every_command_once_under_a_heading_and_readme_names_it(shell: Shell) -> None:
    commands = {command.split()[0] for command in COMMANDS}
    grouped = [name for _, names in groups() for name in names]
    assert sorted(grouped) == sorted(commands), "each once, none forgotten, none that is gone"
    lines = shell.help().splitlines()
    for heading, names in groups():
        at = lines.index(f"  {heading}")
        told = [line.split()[0] for line in lines[at + 1 :] if line.startswith("    ") and not line.startswith("     ")]
        assert told[: len(names)] == list(names)
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    table = [line for line in readme.splitlines() if line.startswith("|")]
    named = {found.partition(" -")[0] for line in table for found in re.findall(r"`([a-z][^`]+)`", line)}
    assert commands <= {name.split()[0] for name in named}
    assert [name for name in named if not any(f"{one} ".startswith(f"{name} ") for one in (*COMMANDS, *_kinds()))] == []


def test_an_option_without_words_is_seen() -> None:
    bare = Parser("x", description="说明")
    bare.add_argument("--plain", metavar="N")
    assert mute(bare) == ["['--plain']"]
    assert mute(Parser("x")) == ["no words"]


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    """A file that every command taking one can open: what is asked for here goes wrong before or after reading it."""
    from dataclasses import replace

    from desktop.actions import schemes

    file = tmp_path / "a.toml"
    schemes.write_file(replace(schemes.examples()[0].scheme, document="1号", remainder_to="T001"), file)
    return file


@pytest.mark.parametrize("command", WITH_LEDGER)
def test_without_a_ledger_or_with_the_wrong_key(
    shell: Shell, scheme: Path, filled_home: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    parser = dict(leaves())[command]
    line = shortest(command, parser, scheme)
    told = shell.json(*line, status=1)
    assert told["error"] == "store.none"
    assert "yixiang init" in told["words"]
    assert not shell.home.exists(), "looking for a ledger makes none"
    shell(*line, status=1)
    assert shell.out == ""
    assert "还没有台账" in shell.err
    monkeypatch.setenv("YIXIANG_PASSPHRASE", "not this one")
    before = (filled_home / "ledger.db").read_bytes()
    shell.home = filled_home
    told = shell.json(*line, status=1)
    assert told["error"] == "key.wrong"
    assert "数据没有改动" in told["words"]
    assert (filled_home / "ledger.db").read_bytes() == before


@pytest.mark.parametrize("command", [*COMMANDS, "payout", "fee line", "month", ""])
def test_a_wrong_command_line_is_one_object_and_status_two(shell: Shell, command: str) -> None:
    told = shell.json(*command.split(), "--no-such-option", status=2)
    assert told["error"] == "usage"
    assert CHINESE.search(told["words"])
    assert told["usage"].startswith(f"用法：yixiang {command}".strip())
    shell(*command.split(), "--no-such-option", status=2)
    assert shell.out == ""
    assert "命令写得不对：" in shell.err


def test_a_subject_without_a_verb_says_which_there_are(shell: Shell) -> None:
    told = shell.json("payout", "scheme", status=2)
    assert "list, show, examples, adopt, define" in told["words"]


@pytest.mark.parametrize(
    "line",
    [
        ("post",), ("post", "R1", "--to", "2025-01-01"), ("history", "--limit", "0"), ("history", "--limit", "-3"), ("record", "answer", "R1"),
        ("import", "records", "a.xlsx", "--map", "单位"), ("deadline", "2026-02-30"), ("payout", "cost", "add", "--amount", "1.234"),
        ("fee", "draft", "A", "--from", "2026-01-01", "--as", "甲", "--internal", "3"), ("report", "joining"), ("explain", "weather", "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_usage_and_needs_no_ledger(shell: Shell, line: tuple[str, ...]) -> None:
    assert shell.json(*line, status=2)["error"] == "usage"


def test_help_can_be_asked_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command, _ in leaves():
        with pytest.raises(SystemExit) as stopped:
            build().parse_args([*command.split(), "--help"])
        assert stopped.value.code == 0, command
        assert "用法：" in capsys.readouterr().out


def started(*arguments: str, prelude: str = "") -> list[str]:
    code = f"import sys; {prelude}; sys.argv = ['yixiang', *{list(arguments)!r}]; from desktop.__main__ import main; sys.exit(main())"
    return [sys.executable, "-c", code]


def test_a_bug_is_one_object_too(filled: Shell) -> None:
    prelude = "from desktop.actions import duties; duties.every = lambda *_: 1 / 0"
    done = subprocess.run(
        started("duties", "--json", "--home", str(filled.home), prelude=prelude), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["error"] == "bug"
    assert "台账没有损坏" in told["words"]
    assert "ZeroDivisionError" in told["words"]


def test_an_interruption_has_words_and_no_trace(filled: Shell) -> None:
    number = int(signal.SIGINT)
    prelude = (
        f"import os, signal; signal.signal({number}, signal.default_int_handler); "  # whoever started the tests may ignore it
        f"from desktop.actions import duties; duties.every = lambda *_: os.kill(os.getpid(), {number})"
    )
    for extra in ((), ("--json",)):
        done = subprocess.run(
            started("duties", *extra, "--home", str(filled.home), prelude=prelude), capture_output=True, text=True, check=False,
            env={**os.environ},
        )  # fmt: skip
        assert done.returncode == 1
        assert "已中断" in (json.loads(done.stdout)["words"] if extra else done.stderr)
        assert "Traceback" not in done.stderr


def test_the_home_may_follow_the_last_word(shell: Shell) -> None:
    """Every command the handbook names, with its options in another order than the help shows."""
    shell("init", "--region", "370102", "--kind", "university", "--uscc", "123700004000000181", "--name", "齐鲁大学")
    assert shell.json("--lang", "zh", "institution", "show")["name"] == "齐鲁大学"
    assert shell.json(*INIT, status=1)["error"] == "store.exists"
