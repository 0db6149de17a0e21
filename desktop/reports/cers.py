"""高校共享系统报送核对表: the sets as the universities' sharing system (CERS) would get them, and what is still lacking, by kind (clause 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Signatures, Table
from desktop.reports.faults import FaultLine, fault_table
from desktop.reports.kept import line
from desktop.words import tr

_CODES = ("InnerID", "AssetsCode", "ClassificationCode", "ManuCountryCode", "GroupID", "ShareLevel", "State", "ServiceDate")
_TEXTS = ("ApplicationArea", "ManuCertification", "OpenCalendar", "ServiceCharge", "ImageURL", "URL")


@dataclass(frozen=True, slots=True)
class CersLine:
    """One set; ``cells`` element -> its text in the file ("" asked for and blank; not there: it may be left out). ``value_fen`` None: unknown."""

    asset_number: str
    name: str
    value_fen: int | None
    cells: Mapping[str, str]
    sound: bool


@dataclass(frozen=True, slots=True)
class CersFacts:
    """The sets of which something is stated, as a file of ``on`` (Asia/Shanghai) has them; of ``n_unstated`` others nothing is. No confidential ones."""

    on: date
    school: str
    lines: tuple[CersLine, ...]
    faults: tuple[FaultLine, ...]
    n_unstated: int
    withheld: int


def report(facts: CersFacts, letterhead: Letterhead) -> Content:
    """Counts, the codes of each set, its texts and addresses, then what is lacking."""
    n_sound = sum(one.sound for one in facts.lines)
    blocks: list[Block] = [
        KeyValues((
            (tr("学校代码"), facts.school or tr("没有填写")),
            (tr("可以写出"), tr("{n} 台（套）", n=n_sound)),
            (tr("有错误，不写出"), tr("{n} 台（套）", n=len(facts.lines) - n_sound)),
            (tr("没有写明信息，不报送"), tr("{n} 台（套）", n=facts.n_unstated)),
        )),
        Heading(tr("报送的仪器：编号和代码")),
        _codes(facts.lines),
        Heading(tr("报送的仪器：用途、开放和网址")),
        _texts(facts.lines),
        Heading(tr("还缺什么")),
        fault_table(facts.faults),
        Signatures((tr("填报人"), tr("资产管理部门"), tr("单位盖章"))),
    ]  # fmt: skip
    return Content(
        kind="cers", title=tr("高校共享系统报送核对表"), subtitle=tr("CERS 仪器报文（InstrusAndGroups）"),
        period=tr("截至 {day}", day=facts.on.isoformat()), letterhead=letterhead, blocks=tuple(blocks), notes=_notes(), withheld=facts.withheld,
        orientation="landscape",
        figures=(
            line(tr("可以写出"), n_sound),
            line(tr("有错误，不写出"), len(facts.lines) - n_sound),
            line(tr("没有写明信息，不报送"), facts.n_unstated),
            *(line(one.words, len(one.asset_numbers)) for one in facts.faults),
        ),
    )  # fmt: skip


def _codes(lines: tuple[CersLine, ...]) -> Table:
    heads = (
        Column(tr("资产编号"), weight=2), Column(tr("仪器名称"), weight=3), Column(tr("共享系统编号"), weight=2), Column(tr("资产分类")),
        Column(tr("共享分类")), Column(tr("国别代码")), Column(tr("机组编号")), Column(tr("共享特色")), Column(tr("状态")), Column(tr("启用日期")),
        Column(tr("单价（元）"), "money"), Column(tr("能写出")),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in lines:
        codes = [_shown(one.cells, name) for name in _CODES]
        price: Cell = tr("缺") if one.value_fen is None else one.value_fen
        rows.append((one.asset_number, one.name, *codes, price, tr("能") if one.sound else tr("不能")))
    return Table(heads, tuple(rows), empty=tr("还没有一台写明了共享系统信息。"))


def _texts(lines: tuple[CersLine, ...]) -> Table:
    heads = (
        Column(tr("资产编号"), weight=2), Column(tr("应用领域"), weight=3), Column(tr("厂商资质"), weight=2), Column(tr("开放时间"), weight=3),
        Column(tr("参考收费"), weight=3), Column(tr("图片网址"), weight=3), Column(tr("仪器网址"), weight=3),
    )  # fmt: skip
    rows = tuple((one.asset_number, *(_shown(one.cells, name) for name in _TEXTS)) for one in lines)
    return Table(heads, rows, empty=tr("还没有一台写明了共享系统信息。"))


def _shown(cells: Mapping[str, str], name: str) -> str:
    return "—" if name not in cells else cells[name] or tr("缺")


def _notes() -> tuple[str, ...]:
    return (
        tr("只列写明了共享系统信息的仪器，其余的不报送；涉密仪器从不报送。"),
        tr("缺：必填而没有填，这一台不写出；—：可以不写，没有写。"),
        tr("分类、机组、共享特色和状态照学校写明的代码写出，程序不推测代码的含义；没有写明国别代码的，按台账的国别查出。"),
        tr("报文里没有机组（Groups）本身：公开的说明里没有它的各项。本程序只写出报文，不向共享系统发送。"),
    )
