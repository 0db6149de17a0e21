"""The grammar of the command line. Each subject adds its own commands; heavy parts are imported when a command runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from desktop.cli import (
    calendar_commands,
    cers_commands,
    demo,
    evaluation_commands,
    evidence_commands,
    fee_commands,
    integrity_commands,
    ledger_commands,
    library_commands,
    management_commands,
    money_commands,
    national_commands,
    network_commands,
    package_commands,
    parameter_commands,
    pilot_commands,
    purchase_commands,
    record_commands,
    register_commands,
    sensor_commands,
    training_commands,
    transfer_commands,
    university_commands,
    voucher_commands,
)
from desktop.cli.grammar import GroupedHelp, Parser
from desktop.words import tr


def groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The commands as the help lists them: what belongs together, in the order of the work."""
    return (
        (tr("开始使用"), ("demo", "init", "institution", "person")),
        (tr("登记、导入与义务"), ("import", "instrument", "transfer", "pilot", "duties", "deadline", "calendar", "parameters", "evidence", "purchase")),
        (tr("传感器与机时核对"), ("sensor",)),
        (tr("收费"), ("fee", "price", "management")),
        (tr("服务记录"), ("record", "problems", "post")),
        (tr("人员、分配与结账"), ("staff", "training", "payout", "month")),
        (tr("创新券"), ("voucher",)),
        (tr("报表与为什么"), ("report", "explain", "integrity", "evaluation", "national", "university", "cers")),
        (
            tr("网络与同步"),
            (
                "network", "enrol", "sync", "conflicts", "resolve", "parked", "withheld", "package", "notices", "catalogue", "published", "leave",
            ),
        ),
        (tr("台账的保管"), ("verify", "backup", "restore", "history", "undo", "redo")),
    )  # fmt: skip


class _Commands(GroupedHelp):
    groups = staticmethod(groups)


def common() -> argparse.ArgumentParser:
    """Options that stand before or after the subcommand."""
    # The standard parser: its group of options must bear the standard name to be joined with the others.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--home", metavar="DIR", help=tr("台账所在目录（也可设 YIXIANG_HOME）"))
    shared.add_argument("--json", action="store_true", help=tr("只输出一个 JSON 对象"))
    shared.add_argument("--passphrase-file", metavar="FILE", help=tr("口令文件"))
    shared.add_argument("--lang", choices=("zh", "en"), help=tr("语言：中文或英文"))
    return shared


def build() -> argparse.ArgumentParser:
    """The whole grammar."""
    shared = common()
    parser = Parser(
        "yixiang",
        description=tr("仪享台账：大型科研仪器开放共享的离线台账。不带子命令则打开窗口。"),
        parents=[shared],
        formatter_class=_Commands,
    )
    commands = parser.add_subparsers(dest="command", metavar=tr("命令"))

    def add(group: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_text: str) -> argparse.ArgumentParser:
        made = group.add_parser(name, help=help_text, description=help_text, parents=[shared])
        made.set_defaults(grammar=made)
        return made

    kept = (ledger_commands, register_commands, calendar_commands, parameter_commands, fee_commands, record_commands)
    money = (
        money_commands, evidence_commands, voucher_commands, purchase_commands, transfer_commands, pilot_commands, national_commands,
        evaluation_commands, training_commands, sensor_commands, management_commands, university_commands, cers_commands,
    )  # fmt: skip
    for subject in (demo, *kept, *money, integrity_commands, network_commands, library_commands, package_commands):
        subject.register(commands, add)
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line read; what is wrong is told with the grammar of the command it was written for. Raises UsageError."""
    parser = build()
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        getattr(args, "grammar", parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    return args
