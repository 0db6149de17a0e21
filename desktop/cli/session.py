"""What every command shares: the home, the way to the key, the answer, and how it is printed.

Exit status: 0 done, 1 findings or refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Problem, reason_of
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace
    from desktop.cli.grammar import UsageError

OK, FINDINGS, USAGE = 0, 1, 2
_A_LITTLE = 1 << 20


@dataclass(slots=True)
class Answer:
    """What a command has to say: ``told`` for people, ``content`` for ``--json``, and the exit status."""

    content: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    status: int = OK


Command = Callable[[argparse.Namespace], Answer]


def home_of(args: argparse.Namespace) -> Path:
    """``--home``, else ``YIXIANG_HOME``, else the user's data folder."""
    given = getattr(args, "home", None) or os.environ.get("YIXIANG_HOME")
    if given:
        return Path(given).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_path("yixiang", appauthor=False))


def passphrase_of(args: argparse.Namespace) -> str | None:
    """The passphrase from ``--passphrase-file`` or the environment. Raises Problem when the file cannot be read."""
    file = getattr(args, "passphrase_file", None)
    if file:
        try:
            text = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Problem("key.passphrase_unreadable", path=file) from error
        if not text:
            raise Problem("key.passphrase_unreadable", path=file)
        return text
    return os.environ.get("YIXIANG_PASSPHRASE") or None


def ask_passphrase() -> str | None:
    """Ask at a terminal; None when there is none."""
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    return getpass.getpass(tr("台账口令：")) or None


def opened(args: argparse.Namespace) -> Workspace:
    """The ledger of this command's home, opened; ``--as NAME`` chooses who acts."""
    from desktop.actions import workspace

    ledger = workspace.open_ledger(home_of(args), passphrase=passphrase_of(args), ask=ask_passphrase)
    ledger.person = getattr(args, "acting", None)
    return ledger


def told(finding: Finding, *, with_sheet: bool = False) -> str:
    """A finding as one line: severity, place, words; ``with_sheet``: the place names the sheet too."""
    mark = {"error": tr("错误"), "warning": tr("提醒"), "note": tr("说明")}[finding.severity]
    place = ""
    if finding.cell:
        row, column = finding.cell.row, finding.cell.column
        if row:
            place = tr("第 {row} 行「{column}」", row=row, column=column) if column else tr("第 {row} 行", row=row)
        elif column:
            place = tr("「{column}」", column=column)
        if with_sheet and finding.cell.sheet:
            place = f"{tr('工作表「{sheet}」', sheet=finding.cell.sheet)} {place}".rstrip()
        place = f"{place} " if place else ""
    return f"{mark}  {place}{say(finding.code, **dict(finding.params))}"


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as ``--json`` prints it."""
    cell = finding.cell
    return {
        "row": cell.row if cell else None,
        "column": cell.column if cell else finding.field or None,
        "sheet": cell.sheet if cell else None,
        "code": finding.code,
        "severity": finding.severity,
        "words": say(finding.code, **dict(finding.params)),
    }


def as_finding(problem: Problem) -> Finding:
    """A problem as the first of its own findings."""
    return Finding(problem.code, "error", tuple(problem.params.items()))


def failed(problem: Problem) -> Answer:
    """A refusal, with its words and findings; what several findings say in the same words is said once."""
    sentence = say(problem.code, **problem.params)
    lines = dict.fromkeys(told(f) for f in problem.findings)
    return Answer(
        {"error": problem.code, "words": sentence, "findings": [as_json(f) for f in problem.findings]},
        [sentence, *lines],
        FINDINGS,
    )


def refusal(error: Problem | OSError, args: argparse.Namespace) -> Problem:
    """What stopped a command, as a problem with words."""
    import shutil

    if isinstance(error, OSError):
        return Problem("file.cannot_use", name=error.filename or "", reason=reason_of(error))
    problem = error
    # SQLite calls a full disk an I/O error when not even its shared memory fits: say what can be done about it.
    if problem.code == "store.io" and home_of(args).is_dir() and shutil.disk_usage(home_of(args)).free < _A_LITTLE:
        return Problem("store.full")
    return problem


def wrong_usage(error: UsageError, *, as_object: bool) -> int:
    """Tell what is wrong with a command line: nothing was done. The exit status."""
    if as_object:
        _print_object({"error": "usage", "words": error.words, "usage": error.usage, "findings": []})
    else:
        print(f"{error.usage}{tr('命令写得不对：')}{error.words}", file=sys.stderr)
    return USAGE


def broken(error: BaseException, *, as_object: bool = False) -> int:
    """Tell that the program itself is wrong, and where in our code: no values and no message, they may be the ledger's."""
    import traceback

    ours = [at for at in traceback.extract_tb(error.__traceback__) if "desktop" in Path(at.filename).parts]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    sentence = tr(
        "程序自身出了差错，这一步没有做完；没有做完的写入已退回，台账没有损坏。请报告：{where} {kind}", where=where, kind=type(error).__name__
    )
    return _stopped("bug", sentence, as_object=as_object)


def interrupted(*, as_object: bool = False) -> int:
    """Tell that the person at the terminal stopped the command."""
    return _stopped("interrupted", tr("已中断，这一步没有做完；没有做完的写入已退回，台账没有损坏。需要时再做一次。"), as_object=as_object)


def _stopped(code: str, sentence: str, *, as_object: bool) -> int:
    if as_object:
        _print_object({"error": code, "words": sentence, "findings": []})
    else:
        print(sentence, file=sys.stderr)
    return FINDINGS


# Control and bidi characters that JSON does not ask to escape: escaped they are the same to whoever reads the object, and steer no terminal.
_STEERING = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def _print_object(content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    text = _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # a terminal of another encoding, or the name of a file that is no text
        text = json.dumps(content, indent=1)
    print(text)


def run(command: Command, args: argparse.Namespace) -> int:
    """Run one command and print its answer; a Problem and what the system refuses are told in words, a bug is not hidden."""
    words.use("en" if getattr(args, "lang", None) == "en" else "zh")
    try:
        answer = command(args)
    except BrokenPipeError:
        raise
    except (Problem, OSError) as error:
        answer = failed(refusal(error, args))
    if getattr(args, "json", False):
        _print_object(answer.content)
    else:
        stream = sys.stderr if answer.status == FINDINGS and "error" in answer.content else sys.stdout
        for line in answer.told:
            print(_visible(line), file=stream)
    return answer.status


def _visible(text: str) -> str:
    """The text with control and bidi characters made visible: a title that came over the line or out of a table must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf") else f"⟨{ord(char):04X}⟩" for char in text)


def table(headers: list[str], rows: list[list[str]]) -> list[str]:
    """Columns that line up, wide characters counted as two; a cell is one line whatever stands in it."""
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

    def one_line(cell: str) -> str:
        return cell if cell.isprintable() else "".join(char if char.isprintable() or char == "\u3000" else " " for char in cell)

    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(width(row[i]) for row in [headers, *rows]) for i in range(len(headers))]
    lines = [headers, ["─" * w for w in widths], *rows]
    return ["  ".join(cell + " " * (w - width(cell)) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
