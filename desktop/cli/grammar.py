"""An argument parser that speaks the user's language: the standard one heads its help and tells its errors in English only."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from desktop.words import tr

_NO_TEXT = re.compile("[\ud800-\udfff]")
_OF_FILES = ("FILE", "DIR")


class Help(argparse.RawDescriptionHelpFormatter):
    """Keeps line breaks of descriptions."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line that shows the grammar."""
        super().add_usage(usage, actions, groups, tr("用法：") if prefix is None else prefix)


class GroupedHelp(Help):
    """Lists the commands under headings. ``groups`` names them in order; a command of no group stands at the end."""

    groups: Callable[[], Sequence[tuple[str, Sequence[str]]]] = staticmethod(tuple)

    def _format_action(self, action: argparse.Action) -> str:
        if not isinstance(action, argparse._SubParsersAction):
            return super()._format_action(action)
        left = {one.dest: one for one in action._get_subactions()}
        lines = []
        for heading, names in (*self.groups(), ("", tuple(left))):
            here = [left.pop(name) for name in names if name in left]
            if here and heading:
                lines.append(f"{' ' * self._current_indent}{heading}\n")
            self._indent()
            lines += [self._format_action(one) for one in here]
            self._dedent()
        return "".join(lines)


def told(message: str) -> str:
    """What the standard parser says of a wrong command line, in the language in use; anything unknown stays as it is."""
    if found := re.fullmatch(r"the following arguments are required: (.+)", message, re.DOTALL):
        return tr("缺少 {what}。", what=found[1])
    if found := re.fullmatch(r"unrecognized arguments: (.+)", message, re.DOTALL):
        return tr("不认识 {what}。", what=found[1])
    if found := re.fullmatch(r"ambiguous option: (.+) could match (.+)", message, re.DOTALL):
        return tr("{what} 不明确，可能是 {choices}。", what=found[1], choices=found[2])
    if found := re.fullmatch(r"one of the arguments (.+) is required", message, re.DOTALL):
        return tr("要写其中一项：{what}。", what=found[1])
    argument = re.fullmatch(r"argument ([^:]+): (.+)", message, re.DOTALL)
    if argument is None:
        return message
    name, rest = argument[1], argument[2]
    if found := re.fullmatch(r"invalid choice: '(.*)' \(choose from (.+)\)", rest, re.DOTALL):
        return tr("{name} 不能是 {text}，可用：{choices}。", name=name, text=found[1], choices=found[2].replace("'", ""))
    if rest == "not text":
        return tr("{name} 里有不是文字的内容，多半是别的编码（如 GBK）的字。请把终端设为 UTF-8 后重写。", name=name)
    if rest in ("expected one argument", "expected at least one argument"):
        return tr("{name} 后面要写一个值。", name=name)
    if found := re.fullmatch(r"invalid int value: '(.*)'", rest, re.DOTALL):
        return tr("{name} 要写成整数：{text}", name=name, text=found[1])
    if found := re.fullmatch(r"ignored explicit argument '(.*)'", rest, re.DOTALL):
        return tr("{name} 后面不带值：{text}", name=name, text=found[1])
    return tr("{name}：{text}", name=name, text=rest)


class UsageError(Exception):
    """The command line is not one: ``words`` say why, ``usage`` shows the grammar ("" where it was well formed but not sensible)."""

    def __init__(self, words: str, usage: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """Heads, help and errors in the language in use."""

    def __init__(self, *args: Any, **options: Any) -> None:
        wants_help = options.pop("add_help", True)
        options = {"formatter_class": Help, **options, "add_help": False}
        super().__init__(*args, **options)
        # What begins like a number below zero is a value, also with a sign of per cent: --percent -10%.
        self._negative_number_matcher = re.compile(r"-\d+(\.\d+)?[%％]?$|-\.\d+$")
        self._positionals.title = tr("内容")
        self._optionals.title = tr("选项")
        if wants_help:
            self.add_argument("-h", "--help", action="help", help=tr("显示这段说明"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError: the front door tells it, in words or as an object, and leaves with status 2."""
        raise UsageError(self._without_command(message) or told(message), self.format_usage())

    def _get_values(self, action: argparse.Action, arg_strings: Any) -> Any:
        """Refuse what is no text: bytes of another encoding come as lone surrogates, which only the name of a file may have."""
        own = arg_strings[:1] if isinstance(action, argparse._SubParsersAction) else arg_strings  # the others are the command's
        if action.metavar not in _OF_FILES and any(_NO_TEXT.search(one) for one in own):
            raise argparse.ArgumentError(action, "not text")
        return super()._get_values(action, arg_strings)

    def _without_command(self, message: str) -> str:
        """A subject without its verb: say which there are."""
        for action in self._actions:
            name = str(action.metavar or action.dest)
            if isinstance(action, argparse._SubParsersAction) and message.endswith(f"are required: {name}"):
                return tr("还要写明做什么，可用：{choices}。", choices=", ".join(action.choices))
        return ""
