"""Commands about sensors on instruments: which sits where, power bands, readings, sessions of the network, claimed hours against measured ones."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions.day import SHANGHAI
from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.actions.sensor_readings import Outcome
    from desktop.actions.sensor_views import Line, Seen
    from desktop.ledger.finding import Finding


def register(commands: Any, add: Any) -> None:
    """Add these commands."""
    group = add(commands, "sensor", tr("物联网传感器：绑定、功率段、读数、时段和机时核对")).add_subparsers(
        dest="sensor_verb", required=True, metavar=tr("命令")
    )
    _register_bindings(group, add)
    one = add(group, "band", tr("设定一台仪器自己的功率段：低于关机功率为关机，不低于工作功率为工作，其间为待机"))
    _asset(one)
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("自这一天起"))
    one.add_argument("--off", required=True, type=_watts, metavar="W", help=tr("关机功率（瓦）"))
    one.add_argument("--working", required=True, type=_watts, metavar="W", help=tr("工作功率（瓦）"))
    one.set_defaults(run=_band)
    one = add(group, "bands", tr("一台仪器历来的功率段"))
    _asset(one)
    one.set_defaults(run=_bands)
    one = add(group, "drop-band", tr("删除一次设错的功率段"))
    _asset(one)
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("自哪一天起的"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_drop_band)
    one = add(group, "readings", tr("导入原始读数（xlsx、xls、ods、csv：传感器编号、时间、功率或电流），折成开机时段"))
    one.add_argument("file", metavar="FILE", help=tr("读数文件；表头写明单位，如 功率(W)"))
    one.add_argument("--sensor", default="", metavar="N", help=tr("文件里没有传感器一栏时写明编号；有这一栏时只取这一个"))
    one.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))
    one.set_defaults(run=_readings)
    one = add(group, "pull", tr("从省网取回传感器开机时段"))
    one.add_argument("--whole", action="store_true", help=tr("从头取，不从上次的位置接着取"))
    one.set_defaults(run=_pull)
    one = add(group, "check", tr("覆盖率，申报机时与传感器实测机时的核对"))
    one.add_argument("--period", metavar="PERIOD", help=tr("年、学年、季或月，如 2025、2024-2025、2025Q2、2025-04，不写则为今年"))
    one.add_argument("--asset", metavar="ASSET", help=tr("只看一台仪器，逐条列出记录"))
    one.set_defaults(run=_check)


def _register_bindings(group: Any, add: Any) -> None:
    one = add(group, "list", tr("列出传感器绑定在哪台仪器上"))
    one.add_argument("--asset", metavar="ASSET", help=tr("只看一台仪器"))
    one.set_defaults(run=_list)
    one = add(group, "bind", tr("登记一个传感器装在一台仪器上"))
    _asset(one)
    one.add_argument("sensor", metavar="SENSOR", help=tr("传感器编号"))
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("自这一天起"))
    one.add_argument("--until", dest="until_on", type=day, metavar="DATE", help=tr("至这一天（含），不写则一直装着"))
    one.add_argument("--source", default="", metavar="TEXT", help=tr("依据，如安装单"))
    one.set_defaults(run=_bind)
    one = add(group, "end", tr("登记一个传感器在一台仪器上的最后一天；不写 --until 则改回一直装着"))
    _asset(one)
    one.add_argument("sensor", metavar="SENSOR", help=tr("传感器编号"))
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("这次绑定自哪一天起"))
    one.add_argument("--until", dest="until_on", type=day, metavar="DATE", help=tr("最后一天"))
    one.set_defaults(run=_end)
    one = add(group, "drop", tr("删除一次登记错的绑定"))
    _asset(one)
    one.add_argument("sensor", metavar="SENSOR", help=tr("传感器编号"))
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("这次绑定自哪一天起"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_drop)


def _asset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))


def _watts(text: str) -> Decimal:
    try:
        return money.number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("不是数：{text}", text=text)) from error


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        found = sensors.every(workspace, args.asset)
    content = [
        {"asset_number": one.instrument.asset_number, "sensor": one.binding.sensor, "from": one.binding.from_on.isoformat(),
         "until": one.binding.until_on and one.binding.until_on.isoformat(), "source": one.binding.source, "sessions": one.n_sessions}
        for one in found
    ]  # fmt: skip
    lines = [
        [one.instrument.asset_number, one.instrument.name, one.binding.sensor, one.binding.from_on.isoformat(),
         one.binding.until_on.isoformat() if one.binding.until_on else tr("仍在"), str(one.n_sessions)]
        for one in found
    ]  # fmt: skip
    heads = [tr("资产编号"), tr("仪器名称"), tr("传感器编号"), tr("起日"), tr("止日"), tr("仪器的时段数")]
    return Answer({"bindings": content}, table(heads, lines) if lines else [tr("还没有登记传感器。")])


def _bind(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        sensors.bind(workspace, args.asset_number, args.sensor, args.from_on, args.until_on, args.source)
    said = tr("传感器 {sensor} 已登记在 {asset} 上，可以撤销（undo）。", sensor=args.sensor, asset=args.asset_number)
    return Answer({"asset_number": args.asset_number, "sensor": args.sensor}, [said])


def _end(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        sensors.end_binding(workspace, args.asset_number, args.sensor, args.from_on, args.until_on)
    said = tr("传感器 {sensor} 在 {asset} 上的止日已登记，可以撤销（undo）。", sensor=args.sensor, asset=args.asset_number)
    return Answer({"asset_number": args.asset_number, "sensor": args.sensor, "until": args.until_on and args.until_on.isoformat()}, [said])


def _drop(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        sensors.drop_binding(workspace, args.asset_number, args.sensor, args.from_on, args.reason)
    said = tr("传感器 {sensor} 在 {asset} 上的绑定已删除，可以撤销（undo）。", sensor=args.sensor, asset=args.asset_number)
    return Answer({"asset_number": args.asset_number, "sensor": args.sensor}, [said])


def _band(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        sensors.set_band(workspace, args.asset_number, args.from_on, args.off, args.working)
    said = tr("{asset} 自 {day} 起的功率段已设定；以前导入的时段没有改，要改请把读数重新导入。可以撤销（undo）。",
              asset=args.asset_number, day=args.from_on.isoformat())  # fmt: skip
    return Answer({"asset_number": args.asset_number, "from": args.from_on.isoformat()}, [said])


def _bands(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        found = sensors.bands(workspace, args.asset_number)
    content = [{"from": one.from_on.isoformat(), "off_watts": str(one.off_watts), "working_watts": str(one.working_watts)} for one in found]
    lines = [[one.from_on.isoformat(), f"{one.off_watts:f}", f"{one.working_watts:f}"] for one in found]
    heads = [tr("起日"), tr("关机功率（瓦）"), tr("工作功率（瓦）")]
    return Answer({"bands": content}, table(heads, lines) if lines else [tr("没有设定自己的功率段，按参数的默认值。")])


def _drop_band(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensors

    with opened(args) as workspace:
        sensors.drop_band(workspace, args.asset_number, args.from_on, args.reason)
    said = tr("{asset} 自 {day} 起的功率段已删除，可以撤销（undo）。", asset=args.asset_number, day=args.from_on.isoformat())
    return Answer({"asset_number": args.asset_number, "from": args.from_on.isoformat()}, [said])


def _readings(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensor_readings

    with opened(args) as workspace:
        found = sensor_readings.import_readings(workspace, Path(args.file), args.sensor, dry_run=args.dry_run)
    content = {
        "readings": found.n_readings, "blank": found.n_blank, "new": found.new, "changed": found.changed, "dropped": found.dropped,
        "unchanged": found.unchanged, "left": found.left, "operation": found.operation,
        "sensors": [{"sensor": one.sensor, "readings": one.n_readings, "sessions": len(one.sessions)} for one in found.folded],
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    bad = any(one.severity == "error" for one in found.findings)
    several = len({one.cell.sheet for one in found.findings if one.cell and one.cell.row}) > 1  # row 5 of which sheet?
    return Answer(content, [*_said(found, dry_run=args.dry_run), *(told(one, with_sheet=several) for one in found.findings)], FINDINGS if bad else OK)


def _said(found: Outcome, *, dry_run: bool) -> list[str]:
    lines = [
        [one.sensor, f"{one.n_readings:,}", f"{one.first.astimezone(SHANGHAI):%Y-%m-%d}", f"{one.last.astimezone(SHANGHAI):%Y-%m-%d}", str(len(one.sessions))]
        for one in found.folded
    ]
    said = table([tr("传感器编号"), tr("读数"), tr("自"), tr("至"), tr("时段")], lines)
    said.append(
        tr("{n} 行读数：新时段 {new}，更正 {changed}，不再成立 {dropped}，未变 {unchanged}。", n=f"{found.n_readings:,}", new=found.new,
           changed=found.changed, dropped=found.dropped, unchanged=found.unchanged)
    )  # fmt: skip
    if dry_run:
        said.append(tr("只检查，没有写入。"))
    elif found.operation:
        said.append(tr("已写入，可以撤销（undo）。"))
    else:
        said.append(tr("台账里已经是这些内容，没有改动。"))
    return said


def _pull(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensor_pull

    with opened(args) as workspace:
        found = sensor_pull.pull(workspace, whole=args.whole)
    content = {
        "sets": found.n_sets, "new": found.n_new, "changed": found.n_changed, "unknown": list(found.unknown), "withheld": found.withheld,
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    said = [tr("{n} 台仪器，取回新时段 {new} 个，更正 {changed} 个。", n=found.n_sets, new=found.n_new, changed=found.n_changed)]
    if found.unknown:
        said.append(tr("省网还没有这些仪器，请先同步：{numbers}。", numbers="、".join(found.unknown)))
    if found.withheld:
        said.append(tr("另有涉密或没有注明是否涉密的 {n} 台没有向省网查询。", n=found.withheld))
    return Answer(content, [*said, *(told(one) for one in found.findings)])


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import sensor_doubts, sensor_views

    with opened(args) as workspace:
        period = sensor_views.span(workspace, args.period)
        if args.asset:
            one_set = sensor_views.seen(workspace, args.asset, period)
            return _one(one_set, sensor_doubts.of_set(workspace, one_set.instrument.id))
        found, doubts = sensor_views.overview(workspace, period), sensor_doubts.of_all(workspace)
    bound, sets, target = found.coverage.inputs[:3]
    content = {
        "period": period.name, "coverage": None if found.coverage.value is None else str(found.coverage.value), "bound": bound.value,
        "sets": sets.value, "small": found.covered.n_small, "value_unknown": found.covered.n_open,
        "target": None if target.value is None else str(target.value), "target_met": found.target_met,
        "lines": [_line(one) for one in found.lines], "unbound": [one.asset_number for one in found.unbound],
        "findings": [as_json(each) for each in (*doubts, *(each for one in found.lines for each in one.reconciled.findings))],
    }  # fmt: skip
    lines = [
        [one.instrument.asset_number, one.instrument.name, "、".join(one.sensors), f"{one.seen_days}/{one.sat_days}",
         *(_minutes(one, code) for code in ("sensor.claimed", "sensor.seen")), say(f"sensor.state.{one.reconciled.state}")]
        for one in found.lines
    ]  # fmt: skip
    heads = [tr("资产编号"), tr("仪器名称"), tr("传感器编号"), tr("有数据的天数"), tr("申报分钟"), tr("实测分钟"), tr("核对结果")]
    said = table(heads, lines) if lines else [tr("本期没有装传感器的仪器。")]
    met = {None: tr("目标不能判断"), True: tr("达到目标"), False: tr("未达到目标")}[found.target_met]
    n_sets, n_bound = (tr("未知") if one.value is None else one.value for one in (sets, bound))
    said.append(tr("在用的大型仪器 {sets} 台，装有传感器 {bound} 台：{met}。", sets=n_sets, bound=n_bound, met=met))
    if found.covered.n_open and sets.value is not None:
        said.append(tr("另有原值未知的 {n} 台没有计入，请补填原值。", n=found.covered.n_open))
    return Answer(content, [*said, *map(told, doubts), *(told(each) for one in found.lines for each in one.reconciled.findings)])


def _one(found: Seen, doubts: Sequence[Finding]) -> Answer:
    rows = [
        [one.claim.number, f"{one.claim.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", str(one.claim.minutes),
         tr("不能核对") if one.seen_seconds is None else str(_whole(one.seen_seconds)), tr("申报偏多") if one.over else ""]
        for one in found.reconciled.compared
    ]  # fmt: skip
    heads = [tr("记录编号"), tr("开始时间"), tr("申报分钟"), tr("其间实测工作分钟"), ""]
    said = table(heads, rows) if rows else [tr("本期没有已记账的服务记录。")]
    said.append(tr("核对结果：{state}。", state=say(f"sensor.state.{found.reconciled.state}")))
    content = {
        "asset_number": found.instrument.asset_number, "period": found.period.name, "state": found.reconciled.state,
        "seen_days": found.seen_days, "sat_days": found.sat_days,
        "records": [
            {"number": one.claim.number, "minutes": one.claim.minutes, "seen_seconds": one.seen_seconds, "over": one.over}
            for one in found.reconciled.compared
        ],
        "findings": [as_json(one) for one in (*doubts, *found.reconciled.findings)],
    }  # fmt: skip
    return Answer(content, [*said, *(told(one) for one in (*doubts, *found.reconciled.findings))])


def _line(one: Line) -> dict[str, Any]:
    values = {part.code: part.value for part in one.reconciled.figure.inputs}
    return {
        "asset_number": one.instrument.asset_number, "sensors": list(one.sensors), "seen_days": one.seen_days, "sat_days": one.sat_days,
        "claimed": values["sensor.claimed"], "seen": values["sensor.seen"], "unseen": values["sensor.unseen"], "state": one.reconciled.state,
    }  # fmt: skip


def _minutes(one: Line, code: str) -> str:
    value = next(part.value for part in one.reconciled.figure.inputs if part.code == code)
    return tr("未知") if value is None else f"{value:,}"


def _whole(n_seconds: int) -> int:
    return money.half_up(Decimal(n_seconds) / 60)
