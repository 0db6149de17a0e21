"""Commands about what a university reports each year: the school's code."""

from __future__ import annotations

import argparse
from typing import Any

from desktop.cli.session import Answer, opened
from desktop.words import tr


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    group = add(commands, "university", tr("高校年报：教育部 SJ1、SJ2、SJ3 和共享成效")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    school = add(group, "school", tr("填写或查看学校代码（五位）"))
    school.add_argument("code", nargs="?", metavar="CODE", help=tr("教育部的五位学校代码；写成空的就去掉"))
    school.set_defaults(run=_school)


def _school(args: argparse.Namespace) -> Answer:
    from desktop.actions import university

    with opened(args) as workspace:
        found = university.school_code(workspace) if args.code is None else university.set_school_code(workspace, args.code)
    return Answer({"school": found or None}, [tr("学校代码：{code}", code=found or tr("没有填写"))])
