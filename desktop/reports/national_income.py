"""科研仪器开放服务收入汇总表: the money received in a year voucher by voucher, an annex to the yearly effect for the national platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger import money
from desktop.reports.content import Column, Content, KeyValues, Letterhead, Signatures, Table
from desktop.reports.phrases import disclosed
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """Money received under one voucher for one instrument and customer; ``number`` "" where none was entered, ``handler`` "" where nobody says who."""

    received_on: date
    number: str
    summary: str
    fen: int
    instrument: str
    customer: str
    confidential: bool = False
    handler: str = ""


@dataclass(frozen=True, slots=True)
class IncomeFacts:
    """A year's money; the three totals are those of the platform's form, of what is not confidential.

    ``n_unstated`` rows are not among the lines, because nobody said whether their set is.
    """

    period: str
    lines: tuple[IncomeLine, ...]
    n_vouchers: int
    vouchers_fen: int
    income_fen: int
    unfinished: bool = False
    n_unstated: int = 0


def report(facts: IncomeFacts, letterhead: Letterhead) -> Content:
    """The three totals of the form, then every voucher by day."""
    lines, withheld = disclosed(facts.lines)
    notes = [
        tr("按到账日期归入年度，退款已扣除；同一发票的多笔到账按仪器和付款单位合并。发票只计台账里登记的到账部分。"),
        tr("经办人照写明的写（服务记录 · 国家平台…），没有写明的是在本台账登记这笔到账的人；两样都没有的留空，由财务填写。"),
        tr("没有发票号的到账计入仪器服务收入，不计入发票凭证。"),
        tr("本表按公开的填报说明编制，平台的正式规范没有公布。"),
    ]
    if facts.n_unstated:
        notes.append(tr("有 {n} 笔到账的仪器没有注明是否涉密，没有列入，也没有计入：注明之前不离开本机。", n=facts.n_unstated))
    if facts.unfinished:
        notes.append(tr("本期还没有结束，数字截至上面的日期。"))
    return Content(
        kind="national_income",
        title=tr("科研仪器开放服务收入汇总表"),
        subtitle=tr("国家网络管理平台年度成效附表"),
        period=facts.period,
        letterhead=letterhead,
        blocks=(
            KeyValues((
                (tr("合计发票总数"), str(facts.n_vouchers)),
                (tr("发票凭证总金额（万元）"), money.wan_text(facts.vouchers_fen)),
                (tr("仪器服务收入金额（万元）"), money.wan_text(facts.income_fen)),
            )),
            Table(
                (
                    Column(tr("日期"), "date"), Column(tr("凭证编号")), Column(tr("经办人"), room=5), Column(tr("摘要"), weight=2),
                    Column(tr("金额（元）"), "money"), Column(tr("设备名称"), weight=2), Column(tr("付款单位"), weight=2),
                ),
                tuple((one.received_on, one.number or tr("缺"), one.handler, one.summary, one.fen, one.instrument, one.customer) for one in lines),
                total=(tr("合计"), "", "", "", facts.income_fen, "", "") if lines else None,
                empty=tr("本年度没有到账。"),
            ),
            Signatures((tr("填报人"), tr("财务审核"), tr("单位盖章"))),
        ),
        notes=tuple(notes),
        withheld=withheld,
        orientation="landscape",
    )  # fmt: skip
