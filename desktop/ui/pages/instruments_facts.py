"""What the detail pane says about an instrument, tab by tab, as names and values in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop import words
from desktop.actions.instrument_view import InstrumentView, Step
from desktop.ledger.instrument import Instrument
from desktop.ui import texts
from desktop.ui.texts import Spoken
from desktop.words import tr

Facts = list[tuple[str, str | Spoken]]


def shared(view: InstrumentView, period: str) -> Facts:
    """Joined or not, and how much it is used."""
    one, use = view.instrument, view.use
    return [
        (tr("入网编号"), one.network_number or Spoken(tr("没有"), "muted")),
        (tr("入网日期"), texts.day(one.joined_on) if one.joined_on else Spoken(tr("没有"), "muted")),
        (
            tr("{period} 服务", period=period),
            tr("已记账 {n} 次，{time}", n=f"{use.n:,}", time=texts.minutes(use.minutes)),
        ),
        (tr("其中对外"), f"{texts.minutes(use.external_minutes)} · {texts.money(use.external_fen)}"),
        (tr("年运行机时（填报）"), known(one.yearly_hours, "hours")),
        (tr("年对外机时（填报）"), known(one.external_hours, "hours")),
        *given((tr("服务内容"), one.service_content), (tr("用户须知"), one.user_notes), (tr("预约网址"), one.booking_url)),
    ]


def known(value: object, unit: str = "") -> str | Spoken:
    """A value, or that it is not known."""
    said = texts.figure(value, unit)
    return said if value is not None else Spoken(said, "muted")


def given(*facts: tuple[str, str]) -> Facts:
    """Those facts that say something."""
    return [(name, value) for name, value in facts if value]


def basic(view: InstrumentView) -> Facts:
    """What it is."""
    one = view.instrument
    code = " · ".join(part for part in (one.class_code, view.class_name) if part)
    return [
        (tr("资产编号"), one.asset_number),
        (tr("原值"), known(one.value_fen, "wan")),
        (tr("验收日期"), known(one.accepted_on)),
        (tr("分类编码"), code or Spoken(texts.unknown(), "muted")),
        *given(
            (tr("英文名称"), one.english_name),
            (tr("型号"), one.model),
            (tr("制造商"), one.manufacturer),
            (tr("国别"), one.country),
            (tr("类别"), one.category),
            (tr("学科"), one.subjects),
            (tr("技术指标"), one.technical),
            (tr("功能"), one.functions),
        ),
        (tr("建账日期"), known(one.booked_on)),
    ]


def owned(one: Instrument) -> Facts:
    """Whose it is, and where."""
    place = "".join(part for part in (one.province, one.city, one.county, one.street) if part)
    customs = " · ".join(part for part in (one.declaration_number, one.declaration_item, one.declared_name) if part)
    facts: Facts = [
        (tr("部门"), one.department or Spoken(texts.unknown(), "muted")),
        (tr("财政资金"), known(one.fiscal)),
        (tr("涉密"), Spoken(leveled(one), "warning") if one.confidential else known(one.confidential)),
    ]
    facts += given(
        (tr("来源"), one.source),
        (tr("经费来源"), one.funds),
        (tr("所属载体"), " ".join(part for part in dict.fromkeys((one.carrier_type, one.carrier_number)) if part)),
        (tr("联系人"), one.contact),
        (tr("电话"), one.phone),
        (tr("邮箱"), one.email),
        (tr("安放地址"), place),
        (tr("通讯地址"), " ".join(part for part in (one.address, one.postcode) if part)),
        (tr("报关单"), customs),
    )
    facts.append((tr("海关监管"), known(one.customs_supervised)))
    if one.released_on:
        facts.append((tr("海关放行"), texts.day(one.released_on)))
    if one.retired_on:
        facts.append((tr("退役日期"), texts.day(one.retired_on)))
    return facts


def leveled(one: Instrument) -> str:
    """That a set is confidential, with its level where somebody stated one."""
    return " · ".join(part for part in (tr("是"), words.say(f"secrecy.{one.secrecy_level}") if one.secrecy_level else "") if part)


def fees(view: InstrumentView) -> Facts:
    """Its fee versions, the newest first, each line in words."""
    if not view.versions:
        return [(tr("收费标准"), Spoken(tr("还没有；没有收费标准就不能记账"), "warning"))]
    facts: Facts = []
    for version in reversed(view.versions):
        schedule = version.schedule
        until = texts.day(schedule.to_on) if schedule.to_on else tr("至今")
        state = texts.state(schedule.state, "fee.state") if words.known(f"fee.state.{schedule.state}") else Spoken("")
        facts.append(
            (tr("{day} 起", day=texts.day(schedule.from_on)), Spoken(" · ".join(part for part in (until, state.text) if part), state.tone))
        )
        facts += [(f"  {texts.visible(line.item)}", texts.visible(view.prices[line.id])) for line in version.lines]
    return facts


def records(view: InstrumentView) -> Facts:
    """Its latest service records."""
    if not view.records:
        return [(tr("服务记录"), Spoken(tr("还没有"), "muted"))]
    facts: Facts = []
    if view.use.n_drafts:
        facts.append((tr("未记账"), Spoken(tr("{n} 条", n=f"{view.use.n_drafts:,}"), "warning")))
    for one in view.records:
        state = texts.state(one.state, "record.state").text
        money = texts.money(one.fen) if one.fen is not None else ""
        told = (one.started_at.replace("T", " "), texts.minutes(one.minutes), texts.visible(one.customer), state, money)
        facts.append((one.number, " · ".join(part for part in told if part)))
    return facts


def history(view: InstrumentView) -> Facts:
    """What was done to it, and what each step changed."""
    facts: Facts = []
    for step in view.steps:
        at = texts.moment(datetime.fromisoformat(step.at))
        facts.append((at, "\n".join(_step_lines(step))))
    return facts


def _step_lines(step: Step) -> list[str]:
    lines = [f"{texts.operation(step.name, step.params)} · {texts.visible(step.who)}"]
    if step.reason:
        lines.append(tr("理由：{reason}", reason=texts.visible(step.reason)))
    for name, (before, after) in step.changed.items():
        if name == "imported":
            continue
        said = words.say(f"instrument_field.{name}")
        lines.append(f"{said}：{_shown(name, before)} → {_shown(name, after)}")
    return lines


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return tr("空")
    if name == "value_fen":
        return texts.money(int(value))
    if name == "secrecy_level":
        return words.say(f"secrecy.{value}")
    if name in ("fiscal", "confidential", "customs_supervised"):
        return tr("是") if value else tr("否")
    return texts.visible(str(value))
