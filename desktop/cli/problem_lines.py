"""The problem list as the terminal tells it: by record, with instrument and customer, and the command that settles each problem."""

from __future__ import annotations

import argparse
from typing import Any

from desktop.cli.session import Answer, as_json, opened, told
from desktop.ledger.finding import Finding
from desktop.words import tr

ACCEPTABLE = {
    "overlap": "record.overlap",
    "hours": "record.hours_differ",
    "acceptance": "record.before_acceptance",
    "quantity": "record.absurd_quantity",
}
_ACCEPT = {code: name for name, code in ACCEPTABLE.items()}
_ANSWERS = {
    "operator_name": ("operator", "工号"),
    "customer_name": ("customer", "使用单位"),
    "contract": ("contract", "合同编号"),
    "agreed_price_fen": ("agreed-price", "元"),
    "consumables_fen": ("consumables", "元"),
    "quantity": ("quantity", "数量"),
    "urgent": ("urgent", "yes|no"),
}
_FEES = frozenset({"record.no_fee", "record.fee_to_confirm", "fee.line_to_confirm", "fee.no_class_price", "fee.no_price", "fee.no_urgent_rate"})


def register(commands: Any, add: Any) -> None:
    """Add the command to the grammar."""
    problems = add(commands, "problems", tr("有问题的服务记录，和每个问题的下一步"))
    problems.add_argument("number", nargs="?", metavar="NUMBER", help=tr("服务记录编号，不写则为全部"))
    problems.set_defaults(run=_problems)


def next_step(number: str, found: Finding, asset_number: str) -> str:
    """What settles a problem of a record: a command, or words where there is none; empty for a note."""
    if found.severity == "note":
        return ""
    if found.code in _ACCEPT:
        return f"yixiang record accept {number} --problem {_ACCEPT[found.code]} --reason " + tr("理由")
    if found.code == "record.too_long":
        return f"yixiang record answer {number} --reason " + tr("理由")
    if found.code == "record.future":
        return tr("到了那一天会自动重新判断；日期写错了就改好表格再导入。")
    if found.code in _FEES or found.field == "customer_class":
        return f"yixiang fee show {asset_number}"
    if found.field in _ANSWERS and found.code != "fee.agreed_on_fixed":
        option, value = _ANSWERS[found.field]
        command = f"yixiang record answer {number} --{option} {tr(value)}"
        if found.code == "record.unknown_customer":
            return tr("{command}；是新单位就先登记：yixiang import customers 文件", command=command)
        return command
    return tr("在窗口的“服务记录”中改正，或改好表格再导入一次。")


def _problems(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        found = records.problems(workspace, args.number)
        about = records.about(workspace, [finding.key for _, finding in found])
    content = []
    blocks: dict[str, list[str]] = {}
    for number, finding in found:
        asset_number, instrument, customer = about[finding.key]
        step = next_step(number, finding, asset_number)
        content.append(
            {"record": number, "asset_number": asset_number, "instrument": instrument, "customer": customer, **as_json(finding), "next": step}
        )
        heading = f"{number}  {asset_number} {instrument}  {customer or tr('（没有使用单位）')}"
        lines = blocks.setdefault(number, [heading])
        lines.append(f"    {told(finding)}")
        if step:
            lines.append(f"      → {step}")
    return Answer({"problems": content}, [line for lines in blocks.values() for line in lines] or [tr("没有问题。")])
